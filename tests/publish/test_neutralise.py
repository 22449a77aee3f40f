from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reviewer.publish.neutralise import (
    code_block,
    code_span,
    cut,
    for_terminal,
    inline,
    log_line,
    neutralise,
    workflow_message,
    workflow_property,
)

GITHUB = MarkdownIt("commonmark").enable("table").enable("strikethrough")

NASTY = [
    *"\n\n\n   \t`*_~#@[]()<>!&|\\/-=+:$.1a0",
    "@octocat",
    "@org/team",
    "#12",
    "owner/repo#12",
    "GH-12",
    "https://evil.example/x.png",
    "www.evil.example",
    "me@evil.example",
    "![x](https://evil.example/x.png)",
    "[text](https://evil.example)",
    "[ref]: https://evil.example\n",
    "[^1]: note\n",
    "<img src=x>",
    "<https://evil.example>",
    "<!-- reviewer:v1 fp=00 -->",
    "<!--",
    "-->",
    "<details>",
    "```",
    "```suggestion\n",
    "````\n",
    "~~~",
    "`code`",
    "``",
    "\n- ",
    "\n1. ",
    "\n> ",
    "\n    ",
    "\n# ",
    "\n---\n",
    "\n===\n",
    "\n|a|b|\n|-|-|\n|",
    "\n/reviewer ",
    "&#64;",
    "&lt;",
    "&#8203;",
    "&amp;",
    "&#x60;",
    "\\",
    "\u200b",
    "\u202e",
    "\x1b[31m",
    "\r",
    "\u2028",
    "word",
]
hostile = st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=25).map("".join)


def tokens(markdown: str) -> list[object]:
    parsed = GITHUB.parse(markdown)
    return [*parsed, *(child for token in parsed for child in token.children or ())]


def kinds(markdown: str) -> set[str]:
    return {token.type for token in tokens(markdown)}


def shown_text(markdown: str) -> list[str]:
    """Every run of text outside code, as GitHub's filters look through it."""
    return [token.content for token in tokens(markdown) if token.type == "text"]


FORBIDDEN = {
    "html_block",
    "html_inline",
    "image",
    "link_open",
    "heading_open",
    "table_open",
    "hr",
    "blockquote_open",
}
REFERENCE = re.compile(r"@\w|#\d|GH-\d|://|www\.", re.IGNORECASE)


@settings(max_examples=400, deadline=None)
@given(hostile)
def test_neutral_text_holds_no_html_image_link_heading_table_or_quote(text: str) -> None:
    assert not kinds(neutralise(text)) & FORBIDDEN


@settings(max_examples=400, deadline=None)
@given(hostile)
def test_neutral_text_mentions_nobody_and_references_nothing(text: str) -> None:
    assert not [run for run in shown_text(neutralise(text)) if REFERENCE.search(run)]


@settings(max_examples=400, deadline=None)
@given(hostile)
def test_neutralising_twice_changes_nothing(text: str) -> None:
    once = neutralise(text)

    assert neutralise(once) == once


@settings(max_examples=200, deadline=None)
@given(hostile)
def test_what_follows_neutral_text_is_not_swallowed(text: str) -> None:
    last = GITHUB.parse(f"{neutralise(text)}\n\n<!-- after -->")[-1]

    assert (last.type, last.content.strip()) == ("html_block", "<!-- after -->")


@settings(max_examples=300, deadline=None)
@given(hostile, st.integers(200, 400))
def test_a_cut_text_keeps_the_limit_and_stays_harmless(text: str, limit: int) -> None:
    short = neutralise(text * 9, limit_characters=limit)

    assert len(short) <= limit
    assert not kinds(short) & FORBIDDEN


@settings(max_examples=400, deadline=None)
@given(hostile)
def test_an_inline_text_stays_in_its_table_cell(text: str) -> None:
    row = f"| a | b |\n| --- | --- |\n| {inline(text)} | end |"
    parsed = GITHUB.parse(row)

    assert len([token for token in parsed if token.type == "td_open"]) == 2
    assert not kinds(row) & (FORBIDDEN - {"table_open"})
    assert not [run for run in shown_text(row) if REFERENCE.search(run)]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from("`\n ")))
def test_a_fence_shows_printable_code_byte_for_byte(code: str) -> None:
    clean = "".join(char for char in code if char.isprintable() or char == "\n")
    (token,) = GITHUB.parse(code_block(clean))

    assert token.content == (clean if clean.endswith("\n") or not clean else clean + "\n")


@settings(deadline=None)
@given(st.text("`ab |\\<&*", min_size=1))
def test_a_code_span_shows_its_text_and_nothing_else(text: str) -> None:
    (inner,) = GITHUB.parse(f"x{code_span(text)}y")[1].children[1:-1]

    assert (inner.type, inner.content) == ("code_inline", text)


@pytest.mark.parametrize(
    ("text", "neutral"),
    [
        ("ping @octocat and @org/team", "ping @\u200boctocat and @\u200borg/team"),
        ("like #12, o/r#3 and GH-4", "like #\u200b12, o/r#\u200b3 and GH-\u200b4"),
        ("\\@octocat &#64;octocat", "\\@\u200boctocat \\@\u200boctocat"),
        ("see [docs](https://x.example)", "see \\[docs\\](https:\u200b//x.example)"),
        ("`@property` stays", "`@property` stays"),
        ("a <b>c</b> & d", "a &lt;b&gt;c&lt;/b&gt; &amp; d"),
        ("a<!-- hidden -->b", "ab"),
        ("`<!-- shown -->`", "`<!-- shown -->`"),
        ("call `a|b`", "call `a|b`"),
        ("__init__ of snake_case", "\\_\\_init\\_\\_ of snake\\_case"),
        ("# Title #\ntext", "**Title**\ntext"),
        ("Title\n===", "Title\n\\==="),
        ("/reviewer dismiss F1", "\\/reviewer dismiss F1"),
        ("<!-- x -->/merge", "\\/merge"),
        ("- a\n  - b\n1. c", "- a\n  - b\n1. c"),
        ("**bold** and *slanted*", "**bold** and *slanted*"),
        ("spoof\u202eed\u200b", "spoofed"),
        ("`a\u202eb`", "`a<U+202E>b`"),
        ("`a`&#8203;``<b>``", "`a` `<b>`"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("```suggestion\nrm -rf\n```", "```\nrm -rf\n```"),
        ("~~~\n```\n~~~", "````\n```\n````"),
        ("   ```py\n   if x:\n     y\n   ```", "```py\nif x:\n  y\n```"),
    ],
)
def test_neutralise_writes(text: str, neutral: str) -> None:
    assert neutralise(text) == neutral


def test_a_cut_inside_a_fence_closes_the_fence() -> None:
    text = "```py\n" + "x = 1\n" * 100 + "```"

    assert cut(text, limit_characters=100).endswith("```\n\n*(cut here: 96 more lines)*")


def test_a_text_of_one_long_line_is_still_told_in_part() -> None:
    assert neutralise("word " * 9_000, limit_characters=1_000).startswith("word word")


def test_a_bar_in_code_does_not_end_a_table_cell() -> None:
    assert inline("`a|<b>` or `c`") == "a&#124;&lt;b&gt; or `c`"


def test_a_title_is_cut_with_an_ellipsis() -> None:
    assert inline("word " * 9, limit_characters=10) == "word word…"


def test_a_terminal_gets_no_escape_code() -> None:
    assert for_terminal("\x1b[31mred\r\nnext\u202e") == "<U+001B>[31mred\nnext<U+202E>"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("::error::x", "| ::error::x"),
        ("  ::set-output name=a::b", "|   ::set-output name=a::b"),
        ("a ##[command]rm", "a # #[command]rm"),
        ("one\n::error::two", "one ::error::two"),
    ],
)
def test_a_log_line_is_no_workflow_command(text: str, line: str) -> None:
    assert log_line(text) == line


def test_a_workflow_message_keeps_to_one_line() -> None:
    assert workflow_message("50 %\nof ##[x]") == "50 %25%0Aof # #[x]"


def test_a_workflow_property_cannot_end_itself() -> None:
    assert workflow_property("a:b,c=::d") == "a%3Ab%2Cc=%3A%3Ad"
