"""What it costs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.flow.ask import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The price of a request before it is sent. `counted` tells that the API counted it.

    `most_usd` is the hard bound: the whole prompt at its dearest rate and the whole output.
    """

    prompt_tokens: int
    counted: bool
    input_usd: float
    warm_usd: float
    most_usd: float
    cap_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was spent, and what had been estimated."""

    usage: Usage
    usd: float
    estimate: Estimate | None = None
