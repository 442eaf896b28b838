from __future__ import annotations

import hashlib
import shutil

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from ronghe.kernel.documents import Face, FontSet, OfficialDocument, Paragraph, render_pdf, undrawable
from ronghe.kernel.documents.fonts import SHIPPED_FAMILIES, SHIPPED_FONTS
from ronghe.kernel.documents.opentype import FontUnreadable, covered_characters

RARE_NAMES = "喆堃玥垚昇淼翀骉䶮㛃犇赟頔曌珺昉翛弢祎"
SHIPPED_FILES = {path.stem: path for path in SHIPPED_FONTS.iterdir() if path.suffix in {".otf", ".ttf"}}


def make_font(path, family, letters):
    """Write a small font in which every one of `letters` is a full square."""
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in letters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    pen = TTGlyphPen(None)
    for corner, act in (((0, 0), pen.moveTo), ((1000, 0), pen.lineTo), ((1000, 900), pen.lineTo)):
        act(corner)
    pen.closePath()
    square = pen.glyph()
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def fonts_drawing(pdf, letters):
    found = {letter["text"]: letter["fontname"].partition("+")[2] for letter in pdf.characters()}
    return {letter: found[letter] for letter in letters}


def test_character_table_has_8105_different_characters(standard_characters):
    assert len(standard_characters) == len(set(standard_characters)) == 8105
    assert standard_characters[:3] == "一乙二"


def test_shipped_fonts_are_those_of_the_readme_and_under_25_megabytes():
    sums = dict(line.split()[::-1] for line in (SHIPPED_FONTS / "SHA256SUMS").read_text().splitlines())

    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SHIPPED_FILES.values()}
    assert sum(path.stat().st_size for path in SHIPPED_FILES.values()) < 25_000_000
    readme = (SHIPPED_FONTS / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in sums)


def test_every_licence_named_in_the_readme_is_shipped():
    licences = {path.name for path in SHIPPED_FONTS.glob("*.txt")}

    assert licences == {"COPYING.Fandol.txt", "OFL.NotoCJK.txt", "OFL.LXGWWenKai.txt"}


@pytest.mark.parametrize("name", sorted(SHIPPED_FILES))
def test_every_han_character_of_a_font_has_an_outline(name, standard_characters):
    with TTFont(SHIPPED_FILES[name]) as font:
        table = font.getBestCmap()
        empty = [
            letter
            for letter in standard_characters
            if ord(letter) in table and not has_outline(font, table[ord(letter)])
        ]

    assert empty == []


def has_outline(font, glyph):
    """Tell whether a glyph draws. In the compact format only very short programs need to be run to know."""
    if "glyf" in font:
        return font["glyf"][glyph].numberOfContours != 0
    if len(font["CFF "].cff.topDictIndex[0].CharStrings[glyph].bytecode) > 12:
        return True
    glyphs = font.getGlyphSet()
    pen = ControlBoundsPen(glyphs)
    glyphs[glyph].draw(pen)
    return pen.bounds is not None


@pytest.mark.parametrize("face", [Face.FANG, Face.KAI, Face.HEI, Face.TITLE])
def test_own_style_of_each_face_covers_the_8105_characters(face, standard_characters):
    """Rare names fall back within the style: no 喆 in 黑体 among 楷体."""
    own = [family for family in SHIPPED_FAMILIES[face] if family.split()[1] == face.capitalize()]
    covered = frozenset().union(*(covered_characters(SHIPPED_FILES[family.replace(" ", "")]) for family in own))

    assert set(map(ord, standard_characters)) - covered == set()


def test_all_8105_characters_are_printed_with_real_glyphs(standard_characters, measure):
    """A character without a glyph would be drawn by the first font of the chain, which does not have it."""
    pdf = measure(
        render_pdf(OfficialDocument(title="字表", blocks=(Paragraph(standard_characters),)), show_digest=False)
    )
    has = {name: covered_characters(path) for name, path in SHIPPED_FILES.items()}

    body = [letter for page in range(pdf.page_count) for row in pdf.rows(page) for letter in row]
    assert "".join(letter["text"] for letter in body) == standard_characters
    assert all(ord(letter["text"]) in has[letter["fontname"].partition("+")[2]] for letter in body)


def test_body_face_draws_every_character_of_the_first_han_block():
    assert FontSet().missing("".join(map(chr, range(0x4E00, 0x9FA6)))) == frozenset()


def test_rare_names_are_drawn_in_fangsong(measure):
    pdf = measure(render_pdf(OfficialDocument(title="名单", blocks=(Paragraph(RARE_NAMES),))))

    assert set(fonts_drawing(pdf, RARE_NAMES).values()) <= {"RongheFang", "RongheFangRare"}
    assert undrawable(OfficialDocument(title=RARE_NAMES)) == frozenset()


def test_character_without_any_font_is_printed_as_the_printers_mark_and_told(measure):
    document = OfficialDocument(title="名单", blocks=(Paragraph("王𠀀到会😀"),))

    assert undrawable(document) == {"𠀀", "😀"}
    assert measure(render_pdf(document)).lines()[0] == "王〓到会〓"


def test_licensed_font_in_the_folder_wins_and_shipped_one_fills_its_gaps(tmp_path, measure):
    make_font(tmp_path / "fang.ttf", "FangSong_GB2312", "会议")
    pdf = measure(render_pdf(OfficialDocument(title="一", blocks=(Paragraph("会议喆"),)), fonts=FontSet((tmp_path,))))

    drawn = fonts_drawing(pdf, "会议喆")
    assert drawn["喆"] == "RongheFangRare"
    assert {drawn["会"], drawn["议"]} == {"FangSong_GB2312"}


def test_other_family_names_are_used_when_named(tmp_path):
    make_font(tmp_path / "own.ttf", "Own Song", "会议")

    assert FontSet((tmp_path,)).chain(Face.FANG) == SHIPPED_FAMILIES[Face.FANG]
    named = FontSet((tmp_path,), families={Face.FANG: ("own song",)})
    assert named.chain(Face.FANG) == ("Own Song", *SHIPPED_FAMILIES[Face.FANG])
    assert named.chain(Face.KAI) == SHIPPED_FAMILIES[Face.KAI]


def test_dropped_in_font_widens_what_can_be_drawn(tmp_path):
    document = OfficialDocument(title="王𠀀")
    assert undrawable(document, FontSet((tmp_path,))) == {"𠀀"}

    make_font(tmp_path / "fang.ttf", "FangSong_GB2312", "𠀀")

    assert undrawable(document, FontSet((tmp_path,))) == frozenset()


def test_folder_that_is_missing_or_holds_rubbish_changes_nothing(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"OTTO" + b"\0" * 40)
    (tmp_path / "note.txt").write_text("字体", encoding="utf-8")

    for folder in (tmp_path, tmp_path / "absent"):
        assert FontSet((folder,)).chain(Face.TITLE) == SHIPPED_FAMILIES[Face.TITLE]


@pytest.mark.parametrize("name", sorted(SHIPPED_FILES))
def test_coverage_read_is_that_of_the_font(name):
    path = SHIPPED_FILES[name]

    with TTFont(path, lazy=True) as font:
        assert covered_characters(path) == frozenset(font.getBestCmap())


@pytest.mark.parametrize("data", [b"", b"not a font at all", b"ttcf" + b"\0" * 8])
def test_file_that_is_no_font_is_refused(tmp_path, data):
    path = tmp_path / "x.ttf"
    path.write_bytes(data)

    with pytest.raises(FontUnreadable):
        covered_characters(path)


def test_damaged_font_is_refused(tmp_path):
    path = tmp_path / "x.otf"
    path.write_bytes(SHIPPED_FILES["RongheSong"].read_bytes()[:300])

    with pytest.raises(FontUnreadable):
        covered_characters(path)


def test_shipped_file_copied_into_the_folder_does_no_harm(tmp_path):
    shutil.copy(SHIPPED_FILES["RongheSong"], tmp_path)

    assert FontSet((tmp_path,)).chain(Face.SONG) == SHIPPED_FAMILIES[Face.SONG]
