"""Time the blob cache: open, recall and remember, in a folder of its own.

    python benchmarks/blob_cache.py [--value-bytes N] [--runs N]

Fills a cache with 60,000 values of N random bytes (default 1,000) and prints the median time in
milliseconds over the runs (default 5); every run opens the cache anew.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.source.blob_cache import BlobCache

if TYPE_CHECKING:
    from collections.abc import Callable

KIND = "benchmark/1"
ROWS = 60_000


def milliseconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--value-bytes", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    rng = random.Random(1)
    oids = [rng.randbytes(20).hex() for _ in range(ROWS)]
    value = rng.randbytes(options.value_bytes)
    times: dict[str, list[float]] = {}
    print(f"import sqlite3: {milliseconds(lambda: __import__('sqlite3')):.1f}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, ROWS, 5000):
            cache = BlobCache(Path(folder) / "cache")
            cache.remember(KIND, dict.fromkeys(oids[first : first + 5000], value))
            times.setdefault("write 5,000 and close", []).append(milliseconds(cache.close))
        for _ in range(options.runs):
            for count in (0, 1, 5000, 30_000):
                asked = rng.sample(oids, count)
                cache = BlobCache(Path(folder) / "cache")
                taken = milliseconds(lambda: cache.recall(KIND, asked))  # noqa: B023 - now
                times.setdefault(f"open, recall {count:,}", []).append(taken)
                times.setdefault("close", []).append(milliseconds(cache.close))
    for name, taken in times.items():
        print(f"{name:24} {statistics.median(taken):8.1f} ms")


if __name__ == "__main__":
    main()
