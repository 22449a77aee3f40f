"""The demo's made-up project, its pull request, and the scripted answer. Pure.

The change gives `total` a currency and updates one of its two callers. The other one, in a file
the diff does not show, breaks: what a reviewer that sees only the diff cannot know.
"""

from __future__ import annotations

import json

TITLE = "Prices carry their currency"
DESCRIPTION = "`total` now takes the currency, so that invoices can be written in several."

BASE = {
    "README.md": "# shop\n\nA small shop, made up for the demo of reviewer.\n",
    "shop/__init__.py": "",
    "shop/prices.py": '''\
"""Prices of orders."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of an order; the price is in cents."""

    name: str
    cents: int
    count: int


def total(lines: list[Line], tax_percent: int) -> int:
    """Return what an order costs in cents, tax included."""
    net = sum(line.cents * line.count for line in lines)
    return net + net * tax_percent // 100
''',
    "shop/invoice.py": '''\
"""Invoices."""

from shop.prices import Line, total


def invoice(lines: list[Line], tax_percent: int) -> str:
    """Return the text of an invoice."""
    rows = [f"{line.count} x {line.name}" for line in lines]
    return "\\n".join([*rows, f"Total: {total(lines, tax_percent)} cents"])
''',
    "shop/report.py": '''\
"""The monthly report."""

from shop.prices import Line, total


def turnover(orders: list[list[Line]], tax_percent: int) -> int:
    """Return the turnover of a month in cents."""
    return sum(total(order, tax_percent) for order in orders)
''',
    "shop/orders.py": '''\
"""Orders in the database."""

import sqlite3


def find(database: sqlite3.Connection, customer: str) -> list[tuple[int, str]]:
    """Return the orders of a customer."""
    return database.execute(
        "select id, name from orders where customer = ?", (customer,)
    ).fetchall()
''',
}

HEAD = {
    "shop/prices.py": '''\
"""Prices of orders."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of an order; the price is in cents."""

    name: str
    cents: int
    count: int


def total(lines: list[Line], tax_percent: int, currency: str) -> str:
    """Return what an order costs, tax included, with its currency."""
    net = sum(line.cents * line.count for line in lines)
    cents = net + net * tax_percent // 100
    return f"{cents // 100}.{cents % 100} {currency}"
''',
    "shop/invoice.py": '''\
"""Invoices."""

from shop.prices import Line, total


def invoice(lines: list[Line], tax_percent: int, currency: str = "EUR") -> str:
    """Return the text of an invoice."""
    rows = [f"{line.count} x {line.name}" for line in lines]
    return "\\n".join([*rows, f"Total: {total(lines, tax_percent, currency)}"])
''',
}


def answer() -> str:
    """Return the scripted answer: two findings that hold, and one whose quote is invented."""
    return json.dumps({"overview": _OVERVIEW, "findings": [_CALLER, _CENTS, _INVENTED]})


def rulings() -> str:
    """Return the scripted second look at the two that hold."""
    ruled = [("C1", "The caller is shown, and passes two."), ("C2", "`1205 % 100` is 5.")]
    return json.dumps(
        {
            "rulings": [
                {"id": name, "why": why, "path": "", "quote": "", "ruling": "confirmed"}
                for name, why in ruled
            ]
        }
    )


_OVERVIEW = "Gives `total` a currency parameter and makes it return formatted text."

_CALLER = {
    "path": "shop/prices.py",
    "quote": "def total(lines: list[Line], tax_percent: int, currency: str) -> str:",
    "first_line": 15,
    "last_line": 15,
    "evidence": [
        {
            "path": "shop/report.py",
            "quote": "    return sum(total(order, tax_percent) for order in orders)",
            "first_line": 8,
            "last_line": 8,
            "note": "not updated: passes two arguments, and adds up what is text now",
        }
    ],
    "title": "turnover() still calls total() with two arguments and sums its result",
    "explanation": (
        "`total` now needs `currency` and returns text. `turnover` in `shop/report.py` was not "
        "changed with it: every monthly report raises `TypeError`. Keep a function that returns "
        "cents for callers that calculate, and format in a second one."
    ),
    "severity": "high",
    "confidence": "high",
    "category": "contract",
    "origin": "introduced",
    "claim": "none",
    "symbol": "total",
    "replacement": None,
}

_CENTS = {
    "path": "shop/prices.py",
    "quote": '    return f"{cents // 100}.{cents % 100} {currency}"',
    "first_line": 12,  # wrong on purpose: the quote decides where the comment goes
    "last_line": 12,
    "evidence": [],
    "title": "Cents below ten lose their leading zero",
    "explanation": "1205 cents are written as `12.5`, which reads as twelve and a half.",
    "severity": "medium",
    "confidence": "high",
    "category": "correctness",
    "origin": "introduced",
    "claim": "none",
    "symbol": "",
    "replacement": '    return f"{cents // 100}.{cents % 100:02} {currency}"',
}

_INVENTED = {
    "path": "shop/orders.py",
    "quote": "    return database.execute(f\"select id from orders where name = '{customer}'\")",
    "first_line": 8,
    "last_line": 10,
    "evidence": [],
    "title": "SQL is built from user input",
    "explanation": "This one is made up: no such line exists, so it must never be posted.",
    "severity": "critical",
    "confidence": "high",
    "category": "security",
    "origin": "pre_existing",
    "claim": "none",
    "symbol": "",
    "replacement": None,
}
