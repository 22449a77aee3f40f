"""Claims of absence -> those that the codebase does not contradict. Pure.

"X is undefined", "X is never called" is the largest class of false alarms of reviewers that see a
part of the code only. A counter-example in the reviewed tree drops such a finding. What cannot be
refuted for certain is kept: a name in too many files, a name that could be something else's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.flow import ClaimKind, Rejected
from reviewer.index.languages import Language, language_of
from reviewer.index.modules import SCRIPT, Modules, stem
from reviewer.index.ties import Target, import_line, imports_of, tied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.flow import Definition, Finding
    from reviewer.index.lookup import Codebase, Source

_ABSENT = (ClaimKind.UNDEFINED, ClaimKind.MISSING)
_IDLE = (ClaimKind.UNUSED, ClaimKind.NEVER_CALLED)

_NEEDS_IMPORT = SCRIPT | {Language.PYTHON, Language.RUST}
"""There a name that another file defines is undefined here, unless it is brought here."""

_ARGUMENTS = re.compile(r"\s*(?:\(.*|<.*>)$", re.DOTALL)
_PARTS = re.compile(r"::|->|[.#\\/]")
_NAME = re.compile(r"[$@]{0,2}(\w+[?!]?)")
_LONGEST_SYMBOL = 300


def refute(
    findings: Sequence[Finding], codebase: Codebase
) -> tuple[tuple[Finding, ...], tuple[Rejected, ...]]:
    """Hold claims of absence to the tree at head; each finding comes out once.

    The reason of a rejection names the path and line that contradict the claim.
    """
    modules = Modules(codebase.files)
    codebase.find([name for one in findings if (name := _parts(one.symbol)[1])])
    kept, rejected = [], []
    for finding in findings:
        why = _counter_example(finding, codebase, modules)
        if why:
            rejected.append(Rejected(finding=finding, why=why))
        else:
            kept.append(finding)
    return tuple(kept), tuple(rejected)


def _counter_example(finding: Finding, codebase: Codebase, modules: Modules) -> str:
    container, name = _parts(finding.symbol)
    language = language_of(finding.place.path)
    if not name or language is None:
        return ""
    hits = codebase.hits(name, language)
    if hits.unknown:
        return ""
    here = codebase.source(finding.place.path)
    if finding.claim in _ABSENT and here:
        return _defined(container, name, here, tuple(hits.sources))
    if finding.claim in _IDLE:
        return _used(finding, container, name, tuple(hits.sources), modules)
    return ""


def _parts(symbol: str) -> tuple[str, str]:
    """Return the container and the name that a symbol means, however a model writes it."""
    plain = _ARGUMENTS.sub("", symbol[:_LONGEST_SYMBOL].strip().strip("`'\"").strip())
    found = [_NAME.fullmatch(part) for part in _PARTS.split(plain)]
    names = [one[1] for one in found if one]
    if not names or len(names) != len(found):
        return "", ""
    return (names[-2] if len(names) > 1 else ""), names[-1]


def _defined(container: str, name: str, here: Source, sources: Sequence[Source]) -> str:
    """Return where something stands that the name can mean in a file, or nothing."""
    for source in sources:
        for one in source.symbols.definitions:
            if one.name == name and _can_be_meant(one, container, source, here):
                return f"`{name}` is defined in `{source.path}`, line {one.first_line:,}"
    return ""


def _can_be_meant(one: Definition, container: str, source: Source, here: Source) -> bool:
    if container:
        owner = one.container.rpartition(".")[2] or stem(source.path)
        return owner == container
    if source.path == here.path:
        return True
    if one.container:
        return False
    return here.language not in _NEEDS_IMPORT or bool(imports_of(one.name, here))


def _used(
    finding: Finding, container: str, name: str, sources: Sequence[Source], modules: Modules
) -> str:
    """Return where the one definition that the claim can mean is used, or nothing."""
    found = [
        (source, one)
        for source in sources
        for one in source.defines(name)
        if not container or _can_be_meant(one, container, source, source)
    ]
    if len(found) != 1:
        return ""
    ((home, definition),) = found
    if home.path != finding.place.path:
        return ""  # the claim may be about an import of it, which is used or not by itself
    target = Target.of(definition, home, name=name)
    line = next(_uses(target, definition, sources, modules), None)
    return f"`{name}` is used in {line}" if line else ""


def _uses(
    target: Target, definition: Definition, sources: Sequence[Source], modules: Modules
) -> Iterator[str]:
    for source in sources:
        inside = range(definition.first_line, definition.last_line + 1)
        imported = {
            import_line(one, target.name, source) for one in imports_of(target.name, source)
        }
        for mention in source.references.mentions:
            own = source.path == target.path and mention.line in inside
            if mention.name != target.name or mention.binds or own or mention.line in imported:
                continue
            if tied(mention, target, source, modules):
                yield f"`{source.path}`, line {mention.line:,}"
