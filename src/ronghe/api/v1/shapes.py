"""Shapes that several subjects answer with: a body, a person, a page of a list."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.http import HttpResponse
from ninja import Field, Schema
from ninja.responses import NinjaJSONEncoder

from ronghe.kernel.access.listing import Listed

Item = TypeVar("Item")

PAGE_SIZE = 50

Key = Annotated[int, Field(ge=1, lt=2**62)]
"""A number that a row may have: a larger one overflows in the database instead of finding nothing."""


class Named(Schema):
    """A body, a unit, a zone or a person by name."""

    id: int
    name: str


class Page(Schema, Generic[Item]):
    items: list[Item]
    count: int = Field(description="共有多少条；数到 1,000 为止")
    is_more: bool = Field(description="多于 1,000 条")
    page: int
    pages: int


def listed_answer(listed: Listed[Any], shape: Callable[[Any], dict[str, Any]]) -> HttpResponse:
    """Answer one page of a list, each row as `shape` gives it.

    The rows come from our own tables, so they are written as they are; having them validated against the declared shape
    would double the time of a call. A test holds `shape` and the declared shape together.
    """
    answer = {**page_answer(listed), "items": [shape(row) for row in listed]}
    return HttpResponse(
        json.dumps(answer, cls=NinjaJSONEncoder, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )


def named(row: Any) -> dict[str, Any] | None:
    """Return a body, a unit, a zone or a person by name; nothing for nobody."""
    return None if row is None else {"id": row.pk, "name": row.name}


def page_answer(listed: Listed[Any]) -> dict[str, Any]:
    """Return one page of a list in the shape of `Page`."""
    return {
        "items": listed.rows,
        "count": listed.count,
        "is_more": listed.is_more,
        "page": listed.page,
        "pages": listed.pages,
    }
