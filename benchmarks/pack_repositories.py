"""Pack real repositories and print what it took: whole process, from outside.

    python benchmarks/pack_repositories.py [--runs N] REPOSITORY [REPOSITORY ...]

A REPOSITORY is a clone or a git directory. For each: files, those sent in full, bytes, tokens,
and the median wall time, CPU time and peak memory of `reviewer pack` over N runs (default 5).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path


def measured(words: list[str]) -> tuple[float, float, float]:
    """Run a command; return wall seconds, CPU seconds and peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def totals(repository: Path) -> list[str]:
    """Return files, files in full, bytes and tokens, as `reviewer pack --stats` says them."""
    words = [sys.executable, "-m", "reviewer", "pack", "-C", str(repository), "--stats"]
    out = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    row = next(line for line in out.splitlines() if line.startswith("all "))
    return row.split()[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("repositories", nargs="+", type=Path)
    options = parser.parse_args()
    print(
        f"{'repository':<24} {'files':>7} {'in full':>8} {'bytes':>12} {'tokens':>10} "
        f"{'wall s':>7} {'cpu s':>6} {'MB':>5}"
    )
    for repository in options.repositories:
        files, full, size, tokens = totals(repository)
        words = [sys.executable, "-m", "reviewer", "pack", "-C", str(repository)]
        runs = [measured(words) for _ in range(options.runs)]
        wall, cpu, memory = (statistics.median(column) for column in zip(*runs, strict=True))
        name = repository.resolve().parent.name if repository.name == "repo" else repository.name
        print(
            f"{name:<24} {files:>7} {full:>8} {size:>12} {tokens:>10} "
            f"{wall:>7.2f} {cpu:>6.2f} {memory:>5.0f}"
        )


if __name__ == "__main__":
    main()
