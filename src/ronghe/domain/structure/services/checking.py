"""What makes an act impossible, said before it is proposed, before it is approved and before it is carried out."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Q

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, tree_of
from ronghe.domain.org.models import Membership, PartyOrg
from ronghe.domain.structure.calc.placing import (
    GROWN,
    OF_THE_GROUPS,
    UPPER,
    becomes,
    may_merge,
    may_receive,
    may_stand_below,
)
from ronghe.domain.structure.enums import SMALL_GROUPS, ActKind, PartPlace
from ronghe.domain.structure.models import ActShare, BodyAct, FormerIdentity
from ronghe.domain.structure.selectors.plans import Plan, children_of, kind_in, members_of
from ronghe.kernel.db.tree import ChangedLater, InsideItself
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed


class Incomplete(DomainError):
    """A field that this kind of act cannot do without; every way in asks for it, so it is said briefly."""

    code = "act_incomplete"
    sentence = N_("还缺：%(missing)s。请补上再提交。")
    status = 422


class BodyEnded(DomainError):
    code = "body_ended"
    sentence = N_("“%(body)s”已在 %(day)s 撤销，不能再调整。")


class NotThereYet(DomainError):
    code = "not_there_yet"
    sentence = N_("“%(body)s”%(day)s 才设立，生效日期不能早于那天。请改日期。")


class WrongPlace(DomainError):
    code = "wrong_place"
    sentence = N_("%(kind)s不能设在%(parent_kind)s“%(parent)s”下面（PO-08）。请另选上级，或另选类型。")


class CannotConvert(DomainError):
    code = "cannot_convert"
    sentence = N_("%(before)s不能改设为%(after)s（PO-05）。临时党支部和党小组请另行设立、撤销。")


class CannotMerge(DomainError):
    code = "cannot_merge"
    sentence = N_("“%(other)s”不能并入“%(body)s”：两者类型不同（PO-01）。请先改设，或另选去向。")


class NobodyShared(DomainError):
    code = "nobody_shared"
    sentence = N_("“%(name)s”没有编入任何人，不能设立（PO-01）。请选党小组或党员。")


class SharedTwice(DomainError):
    code = "shared_twice"
    sentence = N_("%(who)s 被编入了两处，每人只能有一处（PO-12）。请只留一处。")


class NotAmong(DomainError):
    code = "not_among"
    sentence = N_("%(who)s 不在“%(body)s”，不能由它编出（PO-12）。请重新选人。")


class LeftWithoutHome(DomainError):
    code = "left_without_home"
    sentence = N_("“%(body)s”还有 %(count)s 人没有去向，不能撤销（PO-13）。请选接收他们的组织，或先转出。")


class StillBelow(DomainError):
    code = "still_below"
    sentence = N_("“%(body)s”下面还有：%(below)s。请先调整下级，或选接收的组织。")


class NotInGroups(DomainError):
    code = "not_in_groups"
    sentence = N_("“%(body)s”有 %(count)s 人没有编入党小组，改设后没有支部可归（PO-13）。请先编组。")


class PeopleChangedLater(DomainError):
    code = "people_changed_later"
    sentence = N_("“%(body)s”的人员在 %(day)s 已有变动，只能从那天起再调整。请改生效日期。")


class CalledOtherwiseLater(DomainError):
    code = "called_otherwise_later"
    sentence = N_("“%(body)s”在 %(day)s 已更名或改设，只能从那天起再改。请改生效日期。")


class TwoPlacesWanted(DomainError):
    code = "two_places_wanted"
    sentence = N_("流动党员党支部要写明流出地和流入地的党组织（PO-07）。请补上。")
    status = 422


class EndsTooSoon(DomainError):
    code = "ends_too_soon"
    sentence = N_("项目结束日期 %(until)s 不晚于设立日期 %(since)s，请改日期。")
    status = 422


class SameAsBefore(DomainError):
    code = "same_as_before"
    sentence = N_("“%(body)s”本来就是这样，不用调整。")
    status = 422


def check_act(act: BodyAct, plan: Plan) -> None:
    """Return where the act can be carried out as things stand.

    :raises DomainError: the first thing in its way, with the rule's number and a way out
    """
    sources = [part.body for part in act.parts.filter(place=PartPlace.SOURCE).select_related("body") if part.body]
    for body in [*sources, *([act.parent] if act.parent is not None else [])]:
        _check_stands(body, act.effective_on)
    {
        ActKind.FOUND: _check_found,
        ActKind.SPLIT: _check_split,
        ActKind.MERGE: _check_merge,
        ActKind.MOVE: _check_move,
        ActKind.RENAME: _check_rename,
        ActKind.CONVERT: _check_convert,
        ActKind.DISSOLVE: _check_dissolve,
    }[ActKind(act.kind)](act, plan)
    _check_new_ones(act, plan)
    for body, _name, _kind in plan.renamed:
        _check_identity(body, act.effective_on)
    _check_dates(act.effective_on, plan)


def _check_stands(body: PartyOrg, day: date) -> None:
    if body.valid_until is not None:
        raise BodyEnded(body=body.name, day=body.valid_until)
    if body.valid_from > day:
        raise NotThereYet(body=body.name, day=body.valid_from)


def _check_new_ones(act: BodyAct, plan: Plan) -> None:
    for place, parent in plan.founded:
        _check_below(place.kind, parent)
    for part in act.parts.filter(place=PartPlace.TARGET, body=None).order_by("number"):
        shared = list(part.shares.select_related("person", "group").order_by("pk"))
        if act.kind == ActKind.SPLIT and not shared:
            raise NobodyShared(name=part.name)
    seen: set[int] = set()
    for transfer in plan.transfers:
        if transfer.membership.kind != MembershipKind.PARTICIPATION:
            if transfer.membership.person_id in seen:
                raise SharedTwice(who=transfer.membership.person.name)
            seen.add(transfer.membership.person_id)


def _check_below(kind: str, parent: PartyOrg) -> None:
    if not may_stand_below(kind, parent.kind):
        raise WrongPlace(
            kind=PartyOrgKind(kind).label, parent_kind=parent.get_kind_display(), parent=parent.name
        )  # fmt: skip


def _check_found(act: BodyAct, plan: Plan) -> None:
    place = plan.founded[0][0]
    if place.kind == PartyOrgKind.FLOATING_BRANCH and not (
        (act.outflow_id or act.outflow_name) and (act.inflow_id or act.inflow_name)
    ):
        raise TwoPlacesWanted
    if act.planned_end_on is not None and act.planned_end_on <= act.effective_on:
        raise EndsTooSoon(until=act.planned_end_on, since=act.effective_on)
    if place.kind == PartyOrgKind.TEMPORARY_BRANCH and act.planned_end_on is None:
        raise Incomplete(missing=_("项目结束日期（PO-06）"))
    is_group = place.kind in SMALL_GROUPS and place.kind != PartyOrgKind.TEMPORARY_PARTY_GROUP
    within = act.parent if is_group and act.parent is not None else act.approver
    shares = ActShare.objects.filter(part__act=act, person__isnull=False).select_related("person").order_by("pk")
    inside = Membership.objects.filter(valid_until=None, kind=kind_in(place.kind))
    if is_group:
        inside = inside.filter(body=within)
    else:
        inside = inside.filter(body__in=PartyOrg.links().filter(valid_until=None, ancestor=within).values("descendant"))
    known = set(inside.values_list("person_id", flat=True)) if shares else set()
    for share in shares:
        if share.person is not None and share.person_id not in known:
            raise NotAmong(who=share.person.name, body=within.name)


def _check_split(act: BodyAct, plan: Plan) -> None:
    body = act.body
    if body is None:
        return
    own = {row.person_id for row in members_of(body)}
    groups = {child.pk for child in children_of(body)}
    for part in act.parts.filter(place=PartPlace.TARGET).order_by("number"):
        for share in part.shares.select_related("person", "group").order_by("pk"):
            if share.person is not None and share.person_id not in own:
                raise NotAmong(who=share.person.name, body=body.name)
            if share.group is not None and share.group_id not in groups:
                raise NotAmong(who=share.group.name, body=body.name)
    if any(place.kind != body.kind and not may_merge(body.kind, place.kind) for place, _parent in plan.founded):
        raise CannotMerge(other=body.name, body=plan.founded[0][0].name)


def _check_merge(act: BodyAct, plan: Plan) -> None:
    into = act.body
    if into is None:
        return
    for other in plan.closed:
        if not may_merge(into.kind, other.kind):
            raise CannotMerge(other=other.name, body=into.name)
        if other.kind in SMALL_GROUPS and other.parent_id != into.parent_id:
            raise CannotMerge(other=other.name, body=into.name)
        if PartyOrg.links().filter(valid_until=None, ancestor=other, descendant=into).exists():
            raise InsideItself(node=other.name, parent=into.name)
    if act.body_kind and act.body_kind not in {into.kind, *becomes(into.kind)}:
        raise CannotConvert(
            before=into.get_kind_display(), after=PartyOrgKind(act.body_kind).label
        )  # fmt: skip


def _check_move(act: BodyAct, _plan: Plan) -> None:
    body, parent = act.body, act.parent
    if body is None or parent is None:
        return
    if body.parent_id == parent.pk:
        raise SameAsBefore(body=body.name)
    if PartyOrg.links().filter(valid_until=None, ancestor=body, descendant=parent).exists():
        raise InsideItself(node=body.name, parent=parent.name)
    _check_below(body.kind, parent)
    later = PartyOrg.links().filter(
        Q(descendant=body) | Q(ancestor=body) | Q(descendant=parent), valid_from__gt=act.effective_on
    )
    day = later.aggregate(day=Max("valid_from"))["day"]
    if day is not None:
        raise ChangedLater(node=body.name, day=day)


def _check_rename(act: BodyAct, _plan: Plan) -> None:
    if act.body is not None and act.body.name == act.name:
        raise SameAsBefore(body=act.body.name)


def _check_convert(act: BodyAct, _plan: Plan) -> None:
    body, kind = act.body, act.body_kind
    if body is None:
        return
    if body.kind == kind:
        raise SameAsBefore(body=body.name)
    if kind not in becomes(body.kind):
        raise CannotConvert(before=body.get_kind_display(), after=PartyOrgKind(kind).label)
    if body.parent is not None:
        _check_below(kind, body.parent)
    below = children_of(body)
    if kind == GROWN.get(body.kind):
        loose = [row for row in members_of(body) if row.group_id is None and row.kind == kind_in(body.kind)]
        if loose:
            raise NotInGroups(body=body.name, count=len(loose))
        return
    turned = OF_THE_GROUPS.get(body.kind) if kind == OF_THE_GROUPS.get(body.kind) else None
    for child in below:
        if child.kind == turned:
            if children_of(child):
                raise StillBelow(body=child.name, below=listed(row.name for row in children_of(child)))
        elif tree_of(child.kind) == tree_of(body.kind) and not may_stand_below(child.kind, kind):
            raise StillBelow(body=body.name, below=child.name)


def _check_dissolve(act: BodyAct, plan: Plan) -> None:
    body = act.body
    if body is None:
        return
    receivers = [part.body for part in act.parts.filter(place=PartPlace.TARGET).select_related("body") if part.body]
    if receivers:
        receiver = receivers[0]
        _check_stands(receiver, act.effective_on)
        if PartyOrg.links().filter(valid_until=None, ancestor=body, descendant=receiver).exists():
            raise InsideItself(node=body.name, parent=receiver.name)
        apart = body.kind in SMALL_GROUPS and receiver.parent_id != body.parent_id
        if apart or receiver.pk == body.pk or not may_receive(receiver.kind, body.kind):
            raise CannotMerge(other=body.name, body=receiver.name)
        for child, _target in plan.moved:
            _check_below(child.kind, receiver)
        if body.kind in UPPER and members_of(body):
            raise LeftWithoutHome(body=body.name, count=len(members_of(body)))
    else:
        left = [child for child in children_of(body) if child not in plan.closed]
        if left:
            raise StillBelow(body=body.name, below=listed(child.name for child in left))
    homeless = plan.homeless
    if homeless:
        raise LeftWithoutHome(body=body.name, count=len(homeless))


def _check_identity(body: PartyOrg, day: date) -> None:
    last = FormerIdentity.objects.filter(body=body).aggregate(day=Max("valid_until"))["day"]
    if last is not None and last > day:
        raise CalledOtherwiseLater(body=body.name, day=last)


def _check_dates(day: date, plan: Plan) -> None:
    """Nobody concerned came, went or changed the group after the day: the past is not written twice."""
    moving = [transfer.membership for transfer in plan.transfers if transfer.kind is None]
    begun = [(row.valid_from, row.body) for row in (*moving, *plan.leaving)]
    begun += [(post.valid_from, post.body) for post in plan.posts if post.body is not None]
    for since, body in begun:
        if since > day:
            raise PeopleChangedLater(body=body.name, day=since)
    for body in plan.closed:
        rows = Membership.objects.filter(Q(body=body) | Q(group=body))
        came = rows.filter(valid_from__gt=day).aggregate(day=Max("valid_from"))["day"]
        went = rows.filter(valid_until__gt=day).aggregate(day=Max("valid_until"))["day"]
        if came or went:
            raise PeopleChangedLater(body=body.name, day=max(found for found in (came, went) if found))
