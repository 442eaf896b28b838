"""项目攻关临时党小组."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["taskforces"])
