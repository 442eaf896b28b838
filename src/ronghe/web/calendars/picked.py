"""The one entry that is picked, explained: what, who answers, what meets it and others at once, what may be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.activities import activities_in
from ronghe.domain.calendars.selectors.scopes import Scope
from ronghe.domain.calendars.selectors.together import Together, met_together
from ronghe.domain.obligations.rules import MOVE_PLANNED_DAY
from ronghe.domain.obligations.selectors import obligations_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.rhythm.rules import RUN_ACTIVITY, right_to_plan
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.web.calendars.forms import MoveActivityForm
from ronghe.web.calendars.links import page_of_entry
from ronghe.web.obligations.explained import cites_of, meets_words, planning_query, role_title, who_answers
from ronghe.web.obligations.forms import MoveForm


def explain(entry: Entry, scope: Scope, actor: Person, now: datetime) -> dict[str, Any]:
    """Return what the panel says of an entry; some statements for a duty, one for an activity, none for a date."""
    told: dict[str, Any] = {"entry": entry, "href": page_of_entry(entry)}
    if entry.kind == EntryKind.DUTY:
        told |= _duty(entry, scope, actor, now)
    elif entry.kind == EntryKind.ACTIVITY:
        told |= _activity(entry, scope, actor, now)
    return told


def _duty(entry: Entry, scope: Scope, actor: Person, now: datetime) -> dict[str, Any]:
    duty: Any = obligations_seen_by(actor, now).get(pk=entry.pk)
    today = timezone.localdate(now)
    names, vacancy = who_answers(duty, today)
    together = met_together(duty, actor, now, statutory_calendar(), scope.body_ids)
    may_move = entry.movable is not None and MOVE_PLANNED_DAY.allows(actor, duty, at=now)
    return {
        "duty": duty,
        "role": role_title(duty, duty.definition.answers),
        "names": names,
        "vacancy": vacancy,
        "cadence": cadence_words(duty.definition),
        "cites": cites_of(duty),
        "meets": meets_words(duty),
        "days_left": (duty.due_on - today).days,
        "ways": [
            (way, _plan(way) if right_to_plan(way.activity_type).allows(actor, duty.body, at=now) else "")
            for way in together
        ],
        "may_move": may_move,
        "move_form": MoveForm(allowed=entry.movable, initial={"day": duty.planned_on}) if may_move else None,
    }


def _plan(way: Together) -> str:
    return planning_query(way.activity_type, way.duties[0].body_id, way.day)


def _activity(entry: Entry, scope: Scope, actor: Person, now: datetime) -> dict[str, Any]:
    row = activities_in(scope, DaySpan(entry.day, entry.day + DAY), now).filter(pk=entry.pk).first()
    may_move = entry.movable is not None and row is not None and RUN_ACTIVITY.allows(actor, row, at=now)
    return {
        "may_move": may_move,
        "move_form": MoveActivityForm(
            initial={
                "day": entry.day,
                "starts": timezone.localtime(entry.starts_at).time() if entry.starts_at else None,
            }
        )
        if may_move
        else None,
    }
