"""GitHub's payloads and a runner's variables, with some fields changed."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

BASE = "b" * 40
HEAD = "c" * 40
RUN = {
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_API_URL": "https://git.example/api/v3",
    "GITHUB_SERVER_URL": "https://git.example",
    "GITHUB_WORKSPACE": "/checkout",
    "GITHUB_RUN_ID": "77",
    "GITHUB_STEP_SUMMARY": "/run/summary",
    "GITHUB_OUTPUT": "/run/output",
}
PULL_REQUEST: dict[str, Any] = {
    "action": "opened",
    "number": 7,
    "repository": {"full_name": "octo/engine", "private": True, "fork": False},
    "sender": {"login": "ada"},
    "pull_request": {
        "number": 7,
        "title": "Faster",
        "body": "Much.",
        "draft": False,
        "labels": [],
        "user": {"login": "ada"},
        "base": {"ref": "main", "sha": BASE},
        "head": {"ref": "fast", "sha": HEAD, "repo": {"full_name": "octo/engine", "fork": False}},
    },
}


def changed(payload: dict[str, Any], **changes: object) -> str:
    """Return it as JSON; `pull_request__draft` reaches inside."""
    copy = deepcopy(payload)
    for name, value in changes.items():
        *folders, last = name.split("__")
        place = copy
        for folder in folders:
            place = place[folder]
        place[last] = value
    return json.dumps(copy)


def payload(**changes: object) -> str:
    """Return the payload of an opened pull request."""
    return changed(PULL_REQUEST, **changes)
