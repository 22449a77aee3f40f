"""What the Models API tells about a model, as far as it is needed. Pure."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Capability(BaseModel):
    """Whether a model can do something."""

    model_config = ConfigDict(from_attributes=True)

    supported: bool = False


class Capabilities(BaseModel):
    """What a model can do, as far as it is needed."""

    model_config = ConfigDict(from_attributes=True)

    structured_outputs: Capability | None = None


def _limit(told: int | None) -> int | None:
    """Return a limit that can be one: a gateway may say 0, or -1, for what it does not know."""
    return told if told and told > 0 else None


_Limit = Annotated[int | None, AfterValidator(_limit)]


class Told(BaseModel):
    """What the Models API says about a model; gateways leave out what they do not know."""

    model_config = ConfigDict(from_attributes=True)

    max_input_tokens: _Limit = None
    max_tokens: _Limit = None
    lifecycle: str | None = None
    retires_at: datetime | None = None
    capabilities: Capabilities | None = None

    @property
    def takes_schema(self) -> bool:
        """Whether it says that an answer can be held to a schema: gateways say nothing of it."""
        if self.capabilities is None or self.capabilities.structured_outputs is None:
            return False
        return self.capabilities.structured_outputs.supported


_WINDOWS = ("max_input_tokens", "context_length", "context_window", "max_model_len")
_LONGEST = ("max_tokens", "max_output_tokens", "max_completion_tokens")
"""How gateways call the two limits (LiteLLM, OpenRouter, vLLM)."""

MOST_OUTPUT_TOKENS = 128_000


def told(answer: object) -> Told:
    """Return what an answer of the Models API tells, or what a gateway tells in its own words.

    Where only the window is told, half of it may be the answer. What is in no known format tells
    nothing.
    """
    try:
        said = Told.model_validate(answer)
    except ValidationError:
        return Told()
    if said.max_input_tokens and said.max_tokens:
        return said
    window, longest = _number(answer, _WINDOWS), _number(answer, _LONGEST)
    if window and not longest:
        longest = min(window // 2, MOST_OUTPUT_TOKENS)
    return said.model_copy(update={"max_input_tokens": window, "max_tokens": longest})


def among(listed: Iterable[object], model: str) -> Told:
    """Return what a list of models tells about one of them; nothing where it is not there."""
    named = (each for each in listed if getattr(each, "id", None) == model)
    return told(next(named, None))


def _number(answer: object, names: tuple[str, ...]) -> int | None:
    values = (getattr(answer, name, None) for name in names)
    return next((value for value in values if isinstance(value, int) and value > 0), None)
