"""The steps of posting a review, over whatever `Page` carries them out. Pure, but for the page.

    is the head still what was reviewed? -> what of ours is there? -> one review with the new
    comments -> comments on whole files -> the summary, edited in place

What is there is read, never remembered: a run that was killed anywhere can be repeated, and
nothing is posted twice. What GitHub does not take as a comment is told in the summary.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from reviewer.errors import CouldNotFinish
from reviewer.flow import FileLevel, Inline, Receipt
from reviewer.publish.attempts import Forbidden, Passing, Refused
from reviewer.publish.comments import MARKER, Comment, comments
from reviewer.publish.summary import sticky, worth_telling
from reviewer.render import render

if TYPE_CHECKING:
    from reviewer.flow import Review

MOST_COMMENTS = 30
"""Of one review: 33 were "submitted too quickly", 32 a 502 that had posted (src-d/lookout#264)."""


class Moved(CouldNotFinish):
    """The pull request has another head than the one that was reviewed."""

    def __init__(self, reviewed: str, head: str) -> None:
        super().__init__(
            f"the pull request moved on from {reviewed[:7]} to {head[:7]} during the review, and "
            "comments would stand beside other code",
            way_out="review the new head",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary comment that is there."""

    id: int
    body: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What we have on the pull request already: marker and author both say so."""

    fingerprints: frozenset[str]
    runs: frozenset[str]
    summary: Summary | None


class Page(Protocol):
    """A pull request. Every method raises the errors of `attempts`."""

    def head(self) -> str:
        """Return the commit that the pull request has now."""
        ...

    def ours(self) -> Ours:
        """Read what we have posted, and delete what a broken run left pending."""
        ...

    def add_review(self, commit: str, run: str, body: str, these: list[Comment]) -> bool:
        """Post one review; tell whether GitHub confirmed it. `run` is the text of its marker."""
        ...

    def add_comment(self, commit: str, one: Comment) -> None:
        """Post a single comment, unless an earlier try did."""
        ...

    def put_summary(self, body: str, there: Summary | None) -> str:
        """Edit the summary, or make it, and return its address."""
        ...


@dataclass(slots=True, kw_only=True)
class _Run:
    """How far a run has come. `refused` maps fingerprints to the reason."""

    page: Page
    review: Review
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


def post(page: Page, review: Review, *, comment_when_clean: bool) -> Receipt:
    """Post what is not there yet. Raises `CouldNotFinish` or `UserMustAct`.

    A token that may not post and a head that moved are no errors: `Receipt.degraded` says what
    was not posted, and why.
    """
    run = _Run(page=page, review=review)
    try:
        _check_head(run)
        ours = page.ours()
        degraded = _post_comments(run, ours)
        url = _post_summary(run, ours, comment_when_clean=comment_when_clean)
    except (Forbidden, Moved) as error:
        return _receipt(run, url="", degraded=f"not everything was posted: {error}")
    except (Passing, Refused) as error:
        told = ", ".join(run.confirmed) or "nothing"
        raise CouldNotFinish(f"{error}; posted so far: {told}", way_out=error.way_out) from error
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
    wanted = comments(run.review)
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
    body = f"{words}\n\n{MARKER.format(marker)}"
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


def _post_summary(run: _Run, ours: Ours, *, comment_when_clean: bool) -> str:
    """Bring the summary up to date; a first one only when there is something to say."""
    if ours.summary is None and not comment_when_clean and not worth_telling(run.review):
        return ""
    body = sticky(run.review, refused=run.refused)
    if ours.summary is not None and ours.summary.body == body:
        return ours.summary.url
    return run.page.put_summary(body, ours.summary)
