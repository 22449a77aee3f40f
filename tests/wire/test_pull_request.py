"""`PullRequestPublisher`, with the real PyGithub over real HTTP, at the GitHub stand-in."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from conftest import WorkTree
from github import Auth, Github
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publish.made import located, placed, review

from reviewer.errors import CouldNotFinish, ReviewerError, UserMustAct
from reviewer.flow import Change, FileLevel, Inline, InSummary, PullRequest, Side
from reviewer.publish.comments import read_fingerprint, read_marker
from reviewer.publish.github.pull_request import PullRequestPublisher
from reviewer.publish.github.repository import merge_base
from reviewer.standin import github_faults as faults
from reviewer.standin.github import GitHub
from reviewer.standin.github_errors import Refused, not_found, unprocessable
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewer.flow import Placed, Receipt, Review
    from reviewer.standin.github_faults import Fault
    from reviewer.standin.server import Exchange

NUMBER = 7
REPOSITORY = "octo/shop"
BEFORE = "".join(f"line {n}\n" for n in range(1, 41))
AFTER = BEFORE.replace("line 10\n", "LINE 10\n").replace("line 30\n", "")


@dataclass
class Faulty:
    """GitHub, with a fault at some of its requests, counted from 0."""

    github: GitHub
    plan: dict[int, Fault] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def answer(self, exchange: Exchange) -> Answer:
        fault = self.plan.get(len(self.paths))
        self.paths.append(f"{exchange.method} {exchange.path}")
        if fault:
            return fault(lambda: self.github.answer(exchange))
        return self.github.answer(exchange)


@dataclass
class Scene:
    """A pull request on a real repository, and what was slept."""

    folder: Path
    change: Change
    github: GitHub
    server: Server
    application: Faulty
    slept: list[float] = field(default_factory=list)

    def publisher(self, **given: Any) -> PullRequestPublisher:
        assert self.change.pull_request
        return PullRequestPublisher(
            "stand-in",
            api_url=self.server.url,
            pull_request=self.change.pull_request,
            sleep=self.slept.append,
            seconds_between_writes=0,
            **given,
        )

    def publish(self, made: Review, **given: Any) -> Receipt:
        return self.publisher(**given).publish(made)

    def review(self, *found: Placed, **given: Any) -> Review:
        return review(*found, change=self.change, **given)

    @property
    def comments(self) -> list[str]:
        """The bodies of the comments in the diff that people see."""
        pull = self.github.pull_request(NUMBER)
        seen = {one.id for one in pull.reviews if not one.deleted and not one.pending}
        return [
            one.body for one in pull.review_comments if not one.deleted and one.review_id in seen
        ]

    @property
    def fingerprints(self) -> list[str]:
        return sorted(filter(None, map(read_fingerprint, self.comments)))

    @property
    def summaries(self) -> list[str]:
        pull = self.github.pull_request(NUMBER)
        return [one.body for one in pull.issue_comments if read_marker(one.body) == "summary"]

    @property
    def reviews(self) -> list[str]:
        """The state of every review with words of ours."""
        pull = self.github.pull_request(NUMBER)
        return [one.state for one in pull.reviews if one.body and not one.deleted]

    @property
    def pending(self) -> list[str]:
        pull = self.github.pull_request(NUMBER)
        return [one.body for one in pull.reviews if one.pending and not one.deleted]


INLINE = placed(
    "F1",
    place=located("a.txt", 10),
    anchor=Inline(path="a.txt", side=Side.RIGHT, first_line=10, last_line=10),
    suggestion="line ten\n",
)
RANGE = placed(
    "F2",
    place=located("a.txt", 8, 10),
    anchor=Inline(path="a.txt", side=Side.RIGHT, first_line=8, last_line=10),
)
DELETED = placed(
    "F3",
    place=located("a.txt", 30, side=Side.LEFT),
    anchor=Inline(path="a.txt", side=Side.LEFT, first_line=30, last_line=30),
)
ON_FILE = placed("F4", place=located("a.txt", 20), anchor=FileLevel(path="a.txt"))
DEEP = placed("F5", place=located("b.txt", 1, side=None), anchor=InSummary(why="it is deep"))
EVERYTHING = (INLINE, RANGE, DELETED, ON_FILE, DEEP)
WRONG = placed(
    "F6",
    place=located("a.txt", 20),
    anchor=Inline(path="a.txt", side=Side.RIGHT, first_line=20, last_line=20),
)


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[WorkTree, str, str]:
    """A repository with a branch `feature`, its base and its head: made once, only read."""
    folder = tmp_path_factory.getbasetemp() / "shop"
    made = folder.exists()
    tree = WorkTree(folder)
    if not made:
        tree.commit({"a.txt": BEFORE, "b.txt": "b\n"})
        tree.git("switch", "--quiet", "--create", "feature")
        tree.commit({"a.txt": AFTER, "c.txt": "new\n"})
        tree.git("switch", "--quiet", "--create", "later")
        tree.commit({"c.txt": "newer\n"})
    return tree, tree.git("rev-parse", "main"), tree.git("rev-parse", "feature")


@pytest.fixture
def scene(shop: tuple[WorkTree, str, str]) -> Iterator[Scene]:
    with opened(shop) as made:
        yield made


@contextmanager
def opened(shop: tuple[WorkTree, str, str]) -> Iterator[Scene]:
    tree, base, head = shop
    github = GitHub(tree.folder, repository=REPOSITORY)
    github.open_pull_request(NUMBER, "main", "feature", "Title", "Body")
    application = Faulty(github)
    with Server(application) as server:
        target = PullRequest(
            repository=REPOSITORY, number=NUMBER, url=f"{server.url}/{REPOSITORY}/pull/{NUMBER}"
        )
        change = Change(base=base, merge_base=base, head=head, pull_request=target)
        yield Scene(
            folder=tree.folder,
            change=change,
            github=github,
            server=server,
            application=application,
        )


# --- a good day -------------------------------------------------------------------------------


def test_a_review_becomes_one_review_a_comment_on_the_file_and_a_summary(scene: Scene) -> None:
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert (receipt.posted, receipt.already_there, receipt.degraded) == (4, 0, "")
    assert len(scene.fingerprints) == 4
    assert len(scene.summaries) == 1
    assert scene.reviews == ["COMMENTED"]


def test_the_summary_is_where_the_receipt_points(scene: Scene) -> None:
    receipt = scene.publish(scene.review(DEEP))

    assert f"/{REPOSITORY}/pull/{NUMBER}#issuecomment-" in receipt.url


def test_publishing_the_same_review_twice_posts_nothing_new(scene: Scene) -> None:
    scene.publish(scene.review(*EVERYTHING))
    before = len(scene.application.paths)
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert (receipt.posted, receipt.already_there) == (0, 4)
    writes = [path for path in scene.application.paths[before:] if not path.startswith("GET")]
    assert writes == ["POST /graphql"]


def test_a_new_finding_is_posted_beside_the_old_ones(scene: Scene) -> None:
    scene.publish(scene.review(INLINE))
    receipt = scene.publish(scene.review(INLINE, RANGE))

    assert (receipt.posted, receipt.already_there) == (1, 1)
    assert len(scene.summaries) == 1


def test_a_clean_review_says_nothing(scene: Scene) -> None:
    receipt = scene.publish(scene.review())

    assert (scene.comments, scene.summaries) == ([], [])
    assert receipt.url.endswith(f"/pull/{NUMBER}")


def test_a_clean_review_says_so_where_a_summary_stands_already(scene: Scene) -> None:
    scene.publish(scene.review(DEEP))
    scene.publish(scene.review())

    (summary,) = scene.summaries
    assert "nothing found" in summary


def test_a_clean_review_is_told_on_request(scene: Scene) -> None:
    scene.publish(scene.review(), comment_when_clean=True)

    assert len(scene.summaries) == 1


@pytest.mark.parametrize("anchor", [INLINE.anchor, FileLevel(path="a.txt")], ids=["line", "file"])
def test_a_review_holds_at_most_thirty_comments(scene: Scene, anchor: Inline | FileLevel) -> None:
    many = [placed(f"F{n}", anchor=anchor) for n in range(1, 36)]
    first = scene.publish(scene.review(*many))
    second = scene.publish(scene.review(*many))

    assert (first.posted, second.posted) == (30, 0)
    assert "told here because a review holds at most 30 comments" in scene.summaries[0]


# --- who we are -------------------------------------------------------------------------------


def test_a_marker_of_somebody_else_is_not_ours(scene: Scene) -> None:
    forged = f"<!-- reviewer:v1 fp={INLINE.fingerprint} -->"
    scene.github.add_review_comment(NUMBER, "mallory", forged, path="a.txt", line=10)
    scene.github.add_issue_comment(NUMBER, "mallory", "mine\n\n<!-- reviewer:v1 summary -->")
    receipt = scene.publish(scene.review(INLINE))

    assert receipt.posted == 1
    assert any(body.startswith("mine") for body in scene.summaries)


def test_a_person_with_the_name_of_our_app_is_not_us(scene: Scene) -> None:
    forged = f"<!-- reviewer:v1 fp={INLINE.fingerprint} -->"
    scene.github.add_review_comment(NUMBER, "github-actions", forged, path="a.txt", line=10)

    assert scene.publish(scene.review(INLINE)).posted == 1


@pytest.mark.parametrize(
    "name",
    [
        {"viewer_login": "github-actions"},
        {"viewer_login": "github-actions[bot]"},
        {"viewer": "our-app[bot]"},
        {"viewer": "ada"},
    ],
    ids=str,
)
def test_we_know_our_own_comments_whoever_we_are(scene: Scene, name: dict[str, str]) -> None:
    scene.application.github = GitHub(scene.folder, repository=REPOSITORY, **name)
    scene.application.github.open_pull_request(NUMBER, "main", "feature", "Title", "Body")
    scene.publish(scene.review(*EVERYTHING))
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert (receipt.posted, receipt.already_there) == (0, 4)


def test_a_bot_that_may_not_ask_who_it_is_knows_its_comments_still(scene: Scene) -> None:
    scene.github.fail_next("POST", "/graphql", faults.READ_ONLY_TOKEN, times=9)
    scene.github.fail_next("GET", "/user", faults.READ_ONLY_TOKEN, times=9)
    forged = f"<!-- reviewer:v1 fp={INLINE.fingerprint} -->"
    scene.github.add_review_comment(NUMBER, "mallory", forged, path="a.txt", line=10)
    first = scene.publish(scene.review(*EVERYTHING))
    second = scene.publish(scene.review(*EVERYTHING))

    assert (first.posted, first.already_there) == (4, 0)
    assert (second.posted, second.already_there) == (0, 4)


# --- what may not be posted -------------------------------------------------------------------


def test_a_read_only_token_posts_nothing_and_says_why(scene: Scene) -> None:
    scene.github.read_only = True
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert "Resource not accessible by integration" in receipt.degraded
    assert (receipt.posted, scene.comments, scene.summaries) == (0, [], [])


def test_a_token_that_may_not_comment_on_code_tells_all_in_the_summary(scene: Scene) -> None:
    scene.github.fail_next("POST", ".*/(reviews|comments)", faults.READ_ONLY_TOKEN)
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert "Resource not accessible by integration" in receipt.degraded
    assert told(scene) == {one.fingerprint for one in EVERYTHING}


def test_a_token_that_may_not_write_the_summary_says_so(scene: Scene) -> None:
    scene.github.fail_next("POST", ".*/issues/.*", faults.READ_ONLY_TOKEN)
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert receipt.posted == 4
    assert "Resource not accessible by integration" in receipt.degraded


def test_a_bad_token_is_for_the_user_to_mend(scene: Scene) -> None:
    bad = faults.instead(Refused(401, "Bad credentials").answer)
    scene.github.fail_next("GET", ".*", bad)

    with pytest.raises(UserMustAct, match="401"):
        scene.publish(scene.review(INLINE))


def test_a_token_that_ran_out_while_the_model_thought_leaves_the_bundle_to_be_posted(
    scene: Scene,
) -> None:
    bad = faults.instead(Refused(401, "Bad credentials").answer)
    scene.github.fail_next("POST", "/reviews", bad)

    with pytest.raises(UserMustAct, match="posted so far: nothing") as caught:
        scene.publish(scene.review(INLINE))
    assert "valid token" in caught.value.way_out
    assert "reviewer publish" in caught.value.way_out


@pytest.mark.parametrize(
    "fault",
    [
        faults.redirect(307, "https://api.github.com/repositories/1/renamed"),
        faults.instead(Answer(headers={"content-type": "text/html"}, chunks=(b"<p>Log in</p>",))),
        faults.instead(Answer.of_json({})),
    ],
    ids=["redirect", "page of a proxy", "empty"],
)
@pytest.mark.parametrize("path", ["/pulls/7/reviews", "/pulls/7/comments", "/issues/7/comments"])
def test_an_answer_that_names_nothing_made_is_no_success(
    scene: Scene, path: str, fault: Fault
) -> None:
    scene.github.fail_next("POST", path, fault)
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert receipt.posted == len(scene.fingerprints) == 4
    assert len(scene.summaries) == 1


@pytest.mark.parametrize(
    "location", ["https://elsewhere.example/repos/x", "/repositories/1", "https://127.0.0.1/x"]
)
def test_an_address_that_leads_elsewhere_is_for_the_user_to_mend(
    scene: Scene, location: str
) -> None:
    scene.github.fail_next("GET", f"/pulls/{NUMBER}$", faults.redirect(301, location), times=9)

    with pytest.raises(UserMustAct, match="leads elsewhere") as caught:
        scene.publish(scene.review(INLINE))
    assert "GITHUB_API_URL" in caught.value.way_out


def test_a_pull_request_that_is_not_there_posts_nothing_and_says_why(scene: Scene) -> None:
    scene.github.fail_next("GET", ".*", faults.instead(not_found().answer))
    receipt = scene.publish(scene.review(INLINE))

    assert "404" in receipt.degraded


# --- what moves -------------------------------------------------------------------------------


def test_nothing_is_posted_on_a_head_that_moved(scene: Scene) -> None:
    scene.github.push(NUMBER, "later")
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert "moved on" in receipt.degraded
    assert (scene.comments, scene.summaries) == ([], [])


def test_a_force_push_in_the_last_moment_posts_nothing(scene: Scene) -> None:
    push = faults.head_moved(lambda: scene.github.push(NUMBER, "main"))
    scene.github.fail_next("POST", ".*/reviews", push)
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert "moved on" in receipt.degraded
    assert (scene.comments, scene.summaries) == ([], [])


# --- what is refused --------------------------------------------------------------------------


def test_one_comment_that_github_refuses_costs_only_itself(scene: Scene) -> None:
    receipt = scene.publish(scene.review(INLINE, WRONG, RANGE))

    assert (receipt.posted, receipt.degraded) == (2, "")
    assert "Explanation of F6." in scene.summaries[0]
    assert "must be part of the diff" in scene.summaries[0]


def test_a_server_without_comments_on_files_gets_them_in_the_summary(scene: Scene) -> None:
    old = faults.instead(unprocessable('"subject_type" is not a permitted key').answer)
    scene.github.fail_next("POST", ".*/pulls/7/comments", old)
    receipt = scene.publish(scene.review(ON_FILE))

    assert receipt.posted == 0
    assert "Explanation of F4." in scene.summaries[0]


def test_a_refused_review_that_stands_there_all_the_same_is_not_posted_again(scene: Scene) -> None:
    refusal = unprocessable("Line could not be resolved").answer
    scene.github.fail_next("POST", ".*/reviews", faults.afterwards(refusal))
    scene.publish(scene.review(*EVERYTHING))

    assert len(scene.fingerprints) == 4
    assert scene.reviews == ["COMMENTED"]


# --- what was left behind ---------------------------------------------------------------------


@pytest.mark.parametrize("body", ["", "1 comment\n\n<!-- reviewer:v1 run=00 -->"])
def test_a_pending_review_that_a_broken_run_left_is_deleted(scene: Scene, body: str) -> None:
    draft = {"path": "a.txt", "line": 10, "body": "x\n<!-- reviewer:v1 fp=00 -->"}
    scene.github.add_review(NUMBER, "github-actions[bot]", body, comments=[draft])
    receipt = scene.publish(scene.review(*EVERYTHING))

    assert (scene.pending, receipt.posted) == ([], 4)


@pytest.mark.parametrize(
    ("body", "draft"),
    [("a draft of another bot", []), ("", [{"path": "a.txt", "line": 10, "body": "x"}])],
)
def test_a_pending_review_of_another_with_our_name_is_left_alone(
    scene: Scene, body: str, draft: list[dict[str, Any]]
) -> None:
    scene.github.add_review(NUMBER, "github-actions[bot]", body, comments=draft)
    scene.publish(scene.review(*EVERYTHING))

    assert scene.pending == [body]
    assert scene.application.paths.count(f"POST /repos/{REPOSITORY}/pulls/7/comments") == 1
    assert told(scene) == {one.fingerprint for one in EVERYTHING}


def test_an_empty_review_that_a_broken_run_left_is_completed(scene: Scene) -> None:
    scene.publish(scene.review(INLINE, RANGE))
    client = Github(auth=Auth.Token("stand-in"), base_url=scene.server.url, lazy=True)
    for one in client.get_repo(REPOSITORY).get_pull(NUMBER).get_review_comments():
        one.delete()
    receipt = scene.publish(scene.review(INLINE, RANGE))

    assert (receipt.posted, scene.reviews) == (2, ["COMMENTED"])


# --- what breaks ------------------------------------------------------------------------------


def told(scene: Scene) -> set[str]:
    """The findings that people can read, in the diff or in full in the summary."""
    summaries = "".join(scene.summaries)
    return set(scene.fingerprints) | {
        one.fingerprint for one in (*EVERYTHING, WRONG) if f"Explanation of {one.id}." in summaries
    }


FAULTS: dict[str, Fault] = {
    "500": faults.SERVER_ERROR,
    "502": faults.BAD_GATEWAY,
    "502 after commit": faults.BAD_GATEWAY_AFTER_COMMIT,
    "hang up": faults.HANG_UP,
    "hang up after commit": faults.HANG_UP_AFTER_COMMIT,
    "truncated JSON": faults.TRUNCATED_JSON,
    "secondary limit": faults.secondary_limit(),
    "secondary limit with Retry-After": faults.secondary_limit(retry_after_seconds=5, status=429),
    "an hour's limit": faults.primary_limit(reset_epoch_seconds=4_102_444_800),
    "too quickly": faults.SUBMITTED_TOO_QUICKLY,
    "read-only": faults.READ_ONLY_TOKEN,
    "404": faults.instead(not_found().answer),
    "422": faults.instead(unprocessable("Validation Failed").answer),
    "422 after commit": faults.afterwards(unprocessable("Validation Failed").answer),
}
REQUESTS = 8


def comes_through(scene: Scene) -> None:
    """Publish, again if need be, and see that nothing is there twice and nothing is missing."""
    scene.github.add_issue_comment(NUMBER, "octocat", "who are you?")
    everything = {one.fingerprint for one in EVERYTHING}
    with suppress(CouldNotFinish):
        receipt = scene.publish(scene.review(*EVERYTHING))
        assert receipt.degraded or told(scene) == everything
    scene.application.plan.clear()
    again = scene.publish(scene.review(*EVERYTHING))

    assert (again.degraded, told(scene)) == ("", everything)
    assert len(scene.fingerprints) == len(set(scene.fingerprints))
    assert (len(scene.summaries), scene.pending) == (1, [])
    assert len(scene.reviews) <= 1


def test_the_sweep_covers_every_request(scene: Scene) -> None:
    scene.github.add_issue_comment(NUMBER, "octocat", "who are you?")
    scene.publish(scene.review(*EVERYTHING))

    assert len(scene.application.paths) == REQUESTS


@pytest.mark.parametrize(("fault", "at"), [*product(FAULTS, range(REQUESTS))])
def test_a_fault_at_any_request_posts_nothing_twice_and_loses_nothing(
    scene: Scene, fault: str, at: int
) -> None:
    scene.application.plan[at] = FAULTS[fault]

    comes_through(scene)


@pytest.mark.parametrize("last", ["hang up", "hang up after commit"])
@pytest.mark.parametrize("at", range(REQUESTS))
def test_a_run_that_is_killed_anywhere_can_be_repeated(scene: Scene, at: int, last: str) -> None:
    scene.application.plan = dict.fromkeys(range(at, 99), FAULTS["hang up"])
    scene.application.plan[at] = FAULTS[last]

    comes_through(scene)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.dictionaries(st.integers(0, 20), st.sampled_from([*FAULTS]), max_size=12))
def test_many_faults_post_nothing_twice_and_lose_nothing(
    shop: tuple[WorkTree, str, str], plan: dict[int, str]
) -> None:
    with opened(shop) as scene:
        scene.application.plan |= {at: FAULTS[name] for at, name in plan.items()}

        comes_through(scene)


@pytest.mark.parametrize(
    "said",
    [
        None, [], {}, "text", 7, [None], [7], [[]], [{}], {"head": None}, {"head": {"sha": 7}},
        [{"user": 7, "body": 7}], [{"user": {"id": "x"}, "body": None, "state": 7}],
        {"data": {"viewer": {"databaseId": "x"}}},
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_of_another_kind_ends_in_an_error_of_ours(scene: Scene, said: Any) -> None:
    scene.publish(scene.review(INLINE, DEEP))
    for at in range(REQUESTS):
        scene.application.paths.clear()
        scene.application.plan = {at: faults.instead(Answer.of_json(said))}
        with suppress(ReviewerError):
            scene.publish(scene.review(*EVERYTHING))
    for lasting in range(REQUESTS):
        scene.application.paths.clear()
        lying = dict.fromkeys(range(lasting, 99), faults.instead(Answer.of_json(said)))
        scene.application.plan = lying
        with suppress(ReviewerError):
            scene.publish(scene.review(*EVERYTHING))

    assert len(scene.summaries) >= 1


def test_an_edit_of_the_summary_is_tried_again(scene: Scene) -> None:
    scene.publish(scene.review(DEEP))
    scene.github.fail_next("PATCH", ".*", faults.BAD_GATEWAY, times=2)
    scene.publish(scene.review())

    assert "nothing found" in scene.summaries[0]


def test_what_was_posted_is_told_when_the_rest_cannot_be(scene: Scene) -> None:
    scene.github.fail_next("POST", ".*/issues/.*", faults.BAD_GATEWAY, times=99)

    with pytest.raises(CouldNotFinish, match="posted so far: a review with 3 comments, comment"):
        scene.publish(scene.review(*EVERYTHING))


def test_the_wait_is_the_one_that_github_asks_for(scene: Scene) -> None:
    limit = faults.secondary_limit(retry_after_seconds=17)
    scene.github.fail_next("POST", ".*/reviews", limit)
    scene.publish(scene.review(*EVERYTHING))

    assert scene.slept == [17.0]


def test_importing_the_publisher_does_not_import_pygithub() -> None:
    code = "import sys, reviewer.publish.github.pull_request; sys.exit('github' in sys.modules)"

    assert subprocess.run((sys.executable, "-c", code), check=False).returncode == 0


# --- the merge base ---------------------------------------------------------------------------


def test_github_tells_the_merge_base(scene: Scene) -> None:
    scene.github.fail_next("GET", ".*/compare/.*", faults.BAD_GATEWAY)
    found = merge_base(
        "stand-in",
        api_url=scene.server.url,
        repository=REPOSITORY,
        base=scene.change.base,
        head=scene.change.head,
        sleep=scene.slept.append,
    )

    assert found == scene.change.merge_base


# --- who may say what -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        None, [], {}, "text", 7, {"permission": "write"}, {"permission": "write", "user": 7},
        {"permission": ["write"], "user": {"id": 1}}, {"permission": 7, "user": None},
        {"permission": "write", "user": None}, {"permission": "write", "user": {"id": "1"}},
        {"permission": "write", "user": {"id": 2}}, {"permission": "WRITE", "user": {"id": 1}},
    ],
    ids=str,
)  # fmt: skip
def test_nobody_may_write_whom_github_does_not_clearly_say_it_of(scene: Scene, said: Any) -> None:
    answer = faults.instead(Answer.of_json(said))
    scene.github.fail_next("GET", ".*/permission", answer, times=9)
    allowed = False
    with suppress(ReviewerError):
        allowed = scene.publisher().conversation.may_write("ada", 1)

    assert allowed is False


def test_a_login_cannot_leave_its_place_in_the_address(scene: Scene) -> None:
    for login in ("../../x", "a/b", "a?x=1", "a#b", "a%2fb"):
        with suppress(ReviewerError):
            scene.publisher().conversation.may_write(login, 1)

    asked = [path for path in scene.application.paths if "collaborators" in path]
    assert len(asked) == 5
    assert all(path.endswith("/permission") for path in asked)


# --- servers without an end -------------------------------------------------------------------

SOMEBODYS = {"id": 1, "user": {"id": 1, "login": "somebody", "type": "User"}, "body": "words"}


@pytest.mark.parametrize("listed", ["pulls/7/reviews", "pulls/7/comments", "issues/7/comments"])
def test_a_list_whose_pages_lead_to_themselves_is_given_up(scene: Scene, listed: str) -> None:
    path = f"/repos/{REPOSITORY}/{listed}"
    itself = f'<{scene.server.url}{path}?page=2>; rel="next"'
    again = Answer.of_json(100 * [SOMEBODYS], link=itself)
    scene.github.fail_next("GET", path, faults.instead(again), times=1_000)

    with pytest.raises(CouldNotFinish, match="a list of GitHub's has no end"):
        scene.publish(scene.review(INLINE))
    assert scene.comments == []


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1:9"])
def test_a_list_that_leads_elsewhere_is_not_followed_with_the_token(
    scene: Scene, host: str
) -> None:
    path = f"/repos/{REPOSITORY}/pulls/{NUMBER}/comments"
    led = Answer.of_json([SOMEBODYS], link=f'<http://{host}/?page=2>; rel="next"')
    scene.github.fail_next("GET", path, faults.instead(led), times=4)

    with pytest.raises(CouldNotFinish, match="GitHub's answer makes no sense: AssertionError"):
        scene.publish(scene.review(INLINE))
