"""Remarks and objections as somebody may see them, whose results one answers for, and what was not counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.appraisal.calc.keeping import RESULTS
from ronghe.domain.appraisal.calc.results import Cut, row_of
from ronghe.domain.appraisal.calc.scoring import explain_kept
from ronghe.domain.appraisal.enums import PUBLISHED, Level, RemarkKind, RemarkState, RunState
from ronghe.domain.appraisal.models import Remark, Run
from ronghe.domain.appraisal.rules import ANSWER_OBJECTION, ANSWER_REMARK, SEE_REMARK
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.subjects import UNIT_KINDS_OF_LEVEL
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import local_day, roots
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import _
from ronghe.scoring.period import Period

MOST_MISSING = 60
"""Records offered as not counted."""
LED = frozenset(str(role) for role in LEADERS | WATCHERS)


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A record of the subject in the period that no item counts."""

    id: int
    title: str
    at: datetime
    is_after: bool
    """Sealed after the run was computed, or not yet: the next computing takes it."""


def answers_for(actor: Person, run: Run, at: datetime) -> Cut:
    """Return whose results the actor answers for: one's own, those of the bodies (and their members) that one leads."""
    day = local_day(at)
    led = roots(actor, LED, day, "body")
    bodies = frozenset(link["descendant_id"] for link in descendants(PartyOrg, led, day=day)) if led else frozenset()
    if run.level == Level.MEMBER:
        return Cut(subjects=frozenset({actor.token}), bodies=bodies)
    if run.level in UNIT_KINDS_OF_LEVEL:
        carrying = PartyOrg.objects.filter(pk__in=bodies, unit__isnull=False).order_by().values("unit_id")
        units = descendants(AdminUnit, carrying, day=day).values_list("descendant_id", flat=True)
        return Cut(subjects=frozenset(units))
    return Cut(subjects=bodies)


def judged_body_of(run: Run, subject: int, body: int | None) -> int | None:
    """Return the body whose leaders read what is said of a result: of a unit none."""
    if run.level == Level.MEMBER:
        return body
    return None if run.level in UNIT_KINDS_OF_LEVEL else subject


def remarks_on(run: Run, actor: Person, at: datetime) -> list[Remark]:
    """Return what was said of a run's results, as far as the actor may read it, the latest first."""
    rows = Remark.objects.filter(run=run).select_related("run", "made_by", "answered_by")
    return list(SEE_REMARK.narrow(actor, rows, at=at).order_by("-pk"))


def list_remarks(
    actor: Person, at: datetime, *, run: int | None = None, state: str = "", kind: str = "", page: int = 1,
    size: int = 20,
) -> Listed[Remark]:  # fmt: skip
    """Return a page of what the actor may read, the latest first."""
    rows = Remark.objects.select_related("run__body", "made_by", "answered_by")
    for name, value in (("run_id", run), ("state", state), ("kind", kind)):
        rows = rows.filter(**{name: value}) if value else rows
    return list_seen(SEE_REMARK, actor, rows, order_by=["-made_at"], at=at, page=page, size=size)


def remark_seen_by(actor: Person, pk: int, at: datetime) -> Remark:
    """Return one remark.

    :raises NotFound: there is none, or the actor may not read it
    """
    rows = Remark.objects.select_related("run__body", "made_by", "answered_by")
    found = SEE_REMARK.narrow(actor, rows, at=at).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def may_answer(actor: Person, remark: Remark, at: datetime) -> bool:
    """Tell whether the actor may settle it now: right, state and somebody else than those it concerns."""
    run = remark.run
    if not remark.is_open or actor.pk in {remark.made_by_id, run.started_by_id, run.published_by_id}:
        return False
    if remark.is_objection:
        return run.state != RunState.WITHDRAWN and ANSWER_OBJECTION.allows(actor, remark, at=at)
    return run.state == RunState.REVIEW and ANSWER_REMARK.allows(actor, remark, at=at)


def remarks_to_answer(actor: Person, at: datetime) -> QuerySet[Remark]:
    """Return what waits for an answer that the actor may give."""
    rows = Remark.objects.filter(state=RemarkState.OPEN)
    objections = rows.filter(kind=RemarkKind.OBJECTION, run__state__in=sorted(PUBLISHED | {RunState.DRAFT}))
    remarks = rows.filter(kind=RemarkKind.REMARK, run__state=RunState.REVIEW)
    own = Q(made_by=actor) | Q(run__started_by=actor) | Q(run__published_by=actor, run__published_by__isnull=False)
    keys = ANSWER_OBJECTION.narrow(actor, objections, at=at).order_by().values("pk")
    more = ANSWER_REMARK.narrow(actor, remarks, at=at).order_by().values("pk")
    return Remark.objects.filter(Q(pk__in=keys) | Q(pk__in=more)).exclude(own)


def open_remarks(run: Run, kind: RemarkKind) -> int:
    return Remark.objects.filter(run=run, kind=kind, state=RemarkState.OPEN).count()


def upheld_since(run: Run) -> int:
    """Return how many remarks were found right after the run was computed: it has to be computed again."""
    rows = Remark.objects.filter(run=run, state=RemarkState.UPHELD)
    return rows.filter(answered_at__gt=run.computed_at).count() if run.computed_at else 0


def missing_facts(run: Run, subject: int) -> list[MissingFact]:
    """Return the records about a subject in the run's period that its result does not count, the latest first."""
    counted = _counted(run, subject)
    kinds = declared_kinds()
    found = []
    for fact in _facts_about(run, subject).exclude(kind__startswith="appraisal.")[: MOST_MISSING + len(counted)]:
        if fact.pk not in counted and fact.kind in kinds:
            late = run.computed_at is not None and fact.recorded_at > run.computed_at
            found.append(MissingFact(fact.pk, _(kinds[fact.kind].title), fact.occurred_at, late))
    return found[:MOST_MISSING]


def uncounted_ids(run: Run, subject: int) -> set[int]:
    return {fact.id for fact in missing_facts(run, subject)}


def _facts_about(run: Run, subject: int) -> QuerySet[Fact]:
    since, until = Period.parse(run.period).instants
    rows: Any = Fact.objects.filter(occurred_at__gte=since, occurred_at__lt=until, reverses=None)
    column = "subject" if run.level == Level.MEMBER else "unit" if run.level in UNIT_KINDS_OF_LEVEL else "body"
    reversed_ones = Fact.objects.filter(reverses__isnull=False, **{column: subject}).order_by().values("reverses")
    found: QuerySet[Fact] = (
        rows.filter(**{column: subject}).exclude(pk__in=reversed_ones).order_by("-occurred_at", "-pk")
    )
    return found


def _counted(run: Run, subject: int) -> Sequence[int]:
    row = row_of(kept_of(run).path(RESULTS), subject) if run.results_digest else None
    if row is None:
        raise NotFound
    return list(explain_kept(kept_of(run), run.sheet_id, run.period, row)["facts"])
