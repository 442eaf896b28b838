"""Accidents as an actor may see them, who is still to be told, and the plan by which a house reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from ronghe.domain.incidents.calc.plan import Plan, PlanUnreadableError, read_plan
from ronghe.domain.incidents.models import Accident, AccidentFigures, AccidentNotice
from ronghe.domain.incidents.rules import REPORT, SEE_ACCIDENT, TELL
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.errors import DomainError
from ronghe.kernel.inbox import Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_

SHIPPED = Path(__file__).with_name("reporting.yaml")
JOINED = ("body", "unit", "zone", "project", "area", "reported_by")


class PlanRefused(DomainError):
    code = "incident_plan_refused"
    sentence = N_("事故上报规则文件 %(name)s 读不懂：%(why)s。请管理员改好，或删去用平台自带的。")


def plan_in_force() -> Plan:
    """Return the house's plan: `reporting.yaml` in the home folder, else the shipped one.

    :raises PlanRefused: the house's file is none
    """
    own: Path = settings.HOME.root / "reporting.yaml"
    path = own if own.is_file() else SHIPPED
    try:
        return read_plan(path.read_text(encoding="utf-8"))
    except (PlanUnreadableError, OSError, UnicodeDecodeError) as error:
        raise PlanRefused(name=path.name, why=str(error)[:200]) from error


def accidents_seen_by(actor: Person, at: datetime) -> QuerySet[Accident]:
    """Return the accidents that `actor` may see, the latest first."""
    rows = SEE_ACCIDENT.narrow(actor, Accident.objects.all(), at=at)
    return rows.select_related(*JOINED, "closed_by", "withdrawn_by").order_by("-happened_at", "-pk")


def accidents_filtered(
    at: datetime, *, words: str = "", kind: str = "", grade: str = "", open_: bool = False, late: bool = False
) -> QuerySet[Any]:
    """Return accidents by these filters with how many levels are `owed` and `behind` at `at`, whoever may see them."""
    owed = Q(notices__told_at=None)
    behind = (owed & Q(notices__due_at__lt=at)) | Q(notices__told_at__gt=F("notices__due_at"))
    rows = Accident.objects.select_related(*JOINED).annotate(
        owed=Count("notices", filter=owed), behind=Count("notices", filter=behind)
    )
    if words:
        rows = rows.filter(Q(title__contains=words) | Q(place__contains=words) | Q(area__name__contains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if grade:
        rows = rows.filter(grade=grade)
    if open_:
        rows = rows.filter(closed_at=None, withdrawn_at=None)
    return rows.filter(behind__gt=0) if late else rows


def list_accidents(
    actor: Person, at: datetime, rows: QuerySet[Accident], *, order_by: Sequence[Any] = ("-happened_at",), page: int = 1,
    size: int = 20,
) -> Listed[Accident]:  # fmt: skip
    """Return one page of `rows` as far as `actor` may see them; two statements."""
    return list_seen(SEE_ACCIDENT, actor, rows, order_by=order_by, at=at, page=page, size=size)


def bodies_to_report_to(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies to which `actor` may report an accident, by name."""
    return REPORT.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def notices_of(accident: Accident) -> list[AccidentNotice]:
    """Return who is to be told of an accident, in order."""
    return list(accident.notices.select_related("told_by").order_by("number"))


def figures_of(accident: Accident) -> list[AccidentFigures]:
    """Return the figures that were reported, the latest first."""
    return list(accident.figures.select_related("by").order_by("-at", "-pk"))


def notices_owed(actor: Person, at: datetime) -> QuerySet[AccidentNotice]:
    """Return the levels that are still to be told by `actor`, the soonest first."""
    mine = TELL.narrow(actor, Accident.objects.filter(withdrawn_at=None, closed_at=None), at=at).order_by()
    rows = AccidentNotice.objects.filter(told_at=None, accident__in=mine.values("pk"))
    return rows.select_related("accident").order_by(F("due_at").asc(nulls_first=True), "number", "pk")


OWED = declare_inbox(
    Inbox("accident_notices", N_("事故上报"), "incidents", notices_owed, Topic.DECIDING,
          Says(what="title", where="accident__title", due_at="due_at", since="accident__known_at",
               args=("accident_id",)),
          page="incident_detail", weight=Weight.HEAVY, is_owed=True)
)  # fmt: skip
