"""What a file costs at a glance: from its size, or from a sample of its bytes. Pure."""

from __future__ import annotations

import json
import math
from functools import cache
from pkgutil import get_data

from reviewer.pack.tokens import exact
from reviewer.pack.tokens.family import Family

SAMPLE_BYTES = 256
EVERY_BYTES = 8192
"""A sample is taken from the middle of as many bytes: a 32nd of a large file."""


def estimate_bytes(size_bytes: int, path: str, family: Family = Family.CURRENT) -> int:
    """Return about what a file of that size costs, without opening it; `path` tells its language.

    For files that were not read. One language's bytes a token differ by a tenth and more between
    repositories; where the bytes are at hand, `estimate_sample` is nearer.
    """
    known = _bytes_a_token(family)
    return math.ceil(size_bytes / known.get(kind(path), known[""]))


def estimate_sample(data: bytes, family: Family = Family.CURRENT) -> int:
    """Return about what a text costs, from samples of it: for plans over many files.

    A single file may be far off; over a repository the errors cancel out.
    """
    if len(data) <= SAMPLE_BYTES:
        return exact.estimate_encoded(data, family)
    gap_bytes = min(len(data), EVERY_BYTES) - SAMPLE_BYTES
    starts = range(gap_bytes // 2, len(data), EVERY_BYTES)
    sample = b"\n".join([data[at : at + SAMPLE_BYTES] for at in starts])
    tokens = exact.estimate_encoded(sample, family)
    return math.ceil(tokens * len(data) / len(sample))


def kind(path: str) -> str:
    """Return what tells the language of a path: its extension, else its name, in lower case."""
    name = path[path.rfind("/") + 1 :]
    return name[name.rfind(".") + 1 :].lower()


@cache
def _bytes_a_token(family: Family) -> dict[str, float]:
    """Return bytes a token by kind; the kind without a name stands for all that are not known."""
    table = json.loads(get_data(__package__, "bytes_per_token.json") or b"")
    ratios: dict[str, float] = table[family]
    return ratios
