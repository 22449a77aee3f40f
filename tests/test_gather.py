"""What is shown of a real repository: outlines, related files, and no secret anywhere."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from formats import draw
from piping import QUIET, tools_for

from reviewer.ask.bounds import prompt_text
from reviewer.ask.models import bundled
from reviewer.flow import Change, Level
from reviewer.prepare import prepare
from reviewer.settings import Settings
from reviewer.source.blob_cache import BlobCache
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

    from reviewer.ports import Memory
    from reviewer.prepare import Prepared

DRAWN = [draw("github-classic", Random(seed)) for seed in range(3)]
TOKENS = [(line.strip(), token) for line, token in DRAWN]
"""Three lines with a token each: `(line, token)`."""

BODY = "".join(f"    step_{n} = prepare({n})\n" for n in range(120))


def prepared(
    tree: WorkTree, *, memory: Memory | None = None, room_tokens: int = 40_000, **words: str
) -> Prepared:
    base, head = tree.git("rev-parse", "main"), tree.git("rev-parse", "HEAD")
    change = replace(Change(base=base, merge_base=base, head=head), **words)
    facts = bundled("claude-opus-5-5")
    assert facts
    with closing(GitRepository(tree.folder)) as repository:
        tools = tools_for(repository)
        if memory:
            tools = replace(tools, memory=memory)
        settings = Settings(max_prompt_tokens=room_tokens)
        return prepare(change, settings, tools=tools, facts=facts, activity=QUIET)


def on_a_branch(tree: WorkTree, files: dict[str, str]) -> None:
    tree.git("checkout", "--quiet", "-b", "topic")
    tree.commit(dict(files))


def test_no_secret_is_left_anywhere_in_the_prompt(work_tree: WorkTree) -> None:
    (shown, first), (removed, second), (added, third) = TOKENS
    work_tree.commit(
        {
            "settings.py": f"import os\n{shown}\n",
            "old.py": f"def old():\n    {removed}\n    run()\n",
        }
    )
    on_a_branch(work_tree, {"old.py": f"def old():\n    run()\n    {added}\n"})

    found = prepared(
        work_tree, title=f"Use {first}", description=f"Was {second}.", commits=(f"Now {third}",)
    )
    text = prompt_text(found.request)

    assert not any(token in text for _, token in TOKENS)
    assert text.count("[secret: ") >= 6
    assert sum(count for _, count in found.shown.secrets) == 3


def test_the_same_secret_has_the_same_number_wherever_it_stands(work_tree: WorkTree) -> None:
    line, _ = TOKENS[0]
    work_tree.commit({"a.py": f"{line}\n", "b.py": "x = 1\n"})
    on_a_branch(work_tree, {"b.py": f"x = 1\n{line}\n"})

    found = prepared(work_tree)

    assert found.shown.secrets == tuple((kind, 1) for kind, _ in found.shown.secrets)


def test_the_numbers_of_the_codebase_do_not_depend_on_the_change(work_tree: WorkTree) -> None:
    work_tree.commit({"b.py": f"{TOKENS[0][0]}\n", "c.py": "x = 1\n"})
    on_a_branch(work_tree, {"a.py": f"{TOKENS[1][0]}\n", "c.py": f"{TOKENS[2][0]}\n"})
    with_secrets = prepared(work_tree)
    work_tree.git("checkout", "--quiet", "--detach", "main")
    work_tree.commit({"c.py": "x = 2\n"})
    without = prepared(work_tree)

    assert with_secrets.request.user[0] == without.request.user[0]


def big(work_tree: WorkTree) -> None:
    """Thirty files of which each calls the one before; more than the room in full."""
    files = {
        f"part{n:02}.py": (
            f"from part{max(n - 1, 0):02} import run_{max(n - 1, 0):02}\n\n\n"
            f'def run_{n:02}(count, unit):\n    """Run part {n}."""\n{BODY}'
            f"    return run_{max(n - 1, 0):02}(count, unit)\n"
        )
        for n in range(30)
    }
    work_tree.commit(files)


def test_what_does_not_fit_in_full_is_shown_by_its_signatures(work_tree: WorkTree) -> None:
    big(work_tree)
    on_a_branch(work_tree, {"new.py": "x = 1\n"})

    found = prepared(work_tree, room_tokens=24_000)
    levels = {file.level for file in found.pack.files}
    (path, outline) = next(iter(found.pack.outlines.items()))

    assert levels >= {Level.FULL, Level.OUTLINE}
    assert f"def run_{path[4:6]}(count, unit):" in outline.text
    assert "step_30" not in outline.text


def test_what_the_change_has_to_do_with_comes_beside_it_in_full(work_tree: WorkTree) -> None:
    big(work_tree)
    name = "part11.py"
    text = (work_tree.folder / name).read_text(encoding="utf-8")
    on_a_branch(work_tree, {name: text.replace("(count, unit):", "(count, unit, tax):")})

    found = prepared(work_tree, room_tokens=24_000)
    near = {each.path: each for each in found.shown.neighbours}
    beside = {file.path for file in found.shown.related}
    in_full = {file.path for file in found.pack.files if file.level is Level.FULL}

    assert near["part12.py"].relation == "uses"
    assert near["part12.py"].names == ("run_11",)
    assert near["part12.py"].shown
    assert "part12.py" in beside | in_full
    assert not beside & in_full


def test_what_the_local_engine_finds_is_given_to_the_model_as_hints(work_tree: WorkTree) -> None:
    work_tree.commit(
        {
            "area.py": "def area(width, height):\n    return width * height\n",
            "report.py": "from area import area\n\nprint(area(2, 3))\n",
        }
    )
    changed = "def area(width, height, unit):\n    return width * height * unit\n"
    on_a_branch(work_tree, {"area.py": changed})

    text = prompt_text(prepared(work_tree).request)

    assert "<hints>\n- `area` takes other arguments now" in text


def test_a_cache_changes_nothing_in_the_prompt(work_tree: WorkTree, tmp_path: Path) -> None:
    big(work_tree)
    on_a_branch(work_tree, {"part11.py": "x = 1\n"})
    plain = prepared(work_tree, room_tokens=24_000)
    for _ in range(2):
        with BlobCache(tmp_path / "cache") as memory:
            assert prepared(work_tree, memory=memory, room_tokens=24_000).request == plain.request


class Lying:
    """A memory in which somebody wrote nonsense about every file."""

    def __init__(self, value: bytes) -> None:
        self.value = value

    def recall(self, kind: str, oids: object) -> dict[str, bytes]:
        return dict.fromkeys(oids, self.value)  # type: ignore[call-overload, no-any-return]

    def remember(self, kind: str, values: object) -> None:
        """Keep nothing."""


def test_nonsense_in_the_cache_costs_time_only(work_tree: WorkTree) -> None:
    big(work_tree)
    on_a_branch(work_tree, {"part11.py": f"{TOKENS[0][0]}\n"})
    plain = prepared(work_tree, room_tokens=24_000)

    for value in (b"", b"-1", b"9" * 40, b"\xff" * 13, b"[[[", b"null", b"{}", b"[1, 2, 3]"):
        found = prepared(work_tree, memory=Lying(value), room_tokens=24_000)
        assert found.request == plain.request
