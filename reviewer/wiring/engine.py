"""Settings and environment -> whom Claude is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.ask.batches import MessageBatches
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
    return claude_at(settings, environment)


def claude_at(settings: Settings, environment: Mapping[str, str]) -> Claude:
    """Return the adapter of a provider that has the Messages API; raises `UserMustAct`."""
    from reviewer.ask.claude import Claude

    key, url = _direct(settings, environment)
    return Claude(
        api_key=key,
        base_url=url,
        provider=settings.provider,
        window_tokens=settings.window_tokens,
    )


def batches_at(settings: Settings, environment: Mapping[str, str]) -> MessageBatches:
    """Return the adapter of its Message Batches; raises `UserMustAct`."""
    from reviewer.ask.batches import MessageBatches

    key, url = _direct(settings, environment)
    return MessageBatches(api_key=key, base_url=url, provider=settings.provider)


def _direct(settings: Settings, environment: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return key and address of Anthropic or a gateway; clouds have variables of their own."""
    if settings.provider != "anthropic":
        return None, None
    names = ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL")
    key, url = (environment.get(name) or None for name in names)
    return key, url
