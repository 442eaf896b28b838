"""资源共享、思想共管."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["pools"])
