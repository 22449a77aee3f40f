"""A pull request over several pushes: real git, both stand-ins over real HTTP, a scripted model.

story.push({...})          a commit on the topic branch, pushed to the repository at GitHub
story.review(*claims)      one run of the Action, in which the model claims this
story.told                 the titles of our comments in the diff that people see
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from answers import answer, claim, evidence
from conftest import WorkTree

from reviewer.commands.github import review_event
from reviewer.errors import ReviewerError
from reviewer.flow import Ledger, State
from reviewer.money.prices import Tariff
from reviewer.publish import ledger
from reviewer.publish.comments import MARKER, read_fingerprint, read_marker
from reviewer.standin.github import GitHub
from reviewer.standin.messages import Bill, Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.standin.github_values import IssueComment, ReviewComment
    from reviewer.standin.server import Application

NUMBER = 7
AUTHOR = "octocat"
OWNER = "octo"
STRANGER = "mallory"
BOT = "github-actions[bot]"

BASE = {
    "shop.py": """\
import carts


def total(prices):
    return sum(prices)


def mean(prices):
    if not prices:
        return 0
    return total(prices) / len(prices)
""",
    "carts.py": "".join(f"SIZE_{n} = {n}\n" for n in range(30)),
    "report.py": "from shop import total\n\nprint(total([2, 3]))\n",
}
SHOP = """\
import carts


def total(prices):
    return sum(prices)


def mean(prices):
    return total(prices) / len(prices)


def greeting(user):
    return "Dear " + user.name.title()


def last(items):
    return items[len(items)]
"""
"""Three bugs: an empty list, a user without a name, one past the end."""

EMPTY = claim(
    "shop.py",
    "    return total(prices) / len(prices)",
    title="mean() divides by zero for an empty list",
    explanation="`len(prices)` is 0 for an empty cart, so this raises ZeroDivisionError.",
    severity="medium",
)
EMPTY_REWORDED = EMPTY | {
    "title": "An empty list makes mean() raise ZeroDivisionError",
    "explanation": "Without prices `len(prices)` is 0, and the division raises an exception.",
    "category": "contract",
}
NAME = claim(
    "shop.py",
    '    return "Dear " + user.name.title()',
    title="greeting() crashes for a user without a name",
    explanation="`user.name` is None until the profile is complete; None has no title().",
)
LAST = claim(
    "shop.py",
    "    return items[len(items)]",
    title="last() reads one past the end",
    explanation="The highest index is `len(items) - 1`, so every call raises IndexError.",
    replacement="    return items[len(items) - 2]",
)


class Story:
    """Pull request 7, its author's clone, and the runner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = WorkTree(folder / "clone")
        self.base = self.tree.commit(dict(BASE), "Base")
        self.tree.git("clone", "--quiet", "--bare", ".", str(folder / "origin.git"))
        self.tree.git("remote", "add", "origin", str(folder / "origin.git"))
        self.tree.git("switch", "--quiet", "--create", "topic")
        self.tree.commit({"shop.py": SHOP}, "Greet people")
        self.tree.git("push", "--quiet", "origin", "topic")
        self.github = GitHub(folder / "origin.git", contents_write=True)
        self.github.open_pull_request(NUMBER, "main", "topic", "Greetings", "", author=AUTHOR)
        self.application: Application = self.github
        self.workspace = self.tree.folder
        self.extra: dict[str, str] = {"REVIEWER_DEPTH": "quick"}
        self.bodies: list[dict[str, Any]] = []
        self.billed: list[Bill] = []
        self.output = ""
        self.runs = 0

    # --- what people do -------------------------------------------------------------------

    def push(self, files: dict[str, str | bytes | None] | None = None, message: str = "x") -> str:
        """Commit and push; a history that was rewritten is pushed by force."""
        if files is not None:
            self.tree.commit(files, message)
        self.tree.git("push", "--quiet", "--force", "origin", "topic", "main")
        head = self.tree.git("rev-parse", "topic")
        self.github.push(NUMBER, head)
        return head

    def shop(self, old: str, new: str, *more: str) -> str:
        """Push the file with some of its text replaced."""
        text = (self.tree.folder / "shop.py").read_text()
        for before, after in zip((old, *more[::2]), (new, *more[1::2]), strict=True):
            assert before in text
            text = text.replace(before, after)
        return self.push({"shop.py": text})

    def move_base(self, files: dict[str, str | bytes | None]) -> None:
        self.tree.git("switch", "--quiet", "main")
        self.tree.commit(files, "Meanwhile")
        self.tree.git("push", "--quiet", "origin", "main")
        self.tree.git("switch", "--quiet", "topic")

    def reply(self, title: str, text: str, author: str = AUTHOR) -> None:
        self.github.add_review_comment(NUMBER, author, text, in_reply_to=self.comment(title).id)

    def dismiss(self, name: str, why: str) -> None:
        """Write the dismissal into the ledger, as a command of somebody with a say does."""
        note = self.note
        book = ledger.read(note.body)
        assert isinstance(book, Ledger)
        dismissed = book.dismissed(name, why=why)
        assert dismissed
        old = note.body.splitlines()[-2]
        body = note.body.replace(old, ledger.line(dismissed))
        self.github.edit_issue_comment(NUMBER, note.id, BOT, body)
        one = dismissed.find(name)
        assert one
        told = ledger.of(dismissed, one.fingerprints)
        receipt = f"Dismissed.\n\n{told}{MARKER.format('receipt')}"
        self.github.add_issue_comment(NUMBER, BOT, receipt)

    # --- what the Action does -------------------------------------------------------------

    def review(self, *claims: dict[str, Any], action: str = "synchronize") -> int:
        """Run it once; what the model says beyond `claims` is an error of the stand-in."""
        return self.run(Turn(text=answer(*claims)), action=action)

    def run(self, *turns: Turn, action: str = "synchronize", name: str = "runner") -> int:
        self.runs += 1
        runner = self.folder / name
        runner.mkdir(exist_ok=True)
        messages = Messages(list(turns))
        with ExitStack() as stack:
            github = stack.enter_context(Server(self.application))
            claude = stack.enter_context(Server(messages))
            event = runner / "event.json"
            event.write_text(json.dumps(self.github.event(NUMBER, action, api_url=github.url)))
            environment = {
                "GITHUB_EVENT_NAME": "pull_request",
                "GITHUB_EVENT_PATH": str(event),
                "GITHUB_API_URL": github.url,
                "GITHUB_SERVER_URL": github.url,
                "GITHUB_WORKSPACE": str(self.workspace),
                "GITHUB_RUN_ID": str(100 + self.runs),
                "GITHUB_RUN_ATTEMPT": "1",
                "GITHUB_TOKEN": "ghs_token",
                "GITHUB_STEP_SUMMARY": str(runner / "summary.md"),
                "GITHUB_OUTPUT": str(runner / "output"),
                "RUNNER_TEMP": str(runner),
                "ANTHROPIC_BASE_URL": claude.url,
                "ANTHROPIC_API_KEY": "sk-ant-key",
                **self.extra,
            }
            try:
                return review_event(environment, bundle=None)
            finally:
                self.billed += messages.ledger
                self.bodies += [
                    one.body for one in messages.requests if one.path == "/v1/messages"
                ]

    def crash(self, *claims: dict[str, Any]) -> None:
        """Run it, and let it die of what the application does."""
        with suppress(ReviewerError):
            self.review(*claims)

    # --- what is on the pull request ------------------------------------------------------

    @property
    def comments(self) -> list[ReviewComment]:
        """Our comments in the diff that tell a finding."""
        pull = self.github.pull_request(NUMBER)
        seen = {one.id for one in pull.reviews if not one.deleted and not one.pending}
        return [
            one
            for one in pull.review_comments
            if not one.deleted
            and one.review_id in seen
            and one.author == BOT
            and read_fingerprint(one.body)
        ]

    @property
    def told(self) -> list[str]:
        """Their titles, in order; no finding may be there twice."""
        titles = [title_of(one.body) for one in self.comments]
        prints = [read_fingerprint(one.body) for one in self.comments]
        assert len(set(prints)) == len(prints), titles
        return sorted(titles)

    def comment(self, title: str) -> ReviewComment:
        (found,) = [one for one in self.comments if title_of(one.body) == title]
        return found

    @property
    def replies(self) -> list[str]:
        """Our short replies."""
        pull = self.github.pull_request(NUMBER)
        ours = (one for one in pull.review_comments if one.author == BOT)
        return [
            one.body
            for one in ours
            if (read_marker(one.body) or "").startswith("reply=") and not one.deleted
        ]

    @property
    def note(self) -> IssueComment:
        pull = self.github.pull_request(NUMBER)
        (found,) = [
            one
            for one in pull.issue_comments
            if not one.deleted and one.author == BOT and read_marker(one.body) == "summary"
        ]
        return found

    @property
    def summary(self) -> str:
        return self.note.body

    @property
    def ledger(self) -> Ledger:
        found = ledger.read(self.summary)
        assert isinstance(found, Ledger), found
        ids = [one.id for one in found.known]
        assert len(set(ids)) == len(ids)
        return found

    @property
    def states(self) -> dict[str, str]:
        """What became of each finding, by its title."""
        return {one.title: str(one.state) for one in self.ledger.known}

    def id_of(self, title: str) -> str:
        (found,) = [one.id for one in self.ledger.known if one.title == title]
        return found

    @property
    def paid(self) -> int:
        return len(self.bodies)

    @property
    def billed_usd(self) -> float:
        """What Claude's stand-in has charged for all runs."""
        return sum(Tariff(model=bill.model).usd(bill.usage) for bill in self.billed)

    @property
    def asked(self) -> str:
        """The change as it stood in the last request."""
        blocks = self.bodies[-1]["messages"][0]["content"]
        (found,) = [one["text"] for one in blocks if one["text"].startswith("<change id=")]
        return str(found)


def title_of(body: str) -> str:
    found = re.search(r"^\*\*(.+)\*\*$", body, re.MULTILINE)
    assert found, body
    return found[1].replace("\\_", "_").replace("\\", "")


def title(one: dict[str, Any]) -> str:
    return str(one["title"])


def titles(*these: dict[str, Any]) -> list[str]:
    return sorted(map(title, these))


OPEN, ANSWERED, RESOLVED = str(State.OPEN), str(State.ANSWERED), str(State.RESOLVED)
MINIMISED, DISMISSED, DELETED = str(State.MINIMISED), str(State.DISMISSED), str(State.DELETED)
FIXED = str(State.FIXED)

__all__ = ["claim", "evidence"]
