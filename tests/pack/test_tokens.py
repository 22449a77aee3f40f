from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.pack import tokens
from reviewer.pack.tokens import Family, exact, vocabulary

FAMILIES = pytest.mark.parametrize("family", Family)


@FAMILIES
def test_nothing_costs_nothing(family: Family) -> None:
    assert tokens.estimate("", "a.py", family) == 0
    assert tokens.estimate_bytes(0, "a.py", family) == 0
    assert tokens.estimate_sample(b"", family) == 0


@given(st.text(), st.text(), st.sampled_from(Family))
@settings(deadline=None)
def test_more_text_never_costs_much_less(text: str, more: str, family: Family) -> None:
    # Joining can make one word of two, or one run of blanks, and no more.
    joined = tokens.estimate(text + more, "a.py", family)

    assert joined >= tokens.estimate(text, "a.py", family) - 4


@given(st.text(st.characters(codec="ascii")), st.text(st.characters(codec="ascii")))
@settings(deadline=None)
def test_texts_on_lines_of_their_own_cost_about_their_sum(text: str, more: str) -> None:
    apart = tokens.estimate(text + "\n", "a.py") + tokens.estimate(more, "a.py")

    assert tokens.estimate(f"{text}\n{more}", "a.py") == pytest.approx(apart, abs=4)


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
# Counted with ctok 1.3.0 as of versions 4.8 and 3.0, in the middle of a message.
COUNTED = {
    "a.py": (121, 88, PYTHON),
    "a.ts": (107, 86, TYPESCRIPT),
    "a.md": (104, 76, PROSE),
    "a.c": (163, 134, C),
    "a.json": (87, 79, JSON),
    "capitals.py": (34, 23, "MAX_HTTP_SIZE = 'x'; don't GetURLName(\"a\", 12345)\n"),
    "accents.md": (15, 10, "caf\u00e9 na\u00efve \u00c9COLE \u00c9lan\n"),
    "cyrillic.md": (8, 8, "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440!\n"),
    "windows.c": (16, 16, "\tif (x) {\r\n\t\treturn 0;\r\n\t}\r\n"),
}


@pytest.mark.parametrize("path", COUNTED)
def test_the_estimate_is_the_count_of_the_tokenizer(path: str) -> None:
    current, earlier, text = COUNTED[path]

    assert tokens.estimate(text, path, Family.CURRENT) == current
    assert tokens.estimate(text, path, Family.EARLIER) == earlier


TYPOGRAPHY = "\u201cIt\u2019s\u201d \u2014 he said\u2026\n\u2192 \u00a74 \u20ac5"
CHINESE = "\u4f7f\u7528 Python \u7f16\u5199\u7684\u5de5\u5177\u3002\n"
EMOJI = "\U0001f389 done \u2705\n"


@pytest.mark.parametrize(
    ("current", "earlier", "text"),
    [(17, 16, TYPOGRAPHY), (13, 13, CHINESE), (9, 10, EMOJI)],
    ids=["typography", "chinese", "emoji"],
)
def test_beyond_letters_and_ascii_the_estimate_is_near(
    current: int, earlier: int, text: str
) -> None:
    assert tokens.estimate(text, "a.md", Family.CURRENT) == pytest.approx(current, abs=3)
    assert tokens.estimate(text, "a.md", Family.EARLIER) == pytest.approx(earlier, abs=3)


@FAMILIES
def test_what_is_priced_beforehand_costs_what_the_vocabulary_says(family: Family) -> None:
    known = vocabulary.load(family)
    words, between = known.common["words"], known.common["between"]

    assert words == {piece: exact.price_word(piece, known=known) for piece in words}
    assert between == {piece: exact.price_between(piece, known=known) for piece in between}
    assert min(*words.values(), *between.values()) >= 0


def test_the_version_changes_with_the_tables() -> None:
    folder = files("reviewer.pack.tokens")
    tables = sorted(file.name for file in folder.iterdir() if file.name.endswith(".json"))
    data = b"".join((folder / name).read_bytes() for name in tables)

    assert tokens.VERSION.endswith(hashlib.sha256(data).hexdigest()[:8])


HOSTILE = {
    "one letter": ("x", 500_000, 1),
    "one hump": ("xY", 250_000, 1),
    "one sign": ("-", 500_000, 0.4),
    "minified": ("function(a,b){return a[b]?c:d};", 16_000, 0.8),
    "blanks": (" ", 500_000, 0.2),
    "line ends": ("\n", 500_000, 0.2),
    "digits": ("7", 500_000, 0.5),
    "apostrophes": ("'s", 250_000, 0.8),
    "accents alone": ("\u0301", 250_000, 2),
    "chinese": ("\u6f22", 500_000, 4),
    "beyond the basic plane": ("\U0002f800", 125_000, 5),
    "controls": ("\0\1\2", 100_000, 0.3),
    "half a character": ("\ud800", 100_000, 3),
}


@FAMILIES
@pytest.mark.parametrize("name", HOSTILE)
def test_half_a_megabyte_without_an_end_has_a_price(name: str, family: Family) -> None:
    part, times, most_a_character = HOSTILE[name]
    text = part * times

    tokens_of_all = tokens.estimate(text, "a.js", family)
    tokens_of_a_tenth = tokens.estimate(part * (times // 10), "a.js", family)

    assert 0 < tokens_of_all <= most_a_character * len(text)
    assert tokens_of_all == pytest.approx(10 * tokens_of_a_tenth, rel=0.02)


@given(st.text(st.characters(min_codepoint=0x80), min_size=1), st.integers(1, 400))
@settings(deadline=None)
def test_any_characters_have_a_price_and_at_most_their_bytes_with_marks(
    text: str, times: int
) -> None:
    size_bytes = len((text * times).encode("utf-8", "replace"))

    assert 0 <= tokens.estimate(text * times, "a.txt") <= 3 * size_bytes


def test_a_sample_of_a_large_text_is_near_the_whole() -> None:
    text = "".join(text for _, _, text in COUNTED.values()) * 200

    assert tokens.estimate_sample(text.encode()) == pytest.approx(
        tokens.estimate(text, "a.txt"), rel=0.1
    )


def test_a_small_file_is_its_own_sample() -> None:
    assert tokens.estimate_sample(JSON.encode()) == tokens.estimate(JSON, "a.json")


@FAMILIES
def test_a_sample_of_bytes_that_are_no_text_has_a_price(family: Family) -> None:
    assert tokens.estimate_sample(bytes(range(256)) * 100, family) > 0


def test_a_kind_that_was_not_measured_has_a_price() -> None:
    assert 700 < tokens.estimate_bytes(2_200, "a.unheard-of") < 1_300


@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.go", "a.rs", "a.md", "a.unheard-of"])
def test_the_earlier_tokenizer_needs_fewer_tokens_for_the_same_size(path: str) -> None:
    earlier = tokens.estimate_bytes(10_000, path, Family.EARLIER)

    assert earlier < tokens.estimate_bytes(10_000, path, Family.CURRENT)


def test_the_language_is_told_by_extension_or_by_name() -> None:
    assert tokens.kind("src/A.PY") == "py"
    assert tokens.kind("src/Makefile") == "makefile"
    assert tokens.kind("my.folder/Makefile") == "makefile"


@pytest.mark.parametrize(
    "model",
    [
        "claude-opus-4-7",
        "claude-opus-4-8",
        "claude-opus-5",
        "claude-opus-5-5",
        "claude-sonnet-5-5",
        "claude-haiku-5-5",
        "claude-fable-5-2",
        "claude-mythos-preview",
        "anthropic/claude-opus-4.7",
        "claude-opus-10-1-20300101",
        "a-model-nobody-knows",
        "",
    ],
)
def test_models_from_4_7_on_and_unknown_ones_have_the_current_tokenizer(model: str) -> None:
    assert tokens.family_of(model) is Family.CURRENT


@pytest.mark.parametrize(
    "model",
    [
        "claude-opus-4-6",
        "claude-sonnet-4-6",
        "claude-sonnet-4-5-20250929",
        "claude-haiku-4-5",
        "claude-opus-4-20250514",
        "claude-opus-4-1@20250805",
        "claude-3-5-haiku-20241022",
        "claude-3-7-sonnet-latest",
        "anthropic/claude-sonnet-4.5",
        "anthropic/claude-3.5-haiku",
        "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "anthropic.claude-sonnet-4-20250514-v1:0",
        "CLAUDE-OPUS-4-6",
    ],
)
def test_models_before_4_7_have_the_earlier_tokenizer(model: str) -> None:
    assert tokens.family_of(model) is Family.EARLIER
