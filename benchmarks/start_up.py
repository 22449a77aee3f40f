"""Time whole commands on a small repository: most of what they take is the start.

    python benchmarks/start_up.py CLONE [--runs N]

Prints the medians over the runs (default 11) of the processor time, git's included, and of the
time on the clock. The review is one of the last commit by the local engine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

COMMANDS = (
    ("--version",),
    ("--help",),
    ("hook", "run", "origin", "url"),
    ("pack",),
    ("review", "--engine", "local", "--base", "HEAD~1"),
)


def seconds(clone: Path, words: tuple[str, ...]) -> tuple[float, float]:
    """Return processor and clock seconds of one run, with those of its children."""
    began = time.perf_counter()
    process = subprocess.Popen(
        (sys.executable, "-m", "reviewer", *words),
        cwd=clone,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("--runs", type=int, default=11)
    options = parser.parse_args()
    print(f"{'command':48} {'cpu ms':>7} {'wall ms':>8}")
    for words in COMMANDS:
        runs = [seconds(options.clone, words) for _ in range(options.runs)]
        cpu, wall = (1000 * statistics.median(each) for each in zip(*runs, strict=True))
        print(f"{' '.join(words):48} {cpu:7.0f} {wall:8.0f}")


if __name__ == "__main__":
    main()
