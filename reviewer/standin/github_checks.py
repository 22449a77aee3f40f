"""REST endpoints of check runs. Reads and changes the store; they take `checks: write`.

Limits and required keys: GitHub's OpenAPI description (check-run), docs.github.com, "Check runs".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.standin.github_bodies import Kinds, checked, parsed
from reviewer.standin.github_call import MAX_PER_PAGE
from reviewer.standin.github_errors import forbidden, not_found, unprocessable
from reviewer.standin.github_values import CheckRun
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from reviewer.standin.github_accounts import Json
    from reviewer.standin.github_bodies import Fields
    from reviewer.standin.github_call import Call
    from reviewer.standin.github_store import Store

MOST_ANNOTATIONS = 50
"""Of a request."""

STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = ("success", "failure", "neutral", "cancelled", "skipped", "timed_out")
CHANGE: Kinds = {
    "name": str,
    "external_id": str,
    "status": STATUSES,
    "conclusion": CONCLUSIONS,
    "output": dict,
}
NEW: Kinds = {**CHANGE, "head_sha": str}
OUTPUT: Kinds = {"title": str, "summary": str, "text": str, "annotations": list}
ANNOTATION: Kinds = {
    "path": str,
    "start_line": int,
    "end_line": int,
    "annotation_level": ("notice", "warning", "failure"),
    "message": str,
    "title": str,
    "raw_details": str,
}
_NEEDED = ("path", "start_line", "end_line", "annotation_level", "message")


def list_check_runs(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/commits/{ref}/check-runs, newest first; one page."""
    commit, name = call.store.sha(call.parts["ref"]), call.exchange.query.get("check_name")
    found = [
        run for run in call.store.checks if run.head_sha == commit and name in (None, run.name)
    ]
    shown = [_shape(call, run) for run in found[: -MAX_PER_PAGE - 1 : -1]]
    return Answer.of_json({"total_count": len(found), "check_runs": shown})


def create_check_run(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/check-runs."""
    _permitted(call.store)
    fields = checked(parsed(call.exchange), NEW, ("name", "head_sha"))
    run = CheckRun(
        id=call.store.new_id(),
        name=fields["name"],
        head_sha=call.store.sha(fields["head_sha"]),
        external_id=fields.get("external_id", ""),
        started_at=call.store.now(),
    )
    run = _changed(call.store, run, fields)
    call.store.checks.append(run)
    return Answer.of_json(_shape(call, run), 201)


def update_check_run(call: Call) -> Answer:
    """PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}; annotations are appended."""
    _permitted(call.store)
    fields = checked(parsed(call.exchange), CHANGE)
    number = int(call.parts["check"])
    for at, run in enumerate(call.store.checks):
        if run.id == number:
            call.store.checks[at] = _changed(call.store, run, fields)
            return Answer.of_json(_shape(call, call.store.checks[at]))
    raise not_found()


def _permitted(store: Store) -> None:
    if not store.may_write_checks:
        raise forbidden()


def _changed(store: Store, run: CheckRun, fields: Fields) -> CheckRun:
    if fields.get("status") == "completed" and "conclusion" not in fields:
        raise unprocessable("conclusion is required if status is completed")
    output = checked(fields.get("output", {}), OUTPUT)
    if output and not {"title", "summary"} <= output.keys():
        raise unprocessable('"title" and "summary" weren\'t supplied.')
    annotations = output.get("annotations", [])
    if len(annotations) > MOST_ANNOTATIONS:
        raise unprocessable("Only 50 annotations per request are allowed")
    for each in annotations:
        checked(each, ANNOTATION, _NEEDED)
        if each["end_line"] < each["start_line"] or each["start_line"] < 1:
            raise unprocessable("end_line is before start_line")
    ended = "conclusion" in fields
    return replace(
        run,
        status="completed" if ended else fields.get("status", run.status),
        conclusion=fields.get("conclusion", run.conclusion),
        completed_at=store.now() if ended else run.completed_at,
        title=output.get("title", run.title),
        summary=output.get("summary", run.summary),
        annotations=(*run.annotations, *annotations),
    )


def _shape(call: Call, run: CheckRun) -> Json:
    url = f"{call.api}/repos/{call.store.repository}/check-runs/{run.id}"
    page = f"https://github.com/{call.store.repository}/runs/{run.id}"
    return {
        "id": run.id,
        "node_id": f"CR_{run.id}",
        "name": run.name,
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": url,
        "html_url": page,
        "details_url": page,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": None,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": 1},
        "app": None,
        "pull_requests": [],
    }
