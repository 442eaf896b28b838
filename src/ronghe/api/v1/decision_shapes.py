"""What the calls of 议事决策 take and answer."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.decisions.enums import Category, Forum, MatterState, Outcome, Progress, Purpose
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


class MatterAnswer(Schema):
    id: int
    title: str
    body: Named
    summary: str
    state: MatterState
    departures: list[str] = Field(description="例外：outside_list、wrong_forum、no_study、urgent")
    sittings: list[MatterSittingRow]
    parts: list[MatterPartRow]


class ListEntryRow(Schema):
    id: int
    body: Named
    title: str
    category: Category
    forum: Forum
    needs_study: bool
    needs_legal_check: bool
    quorum: str
    majority: str
    majority_of: str
    basis: str


class DecisionListRow(Schema):
    id: int
    body: Named
    number: int
    state: str
    document: str
    size: int = Field(description="几个事项")


class SheetLineRow(Schema):
    id: int
    layer: str
    person: Named
    title: str
    mechanism: str
    rhythm: str
    state: str = Field(description="最要紧的一期：missed、due、late、done、waived、upcoming")
    done: int
    begun: int


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


class LineDoneRequest(Schema):
    done_on: date
    text: str = Field(max_length=300)
