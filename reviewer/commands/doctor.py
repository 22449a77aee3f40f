"""`reviewer doctor`: whether a review could be paid for here, found out without paying.

The provider is asked what costs nothing: its limits, and the count of a tiny question. What was
found out is said line by line, so that an error stands below what still held.
"""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from reviewer.ask.claude import Claude
from reviewer.ask.lacks import DoesNotCount
from reviewer.ask.probe import probe
from reviewer.ask.providers import door
from reviewer.errors import EXIT_CLEAN
from reviewer.flow import Usage
from reviewer.money.prices import tariff
from reviewer.publish.neutralise import log_line
from reviewer.wiring.engine import model_of
from reviewer.wiring.local import local_settings, opened, settings_file
from reviewer.wiring.run import is_local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewer.ask.gateway import Gateway
    from reviewer.flow import ModelFacts
    from reviewer.settings import Settings

SAYS_WHO = {
    "api": "as the server says",
    "bundled": "by the bundled table",
    "settings": "by the setting window_tokens",
}
LOCAL = "local: no model is asked, so nothing is needed"
NO_GITHUB = "GITHUB_TOKEN is not set: `reviewer github` and `reviewer publish` need it, in CI"
UNTRIED = "there, but not tried: there is no question here that costs nothing"


def run(*, folder: Path, **flags: object) -> int:
    """Say what a review would meet here; raises what it would end with."""
    with opened(folder) as repository:
        path = settings_file(repository)
        settings = local_settings(repository, flags)
    _say("settings", str(path) if path else "the defaults: there is no file of them")
    if is_local(settings, os.environ):
        _say("engine", LOCAL)
        if settings.engine == "auto":
            _say("", f"for Claude, {door(settings.provider).way_out}")
    else:
        for name, said in _asked(settings):
            _say(name, said)
    _say("GitHub", "GITHUB_TOKEN is set" if os.environ.get("GITHUB_TOKEN") else NO_GITHUB)
    return EXIT_CLEAN


def _asked(settings: Settings) -> Iterator[tuple[str, str]]:
    with closing(model_of(settings, os.environ)) as model:
        yield "provider", f"{door(settings.provider).title}, at {model.address}"
        facts = model.facts(settings.model)
        yield "model", _limits(facts)
        yield from (("lacks", said) for said in facts.warning.split("; ") if said)
        yield "login", _counted(model, facts, path=door(settings.provider).path)
    yield "price", _price(settings)
    yield "cap", f"${settings.max_usd_per_review:.2f} a review; nothing was paid now"


def _limits(facts: ModelFacts) -> str:
    return (
        f"{facts.id}: {facts.max_input_tokens:,} tokens, {facts.max_output_tokens:,} of them for "
        f"the answer, {SAYS_WHO[facts.source]}"
    )


def _counted(model: Claude | Gateway, facts: ModelFacts, *, path: str) -> str:
    """Return whether the login is good for a question that costs nothing; raises `UserMustAct`.

    Where there is no such question, it is only looked whether there is something to log in with.
    """
    try:
        tokens = model.count_tokens(probe(facts.id, betas=facts.betas))
    except DoesNotCount as error:
        if facts.source == "api":
            return f"taken for its limits; {error}"
        if isinstance(model, Claude):
            model.log_in(facts.id)
        return f"{UNTRIED}; hold the address against its documentation: {path}"
    return f"taken: a question of {tokens} tokens was counted"


def _price(settings: Settings) -> str:
    price = tariff(settings)
    read, wrote = (
        price.usd(Usage(input_tokens=1_000_000)),
        price.usd(Usage(output_tokens=1_000_000)),
    )
    return f"${read:.2f} for a million tokens of prompt, ${wrote:.2f} of answer"


def _say(name: str, said: str) -> None:
    print(log_line(f"{name:<9} {said}"))
