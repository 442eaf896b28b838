"""划分党小组: asked, searched, moved by hand, decided, carried out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.regrouping_ways import router as ways
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.selectors.people import bodies_seen_by, person_seen_by
from ronghe.domain.regrouping.calc.comparing import compare
from ronghe.domain.regrouping.calc.effects import effect_of_move
from ronghe.domain.regrouping.calc.model import Dimension, Need, NeedKind, Requirements, Weights
from ronghe.domain.regrouping.calc.reasons import say
from ronghe.domain.regrouping.documents import grouping_record
from ronghe.domain.regrouping.enums import ProposalSource, RegroupingState, SolvingState
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.selectors.proposals import (
    Arrangement,
    conflict_of,
    list_regroupings,
    names_in,
    open_proposal,
    regroupings_seen_by,
)
from ronghe.domain.regrouping.services.carrying_out import carry_out, undo_carrying_out
from ronghe.domain.regrouping.services.deciding import (
    approve_regrouping,
    drop_regrouping,
    return_regrouping,
    submit_regrouping,
)
from ronghe.domain.regrouping.services.drafting import (
    change_question,
    open_regrouping,
    pin_person,
    set_apart,
    unit_to_regroup,
)
from ronghe.domain.regrouping.services.moving import NoSuchPlace, move_person, put_back, swap_people
from ronghe.domain.regrouping.services.solving import ask_proposal, stop_search
from ronghe.domain.regrouping.tasks import search_proposal
from ronghe.kernel.printing import PaperForm

router = Router(tags=["regrouping"])


class RegroupingRow(Schema):
    id: int
    body: Named
    unit: Named | None = Field(description="全体职工一起划分的作业区；没有则只划分本支部党员")
    state: RegroupingState = Field(
        description="drafting 拟方案；submitted 报支委会研究；approved 已研究通过；carried_out 已执行；"
        "undone 已撤回执行；dropped 不再办理"
    )
    as_of: date = Field(description="数据日期")
    group_count: int
    effective_on: date | None


class ProposalRow(Schema):
    letter: str = Field(description="A、B……；0 是现状")
    source: ProposalSource
    solving: SolvingState = Field(
        description="waiting 排队；running 求解中；done 已拟好；impossible 无解；failed 求解中断"
    )
    version: int = Field(description="每次改进或移动加一")
    gap_e4: int | None = Field(description="与可证明的最好相差，万分之一")

    @staticmethod
    def resolve_gap_e4(row: GroupingProposal) -> Any:
        return row.outcome.get("gap_e4")


class RegroupingAnswer(RegroupingRow):
    settings_version: int
    hubs: list[int] = Field(description="固定的中心站")
    refused_because: str | None
    approved_on: date | None
    carried_out_at: datetime | None
    chosen: str | None = Field(description="报支委会的方案")
    proposals: list[ProposalRow]

    @staticmethod
    def resolve_chosen(row: Regrouping) -> str | None:
        return row.chosen.letter if row.chosen is not None else None

    @staticmethod
    def resolve_proposals(row: Regrouping) -> Any:
        return row.proposals.order_by("pk")


class NeedAnswer(Schema):
    kind: NeedKind
    name: str
    have: int
    minimum: int


class GroupAnswer(Schema):
    group: Named | None = Field(description="延续的党小组；没有则新设")
    hub: Named | None
    stations: list[Named]
    leader: Named | None
    members: list[Named]
    size: int
    party: int
    formal: int
    alone: bool = Field(description="能单独管一片")
    needs: list[NeedAnswer]


class ProposalAnswer(Schema):
    letter: str
    source: ProposalSource
    solving: SolvingState
    version: int
    groups: list[GroupAnswer]
    broken: list[str] = Field(description="不合的规定")
    objective: int
    terms: dict[str, int]
    minutes_e1: int = Field(description="人均单程路程，十分之一分钟")
    moves: int = Field(description="要换组的人数")
    gap_e4: int | None
    conflicts: list[list[str]] = Field(description="不能同时满足的最小几条，无解时才有")


class RegroupingRequest(Schema):
    body: int = Field(description="党支部编号")
    group_count: int = Field(ge=2, le=12)
    whole_area: bool = Field(False, description="作业区全体职工一起划分")
    as_of: date | None = Field(None, description="数据日期，不写是今天")


class NeedRequest(Schema):
    kind: NeedKind
    name: str = Field(min_length=1, max_length=80)
    minimum: int = Field(ge=0, le=99)
    hub: int | None = Field(None, description="只对这个中心站")
    staffing: str = Field("", max_length=12, description="只对这种值守方式的中心站：attended、sparse、unattended")


class QuestionRequest(Schema):
    settings_version: int = Field(description="看到的版本；别人改过则拒绝")
    group_count: int | None = Field(None, ge=2, le=12)
    hubs: list[int] | None = Field(None, description="固定的中心站")
    needs: list[NeedRequest] | None = None
    min_members: int = Field(3, ge=3, le=50, description="每组至少几名党员（PO-09）")
    min_formal: int = Field(1, ge=1, le=50, description="其中至少几名正式党员（PO-09）")
    leader: bool = True
    least: int = Field(0, ge=0, le=500)
    most: int | None = Field(None, ge=1, le=500)
    weights: dict[str, int] | None = Field(None, description="人数、工种、路程等各项的权重")
    bands: list[Dimension] | None = Field(None, description="放宽的先后")


class PinRequest(Schema):
    person: int
    hub: int | None = None
    group: int | None = Field(None, description="原党小组；两样都不写是取消钉住")


class ApartRequest(Schema):
    first: int
    second: int
    apart: bool = True


class MoveRequest(Schema):
    person: int
    group: int = Field(ge=0, le=11, description="第几组，从 0 数起")
    version: int | None = Field(None, description="看到的方案版本；别人动过则拒绝")


class SwapRequest(Schema):
    person: int
    other: int
    version: int | None = None


class EffectAnswer(Schema):
    breaks: bool = Field(description="有规定不合")
    minutes: int = Field(description="本人单程多走几分钟")
    consequences: list[str]
    swaps: list[Named] = Field(description="与谁互换不会破坏规定")
    cost: int


class ComparedAnswer(Schema):
    alone: list[int]
    broken: list[int]
    moves: list[int]
    minutes_e1: list[int]
    objective: list[int]
    differing: list[Named]


class RegroupingApproveRequest(Schema):
    decided_on: date = Field(description="支委会研究日期")
    effective_on: date = Field(description="自何时执行")


class RegroupingReasonRequest(Schema):
    reason: str = Field(max_length=400)


@router.get("", response=Page[RegroupingRow], summary="划分清单", operation_id="regroupings_list")
def regrouping_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_regroupings(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: RegroupingAnswer}, summary="着手划分一个党支部", operation_id="regroupings_open")
def regrouping_open(request: HttpRequest, wanted: RegroupingRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    made = open_regrouping(
        body=body, group_count=wanted.group_count, as_of=wanted.as_of or timezone.localdate(now), actor=actor, at=now,
        unit=unit_to_regroup(body) if wanted.whole_area else None,
    )  # fmt: skip
    return Status(201, made)


@router.get("/{regrouping_id}", response=RegroupingAnswer, summary="一次划分", operation_id="regroupings_detail")
def regrouping_detail(request: HttpRequest, regrouping_id: int) -> Any:
    return _seen(actor_of(request), regrouping_id)


@router.patch("/{regrouping_id}", response=RegroupingAnswer, summary="改要求和权重", operation_id="regroupings_change")
def regrouping_change(request: HttpRequest, regrouping_id: int, wanted: QuestionRequest) -> Any:
    actor = actor_of(request)
    regrouping = _seen(actor, regrouping_id)
    return change_question(
        regrouping=regrouping, seen=wanted.settings_version, actor=actor, at=timezone.now(),
        group_count=wanted.group_count, hubs=None if wanted.hubs is None else _stations(wanted.hubs),
        requirements=_requirements(wanted), weights=_weights(regrouping, wanted.weights), bands=wanted.bands,
    )  # fmt: skip


@router.post("/{regrouping_id}/pin", response=RegroupingAnswer, summary="钉住一个人", operation_id="regroupings_pin")
def regrouping_pin(request: HttpRequest, regrouping_id: int, wanted: PinRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return pin_person(
        regrouping=_seen(actor, regrouping_id), person=_person(actor, wanted.person, now), actor=actor, at=now,
        hub=get_object_or_404(AdminUnit, pk=wanted.hub) if wanted.hub is not None else None,
        group=get_object_or_404(PartyOrg, pk=wanted.group) if wanted.group is not None else None,
    )  # fmt: skip


@router.post(
    "/{regrouping_id}/apart", response=RegroupingAnswer, summary="两个人不能同组", operation_id="regroupings_apart"
)
def regrouping_apart(request: HttpRequest, regrouping_id: int, wanted: ApartRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return set_apart(
        regrouping=_seen(actor, regrouping_id), first=_person(actor, wanted.first, now),
        second=_person(actor, wanted.second, now), apart=wanted.apart, actor=actor, at=now,
    )  # fmt: skip


@router.post(
    "/{regrouping_id}/proposals",
    response={202: ProposalRow},
    summary="求解一个新方案",
    operation_id="regroupings_solve",
)
def regrouping_solve(request: HttpRequest, regrouping_id: int) -> Any:
    actor = actor_of(request)
    with transaction.atomic():
        proposal = ask_proposal(regrouping=_seen(actor, regrouping_id), actor=actor, at=timezone.now())
        search_proposal.enqueue(proposal_id=proposal.pk)
    return Status(202, proposal)


@router.get(
    "/{regrouping_id}/proposals/{letter}", response=ProposalAnswer, summary="一个方案", operation_id="proposals_detail"
)
def proposal_detail(request: HttpRequest, regrouping_id: int, letter: str) -> Any:
    return _proposal(_lettered(actor_of(request), regrouping_id, letter))


@router.post(
    "/{regrouping_id}/proposals/{letter}/stop", response=ProposalRow, summary="停下求解", operation_id="proposals_stop"
)
def proposal_stop(request: HttpRequest, regrouping_id: int, letter: str) -> Any:
    actor = actor_of(request)
    return stop_search(proposal=_lettered(actor, regrouping_id, letter), actor=actor, at=timezone.now())


@router.get(
    "/{regrouping_id}/proposals/{letter}/effect", response=EffectAnswer, summary="移动一个人的后果",
    operation_id="proposals_effect",
)  # fmt: skip
def proposal_effect(
    request: HttpRequest, regrouping_id: int, letter: str, person: int = Query(...), group: int = Query(..., ge=0)
) -> Any:
    opened = _opened(_lettered(actor_of(request), regrouping_id, letter))
    try:
        effect = effect_of_move(opened.problem, opened.assignment, person, group)
    except KeyError as error:
        raise NoSuchPlace from error
    return {
        "breaks": effect.breaks, "minutes": effect.minutes, "cost": effect.cost,
        "consequences": [opened.say(one.reason) for one in effect.consequences],
        "swaps": [named(opened.people[one.other]) for one in effect.swaps],
    }  # fmt: skip


@router.post(
    "/{regrouping_id}/proposals/{letter}/move",
    response=ProposalAnswer,
    summary="移动一个人",
    operation_id="proposals_move",
)
def proposal_move(request: HttpRequest, regrouping_id: int, letter: str, wanted: MoveRequest) -> Any:
    actor = actor_of(request)
    return _proposal(move_person(
        proposal=_lettered(actor, regrouping_id, letter), member=wanted.person, to=wanted.group, seen=wanted.version,
        actor=actor, at=timezone.now(),
    ))  # fmt: skip


@router.post(
    "/{regrouping_id}/proposals/{letter}/swap",
    response=ProposalAnswer,
    summary="两个人互换",
    operation_id="proposals_swap",
)
def proposal_swap(request: HttpRequest, regrouping_id: int, letter: str, wanted: SwapRequest) -> Any:
    actor = actor_of(request)
    return _proposal(swap_people(
        proposal=_lettered(actor, regrouping_id, letter), member=wanted.person, other=wanted.other,
        seen=wanted.version, actor=actor, at=timezone.now(),
    ))  # fmt: skip


@router.post(
    "/{regrouping_id}/proposals/{letter}/back", response=ProposalAnswer, summary="放回上一次移动的人",
    operation_id="proposals_back",
)  # fmt: skip
def proposal_back(request: HttpRequest, regrouping_id: int, letter: str) -> Any:
    actor = actor_of(request)
    return _proposal(put_back(proposal=_lettered(actor, regrouping_id, letter), actor=actor, at=timezone.now()))


@router.post(
    "/{regrouping_id}/proposals/{letter}/submit", response=RegroupingAnswer, summary="报支委会研究",
    operation_id="proposals_submit",
)  # fmt: skip
def proposal_submit(request: HttpRequest, regrouping_id: int, letter: str) -> Any:
    actor = actor_of(request)
    return submit_regrouping(proposal=_lettered(actor, regrouping_id, letter), actor=actor, at=timezone.now())


@router.get(
    "/{regrouping_id}/compare", response=ComparedAnswer, summary="并排比较两个方案", operation_id="regroupings_compare"
)
def regrouping_compare(request: HttpRequest, regrouping_id: int, a: str = "0", b: str = "A") -> Any:
    actor = actor_of(request)
    first, second = (_opened(_lettered(actor, regrouping_id, letter)) for letter in (a, b))
    found = compare(second.problem, first.assignment, second.assignment)
    sides = (found.first, found.second)
    return {
        **{
            name: [getattr(side, name) for side in sides]
            for name in ("alone", "broken", "moves", "minutes_e1", "objective")
        },
        "differing": [named(second.people[one.member]) for one in found.differing],
    }


@router.post(
    "/{regrouping_id}/approve", response=RegroupingAnswer, summary="记下研究通过", operation_id="regroupings_approve"
)
def regrouping_approve(request: HttpRequest, regrouping_id: int, wanted: RegroupingApproveRequest) -> Any:
    actor = actor_of(request)
    return approve_regrouping(
        regrouping=_seen(actor, regrouping_id), decided_on=wanted.decided_on, effective_on=wanted.effective_on,
        actor=actor, at=timezone.now(),
    )  # fmt: skip


@router.post(
    "/{regrouping_id}/return", response=RegroupingAnswer, summary="退回修改", operation_id="regroupings_return"
)
def regrouping_return(request: HttpRequest, regrouping_id: int, wanted: RegroupingReasonRequest) -> Any:
    actor = actor_of(request)
    return return_regrouping(
        regrouping=_seen(actor, regrouping_id), reason=wanted.reason, actor=actor, at=timezone.now()
    )


@router.post("/{regrouping_id}/drop", response=RegroupingAnswer, summary="不再办理", operation_id="regroupings_drop")
def regrouping_drop(request: HttpRequest, regrouping_id: int, wanted: RegroupingReasonRequest) -> Any:
    actor = actor_of(request)
    return drop_regrouping(regrouping=_seen(actor, regrouping_id), reason=wanted.reason, actor=actor, at=timezone.now())


@router.post(
    "/{regrouping_id}/carry-out", response=RegroupingAnswer, summary="执行", operation_id="regroupings_carry_out"
)
def regrouping_carry_out(request: HttpRequest, regrouping_id: int) -> Any:
    actor = actor_of(request)
    return carry_out(regrouping=_seen(actor, regrouping_id), actor=actor, at=timezone.now())


@router.post(
    "/{regrouping_id}/undo", response=RegroupingAnswer, summary="撤回当天的执行", operation_id="regroupings_undo"
)
def regrouping_undo(request: HttpRequest, regrouping_id: int) -> Any:
    actor = actor_of(request)
    return undo_carrying_out(regrouping=_seen(actor, regrouping_id), actor=actor, at=timezone.now())


@router.get("/{regrouping_id}/record", summary="支委会研究划分党小组的记录", operation_id="regroupings_record")
def regrouping_record(request: HttpRequest, regrouping_id: int, form: PaperForm = PaperForm.PDF) -> HttpResponse:
    regrouping = _seen(actor_of(request), regrouping_id)
    return paper_answer(request, grouping_record(regrouping), form, source=regrouping)


def _seen(actor: Person, regrouping_id: int) -> Regrouping:
    return get_object_or_404(regroupings_seen_by(actor, timezone.now()), pk=regrouping_id)


def _lettered(actor: Person, regrouping_id: int, letter: str) -> GroupingProposal:
    regrouping = _seen(actor, regrouping_id)
    proposal: GroupingProposal = get_object_or_404(regrouping.proposals.select_related("parent"), letter=letter)
    proposal.regrouping = regrouping
    return proposal


def _person(actor: Person, key: int, now: datetime) -> Person:
    return get_object_or_404(person_seen_by(actor, now), pk=key)


def _stations(keys: list[int]) -> list[AdminUnit]:
    return [get_object_or_404(AdminUnit, pk=key) for key in dict.fromkeys(keys)]


def _requirements(wanted: QuestionRequest) -> Requirements | None:
    if wanted.needs is None:
        return None
    return Requirements(
        needs=tuple(Need(one.kind, one.name, one.minimum, one.hub, one.staffing) for one in wanted.needs),
        min_members=wanted.min_members, min_formal=wanted.min_formal, leader=wanted.leader, least=wanted.least,
        most=wanted.most,
    )  # fmt: skip


def _weights(regrouping: Regrouping, wanted: dict[str, int] | None) -> Weights | None:
    if wanted is None:
        return None
    known = {name: max(0, min(value, 200)) for name, value in wanted.items() if name in regrouping.weights}
    return Weights(**{**regrouping.weights, **known})


def _opened(proposal: GroupingProposal) -> Arrangement:
    """:raises NoSuchPlace: nothing is found yet."""
    opened = open_proposal(proposal)
    if opened is None:
        raise NoSuchPlace
    return opened


def _proposal(proposal: GroupingProposal) -> dict[str, Any]:
    opened = open_proposal(proposal)
    judged = opened.judgement if opened is not None else None
    names = names_in(proposal) if proposal.conflict else None
    conflicts = [[say(rule, names) for rule in one.rules] for one in conflict_of(proposal)] if names else []
    return {
        "letter": proposal.letter, "source": proposal.source, "solving": proposal.solving, "version": proposal.version,
        "groups": _groups(opened) if opened is not None else [],
        "broken": [opened.say(one) for one in judged.broken] if opened is not None and judged is not None else [],
        "objective": judged.objective if judged else 0, "terms": dict(judged.terms) if judged else {},
        "minutes_e1": judged.minutes_e1 if judged else 0, "moves": len(judged.moves) if judged else 0,
        "gap_e4": proposal.outcome.get("gap_e4"), "conflicts": conflicts,
    }  # fmt: skip


def _groups(opened: Arrangement) -> list[dict[str, Any]]:
    return [
        {
            "group": named(opened.group_today(area.continues)),
            "hub": named(opened.units.get(area.hub)) if area.hub is not None else None,
            "stations": [named(opened.units[station]) for station in area.stations],
            "leader": named(opened.people[figures.leader]) if figures.leader is not None else None,
            "members": [named(opened.people[member]) for member in opened.assignment.members_of(at)],
            "size": figures.size, "party": figures.party, "formal": figures.formal, "alone": figures.alone,
            "needs": [{"kind": one.kind, "name": one.name, "have": one.have, "minimum": one.minimum} for one in figures.needs],
        }
        for at, (area, figures) in enumerate(zip(opened.assignment.areas, opened.judgement.groups, strict=True))
    ]  # fmt: skip


def _row(row: Regrouping) -> dict[str, Any]:
    return {
        "id": row.pk, "body": named(row.body), "unit": named(row.unit), "state": row.state, "as_of": row.as_of,
        "group_count": row.group_count, "effective_on": row.effective_on,
    }  # fmt: skip


router.add_router("", ways)
