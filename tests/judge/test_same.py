"""One problem in two wordings, and two problems on one line: made up, as models write them."""

from __future__ import annotations

import pytest
from test_rounds import found, head

from reviewer.judge import entries
from reviewer.judge.same import match

ONE = [
    (
        "Missing null check on user.profile",
        (
            "`user.profile` may be None for accounts created by SSO, so `.avatar` raises "
            "AttributeError."
        ),
        "AttributeError when an SSO account has no profile",
        "For SSO logins profile is None; dereferencing avatar on it crashes the page.",
    ),
    (
        "SQL injection through the order parameter",
        "The `order` query parameter is concatenated into the SQL text without escaping.",
        "User input reaches the ORDER BY clause unescaped",
        (
            "`order` comes from the request and is pasted into the query string, so an "
            "attacker can inject SQL."
        ),
    ),
    (
        "File handle leaks when parsing fails",
        "`open` is not closed if `parse` raises; use a with statement.",
        "The file stays open on a parse error",
        (
            "If parse() raises an exception, close() is never reached. A context manager "
            "would fix it."
        ),
    ),
    (
        "Race between check and creation of the directory",
        "Another process can create the directory between exists() and mkdir().",
        "TOCTOU: mkdir may fail",
        (
            "exists() and mkdir() are not atomic; a second worker that creates the directory "
            "in between makes mkdir raise FileExistsError."
        ),
    ),
    (
        "Off-by-one in pagination",
        "The last page is skipped because the range ends at pages instead of pages + 1.",
        "The final page of results is never fetched",
        "range(1, pages) excludes the last page.",
    ),
    (
        "Timeout is given in milliseconds",
        (
            "requests expects seconds, but config.timeout holds milliseconds, so calls wait "
            "1000 times longer."
        ),
        "Wrong unit for the timeout",
        "config.timeout is in milliseconds while requests.get takes seconds.",
    ),
    (
        "Password is logged in clear text",
        "The debug line prints the whole payload, including password.",
        "Credentials end up in the log",
        "`logger.debug(payload)` writes the user's password to the log file.",
    ),
    (
        "Caller still passes two arguments",
        "create_user now requires a role, but signup.py calls it with two arguments.",
        "signup.py was not updated for the new parameter",
        (
            "The signature of create_user gained `role`; the call in signup.py omits it and "
            "raises TypeError."
        ),
    ),
]

TWO = [
    (
        "Missing null check on user.profile",
        (
            "`user.profile` may be None for accounts created by SSO, so `.avatar` raises "
            "AttributeError."
        ),
        "Avatar URL is not escaped",
        "The avatar comes from the user and is written into HTML without escaping: XSS.",
    ),
    (
        "SQL injection through the order parameter",
        "The `order` query parameter is concatenated into the SQL text without escaping.",
        "The query has no LIMIT",
        "All rows are loaded in memory, which times out for large tenants.",
    ),
    (
        "File handle leaks when parsing fails",
        "`open` is not closed if `parse` raises; use a with statement.",
        "The file is read with the platform's encoding",
        "open() without encoding uses cp1252 on Windows and breaks umlauts.",
    ),
    (
        "Off-by-one in pagination",
        "The last page is skipped because the range ends at pages instead of pages + 1.",
        "Requests are not retried",
        "A single 503 from the API aborts the whole export.",
    ),
    (
        "Timeout is given in milliseconds",
        (
            "requests expects seconds, but config.timeout holds milliseconds, so calls wait "
            "1000 times longer."
        ),
        "Certificate checks are disabled",
        "verify=False lets anybody intercept the call.",
    ),
    (
        "Password is logged in clear text",
        "The debug line prints the whole payload, including password.",
        "Log call serialises large uploads",
        "Formatting the payload copies uploads of many megabytes even if debug is off.",
    ),
]


@pytest.mark.parametrize("pair", ONE, ids=lambda pair: pair[2])
@pytest.mark.parametrize("category", ["correctness", "contract"])
def test_one_problem_in_other_words_is_known(
    pair: tuple[str, str, str, str], category: str
) -> None:
    title, gist, other_title, other_gist = pair
    known = entries.entry(found(title=title, explanation=gist), 1)
    again = found(title=other_title, explanation=other_gist, category=category)

    assert match([again], [known], head())


@pytest.mark.parametrize("pair", TWO, ids=lambda pair: pair[2])
def test_another_kind_of_problem_on_the_same_line_is_new(
    pair: tuple[str, str, str, str],
) -> None:
    title, gist, other_title, other_gist = pair
    known = entries.entry(found(title=title, explanation=gist), 1)
    new = found(title=other_title, explanation=other_gist, category="security")

    assert not match([new], [known], head())
