"""`reviewer batch`: what is sent, what comes back, and what is told of it."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from answers import answer, claim
from batching import FLOOR, KEY, World, world
from conftest import WorkTree

from reviewer.cli import main
from reviewer.standin.batches import Fault
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.standin.messages import Received


PRINTS = claim("report.py", "print(area(2, 3))", title="Prints while imported", severity="low")


@pytest.fixture
def one(buggy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(tmp_path / "world", monkeypatch, [buggy]) as made:
        yield made


def sent(made: World) -> list[dict[str, object]]:
    return [dict(each) for batch in made.batches.all for each in batch.requests]


# --- a whole batch ------------------------------------------------------------------------------


def test_a_batch_is_submitted_collected_looked_at_again_and_reported(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert one.submit() == 0
    assert "1 in progress" in capsys.readouterr().out
    assert one.collect() == 3
    assert "waiting for a second batch" in capsys.readouterr().out

    assert one.collect("--fail-on", "high") == 1
    told = one.told()
    assert "[repository](repository.md)" in told["index.md"]
    assert "The area is a quotient" in told["repository.md"]
    assert "Not verified" not in told["repository.md"]
    assert len(one.batches.all) == 2


def test_the_request_is_that_of_a_live_audit_without_the_cache(one: World) -> None:
    one.submit()

    params = sent(one)[0]["params"]
    assert isinstance(params, dict)
    assert "stream" not in params
    assert "cache_control" not in json.dumps(params)
    assert "There is no change this time" in json.dumps(params)


def test_a_quick_batch_ends_with_its_first_answers(one: World) -> None:
    one.submit("--depth", "quick")

    assert one.collect() == 0
    assert len(one.batches.all) == 1


def test_a_deep_batch_has_a_request_for_each_lens_and_tells_each_problem_once(one: World) -> None:
    one.submit("--lenses", "correctness,security,tests")

    assert (len(sent(one)), one.collect(), one.collect()) == (3, 3, 0)
    assert one.told()["repository.md"].count("**The area is a quotient**") == 1


@pytest.mark.parametrize(
    ("output_format", "ending", "holds"),
    [
        ("json", "json", '"reviewer-review/1"'),
        ("sarif", "sarif", "2.1.0"),
        ("html", "html", "<html"),
    ],
)
def test_the_reports_come_in_every_format(
    one: World, output_format: str, ending: str, holds: str
) -> None:
    one.submit("--depth", "quick")
    one.collect("--format", output_format)

    assert holds in one.told()[f"repository.{ending}"]


def test_the_bundle_of_a_repository_is_shown_again_for_nothing(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit("--depth", "quick")
    one.collect()

    assert main(["report", str(one.state / "bundles" / "repository.json")]) == 0
    assert "The area is a quotient" in capsys.readouterr().out


def test_nothing_says_how_long_the_answers_of_a_batch_took(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit("--depth", "quick")
    one.collect()
    main(["report", str(one.state / "bundles" / "repository.json")])
    footer = one.told()["repository.md"].rstrip().splitlines()[-1]
    closing = next(line for line in capsys.readouterr().out.splitlines() if " out: $" in line)

    assert "$" in footer
    assert not re.search(r"\d s\b", footer + closing)


def test_what_is_kept_can_be_read_by_its_owner_alone_and_holds_no_key(one: World) -> None:
    one.to_the_end()

    kept = list(one.state.rglob("*.json"))
    assert kept
    assert not [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert not [path for path in kept if KEY in path.read_text()]


# --- many repositories --------------------------------------------------------------------------


def twin_of(one: World, folder: Path) -> WorkTree:
    tree = WorkTree(folder)
    tree.git("fetch", "--quiet", str(one.repositories[0]), "main")
    tree.git("reset", "--quiet", "--hard", "FETCH_HEAD")
    return tree


def test_many_repositories_go_in_one_batch_and_equal_ones_are_paid_for_once(
    one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin, other = twin_of(one, tmp_path / "twin"), twin_of(one, tmp_path / "x" / "repository")
    other.commit({"report.py": "from area import area\n\nprint(area(5, 3))\n"})
    one.repositories += [twin.folder, other.folder]

    assert one.to_the_end() == 0
    assert set(one.told()) == {"index.md", "repository.md", "twin.md", "repository-2.md"}
    assert len(one.batches.all[0].requests) == 2
    assert set(one.batches.counts().values()) == {1}


def test_what_two_repositories_ask_alike_is_counted_once_in_the_cost_of_all(
    one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_PRICE_FACTOR", "5")  # cents that rounding does not hide
    one.repositories.append(twin_of(one, tmp_path / "twin").folder)
    one.submit("--depth", "quick")
    one.collect()

    index = one.told()["index.md"]
    of_one, of_twin = re.findall(r"\$([\d.]+) \|$", index, re.MULTILINE)
    of_all = re.findall(r"Together \$([\d.]+)", index)
    assert [of_one, of_twin] == of_all * 2 != ["0.00"] * 2


def test_several_repositories_need_a_folder(
    one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = WorkTree(tmp_path / "other")
    other.commit({"a.py": "a = 1\n"})

    code = main(["batch", "submit", str(one.repositories[0]), str(other.folder)])

    assert (code, "--state" in capsys.readouterr().err) == (2, True)


# --- packs --------------------------------------------------------------------------------------


def test_each_pack_has_its_files_in_full_and_the_outlines_of_the_others(one: World) -> None:
    one.submit("--packs", "2", "--depth", "quick")

    texts = [json.dumps(each["params"]) for each in sent(one)]
    assert len(texts) == 2
    for text, own in zip(texts, ("area.py", "report.py"), strict=True):
        assert f"<pack>\\n{own}\\n</pack>" in text
    assert "def area(width, height):" in texts[1]
    assert "return width // height" not in texts[1]


def test_the_packs_of_a_repository_become_one_report(one: World) -> None:
    both = Turn(text=lambda received: answer(FLOOR, PRINTS))
    one.api.otherwise = both
    one.submit("--packs", "2", "--depth", "quick")

    assert one.collect() == 0
    told = one.told()["repository.md"]
    assert told.startswith("### Audit: 2 findings (1 high, 1 low)")
    assert "2 of 2 files in full" in told


def test_a_pack_without_an_answer_leaves_the_repository_unfinished(one: World) -> None:
    one.submit("--packs", "2", "--depth", "quick")
    _replace(one, 1, {"type": "expired"})

    assert one.collect() == 3
    assert "Unfinished audit: 1 finding (high) so far" in one.told()["index.md"]
    assert "pack 2 of 2: the batch expired" in one.told()["repository.md"]


def _replace(made: World, at: int, result: dict[str, object]) -> None:
    """Put another result in the place of a request's own."""
    batch = made.batches.all[-1]
    batch.results[at] = {**batch.results[at], "result": result}


# --- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ({"type": "expired"}, "the batch expired before it was asked"),
        ({"type": "canceled"}, "the batch was cancelled before it was asked"),
        (
            {
                "type": "errored",
                "error": {
                    "type": "error",
                    "error": {"type": "invalid_request_error", "message": "too long"},
                },
            },
            "it was refused: invalid\\_request\\_error: too long",
        ),
        ({"type": "nonsense"}, "hold no line that tells of it"),
        ({"type": "succeeded", "message": {"content": 7}}, "hold no line that tells of it"),
    ],
    ids=["expired", "canceled", "errored", "unknown", "malformed"],
)
def test_a_request_without_an_answer_leaves_its_repository_unfinished_with_the_reason(
    one: World, result: dict[str, object], told: str
) -> None:
    one.submit()
    _replace(one, 0, result)

    assert one.collect("--fail-on", "low") == 3
    assert "Unfinished audit" in one.told()["index.md"]
    assert told in one.told()["repository.md"]


def test_what_expired_is_sent_again_and_nothing_else(one: World) -> None:
    one.submit("--packs", "2", "--depth", "quick")
    _replace(one, 1, {"type": "expired"})
    one.collect()

    assert one.submit("--packs", "2", "--depth", "quick") == 0
    assert sorted(one.batches.counts().values()) == [1, 2]
    assert one.collect() == 0


def test_what_came_back_unreadable_may_be_paid_and_is_sent_again_only_when_asked_to(
    one: World,
) -> None:
    one.submit("--depth", "quick")
    _replace(one, 0, {"type": "nonsense"})
    one.collect()

    one.submit("--depth", "quick")
    assert list(one.batches.counts().values()) == [1]
    one.submit("--depth", "quick", "--again")
    assert list(one.batches.counts().values()) == [2]
    assert one.collect() == 0


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        (Turn.truncated(answer(FLOOR), keep_characters=600), "cut off at 64000 output tokens"),
        (Turn.refusal("cyber", "not that"), "refused to answer (category cyber): not that"),
    ],
    ids=["truncated", "refused"],
)
def test_an_answer_that_is_not_whole_is_never_told_as_clean(
    one: World, turn: Turn, told: str
) -> None:
    one.api.otherwise = turn
    one.submit("--depth", "quick")

    assert one.collect("--fail-on", "low") == 3
    assert told in one.told()["repository.md"]


def test_a_malformed_answer_is_repaired_in_the_next_batch(one: World) -> None:
    one.api.otherwise = Turn(text=lambda asked: answer(FLOOR) if _repairs(asked) else "Nothing?")
    one.submit("--depth", "quick")

    assert (one.collect(), one.collect()) == (3, 0)
    assert "1 finding (high)" in one.told()["index.md"]
    assert "repair" in _status(one)


def _repairs(received: Received) -> bool:
    return "<answer id=" in json.dumps(received.body, ensure_ascii=False).replace("\\", "")


def _status(made: World) -> str:
    batch = json.loads((made.state / "batch.json").read_text())
    return " ".join(each["what"] for each in batch["questions"].values())


def test_strange_lines_among_the_results_are_left_alone(one: World) -> None:
    one.batches.extra_lines = (
        b"not json",
        b'{"custom_id": "../../escape", "result": {"type": "expired"}}',
        b'{"custom_id": "stranger", "result": {"type": "expired"}}',
        b"[" * 100_000,
        b"\xff\xfe",
    )
    one.submit("--depth", "quick")

    assert one.collect() == 0
    assert not list(one.folder.rglob("*escape*"))


def test_results_that_break_off_are_taken_again(one: World) -> None:
    one.submit("--depth", "quick")
    one.batches.faults = [Fault(at="results", how="cut")]

    assert one.collect() == 3
    assert one.collect() == 0


@pytest.mark.parametrize("left", [None, b"", b'{"custom_id": "some', b"null"])
def test_an_answer_that_the_disk_lost_is_taken_again_for_nothing(
    one: World, left: bytes | None
) -> None:
    one.to_the_end()
    reports = one.told()
    for path in (one.state / "results").iterdir():
        path.unlink() if left is None else path.write_bytes(left)

    assert one.collect() == 0
    assert one.told() == reports
    assert len(sent(one)) == 2


def test_an_answer_that_is_lost_everywhere_is_told_and_the_others_are_judged(
    one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = WorkTree(tmp_path / "other")
    other.commit({"a.py": "a = 1\n"})
    one.repositories.append(other.folder)
    one.submit("--depth", "quick")
    one.collect()
    next((one.state / "results").iterdir()).unlink()
    one.batches.faults = [Fault(at="results", status=404)]

    assert one.collect() == 3
    said = capsys.readouterr()
    assert "the answer is lost here" in said.err
    assert "is damaged on the disk" in said.out
    assert "Audit: " in said.out


def test_a_commit_that_is_gone_is_told_and_the_others_are_judged(
    one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = WorkTree(tmp_path / "other")
    other.commit({"a.py": "a = 1\n"})
    one.repositories.append(other.folder)
    one.submit("--depth", "quick")
    for path in (other.folder / ".git" / "objects").glob("??/*"):
        path.unlink()

    assert one.collect() == 3
    out = capsys.readouterr().out
    assert "does not hold the commit" in out
    assert "Audit: 1 finding (high)" in out


# --- money --------------------------------------------------------------------------------------


def test_a_batch_that_could_cost_more_than_its_cap_is_refused_before_anything_is_sent(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert one.submit("--max-usd", "0.10") == 2

    said = capsys.readouterr()
    assert "could cost $0.65 at the most, and --max-usd is $0.10; nothing was sent" in said.err
    assert one.batches.all == []
    assert not (one.state / "batch.json").exists()


def test_the_second_look_is_left_out_where_the_cap_leaves_nothing_for_it(
    one: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_MAX_OUTPUT_TOKENS", "30000")
    one.submit("--max-usd", "0.31")

    assert one.collect() == 0
    assert "could exceed --max-usd, $0.31 for the batch" in one.told()["repository.md"]


def test_half_the_price_is_told_before_and_after(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", "-C", str(one.repositories[0]), "--dry-run"])
    live = capsys.readouterr().out
    main(["batch", "submit", str(one.repositories[0]), "--dry-run"])
    batch = capsys.readouterr().out

    assert "at most    $1.29" in live
    assert "$0.64" in batch
    one.submit("--depth", "quick")
    one.collect()
    [bill] = one.api.ledger
    usd = (bill.usage.input_tokens * 4 + bill.usage.output_tokens * 20) / 2 / 1e6
    assert json.loads(_as_json(one, capsys))["usd"] == pytest.approx(usd)


def _as_json(made: World, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    made.status("--json")
    return capsys.readouterr().out


def test_a_dry_run_needs_no_key_and_writes_nothing(
    one: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")

    assert one.submit("--dry-run") == 0
    assert "Nothing was sent." in capsys.readouterr().out
    assert not one.state.exists()
    assert one.api.requests == []


# --- where it stands ----------------------------------------------------------------------------


def test_status_tells_without_the_network_what_was_known_last(
    one: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit()
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    capsys.readouterr()

    assert one.status("-v") == 0
    said = capsys.readouterr()
    assert "The server was not asked now: there is no key" in said.err
    assert "1 in progress" in said.out
    assert "until 20" in said.out
    assert "(asked 20" in said.out


def test_what_a_server_says_of_an_error_moves_no_cursor(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit()
    one.batches.faults.append(Fault(at="look", status=403, message="no\x1b]0;owned\x07\x1b[2J"))

    assert one.status() == 0
    said = capsys.readouterr().err
    assert "owned" in said
    assert "\x1b" not in said


def test_where_there_is_no_batch_that_is_said(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (one.status(), one.collect()) == (2, 2)
    assert "there is no batch in" in capsys.readouterr().err


def test_a_damaged_state_is_refused_by_name(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit()
    (one.state / "batch.json").write_text('{"format": "reviewer-batch/1"}')

    assert one.collect() == 2
    told = capsys.readouterr().err.splitlines()
    assert any(line.endswith("batch.json is damaged, at host: Field required") for line in told), (
        told
    )


# --- going on -----------------------------------------------------------------------------------


def test_the_same_again_sends_nothing(one: World) -> None:
    one.to_the_end()

    assert (one.submit(), one.collect()) == (0, 0)
    assert set(one.batches.counts().values()) == {1}


def test_another_commit_is_not_mixed_into_a_batch_that_is_not_finished(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit()
    WorkTree(one.repositories[0]).commit({"new.py": "new = 1\n"})

    assert one.submit() == 2
    assert "1 of 1 requests are not answered" in capsys.readouterr().err
    repositories, one.repositories = one.repositories, []
    assert one.submit() == 0
    assert (one.collect(), one.collect()) == (3, 0)
    one.repositories = repositories
    assert one.submit() == 0
    assert len(one.batches.all) == 3


def test_without_repositories_a_folder_that_is_named_is_only_gone_on_with(
    one: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.to_the_end()
    monkeypatch.chdir(one.repositories.pop())
    WorkTree(Path()).commit({"new.py": "new = 1\n"})

    assert one.submit() == 0
    assert len(one.batches.all) == 2


def test_here_a_new_commit_is_a_new_batch_once_the_old_one_is_finished(
    one: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(one.repositories[0])
    monkeypatch.setenv("REVIEWER_DEPTH", "quick")
    for verb in ("submit", "collect"):
        assert main(["batch", verb]) == 0
    WorkTree(Path()).commit({"new.py": "new = 1\n"})

    assert [main(["batch", verb]) for verb in ("submit", "collect")] == [0, 0]
    assert (len(one.batches.all), len(set(one.batches.counts()))) == (2, 2)


def test_what_is_sent_again_is_not_dropped_for_another_commit(one: World) -> None:
    one.submit("--packs", "2", "--depth", "quick")
    _replace(one, 1, {"type": "expired"})
    one.collect()
    one.batches.looks = None
    one.submit("--packs", "2", "--depth", "quick")
    WorkTree(one.repositories[0]).commit({"new.py": "new = 1\n"})

    assert one.submit("--packs", "2", "--depth", "quick") == 2


def test_the_commit_that_was_packed_is_judged_whatever_is_checked_out_by_now(one: World) -> None:
    one.submit("--depth", "quick")
    WorkTree(one.repositories[0]).commit({"area.py": "def area(w, h):\n    return w * h\n"})

    assert one.collect() == 0
    assert "    return width // height" in one.told()["repository.md"]


def test_two_at_once_are_refused(one: World, capsys: pytest.CaptureFixture[str]) -> None:
    import subprocess
    import sys

    one.submit()
    held = (
        "import fcntl, sys; file = open(sys.argv[1], 'ab'); fcntl.lockf(file, fcntl.LOCK_EX); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        (sys.executable, "-c", held, str(one.state / "lock")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        other.stdout.readline()
        code = one.collect()
        other.kill()

    assert (code, "another `reviewer batch` works in" in capsys.readouterr().err) == (2, True)
    assert one.collect() == 3


# --- who has none -------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["bedrock", "vertex", "foundry", "google-cloud", "openai"])
def test_a_provider_without_batches_is_named_before_anything_is_done(
    one: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], provider: str
) -> None:
    monkeypatch.setenv("REVIEWER_PROVIDER", provider)

    assert one.submit() == 2
    assert "has no Message Batches" in capsys.readouterr().err
    assert one.api.requests == []


def test_a_gateway_without_batches_is_named_before_anything_is_packed(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.batches.faults = [Fault(at="list", status=405)]

    assert one.submit() == 2
    said = capsys.readouterr()
    assert "has no Message Batches: HTTP 405" in said.err
    assert "Packing" not in said.err
