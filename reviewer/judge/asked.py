"""The findings of an audit -> those that are about what was asked. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Origin, Rejected

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reviewer.flow import Proven

OUTSIDE = "it is about a file that was not asked about"


def about(
    found: Sequence[Proven], asked: Collection[str]
) -> tuple[tuple[Proven, ...], tuple[Rejected, ...]]:
    """Take apart the findings in the files that are asked about, and the others.

    Whatever the model says, what an audit finds was there before.
    """
    paths = set(asked)
    inside = tuple(
        replace(one, finding=replace(one.finding, origin=Origin.PRE_EXISTING))
        for one in found
        if one.place.path in paths
    )
    outside = (one.finding for one in found if one.place.path not in paths)
    return inside, tuple(Rejected(finding=finding, why=OUTSIDE) for finding in outside)
