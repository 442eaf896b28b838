"""An official document as an editable Word file, from the same content and the same measures as the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ronghe.kernel.documents.content import cleaned, content_digest
from ronghe.kernel.documents.fonts import OFFICE_FONTS, Face
from ronghe.kernel.documents.layout import GBT_9704, POINTS_PER_MM, PageLayout
from ronghe.kernel.documents.model import (
    Addressees,
    Block,
    Head,
    Heading,
    Imprint,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from ronghe.kernel.documents.numbering import chinese_date, numbered
from ronghe.kernel.documents.titles import balanced_lines, mark_lines, text_width
from ronghe.kernel.documents.word_page import (
    TWIPS_PER_POINT,
    character_spacing_twips,
    element,
    grid_pitch_twips,
    qn,
    run_properties,
    set_page,
    set_page_numbers,
    set_styles,
    twips,
)

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
PROPERTY_ORDER = ("pStyle", "keepNext", "pBdr", "tabs", "spacing", "ind", "jc")
"""The format prescribes the order of a paragraph's properties, and Word may refuse a file that breaks it."""
MARK_LINE = 1.05
"""Height of a line of the mark in em: with it the upper edge of the characters is the upper edge of the line."""


def render_docx(
    document: OfficialDocument,
    *,
    font_names: Mapping[Face, str] = OFFICE_FONTS,
    made_at: datetime | None = None,
    layout: PageLayout = GBT_9704,
) -> bytes:
    """Return the document as .docx that Word and WPS open and edit; the same arguments give the same bytes.

    Fonts are asked for by name (`font_names`), not embedded. The digest of the content is in the file's properties.
    """
    document = cleaned(document)
    made_at = made_at or (datetime.combine(document.dated, time(), UTC) if document.dated else UNDATED)
    return _Writer(layout, font_names).write(document, made_at)


class _Writer:
    """Writes one document from top to bottom."""

    def __init__(self, layout: PageLayout, fonts: Mapping[Face, str]) -> None:
        from docx import Document

        self.layout = layout
        self.fonts = fonts
        self.word: Any = Document()
        self.row = grid_pitch_twips(layout)
        self.character = layout.character_pitch_pt * TWIPS_PER_POINT

    def write(self, document: OfficialDocument, made_at: datetime) -> bytes:
        set_page(self.word, self.layout)
        set_styles(self.word, self.layout, self.fonts)
        set_page_numbers(self.word, self.layout)
        if document.head:
            self.head(document.head)
        self.paragraph("\n".join(balanced_lines(document.title, self.layout.title_characters)), "Title")
        self.paragraph("", "Normal")
        for block, number in numbered(document.blocks):
            self.block(block, number)
        self.attachments(document.attachments)
        self.closing(document)
        if document.imprint:
            self.imprint(document.imprint)
        self.properties(document, made_at)
        return _packed(self.word)

    def paragraph(self, text: str, style: str, *, face: Face | None = None, color: str = "", size_pt: float = 0) -> Any:
        made = self.word.add_paragraph(style=style)
        self.run(made, text, face=face, color=color, size_pt=size_pt)
        return made

    def run(self, paragraph: Any, text: str, *, face: Face | None = None, color: str = "", size_pt: float = 0) -> None:
        if not text:
            return
        run = paragraph.add_run(text)._r  # noqa: SLF001 - python-docx sets no East Asian font
        if face or color or size_pt:
            font = self.fonts[face or Face.FANG]
            tight = 0 if size_pt else character_spacing_twips(self.layout)
            properties = run_properties(font, size_pt or self.layout.body_pt, tight=tight, color=color or "000000")
            run.insert(0, properties)

    def head(self, head: Head) -> None:
        """Write the red mark, the number and the rule (DL-06)."""
        lines = mark_lines(head.mark, self.layout)
        widest = max(text_width(line) for line in lines)
        size_pt = int(min(self.layout.mark_pt, self.layout.type_width * POINTS_PER_MM / widest))
        red = self.layout.red.removeprefix("#").upper()
        for position, line in enumerate(lines):
            mark = self.paragraph(line, "Normal", face=Face.TITLE, color=red, size_pt=size_pt)
            before = twips(self.layout.mark_drop) if position == 0 else round(0.35 * size_pt * TWIPS_PER_POINT)
            line_twips = round(MARK_LINE * size_pt * TWIPS_PER_POINT)
            _format(mark, align="center", spacing={"before": before, "line": line_twips, "lineRule": "exact"})
        number = self.paragraph(head.number, "Normal")
        if head.signer:
            self.run(number, "\t签发人：")
            self.run(number, head.signer, face=Face.KAI)
        _format(
            number,
            align="left" if head.signer else "center",
            rule=(red, self.layout.rule_weight, self.layout.rule_drop),
            tab=twips(self.layout.type_width) - round(self.character) if head.signer else 0,
            spacing={"before": 2 * self.row, "after": 2 * self.row, "line": 20 * TWIPS_PER_POINT, "lineRule": "exact"},
            indent={"leftChars": 100, "left": round(self.character)} if head.signer else None,
        )

    def block(self, block: Block, number: str) -> None:
        match block:
            case Heading():
                self.paragraph(number + block.text, f"Heading {block.level}")
            case Paragraph():
                made = self.paragraph("", "Body Text")
                self.run(made, block.lead, face=Face.HEI)
                self.run(made, block.text)
            case Addressees():
                self.paragraph(f"{block.text}：", "Normal")
            case Labelled():
                self.labelled(block.label, block.text, Face.HEI)
            case Table():
                self.table(block)
            case Signatures():
                self.paragraph("", "Normal")
                for line in block.lines:
                    self.signature(line)

    def labelled(self, label: str, text: str, face: Face | None = None) -> Any:
        """Write a label with its text hanging behind it."""
        made = self.paragraph("", "Normal")
        self.run(made, f"{label}：", face=face)
        self.run(made, text)
        hanging = len(label) + 1
        _format(made, indent=_hanging(self.character, left=hanging + 2, hanging=hanging))
        return made

    def signature(self, line: Signature) -> None:
        made = self.labelled(line.role, line.name)
        _format(made, keep_next=bool(line.note))
        if not line.name:
            space = made.add_run("\u3000" * 9)
            space.underline = True
        if line.note:
            note = self.paragraph(line.note, "Table Text")
            _format(note, indent=_hanging(self.character, left=len(line.role) + 3, hanging=0))

    def table(self, block: Table) -> None:
        """Write a table whose head repeats on every page and whose rows are not broken."""
        if block.caption:
            self.paragraph(block.caption, "Caption")
        made = self.word.add_table(rows=1 + len(block.rows), cols=len(block.columns), style="Table Grid")
        made.autofit = False
        shares = sum(column.share for column in block.columns)
        width = twips(self.layout.type_width)
        widths = [width * column.share // shares for column in block.columns]
        _set_table_width(made, widths, cell_margin=70)
        head, *body = made._tbl.tr_lst  # noqa: SLF001 - cell access by index is quadratic in python-docx
        element("tblHeader", head.get_or_add_trPr())
        for row, texts in zip((head, *body), ([column.head for column in block.columns], *block.rows), strict=True):
            element("cantSplit", row.get_or_add_trPr())
            for cell, text, column, cell_width in zip(row.tc_lst, texts, block.columns, widths, strict=True):
                self.cell(cell, text, "center" if row is head else column.align, cell_width, is_head=row is head)

    def cell(self, cell: Any, text: str, align: str, width: int, *, is_head: bool) -> None:
        properties = cell.get_or_add_tcPr()
        properties.clear()
        element("tcW", properties, w=width, type="dxa")
        element("vAlign", properties, val="center")
        paragraph = cell.p_lst[0]
        style = self.word.styles["Table Text"]
        paragraph.style = style.style_id
        element("jc", paragraph.get_or_add_pPr(), val=align)
        run = paragraph.add_r()
        run.text = text
        if is_head:
            run.insert(0, run_properties(self.fonts[Face.HEI], self.layout.small_pt))

    def attachments(self, names: tuple[str, ...]) -> None:
        if not names:
            return
        self.paragraph("", "Normal")
        if len(names) == 1:
            self.labelled("附件", names[0])
            return
        for number, name in enumerate(names, start=1):
            if number == 1:
                self.labelled("附件", f"{number}. {name}")
            else:
                made = self.paragraph(f"{number}. {name}", "Normal")
                _format(made, indent=_hanging(self.character, left=6, hanging=1))

    def closing(self, document: OfficialDocument) -> None:
        """Write issuer and date on one axis, the date its distance from the right (DL-04)."""
        date_text = chinese_date(document.dated) if document.dated and document.show_date else ""
        if not date_text and not document.issuer:
            return
        self.paragraph("", "Normal")
        inset = float(self.layout.date_inset)
        issuer_inset = max(0.0, inset + (text_width(date_text) - text_width(document.issuer)) / 2)
        for text, free in ((document.issuer, issuer_inset), (date_text, inset)):
            if text:
                made = self.paragraph(text, "Normal")
                indent = {"rightChars": round(free * 100), "right": round(free * self.character)}
                _format(made, align="right", indent=indent, keep_next=text is not date_text)

    def imprint(self, imprint: Imprint) -> None:
        """Write the imprint as a table that stands at the foot of the last page's type area (DL-07)."""
        issued = f"{imprint.issued_by}\t{chinese_date(imprint.issued_on)}印发"
        texts = [f"抄送：{'，'.join(imprint.copies_to)}。", issued] if imprint.copies_to else [issued]
        made = self.word.add_table(rows=len(texts), cols=1)
        made.autofit = False
        width = twips(self.layout.type_width)
        _set_table_width(made, [width], cell_margin=0)
        _float_at_foot(made, self.layout)
        inset = round(self.layout.small_pt * TWIPS_PER_POINT)
        for row, text in zip(made.rows, texts, strict=True):
            cell = row.cells[0]
            self.cell(cell._tc, text, "left", width, is_head=False)  # noqa: SLF001 - as in `table`
            if text is issued:
                _format(cell.paragraphs[0], indent={"left": inset, "right": inset}, tab=width - inset)
            else:
                _format(cell.paragraphs[0], indent={"left": 4 * inset, "right": inset, "hanging": 3 * inset})
        after = self.paragraph("", "Normal")
        _format(after, spacing={"line": TWIPS_PER_POINT, "lineRule": "exact"})

    def properties(self, document: OfficialDocument, made_at: datetime) -> None:
        properties = self.word.core_properties
        properties.title = document.title.replace("\n", "")
        properties.author = document.issuer
        properties.last_modified_by = document.issuer
        properties.comments = ""
        properties.keywords = "，".join(document.keywords)
        properties.identifier = f"sha256:{content_digest(document)}"
        properties.language = "zh-CN"
        properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
        properties.revision = 1


def _hanging(character: float, *, left: int, hanging: int) -> dict[str, int]:
    indent = {"leftChars": left * 100, "left": round(left * character)}
    return indent | ({"hangingChars": hanging * 100, "hanging": round(hanging * character)} if hanging else {})


def _format(
    paragraph: Any,
    *,
    keep_next: bool = False,
    rule: tuple[str, float, float] | None = None,
    tab: int = 0,
    spacing: Mapping[str, object] | None = None,
    indent: Mapping[str, object] | None = None,
    align: str = "",
) -> None:
    """Set what differs from the style; `rule` is color, weight and distance of a line below (both in millimeters)."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - indents in characters and the grid are XML only
    made = []
    if keep_next:
        made.append(element("keepNext"))
    if rule:
        color, weight, drop = rule
        borders = element("pBdr")
        ink_below_line = 2.0
        space = round(drop * POINTS_PER_MM - ink_below_line)
        element("bottom", borders, val="single", sz=round(weight * POINTS_PER_MM * 8), space=space, color=color)
        made.append(borders)
    if tab:
        tabs = element("tabs")
        element("tab", tabs, val="right", pos=tab)
        made.append(tabs)
    if spacing:
        made.append(element("spacing", **spacing))
    if indent:
        made.append(element("ind", **indent))
    if align:
        made.append(element("jc", val=align))
    properties[:] = sorted([*properties, *made], key=lambda part: PROPERTY_ORDER.index(part.tag.rpartition("}")[2]))


def _set_table_width(table: Any, widths: list[int], *, cell_margin: int) -> None:
    properties = table._tbl.tblPr  # noqa: SLF001 - widths in the file's own unit
    for old in properties.findall(qn("tblW")):
        properties.remove(old)
    layout = properties.find(qn("tblLayout"))
    layout.addprevious(element("tblW", w=sum(widths), type="dxa"))
    layout.addprevious(element("tblInd", w=0, type="dxa"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        element(side, margins, w=cell_margin, type="dxa")
    layout.addnext(margins)
    for column, width in zip(table._tbl.tblGrid.findall(qn("gridCol")), widths, strict=True):  # noqa: SLF001 - as above
        column.set(qn("w"), str(width))


def _float_at_foot(table: Any, layout: PageLayout) -> None:
    properties = table._tbl.tblPr  # noqa: SLF001 - floating tables are XML only
    position = element(
        "tblpPr", leftFromText=0, rightFromText=0, horzAnchor="margin", tblpXSpec="left",
        vertAnchor="margin", tblpYSpec="bottom",
    )  # fmt: skip
    properties.insert(1, position)
    borders = element("tblBorders", properties)
    heavy = round(layout.imprint_heavy * POINTS_PER_MM * 8)
    light = round(layout.imprint_light * POINTS_PER_MM * 8)
    for side, size in (("top", heavy), ("bottom", heavy), ("insideH", light)):
        element(side, borders, val="single", sz=size, space=0, color="000000")


def _packed(word: Any) -> bytes:
    """Return the file with the moment of packing left out, and without the template's preview picture."""
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package.rels.pop(key)
    raw = BytesIO()
    word.save(raw)
    packed = BytesIO()
    with ZipFile(raw) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, ZIP_EPOCH)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return packed.getvalue()
