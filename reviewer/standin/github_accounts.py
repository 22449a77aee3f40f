"""GitHub's JSON for accounts and repositories: mostly addresses. Pure.

Required keys: GitHub's OpenAPI description (simple-user, public-user, full-repository).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from reviewer.standin.github_values import BOT

Json = dict[str, Any]

KNOWN_IDS = {"github-actions[bot]": 41_898_282}
LONG_AGO = "2026-01-01T00:00:00Z"

_USER = {
    "followers": "/followers",
    "following": "/following{/other_user}",
    "gists": "/gists{/gist_id}",
    "starred": "/starred{/owner}{/repo}",
    "subscriptions": "/subscriptions",
    "organizations": "/orgs",
    "repos": "/repos",
    "events": "/events{/privacy}",
    "received_events": "/received_events",
}
_REPOSITORY = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "statuses": "/statuses/{sha}",
    "trees": "/git/trees{/sha}",
} | {
    name: f"/{name}"
    for name in (
        "contributors", "deployments", "downloads", "events", "forks", "hooks", "languages",
        "merges", "stargazers", "subscribers", "subscription", "tags", "teams",
    )
}  # fmt: skip
_COUNTS = (
    "forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count",
    "watchers", "watchers_count",
)  # fmt: skip
_SWITCHES = {
    "has_issues": True,
    "has_projects": True,
    "has_wiki": True,
    "has_pages": False,
    "has_discussions": False,
    "has_downloads": True,
    "archived": False,
    "disabled": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where things are: `api` is the client's base URL, `web` the site it belongs to."""

    api: str
    repository: str

    @property
    def web(self) -> str:
        """The site: api.github.com has its own, elsewhere the API is below it."""
        return self.api.replace("://api.", "://").removesuffix("/api/v3")

    @property
    def repo(self) -> str:
        """The repository in the API."""
        return f"{self.api}/repos/{self.repository}"

    @property
    def page(self) -> str:
        """The repository on the site."""
        return f"{self.web}/{self.repository}"


def account_id(login: str) -> int:
    """Return the id of an account: the real one where it is well known, else a stable one."""
    return KNOWN_IDS.get(login, crc32(login.encode()))


def repository_id(full_name: str) -> int:
    """Return a stable id for a repository."""
    return crc32(full_name.encode())


def user(at: Addresses, login: str) -> Json:
    """Return a simple-user; an app is a Bot and keeps its suffix."""
    home, bot = f"{at.api}/users/{login}", login.endswith(BOT)
    page = f"{at.web}/apps/{login.removesuffix(BOT)}" if bot else f"{at.web}/{login}"
    return {
        "login": login,
        "id": account_id(login),
        "node_id": f"{'BOT' if bot else 'U'}_{account_id(login)}",
        "avatar_url": f"{at.web}/avatars/{account_id(login)}",
        "gravatar_id": "",
        "url": home,
        "html_url": page,
        **{f"{name}_url": home + path for name, path in _USER.items()},
        "type": "Bot" if bot else "User",
        "site_admin": False,
    }


def public_user(at: Addresses, login: str) -> Json:
    """Return a public-user, which is what GET /user gives a token without the user's scope."""
    unknown = dict.fromkeys(
        ("name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username")
    )
    counted = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    return {
        **user(at, login),
        **unknown,
        **counted,
        "created_at": LONG_AGO,
        "updated_at": LONG_AGO,
    }


def full_repository(at: Addresses, full_name: str, *, default_branch: str) -> Json:
    """Return a full-repository."""
    more = {"network_count": 0, "subscribers_count": 0}
    return {**repository(at, full_name, default_branch=default_branch, fork=False), **more}


def repository(at: Addresses, full_name: str, *, default_branch: str, fork: bool) -> Json:
    """Return a repository, as it stands in a pull request and in an event."""
    owner, name = full_name.split("/")
    home, page = f"{at.api}/repos/{full_name}", f"{at.web}/{full_name}"
    host = at.web.partition("://")[2]
    return {
        "id": repository_id(full_name),
        "node_id": f"R_{repository_id(full_name)}",
        "name": name,
        "full_name": full_name,
        "owner": user(at, owner),
        "private": False,
        "html_url": page,
        "description": None,
        "fork": fork,
        "url": home,
        **{f"{part}_url": home + path for part, path in _REPOSITORY.items()},
        "clone_url": f"{page}.git",
        "git_url": f"git://{host}/{full_name}.git",
        "ssh_url": f"git@{host}:{full_name}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": default_branch,
        **dict.fromkeys(_COUNTS, 0),
        **_SWITCHES,
        **dict.fromkeys(("pushed_at", "created_at", "updated_at"), LONG_AGO),
    }
