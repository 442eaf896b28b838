"""Proposing an act: who is to decide it is worked out, what is in its way is said at once, its bodies are spoken for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import tree_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.trees import NameTaken
from ronghe.domain.structure.calc.placing import COMMITTEES
from ronghe.domain.structure.enums import SMALL_GROUPS, ActKind, PartPlace
from ronghe.domain.structure.facts import ACT_PROPOSED
from ronghe.domain.structure.models import ActPart, ActShare, ActUnit, BodyAct
from ronghe.domain.structure.rules import DECIDE_ACT, PROPOSE_ACT
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.plans import plan_of
from ronghe.domain.structure.services.checking import BodyEnded, Incomplete, check_act
from ronghe.domain.structure.services.deciding import approve_act
from ronghe.domain.structure.services.wanted import Wanted
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _, listed


class ActUnderWay(DomainError):
    code = "act_under_way"
    sentence = N_("%(bodies)s 已有一项调整在办，一次只能办一项。请等它办结，或先撤回。")


class NobodyDecides(DomainError):
    code = "nobody_decides"
    sentence = N_("“%(body)s”上面没有可以批准的党委（PO-11）。请由上级党委提出。")


class OtherTree(DomainError):
    code = "other_tree"
    sentence = N_("“%(one)s”和“%(other)s”不是同一类组织，不能一起调整。")


_FIELDS = {
    ActKind.FOUND: ("parent", "into"),
    ActKind.SPLIT: ("body", "into"),
    ActKind.MERGE: ("body", "others"),
    ActKind.MOVE: ("body", "parent"),
    ActKind.RENAME: ("body", "name"),
    ActKind.CONVERT: ("body", "body_kind"),
    ActKind.DISSOLVE: ("body",),
}
_WORDS = {
    "parent": N_("上级组织"),
    "into": N_("新组织"),
    "body": N_("要调整的组织"),
    "others": N_("并入的组织"),
    "name": N_("新名称"),
    "body_kind": N_("新类型"),
    "grounds": N_("事由"),
}


@transaction.atomic
def propose_act(*, wanted: Wanted, actor: Person, at: datetime) -> BodyAct:
    """Propose an act. What a branch decides about its own groups is decided with it, if the actor may (PO-08).

    :raises NotAllowed: the actor's post does not reach the body, or the one above a founding
    :raises Incomplete: a field is missing
    :raises ActUnderWay: one of the bodies is part of an act that is not settled
    :raises NobodyDecides: no committee stands above all of the bodies (PO-11)
    :raises DomainError: whatever else is in its way, see `check_act`
    """
    _refuse_incomplete(wanted)
    wanted = _as_it_stands(wanted)
    for body in _asked_of(wanted):
        PROPOSE_ACT.require(actor, body, at=at)
    act = _written(wanted, actor, at)
    check_act(act, plan_of(act))
    _refuse_taken_names(act)
    record(
        Draft(ACT_PROPOSED, at, actor, body=act.body_id or act.parent_id,
              attributes={"act": act.kind, "effective_on": act.effective_on}, source=act)
    )  # fmt: skip
    if not act.needs_approval and DECIDE_ACT.allows(actor, act, at=at):
        return approve_act(act=act, actor=actor, at=at)
    return act


def _as_it_stands(wanted: Wanted) -> Wanted:
    """Read the bodies again: whoever asks may have seen them before somebody else moved them."""
    named = [wanted.body, wanted.parent, wanted.receiver, *wanted.others]
    rows = PartyOrg.objects.select_related("parent").in_bulk({body.pk for body in named if body is not None})

    def again(body: PartyOrg | None) -> PartyOrg | None:
        return rows[body.pk] if body is not None else None

    return replace(
        wanted, body=again(wanted.body), parent=again(wanted.parent), receiver=again(wanted.receiver),
        others=[rows[body.pk] for body in wanted.others],
    )  # fmt: skip


def _refuse_incomplete(wanted: Wanted) -> None:
    missing = [name for name in (*_FIELDS[wanted.kind], "grounds") if not getattr(wanted, name)]
    if missing:
        raise Incomplete(missing=listed(_(_WORDS[name]) for name in missing))
    if wanted.kind == ActKind.FOUND and len(wanted.into) != 1:
        raise Incomplete(missing=_("新组织"))
    if any(not new.name.strip() for new in wanted.into):
        raise Incomplete(missing=_("新名称"))


def _asked_of(wanted: Wanted) -> list[PartyOrg]:
    asked = [wanted.parent] if wanted.kind == ActKind.FOUND else [wanted.body, *wanted.others]
    return [body for body in asked if body is not None]


def _written(wanted: Wanted, actor: Person, at: datetime) -> BodyAct:
    sources = [] if wanted.kind == ActKind.FOUND else [body for body in (wanted.body, *wanted.others) if body]
    _refuse_other_trees(wanted, sources)
    approver, reports_to, is_own = _decided_by(wanted, sources)
    days = figures_in_force()["branch_approval_days"]
    new = wanted.into[0] if wanted.into else None
    act = BodyAct.objects.create(
        kind=wanted.kind, body=wanted.body, parent=wanted.parent, approver=approver, reports_to=reports_to,
        name=wanted.name.strip() or (new.name.strip() if new and wanted.kind == ActKind.FOUND else ""),
        body_kind=wanted.body_kind or (new.kind if new and wanted.kind == ActKind.FOUND else ""), unit=wanted.unit,
        effective_on=wanted.effective_on, grounds=wanted.grounds.strip(),
        approval_ref=wanted.approval_ref.strip() or None, planned_end_on=wanted.planned_end_on,
        due_on=None if is_own else local_day(at) + timedelta(days=days),
        outflow=wanted.outflow, outflow_name=wanted.outflow_name.strip(), inflow=wanted.inflow,
        inflow_name=wanted.inflow_name.strip(), proposed_by=actor, proposed_at=at,
    )  # fmt: skip
    _write_parts(act, wanted, sources)
    return act


def _write_parts(act: BodyAct, wanted: Wanted, sources: list[PartyOrg]) -> None:
    try:
        with transaction.atomic():
            ActPart.objects.bulk_create(
                ActPart(act=act, place=PartPlace.SOURCE, number=number, body=body)
                for number, body in enumerate(sources, start=1)
            )
    except IntegrityError as error:
        raise ActUnderWay(bodies=listed(f"“{body.name}”" for body in sources)) from error
    targets = [
        ActPart(act=act, place=PartPlace.TARGET, number=number, name=new.name.strip(), body_kind=new.kind)
        for number, new in enumerate(wanted.into, start=1)
    ]
    if wanted.receiver is not None:
        targets.append(ActPart(act=act, place=PartPlace.TARGET, number=len(targets) + 1, body=wanted.receiver))
    made = ActPart.objects.bulk_create(targets)
    ActShare.objects.bulk_create(
        share
        for part, new in zip(made, wanted.into, strict=False)
        for share in (
            *(ActShare(part=part, group=group) for group in dict.fromkeys(new.groups)),
            *(ActShare(part=part, person=person) for person in dict.fromkeys(new.people)),
        )
    )
    ActUnit.objects.bulk_create(ActUnit(act=act, unit=unit) for unit in dict.fromkeys(wanted.units))


def _kinds(wanted: Wanted, sources: list[PartyOrg]) -> list[str]:
    return [new.kind for new in wanted.into] if wanted.kind == ActKind.FOUND else [body.kind for body in sources]


def _is_own_affair(wanted: Wanted, sources: list[PartyOrg]) -> bool:
    """Groups are divided by the branch itself (PO-08)."""
    return all(kind in SMALL_GROUPS for kind in _kinds(wanted, sources))


def _refuse_other_trees(wanted: Wanted, sources: list[PartyOrg]) -> None:
    """A founding in union or league may hang below a Party body; nothing else crosses the trees."""
    involved = [*sources, *([wanted.receiver] if wanted.receiver is not None else [])]
    for body in involved[1:]:
        if tree_of(body.kind) != tree_of(involved[0].kind):
            raise OtherTree(one=involved[0].name, other=body.name)


def _decided_by(wanted: Wanted, sources: list[PartyOrg]) -> tuple[PartyOrg, PartyOrg | None, bool]:
    """Return the body whose office decides, the one that is to know of it afterwards, and whether it is an own affair.

    A branch decides about its groups and makes it known upward (PO-08). Everything else is decided by the nearest
    committee above all bodies concerned (PO-05, PO-11); a committee with nothing above it decides about its own name.
    """
    above = [body.parent for body in sources if body.parent is not None]
    concerned = [*above, *([wanted.parent] if wanted.parent is not None else [])]
    receiver = wanted.receiver
    if receiver is not None:  # else people could be sent where whoever approves has nothing to say
        concerned.append(receiver.parent if receiver.kind in SMALL_GROUPS and receiver.parent else receiver)
    if _is_own_affair(wanted, sources):
        branch = concerned[0] if concerned else None
        same = branch is not None and all(body.pk == branch.pk for body in concerned)
        if branch is not None and same:
            return branch, branch.parent, True
    if not concerned and sources and wanted.kind == ActKind.RENAME:
        return sources[0], None, True
    if not concerned:
        raise NobodyDecides(body=sources[0].name if sources else wanted.name)
    return _committee_above(concerned), None, False


def _committee_above(concerned: list[PartyOrg]) -> PartyOrg:
    tree = tree_of(concerned[0].kind)
    kinds = {kind for kind in COMMITTEES if kind == "committee" or kind.startswith(f"{tree}_")}
    links = PartyOrg.links().filter(valid_until=None)
    ways = [dict(links.filter(descendant=body).values_list("ancestor_id", "depth")) for body in concerned]
    common = set(ways[0]).intersection(*ways[1:])
    found = PartyOrg.objects.filter(pk__in=common, kind__in=kinds)
    for body in concerned:
        if body.valid_until is not None:
            raise BodyEnded(body=body.name, day=body.valid_until)
    nearest = min(found, key=lambda body: (ways[0][body.pk], body.pk), default=None)
    if nearest is None:
        raise NobodyDecides(body=concerned[0].name)
    return nearest


def _refuse_taken_names(act: BodyAct) -> None:
    """Say it before it is decided; the constraint says it again on the day."""
    plan = plan_of(act)
    wanted: list[tuple[PartyOrg | None, str, int]] = [(parent, place.name, 0) for place, parent in plan.founded]
    wanted += [(body.parent, name, body.pk) for body, name, _kind in plan.renamed]
    called = {body.pk: name for body, name, _kind in plan.renamed}
    places = [(target.body, body) for body, target in plan.moved if target.body is not None]
    wanted += [(above, called.get(body.pk, body.name), body.pk) for above, body in places]
    for parent, name, own in wanted:
        closing = [body.pk for body in plan.closed]
        taken = PartyOrg.objects.filter(parent=parent, name=name, valid_until=None).exclude(pk__in=[own, *closing])
        if taken.exists():
            raise NameTaken(parent=parent.name if parent else "—", name=name)
