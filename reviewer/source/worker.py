"""The process that grammars run in: it reads a file, answers, and dies of its own clock. Does I/O.

A grammar is C code that reads hostile input, and Python cannot interrupt it. The system can: each
file gets so many seconds of processor time, counted by a timer whose signal nobody catches. So a
file that stalls ends this process, whatever the other side does or whether it is still there.

One file is answered before the next is read. Little is imported, because the review waits for it.
"""

from __future__ import annotations

import resource
import signal
import struct
import sys
from importlib import import_module
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

REQUEST = struct.Struct("<dIII")
"""Seconds that it may take, then the bytes of the work's name, of the language, of the source."""

ANSWER = struct.Struct("<dI")
"""Seconds that it took, then the bytes of what was made. The first answer only says hello."""

MOST_MEMORY_BYTES = 1 << 30
"""4 kB of `%w(` in Rust take half a gigabyte a second; a real file of 1 MB takes 0.1 GB in all."""


def serve() -> None:
    """Answer until nothing more is asked."""
    _bound()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _say(answers, 0.0, b"")
    known: dict[tuple[str, str], Callable[[bytes, str], bytes]] = {}
    while head := requests.read(REQUEST.size):
        most_seconds, *lengths = REQUEST.unpack(head)
        name, language, source = (requests.read(length) for length in lengths)
        key = name.decode(), language.decode()
        if key not in known:
            known[key] = _ready(*key)
        signal.setitimer(signal.ITIMER_PROF, most_seconds)
        began = process_time()
        made = known[key](source, key[1])
        signal.setitimer(signal.ITIMER_PROF, 0)
        _say(answers, process_time() - began, made)


def _bound() -> None:
    """Take no interrupt (the parent ends us), little memory, and leave nothing on the disk."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for what, most in (
        (resource.RLIMIT_DATA, MOST_MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, hard))


def _ready(name: str, language: str) -> Callable[[bytes, str], bytes]:
    """Return the work, with its grammar loaded: that takes up to a second, and is no file's fault.

    `name` is `module:function`.
    """
    module, _, function = name.partition(":")
    work: Callable[[bytes, str], bytes] = getattr(import_module(module), function)
    work(b"", language)
    return work


def _say(answers: BinaryIO, seconds: float, made: bytes) -> None:
    answers.write(ANSWER.pack(seconds, len(made)) + made)
    answers.flush()
