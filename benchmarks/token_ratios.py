"""Fit the token estimator (reviewer/pack/tokens.py) to a reconstruction of Claude's tokenizer.

Run in a throw-away environment (ctok needs Python 3.12), with clones or bare clones to read:

    python3.12 -m venv v && v/bin/pip install ctok==1.3.0 numpy pathspec charset-normalizer
    PYTHONPATH=. v/bin/python benchmarks/token_ratios.py REPOSITORY... --cache counts.json

Counting is slow (0.4 MB/s), so counts are kept by blob id in the cache file. Printed: the tables
to paste into tokens.py, and the error on each repository by a fit to the others.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from ctok import token_count

from reviewer.pack import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

TOKENIZER = "4.8"
FRAME_TOKENS = 6  # what ctok adds for the message around the text
MAX_FILE_BYTES = 150_000
MAX_LINE_CHARACTERS = 5_000  # minified files are not sent
REPOSITORY_BYTES = 2_500_000  # no repository outweighs the others
FOLDS = 8
MIN_KIND_BYTES = 40_000
SMALL_FILE_BYTES = 2_000  # below, the path and the first token weigh more than the text
MIN_KIND_TOKENS = 5_000  # in one repository, to say something about a language


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One file: what it costs, and what the estimator sees of it."""

    repository: str
    kind: str
    size_bytes: int
    tokens: int
    features: tuple[int, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    arguments = parser.parse_args()
    counts = json.loads(arguments.cache.read_text()) if arguments.cache.exists() else {}
    samples = [s for folder in arguments.repositories for s in measure(folder, counts)]
    arguments.cache.write_text(json.dumps(counts))
    report_errors(samples)
    print_tables(samples)


def measure(folder: Path, counts: dict[str, int]) -> Iterator[Sample]:
    """Give a random but fixed choice of a repository's text files, counted."""
    name = folder.parent.name if folder.name in ("repo", ".git") else folder.name
    for path, oid in choose(folder):
        data = git(folder, "cat-file", "blob", oid)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            continue
        if "\0" in text or max(map(len, text.split("\n"))) > MAX_LINE_CHARACTERS:
            continue
        if oid not in counts:
            counts[oid] = token_count(text, TOKENIZER) - FRAME_TOKENS
        yield Sample(
            repository=name,
            kind=tokens.kind(path),
            size_bytes=len(data),
            tokens=counts[oid],
            features=tokens.features(data),
        )


def choose(folder: Path) -> Iterator[tuple[str, str]]:
    """Give path and blob id of files up to `REPOSITORY_BYTES`, half of it in one language."""
    listing = git(folder, "ls-tree", "-r", "-z", "-l", "HEAD").decode("utf-8", "replace")
    entries = sorted(record for record in listing.split("\0") if record)
    random.Random(1).shuffle(entries)
    total, by_kind = 0, defaultdict(int)
    for record in entries:
        meta, _, path = record.partition("\t")
        mode, _, oid, size = meta.split()
        small = size.isdigit() and 0 < int(size) <= MAX_FILE_BYTES
        kind = tokens.kind(path)
        if mode == "120000" or not small or by_kind[kind] > REPOSITORY_BYTES // 2:
            continue
        if total > REPOSITORY_BYTES:
            return
        total += int(size)
        by_kind[kind] += int(size)
        yield path, oid


def fit(samples: Sequence[Sample]) -> np.ndarray:
    """Return the weights, by least squares of the error relative to the size of a file."""
    matrix = np.array([sample.features for sample in samples], float)
    wanted = np.array([sample.tokens for sample in samples], float)
    scale = 1 / np.sqrt(np.maximum(wanted, 200))
    weights, *_ = np.linalg.lstsq(matrix * scale[:, None], wanted * scale, rcond=None)
    return weights


def corrections(samples: Iterable[Sample], weights: np.ndarray) -> dict[str, float]:
    """Return a factor for each language: the mean over repositories, drawn towards one."""
    sums: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for sample in samples:
        pair = sums[sample.kind][sample.repository]
        pair[0] += sample.tokens
        pair[1] += float(weights @ sample.features)
    found = {}
    for kind, repositories in sums.items():
        ratios = [
            log(real / said) for real, said in repositories.values() if real > MIN_KIND_TOKENS
        ]
        if ratios:
            found[kind] = exp(sum(ratios) / (len(ratios) + 1))
    return found


def report_errors(samples: Sequence[Sample]) -> None:
    """Print how far off every repository is when the fit has not seen it."""
    names = sorted({sample.repository for sample in samples})
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    of_files = []
    for held_out in (set(names[number::FOLDS]) for number in range(FOLDS)):
        seen = [sample for sample in samples if sample.repository not in held_out]
        weights = fit(seen)
        factors = corrections(seen, weights)
        for sample in (sample for sample in samples if sample.repository in held_out):
            said = float(weights @ sample.features) * factors.get(sample.kind, 1.0)
            totals[sample.repository][0] += said
            totals[sample.repository][1] += sample.tokens
            if sample.size_bytes > SMALL_FILE_BYTES:
                of_files.append(abs(said / sample.tokens - 1))
    errors = {name: said / real - 1 for name, (said, real) in totals.items()}
    for name in names:
        print(f"# {name:40} {totals[name][1]:12,.0f} tokens {errors[name]:+7.1%}")
    sizes = sorted(map(abs, errors.values()))
    of_files.sort()
    print(f"# repositories: mean {np.mean(sizes):.1%}, worst {sizes[-1]:.1%}")
    at = {share: of_files[int(len(of_files) * share)] for share in (0.5, 0.95)}
    print(f"# {len(samples):,} files, {sum(s.size_bytes for s in samples) / 1e6:.0f} MB; "
          f"files over 2 kB: median {at[0.5]:.1%}, 95 % within {at[0.95]:.1%}")  # fmt: skip


def print_tables(samples: Sequence[Sample]) -> None:
    """Print the tables of tokens.py, fitted to every repository."""
    weights = fit(samples)
    factors = corrections(samples, weights)
    print("WEIGHTS", dict(zip(tokens.WEIGHTS, weights.round(3).tolist(), strict=True)))
    for kind in sorted({sample.kind for sample in samples}):
        of_kind = [sample for sample in samples if sample.kind == kind]
        size_bytes = sum(sample.size_bytes for sample in of_kind)
        if size_bytes >= MIN_KIND_BYTES:
            ratio = size_bytes / sum(sample.tokens for sample in of_kind)
            places = len({sample.repository for sample in of_kind})
            print(f'    "{kind}": ({ratio:.2f}, {factors.get(kind, 1):.2f}),  '
                  f"# {size_bytes // 1000:,} kB, {places} repositories")  # fmt: skip


def git(folder: Path, *words: str) -> bytes:
    return subprocess.run(("git", "-C", folder, *words), capture_output=True, check=True).stdout


if __name__ == "__main__":
    main()
