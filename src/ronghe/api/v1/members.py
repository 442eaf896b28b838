"""党员: statuses, headcounts and votes, homes and groups, trades, mentors, corrections, the member card."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.members_keeping import router as keeping
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.members.enums import BroadKind, CorrectionField, CorrectionState, MentorKind, SkillState
from ronghe.domain.members.models import MentorPair, PersonSkill, Placement, RecordCorrection
from ronghe.domain.members.rules import CLAIM_SKILL, KEEP_BROAD_NAMES
from ronghe.domain.members.selectors.broad import broad_of
from ronghe.domain.members.selectors.cards import face_of
from ronghe.domain.members.selectors.corrections import corrections_seen_by, corrections_waiting, shown
from ronghe.domain.members.selectors.matrix import mentor_pairs_of, skill_matrix, skills_on_file
from ronghe.domain.members.services.broad_names import keep_broad_name
from ronghe.domain.members.services.cards import hide_card, show_card
from ronghe.domain.members.services.corrections import (
    accept_correction,
    ask_correction,
    refuse_correction,
    withdraw_correction,
)
from ronghe.domain.members.services.mentors import pair_mentor, part_mentor
from ronghe.domain.members.services.placing import PlacingWay, place_together, preview_placing, undo_placing
from ronghe.domain.members.services.skills import claim_skill, confirm_skill, end_skill, enter_skill, refuse_skill
from ronghe.domain.org.enums import MembershipKind, PoliticalStatus, VotingBarReason
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, VotingBar
from ronghe.domain.org.rules import ENROL, SEE_PERSON, SEE_VOTING_BARS
from ronghe.domain.org.selectors.headcounts import headcounts, headcounts_below
from ronghe.domain.org.selectors.people import (
    bodies_seen_by,
    members_without_group,
    members_without_home,
    person_seen_by,
    units_seen_by,
)
from ronghe.domain.org.selectors.records import memberships_of, voting_bars_of
from ronghe.domain.org.selectors.voting import may_vote, status_on
from ronghe.domain.org.services.people import join_body, leave_body, move_in_group
from ronghe.domain.org.services.statuses import bar_vote, restore_vote, set_status
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.calendar.moments import day_of

router = Router(tags=["members"])

DAY = Query(None, description="哪一天；不写就是今天")


class HeadcountAnswer(Schema):
    day: date
    formal: int = Field(description="正式党员")
    all: int = Field(description="党员，含预备党员")
    formal_below: int
    all_below: int


class StatusAnswer(Schema):
    day: date
    political_status: PoliticalStatus | None = Field(description="GB/T 4762 代码")
    may_vote: bool | None = Field(description="有没有表决权（PE-08）；只有组织负责人看得到，别人是 null")


class StatusRequest(Schema):
    political_status: PoliticalStatus
    since: date


class BarRequest(Schema):
    reason: VotingBarReason
    decision_ref: str = Field(min_length=1, max_length=80, description="决定文号")
    since: date
    until: date | None = None


class BarAnswer(Schema):
    id: int
    reason: VotingBarReason
    decision_ref: str
    valid_from: date
    valid_until: date | None


class MemberDayRequest(Schema):
    day: date


class MembershipAnswer(Schema):
    id: int
    body: Named
    kind: MembershipKind
    group: Named | None
    valid_from: date
    valid_until: date | None


class JoinRequest(Schema):
    body: int = Field(description="党组织编号")
    kind: MembershipKind = MembershipKind.HOME
    group: int | None = Field(None, description="党小组编号")
    since: date


class GroupRequest(Schema):
    group: int | None = Field(None, description="党小组编号；不写就是不编入小组")
    since: date


class PlacementRequest(Schema):
    people: list[int] = Field(min_length=1, max_length=200, description="人员编号")
    body: int
    group: int | None = None
    since: date


class PlacingTried(Schema):
    person: Named
    way: PlacingWay
    why: str = Field(description="为什么不能，能就是空的")


class PlacementAnswer(Schema):
    id: int
    body: Named
    group: Named | None
    since: date
    people: int
    undone_at: datetime | None


class SkillAnswer(Schema):
    id: int
    trade: str
    is_main: bool
    grade: str | None
    certificate_ref: str | None
    since: date
    state: SkillState


class SkillRequest(Schema):
    trade: str = Field(min_length=1, max_length=40)
    is_main: bool = False
    grade: str | None = Field(None, max_length=24)
    certificate_ref: str | None = Field(None, max_length=60)
    since: date


class HeldAnswer(Schema):
    trade: str
    is_main: bool
    grade: str | None
    from_roster: bool


class MatrixRow(Schema):
    person: Named
    unit: Named | None
    skills: list[HeldAnswer]


class BroadAnswer(Schema):
    posts: dict[str, str]
    trades: dict[str, str]


class BroadRequest(Schema):
    kind: BroadKind
    old: str = Field(min_length=1, max_length=40)
    broad: str = Field(min_length=1, max_length=40)


class MentorAnswer(Schema):
    id: int
    mentor: Named
    apprentice: Named
    kind: MentorKind
    topic: str
    goal: str | None
    planned_until: date | None
    valid_from: date
    valid_until: date | None


class MentorRequest(Schema):
    mentor: int
    kind: MentorKind
    topic: str = Field(min_length=1, max_length=60)
    goal: str | None = Field(None, max_length=200)
    since: date
    planned_until: date | None = None


class RecordCorrectionAnswer(Schema):
    id: int
    person: Named
    body: Named
    field: CorrectionField
    old: str = Field(description="证件号和电话只有前 3 位和后 4 位（PI-09）")
    new: str
    reason: str
    state: CorrectionState
    asked_at: datetime
    refusal: str | None


class RecordCorrectionRequest(Schema):
    field: CorrectionField
    value: str = Field(min_length=1, max_length=60)
    reason: str = Field("", max_length=200)


class RefusalRequest(Schema):
    reason: str = Field(min_length=1, max_length=200)


class CardAnswer(Schema):
    name: str
    status: str
    body: str
    group: str
    posts: list[str]


class MemberRow(Schema):
    id: int
    name: str
    unit: Named | None


@router.get("/bodies/{body_id}/headcount", response=HeadcountAnswer, summary="某一天的两个党员人数",
            operation_id="members_headcount")  # fmt: skip
def headcount(request: HttpRequest, body_id: int, day: date | None = DAY) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=body_id)
    on = day or day_of(now)
    own, below = headcounts([body], on)[body.pk], headcounts_below([body], on)[body.pk]
    return {
        "day": on, "formal": own.formal, "all": own.all, "formal_below": below.formal, "all_below": below.all
    }  # fmt: skip


@router.get("/people/{person_id}/status", response=StatusAnswer, summary="某一天的政治面貌和表决权",
            operation_id="members_status")  # fmt: skip
def status_of_day(request: HttpRequest, person_id: int, day: date | None = DAY) -> Any:
    person, on = _person(request, person_id), day or day_of(timezone.now())
    sees = SEE_VOTING_BARS.allows(actor_of(request), person, at=timezone.now())
    return {
        "day": on, "political_status": status_on(person, on), "may_vote": may_vote(person, on) if sees else None
    }  # fmt: skip


@router.post("/people/{person_id}/status", response=StatusAnswer, summary="变更政治面貌",
             operation_id="members_set_status")  # fmt: skip
def status_set(request: HttpRequest, person_id: int, wanted: StatusRequest) -> Any:
    person = _person(request, person_id)
    set_status(
        person=person, status=wanted.political_status, since=wanted.since, actor=actor_of(request), at=timezone.now()
    )
    return status_of_day(request, person_id, wanted.since)


@router.get(
    "/people/{person_id}/bars", response=list[BarAnswer], summary="中止表决权的时段", operation_id="members_bars"
)
def bars(request: HttpRequest, person_id: int) -> Any:
    return voting_bars_of(_barred(request, person_id))


@router.post("/people/{person_id}/bars", response={201: BarAnswer}, summary="中止表决权", operation_id="members_bar")
def bar(request: HttpRequest, person_id: int, wanted: BarRequest) -> Any:
    person = _barred(request, person_id)
    made = bar_vote(person=person, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return Status(201, made)


@router.post("/bars/{bar_id}/end", response=BarAnswer, summary="恢复表决权", operation_id="members_restore")
def bar_end(request: HttpRequest, bar_id: int, wanted: MemberDayRequest) -> Any:
    found = get_object_or_404(VotingBar.objects.select_related("person"), pk=bar_id)
    _barred(request, found.person_id)
    return restore_vote(bar=found, until=wanted.day, actor=actor_of(request), at=timezone.now())


@router.get("/people/{person_id}/memberships", response=list[MembershipAnswer], summary="在哪些组织里",
            operation_id="members_memberships")  # fmt: skip
def memberships(request: HttpRequest, person_id: int) -> Any:
    return memberships_of(_person(request, person_id))


@router.post("/people/{person_id}/memberships", response={201: MembershipAnswer}, summary="编入、转接或参加活动",
             operation_id="members_join")  # fmt: skip
def join(request: HttpRequest, person_id: int, wanted: JoinRequest) -> Any:
    person, body = _person(request, person_id), _body(request, wanted.body)
    group = _group(wanted.group, body)
    made = join_body(
        person=person, body=body, group=group, kind=wanted.kind, since=wanted.since, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, made)


@router.post(
    "/memberships/{membership_id}/leave", response=MembershipAnswer, summary="离开", operation_id="members_leave"
)
def leave(request: HttpRequest, membership_id: int, wanted: MemberDayRequest) -> Any:
    membership = _membership(request, membership_id)
    return leave_body(membership=membership, until=wanted.day, actor=actor_of(request), at=timezone.now())


@router.post("/memberships/{membership_id}/group", response=MembershipAnswer, summary="换党小组",
             operation_id="members_group")  # fmt: skip
def group_change(request: HttpRequest, membership_id: int, wanted: GroupRequest) -> Any:
    membership = _membership(request, membership_id)
    group = _group(wanted.group, membership.body)
    return move_in_group(
        membership=membership, group=group, since=wanted.since, actor=actor_of(request), at=timezone.now()
    )


@router.get("/unplaced", response=Page[MemberRow], summary="没有编入的党员（PO-13）", operation_id="members_unplaced")
def unplaced(
    request: HttpRequest, gap: str = Query("home", pattern="^(home|group)$"), page: int = Query(1, ge=1)
) -> Any:
    actor, now = actor_of(request), timezone.now()
    find = members_without_home if gap == "home" else members_without_group
    rows = find(day_of(now)).select_related("unit")
    listed = list_seen(SEE_PERSON, actor, rows, order_by=["name"], at=now, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _person_row)


@router.post(
    "/placements/preview", response=list[PlacingTried], summary="成批编组会怎样", operation_id="members_place_preview"
)
def place_preview(request: HttpRequest, wanted: PlacementRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = _body(request, wanted.body)
    lines = preview_placing(
        people=_people(actor, wanted.people, now), body=body, group=_group(wanted.group, body), since=wanted.since,
        actor=actor, at=now,
    )  # fmt: skip
    return [{"person": named(line.person), "way": line.way, "why": line.why} for line in lines]


@router.post("/placements", response={201: PlacementAnswer}, summary="成批编组", operation_id="members_place")
def place(request: HttpRequest, wanted: PlacementRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = _body(request, wanted.body)
    people = _people(actor, wanted.people, now)
    made = place_together(
        people=people, body=body, group=_group(wanted.group, body), since=wanted.since, actor=actor, at=now
    )
    return Status(201, _placement_row(made))


@router.post(
    "/placements/{placement_id}/undo", response=PlacementAnswer, summary="整批撤销", operation_id="members_unplace"
)
def place_undo(request: HttpRequest, placement_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    bodies = ENROL.narrow(actor, PartyOrg.objects.all(), at=now).order_by().values("pk")
    rows = Placement.objects.filter(body_id__in=bodies).select_related("body", "group")
    found = get_object_or_404(rows, pk=placement_id)
    undo_placing(placement=found, actor=actor, at=now)
    return _placement_row(found)


@router.get("/skills", response=Page[MatrixRow], summary="技能矩阵", operation_id="members_skills")
def skills(
    request: HttpRequest, body: int | None = None, unit: int | None = None, q: str = "", trade: str = "",
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    matrix = skill_matrix(
        actor_of(request), timezone.now(), body=body, unit=unit, text=q, trade=trade, page=page, size=PAGE_SIZE
    )
    return listed_answer(matrix.people, lambda person: _matrix_row(person, matrix.held[person.pk]))


@router.get(
    "/people/{person_id}/skills",
    response=list[SkillAnswer],
    summary="一个人的工种",
    operation_id="members_person_skills",
)
def person_skills(request: HttpRequest, person_id: int) -> Any:
    return list(skills_on_file(_person(request, person_id)))


@router.post("/people/{person_id}/skills", response={201: SkillAnswer}, summary="登记工种；本人登记的等确认",
             operation_id="members_add_skill")  # fmt: skip
def skill_add(request: HttpRequest, person_id: int, wanted: SkillRequest) -> Any:
    actor, now, person = actor_of(request), timezone.now(), _person(request, person_id)
    enter = claim_skill if CLAIM_SKILL.allows(actor, person, at=now) else enter_skill
    return Status(201, enter(person=person, actor=actor, at=now, **wanted.dict()))


@router.post(
    "/skills/{skill_id}/confirm", response=SkillAnswer, summary="确认工种", operation_id="members_confirm_skill"
)
def skill_confirm(request: HttpRequest, skill_id: int) -> Any:
    return confirm_skill(skill=_skill(request, skill_id), actor=actor_of(request), at=timezone.now())


@router.post(
    "/skills/{skill_id}/refuse", response=SkillAnswer, summary="不认可工种", operation_id="members_refuse_skill"
)
def skill_refuse(request: HttpRequest, skill_id: int) -> Any:
    return refuse_skill(skill=_skill(request, skill_id), actor=actor_of(request), at=timezone.now())


@router.post("/skills/{skill_id}/end", response=SkillAnswer, summary="取消工种", operation_id="members_end_skill")
def skill_end(request: HttpRequest, skill_id: int) -> Any:
    return end_skill(skill=_skill(request, skill_id), actor=actor_of(request), at=timezone.now())


@router.get(
    "/units/{unit_id}/broad-names", response=BroadAnswer, summary="大岗位、大工种对照", operation_id="members_broad"
)
def broad(request: HttpRequest, unit_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    unit = get_object_or_404(units_seen_by(actor, now), pk=unit_id)
    table = broad_of(unit, day_of(now))
    return {"posts": dict(table.posts), "trades": dict(table.trades)}


@router.post(
    "/units/{unit_id}/broad-names", response=BroadAnswer, summary="记一条对照", operation_id="members_keep_broad"
)
def broad_keep(request: HttpRequest, unit_id: int, wanted: BroadRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    unit = get_object_or_404(KEEP_BROAD_NAMES.narrow(actor, AdminUnit.objects.all(), at=now), pk=unit_id)
    keep_broad_name(unit=unit, actor=actor, at=now, **wanted.dict())
    return broad(request, unit_id)


@router.get(
    "/people/{person_id}/mentors", response=list[MentorAnswer], summary="传帮带", operation_id="members_mentors"
)
def mentors(request: HttpRequest, person_id: int) -> Any:
    return list(mentor_pairs_of(_person(request, person_id)))


@router.post(
    "/people/{person_id}/mentors", response={201: MentorAnswer}, summary="结对", operation_id="members_pair_mentor"
)
def mentor_pair(request: HttpRequest, person_id: int, wanted: MentorRequest) -> Any:
    given = wanted.dict()
    apprentice, mentor = _person(request, person_id), _person(request, given.pop("mentor"))
    pair = pair_mentor(apprentice=apprentice, mentor=mentor, actor=actor_of(request), at=timezone.now(), **given)
    return Status(201, pair)


@router.post("/mentors/{pair_id}/end", response=MentorAnswer, summary="结束传帮带", operation_id="members_part_mentor")
def mentor_part(request: HttpRequest, pair_id: int, wanted: MemberDayRequest) -> Any:
    pair = get_object_or_404(MentorPair.objects.select_related("mentor", "apprentice"), pk=pair_id)
    _person(request, pair.apprentice_id)
    return part_mentor(pair=pair, until=wanted.day, actor=actor_of(request), at=timezone.now())


@router.get(
    "/corrections",
    response=list[RecordCorrectionAnswer],
    summary="等我处理的更正申请",
    operation_id="members_corrections",
)
def corrections(request: HttpRequest) -> Any:
    return [_correction_row(row) for row in corrections_waiting(actor_of(request), timezone.now())[:PAGE_SIZE]]


@router.get(
    "/corrections/{correction_id}",
    response=RecordCorrectionAnswer,
    summary="一份更正申请",
    operation_id="members_correction",
)
def correction(request: HttpRequest, correction_id: int) -> Any:
    return _correction_row(_correction(request, correction_id))


@router.post(
    "/corrections",
    response={201: RecordCorrectionAnswer},
    summary="申请更正自己的档案",
    operation_id="members_ask_correction",
)
def correction_ask(request: HttpRequest, wanted: RecordCorrectionRequest) -> Any:
    actor = actor_of(request)
    made = ask_correction(person=actor, actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _correction_row(made))


@router.post(
    "/corrections/{correction_id}/accept",
    response=RecordCorrectionAnswer,
    summary="更正",
    operation_id="members_accept_correction",
)
def correction_accept(request: HttpRequest, correction_id: int) -> Any:
    found = _correction(request, correction_id)
    return _correction_row(accept_correction(correction=found, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/corrections/{correction_id}/refuse",
    response=RecordCorrectionAnswer,
    summary="不采纳",
    operation_id="members_refuse_correction",
)
def correction_refuse(request: HttpRequest, correction_id: int, wanted: RefusalRequest) -> Any:
    found = _correction(request, correction_id)
    done = refuse_correction(correction=found, reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _correction_row(done)


@router.post(
    "/corrections/{correction_id}/withdraw",
    response=RecordCorrectionAnswer,
    summary="撤回申请",
    operation_id="members_withdraw_correction",
)
def correction_withdraw(request: HttpRequest, correction_id: int) -> Any:
    found = _correction(request, correction_id)
    return _correction_row(withdraw_correction(correction=found, actor=actor_of(request), at=timezone.now()))


@router.get(
    "/people/{person_id}/card", response=CardAnswer, summary="党员卡（本人同意亮身份的）", operation_id="members_card"
)
def card(request: HttpRequest, person_id: int) -> Any:
    face = face_of(_person(request, person_id), day_of(timezone.now()))
    return face if face is not None else get_object_or_404(Person.objects.none())


@router.post("/card", response={204: None}, summary="同意亮身份", operation_id="members_show_card")
def card_show(request: HttpRequest) -> Any:
    actor = actor_of(request)
    show_card(person=actor, actor=actor, at=timezone.now())
    return Status(204, None)


@router.delete("/card", response={204: None}, summary="撤回亮身份", operation_id="members_hide_card")
def card_hide(request: HttpRequest) -> Any:
    actor = actor_of(request)
    hide_card(person=actor, actor=actor, at=timezone.now())
    return Status(204, None)


def _person(request: HttpRequest, pk: int) -> Person:
    person: Person = get_object_or_404(person_seen_by(actor_of(request), timezone.now()), pk=pk)
    return person


def _barred(request: HttpRequest, pk: int) -> Person:
    rows = SEE_VOTING_BARS.narrow(actor_of(request), Person.objects.all(), at=timezone.now(), walk=True)
    person: Person = get_object_or_404(rows, pk=pk)
    return person


def _body(request: HttpRequest, pk: int) -> PartyOrg:
    rows = ENROL.narrow(actor_of(request), PartyOrg.objects.all(), at=timezone.now())
    body: PartyOrg = get_object_or_404(rows, pk=pk)
    return body


def _group(pk: int | None, body: PartyOrg) -> PartyOrg | None:
    return None if pk is None else get_object_or_404(PartyOrg.objects.filter(parent=body), pk=pk)


def _membership(request: HttpRequest, pk: int) -> Membership:
    bodies = ENROL.narrow(actor_of(request), PartyOrg.objects.all(), at=timezone.now()).order_by().values("pk")
    rows = Membership.objects.filter(body_id__in=bodies).select_related("person", "body", "group")
    return get_object_or_404(rows, pk=pk)


def _skill(request: HttpRequest, pk: int) -> PersonSkill:
    found = get_object_or_404(PersonSkill.objects.select_related("person"), pk=pk)
    _person(request, found.person_id)
    return found


def _correction(request: HttpRequest, pk: int) -> RecordCorrection:
    found: RecordCorrection = get_object_or_404(corrections_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found


def _people(actor: Person, keys: list[int], now: datetime) -> list[Person]:
    return list(SEE_PERSON.narrow(actor, Person.objects.filter(pk__in=keys), at=now).order_by("name", "pk"))


def _person_row(person: Person) -> dict[str, Any]:
    return {"id": person.pk, "name": person.name, "unit": named(person.unit)}


def _placement_row(placement: Placement) -> dict[str, Any]:
    return {
        "id": placement.pk, "body": named(placement.body), "group": named(placement.group), "since": placement.since,
        "people": placement.people.count(), "undone_at": placement.undone_at,
    }  # fmt: skip


def _matrix_row(person: Person, held: list[Any]) -> dict[str, Any]:
    return {
        "person": {"id": person.pk, "name": person.name},
        "unit": named(person.unit),
        "skills": [
            {"trade": one.trade, "is_main": one.is_main, "grade": one.grade, "from_roster": one.from_roster}
            for one in held
        ],
    }


def _correction_row(row: RecordCorrection) -> dict[str, Any]:
    one = shown(row)
    return {
        "id": row.pk, "person": named(row.person), "body": named(row.body), "field": row.field, "old": one.old,
        "new": one.new, "reason": row.reason, "state": row.state, "asked_at": row.asked_at, "refusal": row.refusal,
    }  # fmt: skip


router.add_router("", keeping)
