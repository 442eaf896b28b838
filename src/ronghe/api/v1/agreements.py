"""联创共建合作意向书."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.agreement_shapes import (
    AgreementAnswer,
    AgreementCheckAnswer,
    AgreementCommentRequest,
    AgreementDraftRequest,
    AgreementEndRequest,
    AgreementGoalRow,
    AgreementReadingRequest,
    AgreementReasonRequest,
    AgreementReviewRequest,
    AgreementRow,
    AgreementSettleRequest,
    AgreementSideRequest,
    AgreementSignerRequest,
    AgreementSignRequest,
    AgreementTermRequest,
    AgreementTextRequest,
    AgreementVersionRow,
    AgreementWaiting,
    AgreementWanted,
    content_asked,
    goal_row,
    row,
    version_row,
    whole,
)
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer
from ronghe.domain.agreements.documents import agreement_document
from ronghe.domain.agreements.enums import AgreementKind, AgreementState
from ronghe.domain.agreements.models import (
    Agreement,
    AgreementComment,
    AgreementEnding,
    AgreementGoal,
    AgreementParty,
    GoalReading,
)
from ronghe.domain.agreements.rules import SEE_NEGOTIATION
from ronghe.domain.agreements.selectors import agreements_seen_by, list_agreements
from ronghe.domain.agreements.selectors.forms import form_named
from ronghe.domain.agreements.selectors.goals import goal_states
from ronghe.domain.agreements.selectors.negotiation import (
    content_of,
    side_states,
    signed_version,
    verified,
    version_on_table,
    versions_of,
)
from ronghe.domain.agreements.selectors.sides import acting_of, bodies_to_draft_for, people_of_side, sides_named
from ronghe.domain.agreements.selectors.waiting import waiting_for
from ronghe.domain.agreements.services.drafting import REVIEW_MONTHS, call_off, draft_agreement, draft_supplement
from ronghe.domain.agreements.services.ending import (
    agree_to_ending,
    decline_ending,
    end_agreement,
    withdraw_ending,
)
from ronghe.domain.agreements.services.goals import read_goal
from ronghe.domain.agreements.services.negotiating import (
    comment,
    consent,
    revise,
    settle_comment,
    withdraw_consent,
)
from ronghe.domain.agreements.services.reviewing import Finding, review_agreement
from ronghe.domain.agreements.services.signing import authorize_signer, refuse_to_sign, sign, withdraw_authorization
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["agreements"])


@router.get("", response=Page[AgreementRow], summary="意向书清单", operation_id="agreements_list")
def agreement_list(
    request: HttpRequest, q: str = Query("", max_length=60), kind: AgreementKind | None = None,
    state: AgreementState | None = None, project: int | None = None, body: int | None = None,
    due: bool = Query(False, description="只看该回顾或已到期的"),
    sort: str = Query("-drafted", max_length=12, description="title、project、ends、review、drafted，前面加 - 倒排"),
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    listed = list_agreements(
        actor_of(request), timezone.now(), words=q, kind=kind or "", state=state or "", project=project, body=body,
        due=due, sort=sort, page=page, size=PAGE_SIZE,
    )  # fmt: skip
    return listed_answer(listed, row)


@router.post("", response={201: AgreementAnswer}, summary="起草意向书", operation_id="agreements_draft")
def agreement_draft(request: HttpRequest, wanted: AgreementDraftRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    mine = bodies_to_draft_for(actor, now)
    own = mine.first() if wanted.body is None else get_object_or_404(mine, pk=wanted.body)
    if own is None:
        raise NotAllowed
    partners = [get_object_or_404(sides_named(""), pk=key) for key in wanted.partners]
    project = get_object_or_404(projects_seen_by(actor, now), pk=wanted.project)
    form, months = form_named(own, wanted.kind, wanted.form, day)
    made = draft_agreement(
        project=project, bodies=[own, *partners], kind=wanted.kind, form=form,
        starts_on=wanted.starts_on or max(day, project.starts_on), ends_on=wanted.ends_on or project.ends_on,
        review_months=months or REVIEW_MONTHS, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, whole(_seen(actor, made.pk), actor, now))


@router.get("/waiting", response=list[AgreementWaiting], summary="等我办的意向书", operation_id="agreements_waiting")
def agreements_waiting(request: HttpRequest) -> Any:
    found = waiting_for(actor_of(request), timezone.now())
    return [{"id": one.agreement_id, "title": one.title, "what": one.what} for one in found]


@router.get("/check/{digest}", response=AgreementCheckAnswer, summary="按摘要核验", operation_id="agreements_check")
def agreement_check(request: HttpRequest, digest: str) -> Any:
    actor = actor_of(request)
    if actor.account is not None and actor.account.administrator:
        raise NotFound
    version = signed_version(digest)
    if version is None:
        raise NotFound
    found = verified(version)
    return {
        "title": version.agreement.title, "state": version.agreement.state, "computed": found.computed,
        "is_sound": found.is_sound,
    }  # fmt: skip


@router.get("/{agreement_id}", response=AgreementAnswer, summary="一份意向书", operation_id="agreements_detail")
def agreement_detail(request: HttpRequest, agreement_id: int) -> Any:
    actor = actor_of(request)
    return whole(_seen(actor, agreement_id), actor, timezone.now())


@router.get(
    "/{agreement_id}/versions", response=list[AgreementVersionRow], summary="历次文本",
    operation_id="agreements_versions",
)  # fmt: skip
def agreement_versions(request: HttpRequest, agreement_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    if not SEE_NEGOTIATION.allows(actor, agreement, at=now):
        raise NotFound
    return [version_row(version) for version in versions_of(agreement)]


@router.post(
    "/{agreement_id}/versions", response={201: AgreementAnswer}, summary="改文本", operation_id="agreements_revise"
)
def agreement_revise(request: HttpRequest, agreement_id: int, wanted: AgreementTextRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    known = content_of(version_on_table(agreement))
    revise(
        agreement=agreement, party=_side(agreement, actor, wanted.side), content=content_asked(wanted, known),
        base=wanted.base, note_text=wanted.note, consents=wanted.consents, actor=actor, at=now,
        safety_officer=agreement.safety_officer,
    )  # fmt: skip
    return Status(201, whole(_seen(actor, agreement_id), actor, now))


@router.post(
    "/{agreement_id}/comments",
    response={201: AgreementAnswer},
    summary="提意见或回复",
    operation_id="agreements_comment",
)
def agreement_comment(request: HttpRequest, agreement_id: int, wanted: AgreementCommentRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    answered = None
    if wanted.reply_to is not None:
        answered = get_object_or_404(AgreementComment, pk=wanted.reply_to, agreement=agreement)
    comment(
        agreement=agreement, party=_side(agreement, actor, wanted.side), text=wanted.text, section=wanted.section,
        reply_to=answered, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, whole(agreement, actor, now))


@router.post(
    "/{agreement_id}/comments/{comment_id}/settle", response=AgreementAnswer, summary="意见办结或重新打开",
    operation_id="agreements_settle",
)  # fmt: skip
def agreement_settle(request: HttpRequest, agreement_id: int, comment_id: int, wanted: AgreementSettleRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    rows = AgreementComment.objects.select_related("agreement")
    remark = get_object_or_404(rows, pk=comment_id, agreement=agreement, reply_to=None)
    side = _side(agreement, actor, wanted.side)
    settle_comment(remark=remark, party=side, is_settled=wanted.is_settled, actor=actor, at=now)
    return whole(agreement, actor, now)


@router.post("/{agreement_id}/consent", response=AgreementAnswer, summary="同意文本", operation_id="agreements_consent")
def agreement_consent(request: HttpRequest, agreement_id: int, wanted: AgreementWanted) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    side = _side(agreement, actor, wanted.side)
    consent(agreement=agreement, party=side, number=wanted.number, actor=actor, at=now)
    return whole(_seen(actor, agreement_id), actor, now)


@router.post(
    "/{agreement_id}/consent/withdraw", response=AgreementAnswer, summary="撤回同意",
    operation_id="agreements_consent_withdraw",
)  # fmt: skip
def agreement_consent_withdraw(request: HttpRequest, agreement_id: int, wanted: AgreementSideRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    withdraw_consent(agreement=agreement, party=_side(agreement, actor, wanted.side), actor=actor, at=now)
    return whole(agreement, actor, now)


@router.post(
    "/{agreement_id}/call-off", response=AgreementAnswer, summary="取消意向书", operation_id="agreements_call_off"
)
def agreement_call_off(request: HttpRequest, agreement_id: int, wanted: AgreementSideRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    call_off(agreement=agreement, party=_side(agreement, actor, wanted.side), actor=actor, at=now)
    return whole(_seen(actor, agreement_id), actor, now)


@router.post(
    "/{agreement_id}/signer", response=AgreementAnswer, summary="授权签字人", operation_id="agreements_authorize"
)
def agreement_authorize(request: HttpRequest, agreement_id: int, wanted: AgreementSignerRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    side = _of(acting_of(agreement, actor, now).names, wanted.side)
    person = get_object_or_404(people_of_side(side, local_day(now)), pk=wanted.person)
    authorize_signer(party=side, person=person, document=wanted.document, actor=actor, at=now)
    return whole(agreement, actor, now)


@router.post(
    "/{agreement_id}/signer/withdraw", response=AgreementAnswer, summary="收回签字授权",
    operation_id="agreements_authorize_withdraw",
)  # fmt: skip
def agreement_authorize_withdraw(request: HttpRequest, agreement_id: int, wanted: AgreementSideRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    side = _of(acting_of(agreement, actor, now).names, wanted.side)
    rows = side.authorizations.select_related("party__agreement")
    withdraw_authorization(authorization=get_object_or_404(rows, withdrawn_at=None), actor=actor, at=now)
    return whole(agreement, actor, now)


@router.post("/{agreement_id}/sign", response=AgreementAnswer, summary="签字", operation_id="agreements_sign")
def agreement_sign(request: HttpRequest, agreement_id: int, wanted: AgreementSignRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    side = _of(acting_of(agreement, actor, now).signs, wanted.side)
    sign(agreement=agreement, party=side, digest=wanted.digest, actor=actor, at=now)
    return whole(_seen(actor, agreement_id), actor, now)


@router.post("/{agreement_id}/refuse", response=AgreementAnswer, summary="拒签", operation_id="agreements_refuse")
def agreement_refuse(request: HttpRequest, agreement_id: int, wanted: AgreementReasonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    side = _of(acting_of(agreement, actor, now).signs, wanted.side)
    refuse_to_sign(agreement=agreement, party=side, reason=wanted.reason, actor=actor, at=now)
    return whole(_seen(actor, agreement_id), actor, now)


@router.get(
    "/{agreement_id}/goals", response=list[AgreementGoalRow], summary="目标与进度", operation_id="agreements_goals"
)
def agreement_goals(request: HttpRequest, agreement_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return [goal_row(state) for state in goal_states(_seen(actor, agreement_id), local_day(now))]


@router.post(
    "/{agreement_id}/goals/{goal_id}/readings", response={201: AgreementGoalRow}, summary="登记目标数值",
    operation_id="agreements_read_goal",
)  # fmt: skip
def agreement_read_goal(
    request: HttpRequest, agreement_id: int, goal_id: int, wanted: AgreementReadingRequest
) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    goal = get_object_or_404(AgreementGoal.objects.select_related("agreement"), pk=goal_id, agreement=agreement)
    corrects = None
    if wanted.corrects is not None:
        corrects = get_object_or_404(GoalReading, pk=wanted.corrects, goal=goal)
    read_goal(
        goal=goal, party=_side(agreement, actor, wanted.side), value=wanted.value, day=wanted.day or local_day(now),
        evidence=wanted.evidence, corrects=corrects, actor=actor, at=now,
    )  # fmt: skip
    state = next(state for state in goal_states(agreement, local_day(now)) if state.goal.pk == goal.pk)
    return Status(201, goal_row(state))


@router.post(
    "/{agreement_id}/reviews", response={201: AgreementAnswer}, summary="记回顾", operation_id="agreements_review"
)
def agreement_review(request: HttpRequest, agreement_id: int, wanted: AgreementReviewRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    review_agreement(
        agreement=agreement, party=_side(agreement, actor, wanted.side), held_on=wanted.held_on or local_day(now),
        conclusion=wanted.conclusion, actor=actor, at=now,
        findings={one.goal: Finding(one.verdict, one.text) for one in wanted.findings},
    )  # fmt: skip
    return Status(201, whole(_seen(actor, agreement_id), actor, now))


@router.post(
    "/{agreement_id}/supplement", response={201: AgreementAnswer}, summary="订补充协议",
    operation_id="agreements_supplement",
)  # fmt: skip
def agreement_supplement(request: HttpRequest, agreement_id: int, wanted: AgreementTermRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    made = draft_supplement(
        agreement=agreement, party=_side(agreement, actor, wanted.side), starts_on=wanted.starts_on or local_day(now),
        ends_on=wanted.ends_on, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, whole(_seen(actor, made.pk), actor, now))


@router.post("/{agreement_id}/end", response=AgreementAnswer, summary="终止或提出终止", operation_id="agreements_end")
def agreement_end(request: HttpRequest, agreement_id: int, wanted: AgreementEndRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    finals: dict[int, Decimal] = {one.goal: one.value for one in wanted.finals}
    end_agreement(
        agreement=agreement, party=_side(agreement, actor, wanted.side), kind=wanted.kind, summary=wanted.summary,
        reason=wanted.reason, last_day=wanted.last_day, finals=finals, actor=actor, at=now,
    )  # fmt: skip
    return whole(_seen(actor, agreement_id), actor, now)


@router.post(
    "/{agreement_id}/endings/{ending_id}/{answer}", response=AgreementAnswer, summary="答复终止提议",
    operation_id="agreements_answer_ending",
)  # fmt: skip
def agreement_answer_ending(
    request: HttpRequest, agreement_id: int, ending_id: int, answer: Literal["agree", "decline", "withdraw"],
    wanted: AgreementReasonRequest,
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    agreement = _seen(actor, agreement_id)
    rows = AgreementEnding.objects.select_related("agreement", "party")
    ending = get_object_or_404(rows, pk=ending_id, agreement=agreement)
    side = _side(agreement, actor, wanted.side)
    if answer == "withdraw":
        withdraw_ending(ending=ending, actor=actor, at=now)
    elif answer == "agree":
        agree_to_ending(ending=ending, party=side, actor=actor, at=now)
    else:
        decline_ending(ending=ending, party=side, reason=wanted.reason, actor=actor, at=now)
    return whole(_seen(actor, agreement_id), actor, now)


@router.get("/{agreement_id}/print.{form}", summary="意向书文件", operation_id="agreements_print")
def agreement_print(request: HttpRequest, agreement_id: int, form: PaperForm) -> HttpResponse:
    agreement = _seen(actor_of(request), agreement_id)
    version = version_on_table(agreement)
    today: date = local_day(timezone.now())
    document = agreement_document(agreement, version, side_states(agreement, version), printed_on=today)
    return paper_answer(request, document, form, source=agreement)


def _seen(actor: Person, agreement_id: int) -> Agreement:
    rows = agreements_seen_by(actor, timezone.now()).select_related("project", "supplements", "safety_officer")
    return get_object_or_404(rows, pk=agreement_id)


def _side(agreement: Agreement, actor: Person, asked: int | None) -> AgreementParty:
    """Return the side that the actor speaks for: the one asked for, else the first."""
    return _of(acting_of(agreement, actor, timezone.now()).acts, asked)


def _of(sides: tuple[AgreementParty, ...], asked: int | None) -> AgreementParty:
    found = next((side for side in sides if asked is None or side.pk == asked), None)
    if found is None:
        raise NotAllowed
    return found
