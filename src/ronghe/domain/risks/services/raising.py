"""What happened raises a risk until somebody looked at it again and put it back (E5)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.calc.grading import raised_grade
from ronghe.domain.risks.enums import RiskGrade, VersionKind
from ronghe.domain.risks.facts import RISK_RAISED, RISK_REVIEWED
from ronghe.domain.risks.models import Risk, RiskVersion
from ronghe.domain.risks.rules import RAISE_RISK, REVIEW_RISK
from ronghe.domain.risks.selectors import review_day
from ronghe.domain.risks.services.registering import ReviewDayWrong
from ronghe.domain.risks.services.telling import tell
from ronghe.domain.risks.services.writing import write_version
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

BY_HAND = "by_hand"


class RaiseUntold(DomainError):
    code = "risk_raise_untold"
    sentence = N_("请写明依据，最多 400 个字：发生了什么，为什么要升级、降级或维持。")
    status = 422


class RaiseTooLow(DomainError):
    code = "risk_raise_too_low"
    sentence = N_("升级只能往高调，现在已是“%(grade)s”。要往低调，请走复评。")
    status = 422


def raise_risk(*, risk: Risk, reason: str, actor: Person, at: datetime, to: RiskGrade | None = None) -> Risk:
    """Raise a risk by hand, one grade unless `to` says more.

    :raises RaiseUntold: without a reason
    :raises RaiseTooLow: `to` is not above how it stands
    :raises Stale: it was closed, or somebody moved it a moment ago
    """
    RAISE_RISK.require(actor, risk, at=at)
    if to is not None and to <= risk.grade:
        raise RaiseTooLow(grade=RiskGrade(risk.grade).label)
    with transaction.atomic():
        _raise(risk, _reason(reason), actor, at, to, None, BY_HAND)
    return risk


@transaction.atomic
def raise_from(
    *, risk: Risk, source: models.Model, cause: str, reason: str, actor: Person, at: datetime,
    to: RiskGrade | None = None,
) -> Risk:  # fmt: skip
    """Raise a risk because of another record, whose own right was asked: a hazard, a violation, later an alarm.

    `cause` is what it was, as a fact says it. The same record raises a risk once; a second time, and where the risk was
    closed meanwhile, nothing is changed. A red risk stays red and waits for its review all the same.

    :raises RaiseUntold: without a reason
    """
    # The row is held for the rest of the act: two reports of one moment both count, and neither is turned away as stale.
    held = Risk.objects.select_for_update(of=("self",)).select_related("area", "owner").get(pk=risk.pk)
    key = (source._meta.label_lower, int(source.pk))  # noqa: SLF001 - Django's name
    known = RiskVersion.objects.filter(
        risk=held, kind=VersionKind.RAISED, source_type=key[0], source_id=key[1]
    ).exists()
    if held.closed_at is None and not known:
        _raise(held, _reason(reason), actor, at, to, key, cause)
    return held


@transaction.atomic
def review_risk(
    *, risk: Risk, grade: RiskGrade, reason: str, actor: Person, at: datetime, review_on: date | None = None
) -> Risk:
    """Look at a risk again and say its grade: what raised it is over with that, whatever the grade becomes.

    :raises RaiseUntold: without a reason
    :raises ReviewDayWrong: the next review is not after today
    :raises Stale: somebody else reviewed, changed or closed it
    """
    REVIEW_RISK.require(actor, risk, at=at)
    day = local_day(at)
    why = _reason(reason)
    due = review_on or review_day(risk.area, grade, day)
    if due <= day:
        raise ReviewDayWrong(day=day)
    before, was_raised = risk.code, risk.is_raised
    write_version(
        risk, VersionKind.REVIEWED, actor, at, valid_from=day, reason=why, grade=grade, usual_grade=grade,
        review_on=due, raised_at=None, raised_by=None,
    )  # fmt: skip
    is_put_back = was_raised and risk.code != before
    tell(RISK_REVIEWED, risk, actor, at, grade=risk.code, before=before, is_put_back=is_put_back, version=risk.version)
    return risk


def _raise(
    risk: Risk, reason: str, actor: Person, at: datetime, to: RiskGrade | None, source: tuple[str, int] | None,
    cause: str,
) -> None:  # fmt: skip
    if risk.closed_at is not None:
        raise Stale
    before = risk.code
    write_version(
        risk, VersionKind.RAISED, actor, at, valid_from=max(local_day(at), risk.valid_from), reason=reason,
        source=source, grade=raised_grade(risk.grade, to), raised_at=risk.raised_at or at, raised_by=actor,
    )  # fmt: skip
    tell(RISK_RAISED, risk, actor, at, grade=risk.code, before=before, cause=cause, version=risk.version)


def _reason(text: str) -> str:
    why = text.strip()
    if not why or len(why) > 400:
        raise RaiseUntold
    return why
