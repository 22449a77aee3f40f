"""A whole pack, from the files of a tree to the bytes that are sent, and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from formats import draw
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import PLENTY, fit

from reviewer.flow import SENDABLE, Level
from reviewer.index.outline import GAP
from reviewer.pack import blocks, document
from reviewer.pack.ladder import ENVELOPE_TOKENS, LISTING_SHARE
from reviewer.pack.listing import FLOOR_TOKENS
from reviewer.pack.shelf import by_size
from reviewer.pack.tokens import Family, estimate

if TYPE_CHECKING:
    from reviewer.flow import Pack, PackedFile
    from reviewer.pack.document import ReadBack

OUTLINES = Path(__file__).parent.parent / "index" / "outlines"
SOURCES = {path.stem: path.read_bytes() for path in sorted(OUTLINES.glob("*.txt"))}
"""A real file of every language with a grammar, by its name."""

SECRET_LINE, SECRET = draw("github-classic", Random(1))
KEY = b"-----BEGIN RSA PRIVATE KEY-----\n" + b"MIIEow\n" * 9 + b"-----END RSA PRIVATE KEY-----\n"
OTHERS: dict[str, bytes] = {
    "README.md": b"# Shop\n\nSells things.\n" * 40,
    "no-newline.md": b"the last line has no end",
    "tags.md": b'</file>\n<file path="other.py">\n<\\listing>\n</codebase>\n',
    "rows.csv": b"1,2,3\n" * 900,
    "table.json": b'{"a": [1, 2, 3]}\n' * 30,
    "app.toml": b'[app]\nname = "shop"\n',
    "wide.cs": "\ufeffclass Größe {\n    int Fläche() { return 1; }\n}\n".encode("utf-16-le"),
    "western.py": "def größe():\n    return 1\n".encode("cp1252"),
    "returns.py": b"def area(w, h):\r\n    return w * h\r\n",
    "lone.py": b"x = '\xff\xfe\x80'\n",
    "broken.py": b"def area(w, h:\n    return (((\n" * 20,
    "secret.py": f"import os\n{SECRET_LINE}\nprint(os)\n".encode(),
    "logo.png": b"\x89PNG\0\0",
    "nul.py": b"x = 1\0\n",
    "yarn.lock": b"a@1:\n  version 1\n",
    "id_rsa": KEY,
    ".env": b"KEY=1\n",
    "empty.py": b"",
    "x<y>&.py": b"x = 1\n",
    "zeile\n2.py": b"x = 2\n",
}
CONTENTS = {**SOURCES, **OTHERS}
FOLDERS = st.sampled_from(["", "src/", "src/deep/er/", "tests/", "docs/", "vendor/x/", "lib/ü/"])


Tree = tuple[dict[str, bytes], int]
"""Files by path, and a budget in tokens."""


@st.composite
def trees(draw: st.DrawFn, least_tokens: int = 140) -> Tree:
    """Real-looking files of many kinds beside thirty small notes; mostly more than the budget."""
    named = st.lists(
        st.tuples(FOLDERS, st.sampled_from(sorted(CONTENTS)), st.sampled_from([1, 3, 12])),
        min_size=12,
        max_size=40,
    )
    files = {f"notes/{number}.md": f"note {number}\n".encode() for number in range(30)}
    files |= {folder + name: CONTENTS[name] * times for folder, name, times in draw(named)}
    whole_tokens = sum(len(content) for content in files.values()) // 3
    share = draw(st.floats(0.01, 1.2))
    return files, max(least_tokens, int(whole_tokens * share))


CHECKED = settings(max_examples=20, deadline=None)


def written(pack: Pack) -> str:
    return "".join(block.text for block in blocks.codebase(pack))


def read(pack: Pack) -> dict[str, ReadBack]:
    return {file.path.decode(): file for file in document.read(written(pack))}


@given(trees(), st.randoms(use_true_random=False))
@CHECKED
def test_the_same_tree_is_the_same_bytes_in_whatever_order_it_comes(
    tree: Tree, random: Random
) -> None:
    files, budget_tokens = tree
    shuffled = list(files.items())
    random.shuffle(shuffled)

    assert written(fit(dict(shuffled), budget_tokens)) == written(fit(files, budget_tokens))


@given(trees())
@CHECKED
def test_every_file_is_read_back_or_counted_in_the_listing(tree: Tree) -> None:
    files, budget_tokens = tree
    pack = fit(files, budget_tokens)
    back, rows = document.read(written(pack)), listing_rows(written(pack))
    details = {file.path.decode(): file.attributes.get("detail", "full") for file in back}

    assert len(details) == len(back)
    assert list(details) == sorted(details, key=str.encode)
    assert details == {file.path: file.level for file in pack.files if file.level != Level.LISTED}
    assert sum(map(counted, rows)) == len(files) - len(back)
    assert {file.path for file in pack.files} == set(files)


def listing_rows(text: str) -> list[str]:
    return text.partition("\n<listing>\n")[2].partition("</listing>")[0].split("\n")[:-1]


def counted(row: str) -> int:
    before, found, _ = row.partition(" files, ")
    return int(before.rpartition(" ")[2].replace(",", "")) if found else 1


@given(trees())
@CHECKED
def test_what_is_shown_in_full_is_read_back_byte_for_byte_but_for_its_secrets(tree: Tree) -> None:
    files, budget_tokens = tree
    pack = fit(files, budget_tokens)
    back = read(pack)

    assert SECRET not in written(pack)
    assert "MIIEow" not in written(pack)
    for file in pack.files:
        if file.level is Level.FULL:
            shown, content = back[file.path].content, files[file.path]
            placeholder = b"[secret: github-pat #1]"
            assert shown.replace(placeholder, SECRET.encode()) == content or file.lossy


@given(trees())
@CHECKED
def test_an_outline_holds_lines_of_its_file_and_counts_the_others(tree: Tree) -> None:
    files, budget_tokens = tree
    pack = fit(files, budget_tokens)
    back = read(pack)
    encodings = {file.path: file.encoding for file in pack.files}

    for path, outline in pack.outlines.items():
        lines = files[path].decode(encodings[path]).removesuffix("\n").split("\n")
        shown = back[path].content.decode().removesuffix("\n").split("\n")
        gaps = [line for line in shown if line[:1] == GAP and line[1:].isdigit()]
        assert all(lines[number - 1] == line for number, line in outline.rows)
        assert [line for _, line in outline.rows] == [line for line in shown if line not in gaps]
        assert len(shown) - len(gaps) + sum(int(gap[1:]) for gap in gaps) == len(lines)


@given(trees())
@CHECKED
def test_files_outlines_and_listing_stay_within_the_budget(tree: Tree) -> None:
    files, budget_tokens = tree
    pack = fit(files, budget_tokens)
    documents = written(pack).removeprefix("<codebase>\n").split("</file>\n")[:-1]
    shown = [file for file in pack.files if file.level is not Level.LISTED]

    assert pack.tokens <= budget_tokens
    assert listed_tokens(pack) >= 0
    for file, text in zip(shown, documents, strict=True):
        assert estimate(f"{text}</file>\n", file.path, Family.CURRENT) <= file.tokens + 1


def listed_tokens(pack: Pack) -> int:
    return pack.tokens - ENVELOPE_TOKENS - sum(file.tokens for file in pack.files)


@dataclass(frozen=True)
class Demoted:
    """A file that the budget kept from being shown in full, and what it would have needed."""

    file: PackedFile
    more_tokens: int


def demoted(files: dict[str, bytes], pack: Pack) -> list[Demoted]:
    """A file is judged by its size before it is opened, so that counts, where it is more."""
    in_full = {file.path: file.tokens for file in fit(files, PLENTY).files}
    found = []
    for file in pack.files:
        if file.level is Level.FULL or file.file_class not in SENDABLE:
            continue
        needed = max(in_full[file.path], by_size(file, Family.CURRENT))
        found.append(Demoted(file=file, more_tokens=needed - file.tokens))
    return found


@given(trees())
@CHECKED
def test_what_is_left_of_the_budget_holds_no_file_that_was_demoted(tree: Tree) -> None:
    """The listing's share is not part of it: nothing but the listing may take that."""
    files, budget_tokens = tree
    pack = fit(files, budget_tokens)
    for_listing = max(int(budget_tokens * LISTING_SHARE), FLOOR_TOKENS)
    left = budget_tokens - for_listing - (pack.tokens - listed_tokens(pack))

    assert all(one.more_tokens > left for one in demoted(files, pack))


@given(trees(least_tokens=4_000))
@CHECKED
def test_97_of_100_tokens_are_used_when_a_file_was_demoted_that_is_smaller_than_the_listing(
    tree: Tree,
) -> None:
    """A gap that only large files could fill stays: nothing is cut to fit it.

    The listing has 3 of 100 for itself. What it does not take is lost, but it takes something;
    so when a small file found no room, the gap is smaller than what the listing took.
    """
    files, budget_tokens = tree
    pack = fit(files, budget_tokens)
    smallest = min((one.more_tokens for one in demoted(files, pack)), default=PLENTY)

    assert pack.tokens >= 0.97 * budget_tokens or smallest > listed_tokens(pack)
