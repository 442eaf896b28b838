"""Cases as an actor may see them, their threads, and what waits for whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy

from ronghe.domain.clinic.enums import MessageKind
from ronghe.domain.clinic.models import CaseMessage, CaseSeen, CaseSheet, Visit
from ronghe.domain.clinic.rules import CASE, HAND_OUT, TAKE
from ronghe.domain.items.models import ItemEvidence, ItemPerson, WorkItem
from ronghe.domain.items.selectors import items_seen_by, list_items
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.sealed import open_text

ANSWER_KEY = "clinic_answer_days"
DAY_ENDS = time(18)
NEWEST = F("raised_at").desc()


def due_from(body: PartyOrg, at: datetime) -> datetime:
    """Return until when a question is to be answered that `body` answers for."""
    day = local_day(at)
    due_on = add_working_days(statutory_calendar(), day, key_of(ANSWER_KEY, body, day))
    return datetime.combine(due_on, DAY_ENDS, tzinfo=SHANGHAI)


def cases_seen_by(actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the cases that `actor` may see: to be cut to one or a few."""
    rows = items_seen_by(actor, at).filter(kind=CASE.id)
    return rows.select_related("owner", "body", "raised_by", "case_sheet__field", "case_sheet__expert__person")


def list_cases(
    actor: Person, at: datetime, *, filters: Q | None = None, order_by: Sequence[str | OrderBy] = (NEWEST,),
    page: int = 1, size: int = 20,
) -> Listed[WorkItem]:  # fmt: skip
    """Return one page of the cases that `actor` may see, each with its sheet; two statements."""
    found = Q(kind=CASE.id) & (filters or Q())
    listed = list_items(actor, at, filters=found, order_by=order_by, page=page, size=size)
    sheets = CaseSheet.objects.filter(item__in=[item.pk for item in listed]).select_related("field", "expert__person")
    by_item = {sheet.item_id: sheet for sheet in sheets}
    for item in listed:
        item._state.fields_cache["case_sheet"] = by_item.get(item.pk)  # noqa: SLF001 - as select_related fills it
    return listed


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What a case is about, as whoever may read it reads it."""

    title: str
    goal: str


def words_of(item: WorkItem) -> CaseWords:
    """Return title and goal of a case, opened where it is sealed; the look is recorded by the caller."""
    sheet = item.case_sheet
    if sheet.sealed is None:
        return CaseWords(item.title, sheet.goal)
    said = json.loads(open_text(sheet.sealed))
    return CaseWords(said["title"], said["goal"])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a thread in plain words."""

    message: CaseMessage
    words: str
    pictures: list[ItemEvidence]

    @property
    def kind(self) -> MessageKind:
        return MessageKind(self.message.kind)


def thread_of(item: WorkItem) -> list[Line]:
    """Return the lines of a case, the oldest first; two statements."""
    rows = item.case_messages.select_related("by").prefetch_related("pictures__file").order_by("at", "pk")
    return [
        Line(row, open_text(row.sealed) if row.sealed is not None else row.text, list(row.pictures.all()))
        for row in rows
    ]


def answer_of(lines: Sequence[Line]) -> str:
    """Return the answers of a thread as one text, the oldest first: what a piece of knowledge is made of."""
    told = (MessageKind.ANSWER, MessageKind.HELD)
    return "\n".join(line.words for line in lines if line.kind in told and line.words)


def visits_of_case(item: WorkItem) -> list[Visit]:
    """Return the visits of a case, the latest first."""
    return list(item.clinic_visits.select_related("expert__person").order_by("-starts_at", "-pk"))


def cases_to_take(actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the questions to the actor's fields that nobody has taken, the longest waiting first."""
    rows = WorkItem.objects.filter(kind=CASE.id, state=CASE.first.id)
    return TAKE.narrow(actor, rows, at=at).select_related("case_sheet__field", "body").order_by("since", "pk")


def cases_to_hand_out(actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the questions that nobody has taken and for which `actor` may find somebody, the longest waiting first."""
    rows = WorkItem.objects.filter(kind=CASE.id, state=CASE.first.id)
    return HAND_OUT.narrow(actor, rows, at=at).select_related("case_sheet__field", "body").order_by("since", "pk")


def cases_with_news(person: Person, at: datetime) -> QuerySet[WorkItem]:  # noqa: ARG001 - as every inbox
    """Return the cases of a person in which somebody else wrote or did something since that person last looked."""
    read = CaseSeen.objects.filter(item=OuterRef("item_id"), person=person, seen_at__gte=OuterRef("at"))
    news = CaseMessage.objects.filter(~Exists(read), item=OuterRef("pk")).exclude(by=person)
    let_in = ItemPerson.objects.filter(item=OuterRef("pk"), person=person, until=None)
    mine = Q(owner=person) | Q(raised_by=person) | Exists(let_in)
    return WorkItem.objects.filter(mine, Exists(news), kind=CASE.id).order_by("-since", "-pk")


def has_news(item: WorkItem, person: Person) -> bool:
    """Tell whether a thread has a line of somebody else that `person` has not read."""
    seen = CaseSeen.objects.filter(item=item, person=person).values_list("seen_at", flat=True).first()
    rows = item.case_messages.exclude(by=person)
    return bool((rows if seen is None else rows.filter(at__gt=seen)).exists())
