"""A listed page in the shape the pagination component reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from ronghe.kernel.access.listing import Listed

Order = TypeVar("Order")

LONGEST = 18
"""Digits of a number that every database takes."""


class CountedPaginator(Paginator[Any]):
    """Knows its count already; nothing is counted again."""

    def __init__(self, listed: Listed[Any]) -> None:
        super().__init__(list(listed.rows), listed.size)
        self._known = listed

    @property
    def count(self) -> int:
        return self._known.count

    @property
    def num_pages(self) -> int:
        return self._known.pages


def page_of(listed: Listed[Any]) -> Page[Any]:
    """Return the page for `{% pagination %}`; it iterates over the listed rows."""
    return Page(list(listed.rows), listed.page, CountedPaginator(listed))


def asked_page(request: HttpRequest) -> int:
    """Return the page number in the query string, 1 where it is none."""
    return number_of(request.GET.get("page")) or 1


def number_of(text: str | None) -> int | None:
    """Return the whole number that somebody sent, `None` where it is none or longer than any id."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def asked_order(request: HttpRequest, orders: Mapping[str, Sequence[Order]], default: str) -> Sequence[Order]:
    """Return the fields that the query string's `sort` stands for; an unknown word is the default."""
    return orders.get(request.GET.get("sort", ""), orders[default])


def asked_filters(request: HttpRequest) -> str:
    """Return the query string without its page, for an export of what the list shows; "" where there is none."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else ""
