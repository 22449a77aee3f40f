"""The real command line in a real repository, in a process of its own; Claude at the stand-in."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from answers import answer, claim
from starting import CALLER, KEY, claude, run

from reviewer import cli
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree


def test_a_review_without_findings_ends_with_0(project: WorkTree) -> None:
    with claude(answer()) as (_, url):
        done = run(project, "review", "--fail-on", "low", url=url)

    assert (done.code, "No findings." in done.out) == (0, True), done.err


def test_a_finding_at_the_threshold_ends_with_1_and_shows_cause_and_symptom(
    project: WorkTree,
) -> None:
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "--fail-on", "high", url=url)

    assert done.code == 1, done.err
    assert "One caller still passes two arguments" in done.out
    assert "area.py:1" in done.out
    assert "report.py:3" in done.out


def test_a_finding_below_the_threshold_ends_with_0(project: WorkTree) -> None:
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "--fail-on", "critical", url=url)

    assert done.code == 0
    assert "One caller" in done.out


def test_what_was_there_before_the_change_fails_nothing(project: WorkTree) -> None:
    old = claim("report.py", "print(area(2, 3))", origin="pre_existing", severity="critical")
    with claude(answer(old)) as (_, url):
        done = run(project, "review", "--fail-on", "low", url=url)

    assert done.code == 0
    assert "Not brought in by this change" in done.out


@pytest.mark.parametrize(
    ("words", "environment", "says"),
    [
        (("review", "--engine", "claude"), {}, "ANTHROPIC_API_KEY"),
        (("review", "--base", "nowhere"), {}, "names no commit"),
        (("review", "--dry-run"), {"REVIEWER_FAIL_ON": "hihg"}, "fail_on (environment)"),
        (("review", "--dry-run", "--max-usd", "0.01"), {}, "the cap is $0.01"),
        (("review", "--dry-run", "--model", "gpt-7"), {}, "gpt-7"),
        (("review", "--max-inline", "many"), {}, "--max-inline"),
        (("explain", "nowhere.py"), {}, "nowhere.py"),
        (("report", "nowhere.json"), {}, "nowhere.json"),
        (("publish", "nowhere.json"), {}, "nowhere.json"),
        (("github",), {}, "GITHUB"),
        ((), {}, "COMMAND"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_the_user_must_change_ends_with_2_and_says_so(
    project: WorkTree, words: tuple[str, ...], environment: dict[str, str], says: str
) -> None:
    if words == ("github",):
        environment = {"GITHUB_EVENT_PATH": "nowhere"}
    done = run(project, *words, **environment)

    assert done.code == 2, done.out + done.err
    assert says in done.err
    assert "Traceback" not in done.err


def test_outside_a_repository_it_ends_with_2(project: WorkTree, tmp_path: Path) -> None:
    done = run(project, "review", "-C", str(tmp_path))

    assert done.code == 2
    assert "not a git repository" in done.err


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        (Turn.truncated(answer(CALLER, CALLER), keep_characters=900), "cut off"),
        (Turn.refusal("cyber", "not this one"), "refused"),
        (Turn.out_of_window(answer(CALLER), keep_characters=20), "window"),
    ],
    ids=["truncated", "refused", "out of window"],
)
def test_an_answer_that_is_not_whole_ends_with_3_and_is_never_clean(
    project: WorkTree, turn: Turn, says: str
) -> None:
    with claude(turn) as (_, url):
        done = run(project, "review", url=url)

    assert done.code == 3, done.err
    assert "UNFINISHED" in done.out
    assert says in done.out
    assert "No findings." not in done.out


def test_what_arrived_of_a_truncated_answer_is_shown(project: WorkTree) -> None:
    whole = answer(CALLER, CALLER)
    with claude(Turn.truncated(whole, keep_characters=len(whole) - 5)) as (_, url):
        done = run(project, "review", "--fail-on", "high", url=url)

    assert done.code == 3
    assert "One caller still passes two arguments" in done.out


def test_a_malformed_answer_is_repaired_once(project: WorkTree) -> None:
    with claude("Here is what I found: nothing.", answer(CALLER)) as (messages, url):
        done = run(project, "review", "--fail-on", "high", url=url)

    assert done.code == 1, done.err
    repair = messages.requests[-1].body["messages"][0]["content"]
    assert len(str(repair)) < 500  # the codebase is not paid for again


def test_an_answer_that_stays_malformed_ends_with_3(project: WorkTree) -> None:
    with claude("nothing", "still nothing") as (_, url):
        done = run(project, "review", url=url)

    assert done.code == 3
    assert "UNFINISHED" in done.out


def test_a_refused_key_ends_with_2_and_is_not_shown(project: WorkTree) -> None:
    with claude(Turn.key_refused()) as (_, url):
        done = run(project, "review", "-v", url=url)

    assert done.code == 2, done.err
    assert KEY not in done.out + done.err


def test_a_spend_limit_ends_with_2_after_one_try(project: WorkTree) -> None:
    with claude(Turn.spend_limit_reached()) as (messages, url):
        done = run(project, "review", url=url)

    paid = [each for each in messages.requests if each.path == "/v1/messages"]
    assert (done.code, len(paid)) == (2, 1), done.err


def asked_for(url: str, *words: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-m", "reviewer", *words),
        cwd=folder,
        env={**os.environ, "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": KEY},
        stderr=subprocess.PIPE,
        text=True,
    )


def read_until(process: subprocess.Popen[str], word: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            break


@pytest.mark.parametrize("depth", ["standard", "deep"])
def test_an_interrupt_ends_with_130(project: WorkTree, depth: str) -> None:
    slow = Turn(text=answer(CALLER), delay_seconds=0.5, chunk_characters=1)
    with claude(*[slow] * 5) as (_, url):
        process = asked_for(url, "review", "--depth", depth, folder=project.folder)
        read_until(process, "Asking")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err


def test_an_interrupt_of_the_second_look_says_where_the_first_answer_is(
    project: WorkTree,
) -> None:
    slow = Turn(text=answer(CALLER), delay_seconds=0.5, chunk_characters=1)
    with claude(answer(CALLER), slow) as (_, url):
        process = asked_for(url, "review", "--depth", "standard", folder=project.folder)
        read_until(process, "Verifying")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    kept = json.loads((project.folder / ".git" / "reviewer" / "last.json").read_text())
    assert CALLER["title"] in kept["replies"][0]["text"]
    assert "last.json at replies[0].text" in err


def test_a_bug_ends_with_3_because_1_means_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_options: object) -> int:
        raise LookupError("a bug")

    monkeypatch.setattr(cli, "_dispatch", broken)

    assert cli.main(["config", "schema"]) == 3
    assert "this is a bug in reviewer" in capsys.readouterr().err


def test_a_dry_run_sends_nothing_and_needs_no_key(project: WorkTree) -> None:
    with claude() as (messages, url):
        done = run(project, "review", "--dry-run", ANTHROPIC_BASE_URL=url)

    assert done.code == 0, done.err
    assert "Nothing was sent." in done.out
    assert messages.requests == []


def test_an_empty_change_is_nothing_to_review_and_costs_nothing(project: WorkTree) -> None:
    project.git("switch", "--quiet", "main")
    done = run(project, "review")

    assert done.code == 0, done.err
    assert done.out.strip().startswith("Not reviewed, because the change is empty. No model was")


def test_uncommitted_work_can_be_reviewed(project: WorkTree) -> None:
    project.write({"new.py": "print(1 / 0)\n"})
    with claude(answer(claim("new.py", "print(1 / 0)"))) as (_, url):
        done = run(project, "review", "--worktree", "--base", "HEAD", url=url)

    assert done.code == 0, done.err
    assert "new.py:1" in done.out


def test_the_json_document_has_a_versioned_format(project: WorkTree, tmp_path: Path) -> None:
    out = tmp_path / "review.json"
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "--format", "json", "-o", str(out), url=url)

    document = json.loads(out.read_text())
    assert done.code == 0, done.err
    assert document["format"] == "reviewer-review/1"
    assert document["placed"][0]["anchor"]["path"] == "area.py"


def test_a_kept_run_is_rendered_again_without_any_server(project: WorkTree) -> None:
    with claude(answer(CALLER)) as (_, url):
        first = run(project, "review", url=url)
    kept = re.search(r"Kept.*: reviewer report (.*)", first.err)
    assert kept

    again = run(project, "report", kept[1])

    assert (again.code, again.out) == (0, first.out), again.err


def test_what_was_paid_for_is_kept_although_the_output_cannot_be_written(
    project: WorkTree, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.json"
    with claude(answer(CALLER)) as (_, url):
        run(project, "review", "--bundle", str(bundle), "--format", "json", url=url)
    again = run(project, "report", str(bundle), "--format", "markdown", "-o", "/nowhere/x")

    assert again.code == 2, again.err
    assert "Traceback" not in again.err
    assert run(project, "report", str(bundle)).code == 0


def test_the_model_can_neither_colour_nor_move_the_terminal(project: WorkTree) -> None:
    nasty = claim("area.py", "def area(width, height, unit):", title="\x1b[2J[red]gone\u202e")
    with claude(answer(nasty)) as (_, url):
        done = run(project, "review", url=url)

    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "[red]gone" in done.out


def test_the_pack_is_the_prompt_that_is_sent(project: WorkTree) -> None:
    packed = run(project, "pack")
    with claude(answer()) as (messages, url):
        run(project, "review", url=url)

    body = next(each.body for each in messages.requests if each.path == "/v1/messages")
    blocks = [*body["system"], *body["messages"][0]["content"]]
    assert packed.out == "".join(block["text"] for block in blocks)


def test_the_static_part_comes_first_and_carries_the_breakpoints(project: WorkTree) -> None:
    with claude(answer()) as (messages, url):
        done = run(project, "review", url=url, REVIEWER_CACHE="5m")

    body = next(each.body for each in messages.requests if each.path == "/v1/messages")
    assert done.code == 0, done.err
    assert body["system"][-1]["cache_control"]["ttl"] == "5m"
    content = body["messages"][0]["content"]
    assert ["cache_control" in block for block in content] == [True, False, False]
    assert content[0]["text"].startswith("<codebase>")
    assert content[1]["text"].startswith("<change id=")


def test_a_second_review_of_the_same_base_reads_the_codebase_from_the_cache(
    project: WorkTree,
) -> None:
    with claude(answer(), answer()) as (messages, url):
        run(project, "review", url=url, REVIEWER_CACHE="5m")
        project.commit({"area.py": "def area(w, h, unit):\n    return w * h\n"}, "More")
        run(project, "review", url=url, REVIEWER_CACHE="5m")

    first, second = (bill.usage for bill in messages.ledger)
    assert second.cache_read_tokens == first.cache_write_5m_tokens > 0
    assert second.cache_write_5m_tokens == 0


def test_the_settings_in_the_work_tree_are_used_and_the_flags_win(project: WorkTree) -> None:
    project.write({".reviewer.toml": 'fail_on = "low"\nmodel = "claude-sonnet-5-5"\n'})

    shown = json.loads(run(project, "config", "show").out)

    assert (shown["fail_on"], shown["model"]) == ("low", "claude-sonnet-5-5")


def test_explain_names_the_class_the_level_and_the_rule(project: WorkTree) -> None:
    done = run(project, "explain", "report.py")

    assert done.code == 0
    assert "source (rule: extension .py)" in done.out
    assert "full" in done.out


def test_a_reader_that_goes_away_is_no_traceback(project: WorkTree) -> None:
    done = subprocess.run(
        f"'{sys.executable}' -m reviewer pack | true",
        shell=True,
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Traceback" not in done.stderr


def test_the_demo_reviews_without_a_key_and_without_a_script(project: WorkTree) -> None:
    done = run(project, "demo")

    assert done.code == 0, done.err
    assert "local engine" in done.out
    assert "inline comment on shop/prices.py, line 15" in done.out
    assert "shop/report.py" in done.out
    assert "cripted" not in done.out


def test_the_demo_touches_no_repository_that_git_names(project: WorkTree) -> None:
    before = project.git("for-each-ref"), project.git("status", "--porcelain")
    done = run(project, "demo", "--quiet", GIT_DIR=str(project.folder / ".git"))

    assert done.code == 0, done.err
    assert (project.git("for-each-ref"), project.git("status", "--porcelain")) == before


@pytest.mark.parametrize("how", ["--quiet", "--scripted"])
def test_the_demo_needs_no_proxy(project: WorkTree, how: str) -> None:
    nobody = "http://127.0.0.1:9"
    done = run(project, "demo", how, HTTP_PROXY=nobody, http_proxy=nobody, ALL_PROXY=nobody)

    assert done.code == 0, done.err


def test_a_git_that_fails_ends_the_demo_in_plain_words(project: WorkTree, tmp_path: Path) -> None:
    git = tmp_path / "git"
    git.write_text("#!/bin/sh\nexit 7\n")
    git.chmod(0o755)
    done = run(project, "demo", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    assert done.code == 3
    assert "git could not make the made-up project, and ended with 7" in done.err


def test_the_scripted_demo_shows_claudes_path_and_says_that_the_reply_is_scripted(
    project: WorkTree,
) -> None:
    done = run(project, "demo", "--scripted")

    assert done.code == 0, done.err
    assert "scripted" in done.out
    assert "inline comment on shop/prices.py, line 15" in done.out
    assert "shop/report.py" in done.out
    assert "SQL is built from user input" in done.out.partition("summary by")[2]


def test_an_error_that_quotes_somebody_is_no_command_for_the_runner() -> None:
    text = cli._plain("git said:\n::add-mask::x\n  ::error::y\n##[group]\x1b[31m")

    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "##[" not in text
    assert "\x1b" not in text


def test_a_change_of_which_nothing_can_be_shown_costs_nothing_and_says_so(
    project: WorkTree,
) -> None:
    project.git("switch", "--quiet", "main")
    project.git("switch", "--quiet", "--create", "locks")
    project.commit({"package-lock.json": "{}\n"}, "Bump")
    with claude() as (messages, url):
        done = run(project, "review", "--fail-on", "low", url=url)

    assert done.code == 0, done.err
    assert "package-lock.json" in done.out
    assert "Not reviewed, because nothing of it may be shown to a model" in done.out
    assert [each for each in messages.requests if each.path == "/v1/messages"] == []


def test_a_change_that_is_too_large_ends_with_2_before_anything_is_sent(project: WorkTree) -> None:
    with claude() as (messages, url):
        done = run(project, "review", url=url, REVIEWER_MAX_CHANGED_LINES="3")
        dry = run(project, "review", "--dry-run", url=url, REVIEWER_MAX_CHANGED_LINES="3")

    assert (done.code, done.out, messages.requests) == (2, "", []), done.err
    assert "it changes 4 lines, and the setting max_changed_lines is 3" in done.err
    assert "REVIEWER_MAX_CHANGED_LINES" in done.err
    assert (dry.code, "It would not be reviewed, because it changes 4 lines" in dry.out) == (
        0,
        True,
    )


def test_the_local_engine_looks_at_changes_of_any_size(project: WorkTree) -> None:
    done = run(project, "review", "--engine", "local", REVIEWER_MAX_CHANGED_LINES="1")

    assert done.code == 0, done.err
    assert "Searched every file" in done.out


def test_lenses_without_a_depth_mean_a_deep_review(project: WorkTree) -> None:
    with claude(*[answer()] * 2) as (messages, url):
        done = run(project, "review", "--lenses", "security,tests", REVIEWER_DEPTH="", url=url)

    paid = [each for each in messages.requests if each.path == "/v1/messages"]
    assert (done.code, len(paid)) == (0, 2), done.err
    assert "in 2 passes" in done.err
