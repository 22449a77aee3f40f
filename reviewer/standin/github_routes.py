"""Which function answers which address of GitHub's REST API. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from reviewer.standin import github_artifacts as artifacts
from reviewer.standin import github_checks as checks
from reviewer.standin import github_code as code
from reviewer.standin import github_people as people
from reviewer.standin import github_runs as runs
from reviewer.standin import github_talk as talk
from reviewer.standin.github_errors import not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.standin.github_call import Call
    from reviewer.standin.server import Answer

_REPO = "/repos/{owner}/{repo}"
_PULL = f"{_REPO}/pulls/{{number}}"
_TALK = f"{_REPO}/issues/{{number}}/comments"

ROUTES: tuple[tuple[str, str, Callable[[Call], Answer]], ...] = (
    ("GET", "/user", code.get_user),
    ("GET", _REPO, code.get_repository),
    ("GET", f"{_REPO}/compare/{{base}}...{{head}}", code.get_comparison),
    ("GET", f"{_REPO}/commits/{{ref}}/check-runs", checks.list_check_runs),
    ("POST", f"{_REPO}/check-runs", checks.create_check_run),
    ("PATCH", f"{_REPO}/check-runs/{{check}}", checks.update_check_run),
    ("GET", f"{_REPO}/commits/{{ref}}", code.get_commit),
    ("GET", f"{_REPO}/git/commits/{{ref}}", code.get_git_commit),
    ("GET", f"{_REPO}/actions/workflows/{{workflow}}/runs", runs.list_runs),
    ("GET", f"{_REPO}/actions/runs/{{run}}/artifacts", artifacts.list_artifacts),
    ("GET", f"{_REPO}/actions/artifacts/{{artifact}}/{{format}}", artifacts.download_artifact),
    ("GET", f"{_REPO}/pulls", runs.list_pulls),
    ("GET", _PULL, code.get_pull),
    ("GET", f"{_PULL}/files", code.list_files),
    ("GET", f"{_PULL}/commits", code.list_commits),
    ("GET", f"{_PULL}/reviews", talk.list_reviews),
    ("POST", f"{_PULL}/reviews", talk.create_review),
    ("GET", f"{_PULL}/reviews/{{review}}", talk.get_review),
    ("PUT", f"{_PULL}/reviews/{{review}}", talk.edit_review),
    ("DELETE", f"{_PULL}/reviews/{{review}}", talk.delete_review),
    ("POST", f"{_PULL}/reviews/{{review}}/events", talk.submit_review),
    ("GET", f"{_PULL}/reviews/{{review}}/comments", talk.list_comments_of_review),
    ("GET", f"{_PULL}/comments", talk.list_comments),
    ("POST", f"{_PULL}/comments", talk.create_comment),
    ("POST", f"{_PULL}/comments/{{comment}}/replies", talk.reply),
    ("GET", f"{_REPO}/pulls/comments/{{comment}}", talk.get_comment),
    ("PATCH", f"{_REPO}/pulls/comments/{{comment}}", talk.edit_comment),
    ("DELETE", f"{_REPO}/pulls/comments/{{comment}}", talk.delete_comment),
    ("GET", _TALK, talk.list_issue_comments),
    ("POST", _TALK, talk.create_issue_comment),
    ("GET", f"{_REPO}/issues/comments/{{comment}}", talk.get_issue_comment),
    ("PATCH", f"{_REPO}/issues/comments/{{comment}}", talk.edit_issue_comment),
    ("DELETE", f"{_REPO}/issues/comments/{{comment}}", talk.delete_issue_comment),
    ("GET", f"{_REPO}/issues/comments/{{comment}}/reactions", people.list_reactions),
    ("POST", f"{_REPO}/issues/comments/{{comment}}/reactions", people.create_reaction),
    ("GET", f"{_REPO}/issues/{{number}}/reactions", people.list_pull_reactions),
    ("POST", f"{_REPO}/issues/{{number}}/reactions", people.create_pull_reaction),
    ("GET", f"{_REPO}/collaborators/{{login}}/permission", people.get_permission),
)

_NUMBER, _NAME = r"\d+", "[^/]+"
_KINDS = {
    **dict.fromkeys(("number", "review", "comment", "check", "run", "artifact"), _NUMBER),
    **dict.fromkeys(("owner", "repo", "login", "workflow", "format"), _NAME),
}
_ANY = ".+"
"""Branch names hold slashes."""


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", template)
    names = [f"(?P<{name}>{_KINDS.get(name, _ANY)})" for name in pieces[1::2]] + [""]
    texts = map(re.escape, pieces[::2])
    return re.compile("".join(text + name for text, name in zip(texts, names, strict=True)))


_COMPILED = tuple((method, _pattern(template), function) for method, template, function in ROUTES)


def route(
    method: str, path: str, repository: str
) -> tuple[Callable[[Call], Answer], dict[str, str]]:
    """Return the function for an address and the parts of it; raises `Refused` with a 404."""
    for each, pattern, function in _COMPILED:
        if each == method and (found := pattern.fullmatch(path)):
            parts = {name: unquote(text) for name, text in found.groupdict().items()}
            named = f"{parts.get('owner')}/{parts.get('repo')}"
            if "owner" not in parts or named.lower() == repository.lower():
                return function, parts
    raise not_found()
