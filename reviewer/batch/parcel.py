"""One pack of a repository, from when it is packed until its answers are judged. Pure.

A day may pass in between, and another version of the settings, the model's limits or this
program: so what was shown is kept, and not made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.ask.request import through
from reviewer.choose import Shown
from reviewer.flow import (
    Change,
    Estimate,
    KnownFinding,
    Pack,
    ProjectRules,
    RelatedFile,
    Request,
)
from reviewer.prepare import Prepared

if TYPE_CHECKING:
    from reviewer.index.lookup import Codebase
    from reviewer.money.prices import Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What was shown of a repository in one request, or in one for each lens, and its price."""

    change: Change
    pack: Pack
    related: tuple[RelatedFile, ...]
    secrets: tuple[tuple[str, int], ...]
    project_rules: ProjectRules
    asked: tuple[str, ...]
    request: Request
    lenses: tuple[str, ...]
    cache: str
    warning: str
    estimate: Estimate
    budget_tokens: int

    def requests(self) -> tuple[tuple[str, Request], ...]:
        """Return the request of each lens by its name; one without a name where there is none."""
        if not self.lenses:
            return (("", self.request),)
        return tuple((lens, through(lens, self.request)) for lens in self.lenses)

    def opened(
        self, codebase: Codebase, baseline: tuple[KnownFinding, ...], tariff: Tariff
    ) -> Prepared:
        """Return what a review goes on from; `codebase` is the tree that was packed."""
        shown = Shown(
            change=self.change,
            pack=self.pack,
            changed=(),
            related=self.related,
            neighbours=(),
            secrets=self.secrets,
            project_rules=self.project_rules,
            asked=self.asked,
        )
        return Prepared(
            shown=shown,
            codebase=codebase,
            diffs=(),
            request=self.request,
            cache=self.cache,
            tariff=tariff,
            estimate=self.estimate,
            lenses=self.lenses,
            warning=self.warning,
            budget_tokens=self.budget_tokens,
            baseline=baseline,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcels:
    """The packs of one repository."""

    packs: tuple[Parcel, ...]


def parcelled(prepared: Prepared) -> Parcel:
    """Return what is kept of an audit that is ready to be sent."""
    shown = prepared.shown
    return Parcel(
        change=shown.change,
        pack=prepared.pack,
        related=shown.related,
        secrets=shown.secrets,
        project_rules=shown.project_rules,
        asked=shown.asked,
        request=prepared.request,
        lenses=prepared.lenses,
        cache=prepared.cache,
        warning=prepared.warning,
        estimate=prepared.estimate,
        budget_tokens=prepared.budget_tokens,
    )
