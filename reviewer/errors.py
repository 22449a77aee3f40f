"""The errors a user can meet, each with its exit code and its way out. Pure.

    ReviewerError                 what happened, and what to do about it
    ├── UserMustAct          2    arguments, settings, key missing, cap too small
    └── CouldNotFinish       3    API, git, GitHub, reply malformed or cut off

Exit code 1 is never an error: it means the review finished and found something at or above
`--fail-on`. Library exceptions are translated where they arise (`raise ... from error`), and
`cli.main` is the one place where an error becomes text and a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pydantic import ValidationError

EXIT_CLEAN = 0
EXIT_FOUND = 1
EXIT_USER = 2
EXIT_UNFINISHED = 3
EXIT_INTERRUPTED = 130


class ReviewerError(Exception):
    """Something a user can meet. `str()` says what happened; `way_out` says what to do.

    `may_be_billed` tells that a request without an answer may have to be paid for all the same.
    """

    exit_code: ClassVar[int] = EXIT_UNFINISHED

    def __init__(self, what: str, *, way_out: str) -> None:
        super().__init__(what)
        self.way_out = way_out
        self.may_be_billed = False


class UserMustAct(ReviewerError):
    """Nothing will work until the user changes an argument, a setting, a key or a cap."""

    exit_code = EXIT_USER


class CouldNotFinish(ReviewerError):
    """The review could not be finished, and trying again may help."""

    exit_code = EXIT_UNFINISHED


def first_mistake(error: ValidationError) -> str:
    """Return on one line where the first mistake is, if not at the top, and what it is."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    # pydantic would name a class of ours.
    unlike = first["type"] in ("model_type", "model_attributes_type", "dataclass_type")
    what = "an object should stand there" if unlike else " ".join(first["msg"].split())
    return f", at {where}: {what}" if where else f": {what}"
