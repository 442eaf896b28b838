"""The committee's opinion: a grade for each, no more excellent ones than allowed (PM-08), help where a grade is poor."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.calc.shares import LONGEST_TERM, SHORTEST_TERM, is_term, leaning, months_later
from ronghe.domain.orglife.enums import POOR, MeasureKind, MemberStanding, ReviewGrade, SessionState
from ronghe.domain.orglife.facts import MEASURE_TAKEN, PROPOSED
from ronghe.domain.orglife.models import LifeSession, Measure, SessionMember
from ronghe.domain.orglife.rules import RUN_SESSION, SEE_MEASURE
from ronghe.domain.orglife.selectors.members import GRADES, marks_of, members_of, shares_of
from ronghe.domain.orglife.services.planning import require_state
from ronghe.domain.orglife.services.preparing import WordsMissing
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_, _

AS_MARKED = N_("同意民主测评结果。")
LONGEST_REASONS = 1_000


class NoGradeOnProbation(DomainError):
    code = "life_no_grade_on_probation"
    sentence = N_("%(name)s是预备党员，参加评议但不定等次（PM-08）。")


class NoGradeExempt(DomainError):
    code = "life_no_grade_exempt"
    sentence = N_("%(name)s今年免参加（%(reason)s），不定等次。")


class OwnGrade(DomainError):
    code = "life_own_grade"
    sentence = N_("自己的等次由支委会其他委员或上级党组织提出。")
    status = 403


class ReasonsMissing(DomainError):
    code = "life_reasons_missing"
    sentence = N_("定为“%(grade)s”须写明理由，告知本人时一起告知。")
    status = 422


class TooManyExcellent(DomainError):
    code = "life_too_many_excellent"
    sentence = N_(
        "党员共 %(members)s 人，“优秀”不超过总数的 %(share)s，最多 %(most)s 人，现在已有 %(now)s 人（PM-08）。请先把别人改为其他等次。"
    )


class NotAPoorGrade(DomainError):
    code = "life_not_a_poor_grade"
    sentence = N_("%(name)s没有评为基本合格或不合格，不用帮助教育和组织处置。")


class WrongMeasure(DomainError):
    code = "life_wrong_measure"
    sentence = N_("“%(grade)s”的可以%(kinds)s，请另选。")
    status = 422


class TermOff(DomainError):
    code = "life_term_off"
    sentence = N_("限期改正须半年到一年，即 %(first)s 到 %(last)s 之间，请改日期。")
    status = 422


class HelpTermOff(DomainError):
    code = "life_help_term_off"
    sentence = N_("帮助教育要在 %(last)s 以前见效，日期不能早于今天，请改日期。")
    status = 422


MEASURES_FOR = {
    ReviewGrade.BASIC: (MeasureKind.HELP, MeasureKind.CORRECT),
    ReviewGrade.UNQUALIFIED: (MeasureKind.CORRECT, MeasureKind.REFER),
}


@transaction.atomic
def propose_grade(
    *, member: SessionMember, grade: ReviewGrade, reasons: str, actor: Person, at: datetime
) -> SessionMember:
    """Put down the grade that the committee agreed on, with its reasons; until it is told it may be put down anew.

    :raises NoGradeOnProbation, NoGradeExempt, OwnGrade, ReasonsMissing, TooManyExcellent: see their sentences
    :raises StepNotAllowed: not counted yet, or told
    """
    RUN_SESSION.require(actor, member.session, at=at)
    session = require_state(member.session, SessionState.OPINION)
    if member.standing == MemberStanding.PROBATIONARY:
        raise NoGradeOnProbation(name=member.person.name)
    if member.exemption:
        raise NoGradeExempt(name=member.person.name, reason=member.get_exemption_display())
    if member.person_id == actor.pk:
        raise OwnGrade
    words = reasons.strip()[:LONGEST_REASONS]
    if not words and grade != ReviewGrade.QUALIFIED:
        raise ReasonsMissing(grade=_(str(ReviewGrade(grade).label)))
    if grade == ReviewGrade.EXCELLENT:
        refuse_too_many(session, member)
    if grade not in POOR or member.grade != grade:
        Measure.objects.filter(member=member, task=None).delete()
    _put(member, grade, words or AS_MARKED, actor, at)
    return member


@transaction.atomic
def propose_rest(*, session: LifeSession, actor: Person, at: datetime) -> int:
    """Put down 合格 for everybody without a grade whom the marks do not find poor, never for oneself; return how many.

    :raises StepNotAllowed: not counted yet, or told
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, SessionState.OPINION)
    done = 0
    for member in members_of(session):
        place = leaning(marks_of(member) or [])
        is_poor = place is not None and GRADES[place] in POOR
        if member.takes_grade and not member.grade and not is_poor and member.person_id != actor.pk:
            _put(member, ReviewGrade.QUALIFIED, AS_MARKED, actor, at)
            done += 1
    return done


def refuse_too_many(session: LifeSession, member: SessionMember) -> None:
    """:raises TooManyExcellent: with this member there would be more excellent ones than allowed (PM-08)"""
    others = shares_of(session)
    now = others.excellent - (1 if member.grade == ReviewGrade.EXCELLENT else 0)
    if now + 1 > others.most:
        raise TooManyExcellent(
            members=others.members, share=f"{session.share_of}/{session.share_in}", most=others.most, now=now
        )


@transaction.atomic
def take_measure(
    *, member: SessionMember, kind: MeasureKind, reasons: str, until: date | None, helper: Person | None,
    actor: Person, at: datetime,
) -> Measure:  # fmt: skip
    """Put down what follows a poor grade: help, a term of half a year to a year to correct oneself, or referring it above.

    It becomes a task of the member when the results are told.

    :raises NotAPoorGrade, WrongMeasure, WordsMissing, TermOff, HelpTermOff: see their sentences
    :raises StepNotAllowed: not in the committee's opinion
    """
    RUN_SESSION.require(actor, member.session, at=at)
    SEE_MEASURE.require(actor, member, at=at)
    require_state(member.session, SessionState.OPINION)
    if member.grade not in POOR:
        raise NotAPoorGrade(name=member.person.name)
    fitting = MEASURES_FOR[ReviewGrade(member.grade)]
    if kind not in fitting:
        kinds = "、".join(_(str(one.label)) for one in fitting)
        raise WrongMeasure(grade=_(member.get_grade_display()), kinds=kinds)
    if not reasons.strip():
        raise WordsMissing
    day = local_day(at)
    last = months_later(day, LONGEST_TERM)
    if kind == MeasureKind.CORRECT and (until is None or not is_term(day, until)):
        raise TermOff(first=months_later(day, SHORTEST_TERM), last=last)
    if kind == MeasureKind.HELP and (until is None or not day < until <= last):
        raise HelpTermOff(last=last)
    measure, _made = Measure.objects.update_or_create(
        member=member,
        defaults={
            "kind": kind, "sealed": seal_text(reasons.strip()[:LONGEST_REASONS]),
            "until": until if kind != MeasureKind.REFER else None, "helper": helper, "decided_by": actor,
            "decided_at": at,
        },
    )  # fmt: skip
    record(
        Draft(MEASURE_TAKEN, at, actor, body=member.session.body_id, attributes={"year": member.session.year},
              source=member.session)
    )  # fmt: skip
    return measure


def _put(member: SessionMember, grade: ReviewGrade, reasons: str, actor: Person, at: datetime) -> None:
    member.grade, member.reasons_sealed = grade, seal_text(reasons)
    member.graded_by, member.graded_at = actor, at
    member.save(update_fields=["grade", "reasons_sealed", "graded_by", "graded_at"])
    record(
        Draft(PROPOSED, at, actor, body=member.session.body_id, attributes={"year": member.session.year},
              source=member.session)
    )  # fmt: skip
