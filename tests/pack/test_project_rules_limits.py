"""Whatever stands in the files of rules, what is shown of them keeps to its limits."""

from __future__ import annotations

from random import Random

import pytest
from formats import draw
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.flow import FileClass, ProjectRules, TreeEntry, Verdict
from reviewer.pack import project_rules
from reviewer.pack.placeholders import Placeholders
from reviewer.pack.tokens import Family, estimate
from reviewer.settings import Rule

DOCS = Verdict(file_class=FileClass.DOCS, rule="extension .md")
NAMES = st.sampled_from([project_rules.REVIEW_FILE, *project_rules.AGENT_FILES])
FOLDERS = st.sampled_from(["", "a/", "a/b/", "c/"])
TEXTS = st.text(st.sampled_from("ab c\n</rules>é🙂"), max_size=60).map(lambda text: text * 400)


def chosen(
    files: dict[str, str],
    paths: set[str],
    *,
    budget_tokens: int = 1_000_000,
    rules: tuple[Rule, ...] = (),
) -> ProjectRules:
    texts = {f"{number:040x}": text for number, text in enumerate(files.values())}
    entries = [
        (TreeEntry(path, oid, "100644", len(texts[oid])), DOCS)
        for path, oid in zip(files, texts, strict=True)
    ]
    return project_rules.choose(
        entries,
        rules,
        paths,
        read=lambda oid: texts[oid].encode(),
        budget_tokens=budget_tokens,
        family=Family.CURRENT,
    )


@settings(deadline=None)
@given(
    st.dictionaries(st.tuples(FOLDERS, NAMES).map("".join), TEXTS, max_size=8),
    st.sets(FOLDERS.map(lambda folder: f"{folder}x.py"), max_size=4),
    st.integers(1, 400_000),
)
def test_the_limits_hold_and_what_holds_for_all_does_not_depend_on_the_change(
    files: dict[str, str], paths: set[str], budget_tokens: int
) -> None:
    rules = chosen(files, paths, budget_tokens=budget_tokens)

    most = min(project_rules.MOST_TOKENS, int(budget_tokens * project_rules.MOST_SHARE))
    for group in (rules.everywhere, rules.here):
        assert sum(rule.use.tokens for rule in group) <= most
        assert all(rule.use.tokens <= project_rules.MOST_TOKENS_EACH for rule in group)
    assert rules.everywhere == chosen(files, set(), budget_tokens=budget_tokens).everywhere
    assert len({use.source for use in rules.uses}) == len(rules.uses)
    assert {use.source for use in rules.uses} <= set(files)


@pytest.mark.parametrize("text", ["x" * 400_000, "🙂" * 100_000, "word " * 100_000])
def test_one_endless_line_is_cut_within_it(text: str) -> None:
    (rule,) = chosen({"REVIEW.md": text}, set()).everywhere

    kept = rule.text.partition("\n[")[0]
    assert text.startswith(kept)
    assert project_rules.MOST_TOKENS_EACH * 0.9 < rule.use.tokens <= project_rules.MOST_TOKENS_EACH
    assert estimate(kept, "rules.md", Family.CURRENT) <= project_rules.MOST_TOKENS_EACH


def test_no_half_of_a_secret_is_left_at_the_cut() -> None:
    line, token = draw("github-classic", Random(1))
    for shift in range(0, 60, 7):
        text = "ab " * 5_980 + "x" * shift + " " + line + " " + "ab " * 5_000
        (rule,) = chosen({"REVIEW.md": text}, set()).everywhere
        (shown,) = project_rules.redacted([rule], Placeholders())

        assert not any(token[:size] in shown.text for size in range(12, len(token)))


def test_a_rule_for_a_path_comes_before_files_and_deeper_files_before_others() -> None:
    files = dict.fromkeys(("a/REVIEW.md", "a/b/REVIEW.md", "a/AGENTS.md", "c/REVIEW.md"), "text")
    rules = (Rule(instructions="r", paths=("*.py",)),)
    found = chosen(files, {"a/b/x.py"}, rules=rules).here

    assert [rule.use.source for rule in found] == [
        "[[rules]] 1",
        "a/b/REVIEW.md",
        "a/REVIEW.md",
        "a/AGENTS.md",
    ]
