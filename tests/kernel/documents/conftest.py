"""Reading a PDF back and measuring it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

MM_PER_POINT = 25.4 / 72
CHARACTER_TABLE = Path(__file__).parents[2] / "data/characters/tongyong_guifan_8105.txt"


@dataclass(frozen=True)
class Ink:
    """One drawn character: its box of ink in millimeters from the upper left corner of the page."""

    letter: str
    left: float
    top: float
    right: float
    bottom: float


class MeasuredPdf:
    """A PDF as numbers: pages of characters with font, size and place, of lines, and of ink."""

    def __init__(self, data: bytes) -> None:
        self.plumbed = pdfplumber.open(BytesIO(data))
        self.drawn = pypdfium2.PdfDocument(data)

    @property
    def page_count(self) -> int:
        return len(self.plumbed.pages)

    def size_mm(self, page: int = 0) -> tuple[float, float]:
        found = self.plumbed.pages[page]
        return round(found.width * MM_PER_POINT, 2), round(found.height * MM_PER_POINT, 2)

    def characters(self, page: int = 0) -> list[dict]:
        return [letter for letter in self.plumbed.pages[page].chars if letter["text"].strip()]

    def rows(self, page: int = 0, *, size: float = 16) -> list[list[dict]]:
        """Return the lines of type of one size, top to bottom, each from left to right."""
        sized = [letter for letter in self.characters(page) if abs(letter["size"] - size) < 0.01]
        sized.sort(key=lambda letter: (round(letter["matrix"][5], 1) * -1, letter["x0"]))
        return [list(row) for _, row in groupby(sized, key=lambda letter: round(letter["matrix"][5], 1))]

    def lines(self, page: int = 0) -> list[str]:
        return ["".join(letter["text"] for letter in row) for row in self.rows(page)]

    def text(self, page: int | None = None) -> str:
        pages = range(self.page_count) if page is None else [page]
        return "".join(letter["text"] for number in pages for letter in self.characters(number))

    def font_of(self, words: str, page: int = 0) -> set[tuple[str, float]]:
        """Return font and size of every character of the first place where `words` stands."""
        letters = self.characters(page)
        start = "".join(letter["text"] for letter in letters).index(words)
        return {
            (letter["fontname"].partition("+")[2], round(letter["size"], 2))
            for letter in letters[start : start + len(words)]
        }

    def ink(self, page: int = 0) -> list[Ink]:
        found = self.drawn[page]
        height = found.get_height()
        text = found.get_textpage()
        inks = []
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            inks.append(
                Ink(
                    text.get_text_range(index, 1),
                    left * MM_PER_POINT,
                    (height - top) * MM_PER_POINT,
                    right * MM_PER_POINT,
                    (height - bottom) * MM_PER_POINT,
                )
            )
        return inks

    def first_ink(self, page: int = 0) -> float:
        """Return how far down the page the first dark or colored dot stands, drawn at 600 dots an inch."""
        green = self.drawn[page].render(scale=600 / 72).to_pil().convert("RGB").getchannel("G")
        return green.point(lambda value: 255 if value < 128 else 0).getbbox()[1] / 600 * 25.4

    def strokes(self, page: int = 0) -> list[dict]:
        """Return the straight lines: ends and thickness in millimeters, color as written."""
        found = self.plumbed.pages[page]
        return [
            {
                "left": line["x0"] * MM_PER_POINT,
                "right": line["x1"] * MM_PER_POINT,
                "top": line["top"] * MM_PER_POINT,
                "weight": line["linewidth"] * MM_PER_POINT,
                "color": line["stroking_color"],
            }
            for line in found.lines
        ]


@pytest.fixture
def measure():
    return MeasuredPdf


@pytest.fixture(scope="session")
def standard_characters() -> str:
    lines = CHARACTER_TABLE.read_text(encoding="utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))
