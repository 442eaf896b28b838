"""评选: calls, nominations, vetting, votes, the notice, objections, the award."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import stored_file, upload_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.honours.enums import Aspect, CallWay
from ronghe.domain.honours.models import CallObjection, HonourCall, HonourTitle, Nomination
from ronghe.domain.honours.selectors.register import people_of
from ronghe.domain.honours.selectors.selection import (
    NominationView,
    bodies_to_call_for,
    bodies_to_name_from,
    calls_seen_by,
    list_calls,
    nomination_view,
    nominations_of,
    nominations_seen_by,
    objections_on,
    objections_seen_by,
    panel_of,
    records_offered,
)
from ronghe.domain.honours.services.calling import (
    CallText,
    add_evidence,
    begin_vetting,
    call_off,
    nominate,
    open_call,
    withdraw_nomination,
)
from ronghe.domain.honours.services.choosing import (
    answer_objection,
    award,
    choose,
    count_vote,
    object_to,
    open_vote,
    vote_again,
)
from ronghe.domain.honours.services.vetting import give_opinion
from ronghe.domain.org.rules.reaches import local_day

router = Router(tags=["honours"])


class HonourCallRow(Schema):
    id: int
    title: str
    body: Named
    year: int
    quota: int
    nominate_until: date
    way: CallWay
    state: str
    notice_from: date | None
    notice_until: date | None
    named: int


class HonourOpinion(Schema):
    aspect: str
    passes: bool
    words: str


class NominationRow(Schema):
    id: int
    holder: str
    body: Named
    state: str
    votes: int | None = Field(description="赞成票；看不到审查意见的人看不到")
    evidence: int
    opinions: list[HonourOpinion] = Field(description="看不到审查意见的人看到的是空的")
    missing: list[str]


class CallObjectionRow(Schema):
    id: int
    nomination: int
    text: str
    state: str
    answer: str


class HonourCallAnswer(HonourCallRow):
    terms: str
    decision: str
    nominations: list[NominationRow]
    objections: list[CallObjectionRow]


class HonourCallRequest(Schema):
    body: int
    title: int
    year: int
    quota: int = Field(ge=1, le=200)
    nominate_until: date
    quota_per_body: int = Field(1, ge=1, le=200)
    allows_self: bool = False
    way: CallWay = CallWay.BALLOT
    terms: str = Field("", max_length=2000)
    notice_days: int | None = Field(None, ge=1, le=30, description="不填按范本的参数")
    veto_months: int | None = Field(None, ge=0, le=36, description="不填按范本的参数")
    aspects: list[Aspect] | None = None


class NominationRequest(Schema):
    by_body: int
    reasons: str = Field(max_length=2000)
    person: int | None = None
    team: str = Field("", max_length=80)


class NominationEvidenceRequest(Schema):
    words: str = Field("", max_length=400)
    aspect: Aspect | None = None
    task: int | None = None
    honour: int | None = None


class HonourOpinionRequest(Schema):
    aspect: Aspect
    passes: bool
    words: str = Field("", max_length=400)


class CallVotersRequest(Schema):
    people: list[int] | None = Field(None, description="投票人；不写为领导班子中没有被提名的")


class CallReasonRequest(Schema):
    reason: str = Field(max_length=400)


class CallChoiceRequest(Schema):
    nominations: list[int]
    decision: str = Field("", max_length=600)


class CallAwardRequest(Schema):
    document_number: str = Field("", max_length=60)


class CallObjectionRequest(Schema):
    text: str = Field(max_length=600)


class CallObjectionAnswer(Schema):
    is_upheld: bool
    answer: str = Field(max_length=600)


@router.get("", response=Page[HonourCallRow], summary="评选", operation_id="honour_calls_list")
def call_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_calls(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: HonourCallAnswer}, summary="发起评选", operation_id="honour_calls_open")
def call_open(request: HttpRequest, wanted: HonourCallRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_call_for(actor, now), pk=wanted.body)
    given = wanted.dict(exclude={"body", "title", "aspects"})
    text = CallText(
        **given, title=get_object_or_404(HonourTitle, pk=wanted.title),
        aspects=None if wanted.aspects is None else [aspect.value for aspect in wanted.aspects],
    )  # fmt: skip
    return Status(201, _whole(open_call(body=body, text=text, actor=actor, at=now), request))


@router.get("/{call_id}", response=HonourCallAnswer, summary="一次评选", operation_id="honour_calls_detail")
def call_detail(request: HttpRequest, call_id: int) -> Any:
    return _whole(_seen(request, call_id), request)


@router.post(
    "/{call_id}/nominations", response={201: NominationRow}, summary="提名", operation_id="honour_calls_nominate"
)
def call_nominate(request: HttpRequest, call_id: int, wanted: NominationRequest) -> Status[Any]:
    actor, now, call = actor_of(request), timezone.now(), _seen(request, call_id)
    body = get_object_or_404(bodies_to_name_from(call, actor, now), pk=wanted.by_body)
    person = get_object_or_404(people_of(body, local_day(now)), pk=wanted.person) if wanted.person is not None else None
    made = nominate(
        call=call, by_body=body, person=person, team=wanted.team, reasons=wanted.reasons, actor=actor, at=now
    )
    return Status(201, _nomination(nomination_view(made, actor, now)))


@router.post("/{call_id}/vet", response=HonourCallAnswer, summary="截止提名", operation_id="honour_calls_vet")
def call_vet(request: HttpRequest, call_id: int) -> Any:
    call = begin_vetting(call=_seen(request, call_id), actor=actor_of(request), at=timezone.now())
    return _whole(call, request)


@router.post("/{call_id}/vote", response=HonourCallAnswer, summary="开始投票", operation_id="honour_calls_vote")
def call_vote(request: HttpRequest, call_id: int, wanted: CallVotersRequest) -> Any:
    now, call = timezone.now(), _seen(request, call_id)
    day = local_day(now)
    people = people_of(call.body, day)
    voters = panel_of(call, day)
    if wanted.people is not None:
        known = {person.pk: person for person in [*voters, *people.filter(pk__in=wanted.people)]}
        voters = [known[key] if key in known else get_object_or_404(people, pk=key) for key in wanted.people]
    return _whole(open_vote(call=call, voters=voters, actor=actor_of(request), at=now), request)


@router.post("/{call_id}/count", response=HonourCallAnswer, summary="计票", operation_id="honour_calls_count")
def call_count(request: HttpRequest, call_id: int) -> Any:
    call = count_vote(call=_seen(request, call_id), actor=actor_of(request), at=timezone.now())
    return _whole(call, request)


@router.post(
    "/{call_id}/vote-again", response=HonourCallAnswer, summary="作废重投", operation_id="honour_calls_vote_again"
)
def call_vote_again(request: HttpRequest, call_id: int, wanted: CallReasonRequest) -> Any:
    call = vote_again(call=_seen(request, call_id), reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _whole(call, request)


@router.post("/{call_id}/choose", response=HonourCallAnswer, summary="定名单并公示", operation_id="honour_calls_choose")
def call_choose(request: HttpRequest, call_id: int, wanted: CallChoiceRequest) -> Any:
    call = _seen(request, call_id)
    picked = [get_object_or_404(call.nominations.all(), pk=key) for key in dict.fromkeys(wanted.nominations)]
    choose(call=call, picked=picked, decision=wanted.decision, actor=actor_of(request), at=timezone.now())
    return _whole(call, request)


@router.post("/{call_id}/award", response=HonourCallAnswer, summary="表彰", operation_id="honour_calls_award")
def call_award(request: HttpRequest, call_id: int, wanted: CallAwardRequest) -> Any:
    call = award(
        call=_seen(request, call_id), document_number=wanted.document_number, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return _whole(call, request)


@router.post("/{call_id}/call-off", response=HonourCallAnswer, summary="取消评选", operation_id="honour_calls_off")
def call_call_off(request: HttpRequest, call_id: int, wanted: CallReasonRequest) -> Any:
    call = call_off(call=_seen(request, call_id), reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _whole(call, request)


@router.get(
    "/nominations/{nomination_id}", response=NominationRow, summary="一项提名", operation_id="honour_nomination"
)
def nomination_detail(request: HttpRequest, nomination_id: int) -> Any:
    return _nomination(nomination_view(_named(request, nomination_id), actor_of(request), timezone.now()))


@router.post(
    "/nominations/{nomination_id}/evidence", response={201: NominationRow}, summary="加证明材料",
    operation_id="honour_nomination_evidence",
)  # fmt: skip
def nomination_evidence(request: HttpRequest, nomination_id: int, wanted: NominationEvidenceRequest) -> Status[Any]:
    actor, now, row = actor_of(request), timezone.now(), _named(request, nomination_id)
    tasks, honours = records_offered(row)
    add_evidence(
        nomination=row, words=wanted.words, aspect=wanted.aspect.value if wanted.aspect else "", actor=actor, at=now,
        task=_of(tasks, wanted.task), honour=_of(honours, wanted.honour),
    )  # fmt: skip
    return Status(201, _nomination(nomination_view(row, actor, now)))


@router.post(
    "/nominations/{nomination_id}/evidence/file", response={201: NominationRow}, summary="附证明文件",
    operation_id="honour_nomination_evidence_file",
)  # fmt: skip
def nomination_evidence_file(
    request: HttpRequest, nomination_id: int, photo: File[UploadedFile], words: Annotated[str, Form(max_length=400)] = "",
    aspect: Form[Aspect | None] = None,
) -> Status[Any]:  # fmt: skip
    """照片或 PDF；照片里的位置和机型会去掉。"""
    actor, now, row = actor_of(request), timezone.now(), _named(request, nomination_id)
    add_evidence(
        nomination=row, words=words, aspect=aspect.value if aspect else "", upload=upload_of(photo), actor=actor, at=now
    )
    return Status(201, _nomination(nomination_view(row, actor, now)))


@router.get(
    "/nominations/{nomination_id}/evidence/{evidence_id}", summary="证明文件", operation_id="honour_nomination_file"
)
def nomination_file(request: HttpRequest, nomination_id: int, evidence_id: int) -> HttpResponseBase:
    lines = _named(request, nomination_id).evidence.filter(file__isnull=False).select_related("file")
    return stored_file(get_object_or_404(lines, pk=evidence_id).file)


@router.post(
    "/nominations/{nomination_id}/withdraw", response=NominationRow, summary="撤回提名",
    operation_id="honour_nomination_withdraw",
)  # fmt: skip
def nomination_withdraw(request: HttpRequest, nomination_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    row = withdraw_nomination(nomination=_named(request, nomination_id), actor=actor, at=now)
    return _nomination(nomination_view(row, actor, now))


@router.post(
    "/nominations/{nomination_id}/opinions", response={201: NominationRow}, summary="出具审查意见",
    operation_id="honour_nomination_opinion",
)  # fmt: skip
def nomination_opinion(request: HttpRequest, nomination_id: int, wanted: HonourOpinionRequest) -> Status[Any]:
    actor, now, row = actor_of(request), timezone.now(), _named(request, nomination_id)
    give_opinion(nomination=row, aspect=wanted.aspect, passes=wanted.passes, words=wanted.words, actor=actor, at=now)
    return Status(201, _nomination(nomination_view(row, actor, now)))


@router.post(
    "/nominations/{nomination_id}/objections", response={201: CallObjectionRow}, summary="提异议",
    operation_id="honour_nomination_object",
)  # fmt: skip
def nomination_object(request: HttpRequest, nomination_id: int, wanted: CallObjectionRequest) -> Status[Any]:
    row = _named(request, nomination_id)
    made = object_to(nomination=row, text=wanted.text, actor=actor_of(request), at=timezone.now())
    return Status(201, _objection(made))


@router.post(
    "/objections/{objection_id}/answer", response=CallObjectionRow, summary="答复异议",
    operation_id="honour_objection_answer",
)  # fmt: skip
def objection_answer(request: HttpRequest, objection_id: int, wanted: CallObjectionAnswer) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(objections_seen_by(actor, now), pk=objection_id)
    return _objection(answer_objection(objection=found, actor=actor, at=now, **wanted.dict()))


def _seen(request: HttpRequest, call_id: int) -> HonourCall:
    return get_object_or_404(calls_seen_by(actor_of(request), timezone.now()), pk=call_id)


def _named(request: HttpRequest, nomination_id: int) -> Nomination:
    return get_object_or_404(nominations_seen_by(actor_of(request), timezone.now()), pk=nomination_id)


def _of(rows: list[Any], key: int | None) -> Any:
    """Return the row offered with this id; one that is not offered is nothing there."""
    if key is None:
        return None
    return next((row for row in rows if row.pk == key), None) or get_object_or_404(Nomination.objects.none(), pk=key)


def _row(call: Any) -> dict[str, Any]:
    return {
        "id": call.pk, "title": call.title.name, "body": named(call.body), "year": call.year, "quota": call.quota,
        "nominate_until": call.nominate_until, "way": call.way, "state": call.state, "notice_from": call.notice_from,
        "notice_until": call.notice_until, "named": call.named,
    }  # fmt: skip


def _whole(call: Any, request: HttpRequest) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    call.named = call.nominations.exclude(state="withdrawn").count()
    return _row(call) | {
        "terms": call.terms, "decision": call.decision,
        "nominations": [_nomination(view) for view in nominations_of(call, actor, now)],
        "objections": [_objection(row) for row in objections_on(call, actor, now)],
    }  # fmt: skip


def _nomination(view: NominationView) -> dict[str, Any]:
    row, told = view.nomination, view.sees_vetting
    return {
        "id": row.pk, "holder": row.holder_name, "body": named(row.body), "state": row.state,
        "votes": row.votes if told else None, "evidence": len(view.evidence),
        "opinions": [{"aspect": one.aspect, "passes": one.passes, "words": one.words} for one in view.vettings]
        if told else [],
        "missing": [aspect.value for aspect in view.missing] if told else [],
    }  # fmt: skip


def _objection(row: CallObjection) -> dict[str, Any]:
    return {
        "id": row.pk, "nomination": row.nomination_id, "text": row.text, "state": row.state, "answer": row.answer,
    }  # fmt: skip
