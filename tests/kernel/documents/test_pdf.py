"""Every measure is read back from the printed page, in millimeters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.pdftypes import resolve1

from ronghe.kernel.documents import (
    Column,
    Head,
    Heading,
    Imprint,
    Labelled,
    OfficialDocument,
    PageLayout,
    Paragraph,
    Signature,
    Signatures,
    Table,
    content_digest,
    document_number,
    render_pdf,
)
from tests.kernel.documents.conftest import MeasuredPdf

MARKUP = '#let x = 1; *粗* _斜_ $x^2$ \\ @引 <b>标</b> `码` // 注 [甲](乙) "引" ~ #panic()'
HUNDREDTH = 0.01
"""Of a millimeter: what the arithmetic of the page may be off."""
HAIR = 0.05
"""Millimeters: how far the ink of a character may be from its box, by rounding of outlines."""


def mm(points: float) -> float:
    return points * 25.4 / 72


@pytest.fixture(scope="module")
def full_pages(standard_characters):
    """Three pages and more of nothing but Han characters."""
    return render_pdf(OfficialDocument(title="测量", blocks=(Paragraph(standard_characters[:2000]),)))


@pytest.fixture(scope="module")
def red_headed():
    return render_pdf(
        OfficialDocument(
            title="关于早碰头安排的纪要",
            head=Head("党建协作区纪要", document_number("南一联建", 2026, 8)),
            blocks=(
                Paragraph("会议研究了三件事。"),
                Heading("进度"),
                Heading("土建", 2),
                Heading("基础", 3),
                Heading("东侧", 4),
            ),
            issuer="党建协作区",
            dated=date(2026, 3, 9),
            imprint=Imprint("党建协作区办公室", date(2026, 3, 10), ("第一采油厂党委", "油建公司党委")),
        ),
        check_url="https://ronghe.example/check/1",
    )


def test_page_is_a4_and_type_area_starts_28_from_the_left_dl01(full_pages, measure):
    pdf = measure(full_pages)

    assert pdf.size_mm() == (210.0, 297.0)
    lefts = {round(mm(row[0]["matrix"][4]), 2) for row in pdf.rows(1)}
    assert lefts == {28.0}


def test_type_area_ends_26_from_the_right_dl01(full_pages, measure):
    pdf = measure(full_pages)

    row = pdf.rows(1)[5]
    pitch = row[1]["matrix"][4] - row[0]["matrix"][4]
    assert mm(row[-1]["matrix"][4] + pitch) == pytest.approx(210 - 26, abs=HUNDREDTH)
    assert max(ink.right for ink in pdf.ink(1)) <= 210 - 26 + 0.1


def test_first_and_last_row_stand_in_the_type_area_dl01(full_pages, measure):
    pdf = measure(full_pages)

    rows = pdf.rows(1)
    pitch = 225 / 22
    em = mm(16)
    row_top = 297 - mm(rows[0][0]["matrix"][5]) - 0.88 * em - (pitch - em) / 2
    row_bottom = 297 - mm(rows[-1][0]["matrix"][5]) + 0.12 * em + (pitch - em) / 2
    assert row_top == pytest.approx(37, abs=HUNDREDTH)
    assert row_bottom == pytest.approx(297 - 35, abs=HUNDREDTH)


def test_full_page_has_22_lines_of_28_characters_dl02(full_pages, measure):
    pdf = measure(full_pages)

    assert [len(row) for row in pdf.rows(1)] == [28] * 22
    assert [len(row) for row in pdf.rows(2)] == [28] * 22


def test_lines_are_a_22nd_of_the_type_area_apart_dl02(full_pages, measure):
    baselines = [row[0]["matrix"][5] for row in measure(full_pages).rows(1)]

    pitches = {round(upper - lower, 2) for upper, lower in pairwise(baselines)}
    assert pitches == {28.99}


def test_body_is_fangsong_of_16_points_dl02(full_pages, measure):
    row = measure(full_pages).rows(1)[0]

    assert {letter["fontname"].partition("+")[2] for letter in row} == {"RongheFang"}
    assert {letter["size"] for letter in row} == {16.0}


def test_first_line_stands_two_characters_in(full_pages, measure):
    first = measure(full_pages).rows(0)[0]

    assert len(first) == 26
    assert mm(first[0]["matrix"][4]) == pytest.approx(28 + 2 * 156 / 28, abs=HUNDREDTH)


def test_rows_on_the_first_page_stay_on_the_grid_under_a_red_head_dl02(red_headed, measure):
    pitch = mm(28.98893)
    em = mm(16)

    for row in measure(red_headed).rows():
        middle = 297 - mm(row[0]["matrix"][5]) - 0.38 * em
        places = (middle - 37) / pitch - 0.5
        if row[0]["text"] != "南":
            assert places == pytest.approx(round(places), abs=0.002)


def test_title_is_22_points_and_centered_dl03(red_headed, measure):
    pdf = measure(red_headed)

    assert pdf.font_of("关于早碰头安排的纪要") == {("RongheTitle", 22.0)}
    letters = [letter for letter in pdf.characters() if letter["size"] == 22.0]
    middle = (letters[0]["x0"] + letters[-1]["x1"]) / 2
    assert mm(middle) == pytest.approx(28 + 156 / 2, abs=HUNDREDTH)


@pytest.mark.parametrize(
    ("words", "face"),
    [("一、进度", "RongheHei"), ("土建", "RongheKai"), ("基础", "RongheFang"), ("东侧", "RongheFang")],
)
def test_heading_levels_have_their_faces_dl03(red_headed, measure, words, face):
    assert measure(red_headed).font_of(words) == {(face, 16.0)}


def test_headings_are_counted_by_level_dl03(red_headed, measure):
    text = measure(red_headed).text()

    assert all(number in text for number in ("一、进度", "（一）土建", "1.基础", "（1）东侧"))


def test_heading_never_ends_a_page_dl03(standard_characters, measure):
    for filler in range(15, 21):
        text = standard_characters[: 28 * filler]
        blocks = (Paragraph(text), Heading("进度"), Heading("土建", 2), Paragraph(standard_characters[:200]))
        pdf = measure(render_pdf(OfficialDocument(title="测量", blocks=blocks)))

        last_line = pdf.lines(0)[-1]
        assert "进度" not in last_line
        assert "土建" not in last_line


def test_number_has_hexagonal_brackets_and_stands_centered_dl04(red_headed, measure):
    row = next(row for row in measure(red_headed).rows() if "〔" in {letter["text"] for letter in row})

    assert "".join(letter["text"] for letter in row) == "南一联建〔2026〕8号"
    assert mm((row[0]["x0"] + row[-1]["x1"]) / 2) == pytest.approx(28 + 78, abs=0.1)


def test_date_keeps_four_characters_free_and_shares_its_axis_with_the_issuer_dl04(red_headed, measure):
    rows = measure(red_headed).rows()
    issuer, dated = rows[-2], rows[-1]

    assert "".join(letter["text"] for letter in dated) == "2026年3月9日"
    advance = dated[-1]["x1"] - mm(0) + (156 / 25.4 * 72 / 28 - 16)
    assert mm(advance) == pytest.approx(184 - 4 * 156 / 28, abs=0.1)
    middles = [(row[0]["x0"] + row[-1]["x1"]) / 2 for row in (issuer, dated)]
    assert mm(middles[0]) == pytest.approx(mm(middles[1]), abs=0.1)


def test_page_numbers_hang_7_below_the_type_area_dl05(full_pages, measure):
    pdf = measure(full_pages)

    for page in (0, 1):
        dashes = [ink for ink in pdf.ink(page) if ink.letter == "—"]
        assert len(dashes) == 2
        assert {round(dash.top - (297 - 35), 1) for dash in dashes} == {7.0}


def test_page_number_is_14_points_song_between_dashes_dl05(full_pages, measure):
    assert measure(full_pages).font_of("—1—") == {("RongheSong", 14.0)}


def test_odd_page_number_is_right_and_even_left_one_character_in_dl05(full_pages, measure):
    pdf = measure(full_pages)
    odd = [letter for letter in pdf.characters(0) if letter["text"] == "—"]
    even = [letter for letter in pdf.characters(1) if letter["text"] == "—"]

    assert mm(odd[-1]["x1"]) == pytest.approx(184 - mm(14), abs=HUNDREDTH)
    assert mm(even[0]["x0"]) == pytest.approx(28 + mm(14), abs=HUNDREDTH)


def test_organization_mark_is_red_title_face_35_below_the_type_area_top_dl06(red_headed, measure):
    pdf = measure(red_headed)

    assert pdf.font_of("党建协作区纪要") == {("RongheTitle", 46.0)}
    red = (230 / 255, 0, 18 / 255)
    assert pdf.characters()[0]["non_stroking_color"] == pytest.approx(red, abs=0.001)
    assert pdf.first_ink() == pytest.approx(37 + 35, abs=HAIR)


def test_red_rule_is_as_wide_as_the_type_area_4_below_the_number_dl06(red_headed, measure):
    pdf = measure(red_headed)
    rule = pdf.strokes()[0]

    assert rule["color"] == pytest.approx((230 / 255, 0, 18 / 255), abs=0.001)
    assert (rule["left"], rule["right"]) == (pytest.approx(28, abs=HUNDREDTH), pytest.approx(184, abs=HUNDREDTH))
    number_bottom = max(ink.bottom for ink in pdf.ink()[7:18])
    assert rule["top"] - number_bottom == pytest.approx(4, abs=HAIR)


@pytest.mark.parametrize("length", [8, 9, 10, 13, 17, 18, 19, 30, 45])
def test_long_mark_stays_inside_the_type_area_dl06(measure, length):
    mark = ("第一采油厂第三作业区联合站改造项目党建协作区联席会议暨安全生产联合检查领导小组工作例会" + "纪要")[-length:]
    pdf = measure(render_pdf(OfficialDocument(title="测量", head=Head(mark))))

    red = [
        letter
        for letter in pdf.characters()
        if letter["non_stroking_color"] == pytest.approx((0.902, 0, 0.071), abs=0.01)
    ]
    assert len(red) == length
    assert mm(min(letter["x0"] for letter in red)) >= 28 - HUNDREDTH
    assert mm(max(letter["x1"] for letter in red)) <= 184 + HUNDREDTH
    assert min(letter["size"] for letter in red) >= 23.5


def test_report_upwards_names_its_signer_in_kai(measure):
    head = Head("第一采油厂第三作业区党委文件", document_number("三区党发", 2026, 1), signer="王喆")
    pdf = measure(render_pdf(OfficialDocument(title="测量", head=head)))

    assert pdf.font_of("签发人：") == {("RongheFang", 16.0)}
    assert pdf.font_of("王喆") == {("RongheKai", 16.0), ("RongheKaiRare", 16.0)}


def test_imprint_closes_the_type_area_with_heavy_light_heavy_lines_dl07(red_headed, measure):
    pdf = measure(red_headed)
    lines = [line for line in pdf.strokes(pdf.page_count - 1) if line["right"] - line["left"] > 150][-3:]

    assert [round(line["weight"], 2) for line in lines] == [0.35, 0.25, 0.35]
    assert lines[-1]["top"] == pytest.approx(297 - 35, abs=HUNDREDTH)
    assert {(round(line["left"], 1), round(line["right"], 1)) for line in lines} == {(28.0, 184.0)}
    last = pdf.page_count - 1
    assert pdf.font_of("抄送：第一采油厂党委，油建公司党委。", last) == {("RongheFang", 14.0)}
    assert "党建协作区办公室2026年3月10日印发" in pdf.text()


def test_every_font_is_embedded_dl08(red_headed, measure):
    fonts = embedded_fonts(measure(red_headed))

    assert {"RongheFang", "RongheFangRare", "RongheHei", "RongheKai", "RongheSong", "RongheTitle"} == set(fonts)
    assert all(fonts.values())


def embedded_fonts(pdf):
    """Return for every font of the document whether its file is inside."""
    found = {}
    for page in pdf.plumbed.pages:
        for font in resolve1(resolve1(page.page_obj.resources["Font"])).values():
            descriptor = resolve1(resolve1(resolve1(font)["DescendantFonts"])[0])
            name = str(resolve1(descriptor["BaseFont"])).strip("/'").partition("+")[2].removesuffix("-Identity-H")
            found[name] = bool(resolve1(descriptor["FontDescriptor"]).keys() & {"FontFile", "FontFile2", "FontFile3"})
    return found


def test_markup_in_texts_is_printed_as_it_stands(measure):
    document = OfficialDocument(
        title=MARKUP,
        head=Head(MARKUP, MARKUP, MARKUP),
        blocks=(
            Heading(MARKUP),
            Paragraph(MARKUP, lead=MARKUP),
            Labelled(MARKUP, MARKUP),
            Table((Column(MARKUP),), ((MARKUP,),), caption=MARKUP),
            Signatures((Signature(MARKUP, MARKUP, MARKUP),)),
        ),
        issuer=MARKUP,
        dated=date(2026, 1, 1),
        attachments=(MARKUP, MARKUP),
        imprint=Imprint(MARKUP, date(2026, 1, 1), (MARKUP,)),
        keywords=(MARKUP,),
    )

    text = measure(render_pdf(document)).text()

    assert text.count("#panic()") == 20


@settings(max_examples=20)
@given(st.text(alphabet="\\\"#$*_[]{}()<>@~`/'=-+.,;:!?|&^%n u王喆“”—", max_size=40))
def test_any_text_is_printed_letter_by_letter(text):
    pdf = MeasuredPdf(render_pdf(OfficialDocument(title="测量", blocks=(Paragraph(text),)), show_digest=False))

    printed = "".join("".join(letter["text"] for letter in row) for row in pdf.rows())
    assert printed == text.replace(" ", "")


def test_same_arguments_give_the_same_bytes(red_headed):
    document = OfficialDocument(title="测量", blocks=(Paragraph("一"),), dated=date(2026, 3, 9))

    assert render_pdf(document) == render_pdf(document)
    assert render_pdf(document, made_at=datetime(2026, 3, 9, tzinfo=UTC)) == render_pdf(document)
    assert render_pdf(document, made_at=datetime(2026, 3, 10, tzinfo=UTC)) != render_pdf(document)


def test_digest_and_code_stand_on_the_last_page_only(standard_characters, measure):
    document = OfficialDocument(title="测量", blocks=(Paragraph(standard_characters[:1000]),))
    pdf = measure(render_pdf(document, check_url="https://ronghe.example/check/1"))
    digest = content_digest(document)

    last = pdf.page_count - 1
    assert digest in pdf.text(last)
    assert digest[:8] not in pdf.text(0)
    assert digest not in measure(render_pdf(document, show_digest=False)).text()


def test_digest_stays_on_the_paper_and_clear_of_the_type_area(red_headed, measure):
    pdf = measure(red_headed)

    small = [letter for letter in pdf.characters(pdf.page_count - 1) if letter["size"] < 8]
    assert len(small) > 64
    assert all(297 - 35 < mm(letter["top"]) < 297 - 5 for letter in small)
    assert all(28 <= mm(letter["x0"]) <= 184 for letter in small)


def test_metadata_names_title_issuer_and_digest(red_headed, measure):
    metadata = measure(red_headed).plumbed.metadata

    assert metadata["Title"] == "关于早碰头安排的纪要"
    assert metadata["Author"] == "党建协作区"
    assert metadata["Subject"].startswith("sha256:")
    assert metadata["CreationDate"].startswith("D:20260309000000")


def test_table_repeats_its_head_on_every_page_and_tears_no_row(measure):
    rows = tuple((str(number), "第一采油厂第三作业区工艺队党支部") for number in range(1, 60))
    table = Table((Column("序号"), Column("所在单位", align="left")), rows, caption="到会情况表")
    pdf = measure(render_pdf(OfficialDocument(title="测量", blocks=(table,))))

    assert pdf.page_count > 2
    for page in range(pdf.page_count):
        text = pdf.text(page)
        assert text.count("所在单位") == 1
        assert text.count("第一采油厂") == text.count("党支部")


def test_house_layout_changes_the_page(standard_characters, measure):
    layout = PageLayout(lines_per_page=20, characters_per_line=26, margin_left=30, margin_right=30)
    document = OfficialDocument(title="测量", blocks=(Paragraph(standard_characters[:1500]),))

    assert [len(row) for row in measure(render_pdf(document, layout=layout)).rows(1)] == [26] * 20
