"""What an act would do if it were carried out now: bodies founded, moved and closed, people moved, posts ended.

The same plan is shown before the decision and carried out afterwards, so the page cannot promise something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ronghe.domain.org.enums import WORKING_KINDS, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, PostHolding
from ronghe.domain.structure.calc.placing import GROWN, OF_THE_GROUPS, SHRUNK
from ronghe.domain.structure.enums import SMALL_GROUPS, ActKind, PartPlace
from ronghe.domain.structure.models import ActPart, BodyAct

STAYING = (MembershipKind.HOME, MembershipKind.UNION, MembershipKind.LEAGUE)
"""Memberships that go on in another body when theirs ends; taking part just ends."""
NAME_LENGTH = 80
GROUP_WORDS = (("党小组", "党支部"), ("团小组", "团支部"))


@dataclass(frozen=True, slots=True)
class Place:
    """A body of the act: one that stands, or one that is founded under `number`."""

    body: PartyOrg | None = None
    number: int = 0
    name: str = ""
    kind: str = ""

    @classmethod
    def of(cls, body: PartyOrg) -> Place:
        return cls(body, 0, body.name, body.kind)

    @property
    def is_group(self) -> bool:
        return self.kind in SMALL_GROUPS


@dataclass(frozen=True, slots=True)
class Transfer:
    """A membership that goes on elsewhere; `group` is the group there. Within one body only the group changes."""

    membership: Membership
    to: Place
    group: Place | None = None
    kind: MembershipKind | None = None
    """As what, where it is not as before: whoever enters a temporary body takes part and stays at home (PO-05)."""


@dataclass(slots=True)
class Plan:
    """Everything an act does, in the order in which it is done."""

    founded: list[tuple[Place, PartyOrg]] = field(default_factory=list)
    """A new body, and the one it hangs below."""
    moved: list[tuple[PartyOrg, Place]] = field(default_factory=list)
    renamed: list[tuple[PartyOrg, str, str]] = field(default_factory=list)
    """A body, its new name and its new kind."""
    transfers: list[Transfer] = field(default_factory=list)
    leaving: list[Membership] = field(default_factory=list)
    posts: list[PostHolding] = field(default_factory=list)
    """Posts that end."""
    closed: list[PartyOrg] = field(default_factory=list)

    @property
    def homeless(self) -> list[Membership]:
        """Members at home in a closed body who go nowhere; nobody may be left so (PO-13)."""
        going = {transfer.membership.pk for transfer in self.transfers}
        closed = {body.pk for body in self.closed}
        rows = Membership.objects.filter(body__in=closed, valid_until=None, kind__in=STAYING)
        return list(rows.exclude(pk__in=going).select_related("person", "body").order_by("pk"))


def plan_of(act: BodyAct) -> Plan:
    """Return what `act` would do."""
    parts = list(act.parts.select_related("body").order_by("place", "number"))
    sources = [part.body for part in parts if part.place == PartPlace.SOURCE and part.body is not None]
    targets = [part for part in parts if part.place == PartPlace.TARGET]
    planner = {
        ActKind.FOUND: _found,
        ActKind.SPLIT: _split,
        ActKind.MERGE: _merge,
        ActKind.MOVE: _move,
        ActKind.RENAME: _rename,
        ActKind.CONVERT: _convert,
        ActKind.DISSOLVE: _dissolve,
    }[ActKind(act.kind)]
    plan = Plan()
    planner(plan, act, sources, targets)
    return plan


def children_of(body: PartyOrg) -> list[PartyOrg]:
    """Return what stands directly below a body now, by name."""
    return list(PartyOrg.objects.filter(parent=body, valid_until=None).order_by("name", "pk"))


def members_of(body: PartyOrg) -> list[Membership]:
    """Return the present memberships in a body, or in a group of one, by name."""
    rows = Membership.objects.filter(valid_until=None).select_related("person", "body", "group")
    here = rows.filter(group=body) if body.kind in SMALL_GROUPS else rows.filter(body=body)
    taking_part = rows.filter(body=body) if body.kind in SMALL_GROUPS else rows.none()
    return sorted({*here, *taking_part}, key=lambda row: (row.person.name, row.pk))


def _found(plan: Plan, act: BodyAct, _sources: list[PartyOrg], targets: list[ActPart]) -> None:
    for part in targets:
        place = _place(part)
        if act.parent is not None:
            plan.founded.append((place, act.parent))
        _shares(plan, part, place)


def _split(plan: Plan, _act: BodyAct, sources: list[PartyOrg], targets: list[ActPart]) -> None:
    for part in targets:
        place = _place(part)
        if sources[0].parent is not None:
            plan.founded.append((place, sources[0].parent))
        _shares(plan, part, place)


def _shares(plan: Plan, part: ActPart, place: Place) -> None:
    """Let the groups of a part move with their people, and its single people go there."""
    shares = list(part.shares.select_related("person", "group").order_by("pk"))
    for share in shares:
        if share.group is not None:
            plan.moved.append((share.group, place))
            plan.transfers += [Transfer(row, place, Place.of(share.group)) for row in members_of(share.group)]
    single = [share.person_id for share in shares if share.person_id is not None]
    rows = Membership.objects.filter(person__in=single, valid_until=None, kind=kind_in(place.kind))
    for row in rows.select_related("person", "body", "group").order_by("person__name", "pk"):
        if place.kind in SMALL_GROUPS and place.kind != "temporary_party_group":
            plan.transfers.append(Transfer(row, Place.of(row.body), place))
        else:
            plan.transfers.append(Transfer(row, place, None, entering(place.kind)))


def kind_in(body_kind: str) -> MembershipKind:
    """Return as what the people of a body of this kind are its people."""
    if body_kind.startswith("union_"):
        return MembershipKind.UNION
    return MembershipKind.LEAGUE if body_kind.startswith("league_") else MembershipKind.HOME


def entering(body_kind: str) -> MembershipKind | None:
    """Return as what somebody enters a body of this kind where the own home stays (PO-05, PO-12), else `None`."""
    return MembershipKind.PARTICIPATION if body_kind in WORKING_KINDS else None


def _merge(plan: Plan, act: BodyAct, sources: list[PartyOrg], _targets: list[ActPart]) -> None:
    into = act.body
    if into is None:
        return
    target = Place.of(into)
    for body in sources:
        if body.pk == into.pk:
            continue
        _empty(plan, body, target)
        plan.closed.append(body)
    if act.name or act.body_kind:
        plan.renamed.append((into, act.name or into.name, act.body_kind or into.kind))


def _empty(plan: Plan, body: PartyOrg, target: Place) -> None:
    """Let everything of a body that ends go to the target: its people, its groups and whatever stands below it.

    第一党小组 of the one meets 第一党小组 of the other: the newcomer says in its name where it came from.
    """
    taken = {child.name for child in children_of(target.body)} if target.body is not None else set()
    for child in children_of(body):
        plan.moved.append((child, target))
        if child.name in taken:
            plan.renamed.append((child, f"{child.name}（{body.name}）"[:NAME_LENGTH], child.kind))
    for row in members_of(body):
        plan.transfers.append(_follow(row, body, target))
    plan.posts += _posts([body])


def _follow(row: Membership, body: PartyOrg, target: Place) -> Transfer:
    if body.kind in SMALL_GROUPS and row.body_id != body.pk:
        home = target.body.parent if target.body is not None and target.is_group else None
        return Transfer(row, Place.of(home or row.body), target if target.is_group else None)
    return Transfer(row, target, Place.of(row.group) if row.group is not None else None)


def _move(plan: Plan, act: BodyAct, sources: list[PartyOrg], _targets: list[ActPart]) -> None:
    body = sources[0]
    if act.parent is None:
        return
    target = Place.of(act.parent)
    plan.moved.append((body, target))
    if body.kind in SMALL_GROUPS:
        plan.transfers += [
            Transfer(row, target, Place.of(body)) for row in members_of(body) if row.body_id == body.parent_id
        ]


def _rename(plan: Plan, act: BodyAct, sources: list[PartyOrg], _targets: list[ActPart]) -> None:
    plan.renamed.append((sources[0], act.name, sources[0].kind))


def _convert(plan: Plan, act: BodyAct, sources: list[PartyOrg], _targets: list[ActPart]) -> None:
    body = sources[0]
    plan.renamed.append((body, act.name or body.name, act.body_kind))
    below = children_of(body)
    if act.body_kind == GROWN.get(body.kind):
        groups = [child for child in below if child.kind in SMALL_GROUPS]
        plan.renamed += [(group, grown_name(group.name), OF_THE_GROUPS[act.body_kind]) for group in groups]
        for group in groups:
            plan.transfers += [Transfer(row, Place.of(group)) for row in members_of(group) if row.body_id == body.pk]
    elif body.kind in OF_THE_GROUPS and act.body_kind == OF_THE_GROUPS[body.kind]:
        branches = [child for child in below if child.kind == OF_THE_GROUPS[body.kind]]
        plan.renamed += [(child, shrunk_name(child.name), SHRUNK[child.kind]) for child in branches]
        for child in branches:
            plan.transfers += [Transfer(row, Place.of(body), Place.of(child)) for row in members_of(child)]


def grown_name(name: str) -> str:
    """Return what a group is called when it becomes a branch: 第一党小组 becomes 第一党支部."""
    for group, branch in GROUP_WORDS:
        if group in name:
            return name.replace(group, branch)
    return f"{name}支部"


def shrunk_name(name: str) -> str:
    """Return what a branch is called when it becomes a group."""
    for group, branch in GROUP_WORDS:
        if branch in name:
            return name.replace(branch, group)
    return f"{name}小组"


def _dissolve(plan: Plan, _act: BodyAct, sources: list[PartyOrg], targets: list[ActPart]) -> None:
    body = sources[0]
    if targets and targets[0].body is not None:
        _empty(plan, body, Place.of(targets[0].body))
    else:
        below = children_of(body)
        empty = [child for child in below if child.kind in SMALL_GROUPS]
        plan.closed += empty
        for row in members_of(body):
            if row.kind == MembershipKind.PARTICIPATION:
                plan.leaving.append(row)
            elif body.kind in SMALL_GROUPS:
                plan.transfers.append(Transfer(row, Place.of(row.body)))
        plan.posts += _posts([body, *empty])
    plan.closed.append(body)


def _posts(bodies: Iterable[PartyOrg]) -> list[PostHolding]:
    rows = PostHolding.objects.filter(body__in=[body.pk for body in bodies], valid_until=None)
    return list(rows.select_related("person", "body").order_by("body", "role", "pk"))


def _place(part: ActPart) -> Place:
    return Place.of(part.body) if part.body is not None else Place(None, part.number, part.name, part.body_kind)
