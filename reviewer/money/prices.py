"""What a request costs, in US dollars. Pure.

Prices are those of the settings, else Anthropic's list prices from the data bundled with
`genai-prices`, at the moment of asking; nothing is fetched. The length tiers (a prompt over 100K
tokens on Haiku 5.5, over 200K on Sonnet 4.5) move the whole request, answer included, to the
higher price.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from reviewer.flow import Usage
    from reviewer.settings import Price, Settings

REGION_FACTOR = 1.1
"""For a run that is kept in one region (platform.claude.com, "Pricing", data residency)."""

BATCH_FACTOR = 0.5
"""Of everything in a Message Batch (ibid., "Batch processing")."""

_MILLION = 1_000_000


class UnknownPrice(UserMustAct):
    """The price of a model is not known, so no cap could hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What the requests of one model cost here.

    `own` are the prices that the settings give, None for the list prices; `factor` is what a
    region, a gateway or a batch makes of either.
    """

    model: str
    own: Price | None = None
    factor: float = 1.0

    def usd(self, usage: Usage) -> float:
        """Return the price of one request; raises `UnknownPrice`."""
        listed = _own(self.own, usage) if self.own else _listed(self.model, usage)
        return listed * self.factor


def tariff(settings: Settings, *, model: str = "", batch: bool = False) -> Tariff:
    """Return the tariff of the settings, for their model if no other is named."""
    model = model or settings.model
    factor = settings.price_factor
    factor *= REGION_FACTOR if settings.inference_geo == "us" else 1
    factor *= BATCH_FACTOR if batch else 1
    own = next((each for each in settings.prices if each.model == model), None)
    return Tariff(model=model, own=own, factor=factor)


def _own(own: Price, usage: Usage) -> float:
    return (
        usage.input_tokens * own.input_usd
        + usage.cache_write_5m_tokens * own.write_5m_usd
        + usage.cache_write_1h_tokens * own.write_1h_usd
        + usage.cache_read_tokens * own.read_usd
        + usage.output_tokens * own.output_usd
    ) / _MILLION


def _listed(model: str, usage: Usage) -> float:
    """Return Anthropic's price. What a gateway or a cloud adds to the name is cut.

    `anthropic/…:provider` and `us.anthropic.…-v1:0` are such names, `…@20260922` is another.
    """
    from genai_prices import Usage as Billed
    from genai_prices import calc_price

    billed = Billed(
        # genai-prices counts the parts of the prompt inside the whole.
        input_tokens=usage.prompt_tokens,
        cache_write_tokens=usage.cache_write_5m_tokens + usage.cache_write_1h_tokens,
        cache_write_1h_tokens=usage.cache_write_1h_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        output_tokens=usage.output_tokens,
    )
    name = model.rpartition("/")[2].rpartition("anthropic.")[2].partition(":")[0]
    name = re.sub(r"(@\d{8}|-v\d)+$", "", name)
    try:
        return float(calc_price(billed, name, provider_id="anthropic").total_price)
    except LookupError as error:
        raise UnknownPrice(
            f"the price of {model!r} is not known, so its cost could not be capped",
            way_out="give its price in a table [[prices]] of the settings, set `model` to one "
            "with a published price such as claude-opus-5-5, or upgrade genai-prices",
        ) from error
