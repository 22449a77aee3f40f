"""What is shown first, what is collapsed, what was there before. Pure.

The model is asked for everything with its severity and confidence, because asking it to be
conservative loses real bugs; filtering is done here, and nothing filtered is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.flow import InSummary, Origin, Ruling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reviewer.flow import Confidence, Placed, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Every finding once, in the order they are shown, and numbered in that order.

    `collapsed` and `pre_existing` have no comment of their own: their anchor says why.
    """

    placed: tuple[Placed, ...]
    collapsed: tuple[Placed, ...]
    pre_existing: tuple[Placed, ...]


def rank(
    placed: Sequence[Placed],
    *,
    max_inline: int,
    min_severity: Severity,
    min_confidence: Confidence,
    audit: bool = False,
    late: Mapping[str, str] | None = None,
    first_number: int = 1,
) -> Ranked:
    """Sort by severity, agreement, second look, confidence, path and line; then take apart.

    What another tool points at too comes first, then what more passes found.

    At most `max_inline` comments are posted, those on whole files included. `late` are findings
    that are only collapsed, by fingerprint, each with the reason. In an `audit` everything was
    there before, and nothing has a place to comment on.
    """
    shown: list[Placed] = []
    collapsed: list[Placed] = []
    older: list[Placed] = []
    room = max_inline
    for each in sorted(placed, key=_order):
        one = _told(each, "an audit has no change to comment on") if audit else each
        finding = one.proven.finding
        comment = not isinstance(one.anchor, InSummary)
        if finding.origin is Origin.PRE_EXISTING and not audit:
            older.append(_told(one, "it was there before this change"))
        elif late and one.fingerprint in late:
            collapsed.append(_told(one, late[one.fingerprint]))
        elif finding.severity.rank > min_severity.rank:
            collapsed.append(_told(one, f"its severity is below {min_severity}"))
        elif finding.confidence.rank > min_confidence.rank:
            collapsed.append(_told(one, f"its confidence is below {min_confidence}"))
        elif comment and not room:
            collapsed.append(_told(one, f"there are {max_inline} comments already"))
        else:
            room -= comment
            shown.append(one)
    return _numbered(shown, collapsed, older, first_number)


def _order(one: Placed) -> tuple[int, bool, int, bool, int, str, int, str]:
    finding, place = one.proven.finding, one.proven.place
    return (
        finding.severity.rank,
        not one.proven.seconded,
        -len(one.proven.lenses),
        _is_uncertain(one),
        finding.confidence.rank,
        place.path,
        place.first_line,
        one.fingerprint,
    )


def _is_uncertain(one: Placed) -> bool:
    looked = one.proven.second_look
    return looked is not None and looked.ruling is Ruling.UNCERTAIN


def _told(one: Placed, why: str) -> Placed:
    return replace(one, anchor=InSummary(why=why))


def _numbered(
    shown: Sequence[Placed], collapsed: Sequence[Placed], older: Sequence[Placed], first: int
) -> Ranked:
    def from_number(group: Iterable[Placed], first: int) -> tuple[Placed, ...]:
        return tuple(replace(one, id=f"F{n}") for n, one in enumerate(group, start=first))

    return Ranked(
        placed=from_number(shown, first),
        collapsed=from_number(collapsed, first + len(shown)),
        pre_existing=from_number(older, first + len(shown) + len(collapsed)),
    )
