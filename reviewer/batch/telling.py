"""Prices, states and costs of a batch, in words. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reviewer.batch.state import Standing
from reviewer.publish import preflight
from reviewer.publish.neutralise import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.batch.planning import Planned
    from reviewer.batch.reports import Row
    from reviewer.batch.state import Batch, Sending

FORMAT = "reviewer-batch-status/1"
"""Of what `status --json` prints; goes up when a key changes its meaning or goes away."""

IN_DOUBT = (
    "No answer came to a call that was to create a batch, and one at the server may be it: "
    "nothing of it is sent again before that has ended.\n"
    "  -> wait and run it again, or send it now with --again, and it may be paid for twice"
)


def prices(plans: Sequence[Planned]) -> Iterator[str]:
    """Give what each repository is asked and can cost at the most, and all of it."""
    rows = [
        (
            plan.member.name,
            plan.member.target.commit[:12],
            plan.member.model,
            f"{plan.member.packs:,}",
            f"{len(plan.member.first):,}",
            f"{plan.member.prompt_tokens:,}",
            usd(_prompts_usd(plan)),
            usd(_most_usd(plan)),
        )
        for plan in plans
    ]
    asked = {one.id: one.most_usd for plan in plans for _, one in plan.requests}
    total = (
        "together", "", "", f"{sum(plan.member.packs for plan in plans):,}", f"{len(asked):,}",
        f"{sum(plan.member.prompt_tokens for plan in plans):,}",
        usd(sum(map(_prompts_usd, plans))), usd(sum(asked.values())),
    )  # fmt: skip
    head = ("repository", "commit", "model", "packs", "requests", "tokens", "prompts", "at most")
    yield from table((head, *rows, total))
    yield "Prices of a batch: half of the usual. A second look at what is found comes on top."


def _prompts_usd(plan: Planned) -> float:
    return sum(pack.estimate.input_usd * max(1, len(pack.lenses)) for pack in plan.packs)


def _most_usd(plan: Planned) -> float:
    return sum(question.most_usd for _, question in plan.requests)


def table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Give rows with their columns under each other: the first to the left, numbers to the right.

    A number is what is one in the last row but the head.
    """
    shown = [tuple(for_terminal(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    right = [all(_numeric(cell) for cell in column[1:]) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _numeric(cell: str) -> bool:
    return cell.lstrip("$").replace(",", "").replace(".", "").isdigit()


# --- where it stands ----------------------------------------------------------------------------


def status(batch: Batch, *, verbose: bool = False) -> Iterator[str]:
    """Give where each repository and each batch stands, and what it has cost so far."""
    now = batch.standings()
    rows = [
        (
            member.name,
            member.target.commit[:12],
            _counted([now[name] for name in member.ids])
            + (", reported" if member.name in batch.reported else ""),
            usd(batch.spent_usd(member.ids)),
        )
        for member in batch.members
    ]
    yield from table((("repository", "commit", "requests", "cost so far"), *rows))
    yield ""
    for sending in batch.sendings:
        yield from _sending(sending)
    if verbose:
        yield from _requests(batch)
    yield f"{usd(batch.spent_usd())} so far, {usd(batch.at_most_usd())} at the most."


def _counted(standings: Sequence[Standing]) -> str:
    counts = Counter(standings)
    return ", ".join(f"{counts[each]} {each}" for each in Standing if counts[each])


def _sending(sending: Sending) -> Iterator[str]:
    count = requests(len(sending.ids))
    match sending.state:
        case "void":
            yield f"{count}, sent {when(sending.at)}: {for_terminal(sending.why)}"
        case "doubtful":
            yield (
                f"{count}, sent {when(sending.at)}, no answer came: "
                f"{for_terminal(sending.why) or 'the command was ended'}"
            )
        case "created":
            ended = "collected" if sending.read else "ended" if sending.ended else "in progress"
            until = "" if sending.ended else f", until {when(sending.expires_at)} at the latest"
            yield f"{sending.batch}: {count}, {ended}{until} (asked {when(sending.asked_at)})"


def requests(count: int) -> str:
    """Return how many requests, in words."""
    return "1 request" if count == 1 else f"{count:,} requests"


def _requests(batch: Batch) -> Iterator[str]:
    now = batch.standings()
    for member in batch.members:
        for name in member.ids:
            result = batch.results.get(name)
            why = f": {for_terminal(result.why)}" if result and result.why else ""
            yield f"{name[:12]}  {member.name}, {batch.questions[name].what}, {now[name]}{why}"


def usd(dollars: float) -> str:
    """Return an amount; some cents more closely."""
    return preflight.usd(dollars) if dollars else "$0.00"


def when(at: float) -> str:
    """Return a time as people read it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def as_json(batch: Batch) -> dict[str, Any]:
    """Return the same for programs."""
    now = batch.standings()
    return {
        "format": FORMAT,
        "host": batch.host,
        "repositories": [
            {
                "name": member.name,
                "folder": member.target.folder,
                "commit": member.target.commit,
                "reported": member.name in batch.reported,
                "usd": batch.spent_usd(member.ids),
                "requests": [_request(batch, name, now[name]) for name in member.ids],
            }
            for member in batch.members
        ],
        "batches": [
            {
                "id": one.batch,
                "state": one.state,
                "requests": len(one.ids),
                "sent_at": one.at,
                "expires_at": one.expires_at,
                "ended": one.ended,
                "collected": one.read,
                "asked_at": one.asked_at,
                "why": one.why,
            }
            for one in batch.sendings
        ],
        "usd": batch.spent_usd(),
        "at_most_usd": batch.at_most_usd(),
    }


def _request(batch: Batch, name: str, standing: Standing) -> dict[str, Any]:
    result = batch.results.get(name)
    return {
        "id": name,
        "what": batch.questions[name].what,
        "state": standing,
        "why": result.why if result else "",
    }


# --- what came of it ----------------------------------------------------------------------------


def outcome(rows: Sequence[Row], batch: Batch) -> Iterator[str]:
    """Give what came of each repository, and the true cost."""
    told = [(row.member.name, row.verdict, usd(row.usd)) for row in rows]
    total = ("together", "", usd(batch.spent_usd()))
    yield from table((("repository", "what came of it", "cost"), *told, total))
