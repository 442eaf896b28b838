"""What follows from the steps of an application: who took them, the notice, the fact that counts, and its reversal."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.rules import StepSpec
from ronghe.domain.items.services.telling import tell
from ronghe.domain.merits.facts import GRANTED
from ronghe.domain.merits.models import MeritCase
from ronghe.domain.merits.rules import MERIT
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import _
from ronghe.kernel.workflow import StepNotAllowed

NOON = time(12)
AT_ONCE = 500
TAKERS = {"check": "checked_by", "review": "reviewed_by", "approve": "approved_by"}


def note_step(*, item: WorkItem, step: str, actor: Person | None, at: datetime) -> None:
    """Keep who took a step; begin the notice with the approval; take the fact back with a reversal."""
    case = MeritCase.objects.select_for_update().get(item=item)
    if step in TAKERS:
        setattr(case, TAKERS[step], actor)
    if step == "support":  # heard above: the secretary approves once more, whoever did before
        case.approved_by = case.notice_from = case.notice_last_on = None
    if step in {"approve", "dismiss"}:
        _put_on_notice(case, item, at)
    if step == "reverse":
        _take_back(case, actor, at)
    case.save()


def count_after_notice(*, at: datetime) -> int:
    """Count every application whose notice is over without an open objection; returns how many (PP-02, PP-05).

    The secretary has decided already; time only has to pass. Taken twice it does nothing the second time.
    """
    due = MeritCase.objects.filter(item__state="notice", notice_last_on__lt=local_day(at), fact=None)
    counted = 0
    for pk in list(due.order_by("notice_last_on", "pk").values_list("item_id", flat=True)[:AT_ONCE]):
        counted += _count(pk, at)
    return counted


@transaction.atomic
def _count(item_id: int, at: datetime) -> bool:
    item = WorkItem.objects.select_related("owner").get(pk=item_id)
    case = MeritCase.objects.select_for_update(of=("self",)).select_related("member", "approved_by").get(item=item)
    try:
        _moved(item, MERIT.step_by_id["count"], at, _("公示期满，无异议"))
    except (StepNotAllowed, Stale):
        return False  # somebody objected, or another worker counted it, a moment ago
    _surpass(case, item, at)
    moment = datetime.combine(case.done_on, NOON, SHANGHAI)
    fact = record(
        Draft(
            GRANTED, min(moment, at), case.approved_by, about=case.member, body=item.body_id, quantity=case.points,
            attributes={
                "item": case.rule, "sheet": case.sheet, "playbook": case.playbook, "notice_days": case.notice_days,
            },
            source=item,
        )
    )  # fmt: skip
    case.fact = fact.pk
    case.save(update_fields=["fact"])
    return True


def _surpass(case: MeritCase, item: WorkItem, at: datetime) -> None:
    """Take back what the same matter counted for before: the higher one counts, once (就高不重复, PP-04)."""
    if item.source_id is None:
        return
    older = MeritCase.objects.select_for_update(of=("self",)).filter(
        member=case.member, item__source_type=item.source_type, item__source_id=item.source_id, item__state="granted"
    )
    for one in older.exclude(pk=case.pk).select_related("item"):
        _moved(one.item, MERIT.step_by_id["surpass"], at, _("同一事项按“%(rule)s”计分") % {"rule": case.rule_title})
        _take_back(one, case.approved_by, at)
        one.save()


def _moved(item: WorkItem, spec: StepSpec, at: datetime, note: str) -> None:
    """Take a step that nobody takes but time; nobody stands on its row."""
    before = item.state
    target = MERIT.state_by_id[spec.target]
    MERIT.flow.advance(item, spec.id, since=at, level=0, closed_at=at if target.is_final else None)
    ItemStep.objects.create(
        item=item, step=spec.id, from_state=before, to_state=item.state, by=None, at=at, note=note, owner=item.owner,
        due_at=item.due_at, round=item.round,
    )  # fmt: skip
    tell(
        item, ITEM_MOVED, None, at, step=spec.id, from_state=before, to_state=item.state, is_closed=target.is_final,
        on_time=True, round=item.round,
    )  # fmt: skip


def _put_on_notice(case: MeritCase, item: WorkItem, at: datetime) -> None:
    """Working days after the day of the decision, which does not count; after an objection what is left of them."""
    day, calendar = local_day(at), statutory_calendar()
    if case.notice_last_on is not None and case.notice_last_on >= day:
        return
    days = key_of("notice_days", item.body, day)
    case.notice_days = days
    case.notice_from = add_working_days(calendar, day, 1)
    case.notice_last_on = add_working_days(calendar, day, days)


def _take_back(case: MeritCase, actor: Person | None, at: datetime) -> None:
    if case.fact is None or actor is None:
        return
    reverse(Fact.objects.get(pk=case.fact), by=actor, at=at)
