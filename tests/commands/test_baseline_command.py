"""`reviewer baseline`, through the real command line, and the reviews that honour it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from answers import answer, claim
from starting import CALLER, claude, run

from reviewer.errors import EXIT_CLEAN, EXIT_FOUND, EXIT_USER

if TYPE_CHECKING:
    from conftest import WorkTree

FILE = ".reviewer-baseline.toml"
OLD = claim(
    "report.py",
    "print(area(2, 3))",
    title="Prints while it is imported",
    origin="pre_existing",
    severity="low",
)


def reviewed(tree: WorkTree, *claims: dict[str, object], words: tuple[str, ...] = ()) -> str:
    """Review with these findings, so that a bundle of them is kept."""
    with claude(answer(*claims)) as (_, url):
        done = run(tree, "review", *words, url=url)
    assert done.code in {EXIT_CLEAN, EXIT_FOUND}, done.err
    return done.out


def with_baseline(tree: WorkTree, *claims: dict[str, object]) -> str:
    """Put the baseline of these findings on the base, as a merge would."""
    reviewed(tree, *claims)
    done = run(tree, "baseline", "write", "--reason", "since 2019")
    assert done.code == EXIT_CLEAN, done.err
    text = (tree.folder / FILE).read_text()
    (tree.folder / FILE).unlink()
    tree.git("switch", "--quiet", "main")
    tree.commit({FILE: text})
    tree.git("switch", "--quiet", "units")
    tree.git("rebase", "--quiet", "main")
    return text


def test_what_is_written_is_the_findings_of_the_last_run_and_only_that_file(
    project: WorkTree,
) -> None:
    reviewed(project, CALLER, OLD)
    done = run(project, "baseline", "write")

    assert done.code == EXIT_CLEAN, done.err
    assert "2 new, 0 stay, 0 gone" in done.out
    assert project.git("status", "--porcelain") == f"?? {FILE}"
    text = (project.folder / FILE).read_text()
    assert 'reason = "there when the baseline was written"' in text
    assert text.count("[[known]]") == 2


def test_a_known_finding_is_not_told_but_counted_with_its_reason(project: WorkTree) -> None:
    with_baseline(project, OLD)
    shown = reviewed(project, OLD, CALLER)
    page = reviewed(project, OLD, CALLER, words=("--format", "markdown"))
    document = json.loads(reviewed(project, OLD, CALLER, words=("--format", "json")))

    assert "1 finding (1 high), 1 known" in shown
    assert "Known: report.py: Prints while it is imported (since 2019)" in shown
    assert "### Review: 1 finding (high), 1 known" in page
    assert "- `report.py`: Prints while it is imported: since 2019" in page
    assert [entry["reason"] for entry in document["known"]] == ["since 2019"]


def test_a_known_finding_fails_no_gate(project: WorkTree) -> None:
    with_baseline(project, CALLER | {"path": "report.py", "quote": "print(area(2, 3))"})
    again = CALLER | {"path": "report.py", "quote": "print(area(2, 3))"}
    with claude(answer(again)) as (_, url):
        done = run(project, "review", "--fail-on", "low", url=url)

    assert done.code == EXIT_CLEAN
    assert "No new findings, 1 known" in done.out


def test_a_change_cannot_make_its_own_findings_known(project: WorkTree) -> None:
    reviewed(project, CALLER)
    run(project, "baseline", "write")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "Hide it")

    assert "One caller still passes two arguments" in reviewed(project, CALLER)


def test_the_second_look_is_not_paid_for_what_is_known(project: WorkTree) -> None:
    with_baseline(project, OLD)
    with claude(answer(OLD)) as (api, url):
        done = run(project, "review", url=url, REVIEWER_DEPTH="standard")

    assert done.code == EXIT_CLEAN, done.err
    assert len([each for each in api.requests if each.path == "/v1/messages"]) == 1


def test_the_hook_honours_it_too(project: WorkTree) -> None:
    with_baseline(project, OLD)
    base, head = (project.git("rev-parse", name) for name in ("main", "HEAD"))
    with claude(answer(OLD | {"origin": "introduced"})) as (_, url):
        done = run(
            project, "hook", "run", "origin", "url", url=url, REVIEWER_FAIL_ON="low",
            through=f'echo "refs/heads/units {head} refs/heads/units {base}" | "$@"',
        )  # fmt: skip

    assert (done.code, "No new findings, 1 known" in done.err) == (EXIT_CLEAN, True), done.err


def test_what_the_local_engine_finds_in_lines_of_the_change_is_told_whatever_is_known(
    project: WorkTree,
) -> None:
    """All it finds is about lines that the change writes or deletes."""
    run(project, "review", REVIEWER_ENGINE="local")
    run(project, "baseline", "write")
    text = (project.folder / FILE).read_text()
    (project.folder / FILE).unlink()
    project.git("switch", "--quiet", "main")
    project.commit({FILE: text})
    project.git("switch", "--quiet", "units")
    project.git("rebase", "--quiet", "main")
    done = run(project, "review", "--fail-on", "low", REVIEWER_ENGINE="local")

    assert (done.code, "known" in done.out) == (EXIT_FOUND, False), done.out


def test_writing_again_keeps_reasons_adds_what_is_new_and_drops_what_is_gone(
    project: WorkTree,
) -> None:
    reviewed(project, OLD, CALLER)
    run(project, "baseline", "write", "--reason", "first")
    reviewed(project, OLD | {"title": "It prints while it is imported"})
    project.write({"area.py": "def area(width, height):\n    return width * height\n"})
    done = run(project, "baseline", "write", "--reason", "second")

    assert "0 new, 1 stay, 1 gone" in done.out
    text = (project.folder / FILE).read_text()
    assert text.count("[[known]]") == 1
    assert 'title = "Prints while it is imported"\nreason = "first"' in text


def test_a_finding_whose_code_is_not_there_is_not_added_and_it_is_said(project: WorkTree) -> None:
    reviewed(project, CALLER)
    project.write({"area.py": "nothing = 1\n"})
    done = run(project, "baseline", "write")

    assert "0 new" in done.out
    assert "area.py: One caller still passes two arguments: not added" in done.out


def test_check_lists_what_is_gone_and_ends_with_1_only_then(project: WorkTree) -> None:
    reviewed(project, OLD)
    run(project, "baseline", "write")
    good = run(project, "baseline", "check")
    project.write({"report.py": "from area import area\n"})
    bad = run(project, "baseline", "check")

    assert (good.code, bad.code) == (EXIT_CLEAN, EXIT_FOUND)
    assert "1 known findings whose code is there, 0 whose code is gone" in good.out
    assert "report.py: Prints while it is imported: not needed any more" in bad.out


def test_without_a_baseline_there_is_nothing_to_check(project: WorkTree) -> None:
    assert run(project, "baseline", "check").code == EXIT_CLEAN


def test_without_a_kept_run_there_is_nothing_to_write(project: WorkTree) -> None:
    done = run(project, "baseline", "write")

    assert (done.code, (project.folder / FILE).exists()) == (EXIT_USER, False)
    assert "last.json cannot be read" in done.err


def test_a_baseline_that_is_damaged_stops_the_review_before_anything_is_paid(
    project: WorkTree,
) -> None:
    project.git("switch", "--quiet", "main")
    project.commit({FILE: "version = 1\n[[known]]\n"})
    project.git("switch", "--quiet", "units")
    project.git("rebase", "--quiet", "main")
    with claude(answer()) as (api, url):
        done = run(project, "review", url=url)

    assert done.code == EXIT_USER
    assert "[[known]] 1, path: it must be there" in done.err
    assert [each.path for each in api.requests if each.method == "POST"] == []


def test_a_link_or_a_file_that_git_ignores_is_no_baseline(project: WorkTree) -> None:
    reviewed(project, OLD)
    outside = project.folder.parent / "outside"
    outside.write_text("mine")
    (project.folder / FILE).symlink_to(outside)
    linked = run(project, "baseline", "write")
    (project.folder / FILE).unlink()
    project.write({".gitignore": f"{FILE}\n", FILE: "version = 1\n"})
    ignored = run(project, "baseline", "write")

    assert (linked.code, outside.read_text()) == (EXIT_USER, "mine")
    assert (ignored.code, "is ignored by git" in ignored.err) == (EXIT_USER, True)
