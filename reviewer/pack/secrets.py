"""Where the secrets of a text are. Pure.

They are looked for in everything that is sent, and replaced (placeholders.py). The time is
linear in the length of the text, whatever it holds, so there is no bound on that length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.pack import dummies, secret_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENGINE = f"{secret_rules.ENGINE}, dummies 1"
"""Part of a cache key: raise the last number when other values pass for dummies."""

WRITTEN = re.compile(r"\[secret: [a-z0-9-]{1,60} #[0-9]{1,6}\]")
"""A placeholder. No value is seen across one, so what was replaced once stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """The value of a secret: the text from character `start` to `end`, which it leaves out."""

    kind: str
    start: int
    end: int


def find(text: str, path: str) -> tuple[Secret, ...]:
    """Return the secrets in the text, in order and without overlap.

    Where several rules see the same characters, a rule of a format names them rather than one
    that goes by the name of a variable, and all that either sees is hidden. `path` matters to
    the few rules that are for one kind of file; give "" for text that comes from no file.
    """
    data = text.encode("ascii", "replace")
    seen = [secret for rule in secret_rules.tried(data, path) for secret in _of(rule, data, text)]
    if not seen:
        return ()
    return tuple(_joined(sorted(_outside_placeholders(seen, text), key=_place)))


def _of(rule: secret_rules.Rule, data: bytes, text: str) -> Iterator[Secret]:
    for start, end in secret_rules.spans(rule, data):
        value = text[start:end]
        enough = dummies.entropy(value) > rule.least_entropy
        if enough and not dummies.is_dummy(rule.kind, value):
            yield Secret(kind=rule.kind, start=start, end=end)


def _outside_placeholders(secrets: Iterable[Secret], text: str) -> Iterator[Secret]:
    written = [found.span() for found in WRITTEN.finditer(text)]
    ends = [end for _, end in written]
    for secret in secrets:
        after = bisect_left(ends, secret.start + 1)
        if after == len(written) or written[after][0] >= secret.end:
            yield secret


def _place(secret: Secret) -> tuple[int, int]:
    return secret.start, -secret.end


def _joined(secrets: Iterable[Secret]) -> Iterator[Secret]:
    """Give one secret for all that overlap."""
    held: Secret | None = None
    for secret in secrets:
        if held is None or secret.start >= held.end:
            if held is not None:
                yield held
            held = secret
        else:
            kind = secret.kind if _is_guess(held) else held.kind
            held = replace(held, kind=kind, end=max(held.end, secret.end))
    if held is not None:
        yield held


def _is_guess(secret: Secret) -> bool:
    return secret.kind in dummies.CHOSEN | dummies.DRAWN
