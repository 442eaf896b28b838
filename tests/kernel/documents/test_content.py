from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ronghe.kernel.documents import Column, Head, OfficialDocument, Paragraph, Table, content_digest
from ronghe.kernel.documents.content import cleaned, digest_lines, printable


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("王\x00喆\x0b", "王喆"),
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("甲\t乙", "甲 乙"),
        ("甲\u202e乙\u200b丙\ufeff", "甲乙丙"),
        ("葛\U000e0100城", "葛城"),
        ("\ud800甲", "甲"),
        ("喆堃 ①〔2026〕", "喆堃 ①〔2026〕"),
    ],
)
def test_printable_drops_what_draws_nothing_and_keeps_the_rest(stored, printed):
    assert printable(stored) == printed


def test_cleaning_reaches_every_text_of_a_document():
    dirty = OfficialDocument(
        title="题\x00", head=Head("志\x00", "号\x00"), issuer="方\x00", attachments=("件\x00",),
        blocks=(Paragraph("段\x00"), Table((Column("头\x00"),), (("格\x00",),))),
    )  # fmt: skip

    assert cleaned(dirty) == OfficialDocument(
        title="题", head=Head("志", "号"), issuer="方", attachments=("件",),
        blocks=(Paragraph("段"), Table((Column("头"),), (("格",),))),
    )  # fmt: skip


def test_digest_is_of_the_content():
    document = OfficialDocument(title="题", blocks=(Paragraph("段"),), dated=date(2026, 3, 9))

    assert content_digest(document) == content_digest(replace(document))
    assert content_digest(replace(document, title="题\x00")) == content_digest(document)
    for other in (
        replace(document, title="题目"),
        replace(document, blocks=(Paragraph("断"),)),
        replace(document, blocks=(Paragraph("", lead="段"),)),
        replace(document, dated=date(2026, 3, 10)),
    ):
        assert content_digest(other) != content_digest(document)


def test_digest_is_shown_in_two_lines_of_groups_of_four():
    first, second = digest_lines("0123456789abcdef" * 4)

    assert first == "0123 4567 89ab cdef 0123 4567 89ab cdef"
    assert second == first


def test_table_refuses_a_row_of_another_length():
    with pytest.raises(ValueError, match="row of 1 cells under 2 columns"):
        Table((Column("甲"), Column("乙")), (("一",),))
