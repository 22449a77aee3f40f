"""What was spent on keeping the shared prefix in the prompt cache. Pure.

A record is read from a file: it is parsed as outside data, by these types.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from reviewer.flow.texts import Seconds, Usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """One request that kept the prefix: its bill or, while that is not known, the most it can be.

    `at` is in UNIX seconds.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}

    at: Seconds
    usd: Usd
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmRecord:
    """What was spent in one day."""

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}

    spendings: tuple[Spending, ...] = ()

    @property
    def spent_usd(self) -> float:
        """What it comes to, at the most."""
        return sum(one.usd for one in self.spendings)

    @property
    def kept_at(self) -> tuple[float, ...]:
        """When the prefix was read or written for sure, oldest first."""
        return tuple(sorted(one.at for one in self.spendings if one.settled))

    def reserved(self, at: float, most_usd: float) -> WarmRecord:
        """Return it with a request that is about to be sent."""
        return replace(self, spendings=(*self.spendings, Spending(at=at, usd=most_usd)))

    def settled(self, usd: float) -> WarmRecord:
        """Return it with the bill of the last request."""
        *before, last = self.spendings
        return replace(self, spendings=(*before, replace(last, usd=usd, settled=True)))
