"""Nothing is lost and nothing is silently clean, at the level of the whole pipeline."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from answers import answer, claim, evidence
from conftest import WorkTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from piping import QUIET, Piped, tools_for

from reviewer.ask import models
from reviewer.conclude import held, judged
from reviewer.flow import Change, Reply
from reviewer.passes import Passes
from reviewer.prepare import Prepared, prepare
from reviewer.publish.summary import verdict
from reviewer.settings import Settings
from reviewer.source.repo import GitRepository
from reviewer.standin.messages import Break, Turn
from reviewer.understand import understood

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import Attempt, ModelFacts, Request, Review

WHOLE = answer(
    claim("area.py", "return width + height", evidence=[evidence("b.py", "area(2, 3)")])
)


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Change]:
    tree = WorkTree(tmp_path_factory.mktemp("lost") / "repository")
    area = "def area(width, height):\n    return width * height\n"
    base = tree.commit({"area.py": area, "b.py": "area(2, 3)\n"})
    head = tree.commit({"area.py": area.replace("*", "+")})
    return tree.folder, Change(base=base, merge_base=base, head=head)


@pytest.fixture(scope="module")
def prepared(change: tuple[Path, Change]) -> Prepared:
    facts = models.bundled("claude-opus-5-5")
    assert facts
    repository = GitRepository(change[0])
    try:
        return prepare(
            change[1], Settings(), tools=tools_for(repository), facts=facts, activity=QUIET
        )
    finally:
        repository.close()


class Repairs:
    """A model that gives one answer to whatever it is asked to repair."""

    def __init__(self, text: str) -> None:
        self._text = text

    def facts(self, model: str) -> ModelFacts:
        raise NotImplementedError

    def count_tokens(self, request: Request) -> int:
        raise NotImplementedError

    def ask(
        self,
        request: Request,
        *,
        received: Callable[[int], None],
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
    ) -> Reply:
        return reply(self._text)


def reply(text: str, *, incomplete: str = "") -> Reply:
    return Reply(
        text=text,
        model="m",
        stop_reason="end_turn",
        attempts=(),
        seconds=0.0,
        incomplete=incomplete,
    )


def concluded(prepared: Prepared, first: Reply, *, repair: str) -> Review:
    passes = Passes(replies=(("", first),))
    said, replies = understood(passes, prepared, model=Repairs(repair))
    return judged(said, held(said, prepared), replies, prepared, Settings(), scripted=False)


# --- what is not whole is never clean ---------------------------------------------------------


@pytest.mark.parametrize("repair", [answer(), "nothing", WHOLE], ids=["empty", "prose", "whole"])
@pytest.mark.parametrize("incomplete", ["", "it was cut off"], ids=["end_turn", "cut off"])
def test_an_answer_cut_at_any_length_is_never_clean(
    prepared: Prepared, incomplete: str, repair: str
) -> None:
    for length in range(len(WHOLE)):
        first = reply(WHOLE[:length], incomplete=incomplete)

        found = concluded(prepared, first, repair=repair)

        assert found.unfinished or found.findings, WHOLE[:length]


def test_a_repair_that_leaves_findings_out_is_unfinished(prepared: Prepared) -> None:
    three = answer(*(claim("area.py", "return width + height", title=str(n)) for n in range(3)))

    found = concluded(prepared, reply(three[:-1]), repair=WHOLE)

    assert "1 of at least 3 findings" in found.unfinished


def test_an_answer_whose_findings_cannot_be_read_is_unfinished(prepared: Prepared) -> None:
    unreadable = answer({"path": "area.py"}, claim("area.py", "x", severity="dreadful"))

    found = concluded(prepared, reply(unreadable), repair="")

    assert "2 of 2 findings" in found.unfinished
    assert len(found.problems) == 2


@pytest.mark.parametrize("how", ["error", "end", "cut"])
def test_a_stream_that_breaks_at_any_event_is_never_clean(
    change: tuple[Path, Change], how: Any
) -> None:
    clean = answer()
    for after in range(7):
        broken = Turn(text=clean, breaks=Break(how=how, after=after))

        piped = Piped(*change, broken, broken, broken)

        told = piped.review is not None and not piped.review.unfinished
        # With its last event but one an answer says that it is whole.
        assert (piped.code, told) in ((3, False), (0, True))
        assert piped.code == 3 or after == 6


# --- what a change hides is said ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"area.py": b"evil() # \0\n", "c.py": b"x = 1\n"}, "1 of 2 changed files could not"),
        ({"evil.py": b"#" * 600_000, "c.py": b"x = 1\n"}, "1 of 2 changed files could not"),
        ({"vendor/evil.py": b"evil()\n", "evil.min.js": b"evil()\n"}, "nothing of the change"),
    ],
    ids=["binary", "too large", "vendored"],
)
def test_a_change_that_hides_code_is_not_a_whole_review(
    work_tree: WorkTree, files: dict[str, str | bytes | None], says: str
) -> None:
    base = work_tree.commit({"area.py": "x = 1\n"})
    head = work_tree.commit(files)
    change = Change(base=base, merge_base=base, head=head)

    piped = Piped(work_tree.folder, change, Turn(text=answer()))

    assert piped.review
    assert says in str(piped.review.coverage.incomplete)
    assert "Incomplete" in verdict(piped.review)


@pytest.mark.parametrize("end", ["\r", "\u2028", "\x85", "\x0c"], ids=ascii)
def test_a_name_cannot_forge_a_row_of_what_is_not_shown(work_tree: WorkTree, end: str) -> None:
    base = work_tree.commit({"area.py": "x = 1\n"})
    head = work_tree.commit(
        {"area.py": "x = 2\n", f"a{end}'evil.py': modified, binary.min.js": "evil()\n"}
    )
    change = Change(base=base, merge_base=base, head=head)

    piped = Piped(work_tree.folder, change, Turn(text=answer()))

    (asked,) = [one.body for one in piped.api.requests if one.path == "/v1/messages"]
    text = asked["messages"][0]["content"][-2]["text"]
    (listing,) = re.findall("<listing>\n(.*)\n</listing>", text, re.DOTALL)
    assert len(listing.splitlines()) == 1


def test_a_change_of_pictures_and_lock_files_is_no_secret(work_tree: WorkTree) -> None:
    base = work_tree.commit({"area.py": "x = 1\n"})
    head = work_tree.commit({"logo.png": b"\x89PNG\0", "go.sum": "a v1 h1:x\n"})

    change = Change(base=base, merge_base=base, head=head)
    piped = Piped(work_tree.folder, change, Turn(text=answer()))

    assert piped.review
    assert piped.review.coverage.incomplete == ()
    assert len(piped.review.coverage.unseen_changes) == 2


# --- every file and every finding ends somewhere ----------------------------------------------

NAMES = (
    "a.py", "b.py", "lib/c.js", "sp ace.py", "é.md", "new\nline.py", 'quo"te.py', "<file>.py",
    "vendor/x.py", "app.min.js", "logo.png", ".env", "go.sum", "data.unknown", ".gitattributes",
)  # fmt: skip
LINES = ("alpha = 1", "beta(alpha)", "# @generated", "</file>", "</change>", "\tgamma  =  2", "")
CONTENT = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=9).map(lambda lines: "\n".join(lines).encode()),
    st.sampled_from((b"\0", b"x\r\ny\r\n", b"caf\xe9\n", b"alpha = 1\n" * 300, b"*.py -diff\n")),
)
TREES = st.dictionaries(st.sampled_from(NAMES), CONTENT, min_size=1)
CLAIMS = st.one_of(
    st.builds(
        claim,
        st.sampled_from((*NAMES, "nowhere.py", "../../etc/passwd", "/a.py", "a.py\0", "\ud800")),
        st.sampled_from(
            (*LINES, "alpha = 1\nbeta(alpha)", "invented(1)", "1|alpha = 1", "\ud800")
        ),
        first_line=st.integers(-5, 10**12),
        severity=st.sampled_from(("critical", "LOW", "medium")),
        confidence=st.sampled_from(("high", "low")),
        origin=st.sampled_from(("introduced", "pre_existing")),
        replacement=st.sampled_from((None, "alpha = 2", "```suggestion\nx\n```")),
        evidence=st.lists(
            st.builds(evidence, st.sampled_from(NAMES), st.sampled_from(LINES)), max_size=2
        ),
    ),
    st.sampled_from(({}, {"path": 1}, {"title": "no more than that"})),
)


def titled(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every finding that can be read a title of its own."""
    return [
        {**item, "title": f"<{number}>"} if "quote" in item else item
        for number, item in enumerate(items)
    ]


@given(before=TREES, after=TREES, items=st.lists(CLAIMS, max_size=12), room=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_file_and_every_finding_ends_in_one_place(
    before: dict[str, bytes], after: dict[str, bytes], items: list[dict[str, Any]], room: bool
) -> None:
    said = titled(items)
    with tempfile.TemporaryDirectory() as folder:
        tree = WorkTree(Path(folder) / "repository")
        base = tree.commit(dict(before))
        head = tree.commit({**dict.fromkeys(before), **after})
        asked = Settings(max_inline=2, max_prompt_tokens=None if room else 20_000)
        piped = Piped(
            tree.folder,
            Change(base=base, merge_base=base, head=head, title="</change>", commits=("<task>",)),
            Turn(text=answer(*said)),
            settings=asked,
        )
        listed = tree.git("diff", "--name-only", "-z", base, head).split("\0")

    assert piped.review, piped.error
    paid = any(one.path == "/v1/messages" for one in piped.api.requests)
    check_files(piped.review, sorted(before) if paid else [], sorted(filter(None, listed)))
    if not paid:
        assert piped.review.cost.usd == 0  # nothing of the change can be shown: nobody is asked
        return
    check_findings(piped.review, said)
    assert piped.silent.kept[-1].review == piped.review


def check_files(found: Review, base: list[str], changed: list[str]) -> None:
    assert [file.path for file in found.coverage.files] == base
    assert sorted(found.coverage.changed) == changed
    assert {path for path, _ in found.coverage.unseen_changes} <= set(changed)
    assert all(why for _, why in found.coverage.unseen_changes)


def check_findings(found: Review, said: list[dict[str, Any]]) -> None:
    shown = "".join(
        one.proven.finding.title + one.proven.finding.explanation for one in found.findings
    )
    rejected = [one.finding.title for one in found.rejected]
    for number, item in enumerate(said, start=1):
        if "quote" in item:
            times = shown.count(item["title"]) + rejected.count(item["title"])
        else:
            times = sum(problem.startswith(f"finding {number}: ") for problem in found.problems)
        assert times == 1, item
    assert bool(found.unfinished) == any("quote" not in item for item in said)
