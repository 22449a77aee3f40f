"""What a request costs, in US dollars. Pure.

Prices are Anthropic's list prices from the data bundled with `genai-prices`, at the moment of
asking; nothing is fetched. The length tiers (a prompt over 100K tokens on Haiku 5.5, over 200K on
Sonnet 4.5) move the whole request, answer included, to the higher price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from reviewer.flow import Usage


class UnknownPrice(UserMustAct):
    """The price of a model is not known, so no cap could hold."""


def price(model: str, usage: Usage) -> float:
    """Return the price of one request in USD; raises `UnknownPrice`.

    A gateway's prefix and route (`anthropic/…:provider`) are cut: the price is Anthropic's own.
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
    name = model.rpartition("/")[2].partition(":")[0]
    try:
        return float(calc_price(billed, name, provider_id="anthropic").total_price)
    except LookupError as error:
        raise UnknownPrice(
            f"the price of {model} is not known, so its cost could not be capped",
            way_out="set `model` to one with a published price, such as claude-opus-5-5, "
            "or upgrade the package genai-prices",
        ) from error
