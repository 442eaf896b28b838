"""组织生活."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["partylife"])
