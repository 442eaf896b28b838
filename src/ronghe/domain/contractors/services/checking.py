"""Checks of a company by the checklist of its mechanism, with a score (承包商安全管理, 分包商及外雇工安全管理)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.contractors.calc.scoring import ANSWERS, PROBLEM, score_of
from ronghe.domain.contractors.enums import ContractorState
from ronghe.domain.contractors.facts import COMPANY_SCORED
from ronghe.domain.contractors.models import CompanyScore, Contractor
from ronghe.domain.contractors.rules import KEEP_CONTRACTOR
from ronghe.domain.contractors.selectors.companies import checklist_of
from ronghe.domain.contractors.services.companies import DayAhead
from ronghe.domain.contractors.services.rounds import note_round
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

NOON = timedelta(hours=12)


class LinesOpen(DomainError):
    code = "lines_open"
    sentence = N_("检查表还有 %(count)s 条没有回答，或回答不对；不适用的请选“不适用”。")
    status = 422


class NothingApplies(DomainError):
    code = "nothing_applies"
    sentence = N_("一条都不适用，算不出得分。")
    status = 422


class ScoredToday(DomainError):
    code = "scored_today"
    sentence = N_("“%(company)s” %(on)s 已经检查评分过。")


class NotHereToCheck(DomainError):
    code = "not_here_to_check"
    sentence = N_("“%(company)s”%(state)s，不用检查。")


@transaction.atomic
def check_contractor(
    *, contractor: Contractor, answers: Mapping[str, str], on: date, actor: Person, at: datetime, note: str = ""
) -> CompanyScore:
    """Check a company by every line of its mechanism's checklist, and keep what it is worth.

    :raises LinesOpen: a line without an answer, or an answer that is none
    :raises NothingApplies: no line applies
    :raises DayAhead: it has not been yet
    :raises ScoredToday: it was checked that day
    :raises NotHereToCheck: the company is not admitted
    """
    KEEP_CONTRACTOR.require(actor, contractor, at=at)
    if contractor.state not in (ContractorState.ADMITTED, ContractorState.SUSPENDED):
        raise NotHereToCheck(company=contractor.name, state=contractor.get_state_display())
    if on > local_day(at):
        raise DayAhead(on=on)
    checklist = checklist_of(contractor, on)
    given = {line: answers.get(line, "") for line, _title in checklist.lines}
    unanswered = sum(answer not in ANSWERS for answer in given.values())
    if unanswered:
        raise LinesOpen(count=unanswered)
    score = score_of(given)
    if score is None:
        raise NothingApplies
    try:
        with transaction.atomic():
            row = CompanyScore.objects.create(
                contractor=contractor, mechanism=checklist.mechanism, held_on=on, answers=given, score=score,
                note=note.strip(), noted_by=actor, noted_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise ScoredToday(company=contractor.name, on=on) from error
    problems = sum(answer == PROBLEM for answer in given.values())
    said = {
        "contractor": contractor.pk, "mechanism": checklist.mechanism, "score": int(score), "problems": problems
    }  # fmt: skip
    # What is noted later belongs to the day on which it was held: it counts in that period and meets that period's duty.
    held = at if on == local_day(at) else moment_of(on) + NOON
    record(
        Draft(COMPANY_SCORED, held, actor, body=contractor.body_id, unit=contractor.unit_id, quantity=score,
              attributes=said, source=contractor)
    )  # fmt: skip
    note_round(contractor=contractor, on=on, actor=actor, at=held)
    return row
