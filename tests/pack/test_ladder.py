from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import PLENTY, entry, fit, named, read_from, rules, surveyed

from reviewer.errors import UserMustAct
from reviewer.flow import SENDABLE, FileClass, Level, Pack
from reviewer.pack import blocks
from reviewer.source.patience import Patience
from reviewer.source.pool import Processes

if TYPE_CHECKING:
    from random import Random


def shown(pack: Pack) -> list[str]:
    return [file.path for file in pack.files if file.level is Level.FULL]


@st.composite
def codebases(draw: st.DrawFn) -> dict[str, bytes]:
    names = st.sampled_from(
        ["a.py", "b.py", "conf.toml", "test_a.py", "README.md", "data.json", "logo.png", "go.sum",
         ".env", "run", "ü.py", "x<y>.py"]
    )  # fmt: skip
    folders = st.sampled_from(["", "src/", "src/deep/er/", "tests/", "vendor/", "docs/"])
    paths = st.builds(lambda folder, name: folder + name, folders, names)
    texts = st.text(max_size=200).map(str.encode)
    contents = st.binary(max_size=50) | st.builds(
        lambda text, n: text * n, texts, st.integers(0, 9)
    )
    return draw(st.dictionaries(paths, contents, max_size=25))


BUDGETS = st.integers(140, 3000)


@given(codebases(), BUDGETS)
@settings(deadline=None)
def test_the_budget_is_never_exceeded(files: dict[str, bytes], budget_tokens: int) -> None:
    pack = fit(files, budget_tokens)

    assert pack.tokens <= budget_tokens
    assert sum(file.tokens for file in pack.files) < pack.tokens


@given(codebases(), BUDGETS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_arrival_does_not_matter(
    files: dict[str, bytes], budget_tokens: int, random: Random
) -> None:
    shuffled = list(files.items())
    random.shuffle(shuffled)

    assert fit(dict(shuffled), budget_tokens) == fit(files, budget_tokens)


@given(codebases(), BUDGETS)
@settings(deadline=None)
def test_every_file_stands_in_the_pack_exactly_once_in_path_order(
    files: dict[str, bytes], budget_tokens: int
) -> None:
    pack = fit(files, budget_tokens)

    assert [file.path.encode() for file in pack.files] == sorted(path.encode() for path in files)
    assert sorted(pack.texts) == shown(pack)


@given(codebases(), BUDGETS)
@settings(deadline=None)
def test_a_file_is_shown_in_full_or_says_why_not(
    files: dict[str, bytes], budget_tokens: int
) -> None:
    for file in fit(files, budget_tokens).files:
        assert (file.level is Level.FULL) == (not file.why)
        assert (file.level is Level.FULL) == (file.tokens > 0)
        assert file.level is Level.LISTED or file.file_class in SENDABLE


@given(codebases(), BUDGETS)
@settings(deadline=None)
def test_a_larger_budget_shows_no_fewer_files_of_the_first_class(
    files: dict[str, bytes], budget_tokens: int
) -> None:
    def most_wanted(pack: Pack) -> int:
        return sum(file.tokens for file in pack.files if file.file_class is FileClass.SOURCE)

    assert most_wanted(fit(files, PLENTY)) >= most_wanted(fit(files, budget_tokens))


def test_what_fits_is_shown_whole() -> None:
    pack = fit({"a.py": b"x = 1\n", "b/c.md": b"# Title\n"})

    assert pack.texts == {"a.py": "x = 1\n", "b/c.md": "# Title\n"}


def opened(files: list[str]) -> list[str]:
    """The paths in the order in which they are offered the budget; longer names, longer files."""
    contents = {path: path.encode() * len(path) for path in files}
    paths = {entry(path, content).oid: path for path, content in contents.items()}
    read = read_from(contents)
    fit(contents, read=read)
    return [paths[oid] for oid in read.asked]


def test_source_comes_before_config_tests_docs_and_data() -> None:
    files = ["a.csv", "b.md", "c_test.py", "conf/d.toml", "deep/down/e.py"]

    assert opened(files) == ["deep/down/e.py", "conf/d.toml", "c_test.py", "b.md", "a.csv"]


def test_configuration_at_the_root_comes_before_everything() -> None:
    assert opened(["a.py", "pyproject.toml", "deep/b.toml"])[0] == "pyproject.toml"


def test_shallow_files_come_first_then_small_ones_then_by_path() -> None:
    files = ["a/b/c.py", "z/large.py", "z/y.py", "z/x.py"]

    assert opened(files) == ["z/x.py", "z/y.py", "z/large.py", "a/b/c.py"]


def test_a_file_that_cannot_fit_is_not_opened() -> None:
    files = {"large.md": b"some words\n" * 50_000, "small.md": b"word\n"}
    read = read_from(files)

    fit(files, 1_000, read=read)

    assert len(read.asked) == 1


def test_what_a_name_rules_out_is_not_opened() -> None:
    files = {".env": b"KEY=1\n", "logo.png": b"\x89PNG", "go.sum": b"x\n"}
    read = read_from(files)

    fit(files, read=read)

    assert read.asked == []


def test_a_file_without_an_outline_says_what_kept_its_grammar() -> None:
    pool = Processes(patience=Patience(most_seconds=0.1))
    [file] = fit({"stalls.rs": b"%w(" * 5_000}, 1_000, pool=pool).files
    pool.close()

    assert file.why.endswith("; no outline: its grammar was not done after 0.2 s")


def test_a_file_over_the_budget_says_about_what_it_needs() -> None:
    [file] = fit({"large.css": b"x: 1;\n" * 5_000}, 1_000).files

    assert re.fullmatch(
        r"over the budget: needs about 1\d,\d{3} tokens; "
        r"no grammar is known for an outline",
        file.why,
    ), file.why


def test_a_file_that_turns_out_dearer_than_its_size_is_not_shown() -> None:
    dear = b"aB_cD_" * 300  # humps and underscores: a token each
    [file] = fit({"a.py": dear}, 1_000).files

    assert (file.level, file.tokens) == (Level.LISTED, 0)
    assert file.why.startswith("over the budget: needs about ")


def test_a_file_that_is_not_sent_names_class_and_rule() -> None:
    [file] = fit({"web/package-lock.json": b"{}"}).files

    assert file.why == "lock: name package-lock.json"


def test_content_is_looked_at_before_a_file_is_shown() -> None:
    pack = fit({"a.py": b"a\0b", "b.go": b"// Code generated by x. DO NOT EDIT.\n"})

    assert [file.why for file in pack.files] == [
        "binary: content: holds a NUL byte",
        "generated: content: 'generated by x. DO NOT EDIT'",
    ]


def test_a_file_in_another_encoding_keeps_it() -> None:
    [file] = fit({"a.cs": "\ufeffclass Größe {}\n".encode("utf-16-le")}).files

    assert (file.encoding, file.lossy, file.level) == ("utf-16-le", False, Level.FULL)


def test_equal_files_are_each_shown() -> None:
    pack = fit({"a/__init__.py": b"", "b/__init__.py": b""})

    assert shown(pack) == ["a/__init__.py", "b/__init__.py"]


def test_a_budget_that_holds_no_list_of_files_is_the_users_to_change() -> None:
    with pytest.raises(UserMustAct, match="the 100 tokens that are left"):
        fit({"a.py": b"x"}, 100)


def test_an_empty_codebase_is_no_error() -> None:
    pack = fit({})

    assert (pack.files, pack.texts) == ((), {})
    assert "".join(block.text for block in blocks.codebase(pack)) == "<codebase>\n</codebase>\n"


def test_an_included_lock_file_is_shown() -> None:
    files = {"go.sum": b"a v1 h1:x\n"}
    candidates = surveyed(files, rules(include=["go.sum"]))

    pack = fit(files, candidates=candidates)

    assert shown(pack) == ["go.sum"]
    assert named("go.sum").file_class is FileClass.LOCK
