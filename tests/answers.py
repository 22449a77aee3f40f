"""Scripted answers of the model, in the agreed format."""

from __future__ import annotations

import json
from typing import Any


def claim(path: str, quote: str, **fields: Any) -> dict[str, Any]:
    """Return one finding as the model writes it; `fields` override the plain ones."""
    return {
        "path": path,
        "quote": quote,
        "first_line": 1,
        "last_line": 1,
        "evidence": [],
        "title": f"Problem in {path}",
        "explanation": "It goes wrong.",
        "severity": "high",
        "confidence": "high",
        "category": "correctness",
        "origin": "introduced",
        "claim": "none",
        "symbol": "",
        "replacement": None,
        **fields,
    }


def evidence(path: str, quote: str, note: str = "") -> dict[str, Any]:
    """Return one piece of evidence as the model writes it."""
    return {"path": path, "quote": quote, "first_line": 1, "last_line": 1, "note": note}


def answer(*claims: dict[str, Any], overview: str = "Changes things.") -> str:
    """Return the whole answer."""
    return json.dumps({"overview": overview, "findings": list(claims)})
