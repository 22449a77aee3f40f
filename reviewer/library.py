"""What a program calls: review, audit, pack, price, load, render. Public, and documented.

A function does what the command of its name does and gives back the value instead of printing it:
nothing is written to the standard streams, no child process or thread is left behind, and the
process is not ended. What can go wrong is a `ReviewerError`: `UserMustAct` or `CouldNotFinish`,
each with a `way_out`.

Every function that takes a `folder` reads the git repository around it, its settings file, and
`REVIEWER_*` and the provider's variables in the environment. Settings by keyword come on top, as
flags of the command line do: a name of `docs/settings.md`, None for one that is not given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from reviewer.errors import CouldNotFinish, ReviewerError, UserMustAct
from reviewer.flow import Estimate, PackedFile, Quote, Review
from reviewer.ports import Progress
from reviewer.wiring import local

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewer.flow import Change
    from reviewer.source.repo import GitRepository

__all__ = (
    "CouldNotFinish",
    "Format",
    "Packed",
    "Progress",
    "Quote",
    "Review",
    "ReviewerError",
    "UserMustAct",
    "audit",
    "load",
    "pack",
    "price",
    "render",
    "review",
)

Format = Literal["terminal", "json", "markdown", "sarif", "html"]
"""What a review can be written as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A prompt as it would be sent, and its statistics. Tokens are estimated, not counted."""

    prompt: str
    files: tuple[PackedFile, ...]
    """Every tracked file of the base: how it is shown, its tokens, and why not in full."""
    estimate: Estimate
    """What asking would cost."""


def review(
    folder: Path | str = ".",
    *,
    base: str | None = None,
    head: str | None = None,
    worktree: bool = False,
    sarif: Sequence[Path | str] = (),
    bundle: Path | str | None = None,
    progress: Progress | None = None,
    **settings: object,
) -> Review:
    """Review what `head` (default: HEAD) has over `base` (default: upstream, or default branch).

    `worktree` adds uncommitted work. `sarif` are files of other tools, taken in as evidence.
    An empty change comes back with `skipped` set. The run is kept in `bundle`, by default in
    `reviewer/last.json` in the git directory, before anything that can fail. `progress` hears
    the phases.

    Asks Claude, and is paid for, where the settings and the environment say so; else the local
    engine reviews (`engine="local"` makes sure of it). Raises `UserMustAct` for what the caller
    has to change, and `CouldNotFinish` where nothing came of it; a review that broke off is
    returned, with `unfinished`.
    """
    return _reviewed(
        Path(folder),
        partial(local.local_change, base=base, head=head, worktree=worktree),
        settings,
        sarif=sarif,
        bundle=bundle,
        progress=progress,
    )


def audit(
    folder: Path | str = ".",
    *,
    head: str | None = None,
    paths: Sequence[str] = (),
    sarif: Sequence[Path | str] = (),
    bundle: Path | str | None = None,
    progress: Progress | None = None,
    **settings: object,
) -> Review:
    """Ask Claude about a commit as it is (default: HEAD), or about its files that match `paths`.

    `paths` are gitignore patterns; the rest is shown for context. All else is as in `review`, but
    there is no audit without a model: `UserMustAct` where none can be asked.
    """
    return _reviewed(
        Path(folder),
        partial(local.commit_to_audit, head=head, paths=paths),
        settings,
        sarif=sarif,
        bundle=bundle,
        progress=progress,
    )


def _reviewed(
    folder: Path,
    change_of: Callable[[GitRepository], Change],
    settings: Mapping[str, object],
    *,
    sarif: Sequence[Path | str],
    bundle: Path | str | None,
    progress: Progress | None,
) -> Review:
    from reviewer.wiring.run import review_here
    from reviewer.wiring.showing import Unheard, Unpublished

    with local.hired(ahead=True) as pool, local.opened(folder) as repository:
        return review_here(
            repository,
            change_of(repository),
            local.local_settings(repository, settings),
            pool=pool,
            publisher=Unpublished(),
            progress=progress or Unheard(),
            bundle=Path(bundle) if bundle else None,
            reported=local.outside_reports([Path(each) for each in sarif], repository),
        )


def pack(
    folder: Path | str = ".",
    *,
    base: str | None = None,
    head: str | None = None,
    worktree: bool = False,
    **settings: object,
) -> Packed:
    """Return the exact prompt of a change, and where its tokens go. Sends nothing, needs no key.

    An empty change has a prompt too: the codebase. Raises `UserMustAct` for a change or settings
    that cannot be, and for a model of which nothing is known without asking.
    """
    from reviewer.ask.bounds import prompt_text

    with local.hired() as pool, local.opened(Path(folder)) as repository:
        merged = local.local_settings(repository, settings)
        change = local.local_change(
            repository, base=base, head=head, worktree=worktree, may_be_empty=True
        )
        prepared = local.prepared_offline(repository, change, merged, pool=pool)
    return Packed(
        prompt=prompt_text(prepared.request),
        files=prepared.pack.files,
        estimate=prepared.estimate,
    )


def price(
    folder: Path | str = ".",
    *,
    base: str | None = None,
    head: str | None = None,
    worktree: bool = False,
    models: Sequence[str] = (),
    **settings: object,
) -> tuple[Quote, ...]:
    """Return what reviewing a change would cost, at every depth. Sends nothing, needs no key.

    One quote for each depth and each of `models` (default: the model of the settings). What
    cannot be priced has a `problem` in its quote. Raises `UserMustAct` as `pack` does.
    """
    from reviewer.wiring.quotes import quoted

    with local.hired() as pool, local.opened(Path(folder)) as repository:
        merged = local.local_settings(repository, settings)
        change = local.local_change(
            repository, base=base, head=head, worktree=worktree, may_be_empty=True
        )
        quotes, _ = quoted(repository, change, merged, tuple(models) or (merged.model,), pool)
    return tuple(quotes)


def load(bundle: Path | str) -> Review:
    """Return the review that a kept run holds.

    Raises `UserMustAct` for a file that is none, and `CouldNotFinish` when the run ended before
    its reply was judged.
    """
    from reviewer.publish.documents.bundle import load as kept

    run = kept(Path(bundle))
    if run.review is None:
        raise CouldNotFinish(
            f"{bundle} holds the model's reply, but the run ended before it was judged",
            way_out="read the reply in the file under replies[0].text, or review again",
        )
    return run.review


def render(review: Review, output_format: Format = "markdown") -> str:
    """Return a review as text: what `--format` writes, for the terminal without colours.

    Raises `UserMustAct` for a format that there is none of.
    """
    import io

    from reviewer.wiring.showing import publisher_for

    if output_format not in get_args(Format):
        raise UserMustAct(
            f"there is no format {output_format!r}",
            way_out=f"name one of {', '.join(get_args(Format))}",
        )
    stream = io.StringIO()
    publisher_for(output_format, stream).publish(review)
    return stream.getvalue()
