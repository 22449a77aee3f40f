from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from starting import run

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree


def quotes(project: WorkTree, *words: str, **environment: str) -> dict[str, dict[str, object]]:
    """Return what each depth of a model costs."""
    done = run(project, "cost", "--model", "claude-opus-5-5", "--json", *words, **environment)
    assert done.code == 0, done.err
    return {each["depth"]: each for each in json.loads(done.out)["quotes"]}


@pytest.mark.parametrize(
    ("depth", "cache"),
    [("quick", "auto"), ("standard", "1h"), ("standard", "5m"), ("deep", "auto"), ("deep", "1h")],
)
def test_it_agrees_with_a_dry_run_to_the_cent(project: WorkTree, depth: str, cache: str) -> None:
    asked = {"REVIEWER_DEPTH": depth, "REVIEWER_CACHE": cache, "REVIEWER_ENGINE": "claude"}
    quote = quotes(project, **asked)[depth]
    dry = run(project, "review", "--dry-run", **asked)

    assert dry.code == 0, dry.err
    [cold] = re.findall(r"^input +\$([\d.]+)", dry.out, flags=re.MULTILINE)
    assert float(cold) == pytest.approx(quote["cold_usd"], abs=0.005)
    for warm in re.findall(r"\$([\d.]+) with a warm cache", dry.out):
        assert float(warm) == pytest.approx(quote["warm_usd"], abs=0.005)
    assert f"at most    ${quote['most_usd']:.2f}" in dry.out
    assert f"cap        ${quote['cap_usd']:.2f}" in dry.out
    assert f"{quote['prompt_tokens']:,} tokens" in dry.out


def test_every_model_has_its_window_and_every_depth_its_price(project: WorkTree) -> None:
    done = run(project, "cost")

    assert done.code == 0, done.err
    rows = [line.split() for line in done.out.splitlines() if line.startswith("claude-")]
    assert len(rows) == 12
    assert {row[1] for row in rows} == {"1,000,000"}
    assert [row[2] for row in rows[:3]] == ["quick", "standard", "deep"]
    assert "cache  " in done.out


def test_a_cap_that_is_too_small_is_said_in_its_row(project: WorkTree) -> None:
    done = run(project, "cost", REVIEWER_MAX_USD_PER_REVIEW="0.5")

    assert done.code == 0, done.err
    assert "the cap is $0.50" in done.out
    assert re.search(r"claude-haiku-5-5 .* \$0\.50$", done.out, flags=re.MULTILINE)


def test_a_page_without_a_replay_and_a_replay_of_a_change_are_refused(project: WorkTree) -> None:
    assert run(project, "cost", "--html", "x.html").code == 2
    assert run(project, "cost", "--replay", "3", "--worktree").code == 2
    assert run(project, "cost", "--replay", "0").code == 2
    assert "no merged pull request" in run(project, "cost", "--replay", "3").err


# --- replay -------------------------------------------------------------------------------------


@pytest.fixture
def busy(work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> WorkTree:
    """Forty pull requests, one every half hour of two days, each with two pushes."""
    when = datetime(2026, 11, 2, 7, tzinfo=UTC)
    names = ("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE")
    for name in names:
        monkeypatch.setenv(name, "")

    def on(minutes: int) -> None:
        for name in names:
            os.environ[name] = (when + timedelta(minutes=minutes)).isoformat()

    on(-300)
    code = "def area(width, height):\n    return width * height\n"
    work_tree.commit({f"part_{number}.py": code * 60 for number in range(20)})
    for number in range(40):
        start = number % 20 * 30 + number // 20 * 1440
        work_tree.git("switch", "--quiet", "--create", f"b{number}")
        for push in range(2):
            on(start + push * 12)
            work_tree.commit({f"part_{number % 20}.py": code * (61 + push)})
        work_tree.git("switch", "--quiet", "main")
        on(start + 20)
        title = f"Merge pull request #{number} from me/b{number}"
        work_tree.git("merge", "--quiet", "--no-ff", "--message", title, f"b{number}")
    return work_tree


def test_a_busy_repository_pays_less_with_a_cache_and_the_table_says_so(busy: WorkTree) -> None:
    done = run(busy, "cost", "--replay", "40")

    assert done.code == 0, done.err
    assert done.out.startswith("40 merged pull requests, 78 reviews from 2026-11-02")
    rows = re.findall(r"^(\S.{19}) (tip|snapshot) +(\d\.\d\d) ", done.out, flags=re.MULTILINE)
    prices = {(name.strip(), layout): float(price) for name, layout, price in rows}
    assert prices["no cache", "tip"] == 1.0
    assert prices["5 minutes", "tip"] > 1.0
    assert prices["auto", "snapshot"] < 0.8
    assert "- Pushes: commits whose committer dates lie within 10 minutes" in done.out


def test_the_page_needs_nothing_else_and_its_chart_has_words(
    busy: WorkTree, tmp_path: Path
) -> None:
    page = tmp_path / "cost.html"
    done = run(busy, "cost", "--replay", "40", "--html", str(page))

    assert (done.code, done.out) == (0, ""), done.err
    text = page.read_text("utf-8")
    HTMLParser().feed(text)
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|https?:", text)
    assert text.count('<path class="line l') == 7 * 3
    assert re.search(r'<desc id="chart-text">no cache, tip: \$', text)


def test_json_has_the_price_of_every_review(busy: WorkTree) -> None:
    told = json.loads(run(busy, "cost", "--replay", "10", "--json").out)

    assert told["format"] == "reviewer-cost-replay/1"
    assert len(told["outcomes"]) == 7
    for outcome in told["outcomes"]:
        assert len(outcome["spent_usd"]) == len(told["at_seconds"])
        assert sum(outcome["spent_usd"]) == pytest.approx(outcome["usd"])


def test_a_replay_says_the_same_twice(busy: WorkTree) -> None:
    first, second = (run(busy, "cost", "--replay", "40", "--json").out for _ in range(2))

    assert first == second


# --- models that nobody knows -------------------------------------------------------------------

LOCAL_MODEL = """
model = "qwen3-coder"
provider = "openai"
window_tokens = 65536

[[prices]]
model = "qwen3-coder"
input_usd = 0
output_usd = 0
"""


@pytest.mark.parametrize(
    "words",
    [
        ("review", "--dry-run"),
        ("audit", "--dry-run"),
        ("pack", "--stats"),
        ("explain", "area.py"),
        ("map",),
        ("cost",),
    ],
    ids=" ".join,
)
def test_the_window_of_a_local_model_is_known_from_the_settings(
    project: WorkTree, words: tuple[str, ...]
) -> None:
    project.write({".reviewer.toml": LOCAL_MODEL})
    done = run(project, *words)

    assert done.code == 0, done.err
    assert "not among the bundled models" not in done.out


def test_a_local_model_has_its_window_and_its_price_in_the_quotes(project: WorkTree) -> None:
    project.write({".reviewer.toml": LOCAL_MODEL})
    told = json.loads(run(project, "cost", "--json", "--model", "qwen3-coder").out)

    assert {each["window_tokens"] for each in told["quotes"]} == {65536}
    assert {each["cold_usd"] for each in told["quotes"]} == {0}
    assert {each["problem"] for each in told["quotes"]} == {""}


def test_a_past_review_by_a_local_model_can_be_priced(busy: WorkTree) -> None:
    busy.write({".reviewer.toml": LOCAL_MODEL})

    done = run(busy, "cost", "--replay", "3", "--html", "cost.html")

    assert run(busy, "cost", "--replay", "3").code == done.code == 0, done.err


def test_without_a_window_it_is_said_how_to_tell_it(project: WorkTree) -> None:
    done = run(project, "pack", REVIEWER_MODEL="qwen3-coder")

    assert done.code == 2
    assert "set `window_tokens` to its window" in done.err
