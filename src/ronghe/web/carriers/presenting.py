"""What the page of one carrier shows, and how its states look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.carriers.enums import CARRIER_FLOW, DRAFTS, CarrierState, Part, ReviewGrade
from ronghe.domain.carriers.models import CallUp, Carrier, CarrierMember, PromiseLine, ResultRecord
from ronghe.domain.carriers.rules import AMEND, CALL_UP, DECIDE, END, MANAGE, PROMISE, REVIEW, SEE_CALL
from ronghe.domain.carriers.selectors.carriers import may_belong, parts_of, people_of
from ronghe.domain.carriers.selectors.promises import kept_of, promises_of, records_offered
from ronghe.domain.items.services.filling import said
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.words import _
from ronghe.web.carriers.forms import (
    A_QUARTER,
    A_YEAR,
    EndForm,
    MemberForm,
    PromiseForm,
    ReasonForm,
    RenewForm,
    ResultForm,
    ReviewForm,
)
from ronghe.web.items.presenting import page_of
from ronghe.web.requests import actor_of
from ronghe.web.sources import href_of

SHAPES = {
    CarrierState.PROPOSED: "due",
    CarrierState.RETURNED: "attention",
    CarrierState.WITHDRAWN: "waived",
    CarrierState.ACTIVE: "running",
    CarrierState.ENDED: "done",
}
GRADE_SHAPES = {ReviewGrade.GOOD: "done", ReviewGrade.FAIR: "attention", ReviewGrade.POOR: "failed"}
CALLS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """A promise in a list: its state drawn and said, and its page."""

    line: PromiseLine
    shape: str
    word: str
    href: str


@dataclass(frozen=True, slots=True)
class MemberShown:
    """Somebody in a carrier, with how many other active ones the person is in."""

    row: CarrierMember
    part: str
    elsewhere: int


def shape_of(carrier: Carrier, now: datetime) -> tuple[str, str]:
    """Return how a carrier stands: the shape and the word; what is over or due for review shows first."""
    if carrier.state == CarrierState.ACTIVE:
        day = local_day(now)
        if carrier.until_on <= day:
            return "failed", _("已到期")
        if carrier.review_on is not None and carrier.review_on <= day:
            return "attention", _("该评议了")
    return SHAPES[CarrierState(carrier.state)], carrier.get_state_display()


def promise_shown(line: PromiseLine, now: datetime) -> PromiseShown:
    state = PROMISE.state_by_id[line.item.state]
    late = line.item.is_overdue(now)
    return PromiseShown(
        line, "failed" if late else state.shape, _("过期没兑现") if late else _(state.title), page_of(line.item)
    )


def part_word(carrier: Carrier, row: CarrierMember) -> str:
    return _(carrier.spec.lead) if row.part == Part.LEAD else row.get_part_display()


def carrier_context(request: HttpRequest, carrier: Carrier, *, failed: Any = None) -> dict[str, Any]:
    """Return the context of the page; a form that failed is handed back in."""
    actor, now = actor_of(request), timezone.now()
    can = _rights(actor, carrier, now)
    forms = _forms(actor, carrier, can, now)
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    rows = people_of(carrier)
    inside = [row for row in rows if row.valid_until is None]
    loads = parts_of([row.person_id for row in inside], local_day(now))
    shape, word = shape_of(carrier, now)
    return forms | can | {
        "carrier": carrier,
        "shape": shape,
        "word": word,
        "values": [
            (one, said(one, carrier.values[one.id])) for one in carrier.spec.fields if carrier.values.get(one.id)
        ],
        "promises": [promise_shown(line, now) for line in promises_of([carrier])[carrier.pk]],
        "kept": kept_of([carrier.pk], now)[carrier.pk],
        "members": [
            MemberShown(row, part_word(carrier, row), len([1 for part in loads.get(row.person_id, []) if part.carrier_id != carrier.pk]))
            for row in inside
        ],
        "former": [(row, part_word(carrier, row)) for row in rows if row.valid_until is not None],
        "results": _results(carrier),
        "reviews": [
            (row, GRADE_SHAPES[ReviewGrade(row.grade)])
            for row in carrier.reviews.select_related("by").order_by("-at", "-pk")
        ],
        "acts": list(carrier.acts.select_related("by").order_by("at", "pk")),
        "calls": _calls(actor, carrier, now),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip


def _results(carrier: Carrier) -> list[tuple[Any, list[tuple[ResultRecord, str]]]]:
    rows = carrier.results.select_related("by", "taken_back_by").prefetch_related("records").order_by("-at", "-pk")
    return [(row, [(one, href_of(one.source_type, one.source_id)) for one in row.records.all()]) for row in rows]


def _calls(actor: Person, carrier: Carrier, now: datetime) -> list[CallUp]:
    if not carrier.spec.is_team:
        return []
    rows = CallUp.objects.filter(teams__carrier=carrier)
    return list(SEE_CALL.narrow(actor, rows, at=now, walk=True).order_by("-called_at", "-pk")[:CALLS_SHOWN])


def _rights(actor: Person, carrier: Carrier, now: datetime) -> dict[str, bool]:
    allows, is_draft = CARRIER_FLOW.allows, carrier.state in DRAFTS
    amends = is_draft and AMEND.allows(actor, carrier, at=now)
    manages = carrier.is_active and MANAGE.allows(actor, carrier, at=now)
    ends = carrier.is_active and END.allows(actor, carrier, at=now)
    return {
        "can_decide": allows(carrier, "approve") and DECIDE.allows(actor, carrier, at=now),
        "can_submit": allows(carrier, "submit") and amends,
        "can_withdraw": amends,
        "can_edit": amends or ends,
        "can_manage": amends or manages,
        "can_drop": amends,
        "can_write_result": manages,
        "can_review": carrier.is_active and REVIEW.allows(actor, carrier, at=now),
        "can_end": ends,
        "can_call": carrier.is_active and carrier.spec.is_team and CALL_UP.allows(actor, carrier, at=now),
    }


def _forms(actor: Person, carrier: Carrier, can: dict[str, bool], now: datetime) -> dict[str, Any]:
    """Only the forms that the reader may use: each that chooses people or records costs a read."""
    found: dict[str, Any] = {}
    today = local_day(now)
    if can["can_decide"]:
        found["reason_form"] = ReasonForm()
    if can["can_manage"]:
        inside = carrier.members.filter(valid_until=None).order_by().values("person_id")
        people = may_belong(carrier.body, carrier.zone.body_id if carrier.zone else None, now)
        found["member_form"] = MemberForm(people=people if carrier.spec.most == 1 else people.exclude(pk__in=inside))
        due_on = min(today + A_QUARTER, carrier.until_on)
        found["promise_form"] = PromiseForm(initial={"due_on": due_on, "direction": "at_least"})
    if can["can_write_result"]:
        found["result_form"] = ResultForm(records=records_offered(carrier, actor, now))
    if can["can_review"]:
        found["review_form"] = ReviewForm()
    if can["can_end"]:
        found["renew_form"] = RenewForm(initial={"until_on": carrier.until_on + A_YEAR})
        found["end_form"] = EndForm()
    return found
