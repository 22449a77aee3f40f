"""Measure the index: MB/s of parsing, symbols and references, by language. Single process.

    python benchmarks/index_speed.py REPOSITORY... [--language LANGUAGE] [--runs 3]

REPOSITORY is a clone; its files are read from the working tree. The last column
is the size of what a cache keeps, against the source.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from reviewer.index import grammar
from reviewer.index.codec import dump_references, dump_symbols
from reviewer.index.languages import Language, language_of
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_BYTES = 6_000_000  # of one language: enough to measure
MAX_FILE_BYTES = 500_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--language", type=Language)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    print("| language | files | MB | parse | symbols | references | broken | bytes in the cache |")
    print("|---|---|---|---|---|---|---|---|")
    for language, files in sorted(collected(arguments.repositories).items()):
        if arguments.language in (None, language):
            print(row(language, files, arguments.runs))


def collected(repositories: Sequence[Path]) -> dict[Language, list[bytes]]:
    found: dict[Language, list[bytes]] = defaultdict(list)
    sizes: dict[Language, int] = defaultdict(int)
    for path in (path for folder in repositories for path in sorted(folder.rglob("*.*"))):
        language = language_of(path.name)
        if language is None or not path.is_file() or sizes[language] > MAX_BYTES:
            continue
        data = path.read_bytes()
        if len(data) <= MAX_FILE_BYTES:
            found[language].append(data)
            sizes[language] += len(data)
    return found


def row(language: Language, files: Sequence[bytes], runs: int) -> str:
    megabytes = sum(map(len, files)) / 1e6
    speeds = [
        megabytes / median(timed(work, files, language) for _ in range(runs))
        for work in (grammar.parse, symbols_of, references_of)
    ]
    broken = sum(symbols_of(data, language).broken for data in files)
    shown = " | ".join(f"{speed:.1f}" for speed in speeds)
    return (
        f"| {language} | {len(files):,} | {megabytes:.1f} | {shown} | {broken} "
        f"| {cached_bytes(language, files) / megabytes / 1e4:.0f} % |"
    )


def timed(
    work: Callable[[bytes, Language], object], files: Sequence[bytes], language: Language
) -> float:
    start = process_time()
    for data in files:
        work(data, language)
    return process_time() - start


def cached_bytes(language: Language, files: Sequence[bytes]) -> int:
    return sum(
        len(dump_symbols(symbols_of(data, language)))
        + len(dump_references(references_of(data, language)))
        for data in files
    )


if __name__ == "__main__":
    main()
