"""A repository with a pull request, GitHub's stand-in over it, and PyGithub as its client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pytest
from github import Auth, Github, GithubException

from reviewer.standin.github import GitHub
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import WorkTree
    from github.Commit import Commit
    from github.PullRequest import PullRequest
    from github.Repository import Repository

    from reviewer.standin.server import Application

NUMBER = 7


def lines(*texts: str) -> str:
    return "".join(f"{text}\n" for text in texts)


def numbered(count: int) -> list[str]:
    return [f"line {number}" for number in range(1, count + 1)]


APP = numbered(60)
NEW_APP = [*APP[:9], "ten a", "ten b", *APP[10:39], *APP[40:]]
"""Line 10 became two, line 40 went: hunks -7,7 +7,8 and -37,7 +38,6."""

OLD = numbered(30)


class World:
    """Pull request 7 of octo/demo: a file edited, one renamed, one deleted, two added."""

    def __init__(
        self,
        work_tree: WorkTree,
        *,
        application: Callable[[GitHub], Application] = lambda github: github,
        **options: Any,
    ) -> None:
        self.tree = work_tree
        self.base = work_tree.commit(
            {
                "app.py": lines(*APP),
                "old.py": lines(*OLD),
                "gone.py": "gone\n",
                "kept.py": "kept\n",
            }
        )
        work_tree.git("checkout", "--quiet", "-b", "feature")
        self.first = work_tree.commit({"added.py": lines("one", "two", "three")}, "add")
        self.head = work_tree.commit(
            {
                "app.py": lines(*NEW_APP),
                "old.py": None,
                "new.py": lines(*OLD[:4], "five", *OLD[5:]),
                "gone.py": None,
                "logo.bin": b"\0\1\2",
            },
            "change",
        )
        self.github = GitHub(work_tree.folder, **options)
        self.github.open_pull_request(NUMBER, "main", "feature", "A title", "A body")
        self.application = application(self.github)
        self.server = Server(self.application)
        self._clients: list[Github] = []

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        for client in self._clients:
            client.close()
        self.server.__exit__(None, None, None)

    def client(self, path: str = "", **options: Any) -> Github:
        """PyGithub without its pauses and, unless told otherwise, without its retries."""
        usual: dict[str, Any] = {
            "auth": Auth.Token("stand-in"),
            "seconds_between_requests": 0,
            "seconds_between_writes": 0,
            "per_page": 100,
            "retry": None,
        }
        client = Github(base_url=self.server.url + path, **usual | options)
        self._clients.append(client)
        return client

    def repository(self, **options: Any) -> Repository:
        return self.client(**options).get_repo("octo/demo")

    def pull(self, **options: Any) -> PullRequest:
        return self.client(lazy=True, **options).get_repo("octo/demo").get_pull(NUMBER)

    def commit(self, sha: str = "") -> Commit:
        return self.client(lazy=True).get_repo("octo/demo").get_commit(sha or self.head)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send what PyGithub has no method for; `path` begins after the pull request's."""
        url = f"/repos/octo/demo/pulls/{NUMBER}{path}"
        requester = self.client().requester
        return requester.requestJsonAndCheck(method, url, input=body, headers=headers or None)[1]

    def graphql(self, query: str, **variables: Any) -> Any:
        return self.client().requester.graphql_query(query, variables)[1]["data"]

    @property
    def state(self) -> Any:
        return self.github.pull_request(NUMBER)


def refused(call: Callable[[], object]) -> GithubException:
    """The error that a call ends in."""
    with pytest.raises(GithubException) as caught:
        call()
    return caught.value


def said(error: GithubException) -> str:
    """Everything that a 422 says about its reasons."""
    errors = error.data.get("errors", []) if isinstance(error.data, dict) else []
    texts = [each if isinstance(each, str) else each["message"] for each in errors]
    return "; ".join(texts) or str(error.message)
