"""The payloads of events, as the runner stores them in a file. Pure.

Required keys: GitHub's OpenAPI description (webhook-issue-comment-created,
webhook-workflow-run-completed).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reviewer.standin.github_accounts import user

if TYPE_CHECKING:
    from reviewer.standin.github_accounts import Json
    from reviewer.standin.github_shapes import Shapes
    from reviewer.standin.github_values import IssueComment, PullRequest, WorkflowRun

GHOST = "ghost"
"""Who stands in the place of a deleted account (docs.github.com, "Deleting your account")."""


def pull_request(shapes: Shapes, pull: PullRequest, action: str, label: str = "") -> Json:
    """Return the payload of a `pull_request` event; `label` is the one that was given."""
    moved = {"before": pull.previous_head_sha, "after": pull.head_sha}
    return _plain(
        {
            "action": action,
            "number": pull.number,
            **(moved if action == "synchronize" else {}),
            **({"label": shapes.label(label)} if action == "labeled" else {}),
            "pull_request": shapes.pull_request(pull),
            "repository": shapes.repository(),
            "sender": user(shapes.at, pull.author),
        }
    )


def workflow_run(shapes: Shapes, run: WorkflowRun, action: str) -> Json:
    """Return the payload of a `workflow_run` event about a run of another workflow."""
    told = shapes.workflow_run(run)
    return _plain(
        {
            "action": action,
            "workflow_run": told,
            "workflow": {
                "id": told["workflow_id"],
                "node_id": f"W_{told['workflow_id']}",
                "name": told["name"],
                "path": told["path"],
                "state": "active",
                "created_at": run.created_at,
                "updated_at": run.created_at,
                "url": told["workflow_url"],
                "html_url": f"{shapes.at.page}/blob/main/{told['path']}",
                "badge_url": f"{shapes.at.page}/workflows/{told['name']}/badge.svg",
            },
            "repository": shapes.repository(),
            "sender": user(shapes.at, "octocat"),
        }
    )


def issue_comment(shapes: Shapes, pull: PullRequest, comment: IssueComment, action: str) -> Json:
    """Return the payload of an `issue_comment` event: it tells nothing of base and head."""
    told = shapes.issue_comment(pull, comment)
    reactions = _reactions(f"{told['url']}/reactions")
    return _plain(
        {
            "action": action,
            "issue": _issue(shapes, pull),
            "comment": {**told, "reactions": reactions},
            "repository": shapes.repository(),
            "sender": told["user"] or user(shapes.at, GHOST),
        }
    )


def _issue(shapes: Shapes, pull: PullRequest) -> Json:
    """Return the issue that a pull request is as well."""
    whole = shapes.pull_request(pull)
    url = whole["issue_url"]
    copied = (
        "id", "node_id", "number", "title", "body", "user", "state", "draft", "locked", "labels",
        "assignee", "assignees", "milestone", "author_association", "active_lock_reason",
        "created_at", "updated_at", "closed_at", "comments", "html_url",
    )  # fmt: skip
    addresses = ("url", "html_url", "diff_url", "patch_url", "merged_at")
    return {
        **{name: whole[name] for name in copied},
        "url": url,
        "repository_url": shapes.at.repo,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
        "state_reason": None,
        "reactions": _reactions(f"{url}/reactions"),
        "pull_request": {name: whole[name] for name in addresses},
    }


def _reactions(url: str) -> Json:
    names = ("total_count", "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
    return {"url": url, **dict.fromkeys(names, 0)}


def _plain(payload: Json) -> Json:
    plain: dict[str, Any] = json.loads(json.dumps(payload))
    return plain
