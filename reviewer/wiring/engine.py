"""Settings and environment -> whom Claude is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.ask.claude import Claude
    from reviewer.ask.gateway import Gateway
    from reviewer.settings import Settings


def model_of(settings: Settings, environment: Mapping[str, str]) -> Claude | Gateway:
    """Return the adapter of the provider that is set; raises `UserMustAct` without credentials.

    Where it is and how it is logged in to is said by the environment alone.
    """
    if settings.provider == "openai":
        from reviewer.ask.gateway import Gateway

        return Gateway(
            api_key=environment.get("OPENAI_API_KEY") or None,
            base_url=environment.get("OPENAI_BASE_URL") or None,
            window_tokens=settings.window_tokens,
        )
    from reviewer.ask.claude import Claude

    direct = settings.provider == "anthropic"
    return Claude(
        api_key=(environment.get("ANTHROPIC_API_KEY") or None) if direct else None,
        base_url=(environment.get("ANTHROPIC_BASE_URL") or None) if direct else None,
        provider=settings.provider,
        window_tokens=settings.window_tokens,
    )
