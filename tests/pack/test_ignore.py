from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from packing import rules

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from pathlib import Path


def test_exclude_beats_include() -> None:
    both = rules(include=["docs/*"], exclude=["docs/a.md"])

    assert both.excluded_by("docs/a.md") == "exclude docs/a.md"


def test_include_beats_the_repositorys_own_list() -> None:
    both = rules(include=["docs/a.md"], reviewerignore="docs/\n")

    assert both.excluded_by("docs/a.md") == ""
    assert both.excluded_by("docs/b.md") == ".reviewerignore docs/"


def test_the_line_that_decided_is_named() -> None:
    some = rules(reviewerignore="# generated\n*.log\n\n/build/\n")

    assert some.excluded_by("build/x.py") == ".reviewerignore /build/"


def test_a_later_line_takes_a_file_back() -> None:
    some = rules(reviewerignore="docs/*\n!docs/api.md\n")

    assert some.excluded_by("docs/api.md") == ""
    assert some.excluded_by("docs/b.md")


def test_a_file_under_an_excluded_folder_can_be_taken_back_although_git_would_not() -> None:
    some = rules(reviewerignore="docs/\n!docs/api.md\n")

    assert some.excluded_by("docs/api.md") == ""


@pytest.mark.parametrize("bad", ["src\\", "[[:alpha:]]x", "!"])
def test_a_pattern_that_cannot_be_read_is_named_with_its_line(bad: str) -> None:
    with pytest.raises(UserMustAct, match=r"line 2 of \.reviewerignore"):
        rules(reviewerignore=f"*.log\n{bad}\n")


def test_a_bad_pattern_in_a_setting_names_the_setting() -> None:
    with pytest.raises(UserMustAct, match="line 1 of exclude"):
        rules(exclude=["src\\"])


@pytest.mark.parametrize("path", ["pri\nvate/private/key", "private/a\n", "a\n/private/b"])
def test_a_newline_in_a_name_does_not_slip_past_a_pattern(path: str) -> None:
    assert rules(exclude=["private/"]).excluded_by(path)


def test_a_newline_at_the_end_of_a_name_is_part_of_the_name() -> None:
    assert rules(exclude=["key"]).excluded_by("key\n") == ""


def test_a_deeper_file_of_attributes_wins() -> None:
    some = rules(
        attributes={
            "": "*.js linguist-generated",
            "src": "*.js -linguist-generated",
            "src/out": "*.js linguist-generated=true",
        }
    )

    assert some.marks("a.js")["linguist-generated"].is_set
    assert not some.marks("src/a.js")["linguist-generated"].is_set
    assert some.marks("src/out/a.js")["linguist-generated"].is_set


def test_the_last_line_of_a_file_of_attributes_wins() -> None:
    some = rules(attributes={"": "*.js linguist-vendored\na.js linguist-vendored=false"})

    assert not some.marks("a.js")["linguist-vendored"].is_set


def test_an_attribute_can_be_unspecified_again() -> None:
    some = rules(attributes={"": "*.js linguist-vendored\na.js !linguist-vendored"})

    assert some.marks("a.js") == {}


def test_the_rule_says_where_the_attribute_stands() -> None:
    some = rules(attributes={"src": "*.js linguist-generated"})

    assert some.marks("src/a.js")["linguist-generated"].rule == (
        "linguist-generated in src/.gitattributes"
    )


ATTRIBUTES = {
    "": (
        "*.js linguist-generated\n"
        "dist linguist-vendored\n"
        "out/ linguist-vendored\n"
        "/root.py linguist-documentation\n"
        "lib/** linguist-vendored\n"
        "# *.c linguist-generated\n"
        "!*.h linguist-generated\n"
        "a/**/z.c linguist-generated\n"
        '"with space.py" linguist-generated\n'
        "\\#odd.py linguist-generated\n"
        "[ab].txt linguist-documentation text\n"
        "*.md text linguist-documentation=false\n"
    ),
    "lib": "own/* -linguist-vendored\n*.js !linguist-generated\n",
    "lib/own": "x.c linguist-vendored\n",
}
PATHS = (
    "a.js", "s/a.js", "dist", "dist/x.c", "s/dist", "out/x.c", "root.py", "s/root.py", "lib/x.c",
    "lib/own/x.c", "lib/own/y.c", "lib/own/deep/y.c", "lib/a.js", "x.c", "x.h", "a/z.c",
    "a/b/c/z.c", "with space.py", "#odd.py", "a.txt", "c.txt", "s/b.txt", "README.md",
)  # fmt: skip


def test_attributes_mean_what_git_says_they_mean(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "-q", tmp_path), check=True)
    for folder, text in ATTRIBUTES.items():
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / ".gitattributes").write_text(text)
    names = ("linguist-generated", "linguist-vendored", "linguist-documentation")
    said = subprocess.run(
        ("git", "check-attr", "-z", "--stdin", *names),
        cwd=tmp_path, input="\0".join(PATHS).encode(), capture_output=True, check=True,
    ).stdout.decode().split("\0")[:-1]  # fmt: skip
    states = {"set": True, "true": True, "unset": False, "false": False}
    git = {
        (path, name): states[state]
        for path, name, state in zip(said[::3], said[1::3], said[2::3], strict=True)
        if state != "unspecified"
    }

    some = rules(attributes=ATTRIBUTES)

    ours = {(path, name): m.is_set for path in PATHS for name, m in some.marks(path).items()}
    assert ours == git
