from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from random import Random

import formats
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.pack import dummies, secret_rules
from reviewer.pack.placeholders import KNOWN_CHARACTERS, Placeholders
from reviewer.pack.secrets import WRITTEN, find

TABLE = json.loads(Path(secret_rules.__file__).with_suffix(".json").read_bytes())


def hidden(text: str, path: str = "a.py") -> str:
    return Placeholders().replace(text, find(text, path))


# --- what is found ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", formats.NAMES)
def test_a_secret_in_a_documented_format_is_replaced_whole(name: str) -> None:
    draws = [formats.draw(name, Random(f"{name}:{number}")) for number in range(20)]
    left = [text for text, value in draws if value in hidden(text)]

    assert len(left) <= (5 if name == "twilio-auth-token" else 1), left


def test_the_value_alone_is_replaced() -> None:
    text, value = formats.draw("github-classic", Random(1))

    assert hidden(text) == 'token = "[secret: github-pat #1]"\n'
    assert find(text, "a.py")[0].end - find(text, "a.py")[0].start == len(value)


def test_letters_beyond_ascii_and_beyond_unicode_shift_nothing() -> None:
    text, value = formats.draw("gitlab-pat", Random(1))

    assert hidden(f"é日\U0001f600\udc80 {text}") == "é日\U0001f600\udc80 " + hidden(text)
    assert value not in hidden(f"\0{text}")


def test_a_rule_for_one_kind_of_file_is_tried_there_alone() -> None:
    value = formats.draw("password-assigned", Random(1))[1]
    text = f"kind: Secret\nmetadata: {{name: x}}\ndata:\n  word: {value.encode().hex()}\n"

    assert find(text, "a.yaml")
    assert find(text, "a.txt") == ()


@pytest.mark.parametrize(
    "marker", ["gitleaks:allow", "betterleaks:allow", "pragma: allowlist secret"]
)
def test_a_comment_in_the_source_cannot_ask_for_a_secret_to_be_sent(marker: str) -> None:
    text, value = formats.draw("npm", Random(1))

    assert value not in hidden(f"{text.rstrip()}  # {marker}\n")


@pytest.mark.parametrize(
    "text",
    [
        'password = "password"',
        'password = "my-super-secret-password1"',
        "password = get_password(user)",
        "self.password = config.database.password1",
        "AWS_ACCESS_KEY_ID = AKIAIOSFODNN7EXAMPLE",
        'secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
        "https://user:pass@example.com/",
        "postgres://$USER:$PASSWORD@$HOST/db",
        'api_key = os.environ["INTERNAL_API_KEY_2"]',
        "token: ${{ secrets.GITHUB_TOKEN }}",
        "key: 123e4567-e89b-12d3-a456-426614174000",
        "commit = 9fceb02d0ae598e95dc970b74767f19372d61af8",
        '"integrity": "sha512-oRtFT5ZAdrdwZpEbQ5ZBmdNzQ1JFaF0Z5bTtQzSd6ZrGkRwVYVnD6uW7jk1zXo9Q=="',
        "token = canStartExprTokens2",
        "api: autoscaling/v2beta1",
        "uri = mongodb://root:${PASSWORD_1}@localhost/app",
        "token_type_handler_v2 = make_access_token_2",
    ],
)
def test_dummies_names_and_hashes_stay(text: str) -> None:
    assert hidden(text) == text


def test_what_two_rules_see_is_one_secret_by_the_name_of_the_format() -> None:
    text, value = formats.draw("digitalocean", Random(1))

    assert [secret.kind for secret in find(f"api_key_token={value}\n{text}", "a.py")] == [
        "digitalocean-pat",
        "digitalocean-pat",
    ]


# --- replacing --------------------------------------------------------------------------------


def test_a_key_of_several_lines_leaves_as_many_lines() -> None:
    key = formats.pem(Random(1))
    text = f"a\n{key}\nb\n"

    assert hidden(text) == "a\n[secret: private-key #1]" + "\n" * key.count("\n") + "\nb\n"


@pytest.mark.parametrize("lines", [slice(0, 5), slice(-5, None)], ids=["begin", "end"])
def test_what_a_hunk_shows_of_a_key_is_replaced(lines: slice) -> None:
    shown = formats.pem(Random(1)).split("\n")[lines]
    written = hidden("\n".join(["a = 1", *shown, "b = 2"])).split("\n")

    assert len(written) == len(shown) + 2
    assert all(len(line) < 64 for line in written)
    assert (written[0], written[-1]) == ("a = 1", "b = 2")


def test_a_value_keeps_its_number_and_numbers_count_by_kind() -> None:
    placeholders = Placeholders()
    drawn = [("github-classic", 1), ("github-classic", 2), ("npm", 1), ("github-classic", 1)]
    texts = [formats.draw(name, Random(seed))[0] for name, seed in drawn]
    written = [placeholders.replace(text, find(text, "a.py")) for text in texts]

    assert [WRITTEN.findall(text) for text in written] == [
        ["[secret: github-pat #1]"],
        ["[secret: github-pat #2]"],
        ["[secret: npm-access-token #1]"],
        ["[secret: github-pat #1]"],
    ]
    assert placeholders.receipt() == {"github-pat": 2, "npm-access-token": 1}


def test_a_placeholder_in_the_source_stays_and_is_not_counted() -> None:
    text = 'password = "[secret: github-pat #1]"\n'
    placeholders = Placeholders()

    assert placeholders.replace(text, find(text, "a.py")) == text
    assert placeholders.receipt() == {}


def test_a_known_value_is_replaced_where_no_rule_sees_it() -> None:
    text, value = formats.draw("datadog-api", Random(1))
    placeholders = Placeholders()
    placeholders.replace(text, find(text, "a.py"))
    bare = f"é revert {value}: oops\n"

    assert find(bare, "") == ()
    assert placeholders.replace_known(bare) == "é revert [secret: datadog-api-key #1]: oops\n"


def test_the_lines_of_a_known_key_are_known_too() -> None:
    key = formats.pem(Random(1))
    placeholders = Placeholders()
    placeholders.replace(key, find(key, "a.pem"))
    hunk = "\n".join("+" + line for line in key.split("\n")[3:5])

    assert (
        placeholders.replace_known(hunk) == "+[secret: private-key #1]\n+[secret: private-key #1]"
    )


def test_a_short_value_is_known_nowhere_else() -> None:
    text = "url = redis://:c0rr3ct-h@cache/0"
    placeholders = Placeholders()
    assert placeholders.replace(text, find(text, "a.py")) != text

    assert len("c0rr3ct-h") < KNOWN_CHARACTERS
    assert placeholders.replace_known("c0rr3ct-h") == "c0rr3ct-h"


SOURCES = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(["\n", "\r\n", " ", "password = ", "[secret: npm-access-token #7]", '"']),
        st.builds(
            lambda name, seed: formats.draw(name, Random(seed))[0],
            st.sampled_from(formats.NAMES),
            st.integers(0, 3),
        ),
    ),
    max_size=12,
).map("".join)


@given(SOURCES)
@settings(deadline=None)
def test_nothing_found_is_left_lines_stay_and_all_else_is_untouched(text: str) -> None:
    secrets = find(text, "a.py")
    written = Placeholders().replace(text, secrets)
    ends, starts = [0, *(s.end for s in secrets)], [*(s.start for s in secrets), len(text)]
    kept = [re.escape(text[end:start]) for end, start in zip(ends, starts, strict=True)]

    assert all(one.end <= other.start for one, other in pairwise(secrets))
    assert written.count("\n") == text.count("\n")
    assert re.fullmatch(rf"{WRITTEN.pattern}\n*".join(kept), written)
    assert secrets or written == text


@given(SOURCES)
@settings(deadline=None)
def test_replacing_twice_is_replacing_once(text: str) -> None:
    once = hidden(text)

    assert hidden(once) == once


@given(SOURCES)
@settings(deadline=None)
def test_no_known_value_is_left(text: str) -> None:
    placeholders = Placeholders()
    secrets = find(text, "a.py")
    placeholders.replace(text, secrets)
    again = placeholders.replace_known(text)

    assert again.count("\n") == text.count("\n") or any(
        "\r" in text[s.start : s.end] for s in secrets
    )
    for secret in secrets:
        value = text[secret.start : secret.end].strip()
        assert len(value) < KNOWN_CHARACTERS or "\n" in value or value not in again


# --- hostile texts ----------------------------------------------------------------------------


@given(st.binary(max_size=4000))
@settings(deadline=None)
def test_any_bytes_are_looked_through(data: bytes) -> None:
    text = data.decode("latin-1")

    assert hidden(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "a1B2" * 131_072,
        "".join(f'token_{n} = "ghp_{n:035}"\n' for n in range(10_000)),
        "-----BEGIN RSA PRIVATE KEY-----\n" * 16_000,
        "password=" * 57_000,
        "http://a:" * 57_000,
        "".join(keyword for rule in TABLE["rules"] for keyword in rule["keywords"]) * 100,
    ],
    ids=["one line", "near misses", "open keys", "passwords", "addresses", "every keyword"],
)
def test_half_a_megabyte_of_almost_secrets_is_looked_through(text: str) -> None:
    assert hidden(text).count("\n") == text.count("\n")


def test_a_secret_behind_every_keyword_there_is_is_still_seen() -> None:
    noise = "".join(keyword for rule in TABLE["rules"] for keyword in rule["keywords"])
    text, value = formats.draw("slack-bot", Random(1))

    assert value not in hidden(noise * 100 + "\n" + text)


def test_thousands_of_known_values_are_found_in_one_pass() -> None:
    random = Random(1)
    source = "".join(formats.draw("npm", random)[0] for _ in range(3_000))
    placeholders = Placeholders()
    written = placeholders.replace(source, find(source, ".npmrc"))

    assert placeholders.receipt() == {"npm-access-token": 3_000}
    assert placeholders.replace_known(source) == written


# --- the table --------------------------------------------------------------------------------


def test_every_rule_compiles_and_has_a_readable_kind_and_keywords() -> None:
    for rule in TABLE["rules"]:
        assert re2.compile(rule["pattern"]).groups >= rule["group"]
        assert rule["keywords"]
        assert WRITTEN.fullmatch(f"[secret: {rule['kind']} #1]")


def test_the_kinds_that_are_judged_by_their_values_are_in_the_table() -> None:
    kinds = {rule["kind"] for rule in TABLE["rules"]}

    assert kinds >= dummies.CHOSEN | dummies.DRAWN


def test_the_engine_says_which_rules_it_has() -> None:
    assert TABLE["source"].startswith("betterleaks 2.0.0,")
    assert "betterleaks 2.0.0" in secret_rules.ENGINE
