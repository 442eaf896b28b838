"""Rendering a piece of template as a page would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

Render = Callable[..., str]


@pytest.fixture
def render() -> Render:
    """Render template text with the components loaded; `query` stands in the address."""

    def rendered(text: str, query: str = "", **values: Any) -> str:
        request = RequestFactory().get(f"/list/{query}")
        template = Template("{% load i18n ui %}" + text)
        return template.render(Context({"request": request, **values}))

    return rendered


@pytest.fixture
def zh() -> Iterator[None]:
    """Chinese words, whatever an earlier test left behind."""
    with translation.override("zh-hans"):
        yield
