"""What a final result means outside: pay coefficient, honors barred, the list for the selection (AP-02, AP-01)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import SEE_WHOLE_RUN
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import rows_in
from ronghe.domain.appraisal.selectors.sheets import grade_titles, score_shown, sheet_of_run, veto_titles
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_, _, listed
from ronghe.scoring.exact import text

BARRED = {
    "advanced_unit": N_("先进单位、部门"),
    "selection": N_("评先选优、选拔任用"),
    "honors": N_("荣誉称号"),
}
"""Words for what sheets bar; others are shown as the sheet wrote them."""


class NotFinalYet(DomainError):
    code = "not_final_yet"
    sentence = N_("考评定稿后才能导出结果运用。现在的状态是“%(state)s”。")


@dataclass(frozen=True, slots=True)
class Applied:
    """What follows for one subject; `pay` as text, empty where the sheet says none."""

    subject: int
    name: str
    place: str
    score: str
    grade: str
    pay: str
    is_selected: bool
    bars: tuple[str, ...]
    vetoes: tuple[str, ...]


def consequences_of(run: Run, actor: Person, at: datetime) -> list[Applied]:
    """Return what follows from a final run, best first. A veto in force wins: who has one is not on the list (AP-01).

    :raises NotAllowed: the actor may not see the whole run
    :raises NotFinalYet: nothing follows from what may still change
    """
    SEE_WHOLE_RUN.require(actor, run, at=at)
    if run.state != RunState.FINAL:
        raise NotFinalYet(state=run.get_state_display())
    sheet = sheet_of_run(run)
    by_grade = {one.grade: one for one in sheet.consequences}
    bars = {veto.id: veto.bars for veto in sheet.vetoes}
    grades, vetoes = grade_titles(sheet), veto_titles(sheet)
    rows = list(rows_in(kept_of(run)))
    names = names_of(run.level, [row.subject for row in rows])
    homes = names_of(Level.BRANCH, {row.body for row in rows if row.body is not None})
    found = []
    for row in rows:
        follows = by_grade.get(row.grade or "")
        barred = dict.fromkeys([*(follows.bars if follows else ()), *(bar for one in row.vetoes for bar in bars[one])])
        pay = "" if follows is None or follows.pay is None else text(follows.pay)
        found.append(
            Applied(
                row.subject,
                names.get(row.subject, "—"),
                homes.get(row.body, "") if row.body is not None else "",
                score_shown(sheet, row.score),
                grades.get(row.grade or "", ""),
                pay,
                bool(follows and follows.selected) and not barred and not row.vetoes,
                tuple(_(BARRED[one]) if one in BARRED else one for one in barred),
                tuple(vetoes.get(one, one) for one in row.vetoes),
            )
        )
    return found


def consequence_sheets(run: Run, actor: Person, at: datetime) -> list[SheetOut]:
    """Return the workbook for the HR system: pay, honors barred, the list for the selection."""
    rows = consequences_of(run, actor, at)
    head = [_("编号"), _("对象"), _("所属组织"), _("总分"), _("等次")]

    def lead(row: Applied) -> list[str]:
        return [str(row.subject), row.name, row.place, row.score, row.grade]

    barred = ([*lead(row), listed(row.bars), listed(row.vetoes)] for row in rows if row.bars or row.vetoes)
    return [
        SheetOut(_("薪酬系数"), [*head, _("系数")], ([*lead(row), row.pay] for row in rows), [14, 30, 30, 10, 12, 10]),
        SheetOut(_("取消资格"), [*head, _("不得评选"), _("一票否决")], barred, [14, 30, 30, 10, 12, 30, 30]),
        SheetOut(_("评选名单"), head, (lead(row) for row in rows if row.is_selected), [14, 30, 30, 10, 12]),
    ]


def consequence_lines(run: Run, actor: Person, at: datetime) -> Iterator[list[str]]:
    """Return one table for a text file, its head first."""
    yield [
        _("编号"),
        _("对象"),
        _("所属组织"),
        _("总分"),
        _("等次"),
        _("系数"),
        _("列入评选"),
        _("不得评选"),
        _("一票否决"),
    ]
    for row in consequences_of(run, actor, at):
        chosen = _("是") if row.is_selected else _("否")
        yield [
            str(row.subject), row.name, row.place, row.score, row.grade, row.pay, chosen, listed(row.bars),
            listed(row.vetoes),
        ]  # fmt: skip
