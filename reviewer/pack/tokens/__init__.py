"""How many tokens a text costs, by estimate: the API's own count has the last word. Pure.

Claude has had two tokenizers; `family_of` says which one serves a model. Both are known from ctok
(PyPI; an unofficial reconstruction from the API's counts), whose tables stand beside these
modules.
Three grades; benchmarks/README.md has how far each is off and how fast it is:

- `estimate` splits a text as the tokenizer does and prices the parts: to spend money on.
- `estimate_sample` does so with a 32nd of the bytes: for plans over files that are at hand.
- `estimate_bytes` knows the size and the name alone: for files that were not opened.
"""

from __future__ import annotations

from reviewer.pack.tokens.coarse import estimate_bytes, estimate_sample, kind
from reviewer.pack.tokens.exact import estimate
from reviewer.pack.tokens.family import Family, family_of

VERSION = "ctok-1.3.0/3d93559f"
"""Of the rules and tables: where it differs, a remembered estimate is void. The second half is a
digest of the tables."""

__all__ = [
    "VERSION",
    "Family",
    "estimate",
    "estimate_bytes",
    "estimate_sample",
    "family_of",
    "kind",
]
