"""Whatever goes wrong, and whoever counts: what is billed stays below the cap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from answers import answer, claim
from conftest import WorkTree
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from piping import Piped

from reviewer.flow import Change
from reviewer.layers import load
from reviewer.money.prices import Tariff
from reviewer.settings import Settings
from reviewer.standin.messages import Break, Turn

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.standin.messages import Messages

CODE = "def area(width, height):\n    return width * height\n"
DEAR = "\u2603\U0001f600\u00df" * 400
ANSWER = answer(claim("area.py", "return width + height"))
OUTPUT = 8_000
LENSES = ("correctness", "contracts", "security", "concurrency", "tests")

HOW = st.sampled_from(("error", "end", "cut"))
TURNS = st.one_of(
    st.builds(
        Turn,
        text=st.sampled_from((ANSWER, "nothing", ANSWER[:-9])),
        thinking_tokens=st.sampled_from((0, 3_000, 7_600)),
        breaks=st.none() | st.builds(Break, how=HOW, after=st.integers(0, 7)),
    ),
    st.sampled_from(
        (
            Turn.overloaded(),
            Turn.server_error(),
            Turn.rate_limited(),
            Turn.truncated(ANSWER, keep_characters=90),
        )
    ),
)

UNSEEN = Turn(text=ANSWER, thinking_tokens=7_600, breaks=Break(how="cut", after=3))


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Change]:
    tree = WorkTree(tmp_path_factory.mktemp("money") / "repository")
    files = {f"part_{number}.py": CODE * 40 for number in range(60)}
    base = tree.commit({**files, "area.py": CODE, "dear.md": DEAR})
    head = tree.commit({"area.py": CODE.replace("*", "+"), "dear.md": DEAR * 3})
    return tree.folder, Change(base=base, merge_base=base, head=head)


def spent_usd(api: Messages) -> float:
    return sum(Tariff(model=bill.model).usd(bill.usage) for bill in api.ledger)


@given(
    turns=st.lists(TURNS, min_size=1, max_size=9),
    cap_usd=st.sampled_from((0.3, 0.5, 0.7, 0.75, 1.1, 1.9)),
    cache=st.sampled_from(("off", "auto", "5m", "1h")),
    depth=st.sampled_from(("quick", "standard", "deep")),
    lenses=st.integers(1, 5),
    factor=st.sampled_from((1.0, 1.3)),
    counting=st.sampled_from((1, 0.995, 1.4, None)),
    model=st.sampled_from(("claude-opus-5-5", "claude-sonnet-4-5")),
)
@example(
    turns=[UNSEEN, replace(UNSEEN, breaks=None)],
    cap_usd=0.7,
    cache="off",
    depth="standard",
    lenses=5,
    factor=1.0,
    counting=1,
    model="claude-opus-5-5",
)
@example(
    turns=[
        Turn(text=ANSWER),
        Turn(text=ANSWER, thinking_tokens=3_000),
        Turn(text=ANSWER, thinking_tokens=3_000, breaks=Break(how="error", after=0)),
        Turn(text=ANSWER, thinking_tokens=7_600),
    ],
    cap_usd=0.5,
    cache="off",
    depth="deep",
    lenses=4,
    factor=1.0,
    counting=1,
    model="claude-opus-5-5",
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_sequence_of_faults_repairs_and_passes_costs_more_than_the_cap(
    change: tuple[Path, Change],
    turns: list[Turn],
    cap_usd: float,
    cache: str,
    depth: str,
    lenses: int,
    factor: float,
    counting: float | None,
    model: str,
) -> None:
    asked = load(
        environment={},
        flags={
            "model": model,
            "max_usd_per_review": cap_usd,
            "cache": cache,
            "depth": depth,
            "lenses": LENSES[:lenses],
            "price_factor": factor,
            "max_output_tokens": OUTPUT,
        },
    )

    piped = Piped(*change, *turns, settings=asked, counting=counting)

    assert spent_usd(piped.api) * factor <= cap_usd


@pytest.mark.parametrize("after", range(5))
def test_thinking_that_nobody_saw_is_counted_before_the_request_is_repeated(
    change: tuple[Path, Change], after: int
) -> None:
    alone = Piped(*change, Turn(text=ANSWER), settings=Settings(max_output_tokens=OUTPUT))
    assert alone.review
    assert alone.review.cost.estimate
    # Twice the prompt, and both answers as they would be billed, cost more than this.
    cap_usd = 1.95 * alone.review.cost.estimate.most_usd
    broken = Turn(text=ANSWER, thinking_tokens=7_500, breaks=Break(how="cut", after=after))
    asked = Settings(max_usd_per_review=cap_usd, max_output_tokens=OUTPUT)

    piped = Piped(*change, broken, Turn(text=ANSWER), settings=asked)

    assert (len(piped.api.ledger), piped.code) == (1, 3)
    told = piped.review.unfinished if piped.review else str(piped.error)
    assert "more than the cap allows" in told


def test_a_gateway_that_does_not_count_is_shown_less_rather_than_paid_more(
    change: tuple[Path, Change],
) -> None:
    asked = Settings(max_usd_per_review=0.4, max_output_tokens=OUTPUT)
    counted, blind = (
        Piped(*change, Turn(text=ANSWER), settings=asked, counting=factor) for factor in (1, None)
    )

    assert counted.review
    assert blind.review
    estimate = blind.review.cost.estimate
    assert estimate
    assert not estimate.counted
    assert estimate.most_usd <= 0.4
    assert blind.review.cost.usd < counted.review.cost.usd
