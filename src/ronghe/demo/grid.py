"""The grid of the gas-transmission area: every employee has a named member, and a few requests are on their way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.organization import Field
from ronghe.domain.grid.enums import RequestKind
from ronghe.domain.grid.models import GridLiaison, GridRequest
from ronghe.domain.grid.selectors.coverage import coverage
from ronghe.domain.grid.selectors.liaisons import naming_of
from ronghe.domain.grid.services.gaps import dismiss_gap
from ronghe.domain.grid.services.liaisons import accept_naming
from ronghe.domain.grid.services.requests import (
    answer_request,
    confirm_solved,
    pass_up,
    raise_request,
    rise_overdue,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day

NAMED_IN = ("仪陇输气作业区党支部", "第一采油厂第三油矿党支部", "油建二公司第六工程部党支部")
DAYS_AGO = (20, 9, 2, 6)
HOUR = timedelta(hours=1)
TEXTS = (
    (RequestKind.SAFETY, "立山站进站阀组的防滑踏步松了，冬天结霜不好走，想请尽快修。", False),
    (RequestKind.LIVING, "站上的热水器老断电，夜班回来没热水。", False),
    (RequestKind.TRAINING, "想学压缩机振动分析，问能不能跟中心站的师傅学一段。", False),
    (RequestKind.ADVICE, "交接班填的三张表内容重复，建议合成一张。", True),
)


def show_grid(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - every step is asked alike
    """Name members in three branches, let one gap stand, and bring four requests as far as they would be."""
    for name in NAMED_IN:
        _name_members(field, name, now - timedelta(days=30))
    _dismiss_one(field, now)
    _raise_some(now)
    rise_overdue(at=now)


def _name_members(field: Field, name: str, at: datetime) -> None:
    body = PartyOrg.objects.filter(name=name, valid_until=None).first()
    if body is not None and (part := naming_of(body, local_day(at))).naming.new:
        accept_naming(body=body, digest=part.naming.digest, actor=field.clerk, at=at)


def _dismiss_one(field: Field, now: datetime) -> None:
    found = coverage(field.clerk, now)
    for row in found.standing:
        if row.gap.kind.code == "branch_at_minimum":
            dismiss_gap(
                coverage=found, key=row.gap.key, reason="12 月有 1 名预备党员转正，届时再看",
                until=local_day(now) + timedelta(days=60), actor=field.clerk, at=now,
            )  # fmt: skip
            return


def _raise_some(now: datetime) -> None:
    """The first solved, the second answered, the third passed up and waiting, the fourth unanswered past its clock."""
    named = GridLiaison.objects.filter(valid_until=None, body__name=NAMED_IN[0]).order_by("pk").values("employee_id")
    employees = Person.objects.filter(pk__in=named).order_by("pk")[: len(TEXTS)]
    raised: list[GridRequest] = []
    for employee, (kind, text, is_anonymous), days in zip(employees, TEXTS, DAYS_AGO, strict=False):
        at = now - timedelta(days=days)
        raised.append(
            raise_request(raiser=employee, kind=kind, text=text, is_anonymous=is_anonymous, actor=employee, at=at)
        )
    if len(raised) < len(TEXTS):
        return
    first, second, third, _fourth = raised
    for request, words in ((first, "已报维修班，当天加固并做了防滑条。"), (second, "配件已领，本周内换好。")):
        if request.handler is not None:
            answer_request(request=request, text=words, actor=request.handler, at=request.raised_at + 5 * HOUR)
    confirm_solved(request=first, actor=first.raiser, at=first.raised_at + 30 * HOUR)
    if third.handler is not None:
        pass_up(request=third, note="要跨站安排师傅，请支部定。", actor=third.handler, at=third.raised_at + 6 * HOUR)
