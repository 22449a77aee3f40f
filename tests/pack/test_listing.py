from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.flow import FileClass, Level, PackedFile
from reviewer.pack.listing import FLOOR_TOKENS, write_listing

if TYPE_CHECKING:
    from collections.abc import Sequence

PLENTY = 1_000_000
CLASSES = [each for each in FileClass if each is not FileClass.SOURCE]


def packed(
    path: str,
    size_bytes: int = 1,
    file_class: FileClass = FileClass.MEDIA,
    level: Level = Level.LISTED,
) -> PackedFile:
    return PackedFile(
        path=path,
        oid="0" * 40,
        size_bytes=size_bytes,
        file_class=file_class,
        rule="x",
        level=level,
        tokens=0,
    )


@st.composite
def trees(draw: st.DrawFn) -> list[PackedFile]:
    part = st.sampled_from(["a", "b", "src", "a b", "ü", "<file>", "x\ny", "a.py", "a-b"])
    names = draw(st.sets(st.lists(part, min_size=1, max_size=5).map("/".join), max_size=40))
    # A path cannot be a file and a folder at once.
    files = [name for name in names if not any(other.startswith(name + "/") for other in names)]
    sizes = st.integers(0, 10**13)
    return [packed(name, draw(sizes), draw(st.sampled_from(CLASSES))) for name in sorted(files)]


def test_each_file_has_its_line_where_there_is_room() -> None:
    files = [packed("a.png", 999), packed("b/c.lock", 1_200, FileClass.LOCK)]

    assert write_listing(files, budget_tokens=PLENTY).text == (
        "<listing>\na.png 999 bytes, media\nb/c.lock 1 kB, lock\n</listing>\n"
    )


def test_a_codebase_that_is_shown_whole_has_no_listing() -> None:
    listing = write_listing([packed("a.py", level=Level.FULL)], budget_tokens=PLENTY)

    assert (listing.text, listing.tokens) == ("", 0)


def test_a_large_folder_is_one_line_where_its_files_would_not_fit() -> None:
    vendored = [packed(f"vendor/{n}.go", 12_000, FileClass.VENDORED) for n in range(1203)]
    files = [packed("logo.png"), *sorted(vendored, key=lambda file: file.path)]

    assert write_listing(files, budget_tokens=FLOOR_TOKENS).text == (
        "<listing>\nlogo.png 1 bytes, media\nvendor/ 1,203 files, 14 MB, vendored\n</listing>\n"
    )


def test_small_folders_are_opened_when_a_large_one_stays_closed() -> None:
    large = [packed(f"a/{number:04}") for number in range(2000)]
    files = [*large, packed("b/x"), packed("c/y/z")]

    rows = write_listing(files, budget_tokens=200).text.splitlines()[1:-1]

    assert [row.partition(" ")[0] for row in rows] == ["a/", "b/x", "c/y/z"]


@given(trees(), st.integers(FLOOR_TOKENS, 500))
@settings(deadline=None)
def test_a_listing_keeps_its_budget(files: Sequence[PackedFile], budget_tokens: int) -> None:
    assert write_listing(files, budget_tokens=budget_tokens).tokens <= budget_tokens


@given(trees(), st.integers(FLOOR_TOKENS, 500))
@settings(deadline=None)
def test_every_file_stands_in_exactly_one_line(
    files: Sequence[PackedFile], budget_tokens: int
) -> None:
    text = write_listing(files, budget_tokens=budget_tokens).text
    counts = [_number(row) for row in text.split("\n")[1:-2]]

    assert sum(counts) == len(files)


def _number(row: str) -> int:
    words = row.split(" ")
    return int(words[words.index("files,") - 1].replace(",", "")) if "files," in words else 1


def test_the_line_for_everything_fits_the_floor() -> None:
    files = [packed(f"{n:03}/{n}", 10**15, CLASSES[n % len(CLASSES)]) for n in range(999)]

    listing = write_listing(files, budget_tokens=FLOOR_TOKENS)

    assert listing.tokens <= FLOOR_TOKENS
    assert listing.text.startswith("<listing>\neverything else 999 files, 999,000,000 GB, test,")


def test_a_name_cannot_end_the_listing() -> None:
    text = write_listing([packed("a\n</listing>\nb")], budget_tokens=PLENTY).text

    assert text.count("</listing>") == 1
    assert text.count("\n") == 3
