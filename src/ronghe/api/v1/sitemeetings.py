"""现场三会."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.sitemeetings.documents import chain_document
from ronghe.domain.sitemeetings.enums import ChainStage, Meeting
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.domain.sitemeetings.rules import KNOW_MINDS
from ronghe.domain.sitemeetings.selectors import (
    board_of,
    briefed_today,
    chains_seen_by,
    list_chains,
    people_to_note,
    site_bodies,
    talks_due,
)
from ronghe.domain.sitemeetings.services.chains import (
    Prepared,
    begin_chain,
    call_off_chain,
    close_meeting,
    confirm_checks,
    open_meeting,
    undo_meeting,
)
from ronghe.domain.sitemeetings.services.minds import hold_talk, set_mind, settle_all
from ronghe.domain.sitemeetings.services.signing import (
    brief_late,
    note_came,
    note_left,
    sign_due_with_card,
    sign_late,
    sign_meeting,
)
from ronghe.domain.sitemeetings.services.texts import LONGEST, set_briefer, write_text
from ronghe.kernel.printing import PaperForm

router = Router(tags=["sitemeetings"])


class SiteChainRow(Schema):
    id: int
    body: Named
    day: date
    place: str
    stage: ChainStage
    leader: Named
    begun_at: datetime
    closed_at: datetime | None


class SiteMeetingShape(Schema):
    meeting: Meeting
    state: str = Field(description="closed 已结束；open 进行中；next 可以开；locked 前一个还没结束")
    briefer: Named
    heading: str
    text: str
    version: int
    digest: str = Field(description="签字所签内容的校验值")
    signed: int = Field(description="按现在的内容有效的签字数")


class SitePersonShape(Schema):
    person: Named
    may_work: bool = Field(description="可以上岗：三会都已结束，并都按现在的内容签了字")
    missed: int = Field(description="到场时已经结束的会数")
    missing: list[Meeting]
    voided: list[Meeting] = Field(description="签过字、后来内容改了的")
    has_left: bool
    is_settled: bool | None = Field(description="三定；只有当天负责人和本组织的组长、书记看得到")


class SiteChainAnswer(SiteChainRow):
    meetings: list[SiteMeetingShape]
    people: list[SitePersonShape]


class SitePrepared(Schema):
    heading: str = Field("", max_length=80)
    text: str = Field("", max_length=LONGEST)
    briefer: int | None = None


class SiteChainRequest(Schema):
    body: int
    place: str = Field(max_length=80)
    group: SitePrepared = Field(description="党小组会；heading 为学习内容")
    safety: SitePrepared | None = Field(None, description="安全交底会；一行一条“危害：措施”")
    technical: SitePrepared | None = Field(None, description="技术交底会；一行一条")


class SiteTextRequest(Schema):
    heading: str = Field("", max_length=80)
    text: str = Field(max_length=LONGEST)


class SitePersonRequest(Schema):
    person: int


class SiteCardRequest(Schema):
    card: str = Field(max_length=300)


class SiteMindRequest(SitePersonRequest):
    is_settled: bool


class SiteReasonRequest(Schema):
    reason: str = Field(max_length=120)


class SiteTalkRow(Schema):
    id: int
    person: Named
    body: Named
    settled_at: datetime


class BriefedAnswer(Schema):
    may_work: bool


class SiteBrieferRequest(Schema):
    person: int


class SiteCheckedAnswer(Schema):
    confirmed: int = Field(description="确认了几项")


@router.get("", response=Page[SiteChainRow], summary="现场三会清单", operation_id="site_chains_list")
def chain_list(
    request: HttpRequest, stage: ChainStage | None = None, since: date | None = None, until: date | None = None,
    q: str = "", page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    listed = list_chains(
        actor, now, words=q.strip(), stage=stage or "", since=since, until=until, page=page, size=PAGE_SIZE
    )
    return listed_answer(listed, _row)


@router.post("", response={201: SiteChainAnswer}, summary="开今天的三会", operation_id="site_chains_begin")
def chain_begin(request: HttpRequest, wanted: SiteChainRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(site_bodies(actor, now), pk=wanted.body)
    prepared = {meeting: _prepared(getattr(wanted, meeting.value), body) for meeting in Meeting}
    chain = begin_chain(body=body, place=wanted.place, prepared=prepared, actor=actor, at=now)
    return Status(201, _whole(chain, actor))


@router.get("/talks", response=list[SiteTalkRow], summary="等我谈心的人", operation_id="site_talks")
def talk_list(request: HttpRequest) -> Any:
    return [
        {"id": row.pk, "person": named(row.person), "body": named(row.chain.body), "settled_at": row.settled_at}
        for row in talks_due(actor_of(request), timezone.now())
    ]


@router.post("/talks/{talk_id}/held", response=dict[str, bool], summary="谈过了", operation_id="site_talk_held")
def talk_held(request: HttpRequest, talk_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    hold_talk(row=get_object_or_404(talks_due(actor, now), pk=talk_id), actor=actor, at=now)
    return {"held": True}


@router.get("/briefed", response=BriefedAnswer, summary="我今天在这个组织的现场能否上岗", operation_id="site_briefed")
def briefed(request: HttpRequest, body: int, day: date | None = None) -> Any:
    actor, now = actor_of(request), timezone.now()
    place = get_object_or_404(PartyOrg.objects.all(), pk=body)
    return {"may_work": briefed_today(actor, place, day or local_day(now))}


@router.get("/{chain_id}", response=SiteChainAnswer, summary="一次现场三会", operation_id="site_chains_detail")
def chain_detail(request: HttpRequest, chain_id: int) -> Any:
    actor = actor_of(request)
    return _whole(_seen(actor, chain_id), actor)


@router.get("/{chain_id}/record", response=bytes, summary="现场三会记录", operation_id="site_chains_record")
def chain_record(request: HttpRequest, chain_id: int, form: PaperForm = PaperForm.PDF) -> HttpResponse:
    chain = _seen(actor_of(request), chain_id)
    document = chain_document(board_of(chain))
    return paper_answer(request, document, form, source=chain)


@router.post("/{chain_id}/meetings/{meeting}/open", response=SiteChainAnswer, summary="开下一个会", operation_id="site_meeting_open")  # fmt: skip
def meeting_open(request: HttpRequest, chain_id: int, meeting: Meeting) -> Any:
    actor = actor_of(request)
    chain = open_meeting(chain=_seen(actor, chain_id), meeting=meeting, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/meetings/{meeting}/close", response=SiteChainAnswer, summary="结束这个会", operation_id="site_meeting_close")  # fmt: skip
def meeting_close(request: HttpRequest, chain_id: int, meeting: Meeting) -> Any:
    actor = actor_of(request)
    chain = close_meeting(chain=_seen(actor, chain_id), meeting=meeting, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/meetings/{meeting}/undo", response=SiteChainAnswer, summary="撤回开会", operation_id="site_meeting_undo")  # fmt: skip
def meeting_undo(request: HttpRequest, chain_id: int, meeting: Meeting, wanted: SiteReasonRequest) -> Any:
    actor = actor_of(request)
    chain = undo_meeting(
        chain=_seen(actor, chain_id), meeting=meeting, reason=wanted.reason, actor=actor, at=timezone.now()
    )
    return _whole(chain, actor)


@router.post("/{chain_id}/meetings/{meeting}/text", response=SiteChainAnswer, summary="写会上的内容", operation_id="site_meeting_text")  # fmt: skip
def meeting_text(request: HttpRequest, chain_id: int, meeting: Meeting, wanted: SiteTextRequest) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    write_text(chain=chain, meeting=meeting, heading=wanted.heading, text=wanted.text, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.put("/{chain_id}/meetings/{meeting}/briefer", response=SiteChainAnswer, summary="定交底人", operation_id="site_meeting_briefer")  # fmt: skip
def meeting_briefer(request: HttpRequest, chain_id: int, meeting: Meeting, wanted: SiteBrieferRequest) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    briefer = get_object_or_404(people_to_note(chain.body, chain.day), pk=wanted.person)
    set_briefer(chain=chain, meeting=meeting, briefer=briefer, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/meetings/{meeting}/confirm-checks", response=SiteCheckedAnswer, summary="检查表其余各项没有问题", operation_id="site_meeting_checks")  # fmt: skip
def meeting_checks(request: HttpRequest, chain_id: int, meeting: Meeting) -> Any:
    actor = actor_of(request)
    count = confirm_checks(chain=_seen(actor, chain_id), meeting=meeting, actor=actor, at=timezone.now())
    return {"confirmed": count}


@router.post("/{chain_id}/meetings/{meeting}/sign", response=SiteChainAnswer, summary="本人签字", operation_id="site_meeting_sign")  # fmt: skip
def meeting_sign(request: HttpRequest, chain_id: int, meeting: Meeting) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    sign_meeting(chain=chain, meeting=meeting, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post(
    "/{chain_id}/sign-late", response=SiteChainAnswer, summary="补交底后本人签字", operation_id="site_sign_late"
)
def chain_sign_late(request: HttpRequest, chain_id: int) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    sign_late(chain=chain, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/card", response=SiteChainAnswer, summary="凭本人党员卡签字", operation_id="site_sign_card")
def chain_card(request: HttpRequest, chain_id: int, wanted: SiteCardRequest) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    sign_due_with_card(chain=chain, card=wanted.card, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/came", response=SiteChainAnswer, summary="记到场", operation_id="site_came")
def person_came(request: HttpRequest, chain_id: int, wanted: SitePersonRequest) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    person = get_object_or_404(people_to_note(chain.body, chain.day), pk=wanted.person)
    note_came(chain=chain, person=person, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/left", response=SiteChainAnswer, summary="记离场", operation_id="site_left")
def person_left(request: HttpRequest, chain_id: int, wanted: SitePersonRequest) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    note_left(chain=chain, person=_there(chain, wanted.person), actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/brief", response=SiteChainAnswer, summary="给迟到的人补交底", operation_id="site_brief_late")
def person_brief(request: HttpRequest, chain_id: int, wanted: SitePersonRequest) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    brief_late(chain=chain, person=_there(chain, wanted.person), actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/settle", response=SiteChainAnswer, summary="确认到场的人三定", operation_id="site_settle")
def minds_settle(request: HttpRequest, chain_id: int) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    settle_all(chain=chain, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post(
    "/{chain_id}/mind", response=SiteChainAnswer, summary="逐人确认三定，或记为需谈心", operation_id="site_mind"
)
def mind_set(request: HttpRequest, chain_id: int, wanted: SiteMindRequest) -> Any:
    actor = actor_of(request)
    chain = _seen(actor, chain_id)
    person = _there(chain, wanted.person)
    set_mind(chain=chain, person=person, is_settled=wanted.is_settled, actor=actor, at=timezone.now())
    return _whole(chain, actor)


@router.post("/{chain_id}/off", response=SiteChainAnswer, summary="取消现场三会", operation_id="site_chains_off")
def chain_off(request: HttpRequest, chain_id: int, wanted: SiteReasonRequest) -> Any:
    actor = actor_of(request)
    chain = call_off_chain(chain=_seen(actor, chain_id), reason=wanted.reason, actor=actor, at=timezone.now())
    return _whole(chain, actor)


def _seen(actor: Person, chain_id: int) -> SiteChain:
    return get_object_or_404(chains_seen_by(actor, timezone.now()), pk=chain_id)


def _there(chain: SiteChain, key: int) -> Person:
    return get_object_or_404(Person.objects.filter(site_days__chain=chain), pk=key)


def _prepared(given: SitePrepared | None, body: PartyOrg) -> Prepared:
    if given is None:
        return Prepared()
    people = people_to_note(body, local_day(timezone.now()))
    briefer = get_object_or_404(people, pk=given.briefer) if given.briefer is not None else None
    return Prepared(given.heading, given.text, briefer)


def _row(chain: SiteChain) -> dict[str, Any]:
    return {
        "id": chain.pk, "body": named(chain.body), "day": chain.day, "place": chain.place, "stage": chain.stage,
        "leader": named(chain.leader), "begun_at": chain.begun_at, "closed_at": chain.closed_at,
    }  # fmt: skip


def _whole(chain: SiteChain, actor: Person) -> dict[str, Any]:
    fresh = SiteChain.objects.select_related("body", "leader").get(pk=chain.pk)
    board = board_of(fresh)
    knows = KNOW_MINDS.allows(actor, fresh, at=timezone.now())
    meetings = [
        {
            "meeting": part.meeting, "state": part.state, "briefer": named(part.briefer),
            "heading": part.text.heading if part.text else "", "text": part.text.text if part.text else "",
            "version": part.text.number if part.text else 0, "digest": part.text.digest if part.text else "",
            "signed": sum(1 for row in part.signed if not row.is_void),
        }
        for part in board.parts
    ]  # fmt: skip
    people = [
        {
            "person": named(line.row.person), "may_work": line.may_work, "missed": line.row.missed,
            "missing": list(line.standing.missing), "voided": list(line.standing.voided),
            "has_left": line.row.left_at is not None, "is_settled": line.row.is_settled if knows else None,
        }
        for line in board.people
    ]  # fmt: skip
    return {**_row(fresh), "meetings": meetings, "people": people}
