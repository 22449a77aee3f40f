"""GitHub's JSON for commits, the files of a diff and runs of workflows. Pure.

Required keys: GitHub's OpenAPI description (commit, git-commit, commit-comparison, diff-entry,
workflow-run).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from reviewer.standin.github_accounts import user

if TYPE_CHECKING:
    from reviewer.standin.github_accounts import Addresses, Json
    from reviewer.standin.github_git import Commit, Person
    from reviewer.standin.github_patch import FileDiff
    from reviewer.standin.github_values import WorkflowRun

SMALLEST_MISSING_PATCH_BYTES = 373_916
"""The smallest patch that was reported to be left out (derailed-dash/gemini-review-action#50)."""

UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def git_commit(at: Addresses, commit: Commit) -> Json:
    """Return a git-commit: the object, without what GitHub knows around it."""
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "url": f"{at.repo}/git/commits/{commit.sha}",
        "html_url": f"{at.page}/commit/{commit.sha}",
        "author": _person(commit.author),
        "committer": _person(commit.committer),
        "message": commit.message,
        "tree": _tree(at, commit),
        "parents": _parents(at, commit, "git/commits"),
        "verification": UNSIGNED,
    }


def commit_entry(at: Addresses, commit: Commit) -> Json:
    """Return a commit; no account is known for its people."""
    home = f"{at.repo}/commits/{commit.sha}"
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "url": home,
        "html_url": f"{at.page}/commit/{commit.sha}",
        "comments_url": f"{home}/comments",
        "commit": {
            "url": f"{at.repo}/git/commits/{commit.sha}",
            "author": _person(commit.author),
            "committer": _person(commit.committer),
            "message": commit.message,
            "comment_count": 0,
            "tree": _tree(at, commit),
            "verification": UNSIGNED,
        },
        "author": None,
        "committer": None,
        "parents": _parents(at, commit, "commits"),
    }


def file_entry(at: Addresses, file: FileDiff, commit: str) -> Json:
    """Return a diff-entry; binary files and large ones come without a patch."""
    path = quote(file.path)
    patch = file.patch
    shown = patch and len(patch.encode()) < SMALLEST_MISSING_PATCH_BYTES
    return {
        "sha": file.blob,
        "filename": file.path,
        "status": file.status,
        "additions": file.additions,
        "deletions": file.deletions,
        "changes": file.additions + file.deletions,
        "blob_url": f"{at.page}/blob/{commit}/{path}",
        "raw_url": f"{at.page}/raw/{commit}/{path}",
        "contents_url": f"{at.repo}/contents/{path}?ref={commit}",
        **({"patch": patch} if shown else {}),
        **({"previous_filename": file.old_path} if file.status == "renamed" else {}),
    }


def workflow_run(
    at: Addresses,
    run: WorkflowRun,
    *,
    commit: Commit | None,
    repository: Json,
    head_repository: Json | None,
) -> Json:
    """Return a workflow-run; of a fork's pull request it does not name the pull request."""
    home, someone = f"{at.repo}/actions/runs/{run.id}", user(at, "octocat")
    below = ("jobs", "logs", "cancel", "rerun", "artifacts")
    return {
        "id": run.id,
        "node_id": f"WFR_{run.id}",
        "name": run.workflow.partition(".")[0],
        "display_title": "A title",
        "path": f".github/workflows/{run.workflow}",
        "workflow_id": 1,
        "run_number": 1,
        "run_attempt": 1,
        "event": run.event,
        "status": "completed",
        "conclusion": run.conclusion,
        "head_branch": run.head_branch,
        "head_sha": run.head_sha,
        "head_commit": _simple_commit(commit) if commit else None,
        "pull_requests": [],
        **dict.fromkeys(("actor", "triggering_actor"), someone),
        **dict.fromkeys(("created_at", "updated_at", "run_started_at"), run.created_at),
        "url": home,
        "html_url": f"{at.page}/actions/runs/{run.id}",
        "check_suite_id": run.id,
        "check_suite_node_id": f"CS_{run.id}",
        "check_suite_url": f"{at.repo}/check-suites/{run.id}",
        "workflow_url": f"{at.repo}/actions/workflows/1",
        "previous_attempt_url": None,
        **{f"{name}_url": f"{home}/{name}" for name in below},
        "repository": repository,
        "head_repository": head_repository,
    }


def _simple_commit(commit: Commit) -> Json:
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    }


def _tree(at: Addresses, commit: Commit) -> Json:
    return {"sha": commit.tree, "url": f"{at.repo}/git/trees/{commit.tree}"}


def _parents(at: Addresses, commit: Commit, kind: str) -> list[Json]:
    return [
        {
            "sha": sha,
            "url": f"{at.repo}/{kind}/{sha}",
            "html_url": f"{at.page}/commit/{sha}",
        }
        for sha in commit.parents
    ]


def _person(person: Person) -> Json:
    return {"name": person.name, "email": person.email, "date": person.date}
