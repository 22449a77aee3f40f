"""The change, without its secrets."""

from __future__ import annotations

from hashlib import sha1
from random import Random
from typing import TYPE_CHECKING

import pytest
from formats import draw

from reviewer import diff
from reviewer.flow import Change, ChangedFile, FileClass, Verdict
from reviewer.pack import redact
from reviewer.pack.placeholders import Placeholders

if TYPE_CHECKING:
    from reviewer.flow import FileDiff

LINE, TOKEN = draw("github-classic", Random(7))
OTHER_LINE, OTHER_TOKEN = draw("github-classic", Random(8))
PLACEHOLDER = "[secret: github-pat #1]"
KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\n"
    + "".join(f"{'Ab3' * 20}{n:02}xY\n" for n in range(6))
    + "-----END RSA PRIVATE KEY-----\n"
)


def shown(
    old: str, new: str, *, path: str = "a.py", text: bool = True, shows_diff: bool = True
) -> tuple[ChangedFile, dict[str, bytes]]:
    """A changed file whose blobs can be read, with one hunk that holds all lines."""
    blobs = {sha1(one.encode()).hexdigest(): one.encode() for one in (old, new)}
    before, after = (sha1(one.encode()).hexdigest() for one in (old, new))
    old_lines, new_lines = old.splitlines(), new.splitlines()
    patch = "".join(
        [
            f":100644 100644 {before} {after} M\t{path}\n\n",
            f"diff --git a/{path} b/{path}\nindex {before}..{after} 100644\n",
            f"--- a/{path}\n+++ b/{path}\n@@ -1,{len(old_lines)} +1,{len(new_lines)} @@\n",
            *(f"-{line}\n" for line in old_lines),
            *(f"+{line}\n" for line in new_lines),
        ]
    )
    (file,) = diff.parse(patch.encode())
    verdict = Verdict(file_class=FileClass.SOURCE, rule="test")
    changed = ChangedFile(
        diff=file, verdict=verdict, text=new if text else None, shows_diff=shows_diff, tokens=0
    )
    return changed, blobs


def harmless(
    old: str, new: str, placeholders: Placeholders | None = None, *, text: bool = True
) -> ChangedFile:
    file, blobs = shown(old, new, text=text)
    [found] = redact.files([file], blobs.__getitem__, placeholders or Placeholders())
    return found


def side(file: FileDiff, *, old: bool) -> list[str]:
    lines = [line for hunk in file.hunks for line in hunk.lines]
    return [line.text for line in lines if (line.new is None if old else line.old is None)]


def test_a_secret_goes_from_the_text_and_from_both_sides_of_the_diff() -> None:
    found = harmless(f"{OTHER_LINE}\n", f"x = 1\n{LINE}\n")

    assert TOKEN not in repr(found)
    assert OTHER_TOKEN not in repr(found)
    assert found.text
    assert "[secret: github-pat #" in found.text
    assert "[secret: github-pat #" in side(found.diff, old=True)[0]


def test_a_secret_that_only_moved_keeps_its_number() -> None:
    found = harmless(f"{LINE}\nx = 1\n", f"x = 1\n{LINE}\n")

    assert side(found.diff, old=True)[0] == side(found.diff, old=False)[1]
    assert PLACEHOLDER in side(found.diff, old=True)[0]


def test_a_file_without_secrets_is_the_same_file() -> None:
    file, blobs = shown("x = 1\n", "x = 2\n")

    assert redact.files([file], blobs.__getitem__, Placeholders()) == (file,)


def test_a_hunk_is_made_harmless_where_the_text_is_not_shown() -> None:
    found = harmless("x = 1\n", f"{LINE}\n", text=False)

    assert found.text is None
    assert TOKEN not in repr(found)


def test_what_is_not_shown_at_all_is_not_read() -> None:
    file, _ = shown("x = 1\n", f"{LINE}\n", text=False, shows_diff=False)
    blobs: dict[str, bytes] = {}

    [found] = redact.files([file], blobs.__getitem__, Placeholders())

    assert not found.shows_diff


def test_a_line_in_the_middle_of_a_key_is_hidden_by_the_file_around_it() -> None:
    moved = KEY.replace("03xY", "99xY")
    found = harmless(f"a = '''{KEY}'''\n", f"a = '''{moved}'''\n")

    assert "Ab3Ab3" not in repr(found)


def test_lines_keep_their_numbers() -> None:
    new = f"first = 1\n{KEY}last = 2\n"
    found = harmless("x = 1\n", new)

    assert found.text
    assert len(found.text.split("\n")) == len(new.split("\n"))
    assert len(side(found.diff, old=False)) == len(new.splitlines())
    assert (side(found.diff, old=False)[0], side(found.diff, old=False)[-1]) == (
        "first = 1",
        "last = 2",
    )


def test_the_header_of_a_hunk_gives_no_line_of_a_file_that_holds_a_secret() -> None:
    file, blobs = shown(f"{LINE}\n", "x = 1\n")
    [hunk] = file.diff.hunks
    assert hunk.header.count("@@") == 2

    [found] = redact.files([file], blobs.__getitem__, Placeholders())

    assert found.diff.hunks[0].header.endswith("@@")


@pytest.mark.parametrize("where", ["title", "description", "commits"])
def test_the_words_of_a_change_are_made_harmless(where: str) -> None:
    given = {where: (f"use {LINE}",) if where == "commits" else f"use {LINE}"}
    change = Change(base="b", merge_base="b", head="h", **given)  # type: ignore[arg-type]

    found = redact.words(change, Placeholders())

    assert TOKEN not in repr(found)
    assert PLACEHOLDER in repr(found)


def test_a_value_met_in_the_codebase_is_known_where_no_rule_would_see_it() -> None:
    placeholders = Placeholders()
    harmless("x = 1\n", f"{LINE}\n", placeholders)
    change = Change(base="b", merge_base="b", head="h", description=f"was{TOKEN[4:]}: {TOKEN}")

    found = redact.words(change, placeholders)

    assert TOKEN not in found.description
    assert PLACEHOLDER in found.description
