"""What calls about agreements send and get."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named, named
from ronghe.domain.agreements.calc import checks
from ronghe.domain.agreements.calc.content import Content, Goal, Section, spelled
from ronghe.domain.agreements.enums import (
    AgreementKind,
    AgreementState,
    Better,
    EndingKind,
    EndingState,
    GoalHead,
    SigningRole,
    Verdict,
)
from ronghe.domain.agreements.models import Agreement, AgreementVersion
from ronghe.domain.agreements.rules import SEE_NEGOTIATION
from ronghe.domain.agreements.selectors.goals import GoalState
from ronghe.domain.agreements.selectors.negotiation import (
    SideState,
    Thread,
    content_of,
    side_states,
    threads_of,
    version_on_table,
)
from ronghe.domain.org.models import Person

MOST_ID = 2**62


class AgreementSideName(Schema):
    id: int = Field(description="这一方的编号，办事时作 side")
    name: str
    body: Named


class AgreementRow(Schema):
    id: int
    title: str
    kind: AgreementKind = Field(description="letter_of_intent 联创共建合作意向书；safety 安全管理协议")
    state: AgreementState = Field(
        description="negotiating 协商中；signing 待签字；in_force 生效；ended 已终止；called_off 已取消"
    )
    project: Named
    supplements: int | None = Field(description="补充的是哪一份")
    sides: list[AgreementSideName]
    starts_on: date
    ends_on: date
    valid_from: date | None
    review_on: date | None = Field(description="下次回顾")


class AgreementSection(Schema):
    id: str = Field("", max_length=40, description="新写的一节不用给")
    title: str = Field(max_length=checks.LONGEST_SECTION_TITLE)
    text: str = Field(max_length=checks.LONGEST_SECTION)


class AgreementGoalText(Schema):
    id: str = Field("", max_length=40, description="新写的目标不用给")
    head: GoalHead = Field(description="party_building 党的建设；project 项目攻关；ideology 政治思想")
    title: str = Field(max_length=checks.LONGEST_TITLE)
    unit: str = Field(max_length=checks.LONGEST_UNIT)
    better: Better
    baseline: Decimal = Field(max_digits=14, decimal_places=4)
    target: Decimal = Field(max_digits=14, decimal_places=4)
    due_on: date


class AgreementSideState(AgreementSideName):
    consented: bool = Field(description="同意现在这一稿")
    signed_by: Named | None
    signed_as: SigningRole | None
    signed_at: datetime | None
    refused_because: str


class AgreementRemark(Schema):
    id: int
    number: int = Field(description="对第几稿")
    section: str
    side: str
    by: Named
    at: datetime
    text: str
    is_settled: bool
    replies: list[str]


class AgreementEndingRow(Schema):
    id: int
    kind: EndingKind
    state: EndingState
    last_day: date
    reason: str
    summary: str


class AgreementAnswer(AgreementRow):
    number: int = Field(description="现在是第几稿")
    digest: str
    preamble: str
    sections: list[AgreementSection]
    goals: list[AgreementGoalText]
    review_months: int
    safety_officer: str
    states: list[AgreementSideState]
    remarks: list[AgreementRemark] = Field(description="只有各方看得到")
    endings: list[AgreementEndingRow]
    summary: str


class AgreementVersionRow(Schema):
    number: int
    digest: str
    side: str
    by: Named
    at: datetime
    note: str
    refused_because: str


class AgreementGoalRow(Schema):
    id: int
    head: GoalHead
    title: str
    unit: str
    better: Better
    baseline: Decimal
    target: Decimal
    now: Decimal | None
    final: Decimal | None
    share: Decimal | None = Field(description="走完全程的百分之几，一位小数")
    due_on: date
    is_overdue: bool
    suggested: Verdict


class AgreementWaiting(Schema):
    id: int
    title: str
    what: str = Field(description="consent 等同意；signature 等签字；review 等回顾；ending 等答复终止；over 期满待结")


class AgreementCheckAnswer(Schema):
    title: str
    state: AgreementState
    computed: str = Field(description="现存文本重新算出的摘要")
    is_sound: bool = Field(description="与签字一致")


class AgreementSideRequest(Schema):
    side: int | None = Field(None, le=MOST_ID, description="代表哪一方；只代表一方时不用给")


class AgreementDraftRequest(Schema):
    project: int = Field(le=MOST_ID)
    kind: AgreementKind = AgreementKind.LETTER_OF_INTENT
    body: int | None = Field(None, le=MOST_ID, description="代表哪个党组织起草")
    partners: list[int] = Field(min_length=1, max_length=9, description="其他各方的党组织")
    form: str | None = Field(None, max_length=64, description="范本编号；空串为通用文本，不给为本组织采用的范本")
    starts_on: date | None = None
    ends_on: date | None = Field(None, description="不给为项目计划完工日期")


class AgreementTextRequest(AgreementSideRequest):
    base: int = Field(ge=1, le=30_000, description="在第几稿上改")
    title: str = Field(max_length=checks.LONGEST_TITLE)
    preamble: str = Field("", max_length=checks.LONGEST_PREAMBLE)
    sections: list[AgreementSection] = Field(max_length=checks.MOST_SECTIONS)
    goals: list[AgreementGoalText] = Field(max_length=checks.MOST_GOALS)
    starts_on: date
    ends_on: date
    review_months: int = Field(ge=checks.FEWEST_MONTHS, le=checks.MOST_MONTHS)
    note: str = Field("", max_length=200)
    consents: bool = Field(False, description="本方同意此稿")


class AgreementCommentRequest(AgreementSideRequest):
    text: str = Field(max_length=600)
    section: str = Field("", max_length=60, description="section:编号、goal:编号、preamble，空串为全文")
    reply_to: int | None = Field(None, le=MOST_ID)


class AgreementWanted(AgreementSideRequest):
    number: int = Field(ge=1, le=30_000, description="同意第几稿")


class AgreementSignerRequest(AgreementSideRequest):
    person: int = Field(le=MOST_ID)
    document: str = Field(max_length=120, description="授权书名称或文号")


class AgreementSignRequest(AgreementSideRequest):
    digest: str = Field(max_length=64, description="看过的文本的摘要")


class AgreementSettleRequest(AgreementSideRequest):
    is_settled: bool = Field(True, description="false 为重新打开")


class AgreementReasonRequest(AgreementSideRequest):
    reason: str = Field("", max_length=400)


class AgreementReadingRequest(AgreementSideRequest):
    value: Decimal = Field(max_digits=14, decimal_places=4)
    day: date | None = Field(None, description="不给为今天")
    evidence: str = Field("", max_length=300)
    corrects: int | None = Field(None, le=MOST_ID, description="更正哪一条")


class AgreementFinding(Schema):
    goal: int
    verdict: Verdict | None = Field(None, description="不给按数值判断")
    text: str = Field("", max_length=400)


class AgreementReviewRequest(AgreementSideRequest):
    held_on: date | None = Field(None, description="不给为今天")
    conclusion: str = Field(max_length=1000)
    findings: list[AgreementFinding] = Field(default_factory=list, max_length=60)


class AgreementTermRequest(AgreementSideRequest):
    starts_on: date | None = Field(None, description="不给为今天")
    ends_on: date


class AgreementFinal(Schema):
    goal: int
    value: Decimal = Field(max_digits=14, decimal_places=4)


class AgreementEndRequest(AgreementSideRequest):
    kind: EndingKind = Field(description="term_over 期满；both_agree 各方同意终止；broken_off 单方终止")
    last_day: date | None = Field(None, description="不给为今天，期满的不用给")
    summary: str = Field("", max_length=2000)
    reason: str = Field("", max_length=400)
    finals: list[AgreementFinal] = Field(default_factory=list, max_length=60, description="不给按最近一次数值")


def row(agreement: Agreement) -> dict[str, Any]:
    names = ("title", "kind", "state", "starts_on", "ends_on", "valid_from", "review_on")
    return {name: getattr(agreement, name) for name in names} | {
        "id": agreement.pk, "project": named(agreement.project), "supplements": agreement.supplements_id,
        "sides": [{"id": side.pk, "name": side.name, "body": named(side.body)} for side in agreement.sides],
    }  # fmt: skip


def whole(agreement: Agreement, actor: Person, at: datetime) -> dict[str, Any]:
    """Return the agreement with the text on the table; what the sides say to each other only to those who may see it."""
    version = version_on_table(agreement)
    content = content_of(version)
    sees = SEE_NEGOTIATION.allows(actor, agreement, at=at)
    return row(agreement) | {
        "number": version.number, "digest": version.digest, "preamble": content.preamble,
        "sections": [{"id": one.id, "title": one.title, "text": one.text} for one in content.sections],
        "goals": [{name: getattr(one, name) for name in ("id", "head", "title", "unit", "better", "baseline", "target", "due_on")} for one in content.goals],
        "review_months": content.review_months, "safety_officer": content.safety_officer,
        "states": [_side(state) for state in side_states(agreement, version)],
        "remarks": [_remark(thread) for thread in threads_of(agreement)] if sees else [],
        "endings": [{name: getattr(one, name) for name in ("kind", "state", "last_day", "reason", "summary")} | {"id": one.pk} for one in agreement.endings.order_by("pk")] if agreement.is_binding else [],
        "summary": agreement.summary,
    }  # fmt: skip


def version_row(version: AgreementVersion) -> dict[str, Any]:
    refusal = getattr(version, "refusal", None)
    return {
        "number": version.number, "digest": version.digest, "side": version.party.name, "by": named(version.made_by),
        "at": version.made_at, "note": version.note, "refused_because": refusal.reason if refusal else "",
    }  # fmt: skip


def goal_row(state: GoalState) -> dict[str, Any]:
    goal = state.goal
    numbers = {"baseline": goal.baseline, "target": goal.target, "now": state.now, "final": goal.final}
    names = ("head", "title", "unit", "better", "due_on")
    return {name: getattr(goal, name) for name in names} | {
        "id": goal.pk, "share": state.share, "is_overdue": state.is_overdue, "suggested": state.suggested,
        **{name: None if number is None else Decimal(spelled(number)) for name, number in numbers.items()},
    }  # fmt: skip


def content_asked(wanted: AgreementTextRequest, known: Content) -> Content:
    """Return the content as it was sent; an id that the version on the table does not have is made anew."""
    sections, goals = {one.id for one in known.sections}, {one.id for one in known.goals}
    return Content(
        kind=known.kind, title=wanted.title, project=known.project, sides=known.sides,
        starts_on=wanted.starts_on, ends_on=wanted.ends_on, review_months=wanted.review_months,
        preamble=wanted.preamble,
        sections=tuple(Section(_id(one.id, sections), one.title, one.text) for one in wanted.sections),
        goals=tuple(
            Goal(_id(one.id, goals), one.head.value, one.title, one.unit, one.better.value,
                 one.baseline, one.target, one.due_on)
            for one in wanted.goals
        ),
    )  # fmt: skip


def _id(sent: str, known: set[str]) -> str:
    return sent if sent in known else uuid4().hex[:12]


def _side(state: SideState) -> dict[str, Any]:
    side, signature = state.party, state.signature
    return {
        "id": side.pk, "name": side.name, "body": named(side.body), "consented": state.consent is not None,
        "signed_by": named(signature.signer) if signature else None, "signed_as": signature.role if signature else None,
        "signed_at": signature.signed_at if signature else None,
        "refused_because": state.refusal.reason if state.refusal else "",
    }  # fmt: skip


def _remark(thread: Thread) -> dict[str, Any]:
    head = thread.head
    return {
        "id": head.pk, "number": head.number, "section": head.section, "side": head.party.name,
        "by": named(head.made_by), "at": head.made_at, "text": head.text, "is_settled": thread.is_settled,
        "replies": [reply.text for reply in thread.replies],
    }  # fmt: skip
