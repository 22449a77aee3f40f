"""Text that is written into links and markers as it is: its shapes. Pure.

A bundle can come from an outsider's run, so these are checked where one is read; all other text
is made harmless where it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from pydantic_core.core_schema import StringSchema


@dataclass(frozen=True, slots=True)
class Shape:
    """The regular expression (of Rust's regex crate) that a text must match.

    pydantic asks it how to check the text where values are read; what only carries them need not
    import pydantic (docs.pydantic.dev, "Types", "Custom types").
    """

    pattern: str

    def __get_pydantic_core_schema__(self, *_asked: object) -> StringSchema:
        from pydantic_core.core_schema import str_schema

        return str_schema(pattern=self.pattern)


ObjectId = Annotated[str, Shape(r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
Repository = Annotated[str, Shape(r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
Url = Annotated[str, Shape(r"^https?://[A-Za-z0-9_.:/\[\]-]+$")]
FindingId = Annotated[str, Shape(r"^F[0-9]+$")]
Fingerprint = Annotated[str, Shape(r"^[0-9a-f]+$")]
Encoding = Annotated[str, Shape(r"^[A-Za-z0-9_-]+$")]
