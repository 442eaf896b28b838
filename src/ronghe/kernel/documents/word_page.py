"""The Word side of the page: grid, margins, styles with East Asian fonts by name, page numbers (DL-01..05)."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from ronghe.kernel.documents.fonts import Face
from ronghe.kernel.documents.layout import POINTS_PER_MM, PageLayout

WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TWIPS_PER_POINT = 20
BASE_LINE_SHARE = 0.8
"""In a line of exact height Word puts the base line four fifths down."""
DASH_HEIGHT = 0.37
"""Upper edge of the dash of 宋体 above the base line, in em."""
HEADING_FACES = (Face.HEI, Face.KAI, Face.FANG, Face.FANG)


def qn(tag: str) -> str:
    """Return a tag or attribute name with the Word namespace: `qn("tblW")`."""
    return WORD_NAMESPACE + tag


def twips(millimeters: float) -> int:
    return round(millimeters * POINTS_PER_MM * TWIPS_PER_POINT)


def element(tag: str, parent: Any = None, **attributes: object) -> Any:
    """Return a new element of the Word namespace, appended to `parent` where given; attributes get the prefix too."""
    from docx.oxml import OxmlElement

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(name), str(value))
    if parent is not None:
        parent.append(made)
    return made


def grid_pitch_twips(layout: PageLayout) -> int:
    """Return the pitch of the lines, rounded down: a pitch a hair too wide would cost the last line of the page (DL-02)."""
    return floor(layout.line_pitch_pt * TWIPS_PER_POINT)


def grid_character_space(layout: PageLayout) -> int:
    """Return what the grid adds to each character, in 1/4096 point; rounded down so that a full line fits (DL-02)."""
    spare_pt = layout.character_pitch_pt - layout.body_pt - 0.002
    return floor(spare_pt * 4096)


def character_spacing_twips(layout: PageLayout) -> int:
    """Return the spacing of body characters that puts a full line into the type area (DL-02).

    The grid alone would do in Word and WPS, but LibreOffice gives a character wider than its cell two cells. So the
    styles opt out of the grid's character spacing and carry this instead; justification fills the rest of the line.
    """
    rounding_of_libreoffice = 1
    return floor((layout.character_pitch_pt - layout.body_pt) * TWIPS_PER_POINT) - rounding_of_libreoffice


def set_page(document: Any, layout: PageLayout) -> None:
    """Give the only section its paper, margins and grid."""
    section = document.sections[0]._sectPr  # noqa: SLF001 - python-docx has no words for the grid
    for tag in ("pgSz", "pgMar", "cols", "docGrid"):
        for old in section.findall(qn(tag)):
            section.remove(old)
    turned = {"orient": "landscape"} if layout.page_width > layout.page_height else {}
    element("pgSz", section, w=twips(layout.page_width), h=twips(layout.page_height), **turned)
    element(
        "pgMar", section, top=twips(layout.margin_top), right=twips(layout.margin_right),
        bottom=twips(layout.margin_bottom), left=twips(layout.margin_left),
        header=twips(layout.margin_top / 2), footer=_footer_distance(layout), gutter=0,
    )  # fmt: skip
    element("cols", section, space=720)
    element(
        "docGrid",
        section,
        type="linesAndChars",
        linePitch=grid_pitch_twips(layout),
        charSpace=grid_character_space(layout),
    )


def _footer_distance(layout: PageLayout) -> int:
    """Return how far the foot line ends above the paper's edge, so that its dashes hang where DL-05 wants them."""
    line_pt = layout.small_pt
    dash_below_line_top = line_pt * BASE_LINE_SHARE - layout.small_pt * DASH_HEIGHT
    line_top = layout.page_number_drop * POINTS_PER_MM - dash_below_line_top
    return round((layout.margin_bottom * POINTS_PER_MM - line_top - line_pt) * TWIPS_PER_POINT)


def set_styles(document: Any, layout: PageLayout, fonts: Mapping[Face, str]) -> None:
    """Make the styles of an official document; headings are Word's own, so that its outline shows them (DL-03)."""
    from docx.enum.style import WD_STYLE_TYPE

    styles = document.styles
    _clear_theme_fonts(styles.element)
    row, tight = grid_pitch_twips(layout), character_spacing_twips(layout)
    fang, body, small = fonts[Face.FANG], layout.body_pt, layout.small_pt
    indent = {"firstLineChars": 200, "firstLine": round(2 * layout.character_pitch_pt * TWIPS_PER_POINT)}
    _define(styles["Normal"], fang, body, line=row, tight=tight)
    _define(styles["Body Text"], fang, body, line=row, tight=tight, indent=indent)
    _define(styles["Title"], fonts[Face.TITLE], layout.title_pt, line=row, align="center", keep_next=True)
    for level, face in enumerate(HEADING_FACES, start=1):
        style, stays = styles[f"Heading {level}"], level <= 2
        _define(style, fonts[face], body, line=row, tight=tight, indent=indent, keep_next=stays, outline=level - 1)
    _define(styles["Caption"], fonts[Face.HEI], body, line=row, tight=tight, align="center", keep_next=True)
    _define(styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH), fang, small, line=row, align="left")
    _define(styles["Footer"], fonts[Face.SONG], small, line=round(small * TWIPS_PER_POINT), align="left")


def _clear_theme_fonts(styles: Any) -> None:
    """Drop the template's theme fonts: they would win over the names set here."""
    for fonts in styles.iter(qn("rFonts")):
        for name in list(fonts.attrib):
            del fonts.attrib[name]
    for language in styles.iter(qn("lang")):
        language.set(qn("eastAsia"), "zh-CN")


def _define(
    style: Any,
    font: str,
    size_pt: float,
    *,
    line: int,
    align: str = "both",
    tight: int = 0,
    indent: Mapping[str, object] | None = None,
    keep_next: bool = False,
    outline: int | None = None,
) -> None:
    """Write a paragraph style from nothing, in the order that the format prescribes for the properties."""
    for tag in ("pPr", "rPr"):
        for old in style.element.findall(qn(tag)):
            style.element.remove(old)
    paragraph = element("pPr", style.element)
    if keep_next:
        element("keepNext", paragraph)
    element("widowControl", paragraph, val=0)
    element("autoSpaceDE", paragraph, val=0)
    element("autoSpaceDN", paragraph, val=0)
    element("snapToGrid", paragraph, val=0)
    element("spacing", paragraph, before=0, after=0, line=line, lineRule="exact")
    element("ind", paragraph, **(indent or {"left": 0, "firstLine": 0}))
    element("jc", paragraph, val=align)
    if outline is not None:
        element("outlineLvl", paragraph, val=outline)
    style.element.append(run_properties(font, size_pt, tight=tight))


def run_properties(font: str, size_pt: float, *, tight: int = 0, color: str = "000000") -> Any:
    """Return run properties that name the font for every script; without `eastAsia` Chinese would take another one."""
    properties = element("rPr")
    element("rFonts", properties, ascii=font, hAnsi=font, eastAsia=font, cs=font)
    element("b", properties, val=0)
    element("i", properties, val=0)
    element("snapToGrid", properties, val=0)
    element("color", properties, val=color)
    element("spacing", properties, val=tight)
    half_points = ceil(size_pt * 2 - 1e-9) if size_pt == int(size_pt) else floor(size_pt * 2)
    element("sz", properties, val=half_points)
    element("szCs", properties, val=half_points)
    return properties


def set_page_numbers(document: Any, layout: PageLayout) -> None:
    """Number the pages — 1 —: odd ones right, even ones left, one character in (DL-05)."""
    document.settings.odd_and_even_pages_header_footer = True
    _set_compatibility(document.settings.element)
    section = document.sections[0]
    inset = round(layout.small_pt * TWIPS_PER_POINT)
    for footer, align, indent in (
        (section.footer, "right", {"rightChars": 100, "right": inset}),
        (section.even_page_footer, "left", {"leftChars": 100, "left": inset}),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "Footer"
        properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - indents counted in characters
        element("ind", properties, **indent)
        element("jc", properties, val=align)
        _dash(paragraph, "— ")
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("shown", "1"), ("end", "")):
            run = paragraph.add_run()._r  # noqa: SLF001 - fields have no words either
            if kind == "shown":
                run.text = text
            elif kind:
                element("fldChar", run, fldCharType=kind)
            else:
                element("instrText", run).text = f" {text} "
        _dash(paragraph, " —")


def _dash(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(text)
    element("rFonts", run._r.get_or_add_rPr(), hint="eastAsia")  # noqa: SLF001 - a dash counts as Latin otherwise


def _set_compatibility(settings: Any) -> None:
    """Ask for the layout of present Word: in the older one tables stand out to the left of the text.

    A line that ends with a line feed is not stretched to the full width.
    """
    settings.find(qn("compat")).insert(0, element("doNotExpandShiftReturn"))
    for setting in settings.iter(qn("compatSetting")):
        if setting.get(qn("name")) == "compatibilityMode":
            setting.set(qn("val"), "15")
