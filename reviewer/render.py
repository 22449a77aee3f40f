"""Templates -> text. Reads template files; the only module that knows jinja2.

Templates hold the words, never the decisions: what they are given is already harmless and in
order. A name that a template asks for and was not given is an error.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

_PACKAGE = Path(__file__).parent
_PLACES = (_PACKAGE / "templates", _PACKAGE.parent / "templates")
"""In an installed wheel, and in a checkout."""


def render(name: str, **values: object) -> str:
    """Return the template `name` filled with `values`, without a newline at its end."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        autoescape=False,  # noqa: S701 - templates are Markdown and prompts, not HTML
        loader=jinja2.FileSystemLoader(next(place for place in _PLACES if place.is_dir())),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
