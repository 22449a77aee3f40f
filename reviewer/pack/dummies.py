"""Which values in the place of a secret are none: examples, names, plain words. Pure.

A secret that is shown is worse than a dummy that is hidden, so a value in a format of its own
(`ghp_` and 36 characters) is passed over only when it says of itself that it is an example. A
value that is known by the name beside it alone (`password = "..."`) has to look like a real one.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log2

CHOSEN = frozenset(
    {"curl-auth-user", "generic-credential-uri", "generic-password", "hashicorp-tf-password"}
)
"""Kinds whose values a person chose."""

DRAWN = frozenset({"aws-secret-access-key", "generic-api-key"})
"""Kinds that are known by a name and a length, and whose values a machine drew."""

MIN_CHOSEN_CHARACTERS = 8
MIN_DRAWN_CHARACTERS = 16
MIN_OTHER_LETTERS = 8
"""Of a chosen value with a word such as "password" in it; a drawn value may hold "key"."""

NO_NAME_CHARACTERS = 32
"""From this length on one digit is enough in a drawn value; shorter names end in one."""

MIN_TURNS = 0.2
"""How often case changes or digits begin and end in a drawn value, for each of its characters.
Values in base62 come to 0.45, in base32 to 0.3."""

_SAYS_SO = re.compile(
    r"example|placeholder|change_?me|dummy|redacted|your[_-]|<\w|xxxx|\*{4}|\.{3}|0{8}"
    r"|abcdefgh|12345678|87654321|deadbeef|\$\{|\{\{|%\(|^%\w+%$|^\$\w+$|^(.)\1*$",
    re.IGNORECASE,
)
_STANDS_FOR_ONE = re.compile(
    r"pass|pwd|secret|token|test|sample|fake|mock|foo|user|admin|login|value|key|hunter|super|my[-_]",
    re.IGNORECASE,
)
_CODE = re.compile(r"[\s(){}\[\]<>,;`]|->|::|^[$@%]|[A-Za-z_]\.[A-Za-z_]")
_OTHERS = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[^A-Za-z0-9]")))
_DIGIT = re.compile("[0-9]")
_TURN = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[0-9])[A-Za-z]")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def is_dummy(kind: str, value: str) -> bool:
    """Return whether the value, seen by a rule of this kind, is to be left where it is."""
    if "\n" in value or "://" in value:
        return False  # whole documents and addresses: only a part of them is an example
    if _SAYS_SO.search(value):
        return True
    if kind in CHOSEN:
        return not _looks_chosen(value, in_address=kind == "generic-credential-uri")
    return kind in DRAWN and not _looks_drawn(value)


def entropy(value: str) -> float:
    """Return Shannon's entropy in bits for each character, as Betterleaks counts it."""
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * log2(share) for share in shares)


def _looks_chosen(value: str, *, in_address: bool) -> bool:
    """Return whether the value mixes kinds of characters; in an address two kinds are enough."""
    if len(value) < MIN_CHOSEN_CHARACTERS or _CODE.search(value):
        return False
    besides = _STANDS_FOR_ONE.sub("", value)
    if besides != value and sum(map(str.isalpha, besides)) < MIN_OTHER_LETTERS:
        return False
    mixed = sum(each.search(value) is not None for each in (_DIGIT, *_OTHERS))
    if in_address:
        return mixed >= 2  # noqa: PLR2004
    return mixed >= 3 and _DIGIT.search(value) is not None  # noqa: PLR2004


def _looks_drawn(value: str) -> bool:
    if len(value) < MIN_DRAWN_CHARACTERS or _UUID.fullmatch(value) or _CODE.search(value):
        return False
    enough_digits = 1 if len(value) >= NO_NAME_CHARACTERS else 2
    turns = len(_TURN.findall(value))
    return len(_DIGIT.findall(value)) >= enough_digits and turns >= MIN_TURNS * len(value)
