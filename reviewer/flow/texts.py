"""Text that is written into links and markers as it is: its shapes. Pure.

A bundle can come from an outsider's run, so these are checked where one is read; all other text
is made harmless where it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from pydantic_core.core_schema import FloatSchema, IntSchema, StringSchema


@dataclass(frozen=True, slots=True)
class Shape:
    """The regular expression that a text must match: Rust's regex crate and ECMA 262 agree.

    pydantic asks it how to check the text where values are read; what only carries them need not
    import pydantic (docs.pydantic.dev, "Types", "Custom types").
    """

    pattern: str

    def __get_pydantic_core_schema__(self, *_asked: object) -> StringSchema:
        from pydantic_core.core_schema import str_schema

        return str_schema(pattern=self.pattern)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a whole number, both ends included."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, *_asked: object) -> IntSchema:
        from pydantic_core.core_schema import int_schema

        return int_schema(ge=self.least, le=self.most)


@dataclass(frozen=True, slots=True)
class Amount:
    """The bounds of an amount of money, both ends included; what is no number is none either."""

    least: float
    most: float

    def __get_pydantic_core_schema__(self, *_asked: object) -> FloatSchema:
        from pydantic_core.core_schema import float_schema

        return float_schema(ge=self.least, le=self.most, allow_inf_nan=False)


ObjectId = Annotated[str, Shape(r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
Repository = Annotated[str, Shape(r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
Url = Annotated[str, Shape(r"^https?://[A-Za-z0-9_.:/\[\]-]+$")]
FindingId = Annotated[str, Shape(r"^F[0-9]{1,6}$")]
Fingerprint = Annotated[str, Shape(r"^[0-9a-f]+$")]
Encoding = Annotated[str, Shape(r"^[A-Za-z0-9_-]+$")]

MOST_CODE_CHARACTERS = 600
MOST_LINE_CHARACTERS = 300
MOST_WORDS_CHARACTERS = 400
"""Of the texts that a ledger keeps of a finding."""

MessageId = Annotated[str, Shape(r"^(?:msg_[A-Za-z0-9_-]{1,100})?$")]
MaybeObjectId = Annotated[str, Shape(r"^(?:[0-9a-f]{40}|[0-9a-f]{64})?$")]
Line = Annotated[str, Shape(r"^[^\r\n]{0,300}$")]
Words = Annotated[str, Shape(r"^[\s\S]{0,400}$")]
Code = Annotated[str, Shape(r"^[\s\S]{0,600}$")]
Path = Annotated[str, Shape(r"^[^\x00]{1,4096}$")]
Count = Annotated[int, Bounds(0, 1_000_000)]
Usd = Annotated[float, Amount(0, 1_000_000)]
Seconds = Annotated[float, Amount(0, 100_000_000_000)]
