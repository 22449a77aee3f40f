"""`reviewer init`: a commented `.reviewer.toml`, the workflows, and the hook if asked for.

All of them are generated: the settings from `Settings`, so that they cannot disagree, and the
workflows with their actions pinned.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import Enum
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.render import render
from reviewer.settings import Settings
from reviewer.source.handover import ARTIFACT
from reviewer.version import VERSION
from reviewer.wiring.local import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACTION = f"OWNER/reviewer@v{VERSION}"
"""Where the action is published: the one place that knows."""

NEXT = (
    "Next: in each workflow, put the repository that publishes the action in the place of OWNER;\n"
    "give your repository the secret ANTHROPIC_API_KEY; commit the files"
)

LABEL = "Then create the label {label}, for forks of people who are strangers to the repository"

CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
UPLOAD = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0"


TARGET, WORKFLOW_RUN = "target", "workflow-run"
FORKS = {
    TARGET: ("workflow-forks-target.yml",),
    WORKFLOW_RUN: ("workflow-handover.yml", "workflow-forks-run.yml"),
}
"""The ways to review pull requests from forks, and their templates."""

NAMES = {
    "workflow.yml": "reviewer",
    "workflow-warm.yml": "reviewer-warm",
    "workflow-handover.yml": "reviewer-handover",
    "workflow-forks-target.yml": "reviewer-forks",
    "workflow-forks-run.yml": "reviewer-forks",
}
"""What becomes of a template. Both ways end in a file of one name: with both, a pull request
would be reviewed twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as it is shown: `default` is TOML, empty for what is unset by default."""

    name: str
    description: str
    default: str
    choices: tuple[str, ...]


def run(
    *, folder: Path, hook: bool, force: bool, warm: bool = False, forks: str | None = None
) -> int:
    """Write what is not there yet at the root of the checkout; `force` overwrites.

    Raises `UserMustAct`.
    """
    root = _root(folder)
    for name, text in files(warm=warm, forks=forks):
        path = root / name
        if path.exists() and not force:
            print(f"Kept {path}: it was there before (--force overwrites it)")
            continue
        _check_links(path, below=root)
        _write(path, text)
        print(f"Wrote {path}")
    print(NEXT)
    if forks == TARGET:
        print(LABEL.format(label=Settings().fork_label))
    if not hook:
        return EXIT_CLEAN
    from reviewer.commands.hook import install

    return install(folder=folder, chain=False)


def _root(folder: Path) -> Path:
    with opened(folder) as repository:
        if repository.top is None:
            raise UserMustAct(
                f"{folder} is a bare repository", way_out="run it in a checkout, and commit there"
            )
        return repository.top


def files(*, warm: bool = False, forks: str | None = None) -> Iterator[tuple[str, str]]:
    """Give each file's path below the root, and its text.

    `warm` adds the workflow that keeps the prompt cache, `forks` (one of `FORKS`) what reviews
    pull requests from forks; the workflow for one's own branches then leaves those alone.
    """
    yield ".reviewer.toml", render("init/reviewer.toml.j2", settings=list(settings()))
    wanted = [
        "workflow.yml",
        *(["workflow-warm.yml"] if warm else []),
        *(FORKS[forks] if forks else ()),
    ]
    for name in wanted:
        text = render(
            f"init/{name}.j2",
            action=ACTION,
            checkout=CHECKOUT,
            upload=UPLOAD,
            forks=forks,
            artifact=ARTIFACT,
            label=Settings().fork_label,
            authors=Settings().fork_authors,
        )
        yield f".github/workflows/{NAMES[name]}.yml", text + "\n"


def settings() -> Iterator[Setting]:
    """Give every setting, in the order of `Settings`."""
    types = get_type_hints(Settings)
    for each in fields(Settings):
        yield Setting(
            name=each.name,
            description=each.metadata["description"],
            # JSON's texts, numbers, true, false and lists are TOML's as well.
            default="" if each.default is None else json.dumps(each.default),
            choices=_choices(types[each.name]),
        )


def _choices(annotation: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type has no narrower type
    """Return what a Literal or an enum allows, also behind `| None`; nothing for other types."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    nested = [part for part in get_args(annotation) if part not in (NoneType, Ellipsis)]
    if nested and all(isinstance(part, str) for part in nested):
        return tuple(nested)
    return _choices(nested[0]) if len(nested) == 1 else ()


def _check_links(path: Path, *, below: Path) -> None:
    """Raise `UserMustAct` where a link of the repository leads elsewhere, perhaps out of it."""
    ways = (path, *path.parents)
    link = next((each for each in ways[: ways.index(below)] if each.is_symlink()), None)
    if link:
        raise UserMustAct(
            f"{link} is a symbolic link, and what it leads to may be somebody else's",
            way_out="put a file or a folder in its place",
        )


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserMustAct(
            f"{path} cannot be written: {error.strerror}",
            way_out="check who may write to that folder",
        ) from error
