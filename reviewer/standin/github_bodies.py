"""Are the keys of a request's JSON body the ones GitHub knows, and of their types? Pure.

GitHub checks a body against a JSON Schema before it looks at its meaning; so does this.
Source: GitHub's OpenAPI description, @octokit/openapi 23.0.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.standin.github_errors import Refused, invalid_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewer.standin.server import Exchange

Fields = dict[str, Any]
Kinds = dict[str, type | tuple[str, ...]]
"""What a key may hold: a type, or one of these words."""

SIDES = ("LEFT", "RIGHT")
EVENTS = ("APPROVE", "REQUEST_CHANGES", "COMMENT")

BODY: Kinds = {"body": str}
SUBMIT: Kinds = {"body": str, "event": EVENTS}
REVIEW: Kinds = {"commit_id": str, "body": str, "event": EVENTS, "comments": list}
REVIEW_COMMENT: Kinds = {
    "path": str,
    "body": str,
    "position": int,
    "line": int,
    "side": SIDES,
    "start_line": int,
    "start_side": SIDES,
}

_PLACE: Kinds = {"body": str, "commit_id": str, "path": str}
_LINE: Kinds = {
    "line": int,
    "side": SIDES,
    "start_line": int,
    "start_side": SIDES,
    "subject_type": ("line",),
}
VARIANTS: dict[str, tuple[Kinds, tuple[str, ...]]] = {
    "line": ({**_PLACE, **_LINE}, ("body", "commit_id", "path", "line")),
    "file": (
        {**_PLACE, "subject_type": ("file",)},
        ("body", "commit_id", "path", "subject_type"),
    ),
    "position": ({**_PLACE, "position": int}, ("body", "commit_id", "path", "position")),
}
"""The ways to write a single comment: the keys of one do not mix with those of another."""

_NAMES = {str: "a string", int: "an integer", list: "an array", dict: "an object"}


def parsed(exchange: Exchange) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Return the body as JSON; raises `Refused` with GitHub's 400."""
    try:
        return exchange.json()
    except ValueError as error:
        raise Refused(400, "Problems parsing JSON") from error


def checked(value: Any, kinds: Kinds, required: Iterable[str] = ()) -> Fields:  # noqa: ANN401 - JSON
    """Return the fields; raises `Refused` when one is unknown, missing or of another type."""
    if wrong := problems(value, kinds, required):
        raise invalid_request("\n".join(wrong))
    return dict(value)


def problems(value: Any, kinds: Kinds, required: Iterable[str]) -> list[str]:  # noqa: ANN401 - JSON
    """Return what GitHub would say about the fields."""
    if not isinstance(value, dict):
        return [f"{_shown(value)} is not an object."]
    unknown = [f'"{key}" is not a permitted key.' for key in value if key not in kinds]
    missing = [f'"{key}" wasn\'t supplied.' for key in required if key not in value]
    return [*unknown, *missing, *_mistyped(value, kinds)]


def _mistyped(value: Mapping[str, Any], kinds: Kinds) -> list[str]:
    wrong = []
    for key, item in value.items():
        match kinds.get(key):
            case tuple(words) if item not in words:
                wrong.append(f"For 'properties/{key}', {_shown(item)} is not a member of {words}.")
            case type() as kind if not isinstance(item, kind) or isinstance(item, bool):
                wrong.append(f"For 'properties/{key}', {_shown(item)} is not {_NAMES[kind]}.")
    return wrong


def _shown(value: Any) -> str:  # noqa: ANN401 - JSON
    return "nil" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


def single_comment(value: Any) -> tuple[str, Fields]:  # noqa: ANN401 - JSON
    """Return which variant a single comment is, and its fields; raises `Refused`.

    With `in_reply_to`, every other key but `body` is ignored.
    """
    if isinstance(value, dict) and "in_reply_to" in value:
        kept = {key: value[key] for key in ("body", "in_reply_to") if key in value}
        return "reply", checked(kept, {**BODY, "in_reply_to": int}, ("body",))
    found = {name: problems(value, *variant) for name, variant in VARIANTS.items()}
    for name, wrong in found.items():
        if not wrong:
            return name, dict(value)
    told = [
        f"For 'oneOf/{index}', {' '.join(wrong)}" for index, wrong in enumerate(found.values())
    ]
    raise invalid_request("\n".join(['No subschema in "oneOf" matched.', *told]))
