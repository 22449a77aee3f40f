from __future__ import annotations

import argparse

import pytest

from reviewer.arguments import parser


def commands(whole: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (action,) = (each for each in whole._actions if isinstance(each, argparse._SubParsersAction))
    return dict(action.choices)


@pytest.mark.parametrize("name", commands(parser()))
def test_a_command_is_read_the_same_without_the_others(name: str) -> None:
    alone = commands(parser(name))

    assert list(alone) == [name]
    assert alone[name].format_help() == commands(parser())[name].format_help()


@pytest.mark.parametrize("name", ["", "-h", "packk", "pac"])
def test_a_name_of_no_command_is_read_with_all_of_them(name: str) -> None:
    assert parser(name).format_help() == parser().format_help()
