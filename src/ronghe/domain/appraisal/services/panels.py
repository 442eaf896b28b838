"""Panels: opened with criteria, subjects and reviewers, marked, counted; what comes out is a fact that sheets read (H4).

Marks with names are evened out and trimmed; of a secret panel nobody learns who marked how (decision 0012), so only the spread
of marks is trimmed. A conflict of interest keeps a reviewer from a subject and is no missing mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.db import transaction

from ronghe.domain.appraisal.calc import panel_urn
from ronghe.domain.appraisal.calc.panel import PLACES, Outcome, count_marks, spread_mean, whole_mark
from ronghe.domain.appraisal.enums import PANEL_FLOW, PanelState
from ronghe.domain.appraisal.facts import (
    CONFLICT_DECLARED,
    PANEL_COUNTED,
    PANEL_MARK,
    PANEL_MARKED,
    PANEL_OPENED,
    PANEL_VOIDED,
)
from ronghe.domain.appraisal.models import Panel, PanelConflict, PanelMark, PanelReviewer, PanelSubject, PanelUrn
from ronghe.domain.appraisal.rules import MARK_PANEL, OPEN_PANEL, RUN_PANEL
from ronghe.domain.appraisal.selectors.panels import SMALL, panel_items, subjects_of, weights_of
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_, _, listed
from ronghe.kernel.workflow import StepNotAllowed
from ronghe.scoring.period import Period

SECRET_SCALE = 10
SCALES = (10, 100)
ONE = Decimal(1)
OWN_MATTER = N_("本人或任职单位")


class PanelWrong(DomainError):
    code = "panel_wrong"
    sentence = N_("评议不能这样发起：%(why)s")
    status = 422


class PanelItemUnknown(DomainError):
    code = "panel_item_unknown"
    sentence = N_("没有评分表取用评议“%(item)s”。可选：%(known)s。")
    status = 422


class PanelTwice(DomainError):
    code = "panel_twice"
    sentence = N_("%(name)s %(period)s 的“%(item)s”已在评议“%(title)s”里计过分。要更正，先作废那一次。")


class MarksWrong(DomainError):
    code = "marks_wrong"
    sentence = N_("“%(name)s”要按 %(count)s 项标准各打一个 0 到 %(scale)s 的整数分。")
    status = 422


class KeptOut(DomainError):
    code = "kept_out"
    sentence = N_("您对“%(name)s”已声明回避，不能打分。")


class MarkedAlready(DomainError):
    code = "marked_already"
    sentence = N_("不记名评议交了就不能改，您已经交过。")


class PanelClosed(DomainError):
    code = "panel_closed"
    sentence = N_("这次评议到 %(last_on)s 为止，已经不收打分。")


class NobodyMarked(DomainError):
    code = "nobody_marked"
    sentence = N_("没有一个对象收到 %(least)s 份以上打分，不能计分。请延长或作废。")


class NotStartedYet(DomainError):
    code = "period_not_begun"
    sentence = N_("%(period)s 还没有开始，不能计分。")


class ReasonMissing(DomainError):
    code = "panel_reason_missing"
    sentence = N_("请写明理由。")
    status = 422


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """What a panel is opened with; `criteria` are titles with weights that come to one."""

    item: str
    title: str
    period: str
    criteria: Sequence[tuple[str, Decimal]]
    closes_on: date
    bodies: Sequence[PartyOrg] = ()
    people: Sequence[Person] = ()
    reviewers: Sequence[Person] = ()
    scale: int = 100
    trim: int = 1
    least: int = SMALL
    is_secret: bool = False
    adjusts: bool = True


def read_criteria(text: str) -> list[tuple[str, Decimal]]:
    """Return criteria typed one a line, the weight behind the last blank: `完成任务 0.6`.

    :raises PanelWrong: a line without a weight
    """
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        title, _blank, weight = line.rpartition(" ")
        try:
            found.append((title.strip(), Decimal(weight.rstrip("%")) / (100 if weight.endswith("%") else 1)))
        except InvalidOperation as error:
            raise PanelWrong(why=_("“%(line)s”末尾没有权重") % {"line": line[:40]}) from error
    return found


@transaction.atomic
def open_panel(*, body: PartyOrg, plan: PanelPlan, actor: Person, at: datetime) -> Panel:
    """Open a panel. Who is marked, or holds a post in what is marked, is kept from it at once where marks have names.

    :raises PanelItemUnknown: no sheet reads that item
    :raises PanelWrong: nobody to mark, nobody who marks, weights that do not come to one, or the like
    :raises PeriodUnknown: the text names no period
    """
    OPEN_PANEL.require(actor, body, at=at)
    items = panel_items()
    if plan.item not in items:
        raise PanelItemUnknown(item=plan.item, known=listed(sorted(items)) or "—")
    span = Period.parse(plan.period)
    _check(plan, day_of(at))
    panel = Panel.objects.create(
        body=body, item=plan.item, title=plan.title.strip(), period=span.name, period_until=span.day_until,
        criteria=[{"title": title, "weight": f"{weight.normalize():f}"} for title, weight in plan.criteria],
        scale=plan.scale, trim=plan.trim, least=max(plan.least, SMALL) if plan.is_secret else plan.least,
        is_secret=plan.is_secret, adjusts=plan.adjusts and not plan.is_secret, closes_on=plan.closes_on, made_by=actor,
        made_at=at,
    )  # fmt: skip
    whom = [*((one, None) for one in plan.bodies), *((None, one) for one in plan.people)]
    subjects = PanelSubject.objects.bulk_create(
        PanelSubject(panel=panel, number=number, body=one, person=other)
        for number, (one, other) in enumerate(whom, start=1)
    )
    reviewers = PanelReviewer.objects.bulk_create(
        PanelReviewer(panel=panel, person=person) for person in dict.fromkeys(plan.reviewers)
    )
    if plan.is_secret:
        urn = panel_urn.empty(len(subjects), len(plan.criteria), plan.scale)
        PanelUrn.objects.create(panel=panel, sealed=seal_text(panel_urn.pack(urn)))
    else:
        _keep_out(subjects, reviewers, at)
    attributes = {
        "item": plan.item, "period": span.name, "subjects": len(subjects), "reviewers": len(reviewers),
        "is_secret": plan.is_secret,
    }  # fmt: skip
    record(Draft(PANEL_OPENED, at, actor, body=body.pk, attributes=attributes, source=panel))
    return panel


@transaction.atomic
def declare_conflict(
    *, reviewer: PanelReviewer, subject: PanelSubject, reason: str, actor: Person, at: datetime
) -> PanelConflict:  # fmt: skip
    """Keep out of marking one subject; marks given before do not count.

    :raises StepNotAllowed: the panel is secret, or not open any more
    :raises ReasonMissing: no reason given
    """
    MARK_PANEL.require(actor, reviewer.panel, at=at)
    _require_open(reviewer.panel, at)
    if reviewer.panel.is_secret or reviewer.person_id != actor.pk:
        raise StepNotAllowed(state=reviewer.panel.get_state_display())
    if not reason.strip():
        raise ReasonMissing
    PanelMark.objects.filter(reviewer=reviewer, subject=subject).delete()
    conflict, is_new = PanelConflict.objects.get_or_create(
        reviewer=reviewer, subject=subject, defaults={"reason": reason.strip(), "declared_at": at}
    )
    if is_new:
        attributes = {"subject": subject.number}
        record(
            Draft(CONFLICT_DECLARED, at, actor, body=reviewer.panel.body_id, attributes=attributes,
                  source=reviewer.panel)
        )  # fmt: skip
    return conflict


@transaction.atomic
def give_marks(
    *, reviewer: PanelReviewer, marks: Mapping[int, Sequence[int]], actor: Person, at: datetime
) -> PanelReviewer:  # fmt: skip
    """Hand in marks by number of the subject. With names they may be changed until the panel is counted; secret ones never.

    :raises PanelClosed: its last day is over
    :raises MarksWrong: not one whole mark for each criterion, or of a secret panel a subject is missing
    :raises KeptOut: the actor declared a conflict of interest
    :raises MarkedAlready: a secret sheet was handed in before
    """
    panel = reviewer.panel
    MARK_PANEL.require(actor, panel, at=at)
    if reviewer.person_id != actor.pk:
        MARK_PANEL.require(None, panel, at=at)
    _require_open(panel, at)
    subjects = {one.number: one for one in subjects_of(panel)}
    out = set(PanelConflict.objects.filter(reviewer=reviewer).values_list("subject_id", flat=True))
    for number, given in marks.items():
        subject = subjects.get(number)
        if subject is None or not _fits(panel, given):
            name = subject.name if subject is not None else f"#{number}"
            raise MarksWrong(name=name, count=len(panel.criteria), scale=panel.scale)
        if subject.pk in out:
            raise KeptOut(name=subject.name)
    for number, subject in subjects.items():
        if number not in marks and subject.pk not in out:
            raise MarksWrong(name=subject.name, count=len(panel.criteria), scale=panel.scale)
    if panel.is_secret:
        _cast(panel, reviewer, {number - 1: given for number, given in marks.items()})
        return reviewer
    PanelMark.objects.filter(reviewer=reviewer).delete()
    PanelMark.objects.bulk_create(
        PanelMark(reviewer=reviewer, subject=subjects[number], criterion=place, mark=mark)
        for number, given in marks.items()
        for place, mark in enumerate(given, start=1)
    )
    PanelReviewer.objects.filter(pk=reviewer.pk).update(has_marked=True)
    reviewer.has_marked = True
    record(Draft(PANEL_MARKED, at, actor, body=panel.body_id, attributes={"subjects": len(marks)}, source=panel))
    return reviewer


@transaction.atomic
def count_panel(*, panel: Panel, actor: Person, at: datetime) -> Panel:
    """End the marking and write what came out as facts of the panel's period, one for each subject with enough marks.

    :raises StepNotAllowed: it is not open
    :raises NotStartedYet: its period has not begun
    :raises NobodyMarked: no subject has enough marks
    :raises PanelTwice: another panel of the same item and period has a result for one of them
    """
    RUN_PANEL.require(actor, panel, at=at)
    since, until = Period.parse(panel.period).instants
    if PANEL_FLOW.allows(panel, "count") and at < since:
        raise NotStartedYet(period=panel.period)
    PANEL_FLOW.advance(panel, "count", counted_at=at, counted_by=actor)
    subjects = subjects_of(panel)
    outcomes = _spread_outcomes(panel, subjects) if panel.is_secret else _named_outcomes(panel, subjects)
    if not any(outcome.score is not None for outcome in outcomes.values()):
        raise NobodyMarked(least=panel.least)
    moment = min(at, until - timedelta(seconds=1))
    results = 0
    for subject in subjects:
        results += _write(panel, subject, outcomes[subject.pk], actor, moment)
    PanelUrn.objects.filter(panel=panel).delete()
    attributes = {"item": panel.item, "results": results}
    record(Draft(PANEL_COUNTED, at, actor, body=panel.body_id, attributes=attributes, source=panel))
    return panel


@transaction.atomic
def void_panel(*, panel: Panel, reason: str, actor: Person, at: datetime) -> Panel:
    """Take a panel back with a reason: its facts are reversed, an urn is gone uncounted.

    What a secret one came to is no longer shown: beside the result of the panel that follows, with one reviewer more, it would
    tell that one's marks (0012).

    :raises ReasonMissing: no reason given
    :raises StepNotAllowed: it was taken back before
    """
    RUN_PANEL.require(actor, panel, at=at)
    if not reason.strip():
        raise ReasonMissing
    PANEL_FLOW.advance(panel, "void", void_reason=reason.strip())
    for fact in Fact.objects.filter(pk__in=[one.fact for one in subjects_of(panel) if one.fact]):
        reverse(fact, by=actor, at=at)
    if panel.is_secret:
        panel.subjects.update(score=None, raw=None)
    PanelUrn.objects.filter(panel=panel).delete()
    record(Draft(PANEL_VOIDED, at, actor, body=panel.body_id, attributes={"item": panel.item}, source=panel))
    return panel


def _check(plan: PanelPlan, today: date) -> None:
    weights = [weight for _title, weight in plan.criteria]
    scale = SECRET_SCALE if plan.is_secret else plan.scale
    wrong = (
        (not plan.title.strip(), _("没有名称")),
        (not plan.criteria or any(not title for title, _weight in plan.criteria), _("没有评议标准")),
        (any(weight <= 0 for weight in weights), _("权重要大于 0")),
        (bool(weights) and abs(sum(weights, Decimal(0)) - ONE) > Decimal("1e-9"),
         _("权重合计是 %(sum)s，应当是 1") % {"sum": sum(weights, Decimal(0))}),
        (not plan.bodies and not plan.people, _("没有评议对象")),
        (not plan.reviewers, _("没有评议人")),
        (plan.scale not in SCALES or plan.scale != scale, _("每项满分是 10 或 100 分，不记名的是 10 分")),
        (plan.is_secret and len(set(plan.reviewers)) < SMALL,
         _("不记名评议至少要 %(least)s 人") % {"least": SMALL}),
        (plan.least < 1 or plan.trim < 0, _("有效份数至少 1 份，去掉几个不能是负数")),
        (plan.closes_on < today, _("截止日期已经过去")),
    )  # fmt: skip
    for is_wrong, why in wrong:
        if is_wrong:
            raise PanelWrong(why=why)


def _keep_out(subjects: Sequence[PanelSubject], reviewers: Sequence[PanelReviewer], at: datetime) -> None:
    bodies = [one.body_id for one in subjects if one.body_id]
    posts = PostHolding.objects.filter(on_day(day_of(at)), body_id__in=bodies).order_by()
    held = set(posts.values_list("person_id", "body_id"))
    PanelConflict.objects.bulk_create(
        PanelConflict(reviewer=reviewer, subject=subject, reason=_(OWN_MATTER), declared_at=at)
        for reviewer in reviewers
        for subject in subjects
        if reviewer.person_id == subject.person_id or (reviewer.person_id, subject.body_id) in held
    )


def _require_open(panel: Panel, at: datetime) -> None:
    if panel.state != PanelState.OPEN:
        raise StepNotAllowed(state=panel.get_state_display())
    if day_of(at) > panel.closes_on:
        raise PanelClosed(last_on=panel.closes_on)


def _fits(panel: Panel, given: Sequence[int]) -> bool:
    return len(given) == len(panel.criteria) and all(0 <= mark <= panel.scale for mark in given)


def _cast(panel: Panel, reviewer: PanelReviewer, marks: Mapping[int, Sequence[int]]) -> None:
    """Put a sheet into the urn and mark the place on the list, without a time; no fact, which would lead to the sheet."""
    if not PanelReviewer.objects.filter(pk=reviewer.pk, has_marked=False).update(has_marked=True):
        raise MarkedAlready
    urn = PanelUrn.objects.select_for_update().get(panel=panel)
    spread = panel_urn.unpack(open_text(urn.sealed), len(panel.criteria), panel.scale)
    urn.sealed = seal_text(panel_urn.pack(panel_urn.with_sheet(spread, marks)))
    urn.save(update_fields=["sealed"])
    reviewer.has_marked = True


def _named_outcomes(panel: Panel, subjects: Sequence[PanelSubject]) -> Mapping[int, Outcome]:
    given: dict[tuple[int, int], dict[int, int]] = {}
    for mark in PanelMark.objects.filter(reviewer__panel=panel):
        given.setdefault((mark.reviewer_id, mark.subject_id), {})[mark.criterion] = mark.mark
    weights = weights_of(panel)
    marks = {
        cell: whole_mark([mark for _number, mark in sorted(found.items())], weights, panel.scale)
        for cell, found in given.items()
    }
    conflicts = PanelConflict.objects.filter(reviewer__panel=panel).values_list("reviewer_id", "subject_id")
    reviewers = list(panel.reviewers.order_by("pk").values_list("pk", flat=True))
    counted = count_marks(
        marks, reviewers=reviewers, subjects=[one.pk for one in subjects], kept_out=frozenset(conflicts),
        trim=panel.trim, least=panel.least, adjusts=panel.adjusts,
    )  # fmt: skip
    for reviewer, severity in counted.severity.items():
        PanelReviewer.objects.filter(pk=reviewer).update(severity=severity)
    return counted.outcomes


def _spread_outcomes(panel: Panel, subjects: Sequence[PanelSubject]) -> Mapping[int, Outcome]:
    spread = panel_urn.unpack(open_text(PanelUrn.objects.get(panel=panel).sealed), len(panel.criteria), panel.scale)
    weights, asked = weights_of(panel), panel.reviewers.count()
    outcomes = {}
    for subject, criteria in zip(subjects, spread, strict=True):
        marked = sum(criteria[0])
        score = raw = None
        trimmed = 2 * panel.trim if marked - 2 * panel.trim >= 2 else 0
        if marked >= panel.least:
            by_trim = [
                sum((weight * spread_mean(counts, trim, panel.scale)
                     for weight, counts in zip(weights, criteria, strict=True)), Decimal(0))
                for trim in (panel.trim, 0)
            ]  # fmt: skip
            score, raw = (value.quantize(PLACES, ROUND_HALF_UP) for value in by_trim)
        outcomes[subject.pk] = Outcome(score, raw, marked, asked - marked, 0, trimmed if score is not None else 0)
    return outcomes


def _write(panel: Panel, subject: PanelSubject, outcome: Outcome, actor: Person, moment: datetime) -> bool:
    """Keep what came out for one subject; tell whether there is a result."""
    changes = {
        "score": outcome.score, "raw": outcome.raw, "marked": outcome.marked, "missing": outcome.missing,
        "kept_out": outcome.kept_out, "trimmed": outcome.trimmed,
    }  # fmt: skip
    if outcome.score is not None:
        twin = PanelSubject.objects.filter(
            panel__item=panel.item, panel__period=panel.period, panel__state=PanelState.COUNTED, fact__isnull=False,
            body=subject.body_id, person=subject.person_id,
        ).exclude(panel=panel).select_related("panel").first()  # fmt: skip
        if twin is not None:
            raise PanelTwice(name=subject.name, period=panel.period, item=panel.item, title=twin.panel.title)
        fact = record(
            Draft(PANEL_MARK, moment, actor, about=subject.person, body=subject.body_id, quantity=outcome.score,
                  attributes={"item": panel.item}, source=panel)
        )  # fmt: skip
        changes["fact"] = fact.pk
    PanelSubject.objects.filter(pk=subject.pk).update(**changes)
    return outcome.score is not None
