from __future__ import annotations

import subprocess
import sys

import jinja2
import pytest

from reviewer.render import render


def test_a_template_is_filled_with_the_values_it_names() -> None:
    assert render("review.md.j2", count=2, commit="abc1234") == "2 comments on `abc1234`."


def test_a_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render("review.md.j2", count=2)


def test_importing_render_does_not_import_jinja2() -> None:
    code = "import sys, reviewer.render; sys.exit('jinja2' in sys.modules)"

    assert subprocess.run((sys.executable, "-c", code), check=False).returncode == 0
