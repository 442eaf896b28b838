"""The measures of an official page: GB/T 9704-2012 as parameters, shared by PDF and Word."""

from __future__ import annotations

from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class PageLayout:
    """Where everything stands on the page; millimeters unless the name says points (`_pt`).

    The defaults are rules DL-01..DL-07. A house that deviates passes its own values.
    """

    page_width: float = 210.0
    page_height: float = 297.0
    margin_top: float = 37.0
    """DL-01."""
    margin_left: float = 28.0
    """DL-01."""
    margin_right: float = 26.0
    """DL-01."""
    margin_bottom: float = 35.0
    """DL-01."""

    lines_per_page: int = 22
    """DL-02."""
    characters_per_line: int = 28
    """DL-02."""

    body_pt: float = 16.0
    """DL-02, size 3."""
    title_pt: float = 22.0
    """DL-03, size 2."""
    small_pt: float = 14.0
    """DL-05 and DL-07, size 4; also the size of tables."""
    mark_pt: float = 46.0
    """DL-06 leaves the size of the organization mark open; a longer mark is set smaller until it fits one line."""
    smallest_mark_pt: float = 24.0
    """Below this the mark takes two lines rather than shrink further."""

    page_number_drop: float = 7.0
    """DL-05: from the type area down to the dashes beside the page number."""
    mark_drop: float = 35.0
    """DL-06: from the top of the type area to the top of the organization mark."""
    rule_drop: float = 4.0
    """DL-06: from the document number down to the red rule."""
    rule_weight: float = 0.7
    """Thickness of the red rule; DL-06 leaves it open."""
    red: str = "#e60012"
    """DL-06 says red; this is the one printers' presses give."""

    imprint_heavy: float = 0.35
    """DL-07: first and last line of the imprint."""
    imprint_light: float = 0.25
    """DL-07: lines between."""
    date_inset: int = 4
    """DL-04: characters kept free to the right of the date."""

    @property
    def type_width(self) -> float:
        return self.page_width - self.margin_left - self.margin_right

    @property
    def type_height(self) -> float:
        return self.page_height - self.margin_top - self.margin_bottom

    @property
    def line_pitch_pt(self) -> float:
        """From one line to the next, so that the lines of a page fill the type area."""
        return self.type_height * POINTS_PER_MM / self.lines_per_page

    @property
    def character_pitch_pt(self) -> float:
        """From one character to the next, so that the characters of a line fill the type area."""
        return self.type_width * POINTS_PER_MM / self.characters_per_line

    @property
    def title_characters(self) -> int:
        """Characters of title size that fit on one line."""
        return int(self.type_width * POINTS_PER_MM / self.title_pt)


GBT_9704 = PageLayout()
GBT_9704_LANDSCAPE = PageLayout(
    page_width=297.0, page_height=210.0, margin_top=26.0, margin_left=26.0, margin_right=26.0, margin_bottom=28.0,
    lines_per_page=15, characters_per_line=44,
)  # fmt: skip
"""Wide tables: the same type and nearly the same grid on a page laid on its side; margins are those of DL-01, narrowed."""
GBT_9704_A3 = PageLayout(
    page_width=420.0, page_height=297.0, margin_top=26.0, margin_left=26.0, margin_right=26.0, margin_bottom=28.0,
    lines_per_page=25, characters_per_line=66,
)  # fmt: skip
"""A sheet for the wall: the same type on A3 laid on its side."""
