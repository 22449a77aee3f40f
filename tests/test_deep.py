"""Several passes over one prompt: what they find, what they cost, and what fails without harm."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from answers import answer, claim, evidence
from conftest import WorkTree
from piping import QUIET, Piped, tools_for

from reviewer import passes
from reviewer.ask.models import bundled
from reviewer.errors import EXIT_CLEAN, EXIT_UNFINISHED, EXIT_USER, CouldNotFinish
from reviewer.flow import Attempt, Change, Severity, Usage
from reviewer.money.prices import Tariff
from reviewer.prepare import prepare
from reviewer.settings import Settings
from reviewer.source.repo import GitRepository
from reviewer.standin.messages import Break, Turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reviewer.flow import Reply, Request, Review
    from reviewer.standin.messages_script import Received

LENSES = ("correctness", "contracts", "security", "tests")
MODEL = "claude-opus-5-5"
RULED = json.dumps({"rulings": []})


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Change]:
    tree = WorkTree(tmp_path_factory.mktemp("deep") / "repository")
    part = "".join(f"def step_{n}(value):\n    return value * {n}\n\n\n" for n in range(60))
    base = tree.commit(
        {f"parts/part_{n}.py": part.replace("step", f"step_{n}") for n in range(40)}
        | {"area.py": "def area(width, height):\n    return width * height\n"}
    )
    head = tree.commit({"area.py": "def area(width, height):\n    return width + height\n"})
    return tree.folder, Change(base=base, merge_base=base, head=head)


def by_lens(answers: dict[str, str | Turn]) -> list[Turn]:
    """Turns that answer each pass by the lens it was asked to look through.

    Passes come in order, because each waits for the one before it to begin.
    """
    return [each if isinstance(each, Turn) else Turn(text=each) for each in answers.values()]


def deep(repository: tuple[Path, Change], *turns: Turn, **chosen: Any) -> Piped:
    options = {"depth": "deep", "lenses": LENSES, "max_usd_per_review": 20.0, "model": MODEL}
    return Piped(*repository, *turns, settings=Settings(**options | chosen))  # type: ignore[arg-type]


def reviewed(done: Piped) -> Review:
    assert done.review, done.error
    return done.review


def asked(done: Piped) -> list[Received]:
    return [each for each in done.api.requests if each.path == "/v1/messages"]


SUM = claim("area.py", "    return width + height", title="The area is the sum of its sides")
SUM_AGAIN = claim(
    "area.py",
    "def area(width, height):\n    return width + height",
    title="area() returns the sum of both sides, not the product",
    severity="critical",
    evidence=[evidence("parts/part_1.py", "def step_1_1(value):")],
)
UNTESTED = claim("area.py", "def area(width, height):", title="No test covers this at all")


# --- what they find ---------------------------------------------------------------------------


def test_what_two_passes_find_is_told_once_with_the_worst_severity_and_all_evidence(
    repository: tuple[Path, Change],
) -> None:
    turns = by_lens(
        {
            "correctness": answer(SUM),
            "contracts": answer(SUM_AGAIN),
            "security": answer(),
            "tests": answer(UNTESTED),
        }
    )
    review = reviewed(deep(repository, *turns, Turn(text=RULED)))

    merged, untested = (placed.proven for placed in review.findings)
    assert merged.lenses == ("correctness", "contracts")
    assert merged.finding.severity is Severity.CRITICAL
    assert [each.path for each in merged.evidence] == ["parts/part_1.py"]
    assert (untested.finding.title, untested.lenses) == ("No test covers this at all", ("tests",))


def test_what_more_passes_found_comes_first(repository: tuple[Path, Change]) -> None:
    twice = claim("area.py", "    return width + height", title="Adds sides", confidence="low")
    turns = by_lens(
        {
            "correctness": answer(UNTESTED, twice),
            "contracts": answer(twice),
            "security": answer(),
            "tests": answer(),
        }
    )
    review = reviewed(deep(repository, *turns, Turn(text=RULED)))

    assert [placed.proven.finding.title for placed in review.findings] == [
        "Adds sides",
        "No test covers this at all",
    ]


def test_only_the_last_block_differs_between_the_passes(repository: tuple[Path, Change]) -> None:
    done = deep(repository, *[Turn(text=answer())] * 4)

    bodies = [dict(each.body) for each in asked(done)]
    lasts = [body.pop("messages")[0]["content"] for body in bodies]
    assert all(body == bodies[0] for body in bodies)
    assert all(content[:-1] == lasts[0][:-1] for content in lasts)
    assert len({content[-1]["text"] for content in lasts}) == 4


# --- what they cost ---------------------------------------------------------------------------


@dataclass
class BreaksTogether:
    """A model whose passes all begin, break off, and then ask at once whether to try again."""

    begins: Barrier
    allowed: list[bool] = field(default_factory=list)

    def ask(
        self,
        request: Request,
        *,
        received: Callable[[int], None],
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
        began: Callable[[Usage], None] = lambda _usage: None,
    ) -> Reply:
        del request, received
        usage = Usage(input_tokens=1_000)
        began(usage)
        self.begins.wait(10)
        lost = Attempt(request_id="", usage=usage, problem="the answer broke off", unsure=True)
        self.allowed.append(may_repeat((lost,)))
        self.begins.wait(10)
        raise CouldNotFinish("the answer broke off", way_out="run it again")


def test_two_passes_that_break_off_at_once_do_not_both_take_what_is_left_for_one(
    repository: tuple[Path, Change],
) -> None:
    folder, change = repository
    chosen = Settings(depth="deep", lenses=LENSES[:2], max_usd_per_review=20.0, model=MODEL)
    with closing(GitRepository(folder)) as opened:
        prepared = prepare(
            change,
            chosen,
            tools=tools_for(opened),
            facts=bundled(MODEL),
            activity=QUIET,
        )
    estimate = replace(prepared.estimate, cap_usd=3.5 * prepared.estimate.most_usd)
    model = BreaksTogether(Barrier(2))
    with pytest.raises(CouldNotFinish):
        passes.asked(
            replace(prepared, estimate=estimate),
            model=model,  # type: ignore[arg-type] # it is asked for answers alone
            received=lambda _: None,
            finished=lambda _: None,
        )

    assert sorted(model.allowed) == [False, True]


def test_four_passes_cost_at_most_one_and_a_half_prompts_that_are_not_cached(
    repository: tuple[Path, Change],
) -> None:
    done = deep(repository, *[Turn(text=answer())] * 4)

    bills = [bill.usage for bill in done.api.ledger]
    paid = sum(Tariff(model=MODEL).usd(Usage(**_prompt(usage))) for usage in bills)
    once = Tariff(model=MODEL).usd(Usage(input_tokens=bills[0].prompt_tokens))
    assert bills[0].cache_read_tokens == 0
    assert all(usage.cache_read_tokens > 0.95 * usage.prompt_tokens for usage in bills[1:])
    assert paid <= 1.45 * once


def _prompt(usage: Usage) -> dict[str, int]:
    return {
        "input_tokens": usage.input_tokens,
        "cache_write_5m_tokens": usage.cache_write_5m_tokens,
        "cache_write_1h_tokens": usage.cache_write_1h_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
    }


def test_a_pass_starts_only_when_the_one_before_it_has_begun(
    repository: tuple[Path, Change],
) -> None:
    """Started sooner, each would pay for writing the prompt: an entry is there from then on."""
    slow = Turn(text=answer(), delay_seconds=0.05, chunk_characters=4)
    done = deep(repository, slow, slow, slow, slow)

    assert [bill.usage.cache_read_tokens > 0 for bill in done.api.ledger] == [
        False, True, True, True,
    ]  # fmt: skip


def test_what_is_estimated_for_the_prompts_is_what_they_cost(
    repository: tuple[Path, Change],
) -> None:
    done = deep(repository, *[Turn(text=answer())] * 4)

    estimate = reviewed(done).cost.estimate
    assert estimate
    paid = sum(Tariff(model=MODEL).usd(Usage(**_prompt(bill.usage))) for bill in done.api.ledger)
    assert estimate.passes == 4
    assert estimate.prompts_usd == pytest.approx(paid, rel=0.05)


def test_passes_that_could_exceed_the_cap_are_not_started_and_it_is_said(
    repository: tuple[Path, Change],
) -> None:
    dear = Turn(text=answer(), thinking_tokens=60_000)  # $1.20 for each answer
    done = deep(repository, *[dear] * 4, max_usd_per_review=3.0)

    review = reviewed(done)
    assert len(asked(done)) == 2
    assert [each.partition(":")[0] for each in review.coverage.incomplete] == [
        "the pass for security", "the pass for tests",
    ]  # fmt: skip
    assert review.cost.usd <= 3.0


# --- what fails without harm ------------------------------------------------------------------


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize(
    "failing",
    [
        Turn.truncated(answer(SUM), keep_characters=40),
        Turn(text="no JSON"),
        Turn.refusal("cyber"),
    ],
    ids=["truncated", "prose", "refused"],
)
def test_a_pass_that_fails_leaves_the_others_and_an_incomplete_review(
    repository: tuple[Path, Change], at: int, failing: Turn
) -> None:
    """The stand-in has no turn left for a repair, and answers 500 then."""
    turns = [Turn(text=answer(UNTESTED))] * 4
    turns[at] = failing
    review = reviewed(deep(repository, *turns))
    assert "No test covers this at all" in {p.proven.finding.title for p in review.findings}
    assert review.unfinished == ""
    assert [each for each in review.coverage.incomplete if LENSES[at] in each]


def test_a_pass_that_breaks_off_is_tried_again(repository: tuple[Path, Change]) -> None:
    cut = Turn(text=answer(SUM), breaks=Break(how="cut", after=6))
    turns = [Turn(text=answer()), cut, *[Turn(text=answer())] * 3]
    review = reviewed(deep(repository, *turns))

    assert review.coverage.incomplete == ()
    assert review.unfinished == ""


def test_when_every_pass_is_cut_off_the_review_is_unfinished(
    repository: tuple[Path, Change],
) -> None:
    done = deep(repository, *[Turn.truncated(answer(SUM), keep_characters=40)] * 4)

    assert reviewed(done).unfinished
    assert done.code == EXIT_UNFINISHED


def test_a_key_that_is_refused_is_refused_once(repository: tuple[Path, Change]) -> None:
    done = deep(repository, *[Turn.key_refused()] * 4)

    assert done.review is None
    assert done.code == EXIT_USER
    assert len(asked(done)) == 1


def test_a_gate_does_not_pass_what_a_missing_pass_did_not_look_at(
    repository: tuple[Path, Change],
) -> None:
    turns = [*[Turn(text=answer())] * 3, Turn.truncated(answer(SUM), keep_characters=40)]
    open_gate = deep(repository, *turns)
    gate = deep(repository, *turns, fail_on="high")

    assert (open_gate.code, gate.code) == (EXIT_CLEAN, EXIT_UNFINISHED)


def test_every_reply_is_kept_before_anything_can_fail(repository: tuple[Path, Change]) -> None:
    done = deep(repository, *[Turn(text=answer(SUM))] * 4, Turn(text=RULED))

    assert [len(run.replies) for run in done.silent.kept] == [1, 2, 3, 4, 4, 5, 5]
