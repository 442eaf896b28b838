"""Build the fonts that the documents ship with, from Debian packages.

    .venv/bin/python tools/build_fonts.py [--packages FOLDER] [--only FILE.otf]

Needs a Debian machine (`apt-get download`, `dpkg-deb`) and fontTools; about three minutes. The outcome is the same
byte for byte when the package versions are. Why these fonts: docs/decisions/0004-documents-and-fonts.md.
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.misc.transform import Transform
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "src/ronghe/kernel/documents/fonts"
CHARACTER_TABLE = ROOT / "tests/data/characters/tongyong_guifan_8105.txt"

PACKAGES = ("fonts-noto-cjk", "fonts-noto-cjk-extra", "fonts-lxgw-wenkai", "texlive-lang-chinese", "unicode-data")
FANDOL = "texlive-lang-chinese/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
NOTO = "fonts-noto-cjk/usr/share/fonts/opentype/noto"
NOTO_EXTRA = "fonts-noto-cjk-extra/usr/share/fonts/opentype/noto"
WENKAI = "fonts-lxgw-wenkai/usr/share/fonts/truetype/lxgw-wenkai"
UNIHAN = "unicode-data/usr/share/unicode/Unihan_OtherMappings.txt.bz2"

SYMBOL_RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x01CD, 0x01DC), (0x0370, 0x03FF), (0x0400, 0x045F),
    (0x2010, 0x2027), (0x2030, 0x203E), (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2100, 0x2138),
    (0x2150, 0x217F), (0x2190, 0x2199), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x2573),
    (0x2580, 0x25FF), (0x2600, 0x2612), (0x2640, 0x2642), (0x2713, 0x2717), (0x3000, 0x303F),
    (0x3105, 0x312D), (0x3220, 0x3243), (0x3280, 0x33FF), (0xFE10, 0xFE19), (0xFE30, 0xFE4F),
    (0xFF01, 0xFFE6),
)  # fmt: skip
SYMBOLS = frozenset(code for first, last in SYMBOL_RANGES for code in range(first, last + 1))
BASIC_HAN = frozenset(range(0x4E00, 0x9FA6))
"""The 20,902 Han characters of the first block, the repertoire of GBK."""
LATIN = frozenset([*range(0x21, 0x7F), *range(0xA1, 0xB7), *range(0xB8, 0x180)])
"""Taken from the thin Song for FangSong too: FandolFang has slab letters twice as dark as its Han characters."""
NUMERALS = frozenset([*range(0x20, 0x7F), 0x00A0, 0x00B7, *range(0x2010, 0x2016), 0x3000])
BUILT_AT = 3_850_000_000
"""Seconds since 1904 written into every font, so that two builds are equal."""


@dataclass(frozen=True)
class Recipe:
    """One shipped file: where the outlines come from and which characters are kept."""

    file: str
    family: str
    source: str
    member: str
    """Family inside a collection; empty for a single font."""
    wanted: frozenset[int]
    rising: bool = False
    """Narrow and slant the horizontals as FangSong has them."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument(
        "--packages", type=Path, help="folder for the downloaded packages (default: a temporary one)"
    )
    arguments.add_argument("--only", help="build this file only")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = unpack_packages(options.packages or Path(scratch))
        build(unpacked, only=options.only)
    return 0


def unpack_packages(folder: Path) -> Path:
    """Download and unpack the Debian packages into `folder` unless they are there already."""
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / "unpacked"
    for package in PACKAGES:
        target = unpacked / package
        if target.exists():
            continue
        if not list(folder.glob(f"{package}_*.deb")):
            print(f"downloading {package}")
            subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
        (archive,) = folder.glob(f"{package}_*.deb")
        print(f"unpacking {archive.name}")
        target.mkdir(parents=True)
        subprocess.run(["dpkg-deb", "-x", str(archive), str(target)], check=True)
    return unpacked


def build(unpacked: Path, *, only: str | None) -> None:
    table = read_character_table(unpacked / UNIHAN)
    write_character_table(table)
    common = frozenset(map(ord, table)) | SYMBOLS
    fang_has = (characters_of(unpacked / FANDOL / "FandolFang-Regular.otf") & (common | BASIC_HAN)) - LATIN
    kai_has = characters_of(unpacked / FANDOL / "FandolKai-Regular.otf") & common
    recipes = (
        Recipe("RongheFang.otf", "Ronghe Fang", f"{FANDOL}/FandolFang-Regular.otf", "", fang_has),
        Recipe("RongheFangRare.otf", "Ronghe Fang Rare", f"{NOTO_EXTRA}/NotoSerifCJK-ExtraLight.ttc",
               "Noto Serif CJK SC", (common | BASIC_HAN) - fang_has, rising=True),
        Recipe("RongheKai.otf", "Ronghe Kai", f"{FANDOL}/FandolKai-Regular.otf", "", kai_has),
        Recipe("RongheKaiRare.ttf", "Ronghe Kai Rare", f"{WENKAI}/LXGWWenKai-Light.ttf", "", common - kai_has),
        Recipe("RongheHei.otf", "Ronghe Hei", f"{NOTO_EXTRA}/NotoSansCJK-Medium.ttc", "Noto Sans CJK SC", common),
        Recipe("RongheTitle.otf", "Ronghe Title", f"{NOTO}/NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC", common),
        Recipe("RongheSong.otf", "Ronghe Song", f"{NOTO}/NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", NUMERALS),
    )  # fmt: skip
    FONTS.mkdir(parents=True, exist_ok=True)
    for recipe in recipes:
        if only in (None, recipe.file):
            build_font(recipe, unpacked)
    write_sums()


def read_character_table(unihan: Path) -> list[str]:
    """Return the 8,105 characters of the table of 2013 in its order (field kTGH of the Unihan database)."""
    by_number: dict[int, str] = {}
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" not in line:
                continue
            code, _, numbers = line.rstrip("\n").split("\t")
            for number in numbers.split():
                by_number[int(number.partition(":")[2])] = chr(int(code.removeprefix("U+"), 16))
    table = [by_number[number] for number in sorted(by_number)]
    if len(table) != 8105 or sorted(by_number) != list(range(1, 8106)):
        sys.exit(f"the table of general standard characters has {len(table)} entries, not 8105")
    return table


def write_character_table(table: list[str]) -> None:
    CHARACTER_TABLE.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        "# 通用规范汉字表（2013）, 8105 characters in the order of the table: 1-3500, 3501-6500, 6501-8105.",
        "# Origin: field kTGH of the Unicode Han database 15.0 (Debian package unicode-data), written by tools/build_fonts.py.",
        *("".join(table[start : start + 50]) for start in range(0, len(table), 50)),
    ]
    CHARACTER_TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def characters_of(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def build_font(recipe: Recipe, unpacked: Path) -> None:
    font = open_source(unpacked / recipe.source, recipe.member)
    origin = f"{font['name'].getDebugName(4)}, {font['name'].getDebugName(5)}"
    keep_only(font, recipe.wanted)
    if recipe.rising:
        make_rising(font)
    rename(font, recipe.family, origin)
    font["head"].modified = BUILT_AT
    font.recalcTimestamp = False
    target = FONTS / recipe.file
    font.save(target, reorderTables=True)
    print(
        f"{recipe.file:22} {len(font.getBestCmap()):6} characters {target.stat().st_size / 1e6:6.2f} MB  from {origin}"
    )


def open_source(path: Path, member: str) -> TTFont:
    if not member:
        return TTFont(path)
    faces = TTCollection(path).fonts
    return next(face for face in faces if member in {face["name"].getDebugName(16), face["name"].getDebugName(1)})


def keep_only(font: TTFont, wanted: Iterable[int]) -> None:
    options = subset.Options()
    options.layout_features = []
    """No kerning and no alternates: in a grid every character has its full width."""
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["BASE", "GSUB", "GPOS", "GDEF", "VORG", "vhea", "vmtx", "DSIG", "meta"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)


def make_rising(font: TTFont) -> None:
    """Give the thin Song the two marks of FangSong: narrow, and its horizontals rise to the right.

    Only Han characters: Latin letters and symbols keep their shape.
    """
    narrow, rise = 0.90, math.tan(math.radians(3.2))
    slant = Transform(narrow, narrow * rise, 0, 1, 500 * (1 - narrow), -450 * rise)
    outlines = font["CFF "].cff.topDictIndex[0].CharStrings
    glyphs = font.getGlyphSet()
    han = {
        name
        for code, name in font.getBestCmap().items()
        if code in BASIC_HAN or 0x3400 <= code < 0x4DC0 or code > 0x20000
    }
    redrawn = {}
    for name in sorted(han):
        pen = T2CharStringPen(glyphs[name].width, glyphs)
        glyphs[name].draw(TransformPen(pen, slant))
        old = outlines[name]
        redrawn[name] = pen.getCharString(private=old.private, globalSubrs=old.globalSubrs)
    for name, outline in redrawn.items():
        outlines[name] = outline


def rename(font: TTFont, family: str, origin: str) -> None:
    """Give the changed font its own name; the licences ask for it, and it must not shadow the original."""
    names = font["name"]
    copyright_notice = names.getDebugName(0) or ""
    licence = names.getDebugName(13) or ""
    names.names = []
    postscript = family.replace(" ", "")
    texts = {
        0: copyright_notice,
        1: family,
        2: "Regular",
        3: f"{postscript} 1.0",
        4: family,
        5: f"Version 1.0; subset of {origin}",
        6: postscript,
        13: licence,
    }
    for number, text in texts.items():
        if text:
            names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    """One weight a family: the face is chosen by family name alone."""
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x21) | 0x40
    font["head"].macStyle = 0
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [postscript]
        top = cff.topDictIndex[0]
        for field, text in (("FullName", family), ("FamilyName", family), ("Weight", "Regular")):
            if hasattr(top, field):
                setattr(top, field, text)


def write_sums() -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(FONTS.iterdir())
        if path.suffix in {".otf", ".ttf"}
    ]
    (FONTS / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
