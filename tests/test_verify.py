"""A second look takes away only what it refutes from the code, and a bad one takes nothing."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from answers import answer, claim
from conftest import WorkTree
from piping import Piped

from reviewer.flow import Change, Ruling
from reviewer.settings import Settings
from reviewer.standin.messages import Break, Turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reviewer.flow import Review
    from reviewer.standin.messages_script import Received

LINES = [f"value_{number} = compute({number}, seed)" for number in range(40)]
CONTRADICTS = "def compute(number, seed):"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Change]:
    tree = WorkTree(tmp_path_factory.mktemp("verify") / "repository")
    compute = f"{CONTRADICTS}\n    return number + seed\n"
    base = tree.commit({"compute.py": compute, "values.py": "seed = 1\n", "other.py": "x = 1\n"})
    head = tree.commit({"values.py": "\n".join(["seed = 1", *LINES, ""])})
    return tree.folder, Change(base=base, merge_base=base, head=head)


def findings(count: int) -> list[dict[str, Any]]:
    return [claim("values.py", LINES[at], title=f"Claim {at}") for at in range(count)]


def asked(received: Received) -> list[dict[str, Any]]:
    """The findings that a request for a second look holds."""
    text = received.body["messages"][0]["content"][0]["text"]
    inside: str = text.partition("<findings>\n")[2].partition("\n</findings>")[0]
    return list(json.loads(inside))


def ruling(name: str, kind: str, quote: str = "", path: str = "compute.py") -> dict[str, str]:
    return {"id": name, "why": f"{kind}, because", "path": path, "quote": quote, "ruling": kind}


def ruled(decide: Callable[[str], tuple[str, str]]) -> Turn:
    """A second look that decides by title: a kind, and the quote of a refutation."""

    def text(received: Received) -> str:
        found = asked(received)
        return json.dumps(
            {"rulings": [ruling(each["id"], *decide(each["title"])) for each in found]}
        )

    return Turn(text=text)


def reviewed(repository: tuple[Path, Change], *turns: Turn, **chosen: Any) -> tuple[Review, Piped]:
    done = Piped(*repository, *turns, settings=Settings(**chosen))
    assert done.review, done.error
    return done.review, done


def titles(review: Review) -> set[str]:
    return {placed.proven.finding.title for placed in review.findings}


def test_a_verifier_with_known_errors_takes_away_exactly_what_it_refutes(
    repository: tuple[Path, Change],
) -> None:
    """A tenth of the true findings is refuted wrongly, a fifth of the false ones gets through."""
    chance = random.Random(4)
    true = {f"Claim {at}" for at in range(0, 40, 2)}
    wrong = {f"Claim {at}" for at in range(40) if chance.random() < (0.1 if at % 2 == 0 else 0.2)}

    def decide(title: str) -> tuple[str, str]:
        stands = (title in true) != (title in wrong)
        return ("confirmed", "") if stands else ("refuted", CONTRADICTS)

    review, _ = reviewed(repository, Turn(text=answer(*findings(40))), ruled(decide))

    everything = {f"Claim {at}" for at in range(40)}
    stand = (true - wrong) | ((everything - true) & wrong)
    assert titles(review) == stand
    refuted = {each.finding.title: each.why for each in review.rejected}
    assert refuted.keys() == everything - stand
    assert set(refuted.values()) == {"a second look: refuted, because"}
    assert review.unverified == ""


def test_what_is_cited_is_sent_again_and_nothing_else(repository: tuple[Path, Change]) -> None:
    _, done = reviewed(
        repository, Turn(text=answer(*findings(1))), ruled(lambda _: ("confirmed", ""))
    )

    first, second = (each for each in done.api.requests if each.path == "/v1/messages")
    assert "other.py" in json.dumps(first.body)
    assert "other.py" not in json.dumps(second.body)
    assert f"2|{LINES[0]}" in json.dumps(second.body)
    assert [each["title"] for each in asked(second)] == ["Claim 0"]


@pytest.mark.parametrize("quote", ["", "def nothing_like_it():", "x"])
def test_a_refutation_without_a_quote_that_is_found_leaves_the_finding_uncertain(
    repository: tuple[Path, Change], quote: str
) -> None:
    review, _ = reviewed(
        repository, Turn(text=answer(*findings(1))), ruled(lambda _: ("refuted", quote))
    )

    (placed,) = review.findings
    assert placed.proven.second_look
    assert placed.proven.second_look.ruling is Ruling.UNCERTAIN
    assert review.rejected == ()


@pytest.mark.parametrize(
    "rulings",
    [
        [],
        [ruling("C7", "refuted", CONTRADICTS)],
        [ruling("C1", "confirmed"), ruling("C1", "refuted", CONTRADICTS)],
    ],
    ids=["none", "of another", "two"],
)
def test_a_finding_without_one_ruling_stays_and_it_is_said(
    repository: tuple[Path, Change], rulings: list[dict[str, str]]
) -> None:
    second = Turn(text=json.dumps({"rulings": rulings}))
    review, _ = reviewed(repository, Turn(text=answer(*findings(1))), second)

    assert titles(review) == {"Claim 0"}
    assert review.unverified == "the second look left out 1 of 1 findings"


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        (Turn(text="no JSON at all"), "could not be read"),
        (Turn(text='{"rulings": [{"id": 7}]}'), "could not be read"),
        (Turn.truncated('{"rulings": []}', keep_characters=5), "was not finished: "),
        (Turn.refusal("cyber"), "was not finished: "),
        (Turn(text="{}", breaks=Break(how="cut", after=5)), "was not finished: "),
        (Turn.key_refused(), "the second look failed: "),
    ],
    ids=["prose", "malformed", "truncated", "refused", "cut", "no answer"],
)
def test_a_second_look_that_fails_leaves_every_finding_and_says_so(
    repository: tuple[Path, Change], turn: Turn, says: str
) -> None:
    review, done = reviewed(repository, Turn(text=answer(*findings(3))), turn)

    assert titles(review) == {"Claim 0", "Claim 1", "Claim 2"}
    assert says in review.unverified
    assert review.unfinished == ""
    assert done.code == 0


def test_a_quick_review_and_one_without_findings_look_once(
    repository: tuple[Path, Change],
) -> None:
    _, quick = reviewed(repository, Turn(text=answer(*findings(1))), depth="quick")
    _, clean = reviewed(repository, Turn(text=answer()))

    for done in (quick, clean):
        assert sum(each.path == "/v1/messages" for each in done.api.requests) == 1


def test_a_second_look_that_could_exceed_the_cap_is_not_taken(
    repository: tuple[Path, Change],
) -> None:
    review, done = reviewed(
        repository,
        Turn(text=answer(*findings(1)), thinking_tokens=60_000),
        max_usd_per_review=1.4,
    )

    assert review.unverified == "no second look: it could exceed the cap"
    assert titles(review) == {"Claim 0"}
    assert sum(each.path == "/v1/messages" for each in done.api.requests) == 1


def test_the_price_of_the_second_look_is_told(repository: tuple[Path, Change]) -> None:
    once, _ = reviewed(repository, Turn(text=answer(*findings(1))), depth="quick")
    twice, done = reviewed(
        repository, Turn(text=answer(*findings(1))), ruled(lambda _: ("confirmed", ""))
    )

    assert twice.cost.usd > once.cost.usd
    assert len(done.silent.kept[-1].replies) == 2
