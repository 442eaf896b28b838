"""An official document as PDF, typeset by typst with embedded fonts."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from ronghe.kernel.documents.content import cleaned, content_digest, digest_lines
from ronghe.kernel.documents.fonts import Face, FontSet, LoadedFonts
from ronghe.kernel.documents.layout import GBT_9704, PageLayout
from ronghe.kernel.documents.model import Head, Heading, Imprint, OfficialDocument
from ronghe.kernel.documents.numbering import chinese_date, numbered
from ronghe.kernel.documents.titles import balanced_lines, mark_lines

TEMPLATE = Path(__file__).parent / "templates/official.typ"
STANDARD = "a-2u"
"""PDF/A-2u: everything embedded and every character searchable, as archives want files (PI-08)."""
NO_GLYPH = "〓"
"""What Chinese printers set where the type is missing."""
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)

_typesetting = Lock()
"""A compiler is kept for all threads of a process and sets one document at a time."""


def render_pdf(
    document: OfficialDocument,
    *,
    fonts: FontSet | None = None,
    check_url: str | None = None,
    show_digest: bool = True,
    made_at: datetime | None = None,
    layout: PageLayout = GBT_9704,
) -> bytes:
    """Return the document as PDF/A-2u with embedded fonts; the same arguments give the same bytes.

    The digest of the content stands at the foot of the last page, beside `check_url` as a QR code where given;
    `show_digest` off leaves both out. `made_at` is the time of making in the metadata, by default the document's own
    date. A character that no font can draw is printed as 〓; `undrawable` tells which ones beforehand.
    """
    fonts = fonts or FontSet()
    document = cleaned(document)
    data = _content(document, layout) | {
        "check": _check(content_digest(document), check_url) if show_digest else _check("", None),
        "fonts": {face.value: fonts.chain(face) for face in Face},
        "layout": asdict(layout)
        | {"line_pitch_pt": layout.line_pitch_pt, "character_pitch_pt": layout.character_pitch_pt},
    }
    text = json.dumps(data, ensure_ascii=False)
    text = text.translate(dict.fromkeys(map(ord, fonts.missing(text)), NO_GLYPH))
    made_at = made_at or (datetime.combine(document.dated, time(), UTC) if document.dated else UNDATED)
    return typeset(text, TEMPLATE, "official", fonts=fonts, made_at=made_at)


def typeset(json_text: str, template: Path, function: str, *, fonts: FontSet, made_at: datetime) -> bytes:
    """Return what `function` of a template makes of the data, as PDF/A-2u."""
    with _typesetting:
        pdf = _compiler(fonts.loaded).compile(
            input=_source(json_text, template, function), format="pdf", pdf_standards=STANDARD, timestamp=made_at
        )
    assert isinstance(pdf, bytes)
    return pdf


def undrawable(document: OfficialDocument, fonts: FontSet | None = None) -> frozenset[str]:
    """Return the characters of the document that these fonts cannot draw and that a PDF shows as 〓."""
    content = _content(cleaned(document), GBT_9704)
    return (fonts or FontSet()).missing(json.dumps(content, ensure_ascii=False))


@lru_cache(maxsize=4)
def _compiler(loaded: LoadedFonts) -> Any:
    import typst

    return typst.Compiler(root=TEMPLATE.parent, font_paths=loaded.book, ignore_system_fonts=True)


def _source(json_text: str, template: Path, function: str) -> bytes:
    """Return the two lines that hand the data to the template, as one string literal that the template decodes.

    JSON leaves no control characters, so the literal has two characters to escape and user text can never be read as
    markup. (`sys_inputs` would do the same but throws away what the typesetter remembers: 5 ms a document.)
    """
    literal = json_text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "/{template.name}": {function}\n#{function}(json(bytes("{literal}")))'.encode()


def _content(document: OfficialDocument, layout: PageLayout) -> dict[str, Any]:
    """Return what the template prints, as plain data in its order."""
    return {
        "title": balanced_lines(document.title, layout.title_characters),
        "author": [document.issuer] if document.issuer else [],
        "description": f"sha256:{content_digest(document)}",
        "keywords": list(document.keywords),
        "head": _head(document.head, layout) if document.head else None,
        "blocks": [
            asdict(block) | {"kind": type(block).__name__, **({"number": number} if isinstance(block, Heading) else {})}
            for block, number in numbered(document.blocks)
        ],
        "attachments": list(document.attachments),
        "issuer": document.issuer,
        "date": chinese_date(document.dated) if document.dated and document.show_date else "",
        "imprint": _imprint(document.imprint) if document.imprint else None,
        "words": {"attachments": "附件：", "copies": "抄送："},
    }


def _head(head: Head, layout: PageLayout) -> dict[str, Any]:
    return asdict(head) | {"mark": mark_lines(head.mark, layout), "signer_label": "签发人："}


def _imprint(imprint: Imprint) -> dict[str, str]:
    return {
        "copies": "，".join(imprint.copies_to) + "。" if imprint.copies_to else "",
        "issued_by": imprint.issued_by,
        "issued_on": f"{chinese_date(imprint.issued_on)}印发",
    }


def _check(digest: str, check_url: str | None) -> dict[str, Any]:
    if not digest:
        return {"lines": [], "code": "", "alternative": ""}
    code = ""
    if check_url:
        import segno

        drawing = BytesIO()
        segno.make(check_url, error="m", micro=False).save(drawing, kind="svg", border=0, xmldecl=False)
        code = drawing.getvalue().decode()
    return {
        "lines": ["内容校验码（SHA-256）", *digest_lines(digest)],
        "code": code,
        "alternative": f"核对网址：{check_url}",
    }
