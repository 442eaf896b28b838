"""What the API of call-ups takes and answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.carriers.enums import Answer, CallState, NeedKind, NeedState, Occasion, TeamState


class RosterAct(StrEnum):
    COMING = "coming"
    CANNOT = "cannot"
    HERE = "here"
    NOT_HERE = "not-here"


class CallUpRow(Schema):
    id: int
    occasion: Occasion
    what: str
    place: str
    rally_place: str
    rally_at: datetime
    body: Named
    commander: Named
    state: CallState
    called_at: datetime
    called: int = Field(description="叫到几人")
    arrived: int
    coming: int
    cannot: int
    silent: int = Field(description="没有应答的人数")


class CallTeamRow(Schema):
    id: int
    team: Named
    state: TeamState
    note: str


class CallPersonRow(Schema):
    id: int
    person: Named
    team: Named
    answer: Answer
    reason: str
    answered_at: datetime | None
    answered_by: Named | None
    arrived_at: datetime | None
    arrived_by: Named | None
    hours: Decimal = Field(description="值守时数，准确到刻")


class CallShiftPerson(Schema):
    id: int
    person: Named
    is_lead: bool
    starts_at: datetime
    ends_at: datetime
    is_held: bool | None
    in_row: Decimal = Field(description="到这一班为止连续几小时")


class CallShift(Schema):
    id: int
    number: int
    starts_at: datetime
    ends_at: datetime
    note: str
    handed_by: Named | None
    taken_by: Named | None
    is_closed: bool
    people: list[CallShiftPerson]


class CallLine(Schema):
    id: int
    happened_at: datetime
    text: str
    corrects: int | None
    by: Named
    pictures: int


class CallNeedRow(Schema):
    id: int
    kind: NeedKind
    what: str
    quantity: int
    unit: str
    state: NeedState
    how: str
    booking: int | None


class CallUpAnswer(CallUpRow):
    teams: list[CallTeamRow]
    roster: list[CallPersonRow]
    shifts: list[CallShift]
    log: list[CallLine]
    needs: list[CallNeedRow]
    result: str
    saved: str
    saved_yuan: Decimal | None
    injuries: int | None
    people: int | None
    hours: Decimal | None
    verified_by: Named | None


class CallUpRequest(Schema):
    teams: list[int] = Field(max_length=12)
    occasion: Occasion
    place: str = Field(max_length=80)
    what: str = Field("", max_length=120)
    rally_place: str = Field("", max_length=80, description="不写就在现场")
    rally_at: datetime | None = Field(None, description="不写就按参数 callup_rally_minutes")


class CallReason(Schema):
    reason: str = Field("", max_length=120)


class CallTeamRequest(Schema):
    team: int


class CallTeamReply(Schema):
    sends: bool
    note: str = Field("", max_length=200)


class CallCommandRequest(Schema):
    person: int


class CallLineRequest(Schema):
    text: str = Field(max_length=400)
    happened_at: datetime | None = None
    corrects: int | None = None


class CallNeedRequest(Schema):
    kind: NeedKind
    what: str = Field(max_length=120)
    quantity: int = Field(1, ge=1, le=100_000)
    unit: str = Field("", max_length=12)


class CallNeedSettling(Schema):
    is_met: bool = True
    how: str = Field("", max_length=200)
    team: int | None = Field(None, description="请这支队伍支援")
    item: int | None = Field(None, description="从共享资源里订这一项")
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    quantity: int = Field(1, ge=1, le=1000)


class CallPlanRequest(Schema):
    length_hours: int = Field(12, ge=1, le=24)
    count: int = Field(2, ge=1, le=21)
    starts_at: datetime | None = None
    people: list[int] = Field(default_factory=list, max_length=500, description="名单里的编号；不写就是全部到位的人")


class CallSpanRequest(Schema):
    starts_at: datetime
    ends_at: datetime


class CallOnShiftRequest(Schema):
    row: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class CallCorrection(CallSpanRequest):
    is_held: bool
    reason: str = Field(max_length=200)


class CallNote(Schema):
    note: str = Field("", max_length=400)


class CallOutcome(Schema):
    result: str = Field(max_length=1000)
    saved: str = Field("", max_length=400)
    saved_yuan: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2)
    injuries: int = Field(0, ge=0, le=10_000)
    injury_note: str = Field("", max_length=400)


class CallVerdict(Schema):
    agrees: bool
    note: str = Field("", max_length=400)
