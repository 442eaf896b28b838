"""The mark as phones want it on their first screen: PNG in two sizes, drawn as in static/ui/mark.svg."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

ICON_SIZES = (192, 512)
BRAND, LINE, PAPER = "#971d25", "#1a1e23", "#ffffff"
"""The mark's own colours; a picture and a manifest can name no token."""


@cache
def icon_png(size: int) -> bytes:
    """Return the mark on white, drawn at four times the size and taken down; its middle 80 % survive any mask."""
    side = size * 4
    picture = Image.new("RGB", (side, side), PAPER)
    draw = ImageDraw.Draw(picture)
    scale = side / 44

    def box(x: float, y: float, width: float) -> tuple[float, float, float, float]:
        left, top = (9 + x) * scale, (9 + y) * scale
        return (left, top, left + width * scale, top + width * scale)

    draw.rounded_rectangle(box(1.5, 1.5, 15), radius=3.5 * scale, outline=LINE, width=round(2.2 * scale))
    draw.rounded_rectangle(box(9.5, 9.5, 15), radius=3.5 * scale, fill=BRAND)
    draw.rounded_rectangle(box(9.5, 9.5, 7), radius=3.5 * scale, fill=PAPER, corners=(True, False, True, False))
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
