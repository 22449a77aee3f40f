from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.pack import tokens


def test_nothing_costs_nothing() -> None:
    assert tokens.estimate("", "a.py") == 0
    assert tokens.estimate_bytes(0, "a.py") == 0


@given(st.text(), st.text())
@settings(deadline=None)
def test_more_text_never_costs_much_less(text: str, more: str) -> None:
    # Joining can save the runs that meet, and no more.
    assert tokens.estimate(text + more, "a.py") >= tokens.estimate(text, "a.py") - 4


PYTHON = '''\
def fit(files, *, budget_tokens):
    """Keep the smallest files, up to the budget."""
    kept = []
    for file in sorted(files, key=lambda file: file.size_bytes):
        if file.tokens > budget_tokens:
            continue
        budget_tokens -= file.tokens
        kept.append(file)
    return tuple(kept)
'''
TYPESCRIPT = """\
export async function fetchUser(id: string, options: Options = {}): Promise<User> {
  const response = await client.get(`/users/${id}`, { ...defaults, ...options });
  if (!response.ok) {
    throw new HttpError(response.status, await response.text());
  }
  return parseUser(await response.json());
}
"""
PROSE = """\
# Reviewing a change

The whole repository is read once, and every answer is checked against what was sent.
Findings that quote nothing are dropped; the rest is posted on the pull request.

- Set a budget, so that there is no surprise on the bill.
- Put generated files into `.gitattributes`, and they are only listed.
"""
C = """\
static int read_header(struct reader *r, uint32_t *size)
{
\tunsigned char buf[8];

\tif (fread(buf, 1, sizeof(buf), r->file) != sizeof(buf))
\t\treturn -EIO;
\t*size = (buf[0] << 24) | (buf[1] << 16) | (buf[2] << 8) | buf[3];
\treturn memcmp(buf + 4, MAGIC, 4) == 0 ? 0 : -EINVAL;
}
"""
JSON = """\
{
  "name": "example",
  "version": "1.4.2",
  "scripts": { "build": "tsc --build", "test": "vitest run" },
  "dependencies": { "left-pad": "^1.3.0", "react": "^19.0.1" }
}
"""
# Counted with ctok 1.3.0 as of version 4.8.
COUNTED = {
    "a.py": (120, PYTHON),
    "a.ts": (106, TYPESCRIPT),
    "a.md": (103, PROSE),
    "a.c": (162, C),
    "a.json": (86, JSON),
}


@pytest.mark.parametrize("path", COUNTED)
def test_the_estimate_of_a_few_lines_is_near_the_count_of_the_tokenizer(path: str) -> None:
    counted, text = COUNTED[path]

    assert tokens.estimate(text, path) == pytest.approx(counted, rel=0.2)


def test_the_estimates_of_several_languages_together_are_within_a_tenth() -> None:
    counted = sum(count for count, _ in COUNTED.values())
    estimated = sum(tokens.estimate(text, path) for path, (_, text) in COUNTED.items())

    assert estimated == pytest.approx(counted, rel=0.1)


def test_a_kind_that_was_not_measured_has_a_price() -> None:
    assert tokens.estimate_bytes(2_200, "a.unheard-of") == 1_000


def test_the_language_is_told_by_extension_or_by_name() -> None:
    assert tokens.kind("src/A.PY") == "py"
    assert tokens.kind("src/Makefile") == "makefile"
    assert tokens.kind("my.folder/Makefile") == "makefile"


def test_text_that_cannot_be_encoded_still_has_a_price() -> None:
    assert tokens.estimate("\ud800 lone surrogate", "a.py") > 0
