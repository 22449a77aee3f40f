"""Outline real repositories and print, per language, what outlines cost and how fast they come.

    python benchmarks/outlines.py [--runs N] [--each] REPOSITORY [REPOSITORY ...]

A REPOSITORY is a clone or a git directory. Taken are the files of its HEAD that reviewer classes
as source. Tokens are by `reviewer.pack.tokens.estimate`; `share` is the outlines' to the files';
`quarters` are the shares that a quarter, half and three quarters of the files stay within. MB/s is
of CPU time, for parsing and choosing, not for reading (median of N runs, default 3). `--each`
prints a row for each repository as well.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.flow import FileClass
from reviewer.index.languages import Language, language_of
from reviewer.index.outline import outline_of, write
from reviewer.pack import classify, rules_of, survey
from reviewer.pack.tokens import estimate
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_FILE_BYTES = 1_000_000  # the default of the settings
MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One file and its outline."""

    repository: str
    size_bytes: int
    full_tokens: int
    outline_tokens: int
    seconds: float

    @property
    def share(self) -> float:
        return self.outline_tokens / max(self.full_tokens, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("repositories", nargs="+", type=Path)
    options = parser.parse_args()
    samples: dict[Language, list[Sample]] = defaultdict(list)
    for folder in options.repositories:
        for language, sample in measured(folder, options.runs):
            samples[language].append(sample)
    print("| language | files | MB | tokens full | outline | share | quarters | MB/s |")
    print("|---|---|---|---|---|---|---|---|")
    for language in Language:
        if samples[language]:
            print(row(str(language), samples[language]))
        names = {sample.repository for sample in samples[language]} if options.each else ()
        for name in sorted(names):
            of_name = [sample for sample in samples[language] if sample.repository == name]
            print(row(f"- {name}", of_name))


def row(name: str, samples: Sequence[Sample]) -> str:
    """Return one row of the table."""
    size = sum(sample.size_bytes for sample in samples) / MB
    full = sum(sample.full_tokens for sample in samples)
    outline = sum(sample.outline_tokens for sample in samples)
    shares = sorted(sample.share for sample in samples)
    quarters = " / ".join(f"{shares[len(shares) * part // 4]:.0%}" for part in (1, 2, 3))
    speed = size / sum(sample.seconds for sample in samples)
    return (
        f"| {name} | {len(samples):,} | {size:.2f} | {full:,} | {outline:,} | "
        f"{outline / max(full, 1):.1%} | {quarters} | {speed:.1f} |"
    )


def measured(folder: Path, runs: int) -> Iterator[tuple[Language, Sample]]:
    """Give every source file of a repository in a language with a grammar, outlined."""
    name = folder.resolve().parent.name if folder.name == "repo" else folder.name
    for path, language, data in sources(folder):
        kept = outline_of(data, language)
        text = data.decode("utf-8", "replace")
        yield (
            language,
            Sample(
                repository=name,
                size_bytes=len(data),
                full_tokens=estimate(text, path),
                outline_tokens=estimate(write(text, kept), path),
                seconds=statistics.median(timed(data, language) for _ in range(runs)),
            ),
        )


def timed(data: bytes, language: Language) -> float:
    began = time.process_time()
    outline_of(data, language)
    return time.process_time() - began


def sources(folder: Path) -> Iterator[tuple[str, Language, bytes]]:
    """Give path, language and bytes of the files that are classed as source."""
    repository = GitRepository(folder)
    entries = repository.entries(repository.resolve("HEAD"))
    rules = rules_of(entries, repository.read, include=(), exclude=())
    for entry, by_name in survey(entries, rules, max_file_bytes=MAX_FILE_BYTES):
        language = language_of(entry.path)
        if language is None or by_name.file_class is not FileClass.SOURCE:
            continue
        data = repository.read(entry.oid)
        if classify.by_content(by_name, data).file_class is FileClass.SOURCE:
            yield entry.path, language, data
    repository.close()


if __name__ == "__main__":
    main()
