"""Excellent or not, by the company's own rule and by somebody else than who checked and accepted (PJ-06)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from ronghe.domain.control.calc.acceptance import RatingTerms, why_not_excellent
from ronghe.domain.control.enums import ProcessAct, ProcessState
from ronghe.domain.control.facts import PROCESS_RATED, RULE_SET
from ronghe.domain.control.models import ProcessRecord, RatingRule, WorkProcess
from ronghe.domain.control.rules import RATE, SET_RULE
from ronghe.domain.control.selectors.standards import terms_of
from ronghe.domain.control.services.moving import Shown, held, note
from ronghe.domain.control.services.telling import tell, tell_of_body
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

TENTH = Decimal("0.1")
_WHY = {
    "reworked": N_("它返过工，本单位的标准里返过工的不评优质。"),
    "unmeasured": N_("没有实测数据，本单位的标准要求有实测点。"),
    "below": N_("实测合格率低于 %(least)s%%。"),
}


class NotExcellent(DomainError):
    code = "process_not_excellent"
    sentence = N_("“%(name)s”不能评优质：%(why)s")


class RatedAlready(DomainError):
    code = "process_rated_already"
    sentence = N_("“%(name)s”已经是这个评级。")


class RuleUnfit(DomainError):
    code = "rating_rule_unfit"
    sentence = N_("合格率要在 0 到 100 之间，最多一位小数；说明最多 1000 个字。")
    status = 422


@transaction.atomic
def rate_process(
    *, process: WorkProcess, is_excellent: bool, actor: Person, at: datetime, words: str = ""
) -> WorkProcess:
    """Rate an accepted process; rated anew, the former rating stands no more.

    :raises NotAllowed: the actor checked or accepted it, or does not rate here
    :raises StepNotAllowed: it is not accepted
    :raises NotExcellent: the company's rule does not allow it
    :raises RatedAlready: it is so rated
    :raises Stale: somebody else rated it a moment ago
    """
    RATE.require(actor, process, at=at)
    fresh, _before = held(process, at)
    if fresh.state != ProcessState.ACCEPTED:
        raise StepNotAllowed(state=fresh.get_state_display())
    if fresh.is_excellent != process.is_excellent or fresh.round != process.round:
        raise Stale
    if not RATE.allows(actor, fresh, at=at):
        raise NotAllowed
    if fresh.is_excellent is is_excellent:
        raise RatedAlready(name=fresh.name)
    if is_excellent:
        _refuse_plain(fresh, terms_of(fresh.project.body_id, local_day(at)))
    _reverse_former(fresh, actor, at)
    WorkProcess.objects.filter(pk=fresh.pk).update(is_excellent=is_excellent, rated_by=actor, rated_at=at)
    fresh.is_excellent, fresh.rated_by, fresh.rated_at = is_excellent, actor, at
    fact = tell(PROCESS_RATED, fresh.project, actor, at, fresh, is_excellent=is_excellent)
    act = ProcessAct.RATE if is_excellent else ProcessAct.RATE_PLAIN
    note(fresh, act, actor, at, shown=Shown(note=words), fact=fact)
    return fresh


def rate_many(
    *, processes: Sequence[WorkProcess], actor: Person, at: datetime, words: str = ""
) -> tuple[int, list[str]]:
    """Rate several as excellent, each by itself; return how many are, and why the others are not."""
    done, refused = 0, []
    for process in processes:
        try:
            rate_process(process=process, is_excellent=True, actor=actor, at=at, words=words)
            done += 1
        except DomainError as error:
            refused.append(_("%(name)s：%(why)s") % {"name": process.name, "why": error})
    return done, refused


@transaction.atomic
def set_rating_rule(*, body: PartyOrg, terms: RatingTerms, actor: Person, at: datetime, text: str = "") -> RatingRule:
    """Say what a body, and those below it, call excellent; ratings that were given stand.

    :raises RuleUnfit: a percentage that cannot be
    """
    SET_RULE.require(actor, body, at=at)
    percent = terms.least_percent
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != percent.quantize(TENTH) or len(text) > 1000:
        raise RuleUnfit
    rule = RatingRule.objects.create(
        body=body, text=text.strip(), least_percent=percent, forgives_rework=terms.forgives_rework,
        needs_measuring=terms.needs_measuring, set_by=actor, set_at=at,
    )  # fmt: skip
    tell_of_body(RULE_SET, body, actor, at, rule, rule="rating")
    return rule


def _refuse_plain(process: WorkProcess, terms: RatingTerms) -> None:
    why = why_not_excellent(terms, measured=process.measured, passed=process.passed, reworks=process.reworks)
    if why:
        raise NotExcellent(name=process.name, why=_(_WHY[why]) % {"least": terms.least_percent})


def _reverse_former(process: WorkProcess, actor: Person, at: datetime) -> None:
    if process.is_excellent is None:
        return
    acts = (ProcessAct.RATE, ProcessAct.RATE_PLAIN)
    last = ProcessRecord.objects.filter(process=process, act__in=acts).order_by("-at", "-pk").first()
    if last is not None and last.fact is not None:
        reverse(Fact.objects.get(pk=last.fact), by=actor, at=at)
