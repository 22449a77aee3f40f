"""The commands of the command line, down to those without further ones, and their examples."""

from __future__ import annotations

import argparse
import re


def leaves(top: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    subs = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not subs:
        return [top]
    return [leaf for sub in subs[0].choices.values() for leaf in leaves(sub)]


def examples(of: argparse.ArgumentParser) -> list[tuple[str, str]]:
    """Return the examples at the end of a command's help, each with what it does."""
    shown = of.format_help().partition("\nexamples:\n")[2]
    found = re.findall(r"^  (\S.*)\n      (\S.*)\n", shown, re.MULTILINE)
    assert "".join(f"  {words}\n      {does}\n" for words, does in found) == shown
    return found
