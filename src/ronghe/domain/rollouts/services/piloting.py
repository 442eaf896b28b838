"""From an idea to a pilot with its before and after, and what the committee makes of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.playbooks.services.batches import NobodyChosen
from ronghe.domain.playbooks.services.keeping import keep_version
from ronghe.domain.rollouts.calc.shares import Compared, has_both_sides
from ronghe.domain.rollouts.enums import ROLLOUT_FLOW, Decision, Measure, RolloutKind
from ronghe.domain.rollouts.facts import (
    PILOT_CALLED_BACK,
    PILOT_CONCLUDED,
    PILOT_REVIEWED,
    PILOT_STARTED,
    ROLLOUT_CALLED_OFF,
    ROLLOUT_DRAFTED,
)
from ronghe.domain.rollouts.models import Pilot, PilotMeasure, Review, Rollout
from ronghe.domain.rollouts.rules import DRAFT_ROLLOUT, REVIEW_PILOT, RUN_PILOT
from ronghe.domain.rollouts.selectors.measuring import counted_in, spans_of
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

SHORTEST_PILOT, LONGEST_PILOT = timedelta(days=14), timedelta(days=366)
"""In less than two weeks nothing weekly would be seen twice; after a year it is no pilot any more."""


class PilotSpanWrong(DomainError):
    code = "pilot_span_wrong"
    sentence = N_("试点要有 %(least)s 到 %(most)s 天，写的是 %(days)s 天。请改日期。")
    status = 422


class NothingToMeasure(DomainError):
    code = "nothing_to_measure"
    sentence = N_("还没有选指标。没有试点前后的对照，就不能评审，请至少选一项。")
    status = 422


class PilotRunning(DomainError):
    code = "pilot_running"
    sentence = N_("试点到 %(last)s 才满，之后再写结论。")


class NoFindings(DomainError):
    code = "no_findings"
    sentence = N_("请写明试点的结论：好在哪里，还缺什么。")
    status = 422


class NoBeforeAndAfter(DomainError):
    code = "no_before_and_after"
    sentence = N_("所选指标没有一项前后都有记录，看不出效果，不能送评审。请换指标重新试点，或等前期记录补齐。")


class NoReasons(DomainError):
    code = "no_reasons"
    sentence = N_("请写明评审的理由。")
    status = 422


@transaction.atomic
def draft_rollout(
    *, body: PartyOrg, kind: RolloutKind, title: str, playbook: Playbook, actor: Person, at: datetime,
    purpose: str = "",
) -> Rollout:  # fmt: skip
    """Note what is to be handed on: a version of a playbook, as a standard, a model or a rule (标杆、示范、经验).

    :raises VersionSaysOtherwise: as for adopting
    """
    DRAFT_ROLLOUT.require(actor, body, at=at)
    version = keep_version(playbook, at)
    rollout = Rollout.objects.create(
        body=body, kind=kind, title=title.strip(), purpose=purpose.strip(), version=version, drafted_by=actor,
        drafted_at=at,
    )  # fmt: skip
    attributes = {"playbook": str(version), "kind": str(kind)}
    record(Draft(ROLLOUT_DRAFTED, at, actor, body=body.pk, source=rollout, attributes=attributes))
    return rollout


@transaction.atomic
def start_pilot(
    *, rollout: Rollout, bodies: Sequence[PartyOrg], from_on: date, until_on: date, measures: Collection[Measure],
    actor: Person, at: datetime,
) -> Pilot:  # fmt: skip
    """Let some bodies try it from `from_on` up to, not including, `until_on`; who does not work by it yet adopts it.

    :raises NobodyChosen: no body was named
    :raises PilotSpanWrong: shorter than `SHORTEST_PILOT` or longer than `LONGEST_PILOT`
    :raises NothingToMeasure: no indicator was chosen
    :raises NotAllowed: the actor does not decide for one of the bodies
    :raises NothingForThisBody, AdoptedLater: a body cannot adopt the version
    """
    RUN_PILOT.require(actor, rollout, at=at)
    if not bodies:
        raise NobodyChosen
    if not SHORTEST_PILOT <= until_on - from_on <= LONGEST_PILOT:
        raise PilotSpanWrong(least=SHORTEST_PILOT.days, most=LONGEST_PILOT.days, days=(until_on - from_on).days)
    if not measures:
        raise NothingToMeasure
    ROLLOUT_FLOW.advance(rollout, "pilot")
    _work_by(rollout.version, bodies, from_on, actor, at)
    last = rollout.pilots.aggregate(last=Max("number"))["last"] or 0
    pilot = Pilot.objects.create(
        rollout=rollout, number=last + 1, from_on=from_on, until_on=until_on, started_by=actor, started_at=at
    )  # fmt: skip
    pilot.bodies.set(bodies)
    PilotMeasure.objects.bulk_create(PilotMeasure(pilot=pilot, measure=measure) for measure in sorted(set(measures)))
    attributes = {
        "playbook": str(rollout.version), "from_on": from_on, "until_on": until_on, "bodies": len(bodies),
    }  # fmt: skip
    record(Draft(PILOT_STARTED, at, actor, body=rollout.body_id, source=rollout, attributes=attributes))
    return pilot


@transaction.atomic
def call_back_pilot(*, rollout: Rollout, actor: Person, at: datetime) -> Rollout:
    """Take back a pilot that was started by mistake; what the bodies adopted stays theirs.

    :raises StepNotAllowed: no pilot is running
    """
    RUN_PILOT.require(actor, rollout, at=at)
    ROLLOUT_FLOW.advance(rollout, "call_back")
    pilot = running_pilot(rollout)
    pilot.bodies.clear()
    pilot.delete()
    _record(PILOT_CALLED_BACK, rollout, actor, at)
    return rollout


@transaction.atomic
def conclude_pilot(*, rollout: Rollout, findings: str, actor: Person, at: datetime) -> Pilot:
    """Write down what was found; the indicators are counted now and stay as they are.

    :raises NoFindings: nothing was written
    :raises PilotRunning: the span is not over
    :raises NoBeforeAndAfter: no indicator was there both before and after (B6)
    """
    RUN_PILOT.require(actor, rollout, at=at)
    if not findings.strip():
        raise NoFindings
    ROLLOUT_FLOW.advance(rollout, "conclude")
    pilot = running_pilot(rollout)
    if local_day(at) < pilot.until_on:
        raise PilotRunning(last=pilot.until_on - timedelta(days=1))
    _count(pilot)
    pilot.findings, pilot.concluded_by, pilot.concluded_at = findings.strip(), actor, at
    pilot.save(update_fields=["findings", "concluded_by", "concluded_at"])
    _record(PILOT_CONCLUDED, rollout, actor, at, measures=pilot.measures.count())
    return pilot


@transaction.atomic
def review_pilot(
    *, rollout: Rollout, decision: Decision, reasons: str, actor: Person, at: datetime, document: str = ""
) -> Review:  # fmt: skip
    """Decide what becomes of it: roll out, try again, or not at all.

    :raises NoReasons: a decision without reasons
    :raises StepNotAllowed, Stale: nothing waits for review, or somebody was first
    """
    REVIEW_PILOT.require(actor, rollout, at=at)
    if not reasons.strip():
        raise NoReasons
    ROLLOUT_FLOW.advance(rollout, str(decision))
    pilot = rollout.pilots.filter(concluded_at__isnull=False, review=None).order_by("number").last()
    if pilot is None:
        raise Stale
    review = Review.objects.create(
        pilot=pilot, decision=decision, reasons=reasons.strip(), document=document.strip(), reviewed_by=actor,
        reviewed_at=at,
    )  # fmt: skip
    _record(PILOT_REVIEWED, rollout, actor, at, decision=str(decision))
    return review


@transaction.atomic
def call_off(*, rollout: Rollout, actor: Person, at: datetime) -> Rollout:
    """Give it up before it was rolled out.

    :raises StepNotAllowed: a pilot is running, or it is rolled out
    """
    RUN_PILOT.require(actor, rollout, at=at)
    ROLLOUT_FLOW.advance(rollout, "call_off", ended_at=at)
    _record(ROLLOUT_CALLED_OFF, rollout, actor, at)
    return rollout


def running_pilot(rollout: Rollout) -> Pilot:
    """Return the pilot that is running.

    :raises Stale: there is none any more
    """
    pilot = rollout.pilots.filter(concluded_at=None).order_by("number").last()
    if pilot is None:
        raise Stale
    return pilot


def _work_by(version: PlaybookVersion, bodies: Sequence[PartyOrg], since: date, actor: Person, at: datetime) -> None:
    working = Adoption.objects.filter(version=version, body__in=bodies, valid_until=None).order_by()
    known = set(working.values_list("body_id", flat=True))
    for body in bodies:
        if body.pk not in known:
            adopt_playbook(body=body, playbook=version.playbook, since=since, actor=actor, at=at)


def _count(pilot: Pilot) -> None:
    bodies = list(pilot.bodies.order_by("pk").values_list("pk", flat=True))
    earlier, later = (counted_in(bodies, span) for span in spans_of(pilot))
    rows = list(pilot.measures.order_by("pk"))
    for row in rows:
        measure = Measure(row.measure)
        row.before_part, row.before_whole = earlier[measure].part, earlier[measure].whole
        row.after_part, row.after_whole = later[measure].part, later[measure].whole
    if not any(has_both_sides(Compared(earlier[Measure(row.measure)], later[Measure(row.measure)])) for row in rows):
        raise NoBeforeAndAfter
    PilotMeasure.objects.bulk_update(rows, ["before_part", "before_whole", "after_part", "after_whole"])


def _record(kind: FactKind, rollout: Rollout, actor: Person, at: datetime, **attributes: object) -> None:
    record(Draft(kind, at, actor, body=rollout.body_id, source=rollout, attributes=attributes))
