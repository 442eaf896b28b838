"""主题活动."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["campaigns"])
