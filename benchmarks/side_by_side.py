"""Whole processes, side by side: this packer and its peers on the same clones, in turn.

    python benchmarks/side_by_side.py --runs 5 --peer 'repomix=repomix --quiet -o {out}' \
        --peer 'repomix compressed=repomix --compress --quiet -o {out}' CLONE...

Ours runs three times a round: full texts and outlines to the model's budget with an empty cache
(cold), again with the cache it left (warm), and without a cache at all. A peer is a name and a
command; `{out}` is the file it writes. Wall and processor seconds, peak memory of the largest
process, and bytes written are medians; the machine's load is not taken out.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

REVIEWER = f"{shlex.quote(sys.executable)} -m reviewer pack -o {{out}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of a whole process."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    written_bytes: int
    code: int


def measured(command: str, folder: Path, environment: dict[str, str]) -> Measured:
    """Run a command in a clone; its output goes into a scratch file that is counted."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out.xml"
        words = [word.replace("{out}", str(out)) for word in shlex.split(command)]
        begun = time.monotonic()
        with (Path(scratch) / "log").open("wb") as log:
            process = subprocess.Popen(
                words,
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
            _, status, usage = os.wait4(process.pid, 0)
        return Measured(
            wall_seconds=time.monotonic() - begun,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_bytes=usage.ru_maxrss * 1024,
            written_bytes=out.stat().st_size if out.exists() else 0,
            code=os.waitstatus_to_exitcode(status),
        )


def rounds(folder: Path, peers: dict[str, str], runs: int) -> dict[str, list[Measured]]:
    """Run everything in turn, so that a change of the machine's pace meets all alike."""
    found: dict[str, list[Measured]] = {}
    cache = Path(tempfile.mkdtemp(prefix="side-by-side-"))
    plain = {name: text for name, text in os.environ.items() if "REVIEWER_" not in name}
    for _ in range(runs):
        shutil.rmtree(cache, ignore_errors=True)
        ours = {
            "reviewer, cold": plain | {"REVIEWER_CACHE_DIR": str(cache)},
            "reviewer, warm": plain | {"REVIEWER_CACHE_DIR": str(cache)},
            "reviewer, no cache": plain | {"REVIEWER_CACHE_DIR": "off"},
        }
        for name, environment in ours.items():
            found.setdefault(name, []).append(measured(REVIEWER, folder, environment))
        for name, command in peers.items():
            found.setdefault(name, []).append(measured(command, folder, plain))
    shutil.rmtree(cache, ignore_errors=True)
    return found


def row(name: str, runs: list[Measured]) -> str:
    """Return a line of the table: medians."""
    wall = statistics.median(run.wall_seconds for run in runs)
    cpu = statistics.median(run.cpu_seconds for run in runs)
    peak = statistics.median(run.peak_bytes for run in runs)
    size = statistics.median(run.written_bytes for run in runs)
    codes = {run.code for run in runs} - {0}
    failed = f"  (exit {', '.join(map(str, sorted(codes)))})" if codes else ""
    return f"{name:<22} {wall:>8.2f} s {cpu:>8.2f} s {peak / 1e6:>7.0f} MB {size:>12,.0f}{failed}"


def main() -> None:
    """Print a table for each clone."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    asked.add_argument("clones", nargs="+", type=Path)
    options = asked.parse_args()
    peers = dict(peer.split("=", 1) for peer in options.peer)
    for folder in options.clones:
        listed = subprocess.run(
            ("git", "ls-files", "-z"), cwd=folder, capture_output=True, check=True
        )
        count = listed.stdout.count(b"\0")
        print(f"\n{folder.name}, {count:,} files")
        print(f"{'':<22} {'wall':>10} {'cpu':>10} {'peak':>10} {'bytes':>12}")
        for name, runs in rounds(folder, peers, options.runs).items():
            print(row(name, runs), flush=True)


if __name__ == "__main__":
    main()
