from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from piping import QUIET, tools_for

from reviewer.ask.models import bundled
from reviewer.errors import CouldNotFinish
from reviewer.flow import Change, Level
from reviewer.ports import Occasion
from reviewer.prepare import counted, prepare
from reviewer.settings import Settings
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

    from reviewer.flow import ModelFacts, Request
    from reviewer.prepare import Prepared

ROOM = Settings(max_prompt_tokens=40_000)


@pytest.fixture
def repository(work_tree: WorkTree) -> Iterator[GitRepository]:
    """Forty source files of about 1,100 tokens each: a little more than the room."""
    work_tree.commit({f"part{n:02}.py": f"value_{n} = {n}\n" * 160 for n in range(40)})
    opened = GitRepository(work_tree.folder)
    yield opened
    opened.close()


def changed(work_tree: WorkTree, files: dict[str, str]) -> Change:
    base = work_tree.git("rev-parse", "main")
    work_tree.git("checkout", "--quiet", "--detach", "main")
    head = work_tree.commit(dict(files))
    return Change(base=base, merge_base=base, head=head)


def facts() -> ModelFacts:
    found = bundled("claude-opus-5-5")
    assert found
    return found


def prepared(change: Change, repository: GitRepository, settings: Settings = ROOM) -> Prepared:
    return prepare(change, settings, tools=tools_for(repository), facts=facts(), activity=QUIET)


def static(found: Prepared) -> list[str]:
    return [block.text for block in (*found.request.system, *found.request.user[:-2])]


def full(found: Prepared) -> int:
    return sum(file.level is Level.FULL for file in found.pack.files)


def test_two_changes_of_one_base_share_every_byte_before_them(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    one = prepared(changed(work_tree, {"part00.py": "value = 0\n"}), repository)
    other = prepared(changed(work_tree, {"new.py": "value = 1\n", "part01.py": ""}), repository)

    assert static(one) == static(other)
    assert one.request.user[-2] != other.request.user[-2]


def test_a_large_change_is_shown_in_full_and_the_codebase_gives_way(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    small = prepared(changed(work_tree, {"new.py": "value = 0\n"}), repository)
    text = "".join(f"value_{n} = {n}\n" for n in range(1500))
    large = prepared(changed(work_tree, {"new.py": text}), repository)

    assert [file.text for file in large.changed] == [text]
    assert 0 < full(large) < full(small)


def test_a_change_that_fits_nowhere_is_reviewed_by_the_part_that_fits_and_says_so(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    files = {f"new{n}.py": f"value = {n}\n" * 1500 for n in range(9)}
    found = prepared(changed(work_tree, files), repository)

    shown = [file for file in found.changed if file.shows_diff]
    assert 0 < len(shown) < len(files)
    assert all("over the budget" in file.why for file in found.changed)


def test_the_estimate_stays_within_the_room(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    change = changed(work_tree, {f"new{n}.py": f"value = {n}\n" * 1500 for n in range(9)})

    assert prepared(change, repository).estimate.prompt_tokens <= 40_000


class Counting:
    """A model whose count is so many times our estimate."""

    def __init__(self, factor: float, **about: Any) -> None:
        self.factor = factor
        self.about = about
        self.counts: list[int] = []

    def facts(self, model: str) -> ModelFacts:
        del model
        return replace(facts(), **self.about)

    def count_tokens(self, request: Request) -> int:
        size = sum(len(block.text) for block in (*request.system, *request.user))
        self.counts.append(int(size / 2.4 * self.factor))
        return self.counts[-1]

    def ask(self, *_args: object, **_options: object) -> None:
        raise AssertionError("nothing is paid for while it is prepared")


def test_the_count_of_the_api_has_the_last_word(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    change = changed(work_tree, {"new.py": "value = 0\n"})
    model = Counting(2.0)

    found = counted(
        change, ROOM, tools=tools_for(repository), model=model, occasion=Occasion(activity=QUIET)
    )  # type: ignore[arg-type]

    assert model.counts[0] > 40_000
    assert found.estimate.counted
    assert found.estimate.prompt_tokens == model.counts[-1] <= 40_000


@pytest.mark.parametrize(
    ("factor", "about", "believed"),
    [
        (0.3, {}, False),
        (0.9, {}, True),
        (0.9, {"at_gateway": True}, False),
        (0.9, {"at_gateway": True, "source": "settings"}, True),
    ],
)
def test_a_count_that_is_far_too_low_is_none(
    work_tree: WorkTree,
    repository: GitRepository,
    factor: float,
    about: dict[str, Any],
    believed: bool,
) -> None:
    change = changed(work_tree, {"new.py": "value = 0\n"})

    found = counted(
        change,
        ROOM,
        tools=tools_for(repository),
        model=Counting(factor, **about),  # type: ignore[arg-type]
        occasion=Occasion(activity=QUIET),
    )

    assert found.estimate.counted is believed


def test_a_prompt_that_never_fits_by_the_apis_count_is_an_error_before_money_is_spent(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    change = changed(work_tree, {"new.py": "value = 0\n"})

    with pytest.raises(CouldNotFinish, match="40,000"):
        counted(
            change,
            ROOM,
            tools=tools_for(repository),
            model=Counting(100),
            occasion=Occasion(activity=QUIET),
        )  # type: ignore[arg-type]
