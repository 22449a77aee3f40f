"""The reply of a second look -> which findings stand. Pure.

A second look can take a finding away only by code: a refutation whose quote is not found leaves
the finding uncertain, and so does one that no ruling came for. What cannot be read at all is
`MalformedReply`, and leaves every finding as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError

from reviewer.flow import Evidence, Rejected, Ruling, SecondLook
from reviewer.judge import evidence
from reviewer.judge.findings import MalformedReply, encodable, plain, reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.flow import Proven
    from reviewer.judge.evidence import Sent

MOST_RULINGS = 400
MOST_WHY_CHARACTERS = 1_000
MOST_QUOTE_CHARACTERS = 4_000

_Text = Annotated[str, AfterValidator(encodable)]


class _Ruling(BaseModel):
    id: str
    why: _Text
    path: _Text
    quote: _Text
    ruling: Annotated[Ruling, BeforeValidator(plain)]


class _Rulings(BaseModel):
    rulings: list[_Ruling]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The findings that stand, the refuted ones, and how many were not ruled on."""

    standing: tuple[Proven, ...]
    refuted: tuple[Rejected, ...]
    unruled: int


def parse(text: str) -> dict[str, _Ruling]:
    """Return the rulings by id; of two on one finding neither is taken.

    Raises `MalformedReply`.
    """
    try:
        found = _Rulings.model_validate_json(text).rulings[:MOST_RULINGS]
    except ValidationError as error:
        raise MalformedReply(reasons(error), where="the rulings") from error
    ids = [one.id for one in found]
    return {one.id: one for one in found if ids.count(one.id) == 1}


def apply(
    proven: Sequence[Proven], rulings: Mapping[str, _Ruling], asked: Mapping[str, int], sent: Sent
) -> Ruled:
    """Give each finding its ruling; `asked` says which id stands for which of them."""
    by_place = {at: rulings[name] for name, at in asked.items() if name in rulings}
    standing: list[Proven] = []
    refuted: list[Rejected] = []
    for at, one in enumerate(proven):
        ruling = by_place.get(at)
        if ruling is None:
            standing.append(one)
        elif ruling.ruling is Ruling.REFUTED and _has_quote(ruling, sent):
            refuted.append(Rejected(finding=one.finding, why=f"a second look: {_why(ruling)}"))
        else:
            standing.append(replace(one, second_look=_second_look(ruling)))
    return Ruled(
        standing=tuple(standing), refuted=tuple(refuted), unruled=len(proven) - len(by_place)
    )


def _has_quote(ruling: _Ruling, sent: Sent) -> bool:
    claimed = Evidence(
        path=ruling.path, first_line=1, last_line=1, quote=ruling.quote[:MOST_QUOTE_CHARACTERS]
    )
    return evidence.stands(claimed, sent)


def _second_look(ruling: _Ruling) -> SecondLook:
    unproven = ruling.ruling is Ruling.REFUTED
    return SecondLook(ruling=Ruling.UNCERTAIN if unproven else ruling.ruling, why=_why(ruling))


def _why(ruling: _Ruling) -> str:
    return ruling.why[:MOST_WHY_CHARACTERS]
