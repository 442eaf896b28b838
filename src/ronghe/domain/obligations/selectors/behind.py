"""Who is behind, since when and why: bodies with what each misses, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet, Subquery

from ronghe.domain.obligations.calc.answering import Answer, Standing
from ronghe.domain.obligations.calc.behind import Why, why_behind
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.rules import SEE_BEHIND
from ronghe.domain.obligations.selectors.answering import Answering
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, roots
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.domain.zones.models import ShutDown
from ronghe.kernel.access.listing import COUNTED, Listed
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.db.tree import descendants, on_day


class What(StrEnum):
    """漏办, 待办, 迟办, 没有采用范本: by which of them the list is made and sorted."""

    MISSED = "missed"
    DUE = "due"
    LATE = "late"
    UNADOPTED = "unadopted"


@dataclass(frozen=True, slots=True)
class BehindLine:
    """One mechanism of one body; `since` is the first day after the oldest missed grace, else the nearest due day."""

    mechanism: str
    title: str
    role: str
    missed: int
    due: int
    late: int
    asked: int
    since: date | None
    answer: Answer
    names: list[str]


@dataclass(frozen=True, slots=True)
class BehindRow:
    """One body with the sums of its lines and the reasons that hold today."""

    body: PartyOrg
    since: date | None
    lines: list[BehindLine] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    shut_down_reason: str = ""

    @property
    def missed(self) -> int:
        return sum(line.missed for line in self.lines)

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    @property
    def late(self) -> int:
        return sum(line.late for line in self.lines)


def may_see_behind(actor: Person, at: datetime) -> bool:
    """Tell whether there is any body of which `actor` may see who is behind: asked of the posts held, without a read."""
    return any(roots(actor, grant.roles, local_day(at), "body") for grant in SEE_BEHIND.grants)


def list_behind(
    actor: Person,
    at: datetime,
    *,
    span: DaySpan,
    what: What = What.MISSED,
    below: int | None = None,
    text: str = "",
    by_since: bool = False,
    page: int = 1,
    size: int = 20,
) -> Listed[Any]:
    """Return one page of `BehindRow`, the most behind first, or with `by_since` the longest behind.

    Counted is what counts in `span`. `below` cuts to one body and what hangs on it. Four statements, whatever the size.
    """
    day = day_of(at)
    bodies = _bodies(actor, at, below, text)
    found: list[tuple[int, date | None]]
    if what is What.UNADOPTED:
        standing = Adoption.objects.filter(on_day(day), body_id=OuterRef("pk"))
        rows = bodies.filter(~Exists(standing), on_day(day)).order_by("name", "pk").values_list("pk", flat=True)
        found = [(pk, None) for pk in rows[: COUNTED + 1]]
    else:
        order = ("since", "-count", "body_id") if by_since else ("-count", "since", "body_id")
        counted = _of_kind(what, span, day).filter(body_id__in=bodies.order_by().values("pk")).order_by()
        grouped = counted.values("body_id").annotate(count=Count("pk"), since=Min(_since_of(what)))
        found = list(grouped.order_by(*order).values_list("body_id", "since")[: COUNTED + 1])
    pages = max(1, -(-min(len(found), COUNTED) // size))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * size : page * size]
    return Listed(_rows(shown, span, day), len(found), page, size)


def _bodies(actor: Person, at: datetime, below: int | None, text: str) -> QuerySet[PartyOrg]:
    rows = SEE_BEHIND.narrow(actor, PartyOrg.objects.all(), at=at)
    if below is not None:
        rows = rows.filter(pk__in=descendants(PartyOrg, [below], day=day_of(at)))
    return rows.filter(name__contains=text) if text else rows


def _of_kind(what: What, span: DaySpan, day: date) -> Any:
    rows: Any = Obligation.objects.filter(counts_on__gte=span.from_on, counts_on__lt=span.until_on)
    if what is What.LATE:
        return rows.filter(waiver=None, match__met_on__gt=F("due_on"))
    return rows.missed_on(day) if what is What.MISSED else rows.open_on(day)


def _since_of(what: What) -> str:
    return "grace_until" if what is What.MISSED else "due_on"


def _rows(shown: Sequence[tuple[int, date | None]], span: DaySpan, day: date) -> list[BehindRow]:
    ids = [pk for pk, _since in shown]
    if not ids:
        return []
    standing = Adoption.objects.filter(on_day(day), body_id=OuterRef("pk"))
    stopped = ShutDown.objects.filter(zone__body_id=OuterRef("pk"), from_on__lte=day, until_on__gt=day)
    bodies: Any = PartyOrg.objects.filter(pk__in=ids).select_related("parent")
    bodies = bodies.annotate(
        is_adopted=Exists(standing), stopped=Subquery(stopped.order_by("-from_on").values("reason")[:1])
    ).in_bulk()
    lines = _lines(ids, span, day)
    calendar = statutory_calendar()
    rows = []
    for pk, since in shown:
        body, of_body = bodies[pk], lines.get(pk, [])
        pressing = [line for line in of_body if line.missed or line.due]
        why = why_behind(
            since=since, today=day, calendar=calendar, is_adopted=body.is_adopted,
            vacant=[line.answer.is_vacant for line in pressing],
            nobody=any(line.answer.standing is Standing.NOBODY for line in pressing),
            is_asked=any(line.asked for line in of_body), is_shut_down=body.stopped is not None,
        )  # fmt: skip
        rows.append(BehindRow(body, since, of_body, why, body.stopped or ""))
    return rows


def _lines(ids: Sequence[int], span: DaySpan, day: date) -> dict[int, list[BehindLine]]:
    open_, over = Q(is_settled=False), Q(grace_until__lte=day)
    begun = Q(window_from__lte=day)
    rows: Any = Obligation.objects.filter(body_id__in=ids, counts_on__gte=span.from_on, counts_on__lt=span.until_on)
    # At most one open request names an obligation, so the join leaves every count as it is.
    waiting = FilteredRelation("requested", condition=Q(requested__is_open=True))
    grouped = (
        rows.filter(window_from__lte=day)
        .annotate(waiting=waiting)
        .order_by()
        .values("body_id", "mechanism", "version_id", "version__digest")
        .annotate(
            missed=Count("pk", filter=open_ & over),
            due=Count("pk", filter=open_ & begun & ~over),
            late=Count("pk", filter=Q(waiver=None, match__met_on__gt=F("due_on"))),
            asked=Count("waiting"),
            missed_since=Min("grace_until", filter=open_ & over),
            due_since=Min("due_on", filter=open_ & ~over),
        )
    )
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for row in grouped.order_by("version_id"):
        if row["missed"] or row["due"] or row["late"]:
            _add(found, row)
    answering = Answering.on(ids, day)
    lines: dict[int, list[BehindLine]] = defaultdict(list)
    for row in found.values():
        playbook = PlaybookVersion(pk=row["version_id"], digest=row["version__digest"]).playbook
        mechanism = playbook.mechanism(row["mechanism"])
        answer = answering.of(row["body_id"], mechanism.answers)
        role = next((entry.title.here for entry in playbook.roles if entry.id == mechanism.answers), mechanism.answers)
        lines[row["body_id"]].append(
            BehindLine(
                mechanism.id, mechanism.title.here, role, row["missed"], row["due"], row["late"], row["asked"],
                row["missed_since"] or row["due_since"], answer, answering.named(answer.people),
            )
        )  # fmt: skip
    for of_body in lines.values():
        of_body.sort(key=lambda line: (-line.missed, -line.due, -line.late, line.mechanism))
    return lines


def _add(found: dict[tuple[int, str], dict[str, Any]], row: dict[str, Any]) -> None:
    """Add what is owed under one version to what is owed under earlier ones; the latest says who answers."""
    known = found.get((row["body_id"], row["mechanism"]))
    if known is not None:
        for name in ("missed", "due", "late", "asked"):
            row[name] += known[name]
        for name in ("missed_since", "due_since"):
            row[name] = min((day for day in (row[name], known[name]) if day), default=None)
    found[row["body_id"], row["mechanism"]] = row
