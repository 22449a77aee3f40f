"""Settings and environment decide who is asked."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from reviewer.ask.claude import Claude
from reviewer.ask.gateway import Gateway
from reviewer.errors import UserMustAct
from reviewer.settings import Settings
from reviewer.wiring.engine import model_of
from reviewer.wiring.run import is_local

if TYPE_CHECKING:
    from reviewer.settings import Provider


def test_the_provider_decides_whose_key_is_used() -> None:
    environment = {"ANTHROPIC_API_KEY": "a", "OPENAI_API_KEY": "o"}

    with closing(model_of(Settings(), environment)) as model:
        assert isinstance(model, Claude)
    with closing(model_of(Settings(provider="openai"), environment)) as model:
        assert isinstance(model, Gateway)


def test_the_key_of_one_is_not_used_for_another() -> None:
    with pytest.raises(UserMustAct, match="no key"):
        model_of(Settings(provider="openai"), {"ANTHROPIC_API_KEY": "a"})
    with pytest.raises(UserMustAct, match="Foundry"):
        model_of(Settings(provider="foundry"), {"ANTHROPIC_API_KEY": "a"})


@pytest.mark.parametrize(
    ("provider", "variable", "local"),
    [
        ("anthropic", "ANTHROPIC_API_KEY", False),
        ("anthropic", "OPENAI_API_KEY", True),
        ("openai", "OPENAI_API_KEY", False),
        ("openai", "ANTHROPIC_API_KEY", True),
        ("bedrock", "NOTHING", False),
        ("foundry", "NOTHING", True),
    ],
)
def test_without_a_key_for_the_provider_the_local_engine_reviews(
    provider: Provider, variable: str, *, local: bool
) -> None:
    assert is_local(Settings(provider=provider), {variable: "x"}) is local
