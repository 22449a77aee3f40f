"""The requests of each call: as many as may be, and no more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.batch.sending import MOST_BYTES, MOST_REQUESTS, chunks
from reviewer.batch.state import Question

QUESTIONS = st.lists(
    st.builds(
        Question,
        id=st.uuids().map(lambda each: each.hex * 2),
        member=st.just("repository"),
        what=st.just("audit"),
        most_usd=st.just(1.0),
        size_bytes=st.integers(1, MOST_BYTES),
        betas=st.sampled_from([(), ("a",)]),
    ),
    max_size=20,
)


@given(QUESTIONS)
def test_every_request_is_in_one_call_and_no_call_is_too_large(questions: list[Question]) -> None:
    made = list(chunks(questions))

    assert sorted(one.id for chunk in made for one in chunk) == sorted(one.id for one in questions)
    for chunk in made:
        assert sum(one.size_bytes for one in chunk) <= MOST_BYTES or len(chunk) == 1
        assert len({one.betas for one in chunk}) == 1


def test_no_call_has_more_requests_than_the_api_takes() -> None:
    one = Question(id="0" * 64, member="a", what="audit", most_usd=0.0, size_bytes=1)

    assert [len(chunk) for chunk in chunks([one] * (MOST_REQUESTS + 2))] == [MOST_REQUESTS, 2]
