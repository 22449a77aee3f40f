"""`reviewer config show|check|schema`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from reviewer.errors import EXIT_CLEAN
from reviewer.publish.documents import failure, inspected
from reviewer.publish.documents.inspected import DOCUMENTS
from reviewer.publish.documents.json_text import json_text
from reviewer.settings import shape
from reviewer.wiring.local import local_settings, opened, settings_file

REVIEW_SCHEMA = Path(__file__).parent.parent / "publish/documents/review.schema.json"


def show(*, folder: Path) -> int:
    """Print every setting as it is in force here, as JSON."""
    with opened(folder) as repository:
        settings = asdict(local_settings(repository, {}))
    print(json_text(settings, indent=2))
    return EXIT_CLEAN


def check(*, folder: Path) -> int:
    """Load the settings, so that every mistake is said at once."""
    with opened(folder) as repository:
        local_settings(repository, {})
        path = settings_file(repository)
    print(f"The settings are in order. {f'Read: {path}' if path else 'There is no file of them.'}")
    return EXIT_CLEAN


def schema(*, of: str) -> int:
    """Print the JSON Schema of the settings file, or of a document that a command writes."""
    if of == "review":
        print(REVIEW_SCHEMA.read_text(encoding="utf-8"), end="")
        return EXIT_CLEAN
    if document := DOCUMENTS.get(of):
        of_json = inspected.schema(document)
    else:
        of_json = failure.schema() if of == "error" else shape().model_json_schema()
    print(json.dumps(of_json, indent=2))
    return EXIT_CLEAN
