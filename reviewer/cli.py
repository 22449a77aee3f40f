"""Dispatch; the one place where an error becomes text and an exit code.

Commands are imported when they run: `--help` and an idle hook must not pay for the SDK.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import TYPE_CHECKING

from reviewer.arguments import parser
from reviewer.errors import EXIT_INTERRUPTED, EXIT_UNFINISHED, ReviewerError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit code. Nothing else in the package prints an error."""
    options = vars(parser().parse_args(words))
    try:
        code = _dispatch(**options)
        sys.stdout.flush()
    except ReviewerError as error:
        _complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        print("reviewer: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`reviewer pack | head`): nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNFINISHED
    except Exception:  # noqa: BLE001 - a bug must never look like a finding, which is exit code 1
        traceback.print_exc()
        print("reviewer: this is a bug in reviewer; the review is not finished", file=sys.stderr)
        return EXIT_UNFINISHED
    return code


def _dispatch(*, command: str, verb: str, **options: object) -> int:
    """Call `reviewer.commands.<command>.<verb>` with its options by name."""
    function = getattr(import_module(f"reviewer.commands.{command}"), verb)
    code: int = function(**options)
    return code


def _complain(error: ReviewerError) -> None:
    print(f"reviewer: {_plain(str(error))}", file=sys.stderr)
    print(f"  -> {_plain(error.way_out)}", file=sys.stderr)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        from reviewer.publish.neutralise import workflow_message

        print(f"::error title=reviewer::{workflow_message(f'{error}. {error.way_out}')}")


def _plain(text: str) -> str:
    """Drop control characters: an error can quote a path or a server's words."""
    return "".join(character for character in text if character.isprintable() or character == "\n")
