from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from github import UnknownObjectException
from github.PullRequest import PullRequest
from github_world import NUMBER, World, refused

from reviewer.standin.github_objects import SMALLEST_MISSING_PATCH_BYTES
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


@pytest.mark.parametrize("path", ["", "/api/v3"])
def test_both_shapes_of_a_base_url_are_answered(world: World, path: str) -> None:
    pull = world.client(path, per_page=1).get_repo("octo/demo").get_pull(NUMBER)
    pull.create_issue_comment("one").minimize()
    pull.create_issue_comment("two")

    assert [each.body for each in pull.get_issue_comments()] == ["one", "two"]
    assert world.state.issue_comments[0].minimized == "outdated"
    assert [seen.path for seen in world.github.requests if seen.path.endswith("graphql")] == [
        "/graphql"
    ]


def test_a_pull_request_counts_what_is_in_it(world: World) -> None:
    pull = world.repository().get_pull(NUMBER)

    assert (pull.commits, pull.changed_files) == (2, 5)
    assert (pull.additions, pull.deletions) == (6, 4)
    assert (pull.base.ref, pull.head.ref, pull.head.sha) == ("main", "feature", world.head)


def test_files_say_what_happened_to_them(world: World) -> None:
    files = {each.filename: each for each in world.pull().get_files()}

    assert {name: file.status for name, file in files.items()} == {
        "added.py": "added",
        "app.py": "modified",
        "gone.py": "removed",
        "logo.bin": "added",
        "new.py": "renamed",
    }
    assert files["new.py"].previous_filename == "old.py"
    assert files["gone.py"].patch == "@@ -1 +0,0 @@\n-gone"


def test_a_binary_file_and_a_large_one_have_no_patch(world: World) -> None:
    world.tree.commit({"large.json": "x" * SMALLEST_MISSING_PATCH_BYTES})
    world.github.push(NUMBER, "feature")
    without = {each.filename for each in world.pull().get_files() if not each.patch}

    assert without == {"logo.bin", "large.json"}


def test_a_fork_is_another_repository_and_can_be_gone(world: World) -> None:
    world.github.open_pull_request(
        8, "main", "feature", "t", "b", head_repository="someone/demo", author="someone"
    )
    head = world.repository().get_pull(8).head
    assert (head.repo.full_name, head.user.login) == ("someone/demo", "someone")

    world.github.delete_head_repository(8)
    assert world.github.event(8, "opened")["pull_request"]["head"]["repo"] is None


def test_a_comparison_finds_the_merge_base(world: World) -> None:
    world.tree.git("checkout", "--quiet", "main")
    tip = world.tree.commit({"kept.py": "newer\n"})
    comparison = world.repository().compare(tip, world.head)

    assert comparison.merge_base_commit.sha == world.base
    assert (comparison.status, comparison.ahead_by, comparison.behind_by) == ("diverged", 2, 1)
    assert "kept.py" not in [file.filename for file in comparison.files]


def test_branches_with_a_slash_can_be_compared(world: World) -> None:
    world.tree.git("branch", "topic/one", "feature")

    assert world.repository().compare("main", "topic/one").ahead_by == 2


def test_unrelated_histories_cannot_be_compared(world: World) -> None:
    world.tree.git("checkout", "--quiet", "--orphan", "island")
    other = world.tree.commit({"island.py": "alone\n"})

    with pytest.raises(UnknownObjectException):
        world.repository().compare(world.base, other)


def test_commits_are_found_by_their_id(world: World) -> None:
    commit = world.repository().get_commit(world.head)

    assert (commit.commit.message, commit.parents[0].sha) == ("change", world.first)
    assert world.repository().get_git_commit(world.head).tree.sha == commit.commit.tree.sha
    assert refused(lambda: world.repository().get_commit("0" * 40)).status == 422
    assert refused(lambda: world.repository().get_git_commit("0" * 40)).status == 404


def test_the_commits_of_a_pull_request_are_listed_oldest_first(world: World) -> None:
    assert [each.sha for each in world.pull().get_commits()] == [world.first, world.head]


def test_an_installation_token_is_not_told_who_it_is(world: World) -> None:
    error = refused(lambda: world.client().get_user().login)

    assert (error.status, error.message) == (403, "Resource not accessible by integration")


def test_a_person_is_told_who_they_are(work_tree: WorkTree) -> None:
    with World(work_tree, viewer="ada") as world:
        assert world.client().get_user().login == "ada"


def test_a_write_needs_a_token(world: World) -> None:
    assert refused(lambda: world.pull(auth=None).create_issue_comment("b")).status == 401


@pytest.mark.parametrize("path", ["/repos/octo/other", "/repos/octo/demo/pulls/99", "/teapot"])
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    with pytest.raises(UnknownObjectException):
        world.client().requester.requestJsonAndCheck("GET", path)


# --- the diff --------------------------------------------------------------------------------

DIFF = {"Accept": "application/vnd.github.diff"}


def test_the_diff_comes_as_text(world: World) -> None:
    text = world.send("GET", "", **DIFF)["data"]

    assert text.startswith("diff --git a/added.py b/added.py\n")
    assert "rename from old.py\nrename to new.py\n" in text


def test_a_diff_of_three_hundred_files_is_still_given(world: World) -> None:
    world.tree.commit({f"file{number}.py": "x\n" for number in range(295)})
    world.github.push(NUMBER, "feature")

    assert world.send("GET", "", **DIFF)["data"].count("diff --git") == 300


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({f"file{number}.py": "x\n" for number in range(296)}, "files (300)"),
        ({"long.py": "x\n" * 19_991}, "lines (20000)"),
    ],
    ids=["files", "lines"],
)
def test_a_diff_above_the_limit_is_not_acceptable(
    world: World, files: dict[str, str], limit: str
) -> None:
    world.tree.commit(files)
    world.github.push(NUMBER, "feature")
    error = refused(lambda: world.send("GET", "", **DIFF))

    assert (error.status, error.data["errors"][0]["code"]) == (406, "too_large")
    assert limit in str(error.message)


# --- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("per_page", "requests"), [(2, 3), (100, 1)])
def test_a_list_comes_in_pages(world: World, per_page: int, requests: int) -> None:
    names = [each.filename for each in world.pull(per_page=per_page).get_files()]

    assert len(names) == len(set(names)) == 5
    assert len(world.github.requests) == requests


def test_a_page_holds_thirty_by_default_and_a_hundred_at_most(world: World) -> None:
    world.tree.commit({f"file{number}.py": "x\n" for number in range(120)})
    world.github.push(NUMBER, "feature")

    assert len(world.send("GET", "/files")) == 30
    assert len(world.send("GET", "/files?per_page=1000")) == 100


def test_more_than_three_thousand_files_are_not_listed(world: World) -> None:
    world.tree.commit({f"{number}.py": "x\n" for number in range(3_001)})
    world.github.push(NUMBER, "feature")

    assert len(list(world.pull().get_files())) == 3_000


def test_comments_can_be_listed_newest_first(world: World) -> None:
    for line in (10, 11):
        world.pull().create_review_comment("b", world.head, "app.py", line=line)
    listed = world.pull().get_review_comments(sort="created", direction="desc")

    assert [each.line for each in listed] == [11, 10]


def test_comments_can_be_listed_since_a_time(world: World) -> None:
    first, second = (
        world.pull().create_review_comment("b", world.head, "app.py", line=line)
        for line in (10, 11)
    )
    listed = world.pull().get_review_comments(since=second.created_at)

    assert [each.id for each in listed] == [second.id]
    assert first.created_at < second.created_at


# --- the event -------------------------------------------------------------------------------


def test_an_event_is_enough_to_make_a_pull_request(world: World) -> None:
    event = world.github.event(NUMBER, "opened", api_url=world.server.url)
    pull = world.client(lazy=True).create_from_raw_data(PullRequest, event["pull_request"])

    assert (pull.title, pull.head.sha, pull.user.login) == ("A title", world.head, "octocat")
    assert world.github.requests == []
    pull.create_issue_comment("found")
    assert world.state.issue_comments[0].body == "found"


def test_a_bare_repository_serves_as_well(world: World, work_tree: WorkTree) -> None:
    bare = work_tree.folder.parent / "bare.git"
    work_tree.git("clone", "--quiet", "--bare", str(work_tree.folder), str(bare))
    github = type(world.github)(bare)
    github.open_pull_request(NUMBER, "main", "feature", "t", "b")

    with Server(github):
        github.add_review_comment(NUMBER, "someone", "b", path="app.py", line=10)
    assert len(github.pull_request(NUMBER).review_comments) == 1


def test_a_request_is_remembered_with_its_body_and_the_status_it_got(world: World) -> None:
    pull = world.repository().get_pull(NUMBER)
    pull.create_issue_comment("b")
    refused(lambda: pull.create_issue_comment(""))

    assert [(each.method, each.body, each.status) for each in world.github.requests[-2:]] == [
        ("POST", {"body": "b"}, 201),
        ("POST", {"body": ""}, 422),
    ]


@pytest.mark.parametrize("path", ["/graphql", f"/repos/octo/demo/pulls/{NUMBER}/reviews"])
def test_a_request_that_is_no_json_is_told_so(world: World, path: str) -> None:
    connection = HTTPConnection(world.server.url.removeprefix("http://"))
    connection.request("POST", path, body="{", headers={"authorization": "token stand-in"})
    answer = connection.getresponse()

    assert (answer.status, b"Problems parsing JSON" in answer.read()) == (400, True)
    connection.close()
