"""Which part of a request somebody does not take, and what the answer looks like then. Pure.

A gateway names what it does not know in the error it gives. That part is left out, and the same
is asked again: such an error answer is free.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from reviewer.errors import CouldNotFinish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reviewer.ask.faults import Fault
    from reviewer.ask.providers import Lack
    from reviewer.flow import Reply


class DoesNotCount(CouldNotFinish):
    """A server counts no tokens, so an estimate has to do; it may be there for all else."""

    def __init__(self, what: str) -> None:
        super().__init__(what, way_out="nothing to do: the size is estimated instead")


_SHAPE = (400, 422)
"""What servers answer to a request whose shape they do not like."""

Body = dict[str, Any]


def _marks(sent: Body) -> bool:
    return "cache_control" in str(sent)


def _effort(sent: Body) -> bool:
    return bool(sent.get("output_config", {}).get("effort") or sent.get("reasoning_effort"))


def _schema(sent: Body) -> bool:
    return bool(sent.get("output_config") or sent.get("response_format"))


_PARTS: Mapping[Lack, tuple[str, Callable[[Body], bool]]] = {
    "cache": (r"cache_control", _marks),
    # "at 'xhigh'" is a value that Anthropic refuses, which is the user's to change
    "effort": (r"effort(?! parameter at)|budget_tokens|thinking\.type", _effort),
    "thinking": (r"thinking", lambda sent: "thinking" in sent),
    "schema": (
        r"output_config|output_format|response_format|json_?schema|structured.?output|grammar",
        _schema,
    ),
    "max_tokens": (r"max_completion_tokens", lambda sent: "max_tokens" in sent),
    "beta": (r"anthropic-beta|context-1m|\bbetas?\b", lambda sent: bool(sent.get("headers"))),
}
"""How an error names each part, and whether a body has it; the first that fits is left out."""

SAYS: Mapping[Lack, str] = {
    "models": "does not tell the limits of its models",
    "counting": "does not count tokens: every byte may be one, so less code is shown",
    "schema": "takes no JSON schema: the format is asked for in words, and checked here",
    "effort": "takes no `effort`: the model's own default holds",
    "cache": "takes no cache breakpoints: every pass pays for the whole prompt",
    "thinking": "does not know adaptive thinking: the model answers without",
    "max_tokens": "takes `max_completion_tokens` in the place of `max_tokens`",
    "beta": "does not take the beta for a long prompt: the window is the short one",
}
"""What each lack means, after the name of the host."""


def refused(fault: Fault, body: Body, headers: Mapping[str, str]) -> frozenset[Lack]:
    """Return the part of a request that an error answer refuses, where it names one."""
    if fault.where != "status" or fault.status not in _SHAPE:
        return frozenset()
    message, sent = fault.message.lower(), {**body, "headers": headers}
    named = (
        lack
        for lack, (words, is_in) in _PARTS.items()
        if re.search(words, message) and is_in(sent)
    )
    return frozenset(islice(named, 1))


def plain(reply: Reply) -> Reply:
    """Return a reply whose format nobody enforced with its JSON object alone."""
    return replace(reply, text=unwrapped(reply.text, whole=not reply.incomplete))


def unwrapped(text: str, *, whole: bool) -> str:
    """Return the JSON object of an answer whose format nobody enforced.

    What a model says around it goes: its thinking, a Markdown fence. An answer that is not
    `whole` may break off in the middle of the object.
    """
    after = text.rpartition("</think>")[2]
    begin = re.search(r'\{\s*["}]', after)
    if begin is None:
        return text
    end = after.rfind("}") + 1 if whole else len(after)
    return after[begin.start() : max(end, begin.start())] or text
