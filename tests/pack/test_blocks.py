from __future__ import annotations

import subprocess
import sys

from packing import fit

from reviewer.flow import Block, Level
from reviewer.pack import blocks, document

SMALL = {"a.py": b"x = 1\n", "logo.png": b"\x89PNG\0", "src/b.py": b"no newline"}


def packed(files: dict[str, bytes], budget_tokens: int = 10_000_000) -> tuple[Block, ...]:
    return blocks.codebase(fit(files, budget_tokens))


def many(number: int = 400) -> dict[str, bytes]:
    return {f"src/{name:04}.py": b"value = compute(value)\n" * 300 for name in range(number)}


def test_a_small_codebase_is_one_block_with_the_breakpoint() -> None:
    [block] = packed(SMALL)

    assert block.breakpoint
    assert block.text == (
        "<codebase>\n"
        '<file path="a.py">\nx = 1\n</file>\n'
        '<file path="src/b.py" final-newline="no">\nno newline\n</file>\n'
        "<listing>\nlogo.png 5 bytes, media\n</listing>\n"
        "</codebase>\n"
    )


def test_a_large_codebase_is_a_few_blocks_and_only_the_last_has_the_breakpoint() -> None:
    made = packed(many())

    assert 2 <= len(made) <= 8
    assert [block.breakpoint for block in made] == [False] * (len(made) - 1) + [True]


def test_blocks_end_between_files() -> None:
    for block in packed(many())[:-1]:
        assert block.text.endswith("</file>\n")


def test_one_file_larger_than_all_others_makes_no_more_blocks() -> None:
    files = {"huge.md": b"word " * 100_000, "zz.py": b"x = 1\n", **many(100)}

    assert len(packed(files)) <= 8


def test_the_blocks_together_are_read_back_in_path_order() -> None:
    files = many()

    back = document.read("".join(block.text for block in packed(files)))

    assert [(file.path.decode(), file.content) for file in back] == sorted(files.items())


def test_the_listing_is_the_one_that_was_paid_for() -> None:
    files = {f"{folder}/{name}.py": b"x = 1\n" * 99 for folder in "abc" for name in range(60)}
    pack = fit(files, 6_000)
    listed = sum(file.level is Level.LISTED for file in pack.files)

    rows = blocks.codebase(pack)[-1].text.partition("<listing>\n")[2].splitlines()[:-2]

    assert listed > len(rows)
    assert pack.tokens <= 6_000


HASHING = """
import sys
sys.path.insert(0, {folder!r})
from test_blocks import SMALL, packed
print([block.text for block in packed(SMALL)])
"""


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = HASHING.format(folder=__file__.rpartition("/")[0])
    made = {
        subprocess.run(
            (sys.executable, "-c", program), env={"PYTHONHASHSEED": seed},
            capture_output=True, check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip

    assert len(made) == 1
