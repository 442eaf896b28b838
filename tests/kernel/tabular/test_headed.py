"""Tables under known heads: found below other rows, read as texts, packed for the browser and never believed."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.headed import Headed, HeadedTable
from ronghe.kernel.tabular.writing import SheetOut, write_workbook


class Missing(DomainError):
    code = "test_missing"
    sentence = "%(name)s %(heads)s"


class TooLong(DomainError):
    code = "test_too_long"
    sentence = "%(name)s %(most)s"


class Empty(DomainError):
    code = "test_empty"
    sentence = "%(name)s"


TABLE = HeadedTable(
    heads={"who": "谁", "day": "哪天", "many": "多少"}, required=("who", "many"), missing=Missing, too_long=TooLong,
    empty=Empty, most_rows=3, longest_cell=5, also={"姓名": "who"},
)  # fmt: skip


def book(folder, *rows):
    path = folder / "表.xlsx"
    write_workbook(path, [SheetOut("说明", ["一", "二"], [["甲", "乙"]]), SheetOut("表", rows[0], rows[1:])])
    return path


def test_rows_are_read_below_the_heads_as_texts_with_their_letters(tmp_path):
    path = book(tmp_path, ["填表说明", "", ""], ["谁", "哪天", "多少"], ["王 工", date(2026, 8, 3), 2.0], ["", "", ""],
                ["名字太长了的人", "", 98.5])  # fmt: skip

    found = TABLE.read(path, "表.xlsx")

    assert found.lines == [
        (3, {"who": "王 工", "day": "2026-08-03", "many": "2"}), (5, {"who": "名字太长了", "day": "", "many": "98.5"}),
    ]  # fmt: skip
    assert found.letters == {"who": "A", "day": "B", "many": "C"}


def test_a_head_may_have_another_name(tmp_path):
    assert TABLE.read(book(tmp_path, ["姓名", "多少"], ["王工", 1]), "表.xlsx").lines == [
        (2, {"who": "王工", "many": "1"})
    ]


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([["谁", "哪天"], ["王工", ""]], Missing),
        ([["谁", "多少"]], Empty),
        ([["谁", "多少"], *[["王工", 1]] * 4], TooLong),
    ],
)
def test_what_is_no_such_table_is_refused_by_the_rooms_own_sentence(tmp_path, rows, refused):
    with pytest.raises(refused, match=r"表\.xlsx"):
        TABLE.read(book(tmp_path, *rows), "表.xlsx")


def test_three_rows_are_not_too_many(tmp_path):
    assert len(TABLE.read(book(tmp_path, ["谁", "多少"], *[["王工", 1]] * 3), "表.xlsx").lines) == 3


def test_what_was_packed_comes_back_and_other_keys_do_not():
    packed = TABLE.pack(Headed([(2, {"who": "王工", "many": "", "else": "x"})], {"who": "A"}))
    assert TABLE.unpack(packed) == Headed([(2, {"who": "王工"})], {"who": "A"})


@pytest.mark.parametrize(
    "text",
    ["[", "{}", '{"columns": {}, "rows": []}', '{"columns": {}, "rows": [["x", {}]]}', '{"columns": [], "rows": 1}'],
)
def test_what_was_not_packed_here_is_refused(text):
    with pytest.raises(Empty):
        TABLE.unpack(text)
