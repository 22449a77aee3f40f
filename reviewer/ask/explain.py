"""What is said about a request that failed, and what there is to do. Pure.

What a fault means is decided in `faults`; here it gets its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reviewer.ask import faults, models
from reviewer.ask.faults import OWN_HOST, Fault
from reviewer.ask.providers import DOORS, Door
from reviewer.errors import CouldNotFinish, ReviewerError, UserMustAct


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked of whom, for messages. `characters` is the length of the prompt."""

    model: str
    host: str
    characters: int = 0
    door: Door = DOORS["anthropic"]


def explain(fault: Fault, asked: Asked, *, stopped: str = "") -> ReviewerError:
    """Return the error to raise: the user's to act on, or one that may pass.

    `stopped` says why the request was not sent again.
    """
    said = faults.describe(fault)
    if fault.where == "credentials":
        return UserMustAct(
            f"the credentials for {asked.host} could not be loaded: {said}",
            way_out=asked.door.way_out + _installing(fault, asked),
        )
    if faults.is_spend_limit(fault):
        return UserMustAct(
            f"the account at {asked.host} has reached its spend limit: {said}",
            way_out="raise the limit or add credit in the provider's console; "
            "Anthropic's monthly limits are lifted on the 1st, 00:00 UTC",
        )
    if faults.may_pass(fault):
        why = f"; {stopped}" if stopped else ""
        return CouldNotFinish(f"{asked.host}: {said}{why}", way_out=_patience(fault, asked))
    return _refused(fault, asked, said)


def _installing(fault: Fault, asked: Asked) -> str:
    """Return what to install where a cloud's package is missing; it is imported on first use."""
    missing = re.search(r"(?i)no module named|missing required dependency", fault.message)
    return f"; `pip install '{asked.door.package}'`" if missing and asked.door.package else ""


def _patience(fault: Fault, asked: Asked) -> str:
    if fault.where == "connection":
        return f"check the network, the proxy and {asked.door.address}, then run it again"
    if fault.retry_after_seconds is not None:
        return f"run it again in {fault.retry_after_seconds:.0f} seconds"
    return "run it again in a few minutes"


def _refused(fault: Fault, asked: Asked, said: str) -> UserMustAct:
    match fault:
        case _ if faults.is_key_refused(fault):
            return UserMustAct(f"{asked.host} refused the key: {said}", way_out=asked.door.way_out)
        case Fault(status=403):
            return UserMustAct(
                f"the key may not do this at {asked.host}: {said}",
                way_out=f"use a key whose workspace may use {asked.model}, or another model",
            )
        case _ if faults.is_not_found(fault) or faults.is_unknown_model(fault):
            return _not_there(fault, asked, said)
        case _ if faults.is_unknown_version(fault):
            return UserMustAct(
                f"{asked.host} does not take this version of the API: {said}",
                way_out="set ANTHROPIC_CUSTOM_HEADERS to `anthropic-version: ` and one that it "
                "knows",
            )
        case _ if faults.is_too_long(fault):
            return UserMustAct(
                f"the prompt of {asked.characters} characters is too long for {asked.model} "
                f"at {asked.host}: {said}",
                way_out="lower `max_prompt_tokens`, exclude files, or choose a model "
                "with a larger window",
            )
        case _:
            return UserMustAct(
                f"{asked.host} refused the request: {said}",
                way_out=f"check `model` ({asked.model}), `effort` and {asked.door.address}",
            )


def _not_there(fault: Fault, asked: Asked, said: str) -> UserMustAct:
    if faults.is_unknown_model(fault):
        return UserMustAct(
            f"{asked.host} does not know the model {asked.model}: {said}",
            way_out=unknown_model_way_out(asked),
        )
    return UserMustAct(
        f"{asked.host} has nothing to ask at this address: {said}",
        way_out=f"hold {asked.door.address} against its documentation: {asked.door.path}",
    )


def unknown_model_way_out(asked: Asked) -> str:
    """Return what to do about an unknown model: gateways have names of their own."""
    if asked.host == OWN_HOST:
        return f"set `model`; known are {', '.join(models.known())}"
    return (
        f"set `model` to the name that {asked.host} has for it, such as anthropic/claude-opus-5.5 "
        "for claude-opus-5-5"
    )
