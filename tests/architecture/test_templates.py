"""Templates: every one compiles, is used, speaks through the catalogue and leaves behaviour to scripts."""

from __future__ import annotations

import re

import pytest
from django.template import engines
from django.template.base import Lexer, TokenType

from tests.architecture.sources import SRC, modules, shown, templates

HAN = re.compile(r"[\u3400-\u9fff]+")
INLINE = re.compile(
    r"""\son[a-z]+\s*=|\shx-on\b|<style\b|\sstyle\s*=|javascript:|<script(?![^>]*(\bsrc=|type="application/json"))""",
    re.IGNORECASE,
)


FOUND_BY_NAME = {"403_csrf.html"}
"""Django looks for these itself."""


def name_of(path) -> str:
    return path.as_posix().partition("/templates/")[2]


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_a_template_compiles(path):
    assert engines["django"].get_template(name_of(path)) is not None


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_a_template_leaves_behaviour_and_looks_to_files(path):
    """The content security policy allows nothing inline, so it would be dead besides."""
    assert [found.group(0).strip() for found in INLINE.finditer(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_a_title_is_words_alone(path):
    """A browser shows markup in a title as it stands."""
    titles = re.findall(r"{% block title %}(.*?){% endblock", path.read_text(encoding="utf-8"))
    assert [title for title in titles if "<" in title or "{% sep %}" in title] == []


SPOKEN = [path for path in templates() if "/ui/gallery/" not in path.as_posix()]
"""The gallery shows made-up records; its words are samples and not part of the interface."""


@pytest.mark.parametrize("path", SPOKEN, ids=name_of)
def test_the_words_of_a_template_go_through_the_catalogue(path):
    bare, inside = [], False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        first = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK and first in {"blocktranslate", "comment", "verbatim"}:
            inside = True
        elif token.token_type == TokenType.BLOCK and first in {"endblocktranslate", "endcomment", "endverbatim"}:
            inside = False
        elif token.token_type == TokenType.TEXT and not inside:
            bare += HAN.findall(token.contents)

    assert bare == []


def test_every_template_is_used():
    written = "\n".join(path.read_text(encoding="utf-8") for path in (*modules(), *templates()))
    components = {path.stem for path in (SRC / "ui" / "templates" / "ui").glob("*.html")}
    unused = [
        shown(path)
        for path in templates()
        if name_of(path) not in written
        and name_of(path) not in FOUND_BY_NAME
        and not name_of(path).startswith("ui/gallery/")
        and not (name_of(path).startswith("ui/") and path.stem in components)
    ]

    assert unused == []
