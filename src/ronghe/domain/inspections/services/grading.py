"""晋等升级: after the notice somebody above decides the grade; an objection found right changes what the visit came to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.domain.inspections.calc.marking import grade_for, percentage
from ronghe.domain.inspections.enums import InspectionForm, InspectionState, Verdict
from ronghe.domain.inspections.facts import GRADED, VERDICT_CHANGED
from ronghe.domain.inspections.models import Inspection, ItemVerdict
from ronghe.domain.inspections.rules import DECIDE_GRADE
from ronghe.domain.inspections.selectors.inspections import marks_of
from ronghe.domain.inspections.services.telling import tell
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_


class NothingToGrade(DomainError):
    code = "inspection_nothing_to_grade"
    sentence = N_("只有完成了的达标验收才定级。")


class NoticeRunning(DomainError):
    code = "inspection_notice_running"
    sentence = N_("公示到 %(day)s，过了才能定级。")


class ObjectionsOpen(DomainError):
    code = "inspection_objections_open"
    sentence = N_("还有 %(count)s 条异议没有复核，复核后再定级。")


class GradeUnknown(DomainError):
    code = "inspection_grade_unknown"
    sentence = N_("请从检查表的等级里选一个。")
    status = 422


class GradeUnexplained(DomainError):
    code = "inspection_grade_unexplained"
    sentence = N_("定的等级和建议的不同，请写明理由。")
    status = 422


class VetoStands(DomainError):
    code = "inspection_veto_stands"
    sentence = N_("有一票否决，只能定为“%(grade)s”；否决不成立的，先提异议、复核。")


@transaction.atomic
def decide_grade(*, inspection: Inspection, grade: str, actor: Person, at: datetime, words: str = "") -> Inspection:
    """Decide the grade of an acceptance after its notice of working days (PP-05); whoever visited does not decide.

    :raises NothingToGrade: no sealed acceptance
    :raises NoticeRunning: its last day is not over
    :raises ObjectionsOpen: an objection waits for its answer
    :raises GradeUnknown: not one of the checklist's
    :raises VetoStands: better than the least in spite of a veto (RT-07)
    :raises GradeUnexplained: another one than proposed, without words
    :raises Stale: somebody decided a moment ago
    """
    DECIDE_GRADE.require(actor, inspection, at=at)
    if inspection.form != InspectionForm.ACCEPTANCE or inspection.state != InspectionState.SEALED:
        raise NothingToGrade
    if inspection.notice_until is not None and local_day(at) <= inspection.notice_until:
        raise NoticeRunning(day=inspection.notice_until)
    objected = inspection.findings.filter(item__state="objected").count()
    if objected:
        raise ObjectionsOpen(count=objected)
    _refuse_grade(inspection, grade, words)
    decided = {"grade": grade, "decision": words.strip()[:1000], "decided_by": actor, "decided_at": at}
    if not Inspection.objects.filter(pk=inspection.pk, grade="", state=InspectionState.SEALED).update(**decided):
        raise Stale
    for name, value in decided.items():
        setattr(inspection, name, value)
    percent = percentage(inspection.mark, inspection.full) if inspection.mark is not None and inspection.full else None
    tell(
        inspection, GRADED, actor, at, grade=grade, proposed=inspection.proposed, before=inspection.before or None,
        vetoes=inspection.vetoes, score=int(percent * 100) if percent is not None else None,
    )  # fmt: skip
    return inspection


def change_verdict(verdict: ItemVerdict, actor: Person, at: datetime) -> None:
    """Let a verdict stand as met because an objection was found right, and reckon a sealed visit anew.

    What was said before stays beside it. A grade that was decided is not touched; the step that it follows asked the right.
    """
    inspection = verdict.inspection
    if inspection.grade or verdict.was:
        return
    full = inspection.sheet.item(verdict.item).full
    ItemVerdict.objects.filter(pk=verdict.pk).update(verdict=Verdict.MEETS, mark=full, was=verdict.verdict)
    tell(inspection, VERDICT_CHANGED, actor, at, item=verdict.item)
    if inspection.state != InspectionState.SEALED:
        return
    mark, whole, vetoes = marks_of(inspection, inspection.verdicts.all())
    sheet, before = inspection.sheet, inspection.before
    changed: dict[str, Any] = {"mark": mark, "full": whole, "vetoes": vetoes}
    if inspection.form == InspectionForm.ACCEPTANCE:
        percent = percentage(mark, whole)
        changed["proposed"] = grade_for(percent, vetoes, sheet.bands, before=before, rises_at_most=sheet.rises_at_most)
    Inspection.objects.filter(pk=inspection.pk).update(**changed)


def _refuse_grade(inspection: Inspection, grade: str, words: str) -> None:
    bands = [one.id for one in inspection.sheet.grades]
    if grade not in bands:
        raise GradeUnknown
    if inspection.vetoes and grade != bands[-1]:
        raise VetoStands(grade=inspection.sheet.grade_title(bands[-1]))
    if grade != inspection.proposed and not words.strip():
        raise GradeUnexplained
