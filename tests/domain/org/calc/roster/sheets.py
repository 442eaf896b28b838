"""Rosters as units arrange them, with numbers that hold together."""

from __future__ import annotations

from datetime import date

from ronghe.domain.org.calc.roster.identity import check_sign
from ronghe.domain.org.calc.roster.reading import SourceFile, read_roster
from tests.kernel.tabular.files import xlsx

TODAY = date(2026, 9, 14)


def number(born: str = "19830204", serial: int = 435, area: str = "990161") -> str:
    """Return a whole identity number; an odd serial is a man's."""
    digits = f"{area}{born}{serial:03d}"
    return digits + check_sign(digits)


HEAD = ["序号", "姓名", "性别", "身份证号", "班站", "政治面貌", "入党时间"]
MA = [1, "马春杰", "男", number(), "仪陇中心站", "中共党员", "2006.06"]
HE = [2, "贺红", "女", number("19790225", 444), "马鞍站", "群众", None]


def read(tmp_path, rows, *, name="花名册.xlsx", today=TODAY, **options):
    """Read a roster of `rows` written to a workbook."""
    path = xlsx(tmp_path / name, rows, **options)
    return read_roster([SourceFile(path, name)], today=today)


def codes(roster):
    return [(p.row, p.column, p.code) for p in roster.problems]
