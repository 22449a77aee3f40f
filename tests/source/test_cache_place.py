"""Where the cache stands: the environment alone says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.errors import UserMustAct
from reviewer.layers import ELSEWHERE, PREFIX
from reviewer.source.cache_place import VARIABLE, cache_folder


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {}, "/home/ada/.cache/reviewer"),
        ("linux", {"XDG_CACHE_HOME": "/big"}, "/big/reviewer"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/ada/.cache/reviewer"),
        ("darwin", {"XDG_CACHE_HOME": "/big"}, "/home/ada/Library/Caches/reviewer"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/reviewer/Cache"),
        ("win32", {}, "/home/ada/AppData/Local/reviewer/Cache"),
        ("linux", {VARIABLE: "/mine"}, "/mine"),
        ("linux", {VARIABLE: ""}, "/home/ada/.cache/reviewer"),
    ],
)
def test_it_stands_where_the_system_keeps_such_things_or_where_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], folder: str
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")

    assert cache_folder(environment, platform=platform) == Path(folder)


def test_off_is_no_folder() -> None:
    assert cache_folder({VARIABLE: "off"}) is None


@pytest.mark.parametrize("text", [".cache", "~/cache", "Off"])
def test_a_relative_folder_is_refused_because_it_would_lie_in_the_checkout(text: str) -> None:
    with pytest.raises(UserMustAct, match="no absolute path"):
        cache_folder({VARIABLE: text})


def test_the_variable_is_known_to_be_no_setting() -> None:
    assert VARIABLE.removeprefix(PREFIX).lower() in ELSEWHERE
