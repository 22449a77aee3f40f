"""A run kept as one JSON file, to be posted or rendered again for nothing. Does I/O.

The file is written whole or not at all, so a crash never leaves half a bundle.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from reviewer.disk import check_replaceable, read_at_most, write_whole
from reviewer.errors import CouldNotFinish, UserMustAct, first_mistake
from reviewer.flow import Run
from reviewer.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "reviewer-bundle/1"
"""Goes up when an older `reviewer` could not read the file any more."""

MOST_BYTES = 256 * 1024 * 1024
"""A bundle of a 13,000-file repository is about 5 MB; a larger file is not one of ours."""

TRIED_BYTES = 1024 * 1024
"""A disk with less room than this is full for us; most bundles are smaller."""


@cache
def _run() -> TypeAdapter[Run]:
    """Return what writes and reads a run: made when there is one, because it takes a while."""
    return TypeAdapter(Run)


class BundleFile:
    """Keeps a run at `path`; an earlier state of the run is replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def check(self) -> None:
        """Try the place out, before there is something to lose; raises `UserMustAct`."""
        try:
            check_replaceable(self.path)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path.parent) as file:
                file.write(bytes(TRIED_BYTES))
        except OSError as error:
            raise UserMustAct(
                f"nothing can be kept in {self.path}: {error.strerror}",
                way_out="free the disk or name another place with --bundle",
            ) from error

    def keep(self, run: Run) -> None:
        """Write the run; raises `CouldNotFinish` when the disk refuses."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, dumps(run))
        except OSError as error:
            raise CouldNotFinish(
                f"the bundle could not be written to {self.path}: {error}",
                way_out="free the disk or name another place with --bundle",
            ) from error


def dumps(run: Run) -> bytes:
    """Return the run as JSON text; keys are stable and documented by `FORMAT`."""
    return json.dumps(
        {"format": FORMAT, **_run().dump_python(run, mode="json")}, ensure_ascii=True, indent=1
    ).encode()


def load(path: Path) -> Run:
    """Read a bundle back; raises `UserMustAct` when it is not one."""
    try:
        data = read_at_most(path, MOST_BYTES)
        if data is None:
            raise UserMustAct(f"{path} is too large for a bundle", way_out=_WAY_OUT)
        value = json.loads(data)
    except OSError as error:
        raise UserMustAct(f"{path} cannot be read: {error.strerror}", way_out=_WAY_OUT) from error
    except (ValueError, RecursionError) as error:  # the latter for brackets in brackets
        raise UserMustAct(f"{path} is not JSON: {error}", way_out=_WAY_OUT) from error
    found = value.pop("format", None) if isinstance(value, dict) else None
    if found != FORMAT:
        raise _other_format(path, found, value)
    try:
        return _run().validate_json(json.dumps(value))
    except ValidationError as error:
        raise UserMustAct(f"{path} is damaged{first_mistake(error)}", way_out=_WAY_OUT) from error


def _other_format(path: Path, found: object, value: object) -> UserMustAct:
    name = FORMAT.partition("/")[0]
    if not (isinstance(found, str) and isinstance(value, dict) and found.startswith(name)):
        return UserMustAct(f"{path} is not a bundle of format {FORMAT}", way_out=_WAY_OUT)
    return UserMustAct(
        f"{path} is of format {found}, and reviewer {VERSION} reads {FORMAT}",
        way_out=f"use the version that wrote it: {value.get('version', 'it does not say which')}",
    )


_WAY_OUT = "give the file that `reviewer review` or `reviewer github` said it kept"
