"""One tracked file -> its class, with the name of the rule that decided. Pure.

Two steps: `by_name` before the file is opened, `by_content` once it has been read. In `by_name`
the first rule that fits wins:

    what git says it is                   submodule, symlink
    a name that means a credential        secret: nothing overrides that, not even `include`
    exclude, .reviewerignore              excluded
    a name that cannot be text            media, binary: not overridden either
    include                               sent, whatever the rules below say
    .gitattributes                        vendored, generated, docs
    well-known names (names.py)           lock, vendored, minified, generated, drawings
    size                                  too large
    folder, name, extension               test, docs, config, data, source
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, FileClass, Verdict
from reviewer.pack import content, names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.flow import TreeEntry
    from reviewer.pack.ignore import Mark, PathRules

SUBMODULE = "160000"
SYMLINK = "120000"
EXECUTABLE = "100755"

_MARKED = (
    ("linguist-vendored", FileClass.VENDORED),
    ("linguist-generated", FileClass.GENERATED),
)

INCLUDED = "include "
_NOT_GENERATED = "-linguist-generated"


def by_name(entry: TreeEntry, rules: PathRules, *, max_file_bytes: int) -> Verdict:
    """Return what the file is by its mode, path and size, and by what the users say about it."""
    return (
        _by_mode(entry)
        or _secret(entry.path, rules)
        or _excluded(entry.path, rules)
        or _not_text(entry.path)
        or _included(entry, rules)
        or _by_attributes(entry, rules, max_file_bytes=max_file_bytes)
    )


def by_content(verdict: Verdict, data: bytes) -> Verdict:
    """Refine the verdict on a file that may be sent, now that its bytes are known.

    What the user included stays included, unless it is binary, an LFS pointer or a key.
    """
    if verdict.file_class not in SENDABLE:
        return verdict
    if found := content.unsendable(data):
        return found
    if verdict.rule.startswith(INCLUDED):
        return verdict
    if _may_be_generated(verdict) and (found := content.generated(data, verdict)):
        return found
    return content.minified(data, verdict) or content.script(data, verdict) or verdict


def _may_be_generated(verdict: Verdict) -> bool:
    extension = verdict.rule.partition("extension .")[2].partition(",")[0]
    return _NOT_GENERATED not in verdict.rule and extension not in names.TEMPLATE_EXTENSIONS


def _verdict(file_class: FileClass, rule: str) -> Verdict:
    return Verdict(file_class=file_class, rule=rule)


def _by_mode(entry: TreeEntry) -> Verdict | None:
    if entry.mode == SUBMODULE:
        return _verdict(FileClass.SUBMODULE, "mode 160000")
    if entry.mode == SYMLINK:
        return _verdict(FileClass.SYMLINK, "mode 120000")
    return None


def _secret(path: str, rules: PathRules) -> Verdict | None:
    rule = _names_a_secret(path.lower())
    if not rule:
        return None
    override = rules.included_by(path)
    stays = f" (`{override}` cannot change that)" if override else ""
    return _verdict(FileClass.SECRET, f"{rule}{stays}")


def _names_a_secret(lower: str) -> str:
    """Return the rule by which a path means a credential, or nothing."""
    name = _last(lower)
    if name.endswith(names.TEMPLATE_ENDINGS) or names.SECRET_MANIFESTS.fullmatch(lower):
        return ""
    if (
        name in names.SECRET_NAMES
        or names.SECRET_SHAPES.fullmatch(name)
        or lower.endswith(names.SECRET_PATHS)
    ):
        return f"name {name}"
    extension = _extension(name)
    return f"extension .{extension}" if extension in names.SECRET_EXTENSIONS else ""


def _excluded(path: str, rules: PathRules) -> Verdict | None:
    rule = rules.excluded_by(path)
    return _verdict(FileClass.EXCLUDED, rule) if rule else None


def _not_text(path: str) -> Verdict | None:
    extension = _extension(_last(path).lower())
    if extension in names.MEDIA_EXTENSIONS:
        return _verdict(FileClass.MEDIA, f"extension .{extension}")
    if extension in names.BINARY_EXTENSIONS:
        return _verdict(FileClass.BINARY, f"extension .{extension}")
    return None


def _included(entry: TreeEntry, rules: PathRules) -> Verdict | None:
    rule = rules.included_by(entry.path)
    return _verdict(_nature(entry).file_class, rule) if rule else None


def _by_attributes(entry: TreeEntry, rules: PathRules, *, max_file_bytes: int) -> Verdict:
    marks = rules.marks(entry.path)
    for name, file_class in _MARKED:
        if (mark := marks.get(name)) and mark.is_set:
            return _verdict(file_class, mark.rule)
    if found := _well_known(entry.path, marks):
        return found
    if entry.size_bytes > max_file_bytes:
        return _verdict(FileClass.TOO_LARGE, f"{entry.size_bytes:,} bytes")
    documentation = marks.get("linguist-documentation")
    if documentation and documentation.is_set:
        return _verdict(FileClass.DOCS, documentation.rule)
    verdict = _nature(entry, docs_folders=documentation is None)
    if generated := marks.get("linguist-generated"):
        return _verdict(verdict.file_class, f"{verdict.rule}, {generated.rule}")
    return verdict


def _well_known(path: str, marks: Mapping[str, Mark]) -> Verdict | None:
    """Return what a name alone gives away; an attribute that is unset has the last word."""
    name = _last(path)
    lower = name.lower()
    if lower in names.LOCK_NAMES:
        return _verdict(FileClass.LOCK, f"name {name}")
    if "linguist-vendored" not in marks and (place := _vendored(path.lower())):
        return _verdict(FileClass.VENDORED, place)
    if names.MINIFIED.fullmatch(lower):
        return _verdict(FileClass.MINIFIED, f"name {name}")
    if "linguist-generated" not in marks and (found := _generated(path)):
        return found
    if _extension(lower) in names.DRAWING_EXTENSIONS:
        return _verdict(FileClass.MEDIA, f"extension .{_extension(lower)}")
    return None


def _generated(path: str) -> Verdict | None:
    lower = path.lower()
    if names.GENERATED.fullmatch(_last(lower)):
        return _verdict(FileClass.GENERATED, f"name {_last(path)}")
    if names.GENERATED_PATHS.fullmatch(lower):
        return _verdict(FileClass.GENERATED, "folder dist/")
    return None


def _vendored(lower: str) -> str:
    folders = lower.split("/")[:-1]
    for folder in folders:
        if folder in names.VENDORED_FOLDERS:
            return f"folder {folder}/"
    found = names.VENDORED_PATHS.match(lower)
    return f"path {found[0]}" if found else ""


def _nature(entry: TreeEntry, *, docs_folders: bool = True) -> Verdict:
    """Return which of the classes that are sent a file belongs to.

    The outermost folder that says something decides, then the name, then the extension.
    """
    return (
        _by_folder(entry.path, docs_folders=docs_folders)
        or _by_mode_bits(entry)
        or _by_file_name(_last(entry.path))
    )


def _by_folder(path: str, *, docs_folders: bool) -> Verdict | None:
    folders = path.split("/")[:-1]
    for depth, folder in enumerate(folders):
        lower = folder.lower()
        if lower in names.CONFIG_FOLDERS:
            return _verdict(FileClass.CONFIG, f"folder {folder}/")
        if docs_folders and depth == 0 and lower in names.DOCS_FOLDERS:
            return _verdict(FileClass.DOCS, f"folder {folder}/")
        if _holds_tests(folders, depth):
            return _verdict(FileClass.TEST, f"folder {folder}/")
    return None


def _holds_tests(folders: Sequence[str], depth: int) -> bool:
    folder = folders[depth]
    if folder == "test" and depth > 0 and folders[depth - 1] == "plugins":
        return False  # Ansible's Jinja tests are product code (docs: collection structure)
    tests = names.TEST_FOLDERS.fullmatch(folder.lower()) or names.TEST_SOURCE_SET.fullmatch(folder)
    return tests is not None


def _by_mode_bits(entry: TreeEntry) -> Verdict | None:
    if entry.mode == EXECUTABLE and "." not in _last(entry.path):
        return _verdict(FileClass.SOURCE, "mode 100755")
    return None


def _by_file_name(name: str) -> Verdict:
    lower = name.lower()
    extension = _extension(lower)
    by_extension = names.EXTENSION_CLASSES.get(extension)
    if names.TEST_NAMES.fullmatch(lower) or names.TEST_TYPES.fullmatch(name):
        return _verdict(FileClass.TEST, f"name {name}")
    if names.CONFIG_NAMES.fullmatch(lower) or (
        lower.startswith(".") and by_extension is not FileClass.DOCS
    ):
        return _verdict(FileClass.CONFIG, f"name {name}")
    if by_extension:
        return _verdict(by_extension, f"extension .{extension}")
    if names.DOCS_NAMES.fullmatch(lower):
        return _verdict(FileClass.DOCS, f"name {name}")
    what = f"extension .{extension}" if extension else "a name without extension"
    return _verdict(FileClass.DATA, f"{what}, which no rule knows")


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _extension(name: str) -> str:
    """Return what stands after the last dot; `.env` has the extension `env`."""
    return name.rpartition(".")[2] if "." in name else ""
