"""REST endpoints for what is written on a pull request: reviews and comments. Changes the store.

Each reads a `Call`, applies the rules, and returns an answer or raises `Refused`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.standin import github_comments as comments
from reviewer.standin import github_reviews as reviews
from reviewer.standin.github_bodies import REVIEW, SUBMIT, checked, parsed
from reviewer.standin.github_call import paged
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from reviewer.standin.github_call import Call

# --- reviews ---------------------------------------------------------------------------------


def list_reviews(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews."""
    pull, shapes = call.pull, call.shapes
    return paged(call, call.store.reviews(pull), lambda review: shapes.review(pull, review))


def create_review(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews."""
    fields = checked(parsed(call.exchange), REVIEW)
    review = reviews.create_review(call.store, call.pull, call.store.viewer, fields)
    return Answer.of_json(call.shapes.review(call.pull, review))


def get_review(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}."""
    return Answer.of_json(call.shapes.review(call.pull, call.review))


def edit_review(call: Call) -> Answer:
    """PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}."""
    review = reviews.edit_review(call.store, call.pull, call.review, call.body)
    return Answer.of_json(call.shapes.review(call.pull, review))


def delete_review(call: Call) -> Answer:
    """DELETE /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}."""
    review = reviews.delete_review(call.store, call.pull, call.review)
    return Answer.of_json(call.shapes.review(call.pull, review))


def submit_review(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/events."""
    fields = checked(parsed(call.exchange), SUBMIT, ("event",))
    review = reviews.submit_review(call.store, call.pull, call.review, fields)
    return Answer.of_json(call.shapes.review(call.pull, review))


def list_comments_of_review(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/comments."""
    pull, shapes, review = call.pull, call.shapes, call.review
    written = call.store.review_comments(pull, own_pending=True)
    own = [comment for comment in written if comment.review_id == review.id]
    return paged(call, own, lambda comment: shapes.review_comment(pull, comment))


# --- comments --------------------------------------------------------------------------------


def list_comments(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/comments."""
    pull, shapes, query = call.pull, call.shapes, call.exchange.query
    since, by_update = query.get("since", ""), query.get("sort") == "updated"
    found = [each for each in call.store.review_comments(pull) if each.updated_at >= since]
    if by_update:
        found.sort(key=lambda comment: comment.updated_at)
    if query.get("direction") == "desc":
        found.reverse()
    return paged(call, found, lambda comment: shapes.review_comment(pull, comment))


def create_comment(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/pulls/{pull_number}/comments."""
    value, viewer = parsed(call.exchange), call.store.viewer
    comment = comments.create_comment(call.store, call.pull, viewer, value)
    return Answer.of_json(call.shapes.review_comment(call.pull, comment), 201)


def reply(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies."""
    parent, viewer = int(call.parts["comment"]), call.store.viewer
    comment = comments.reply(call.store, call.pull, viewer, parent, call.body)
    return Answer.of_json(call.shapes.review_comment(call.pull, comment), 201)


def get_comment(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/comments/{comment_id}."""
    pull, comment = call.store.find_review_comment(int(call.parts["comment"]))
    return Answer.of_json(call.shapes.review_comment(pull, comment))


def edit_comment(call: Call) -> Answer:
    """PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}."""
    pull, comment = call.store.find_review_comment(int(call.parts["comment"]))
    edited = comments.edit_comment(call.store, pull, comment, call.body, by=call.store.viewer)
    return Answer.of_json(call.shapes.review_comment(pull, edited))


def delete_comment(call: Call) -> Answer:
    """DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}."""
    comments.delete_comment(
        call.store, *call.store.find_review_comment(int(call.parts["comment"]))
    )
    return Answer(status=204)


def list_issue_comments(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/issues/{issue_number}/comments."""
    pull, shapes, since = call.pull, call.shapes, call.exchange.query.get("since", "")
    found = [each for each in call.store.issue_comments(pull) if each.updated_at >= since]
    return paged(call, found, lambda comment: shapes.issue_comment(pull, comment))


def create_issue_comment(call: Call) -> Answer:
    """POST /repos/{owner}/{repo}/issues/{issue_number}/comments."""
    comment = comments.add_issue_comment(call.store, call.pull, call.store.viewer, call.body)
    return Answer.of_json(call.shapes.issue_comment(call.pull, comment), 201)


def get_issue_comment(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    return Answer.of_json(
        call.shapes.issue_comment(*call.store.find_issue_comment(int(call.parts["comment"])))
    )


def edit_issue_comment(call: Call) -> Answer:
    """PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    pull, comment = call.store.find_issue_comment(int(call.parts["comment"]))
    edited = comments.edit_issue_comment(
        call.store, pull, comment, call.body, by=call.store.viewer
    )
    return Answer.of_json(call.shapes.issue_comment(pull, edited))


def delete_issue_comment(call: Call) -> Answer:
    """DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    found = call.store.find_issue_comment(int(call.parts["comment"]))
    comments.delete_issue_comment(call.store, *found)
    return Answer(status=204)
