from __future__ import annotations

import json
import zlib
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256, sha512
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reviewer.flow import Category, Known, Ledger, Severity, State, Where
from reviewer.publish.comments import MARKER
from reviewer.publish.ledger import (
    MOST_BODY_CHARACTERS,
    MOST_CHARACTERS,
    MOST_JSON_BYTES,
    NoLedger,
    line,
    merged,
    read,
    within,
)
from reviewer.publish.summary import SUMMARY_MARKER


def known(number: int, **given: Any) -> Known:
    return Known(
        **{
            "id": f"F{number}",
            "fingerprints": (f"{number:016x}",),
            "title": f"Title of F{number}",
            "severity": Severity.HIGH,
            "category": Category.CORRECTNESS,
            "path": "src/cart.py",
            "code": "return sum(prices)",
            "round": 1,
            "where": Where.INLINE,
            **given,
        }
    )


LEDGER = Ledger(
    round=3,
    base="b" * 40,
    head="c" * 40,
    patch="ab12",
    known=(known(1), known(2, state=State.DISMISSED, why="on purpose", edition=1)),
)


def body(*lines: str) -> str:
    return "\n".join(("Words.", "", *lines, SUMMARY_MARKER))


def forged(value: object, *, form: int = 1) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return body(MARKER.format(f"ledger/{form} {b64encode(zlib.compress(data)).decode()}"))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=300)
KNOWN = st.builds(
    known,
    st.integers(1, 40),
    title=TEXT,
    code=st.text(st.characters(exclude_categories=["Cs"]), max_size=600),
    path=TEXT.filter(bool),
    state=st.sampled_from(State),
    round=st.integers(1, 9),
    edition=st.integers(0, 3),
    fingerprints=st.lists(
        st.sampled_from([f"{n:x}" for n in range(30)]), min_size=1, max_size=2, unique=True
    ).map(tuple),
)
LEDGERS = st.builds(
    Ledger,
    round=st.integers(0, 9),
    known=st.lists(KNOWN, max_size=6, unique_by=lambda one: one.id).map(tuple),
    paused=st.booleans(),
    edition=st.integers(0, 3),
)


@given(LEDGERS)
def test_what_is_written_reads_back_and_harms_nobody(ledger: Ledger) -> None:
    text = line(ledger)

    assert read(body(text)) == replace(ledger, numbers=ledger.next_number - 1)
    assert text.count("-->") == 1
    assert text.endswith("-->")
    assert "@" not in text
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Words only.", "none"),
        (body(), "none"),
        (body(line(LEDGER), "One more line."), "none"),
        (body(line(LEDGER)) + "\nbelow the marker", "none"),
        (line(LEDGER), "none"),
        (forged({}, form=2), "format 2"),
        (body(MARKER.format("ledger/1 e30=")), "damaged"),
        (body(line(LEDGER).replace("eN", "eX", 1)), "damaged"),
        (body(line(LEDGER)[:-60] + " -->"), "cut off"),
        (forged(b"[" * 10_000), "damaged"),
        (forged({"round": -1}), "damaged at round"),
        (forged({"known": [{"id": "F1"}]}), "damaged at known.0"),
        (forged({"head": "../../x"}), "damaged at head"),
        (forged(b" " * (MOST_JSON_BYTES + 1)), "unpacks to more"),
        (body(MARKER.format(f"ledger/1 {'A' * MOST_CHARACTERS}")), "longer than"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) and " " not in value[:6] else None,
)
def test_what_is_not_a_ledger_is_none_and_says_why(text: str, why: str) -> None:
    found = read(text)

    assert isinstance(found, NoLedger)
    assert why in found.why


def test_a_ledger_that_was_cut_is_none() -> None:
    data = zlib.compress(b"{}" + b" " * 1_000)[:-6]
    found = read(body(MARKER.format(f"ledger/1 {b64encode(data).decode()}")))

    assert isinstance(found, NoLedger)


@pytest.mark.parametrize(
    "known_twice",
    [(known(1), known(1, fingerprints=("ff",))), (known(1, fingerprints=()),)],
    ids=["two with one id", "no fingerprint"],
)
def test_a_ledger_that_contradicts_itself_is_none(known_twice: tuple[Known, ...]) -> None:
    assert isinstance(read(body(line(Ledger(round=1, known=known_twice)))), NoLedger)


def test_of_too_much_the_oldest_settled_findings_go_first() -> None:
    many = tuple(
        known(
            n,
            title=sha256(f"title {n}".encode()).hexdigest(),
            gist=sha512(f"gist {n}".encode()).hexdigest(),
            round=n,
            state=State.FIXED if n % 5 else State.OPEN,
        )
        for n in range(1, 400)
    )
    text = line(Ledger(round=400, known=many))
    found = read(body(text))

    assert len(text) <= MOST_CHARACTERS
    assert isinstance(found, Ledger)
    left_out = {one.id for one in many} - {one.id for one in found.known}
    assert left_out
    assert found.next_number == 400
    fixed_left = [one.number for one in found.known if one.state is State.FIXED]
    assert fixed_left
    assert all(int(name[1:]) < min(fixed_left) for name in left_out)
    assert all(int(name[1:]) % 5 for name in left_out)


# --- two into one -----------------------------------------------------------------------------


BRIDGED = Ledger(known=(known(1, fingerprints=("17",)), known(2, fingerprints=("0",))))
BRIDGE = Ledger(known=(known(2, fingerprints=("0", "17")), known(1, round=2, fingerprints=("0",))))
"""What two findings were in one account is one in the other."""


@given(LEDGERS, LEDGERS)
@example(BRIDGED, BRIDGE)
def test_merging_keeps_every_finding_once_whatever_the_order(one: Ledger, other: Ledger) -> None:
    both = merged([one, other])

    assert both.known == merged([other, one]).known
    assert both.paused == merged([other, one]).paused
    ids = [each.id for each in both.known]
    assert len(ids) == len(set(ids))
    names = [name for each in both.known for name in each.fingerprints]
    assert len(names) == len(set(names))
    wanted = {name for each in (*one.known, *other.known) for name in each.fingerprints}
    assert wanted == set(names)
    assert both.next_number >= max(one.next_number, other.next_number)


@given(LEDGERS)
@example(Ledger(known=(*BRIDGED.known, known(4, fingerprints=("17", "0"), edition=3))))
def test_merging_with_itself_or_with_nothing_keeps_the_states(ledger: Ledger) -> None:
    once = merged([ledger])

    assert merged([ledger, ledger]).known == once.known
    assert merged([Ledger(), ledger]).known == once.known


def test_a_dismissal_during_a_run_outlives_the_ledger_that_the_run_began_with() -> None:
    mine = replace(LEDGER, round=4)
    theirs = LEDGER.dismissed("f1", why="by design")
    assert theirs

    both = merged([mine, theirs])

    assert both.round == 4
    first = both.find("F1")
    assert first
    assert (first.state, first.why) == (State.DISMISSED, "by design")


def test_what_was_undismissed_stays_open() -> None:
    theirs = LEDGER.undismissed("F2")
    assert theirs
    second = merged([LEDGER, theirs]).find("F2")
    assert second
    assert second.state is State.OPEN
    assert LEDGER.undismissed("F1") is None
    assert LEDGER.dismissed("F9", why="") is None


def test_two_runs_that_gave_one_id_to_two_findings_end_with_two_ids() -> None:
    first = Ledger(round=2, known=(known(1), known(2, fingerprints=("aa",), round=2)))
    second = Ledger(round=2, known=(known(1), known(2, fingerprints=("bb",), round=2)))

    both = merged([first, second])

    assert [one.id for one in both.known] == ["F1", "F2", "F3"]
    assert {one.fingerprints[0] for one in both.known[1:]} == {"aa", "bb"}


def test_pausing_outlives_a_run_that_did_not_know_of_it() -> None:
    paused = LEDGER.pausing(paused=True)

    assert merged([replace(LEDGER, round=4), paused]).paused
    assert not merged([paused, paused.pausing(paused=False)]).paused


@pytest.mark.parametrize(
    "there", [[line(Ledger(round=1))], [], ["<!-- reviewer:v1 ledger/1 x -->"]]
)
def test_a_ledger_is_put_in_the_place_of_the_one_that_is_there(there: list[str]) -> None:
    written = within(body(*there), LEDGER)

    assert read(written) == replace(LEDGER, numbers=2)
    assert written.startswith("Words.\n\n")
    assert written.count("ledger/") == 1
    assert within(written, LEDGER) == written


def test_a_ledger_that_is_put_into_a_long_summary_leaves_it_short_enough_for_github() -> None:
    many = Ledger(
        known=tuple(known(n, gist=sha512(bytes([n])).hexdigest() * 3) for n in range(1, 200))
    )
    long = "x" * 58_000
    written = within(f"{long}\n\n{line(LEDGER)}\n{SUMMARY_MARKER}", many)

    assert len(written) <= MOST_BODY_CHARACTERS
    assert written.startswith(long)
    assert not isinstance(read(written), NoLedger)
