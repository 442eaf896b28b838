"""What stands before whoever decides: sizes after the act and what the rules say about them (PO-01 to PO-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ronghe.domain.org.calc.thresholds import Figures, Finding, findings, project_finding
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PartyOrgKind, PoliticalStatus
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.selectors.headcounts import (
    Headcount,
    group_headcounts,
    headcounts,
    headcounts_below,
    with_status,
)
from ronghe.domain.structure.calc.placing import UPPER
from ronghe.domain.structure.enums import SMALL_GROUPS, ActKind
from ronghe.domain.structure.models import BodyAct
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.plans import Place, Plan, children_of, plan_of
from ronghe.kernel.db.tree import descendants


@dataclass(frozen=True, slots=True)
class Size:
    """A body of the act with its two headcounts before and after, and what the rules say about it then."""

    name: str
    kind: str
    before: Headcount | None
    headcount: Headcount
    findings: tuple[Finding, ...]
    is_new_kind: bool

    @property
    def kind_word(self) -> str:
        return str(PartyOrgKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would do, and how large its bodies would be."""

    plan: Plan
    sizes: list[Size]
    hint: Finding | None


def preview_of(act: BodyAct) -> Preview:
    """Return what `act` would do if it were carried out now."""
    plan = plan_of(act)
    return Preview(plan, sizes_after(act, plan), _project_hint(act, plan))


def size_of(body: PartyOrg, day: date, *, figures: Figures | None = None) -> Size:
    """Return how large a body is on `day` and what the rules say about it."""
    headcount = _now([body], day)[body.pk]
    groups = [child for child in children_of(body) if child.kind in SMALL_GROUPS]
    units = body.covered_units.filter(valid_until=None).count()
    said = _said(body.kind, headcount, figures or figures_in_force(), units=units, groups=len(groups))
    return Size(body.name, body.kind, None, headcount, said, is_new_kind=False)


def sizes_after(act: BodyAct, plan: Plan) -> list[Size]:
    """Return the bodies that an act changes, with their headcounts before and after; closed ones are left out."""
    figures = figures_in_force()
    changes = _changes(plan, act.effective_on)
    renamed = {body.pk: (name, kind) for body, name, kind in plan.renamed}
    closed = {body.pk for body in plan.closed}
    standing = {body.pk: body for body in _standing(act, plan) if body.pk not in closed}
    before = _now(standing.values(), act.effective_on)
    sizes = [_founded_size(act, place, changes[(0, place.number)], figures) for place, _parent in plan.founded]
    for pk, body in standing.items():
        name, kind = renamed.get(pk, (body.name, body.kind))
        after = before[pk] + changes[(pk, 0)]
        said = _said(kind, after, figures, units=body.covered_units.filter(valid_until=None).count(),
                     groups=_groups_after(body, plan))  # fmt: skip
        sizes.append(Size(name, kind, before[pk], after, said, is_new_kind=kind != body.kind))
    return sizes


def _founded_size(act: BodyAct, place: Place, shared: Headcount, figures: Figures) -> Size:
    """A new body has whom the act puts there; where it names nobody, those who work in its units are to come."""
    headcount = shared if shared.all or act.kind != ActKind.FOUND else _to_come(act)
    said = _said(place.kind, headcount, figures, units=act.covered.count(), groups=0)
    return Size(place.name, place.kind, None, headcount, said, is_new_kind=True)


def _to_come(act: BodyAct) -> Headcount:
    units = [row.unit_id for row in act.covered.order_by("pk")] or ([act.unit_id] if act.unit_id else [])
    if not units:
        return Headcount()
    people = Person.objects.filter(valid_until=None, unit__in=descendants(AdminUnit, units, day=act.effective_on))
    return _counted(with_status(people, act.effective_on, "").values_list("pk", "status"))


def _changes(plan: Plan, day: date) -> dict[tuple[int, int], Headcount]:
    """Return by how much each body (by key) or new body (by number) grows or shrinks."""
    people = {transfer.membership.person_id for transfer in plan.transfers}
    rows = with_status(Person.objects.filter(pk__in=people), day, "").values_list("pk", "status")
    weight = {pk: _weight(status) for pk, status in rows}
    changes: dict[tuple[int, int], Headcount] = defaultdict(Headcount)
    for transfer in plan.transfers:
        row = transfer.membership
        one = weight[row.person_id]
        if row.kind != MembershipKind.HOME or transfer.kind == MembershipKind.PARTICIPATION:
            continue
        _shift(changes, (row.body_id, 0), _key(transfer.to), one)
        if row.group_id is not None and not _stays_in_group(transfer.group, row.group_id):
            changes[(row.group_id, 0)] += Headcount(-one.formal, -one.all)
        if transfer.group is not None and not _stays_in_group(transfer.group, row.group_id):
            changes[_key(transfer.group)] += one
    for body, target in plan.moved:
        if body.kind not in SMALL_GROUPS and body.parent_id is not None:
            whole = headcounts_below([body], day)[body.pk]
            _shift(changes, (body.parent_id, 0), _key(target), whole)
    return changes


def _shift(
    changes: dict[tuple[int, int], Headcount], source: tuple[int, int], target: tuple[int, int], one: Headcount
) -> None:
    if source != target:
        changes[source] += Headcount(-one.formal, -one.all)
        changes[target] += one


def _stays_in_group(group: Place | None, group_id: int | None) -> bool:
    return group is not None and group.body is not None and group.body.pk == group_id


def _key(place: Place) -> tuple[int, int]:
    return (place.body.pk, 0) if place.body is not None else (0, place.number)


def _standing(act: BodyAct, plan: Plan) -> list[PartyOrg]:
    """Return the standing bodies whose size or kind the act changes, each once."""
    found: dict[int, PartyOrg] = {}
    for body, _name, _kind in plan.renamed:
        found[body.pk] = body
    for transfer in plan.transfers:
        row = transfer.membership
        if transfer.kind != MembershipKind.PARTICIPATION:
            places = [row.body, row.group, transfer.to.body, transfer.group.body if transfer.group else None]
            found |= {body.pk: body for body in places if body is not None}
    for body, target in plan.moved:
        upper = [target.body, body.parent] if body.kind not in SMALL_GROUPS else []
        found |= {above.pk: above for above in upper if above is not None}
    if act.kind == ActKind.SPLIT and act.body is not None:
        found[act.body.pk] = act.body
    return sorted(found.values(), key=lambda body: (body.kind, body.name, body.pk))


def _groups_after(body: PartyOrg, plan: Plan) -> int:
    groups = {child.pk for child in children_of(body) if child.kind in SMALL_GROUPS}
    groups -= {child.pk for child in plan.closed}
    for moved, target in plan.moved:
        if moved.kind in SMALL_GROUPS:
            groups.discard(moved.pk)
            if target.body is not None and target.body.pk == body.pk:
                groups.add(moved.pk)
    return len(groups) + sum(parent.pk == body.pk and place.is_group for place, parent in plan.founded)


def _now(bodies: Iterable[PartyOrg], day: date) -> dict[int, Headcount]:
    """Return the headcounts that the rules look at: of a group or branch its own, of larger ones with everything below."""
    rows = list(bodies)
    groups = [body for body in rows if body.kind in SMALL_GROUPS]
    upper = [body for body in rows if body.kind in UPPER]
    rest = [body for body in rows if body.kind not in SMALL_GROUPS and body.kind not in UPPER]
    found = group_headcounts(groups, day) if groups else {}
    found |= headcounts_below(upper, day) if upper else {}
    return found | (headcounts(rest, day) if rest else {})


def _said(kind: str, headcount: Headcount, figures: Figures, *, units: int, groups: int) -> tuple[Finding, ...]:
    return tuple(
        findings(kind, formal=headcount.formal, all_members=headcount.all, figures=figures, units=units, groups=groups)
    )  # fmt: skip


def _project_hint(act: BodyAct, plan: Plan) -> Finding | None:
    if act.kind != ActKind.FOUND or act.planned_end_on is None:
        return None
    entering = {transfer.membership.person_id for transfer in plan.transfers}
    people = with_status(Person.objects.filter(pk__in=entering), act.effective_on, "").values_list("pk", "status")
    formal = _counted(people).formal or _to_come(act).formal
    return project_finding(act.effective_on, act.planned_end_on, formal=formal, figures=figures_in_force())


def _weight(status: str | None) -> Headcount:
    if status not in PARTY_MEMBERS:
        return Headcount()
    return Headcount(int(status == PoliticalStatus.FULL_MEMBER), 1)


def _counted(rows: Iterable[tuple[int, str | None]]) -> Headcount:
    return sum((_weight(status) for _pk, status in rows), Headcount())
