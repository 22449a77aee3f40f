"""Settings and environment -> whom Claude is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.ask.claude import Claude
    from reviewer.settings import Settings


def model_of(settings: Settings, environment: Mapping[str, str]) -> Claude:
    """Return the adapter of the provider that is set; raises `UserMustAct` without credentials.

    Where it is and how it is logged in to is said by the environment alone.
    """
    from reviewer.ask.claude import Claude

    direct = settings.provider == "anthropic"
    return Claude(
        api_key=(environment.get("ANTHROPIC_API_KEY") or None) if direct else None,
        base_url=(environment.get("ANTHROPIC_BASE_URL") or None) if direct else None,
        provider=settings.provider,
        window_tokens=settings.window_tokens,
    )
