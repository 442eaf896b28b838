"""The faces of an official document and the fonts that draw them: shipped ones, and a unit's licensed ones before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ronghe.kernel.documents.opentype import FontUnreadable, covered_characters

SHIPPED_FONTS = Path(__file__).parent / "fonts"
FONT_SUFFIXES = frozenset({".otf", ".ttf", ".ttc", ".otc"})


class Face(StrEnum):
    """The five type styles that an official document uses (DL-02, DL-03, DL-05)."""

    FANG = "fang"
    KAI = "kai"
    HEI = "hei"
    TITLE = "title"
    SONG = "song"


LICENSED_FAMILIES: Mapping[Face, tuple[str, ...]] = MappingProxyType({
    Face.FANG: ("FangSong_GB2312", "仿宋_GB2312", "FZFangSong-Z02S", "FZFangSong-Z02", "方正仿宋简体", "FangSong", "仿宋"),
    Face.KAI: ("KaiTi_GB2312", "楷体_GB2312", "FZKai-Z03S", "FZKai-Z03", "方正楷体简体", "KaiTi", "楷体"),
    Face.HEI: ("SimHei", "黑体", "FZHei-B01S", "FZHei-B01", "方正黑体简体"),
    Face.TITLE: ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"),
    Face.SONG: ("SimSun", "宋体", "FZShuSong-Z01S", "方正书宋简体"),
})  # fmt: skip
"""Family names of the fonts that units usually have a licence for; they may not be shipped (DL-08)."""

SHIPPED_FAMILIES: Mapping[Face, tuple[str, ...]] = MappingProxyType({
    Face.FANG: ("Ronghe Fang", "Ronghe Fang Rare"),
    Face.KAI: ("Ronghe Kai", "Ronghe Kai Rare", "Ronghe Fang", "Ronghe Fang Rare"),
    Face.HEI: ("Ronghe Hei", "Ronghe Fang", "Ronghe Fang Rare"),
    Face.TITLE: ("Ronghe Title", "Ronghe Fang", "Ronghe Fang Rare"),
    Face.SONG: ("Ronghe Song", "Ronghe Title", "Ronghe Fang", "Ronghe Fang Rare"),
})  # fmt: skip
"""Every chain ends with the widest pair, so that a rare character is drawn in a near style rather than not at all."""

OFFICE_FONTS: Mapping[Face, str] = MappingProxyType(
    {
        Face.FANG: "仿宋_GB2312",
        Face.KAI: "楷体_GB2312",
        Face.HEI: "黑体",
        Face.TITLE: "方正小标宋简体",
        Face.SONG: "宋体",
    }
)
"""The names a Word file asks for; Word and WPS substitute a near font where one is missing."""


@dataclass(frozen=True)
class FontSet:
    """The fonts to print with. `extra_font_dirs` are folders with a unit's own fonts, which win over the shipped ones.

    `families` names the families looked for there, best first, per face; a font of any other name in the folder is
    not used. Folders that do not exist are taken as empty. Make one per process, or one per change of the folder.
    """

    extra_font_dirs: tuple[Path, ...] = ()
    families: Mapping[Face, tuple[str, ...]] = field(default_factory=lambda: LICENSED_FAMILIES)

    def chain(self, face: Face) -> tuple[str, ...]:
        """Return the families that draw a face, first choice first."""
        own = {family.casefold(): family for family in self.loaded.own_families}
        wanted = [own[name.casefold()] for name in self.families.get(face, ()) if name.casefold() in own]
        return (*wanted, *SHIPPED_FAMILIES[face])

    def missing(self, text: str) -> frozenset[str]:
        """Return the characters of `text` that no font of the text face can draw, blanks apart."""
        return frozenset(letter for letter in text if ord(letter) not in self.drawable and not letter.isspace())

    @cached_property
    def drawable(self) -> frozenset[int]:
        """Code points that the chain of the text face, and so the end of every chain, can draw."""
        chain = self.chain(Face.FANG)
        return frozenset().union(*(self.loaded.coverage(family) for family in chain))

    @cached_property
    def loaded(self) -> LoadedFonts:
        return load_fonts((SHIPPED_FONTS, *self.extra_font_dirs), _fingerprint(self.extra_font_dirs))


class LoadedFonts:
    """Font folders read once, kept for all documents of a process."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        import typst

        present = [folder for folder in folders if folder.is_dir()]
        self.book: Any = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in present]
        )
        self._files: dict[str, list[tuple[Path, int]]] = {}
        for font in self.book.fonts():
            if font.path is not None:
                self._files.setdefault(font.family, []).append((Path(font.path), font.index))
        self.own_families = frozenset(
            family for family, files in self._files.items() if any(path.parent != SHIPPED_FONTS for path, _ in files)
        )

    def coverage(self, family: str) -> frozenset[int]:
        """Return the code points that the files of a family have glyphs for; a file that cannot be read has none."""
        codes: set[int] = set()
        for path, index in self._files.get(family, ()):
            try:
                codes |= covered_characters(path, index)
            except FontUnreadable:
                continue
        return frozenset(codes)


@lru_cache(maxsize=4)
def load_fonts(folders: tuple[Path, ...], _state: tuple[tuple[str, int, int], ...]) -> LoadedFonts:
    """Return the fonts of the folders, read again only when a file in them came, went or changed."""
    return LoadedFonts(folders)


def _fingerprint(folders: tuple[Path, ...]) -> tuple[tuple[str, int, int], ...]:
    files = sorted(
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.suffix.lower() in FONT_SUFFIXES
    )
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
