"""Where the ground is rough: closed streams, full disks, odd locales, hostile names."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from answers import answer
from starting import CALLER, claude, run

from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import WorkTree

NO_ROOM = 'ulimit -f 1; trap "" XFSZ; exec "$@"'
"""Every file is full after one block, as on a full disk."""

LITTLE_MEMORY = 'ulimit -v 4000000; exec "$@"'


@contextmanager
def nobody_reads() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


# --- streams ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_a_closed_stream_changes_nothing_but_what_is_heard(project: WorkTree, stream: int) -> None:
    with claude(answer(CALLER)) as (_, url):
        done = run(
            project, "review", "--fail-on", "low", url=url, through=f'exec "$@" {stream}>&-'
        )

    assert done.code == 1, done.err
    assert "Traceback" not in done.err


def test_with_standard_error_closed_standard_output_holds_the_document_alone(
    project: WorkTree,
) -> None:
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "--format", "json", url=url, through='exec "$@" 2>&-')

    assert json.loads(done.out)["format"] == "reviewer-review/1"


def test_a_reader_that_goes_away_is_never_taken_for_a_finding(project: WorkTree) -> None:
    with claude(answer(CALLER)) as (_, url), nobody_reads() as closed:
        done = run(project, "review", url=url, stdout=closed)

    assert done.code == 3
    assert "reviewer report" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("output_format", ["terminal", "json", "html"])
def test_who_wants_quiet_hears_too_where_what_was_paid_for_is_when_it_cannot_be_told(
    project: WorkTree, output_format: str
) -> None:
    with claude(answer(CALLER)) as (_, url), nobody_reads() as closed:
        words = ("review", "--quiet", "--format", output_format)
        done = run(project, *words, url=url, stdout=closed)

    assert done.code == 3
    assert "what was paid for is kept; to see it again, for nothing: reviewer report" in done.err


def test_a_log_that_cannot_be_written_is_never_taken_for_a_finding(project: WorkTree) -> None:
    with nobody_reads() as closed:
        done = run(project, "review", "--base", "nowhere", stderr=closed)

    assert done.code == 2


def test_the_prompt_is_the_same_bytes_in_every_locale(project: WorkTree) -> None:
    project.commit({"names.py": "NAMES = ['Zoë', '日本']\n"})
    plain = run(project, "pack")
    odd = run(project, "pack", LC_ALL="C", PYTHONIOENCODING="ascii")

    assert "Zoë" in plain.out
    assert (odd.code, odd.out) == (0, plain.out), odd.err


# --- disks -----------------------------------------------------------------------------------


def test_standard_output_on_a_full_disk_ends_with_3_in_plain_words(
    project: WorkTree, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("wb") as full:
        # unbuffered, Python itself takes half a write for a whole one
        done = run(project, "pack", through=NO_ROOM, stdout=full, PYTHONUNBUFFERED="")

    assert done.code == 3
    assert "the system refused" in done.err
    assert "Traceback" not in done.err


def test_a_file_on_a_full_disk_is_named(project: WorkTree, tmp_path: Path) -> None:
    done = run(project, "pack", "-o", str(tmp_path / "out"), through=NO_ROOM)

    assert done.code == 2
    assert f"{tmp_path / 'out'} cannot be written" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("through", ["", NO_ROOM], ids=["a folder stands there", "full disk"])
def test_where_nothing_can_be_kept_nothing_is_paid_for(
    project: WorkTree, tmp_path: Path, through: str
) -> None:
    place = tmp_path / "bundle.json" if through else tmp_path
    with claude(answer(CALLER)) as (messages, url):
        done = run(project, "review", "--bundle", str(place), url=url, through=through)

    assert done.code == 2, done.err
    assert f"nothing can be kept in {place}" in done.err
    assert messages.requests == []


def test_a_pipe_or_a_device_is_not_replaced_by_what_is_kept(
    project: WorkTree, tmp_path: Path
) -> None:
    place = tmp_path / "pipe"
    os.mkfifo(place)
    with claude(answer(CALLER)) as (messages, url):
        done = run(project, "review", "--bundle", str(place), url=url)

    assert done.code == 2, done.err
    assert f"nothing can be kept in {place}: it is no file" in done.err
    assert messages.requests == []
    assert place.is_fifo()


@pytest.mark.parametrize(
    "words", [("report", "/dev/zero"), ("review", "--engine", "local", "--sarif", "/dev/zero")]
)
def test_what_has_no_end_is_refused(project: WorkTree, words: tuple[str, ...]) -> None:
    done = run(project, *words, through=LITTLE_MEMORY)

    assert done.code == 2, done.err
    assert "/dev/zero is too large" in done.err


@pytest.mark.parametrize("what", ["pipe", "device", "long"])
def test_settings_in_what_has_no_end_are_refused(project: WorkTree, what: str) -> None:
    path = project.folder / ".reviewer.toml"
    match what:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            path.write_text("#" * 2_000_000)
    done = run(project, "config", "check")

    assert done.code == 2, done.err
    assert f"{path} " in done.err


def test_a_review_is_shown_although_it_could_not_be_kept(
    project: WorkTree, tmp_path: Path
) -> None:
    place = tmp_path / "bundle.json"

    def taken(_: object) -> str:
        (place / "in the way").mkdir(parents=True)
        return answer(CALLER)

    with claude(Turn(text=taken)) as (_, url):
        done = run(project, "review", "--fail-on", "high", "--bundle", str(place), url=url)

    assert done.code == 1, done.err
    assert "One caller still passes two arguments" in done.out
    assert "NOT kept" in done.err


def test_an_older_review_is_not_left_in_the_file_of_an_empty_change(
    project: WorkTree, tmp_path: Path
) -> None:
    out = tmp_path / "review.json"
    out.write_text("an older review")
    done = run(project, "review", "--base", "HEAD", "--format", "json", "-o", str(out))

    assert done.code == 0, done.err
    assert json.loads(out.read_text())["skipped"]["why"] == "the change is empty"


# --- what is missing or misspelt -------------------------------------------------------------


@pytest.mark.parametrize("command", ["review", "demo", "init"])
def test_without_git_it_ends_with_2_and_says_so(
    project: WorkTree, tmp_path: Path, command: str
) -> None:
    done = run(project, command, PATH=str(tmp_path))

    assert done.code == 2, done.err
    assert "`git` was not found" in done.err


def test_an_empty_base_is_a_mistake_and_not_the_default(project: WorkTree) -> None:
    done = run(project, "review", "--dry-run", "--base", "")

    assert done.code == 2
    assert "'' names no commit" in done.err


def test_without_a_common_ancestor_not_everything_is_taken_for_the_change(
    project: WorkTree,
) -> None:
    project.git("switch", "--quiet", "--orphan", "elsewhere")
    project.commit({"new.py": "x = 1\n"})
    done = run(project, "review", "--dry-run", "--base", "main")

    assert done.code == 2
    assert "no common ancestor" in done.err


def test_a_base_is_not_ignored_where_there_is_no_commit_yet(work_tree: WorkTree) -> None:
    done = run(work_tree, "review", "--dry-run", "--base", "main")

    assert done.code == 2
    assert "no commit yet" in done.err


def test_a_dry_run_goes_to_the_file_that_was_asked_for(project: WorkTree, tmp_path: Path) -> None:
    out = tmp_path / "price"
    done = run(project, "review", "--dry-run", "-o", str(out))

    assert (done.code, done.out) == (0, "")
    assert "Nothing was sent." in out.read_text()


def test_a_dry_run_does_not_pretend_to_know_formats(project: WorkTree) -> None:
    done = run(project, "review", "--dry-run", "--format", "json")

    assert done.code == 2
    assert "leave out --format" in done.err


def test_what_is_compared_is_said_before_anything_is_paid_for(project: WorkTree) -> None:
    done = run(project, "review", "--dry-run")
    base, head = (project.git("rev-parse", name)[:12] for name in ("main", "HEAD"))

    assert f"Reviewing {base}..{head}" in done.err


def test_config_check_names_the_file_it_read(project: WorkTree) -> None:
    without = run(project, "config", "check")
    project.write({".reviewer.toml": ""})
    found = run(project, "config", "check")

    assert "There is no file" in without.out
    assert str(project.folder / ".reviewer.toml") in found.out


def test_settings_that_cannot_be_read_are_no_reason_to_go_on_without(project: WorkTree) -> None:
    (project.folder / ".reviewer.toml").symlink_to("nowhere")
    done = run(project, "config", "check")

    assert done.code == 2
    assert ".reviewer.toml cannot be read: No such file" in done.err


# --- names -----------------------------------------------------------------------------------


def test_a_path_may_be_given_from_the_folder_one_is_in(project: WorkTree) -> None:
    project.commit({"shop/cart.py": "x = 1\n"})
    inside = project.folder / "shop"

    for path in ("cart.py", "./cart.py", "shop/cart.py", str(inside / "cart.py")):
        done = run(project, "explain", "-C", "shop", path)
        assert done.out.startswith("shop/cart.py\n"), path


def test_a_name_that_is_not_utf_8_can_be_explained(project: WorkTree) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (project.folder / name).write_text("x = 1\n")
    project.commit({})

    done = run(project, "explain", name)

    assert (done.code, done.out.splitlines()[0]) == (0, "caf%E9.py"), done.err


@pytest.mark.parametrize(
    "words",
    [("review", "--dry-run"), ("pack", "--stats"), ("explain", "\x1b[2Jx\n::error::y.bin")],
    ids=" ".join,
)
def test_a_name_can_neither_obey_nor_break_a_line(
    project: WorkTree, words: tuple[str, ...]
) -> None:
    project.commit({"\x1b[2Jx\n::error::y.bin": b"\0", "\x1b[3mdir/x.py": "x = 1\n"})
    project.git("branch", "--force", "main", "HEAD~1" if "--dry-run" in words else "HEAD")
    done = run(project, *words)

    assert done.code == 0, done.err
    assert "\x1b" not in done.out
    assert "\n::error::" not in done.out
    assert "<U+001B>[2Jx<U+000A>::error::y.bin" in done.out
