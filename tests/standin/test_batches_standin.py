"""The stand-in's Message Batches behave as the API's, seen through the real SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anthropic
import pytest
from messages_client import asking, playing

from reviewer.standin.batches import Fault
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch


def request(name: str, **more: Any) -> Any:
    return {"custom_id": name, "params": asking(**more)}


def created(client: Anthropic, *names: str) -> MessageBatch:
    return client.messages.batches.create(requests=[request(name) for name in names])


@pytest.mark.parametrize(
    ("requests", "complaint"),
    [
        ([], "at least 1 item"),
        ([request("a b")], "should match pattern"),
        ([request("x" * 65)], "should match pattern"),
        ([request("a"), request("a")], "must be unique"),
        ([{"custom_id": "a"}], "params: Field required"),
    ],
)
def test_what_is_wrong_with_the_list_is_refused_at_once(
    requests: list[Any], complaint: str
) -> None:
    with playing() as (_, client), pytest.raises(anthropic.BadRequestError, match=complaint):
        client.messages.batches.create(requests=requests)


def test_results_come_when_all_have_ended_in_another_order_each_with_its_own_kind() -> None:
    with playing(Turn(text="one"), Turn.refusal("cyber")) as (api, client):
        api.batches.instead = lambda name: {"type": "expired"} if name == "third" else None
        batch = created(client, "first", "second", "third")
        assert (batch.processing_status, batch.request_counts.processing) == ("in_progress", 3)

        ended = client.messages.batches.retrieve(batch.id)
        results = {one.custom_id: one.result for one in client.messages.batches.results(batch.id)}

    assert (ended.processing_status, ended.request_counts.succeeded) == ("ended", 2)
    assert ended.results_url
    assert list(results) == ["third", "second", "first"]
    assert [results[name].type for name in ("first", "second", "third")] == [
        "succeeded",
        "succeeded",
        "expired",
    ]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"stream": True}, "streaming is not supported"),
        ({"max_tokens": 0}, "max_tokens: 0"),
        ({"max_tokens": 1_000_000}, "max_tokens: 1000000 >"),
        ({"temperature": 1.0}, "temperature"),
    ],
)
def test_a_request_that_breaks_a_rule_errs_and_the_batch_goes_on(
    more: dict[str, Any], complaint: str
) -> None:
    with playing(Turn(text="fine")) as (_, client):
        batch = client.messages.batches.create(requests=[request("a", **more), request("b")])
        results = {one.custom_id: one.result for one in client.messages.batches.results(batch.id)}

    wrong = results["a"]
    assert wrong.type == "errored"
    assert complaint in wrong.error.error.message
    assert results["b"].type == "succeeded"


def test_a_batch_in_progress_has_no_results_yet() -> None:
    with playing(Turn(text="one")) as (api, client):
        api.batches.looks = None
        batch = created(client, "a")

        with pytest.raises(anthropic.AnthropicError, match="No `results_url`"):
            client.messages.batches.results(batch.id)
        with pytest.raises(anthropic.NotFoundError):
            client.get(f"/v1/messages/batches/{batch.id}/results", cast_to=object)


def test_the_newest_are_listed_first_in_pages_that_go_both_ways() -> None:
    with playing(*[Turn(text="x")] * 5) as (_, client):
        ids = [created(client, "a").id for _ in range(5)]
        listed = client.messages.batches.list(limit=2)
        behind = client.messages.batches.list(limit=2, after_id=ids[3])
        before = client.messages.batches.list(limit=2, before_id=ids[2])
        every = [each.id for each in client.messages.batches.list(limit=2)]

    assert ([each.id for each in listed.data], listed.has_more) == ([ids[4], ids[3]], True)
    assert [each.id for each in behind.data] == [ids[2], ids[1]]
    assert [each.id for each in before.data] == [ids[4], ids[3]]
    assert every == ids[::-1]


def test_another_workspace_knows_nothing_of_it() -> None:
    with playing(Turn(text="x")) as (_, client):
        batch = created(client, "a")
        stranger = client.with_options(api_key="another")

        assert stranger.messages.batches.list().data == []
        with pytest.raises(anthropic.NotFoundError):
            stranger.messages.batches.retrieve(batch.id)


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_failure_comes_before_or_after_the_batch_is_there(*, carried_out: bool) -> None:
    with playing(Turn(text="x")) as (api, client):
        api.batches.faults = [Fault(at="create", status=502, carried_out=carried_out)]
        with pytest.raises(anthropic.InternalServerError):
            created(client, "a")

        assert len(client.messages.batches.list().data) == carried_out
