"""Files are worked on in other processes, and what one of them does there costs only that one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.flow import Unparsed
from reviewer.index.languages import Language
from reviewer.index.recalled import dumped
from reviewer.source import worker_process
from reviewer.source.patience import Patience
from reviewer.source.pool import Processes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.source.worker_process import Item

FAILED = Unparsed(why="its grammar failed on it")
OVER = Unparsed(why=Patience.OVER)

POOL = Processes()
"""For what ends no worker."""


def upper(source: bytes, language: str) -> bytes:
    if source == b"crash":
        os._exit(11)
    if source == b"raise":
        raise ValueError
    if source == b"fill":
        return bytes(1 << 31)
    while source == b"stall":
        pass
    return source.upper() + language.encode()


def process(source: bytes, _language: str) -> bytes:
    """The process in which this runs."""
    return b"%d" % os.getpid() if source != b"late" else upper(b"stall", "")


def run(
    *sources: bytes, least_bytes: int = 0, patience: Patience | None = None
) -> Sequence[object]:
    pool = Processes(least_bytes=least_bytes, patience=patience)
    try:
        return pool.run(upper, [(source, "x") for source in sources])
    finally:
        pool.close()


def pids(pool: Processes, count: int) -> set[int]:
    made = pool.run(process, [(b"a" * 10_000, "x")] * count)
    return {int(each) for each in made if isinstance(each, bytes)}


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or ") Z " not in Path(
        f"/proc/{pid}/stat"
    ).read_text(encoding="ascii")


def wait_for_the_end_of(pid: int) -> None:
    for _ in range(500):
        if not is_there(pid):
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still there")


# --- what is made --------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.binary(max_size=200), st.text("xyz", max_size=3)), max_size=8))
def test_every_item_comes_back_in_its_place(items: list[Item]) -> None:
    assert POOL.run(upper, items) == [upper(*item) for item in items]


def test_a_large_file_comes_back_whole() -> None:
    source = bytes(range(97, 123)) * 100_000

    assert POOL.run(upper, [(source, "x")]) == [source.upper() + b"x"]


def test_nothing_is_worked_on_in_the_process_of_the_review() -> None:
    assert os.getpid() not in pids(POOL, 1)


def test_one_process_works_on_one_file_after_the_other() -> None:
    assert pids(POOL, 1) == pids(POOL, 3)


def test_many_files_are_divided_and_one_process_stays() -> None:
    pool = Processes(least_bytes=0)
    many = pids(pool, 40)

    assert len(many) == min(os.cpu_count() or 1, 8)
    assert pids(pool, 1) <= many
    assert sum(map(is_there, many)) == 1
    pool.close()


# --- what ends a process -------------------------------------------------------------------------


@pytest.mark.parametrize("source", [b"crash", b"raise", b"fill"])
@pytest.mark.parametrize("least_bytes", [0, 1_000])
def test_what_ends_a_process_costs_only_itself(source: bytes, least_bytes: int) -> None:
    assert run(b"a", source, b"b", least_bytes=least_bytes) == [b"Ax", FAILED, b"Bx"]


def test_what_never_comes_back_is_given_up_with_the_reason() -> None:
    assert run(b"a", b"stall", b"b", patience=Patience(most_seconds=0.1)) == [
        b"Ax",
        Unparsed(why="its grammar was not done after 0.1 s"),
        b"Bx",
    ]


def test_when_too_much_time_is_lost_nothing_more_is_tried() -> None:
    patience = Patience(most_seconds=0.1, most_lost_seconds=1)
    made = run(b"stall", b"stall", b"a", b"b", least_bytes=1_000, patience=patience)

    assert made[2:] == [OVER, OVER]


@pytest.mark.parametrize(
    ("language", "source"),
    [
        (Language.RUST, b"%w(" * 1_500),
        (Language.JAVA, b"x => " * 1_500),
        (Language.KOTLIN, b"class A : " * 5_000),
        (Language.SCALA, b"[" * 50_000),
    ],
)
def test_source_that_stalls_its_grammar_is_given_up(language: Language, source: bytes) -> None:
    pool = Processes(patience=Patience(most_seconds=0.1))
    stalled, after = pool.run(dumped, [(source, language), (b"a", language)])
    pool.close()

    assert isinstance(stalled, Unparsed)
    assert after == dumped(b"a", language)


# --- where no process can be started -------------------------------------------------------------


@pytest.mark.parametrize(
    "executable", ["/nowhere/python", "/bin/false", "/bin/true", "", __file__]
)
def test_where_no_process_can_be_started_the_work_is_done_here(
    executable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    pool = Processes(least_bytes=0)
    pool.warm_up()

    assert pool.run(process, [(b"a", "x"), (b"b", "x")]) == [b"%d" % os.getpid()] * 2


def test_a_checkout_cannot_take_the_place_of_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("struct.py", "reviewer.py", "sitecustomize.py", "usercustomize.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="ascii")
    monkeypatch.chdir(tmp_path)

    assert run(b"a") == [b"Ax"]
    assert not (tmp_path / "ran").exists()


# --- no process is left behind -------------------------------------------------------------------


def test_a_closed_pool_leaves_no_process() -> None:
    pool = Processes(least_bytes=0)
    workers = pids(pool, 20)
    pool.close()

    assert not any(map(is_there, workers))


def test_a_forgotten_pool_leaves_no_process() -> None:
    (worker,) = pids(Processes(), 1)

    wait_for_the_end_of(worker)


_REVIEW = """
import os, sys
from reviewer.source.pool import Processes
from test_pool import process
pool = Processes()
print(pool.run(process, [(b"a", "x")])[0].decode(), flush=True)
try:
    pool.run(process, [(b"late", "x")])
finally:
    pool.close()
"""


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_review_that_is_ended_in_the_midst_of_a_file_leaves_no_process(
    by: signal.Signals,
) -> None:
    review = subprocess.Popen(
        [sys.executable, "-c", _REVIEW],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    with review:
        assert review.stdout
        worker = int(review.stdout.readline())
        review.send_signal(by)
        review.wait(20)

    wait_for_the_end_of(worker)


def test_an_interrupt_from_the_keyboard_is_left_to_the_review() -> None:
    (worker,) = pids(POOL, 1)
    os.kill(worker, signal.SIGINT)

    assert pids(POOL, 1) == {worker}


def test_what_a_worker_is_asked_after_its_end_is_answered_by_its_end() -> None:
    worker = worker_process.Worker()
    worker.ask(upper, (b"a", "x"), most_seconds=1)
    assert worker.answer().made == b"Ax"
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    worker.ask(upper, (b"a" * 100_000, "x"), most_seconds=1)

    with pytest.raises(worker_process.Ended):
        worker.answer()
    worker.end()
