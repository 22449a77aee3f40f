"""The steps of posting a review, over whatever `Page` carries them out. Pure, but for the page.

    is the head still what was reviewed? -> what of ours is there? -> one review with the new
    comments -> comments on whole files -> replies where something was mended -> the summary

What is there is read, never remembered: a run that was killed anywhere can be repeated, and
nothing is posted twice. What GitHub does not take as a comment is told in the summary.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reviewer.errors import CouldNotFinish, ReviewerError, UserMustAct
from reviewer.flow import FileLevel, Inline, Receipt, Review
from reviewer.publish import ledger
from reviewer.publish.comments import MARKER, Comment, comments
from reviewer.publish.github import history, rounds
from reviewer.publish.github.attempts import Forbidden, Refused
from reviewer.publish.summary import sticky, worth_telling
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import Ledger
    from reviewer.publish.github.page import Ours, Page

MOST_COMMENTS = 30
"""Of one review: 33 were "submitted too quickly", 32 a 502 that had posted (src-d/lookout#264)."""


_WAY_OUT = "`reviewer publish` with the bundle of this run posts what is missing, for nothing"

MOST_SUMMARIES = 3
"""How often the summary is written anew because another run wrote it at the same time."""


class Moved(CouldNotFinish):
    """The pull request has another head than the one that was reviewed."""

    def __init__(self, reviewed: str, head: str) -> None:
        super().__init__(
            f"the pull request moved on from {reviewed[:7]} to {head[:7]} during the review, and "
            "comments would stand beside other code",
            way_out="review the new head",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How to post. `reconciled` holds a review to what another run told meanwhile."""

    comment_when_clean: bool = False
    resolve_fixed: bool = False
    reconciled: Callable[[Review, Ledger], Review] = lambda review, _told: review


@dataclass(slots=True, kw_only=True)
class _Run:
    """How far a run has come. `refused` maps fingerprints to the reason."""

    page: Page
    review: Review
    terms: Terms
    new: list[Comment] = field(default_factory=list)
    already_there: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)

    @property
    def commit(self) -> str:
        return self.review.change.head

    def refuse(self, these: list[Comment], why: str) -> None:
        """Note comments that are not there, and why: they are told in the summary."""
        self.refused |= {one.fingerprint: why for one in these}

    def missing(self, these: list[Comment]) -> list[Comment]:
        """Return what GitHub does not have."""
        there = self.page.ours().fingerprints
        return [one for one in these if one.fingerprint not in there]


def post(page: Page, review: Review, terms: Terms) -> Receipt:
    """Post what is not there yet. Raises `CouldNotFinish` or `UserMustAct`.

    A token that may not post and a head that moved are no errors: `Receipt.degraded` says what
    was not posted, and why.
    """
    run = _Run(page=page, review=review, terms=terms)
    try:
        _check_head(run)
        ours = page.ours()
        if review.ledger is not None:
            run.review = terms.reconciled(review, ledger.merged(history.told(page, ours)))
        degraded = _post_comments(run, ours)
        if run.review.ledger is not None:
            rounds.answer(page, run.review, ours, resolve_fixed=terms.resolve_fixed)
            if run.new and not degraded:
                run.review = rounds.yielded(page, run.review, run.new, terms.reconciled)
        url = _post_summary(run, ours)
    except (Forbidden, Moved) as error:
        return _receipt(run, url="", degraded=f"not everything was posted: {error}")
    except ReviewerError as error:
        told = ", ".join(run.confirmed) or "nothing"
        first = f"{error.way_out}; then " if isinstance(error, UserMustAct) else ""
        kind = UserMustAct if first else CouldNotFinish
        raise kind(f"{error}; posted so far: {told}", way_out=f"{first}{_WAY_OUT}") from error
    return _receipt(run, url=url, degraded=degraded)


def _receipt(run: _Run, *, url: str, degraded: str) -> Receipt:
    pull_request = run.review.change.pull_request
    return Receipt(
        posted=sum(one.fingerprint not in run.refused for one in run.new),
        already_there=run.already_there,
        url=url or (pull_request.url if pull_request else ""),
        degraded=degraded,
    )


def _check_head(run: _Run) -> None:
    if (head := run.page.head()) != run.commit:
        raise Moved(run.commit, head)


def _post_comments(run: _Run, ours: Ours) -> str:
    """Post the comments that are not there; return why they may not be posted, if so."""
    book = run.review.ledger
    wanted = comments(run.review, carried=lambda name: ledger.of(book, {name}))
    run.refuse(wanted[MOST_COMMENTS:], f"a review holds at most {MOST_COMMENTS} comments")
    kept = [one for one in wanted if one.fingerprint not in run.refused]
    run.new = [one for one in kept if one.fingerprint not in ours.fingerprints]
    run.already_there = len(kept) - len(run.new)
    try:
        _post_inline(run, [one for one in run.new if isinstance(one.anchor, Inline)], ours)
        for one in run.new:
            if isinstance(one.anchor, FileLevel):
                _post_one(run, one)
    except Forbidden as error:
        run.refuse(run.missing(run.new), str(error))
        return f"comments may not be posted: {error}"
    return ""


def _post_inline(run: _Run, these: list[Comment], ours: Ours) -> None:
    """Post the comments as one review; then one by one what that left out.

    One comment that GitHub refuses fails its whole review, and the answer does not say which.
    """
    if not these or _post_review(run, these, ours):
        return
    for one in run.missing(these):
        if one.fingerprint not in run.refused:
            _post_one(run, one)


def _post_review(run: _Run, these: list[Comment], ours: Ours) -> bool:
    """Post one review; tell whether GitHub confirmed that all its comments are there."""
    marker = _marker(run.commit, these)
    if marker in ours.runs:
        return False
    words = render("review.md.j2", count=len(these), commit=run.commit[:7])
    told = ledger.of(run.review.ledger, {one.fingerprint for one in these})
    body = f"{words}\n\n{told}{MARKER.format(marker)}"
    try:
        confirmed = run.page.add_review(run.commit, marker, body, these)
    except Refused as error:
        _check_head(run)
        if "pending review" in str(error):  # of somebody with our identity: nothing will work
            run.refuse(these, str(error))
        return False
    run.confirmed.append(f"a review with {len(these)} comments")
    return confirmed


def _marker(commit: str, these: list[Comment]) -> str:
    """Return what marks a review of these comments on this commit, in whatever run."""
    parts = [commit, *(one.fingerprint for one in these)]
    return "run=" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _post_one(run: _Run, one: Comment) -> None:
    try:
        run.page.add_comment(run.commit, one)
    except Refused as error:
        run.refuse([one], str(error))
    else:
        run.confirmed.append(f"comment {one.fingerprint}")


def _post_summary(run: _Run, ours: Ours) -> str:
    """Bring the summary up to date; a first one only when there is something to say."""
    silent = not run.terms.comment_when_clean and not worth_telling(run.review)
    if ours.summary is None and silent:
        return ""
    if run.review.ledger is None:
        return _put(run, ours, sticky(run.review, refused=run.refused))
    url, mine = "", ledger.refused(run.review.ledger, run.refused)
    for _ in range(MOST_SUMMARIES):
        whole = ledger.merged([mine, *history.told(run.page, ours)])
        review = replace(run.review, ledger=whole)
        url = _put(run, ours, sticky(review, refused=run.refused))
        ours = run.page.ours()
        if _holds(ours, whole):
            break
    return url


def _put(run: _Run, ours: Ours, body: str) -> str:
    for one in ours.spare:  # its ledger is in ours by now
        run.page.drop(one)
    if ours.summary is not None and ours.summary.body == body:
        return ours.summary.url
    return run.page.put_summary(body, ours.summary)


def _holds(ours: Ours, whole: Ledger) -> bool:
    """Whether the page has it all: another run may have written between our look and our word."""
    if ours.summary is None or ours.spare:
        return False
    there = ledger.read(ours.summary.body)
    if isinstance(there, ledger.NoLedger):
        return False
    together = ledger.merged([there, whole, *ours.born])
    return (together.known, together.bills) == (there.known, there.bills)
