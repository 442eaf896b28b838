"""Shapes that several subjects answer with: a body, a person, a page of a list."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from ninja import Field, Schema

from ronghe.kernel.access.listing import Listed

Item = TypeVar("Item")

PAGE_SIZE = 50


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


def page_answer(listed: Listed[Any]) -> dict[str, Any]:
    """Return one page of a list in the shape of `Page`."""
    return {
        "items": listed.rows,
        "count": listed.count,
        "is_more": listed.is_more,
        "page": listed.page,
        "pages": listed.pages,
    }
