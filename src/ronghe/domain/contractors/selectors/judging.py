"""Companies as subjects of an appraisal (E5): who stood here on a day, and what they are called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db.models import OuterRef, Subquery

from ronghe.domain.contractors.enums import Standing
from ronghe.domain.contractors.models import Contractor, StandingChange
from ronghe.kernel.calendar.moments import day_of, moment_of
from ronghe.kernel.calendar.periods import DAY
from ronghe.kernel.subjects import SubjectRow, SubjectSource, declare_subjects

LEVEL = "contractor"
HERE = (Standing.ADMIT, Standing.SUSPEND, Standing.RESUME, Standing.LIST)
"""After which of these a company works here, or is kept from it: what it did is judged either way."""


def contractors_judged(bodies: Collection[int], day: date) -> Iterator[SubjectRow]:
    """Yield the companies of these bodies that were admitted, stopped or listed on `day`; not yet admitted ones did nothing."""
    last = StandingChange.objects.filter(contractor=OuterRef("pk"), made_at__lt=moment_of(day + DAY)).order_by("-pk")
    rows = Contractor.objects.filter(body__in=bodies).annotate(stood=Subquery(last.values("what")[:1]))
    for row in rows.filter(stood__in=HERE).order_by("pk"):
        yield SubjectRow(row.pk, row.body_id, row.kind, day_of(row.registered_at), row.unit_id)


def names_of_contractors(wanted: Collection[int]) -> Mapping[int, str]:
    """Return the names of companies by id; one statement."""
    return dict(Contractor.objects.filter(pk__in=wanted).order_by().values_list("pk", "name"))


CONTRACTORS = declare_subjects(SubjectSource(LEVEL, "contractor", contractors_judged, names_of_contractors))
