"""The rules of reviews: written whole or not at all, pending ones, submitting. Changes the store.

Every function raises `Refused` before it changes anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.standin.github_anchors import Misplaced
from reviewer.standin.github_bodies import REVIEW_COMMENT, checked
from reviewer.standin.github_comments import add, has_pending, is_in, place_comment, too_long
from reviewer.standin.github_errors import (
    FOREIGN_COMMIT,
    IN_REVIEW,
    PENDING_REVIEW,
    TOO_QUICKLY,
    unprocessable,
)
from reviewer.standin.github_store import swapped
from reviewer.standin.github_values import Review

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.standin.github_bodies import Fields
    from reviewer.standin.github_store import Store
    from reviewer.standin.github_values import PullRequest, ReviewComment

MAX_COMMENTS_PER_REVIEW = 30
"""Above it "was submitted too quickly" has been seen (reviewdog's limit; src-d/lookout#264)."""

STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
OWN_PULL_REQUEST = {
    "APPROVE": "Can not approve your own pull request",
    "REQUEST_CHANGES": "Can not request changes on your own pull request",
}


def create_review(store: Store, pull: PullRequest, author: str, fields: Fields) -> Review:
    """Create a review and its comments; without an event it stays pending."""
    event, body = fields.get("event"), fields.get("body", "")
    drafts = [
        checked(each, REVIEW_COMMENT, ("path", "body")) for each in fields.get("comments", ())
    ]
    commit = fields.get("commit_id", pull.head_sha)
    if not is_in(store, pull, commit):
        raise unprocessable(FOREIGN_COMMIT)
    if has_pending(pull, author):
        raise unprocessable(PENDING_REVIEW)
    if len(drafts) > MAX_COMMENTS_PER_REVIEW:
        raise unprocessable(TOO_QUICKLY)
    _check_event(pull, author, event, body, commented=bool(drafts))
    if not all(draft["body"].strip() for draft in drafts):
        raise unprocessable("Body can't be blank")
    _check_length(body, *(draft["body"] for draft in drafts))
    review = Review(
        id=store.new_id(),
        author=author,
        body=body,
        state=STATES[event] if event else "PENDING",
        commit_id=commit,
        submitted_at=store.now() if event else None,
    )
    add(store, pull, review, *_comments(store, pull, review, drafts))
    return review


def submit_review(store: Store, pull: PullRequest, review: Review, fields: Fields) -> Review:
    """Submit a pending review; a body in the request takes the place of the earlier one."""
    if not review.pending:
        raise unprocessable("Can not submit a non-pending pull request review")
    event, body = fields["event"], fields.get("body", review.body)
    commented = any(each.review_id == review.id for each in pull.review_comments)
    _check_event(pull, review.author, event, body, commented=commented)
    _check_length(body)
    sent = replace(review, body=body, state=STATES[event], submitted_at=store.now())
    store.keep(replace(pull, reviews=swapped(pull.reviews, sent)))
    return sent


def edit_review(store: Store, pull: PullRequest, review: Review, body: str) -> Review:
    """Give a review another body."""
    _check_length(body)
    edited = replace(review, body=body, edited_by=store.viewer)
    store.keep(replace(pull, reviews=swapped(pull.reviews, edited)))
    return edited


def delete_review(store: Store, pull: PullRequest, review: Review) -> Review:
    """Delete a pending review with its comments; a submitted one stays for ever."""
    if not review.pending:
        raise unprocessable("Can not delete a non-pending pull request review")
    gone = replace(review, deleted=True)
    comments = tuple(
        replace(each, deleted=True) if each.review_id == review.id else each
        for each in pull.review_comments
    )
    store.keep(replace(pull, reviews=swapped(pull.reviews, gone), review_comments=comments))
    return gone


def _comments(
    store: Store, pull: PullRequest, review: Review, drafts: Iterable[Fields]
) -> tuple[ReviewComment, ...]:
    try:
        return tuple(place_comment(store, pull, review, draft) for draft in drafts)
    except Misplaced as error:
        raise unprocessable(IN_REVIEW[error.misfit]) from error


def _check_event(
    pull: PullRequest, author: str, event: str | None, body: str, *, commented: bool
) -> None:
    if author == pull.author and event in OWN_PULL_REQUEST:
        raise unprocessable(OWN_PULL_REQUEST[event])
    if event in ("COMMENT", "REQUEST_CHANGES") and not body.strip() and not commented:
        # Source: hubtty/hubtty#67; that inline comments make up for it: hubtty/hubtty#128.
        raise unprocessable("You need to leave a comment indicating the requested changes.")


def _check_length(*bodies: str) -> None:
    for why in filter(None, map(too_long, bodies)):
        raise unprocessable(why)
