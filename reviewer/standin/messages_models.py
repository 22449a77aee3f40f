"""The models the Messages stand-in serves, with the limits it enforces. Pure.

Source: the model pages of platform.claude.com and the types of the anthropic SDK. This table is
kept apart from `reviewer.ask.models` on purpose: a stand-in that shared the program's own table
could not notice a mistake in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

BETA_1M = "context-1m-2025-08-07"
BETA_1M_WINDOW_TOKENS = 1_000_000

EFFORTS = ("low", "medium", "high", "xhigh", "max")
THINKING_TYPES = ("adaptive", "between_tools", "disabled", "enabled")

_ALWAYS_THINKS = frozenset(("adaptive",))
_MAY_THINK = frozenset(("adaptive", "disabled"))
_MAY_THINK_OR_BUDGET = frozenset(("adaptive", "disabled", "enabled"))
_BUDGET_ONLY = frozenset(("disabled", "enabled"))
_BEFORE_XHIGH = frozenset(EFFORTS) - {"xhigh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """One model. `released_on` and `retires_on` are ISO dates."""

    id: str
    line: Literal["haiku", "sonnet", "opus", "fable", "mythos"]
    released_on: str
    alias: str = ""
    window_tokens: int = 1_000_000
    max_output_tokens: int = 128_000
    cache_minimum_tokens: int = 512
    thinking: frozenset[str] = _MAY_THINK
    efforts: frozenset[str] = field(default=frozenset(EFFORTS))
    default_effort: str = "high"
    takes_forced_tools: bool = True
    takes_prefill: bool = False
    takes_beta_1m: bool = False
    lifecycle: Literal["active", "deprecated", "retired"] = "active"
    retires_on: str = ""

    def info(self) -> dict[str, Any]:
        """Return it as `anthropic.types.ModelInfo` has it on the wire.

        `deprecated_at` is always null: the dates are not in the sources.
        """
        return {
            "type": "model",
            "id": self.id,
            "display_name": _display_name(self),
            "created_at": f"{self.released_on}T00:00:00Z",
            "line": self.line,
            "lifecycle": self.lifecycle,
            "deprecated_at": None,
            "retires_at": f"{self.retires_on}T00:00:00Z" if self.retires_on else None,
            "max_input_tokens": self.window_tokens,
            "max_tokens": self.max_output_tokens,
            "capabilities": _capabilities(self),
        }


def _display_name(model: ServedModel) -> str:
    _, line, *version = (model.alias or model.id).split("-")
    return f"Claude {line.title()} {'.'.join(version)}"


def _capabilities(model: ServedModel) -> dict[str, Any]:
    yes = {"supported": True}
    return {
        "batch": yes,
        "citations": yes,
        "code_execution": yes,
        "context_management": yes,
        "effort": {
            "supported": bool(model.efforts),
            **{effort: {"supported": effort in model.efforts} for effort in EFFORTS},
        },
        "image_input": yes,
        "pdf_input": yes,
        "server_tools": {"supported": True, "code_execution": yes, "web_search": yes},
        "structured_outputs": yes,
        "thinking": {
            "supported": True,
            "types": {kind: {"supported": kind in model.thinking} for kind in THINKING_TYPES},
        },
    }


def _fable_or_mythos(
    version: str, released_on: str, *, takes_forced_tools: bool = False
) -> tuple[ServedModel, ...]:
    return tuple(
        ServedModel(
            id=f"claude-{line}-{version}",
            line=line,
            released_on=released_on,
            thinking=_ALWAYS_THINKS,
            takes_forced_tools=takes_forced_tools,
        )
        for line in ("fable", "mythos")
    )


def _of_4_5(
    line: Literal["haiku", "sonnet", "opus"],
    snapshot: str,
    cache_minimum_tokens: int,
    *,
    released_on: str,
    **more: Any,  # noqa: ANN401 - fields of ServedModel, which checks them
) -> ServedModel:
    return ServedModel(
        id=f"claude-{line}-4-5-{snapshot}",
        alias=f"claude-{line}-4-5",
        line=line,
        released_on=released_on,
        window_tokens=200_000,
        max_output_tokens=64_000,
        cache_minimum_tokens=cache_minimum_tokens,
        thinking=_BUDGET_ONLY,
        takes_prefill=True,
        **more,
    )


# The cache minimum of Haiku 5.5 and Fable 5.2 is not published: their siblings' is taken.
MODELS = (
    *_fable_or_mythos("5-2", "2026-11-09"),
    ServedModel(
        id="claude-haiku-5-5", line="haiku", released_on="2026-10-07", default_effort="medium"
    ),
    ServedModel(
        id="claude-sonnet-5-5",
        line="sonnet",
        released_on="2026-09-28",
        thinking=frozenset(("adaptive", "between_tools")),
        takes_forced_tools=False,
    ),
    ServedModel(
        id="claude-opus-5-5",
        line="opus",
        released_on="2026-09-22",
        thinking=_ALWAYS_THINKS,
        default_effort="medium",
        takes_forced_tools=False,
    ),
    *_fable_or_mythos("5-1", "2026-09-01"),
    ServedModel(id="claude-opus-5", line="opus", released_on="2026-07-24"),
    ServedModel(
        id="claude-sonnet-5", line="sonnet", released_on="2026-06-30", cache_minimum_tokens=1024
    ),
    *_fable_or_mythos("5", "2026-06-09", takes_forced_tools=True),
    ServedModel(
        id="claude-opus-4-8", line="opus", released_on="2026-05-28", cache_minimum_tokens=1024
    ),
    ServedModel(
        id="claude-opus-4-7", line="opus", released_on="2026-04-16", cache_minimum_tokens=2048
    ),
    ServedModel(
        id="claude-sonnet-4-6",
        line="sonnet",
        released_on="2026-02-17",
        cache_minimum_tokens=1024,
        thinking=_MAY_THINK_OR_BUDGET,
        efforts=_BEFORE_XHIGH,
    ),
    ServedModel(
        id="claude-opus-4-6",
        line="opus",
        released_on="2026-02-05",
        cache_minimum_tokens=4096,
        thinking=_MAY_THINK_OR_BUDGET,
        efforts=_BEFORE_XHIGH,
    ),
    _of_4_5(
        "opus",
        "20251101",
        4096,
        released_on="2025-11-24",
        efforts=frozenset(("low", "medium", "high")),
    ),
    _of_4_5("haiku", "20251001", 4096, released_on="2025-10-15", efforts=frozenset()),
    _of_4_5(
        "sonnet",
        "20250929",
        1024,
        released_on="2025-09-29",
        efforts=frozenset(),
        takes_beta_1m=True,  # direct access ended; gateways still serve it
        lifecycle="deprecated",
        retires_on="2026-11-30",
    ),
    ServedModel(
        id="claude-opus-4-1",
        line="opus",
        released_on="2025-08-05",
        window_tokens=200_000,
        max_output_tokens=32_000,
        lifecycle="retired",
        retires_on="2026-08-05",
    ),
)
"""Newest first, as the Models API lists them."""

_BY_NAME = {name: model for model in MODELS for name in (model.id, model.alias) if name}


def find(name: object) -> ServedModel | None:
    """Return the model of that id or alias, retired ones included."""
    return _BY_NAME.get(name) if isinstance(name, str) else None
