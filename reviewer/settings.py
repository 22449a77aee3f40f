"""Defaults < file < environment < flags -> one frozen `Settings`. Pure.

The file's text, the environment and the flags come in as arguments; `commands` reads them. Keys
and tokens are never in here, because a settings value gets printed sooner or later. Nothing in a
file may say where the key is sent: a repository that one only looks at must not be able to ask
for it, so endpoints come from the environment alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_type_hints

from reviewer.errors import UserMustAct
from reviewer.flow import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

FILE_NAMES = (".reviewer.toml", "pyproject.toml")
"""Where settings may stand, first match wins; in pyproject.toml under `[tool.reviewer]`."""

PREFIX = "REVIEWER_"
LISTS = ("include", "exclude", "lenses", "skip_labels")
ELSEWHERE = frozenset({"cache_dir"})
"""Variables with our prefix that are no settings: no file may say where the cache stands."""

MOST_PARTS = 100
_LONG_KEY = re.compile(
    rf"""(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}"""
)

MOST_SHOWN = 60
"""Characters of a wrong value that its message quotes."""

FailOn = Literal["critical", "high", "medium", "low", "never"]
Engine = Literal["auto", "claude", "local"]
CachePolicy = Literal["auto", "off", "5m", "1h"]
Depth = Literal["quick", "standard", "deep"]
Lens = Literal["correctness", "contracts", "security", "concurrency", "tests"]
Rounds = Literal["all", "new_or_severe"]
InferenceGeo = Literal["us", "global"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]


MOST_RULES = 200
"""More tables are no rules any more; each is held against every changed path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a project asks of a review: of every one, or of changes to some files.

    `paths` are gitignore patterns; without any, the rule holds for every change.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}

    instructions: str = field(metadata={"min_length": 1})
    paths: tuple[str, ...] = ()


MOST_PRICES = 50
"""More models than any gateway's user reviews with."""

_MTOK = {"ge": 0, "le": 10_000, "allow_inf_nan": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a model costs here, in USD for a million tokens, in the place of the list price.

    What is not given about the cache follows from `input_usd` by Anthropic's usual multipliers:
    1.25 and 2 for a write, 0.1 for a read (platform.claude.com, "Pricing").
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}

    model: str = field(metadata={"min_length": 1})
    input_usd: float = field(metadata=_MTOK)
    output_usd: float = field(metadata=_MTOK)
    cache_write_5m_usd: float | None = field(default=None, metadata=_MTOK)
    cache_write_1h_usd: float | None = field(default=None, metadata=_MTOK)
    cache_read_usd: float | None = field(default=None, metadata=_MTOK)

    @property
    def write_5m_usd(self) -> float:
        """What is written for five minutes."""
        return _or(self.cache_write_5m_usd, 1.25 * self.input_usd)

    @property
    def write_1h_usd(self) -> float:
        """What is written for an hour."""
        return _or(self.cache_write_1h_usd, 2 * self.input_usd)

    @property
    def read_usd(self) -> float:
        """What is read from the cache."""
        return _or(self.cache_read_usd, 0.1 * self.input_usd)


def _or(given: float | None, usual: float) -> float:
    return usual if given is None else given


def _says(description: str, **bounds: float) -> dict[str, object]:
    """Return what is known of a setting beside its type; the bounds are in pydantic's words."""
    return {"description": description, **bounds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user can decide. Descriptions appear in the README and in `.reviewer.toml`."""

    engine: Engine = field(
        default="auto",
        metadata=_says(
            "Who reviews: Claude, or the local engine, which needs no key and sends nothing. Auto "
            "takes Claude where a key is set."
        ),
    )
    model: str = field(
        default="claude-opus-5-5", metadata=_says("The Claude model that reviews.", min_length=1)
    )
    depth: Depth = field(
        default="standard",
        metadata=_says(
            "Quick asks once. Standard looks again at what was found, with a small second call "
            "that may only refute. Deep asks once for each lens, over one cached prompt, and then "
            "looks again."
        ),
    )
    lenses: tuple[Lens, ...] = field(
        default=("correctness", "contracts", "security", "concurrency", "tests"),
        metadata=_says("What the passes of a deep review look for.", min_length=1),
    )
    effort: Effort | None = field(
        default=None,
        metadata=_says("How hard the model thinks; unset leaves the model's own default."),
    )
    fail_on: FailOn = field(
        default="never",
        metadata=_says("Exit with 1 when something at least this severe is found."),
    )
    max_inline: int = field(
        default=10,
        metadata=_says("Most inline comments of one review; the rest collapses.", ge=0, le=30),
    )
    min_severity: Severity = field(
        default=Severity.LOW, metadata=_says("Less severe findings are collapsed in the summary.")
    )
    min_confidence: Confidence = field(
        default=Confidence.LOW, metadata=_says("Less sure findings are collapsed in the summary.")
    )
    comment_when_clean: bool = field(
        default=False, metadata=_says("Post the summary even when there is nothing to say.")
    )
    rounds: Rounds = field(
        default="new_or_severe",
        metadata=_says(
            "What later pushes are told: all, or only what is about new code or severe. Nothing "
            "is told twice either way."
        ),
    )
    resolve_fixed: bool = field(
        default=False,
        metadata=_says(
            "Resolve the thread of a finding that was mended; the token needs `contents: write`."
        ),
    )
    review_drafts: bool = field(default=False, metadata=_says("Review draft pull requests too."))
    skip_labels: tuple[str, ...] = field(
        default=("skip-review",),
        metadata=_says("A pull request with one of these labels is not reviewed by itself."),
    )
    max_changed_lines: int | None = field(
        default=20_000,
        metadata=_says(
            "Claude is not asked about a change of more lines; lines of files that are never sent "
            "(lock files, generated ones) do not count.",
            ge=1,
        ),
    )
    max_usd_per_review: float = field(
        default=5.0,
        metadata=_says(
            "Hard cap: a review that could cost more shows less code.", gt=0, allow_inf_nan=False
        ),
    )
    max_usd_per_pull_request: float = field(
        default=25.0,
        metadata=_says(
            "Hard cap over all reviews of a pull request; after it only an ordered one starts.",
            gt=0,
            allow_inf_nan=False,
        ),
    )
    max_output_tokens: int = field(
        default=64_000,
        metadata=_says("Room for the model's thinking and answer.", ge=1024, le=128_000),
    )
    max_prompt_tokens: int | None = field(
        default=None,
        metadata=_says("Show at most this much; unset uses the model's whole window.", ge=1),
    )
    max_file_bytes: int = field(
        default=512 * 1024,
        metadata=_says("A larger file is listed, not sent (unless included).", ge=1),
    )
    include: tuple[str, ...] = field(
        default=(),
        metadata=_says("Gitignore patterns of files to send although a rule would not."),
    )
    exclude: tuple[str, ...] = field(
        default=(), metadata=_says("Gitignore patterns of files never to send.")
    )
    cache: CachePolicy = field(
        default="auto",
        metadata=_says("Prompt cache: auto writes only when a later read should pay for it."),
    )
    reviews_per_hour: float = field(
        default=0.0,
        metadata=_says(
            "How many reviews of this repository to expect in an hour.", ge=0, le=10_000
        ),
    )
    snapshot_hour: int = field(
        default=0,
        metadata=_says(
            "The hour (UTC) at which a day begins: its reviews share one snapshot of the code in "
            "the prompt cache.",
            ge=0,
            le=23,
        ),
    )
    inference_geo: InferenceGeo | None = field(
        default=None,
        metadata=_says(
            "Keep the model's work in this region, for a tenth more; unset leaves it to the "
            "workspace. Anthropic's own endpoint only."
        ),
    )
    price_factor: float = field(
        default=1.0,
        metadata=_says(
            "What is billed for a dollar of the list price: a gateway's surcharge or rebate.",
            gt=0,
            le=100,
        ),
    )
    prices: tuple[Price, ...] = field(
        default=(),
        metadata=_says(
            "Tables `[[prices]]` at the end of the file, in USD for a million tokens: `model`, "
            "`input_usd`, `output_usd` and, if they are not the usual multiples, "
            "`cache_write_5m_usd`, `cache_write_1h_usd`, `cache_read_usd`.",
            max_length=MOST_PRICES,
        ),
    )
    block_on_error: bool = field(
        default=False,
        metadata=_says("Let the pre-push hook stop a push that could not be reviewed."),
    )
    rules: tuple[Rule, ...] = field(
        default=(),
        metadata=_says(
            "Tables `[[rules]]` at the end of the file: `instructions` for every review or, with "
            "`paths` (gitignore patterns), for changes to those files.",
            max_length=MOST_RULES,
        ),
    )


@cache
def shape() -> type[BaseModel]:
    """Return what parses settings that come from outside: pydantic's model of `Settings`.

    Made when something is given, because with pydantic it takes longer than a small review.
    """
    from pydantic import ConfigDict, Field, create_model

    types = get_type_hints(Settings)
    settings: dict[str, Any] = {
        each.name: (types[each.name], Field(each.default, **each.metadata))
        for each in fields(Settings)
    }
    return create_model(
        "Settings", __config__=ConfigDict(extra="forbid"), __doc__=Settings.__doc__, **settings
    )


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
    return _parsed(merged, origin) if merged else Settings()


def _parsed(merged: dict[str, Any], origin: Mapping[str, str]) -> Settings:
    from pydantic import ValidationError

    try:
        return Settings(**dict(shape().model_validate(merged)))
    except ValidationError as error:
        raise UserMustAct(_explain(error, origin), way_out=_WAY_OUT) from error


_WAY_OUT = "`reviewer config schema` lists every setting with its type and default"


def _from_file(name: str, text: str) -> dict[str, Any]:
    if not text:
        return {}
    import tomllib

    if _LONG_KEY.search(text):  # tomllib takes time in the square of a key's parts, and more
        raise UserMustAct(
            f"{name} has a key of more than {MOST_PARTS} parts", way_out="mend the file"
        )
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
        f"  {_place(problem)} ({origin.get(str(problem['loc'][0]), 'default')}): "
        f"{_message(problem)}"
        for problem in error.errors()
    ]
    return "these settings cannot be used:\n" + "\n".join(dict.fromkeys(problems))


def _place(problem: ErrorDetails) -> str:
    """Return the setting that is wrong; of a table among several its number and key too."""
    name, *inner = problem["loc"]
    if name not in _TABLES or not inner:
        return str(name)
    table, *keys = inner
    return ", ".join([f"[[{name}]] {int(table) + 1}", *map(str, keys[:1])])


def _message(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0])
    if problem["type"] == "unexpected_keyword_argument":
        keys = ", ".join(f"`{each.name}`" for each in fields(_TABLES[name]))
        return f"no such key; the keys of a table [[{name}]] are {keys}"
    if problem["type"] == "missing":
        return "it must be there"
    if problem["type"] == "extra_forbidden":
        close = _close(name)
        return "no such setting" + (f"; did you mean {close}?" if close else "")
    says = _SAYS.get(problem["type"], problem["msg"])
    return f"{says}; it is {_shortened(repr(problem['input']))}"


_TABLES: dict[str, type[Rule | Price]] = {"rules": Rule, "prices": Price}

_SAYS = {"tuple_type": "Input should be a list", "dataclass_type": "Input should be a table"}
"""What pydantic would say in the words of Python."""


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def _close(name: str) -> str:
    """Return the setting that `name` was probably meant to be, or an empty text."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, _names(), n=1, cutoff=0.55)), "")


def _names() -> list[str]:
    return [each.name for each in fields(Settings)]
