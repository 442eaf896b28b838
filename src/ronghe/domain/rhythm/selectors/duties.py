"""Which duties a gathering could meet at once, which it will not and why (SD-06, SD-16), and what a duty would plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import WORKING_KINDS
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.rhythm.calc.duties import Open, foresee, kinds_of
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors.forms import adopted_form
from ronghe.kernel.words import N_, _

USUAL_START, USUAL_LENGTH = time(9, 0), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Barred:
    """A duty that the gathering does not meet, and the title of the one that it counts for instead."""

    obligation: Obligation
    instead: str

    @property
    def reason(self) -> str:
        return _(N_("不计入%(title)s，因为这次已计入%(instead)s，两项不互相抵扣（SD-06）。")) % {
            "title": self.obligation.title, "instead": self.instead,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a gathering could meet at once (这次可同时计入), and what it will not."""

    met: list[Obligation]
    barred: list[Barred]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What planning from a duty proposes: kind, and from when until when."""

    activity_type: ActivityType
    starts: datetime
    ends: datetime


def outlook_of(held: Mapping[int, str], day: date, *, except_for: Activity | None = None) -> Outlook:
    """Return which duties a gathering on `day` could meet, two reads; `held`: body id → its kind of gathering there.

    With `except_for` also those that this very record met already.
    """
    rows = Obligation.objects.filter(body_id__in=held, window_from__lte=day, grace_until__gt=day, waiver=None)
    rows = rows.filter(match=None) if except_for is None else rows
    found = {row.pk: row for row in rows.select_related("body", "version", "match").order_by("due_on", "pk")}
    duties = [Open(row.pk, row.body_id, row.definition, row.sitting, row.due_on) for row in found.values()]
    foreseen = foresee(duties, held)
    titles = {one.mechanism.id: one.mechanism.title.here for one in duties}
    return Outlook(
        [found[key] for key in foreseen.met],
        [Barred(found[key], titles[other]) for key, other in foreseen.barred.items()],
    )


def barred_for(activity: Activity, met: list[Obligation]) -> list[Barred]:
    """Return the duties of its bodies that a held activity did not meet because it met another one (SD-06).

    Of a planned or open one, what it will not meet.
    """
    held = {activity.body_id: activity.activity_type} | {row.body_id: row.counts_as for row in activity.host_rows}
    if activity.state != ActivityState.CLOSED:
        return outlook_of(held, activity.day).barred
    names = {row.mechanism: row.definition for row in met}
    day = activity.day
    rows = Obligation.objects.filter(
        body_id__in=held, window_from__lte=day, grace_until__gt=day, waiver=None, match=None
    )
    barred = []
    for row in rows.select_related("body", "version").order_by("due_on", "pk"):
        mine = row.definition
        if held[row.body_id] not in kinds_of(mine, row.sitting):
            continue
        other = next((one for key, one in names.items() if key in mine.not_with or mine.id in one.not_with), None)
        if other is not None:
            barred.append(Barred(row, other.title.here))
    return barred


def stands_beside_the_branch(activity: Activity) -> bool:
    """Tell whether it is a theme day of a zone or task force, which replaces no branch's own (SD-06, SD-16)."""
    return activity.activity_type == ActivityType.THEME_PARTY_DAY and activity.body.kind in WORKING_KINDS


def proposal_of(obligation: Obligation, at: datetime) -> Proposal | None:
    """Return what to plan so that the obligation is met: on its planned or due day, not before today, at its usual time.

    `None` where no gathering meets it.
    """
    zone, definition = ZoneInfo(settings.TIME_ZONE), obligation.definition
    kinds = [kind for kind in kinds_of(definition, obligation.sitting) if kind in ActivityType.values]
    if not kinds:
        return None
    day = max(obligation.planned_on or obligation.due_on, at.astimezone(zone).date())
    starts, ends = _hours_on(day, definition, kinds[0])
    return Proposal(ActivityType(kinds[0]), starts, ends)


def usual_hours(body: PartyOrg | None, activity_type: ActivityType, day: date) -> tuple[datetime, datetime]:
    """Return from when until when a gathering of this kind is usually held on `day`, as the body's mechanism says."""
    found = adopted_form(body, activity_type, day) if body is not None else None
    return _hours_on(day, found[1] if found is not None else None, activity_type)


def _hours_on(day: date, mechanism: Mechanism | None, kind: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(settings.TIME_ZONE)
    hours = mechanism.time if mechanism is not None else None
    for sitting in mechanism.sittings if mechanism is not None else ():
        if mechanism is not None and kind in kinds_of(mechanism, sitting.id):
            hours = sitting.time or hours
            break
    starts = datetime.combine(day, hours.from_at if hours else USUAL_START, zone)
    return starts, datetime.combine(day, hours.until_at, zone) if hours else starts + USUAL_LENGTH
