"""Dispatch; the one place where an error becomes text and an exit code.

Commands are imported when they run: `--help` and an idle hook must not pay for the SDK.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from reviewer.arguments import parser
from reviewer.errors import EXIT_INTERRUPTED, EXIT_UNFINISHED, CouldNotFinish, ReviewerError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit code. Nothing else in the package prints an error."""
    _open_streams()
    code = _run(vars(parser(*words[:1]).parse_args(words)))
    _let_go_of_broken_streams()
    return code


def _run(options: dict[str, Any]) -> int:
    try:
        code = _dispatch(**options)
        sys.stdout.flush()
    except ReviewerError as error:
        return _complain(error)
    except KeyboardInterrupt:
        _say("reviewer: interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`reviewer pack | head`): nothing more can be said to it.
        return EXIT_UNFINISHED
    except OSError as error:
        return _complain(CouldNotFinish(f"the system refused: {error}", way_out=_REFUSED))
    except Exception:  # noqa: BLE001 - a bug must never look like a finding, which is exit code 1
        import traceback

        _say(_plain(traceback.format_exc()))
        _say("reviewer: this is a bug in reviewer; nothing is finished")
        return EXIT_UNFINISHED
    return code


_REFUSED = "check the disk, its permissions and the place the output goes to, then run it again"


def _dispatch(*, command: str, verb: str, **options: object) -> int:
    """Call `reviewer.commands.<command>.<verb>` with its options by name."""
    function = getattr(import_module(f"reviewer.commands.{command}"), verb)
    code: int = function(**options)
    return code


def _complain(error: ReviewerError) -> int:
    _say(f"reviewer: {_plain(str(error))}\n  -> {_plain(error.way_out)}")
    if os.environ.get("GITHUB_ACTIONS") == "true":
        from reviewer.publish.neutralise import workflow_message

        message = workflow_message(f"{error}. {error.way_out}")
        _say(f"::error title=reviewer::{message}", sys.stdout)
    return error.exit_code


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
