"""How many tokens a text costs, by estimate: the API's own count has the last word. Pure.

Bytes alone mislead: by language they give 1.3 to 4.3 bytes a token, and within one language 10 %
and more between repositories. Tokens follow words, humps of camelCase, digits and punctuation, so
these are counted, at the speed of C, and weighed.

Weights and tables were fitted by `benchmarks/token_ratios.py` to the counts of ctok 1.3.0 (PyPI;
an unofficial reconstruction of Claude's tokenizer) as of version 4.8, which serves the models
from Opus 4.8 on: 16,031 files, 55 MB, from 32 public repositories. Each repository was then
estimated by a fit to the others: total off by 2.0 % in the mean, 4.7 % at worst; single files over
2 kB by 3.0 % in the median, 95 of 100 within 10.2 %. Older models need about
a fifth less.
"""

from __future__ import annotations

import math
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, punctuation

WEIGHTS = {
    "lower case letters": 0.177,
    "capitals": 0.717,
    "digits": 0.277,
    "punctuation": 0.124,
    "underscores": 1.533,
    "bytes beyond ascii": 0.414,
    "blanks": 0.040,
    "ends of lines": 0.696,
    "humps": 1.353,
    "words": 0.634,
    "numbers": 0.874,
    "runs of punctuation": 1.307,
}
"""Tokens for one of each; see `features`."""

# fmt: off
LANGUAGES: dict[str, tuple[float, float]] = {
    "api": (2.01, 1.06),
    "c": (2.13, 1.02),
    "cc": (1.95, 1.01),
    "cmake": (1.94, 0.99),
    "cpp": (2.56, 0.98),
    "cs": (2.64, 0.99),
    "css": (1.95, 1.00),
    "csv": (1.72, 1.01),
    "dart": (2.54, 0.99),
    "eex": (2.32, 1.03),
    "ex": (2.46, 1.01),
    "exs": (2.40, 1.02),
    "feature": (2.75, 0.99),
    "go": (2.14, 1.01),
    "h": (2.18, 1.00),
    "hpp": (2.53, 0.97),
    "html": (2.72, 0.98),
    "java": (2.40, 0.98),
    "js": (2.47, 0.97),
    "json": (2.66, 1.01),
    "kt": (2.46, 1.01),
    "kts": (2.31, 1.05),
    "lock": (1.53, 1.04),
    "m4": (2.01, 1.03),
    "makefile": (1.97, 1.05),
    "md": (2.50, 0.98),
    "mdx": (2.54, 0.97),
    "pbxproj": (1.77, 1.00),
    "php": (2.50, 1.00),
    "pl": (2.37, 1.03),
    "ps1": (2.35, 1.01),
    "psm1": (2.51, 1.00),
    "py": (2.66, 0.98),
    "rb": (2.56, 1.00),
    "rs": (2.48, 1.04),
    "rst": (2.85, 0.98),
    "scss": (1.95, 1.04),
    "sh": (2.02, 1.06),
    "sql": (1.95, 0.94),
    "sum": (1.30, 1.01),
    "svelte": (2.21, 0.99),
    "svg": (1.58, 0.95),
    "swift": (2.68, 1.00),
    "tcl": (2.55, 1.04),
    "ts": (2.46, 1.01),
    "tsx": (2.51, 1.00),
    "twig": (2.92, 1.03),
    "txt": (1.91, 1.05),
    "vue": (2.20, 0.98),
    "xlf": (3.05, 0.99),
    "xml": (2.59, 0.99),
    "yaml": (2.51, 1.02),
    "yml": (2.39, 1.05),
}
# fmt: on
"""By extension (or by name where there is none): bytes a token, and what the estimate of a text
is multiplied by."""

UNKNOWN = (2.2, 1.0)
"""Kinds that were not measured: a little dearer than the mean of 2.4 bytes a token."""


def estimate(text: str, path: str) -> int:
    """Return about how many tokens the text costs; `path` tells its language."""
    counted = features(text.encode("utf-8", "replace"))
    tokens = sum(weight * count for weight, count in zip(WEIGHTS.values(), counted, strict=True))
    return math.ceil(tokens * _language(path)[1])


def estimate_bytes(size_bytes: int, path: str) -> int:
    """Return about how many tokens a file of that size costs: coarser, without opening it."""
    return math.ceil(size_bytes / _language(path)[0])


def features(data: bytes) -> tuple[int, ...]:
    """Count what the weights are for, in their order. Runs are counted where they begin."""
    kinds = data.translate(_KINDS)
    return (
        kinds.count(b"a"),
        kinds.count(b"A"),
        kinds.count(b"0"),
        kinds.count(b"."),
        kinds.count(b"_"),
        kinds.count(b"\x80"),
        kinds.count(b" "),
        kinds.count(b"\n"),
        kinds.count(b"aA"),
        data.translate(_LETTERS).count(b" a"),
        data.translate(_DIGITS).count(b" a"),
        data.translate(_PUNCTUATION).count(b" a"),
    )


def kind(path: str) -> str:
    """Return what tells the language of a path: its extension, else its name, in lower case."""
    return path.rpartition("/")[2].lower().rpartition(".")[2]


def _language(path: str) -> tuple[float, float]:
    return LANGUAGES.get(kind(path), UNKNOWN)


def _table(other: str, kinds: dict[str, str]) -> bytes:
    """Return a translation table: every character of a kind becomes the kind's own letter."""
    table = bytearray(other.encode("latin-1") * 256)
    for letter, characters in kinds.items():
        for character in characters:
            table[ord(character)] = ord(letter)
    return bytes(table)


_BEYOND_ASCII = "".join(map(chr, range(128, 256)))
_KINDS = _table(
    ".",
    {
        "a": ascii_lowercase,
        "A": ascii_uppercase,
        "0": digits,
        "_": "_",
        " ": " \t",
        "\n": "\r\n",
        "\x80": _BEYOND_ASCII,
    },
)
_LETTERS = _table(" ", {"a": ascii_letters})
_DIGITS = _table(" ", {"a": digits})
_PUNCTUATION = _table(" ", {"a": punctuation.replace("_", "")})
