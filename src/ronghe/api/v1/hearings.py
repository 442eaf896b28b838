"""述职评议."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["hearings"])
