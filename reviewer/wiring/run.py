"""The pipeline with its real adapters, by Claude or by the local engine. Does I/O; prints nothing.

A local run, an audit, the hook, a workflow run and the library all come through here.
"""

from __future__ import annotations

import os
import shlex
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol

from reviewer.ask import providers
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.flow import Coverage, NotReviewed
from reviewer.ports import Occasion
from reviewer.wiring import activity
from reviewer.wiring.local import equipped, place_of_last

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from reviewer.flow import Change, Receipt, Reported, Review, Run
    from reviewer.ports import Keeper, Pool, Progress, Publisher, Tools
    from reviewer.publish.documents.bundle import BundleFile
    from reviewer.settings import Settings
    from reviewer.source.repo import GitRepository

LOCALLY = "reviewed by the local engine: no model is asked, nothing is sent, nothing is paid"

EMPTY = NotReviewed(
    why="the change is empty",
    way_out="--worktree adds uncommitted work; --base names what to compare with",
)


def review_here(
    repository: GitRepository,
    change: Change,
    settings: Settings,
    *,
    pool: Pool,
    publisher: Publisher,
    progress: Progress,
    bundle: Path | None = None,
    reported: tuple[Reported, ...] = (),
) -> Review:
    """Review a local change, or audit a commit; an empty change is published as not reviewed.

    Without `bundle`, the run is kept in the git directory, in the place of the last one. Raises
    what `run_pipeline` raises.
    """
    if not change.audit and repository.same_content(change.merge_base, change.head):
        from reviewer.rounds import unasked

        nothing = unasked(change, Coverage(files=(), changed=()), skipped=EMPTY)
        progress.done()
        publisher.publish(nothing)
        return nothing
    kept = bundle or place_of_last(repository)
    known = activity.local(repository, change.base, settings, kept)
    reviewed, _ = run_pipeline(
        repository,
        change,
        settings,
        pool=pool,
        publisher=publisher,
        progress=progress,
        bundle=kept,
        environment=os.environ,
        occasion=Occasion(activity=known, reported=reported),
    )
    return reviewed


def run_pipeline(
    repository: GitRepository,
    change: Change,
    settings: Settings,
    *,
    pool: Pool,
    publisher: Publisher,
    progress: Progress,
    bundle: Path,
    environment: Mapping[str, str],
    occasion: Occasion,
) -> tuple[Review, Receipt]:
    """Run the pipeline with the real adapters, by Claude or by the local engine.

    Raises `UserMustAct` where nobody can be asked, and what the pipeline raises.
    """
    from reviewer.publish.documents.bundle import BundleFile

    locally = is_local(settings, environment)
    if locally and change.audit:
        raise _cannot_audit(settings)
    engine = _local_engine(progress) if locally else _claude(change, settings, environment)
    kept = Kept(BundleFile(bundle), progress, quiet=occasion.scripted or locally)
    with kept, engine as (review, ended), equipped(repository, pool) as tools:
        reviewed, receipt = review(
            change,
            settings,
            tools=tools,
            publisher=publisher,
            keeper=kept,
            progress=progress,
            occasion=occasion,
        )
        ended(reviewed)
        return reviewed, receipt


class Engine(Protocol):
    """What reviews a change: one of the two functions of the pipeline."""

    def __call__(
        self,
        change: Change,
        settings: Settings,
        *,
        tools: Tools,
        publisher: Publisher,
        keeper: Keeper,
        progress: Progress,
        occasion: Occasion,
    ) -> tuple[Review, Receipt]:
        """Return the review, and where it went."""
        ...


@contextmanager
def _local_engine(progress: Progress) -> Iterator[tuple[Engine, Callable[[Review], None]]]:
    """Give the engine that asks no model, and what hears the review: nobody."""
    from reviewer.pipeline import review_locally

    progress.phase("Note", LOCALLY)
    yield review_locally, lambda _reviewed: None


@contextmanager
def _claude(
    change: Change, settings: Settings, environment: Mapping[str, str]
) -> Iterator[tuple[Engine, Callable[[Review], None]]]:
    """Give the engine that asks a model, and what hears the review: the span around it."""
    from reviewer.ask.spans import review_span
    from reviewer.pipeline import review
    from reviewer.wiring.engine import model_of

    asked = closing(model_of(settings, environment))
    with asked as model, review_span(change, settings) as ended:
        yield partial(review, model=model), ended


def is_local(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Whether the local engine reviews: it was asked for, or there is no key to ask Claude."""
    may_ask = providers.may_ask(settings.provider, environment)
    return settings.engine == "local" or (settings.engine == "auto" and not may_ask)


def _cannot_audit(settings: Settings) -> UserMustAct:
    way_out = providers.door(settings.provider).way_out
    if settings.engine == "local":
        way_out = "set `engine` to auto or claude (--engine, REVIEWER_ENGINE, or in the file)"
    return UserMustAct(
        "an audit needs a model: the local engine compares a change with the codebase",
        way_out=way_out,
    )


class Kept:
    """Keeps the run and says where, also when posting or printing it fails afterwards.

    A disk that is full by then must not cost the review too: it is told, and the run goes on.
    `quiet` tells the failure alone. Where the run fails, the place is told to everybody: to run it
    again would cost once more.
    """

    def __init__(self, file: BundleFile, progress: Progress, *, quiet: bool) -> None:
        self._file = file
        self._progress = progress
        self._quiet = quiet
        self._kept: Run | None = None
        self._problem = ""

    def keep(self, run: Run) -> None:
        """Keep the run, or remember why it could not be kept."""
        try:
            self._file.keep(run)
        except CouldNotFinish as error:
            self._problem = str(error)
        else:
            self._kept, self._problem = run, ""

    def __enter__(self) -> Self:
        self._file.check()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind:
            self._progress.done()
        if self._problem:
            self._progress.warning(f"NOT kept: {self._problem}")
        elif self._kept and not self._quiet:
            said = self._where(self._kept)
            if kind:
                self._progress.warning(f"what was paid for is kept; {said}")
            else:
                self._progress.phase("Kept", said)

    def _where(self, run: Run) -> str:
        path = self._file.path
        if run.review is None:
            return f"the answer, which was not judged yet, stands in {path} at replies[0].text"
        return f"to see it again, for nothing: reviewer report {shlex.quote(str(path))}"
