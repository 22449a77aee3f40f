"""How much of real repositories is shown within a budget: files and bytes at each level.

    python benchmarks/fit.py [--exclude PATTERN] REPOSITORY [REPOSITORY ...]

A REPOSITORY is a clone or a git directory; its HEAD is packed with the default settings, as
`reviewer pack` does. PATTERN names files whose objects a clone lacks. For each it prints
the share of source files and of their bytes that are shown in full, as outline and as a line of
the listing, the share of tests and documentation in full, and how much is used of the codebase's
part of the budget (the first of `layout.CODEBASE_SHARES`): a dash where nothing had to be demoted.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, Change, FileClass, Level
from reviewer.layout import CODEBASE_SHARES
from reviewer.settings import Settings
from reviewer.wiring.local import opened, prepared_offline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.flow import PackedFile
    from reviewer.prepare import Prepared

MB = 1_000_000


def packed(folder: Path, settings: Settings) -> Prepared:
    """Pack HEAD, compared with itself: the codebase alone."""
    with opened(folder) as repository:
        head = repository.resolve("HEAD")
        return prepared_offline(
            repository, Change(base=head, merge_base=head, head=head), settings
        )


def row(name: str, prepared: Prepared) -> str:
    """Return one row of the table."""
    files = prepared.pack.files
    source = [file for file in files if file.file_class is FileClass.SOURCE]
    sendable = [file for file in files if file.file_class in SENDABLE]
    room_tokens = int(prepared.budget_tokens * CODEBASE_SHARES[0])
    demoted = any(file.level is not Level.FULL for file in sendable)
    used = f"{prepared.pack.tokens / room_tokens:.1%}" if demoted else "-"
    tests, docs = (
        _in_full([file for file in files if file.file_class is one])
        for one in (FileClass.TEST, FileClass.DOCS)
    )
    return (
        f"| {name} | {sum(file.size_bytes for file in files) / MB:.1f} | {len(files):,} | "
        f"{len(source):,} | {_levels(source, by_bytes=False)} | {_bytes(source) / MB:.2f} | "
        f"{_levels(source, by_bytes=True)} | {tests} | {docs} | {prepared.pack.tokens:,} | "
        f"{used} |"
    )


def _levels(files: list[PackedFile], *, by_bytes: bool) -> str:
    """Return the shares in full, as outline and listed, of 100."""
    measure = _bytes if by_bytes else _count
    total = measure(files) or 1
    shares = (measure(file for file in files if file.level is level) / total for level in Level)
    return " / ".join(f"{share:.0%}" for share in shares)


def _count(files: Iterable[PackedFile]) -> int:
    return sum(1 for _ in files)


def _bytes(files: Iterable[PackedFile]) -> int:
    return sum(file.size_bytes for file in files)


def _in_full(files: list[PackedFile]) -> str:
    full = _count(file for file in files if file.level is Level.FULL)
    return f"{full / len(files):.0%} of {len(files):,}" if files else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exclude", action="append", default=[])
    parser.add_argument("repositories", nargs="+", type=Path)
    options = parser.parse_args()
    settings = Settings(exclude=tuple(options.exclude))
    print(
        "| repository | MB | files | source files | full / outline / listed | source MB | "
        "full / outline / listed | tests in full | docs in full | tokens | used |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for folder in options.repositories:
        name = folder.resolve().parent.name if folder.name == "repo" else folder.name
        prepared = packed(folder, settings)
        assert prepared.pack.tokens <= prepared.budget_tokens * CODEBASE_SHARES[0]
        print(row(name.replace("+", "/"), prepared), flush=True)
    print(f"\nthe whole prompt: {prepared.budget_tokens:,} tokens")


if __name__ == "__main__":
    main()
