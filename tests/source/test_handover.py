"""What a fork's run hands over, read with suspicion: the event, the zip file, the claim."""

from __future__ import annotations

import json
import struct
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED

import pytest
from forked import zipped
from hypothesis import given
from hypothesis import strategies as st
from payloads import PULL_REQUEST, RUN

from reviewer.errors import UserMustAct
from reviewer.flow import NotReviewed
from reviewer.source import handover
from reviewer.source.event import PullRequestEvent
from reviewer.source.handover import HandedOver, Parcel

HEAD = "c" * 40
FORK = "eve/engine"
GOOD = {"number": b"7\n", "objects.pack": b"PACK"}


def run_payload(**changes: object) -> str:
    run: dict[str, Any] = {
        "id": 99,
        "event": "pull_request",
        "conclusion": "success",
        "head_sha": HEAD,
        "head_repository": {"full_name": FORK},
        "pull_requests": [],
    }
    return json.dumps(
        {
            "action": "completed",
            "repository": PULL_REQUEST["repository"],
            "sender": {"login": "eve"},
            "workflow_run": {**run, **changes},
        }
    )


def told(**changes: object) -> HandedOver:
    found = handover.read(run_payload(**changes), RUN)
    assert isinstance(found, HandedOver)
    return found


def pull(**changes: object) -> dict[str, object]:
    """The API's JSON of pull request 7, of Eve's fork."""
    head = {"ref": "fast", "sha": HEAD, "repo": {"full_name": FORK}}
    return {**PULL_REQUEST["pull_request"], "state": "open", "head": head, **changes}


# --- the event -------------------------------------------------------------------------------


def test_the_event_tells_the_run_the_head_and_the_fork() -> None:
    found = told()

    assert (found.run_id, found.head_sha, found.head_repository) == (99, HEAD, FORK)


@pytest.mark.parametrize(
    "changes",
    [
        {"event": "push"},
        {"event": "pull_request_target"},
        {"conclusion": "failure"},
        {"conclusion": "cancelled"},
        {"head_repository": {"full_name": "octo/engine"}},
    ],
)
def test_a_run_that_was_of_no_forks_pull_request_is_left_alone(changes: dict[str, Any]) -> None:
    assert isinstance(handover.read(run_payload(**changes), RUN), NotReviewed)


@pytest.mark.parametrize("action", ["requested", "in_progress"])
def test_a_run_that_is_not_finished_is_left_alone(action: str) -> None:
    assert isinstance(handover.read(json.dumps({"action": action}), RUN), NotReviewed)


def test_a_head_that_is_no_commits_id_is_refused() -> None:
    with pytest.raises(UserMustAct, match="head_sha"):
        told(head_sha="--output=x")


# --- the zip file ----------------------------------------------------------------------------


@pytest.mark.parametrize("compression", [ZIP_STORED, ZIP_DEFLATED])
def test_the_two_files_are_unpacked_in_memory(compression: int) -> None:
    assert handover.opened(zipped(GOOD, compression)) == Parcel(number=7, pack=b"PACK")


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"number": b"7"},
        {"objects.pack": b"PACK"},
        {**GOOD, "more": b""},
        {**GOOD, "../../.ssh/authorized_keys": b"ssh-rsa"},
        {"../number": b"7", "objects.pack": b"PACK"},
        {"/number": b"7", "objects.pack": b"PACK"},
        {"number/": b"", "objects.pack": b"PACK"},
        {"NUMBER": b"7", "objects.pack": b"PACK"},
    ],
    ids=lambda entries: ",".join(entries) or "nothing",
)
def test_a_zip_that_holds_anything_else_is_refused(entries: dict[str, bytes]) -> None:
    with pytest.raises(UserMustAct, match="must hold `number` and `objects"):
        handover.opened(zipped(entries))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused() -> None:
    twice = zipped({**GOOD, "xumber": b"8"}).replace(b"xumber", b"number")

    with pytest.raises(UserMustAct, match="it has 3 entries"):
        handover.opened(twice)


@pytest.mark.parametrize(
    "number",
    [b"", b"0", b"07", b"-7", b"7 ", b"7\n\n", b"\n7", b"7.0", b"0x7", "\u0667".encode(),
     b"7" * 12, b'{"number": 7}', b"../../pulls/8"],
)  # fmt: skip
def test_a_number_that_is_none_is_refused(number: bytes) -> None:
    with pytest.raises(UserMustAct, match="number"):
        handover.opened(zipped({**GOOD, "number": number}))


def test_a_bomb_is_not_unpacked_beyond_its_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handover.MOST_BYTES, "objects.pack", 1_000)
    bomb = zipped({**GOOD, "objects.pack": bytes(5_000_000)}, ZIP_DEFLATED)

    assert len(bomb) < 10_000
    with pytest.raises(UserMustAct, match="is larger than 1,000 bytes"):
        handover.opened(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = zipped({**GOOD, "number": bytes(5_000_000)}, ZIP_DEFLATED)
    lying = bomb.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 10))

    assert lying != bomb
    with pytest.raises(UserMustAct, match="no sound zip file"):
        handover.opened(lying)


def test_a_compression_that_no_upload_has_is_refused() -> None:
    with pytest.raises(UserMustAct, match="compressed"):
        handover.opened(zipped(GOOD, ZIP_BZIP2))


def test_a_zip_with_a_password_is_refused() -> None:
    locked = bytearray(zipped(GOOD))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            locked[at + flags] |= 1
            at = locked.find(signature, at + 1)

    with pytest.raises(UserMustAct, match="no sound zip file"):
        handover.opened(bytes(locked))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_with_a_way_out(artifact: bytes) -> None:
    with pytest.raises(UserMustAct) as caught:
        handover.opened(artifact)

    assert "/reviewer review" in caught.value.way_out


@given(data=st.data())
def test_a_zip_with_any_bytes_changed_is_whole_or_refused(data: st.DataObject) -> None:
    artifact = bytearray(zipped(GOOD, data.draw(st.sampled_from([ZIP_STORED, ZIP_DEFLATED]))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(artifact) - 1))
        artifact[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(artifact)))

    try:
        found = handover.opened(bytes(artifact[:cut]))
    except UserMustAct:
        return
    assert found.pack == b"PACK"


# --- the claim -------------------------------------------------------------------------------


def test_what_the_api_confirms_is_the_pull_request_with_the_apis_words() -> None:
    found = handover.pull_request_of(told(), 7, pull(title="The API's"))

    assert isinstance(found, PullRequestEvent)
    assert (found.event, found.title, found.head_sha) == ("workflow_run", "The API's", HEAD)
    assert found.from_fork


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 8},
        {"head": {"ref": "x", "sha": HEAD, "repo": {"full_name": "mallory/engine"}}},
        {"head": {"ref": "x", "sha": HEAD, "repo": {"full_name": "octo/engine"}}},
        {"head": {"ref": "x", "sha": HEAD, "repo": None}},
    ],
)
def test_anothers_pull_request_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UserMustAct, match="is not of the fork that ran"):
        handover.pull_request_of(told(), 7, pull(**changes))


def test_another_head_and_a_closed_pull_request_are_left_alone() -> None:
    moved = pull(head={"ref": "fast", "sha": "d" * 40, "repo": {"full_name": FORK}})

    for now, why in ((moved, "has moved"), (pull(state="closed"), "is closed")):
        found = handover.pull_request_of(told(), 7, now)
        assert isinstance(found, NotReviewed)
        assert why in found.why
