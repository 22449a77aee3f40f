"""GitHub's JSON for everything on a pull request. Reads the store and changes nothing.

Required keys: GitHub's OpenAPI description (pull-request, pull-request-review, diff-entry, ...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote
from zlib import crc32

from reviewer.standin.github_accounts import Addresses, Json, full_repository, repository, user
from reviewer.standin.github_objects import workflow_run

if TYPE_CHECKING:
    from reviewer.standin.github_store import Store
    from reviewer.standin.github_values import (
        IssueComment,
        Place,
        PullRequest,
        Review,
        ReviewComment,
        WorkflowRun,
    )


_PLAIN = ("self", "html", "issue")
_UNSET = {
    **dict.fromkeys(("assignees", "requested_reviewers", "requested_teams"), ()),
    **dict.fromkeys(("assignee", "milestone", "active_lock_reason", "closed_at", "auto_merge")),
    **dict.fromkeys(("merged_at", "merged_by", "merge_commit_sha", "mergeable", "rebaseable")),
    "locked": False,
    "merged": False,
    "mergeable_state": "unknown",
    "maintainer_can_modify": False,
}
"""What this stand-in never sets. `mergeable` is null while GitHub has not tried the merge."""


class Shapes:
    """The JSON of one answer: addresses in it begin with what the client asked for."""

    def __init__(self, store: Store, api: str) -> None:
        self.at = Addresses(api=api, repository=store.repository)
        self._store = store

    def full_repository(self) -> Json:
        """Return the repository by itself."""
        branch = self._store.default_branch
        return full_repository(self.at, self._store.repository, default_branch=branch)

    def repository(self, full_name: str = "") -> Json:
        """Return the repository inside of something else, or a fork of it."""
        own = self._store.repository
        fork = full_name not in ("", own)
        branch = self._store.default_branch
        return repository(self.at, full_name or own, default_branch=branch, fork=fork)

    def workflow_run(self, run: WorkflowRun) -> Json:
        """Return a workflow-run; of a fork's pull request it does not name the pull request."""
        git, head = self._store.git, run.head_repository
        return workflow_run(
            self.at,
            run,
            commit=git.commit(run.head_sha) if git.resolve(run.head_sha) else None,
            repository=self.repository(),
            head_repository=None if head is None else self.repository(head),
        )

    # --- the pull request ----------------------------------------------------------------

    def pull_request(self, pull: PullRequest) -> Json:
        """Return a pull request; whether it can be merged is not known yet, as at GitHub."""
        addresses = self._addresses(pull)
        page = addresses["html"]
        return {
            "id": pull.number,
            "node_id": f"PR_{pull.number}",
            "number": pull.number,
            "state": pull.state,
            "draft": pull.draft,
            "labels": [self.label(name) for name in pull.labels],
            "title": pull.title,
            "body": pull.body or None,
            "user": user(self.at, pull.author),
            "author_association": self._association(pull.author),
            "created_at": pull.created_at,
            "updated_at": pull.updated_at or pull.created_at,
            "url": addresses["self"],
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "issue_url": addresses["issue"],
            **{f"{name}_url": url for name, url in addresses.items() if name not in _PLAIN},
            "_links": {name: {"href": url} for name, url in addresses.items()},
            "base": self._side(pull.base_ref, self._store.sha(pull.base_ref), self.at.repository),
            "head": self._side(pull.head_ref, pull.head_sha, pull.head_repository),
            **_UNSET,
            **self._counts(pull),
        }

    def _counts(self, pull: PullRequest) -> Json:
        files = self._store.shown(pull)
        return {
            "commits": len(self._store.commits(pull)),
            "additions": sum(file.additions for file in files),
            "deletions": sum(file.deletions for file in files),
            "changed_files": len(files),
            "comments": len(self._store.issue_comments(pull)),
            "review_comments": len(self._store.review_comments(pull)),
        }

    def _addresses(self, pull: PullRequest) -> dict[str, str]:
        home = f"{self.at.repo}/pulls/{pull.number}"
        issue = f"{self.at.repo}/issues/{pull.number}"
        return {
            "self": home,
            "html": f"{self.at.page}/pull/{pull.number}",
            "issue": issue,
            "comments": f"{issue}/comments",
            "commits": f"{home}/commits",
            "review_comments": f"{home}/comments",
            "review_comment": f"{self.at.repo}/pulls/comments{{/number}}",
            "statuses": f"{self.at.repo}/statuses/{pull.head_sha}",
        }

    def _side(self, ref: str, sha: str, full_name: str | None) -> Json:
        owner = full_name.partition("/")[0] if full_name else "unknown"
        return {
            "label": f"{owner}:{ref}",
            "ref": ref,
            "sha": sha,
            "user": user(self.at, owner) if full_name else None,
            "repo": self.repository(full_name) if full_name else None,
        }

    def label(self, name: str) -> Json:
        """Return a label."""
        number = crc32(name.casefold().encode())
        return {
            "id": number,
            "node_id": f"LA_{number}",
            "url": f"{self.at.repo}/labels/{quote(name)}",
            "name": name,
            "description": None,
            "color": "ededed",
            "default": False,
        }

    def _author(self, login: str) -> Json | None:
        return None if login in self._store.gone else user(self.at, login)

    def _association(self, login: str) -> str:
        if login == self.at.repository.partition("/")[0]:
            return "OWNER"
        invited = self._store.roles.get(login, "none") != "none"
        return "COLLABORATOR" if invited else "NONE"

    # --- what is written on it -----------------------------------------------------------

    def review(self, pull: PullRequest, review: Review) -> Json:
        """Return a pull-request-review."""
        page, home = self._addresses(pull)["html"], self._addresses(pull)["self"]
        html = f"{page}#pullrequestreview-{review.id}"
        sent = {"submitted_at": review.submitted_at} if review.submitted_at else {}
        return {
            "id": review.id,
            "node_id": f"PRR_{review.id}",
            "user": user(self.at, review.author),
            "body": review.body,
            "state": review.state,
            "html_url": html,
            "pull_request_url": home,
            "author_association": self._association(review.author),
            "_links": {"html": {"href": html}, "pull_request": {"href": home}},
            **sent,
            "commit_id": review.commit_id,
        }

    def review_comment(self, pull: PullRequest, comment: ReviewComment) -> Json:
        """Return a pull-request-review-comment.

        A line that is lost or never was is null, although the description says integer.
        """
        home = f"{self.at.repo}/pulls/comments/{comment.id}"
        page = f"{self._addresses(pull)['html']}#discussion_r{comment.id}"
        pull_url = self._addresses(pull)["self"]
        parent = {"in_reply_to_id": comment.in_reply_to} if comment.in_reply_to else {}
        return {
            "id": comment.id,
            "node_id": f"PRRC_{comment.id}",
            "pull_request_review_id": comment.review_id,
            "user": user(self.at, comment.author),
            "author_association": self._association(comment.author),
            "body": comment.body,
            "path": comment.path,
            "diff_hunk": comment.diff_hunk,
            "subject_type": comment.subject_type,
            "side": comment.side,
            "start_side": comment.start_side,
            **_numbers("", comment.place),
            **_numbers("original_", comment.original),
            "commit_id": comment.commit_id,
            "original_commit_id": comment.original.commit_id,
            **parent,
            "created_at": comment.created_at,
            "updated_at": comment.updated_at,
            "url": home,
            "html_url": page,
            "pull_request_url": pull_url,
            "_links": {
                "self": {"href": home},
                "html": {"href": page},
                "pull_request": {"href": pull_url},
            },
        }

    def issue_comment(self, pull: PullRequest, comment: IssueComment) -> Json:
        """Return an issue-comment."""
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "user": self._author(comment.author),
            "author_association": self._association(comment.author),
            "body": comment.body,
            "created_at": comment.created_at,
            "updated_at": comment.updated_at,
            "url": f"{self.at.repo}/issues/comments/{comment.id}",
            "html_url": f"{self._addresses(pull)['html']}#issuecomment-{comment.id}",
            "issue_url": self._addresses(pull)["issue"],
            "performed_via_github_app": None,
            "minimized": {"reason": comment.minimized} if comment.minimized else None,
        }


def _numbers(prefix: str, place: Place) -> Json:
    return {
        f"{prefix}line": place.anchor.line,
        f"{prefix}start_line": place.anchor.start_line,
        f"{prefix}position": place.position,
    }
