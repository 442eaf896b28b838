"""An accident is reported, the levels are told, figures change, it is closed or withdrawn (IN-01, IN-02, IN-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from ronghe.domain.incidents.calc.plan import Plan, dues
from ronghe.domain.incidents.enums import COUNTED, AccidentKind
from ronghe.domain.incidents.facts import ACCIDENT_CLOSED, FIGURES_ADDED, LEVEL_TOLD
from ronghe.domain.incidents.models import Accident, AccidentFigures, AccidentNotice
from ronghe.domain.incidents.rules import HANDLE, REPORT, TELL, WITHDRAW
from ronghe.domain.incidents.selectors import plan_in_force
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of, keys_of
from ronghe.domain.projects.models import Project
from ronghe.domain.risks.facts import SAFETY_ACCIDENT
from ronghe.domain.risks.models import RiskArea
from ronghe.domain.risks.rules import SEE_AREA
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_

MORE_DAYS_KEY = "incident_more_days"
NO_GRADE = "none"
"""Of an event, in the words of facts."""
MOST_YUAN = Decimal(99999999999999)


class AccidentUntold(DomainError):
    code = "incident_untold"
    sentence = N_("请写明发生了什么（最多 120 个字）和在哪里（最多 80 个字）；经过最多 2000 个字，写事不写人。")
    status = 422


class AccidentNowhere(DomainError):
    code = "incident_nowhere"
    sentence = N_("请选区域，或者选报到哪个组织。")
    status = 422


class AccidentMomentWrong(DomainError):
    code = "incident_moment_wrong"
    sentence = N_("发生时间不能在将来，知道的时间不能早于发生时间。")
    status = 422


class CodeUnknown(DomainError):
    code = "incident_code_unknown"
    sentence = N_(
        "“%(code)s”不是 GB 6441—2025 的编码。类别是 WSA1 加四位（0001—0026、0099），伤害程度是 WSA2 加四位（0001—0004）。"
    )
    status = 422


class FiguresWrong(DomainError):
    code = "incident_figures_wrong"
    sentence = N_("死亡、重伤人数和直接经济损失要写不小于 0 的数。")
    status = 422


class EventHurtsNobody(DomainError):
    code = "incident_event_hurts_nobody"
    sentence = N_("有死亡或重伤的不是未遂事件，请按安全事故或环境污染报告。")
    status = 422


class SupplementTooLate(DomainError):
    code = "incident_supplement_too_late"
    sentence = N_("伤亡变化在事故发生 %(days)s 天内补报，最晚 %(latest)s，已经过了。")


class AccidentOver(DomainError):
    code = "incident_over"
    sentence = N_("这起事故已结案或撤销，不能再改。")


class ToldMomentWrong(DomainError):
    code = "incident_told_moment_wrong"
    sentence = N_("报告时间要在知道事故以后，不能在将来。")
    status = 422


class ReasonMissing(DomainError):
    code = "incident_reason_missing"
    sentence = N_("请写明结论或者撤销的原因。")
    status = 422


@dataclass(frozen=True, slots=True)
class Figures:
    """Dead, seriously injured, direct loss in yuan."""

    deaths: int = 0
    injured: int = 0
    yuan: Decimal = Decimal(0)


NONE_HURT = Figures()


@dataclass(frozen=True, slots=True)
class AccidentText:
    """What happened, where, when. Of an area its body, unit and zone are known; else `body` is asked."""

    title: str
    happened_at: datetime
    kind: AccidentKind | str = AccidentKind.ACCIDENT
    known_at: datetime | None = None
    area: RiskArea | None = None
    body: PartyOrg | None = None
    zone: CollaborationZone | None = None
    project: Project | None = None
    place: str = ""
    text: str = ""
    class_code: str = ""
    harm_code: str = ""
    figures: Figures = NONE_HURT


@transaction.atomic
def report_accident(*, text: AccidentText, actor: Person, at: datetime) -> Accident:
    """Report what happened; who is to be told until when follows from its grade and the house's plan.

    :raises AccidentUntold, AccidentNowhere, AccidentMomentWrong, CodeUnknown, FiguresWrong: not filled in
    :raises EventHurtsNobody: a near miss with somebody hurt
    """
    body = _body(text, actor, at)
    plan = plan_in_force()
    known_at = text.known_at or at
    _check(text, plan, known_at, at)
    kind, figures = AccidentKind(text.kind), text.figures
    grade = _grade(plan, kind, figures)
    area = text.area
    accident = Accident.objects.create(
        body=body, unit=area.unit if area is not None else body.unit,
        zone=area.zone if area is not None and area.zone is not None else text.zone, project=text.project, area=area,
        kind=kind, title=text.title.strip(), place=text.place.strip(), text=text.text.strip(),
        class_code=text.class_code.strip().upper(), harm_code=text.harm_code.strip().upper(),
        happened_at=text.happened_at, known_at=known_at, grade=grade, deaths=figures.deaths, injured=figures.injured,
        yuan=figures.yuan, reported_by=actor, reported_at=at,
    )  # fmt: skip
    _keep_figures(accident, "", actor, at)
    _note_lines(accident, plan)
    fact = _tell(
        SAFETY_ACCIDENT, accident, actor, text.happened_at, kind=kind, grade=grade or NO_GRADE,
        class_code=accident.class_code or "none", happened_on=local_day(text.happened_at), is_counted=kind in COUNTED,
    )  # fmt: skip
    Accident.objects.filter(pk=accident.pk).update(fact=fact.pk)
    accident.fact = fact.pk
    return accident


@transaction.atomic
def tell_level(
    *, notice: AccidentNotice, actor: Person, at: datetime, told_at: datetime | None = None, way: str = ""
) -> AccidentNotice:
    """Note that a level was told; how late it was stays to be seen, and the time of those after it counts from now on.

    :raises ToldMomentWrong: before it was known, or in the future
    :raises AccidentOver: it was withdrawn
    :raises Stale: it was told already
    """
    accident = notice.accident
    TELL.require(actor, accident, at=at)
    if accident.withdrawn_at is not None:
        raise AccidentOver
    moment = told_at or at
    if moment > at or moment < accident.known_at:
        raise ToldMomentWrong
    rows = AccidentNotice.objects.filter(pk=notice.pk, told_at=None)
    if not rows.update(told_at=moment, told_by=actor, way=way.strip()[:120]):
        raise Stale
    notice.refresh_from_db()
    _count_dues(accident)
    minutes = int((moment - accident.known_at).total_seconds()) // 60
    _tell(LEVEL_TOLD, accident, actor, at, line=notice.line, on_time=not notice.is_late(moment), minutes=minutes)
    return notice


@transaction.atomic
def add_figures(*, accident: Accident, figures: Figures, actor: Person, at: datetime, note: str = "") -> Accident:
    """Report that deaths, injuries or loss changed (IN-02), within the days in which that counts; a worse grade adds levels.

    :raises SupplementTooLate: later than `incident_more_days` after it happened
    :raises FiguresWrong: a number below nought
    :raises AccidentOver: closed or withdrawn
    """
    HANDLE.require(actor, accident, at=at)
    if not accident.is_open:
        raise AccidentOver
    _check_figures(figures)
    days = key_of(MORE_DAYS_KEY, accident.body, local_day(at))
    latest = local_day(accident.happened_at) + timedelta(days=days)
    if local_day(at) > latest:
        raise SupplementTooLate(days=days, latest=latest)
    plan = plan_in_force()
    before = accident.grade
    accident.deaths, accident.injured, accident.yuan = figures.deaths, figures.injured, figures.yuan
    accident.grade = _grade(plan, accident.kind, figures)
    accident.save(update_fields=["deaths", "injured", "yuan", "grade"])
    _keep_figures(accident, note, actor, at)
    _note_lines(accident, plan)
    _tell(FIGURES_ADDED, accident, actor, at, grade=accident.grade or NO_GRADE, before=before or NO_GRADE)
    return accident


@transaction.atomic
def close_accident(*, accident: Accident, result: str, actor: Person, at: datetime) -> Accident:
    """Close an accident with what was found and what follows from it.

    :raises ReasonMissing: without words
    :raises Stale: it was closed or withdrawn
    """
    HANDLE.require(actor, accident, at=at)
    words = result.strip()
    if not words or len(words) > 2000:
        raise ReasonMissing
    rows = Accident.objects.filter(pk=accident.pk, closed_at=None, withdrawn_at=None)
    if not rows.update(closed_at=at, closed_by=actor, result=words):
        raise Stale
    accident.closed_at, accident.closed_by, accident.result = at, actor, words
    _tell(ACCIDENT_CLOSED, accident, actor, at, grade=accident.grade or NO_GRADE)
    return accident


@transaction.atomic
def withdraw_accident(*, accident: Accident, reason: str, actor: Person, at: datetime) -> Accident:
    """Withdraw what was reported by mistake; whoever reported it does not. It counts no more and stays on record.

    :raises ReasonMissing: without a reason
    :raises Stale: it was
    """
    WITHDRAW.require(actor, accident, at=at)
    why = reason.strip()
    if not why or len(why) > 400:
        raise ReasonMissing
    rows = Accident.objects.filter(pk=accident.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=at, withdrawn_by=actor, withdrawn_why=why):
        raise Stale
    accident.withdrawn_at, accident.withdrawn_by, accident.withdrawn_why = at, actor, why
    if accident.fact is not None:
        reverse(Fact.objects.get(pk=accident.fact), by=actor, at=at)
    return accident


def _body(text: AccidentText, actor: Person, at: datetime) -> PartyOrg:
    if text.area is not None:
        SEE_AREA.require(actor, text.area, at=at)
        return text.area.body
    if text.body is None:
        raise AccidentNowhere
    REPORT.require(actor, text.body, at=at)
    return text.body


def _check(text: AccidentText, plan: Plan, known_at: datetime, at: datetime) -> None:
    title, place = text.title.strip(), text.place.strip()
    if (
        not title
        or len(title) > 120
        or len(place) > 80
        or len(text.text.strip()) > 2000
        or (not place and not text.area)
    ):
        raise AccidentUntold
    if text.kind not in AccidentKind.values:
        raise AccidentUntold
    if text.happened_at > at or known_at > at or known_at < text.happened_at:
        raise AccidentMomentWrong
    for code, known in ((text.class_code, plan.classes), (text.harm_code, plan.harms)):
        if code.strip() and code.strip().upper() not in known:
            raise CodeUnknown(code=code.strip()[:20])
    _check_figures(text.figures)


def _grade(plan: Plan, kind: str, figures: Figures) -> str:
    """Return the grade by law; an event in which nobody was hurt has none.

    :raises EventHurtsNobody: somebody was
    """
    if kind in COUNTED:
        return plan.grade_of(figures.deaths, figures.injured, figures.yuan)
    if figures.deaths or figures.injured:
        raise EventHurtsNobody
    return ""


def _check_figures(figures: Figures) -> None:
    if min(figures.deaths, figures.injured) < 0 or not 0 <= figures.yuan <= MOST_YUAN:
        raise FiguresWrong
    if max(figures.deaths, figures.injured) > 1_000_000:
        raise FiguresWrong


def _keep_figures(accident: Accident, note: str, actor: Person, at: datetime) -> None:
    AccidentFigures.objects.create(
        accident=accident, deaths=accident.deaths, injured=accident.injured, yuan=accident.yuan, grade=accident.grade,
        note=note.strip()[:400], by=actor, at=at,
    )  # fmt: skip


def _note_lines(accident: Accident, plan: Plan) -> None:
    """Write down who is to be told and is not yet; of what hurt nobody the unit's own head alone is told."""
    lines = plan.lines_for(accident.grade) if accident.kind in COUNTED else list(plan.lines[:1])
    known = set(accident.notices.values_list("line", flat=True))
    names = sorted({line.within for line in lines if line.within})
    minutes = keys_of(names, accident.body_id, local_day(accident.known_at)) if names else {}
    order = {line.id: number for number, line in enumerate(plan.lines, start=1)}
    AccidentNotice.objects.bulk_create(
        AccidentNotice(
            accident=accident, number=order[line.id], line=line.id, title=line.title, after=line.after,
            minutes=minutes[line.within] if line.within else None,
        )
        for line in lines
        if line.id not in known
    )  # fmt: skip
    _count_dues(accident)


def _count_dues(accident: Accident) -> None:
    rows = list(accident.notices.order_by("number"))
    told = {row.line: row.told_at for row in rows if row.told_at is not None}
    found = dues([(row.line, row.after, row.minutes) for row in rows], accident.known_at, told)
    for row in rows:
        if row.told_at is None and row.due_at != found[row.line]:
            AccidentNotice.objects.filter(pk=row.pk, told_at=None).update(due_at=found[row.line])


def _tell(kind: FactKind, accident: Accident, actor: Person, at: datetime, /, **said: object) -> Fact:
    return record(
        Draft(
            kind, at, actor, body=accident.body_id, unit=accident.unit_id, zone=accident.zone_id,
            project=accident.project_id, attributes=said, source=accident,
        )
    )  # fmt: skip
