"""A look-back's own cards on the common page of items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.lookbacks.enums import BONES, Head
from ronghe.domain.lookbacks.rules import ANALYSE, LOOKBACK
from ronghe.domain.lookbacks.selectors import Why, look_record_of, old_problems, people_for_measures
from ronghe.domain.lookbacks.services.analysing import OPEN_STATES
from ronghe.kernel.words import _
from ronghe.web.items.asking import item_seen
from ronghe.web.lookbacks.forms import JoinForm, MeasureForm, RecurForm, ResultForm
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import default_deadline
from ronghe.web.sources import href_of

ACTS = ("plan", "submit", "reopen", "same")
TASK_SHAPES = {
    "open": "due",
    "submitted": "attention",
    "returned": "attention",
    "accepted": "done",
    "cancelled": "waived",
}
OFFERED = 100


def panel(request: HttpRequest, item: WorkItem) -> Mapping[str, Any]:
    """Fill the look-back's own cards: chain, fishbone, measures, how often it came back, and its own acts."""
    actor, now = actor_of(request), timezone.now()
    record = look_record_of(item)
    acts = {
        name
        for name in ACTS
        if LOOKBACK.flow.allows(item, name) and LOOKBACK.step_by_id[name].right.allows(actor, item, at=now)
    }
    may_analyse = item.state in OPEN_STATES and ANALYSE.allows(actor, item, at=now)
    olds = old_choices(request, item) if "same" in acts else []
    measures = [(row, TASK_SHAPES[row.task.state]) for row in record.measures if row.round == record.round]
    return {
        "look": record,
        "look_acts": acts,
        "may_analyse": may_analyse and item.state == "analysing",
        "measures": measures,
        "earlier": [row for row in record.measures if row.round != record.round],
        "measure_form": measure_form(request, item) if may_analyse and record.current is not None else None,
        "pictures": [(why, heads_of(why)) for why in record.analyses],
        "result_form": ResultForm(auto_id="result_%s"),
        "recur_form": RecurForm(auto_id="recur_%s"),
        "join_form": JoinForm(known=olds, auto_id="old_%s") if olds else None,
        "source_href": href_of(item.source_type, item.source_id),
    }


def heads_of(why: Why) -> list[tuple[str, Any, Any, list[str]]]:
    """Return each head's word with its bone, its rib and its causes whole."""
    bones = {bone.head: bone for bone in why.picture.bones}
    ribs = {rib.head: rib for rib in why.upright.ribs}
    return [(str(Head(head).label), bones[head], ribs[head], why.bones[head]) for head in map(str, BONES)]


def old_choices(request: HttpRequest, item: WorkItem) -> list[tuple[str, str]]:
    rows = old_problems(actor_of(request), timezone.now(), but=item)[:OFFERED]
    return [(str(row.pk), f"{row.title} · {_(LOOKBACK.state_by_id[row.state].title)}") for row in rows]


def measure_form(request: HttpRequest, item: WorkItem, data: Any = None) -> MeasureForm:
    people = people_for_measures(item, actor_of(request), timezone.now())
    initial = {"due_at": default_deadline(timezone.now())}
    return MeasureForm(data, people=people, initial=initial, auto_id="measure_%s")


def seen_look(request: HttpRequest, pk: int) -> WorkItem:
    rows = items_seen_by(actor_of(request), timezone.now()).filter(kind=LOOKBACK.id)
    return item_seen(rows, pk)
