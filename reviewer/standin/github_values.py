"""What the GitHub stand-in remembers of a pull request, as frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass

BOT = "[bot]"
"""How REST ends the login of an app; GraphQL leaves it off (cli/cli#8409)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The place that a comment asks for, as it came in. `line` is None for a whole file."""

    path: str
    line: int | None = None
    side: str = "RIGHT"
    start_line: int | None = None
    start_side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the diff of `commit_id`; without a line, a whole file or a lost line.

    `position` counts the lines below the file's first `@@`, as GitHub's older keys do.
    """

    commit_id: str
    anchor: Anchor
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewComment:
    """A comment on a line or a file. `original` is where it was written, `place` where it is now.

    `minimized` holds the classifier. `resolved_by` is set on the first comment of a thread.
    `edited_by` is who edited it last.
    """

    id: int
    review_id: int
    author: str
    body: str
    subject_type: str
    diff_hunk: str
    original: Place
    place: Place
    created_at: str
    updated_at: str
    in_reply_to: int | None = None
    outdated: bool = False
    edited_by: str | None = None
    deleted: bool = False
    minimized: str | None = None
    resolved_by: str | None = None

    @property
    def edited(self) -> bool:
        """Whether its body is not the first one."""
        return self.edited_by is not None

    @property
    def path(self) -> str:
        """The file, under its name at the head."""
        return self.place.anchor.path

    @property
    def line(self) -> int | None:
        """The line it stands at now; None for a whole file and when it is outdated."""
        return self.place.anchor.line

    @property
    def side(self) -> str:
        """LEFT or RIGHT."""
        return self.place.anchor.side

    @property
    def start_line(self) -> int | None:
        """The first line of a range; None for one line."""
        return self.place.anchor.start_line

    @property
    def start_side(self) -> str | None:
        """The side of the first line of a range."""
        return self.place.anchor.start_side

    @property
    def commit_id(self) -> str:
        """The newest commit at which the place could be found."""
        return self.place.commit_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One review. A single comment makes one too, with an empty body, as at GitHub.

    `submitted_at` is None while the state is PENDING.
    """

    id: int
    author: str
    body: str
    state: str
    commit_id: str
    submitted_at: str | None
    edited_by: str | None = None
    deleted: bool = False
    minimized: str | None = None

    @property
    def edited(self) -> bool:
        """Whether its body is not the first one."""
        return self.edited_by is not None

    @property
    def pending(self) -> bool:
        """Whether only its author can see it."""
        return self.state == "PENDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueComment:
    """A comment in the conversation, outside the diff."""

    id: int
    author: str
    body: str
    created_at: str
    updated_at: str
    edited_by: str | None = None
    deleted: bool = False
    minimized: str | None = None

    @property
    def edited(self) -> bool:
        """Whether its body is not the first one."""
        return self.edited_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What somebody thinks of a comment, as one of eight pictures."""

    id: int
    author: str
    content: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun:
    """A run of a workflow; `workflow` is the name of its file.

    `head_repository` is None when the fork was deleted.
    """

    id: int
    workflow: str
    event: str
    conclusion: str
    created_at: str
    head_sha: str = "0" * 40
    head_branch: str = "feature"
    head_repository: str | None = ""
    """Empty for the repository itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """What a run uploaded: a zip file, or whatever bytes stand in its place."""

    id: int
    run: WorkflowRun
    name: str
    content: bytes
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """A check run; annotations are only ever added to."""

    id: int
    name: str
    head_sha: str
    external_id: str
    started_at: str
    status: str = "queued"
    conclusion: str | None = None
    completed_at: str | None = None
    title: str | None = None
    summary: str | None = None
    annotations: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request with everything written on it; deleted things stay, flagged.

    `head_repository` is None when the fork was deleted.
    """

    number: int
    base_ref: str
    head_ref: str
    head_sha: str
    title: str
    body: str
    author: str
    head_repository: str | None
    draft: bool
    created_at: str
    labels: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    review_comments: tuple[ReviewComment, ...] = ()
    issue_comments: tuple[IssueComment, ...] = ()
    state: str = "open"
    updated_at: str = ""
    """Empty until something happens to it."""
    previous_head_sha: str | None = None
