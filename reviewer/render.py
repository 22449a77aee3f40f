"""Templates -> text. Reads template files; the only module that knows jinja2.

Templates hold the words, never the decisions: what they are given is already harmless and in
order. A name that a template asks for and was not given is an error. HTML is the exception: there
every value is escaped where it stands.
"""

from __future__ import annotations

import base64
import hashlib
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


def render_page(name: str, /, *, style: str, script: str = "", **values: object) -> str:
    """Return the HTML page `name` filled with `values`, every one of them escaped.

    `style` and `script` name files beside the template that the page carries in it, one after the
    other; none where it is empty. Its policy allows these texts, by their digests, and nothing
    else: no request, and no other script.
    """
    styling, code = ("\n".join(map(_own_text, each.split())) for each in (style, script))
    policy = (
        f"default-src 'none'; style-src '{_digest(styling)}'; script-src '{_digest(code)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _environment(html=True).get_template(name)
    return page.render(values, style=styling, script=code, policy=policy)


def _own_text(name: str) -> str:
    return (_folder() / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return a source as a policy names it (Content Security Policy Level 3, 2.3.1)."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _folder() -> Path:
    return next(place for place in _PLACES if place.is_dir())


@cache
def _environment(*, html: bool = False) -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        autoescape=html,  # noqa: S701 - what is not HTML is Markdown and prompts
        loader=jinja2.FileSystemLoader(_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment
