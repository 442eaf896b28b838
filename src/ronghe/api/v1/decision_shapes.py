"""What the calls of 议事决策 take and answer."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.decisions.enums import (
    Category,
    Forum,
    Governs,
    Layer,
    Majority,
    MajorityOf,
    MatterState,
    Outcome,
    Progress,
    Purpose,
    Rhythm,
    Share,
)
from ronghe.domain.rhythm.enums import VoteMethod

MOST = 9_999
"""Votes of one meeting at most."""


class MatterRow(Schema):
    id: int
    title: str
    body: Named
    category: Category
    forum: Forum = Field(description="谁决定")
    state: MatterState
    list_version: int | None = Field(description="按清单第几版；清单以外的没有")
    raised_by: Named
    raised_at: datetime
    decided_on: date | None
    due_on: date | None
    parts: int = Field(description="分解成几项任务")
    parts_done: int
    is_late: bool = Field(description="有逾期的任务")


class MatterSittingRow(Schema):
    purpose: Purpose
    forum: Forum
    held_on: date
    activity: int | None
    document: str
    outcome: Outcome | None
    decision: str
    entitled: int | None = Field(description="应到，不含回避的人")
    avoided: int | None
    present: int | None
    votes_for: int | None
    votes_against: int | None
    votes_abstained: int | None


class MatterPartRow(Schema):
    id: int
    task: int
    title: str
    assignee: Named
    due_at: datetime
    state: str
    is_overdue: bool


class MatterAvoidanceRow(Schema):
    id: int
    person: Named
    reason: str


class MatterAnswer(Schema):
    id: int
    title: str
    body: Named
    summary: str
    state: MatterState
    departures: list[str] = Field(description="例外：outside_list、wrong_forum、no_study、urgent")
    sittings: list[MatterSittingRow]
    parts: list[MatterPartRow]
    avoidances: list[MatterAvoidanceRow]
    papers: list[str] = Field(description="上会材料的文件名")


class ListEntryRow(Schema):
    id: int
    body: Named
    key: int = Field(description="各版不变的号，章程条款按它连")
    title: str
    category: Category
    own_category: str = Field(description="类别是其他时的名称")
    forum: Forum
    needs_study: bool
    needs_legal_check: bool
    preparer: str
    consulted: str = Field(description="先听取谁的意见")
    quorum: str
    majority: str
    majority_of: str
    vote_method: VoteMethod
    basis: str


class DecisionListRow(Schema):
    id: int
    body: Named
    number: int
    state: str
    document: str
    size: int = Field(description="几个事项")


class DecisionListAnswer(DecisionListRow):
    entries: list[ListEntryRow]


class RulesRow(Schema):
    id: int
    body: Named
    number: int
    state: str
    document: str
    quorum: str
    majority: str
    majority_of: str
    notice_days: int = Field(description="议题提前几天通知，自然日")
    observers: str
    avoids: bool
    allows_urgent: bool
    urgent_words: str


class LineRecordRow(Schema):
    id: int
    done_on: date
    text: str


class SheetLineRow(Schema):
    id: int
    layer: str
    person: Named
    title: str
    field: str = Field(description="分管领域")
    mechanism: str
    rhythm: str
    evidence: str
    state: str = Field(description="最要紧的一期：missed、due、late、done、waived、upcoming")
    done: int
    begun: int
    records: list[LineRecordRow] = Field(description="没有对应制度的，记过哪些办结")


class ResponsibilitySheetRow(Schema):
    id: int
    body: Named
    year: int
    number: int
    state: str
    size: int


class LeaderRow(Schema):
    person: Named
    research: int = Field(description="调研走访次数")
    reports: int = Field(description="听取汇报次数")
    lectures: int = Field(description="讲授党课次数")


class GovernedRow(Schema):
    id: int
    governs: Governs
    title: str


class ClauseRow(Schema):
    id: int
    label: str
    text: str
    governed: list[GovernedRow]


class CharterRow(Schema):
    id: int
    body: Named
    number: int
    state: str
    title: str
    document: str
    size: int = Field(description="几条")


class CharterAnswer(CharterRow):
    clauses: list[ClauseRow]


class CharterCoverage(Schema):
    idle: list[str] = Field(description="没有管着任何事的条款")
    baseless: list[str] = Field(description="没有依据的事项")


class DecisionMatterRequest(Schema):
    body: int
    entry: int | None = Field(None, description="清单里的事项；没有的要写 outside_reason")
    title: str = Field("", max_length=120)
    summary: str = Field("", max_length=4000)
    category: Category = Category.DECISION
    forum: Forum = Forum.PARTY_COMMITTEE
    outside_reason: str = Field("", max_length=200)


class MatterChecksRequest(Schema):
    legal_checked_by: str = Field("", max_length=60)
    legal_opinion: str = Field("", max_length=400)
    consulted_note: str = Field("", max_length=400)


class MatterScheduleRequest(Schema):
    activity: int
    purpose: Purpose = Purpose.DECIDE
    reason: str = Field("", max_length=200, description="例外的原因")


class MatterDissentRequest(Schema):
    person: int
    text: str = Field(max_length=300)


class MatterSettleRequest(Schema):
    decision: str = Field(max_length=400)
    votes_for: int = Field(ge=0, le=MOST)
    votes_against: int = Field(0, ge=0, le=MOST)
    votes_abstained: int = Field(0, ge=0, le=MOST)
    method: VoteMethod | None = None
    dissents: list[MatterDissentRequest] = Field(default_factory=list)


class MatterElsewhereRequest(Schema):
    forum: Forum
    held_on: date
    document: str = Field(max_length=120)
    decision: str = Field(max_length=400)
    is_carried: bool
    reason: str = Field("", max_length=200)


class MatterPartRequest(Schema):
    title: str = Field(max_length=120)
    assignee: int
    due_at: datetime


class MatterReportRequest(Schema):
    progress: Progress
    text: str = Field(max_length=400)
    activity: int | None = Field(None, description="向哪次会议报告")


class MatterAvoidRequest(Schema):
    person: int
    reason: str = Field(max_length=120)


class OfBodyRequest(Schema):
    body: int


class AdoptListRequest(Schema):
    document: str = Field(max_length=120, description="由哪次会议或文件通过")


class ListEntryRequest(Schema):
    title: str = Field(max_length=120)
    category: Category = Category.DECISION
    own_category: str = Field("", max_length=24, description="类别是其他时的名称")
    forum: Forum = Forum.PARTY_COMMITTEE
    needs_study: bool = False
    needs_legal_check: bool = False
    preparer: str = Field("", max_length=60)
    consulted: str = Field("", max_length=60)
    quorum: Share = Share.HALF
    majority: Majority = Majority.HALF
    majority_of: MajorityOf = MajorityOf.SHOULD
    vote_method: VoteMethod = VoteMethod.SHOW_OF_HANDS
    basis: str = Field("", max_length=160, description="文件和条款")


class RulesRequest(Schema):
    body: int
    document: str = Field(max_length=120, description="由哪次会议或文件通过")
    quorum: Share = Share.HALF
    majority: Majority = Majority.HALF
    majority_of: MajorityOf = MajorityOf.SHOULD
    notice_days: int = Field(2, ge=0, le=60, description="议题提前几天通知，自然日；0 为不要求")
    observers: str = Field("", max_length=200)
    avoids: bool = True
    allows_urgent: bool = True
    urgent_words: str = Field("", max_length=200)


class CharterRequest(Schema):
    body: int
    title: str = Field("", max_length=120, description="不写就沿用现行版的名称")


class ClauseRequest(Schema):
    label: str = Field(max_length=24, description="条号")
    text: str = Field(max_length=800)


class ClauseLinkRequest(Schema):
    governs: Governs
    reference: str = Field("", max_length=60, description="清单事项的号（key）或制度的编号；议事规则不写")


class SheetRequest(Schema):
    body: int
    year: int = Field(ge=2000, le=2999)


class SheetLineRequest(Schema):
    layer: Layer
    person: int
    title: str = Field(max_length=120)
    field: str = Field("", max_length=60, description="分管领域")
    mechanism: str = Field("", max_length=60, description="对应范本里的哪项制度")
    rhythm: Rhythm = Rhythm.QUARTER
    evidence: str = Field("", max_length=120, description="见证材料")


class LineDoneRequest(Schema):
    done_on: date
    text: str = Field(max_length=300)
