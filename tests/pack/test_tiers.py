from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from packing import opener, read_from, surveyed

from reviewer.flow import Level, Pack, Snapshot
from reviewer.pack import blocks, document, tiers
from reviewer.pack.placeholders import Placeholders

SOURCE = b"def area(width):\n" + b"    width = width * width + 1\n" * 12 + b"    return width\n"
FILES = {f"part{n}.py": SOURCE * (n + 1) for n in range(9)} | {"pic.png": b"\x89PNG\0"}


def parted(
    files: dict[str, bytes], core_tokens: int, whole_tokens: int
) -> tuple[Pack, Pack, Pack]:
    """The core, the rest, and both together."""
    opened, placeholders = opener(read_from(files)), Placeholders()
    core = tiers.core(
        surveyed(files), opened, budget_tokens=core_tokens, redact=placeholders.replace
    )
    rest = tiers.rest(
        core,
        surveyed(files),
        opened,
        budget_tokens=whole_tokens - core.tokens,
        redact=placeholders.replace,
    )
    return core, rest, tiers.together(core, rest)


def written(core: Pack, rest: Pack, *, shared: bool = True) -> list[str]:
    snapshot = Snapshot(commit="c" * 40, core=core, rest=rest, shared=shared)
    return [block.text for block in blocks.codebase(core, snapshot) if block.text]


def test_where_everything_has_room_the_core_is_everything() -> None:
    core, rest, whole = parted(FILES, 90_000, 99_000)

    assert whole.texts == core.texts
    assert rest.texts == {}
    assert "pic.png" in rest.listing


def test_the_rest_shows_what_the_core_had_no_room_for() -> None:
    core, rest, whole = parted(FILES, 1_900, 19_000)

    assert core.texts
    assert rest.texts
    assert not set(core.texts) & set(rest.texts)
    assert set(whole.texts) == set(FILES) - {"pic.png"}
    assert whole.tokens == core.tokens + rest.tokens <= 19_000


def test_a_file_that_one_part_shows_is_not_listed_by_the_other() -> None:
    core, rest, whole = parted(FILES, 3_000, 4_000)

    outlined = {file.path for file in whole.files if file.level is Level.OUTLINE}
    assert outlined
    for path in (*whole.texts, *outlined):
        assert path not in rest.listing
    assert core.listing == ""


def test_both_parts_are_one_codebase() -> None:
    core, rest, _ = parted(FILES, 1_900, 19_000)

    texts = written(core, rest)

    assert "".join(texts).count("<codebase>") == "".join(texts).count("</codebase>") == 1


def test_what_only_one_change_shows_gets_no_breakpoint() -> None:
    core, rest, _ = parted(FILES, 1_900, 19_000)
    snapshot = Snapshot(commit="c" * 40, core=core, rest=rest, shared=False, text="<overlay>\n")

    marks = [block.breakpoint for block in blocks.codebase(core, snapshot)]

    assert marks == [True, False, False]


@given(
    files=st.dictionaries(
        st.sampled_from(["a.py", "b/c.py", "README.md", "pic.png", "x<y>.py", "data.json"]),
        st.binary(max_size=90) | st.sampled_from([SOURCE, SOURCE * 9, b"</codebase>\n"]),
    ),
    core_tokens=st.integers(20, 1_500),
    more_tokens=st.integers(200, 1_500),
)
@settings(max_examples=80, deadline=None)
def test_every_file_is_shown_once_or_listed(
    files: dict[str, bytes], core_tokens: int, more_tokens: int
) -> None:
    core, rest, whole = parted(files, core_tokens, core_tokens + more_tokens)

    assert [file.path for file in whole.files] == sorted(files)
    assert whole.tokens <= core_tokens + more_tokens
    for path, text in whole.texts.items():
        file = next(each for each in whole.files if each.path == path)
        assert file.lossy or text.encode(file.encoding) == files[path]
    read = [file.path.decode() for file in document.read("".join(written(core, rest)))]
    full = [path for path in read if path in whole.texts]
    assert set(full) == set(whole.texts)
