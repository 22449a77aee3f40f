"""`reviewer audit`: the whole codebase in question, through the real command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from answers import answer, claim
from starting import claude, run
from test_sarif_run import log

from reviewer.errors import EXIT_CLEAN, EXIT_FOUND, EXIT_UNFINISHED, EXIT_USER
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from conftest import WorkTree

FLOOR = claim(
    "area.py",
    "    return width // height",
    title="The area is a quotient",
    origin="introduced",
    severity="high",
)
PRINTS = claim("report.py", "print(area(2, 3))", title="Prints while imported", severity="low")


@pytest.fixture
def tree(work_tree: WorkTree) -> WorkTree:
    work_tree.commit(
        {
            "area.py": "def area(width, height):\n    return width // height\n",
            "report.py": "from area import area\n\nprint(area(2, 3))\n",
            "docs/read.md": "Area is a product.\n",
        }
    )
    return work_tree


def test_what_is_there_is_told_in_full_and_fails_the_gate(tree: WorkTree) -> None:
    with claude(answer(FLOOR, PRINTS)) as (_, url):
        done = run(tree, "audit", "--fail-on", "high", url=url)

    assert done.code == EXIT_FOUND, done.err
    assert "Auditing " in done.err
    assert "Not brought in by this change" not in done.out
    assert "2 findings (1 high, 1 low)" in done.out
    assert "Saw 3 of 3 files in full, asked about 3." in done.out


def test_a_clean_audit_ends_with_0(tree: WorkTree) -> None:
    with claude(answer()) as (_, url):
        done = run(tree, "audit", "--fail-on", "low", url=url)

    assert (done.code, "No findings." in done.out) == (EXIT_CLEAN, True), done.err


def test_the_prompt_is_that_of_a_review_up_to_the_codebase_and_then_the_question(
    tree: WorkTree,
) -> None:
    tree.git("switch", "--quiet", "--create", "topic")
    tree.commit({"area.py": "def area(width, height):\n    return width * height\n"})
    with claude(answer(), answer()) as (api, url):
        run(tree, "audit", "--head", "main", url=url)
        run(tree, "review", url=url)

    audit, review = (each.body for each in api.requests if each.path == "/v1/messages")
    assert audit["system"] == review["system"]
    blocks = [each["text"] for each in audit["messages"][0]["content"]]
    assert blocks[0] == review["messages"][0]["content"][0]["text"]
    assert "<change" not in "".join(blocks)
    assert blocks[-1].startswith("The codebase ends here. There is no change this time")


def test_with_paths_only_findings_about_them_are_told_and_the_rest_is_shown(
    tree: WorkTree,
) -> None:
    with claude(answer(FLOOR, PRINTS)) as (api, url):
        done = run(tree, "audit", "--path", "area.*", "--path", "docs/", url=url)

    assert "1 finding (1 high)" in done.out
    assert "Dropped: 'Prints while imported': it is about a file that was not asked" in done.out
    assert "asked about 2." in done.out
    prompt = str([each.body for each in api.requests if each.path == "/v1/messages"])
    assert "gitignore patterns: area.*, docs/" in prompt
    assert 'file path=\\"report.py\\"' in prompt or 'file path="report.py"' in prompt


def test_a_pattern_that_matches_nothing_is_refused(tree: WorkTree) -> None:
    done = run(tree, "audit", "--path", "*.rs", "--dry-run")

    assert (done.code, "no file that could be sent" in done.err) == (EXIT_USER, True)


def test_lenses_make_it_a_deep_audit_over_one_prompt(tree: WorkTree) -> None:
    turns = (answer(FLOOR), answer(FLOOR, PRINTS), json.dumps({"rulings": []}))
    with claude(*turns) as (api, url):
        done = run(tree, "audit", "--lenses", "correctness,security", url=url, REVIEWER_DEPTH="")

    assert done.code == EXIT_CLEAN, done.err
    asked = [each.body["messages"][0]["content"] for each in api.requests if each.body]
    passes = [each for each in asked if "In this pass, look for" in str(each)]
    assert len({each[-1]["text"] for each in passes if len(each) > 2}) == 2
    assert "2 findings (1 high, 1 low)" in done.out


def test_a_lens_that_does_not_exist_is_refused_with_those_that_do(tree: WorkTree) -> None:
    done = run(tree, "audit", "--lenses", "style", "--dry-run")

    assert (done.code, "'correctness', 'contracts'" in done.err) == (EXIT_USER, True)


def test_the_price_is_said_before_without_a_key(tree: WorkTree) -> None:
    done = run(tree, "audit", "--dry-run", "--lenses", "correctness,tests")

    assert done.code == EXIT_CLEAN, done.err
    assert "asked                 3 files, 0 of them not in full" in done.out
    assert "in 2 passes" in done.out
    assert "Nothing was sent." in done.out


def test_the_cap_holds(tree: WorkTree) -> None:
    with claude(answer()) as (api, url):
        done = run(tree, "audit", "--max-usd", "0.01", url=url)

    assert done.code == EXIT_USER, done.out
    assert [each.path for each in api.requests if each.path == "/v1/messages"] == []


@pytest.mark.parametrize("engine", ["auto", "local"])
def test_the_local_engine_cannot_audit_and_it_is_said(tree: WorkTree, engine: str) -> None:
    done = run(tree, "audit", REVIEWER_ENGINE=engine)

    assert (done.code, "an audit needs a model" in done.err) == (EXIT_USER, True)


def test_what_does_not_fit_is_counted_and_a_gate_does_not_pass_it(work_tree: WorkTree) -> None:
    part = "".join(f"value_{n} = {n}\n" for n in range(400))
    work_tree.commit({f"part_{n}.py": part for n in range(20)})
    with claude(answer(), answer()) as (api, url):
        room = {"url": url, "REVIEWER_MAX_PROMPT_TOKENS": "20000"}
        page = run(work_tree, "audit", "--format", "markdown", **room)
        gate = run(work_tree, "audit", "--fail-on", "high", **room)

    assert (page.code, gate.code) == (EXIT_CLEAN, EXIT_UNFINISHED), page.err
    assert "### Incomplete audit: nothing found" in page.out
    assert "of 20 files asked about did not fit in full" in page.out
    assert "were not shown in full. Claim nothing" in str(api.requests[-1].body)


def test_files_that_are_asked_about_are_shown_in_full_first(work_tree: WorkTree) -> None:
    part = "".join(f"def step_{n}():\n    return {n}\n" for n in range(200))
    work_tree.commit({f"part_{n:02}.py": part for n in range(20)})
    plain = run(work_tree, "audit", "--dry-run", REVIEWER_MAX_PROMPT_TOKENS="30000")
    last = run(
        work_tree, "audit", "--dry-run", "--path", "part_19.py", REVIEWER_MAX_PROMPT_TOKENS="30000"
    )

    assert "0 of them not in full" not in plain.out
    assert "1 file, 0 of them not in full" in last.out


def test_the_run_is_kept_and_shown_again_for_nothing(tree: WorkTree) -> None:
    with claude(answer(FLOOR, overview="Areas.")) as (_, url):
        run(tree, "audit", "--bundle", "kept.json", url=url)
    page = run(tree, "report", "kept.json", "--format", "markdown")
    document = json.loads(run(tree, "report", "kept.json", "--format", "json").out)

    assert page.code == EXIT_CLEAN
    assert "### Audit: 1 finding (high)" in page.out
    assert "Asked about 3 files, as they are in this commit." in page.out
    assert "The code, as the model took it: Areas." in page.out
    assert "in the code as it is" in page.out
    assert document["change"]["audit"] == {"paths": [], "files": [], "areas": []}
    assert run(tree, "publish", "kept.json").code == EXIT_USER


def test_a_reply_that_is_cut_off_is_an_unfinished_audit(tree: WorkTree) -> None:
    with claude(Turn.truncated(answer(FLOOR), keep_characters=40)) as (_, url):
        done = run(tree, "audit", "--format", "markdown", url=url)

    assert (done.code, "### Unfinished audit" in done.out) == (EXIT_UNFINISHED, True)


def test_what_an_audit_finds_can_be_made_known_and_the_next_one_is_quiet(tree: WorkTree) -> None:
    with claude(answer(FLOOR, PRINTS), answer(FLOOR, PRINTS)) as (_, url):
        run(tree, "audit", url=url)
        written = run(tree, "baseline", "write", "--reason", "before the release")
        tree.commit({})
        again = run(tree, "audit", "--fail-on", "low", url=url)

    assert "2 new" in written.out
    assert again.code == EXIT_CLEAN, again.err
    assert "No new findings, 2 known" in again.out


def test_rules_for_the_paths_asked_about_are_given(tree: WorkTree) -> None:
    tree.commit({"docs/AGENTS.md": "Docs are in British English.\n"})
    said = [run(tree, "audit", "--dry-run", *words).out for words in ((), ("--path", "*.py"))]

    assert ["docs/AGENTS.md" in text for text in said] == [True, False]


def test_what_another_tool_reports_is_evidence_in_an_audit_too(tree: WorkTree) -> None:
    tree.write({"lint.sarif": log("a quotient where a product is due")})
    with claude(answer(FLOOR)) as (api, url):
        done = run(tree, "audit", "--sarif", "lint.sarif", url=url)

    assert done.code == EXIT_CLEAN, done.err
    assert "pylint E1120, warning: a quotient where" in json.dumps(api.requests[-1].body)
    assert "Taken in: 1 of pylint." in done.out


@pytest.mark.parametrize(
    ("provider", "named"),
    [
        ("anthropic", "ANTHROPIC_API_KEY"),
        ("openai", "OPENAI_API_KEY, and OPENAI_BASE_URL"),
        ("foundry", "ANTHROPIC_FOUNDRY_API_KEY"),
    ],
)
def test_what_the_chosen_provider_needs_is_said(tree: WorkTree, provider: str, named: str) -> None:
    done = run(tree, "audit", REVIEWER_PROVIDER=provider)

    assert (done.code, named in done.err) == (EXIT_USER, True)


def test_who_chose_the_local_engine_is_told_so(tree: WorkTree) -> None:
    done = run(tree, "audit", REVIEWER_ENGINE="local", REVIEWER_PROVIDER="openai")

    assert "set `engine` to auto or claude" in done.err
    assert "OPENAI_API_KEY" not in done.err
