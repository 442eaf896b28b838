"""组织生活会与民主评议."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.orglife_answers import member_seen, own_member, session_row, session_seen, session_whole
from ronghe.api.v1.orglife_running import router as running
from ronghe.api.v1.orglife_shapes import (
    LifeAnswerRequest,
    LifeCarryRequest,
    LifeCorrectionRequest,
    LifeExemptRequest,
    LifeGradeRequest,
    LifeLeaderRow,
    LifeMeasureWords,
    LifeObjectionRequest,
    LifeOpinionRequest,
    LifeOverviewRow,
    LifePersonalAnswer,
    LifeRatingsRequest,
    LifeSaid,
    LifeSelfRequest,
    LifeSessionAnswer,
    LifeSessionRequest,
    LifeSessionRow,
    LifeTextRequest,
)
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.models import Correction
from ronghe.domain.orglife.selectors.above import (
    bodies_above,
    committees_for_leaders,
    leader_lines,
    overview,
)
from ronghe.domain.orglife.selectors.sessions import (
    bodies_to_plan_for,
    chairs_for,
    list_sessions,
)
from ronghe.domain.orglife.services.correcting import carry_over, close_session, list_correction
from ronghe.domain.orglife.services.grading import propose_grade, propose_rest
from ronghe.domain.orglife.services.marking import count_marks, open_marking
from ronghe.domain.orglife.services.planning import SessionText, exempt_member, plan_session
from ronghe.domain.orglife.services.preparing import appraise_self, hand_in_statement
from ronghe.domain.orglife.services.reading import read_committee_opinions, read_measure, read_personal, read_statement
from ronghe.domain.orglife.services.telling import (
    acknowledge,
    answer_objection,
    object_to_grade,
    report_up,
    tell_results,
)
from ronghe.domain.orglife.services.voices import give_opinion, rate_peers

router = Router(tags=["orglife"])
router.add_router("", running)


@router.get("", response=Page[LifeSessionRow], summary="组织生活会和民主评议", operation_id="orglife_list")
def life_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_sessions(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), session_row)


@router.post("", response={201: LifeSessionAnswer}, summary="安排组织生活会", operation_id="orglife_plan")
def life_plan(request: HttpRequest, wanted: LifeSessionRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_plan_for(actor, now), pk=wanted.body)
    chair = get_object_or_404(chairs_for(body, local_day(now)), pk=wanted.chair)
    text = SessionText(**wanted.dict(exclude={"body", "chair"}), chair=chair)
    return Status(201, session_whole(plan_session(body=body, text=text, actor=actor, at=now), actor))


@router.get("/overview", response=list[LifeOverviewRow], summary="各支部情况", operation_id="orglife_overview")
def life_overview(request: HttpRequest, body: int, year: int = Query(..., ge=2000, le=2999)) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(bodies_above(actor, now), pk=body)
    return [
        {
            "body": named(line.body), "session": line.session.pk if line.session else None,
            "state": line.session.state if line.session else "", "members": line.members, "grades": line.grades,
            "most_excellent": line.most, "is_reported": bool(line.session and line.session.reported_at),
            "corrections": line.listed, "corrections_done": line.done, "corrections_overdue": line.overdue,
        }
        for line in overview(found, year, now)
    ]  # fmt: skip


@router.get("/leaders", response=list[LifeLeaderRow], summary="双重组织生活", operation_id="orglife_leaders")
def life_leaders(request: HttpRequest, body: int, year: int = Query(..., ge=2000, le=2999)) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(committees_for_leaders(actor, now), pk=body)
    return [
        {"person": named(line.person), "posts": line.posts, "home": named(line.home), "leading": line.leading,
         "home_days": line.home_days, "is_double": line.is_double}
        for line in leader_lines(found, year, now)
    ]  # fmt: skip


@router.get("/{session_id}", response=LifeSessionAnswer, summary="一次组织生活会", operation_id="orglife_detail")
def life_detail(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    return session_whole(session_seen(actor, session_id), actor)


@router.post("/{session_id}/open", response=LifeSessionAnswer, summary="开始民主测评", operation_id="orglife_open")
def life_open(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    return session_whole(open_marking(session=session_seen(actor, session_id), actor=actor, at=timezone.now()), actor)


@router.post("/{session_id}/count", response=LifeSessionAnswer, summary="测评计票", operation_id="orglife_count")
def life_count(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    return session_whole(count_marks(session=session_seen(actor, session_id), actor=actor, at=timezone.now()), actor)


@router.post("/{session_id}/rest", response=LifeSessionAnswer, summary="其余定为合格", operation_id="orglife_rest")
def life_rest(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    propose_rest(session=session, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.post("/{session_id}/tell", response=LifeSessionAnswer, summary="告知本人", operation_id="orglife_tell")
def life_tell(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    return session_whole(tell_results(session=session_seen(actor, session_id), actor=actor, at=timezone.now()), actor)


@router.post("/{session_id}/report", response=LifeSessionAnswer, summary="记为报上级", operation_id="orglife_report")
def life_report(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    return session_whole(report_up(session=session_seen(actor, session_id), actor=actor, at=timezone.now()), actor)


@router.post("/{session_id}/close", response=LifeSessionAnswer, summary="办结", operation_id="orglife_close")
def life_close(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    return session_whole(close_session(session=session_seen(actor, session_id), actor=actor, at=timezone.now()), actor)


@router.post("/{session_id}/opinions", response={204: None}, summary="提意见", operation_id="orglife_opinion")
def life_opinion(request: HttpRequest, session_id: int, wanted: LifeOpinionRequest) -> Status[Any]:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    about = get_object_or_404(session.members.all(), pk=wanted.about) if wanted.about is not None else None
    give_opinion(
        session=session, about=about, text=wanted.text, is_named=wanted.is_named, actor=actor, at=timezone.now()
    )
    return Status(204, None)


@router.put("/{session_id}/ratings", response={204: None}, summary="交互评", operation_id="orglife_rate")
def life_rate(request: HttpRequest, session_id: int, wanted: LifeRatingsRequest) -> Status[Any]:
    actor = actor_of(request)
    mine = own_member(actor, session_id)
    ratings = {one.member: (one.grade, one.comment) for one in wanted.ratings}
    rate_peers(member=mine, ratings=ratings, actor=actor, at=timezone.now())
    return Status(204, None)


@router.put("/{session_id}/statement", response={204: None}, summary="交对照检查", operation_id="orglife_statement")
def life_statement(request: HttpRequest, session_id: int, wanted: LifeTextRequest) -> Status[Any]:
    actor = actor_of(request)
    hand_in_statement(member=own_member(actor, session_id), text=wanted.text, actor=actor, at=timezone.now())
    return Status(204, None)


@router.put("/{session_id}/self", response={204: None}, summary="交个人自评", operation_id="orglife_self")
def life_self(request: HttpRequest, session_id: int, wanted: LifeSelfRequest) -> Status[Any]:
    actor = actor_of(request)
    mine = own_member(actor, session_id)
    appraise_self(member=mine, grade=wanted.grade, text=wanted.text, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/{session_id}/corrections", response={201: LifeSessionAnswer}, summary="列整改", operation_id="orglife_correct"
)
def life_correct(request: HttpRequest, session_id: int, wanted: LifeCorrectionRequest) -> Status[Any]:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    rows = session.members.select_related("person", "session__body")
    member = get_object_or_404(rows, pk=wanted.member) if wanted.member is not None else None
    who = get_object_or_404(rows, person=wanted.assignee).person if wanted.assignee is not None else None
    list_correction(
        session=session, level=wanted.level, problem=wanted.problem, measure=wanted.measure, due_at=wanted.due_at,
        actor=actor, at=timezone.now(), assignee=who, member=member,
    )  # fmt: skip
    return Status(201, session_whole(session, actor))


@router.post(
    "/{session_id}/corrections/{correction_id}/carry",
    response=LifeSessionAnswer,
    summary="整改转入下一年",
    operation_id="orglife_carry",
)
def life_carry(request: HttpRequest, session_id: int, correction_id: int, wanted: LifeCarryRequest) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    rows = Correction.objects.select_related("session__body", "task__assignee")
    row = get_object_or_404(rows, pk=correction_id, session=session)
    carry_over(correction=row, reason=wanted.reason, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.post(
    "/members/{member_id}/measure/read", response=LifeMeasureWords, summary="看帮助教育、限期改正或处置",
    operation_id="orglife_read_measure",
)  # fmt: skip
def life_measure_read(request: HttpRequest, member_id: int) -> Any:
    """看别人的，每看一次都有记录；没有的，`kind` 是空的。"""
    actor = actor_of(request)
    found = read_measure(member=member_seen(actor, member_id), actor=actor, at=timezone.now())
    return {"kind": found[0].kind if found else "", "reasons": found[1] if found else ""}


@router.post(
    "/{session_id}/opinions/read", response=list[LifeSaid], summary="看对支部委员会的意见，留记录",
    operation_id="orglife_read_committee",
)  # fmt: skip
def life_committee_read(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    said = read_committee_opinions(session=session_seen(actor, session_id), actor=actor, at=timezone.now())
    return [{"text": one.text, "by": one.by} for one in said]


@router.post(
    "/members/{member_id}/read", response=LifePersonalAnswer, summary="看加密的内容", operation_id="orglife_read"
)
def life_read(request: HttpRequest, member_id: int) -> Any:
    """A POST, because somebody else's look is recorded."""
    actor, now = actor_of(request), timezone.now()
    row = member_seen(actor, member_id)
    statement = read_statement(member=row, actor=actor, at=now)
    said = read_personal(member=row, actor=actor, at=now)
    return {
        "id": row.pk, "person": named(row.person), "statement": statement, "self_text": said.self_text,
        "opinions": [{"text": one.text, "by": one.by} for one in said.opinions],
        "criticisms": [{"text": one.text, "by": one.by} for one in said.criticisms], "comments": said.comments,
        "reasons": said.reasons, "objection": said.objection, "answer": said.answer,
    }  # fmt: skip


@router.put("/members/{member_id}/exemption", response={204: None}, summary="免参加", operation_id="orglife_exempt")
def life_exempt(request: HttpRequest, member_id: int, wanted: LifeExemptRequest) -> Status[Any]:
    actor = actor_of(request)
    row = member_seen(actor, member_id)
    exempt_member(member=row, reason=wanted.reason, note=wanted.note, actor=actor, at=timezone.now())
    return Status(204, None)


@router.put("/members/{member_id}/grade", response={204: None}, summary="评定等次", operation_id="orglife_grade")
def life_grade(request: HttpRequest, member_id: int, wanted: LifeGradeRequest) -> Status[Any]:
    actor = actor_of(request)
    row = member_seen(actor, member_id)
    propose_grade(member=row, grade=wanted.grade, reasons=wanted.reasons, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/members/{member_id}/acknowledge", response={204: None}, summary="知悉结果", operation_id="orglife_acknowledge"
)
def life_acknowledge(request: HttpRequest, member_id: int) -> Status[Any]:
    actor = actor_of(request)
    acknowledge(member=member_seen(actor, member_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/members/{member_id}/objection", response={204: None}, summary="提出异议", operation_id="orglife_object")
def life_object(request: HttpRequest, member_id: int, wanted: LifeObjectionRequest) -> Status[Any]:
    actor = actor_of(request)
    object_to_grade(member=member_seen(actor, member_id), text=wanted.text, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/members/{member_id}/answer", response={204: None}, summary="答复异议", operation_id="orglife_answer")
def life_answer(request: HttpRequest, member_id: int, wanted: LifeAnswerRequest) -> Status[Any]:
    actor = actor_of(request)
    answer_objection(
        member=member_seen(actor, member_id), is_upheld=wanted.is_upheld, answer=wanted.answer, grade=wanted.grade,
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    return Status(204, None)
