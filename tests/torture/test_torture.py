from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest
from odd_repository import CASES, KEY, MAX_FILE_BYTES, Case, build, entries, read_blob

from reviewer.flow import SENDABLE, Level, Pack
from reviewer.pack import blocks, document, ladder, rules_of, survey
from reviewer.pack.placeholders import Placeholders
from reviewer.pack.sheets import Opener
from reviewer.pack.tokens import Family
from reviewer.source.blob_cache import Forgetful
from reviewer.source.pool import Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.pack.document import ReadBack
    from reviewer.pack.shelf import Candidate

PLENTY = 10_000_000
SENT = [case for case in CASES if case.file_class in SENDABLE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The odd repository, packed twice: with room for everything, and with hardly any."""

    whole: Pack
    small: Pack


def _fit(candidates: Sequence[Candidate], read: Callable[[str], bytes], tokens: int) -> Pack:
    opener = Opener(read, memory=Forgetful(), pool=Processes(), family=Family.CURRENT)
    return ladder.fit(candidates, opener, budget_tokens=tokens, redact=Placeholders().replace)


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    folder = tmp_path_factory.mktemp("odd.git")
    tree = build(folder, CASES)
    found = entries(folder, tree)
    read = partial(read_blob, folder)
    rules = rules_of(found, read, include=[".env"], exclude=())
    candidates = survey(found, rules, max_file_bytes=MAX_FILE_BYTES)
    return Packed(
        whole=_fit(candidates, read, PLENTY),
        small=_fit(candidates, read, 2_000),
    )


HIDDEN_KEY = b"[secret: private-key #1]" + b"\n" * KEY.strip().count(b"\n") + b"\n"
"""A private key inside a test is a secret too; its lines stay."""


@pytest.fixture(scope="session")
def back(packed: Packed) -> dict[bytes, ReadBack]:
    text = "".join(block.text for block in blocks.codebase(packed.whole))
    return {file.path: file for file in document.read(text)}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_odd_file_gets_its_class_and_level(packed: Packed, case: Case) -> None:
    [file] = [file for file in packed.whole.files if file.path == case.path]

    assert file.file_class is case.file_class, file.rule
    assert file.level is (Level.FULL if case in SENT else Level.LISTED), file.why


@pytest.mark.parametrize("case", SENT, ids=str)
def test_every_odd_file_that_is_sent_is_read_back_byte_for_byte(
    back: dict[bytes, ReadBack], case: Case
) -> None:
    file = back[case.name]

    assert file.content == case.content.replace(KEY, HIDDEN_KEY)
    assert file.attributes.get("encoding", "utf-8") == case.encoding
    assert "lossy" not in file.attributes


def test_nothing_else_is_read_back(back: dict[bytes, ReadBack]) -> None:
    assert sorted(back) == sorted(case.name for case in SENT)


@pytest.mark.parametrize("kind", ["whole", "small"])
def test_every_file_stands_in_the_pack_exactly_once(packed: Packed, kind: str) -> None:
    pack = getattr(packed, kind)

    assert [file.path for file in pack.files] == sorted(case.path for case in CASES)


def test_a_small_budget_is_kept_and_every_reason_is_given(packed: Packed) -> None:
    assert packed.small.tokens <= 2_000
    assert all(file.why for file in packed.small.files if file.level is Level.LISTED)


def test_no_secret_and_no_link_target_is_in_the_prompt(packed: Packed) -> None:
    text = "".join(block.text for block in blocks.codebase(packed.whole))

    assert "TOKEN=abc" not in text
    assert "_authToken" not in text
    assert "/etc/passwd" not in text


def test_the_secret_that_an_include_asked_for_says_why_it_stays_out(packed: Packed) -> None:
    [file] = [file for file in packed.whole.files if file.path == ".env"]

    assert file.why == "secret: name .env (`include .env` cannot change that)"


def test_the_structure_of_the_prompt_is_ours_alone(packed: Packed) -> None:
    text = "".join(block.text for block in blocks.codebase(packed.whole))

    assert text.count("<file ") == text.count("</file>") == len(SENT)
    assert text.count("<codebase>") == text.count("</codebase>") == 1
    assert text.count("<listing>") == text.count("</listing>") == 1
    assert "<change" not in text
