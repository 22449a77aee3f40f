"""What a user can decide: every setting with its meaning, default and bounds. Pure: values.

Keys and tokens are never in here, because a settings value gets printed sooner or later. Nothing
in a file may say where the key is sent: a repository that one only looks at must not be able to
ask for it, so endpoints come from the environment alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args, get_type_hints

from reviewer.flow import Confidence, Severity

if TYPE_CHECKING:
    from pydantic import BaseModel

FailOn = Literal["critical", "high", "medium", "low", "never"]
Engine = Literal["auto", "claude", "local"]
Provider = Literal[
    "anthropic", "openai", "aws", "bedrock", "bedrock-legacy", "vertex", "google-cloud", "foundry"
]
CachePolicy = Literal["auto", "off", "5m", "1h"]
Depth = Literal["quick", "standard", "deep"]
Lens = Literal["correctness", "contracts", "security", "concurrency", "tests"]
Rounds = Literal["all", "new_or_severe"]
InferenceGeo = Literal["us", "global"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]
ForkAuthor = Literal["owner", "member", "collaborator", "contributor", "anyone"]


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

_MTOK = {"ge": 0, "le": 10_000, "allow_inf_nan": False, "strict": True}


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
    provider: Provider = field(
        default="anthropic",
        metadata=_says(
            "Whom Claude is asked of: Anthropic or a gateway with its API, an OpenAI-compatible "
            "endpoint, or a cloud. Where it is, and the key, stand in the environment."
        ),
    )
    window_tokens: int | None = field(
        default=None,
        metadata=_says(
            "How many tokens prompt and answer may have together, for a model of which neither "
            "the server nor the bundled table knows it, such as a local one.",
            ge=4096,
            le=10_000_000,
        ),
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
    check_run: bool = field(
        default=False,
        metadata=_says(
            "Make a check run that annotates the findings without a comment of their own; the "
            "token needs `checks: write`."
        ),
    )
    review_drafts: bool = field(default=False, metadata=_says("Review draft pull requests too."))
    skip_labels: tuple[str, ...] = field(
        default=("skip-review",),
        metadata=_says("A pull request with one of these labels is not reviewed by itself."),
    )
    fork_authors: tuple[ForkAuthor, ...] = field(
        default=("owner", "member", "collaborator"),
        metadata=_says(
            "Whose pull requests from forks are reviewed by themselves where such a run has the "
            "key (`reviewer init --forks`), by what GitHub says of their author."
        ),
    )
    fork_label: str = field(
        default="review-fork",
        metadata=_says(
            "Giving this label has one head of anybody's fork reviewed, in the workflow of "
            "`reviewer init --forks target`; empty: no label does."
        ),
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
    reviews_per_hour: float | None = field(
        default=None,
        metadata=_says(
            "How many reviews of this repository to expect in an hour; unset goes by those of the "
            "last weeks.",
            ge=0,
            le=10_000,
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
    max_usd_warm_per_day: float = field(
        default=2.0,
        metadata=_says(
            "Hard cap of a day for the workflow that keeps the code in the prompt cache between "
            "reviews (`reviewer init --warm`).",
            ge=0,
            le=1_000_000,
            allow_inf_nan=False,
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


def _told(kind: Any) -> Any:  # noqa: ANN401 - a type hint has no type
    """Return the type as outsiders may give it: to Python, and so to pydantic, `true` is 1."""
    from pydantic import BeforeValidator

    numbers = {int, float}.intersection((kind, *get_args(kind)))
    return Annotated[kind, BeforeValidator(_no_truth)] if numbers else kind


def _no_truth(value: object) -> object:
    from pydantic_core import PydanticCustomError

    if isinstance(value, bool):
        raise PydanticCustomError("number_type", "Input should be a number")
    return value


@cache
def shape() -> type[BaseModel]:
    """Return what parses settings that come from outside: pydantic's model of `Settings`.

    Made when something is given, because with pydantic it takes longer than a small review.
    """
    from pydantic import ConfigDict, Field, create_model

    types = {name: _told(kind) for name, kind in get_type_hints(Settings).items()}
    settings: dict[str, Any] = {
        each.name: (types[each.name], Field(each.default, **each.metadata))
        for each in fields(Settings)
    }
    return create_model(
        "Settings", __config__=ConfigDict(extra="forbid"), __doc__=Settings.__doc__, **settings
    )
