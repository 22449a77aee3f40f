"""An artifact's way from GitHub's storage with the real PyGithub over real HTTP."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from forked import zipped

from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.publish.github.repository import artifact
from reviewer.standin import github_faults as faults
from reviewer.standin.github import GitHub
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

    from reviewer.standin.github_faults import Fault

NUMBER = 7
CONTENT = zipped({"number": b"7"})
TRIES = 4
STORAGE = "/artifact-storage/"


class Shelf:
    """A run that uploaded something, and who downloads it."""

    def __init__(self, tree: WorkTree) -> None:
        tree.commit({"a.py": "a = 1\n"})
        tree.git("switch", "--quiet", "--create", "topic")
        tree.commit({"a.py": "a = 2\n"})
        self.github = GitHub(tree.folder / ".git")
        self.github.open_pull_request(NUMBER, "main", "topic", "t", "")
        self.run = self.github.finish_run(NUMBER, CONTENT, name="handed")
        self.server = Server(self.github)

    def download(self, name: str = "handed", most_bytes: int = 1_000) -> bytes:
        return artifact(
            "ghs_token",
            api_url=self.server.url,
            repository="octo/demo",
            run_id=self.run,
            name=name,
            most_bytes=most_bytes,
        )

    @property
    def asked_storage(self) -> int:
        return sum(each.path.startswith(STORAGE) for each in self.github.requests)


@pytest.fixture
def shelf(work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    made = Shelf(work_tree)
    with made.server:
        yield made


def test_what_was_uploaded_arrives_byte_for_byte(shelf: Shelf) -> None:
    assert shelf.download() == CONTENT


def test_an_artifact_of_another_name_is_not_taken_for_it(shelf: Shelf) -> None:
    with pytest.raises(UserMustAct, match="has 0 artifacts named 'other'"):
        shelf.download("other")


def test_what_is_larger_than_allowed_is_not_asked_for(shelf: Shelf) -> None:
    with pytest.raises(UserMustAct, match="more than 9 bytes"):
        shelf.download(most_bytes=9)

    assert shelf.asked_storage == 0


@pytest.mark.parametrize(
    "sent",
    [
        Answer(chunks=(b"x" * 2_000,)),
        Answer(headers={"content-encoding": "gzip"}, chunks=(gzip.compress(bytes(5_000_000)),)),
    ],
    ids=["longer than listed", "unpacking on the way"],
)
def test_what_turns_out_larger_than_it_was_listed_is_refused(shelf: Shelf, sent: Answer) -> None:
    shelf.github.fail_next("GET", STORAGE, faults.instead(sent))

    with pytest.raises(UserMustAct, match="more than 1,000 bytes"):
        shelf.download()


@pytest.mark.parametrize(
    "fault",
    [
        faults.HANG_UP,
        faults.BAD_GATEWAY,
        faults.instead(Answer(status=403)),
        faults.instead(Answer(chunks=(CONTENT[:10],), cut=True)),
        faults.instead(Answer(headers={"content-encoding": "gzip"}, chunks=(b"no gzip",))),
    ],
    ids=["hung up", "502", "expired address", "cut", "not what it says"],
)
def test_what_fails_on_the_way_is_tried_again_and_then_named_without_its_address(
    shelf: Shelf, fault: Fault
) -> None:
    shelf.github.fail_next("GET", STORAGE, fault)
    assert shelf.download() == CONTENT

    shelf.github.fail_next("GET", STORAGE, fault, times=TRIES)
    with pytest.raises(CouldNotFinish, match="storage of artifacts") as caught:
        shelf.download()
    assert "signature" not in f"{caught.value} {caught.value.way_out}"
