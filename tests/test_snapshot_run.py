"""Reviews of one day through the real pipeline: what they share is read, what is stale is none."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from a_day import BUSY, Days, at
from answers import answer, claim
from piping import Silent, tools_for

from reviewer.ask.claude import Claude
from reviewer.pipeline import review
from reviewer.ports import Occasion
from reviewer.source.repo import GitRepository
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from reviewer.flow import Review

STALE = claim("part03.py", "    return x + 3", title="Quotes what was there yesterday")
NOW = claim("part03.py", "def part_3(x):\n    return x\n", title="Quotes what is there now")
GONE = claim("part07.py", "    return x + 7", title="Quotes a file that has gone")


@pytest.fixture
def days(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Days:
    for name in ("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE"):
        monkeypatch.setenv(name, "")  # put back at the end
    return Days(tmp_path_factory.mktemp("days") / "repository")


def reviewed(days: Days, base: str, api: Messages) -> Review:
    silent = Silent()
    with (
        closing(GitRepository(days.tree.folder)) as repository,
        Server(api) as server,
        closing(Claude(api_key="k", base_url=server.url, sleep=lambda _: None)) as claude,
    ):
        found, _ = review(
            days.change(base),
            BUSY,
            tools=tools_for(repository),
            model=claude,
            publisher=silent,
            keeper=silent,
            progress=silent,
            occasion=Occasion(activity=at("12:00")),
        )
    return found


def test_the_second_review_of_a_day_reads_the_codebase_although_the_base_moved(
    days: Days,
) -> None:
    api = Messages([Turn(text=answer())] * 2)

    first, second = (reviewed(days, base, api) for base in (days.early, days.late))

    wrote, read = (bill.usage for bill in api.ledger)
    assert wrote.cache_read_tokens == 0
    assert read.cache_read_tokens > 0.8 * read.prompt_tokens
    assert second.cost.usd < 0.3 * first.cost.usd


def test_only_what_the_base_holds_now_is_evidence(days: Days) -> None:
    turns = [Turn(text=answer(STALE, NOW, GONE)), Turn(text='{"rulings": []}')]

    found = reviewed(days, days.late, Messages(turns))

    assert [one.proven.finding.title for one in found.findings] == ["Quotes what is there now"]
    assert {one.finding.title for one in found.rejected} == {STALE["title"], GONE["title"]}


def test_the_receipt_tells_of_the_snapshot_and_what_has_changed_since(days: Days) -> None:
    found = reviewed(days, days.late, Messages([Turn(text=answer())]))

    assert "the snapshot of the day, with an overlay of 3 files" in found.coverage.snapshot
