"""Model posts and pioneer posts as subjects of an appraisal (G2): creating one is judged both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db.models import Q

from ronghe.domain.carriers.enums import PUBLISHED, CarrierType
from ronghe.domain.carriers.models import Carrier
from ronghe.kernel.subjects import SubjectRow, SubjectSource, declare_subjects

LEVEL = "post"
POSTS = (CarrierType.MODEL_POST, CarrierType.PIONEER_POST)


def posts_judged(bodies: Collection[int], day: date) -> Iterator[SubjectRow]:
    """Yield the posts of these bodies that were being created on `day`; the category is the type."""
    rows = Carrier.objects.filter(body__in=bodies, type__in=POSTS, state__in=PUBLISHED, from_on__lte=day)
    for row in rows.filter(Q(ended_on=None) | Q(ended_on__gt=day)).order_by("pk"):
        yield SubjectRow(row.pk, row.body_id, row.type, row.from_on)


def names_of_posts(wanted: Collection[int]) -> Mapping[int, str]:
    """Return the names of posts by id; one statement."""
    return dict(Carrier.objects.filter(pk__in=wanted).order_by().values_list("pk", "name"))


def holders_of_post(post: int) -> set[int]:
    """Return whoever holds a post."""
    return set(Carrier.objects.filter(pk=post).values_list("lead_id", flat=True))


declare_subjects(SubjectSource(LEVEL, "carrier", posts_judged, names_of_posts, holders_of_post))
