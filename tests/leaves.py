"""The commands of the command line, down to those that have no further ones."""

from __future__ import annotations

import argparse


def leaves(top: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    subs = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not subs:
        return [top]
    return [leaf for sub in subs[0].choices.values() for leaf in leaves(sub)]
