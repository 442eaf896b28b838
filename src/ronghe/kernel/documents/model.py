"""What a document says, apart from how it looks: one model for PDF and Word.

Subjects (a huddle, a joint conference, a quarter's result) build an `OfficialDocument`; nothing here knows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

HeadingLevel: TypeAlias = Literal[1, 2, 3, 4]
Alignment: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Heading:
    """A numbered heading: level 1 一、 level 2 （一） level 3 1. level 4 （1）; the number is counted, not typed (DL-03)."""

    text: str
    level: HeadingLevel = 1
    numbered: bool = True


@dataclass(frozen=True)
class Paragraph:
    """Running text, first line two characters in. A line feed in `text` starts a new line in the same paragraph.

    `lead` are opening words set in 黑体 ("会议强调").
    """

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Addressees:
    """To whom it goes (主送机关): from the left edge, with a colon; lines after the first stand at the edge too."""

    text: str


@dataclass(frozen=True)
class Labelled:
    """One named element ("时间：…"): label in 黑体, text hanging behind it."""

    label: str
    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its share of the width, how its cells stand."""

    head: str
    share: int = 1
    align: Alignment = "center"


@dataclass(frozen=True)
class Table:
    """Rows of text under a head that repeats on every page. Each row has one text per column.

    :raises ValueError: a row is longer or shorter than the head
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                message = f"row of {len(row)} cells under {len(self.columns)} columns: {row!r}"
                raise ValueError(message)


@dataclass(frozen=True)
class Signature:
    """A place to sign: who signs as what. `note` says how it was signed when it was signed electronically (PI-07)."""

    role: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on, kept together on one page."""

    lines: tuple[Signature, ...]


Block: TypeAlias = Heading | Paragraph | Addressees | Labelled | Table | Signatures


@dataclass(frozen=True)
class Head:
    """The red head: organization mark, document number with 〔〕, and who signed it off for a report upwards (DL-04, DL-06)."""

    mark: str
    number: str = ""
    signer: str = ""


@dataclass(frozen=True)
class Imprint:
    """The block of lines at the foot of the last page: copies to, issued by and on (DL-07)."""

    issued_by: str
    issued_on: date
    copies_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficialDocument:
    """One document, ready to be rendered.

    A line feed in `title` breaks the line there; otherwise lines are balanced (DL-03). `issuer` and `dated` close
    the text, without a seal. With `head` the document is red-headed.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    head: Head | None = None
    issuer: str = ""
    dated: date | None = None
    show_date: bool = True
    """Off where the date is among the elements of the text already; it still dates the file."""
    attachments: tuple[str, ...] = ()
    imprint: Imprint | None = None
    keywords: tuple[str, ...] = field(default=())
