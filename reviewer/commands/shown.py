"""What commands print, and where: results on standard output, all else on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO


def said(text: str, *, quiet: bool = False) -> None:
    """Print what is no result on standard error, unless nobody wants to hear it."""
    if not quiet:
        print(text, file=sys.stderr)


@contextmanager
def written(output: Path | None, *, option: str = "-o") -> Iterator[TextIO]:
    """Give standard output, or the file that is to be written: opened before money is spent.

    `option` is where the user named the file.
    """
    if output is None:
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as stream:
            yield stream
    except OSError as error:
        raise UserMustAct(
            f"{output} cannot be written: {error.strerror}",
            way_out=f"name another file with {option}",
        ) from error
