"""What a command imports: the start of a process is most of what a small one takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import WorkTree

PROGRAM = """
import json, sys
from reviewer.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""

SELDOM = {
    "anthropic", "charset_normalizer", "github", "pathspec", "reviewer.source.payload", "rich",
    "tree_sitter",
}  # fmt: skip
"""Takes long, and is needed only where there is something for it."""

TO_PRICE = {"asyncio", "genai_prices", "httpx2", "pydantic"}
"""The cap in dollars bounds what is packed, and the package of prices brings the others along."""

TO_REVIEW = {"jinja2", "re2", "reviewer.flow", "sqlite3", "subprocess"}
"""Is needed by whatever looks into a repository."""


def imported(project: WorkTree, *words: str) -> set[str]:
    done = subprocess.run(
        (sys.executable, "-c", PROGRAM, *words),
        cwd=project.folder,
        env={**os.environ, "REVIEWER_CACHE_DIR": str(project.folder / ".git" / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture
def unchanged(work_tree: WorkTree) -> WorkTree:
    """A repository in which nothing differs from its default branch."""
    work_tree.commit({"area.py": "def area(width, height):\n    return width * height\n"})
    return work_tree


@pytest.mark.parametrize("name", sorted(SELDOM | TO_REVIEW))
def test_what_is_said_to_be_seldom_imported_can_be_imported(name: str) -> None:
    assert find_spec(name)


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), ("pack", "--help"), ("help", "pack")]
)
def test_help_imports_nothing_that_reviews(unchanged: WorkTree, words: tuple[str, ...]) -> None:
    assert not imported(unchanged, *words) & (SELDOM | TO_PRICE | TO_REVIEW)


@pytest.mark.parametrize("words", [("pack",), ("pack", "--stats"), ("explain", "area.py")])
def test_packing_imports_nothing_that_has_nothing_to_do(
    unchanged: WorkTree, words: tuple[str, ...]
) -> None:
    names = imported(unchanged, *words)

    assert names >= TO_REVIEW | TO_PRICE
    assert not names & SELDOM


@pytest.mark.parametrize(
    ("files", "needed"),
    [
        ({".reviewerignore": "docs/\n"}, "pathspec"),
        ({"latin.txt": b"caf\xe9 na\xefve, and an \xe9t\xe9 more\n" * 9}, "charset_normalizer"),
    ],
    ids=["patterns", "another encoding"],
)
def test_packing_imports_what_it_has_a_use_for(
    unchanged: WorkTree, files: dict[str, str | bytes], needed: str
) -> None:
    unchanged.commit(files)

    assert needed in imported(unchanged, "pack")


def test_a_local_review_loads_no_model_and_leaves_grammars_to_their_own_process(
    project: WorkTree,
) -> None:
    names = imported(project, "review", "--engine", "local")

    assert "reviewer.source.worker_process" in names
    assert not names & {
        "tree_sitter",
        "anthropic",
        "asyncio",
        "genai_prices",
        "github",
        "httpx2",
        "pathspec",
    }


@pytest.mark.parametrize("name", sorted(TO_PRICE))
def test_what_the_prices_bring_along_can_be_imported(name: str) -> None:
    assert find_spec(name)
