"""What people order in comments: `reviewer github` on the event `issue_comment`.

    heard -> an order? -> a person? -> with write access, says GitHub? -> receipt -> obeyed, once

Who is not heard gets no reaction, no answer and no red run: a stranger must not be able to make
us speak. The checkout of such a run is the default branch; nothing of the pull request is run.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.errors import EXIT_CLEAN, EXIT_UNFINISHED, ReviewerError
from reviewer.flow import PullRequest, State
from reviewer.publish.comments import read_marker
from reviewer.publish.github import actions, obeyed
from reviewer.publish.github.attempts import Forbidden, Refused
from reviewer.publish.github.pull_request import PullRequestPublisher
from reviewer.publish.neutralise import log_line, workflow_message
from reviewer.source import comment as comments
from reviewer.source import orders
from reviewer.source.comment import NotHeard
from reviewer.source.orders import NoOrder, Order, Unclear, Verb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reviewer.flow import Known, Ledger
    from reviewer.source.comment import CommentEvent
    from reviewer.source.event import PullRequestEvent

SEEN, CONFUSED, DONE = "eyes", "confused", "rocket"
"""Our reactions: an order was understood, it was not, an ordered review came to its end."""

MOST_NAMED = 20


def hear(
    payload: bytes,
    environment: Mapping[str, str],
    *,
    token: str,
    bundle: Path,
    review: Callable[[PullRequestEvent, Order], int],
) -> int:
    """Obey the comment of this run, if it is an order of somebody who may give one."""
    output = Path(environment["GITHUB_OUTPUT"]) if environment.get("GITHUB_OUTPUT") else None
    comment = comments.read(payload, environment)
    if isinstance(comment, NotHeard):
        return _ignore(comment.why, output)
    order = orders.read(comment.body)
    if isinstance(order, NoOrder):
        return _ignore(order.why, output)
    if comment.by_bot or read_marker(comment.body):
        return _ignore("a bot wrote it, or we did", output)
    page = PullRequestPublisher(
        token,
        api_url=comment.runner.api_url,
        pull_request=PullRequest(
            repository=comment.repository, number=comment.number, url=comment.url
        ),
        author=comment.pull_author,
    )
    with actions.reason_left(comment.runner.step_summary, output, bundle=bundle):
        return _obey_if_allowed(page, comment, order, review)


def _obey_if_allowed(
    page: PullRequestPublisher,
    comment: CommentEvent,
    order: Order | Unclear,
    review: Callable[[PullRequestEvent, Order], int],
) -> int:
    output = comment.runner.output
    try:
        allowed = page.conversation.may_write(comment.author, comment.author_id)
    except Forbidden as error:
        _notice(f"Not obeyed: GitHub does not say what {comment.author} may do: {error}")
        return _nothing_reviewed(output)
    if not allowed:
        return _ignore(f"{comment.author} has no write access", output)
    if isinstance(order, Order) and order.verb.reviews:
        return _review(page, comment, order, review)
    _obey_once(page, comment, order)
    return _nothing_reviewed(output)


def _ignore(why: str, output: Path | None) -> int:
    print(log_line(f"This comment is not obeyed: {why}"))
    return _nothing_reviewed(output)


def _nothing_reviewed(output: Path | None) -> int:
    actions.append_outputs(output, actions.Outputs(outcome=actions.Outcome.SKIPPED))
    return EXIT_CLEAN


def _notice(text: str) -> None:
    print(f"::notice title=reviewer::{workflow_message(text)}")


def _react(page: PullRequestPublisher, comment: CommentEvent, content: str) -> None:
    """Give a receipt; an order is obeyed without one too."""
    try:
        page.conversation.react(comment.comment_id, content)
    except (Forbidden, Refused) as error:
        _notice(f"No reaction: {error}")


# --- reviews ---------------------------------------------------------------------------------


def _review(
    page: PullRequestPublisher,
    comment: CommentEvent,
    order: Order,
    review: Callable[[PullRequestEvent, Order], int],
) -> int:
    """Review what the pull request is now, unless an earlier run of this comment did."""
    if page.conversation.reacted(comment.comment_id, DONE):
        return _ignore("an earlier run reviewed for it", comment.runner.output)
    _react(page, comment, SEEN)
    try:
        code = review(comments.asked_for(comment, page.conversation.pull()), order)
    except BaseException as error:  # cancelled too, or a bug: whoever asked waits for an answer
        with suppress(ReviewerError):  # the first error tells more than one about telling it
            obeyed.sorry(page, comment.comment_id, why=_reason(error))
        raise
    if code != EXIT_UNFINISHED:
        _react(page, comment, DONE)
    return code


def _reason(error: BaseException) -> str:
    if isinstance(error, ReviewerError):
        return f"{error}. {error.way_out}"
    how = "was cancelled" if isinstance(error, KeyboardInterrupt) else "broke"
    return f"The run {how}; its log and its summary tell more."


# --- everything else -------------------------------------------------------------------------


def _obey_once(page: PullRequestPublisher, comment: CommentEvent, order: Order | Unclear) -> None:
    """Obey, unless an earlier run of this comment did; that one may have stopped half-way."""
    mark = obeyed.mark_of(comment.comment_id)
    if mark in page.ours().replies:
        print("An earlier run obeyed this comment")
        return obeyed.copy_down(page)
    told = page.history().ledger
    wrong = order.why if isinstance(order, Unclear) else _wrong(order, told)
    _react(page, comment, CONFUSED if wrong else SEEN)
    if isinstance(order, Unclear) or wrong:
        return obeyed.help_with(page, mark, wrong=wrong)
    print(log_line(f"{comment.author} orders: {order.verb} {order.finding}".rstrip()))
    return _obey(page, mark, order, told, author=comment.author)


def _obey(
    page: PullRequestPublisher, mark: str, order: Order, told: Ledger, *, author: str
) -> None:
    if order.verb in {Verb.PAUSE, Verb.RESUME}:
        return obeyed.pause(page, mark, told, paused=order.verb is Verb.PAUSE, author=author)
    one = told.find(order.finding)
    if one is None:
        return obeyed.help_with(page, mark)
    if order.verb is Verb.DISMISS:
        return obeyed.dismiss(page, mark, one, why=order.reason, author=author)
    if order.verb is Verb.UNDISMISS:
        return obeyed.undismiss(page, mark, one, author=author)
    return obeyed.explain(page, mark, one)


def _wrong(order: Order, told: Ledger) -> str:
    """Return why an order cannot be obeyed on this pull request; empty if it can."""
    if not order.verb.takes_finding:
        return ""
    one = told.find(order.finding)
    if one is None:
        return f"There is no finding {order.finding} here{_named(told.known)}."
    if order.verb is Verb.UNDISMISS and one.state is not State.DISMISSED:
        return f"{order.finding} is not dismissed."
    return ""


def _named(known: tuple[Known, ...]) -> str:
    names = ", ".join(one.id for one in known[:MOST_NAMED])
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f": there is {names}{more}" if names else ""
