"""GitHub, as a run sees it that is killed between two of its writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewer.standin import github_faults as faults

if TYPE_CHECKING:
    from reviewer.standin.github import GitHub
    from reviewer.standin.server import Answer, Exchange


@dataclass
class Dying:
    """GitHub, which nobody hears any more from its nth write on; that one may be carried out."""

    github: GitHub
    after: int
    carried_out: bool

    def answer(self, exchange: Exchange) -> Answer:
        write = exchange.method != "GET" and not exchange.path.endswith("graphql")
        self.after -= write
        if self.after > 0 or (self.after == 0 and not write):
            return self.github.answer(exchange)
        if write and self.after == 0 and self.carried_out:
            return faults.HANG_UP_AFTER_COMMIT(lambda: self.github.answer(exchange))
        return faults.HANG_UP(lambda: self.github.answer(exchange))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.github, name)
