"""One page of a list that an actor may see, at the same price among a thousand rows and among a million.

Counting stops at 1,000; a list that long is walked in its order, a shorter one is read from what the actor reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from django.db import models
from django.db.models.expressions import OrderBy

from ronghe.kernel.access.permissions import Permission, Row

COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """A page of rows, with how many there are: exactly, or "1,000+"."""

    rows: Sequence[Row]
    count: int
    page: int
    size: int

    @property
    def is_more(self) -> bool:
        """Tell whether counting was stopped."""
        return self.count > COUNTED

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.count, COUNTED) // self.size))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def list_seen(
    permission: Permission,
    actor: Any,
    rows: models.QuerySet[Row],
    *,
    order_by: Sequence[str | OrderBy],
    at: datetime,
    page: int = 1,
    size: int = 20,
) -> Listed[Row]:
    """Return one page of `rows` as far as `actor` may see them; two statements, whatever the size.

    `order_by` is the index that is walked, names of fields or, where the databases disagree on what is empty, expressions; the primary key is added so that the order is total. A page beyond the last
    counted one is the last one: whoever is looking for row 3,000 needs a filter.
    """
    sight = permission.sight_of(actor, at)
    count = sight.count(rows, most=COUNTED + 1)
    pages = max(1, -(-min(count, COUNTED) // size))
    page = min(max(page, 1), pages)
    if not count:
        return Listed([], 0, page, size)
    wanted = sight.narrow(rows, walk=count > COUNTED)
    start = (page - 1) * size
    return Listed(list(wanted.order_by(*order_by, "pk")[start : start + size]), count, page, size)
