"""Hold the index of Python files against Python's own `ast`: definitions to imports.

    python benchmarks/index_check.py REPOSITORY...

Printed for each: how many there are, how many only `ast` and only the index has, and the first
few of those. Files that `ast` refuses are counted and left out.
"""

from __future__ import annotations

import argparse
import ast
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.flow import SymbolKind
from reviewer.index.languages import Language
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 5
NAMED = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS)
Seen = dict[str, Counter[tuple[object, ...]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    warnings.simplefilter("ignore")  # invalid escapes in the files
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for path in (
        p for each in parser.parse_args().repositories for p in sorted(each.rglob("*.py"))
    ):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            totals["files"]["refused"] += 1
            continue
        totals["files"]["read"] += 1
        compare(path, by_ast(tree), by_index(path.read_bytes()), totals)
    for what, counts in totals.items():
        print(what, dict(counts))


def compare(path: Path, theirs: Seen, ours: Seen, totals: dict[str, Counter[str]]) -> None:
    for what, wanted in theirs.items():
        totals[what]["all"] += wanted.total()
        for side, only in (("ast", wanted - ours[what]), ("index", ours[what] - wanted)):
            if only and totals[what][f"only {side}"] < SHOWN:
                print(what, "only in", side, path, next(iter(only)))
            totals[what][f"only {side}"] += only.total()


def by_index(source: bytes) -> Seen:
    symbols = symbols_of(source, Language.PYTHON)
    calls = references_of(source, Language.PYTHON).calls
    named = [one for one in symbols.definitions if one.kind in NAMED]
    return {
        "definitions": Counter((d.name, d.container, d.first_line) for d in named),
        "parameters": Counter(
            (d.name, d.first_line, tuple((p.name, str(p.kind), p.optional) for p in d.parameters))
            for d in named
            if d.parameters is not None
        ),
        "calls": Counter((c.name, c.line, c.positional, c.keywords, c.open_ended) for c in calls),
        "imports": Counter((i.module, i.line, i.names, i.wildcard) for i in symbols.imports),
    }


def by_ast(tree: ast.Module) -> Seen:
    found: Seen = {"definitions": Counter(), "parameters": Counter()}
    for node, container, method in definitions(tree, "", method=False):
        line = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        found["definitions"][node.name, container, line] += 1
        if not isinstance(node, ast.ClassDef) and not node.decorator_list:
            found["parameters"][node.name, line, signature(node.args, method=method)] += 1
    found["calls"] = Counter(calls(tree))
    found["imports"] = Counter(imports(tree))
    return found


def definitions(
    node: ast.AST, container: str, *, method: bool
) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield child, container, method
            inner = f"{container}.{child.name}" if container else child.name
            yield from definitions(child, inner, method=isinstance(child, ast.ClassDef))
        else:
            yield from definitions(child, container, method=method)


def signature(given: ast.arguments, *, method: bool) -> tuple[tuple[str, str, bool], ...]:
    placed = [(each.arg, "positional") for each in given.posonlyargs]
    placed += [(each.arg, "either") for each in given.args]
    required = len(placed) - len(given.defaults)
    found = [(name, kind, at >= required) for at, (name, kind) in enumerate(placed)]
    found = found[1:] if method else found
    if given.vararg:
        found.append((given.vararg.arg, "variadic", True))
    for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        found.append((each.arg, "keyword", default is not None))
    if given.kwarg:
        found.append((given.kwarg.arg, "keyword variadic", True))
    return tuple(found)


def calls(tree: ast.Module) -> Iterator[tuple[object, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := called(node.func)):
            splats = sum(isinstance(each, ast.Starred) for each in node.args)
            names = tuple(each.arg for each in node.keywords if each.arg)
            hidden = splats > 0 or len(names) < len(node.keywords)
            yield name, node.func.end_lineno, len(node.args) - splats, names, hidden
        for each in getattr(node, "decorator_list", ()):
            if name := called(each):
                yield name, each.end_lineno, 1, (), False


def called(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def imports(tree: ast.Module) -> Iterator[tuple[object, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                names = (("", each.asname),) if each.asname else ()
                yield each.name, node.lineno, names, False
        elif isinstance(node, ast.ImportFrom):
            star = node.names[0].name == "*"
            pairs = tuple((each.name, each.asname or each.name) for each in node.names)
            module = "." * node.level + (node.module or "")
            yield module, node.lineno, () if star else pairs, star


if __name__ == "__main__":
    main()
