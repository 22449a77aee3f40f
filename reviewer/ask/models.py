"""What each Claude model can take, for when the Models API cannot be asked. Pure.

The API's own answer comes first (`claude.Claude.facts`); clouds and gateways have none. Source:
the model pages of platform.claude.com and the anthropic SDK's list of deprecated models.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct
from reviewer.flow import ModelFacts

if TYPE_CHECKING:
    from reviewer.ask.told import Told

CHECKED_ON = "2026-11-22"
"""The day this table was last held against its sources."""

BETA_1M = "context-1m-2025-08-07"
"""Widens Sonnet 4 and 4.5 to 1M tokens. Models from 4.6 on have 1M and need no header."""

BASE_WINDOW_TOKENS = 200_000
"""The window of the models before 4.6, without the beta."""

_BETA_ENDED = (
    f"more than {BASE_WINDOW_TOKENS} tokens need a gateway that still serves the beta {BETA_1M}, "
    "because Anthropic ended it on 2026-04-30"
)
_RETAINED = "Anthropic keeps prompts and answers of this model for 30 days"


def _facts(model: str, *, warning: str = "", beta: str = "", older: bool = False) -> ModelFacts:
    return ModelFacts(
        id=model,
        max_input_tokens=BASE_WINDOW_TOKENS if older and not beta else 1_000_000,
        max_output_tokens=64_000 if older else 128_000,
        betas=(beta,) if beta else (),
        warning=warning,
    )


_TABLE = {
    facts.id: facts
    for facts in (
        _facts("claude-opus-5-5"),
        _facts("claude-sonnet-5-5"),
        _facts("claude-haiku-5-5"),
        _facts("claude-fable-5-2", warning=_RETAINED),
        _facts("claude-mythos-5-2", warning=_RETAINED),
        _facts("claude-fable-5-1", warning=_RETAINED),
        _facts("claude-mythos-5-1", warning=_RETAINED),
        _facts("claude-opus-5"),
        _facts("claude-sonnet-5"),
        _facts("claude-fable-5", warning=_RETAINED),
        _facts("claude-mythos-5", warning=_RETAINED),
        _facts("claude-opus-4-8"),
        _facts("claude-opus-4-7"),
        _facts("claude-opus-4-6"),
        _facts("claude-sonnet-4-6"),
        _facts("claude-opus-4-5", older=True),
        _facts("claude-haiku-4-5", older=True),
        _facts("claude-sonnet-4-5", older=True, beta=BETA_1M, warning=_BETA_ENDED),
        _facts("claude-sonnet-4", older=True, beta=BETA_1M, warning=_BETA_ENDED),
        _facts("claude-mythos-preview"),
    )
}

_THINKS_WHEN_ASKED = frozenset(
    ("claude-opus-4-8", "claude-opus-4-7", "claude-opus-4-6", "claude-sonnet-4-6")
)
"""Adaptive thinking is off by default. Others think by default, or do not know the word."""


def canonical(model: str) -> str:
    """Return the name this table uses for a model, in whatever form it was given.

    Cut are a gateway's or cloud's prefix (`anthropic/`, `us.anthropic.`), its route (`:provider`),
    a date (`-20250929`, `@20250929`), `-latest` and a final `-0`; dots become hyphens.
    """
    name = model.lower().rpartition("/")[2].rpartition("anthropic.")[2].partition(":")[0]
    name = re.sub(r"(?<=\d)\.(?=\d)", "-", name)
    return re.sub(r"(?:[-@]\d{8}|-latest|-v1|-0)+$", "", name)


def bundled(model: str) -> ModelFacts | None:
    """Return the table's facts under the name that was asked for, or None when it has none."""
    facts = _TABLE.get(canonical(model))
    return facts and replace(facts, id=model)


def known() -> tuple[str, ...]:
    """Return the names in the table, newest first."""
    return tuple(_TABLE)


def thinks_only_when_asked(model: str) -> bool:
    """Whether adaptive thinking must be asked for."""
    return canonical(model) in _THINKS_WHEN_ASKED


def from_table(table: ModelFacts, *, host: str) -> ModelFacts:
    """Return the table's facts with a warning that the API was not able to confirm them."""
    doubt = f"{host} does not tell the limits of {table.id}: they are those of {CHECKED_ON}"
    return replace(table, warning=_joined(doubt, table.warning))


def otherwise(model: str, window_tokens: int | None) -> ModelFacts | None:
    """Return what is known of a model without asking: from the table, else from the settings.

    Half of a window that the settings give may be the answer.
    """
    if table := bundled(model):
        return table
    if window_tokens is None:
        return None
    return ModelFacts(
        id=model,
        max_input_tokens=window_tokens,
        max_output_tokens=window_tokens // 2,
        source="settings",
    )


def from_api(model: str, api: Told, table: ModelFacts | None, *, host: str) -> ModelFacts:
    """Return what the API tells, or the table's facts where it does not tell.

    Raises `UserMustAct` when neither knows the limits.
    """
    if not (api.max_input_tokens and api.max_tokens):
        if table:
            return table if table.source == "settings" else from_table(table, host=host)
        raise UserMustAct(
            f"{host} does not tell the limits of {model}, and they are not known otherwise",
            way_out="set `window_tokens` to its window, and its price in a table [[prices]] "
            f"(0 for a local one); or set `model`; known are {', '.join(known())}",
        )
    if table and table.betas and api.max_input_tokens <= BASE_WINDOW_TOKENS:
        table = None  # the beta is over there: the API would refuse more, header or not
    return ModelFacts(
        id=model,
        max_input_tokens=api.max_input_tokens,
        max_output_tokens=api.max_tokens,
        betas=table.betas if table else (),
        source="api",
        warning=_joined(_ending(model, api), table.warning if table else ""),
    )


def without_beta(facts: ModelFacts) -> ModelFacts:
    """Return what the model takes where nobody serves its beta."""
    most_tokens = min(facts.max_input_tokens, BASE_WINDOW_TOKENS)
    return replace(facts, max_input_tokens=most_tokens, betas=())


def _ending(model: str, api: Told) -> str:
    when = f" on {api.retires_at:%Y-%m-%d}" if api.retires_at else ""
    match api.lifecycle:
        case "deprecated":
            return f"{model} is deprecated" + (f" and ends{when}" if when else "")
        case "retired":
            return f"{model} was retired{when}: requests fail"
        case _:
            return ""


def _joined(*warnings: str) -> str:
    return "; ".join(filter(None, warnings))
