"""What the schema cannot see in `for_grade`: a sheet or grade that is not there, and bodies that are never graded by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ronghe.domain.playbooks.calc.problems import Problem
from ronghe.domain.playbooks.calc.vocabulary import GRADED_KINDS
from ronghe.domain.playbooks.calc.yaml_text import Path
from ronghe.kernel.words import N_, listed

Data = Mapping[str, Any]


def grade_problems(mechanism: Data, path: Path, own: Data) -> Iterator[Problem]:
    """Find what is wrong with `for_grade` of a mechanism of the file `own` (RT-03, RT-04)."""
    wanted = mechanism.get("for_grade")
    if wanted is None:
        return
    where: Path = (*path, "for_grade")
    sheets = {sheet["id"]: sheet for sheet in own.get("sheets", ())}
    sheet = sheets.get(wanted["sheet"])
    if sheet is None:
        yield Problem(
            "unknown_sheet",
            N_("本文件没有编号为“%(id)s”的评分表。可以写：%(known)s。"),
            (*where, "sheet"),
            details={"id": wanted["sheet"], "known": listed(sheets) or "—"},
        )
        return
    yield from _band_problems(sheet, wanted["grades"], (*where, "grades"))
    yield from _level_problems(sheet, mechanism["for"], (*where, "sheet"))
    if "cadence" not in mechanism:
        yield Problem("grade_without_cadence", N_("写了 for_grade，还要写 cadence，否则什么也不产生。"), where)


def _band_problems(sheet: Data, grades: list[str], path: Path) -> Iterator[Problem]:
    known = [band["id"] for band in sheet.get("grades", {}).get("bands", ())]
    for number, grade in enumerate(grades):
        if grade not in known:
            yield Problem(
                "unknown_grade",
                N_("评分表“%(sheet)s”没有等次“%(id)s”。可以写：%(known)s。"),
                (*path, number),
                details={"sheet": sheet["id"], "id": grade, "known": listed(known) or "—"},
            )


def _level_problems(sheet: Data, kinds: list[str], path: Path) -> Iterator[Problem]:
    graded = GRADED_KINDS.get(sheet["level"])
    if graded is None:
        yield Problem(
            "grade_of_no_body",
            N_("评分表“%(sheet)s”评的是 %(level)s，不评组织，不能决定组织的应办事项。"),
            path,
            details={"sheet": sheet["id"], "level": sheet["level"]},
        )
    elif not graded & set(kinds):
        yield Problem(
            "grade_never_fits",
            N_("评分表“%(sheet)s”评的是 %(level)s，for 里没有一类组织会有它的等次。"),
            path,
            details={"sheet": sheet["id"], "level": sheet["level"]},
        )
