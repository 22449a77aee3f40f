"""All reviews of a day share one prefix, to the byte: whoever makes them, wherever, for what."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from a_day import BUSY, Days, at
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from piping import tools_for

from reviewer.ask.models import bundled
from reviewer.flow import Activity, Block, Change, PullRequest
from reviewer.prepare import Prepared, prepare
from reviewer.settings import Settings
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
            patch.setenv(name, "Ada")
        for name in ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
            patch.setenv(name, "ada@example.invalid")
        for name in ("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE"):
            patch.setenv(name, "")
        return Days(tmp_path_factory.mktemp("days") / "repository")


def prepared(
    folder: Path, change: Change, *, hour: str = "12:00", settings: Settings = BUSY
) -> Prepared:
    facts = bundled(settings.model)
    assert facts
    with closing(GitRepository(folder)) as repository:
        tools = tools_for(repository)
        return prepare(change, settings, tools=tools, facts=facts, activity=at(hour))


def prefix(found: Prepared, breakpoints: int) -> list[Block]:
    """The blocks up to a breakpoint: 1 instructions, 2 core, 3 rest, 4 overlay."""
    blocks = (*found.request.system, *found.request.user)
    ends = [n for n, block in enumerate(blocks, start=1) if block.breakpoint]
    return list(blocks[: ends[breakpoints - 1]])


def test_two_changes_of_one_day_share_the_codebase_although_the_base_moved(days: Days) -> None:
    early, late = (
        prepared(days.tree.folder, days.change(base)) for base in (days.early, days.late)
    )

    assert prefix(early, 3) == prefix(late, 3)
    assert prefix(early, 4) != prefix(late, 4)


def test_a_large_change_shares_the_core_alone_and_hides_no_code_for_it(days: Days) -> None:
    usual = prepared(days.tree.folder, days.change(days.late))
    large = prepared(days.tree.folder, days.large())
    plain = prepared(days.tree.folder, days.large(), settings=replace(BUSY, cache="off"))

    assert prefix(large, 2) == prefix(usual, 2)
    assert sum(block.breakpoint for block in large.request.user) == 1
    assert large.shown.snapshot
    assert len(large.pack.texts) >= len(plain.pack.texts) - 1
    assert large.estimate.warm_usd < plain.estimate.warm_usd


def test_a_change_that_leaves_no_room_for_the_core_writes_nothing_for_others(days: Days) -> None:
    busy = replace(BUSY, cache="auto", reviews_per_hour=9.0)

    found = prepared(days.tree.folder, days.large(files=22), settings=busy)

    assert (found.shown.snapshot, found.request.cache_ttl) == (None, None)
    assert "leaves no room for what the reviews of the day share" in found.cache


def test_the_codebase_with_its_overlay_is_the_base_as_it_is(days: Days) -> None:
    found = prepared(days.tree.folder, days.change(days.late))
    plain = prepared(days.tree.folder, days.change(days.late), settings=replace(BUSY, cache="off"))

    assert found.shown.snapshot
    assert found.shown.snapshot.changed == 3
    assert found.pack.texts == plain.pack.texts
    assert plain.shown.snapshot is None


@given(
    title=st.text(max_size=30),
    number=st.integers(1, 10**6),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    late=st.booleans(),
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_about_the_change_or_the_hour_gets_in_front(
    days: Days, title: str, number: int, hour: int, minute: int, late: bool
) -> None:
    base = days.late if late else days.early
    url = f"https://github.com/octo/demo/pull/{number}"
    request = PullRequest(repository="octo/demo", number=number, url=url)
    other = days.change(base, title=title, description=title * 9, pull_request=request)

    found = prepared(days.tree.folder, other, hour=f"{hour:02}:{minute:02}")
    first = prepared(days.tree.folder, days.change(days.early))

    assert prefix(found, 3) == prefix(first, 3)


def test_no_id_and_no_date_stands_in_front(days: Days) -> None:
    written = "".join(
        block.text for block in prefix(prepared(days.tree.folder, days.change(days.late)), 4)
    )

    for volatile in (days.early, days.late, *days.heads.values()):
        assert volatile[:7] not in written
    assert "2026" not in written
    assert str(days.tree.folder) not in written


def test_the_next_day_shows_the_codebase_of_the_evening(days: Days) -> None:
    tomorrow = datetime.fromisoformat("2026-11-03T00:00:00Z").timestamp()
    facts = bundled(BUSY.model)
    assert facts
    with closing(GitRepository(days.tree.folder)) as repository:
        found = prepare(
            days.change(days.late),
            BUSY,
            tools=tools_for(repository),
            facts=facts,
            activity=Activity(now=tomorrow, since=tomorrow),
        )

    assert found.shown.snapshot
    assert (found.shown.snapshot.commit, found.shown.snapshot.text) == (days.late, "")


# --- what it may not cost ----------------------------------------------------------------------


def test_nothing_is_hidden_for_the_sake_of_the_cache(days: Days) -> None:
    busy = Settings(reviews_per_hour=9.0, max_usd_per_review=1.6)

    found = prepared(days.tree.folder, days.change(days.late), settings=busy)
    off = prepared(days.tree.folder, days.change(days.late), settings=replace(busy, cache="off"))

    assert (found.request.cache_ttl, found.shown.snapshot) == (None, None)
    assert found.pack == off.pack
    assert "raise `max_usd_per_review` to" in found.cache


def test_the_cap_that_is_named_is_enough(days: Days) -> None:
    busy = Settings(reviews_per_hour=9.0, max_usd_per_review=1.6)
    told = prepared(days.tree.folder, days.change(days.late), settings=busy).cache
    enough_usd = float(told.split("max_usd_per_review` to ")[1].split()[0]) + 0.01

    found = prepared(
        days.tree.folder,
        days.change(days.late),
        settings=replace(busy, max_usd_per_review=enough_usd),
    )

    assert found.request.cache_ttl == "1h"
    assert found.shown.snapshot


def test_who_asks_for_the_cache_gets_it_whatever_it_hides(days: Days) -> None:
    asked = Settings(cache="1h", max_usd_per_review=1.6)

    found = prepared(days.tree.folder, days.change(days.late), settings=asked)

    assert found.request.cache_ttl == "1h"
    assert found.budget_tokens < 40_000


# --- other machines ----------------------------------------------------------------------------

DIGEST = """
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from reviewer.ask.models import bundled
from reviewer.flow import Activity, Change
from reviewer.ports import Tools
from reviewer.prepare import prepare
from reviewer.settings import Settings
from reviewer.source.blob_cache import BlobCache, Forgetful
from reviewer.source.pool import Processes
from reviewer.source.repo import GitRepository

folder, base, head, now = sys.argv[1:]
with closing(GitRepository(Path(folder))) as repository:
    repository.fetch([base, head])
    pool = Processes()
    found = prepare(
        Change(base=base, merge_base=base, head=head),
        Settings(cache="1h", max_prompt_tokens=60_000),
        tools=Tools(repository=repository, memory=Forgetful(), pool=pool),
        facts=bundled("claude-opus-5-5"),
        activity=Activity(now=float(now), since=float(now)),
    )
digest = sha256()
for block in (*found.request.system, *found.request.user):
    digest.update(block.text.encode())
    if block.breakpoint:
        print(digest.hexdigest())
"""

MACHINES = {
    "another hash seed": {"PYTHONHASHSEED": "7"},
    "a Turkish locale": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "a plain locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "the other side of the date line": {"TZ": "Pacific/Kiritimati"},
    "a user's git settings": {
        "GIT_CONFIG_COUNT": "4",
        "GIT_CONFIG_KEY_0": "core.quotePath",
        "GIT_CONFIG_VALUE_0": "false",
        "GIT_CONFIG_KEY_1": "core.autocrlf",
        "GIT_CONFIG_VALUE_1": "true",
        "GIT_CONFIG_KEY_2": "diff.renames",
        "GIT_CONFIG_VALUE_2": "copies",
        "GIT_CONFIG_KEY_3": "log.showSignature",
        "GIT_CONFIG_VALUE_3": "true",
    },
}


def digests(days: Days, folder: Path, **environment: str) -> list[str]:
    now = str(at("12:00").now)
    done = subprocess.run(
        [sys.executable, "-c", DIGEST, folder, days.late, days.heads[days.late], now],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def expected(days: Days) -> list[str]:
    found = digests(days, days.tree.folder, PYTHONHASHSEED="0")
    assert len(found) == 4
    return found


@pytest.mark.parametrize("machine", MACHINES)
def test_every_machine_writes_the_same_bytes(
    days: Days, expected: list[str], machine: str
) -> None:
    assert digests(days, days.tree.folder, **MACHINES[machine]) == expected


@pytest.mark.parametrize("options", [["--bare"], ["--depth=1"], ["--no-checkout"]])
def test_every_kind_of_clone_writes_the_same_bytes(
    days: Days, expected: list[str], tmp_path: Path, options: list[str]
) -> None:
    days.tree.git("config", "uploadpack.allowAnySHA1InWant", "true")
    days.tree.git("branch", "--force", "here", days.late)
    clone = tmp_path / "clone"
    source = days.tree.folder.as_uri()
    days.tree.git("clone", "--quiet", "--branch=here", *options, source, str(clone))

    assert digests(days, clone) == expected
