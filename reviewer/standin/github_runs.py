"""REST endpoints that tell how busy a repository is: runs and pull requests. Reads only.

Required keys: GitHub's OpenAPI description (workflow-run, pull-request-simple).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.standin.github_call import DEFAULT_PER_PAGE, MAX_PER_PAGE, paged
from reviewer.standin.github_errors import forbidden, not_found
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from reviewer.standin.github_accounts import Json
    from reviewer.standin.github_call import Call
    from reviewer.standin.github_values import PullRequest

_FULL_ONLY = frozenset(
    (
        "merged", "mergeable", "rebaseable", "mergeable_state", "merged_by", "comments",
        "review_comments", "maintainer_can_modify", "commits", "additions", "deletions",
        "changed_files",
    )
)  # fmt: skip
"""What a list leaves out of each pull request."""


def list_runs(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs, newest first.

    It takes `actions: read`; `created` is understood as `>=` and a time.
    """
    if not call.store.may_read_actions:
        raise forbidden()
    name, query = call.parts["workflow"], call.exchange.query
    known = [run for run in call.store.runs if run.workflow == name]
    if not known:
        raise not_found()
    since, event = query.get("created", "").removeprefix(">="), query.get("event")
    found = [run for run in known if run.created_at >= since and event in (None, run.event)]
    found.sort(key=lambda run: run.created_at, reverse=True)
    per_page = min(call.number("per_page", DEFAULT_PER_PAGE), MAX_PER_PAGE)
    first = (call.number("page", 1) - 1) * per_page
    shown = [call.shapes.workflow_run(run) for run in found[first : first + per_page]]
    return Answer.of_json({"total_count": len(found), "workflow_runs": shown})


def list_pulls(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls: by `state`, `sort` and `direction`."""
    query = call.exchange.query
    state, sort = query.get("state", "open"), query.get("sort", "created")
    pulls = [each for each in call.store.pulls.values() if state in ("all", each.state)]
    pulls.sort(key=lambda each: _sorted_by(each, sort), reverse=query.get("direction") != "asc")
    return paged(call, pulls, lambda each: _simple(call, each))


def _sorted_by(pull: PullRequest, sort: str) -> str:
    return pull.updated_at or pull.created_at if sort == "updated" else pull.created_at


def _simple(call: Call, pull: PullRequest) -> Json:
    shape = call.shapes.pull_request(pull)
    # By the description a label's description is a text here, and may be null in the whole.
    labels = [{**label, "description": label["description"] or ""} for label in shape["labels"]]
    kept = {name: value for name, value in shape.items() if name not in _FULL_ONLY}
    return {**kept, "labels": labels}
