"""Whether a call fits what a definition takes. Pure.

Only what is certain counts as a misfit: a splat, an unknown signature or a language that does not
hold a call to it (JavaScript and PHP take further arguments) all fit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import ParameterKind
from reviewer.index.languages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import Call, Parameter

_BY_POSITION = (ParameterKind.EITHER, ParameterKind.POSITIONAL)
_BY_NAME = (ParameterKind.EITHER, ParameterKind.KEYWORD)
_TAKES_MORE = frozenset((Language.PHP, Language.JAVASCRIPT))
"""Further arguments are dropped in silence there (PHP manual, "Function arguments")."""

_TRAILING = frozenset((Language.KOTLIN, Language.SWIFT, Language.SCALA))
"""A block behind the parentheses is the last parameter there, whatever was left out before it."""


def misfit(call: Call, parameters: Sequence[Parameter], language: Language) -> str:
    """Return why the call cannot be right, in words that follow "it"; empty when it may be."""
    if call.open_ended:
        return ""
    if language in _TRAILING and call.positional and parameters:
        before = replace(call, positional=call.positional - 1)
        if not _misfit(before, parameters[:-1], language):
            return ""  # the last argument may be a block behind the parentheses
    return _misfit(call, parameters, language)


def _misfit(call: Call, parameters: Sequence[Parameter], language: Language) -> str:
    positional, keywords = _counted(call, parameters, language)
    ordered = [one for one in parameters if one.kind in _BY_POSITION]
    return (
        _too_many(positional, ordered, parameters, language)
        or _unknown_keyword(keywords, parameters)
        or _left_out(positional, keywords, ordered, parameters)
    )


def _counted(
    call: Call, parameters: Sequence[Parameter], language: Language
) -> tuple[int, tuple[str, ...]]:
    """Return how many arguments come by position, and which by name.

    In Ruby, names that no parameter takes are gathered into one hash (Ruby docs, "Calling
    Methods").
    """
    if language is Language.RUBY and call.keywords and not _takes_names(parameters):
        return call.positional + 1, ()
    return call.positional, call.keywords


def _takes_names(parameters: Sequence[Parameter]) -> bool:
    kinds = (ParameterKind.KEYWORD, ParameterKind.KEYWORD_VARIADIC)
    return any(one.kind in kinds for one in parameters)


def _too_many(
    positional: int,
    ordered: Sequence[Parameter],
    parameters: Sequence[Parameter],
    language: Language,
) -> str:
    open_ended = any(one.kind is ParameterKind.VARIADIC for one in parameters)
    if open_ended or positional <= len(ordered) or language in _TAKES_MORE:
        return ""
    return f"gives {_arguments(positional)} where {len(ordered)} can be taken"


def _unknown_keyword(keywords: Sequence[str], parameters: Sequence[Parameter]) -> str:
    if any(one.kind is ParameterKind.KEYWORD_VARIADIC for one in parameters):
        return ""
    known = {one.name for one in parameters if one.kind in _BY_NAME}
    unknown = [name for name in keywords if name not in known]
    return f"names an argument `{unknown[0]}` that is not taken" if unknown else ""


def _left_out(
    positional: int,
    keywords: Sequence[str],
    ordered: Sequence[Parameter],
    parameters: Sequence[Parameter],
) -> str:
    by_name = [one for one in parameters if one.kind is ParameterKind.KEYWORD]
    unnamed = [one for one in ordered if one.name not in keywords]  # Kotlin mixes both
    missing = [
        one.name
        for one in (*unnamed[positional:], *by_name)
        if not one.optional and one.name not in keywords
    ]
    return f"leaves out the required argument `{missing[0]}`" if missing else ""


def _arguments(count: int) -> str:
    return f"{count} positional argument{'' if count == 1 else 's'}"
