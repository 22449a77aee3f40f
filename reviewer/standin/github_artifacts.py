"""REST endpoints for what runs uploaded, and the storage that it lies in. Reads only.

Sources: docs.github.com, "List workflow run artifacts" and "Download an artifact". The storage is
not part of the API: GitHub points to another host, which knows no token of GitHub's and refuses
one that it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reviewer.standin.github_call import DEFAULT_PER_PAGE, MAX_PER_PAGE
from reviewer.standin.github_errors import Refused, forbidden, not_found
from reviewer.standin.github_store import one
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from reviewer.standin.github_accounts import Json
    from reviewer.standin.github_call import Call
    from reviewer.standin.github_store import Store
    from reviewer.standin.github_values import Artifact
    from reviewer.standin.server import Exchange

STORAGE = "/artifact-storage/"
_LATER = "2026-11-30T00:00:00Z"
_DIGEST = f"sha256:{'0' * 64}"


def list_artifacts(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts, by `name` if that is given."""
    run_id, name = int(call.parts["run"]), call.exchange.query.get("name")
    one(call.store.runs, run_id)
    found = [
        each
        for each in call.store.artifacts
        if each.run.id == run_id and name in (None, each.name)
    ]
    per_page = min(call.number("per_page", DEFAULT_PER_PAGE), MAX_PER_PAGE)
    first = (call.number("page", 1) - 1) * per_page
    shown = [_artifact(call, each) for each in found[first : first + per_page]]
    return Answer.of_json({"total_count": len(found), "artifacts": shown})


def download_artifact(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/zip: the address where it lies.

    It takes a token with `actions: read`, of a public repository too.
    """
    if "authorization" not in call.exchange.headers or not call.store.may_read_actions:
        raise forbidden()
    found = one(call.store.artifacts, int(call.parts["artifact"]))
    if found.expired:
        raise Refused(410, "Artifact has expired")
    port = urlsplit(call.api).port
    where = f"http://localhost:{port}{STORAGE}{found.id}?signature=secret"
    return Answer(status=302, headers={"location": where})


def stored(store: Store, exchange: Exchange) -> Answer:
    """Return what lies in the storage, to whoever knows the address and shows no token."""
    if "authorization" in exchange.headers or exchange.query.get("signature") != "secret":
        return Answer(status=403, chunks=(b"<Error>AuthenticationFailed</Error>",))
    number = exchange.path.removeprefix(STORAGE)
    if not number.isdecimal():
        raise not_found()
    content = one(store.artifacts, int(number)).content
    return Answer(
        headers={"content-type": "application/zip"}, chunks=(content,) if content else ()
    )


def _artifact(call: Call, one: Artifact) -> Json:
    home = f"{call.shapes.at.repo}/actions/artifacts/{one.id}"
    return {
        "id": one.id,
        "node_id": f"A_{one.id}",
        "name": one.name,
        "size_in_bytes": len(one.content),
        "url": home,
        "archive_download_url": f"{home}/zip",
        "expired": one.expired,
        "created_at": one.run.created_at,
        "updated_at": one.run.created_at,
        "expires_at": _LATER,
        "digest": _DIGEST,
        "workflow_run": {
            "id": one.run.id,
            "repository_id": call.shapes.repository()["id"],
            "head_repository_id": call.shapes.repository(one.run.head_repository or "")["id"],
            "head_branch": one.run.head_branch,
            "head_sha": one.run.head_sha,
        },
    }
