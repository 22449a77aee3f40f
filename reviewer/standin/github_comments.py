"""The rules of comments: on a line, on a file, answers, the conversation. Changes the store.

Every function raises `Refused` before it changes anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reviewer.standin.github_anchors import Misplaced, at_position, find, named
from reviewer.standin.github_bodies import single_comment
from reviewer.standin.github_errors import (
    FOREIGN_COMMIT,
    PENDING_REVIEW,
    invalid_field,
    invalid_request,
    misplaced_alone,
    not_found,
)
from reviewer.standin.github_store import one, swapped
from reviewer.standin.github_values import Anchor, IssueComment, Place, Review, ReviewComment

if TYPE_CHECKING:
    from reviewer.standin.github_bodies import Fields
    from reviewer.standin.github_patch import FileDiff
    from reviewer.standin.github_store import Store
    from reviewer.standin.github_values import PullRequest

MAX_BODY_CHARACTERS = 65_536
"""Source: telia-oss/github-pr-resource#259."""

RESOURCE = "PullRequestReviewComment"

# --- in the diff -----------------------------------------------------------------------------


def create_comment(store: Store, pull: PullRequest, author: str, value: Any) -> ReviewComment:  # noqa: ANN401 - JSON, checked here
    """Create one comment: on a line, on a file, or as an answer."""
    variant, fields = single_comment(value)
    if variant == "reply":
        return reply(store, pull, author, fields["in_reply_to"], fields["body"])
    _check_text(RESOURCE, fields["body"])
    if not is_in(store, pull, fields["commit_id"]):
        raise invalid_field(RESOURCE, "custom", "commit_id", FOREIGN_COMMIT)
    review = _own_review(store, pull, author, fields["commit_id"])
    try:
        comment = place_comment(store, pull, review, fields)
    except Misplaced as error:
        raise misplaced_alone(error.misfit) from error
    add(store, pull, review, comment)
    return comment


def reply(
    store: Store, pull: PullRequest, author: str, parent_id: int, body: str
) -> ReviewComment:
    """Answer the first comment of a thread; an answer to an answer is a 404."""
    parent = one(store.review_comments(pull), parent_id)
    if parent.in_reply_to:
        raise not_found()
    _check_text(RESOURCE, body)
    review = _own_review(store, pull, author, parent.original.commit_id)
    answer = replace(
        parent,
        id=store.new_id(),
        review_id=review.id,
        author=author,
        body=body,
        in_reply_to=parent.id,
        created_at=str(review.submitted_at),
        updated_at=str(review.submitted_at),
        edited_by=None,
        minimized=None,
        resolved_by=None,
    )
    add(store, pull, review, answer)
    return answer


def edit_comment(
    store: Store, pull: PullRequest, comment: ReviewComment, body: str, *, by: str
) -> ReviewComment:
    """Give a review comment another body; `pull-requests: write` may do it to anybody's."""
    _check_text(RESOURCE, body)
    edited = replace(comment, body=body, edited_by=by, updated_at=store.now())
    store.keep(replace(pull, review_comments=swapped(pull.review_comments, edited)))
    return edited


def delete_comment(store: Store, pull: PullRequest, comment: ReviewComment) -> None:
    """Delete a review comment; its answers stay."""
    gone = replace(comment, deleted=True)
    store.keep(replace(pull, review_comments=swapped(pull.review_comments, gone)))


# --- shared with reviews ---------------------------------------------------------------------


def is_in(store: Store, pull: PullRequest, sha: str) -> bool:
    """Whether a commit is one of the pull request's own; its merge commit is not."""
    return any(each.sha == sha for each in store.commits(pull))


def has_pending(pull: PullRequest, author: str) -> bool:
    """Whether an unsubmitted review keeps its author from writing anything else."""
    return any(
        each.pending and not each.deleted and each.author == author for each in pull.reviews
    )


def too_long(body: str) -> str | None:
    """Return what GitHub says of a body above the limit."""
    if len(body) <= MAX_BODY_CHARACTERS:
        return None
    return f"Body is too long (maximum is {MAX_BODY_CHARACTERS} characters)"


def add(store: Store, pull: PullRequest, review: Review, *comments: ReviewComment) -> None:
    """Remember a review and its comments."""
    reviews, written = (*pull.reviews, review), (*pull.review_comments, *comments)
    store.keep(replace(pull, reviews=reviews, review_comments=written))


def place_comment(
    store: Store, pull: PullRequest, review: Review, fields: Fields
) -> ReviewComment:
    """Return the comment that `fields` ask for; raises `Misplaced` outside the diff."""
    file = named(store.shown(pull, review.commit_id), fields["path"])
    anchor = _anchor(file, fields)
    spot = None if fields.get("subject_type") == "file" else find(file, anchor)
    place = Place(
        commit_id=review.commit_id, anchor=anchor, position=spot.position if spot else None
    )
    written = review.submitted_at or store.now()
    comment = ReviewComment(
        id=store.new_id(),
        review_id=review.id,
        author=review.author,
        body=fields["body"],
        subject_type="line" if spot else "file",
        diff_hunk=spot.diff_hunk if spot else "",
        original=place,
        place=place,
        created_at=written,
        updated_at=written,
    )
    return store.moved(pull, comment)


def _anchor(file: FileDiff, fields: Fields) -> Anchor:
    if "position" in fields:
        return at_position(file, fields["position"])
    if "start_line" in fields and "start_side" not in fields:
        raise invalid_request('"start_side" wasn\'t supplied.')
    return Anchor(
        path=file.path,
        line=fields.get("line"),
        side=fields.get("side", "RIGHT"),
        start_line=fields.get("start_line"),
        start_side=fields.get("start_side"),
    )


def _own_review(store: Store, pull: PullRequest, author: str, commit: str) -> Review:
    """Return the review without a body that GitHub puts around a single comment."""
    if has_pending(pull, author):
        raise invalid_field("PullRequestReview", "custom", "user_id", PENDING_REVIEW)
    return Review(
        id=store.new_id(),
        author=author,
        body="",
        state="COMMENTED",
        commit_id=commit,
        submitted_at=store.now(),
    )


def _check_text(resource: str, body: str) -> None:
    why = too_long(body) if body.strip() else "Body cannot be blank"
    if why:
        raise invalid_field(resource, "unprocessable", "data", why)


# --- the conversation ------------------------------------------------------------------------


def add_issue_comment(store: Store, pull: PullRequest, author: str, body: str) -> IssueComment:
    """Write in the conversation."""
    _check_text("IssueComment", body)
    written = store.now()
    comment = IssueComment(
        id=store.new_id(), author=author, body=body, created_at=written, updated_at=written
    )
    store.keep(replace(pull, issue_comments=(*pull.issue_comments, comment)))
    return comment


def edit_issue_comment(
    store: Store, pull: PullRequest, comment: IssueComment, body: str, *, by: str
) -> IssueComment:
    """Give a comment of the conversation another body."""
    _check_text("IssueComment", body)
    edited = replace(comment, body=body, edited_by=by, updated_at=store.now())
    store.keep(replace(pull, issue_comments=swapped(pull.issue_comments, edited)))
    return edited


def delete_issue_comment(store: Store, pull: PullRequest, comment: IssueComment) -> None:
    """Delete a comment of the conversation."""
    gone = replace(comment, deleted=True)
    store.keep(replace(pull, issue_comments=swapped(pull.issue_comments, gone)))
