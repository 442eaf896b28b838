"""Inspections and calls as an actor may see them: lists, one with its verdicts, progress and common problems of a call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronghe.domain.inspections.calc.marking import Marked, total
from ronghe.domain.inspections.enums import BELOW, InspectionForm, InspectionState, Verdict
from ronghe.domain.inspections.models import GroupMember, Inspection, InspectionCall, InspectionFinding, ItemVerdict
from ronghe.domain.inspections.rules import ARRANGE, ISSUE_CALL, SEE_CALL, SEE_INSPECTION, SEE_VERDICTS
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import SEE_PARTY_ORG, SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

JOINED = ("body", "call", "arranged_by", "sealed_by", "decided_by")
ORDERS = {"day": ("planned_on",), "-day": ("-planned_on",), "body": ("body__name",), "-body": ("-body__name",)}


@dataclass(frozen=True, slots=True)
class Judged:
    """One item of the checklist with its verdict, `None` where it has none yet or the actor may not read it yet."""

    item: Any
    verdict: ItemVerdict | None


@dataclass(frozen=True)
class VisitRecord:
    """A visit with its group (the leader first), items by dimension and vetoes; three statements."""

    group: list[GroupMember]
    dimensions: list[tuple[Any, list[Judged]]]
    vetoes: list[Judged]
    is_shown: bool
    """Whether the verdicts may be read."""

    @property
    def judged(self) -> list[Judged]:
        return [*(one for _dimension, rows in self.dimensions for one in rows), *self.vetoes]

    @property
    def missing(self) -> list[Judged]:
        return [one for one in self.judged if one.verdict is None]

    @property
    def done(self) -> int:
        return len(self.judged) - len(self.missing)


@dataclass(frozen=True, slots=True)
class Common:
    """An item of a call's checklist: how many bodies were judged at it, and how many were below."""

    item: Any
    judged: int
    below: int


def inspections_filtered(
    *, form: str = "", state: str = "", words: str = "", body: int | None = None, call: int | None = None,
    mine: Person | None = None,
) -> Q:  # fmt: skip
    """Return the condition that these filters stand for; `open` is what is not over yet."""
    found = Q()
    if form in InspectionForm.values:
        found &= Q(form=form)
    if state in InspectionState.values:
        found &= Q(state=state)
    elif state == "open":
        found &= Q(state__in=[InspectionState.PLANNED, InspectionState.UNDER_WAY])
    elif state == "grading":
        found &= Q(state=InspectionState.SEALED, form=InspectionForm.ACCEPTANCE, grade="")
    if words.strip():
        found &= Q(body__name__contains=words.strip()[:60])
    for name, value in (("body", body), ("call", call)):
        if value is not None:
            found &= Q(**{name: value})
    if mine is not None:
        found &= Q(pk__in=GroupMember.objects.filter(person=mine).values("inspection_id"))
    return found


def list_inspections(
    actor: Person, at: datetime, *, filters: Q | None = None, order_by: Sequence[str] = ("-planned_on",), page: int = 1,
    size: int = 20,
) -> Listed[Inspection]:  # fmt: skip
    """Return one page of the inspections that `actor` may see; two statements."""
    rows = Inspection.objects.filter(filters or Q()).select_related(*JOINED)
    return list_seen(SEE_INSPECTION, actor, rows, order_by=order_by, at=at, page=page, size=size)


def inspections_seen_by(actor: Person, at: datetime) -> QuerySet[Inspection]:
    """Return the inspections that `actor` may see, the latest day first."""
    rows = SEE_INSPECTION.narrow(actor, Inspection.objects.all(), at=at, walk=True)
    return rows.select_related(*JOINED, "body__unit").order_by("-planned_on", "-pk")


def record_of(inspection: Inspection, actor: Person, at: datetime) -> VisitRecord:
    """Return a visit as `actor` may read it: verdicts once it is sealed, before that for the group and above."""
    is_shown = inspection.state == InspectionState.SEALED or SEE_VERDICTS.allows(actor, inspection, at=at)
    rows = inspection.verdicts.select_related("by", "finding__owner") if is_shown else ItemVerdict.objects.none()
    verdicts = {row.item: row for row in rows.order_by("pk")}
    sheet = inspection.sheet
    return VisitRecord(
        list(inspection.group.select_related("person").order_by("-is_leader", "pk")),
        [(part, [Judged(item, verdicts.get(item.id)) for item in part.items]) for part in sheet.dimensions],
        [Judged(item, verdicts.get(item.id)) for item in sheet.vetoes],
        is_shown,
    )


def marks_of(inspection: Inspection, verdicts: Iterable[ItemVerdict]) -> tuple[Decimal, Decimal, int]:
    """Return marks, full marks of what applies, and how many vetoes were met."""
    by_item = {row.item: row for row in verdicts}
    marked = [
        Marked(item.full, by_item[item.id].mark, by_item[item.id].verdict != Verdict.NOT_APPLICABLE)
        for item in inspection.sheet.items
        if item.id in by_item
    ]
    met = sum(1 for row in by_item.values() if row.is_veto and row.verdict == Verdict.NOT_MET)
    return *total(marked), met


def grade_before(body_id: int, *, but: int) -> str:
    """Return the grade that was decided last of a body, "" where none was."""
    rows = Inspection.objects.filter(body=body_id).exclude(grade="").exclude(pk=but)
    return rows.order_by("-decided_at", "-pk").values_list("grade", flat=True).first() or ""


def bodies_to_visit(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies that `actor` may have visited, by name."""
    return ARRANGE.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def bodies_to_call_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies in whose name `actor` may call for a special inspection, by name."""
    return ISSUE_CALL.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def people_to_send(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return whom `actor` may send, by name: whom the actor sees, and who holds a post in a body that the actor sees.

    Who belongs where they go is refused then.
    """
    seen = SEE_PERSON.narrow(actor, Person.objects.all(), at=at).order_by().values("pk")
    bodies = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.all(), at=at).order_by().values("pk")
    posted = PostHolding.objects.held_on(local_day(at)).filter(body__in=bodies).order_by().values("person_id")
    rows = Person.objects.filter(Q(pk__in=seen) | Q(pk__in=posted), valid_until=None)
    return rows.select_related("unit").order_by("name", "pk")


def conflicts_of(people: Collection[Person], bodies: Collection[PartyOrg], day: date) -> list[tuple[Person, PartyOrg]]:
    """Return who belongs to, takes part in or holds a post in which of these bodies or below it on `day`; three statements."""
    below: dict[int, list[PartyOrg]] = {}
    by_pk = {body.pk: body for body in bodies}
    links = PartyOrg.links().filter(on_day(day), ancestor_id__in=by_pk).order_by("ancestor_id", "descendant_id")
    for ancestor, descendant in links.values_list("ancestor_id", "descendant_id"):
        below.setdefault(descendant, []).append(by_pk[ancestor])
    under = descendants(PartyOrg, list(by_pk), day=day)
    ids = [person.pk for person in people]
    belonging = Membership.objects.filter(on_day(day), person__in=ids, body__in=under).order_by()
    posted = PostHolding.objects.held_on(day).filter(person__in=ids, body__in=under).order_by()
    named = {person.pk: person for person in people}
    found = {
        (person, body.pk)
        for rows in (belonging, posted)
        for person, place in rows.values_list("person_id", "body_id")
        for body in below.get(place, ())
    }
    return [(named[person], by_pk[body]) for person, body in sorted(found)]


def list_calls(actor: Person, at: datetime, *, page: int = 1, size: int = 20) -> Listed[InspectionCall]:
    """Return one page of the calls that `actor` may see, the latest first, each with how many bodies and how many are done."""
    rows = _counted(InspectionCall.objects.select_related("body", "issued_by"))
    return list_seen(SEE_CALL, actor, rows, order_by=("-from_on",), at=at, page=page, size=size)


def calls_seen_by(actor: Person, at: datetime) -> QuerySet[Any]:
    """Return the calls that `actor` may see, the latest first."""
    rows = SEE_CALL.narrow(actor, InspectionCall.objects.all(), at=at, walk=True)
    return _counted(rows.select_related("body", "issued_by", "closed_by")).order_by("-from_on", "-pk")


def inspections_of_call(call: InspectionCall) -> QuerySet[Any]:
    """Return every visit of a call with how many items are `judged` and `below`, by body."""
    below = Q(verdicts__verdict__in=BELOW)
    rows = call.inspections.select_related("body").annotate(
        judged=Count("verdicts", distinct=True), below=Count("verdicts", filter=below, distinct=True)
    )
    return rows.order_by("body__name", "pk")


def common_problems(call: InspectionCall) -> list[Common]:
    """Return the items of a call's checklist that were below somewhere, what most bodies lack first; two statements."""
    first = call.inspections.order_by("pk").first()
    if first is None:
        return []
    rows = ItemVerdict.objects.filter(inspection__call=call).exclude(inspection__state=InspectionState.CALLED_OFF)
    counted = rows.exclude(verdict=Verdict.NOT_APPLICABLE).order_by().values("item").annotate(
        judged=Count("pk"), below=Count("pk", filter=Q(verdict__in=BELOW))
    )  # fmt: skip
    numbers = {row["item"]: (row["judged"], row["below"]) for row in counted}
    found = [
        Common(item, *numbers[item.id])
        for item in (*first.sheet.items, *first.sheet.vetoes)
        if numbers.get(item.id, (0, 0))[1]
    ]
    return sorted(found, key=lambda one: -one.below)


def open_to_grade(at: datetime) -> QuerySet[Inspection]:
    """Return the sealed acceptances whose notice is over and whose grade nobody decided yet, without open objections."""
    objected = InspectionFinding.objects.filter(inspection=OuterRef("pk"), item__state="objected")
    rows = Inspection.objects.filter(
        ~Exists(objected), state=InspectionState.SEALED, form=InspectionForm.ACCEPTANCE, grade="",
        notice_until__lt=local_day(at),
    )  # fmt: skip
    return rows.order_by("notice_until", "pk")


def _counted(rows: QuerySet[InspectionCall]) -> QuerySet[Any]:
    sealed = Q(inspections__state=InspectionState.SEALED)
    return rows.annotate(
        bodies=Count("inspections", filter=~Q(inspections__state=InspectionState.CALLED_OFF), distinct=True),
        done=Count("inspections", filter=sealed, distinct=True),
    )
