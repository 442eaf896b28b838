"""What a body did in the last quarter of a year, beside what its playbooks ask."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.playbooks.selectors.books import shelved_as
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity, ActivityHost, AgendaItem
from ronghe.domain.rollouts.calc.practice import (
    OFTEN,
    Finding,
    Held,
    Practised,
    activity_types_of,
    findings,
    practice_text,
    practised,
)
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.words import _

DAYS = 90


@dataclass(frozen=True, slots=True)
class Practice:
    """What a body works by and what it did."""

    body: PartyOrg
    adoption: Adoption
    findings: list[Finding]
    unasked: list[Practised]
    """Gatherings that no mechanism asks for."""

    @property
    def playbook(self) -> Playbook:
        return self.adoption.version.playbook

    @property
    def others(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_other]


def practice_of(body: PartyOrg, at: datetime) -> Practice | None:
    """Return what `body` did in the last `DAYS` days beside the fullest playbook that it works by; nothing without one.

    Four statements; only closed gatherings count, those held together under the name that they have here.
    """
    day, kind = local_day(at), BodyKind(body.kind)
    adoptions = list(adoptions_of(body, day).select_related("version__text"))
    if not adoptions:
        return None
    fullest = max(adoptions, key=lambda row: (len(row.version.playbook.mechanisms_for(kind)), row.pk))
    seen = {one.held.activity_type: one for one in map(practised, _held(body, day))}
    books = [row.version.playbook for row in adoptions]
    asked = {one for book in books for mechanism in book.mechanisms for one in activity_types_of(mechanism)}
    found = findings(fullest.version.playbook, kind, seen)
    return Practice(body, fullest, found, [one for name, one in seen.items() if name not in asked])


def text_of_practice(practice: Practice) -> str:
    """Return the text of a draft that says what the body really does."""
    body, own_id = practice.body, f"own_{practice.body.pk}"
    if practice.adoption.version.origin_id == body.pk:
        own_id = f"{own_id}_practice"
    known = shelved_as(own_id)
    head = {
        "id": own_id,
        "version": known.version + 1 if known else 1,
        "title": {"zh": _("%(body)s的做法") % {"body": body.name}, "en": f"Practice of body {body.pk}"},
    }
    return practice_text(practice.playbook, practice.findings, practice.unasked, head=head, days=DAYS)


def _held(body: PartyOrg, day: date) -> list[Held]:
    """Return every kind of gathering held, the most frequent first."""
    span = {"day__gt": day - timedelta(days=DAYS), "day__lte": day, "state": ActivityState.CLOSED}
    days: dict[str, list[date]] = defaultdict(list)
    starts: dict[str, list[datetime | None]] = defaultdict(list)
    topics: dict[str, dict[str, int]] = defaultdict(dict)
    own = Activity.objects.filter(body=body, **span).order_by("day")
    for kind, held_on, opened in own.values_list("activity_type", "day", "opened_at"):
        days[kind].append(held_on)
        starts[kind].append(opened)
    shared = ActivityHost.objects.filter(body=body, **{f"activity__{name}": value for name, value in span.items()})
    for kind, held_on, opened in shared.order_by("activity__day").values_list(
        "counts_as", "activity__day", "activity__opened_at"
    ):
        days[kind].append(held_on)
        starts[kind].append(opened)
    asked = AgendaItem.objects.filter(activity__body=body, **{f"activity__{k}": v for k, v in span.items()})
    named = asked.values_list("activity__activity_type", "topic").annotate(times=Count("pk")).order_by()
    for kind, topic, times in named.filter(times__gte=OFTEN):
        topics[kind][topic] = times
    return [
        Held(
            kind,
            str(ActivityType(kind).label),
            tuple(sorted(held_on)),
            tuple(moment.astimezone(SHANGHAI).time() for moment in starts[kind] if moment is not None),
            topics[kind],
        )
        for kind, held_on in sorted(days.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
