"""划分党小组."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["regrouping"])
