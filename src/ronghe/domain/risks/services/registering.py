"""Risks are entered, changed from a day on, and closed; each change is a version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.enums import RiskGrade, VersionKind
from ronghe.domain.risks.facts import RISK_CHANGED, RISK_CLOSED, RISK_ENTERED
from ronghe.domain.risks.models import Risk, RiskArea, RiskVersion
from ronghe.domain.risks.rules import KEEP_AREA, KEEP_RISK
from ronghe.domain.risks.selectors import people_for, review_day
from ronghe.domain.risks.services.telling import tell
from ronghe.domain.risks.services.writing import write_version
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

LONGEST = {"title": 120, "harm": 200, "measures": 2000}


class RiskUntold(DomainError):
    code = "risk_untold"
    sentence = N_("请写清是什么危害（最多 120 个字）和管控措施（最多 2000 个字）；可能后果最多 200 个字。")
    status = 422


class RiskDayWrong(DomainError):
    code = "risk_day_wrong"
    sentence = N_("生效日期要在 %(least)s 到 %(most)s 之间：不早于上一版，也不能是将来。")
    status = 422


class ReviewDayWrong(DomainError):
    code = "risk_review_day_wrong"
    sentence = N_("复评日期要晚于生效日期 %(day)s。")
    status = 422


class OwnerFromOutside(DomainError):
    code = "risk_owner_from_outside"
    sentence = N_("%(name)s不在“%(area)s”的组织、协作区或单位里，不能做这里的风险责任人。请另选一人。")
    status = 422


class RiskStillRaised(DomainError):
    code = "risk_still_raised"
    sentence = N_("这项风险已升级，还没复评。请先复评，再更改等级或销去。")


class RiskCloseUntold(DomainError):
    code = "risk_close_untold"
    sentence = N_("请写明为什么销去这项风险，最多 400 个字。")
    status = 422


@dataclass(frozen=True, slots=True)
class RiskText:
    """What a risk says from `valid_from` (today unless told); without `review_on` it is due by its grade."""

    title: str
    grade: RiskGrade
    measures: str
    owner: Person
    harm: str = ""
    valid_from: date | None = None
    review_on: date | None = None
    reason: str = ""


@transaction.atomic
def add_risk(*, area: RiskArea, text: RiskText, actor: Person, at: datetime) -> Risk:
    """Enter a risk in an area (E5).

    :raises RiskUntold: hazard or measures are missing or too long
    :raises OwnerFromOutside: who is to answer for it does not belong there
    :raises RiskDayWrong, ReviewDayWrong: days that do not fit
    :raises Stale: the area was given up
    """
    KEEP_AREA.require(actor, area, at=at)
    if area.closed_at is not None:
        raise Stale
    today = local_day(at)
    day, review_on = _days(area, text, today, least=None)
    _check(area, text, at)
    risk = Risk.objects.create(
        area=area, title=text.title.strip(), harm=text.harm.strip(), grade=text.grade, usual_grade=text.grade,
        measures=text.measures.strip(), owner=text.owner, review_on=review_on, valid_from=day, entered_by=actor,
        entered_at=at,
    )  # fmt: skip
    RiskVersion.objects.create(
        risk=risk, number=1, kind=VersionKind.ENTERED, valid_from=day, grade=risk.grade, measures=risk.measures,
        owner=risk.owner, review_on=review_on, reason=text.reason.strip()[:400], by=actor, at=at,
    )  # fmt: skip
    tell(RISK_ENTERED, risk, actor, at, grade=risk.code)
    return risk


@transaction.atomic
def change_risk(*, risk: Risk, text: RiskText, actor: Person, at: datetime) -> Risk:
    """Let a risk read otherwise from a day on: grade, measures, who answers for it. The version before stays.

    While it is raised its grade is left to the review; the rest may be changed.

    :raises RiskStillRaised: another grade, while it is raised
    :raises RiskUntold, OwnerFromOutside, RiskDayWrong, ReviewDayWrong: as `add_risk`
    :raises Stale: somebody else changed or closed it
    """
    KEEP_RISK.require(actor, risk, at=at)
    if risk.is_raised and text.grade != risk.grade:
        raise RiskStillRaised
    day, review_on = _days(risk.area, text, local_day(at), least=risk.valid_from)
    _check(risk.area, text, at)
    before = risk.code
    write_version(
        risk, VersionKind.CHANGED, actor, at, grade=text.grade, valid_from=day, measures=text.measures.strip(),
        owner=text.owner, review_on=review_on, reason=text.reason.strip()[:400],
        usual_grade=risk.usual_grade if risk.is_raised else text.grade, title=text.title.strip(),
        harm=text.harm.strip(),
    )  # fmt: skip
    tell(RISK_CHANGED, risk, actor, at, grade=risk.code, before=before, version=risk.version)
    return risk


@transaction.atomic
def close_risk(*, risk: Risk, reason: str, actor: Person, at: datetime) -> Risk:
    """Close a risk that is no more; it is read by no permit from the next day on and stays on record.

    :raises RiskStillRaised: it is raised and was not looked at since
    :raises RiskCloseUntold: without a reason
    :raises Stale: it was closed or changed
    """
    KEEP_RISK.require(actor, risk, at=at)
    why = reason.strip()
    if not why or len(why) > 400:
        raise RiskCloseUntold
    if risk.is_raised:
        raise RiskStillRaised
    rows = Risk.objects.filter(pk=risk.pk, version=risk.version, closed_at=None)
    if not rows.update(closed_at=at, closed_by=actor, closed_why=why):
        raise Stale
    risk.closed_at, risk.closed_by, risk.closed_why = at, actor, why
    tell(RISK_CLOSED, risk, actor, at, grade=risk.code)
    return risk


def _days(area: RiskArea, text: RiskText, today: date, *, least: date | None) -> tuple[date, date]:
    day = text.valid_from or today
    if day > today or (least is not None and day < least):
        raise RiskDayWrong(least=least or "—", most=today)
    review_on = text.review_on or review_day(area, text.grade, day)
    if review_on <= day:
        raise ReviewDayWrong(day=day)
    return day, review_on


def _check(area: RiskArea, text: RiskText, at: datetime) -> None:
    typed = {"title": text.title, "harm": text.harm, "measures": text.measures}
    if any(len(words.strip()) > LONGEST[name] for name, words in typed.items()):
        raise RiskUntold
    if not text.title.strip() or not text.measures.strip():
        raise RiskUntold
    if not people_for(area, at).filter(pk=text.owner.pk).exists():
        raise OwnerFromOutside(name=text.owner.name, area=area.name)
