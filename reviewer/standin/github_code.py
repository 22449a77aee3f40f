"""REST endpoints for the code: repository, commits, comparison, pull request, files. Reads only.

Each reads a `Call` and returns an answer or raises `Refused`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.standin.github_accounts import public_user
from reviewer.standin.github_call import paged
from reviewer.standin.github_errors import Refused, forbidden, not_found
from reviewer.standin.github_objects import commit_entry, file_entry, git_commit
from reviewer.standin.github_values import BOT
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from reviewer.standin.github_call import Call

MAX_LISTED_FILES = 3_000
MAX_COMPARED_FILES = 300
MAX_LISTED_COMMITS = 250
MAX_DIFF_FILES = 300
MAX_DIFF_LINES = 20_000
"""Source: docs.github.com, "Repository limits" and the pages of the endpoints."""

_STATUS = {
    (True, True): "diverged",
    (True, False): "ahead",
    (False, True): "behind",
    (False, False): "identical",
}


# --- repository, user, commits ---------------------------------------------------------------


def get_repository(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}."""
    return Answer.of_json(call.shapes.full_repository())


def get_user(call: Call) -> Answer:
    """GET /user: installation tokens, so GITHUB_TOKEN, may not (mislav/hub#2149)."""
    if call.store.viewer.endswith(BOT):
        raise forbidden()
    return Answer.of_json(public_user(call.shapes.at, call.store.viewer))


def get_git_commit(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/git/commits/{commit_sha}."""
    sha = call.store.git.resolve(call.parts["ref"])
    if not sha:
        raise not_found()
    return Answer.of_json(git_commit(call.shapes.at, call.store.git.commit(sha)))


def get_commit(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/commits/{ref}."""
    sha = call.store.git.resolve(call.parts["ref"])
    if not sha:
        raise Refused(422, f"No commit found for SHA: {call.parts['ref']}")
    return Answer.of_json(commit_entry(call.shapes.at, call.store.git.commit(sha)))


def get_comparison(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/compare/{basehead}: the diff of three dots."""
    git, at = call.store.git, call.shapes.at
    base, head = git.resolve(call.parts["base"]), git.resolve(call.parts["head"])
    common = base and head and git.merge_base(base, head)
    if not (base and head and common):
        raise not_found()
    ahead, behind = git.commits(f"{base}..{head}"), git.commits(f"{head}..{base}")
    page, per_page = call.number("page", 1), call.number("per_page", MAX_LISTED_COMMITS)
    listed = ahead[(page - 1) * per_page : page * per_page]
    files = git.diff(common, head)[:MAX_COMPARED_FILES] if page == 1 else ()
    home, html = f"{at.repo}/compare/{base}...{head}", f"{at.page}/compare/{base}...{head}"
    return Answer.of_json(
        {
            "url": home,
            "html_url": html,
            "permalink_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "base_commit": commit_entry(at, git.commit(base)),
            "merge_base_commit": commit_entry(at, git.commit(common)),
            "status": _STATUS[bool(ahead), bool(behind)],
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "commits": [commit_entry(at, each) for each in listed],
            "files": [file_entry(at, each, head) for each in files],
        }
    )


# --- the pull request ------------------------------------------------------------------------


def get_pull(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}, as JSON or as a diff."""
    media = call.exchange.headers.get("accept", "")
    if re.search(r"application/vnd\.github\.(v3\.)?diff", media):
        return _diff(call)
    return Answer.of_json(call.shapes.pull_request(call.pull))


def _diff(call: Call) -> Answer:
    pull, git = call.pull, call.store.git
    text = git.diff_text(call.store.merge_base(pull, pull.head_sha), pull.head_sha)
    lines = sum(file.additions + file.deletions for file in call.store.shown(pull))
    for amount, limit, what in (
        (len(call.store.shown(pull)), MAX_DIFF_FILES, "files"),
        (lines, MAX_DIFF_LINES, "lines"),
    ):
        if amount > limit:
            raise Refused(
                406,
                f"Sorry, the diff exceeded the maximum number of {what} ({limit}). Consider "
                "using 'List pull requests files' API or locally cloning the repository instead.",
                errors=[{"resource": "PullRequest", "field": "diff", "code": "too_large"}],
            )
    kind = {"content-type": "application/vnd.github.diff; charset=utf-8"}
    return Answer(headers=kind, chunks=(text,))


def list_files(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/files."""
    pull, at = call.pull, call.shapes.at
    files = call.store.shown(pull)[:MAX_LISTED_FILES]
    return paged(call, files, lambda file: file_entry(at, file, pull.head_sha))


def list_commits(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/commits."""
    at = call.shapes.at
    commits = call.store.commits(call.pull)[:MAX_LISTED_COMMITS]
    return paged(call, commits, lambda commit: commit_entry(at, commit))
