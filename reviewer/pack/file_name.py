"""What the name of a file says about it, whatever folder it stands in. Pure.

Most names are ordinary: `fork.c` says what every name with its extension says. Whether a name is
ordinary is cheap to tell; only the others are held against the expressions of `names`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from reviewer.flow import FileClass, Verdict
from reviewer.pack import names

MOST_KEPT = 4096
"""Names like `Makefile` and `__init__.py` come again and again."""

_ORDINARY_EXTENSIONS = names.EXTENSION_CLASSES.keys() - {
    "bats", "dockerfile", "feature", "json", "phpt", "xml",
}  # fmt: skip
_BEGINNINGS = (
    "bsdmakefile", "cmakelists", "constraints", "containerfile", "dockerfile", "gnumakefile", "go",
    "gradlew", "makefile", "meson", "requirements", "secr", "setup", "test", "zz_generated",
)  # fmt: skip
_ENDINGS = (
    "-min", "_generated", "_pb", "_pb2", "_pb2_grpc", "it", "lock", "spec", "test", "testbase",
    "testcase", "tests",
)  # fmt: skip
"""What the part before the dot begins or ends with where an expression of `names` may fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSays:
    """What holds for every file of one name, each rule for itself."""

    secret: str
    """The rule by which it means a credential, or nothing."""

    not_text: Verdict | None
    lock: Verdict | None
    wrapper: bool
    """Whether it is a build tool's own script, which is vendored."""

    minified: Verdict | None
    generated: Verdict | None
    drawing: Verdict | None
    nature: Verdict


def says(name: str) -> NameSays:
    """Return what a name says."""
    lower = name.lower()
    return _ordinary(lower.partition(".")[2]) if is_ordinary(lower) else _read(name)


def is_ordinary(lower: str) -> bool:
    """Whether a name in lower case says no more than its extension does.

    Such a name has one dot, not in front, and fits no list and no expression of `names`.
    """
    stem, _, extension = lower.partition(".")
    return (
        extension in _ORDINARY_EXTENSIONS
        and stem != ""
        and not stem.startswith(_BEGINNINGS)
        and not stem.endswith(_ENDINGS)
    )


@lru_cache(MOST_KEPT)
def _ordinary(extension: str) -> NameSays:
    return _read(f"ordinary.{extension}")


@lru_cache(MOST_KEPT)
def _read(name: str) -> NameSays:
    """Hold a name against every list and expression."""
    lower = name.lower()
    extension = extension_of(lower)
    is_lock = lower in names.LOCK_NAMES
    is_minified = names.MINIFIED.fullmatch(lower)
    is_generated = names.GENERATED.fullmatch(lower)
    is_drawing = extension in names.DRAWING_EXTENSIONS
    return NameSays(
        secret=_secret(lower, extension),
        not_text=_not_text(extension),
        lock=_named(FileClass.LOCK, name) if is_lock else None,
        wrapper=names.VENDORED_PATHS.match(lower) is not None,
        minified=_named(FileClass.MINIFIED, name) if is_minified else None,
        generated=_named(FileClass.GENERATED, name) if is_generated else None,
        drawing=_ending(FileClass.MEDIA, extension) if is_drawing else None,
        nature=_nature(name, lower, extension),
    )


def _secret(lower: str, extension: str) -> str:
    if lower.endswith(names.TEMPLATE_ENDINGS):
        return ""
    if lower in names.SECRET_NAMES or names.SECRET_SHAPES.fullmatch(lower):
        return f"name {lower}"
    return f"extension .{extension}" if extension in names.SECRET_EXTENSIONS else ""


def _not_text(extension: str) -> Verdict | None:
    if extension in names.MEDIA_EXTENSIONS:
        return _ending(FileClass.MEDIA, extension)
    if extension in names.BINARY_EXTENSIONS:
        return _ending(FileClass.BINARY, extension)
    return None


def _nature(name: str, lower: str, extension: str) -> Verdict:
    """Return which of the classes that are sent a file of this name belongs to."""
    by_extension = names.EXTENSION_CLASSES.get(extension)
    if names.TEST_NAMES.fullmatch(lower) or names.TEST_TYPES.fullmatch(name):
        return _named(FileClass.TEST, name)
    if names.CONFIG_NAMES.fullmatch(lower) or (
        lower.startswith(".") and by_extension is not FileClass.DOCS
    ):
        return _named(FileClass.CONFIG, name)
    if by_extension:
        return _ending(by_extension, extension)
    if names.DOCS_NAMES.fullmatch(lower):
        return _named(FileClass.DOCS, name)
    what = f"extension .{extension}" if extension else "a name without extension"
    return Verdict(file_class=FileClass.DATA, rule=f"{what}, which no rule knows")


def _named(file_class: FileClass, name: str) -> Verdict:
    return Verdict(file_class=file_class, rule=f"name {name}")


def _ending(file_class: FileClass, extension: str) -> Verdict:
    return Verdict(file_class=file_class, rule=f"extension .{extension}")


def extension_of(name: str) -> str:
    """Return what stands after the last dot; `.env` has the extension `env`."""
    return name.rpartition(".")[2] if "." in name else ""
