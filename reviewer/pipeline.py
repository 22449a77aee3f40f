"""The whole review as one function, top to bottom; and the one that asks no model.

Pure but for the ports it is handed. What happens before the paid call is `prepare`, what happens
to the answer is `conclude`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask.digest import digest
from reviewer.check import check
from reviewer.conclude import held, judged, judged_locally, sent, unasked
from reviewer.flow import Run
from reviewer.passes import asked
from reviewer.prepare import counted
from reviewer.publish.preflight import preflight
from reviewer.rounds import unchanged
from reviewer.skips import skipped
from reviewer.spending import noted
from reviewer.understand import understood
from reviewer.verify import verified
from reviewer.version import VERSION

if TYPE_CHECKING:
    from reviewer.flow import Change, Receipt, Review
    from reviewer.ports import Keeper, Model, Occasion, Progress, Publisher, Tools
    from reviewer.settings import Settings


def review(
    change: Change,
    settings: Settings,
    *,
    tools: Tools,
    model: Model,
    publisher: Publisher,
    keeper: Keeper,
    progress: Progress,
    occasion: Occasion,
) -> tuple[Review, Receipt]:
    """Pack, ask, judge and publish; what was paid for is kept before anything that can fail.

    A change of which nothing can be shown (a lock file, a picture) costs nothing, nor does one
    that is too large, or that an earlier round reviewed: nobody is asked.
    """
    history = occasion.history
    reviewed = unchanged(change, settings.model, occasion, tools=tools) or skipped(
        change, settings, occasion, tools=tools
    )
    if reviewed is not None:
        progress.phase("Note", reviewed.why_unasked)
        progress.done()
        return reviewed, publisher.publish(reviewed)

    progress.phase("Packing")
    prepared = counted(change, settings, tools=tools, model=model, occasion=occasion)
    if not prepared.shows_change:
        reviewed = unasked(prepared, history=history, scripted=occasion.scripted)
        progress.done()
        return reviewed, publisher.publish(reviewed)

    if prepared.warning:
        progress.warning(prepared.warning)
    for name, said in preflight(prepared, settings, history):
        progress.phase(name.capitalize(), said)
    progress.phase("Asking")
    run = Run(version=VERSION, change=change, request_digest=digest(prepared.request), replies=())
    with noted(occasion, prepared.estimate.cap_usd):
        passes = asked(
            prepared,
            model=model,
            received=progress.received,
            finished=lambda replies: keeper.keep(replace(run, replies=replies)),
        )

    progress.phase("Checking the answer")
    answers, replies = understood(passes, prepared, model=model)
    keeper.keep(replace(run, replies=replies))
    holds = held(answers, prepared)

    if settings.depth != "quick" and holds.proven:
        progress.phase("Verifying", f"{len(holds.proven)} findings, each with the files it cites")
        holds, replies = verified(
            holds, sent(prepared), replies, prepared, model=model, received=progress.received
        )
        keeper.keep(replace(run, replies=replies))
    reviewed = judged(
        answers,
        holds,
        replies,
        prepared,
        settings,
        history=history,
        failed=passes.failed,
        scripted=occasion.scripted,
    )
    keeper.keep(replace(run, replies=replies, review=reviewed))

    progress.done()
    return reviewed, publisher.publish(reviewed)


def review_locally(
    change: Change,
    settings: Settings,
    *,
    tools: Tools,
    publisher: Publisher,
    keeper: Keeper,
    progress: Progress,
    occasion: Occasion,
) -> tuple[Review, Receipt]:
    """Review without a model: free, and nothing leaves the machine but what is published."""
    progress.phase("Searching")
    checked = check(change, settings, tools=tools)
    reviewed = judged_locally(
        checked, settings, history=occasion.history, reported=occasion.reported
    )
    keeper.keep(
        Run(version=VERSION, change=change, request_digest="", replies=(), review=reviewed)
    )
    progress.done()
    return reviewed, publisher.publish(reviewed)
