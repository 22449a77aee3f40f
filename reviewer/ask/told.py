"""What the Models API tells about a model, as far as it is needed. Pure."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time

from pydantic import BaseModel, ConfigDict, ValidationError


class Told(BaseModel):
    """What the Models API says about a model; gateways leave out what they do not know."""

    model_config = ConfigDict(from_attributes=True)

    max_input_tokens: int | None = None
    max_tokens: int | None = None
    lifecycle: str | None = None
    retires_at: datetime | None = None


def told(answer: object) -> Told:
    """Return what an answer of the Models API tells; a gateway's own format tells nothing."""
    try:
        return Told.model_validate(answer)
    except ValidationError:
        return Told()
