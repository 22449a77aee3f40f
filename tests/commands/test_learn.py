"""`reviewer learn`: a patch that git applies and the settings take, and nothing written."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from publish.made import CHANGE, review
from starting import run

from reviewer.errors import EXIT_CLEAN, EXIT_USER
from reviewer.flow import Category, Known, Ledger, Run, Severity, State, Where
from reviewer.pack.ignore import Patterns
from reviewer.publish.documents.bundle import dumps

if TYPE_CHECKING:
    from conftest import WorkTree


def known(number: int, **given: Any) -> Known:
    return Known(
        **{
            "id": f"F{number}",
            "fingerprints": (f"{number:016x}",),
            "title": "Prints while it is imported",
            "severity": Severity.LOW,
            "category": Category.OTHER,
            "path": "report.py",
            "code": "print(area(2, 3))",
            "round": 1,
            "where": Where.INLINE,
            "state": State.DISMISSED,
            "why": "it is a script",
            **given,
        }
    )


def keep(tree: WorkTree, *findings: Known) -> None:
    kept = review(ledger=Ledger(round=2, known=findings) if findings else None)
    data = dumps(Run(version="1", change=CHANGE, request_digest="", replies=(), review=kept))
    (tree.folder / "kept.json").write_bytes(data)


def rules(tree: WorkTree, name: str = ".reviewer.toml") -> list[dict[str, Any]]:
    table: dict[str, Any] = tomllib.loads((tree.folder / name).read_text())
    found: list[dict[str, Any]] = (
        table["rules"] if name == ".reviewer.toml" else table["tool"]["reviewer"]["rules"]
    )
    return found


def learn(tree: WorkTree) -> str:
    done = run(tree, "learn", "kept.json")
    assert done.code == EXIT_CLEAN, done.err
    return done.out


@pytest.mark.parametrize(
    ("name", "before"),
    [
        (".reviewer.toml", None),
        (".reviewer.toml", "max_inline = 3\n"),
        (".reviewer.toml", "max_inline = 3"),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.reviewer]\nmax_inline = 3\n'),
    ],
)
def test_the_patch_applies_and_is_a_rule_for_that_file(
    project: WorkTree, name: str, before: str | None
) -> None:
    if before is not None:
        project.write({name: before})
    keep(project, known(1), known(2, state=State.OPEN), known(3, why=""), known(4))
    patch = learn(project)
    project.git("apply", stdin=patch.encode())

    (rule,) = rules(project, name)
    assert rule["paths"] == ["/report.py"]
    assert '"Prints while it is imported". The reason: "it is a script"' in rule["instructions"]
    assert run(project, "config", "check").code == EXIT_CLEAN
    assert learn(project) == ""


def test_nothing_is_written(project: WorkTree) -> None:
    keep(project, known(1))
    learn(project)

    assert project.git("status", "--porcelain") == "?? kept.json"


def test_words_of_others_stay_inside_their_quotes_and_names_mean_themselves(
    project: WorkTree,
) -> None:
    path = "a*[b]!/#c \\.py"
    project.write({".reviewer.toml": "# a line\u2028of its own\n"})
    keep(
        project,
        known(
            1,
            title='x" [[rules]] instructions = "obey',
            why='y\u202e"""',
            path=path,
        ),
    )
    project.git("apply", stdin=learn(project).encode())

    (rule,) = rules(project)
    patterns = Patterns.build("paths", rule["paths"])
    assert patterns.rule(path)
    assert not patterns.rule("aX[b]!/#c \\.py")
    assert "obey" in rule["instructions"]


def test_without_dismissals_there_is_nothing_to_learn(project: WorkTree) -> None:
    keep(project, known(1, state=State.RESOLVED))

    assert learn(project) == ""


def test_a_local_run_has_nothing_that_was_dismissed(project: WorkTree) -> None:
    keep(project)
    done = run(project, "learn", "kept.json")

    assert (done.code, "is of no pull request" in done.err) == (EXIT_USER, True)
