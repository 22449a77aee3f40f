"""Whatever is wrong with the cache costs time only. Real files, real second processes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.source import blob_file
from reviewer.source.blob_cache import BlobCache, Forgetful

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KIND = "symbols/3"
VALUES = {f"{number:040x}": b"value %d " % number * 40 for number in range(300)}


def kept(folder: Path, values: Mapping[str, bytes] = VALUES, *, today: int | None = None) -> Path:
    with BlobCache(folder, today=today) as cache:
        cache.remember(KIND, values)
    return cache.path


def known(folder: Path, *, kind: str = KIND, today: int | None = None) -> dict[str, bytes]:
    with BlobCache(folder, today=today) as cache:
        return cache.recall(kind, VALUES)


def sql(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


# --- what it is for ----------------------------------------------------------------------------


def test_what_one_run_remembers_another_recalls(tmp_path: Path) -> None:
    kept(tmp_path / "cache")

    assert known(tmp_path / "cache") == VALUES


def test_a_result_of_another_kind_or_version_is_not_recalled(tmp_path: Path) -> None:
    kept(tmp_path)

    assert known(tmp_path, kind="symbols/4") == {}


def test_nothing_is_made_when_nothing_is_remembered(tmp_path: Path) -> None:
    assert known(tmp_path / "cache") == {}
    assert not (tmp_path / "cache").exists()


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    path = kept(tmp_path / "cache")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_warm_run_writes_nothing(tmp_path: Path) -> None:
    path = kept(tmp_path)
    before = path.stat().st_mtime_ns, path.read_bytes()

    assert known(tmp_path) == VALUES
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert list(tmp_path.iterdir()) == [path]


def test_without_a_cache_nothing_is_known() -> None:
    memory = Forgetful()
    memory.remember(KIND, VALUES)

    assert memory.recall(KIND, VALUES) == {}


OIDS = st.sampled_from([f"{number:040x}" for number in range(6)])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("ab"), st.dictionaries(OIDS, st.binary(max_size=50))),
        st.sampled_from(["flush", "reopen", "other"]),
    )
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_recall_gives_what_was_remembered_last_whatever_happens_between(
    steps: list[tuple[str, dict[str, bytes]] | str],
) -> None:
    expected: dict[tuple[str, str], bytes] = {}
    with tempfile.TemporaryDirectory() as name:
        cache = BlobCache(Path(name))
        for step in steps:
            match step:
                case "flush":
                    cache.flush()
                case "reopen":
                    cache.close()
                    cache = BlobCache(Path(name))
                case "other":
                    kept(Path(name), {"f" * 40: b"another's"})
                case (kind, values):
                    cache.remember(kind, values)
                    expected |= {(kind, oid): value for oid, value in values.items()}
            for kind in "ab":
                mine = {oid: value for (of, oid), value in expected.items() if of == kind}
                assert cache.recall(kind, [f"{number:040x}" for number in range(6)]) == mine
        cache.close()


# --- size and age ------------------------------------------------------------------------------


def test_over_the_bound_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    bound = 400_000
    for day in range(20):
        values = {f"{day:02}{number:038x}": bytes(2000) for number in range(20)}
        with BlobCache(tmp_path, most_bytes=bound, today=day + 1) as cache:
            cache.remember(KIND, values)

    days = {day for (day,) in sql(cache.path, "SELECT DISTINCT used_day FROM blobs")}
    assert 20 in days
    assert 1 not in days
    assert cache.path.stat().st_size < bound * 1.3


def test_use_is_noted_once_a_week_and_keeps_a_result_alive(tmp_path: Path) -> None:
    path = kept(tmp_path, today=1000)
    known(tmp_path, today=1006)
    assert sql(path, "SELECT DISTINCT used_day FROM blobs") == [(1000,)]
    known(tmp_path, today=1007)

    assert sql(path, "SELECT DISTINCT used_day FROM blobs") == [(1007,)]


def test_a_kind_that_nobody_asks_for_any_more_is_dropped_in_time(tmp_path: Path) -> None:
    path = kept(tmp_path, today=1000)
    with BlobCache(tmp_path, today=1100) as cache:
        cache.remember("symbols/4", {"a" * 40: b"new"})

    assert sql(path, "SELECT DISTINCT kind FROM blobs") == [("symbols/4",)]


def test_a_value_too_large_is_left_out_and_many_do_not_wait_in_memory(tmp_path: Path) -> None:
    large = {f"{number:040x}": bytes(3_000_000) for number in range(8)}
    with BlobCache(tmp_path) as cache:
        cache.remember(KIND, large | {"f" * 40: bytes(blob_file.MOST_VALUE_BYTES + 1)})
        assert cache.path.exists()

    with BlobCache(tmp_path) as cache:
        assert cache.recall(KIND, [*large, "f" * 40]) == large


# --- damage: replaced once ---------------------------------------------------------------------


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(100_000))


def text(path: Path) -> None:
    path.write_text("version https://git-lfs.example/spec/v1\n")


def head_only(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


def another_schema(path: Path) -> None:
    sql(path, "ALTER TABLE blobs ADD COLUMN more TEXT")


def a_trigger(path: Path) -> None:
    sql(path, "CREATE TRIGGER t AFTER INSERT ON blobs BEGIN DELETE FROM blobs; END")


def an_endless_view(path: Path) -> None:
    sql(path, "DROP TABLE blobs")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
    columns = "'k' AS kind, 'o' AS oid, 1 AS used_day, 1 AS checksum, x'' AS value"
    sql(path, f"CREATE VIEW blobs AS {endless} SELECT {columns} FROM n")


DAMAGES = [
    truncated, emptied, garbage, text, head_only, another_schema, a_trigger, an_endless_view
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_replaced_and_used_again(
    tmp_path: Path, damage: Callable[[Path], None], capfd: pytest.CaptureFixture[str]
) -> None:
    damage(kept(tmp_path))

    found = known(tmp_path)
    assert all(VALUES[oid] == value for oid, value in found.items())
    kept(tmp_path)
    assert known(tmp_path) == VALUES
    assert capfd.readouterr() == ("", "")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_flipped_bit_anywhere_never_becomes_a_wrong_result(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = kept(Path(name))
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(
                st.integers(0, 7)
            )
        path.write_bytes(content)

        found = known(Path(name))
        kept(Path(name), {"f" * 40: b"new"})
    assert all(VALUES[oid] == value for oid, value in found.items())


@pytest.mark.parametrize("name", [b"index", b"blobs_by_id", b"UNIQUE"])
def test_a_schema_that_is_no_text_is_damage(tmp_path: Path, name: bytes) -> None:
    path = kept(tmp_path)
    path.write_bytes(path.read_bytes().replace(name, b"\xe2" + name[1:]))

    assert known(tmp_path) == {}
    kept(tmp_path)
    assert known(tmp_path) == VALUES


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_garbage_beside_the_file_never_becomes_a_wrong_result(tmp_path: Path, end: str) -> None:
    path = kept(tmp_path)
    path.with_name(path.name + end).write_bytes(os.urandom(70_000))

    found = known(tmp_path)
    assert all(VALUES[oid] == value for oid, value in found.items())


# --- what is in its place: left alone ----------------------------------------------------------


def test_a_folder_in_its_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / blob_file.FILE_NAME / "of somebody").mkdir(parents=True)
    kept(tmp_path)

    assert known(tmp_path) == {}
    assert (tmp_path / blob_file.FILE_NAME / "of somebody").exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_link_in_its_place_is_not_followed(tmp_path: Path, *, there: bool) -> None:
    target = tmp_path / "target"
    if there:
        kept(tmp_path / "real").rename(target)
    before = target.read_bytes() if there else None
    (tmp_path / blob_file.FILE_NAME).symlink_to(target)
    kept(tmp_path, {"f" * 40: b"new"})

    assert known(tmp_path) == {}
    assert (target.read_bytes() if there else None) == before
    assert target.exists() == there


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / blob_file.FILE_NAME)
    kept(tmp_path)

    assert known(tmp_path) == {}


@pytest.mark.parametrize("name", ["/dev/null/cache", "/proc/cache"])
def test_a_folder_that_cannot_be_made_costs_time_only(name: str) -> None:
    kept(Path(name))

    assert known(Path(name)) == {}


def test_a_folder_that_others_can_write_to_is_not_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    kept(folder)
    folder.chmod(0o777)

    assert known(folder) == {}


# --- other processes ---------------------------------------------------------------------------

RUN = """
import sys
from pathlib import Path
from reviewer.source.blob_cache import BlobCache
with BlobCache(Path(sys.argv[1])) as cache:
    mine = {f"{sys.argv[2]}{number:039x}": sys.argv[2].encode() * 99 for number in range(500)}
    cache.remember("symbols/3", mine)
    assert cache.recall("symbols/3", mine) == mine
with BlobCache(Path(sys.argv[1])) as cache:
    found = cache.recall("symbols/3", mine)
    assert all(mine[oid] == value for oid, value in found.items())
print(len(found), end="")
"""


def started(folder: Path, mark: str, *, before: str = 'exec "$@"') -> subprocess.Popen[str]:
    return subprocess.Popen(
        ("bash", "-c", before, "bash", sys.executable, "-c", RUN, str(folder), mark),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_several_processes_write_at_once_into_a_file_none_of_them_found(tmp_path: Path) -> None:
    running = [started(tmp_path / "cache", mark) for mark in "abcd"]
    said = [process.communicate(timeout=60) for process in running]

    assert {error for _, error in said} == {""}
    assert "500" in [found for found, _ in said]
    path = tmp_path / "cache" / blob_file.FILE_NAME
    assert sql(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_file_locked_for_ever_costs_time_only(tmp_path: Path) -> None:
    path = kept(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        found, error = started(tmp_path, "a").communicate(timeout=60)

    assert (found, error) == ("0", "")


def test_a_full_disk_costs_time_only(tmp_path: Path) -> None:
    no_room = 'ulimit -f 8; trap "" XFSZ; exec "$@"'
    found, error = started(tmp_path, "a", before=no_room).communicate(timeout=60)

    assert (found, error) == ("0", "")
    kept(tmp_path)
    assert known(tmp_path) == VALUES


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file another's")
def test_a_file_of_another_user_is_not_trusted(tmp_path: Path) -> None:
    path = kept(tmp_path)
    os.chown(path, 65534, 65534)

    assert known(tmp_path) == {}


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_file_or_folder_costs_time_only(what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = kept(folder)
        (path if what == "file" else folder).chmod(0o400 if what == "file" else 0o500)
        found, error = _without_privileges(folder)
        folder.chmod(0o700)

    assert found in {"0", "500"}  # what is forbidden to others may be allowed to this user
    assert error == ""


def _without_privileges(folder: Path) -> tuple[str, str]:
    """Run as nobody when we are root, whom no mode stops."""
    if os.geteuid() != 0:
        return started(folder, "a").communicate(timeout=60)
    for path in (folder, *folder.iterdir()):
        os.chown(path, 65534, 65534)
    become = "import os; os.setgid(65534); os.setuid(65534)\n"
    # What is not loaded before, nobody may not be allowed to read.
    load = "import sqlite3, reviewer.source.blob_cache\n"
    done = subprocess.run(
        (sys.executable, "-c", load + become + RUN, str(folder), "a"),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.stdout, done.stderr
