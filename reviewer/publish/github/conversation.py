"""The conversation below a pull request: who may say what, and how we react. Does I/O.

Through PyGithub's objects, like `reading`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reviewer.publish.github.listed import whole

if TYPE_CHECKING:
    from github import Github

    from reviewer.flow import PullRequest
    from reviewer.publish.github.attempts import Attempts
    from reviewer.publish.github.reading import Reader

WRITE = frozenset({"admin", "write"})
"""What GitHub's older key `permission` says of those who may push: maintain counts as write,
triage as read (docs.github.com, "Get repository permissions for a user")."""


class Conversation:
    """What an order needs of GitHub beside the page. Every method raises those of `attempts`."""

    def __init__(
        self, github: Github, pull_request: PullRequest, attempts: Attempts, reader: Reader
    ) -> None:
        self._requester = github.requester
        self._home = f"/repos/{pull_request.repository}"
        self._number = pull_request.number
        self._issue = github.get_repo(pull_request.repository).get_issue(pull_request.number)
        self._attempts = attempts
        self._reader = reader

    def may_write(self, login: str, account_id: int) -> bool:
        """Whether an account may push to the repository; raises `Forbidden` if we may not know.

        The id is looked at too: a login can have gone to another person meanwhile.
        """
        path = f"{self._home}/collaborators/{quote(login, safe='')}/permission"
        return self._attempts.read(lambda: _is_writer(self._get(path), account_id))

    def pull(self) -> dict[str, Any]:
        """Return the pull request as GitHub's JSON."""
        return self._attempts.read(lambda: dict(self._get(f"{self._home}/pulls/{self._number}")))

    def react(self, comment_id: int, content: str) -> None:
        """React to a comment; the same reaction is there once, however often it is sent."""
        self._attempts.write(
            lambda: self._issue.get_comment(comment_id).create_reaction(content),
            landed=lambda: False,
        )

    def reacted(self, comment_id: int, content: str) -> bool:
        """Whether we reacted to a comment that way."""
        return self._attempts.read(
            lambda: any(
                one.content == content and self._reader.is_ours(one.user)
                for one in whole(self._issue.get_comment(comment_id).get_reactions())
            )
        )

    def _get(self, path: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
        return self._requester.requestJsonAndCheck("GET", path)[1]


def _is_writer(told: dict[str, Any], account_id: int) -> bool:
    account = told["user"] or {}
    return told["permission"] in WRITE and account.get("id") == account_id
