"""两组共建."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.pairing.enums import PowerWay, UseState
from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower, PowerUse
from ronghe.domain.pairing.rules import SEE_PAIR, SEE_USE
from ronghe.domain.pairing.selectors import (
    PairState,
    open_proposals,
    pair_states,
    pairs_seen_by,
    people_of_pair,
    power_list,
    powers_held,
    powers_of_pair,
    uses_seen_by,
)
from ronghe.domain.pairing.services.pairs import appoint_leader, decline_leader, end_pair, link_pair, propose_leader
from ronghe.domain.pairing.services.powers import (
    adopt_use,
    grant_power,
    list_power,
    return_use,
    use_power,
    withdraw_power,
)
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.db.tree import on_day

router = Router(tags=["pairing"])


class PairRow(Schema):
    id: int
    group: Named
    team: Named
    valid_from: date
    valid_until: date | None
    leader: Named | None = Field(description="同一人任组长和班长时才有")
    group_leaders: list[Named]
    team_leaders: list[Named]
    members: int = Field(description="小组里的党员人数")
    people: int = Field(description="班组人数")
    powers: int = Field(description="现在有效的职权数")


class PowerRow(Schema):
    id: int
    power: str = Field(description="职权代码")
    leader: Named
    document: str
    valid_from: date
    valid_until: date | None


class PairProposalRow(Schema):
    id: int
    person: Named
    proposed_by: Named


class PairingAnswer(PairRow):
    granted: list[PowerRow]
    proposals: list[PairProposalRow] = Field(description="提出的人选，等党群部门定")


class ListedPower(Schema):
    code: str
    name: str
    way: PowerWay = Field(description="daily 按天登记；order 随时安排；proposal 提出建议")


class UseRow(Schema):
    id: int
    power: str
    leader: Named
    team: Named
    day: date
    text: str
    state: UseState = Field(description="recorded 已登记；proposed 待支部研究；adopted 已采纳；returned 已退回")
    used_at: datetime


class PairRequest(Schema):
    group: int
    team: int
    since: date


class UntilRequest(Schema):
    until: date


class LeaderRequest(Schema):
    person: int
    since: date | None = Field(None, description="任命从哪一天起；提人选时不用")


class OwnPowerRequest(Schema):
    name: str = Field(min_length=1, max_length=24)
    way: PowerWay


class GrantRequest(Schema):
    power: str = Field(description="职权代码")
    since: date
    until: date | None = None
    document: str = Field(max_length=120, description="依据的文件或会议决定")


class UseRequest(Schema):
    day: date
    text: str = Field("", max_length=400)
    people: list[int] = Field(default_factory=list, description="涉及的人；考勤为没有到的人")


class UseReasonRequest(Schema):
    reason: str = Field(max_length=400)


@router.get("", response=Page[PairRow], summary="两组共建清单", operation_id="pairs_list")
def pair_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = GroupTeamLink.objects.filter(on_day(local_day(now))).select_related("group", "team")
    listed = list_seen(SEE_PAIR, actor, rows, order_by=["group__name"], at=now, page=page, size=PAGE_SIZE)
    states = {state.link.pk: state for state in pair_states(list(listed.rows), local_day(now))}
    return listed_answer(listed, lambda link: _row(states[link.pk]))


@router.post("", response={201: PairRow}, summary="结成一对", operation_id="pairs_link")
def pair_link(request: HttpRequest, wanted: PairRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    group = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.group)
    team = get_object_or_404(units_seen_by(actor, now), pk=wanted.team)
    link = link_pair(group=group, team=team, since=wanted.since, actor=actor, at=now)
    return Status(201, _row(pair_states([link], local_day(now))[0]))


@router.get("/powers", response=list[ListedPower], summary="职权清单", operation_id="pairs_powers")
def listed_powers(request: HttpRequest) -> Any:
    actor_of(request)
    return [{"code": power.code, "name": power.name, "way": power.way} for power in power_list()]


@router.get("/powers/mine", response=list[PowerRow], summary="我的职权", operation_id="pairs_my_powers")
def my_powers(request: HttpRequest) -> Any:
    return [_power(power) for power in powers_held(actor_of(request), local_day(timezone.now()))]


@router.post("/powers/{power_id}/use", response={201: UseRow}, summary="行使职权", operation_id="pairs_use")
def power_use(request: HttpRequest, power_id: int, wanted: UseRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    rows = LeaderPower.objects.filter(leader=actor).select_related("link__group", "link__team", "leader")
    power = get_object_or_404(rows, pk=power_id)
    people = [get_object_or_404(people_of_pair(power.link, local_day(now)), pk=key) for key in wanted.people]
    use = use_power(power=power, day=wanted.day, text=wanted.text, people=people, actor=actor, at=now)
    return Status(201, _use(use))


@router.post("/powers/{power_id}/withdraw", response=PowerRow, summary="收回职权", operation_id="pairs_withdraw")
def power_withdraw(request: HttpRequest, power_id: int, wanted: UntilRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = LeaderPower.objects.filter(link__in=pairs_seen_by(actor, now).order_by().values("pk"))
    power = get_object_or_404(rows.select_related("link__group", "leader"), pk=power_id)
    return _power(withdraw_power(power=power, until=wanted.until, actor=actor, at=now))


@router.get("/uses", response=Page[UseRow], summary="职权行使记录", operation_id="pairs_uses")
def use_list(request: HttpRequest, state: UseState | None = None, page: int = Query(1, ge=1)) -> Any:
    rows: Any = PowerUse.objects.select_related("power__leader", "power__link__team")
    if state is not None:
        rows = rows.filter(state=state)
    actor, now = actor_of(request), timezone.now()
    return listed_answer(
        list_seen(SEE_USE, actor, rows, order_by=["-used_at"], at=now, page=page, size=PAGE_SIZE), _use
    )


@router.post("/uses/{use_id}/adopt", response=UseRow, summary="采纳组长的建议", operation_id="pairs_adopt")
def use_adopt(request: HttpRequest, use_id: int) -> Any:
    actor = actor_of(request)
    return _use(adopt_use(use=_seen_use(actor, use_id), actor=actor, at=timezone.now()))


@router.post("/uses/{use_id}/return", response=UseRow, summary="退回组长的建议", operation_id="pairs_return")
def use_return(request: HttpRequest, use_id: int, wanted: UseReasonRequest) -> Any:
    actor = actor_of(request)
    return _use(return_use(use=_seen_use(actor, use_id), reason=wanted.reason, actor=actor, at=timezone.now()))


@router.get("/{pair_id}", response=PairingAnswer, summary="一对党小组与班组", operation_id="pairs_detail")
def pair_detail(request: HttpRequest, pair_id: int) -> Any:
    return _whole(_seen(actor_of(request), pair_id))


@router.post("/{pair_id}/appoint", response=PairingAnswer, summary="任命组长兼班长", operation_id="pairs_appoint")
def pair_appoint(request: HttpRequest, pair_id: int, wanted: LeaderRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    link = _seen(actor, pair_id)
    person = get_object_or_404(people_of_pair(link, local_day(now)), pk=wanted.person)
    appoint_leader(link=link, person=person, since=wanted.since or local_day(now), actor=actor, at=now)
    return _whole(link)


@router.post("/{pair_id}/propose", response=PairingAnswer, summary="向党群部门提出人选", operation_id="pairs_propose")
def pair_propose(request: HttpRequest, pair_id: int, wanted: LeaderRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    link = _seen(actor, pair_id)
    person = get_object_or_404(people_of_pair(link, local_day(now)), pk=wanted.person)
    propose_leader(link=link, person=person, actor=actor, at=now)
    return _whole(link)


@router.post(
    "/{pair_id}/proposals/{proposal_id}/decline", response=PairingAnswer, summary="退回提出的人选",
    operation_id="pairs_decline",
)  # fmt: skip
def pair_decline(request: HttpRequest, pair_id: int, proposal_id: int) -> Any:
    actor = actor_of(request)
    link = _seen(actor, pair_id)
    found = get_object_or_404(open_proposals([link]), pk=proposal_id)
    decline_leader(proposal=found, actor=actor, at=timezone.now())
    return _whole(link)


@router.post(
    "/{pair_id}/list-power", response={201: ListedPower}, summary="加一项职权到清单", operation_id="pairs_list_power"
)
def pair_list_power(request: HttpRequest, pair_id: int, wanted: OwnPowerRequest) -> Status[Any]:
    actor = actor_of(request)
    body = _seen(actor, pair_id).group
    made = list_power(name=wanted.name, way=wanted.way, body=body, actor=actor, at=timezone.now())
    return Status(201, made)


@router.post("/{pair_id}/grant", response={201: PowerRow}, summary="授予职权", operation_id="pairs_grant")
def pair_grant(request: HttpRequest, pair_id: int, wanted: GrantRequest) -> Status[Any]:
    actor = actor_of(request)
    granted = grant_power(link=_seen(actor, pair_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _power(granted))


@router.post("/{pair_id}/end", response=PairingAnswer, summary="结束共建", operation_id="pairs_end")
def pair_end(request: HttpRequest, pair_id: int, wanted: UntilRequest) -> Any:
    actor = actor_of(request)
    return _whole(end_pair(link=_seen(actor, pair_id), until=wanted.until, actor=actor, at=timezone.now()))


def _seen(actor: Person, pair_id: int) -> GroupTeamLink:
    return get_object_or_404(pairs_seen_by(actor, timezone.now()), pk=pair_id)


def _seen_use(actor: Person, use_id: int) -> PowerUse:
    return get_object_or_404(uses_seen_by(actor, timezone.now()), pk=use_id)


def _row(state: PairState) -> dict[str, Any]:
    link = state.link
    return {
        "id": link.pk, "group": named(link.group), "team": named(link.team), "valid_from": link.valid_from,
        "valid_until": link.valid_until, "leader": named(state.leader),
        "group_leaders": [named(person) for person in state.group_leaders],
        "team_leaders": [named(person) for person in state.team_leaders],
        "members": state.members, "people": state.people, "powers": state.powers,
    }  # fmt: skip


def _whole(link: GroupTeamLink) -> dict[str, Any]:
    state = pair_states([link], local_day(timezone.now()))[0]
    proposals = [
        {"id": row.pk, "person": named(row.person), "proposed_by": named(row.proposed_by)}
        for row in open_proposals([link])
    ]
    return {**_row(state), "granted": [_power(power) for power in powers_of_pair(link)], "proposals": proposals}


def _power(power: LeaderPower) -> dict[str, Any]:
    return {
        "id": power.pk, "power": power.power, "leader": named(power.leader), "document": power.document,
        "valid_from": power.valid_from, "valid_until": power.valid_until,
    }  # fmt: skip


def _use(use: PowerUse) -> dict[str, Any]:
    return {
        "id": use.pk, "power": use.power.power, "leader": named(use.power.leader), "team": named(use.power.link.team),
        "day": use.day, "text": use.text, "state": use.state, "used_at": use.used_at,
    }  # fmt: skip
