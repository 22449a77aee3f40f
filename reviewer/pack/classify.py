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

What a folder says is worked out in `folder`, what a name says in `file_name`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, FileClass, Verdict
from reviewer.pack import content, file_name, folder, names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.flow import TreeEntry
    from reviewer.pack.file_name import NameSays
    from reviewer.pack.folder import FolderSays
    from reviewer.pack.ignore import Mark, PathRules

SUBMODULE = "160000"
SYMLINK = "120000"
EXECUTABLE = "100755"

_BY_MODE = {
    SUBMODULE: Verdict(file_class=FileClass.SUBMODULE, rule="mode 160000"),
    SYMLINK: Verdict(file_class=FileClass.SYMLINK, rule="mode 120000"),
}
_SCRIPT = Verdict(file_class=FileClass.SOURCE, rule="mode 100755")
_BUNDLE = Verdict(file_class=FileClass.GENERATED, rule="folder dist/")

_MARKED = (
    ("linguist-vendored", FileClass.VENDORED),
    ("linguist-generated", FileClass.GENERATED),
)

INCLUDED = "include "
_NOT_GENERATED = "-linguist-generated"


def by_name(entry: TreeEntry, rules: PathRules, *, max_file_bytes: int) -> Verdict:
    """Return what the file is by its mode, path and size, and by what the users say about it."""
    if by_mode := _BY_MODE.get(entry.mode):
        return by_mode
    path = entry.path
    above, _, name = path.rpartition("/")
    place, called = folder.says(above), file_name.says(name)
    return (
        _secret(path, place, called, rules)
        or _excluded(path, rules)
        or called.not_text
        or _included(entry, place, called, rules)
        or _by_attributes(entry, place, called, rules.marks(path), max_file_bytes=max_file_bytes)
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


def _secret(path: str, place: FolderSays, called: NameSays, rules: PathRules) -> Verdict | None:
    rule = called.secret
    if not rule and not place.holds_secrets:
        return None
    lower = path.lower()
    if rule and names.SECRET_MANIFESTS.fullmatch(lower):
        return None
    if not rule and lower.endswith(names.SECRET_PATHS):
        rule = f"name {lower.rpartition('/')[2]}"
    if not rule:
        return None
    override = rules.included_by(path)
    stays = f" (`{override}` cannot change that)" if override else ""
    return _verdict(FileClass.SECRET, f"{rule}{stays}")


def _excluded(path: str, rules: PathRules) -> Verdict | None:
    rule = rules.excluded_by(path)
    return _verdict(FileClass.EXCLUDED, rule) if rule else None


def _included(
    entry: TreeEntry, place: FolderSays, called: NameSays, rules: PathRules
) -> Verdict | None:
    rule = rules.included_by(entry.path)
    return _verdict(_nature(entry, place.nature, called).file_class, rule) if rule else None


def _by_attributes(
    entry: TreeEntry,
    place: FolderSays,
    called: NameSays,
    marks: Mapping[str, Mark],
    *,
    max_file_bytes: int,
) -> Verdict:
    for name, file_class in _MARKED if marks else ():
        if (mark := marks.get(name)) and mark.is_set:
            return _verdict(file_class, mark.rule)
    if found := _well_known(entry.path, place, called, marks):
        return found
    if entry.size_bytes > max_file_bytes:
        return _verdict(FileClass.TOO_LARGE, f"{entry.size_bytes:,} bytes")
    documentation = marks.get("linguist-documentation")
    if documentation and documentation.is_set:
        return _verdict(FileClass.DOCS, documentation.rule)
    by_folder = place.nature_but_docs if documentation else place.nature
    verdict = _nature(entry, by_folder, called)
    if generated := marks.get("linguist-generated"):
        return _verdict(verdict.file_class, f"{verdict.rule}, {generated.rule}")
    return verdict


def _well_known(
    path: str, place: FolderSays, called: NameSays, marks: Mapping[str, Mark]
) -> Verdict | None:
    """Return what a path alone gives away; an attribute that is unset has the last word."""
    if called.lock:
        return called.lock
    vendored = place.vendored or (called.wrapper and _wrapper(path))
    if vendored and "linguist-vendored" not in marks:
        return _verdict(FileClass.VENDORED, vendored)
    if called.minified:
        return called.minified
    if "linguist-generated" not in marks:
        if called.generated:
            return called.generated
        if place.holds_bundles and names.GENERATED_PATHS.fullmatch(path.lower()):
            return _BUNDLE
    return called.drawing


def _wrapper(path: str) -> str:
    found = names.VENDORED_PATHS.match(path.lower())
    return f"path {found[0]}" if found else ""


def _nature(entry: TreeEntry, by_folder: Verdict | None, called: NameSays) -> Verdict:
    """Return which of the classes that are sent a file belongs to.

    The outermost folder that says something decides, then the name, then the extension.
    """
    if by_folder:
        return by_folder
    if entry.mode == EXECUTABLE and "." not in entry.path.rpartition("/")[2]:
        return _SCRIPT
    return called.nature
