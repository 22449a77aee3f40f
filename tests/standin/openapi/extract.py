"""Cut the stand-in's operations and events out of GitHub's OpenAPI description.

    npm pack @octokit/openapi@23.0.2 && tar xf octokit-openapi-23.0.2.tgz
    python tests/standin/openapi/extract.py package/generated/api.github.com.json

writes `github.json` beside this file: JSON Schema, with what OpenAPI 3.0 says differently
(`nullable`) put into its words, and without descriptions and examples. The description is
GitHub's, under the MIT licence.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

REPO = "/repos/{owner}/{repo}"
PULL = f"{REPO}/pulls/{{pull_number}}"
OPERATIONS = (
    ("get", "/user"),
    ("get", REPO),
    ("get", f"{REPO}/compare/{{basehead}}"),
    ("get", f"{REPO}/commits/{{ref}}/check-runs"),
    ("post", f"{REPO}/check-runs"),
    ("patch", f"{REPO}/check-runs/{{check_run_id}}"),
    ("get", f"{REPO}/commits/{{ref}}"),
    ("get", f"{REPO}/git/commits/{{commit_sha}}"),
    ("get", f"{REPO}/actions/workflows/{{workflow_id}}/runs"),
    ("get", f"{REPO}/actions/runs/{{run_id}}/artifacts"),
    ("get", f"{REPO}/actions/artifacts/{{artifact_id}}/{{archive_format}}"),
    ("get", f"{REPO}/pulls"),
    ("get", PULL),
    ("get", f"{PULL}/files"),
    ("get", f"{PULL}/commits"),
    ("get", f"{PULL}/reviews"),
    ("post", f"{PULL}/reviews"),
    ("get", f"{PULL}/reviews/{{review_id}}"),
    ("put", f"{PULL}/reviews/{{review_id}}"),
    ("delete", f"{PULL}/reviews/{{review_id}}"),
    ("post", f"{PULL}/reviews/{{review_id}}/events"),
    ("get", f"{PULL}/reviews/{{review_id}}/comments"),
    ("get", f"{PULL}/comments"),
    ("post", f"{PULL}/comments"),
    ("post", f"{PULL}/comments/{{comment_id}}/replies"),
    ("get", f"{REPO}/pulls/comments/{{comment_id}}"),
    ("patch", f"{REPO}/pulls/comments/{{comment_id}}"),
    ("delete", f"{REPO}/pulls/comments/{{comment_id}}"),
    ("get", f"{REPO}/issues/{{issue_number}}/comments"),
    ("post", f"{REPO}/issues/{{issue_number}}/comments"),
    ("get", f"{REPO}/issues/comments/{{comment_id}}"),
    ("patch", f"{REPO}/issues/comments/{{comment_id}}"),
    ("delete", f"{REPO}/issues/comments/{{comment_id}}"),
    ("get", f"{REPO}/issues/comments/{{comment_id}}/reactions"),
    ("post", f"{REPO}/issues/comments/{{comment_id}}/reactions"),
    ("get", f"{REPO}/issues/{{issue_number}}/reactions"),
    ("post", f"{REPO}/issues/{{issue_number}}/reactions"),
    ("get", f"{REPO}/collaborators/{{username}}/permission"),
)
EVENTS = ("webhook-issue-comment-created", "webhook-workflow-run-completed")
SPOKEN = {"description", "example", "examples", "title", "externalDocs", "deprecated", "default"}
"""Words about a schema; as names of properties they stay."""


def main(source: Path) -> None:
    description = json.loads(source.read_text(encoding="utf-8"))
    extract: dict[str, Any] = {
        "source": f"npm @octokit/openapi {description['info']['version']}, {source.name}",
        "operations": {
            f"{method.upper()} {path}": _operation(description, method, path)
            for method, path in OPERATIONS
        },
        "components": {"schemas": {}},
    }
    schemas: dict[str, Any] = extract["components"]["schemas"]
    waiting = _referenced(extract["operations"]) | set(EVENTS)
    while waiting:
        name = waiting.pop()
        schemas[name] = _plain(description["components"]["schemas"][name])
        waiting |= _referenced(schemas[name]) - schemas.keys()
    target = Path(__file__).with_name("github.json")
    target.write_text(json.dumps(extract, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _operation(description: Any, method: str, path: str) -> Any:
    operation = description["paths"][path][method]
    asked = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = {}
    for status, response in operation["responses"].items():
        if "$ref" in response:
            name = response["$ref"].rpartition("/")[2]
            response = description["components"]["responses"][name]  # noqa: PLW2901 - followed
        content = response.get("content", {}).get("application/json", {})
        answers[status] = _plain(content["schema"]) if "schema" in content else None
    return {"request": _plain(asked["schema"]) if asked else None, "responses": answers}


def _plain(schema: Any) -> Any:
    """Return the schema in JSON Schema's words."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: {name: _plain(each) for name, each in value.items()}
        if key == "properties"
        else _plain(value)
        for key, value in schema.items()
        if key not in SPOKEN | {"nullable"} and not key.startswith("x-")
    }
    return {"anyOf": [kept, {"type": "null"}]} if schema.get("nullable") else kept


def _referenced(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_referenced, schema))
    if not isinstance(schema, dict):
        return set()
    found = set().union(*map(_referenced, schema.values()))
    here = schema.get("$ref")
    return found | {here.rpartition("/")[2]} if isinstance(here, str) else found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
