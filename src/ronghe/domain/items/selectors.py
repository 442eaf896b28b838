"""Items as an actor may see them: lists, what waits for whom, one with its history, clocks of many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from ronghe.domain.items.calc.clocks import ClockSpec, Distribution, Reading, distribution, read_clock
from ronghe.domain.items.calc.pledges import digest_of, pledged_text
from ronghe.domain.items.models import ItemEvidence, ItemNote, ItemPerson, ItemPledge, ItemStep, WorkItem
from ronghe.domain.items.rules import SEE_ITEM, ItemKind, StepSpec, Waits, declared_kinds, kind_of
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.selectors import members_on
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

SOONEST = F("due_at").asc(nulls_last=True)
"""What has no deadline comes last on both databases."""


def items_seen_by(actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the items that `actor` may see, the soonest deadline first: to be cut to one or a few."""
    rows = SEE_ITEM.narrow(actor, WorkItem.objects.all(), at=at, walk=True)
    return rows.select_related("owner", "body", "zone", "raised_by").order_by(SOONEST, "pk")


def list_items(
    actor: Person, at: datetime, *, kind: str = "", filters: Q | None = None, order_by: Sequence[str | OrderBy] = (SOONEST,),
    page: int = 1, size: int = 20,
) -> Listed[WorkItem]:  # fmt: skip
    """Return one page of the items that `actor` may see; two statements."""
    rows = WorkItem.objects.filter(filters or Q()).select_related("owner", "body", "zone", "raised_by")
    if kind:
        rows = rows.filter(kind=kind)
    return list_seen(SEE_ITEM, actor, rows, order_by=order_by, at=at, page=page, size=size)


def people_to_ask(item: WorkItem, actor: Person, at: datetime) -> QuerySet[Person]:
    """Return who may be given the item or let into it, by name: whom `actor` sees, and who belongs where the item does.

    That is whoever belongs to its body or holds a post there, takes part in its zone, or is in its task force on the day; a
    plain member sees no list of people, yet works beside these.
    """
    day = local_day(at)
    bodies = [item.body_id]
    if item.zone is not None and item.zone.body_id is not None:
        bodies.append(item.zone.body_id)
    seen = SEE_PERSON.narrow(actor, Person.objects.all(), at=at).order_by().values("pk")
    beside = Q(pk__in=Membership.objects.filter(on_day(day), body__in=bodies).order_by().values("person_id"))
    beside |= Q(pk__in=PostHolding.objects.held_on(day).filter(body__in=bodies).order_by().values("person_id"))
    if item.force is not None:
        beside |= Q(pk__in=members_on(item.force, day).order_by().values("person_id"))
    rows = Person.objects.filter(Q(pk__in=seen) | beside, valid_until=None)
    return rows.select_related("unit").order_by("name", "pk")


def items_owed_by(person: Person, at: datetime | None = None) -> QuerySet[WorkItem]:  # noqa: ARG001 - as every inbox
    """Return the open items that wait for `person` as their owner or raiser, the soonest deadline first."""
    rows = WorkItem.objects.filter(_waits_for(person), closed_at=None)
    return rows.select_related("body", "zone", "owner").order_by(SOONEST, "pk")


def items_owned_by(person: Person) -> QuerySet[WorkItem]:
    """Return the open items that wait for `person` as their owner."""
    return WorkItem.objects.filter(_in_states(Waits.OWNER), owner=person, closed_at=None)


def items_on_hand() -> QuerySet[WorkItem]:
    """Return the open items that wait for whoever owns them: what lies on people."""
    return WorkItem.objects.filter(_in_states(Waits.OWNER), owner__isnull=False, closed_at=None)


def items_asked_of(person: Person) -> QuerySet[WorkItem]:
    """Return the open items that wait for the word of `person`, who raised them."""
    return WorkItem.objects.filter(_in_states(Waits.RAISER), raised_by=person, closed_at=None)


def items_to_run_in_parts(actor: Person, at: datetime) -> list[QuerySet[WorkItem]]:
    """Return the open items whose next step is for `actor` by right, in parts that share none: each is cheap to walk and stop."""
    return [
        part
        for kind, state, step in _to_run(())
        for part in step.right.sight_of(actor, at).parts(WorkItem.objects.filter(kind=kind.id, state=state))
    ]


def step_to_run(kind: ItemKind, state: str) -> StepSpec | None:
    """Return the first step out of a state that is not for owner or raiser alone: whose right it is waits for."""
    return next((step for step in kind.steps if state in step.sources and not _is_own(step)), None)


def items_to_run(actor: Person, at: datetime, kinds: Collection[str] = ()) -> QuerySet[WorkItem]:
    """Return the open items whose next step is for `actor` by right: to triage, to assign, to accept."""
    found = [
        step.right.narrow(actor, WorkItem.objects.filter(kind=kind.id, state=state), at=at).order_by().values("pk")
        for kind, state, step in _to_run(kinds)
    ]
    if not found:
        return WorkItem.objects.none()
    keys = found[0].union(*found[1:]) if len(found) > 1 else found[0]
    rows = WorkItem.objects.filter(pk__in=keys)
    return rows.select_related("body", "zone", "owner").order_by("since", "pk")


def bodies_to_raise_for(kind: ItemKind, actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may raise an item of `kind`."""
    rows = PartyOrg.objects.filter(valid_until=None)
    return kind.raise_right.narrow(actor, rows, at=at).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Signed:
    """A pledge, and whether the item still reads as it did when it was signed."""

    pledge: ItemPledge
    is_current: bool


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """Everything about one item, in five statements whatever its length."""

    steps: list[ItemStep]
    notes: list[ItemNote]
    evidence: list[ItemEvidence]
    people: list[ItemPerson]
    pledges: list[Signed]
    clocks: list[Reading]


def record_of(item: WorkItem, now: datetime) -> ItemRecord:
    """Return the history of an item, oldest first, with its clocks as they stand at `now`."""
    steps = list(item.steps.select_related("by", "owner").order_by("at", "pk"))
    words = digest_of(pledged_text(item.title, item.text, item.values, item.due_at))
    pledges = item.pledges.select_related("person").order_by("signed_at", "pk")
    return ItemRecord(
        steps=steps,
        notes=list(item.notes.select_related("by").order_by("at", "pk")),
        evidence=list(item.evidence.select_related("file", "added_by").order_by("added_at", "pk")),
        people=list(item.people.select_related("person__unit").order_by("until", "since", "pk")),
        pledges=[Signed(row, row.digest == words) for row in pledges],
        clocks=_clocks(kind_of(item), [(row.step, row.at) for row in steps], now),
    )


def evidence_of_items_seen_by(actor: Person, at: datetime) -> QuerySet[ItemEvidence]:
    """Return the evidence of the items that `actor` may see: to be cut to one file."""
    seen = SEE_ITEM.narrow(actor, WorkItem.objects.all(), at=at, walk=True)
    return ItemEvidence.objects.filter(item__in=seen.order_by().values("pk"))


def clock_of_many(spec: ClockSpec, kind: ItemKind, items: QuerySet[WorkItem], now: datetime) -> Distribution:
    """Return how long one clock of a kind ran over many items; those that still run are left out."""
    rows = ItemStep.objects.filter(item__in=items.filter(kind=kind.id).order_by().values("pk"))
    by_item: dict[int, list[tuple[str, datetime]]] = {}
    for item_id, step, at in rows.order_by("item_id", "at", "pk").values_list("item_id", "step", "at"):
        by_item.setdefault(item_id, []).append((step, at))
    readings = (read_clock(spec, steps, now) for steps in by_item.values())
    return distribution(reading.hours for reading in readings if reading is not None and reading.stopped_at is not None)


def _clocks(kind: ItemKind, steps: Sequence[tuple[str, datetime]], now: datetime) -> list[Reading]:
    readings = (read_clock(spec, steps, now) for spec in kind.clocks)
    return [reading for reading in readings if reading is not None]


def _waits_for(person: Person) -> Q:
    waiting = Q(pk__in=[])
    for kind in declared_kinds().values():
        waiting |= Q(kind=kind.id, owner=person, state__in=kind.states_waiting(Waits.OWNER))
        waiting |= Q(kind=kind.id, raised_by=person, state__in=kind.states_waiting(Waits.RAISER))
    return waiting


def _to_run(kinds: Collection[str]) -> Iterator[tuple[ItemKind, str, StepSpec]]:
    """Give every state, of all kinds or of these, in which an item waits for somebody by right, with the step."""
    for kind in declared_kinds().values():
        for state in kind.states_waiting(Waits.RUNNER) if not kinds or kind.id in kinds else ():
            step = step_to_run(kind, state)
            if step is not None:
                yield kind, state, step


def _in_states(waits: Waits) -> Q:
    """Return the condition that an item is in a state in which it waits so, whatever its kind."""
    found = Q(pk__in=[])
    for kind in declared_kinds().values():
        if states := kind.states_waiting(waits):
            found |= Q(kind=kind.id, state__in=states)
    return found


def _is_own(step: StepSpec) -> bool:
    """Tell whether a step is for owner or raiser alone: its right knows no roles."""
    return all(not grant.roles for grant in step.right.grants)
