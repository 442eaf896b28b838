"""Activities as the calls about them find one, and who may be named in it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import person_seen_by
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors import activities_seen_by, expected_people


def activity_seen(actor: Person, activity_id: int) -> Activity:
    """Return an activity that `actor` may see; everything else is not there (404)."""
    return get_object_or_404(activities_seen_by(actor, timezone.now()), pk=activity_id)


def person_meant(actor: Person, activity: Activity, person_id: int) -> Person:
    """Return somebody who is expected, or whom the actor may see anyway; everybody else is not there (404)."""
    expected = expected_people(activity).filter(pk=person_id).first()
    return expected or get_object_or_404(person_seen_by(actor, timezone.now()), pk=person_id)


def person_expected(activity: Activity, person_id: int) -> Person:
    """Return somebody who is expected; everybody else is not there (404)."""
    return get_object_or_404(expected_people(activity), pk=person_id)


def person_who_came(activity: Activity, person_id: int) -> Person:
    """Return somebody who signed in; everybody else is not there (404)."""
    came = activity.attendances.order_by().values("person_id")
    return get_object_or_404(Person.objects.filter(pk__in=came), pk=person_id)
