"""The Word file is unpacked and its numbers compared with those of the page: 1 mm is 56.69 twips."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from lxml import etree

from ronghe.kernel.documents import (
    Column,
    Head,
    Heading,
    Imprint,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
    content_digest,
    document_number,
    render_docx,
)
from ronghe.kernel.documents.fonts import OFFICE_FONTS, Face

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKUP = "{{ x }} {% for %} <w:p> & #let *a* 王喆䶮"
TWIPS_PER_MM = 1440 / 25.4

DOCUMENT = OfficialDocument(
    title="关于早碰头安排的纪要",
    head=Head("党建协作区纪要", document_number("南一联建", 2026, 8)),
    blocks=(
        Paragraph("会议研究了三件事。", lead="会议指出："),
        Heading("进度"), Heading("土建", 2), Heading("基础", 3), Heading("东侧", 4),
        Labelled("出席", "王喆、李堃"),
        Table((Column("序号"), Column("姓名", 3, "left")), (("1", "王喆"), ("2", "李堃")), caption="到会情况表"),
        Signatures((Signature("记录人签名"),)),
    ),
    issuer="党建协作区", dated=date(2026, 3, 9), attachments=("现场照片", "任务清单"),
    imprint=Imprint("党建协作区办公室", date(2026, 3, 10), ("第一采油厂党委",)),
)  # fmt: skip


class Unpacked:
    def __init__(self, data):
        with ZipFile(BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.parts["word/document.xml"])
        self.styles = etree.fromstring(self.parts["word/styles.xml"])

    def values(self, tag, root=None):
        """Return the attributes of the first element of a tag, without namespace."""
        found = next((self.body if root is None else root).iter(W + tag))
        return {name.removeprefix(W): value for name, value in found.attrib.items()}

    def style(self, name):
        return next(
            style for style in self.styles.iter(W + "style") if self.values("name", style)["val"].lower() == name
        )

    def paragraph(self, start):
        return next(
            paragraph for paragraph in self.body.iter(W + "p") if "".join(paragraph.itertext()).startswith(start)
        )


@pytest.fixture(scope="module")
def word():
    return Unpacked(render_docx(DOCUMENT))


def test_paper_and_margins_dl01(word):
    size, margins = word.values("pgSz"), word.values("pgMar")

    assert [round(int(size[side]) / TWIPS_PER_MM, 1) for side in ("w", "h")] == [210.0, 297.0]
    assert {side: round(int(margins[side]) / TWIPS_PER_MM, 1) for side in ("top", "left", "right", "bottom")} == {
        "top": 37.0, "left": 28.0, "right": 26.0, "bottom": 35.0,
    }  # fmt: skip


def test_grid_holds_22_lines_and_not_a_23rd_dl02(word):
    grid, size, margins = word.values("docGrid"), word.values("pgSz"), word.values("pgMar")
    height = int(size["h"]) - int(margins["top"]) - int(margins["bottom"])

    assert grid["type"] == "linesAndChars"
    assert height // int(grid["linePitch"]) == 22
    assert 28.95 <= int(grid["linePitch"]) / 20 <= 29


def test_grid_holds_28_characters_and_not_a_29th_dl02(word):
    grid, size, margins = word.values("docGrid"), word.values("pgSz"), word.values("pgMar")
    width_pt = (int(size["w"]) - int(margins["left"]) - int(margins["right"])) / 20

    assert width_pt // (16 + int(grid["charSpace"]) / 4096) == 28


def test_body_is_fangsong_16_points_28_to_the_line_at_the_pitch_of_the_grid_dl02(word):
    style = word.style("normal")
    size, spacing, line = word.values("sz", style), style.find(f"{W}rPr/{W}spacing"), word.values("spacing", style)

    assert size["val"] == "32"
    assert (line["line"], line["lineRule"]) == (word.values("docGrid")["linePitch"], "exact")
    width_pt = 156 / 25.4 * 72
    pitch = 16 + int(spacing.get(W + "val")) / 20
    assert width_pt // pitch == 28


@pytest.mark.parametrize(
    ("name", "font", "half_points"),
    [
        ("normal", "仿宋_GB2312", "32"), ("body text", "仿宋_GB2312", "32"), ("title", "方正小标宋简体", "44"),
        ("heading 1", "黑体", "32"), ("heading 2", "楷体_GB2312", "32"), ("heading 3", "仿宋_GB2312", "32"),
        ("heading 4", "仿宋_GB2312", "32"), ("footer", "宋体", "28"), ("table text", "仿宋_GB2312", "28"),
    ],
)  # fmt: skip
def test_styles_name_their_font_for_chinese_too_dl03(word, name, font, half_points):
    style = word.style(name)

    assert word.values("rFonts", style) == dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), font)
    assert word.values("sz", style)["val"] == half_points


def test_no_theme_font_is_left_to_win_over_the_names(word):
    assert b"Theme=" not in word.parts["word/styles.xml"]


def test_headings_are_words_own_with_their_number_dl03(word):
    document = Document(BytesIO(render_docx(DOCUMENT)))
    headings = [
        (found.style.name, found.text) for found in document.paragraphs if found.style.name.startswith("Heading")
    ]

    assert headings == [
        ("Heading 1", "一、进度"), ("Heading 2", "（一）土建"), ("Heading 3", "1.基础"), ("Heading 4", "（1）东侧"),
    ]  # fmt: skip
    assert [word.values("outlineLvl", word.style(f"heading {level}"))["val"] for level in (1, 2, 3, 4)] == list("0123")
    assert word.style("heading 1").find(f"{W}pPr/{W}keepNext") is not None


def test_page_numbers_are_fields_odd_right_even_left_one_character_in_dl05(word):
    assert b"evenAndOddHeaders" in word.parts["word/settings.xml"]
    footers = {
        word.values("jc", etree.fromstring(data))["val"]: etree.fromstring(data)
        for name, data in word.parts.items()
        if name.startswith("word/footer")
    }

    assert set(footers) == {"right", "left"}
    for side, footer in footers.items():
        assert "".join(footer.itertext()) == "—  PAGE 1 —"
        assert word.values("ind", footer)[f"{side}Chars"] == "100"


def test_page_number_hangs_7_below_the_type_area_dl05(word):
    """The foot line is 14 pt high, its base line four fifths down, the dash 0.37 em above that."""
    footer_mm = int(word.values("pgMar")["footer"]) / TWIPS_PER_MM
    dash_above_line_end = (14 * 0.2 + 14 * 0.37) * 25.4 / 72

    assert 35 - footer_mm - dash_above_line_end == pytest.approx(7, abs=0.05)


def test_organization_mark_is_red_and_35_down_dl06(word):
    mark = word.paragraph("党建协作区纪要")

    assert word.values("color", mark)["val"] == "E60012"
    assert word.values("rFonts", mark)["eastAsia"] == "方正小标宋简体"
    assert int(word.values("spacing", mark)["before"]) / TWIPS_PER_MM == pytest.approx(35, abs=0.02)
    assert word.body.find(f"{W}body/{W}p") is mark


def test_red_rule_is_under_the_number_dl06(word):
    number = word.paragraph("南一联建〔2026〕8号")
    rule = word.values("bottom", number)

    assert rule["color"] == "E60012"
    assert int(rule["space"]) + 2 == pytest.approx(4 * 72 / 25.4, abs=0.7)


def test_imprint_stands_at_the_foot_with_heavy_light_heavy_lines_dl07(word):
    *_, table = word.body.iter(W + "tbl")

    assert word.values("tblpPr", table)["tblpYSpec"] == "bottom"
    assert word.values("tblpPr", table)["vertAnchor"] == "margin"
    assert [word.values(side, table)["sz"] for side in ("top", "insideH")] == ["8", "6"]
    assert [("".join(row.itertext())) for row in table.iter(W + "tr")] == [
        "抄送：第一采油厂党委。",
        "党建协作区办公室2026年3月10日印发",
    ]


def test_table_repeats_its_head_and_tears_no_row(word):
    table = next(word.body.iter(W + "tbl"))
    rows = list(table.iter(W + "tr"))

    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    widths = [int(column.get(W + "w")) for column in table.find(W + "tblGrid")]
    assert widths == [2211, 6633]
    assert [cell.find(f"{W}p/{W}pPr/{W}jc").get(W + "val") for cell in rows[1].iter(W + "tc")] == ["center", "left"]


def test_properties_of_paragraphs_stand_in_the_prescribed_order(word):
    order = ["pStyle", "keepNext", "widowControl", "pBdr", "tabs", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing",
             "ind", "jc", "outlineLvl"]  # fmt: skip
    roots = [
        word.body,
        *(etree.fromstring(data) for name, data in word.parts.items() if name.startswith("word/footer")),
    ]

    for root in roots:
        for properties in root.iter(W + "pPr"):
            names = [part.tag.removeprefix(W) for part in properties if part.tag != W + "rPr"]
            assert names == sorted(names, key=order.index)
            assert len(names) == len(set(names))


def test_texts_with_markup_stand_as_they_are():
    document = OfficialDocument(
        title=MARKUP, head=Head(MARKUP, MARKUP, MARKUP), issuer=MARKUP, attachments=(MARKUP,),
        blocks=(
            Heading(MARKUP), Paragraph(MARKUP, lead=MARKUP), Labelled(MARKUP, MARKUP),
            Table((Column(MARKUP),), ((MARKUP,),), caption=MARKUP), Signatures((Signature(MARKUP, MARKUP, MARKUP),)),
        ),
        imprint=Imprint(MARKUP, date(2026, 1, 1), (MARKUP,)),
    )  # fmt: skip
    text = "".join(Unpacked(render_docx(document)).body.itertext())

    assert text.count("王喆䶮") == 19


def test_control_characters_do_not_break_the_file():
    text = "".join(
        Unpacked(render_docx(OfficialDocument(title="早\x00碰\x0b头", blocks=(Paragraph("甲\n乙"),)))).body.itertext()
    )

    assert text.startswith("早碰头")


def test_same_arguments_give_the_same_bytes():
    assert render_docx(DOCUMENT) == render_docx(DOCUMENT)
    assert render_docx(DOCUMENT, made_at=datetime(2026, 3, 10, tzinfo=UTC)) != render_docx(DOCUMENT)


def test_properties_name_title_issuer_date_and_digest():
    properties = Document(BytesIO(render_docx(DOCUMENT))).core_properties

    assert properties.title == "关于早碰头安排的纪要"
    assert properties.author == "党建协作区"
    assert properties.created == datetime(2026, 3, 9, tzinfo=UTC)
    assert properties.identifier == f"sha256:{content_digest(DOCUMENT)}"


def test_a_house_may_name_other_fonts():
    other = Unpacked(render_docx(DOCUMENT, font_names={**OFFICE_FONTS, Face.FANG: "仿宋"}))

    assert other.values("rFonts", other.style("normal"))["eastAsia"] == "仿宋"


def test_file_says_chinese_and_present_word(word):
    assert word.values("lang", word.styles)["eastAsia"] == "zh-CN"
    modes = [
        setting.get(W + "val")
        for setting in etree.fromstring(word.parts["word/settings.xml"]).iter(W + "compatSetting")
        if setting.get(W + "name") == "compatibilityMode"
    ]
    assert modes == ["15"]
    assert not any("thumbnail" in name for name in word.parts)
