"""The one error that users see: a code for programs, a sentence for people, in the reader's language."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from django.utils import translation

import ronghe
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound, Stale, Unreadable


def every_error() -> list[type[DomainError]]:
    """Return every error of the platform; each module is imported, so that none is missed."""
    for module in pkgutil.walk_packages(ronghe.__path__, "ronghe."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = [], [DomainError]
    while waiting:
        children = [child for child in waiting.pop().__subclasses__() if child.__module__.startswith("ronghe.")]
        found += children
        waiting += children
    return found


def test_the_sentence_takes_the_details():
    assert str(Unreadable(reason="不是表格")) == "文件读不出来：不是表格"
    assert str(Stale()) == "刚才已有人处理过，请刷新后再看。"


def test_the_sentence_is_translated_when_it_is_shown():
    error = Unreadable(reason="x")
    with translation.override("en"):
        english = str(error)

    assert str(error) == "文件读不出来：x"
    assert "x" in english


@pytest.mark.parametrize(
    ("error", "status"), [(DomainError, 409), (NotAllowed, 403), (NotFound, 404), (Unreadable, 422)]
)
def test_each_family_has_its_status(error, status):
    assert error.status == status


def test_a_code_means_one_refusal_and_sentences_neither_shout_nor_praise():
    """Two subjects that must not know each other may both refuse alike, under one code and one name."""
    errors = every_error()
    codes: dict[str, set[str]] = {}
    for error in errors:
        if "code" in vars(error):
            codes.setdefault(error.code, set()).add(error.__qualname__)

    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*", code)] == []
    assert {code: names for code, names in codes.items() if len(names) > 1} == {}
    assert [error.__qualname__ for error in errors if "sentence" in vars(error) and "！" in error.sentence] == []
    assert [error.__qualname__ for error in errors if "sentence" in vars(error) and "成功" in error.sentence] == []
