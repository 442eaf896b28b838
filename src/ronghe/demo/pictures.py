"""Plain pictures that stand for photos of a site in the demonstration; no two are alike."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw

from ronghe.domain.work.services.files import Upload


def site_photo(number: int) -> Upload:
    """Return a picture of stacked blocks, another for each `number`."""
    chance = Random(number)
    picture = Image.new("RGB", (640, 480), (188, 194, 200))
    draw = ImageDraw.Draw(picture)
    for brick in range(24):
        left, top = (brick % 6) * 106 + number % 40, (brick // 6) * 118
        shade = chance.randrange(110, 170)
        draw.rectangle((left, top, left + 96, top + 104), fill=(shade, shade - 14, shade - 30))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return Upload(f"现场{number}.jpg", io.BytesIO(out.getvalue()))
