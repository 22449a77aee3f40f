"""GitHub's refusals, word for word where the words are known. Pure.

The wordings come from the issue threads named beside them; GHES and older answers differ.
"""

from __future__ import annotations

from typing import Any

from reviewer.standin.github_anchors import Misfit
from reviewer.standin.server import Answer

DOCUMENTATION = "https://docs.github.com/rest"

FORBIDDEN = "Resource not accessible by integration"

PENDING_REVIEW = "User can only have one pending review per pull request"
"""Source: github/app#3371."""

TOO_QUICKLY = "was submitted too quickly"
"""Source: src-d/lookout#264."""

FOREIGN_COMMIT = "commit_id is not part of the pull request"
"""Source: prontolabs/pronto#99."""

IN_REVIEW = {
    Misfit.PATH: "Path could not be resolved",  # warpdotdev/oz-for-oss#310
    Misfit.LINE: "Line could not be resolved",
    Misfit.HUNK: "Pull request review thread start line must be part of the same hunk as the "
    "line.",  # parkerbxyz/suggest-changes#28
    Misfit.ORDER: "Pull request review thread start line must precede the end line.",
}
"""What a review's `errors` list says. It does not say which comment is meant."""

ALONE = {
    Misfit.PATH: ("invalid", "pull_request_review_thread.path", "is invalid"),
    Misfit.LINE: ("custom", "pull_request_review_thread.line", "must be part of the diff"),
    Misfit.HUNK: (
        "custom",
        "pull_request_review_thread.start_line",
        "must be part of the same hunk as the line.",
    ),
    Misfit.ORDER: (
        "custom",
        "pull_request_review_thread.start_line",
        "must precede the end line.",
    ),
}
"""What a single comment's `errors` say: code, field, and the end of the message."""


class Refused(Exception):
    """GitHub answers a request with an error; `GitHub.answer` sends it."""

    def __init__(self, status: int, message: str, *, errors: Any = None, **headers: str) -> None:  # noqa: ANN401 - strings or objects, as at GitHub
        super().__init__(message)
        listed = {} if errors is None else {"errors": errors}
        body = {"message": message, **listed, "documentation_url": DOCUMENTATION}
        self.answer = Answer.of_json({**body, "status": str(status)}, status, **headers)


def unprocessable(*errors: str) -> Refused:
    """Return the 422 of the review endpoints: a list of sentences."""
    return Refused(422, "Unprocessable Entity", errors=list(errors))


def invalid_field(resource: str, code: str, field: str, message: str) -> Refused:
    """Return the 422 of the comment endpoints: a list of objects."""
    error = {"resource": resource, "code": code, "field": field, "message": message}
    return Refused(422, "Validation Failed", errors=[error])


def invalid_request(why: str) -> Refused:
    """Return the 422 of GitHub's JSON Schema check, which comes before everything else."""
    return Refused(422, f"Invalid request.\n\n{why}")


def misplaced_alone(misfit: Misfit) -> Refused:
    """Return the 422 for a single comment that stands outside the diff."""
    code, field, ending = ALONE[misfit]
    return invalid_field("PullRequestReviewComment", code, field, f"{field} {ending}")


def not_found() -> Refused:
    """Return the 404, which also means "no access" on a private repository."""
    return Refused(404, "Not Found")


def forbidden() -> Refused:
    """Return the 403 of a token that may only read; the header names what is missing."""
    return Refused(
        403,
        FORBIDDEN,
        x_accepted_github_permissions="issues=write; pull_requests=write",
    )
