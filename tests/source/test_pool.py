"""Many files are worked on at once, and a crash in one costs only that one."""

from __future__ import annotations

import os
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.source.pool import Processes


def upper(source: bytes, language: str) -> bytes:
    if source == b"crash":
        os._exit(11)
    if source == b"hang":
        time.sleep(3600)
    return source.upper() + language.encode()


def test_every_item_comes_back_in_its_place_from_another_process() -> None:
    items = [(b"%d" % number * 90_000, "x") for number in range(8)]

    made = Processes(least_bytes=0).run(upper, items)

    assert made == [source.upper() + b"x" for source, _ in items]


def test_what_crashes_a_process_costs_only_itself() -> None:
    items = [(b"a", "x"), (b"crash", "x"), (b"b", "x")]

    assert Processes(least_bytes=0).run(upper, items) == [b"Ax", None, b"Bx"]


def test_what_never_comes_back_is_given_up() -> None:
    items = [(b"a", "x"), (b"hang", "x")]

    assert Processes(least_bytes=0, most_seconds=10).run(upper, items) == [b"Ax", None]


@settings(max_examples=20)
@given(st.lists(st.tuples(st.binary(max_size=20), st.text("xyz", max_size=3)), max_size=5))
def test_a_little_work_is_done_here(items: list[tuple[bytes, str]]) -> None:
    items = [item for item in items if item[0] not in (b"crash", b"hang")]

    assert Processes().run(upper, items) == [upper(*item) for item in items]
