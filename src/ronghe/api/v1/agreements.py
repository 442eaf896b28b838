"""联创共建合作意向书."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["agreements"])
