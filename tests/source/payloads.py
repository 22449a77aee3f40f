"""GitHub's payloads with some fields changed."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any


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
