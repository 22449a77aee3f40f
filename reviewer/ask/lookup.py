"""What a server tells of a model, asked by its name or looked for in its list. Does network I/O.

A name with a slash is not found in a path, and some gateways have the list alone.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol

from reviewer.ask import faults
from reviewer.ask.again import Broken
from reviewer.ask.told import Told, among, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reviewer.ask.again import Again
    from reviewer.ask.faults import Fault

LOOK_UP_SECONDS = 20.0
"""For a question that is answered at once, or the server is not there."""


class Listing(Protocol):
    """A page of models."""

    @property
    def data(self) -> Iterable[object]:
        """The models on it."""
        ...


class Catalogue(Protocol):
    """The models of a server, as both packages ask for them."""

    def retrieve(self, model: str, /, *, timeout: float) -> object:
        """Return one of them."""
        ...

    def list(self, *, timeout: float) -> Listing:
        """Return all of them."""
        ...


def look_up(
    model: str,
    catalogue: Catalogue,
    *,
    again: Again,
    known: bool,
    unsaid: Callable[[Fault], bool],
    listed: bool = True,
) -> Told:
    """Return what is told of a model; raises `Broken` where that ends the matter.

    It does not where the failure is `unsaid`, one that only means that nothing is told here, and
    the model is `known` to others or not called unknown. `listed` is whether to try the list.
    """
    try:
        return again.free(lambda: told(catalogue.retrieve(model, timeout=LOOK_UP_SECONDS)))
    except Broken as broken:
        fault = broken.fault
    if not unsaid(fault):
        raise Broken(fault)
    found = _among(model, catalogue, again) if listed else Told()
    if not (known or found.max_input_tokens) and faults.is_unknown_model(fault):
        raise Broken(fault)
    return found


def _among(model: str, catalogue: Catalogue, again: Again) -> Told:
    listing = partial(catalogue.list, timeout=LOOK_UP_SECONDS)
    with suppress(Broken):
        return again.free(lambda: among(listing().data, model))
    return Told()
