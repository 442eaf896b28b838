"""A visit goes on: item by item a verdict, what is below becomes a finding, and the visit is sealed."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.db import transaction

from ronghe.domain.inspections.calc.checklists import CheckItem
from ronghe.domain.inspections.calc.marking import HUNDREDTH, grade_for, percentage
from ronghe.domain.inspections.enums import BELOW, InspectionForm, InspectionState, Verdict
from ronghe.domain.inspections.facts import JUDGED, VISITED
from ronghe.domain.inspections.models import Inspection, ItemVerdict
from ronghe.domain.inspections.rules import FLOW, VISIT
from ronghe.domain.inspections.selectors.evidence import held_for
from ronghe.domain.inspections.selectors.inspections import grade_before, marks_of
from ronghe.domain.inspections.services.findings import FindingText, put_finding
from ronghe.domain.inspections.services.telling import tell
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import DomainError, NotFound, Stale
from ronghe.kernel.words import N_, listed

LABEL = "inspections.inspection"
LONGEST = {"words": 1000, "summary": 2000}
NAMED_AT_MOST = 3


class VisitOver(DomainError):
    code = "inspection_over"
    sentence = N_("这次督查已经结束，认定不能再改。对认定有异议的，在督查问题里提出。")


class VerdictUnfit(DomainError):
    code = "inspection_verdict_unfit"
    sentence = N_("“%(item)s”请从给出的认定里选一个；一票否决只有“没有”和“有”。")
    status = 422


class MarkUnfit(DomainError):
    code = "inspection_mark_unfit"
    sentence = N_("“%(item)s”的得分要在 0 到 %(full)s 之间，最多两位小数；符合的得满分，不符合的得 0 分。")
    status = 422


class VerdictUnexplained(DomainError):
    code = "inspection_verdict_unexplained"
    sentence = N_("“%(item)s”没有认定为符合，请写明看到了什么。")
    status = 422


class ItemsMissing(DomainError):
    code = "inspection_items_missing"
    sentence = N_("还有 %(count)s 项没有认定：%(titles)s。")


class VetoUnreviewed(DomainError):
    code = "inspection_veto_unreviewed"
    sentence = N_("一票否决“%(item)s”是您认定的，要由督查组的另一个人复核后完成（RT-07）。")


class NotBelow(DomainError):
    code = "inspection_item_not_below"
    sentence = N_("“%(item)s”没有认定为不符合，不用列为问题。")


@transaction.atomic
def judge_item(
    *, inspection: Inspection, item: str, verdict: Verdict | str, actor: Person, at: datetime, words: str = "",
    mark: Decimal | str | None = None,
) -> ItemVerdict:  # fmt: skip
    """Say what was found at one item; said again it stands in place of what was said before.

    The first one begins the visit. A mark is asked only of what is partly met; without one it gets the checklist's share.

    :raises NotFound: no such item on the checklist
    :raises VerdictUnfit, MarkUnfit: not one of the verdicts, or a mark that does not go with it
    :raises VerdictUnexplained: below what is wanted, not applicable or a veto, without words
    :raises VisitOver: sealed or called off
    """
    VISIT.require(actor, inspection, at=at)
    asked = inspection.sheet.item(item)
    found = _verdict(asked, verdict)
    given = _mark(inspection, asked, found, mark)
    if found != Verdict.MEETS and not words.strip():
        raise VerdictUnexplained(item=asked.title)
    _hold(inspection)
    held = held_for(inspection.sheet, inspection.body_id, at)[item].records
    row, _is_new = ItemVerdict.objects.update_or_create(
        inspection=inspection, item=item,
        defaults={
            "is_veto": asked.is_veto, "verdict": found, "mark": given, "words": words.strip()[: LONGEST["words"]],
            "held": held, "by": actor, "at": at,
        },
    )  # fmt: skip
    tell(inspection, JUDGED, actor, at, item=item, verdict=found.value, is_veto=asked.is_veto)
    return row


@transaction.atomic
def make_finding(*, inspection: Inspection, item: str, actor: Person, at: datetime) -> WorkItem:
    """Make a finding of an item that was judged below: one tap, its words go along. A second tap gives the same one.

    :raises NotFound: the item was not judged
    :raises NotBelow: it was judged as met
    :raises VisitOver: sealed or called off
    """
    VISIT.require(actor, inspection, at=at)
    row = inspection.verdicts.filter(item=item).select_related("finding").first()
    if row is None:
        raise NotFound
    if row.verdict not in BELOW:
        raise NotBelow(item=inspection.sheet.item(item).title)
    if row.finding is not None:
        return row.finding
    _hold(inspection)
    return _finding_of(inspection, row, actor, at)


@transaction.atomic
def seal_inspection(*, inspection: Inspection, words: str, actor: Person, at: datetime) -> Inspection:
    """Seal a visit: every item was judged, what is below is a finding, and a grade is proposed where one is accepted.

    This is the fact `inspections.visited`, by which the duty to visit is met.

    :raises ItemsMissing: items without a verdict
    :raises VetoUnreviewed: a veto that the actor alone looked at (RT-07)
    :raises StepNotAllowed, Stale: it is not under way
    """
    VISIT.require(actor, inspection, at=at)
    sheet, day = inspection.sheet, local_day(at)
    rows = list(inspection.verdicts.select_related("finding").order_by("pk"))
    if FLOW.allows(inspection, "seal"):
        _refuse_unready(inspection, rows, actor)
    mark, full, vetoes = marks_of(inspection, rows)
    before = grade_before(inspection.body_id, but=inspection.pk)
    percent = percentage(mark, full)
    is_graded = inspection.form == InspectionForm.ACCEPTANCE
    days = key_of("notice_days", inspection.body, day)
    FLOW.advance(
        inspection, "seal", sealed_by=actor, sealed_at=at, words=words.strip()[: LONGEST["summary"]], mark=mark, full=full,
        vetoes=vetoes, before=before if is_graded else "",
        proposed=grade_for(percent, vetoes, sheet.bands, before=before, rises_at_most=sheet.rises_at_most) if is_graded else "",
        notice_until=add_working_days(statutory_calendar(), day, days),
    )  # fmt: skip
    for row in rows:
        if row.verdict in BELOW and row.finding is None:
            _finding_of(inspection, row, actor, at)
    tell(
        inspection, VISITED, actor, at, form=inspection.form, checklist=inspection.checklist, vetoes=vetoes,
        findings=inspection.findings.count(), score=int(percent * 100) if percent is not None else None,
    )  # fmt: skip
    return inspection


def _verdict(asked: CheckItem, verdict: Verdict | str) -> Verdict:
    known = (Verdict.MEETS, Verdict.NOT_MET) if asked.is_veto else tuple(Verdict)
    found = next((one for one in known if one.value == str(verdict)), None)
    if found is None:
        raise VerdictUnfit(item=asked.title)
    return found


def _mark(inspection: Inspection, asked: CheckItem, verdict: Verdict, mark: Decimal | str | None) -> Decimal:
    full = asked.full
    fixed = {Verdict.MEETS: full, Verdict.NOT_MET: Decimal(0), Verdict.NOT_APPLICABLE: Decimal(0)}
    if mark is None or mark == "":
        partly = (full * inspection.sheet.partly).quantize(HUNDREDTH, ROUND_HALF_UP)
        return fixed.get(verdict, partly)
    try:
        given = Decimal(str(mark).strip())
    except InvalidOperation as error:
        raise MarkUnfit(item=asked.title, full=full) from error
    is_fit = given.is_finite() and 0 <= given <= full and given == given.quantize(HUNDREDTH)
    if not is_fit or given != fixed.get(verdict, given):
        raise MarkUnfit(item=asked.title, full=full)
    return given


def _hold(inspection: Inspection) -> None:
    """Begin a visit that waits, and hold its row until the act is over: nothing is judged beside the sealing."""
    if inspection.state == InspectionState.PLANNED:
        try:
            FLOW.advance(inspection, "begin")
        except Stale:  # another one of the group began a moment ago
            inspection.refresh_from_db(fields=["state"])
    under_way = Inspection.objects.filter(pk=inspection.pk, state=InspectionState.UNDER_WAY)
    if not under_way.update(state=InspectionState.UNDER_WAY):
        raise VisitOver


def _refuse_unready(inspection: Inspection, rows: list[ItemVerdict], actor: Person) -> None:
    judged = {row.item for row in rows}
    sheet = inspection.sheet
    missing = [one.title for one in (*sheet.items, *sheet.vetoes) if one.id not in judged]
    if missing:
        raise ItemsMissing(count=len(missing), titles=listed(missing[:NAMED_AT_MOST]))
    alone = next(
        (row for row in rows if row.is_veto and row.verdict == Verdict.NOT_MET and row.by_id == actor.pk), None
    )
    if alone is not None:
        raise VetoUnreviewed(item=sheet.item(alone.item).title)


def _finding_of(inspection: Inspection, row: ItemVerdict, actor: Person, at: datetime) -> WorkItem:
    asked = inspection.sheet.item(row.item)
    part = next((one.title for one in inspection.sheet.dimensions if asked in one.items), "")
    text = FindingText(
        asked.title, text=row.words, about=part or asked.title,
        source=RecordOf(LABEL, inspection.pk, inspection.sheet.title),
    )  # fmt: skip
    group = [one.person for one in inspection.group.select_related("person")]
    made = put_finding(
        text=text, body=inspection.body, actor=actor, at=at, inspection=inspection, check_item=row.item, group=group
    )
    ItemVerdict.objects.filter(pk=row.pk).update(finding=made)
    row.finding = made
    return made
