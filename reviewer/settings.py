"""Defaults < file < environment < flags -> one frozen `Settings`. Pure.

The file's text, the environment and the flags come in as arguments; `commands` reads them. Keys
and tokens are never in here, because a settings value gets printed sooner or later. Nothing in a
file may say where the key is sent: a repository that one only looks at must not be able to ask
for it, so endpoints come from the environment alone.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reviewer.errors import UserMustAct
from reviewer.flow import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

FILE_NAMES = (".reviewer.toml", "pyproject.toml")
"""Where settings may stand, first match wins; in pyproject.toml under `[tool.reviewer]`."""

PREFIX = "REVIEWER_"
LISTS = ("include", "exclude")
ELSEWHERE = frozenset({"cache_dir"})
"""Variables with our prefix that are no settings: no file may say where the cache stands."""

MOST_SHOWN = 60
"""Characters of a wrong value that its message quotes."""

FailOn = Literal["critical", "high", "medium", "low", "never"]
Engine = Literal["auto", "claude", "local"]
CachePolicy = Literal["auto", "off", "5m", "1h"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]


class Settings(BaseModel):
    """What a user can decide. Descriptions appear in the README and in `.reviewer.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Annotated[
        Engine,
        Field(
            description="Who reviews: Claude, or the local engine, which needs no key and sends "
            "nothing. Auto takes Claude where a key is set."
        ),
    ] = "auto"
    model: Annotated[str, Field(min_length=1, description="The Claude model that reviews.")] = (
        "claude-opus-5-5"
    )
    effort: Annotated[
        Effort | None,
        Field(description="How hard the model thinks; unset leaves the model's own default."),
    ] = None
    fail_on: Annotated[
        FailOn,
        Field(description="Exit with 1 when something at least this severe is found."),
    ] = "never"
    max_inline: Annotated[
        int,
        Field(ge=0, le=30, description="Most inline comments of one review; the rest collapses."),
    ] = 10
    min_severity: Annotated[
        Severity, Field(description="Less severe findings are collapsed in the summary.")
    ] = Severity.LOW
    min_confidence: Annotated[
        Confidence, Field(description="Less sure findings are collapsed in the summary.")
    ] = Confidence.LOW
    comment_when_clean: Annotated[
        bool, Field(description="Post the summary even when there is nothing to say.")
    ] = False
    review_drafts: Annotated[bool, Field(description="Review draft pull requests too.")] = False
    max_usd_per_review: Annotated[
        float,
        Field(
            gt=0,
            allow_inf_nan=False,
            description="Hard cap: a review that could cost more shows less code.",
        ),
    ] = 5.0
    max_output_tokens: Annotated[
        int,
        Field(ge=1024, le=128_000, description="Room for the model's thinking and answer."),
    ] = 64_000
    max_prompt_tokens: Annotated[
        int | None,
        Field(ge=1, description="Show at most this much; unset uses the model's whole window."),
    ] = None
    max_file_bytes: Annotated[
        int, Field(ge=1, description="A larger file is listed, not sent (unless included).")
    ] = 512 * 1024
    include: Annotated[
        tuple[str, ...],
        Field(description="Gitignore patterns of files to send although a rule would not."),
    ] = ()
    exclude: Annotated[
        tuple[str, ...], Field(description="Gitignore patterns of files never to send.")
    ] = ()
    cache: Annotated[
        CachePolicy,
        Field(description="Prompt cache: auto writes only when a later read should pay for it."),
    ] = "auto"
    reviews_per_hour: Annotated[
        float,
        Field(
            ge=0,
            le=10_000,
            description="How many reviews of this repository to expect in an hour.",
        ),
    ] = 0.0
    block_on_error: Annotated[
        bool, Field(description="Let the pre-push hook stop a push that could not be reviewed.")
    ] = False


def load(
    *,
    file_name: str = "",
    file_text: str = "",
    environment: Mapping[str, str],
    flags: Mapping[str, object],
) -> Settings:
    """Merge the four layers; a flag that is None was not given.

    Raises `UserMustAct` with every error at once, each naming where the value came from.
    """
    layers = {
        file_name or "file": _from_file(file_name, file_text),
        "environment": _from_environment(environment),
        "command line": {name: value for name, value in flags.items() if value is not None},
    }
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for source, values in layers.items():
        merged |= values
        origin |= dict.fromkeys(values, source)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise UserMustAct(_explain(error, origin), way_out=_WAY_OUT) from error


_WAY_OUT = "`reviewer config schema` lists every setting with its type and default"


def _from_file(name: str, text: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserMustAct(
            f"{name} is not valid TOML: {error}", way_out="mend the file, or remove it"
        ) from error
    return table_of(name, table)


def table_of(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """Return our part of a parsed file: all of `.reviewer.toml`, one table of pyproject.toml."""
    if not name.endswith("pyproject.toml"):
        return table
    tools = table.get("tool", {})
    ours = tools.get("reviewer", {}) if isinstance(tools, dict) else {}
    if not isinstance(ours, dict):
        raise UserMustAct(
            f"`reviewer` under [tool] in {name} is no table", way_out="write [tool.reviewer]"
        )
    return ours


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Read `REVIEWER_*`. An empty text is unset: GitHub gives unset secrets and inputs so.

    Lists are one pattern a line, or separated by commas. A name that is nearly a setting's is
    handed on as a mistake; one that resembles none is somebody else's.
    """
    values: dict[str, Any] = {}
    for variable in environment:
        name, text = variable.removeprefix(PREFIX).lower(), environment[variable].strip()
        if text and variable.startswith(PREFIX) and name not in ELSEWHERE and _close(name):
            values[name] = _split(text) if name in LISTS else text
    return values


def _split(text: str) -> tuple[str, ...]:
    parts = text.splitlines() if "\n" in text else text.split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _explain(error: ValidationError, origin: Mapping[str, str]) -> str:
    problems = [
        f"  {problem['loc'][0]} ({origin.get(str(problem['loc'][0]), 'default')}): "
        f"{_message(problem)}"
        for problem in error.errors()
    ]
    return "these settings cannot be used:\n" + "\n".join(dict.fromkeys(problems))


def _message(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        close = _close(name)
        return "no such setting" + (f"; did you mean {close}?" if close else "")
    says = "Input should be a list" if problem["type"] == "tuple_type" else problem["msg"]
    return f"{says}; it is {_shortened(repr(problem['input']))}"


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def _close(name: str) -> str:
    """Return the setting that `name` was probably meant to be, or an empty text."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(Settings.model_fields), n=1, cutoff=0.55)), "")
