"""What the carriers' API takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from ronghe.api.v1.shapes import Named
from ronghe.domain.carriers.enums import CarrierState, CarrierType, Direction, EndReason, Part, ReviewGrade


class CarrierRow(Schema):
    id: int
    type: CarrierType
    name: str
    body: Named
    zone: Named | None
    project: Named | None
    lead: Named
    place: str
    state: CarrierState
    from_on: date
    until_on: date = Field(description="不含当天")
    review_on: date | None = Field(description="下次评议的日子")
    kept: int = Field(description="已兑现的承诺")
    not_kept: int
    still_open: int


class CarrierPromise(Schema):
    id: int
    item: int = Field(description="事项编号，评定走 /work/items")
    number: int
    title: str
    measure: str
    due_at: datetime | None
    owner: Named | None
    state: str
    target: str | None
    unit: str | None
    direction: str | None
    actual: str | None


class CarrierPart(Schema):
    id: int
    person: Named
    part: Part
    duty: str
    valid_from: date
    valid_until: date | None


class CarrierRecord(Schema):
    source_type: str
    source_id: int
    name: str


class CarrierResultRow(Schema):
    id: int
    text: str
    figure: Decimal | None
    unit: str
    by: Named
    at: datetime
    is_taken_back: bool
    records: list[CarrierRecord]


class CarrierReviewRow(Schema):
    grade: ReviewGrade
    text: str
    kept: int
    not_kept: int
    still_open: int
    by: Named
    at: datetime


class CarrierAnswer(CarrierRow):
    values: dict[str, Any] = Field(description="这一类载体自己的内容")
    promises: list[CarrierPromise]
    people: list[CarrierPart]
    results: list[CarrierResultRow]
    reviews: list[CarrierReviewRow]


class CarrierBoardCard(Schema):
    carrier: CarrierRow
    people: int
    promises: list[CarrierPromise]


class CarrierLoad(Schema):
    person: Named
    carriers: list[Named]
    promises: int = Field(description="践诺中的承诺")
    hours: Decimal = Field(description="今年值守时数")


class PromiseRequest(Schema):
    title: str = Field(max_length=120)
    measure: str = Field(max_length=400, description="怎样算兑现")
    due_on: date = Field(description="到这一天为止，含当天")
    target: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    unit: str = Field("", max_length=12)
    direction: Direction = Direction.AT_LEAST


class CarrierTextRequest(Schema):
    name: str = Field(max_length=60)
    from_on: date
    until_on: date
    lead: int
    values: dict[str, Any] = Field(default_factory=dict)
    place: str = Field("", max_length=80)
    zone: int | None = None
    project: int | None = None
    force: int | None = None


class CarrierPersonRequest(Schema):
    person: int
    part: Part = Part.MEMBER
    duty: str = Field("", max_length=120)


class CarrierRequest(CarrierTextRequest):
    type: CarrierType
    body: int
    people: list[CarrierPersonRequest] = Field(default_factory=list, max_length=200)
    promises: list[PromiseRequest] = Field(max_length=12)


class CarrierReasonRequest(Schema):
    reason: str = Field(max_length=200)


class RecordRequest(Schema):
    source_type: str = Field(max_length=48)
    source_id: int


class PromiseReportRequest(Schema):
    note: str = Field(max_length=1000)
    actual: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    records: list[RecordRequest] = Field(default_factory=list, max_length=50)


class CarrierResultRequest(Schema):
    text: str = Field(max_length=400)
    figure: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    unit: str = Field("", max_length=12)
    records: list[RecordRequest] = Field(default_factory=list, max_length=50)


class CarrierReviewRequest(Schema):
    grade: ReviewGrade
    text: str = Field(max_length=400)


class CarrierRenewRequest(Schema):
    until_on: date
    note: str = Field("", max_length=200)


class CarrierEndRequest(Schema):
    reason: EndReason
    note: str = Field(max_length=400)
