"""Badges as PDF: one in card size, or a sheet of A4 with as many as there are, ten a page, to be cut apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from ronghe.kernel.documents.fonts import Face, FontSet
from ronghe.kernel.documents.layout import GBT_9704
from ronghe.kernel.documents.pdf import NO_GLYPH, typeset

TEMPLATE = Path(__file__).parent / "templates/badges.typ"
MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class PrintedBadge:
    """What stands on one badge; `address` is what its code says, `note` what stands below the code."""

    head: str
    name: str
    body: str
    lines: Sequence[str]
    address: str
    note: str


def render_badges(
    badges: Sequence[PrintedBadge], *, title: str, made_at: datetime, single: bool = False, fonts: FontSet | None = None
) -> bytes:
    """Return the badges as PDF/A-2u; `single` prints each on a page of its own in card size (85.6 x 54 mm)."""
    fonts = fonts or FontSet()
    data = {
        "title": title, "single": single, "red": GBT_9704.red,
        "fonts": {face.value: fonts.chain(face) for face in Face},
        "badges": [asdict(one) | {"lines": list(one.lines[:MOST_LINES]), "code": _code(one.address)} for one in badges],
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False)
    text = text.translate(dict.fromkeys(map(ord, fonts.missing(text)), NO_GLYPH))
    return typeset(text, TEMPLATE, "badges", fonts=fonts, made_at=made_at.astimezone(UTC).replace(microsecond=0))


def _code(address: str) -> str:
    import segno

    drawing = BytesIO()
    segno.make(address, error="m", micro=False).save(drawing, kind="svg", border=0, xmldecl=False)
    return drawing.getvalue().decode()
