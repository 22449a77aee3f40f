"""What people may do in a repository, and how they react to comments. Changes the store.

Sources: docs.github.com, "Get repository permissions for a user", "Create reaction for an issue"
and "Create reaction for an issue comment".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.standin.github_accounts import user
from reviewer.standin.github_bodies import checked, parsed
from reviewer.standin.github_call import paged
from reviewer.standin.github_errors import Refused, not_found
from reviewer.standin.github_values import Reaction
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from reviewer.standin.github_accounts import Json
    from reviewer.standin.github_bodies import Kinds
    from reviewer.standin.github_call import Call
    from reviewer.standin.github_shapes import Shapes
    from reviewer.standin.github_store import Store

PERMISSIONS = {
    "admin": "admin",
    "maintain": "write",
    "write": "write",
    "triage": "read",
    "read": "read",
    "none": "none",
}
"""A role -> what the older key `permission` says of it."""

_RIGHTS = (
    ("pull", ("read", "triage", "write", "maintain", "admin")),
    ("triage", ("triage", "write", "maintain", "admin")),
    ("push", ("write", "maintain", "admin")),
    ("maintain", ("maintain", "admin")),
    ("admin", ("admin",)),
)

CONTENT: Kinds = {
    "content": ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")
}


def get_permission(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/collaborators/{username}/permission."""
    if "authorization" not in call.exchange.headers:
        raise Refused(401, "Requires authentication")
    login = call.parts["login"]
    if login in call.store.gone:
        raise not_found()
    role = role_of(call.store, login)
    rights = {name: role in roles for name, roles in _RIGHTS}
    account = {**user(call.shapes.at, login), "permissions": rights, "role_name": role}
    return Answer.of_json({"permission": PERMISSIONS[role], "role_name": role, "user": account})


def role_of(store: Store, login: str) -> str:
    """Return the role of an account: the owner's is admin, everybody may read what is public."""
    owner = store.repository.partition("/")[0]
    return store.roles.get(login, "admin" if login == owner else "read")


def list_reactions(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions."""
    return _listed(call, call.store.reactions.get(_comment(call), ()))


def create_reaction(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions; 200 = it was there."""
    return _created(call, call.store.reactions, _comment(call))


def list_pull_reactions(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/issues/{issue_number}/reactions."""
    return _listed(call, call.store.pull_reactions.get(call.pull.number, ()))


def create_pull_reaction(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/issues/{issue_number}/reactions; 200 = it was there."""
    return _created(call, call.store.pull_reactions, call.pull.number)


def _comment(call: Call) -> int:
    _, comment = call.store.find_issue_comment(int(call.parts["comment"]))
    return comment.id


def _listed(call: Call, found: tuple[Reaction, ...]) -> Answer:
    wanted = call.exchange.query.get("content", "")
    shown = [each for each in found if wanted in ("", each.content)]
    return paged(call, shown, lambda reaction: _shape(call.shapes, reaction))


def _created(call: Call, reactions: dict[int, tuple[Reaction, ...]], on: int) -> Answer:
    fields = checked(parsed(call.exchange), CONTENT, ("content",))
    store, there = call.store, reactions.get(on, ())
    for each in there:
        if (each.author, each.content) == (store.viewer, fields["content"]):
            return Answer.of_json(_shape(call.shapes, each))
    made = Reaction(
        id=store.new_id(), author=store.viewer, content=fields["content"], created_at=store.now()
    )
    reactions[on] = (*there, made)
    return Answer.of_json(_shape(call.shapes, made), 201)


def _shape(shapes: Shapes, reaction: Reaction) -> Json:
    return {
        "id": reaction.id,
        "node_id": f"REA_{reaction.id}",
        "user": user(shapes.at, reaction.author),
        "content": reaction.content,
        "created_at": reaction.created_at,
    }
