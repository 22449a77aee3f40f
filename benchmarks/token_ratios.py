"""Measure the token estimates of reviewer/pack/tokens/ against ctok, and their speed.

On clones that benchmarks/fit_tokens.py was not given, in the same environment:

    v/bin/python benchmarks/token_ratios.py CLONE... --cache counts.json

Printed for both families: how far the total of each repository is off by each grade, how far
single files are, and what the grades do a second (processor time, one thread).
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import token_samples

from reviewer.pack import tokens
from reviewer.pack.tokens import Family

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from token_samples import Sample

RUNS = 5
SMALL_FILE_BYTES = 2_000
GRADES: dict[str, Callable[[Sample, Family], int]] = {
    "text": lambda sample, family: tokens.estimate(sample.text, sample.path, family),
    "sample": lambda sample, family: tokens.estimate_sample(sample.data, family),
    "size": lambda sample, family: tokens.estimate_bytes(len(sample.data), sample.path, family),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    arguments = parser.parse_args()
    samples = token_samples.read(arguments.clones, arguments.cache)
    for family in Family:
        print(f"\n{family}: first run {megabytes_a_second('text', samples, family):.1f} MB/s")
        report_repositories(samples, family)
        report_files(samples, family)
        report_speed(samples, family)


def report_repositories(samples: Sequence[Sample], family: Family) -> None:
    """Print how far each grade is off on the total of each repository, and at worst."""
    print(f"\n| repository | tokens | {' | '.join(GRADES)} |\n|---|---|{'---|' * len(GRADES)}")
    worst = dict.fromkeys(GRADES, 0.0)
    for repository in sorted({sample.repository for sample in samples}):
        files = [sample for sample in samples if sample.repository == repository]
        true = sum(sample.tokens[family] for sample in files)
        off = {
            name: sum(grade(sample, family) for sample in files) / true - 1
            for name, grade in GRADES.items()
        }
        worst = {name: max(worst[name], abs(off[name])) for name in GRADES}
        cells = " | ".join(f"{share:+.2%}" for share in off.values())
        print(f"| {repository} | {true:,} | {cells} |")
    print(f"| worst | | {' | '.join(f'{share:.2%}' for share in worst.values())} |")


def report_files(samples: Sequence[Sample], family: Family) -> None:
    """Print how far the grades are off on single files that are not small."""
    files = [s for s in samples if len(s.data) > SMALL_FILE_BYTES and s.tokens[family]]
    for name, grade in GRADES.items():
        off = sorted(abs(grade(sample, family) / sample.tokens[family] - 1) for sample in files)
        at = {share: off[int(share * len(off))] for share in (0.5, 0.95)}
        print(f"{len(files):,} files, {name}: median {at[0.5]:.2%}, "
              f"95 of 100 within {at[0.95]:.2%}, worst {off[-1]:.1%}")  # fmt: skip


def report_speed(samples: Sequence[Sample], family: Family) -> None:
    for name in ("text", "sample"):
        runs = [megabytes_a_second(name, samples, family) for _ in range(RUNS)]
        print(f"{name}: {statistics.median(runs):.1f} MB/s, median of {RUNS}")


def megabytes_a_second(name: str, samples: Sequence[Sample], family: Family) -> float:
    begun = time.process_time()
    for sample in samples:
        GRADES[name](sample, family)
    seconds = time.process_time() - begun
    return sum(len(sample.data) for sample in samples) / seconds / 1e6


if __name__ == "__main__":
    main()
