"""What the Models API tells about a model, as far as it is needed. Pure."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time

from pydantic import BaseModel, ConfigDict, ValidationError


class Capability(BaseModel):
    """Whether a model can do something."""

    model_config = ConfigDict(from_attributes=True)

    supported: bool = False


class Capabilities(BaseModel):
    """What a model can do, as far as it is needed."""

    model_config = ConfigDict(from_attributes=True)

    structured_outputs: Capability | None = None


class Told(BaseModel):
    """What the Models API says about a model; gateways leave out what they do not know."""

    model_config = ConfigDict(from_attributes=True)

    max_input_tokens: int | None = None
    max_tokens: int | None = None
    lifecycle: str | None = None
    retires_at: datetime | None = None
    capabilities: Capabilities | None = None

    @property
    def takes_schema(self) -> bool:
        """Whether it says that an answer can be held to a schema: gateways say nothing of it."""
        if self.capabilities is None or self.capabilities.structured_outputs is None:
            return False
        return self.capabilities.structured_outputs.supported


def told(answer: object) -> Told:
    """Return what an answer of the Models API tells; a gateway's own format tells nothing."""
    try:
        return Told.model_validate(answer)
    except ValidationError:
        return Told()
