"""Reviews to be shown, made up line by line."""

from __future__ import annotations

from typing import Any

from reviewer.flow import (
    Category,
    Change,
    Confidence,
    Cost,
    Coverage,
    Estimate,
    Evidence,
    FileClass,
    Finding,
    Inline,
    Level,
    Located,
    Match,
    Origin,
    PackedFile,
    Placed,
    Proven,
    PullRequest,
    Rejected,
    Review,
    Severity,
    Side,
    Usage,
)

PULL_REQUEST = PullRequest(
    repository="octo/shop", number=7, url="https://github.example/octo/shop/pull/7"
)
CHANGE = Change(base="b" * 40, merge_base="a" * 40, head="c" * 40, pull_request=PULL_REQUEST)


def located(
    path: str = "src/cart.py",
    first: int = 4,
    last: int | None = None,
    *,
    side: Side | None = Side.RIGHT,
    lines: tuple[str, ...] = ("    return sum(prices)",),
    note: str = "",
) -> Located:
    return Located(
        path=path,
        side=side,
        first_line=first,
        last_line=first if last is None else last,
        lines=lines,
        match=Match.EXACT,
        note=note,
    )


def placed(name: str = "F1", **given: Any) -> Placed:
    """A finding; keywords go to the finding, or to `Placed` when it has such a field."""
    place = given.pop("place", located())
    evidence = given.pop("evidence", ())
    anchor = given.pop(
        "anchor",
        Inline(path="src/cart.py", side=Side.RIGHT, first_line=4, last_line=4),
    )
    fingerprint = given.pop("fingerprint", f"{int(name[1:]):016x}")
    suggestion = given.pop("suggestion", None)
    finding = Finding(
        **{
            "title": f"Title of {name}",
            "explanation": f"Explanation of {name}.",
            "severity": Severity.MEDIUM,
            "confidence": Confidence.HIGH,
            "category": Category.CORRECTNESS,
            "origin": Origin.INTRODUCED,
            "place": Evidence(path=place.path, first_line=1, last_line=1, quote="q"),
            **given,
        }
    )
    return Placed(
        id=name,
        fingerprint=fingerprint,
        proven=Proven(finding=finding, place=place, evidence=evidence),
        anchor=anchor,
        suggestion=suggestion,
    )


def packed(path: str, **given: Any) -> PackedFile:
    return PackedFile(
        **{
            "path": path,
            "oid": "0" * 40,
            "size_bytes": 4_000,
            "file_class": FileClass.SOURCE,
            "rule": "text",
            "level": Level.FULL,
            "tokens": 1_000,
            **given,
        }
    )


COVERAGE = Coverage(files=(packed("src/cart.py"), packed("src/shop.py")), changed=("src/cart.py",))
COST = Cost(
    usage=Usage(input_tokens=52_310, cache_read_tokens=360_000, output_tokens=3_210),
    usd=0.43,
    estimate=Estimate(
        prompt_tokens=412_310,
        counted=True,
        input_usd=0.39,
        warm_usd=0.2,
        most_usd=1.99,
        cap_usd=5.0,
    ),
    uncached_usd=1.71,
    cache="1h, because 3 more reviews are expected before it ends",
)


def review(*found: Placed, **given: Any) -> Review:
    return Review(
        **{
            "change": CHANGE,
            "model": "claude-opus-5-5",
            "overview": "Sums the prices of a cart and prints them on the receipt.",
            "placed": found,
            "collapsed": (),
            "pre_existing": (),
            "rejected": (),
            "problems": (),
            "coverage": COVERAGE,
            "cost": COST,
            "seconds": 74.2,
            **given,
        }
    )


def rejected(title: str, why: str) -> Rejected:
    return Rejected(finding=placed(title=title).proven.finding, why=why)
