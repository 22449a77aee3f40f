"""What quick, standard and deep reviews of a real change cost, by the stand-in's own cache.

    python benchmarks/depth_prices.py GIT_DIR BASE HEAD [--findings N]

Each depth runs twice against one Messages stand-in with exact prefix-cache accounting: cold, and
again at once. Every pass answers with N findings that quote the change, and
the second look confirms them. Prints dollars and tokens, as the stand-in billed them.
"""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.ask.claude import Claude
from reviewer.flow import Change, Receipt, Usage
from reviewer.money.prices import Tariff
from reviewer.pipeline import review
from reviewer.ports import Occasion, Tools
from reviewer.settings import Settings
from reviewer.source.blob_cache import Forgetful
from reviewer.source.repo import GitRepository
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server
from reviewer.wiring.activity import unknown
from reviewer.wiring.local import hired

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import Review, Run
    from reviewer.standin.messages_script import Received

CAP_USD = 40.0
ROUNDS = {
    "quick": Settings(depth="quick", max_usd_per_review=CAP_USD),
    "standard": Settings(depth="standard", max_usd_per_review=CAP_USD),
    "deep": Settings(depth="deep", max_usd_per_review=CAP_USD),
    "deep, kept for an hour": Settings(depth="deep", cache="1h", max_usd_per_review=CAP_USD),
}


class Silent:
    """Shows, keeps and publishes nothing."""

    def phase(self, name: str, detail: str = "") -> None: ...
    def received(self, tokens: int) -> None: ...
    def done(self) -> None: ...
    def keep(self, run: Run) -> None: ...
    def publish(self, review: Review) -> Receipt:
        return Receipt(posted=len(review.findings), already_there=0)


def findings(repository: GitRepository, change: Change, count: int) -> str:
    """Return an answer with findings that quote added lines of the change."""
    added = [
        (file.path, line.text)
        for file in diff.parse(repository.patch(change))
        for hunk in file.hunks
        for line in hunk.lines
        if line.old is None and len(line.text.strip()) >= len("return a + b")
    ]
    plain = {
        "first_line": 1, "last_line": 1, "evidence": [], "explanation": "Scripted. " * 40,
        "severity": "medium", "confidence": "high", "category": "correctness",
        "origin": "introduced", "claim": "none", "symbol": "", "replacement": None,
    }  # fmt: skip
    claims = [
        {"path": path, "quote": quote, "title": f"Problem {number}", **plain}
        for number, (path, quote) in enumerate(added[:count])
    ]
    return json.dumps({"overview": "Scripted.", "findings": claims})


def reply(said: str) -> Turn:
    """Return a turn that answers a pass, or confirms what a second look is asked about."""

    def text(received: Received) -> str:
        asked: str = received.body["messages"][0]["content"][0]["text"]
        if "<findings>" not in asked:
            return said
        inside = asked.partition("<findings>\n")[2].partition("\n</findings>")[0]
        rulings = [
            {"id": each["id"], "why": "It holds.", "path": "", "quote": "", "ruling": "confirmed"}
            for each in json.loads(inside)
        ]
        return json.dumps({"rulings": rulings})

    return Turn(text=text)


def billed(
    repository: GitRepository, change: Change, settings: Settings, said: str
) -> list[Sequence[Usage]]:
    """Review twice at one stand-in; return what each time was billed, request by request."""
    messages = Messages([reply(said)] * 20)
    silent, times = Silent(), []
    with hired() as pool, Server(messages) as server:
        for _ in range(2):
            before = len(messages.ledger)
            tools = Tools(repository=repository, memory=Forgetful(), pool=pool)
            with closing(Claude(api_key="stand-in", base_url=server.url)) as claude:
                review(
                    change,
                    settings,
                    tools=tools,
                    model=claude,
                    publisher=silent,
                    keeper=silent,
                    progress=silent,
                    occasion=Occasion(activity=unknown()),
                )
            times.append([bill.usage for bill in messages.ledger[before:]])
    return times


def row(name: str, when: str, model: str, usages: Sequence[Usage]) -> str:
    total = sum(usages, Usage())
    usd = sum(Tariff(model=model).usd(usage) for usage in usages)
    written = total.cache_write_5m_tokens + total.cache_write_1h_tokens
    return (
        f"| {name} | {when} | {len(usages)} | {total.input_tokens:,} | {written:,} "
        f"| {total.cache_read_tokens:,} | {total.output_tokens:,} | ${usd:.2f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("git_dir", type=Path)
    parser.add_argument("base")
    parser.add_argument("head")
    parser.add_argument("--findings", type=int, default=8)
    options = parser.parse_args()
    with closing(GitRepository(options.git_dir)) as repository:
        base, head = repository.resolve(options.base), repository.resolve(options.head)
        change = Change(base=base, merge_base=repository.merge_base(base, head) or base, head=head)
        said = findings(repository, change, options.findings)
        print("| depth | cache | requests | plain | written | read | answers | dollars |")
        print("|---|---|---|---|---|---|---|---|")
        for name, settings in ROUNDS.items():
            cold, warm = billed(repository, change, settings, said)
            print(row(name, "cold", settings.model, cold))
            print(row(name, "warm", settings.model, warm), flush=True)


if __name__ == "__main__":
    main()
