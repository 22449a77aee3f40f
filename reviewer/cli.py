"""Dispatch; the one place where an error becomes text and an exit code.

Commands are imported when they run: `--help` and an idle hook must not pay for the SDK.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from reviewer.arguments import parser
from reviewer.errors import EXIT_INTERRUPTED, EXIT_UNFINISHED, CouldNotFinish, ReviewerError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit code. Nothing else in the package prints an error."""
    _open_streams()
    code = _run(words)
    _let_go_of_broken_streams()
    return code


def _run(words: Sequence[str]) -> int:
    as_json = _asks_for_json(words)
    try:
        code = _dispatch(**vars(parser(*words[:1]).parse_args(words)))
        sys.stdout.flush()
    except ReviewerError as error:
        return _complain(error, as_json=as_json)
    except KeyboardInterrupt:
        _say("reviewer: interrupted")
        if as_json:
            _say_in_json("interrupted", exit_code=EXIT_INTERRUPTED)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`reviewer pack | head`): nothing more can be said to it.
        return EXIT_UNFINISHED
    except OSError as error:
        refused = CouldNotFinish(f"the system refused: {error}", way_out=_REFUSED)
        return _complain(refused, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - a bug must never look like a finding: exit code 1
        import traceback

        _say(_plain(traceback.format_exc()))
        _say(f"reviewer: {_BUG}")
        if as_json:
            _say_in_json(f"{_BUG}: {type(error).__name__}", exit_code=EXIT_UNFINISHED)
        return EXIT_UNFINISHED
    return code


def _asks_for_json(words: Sequence[str]) -> bool:
    """Whether standard output is to hold one JSON document, whatever happens.

    Looked up in the words, because they may be such that they cannot be parsed.
    """
    formats = ("--format", "json") in pairwise(words) or "--format=json" in words
    printed = tuple(words[:2]) in (("config", "show"), ("config", "schema"))
    return formats or "--json" in words or printed


_BUG = "this is a bug in reviewer; nothing is finished"
_REFUSED = "check the disk, its permissions and the place the output goes to, then run it again"


def _dispatch(*, command: str, verb: str, **options: object) -> int:
    """Call `reviewer.commands.<command>.<verb>` with its options by name."""
    function = getattr(import_module(f"reviewer.commands.{command}"), verb)
    code: int = function(**options)
    return code


def _complain(error: ReviewerError, *, as_json: bool) -> int:
    _say(f"reviewer: {_plain(str(error))}\n  -> {_plain(error.way_out)}")
    if as_json:
        _say_in_json(str(error), way_out=error.way_out, exit_code=error.exit_code)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        from reviewer.publish.neutralise import workflow_message

        message = workflow_message(f"{error}. {error.way_out}")
        # GitHub's runner hears commands on both streams.
        _say(f"::error title=reviewer::{message}", sys.stderr if as_json else sys.stdout)
    return error.exit_code


def _say_in_json(what: str, *, way_out: str = "", exit_code: int) -> None:
    from reviewer.publish.documents.failure import as_json

    _say(as_json(what, way_out=way_out, exit_code=exit_code), sys.stdout)


def _say(text: str, stream: TextIO | None = None) -> None:
    """Print, by default on standard error; if even that fails, the exit code is still ours."""
    with suppress(OSError):
        print(text, file=stream or sys.stderr)


def _plain(text: str) -> str:
    """Drop what an error may quote from a path or a server: control characters, log commands.

    GitHub's runner obeys `::` at the start of a line and `##[` anywhere in it.
    """
    shown = "".join(each for each in text if each.isprintable() or each == "\n")
    lines = shown.replace("##[", "# #[").split("\n")
    return "\n".join(f"| {line}" if line.lstrip().startswith("::") else line for line in lines)


def _open_streams() -> None:
    """Make what is printed printable: a closed stream is None, and an old locale knows no `é`.

    UTF-8 as in files, because the prompt is to come out byte for byte; a lone surrogate, which
    UTF-8 has not, is spelled out.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - to the end
            setattr(sys, name, nothing)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _let_go_of_broken_streams() -> None:
    """Point what cannot be written at nothing, or Python would fail on its way out, with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
