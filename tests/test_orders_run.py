"""Orders in comments, over real HTTP at both stand-ins: what is there afterwards."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from answers import answer, claim
from ordering import PERSON, US, Ordered
from test_github_run import CALLER, NUMBER

from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.flow import State
from reviewer.standin import github_faults as faults
from reviewer.standin.github import GitHub
from reviewer.standin.github_errors import forbidden, not_found
from reviewer.standin.messages import Messages, Turn

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

LIMITS = claim(
    "limits.py", "    return n >= LOW", title="The upper limit is gone", severity="high"
)
EVERY = [
    "/reviewer review",
    "/reviewer full",
    "/reviewer explain F1",
    "/reviewer dismiss F1 it is meant so",
    "/reviewer undismiss F1",
    "/reviewer pause",
    "/reviewer resume",
    "/reviewer help",
    "/reviewer dance",
]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    return tmp_path / "runner"


@pytest.fixture
def action(work_tree: WorkTree, runner: Path) -> Ordered:
    """A pull request that was reviewed once: F1 and F2 stand in the diff."""
    reviewed = Ordered(work_tree, runner, *(Turn(text=answer(CALLER, LIMITS)) for _ in range(4)))
    assert reviewed.run() == 0
    assert len(reviewed.told) == 2
    return reviewed


def state(action: Ordered) -> Any:
    """Everything that we did on the pull request, and what was paid."""
    return (action.said, action.paid, action.github.pull_request(NUMBER).reviews)


# --- who is heard -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["triage", "read", "none"])
def test_people_without_write_access_get_no_reaction_no_answer_and_no_red_run(
    action: Ordered, capsys: pytest.CaptureFixture[str], role: str
) -> None:
    action.github.give_role("stranger", role)
    before = state(action)
    for order in EVERY:
        comment = action.order(order, author="stranger")

        assert state(action) == before
        assert action.reactions(comment) == []
        assert "stranger has no write access" in capsys.readouterr().out
        assert action.outputs["outcome"] == "skipped"


@pytest.mark.parametrize("role", ["admin", "maintain", "write"])
def test_people_with_write_access_are_heard(action: Ordered, role: str) -> None:
    action.github.give_role("grace", role)
    comment = action.order("/reviewer help", author="grace")

    assert action.reactions(comment) == ["eyes"]
    assert len(action.answers) == 1


def test_the_owner_is_heard(action: Ordered) -> None:
    assert action.reactions(action.order("/reviewer help", author="octo")) == ["eyes"]


@pytest.mark.parametrize("author", ["dependabot[bot]", US])
def test_a_bot_is_not_heard_whatever_it_may_do(action: Ordered, author: str) -> None:
    action.github.give_role(author, "admin")
    before = state(action)
    comment = action.comment("/reviewer dismiss F1 says a bot", author)
    asked = len(action.github.requests)

    assert action.heard(comment) == 0
    assert action.reactions(comment) == []
    assert len(action.github.requests) == asked
    assert [one for one in before[0] if "says a bot" in one] == []
    assert action.known("F1").state is State.OPEN


def test_what_we_wrote_ourselves_with_the_token_of_a_person_is_not_heard(
    action: Ordered,
) -> None:
    comment = action.comment("/reviewer help\n\n<!-- reviewer:v1 reply=order 1 -->")

    assert action.heard(comment) == 0
    assert (action.reactions(comment), action.answers) == ([], [])


def test_the_person_whose_token_we_have_is_heard_but_our_answer_is_not(
    work_tree: WorkTree, runner: Path
) -> None:
    action = Ordered(work_tree, runner)
    action.github = GitHub(work_tree.folder / ".git", viewer=PERSON)
    action.github.open_pull_request(NUMBER, "main", "topic", title="Units", body="")
    action.github.give_role(PERSON, "write")
    comment = action.order("/reviewer help")
    ours = action.github.pull_request(NUMBER).issue_comments[-1].id

    assert (action.reactions(comment), ours > comment) == (["eyes"], True)
    assert action.heard(ours) == 0
    assert len(action.github.pull_request(NUMBER).issue_comments) == 2


def test_the_comment_of_a_deleted_account_is_not_heard(action: Ordered) -> None:
    comment = action.comment("/reviewer pause", "leaving")
    action.github.give_role("leaving", "admin")
    action.github.delete_account("leaving")

    assert action.heard(comment) == 0
    assert (action.reactions(comment), action.answers) == ([], [])


@pytest.mark.parametrize("refusal", [forbidden(), not_found()], ids=["403", "404"])
def test_nobody_is_heard_when_github_does_not_say_what_they_may_do(
    action: Ordered, capsys: pytest.CaptureFixture[str], refusal: Any
) -> None:
    action.github.fail_next("GET", ".*/permission", faults.instead(refusal.answer))
    comment = action.order("/reviewer pause")

    assert (action.reactions(comment), action.answers) == ([], [])
    assert "::notice title=reviewer::Not obeyed: GitHub does not say" in capsys.readouterr().out


def test_a_login_that_went_to_another_person_is_not_heard(
    action: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = action.comment("/reviewer pause")
    payload = action.github.comment_event(NUMBER, comment)
    payload["comment"]["user"]["id"] += 1

    def with_its_own_address(url: str) -> dict[str, Any]:
        return {**payload, "url": url}

    assert action.hear("issue_comment", with_its_own_address) == 0
    assert (action.reactions(comment), action.answers) == ([], [])


@pytest.mark.parametrize("happened", ["edited", "deleted"])
def test_a_comment_that_was_edited_is_no_order(action: Ordered, happened: str) -> None:
    comment = action.comment("/reviewer pause")

    assert action.heard(comment, happened) == 0
    assert (action.reactions(comment), action.answers) == ([], [])


@pytest.mark.parametrize(
    "body", ["thanks!", "> /reviewer pause", "see\n/reviewer pause", "/reviewers pause", ""]
)
def test_people_who_talk_to_each_other_are_left_alone(action: Ordered, body: str) -> None:
    comment = action.comment(body or "-")

    assert action.heard(comment) == 0
    assert (action.reactions(comment), action.answers) == ([], [])


def test_a_comment_on_an_issue_is_not_heard(action: Ordered) -> None:
    comment = action.comment("/reviewer pause")
    payload = action.github.comment_event(NUMBER, comment)
    del payload["issue"]["pull_request"]

    assert action.hear("issue_comment", lambda _url: payload) == 0
    assert (action.reactions(comment), action.answers) == ([], [])


# --- receipt and help -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("/reviewer dance", "There is no such command."),
        ("/reviewer explain", "takes the id of a finding"),
        ("/reviewer dismiss F1", "takes a reason"),
        ("/reviewer explain F99", "There is no finding F99 here: there is F1, F2."),
        ("/reviewer dismiss F99 no such thing", "There is no finding F99 here"),
        ("/reviewer undismiss F1", "F1 is not dismissed."),
    ],
)
def test_what_cannot_be_obeyed_gets_a_confused_look_and_help(
    action: Ordered, order: str, why: str
) -> None:
    comment = action.order(order)

    assert action.reactions(comment) == ["confused"]
    (said,) = action.answers
    assert why in said
    assert "| `/reviewer pause` |" in said


def test_an_unknown_order_is_not_repeated_in_the_answer(action: Ordered) -> None:
    action.order("/reviewer @octo/team <!-- reviewer:v1 summary --> ::error::x")

    assert "octo/team" not in action.answers[0]
    assert len(action.summaries) == 1


def test_an_order_in_any_case_and_in_a_code_span_is_obeyed(action: Ordered) -> None:
    assert action.reactions(action.order("`/Reviewer HELP` ")) == ["eyes"]


def test_an_order_is_obeyed_without_a_receipt_too(
    action: Ordered, capsys: pytest.CaptureFixture[str]
) -> None:
    action.github.fail_next("POST", ".*/reactions", faults.READ_ONLY_TOKEN)
    action.order("/reviewer help")

    assert len(action.answers) == 1
    assert "No reaction" in capsys.readouterr().out


def test_a_token_that_may_not_answer_is_an_error(action: Ordered) -> None:
    action.github.read_only = True
    comment = action.comment("/reviewer pause")

    with pytest.raises(CouldNotFinish, match="403"):
        action.heard(comment)
    assert action.outputs["outcome"] == "unfinished"


def test_a_run_that_is_repeated_does_nothing_twice(action: Ordered) -> None:
    for order in EVERY:
        comment = action.order(order)
        before = (state(action), action.reactions(comment))

        assert action.heard(comment) == 0
        assert (state(action), action.reactions(comment)) == before


@pytest.mark.parametrize("fault", [faults.BAD_GATEWAY_AFTER_COMMIT, faults.HANG_UP_AFTER_COMMIT])
def test_an_answer_that_was_saved_although_its_post_failed_is_not_sent_again(
    action: Ordered, fault: Any
) -> None:
    answered = EVERY[2:]
    for count, order in enumerate(answered, 1):
        action.github.fail_next("POST", ".*/(comments|replies)", fault)
        action.order(order)

        assert len(action.answers) + len(action.in_threads) == count


# --- dismiss and undismiss --------------------------------------------------------------------


def test_a_dismissal_is_kept_and_told_in_the_thread(action: Ordered) -> None:
    comment = action.order("/reviewer dismiss f1 the caller   is going away")

    known = action.known("F1")
    assert (known.state, known.why) == (State.DISMISSED, "the caller is going away")
    assert action.known("F2").state is State.OPEN
    (said,) = action.in_threads
    assert "F1 is dismissed by `ada`: the caller is going away" in said
    assert (action.answers, action.reactions(comment)) == ([], ["eyes"])


def test_a_dismissed_finding_is_never_told_again(action: Ordered) -> None:
    action.order("/reviewer dismiss F1 the caller is going away")
    told = action.told
    action.order("/reviewer full")
    action.tree.commit({"area.py": "def area(width, height, unit):\n    return unit\n"}, "Push")
    action.github.push(NUMBER, "topic")
    action.run("synchronize")

    assert action.told == told
    assert action.known("F1").state is State.DISMISSED


def test_a_dismissal_can_be_taken_back(action: Ordered) -> None:
    action.order("/reviewer dismiss F1 x")
    action.order("/reviewer undismiss F1")

    assert (action.known("F1").state, action.known("F1").why) == (State.OPEN, "")
    assert "F1 stands again, says `ada`" in action.in_threads[1]


def test_a_repeated_run_does_not_dismiss_what_was_taken_back_since(action: Ordered) -> None:
    first = action.order("/reviewer dismiss F1 x")
    action.order("/reviewer undismiss F1")

    assert action.heard(first) == 0
    assert action.known("F1").state is State.OPEN


def test_a_finding_whose_comment_is_gone_is_dismissed_in_the_conversation(
    action: Ordered,
) -> None:
    for one in action.github.pull_request(NUMBER).review_comments:
        action.github.delete_comment(NUMBER, one.id)
    action.order("/reviewer dismiss F1 x")

    assert action.known("F1").state is State.DISMISSED
    assert "F1 is dismissed" in action.answers[0]


def test_a_dismissal_outlives_the_summary(action: Ordered) -> None:
    action.order("/reviewer dismiss F1 x")
    (summary,) = [
        one.id for one in action.github.pull_request(NUMBER).issue_comments if one.author == US
    ]
    action.github.delete_comment(NUMBER, summary)
    action.order("/reviewer review")

    assert action.known("F1").state is State.DISMISSED


def test_a_dismissal_outlives_our_answer(action: Ordered) -> None:
    action.order("/reviewer dismiss F1 x")
    for one in action.github.pull_request(NUMBER).review_comments:
        if one.in_reply_to:
            action.github.delete_comment(NUMBER, one.id)
    action.order("/reviewer review")

    assert action.known("F1").state is State.DISMISSED


def test_a_run_that_broke_before_the_summary_is_completed_by_the_next(action: Ordered) -> None:
    action.github.fail_next("PATCH", ".*/issues/comments/.*", faults.BAD_GATEWAY, times=9)
    comment = action.comment("/reviewer dismiss F1 x")
    with pytest.raises(CouldNotFinish):
        action.heard(comment)
    assert action.known("F1").state is State.OPEN
    action.github = without_faults(action)

    assert action.heard(comment) == 0
    assert action.known("F1").state is State.DISMISSED
    assert len(action.in_threads) == 1


def without_faults(action: Ordered) -> GitHub:
    for _ in range(20):
        action.github._plan.next("PATCH", "/repos/octo/demo/issues/comments/1")
    return action.github


REQUESTS = 40
"""More than an order takes; the last of these runs die of nothing."""


@pytest.mark.parametrize("order", ["/reviewer dismiss F1 run {}", "/reviewer pause"])
def test_a_run_that_dies_anywhere_can_be_repeated(action: Ordered, order: str) -> None:
    died = 0
    for at in range(0, REQUESTS, 5):
        action.order("/reviewer resume")
        before = len(action.in_threads) + len(action.answers)
        comment = action.comment(order.format(at))
        action.dies_at = at
        with suppress(CouldNotFinish):
            action.heard(comment)
            died -= 1
        died += 1
        action.dies_at = None

        assert action.heard(comment) == 0
        assert len(action.in_threads) + len(action.answers) == before + 1
        assert "dismiss" not in order or action.known("F1").why == f"run {at}"
        assert "pause" not in order or action.ledger.paused
        assert action.reactions(comment) == ["eyes"]
    assert died > 3


@pytest.mark.parametrize("order", ["/reviewer dismiss F1 meanwhile", "/reviewer pause"])
def test_what_is_ordered_while_a_review_runs_is_not_lost(
    work_tree: WorkTree, runner: Path, order: str
) -> None:
    def while_the_model_thinks(_request: object) -> str:
        action.order(order)
        return answer(CALLER, LIMITS)

    action = Ordered(
        work_tree, runner, Turn(text=answer(CALLER)), Turn(text=while_the_model_thinks)
    )
    action.run()
    action.order("/reviewer review")

    assert len(action.told) == 2
    if "pause" in order:
        assert action.ledger.paused
    else:
        assert action.known("F1").state is State.DISMISSED


def test_two_orders_at_once_lose_nothing(action: Ordered) -> None:
    second = action.comment("/reviewer dismiss F2 second")
    action.meanwhile.append(lambda: action.heard(second))
    action.order("/reviewer dismiss F1 first")

    assert {name: action.known(name).why for name in ("F1", "F2")} == {
        "F1": "first",
        "F2": "second",
    }


def test_a_summary_that_an_order_overwrote_gets_the_other_one_back(action: Ordered) -> None:
    before = action.summaries[0]
    action.order("/reviewer dismiss F1 first")
    (summary,) = [
        one.id for one in action.github.pull_request(NUMBER).issue_comments if one.author == US
    ]
    action.github.edit_issue_comment(NUMBER, summary, US, before)
    action.order("/reviewer dismiss F2 second")

    assert action.known("F1").state is State.DISMISSED
    assert action.known("F2").state is State.DISMISSED


HOSTILE = [
    "@octo/team please look",
    "<!-- reviewer:v1 summary -->",
    "x --> <!-- reviewer:v1 fp=00 -->",
    "<img src=x onerror=alert(1)> [x](http://x/) ![x](http://x/)",
    "``` `x` ~~~ ::error::boom ##[error]boom",
    "`@octo/team",
    "closes #1 GH-1 https://evil.example/ www.evil.example",
    "\u202e\u200b | a | b |",
    "%0A::error::boom",
]


def test_a_hostile_reason_can_do_no_harm(
    action: Ordered, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    for reason in HOSTILE:
        action.order(f"/reviewer dismiss F1 {reason}")
        action.order("/reviewer explain F1")

    assert len(action.in_threads) == len(action.answers) == len(HOSTILE)
    shown = "".join((*action.in_threads, *action.answers))
    for harm in ("@octo", "<img", "GH-1", "://evil", "www.evil", "\u202e"):
        assert harm not in shown
    assert not re.search(r"(?<!\\)\]\(|(?<!&)#1", shown)
    assert len(action.summaries) == 1
    assert len(action.told) == 2
    assert action.known("F1").state is State.DISMISSED
    out = capsys.readouterr().out
    assert not any(line.startswith("::error") or "##[" in line for line in out.splitlines())


# --- explain ----------------------------------------------------------------------------------


def test_a_finding_is_explained_as_it_is_known_and_nobody_is_asked(action: Ordered) -> None:
    paid = action.paid
    comment = action.order("/reviewer explain F1")

    (said,) = action.answers
    assert "F1" in said
    for part in (
        "One caller still passes two arguments",
        "High",
        "`area.py`",
        "def area(width, height, unit):",
        "it stands",
        "told in round 1",
    ):
        assert part.lower() in said.lower()
    assert "(The beginning of the explanation" not in said
    assert (action.paid, action.reactions(comment)) == (paid, ["eyes"])


def test_what_became_of_a_finding_is_part_of_its_explanation(action: Ordered) -> None:
    action.order("/reviewer dismiss F2 the limit is checked elsewhere")
    action.order("/reviewer explain F2")

    assert "it was dismissed" in action.answers[-1]
    assert "the limit is checked elsewhere" in action.answers[-1]


def test_a_finding_without_its_comment_is_explained_from_the_ledger(action: Ordered) -> None:
    for one in action.github.pull_request(NUMBER).review_comments:
        action.github.delete_comment(NUMBER, one.id)
    action.order("/reviewer explain F1")

    assert "The beginning of the explanation" in action.answers[0]
    assert "our comment was deleted" in action.answers[0]


def test_a_comment_of_ours_that_somebody_edited_can_do_no_harm(action: Ordered) -> None:
    pull = action.github.pull_request(NUMBER)
    one = next(each for each in pull.review_comments)
    body = f"@octo/team <img src=x>\n/reviewer pause\n{one.body}"
    with_client(action, one.id, body)
    name = "F1" if "One caller" in one.body else "F2"
    action.order(f"/reviewer explain {name}")

    assert "@octo" not in action.answers[0]
    assert "<img" not in action.answers[0]
    assert not any(line.startswith("/reviewer") for line in action.answers[0].splitlines())


def with_client(action: Ordered, comment_id: int, body: str) -> None:
    from github import Auth, Github

    from reviewer.standin.server import Server

    with Server(action.github) as server:
        client = Github(auth=Auth.Token("x"), base_url=server.url, lazy=True)
        pull = client.get_repo("octo/demo").get_pull(NUMBER)
        pull.get_review_comment(comment_id).edit(body)
        client.close()


# --- pause and resume -------------------------------------------------------------------------


def push(action: Ordered) -> int:
    """Push a change that nobody has reviewed, and run on it."""
    number = len(action.github.requests)
    action.tree.commit({"area.py": f"def area(width, height, unit):\n    return {number}\n"})
    action.github.push(NUMBER, "topic")
    return action.run("synchronize")


def test_pushes_are_not_reviewed_while_paused_and_the_run_says_so_and_stays_green(
    action: Ordered, capsys: pytest.CaptureFixture[str]
) -> None:
    comment = action.order("/reviewer pause")
    paid = action.paid

    assert push(action) == 0
    assert action.paid == paid
    assert "paused" in capsys.readouterr().out
    assert action.reactions(comment) == ["eyes"]
    assert "Paused by `ada`" in action.answers[0]


def test_pushes_are_reviewed_again_after_resuming(action: Ordered) -> None:
    action.order("/reviewer pause")
    action.order("/reviewer resume")
    paid = action.paid
    push(action)

    assert action.paid > paid
    assert not action.ledger.paused


def test_a_pull_request_is_paused_before_anything_was_told(
    work_tree: WorkTree, runner: Path
) -> None:
    action = Ordered(work_tree, runner)
    action.order("/reviewer pause")

    assert action.run() == 0
    assert (action.paid, action.summaries) == (0, [])
    assert action.outputs["outcome"] == "skipped"


def test_a_review_that_is_ordered_is_made_while_paused_and_the_pause_goes_on(
    action: Ordered,
) -> None:
    action.order("/reviewer pause")
    paid = action.paid
    action.order("/reviewer review")

    assert action.paid > paid
    assert action.ledger.paused
    paid = action.paid
    push(action)
    assert action.paid == paid


# --- review and full --------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["/reviewer review", "/reviewer full"])
def test_what_was_reviewed_already_is_reviewed_again_and_told_once(
    action: Ordered, order: str
) -> None:
    told, paid = action.told, action.paid
    comment = action.order(order)

    assert action.paid == paid + 1
    assert (action.told, len(action.summaries)) == (told, 1)
    assert action.reactions(comment) == ["eyes", "rocket"]
    assert action.answers == []


@pytest.mark.parametrize(("order", "told"), [("/reviewer review", 1), ("/reviewer full", 2)])
def test_only_full_tells_in_the_diff_what_is_neither_new_nor_severe(
    work_tree: WorkTree, runner: Path, order: str, told: int
) -> None:
    minor = claim("limits.py", "    return n >= LOW", title="A minor thing", severity="low")
    action = Ordered(
        work_tree, runner, Turn(text=answer(CALLER)), Turn(text=answer(CALLER, minor))
    )
    action.run()
    action.order(order)

    assert len(action.told) == told
    assert "A minor thing" in action.summaries[0]


def test_an_ordered_review_answers_even_when_there_is_nothing_to_say(
    work_tree: WorkTree, runner: Path
) -> None:
    action = Ordered(work_tree, runner, Turn(text=answer()))
    action.order("/reviewer review")

    assert "nothing found" in action.summaries[0]


@pytest.mark.parametrize(
    "options", [{"draft": True}, {"head_repository": "stranger/demo"}], ids=["draft", "fork"]
)
def test_a_draft_and_a_fork_are_reviewed_when_somebody_orders_it(
    work_tree: WorkTree, runner: Path, options: dict[str, Any]
) -> None:
    action = Ordered(work_tree, runner, Turn(text=answer(CALLER)), **options)
    action.order("/reviewer review")

    assert len(action.told) == 1


def test_a_review_that_cannot_be_finished_says_so_where_it_was_ordered(
    work_tree: WorkTree, runner: Path
) -> None:
    action = Ordered(work_tree, runner)
    action.extra["ANTHROPIC_API_KEY"] = ""
    comment = action.comment("/reviewer review")

    with pytest.raises(UserMustAct, match="no key for Claude"):
        action.heard(comment)
    assert "could not be finished" in action.answers[0]
    assert action.reactions(comment) == ["eyes"]
    assert action.outputs["outcome"] == "unfinished"


def test_a_review_of_a_head_that_moved_on_is_answered_and_made_when_the_run_is_repeated(
    work_tree: WorkTree, runner: Path
) -> None:
    action = Ordered(work_tree, runner)
    newer = work_tree.commit({"more.py": "n = 1\n"}, "Newer")

    def push_while_the_model_thinks(_request: object) -> str:
        action.github.push(NUMBER, newer)
        return answer(CALLER)

    work_tree.git("reset", "--quiet", "--hard", action.head)
    turns = [Turn(text=push_while_the_model_thinks), Turn(text=answer(CALLER))]
    action.messages = Messages(turns)
    comment = action.comment("/reviewer review")

    with pytest.raises(CouldNotFinish, match="moved on"):
        action.heard(comment)
    assert "moved on" in action.answers[0]
    assert (len(action.told), action.reactions(comment)) == (0, ["eyes"])
    assert float(action.outputs["cost-usd"]) > 0

    assert action.heard(comment) == 0
    assert (len(action.told), action.reactions(comment)) == (1, ["eyes", "rocket"])


def test_a_review_that_could_not_be_finished_is_made_when_the_run_is_repeated(
    work_tree: WorkTree, runner: Path
) -> None:
    action = Ordered(work_tree, runner, Turn(text=answer(CALLER)))
    action.extra["ANTHROPIC_API_KEY"] = ""
    comment = action.comment("/reviewer review")
    with pytest.raises(UserMustAct):
        action.heard(comment)
    action.extra["ANTHROPIC_API_KEY"] = "sk-ant-key"

    assert action.heard(comment) == 0
    assert (len(action.told), action.reactions(comment)) == (1, ["eyes", "rocket"])


def test_the_settings_of_an_ordered_review_are_those_of_the_base(
    action: Ordered, work_tree: WorkTree
) -> None:
    work_tree.commit({".reviewer.toml": 'exclude = ["*.py"]\nmax_inline = 0\n'}, "Sneak")
    action.github.push(NUMBER, "topic")
    action.order("/reviewer full")

    assert len(action.told) == 2


def test_an_ordered_review_is_counted_as_any_other(action: Ordered) -> None:
    action.extra["REVIEWER_FAIL_ON"] = "high"
    comment = action.comment("/reviewer review")

    assert action.heard(comment) == 1
    assert action.outputs["outcome"] == "found"
    assert action.reactions(comment) == ["eyes", "rocket"]


def test_the_person_who_orders_need_not_be_the_author(action: Ordered) -> None:
    assert action.github.pull_request(NUMBER).author != PERSON
