"""红色资源: kept in a register, brought in as a table, visited by activities and rated by those who came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.partylife.enums import SiteKind
from ronghe.domain.partylife.facts import (
    POINT_SET,
    SITE_CLOSED,
    SITE_KEPT,
    SITE_RATED,
    SITE_VISIT_PLANNED,
    SITES_IMPORTED,
)
from ronghe.domain.partylife.models import RedSite, SitePoint, SiteRating, SiteVisit
from ronghe.domain.partylife.rules import CHANGE_SITE, KEEP_SITE, RATE_SITE, SET_PROJECT_POINT, SET_ZONE_POINT
from ronghe.domain.projects.models import Project
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.tabular.lines import Line, read_lines, refuse_rows
from ronghe.kernel.words import N_, _

HEADS = {
    "name": N_("名称"),
    "kind": N_("类别"),
    "address": N_("地址"),
    "latitude": N_("纬度"),
    "longitude": N_("经度"),
    "about": N_("看什么"),
    "opening": N_("开放时间"),
    "phone": N_("联系电话"),
    "capacity": N_("可容纳人数"),
}
"""The head of the table that goes out and comes in."""
LENGTHS = {"name": 80, "address": 120, "about": 400, "opening": 120, "phone": 40}


class SiteUnnamed(DomainError):
    code = "site_unnamed"
    sentence = N_("请写名称。")
    status = 422


class SiteThere(DomainError):
    code = "site_there"
    sentence = N_("“%(name)s”已经登记过了，请打开那一条修改。")


class PointIncomplete(DomainError):
    code = "point_incomplete"
    sentence = N_("经度、纬度要一起填，纬度 -90 到 90，经度 -180 到 180；不知道的两个都不填。")
    status = 422


class SiteClosed(DomainError):
    code = "site_closed"
    sentence = N_("“%(name)s”已经停用，请另选一处。")


class ClosedWithoutReason(DomainError):
    code = "site_closed_without_reason"
    sentence = N_("请写明为什么停用。")
    status = 422


class StarsUnfit(DomainError):
    code = "stars_unfit"
    sentence = N_("请打 1 到 5 星。")
    status = 422


@dataclass(frozen=True, slots=True)
class SiteText:
    """What is known of a site; coordinates in degrees, both or none."""

    name: str
    kind: SiteKind
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    about: str = ""
    opening: str = ""
    phone: str = ""
    capacity: int | None = None


@transaction.atomic
def keep_site(
    *, text: SiteText, actor: Person, at: datetime, body: PartyOrg | None = None, site: RedSite | None = None
) -> RedSite:
    """Put a site on the register of `body`, or change `site`.

    :raises SiteUnnamed, SiteThere, PointIncomplete: see there
    :raises SiteClosed: it is out of use
    """
    _refuse_unfit(text)
    if site is not None:
        CHANGE_SITE.require(actor, site, at=at)
        if site.closed_at is not None:
            raise SiteClosed(name=site.name)
    else:
        KEEP_SITE.require(actor, body, at=at)
        site = RedSite(body=body)
    for field, value in asdict(text).items():
        setattr(site, field, value.strip() if isinstance(value, str) else value)
    site.kept_by, site.kept_at = actor, at
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError as error:
        raise SiteThere(name=text.name.strip()) from error
    record(Draft(SITE_KEPT, at, actor, body=site.body_id, attributes={"site": site.kind}, source=site))
    return site


@transaction.atomic
def close_site(*, site: RedSite, reason: str, actor: Person, at: datetime) -> RedSite:
    """Take a site out of use; what was held there stays.

    :raises ClosedWithoutReason: nothing says why
    :raises Stale: it was taken out before
    """
    CHANGE_SITE.require(actor, site, at=at)
    if not reason.strip():
        raise ClosedWithoutReason
    rows = RedSite.objects.filter(pk=site.pk, closed_at=None)
    if not rows.update(closed_at=at, closed_reason=reason.strip()[:120]):
        raise Stale
    site.closed_at, site.closed_reason = at, reason.strip()[:120]
    record(Draft(SITE_CLOSED, at, actor, body=site.body_id, attributes={"site": site.kind}, source=site))
    return site


@transaction.atomic
def open_site_again(*, site: RedSite, actor: Person, at: datetime) -> RedSite:
    """Put a site into use again.

    :raises Stale: it is in use
    :raises SiteThere: another one of the same name took its place
    """
    CHANGE_SITE.require(actor, site, at=at)
    try:
        with transaction.atomic():
            rows = RedSite.objects.filter(pk=site.pk, closed_at__isnull=False)
            if not rows.update(closed_at=None, closed_reason=""):
                raise Stale
    except IntegrityError as error:
        raise SiteThere(name=site.name) from error
    site.closed_at, site.closed_reason = None, ""
    record(Draft(SITE_KEPT, at, actor, body=site.body_id, attributes={"site": site.kind}, source=site))
    return site


@transaction.atomic
def import_sites(*, body: PartyOrg, path: Path, name: str, actor: Person, at: datetime) -> int:
    """Bring a table in: a site of the same name in the register is changed, any other is added; return how many.

    :raises HeadsMissing, TableTooLong, RowsRefused, Unreadable: the table cannot be used; nothing is changed then
    """
    KEEP_SITE.require(actor, body, at=at)
    texts, problems = [], []
    seen: set[str] = set()
    for line in read_lines(path, name, HEADS, ("name", "kind")):
        try:
            text = _text_of(line, seen)
        except DomainError as error:
            problems.append((line.number, str(error)))
        else:
            texts.append(text)
    refuse_rows(problems)
    known = {site.name: site for site in RedSite.objects.filter(body=body, closed_at=None)}
    for text in texts:
        site = known.get(text.name) or RedSite(body=body)
        for field, value in asdict(text).items():
            setattr(site, field, value)
        site.kept_by, site.kept_at = actor, at
        site.save()
    record(Draft(SITES_IMPORTED, at, actor, body=body.pk, attributes={"sites": len(texts)}))
    return len(texts)


@transaction.atomic
def plan_visit(
    *, site: RedSite, body: PartyOrg, scheduled_from: datetime, scheduled_until: datetime, actor: Person, at: datetime
) -> Activity:
    """Plan a theme day at the site: its place is the site, and it counts as a visit when it is closed.

    :raises SiteClosed: the site is out of use
    :raises NotAllowed: the actor plans nothing for the body
    :raises WindowEmpty: it would end before it begins
    """
    if site.closed_at is not None:
        raise SiteClosed(name=site.name)
    activity = plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=body, place=site.name[:80], scheduled_from=scheduled_from,
        scheduled_until=scheduled_until, actor=actor, at=at,
    )  # fmt: skip
    visit = SiteVisit.objects.create(site=site, activity=activity, planned_by=actor, planned_at=at)
    record(Draft(SITE_VISIT_PLANNED, at, actor, body=body.pk, attributes={"day": activity.day}, source=visit))
    return activity


@transaction.atomic
def rate_site(*, site: RedSite, stars: int, actor: Person, at: datetime) -> SiteRating:
    """Rate a site that one came to with an activity; rated again, the later answer holds.

    :raises NotAllowed: the actor was not there
    :raises StarsUnfit: not one to five
    """
    RATE_SITE.require(actor, site, at=at)
    if not 1 <= stars <= 5:
        raise StarsUnfit
    row, is_new = SiteRating.objects.update_or_create(
        site=site, person=actor, defaults={"stars": stars, "rated_at": at}
    )
    if is_new:
        record(Draft(SITE_RATED, at, actor, body=site.body_id, attributes={"stars": stars}, source=site))
    return row


@transaction.atomic
def set_point(
    *, place: CollaborationZone | Project, latitude: Decimal, longitude: Decimal, actor: Person, at: datetime
) -> SitePoint:
    """Say where the site of a zone or a project lies; said again, it is moved.

    :raises PointIncomplete: it lies off the globe
    """
    is_zone = isinstance(place, CollaborationZone)
    (SET_ZONE_POINT if is_zone else SET_PROJECT_POINT).require(actor, place, at=at)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PointIncomplete
    values = {"latitude": latitude, "longitude": longitude, "set_by": actor, "set_at": at}
    whose: dict[str, Any] = {"zone": place} if is_zone else {"project": place}
    row, _made = SitePoint.objects.update_or_create(**whose, defaults=values)
    record(
        Draft(POINT_SET, at, actor, body=place.body_id, zone=place.pk if is_zone else None,
              project=None if is_zone else place.pk, attributes={"of": "zone" if is_zone else "project"}, source=row)
    )  # fmt: skip
    return row


def _refuse_unfit(text: SiteText) -> None:
    if not text.name.strip():
        raise SiteUnnamed
    one, two = text.latitude, text.longitude
    if (one is None) != (two is None) or (one is not None and not -90 <= one <= 90):
        raise PointIncomplete
    if two is not None and not -180 <= two <= 180:
        raise PointIncomplete


class CellUnfit(DomainError):
    code = "site_cell_unfit"
    sentence = N_("“%(head)s”一栏的“%(value)s”不能用")
    status = 422


def _text_of(line: Line, seen: set[str]) -> SiteText:
    kinds: Mapping[str, SiteKind] = {
        word: kind for kind in SiteKind for word in (str(kind.label), kind.value, _(str(kind.label)))
    }
    kind = kinds.get(line["kind"])
    if kind is None:
        raise CellUnfit(head=_(HEADS["kind"]), value=line["kind"])
    words = {key: line[key] for key in LENGTHS}
    for key, most in LENGTHS.items():
        if len(words[key]) > most:
            raise CellUnfit(head=_(HEADS[key]), value=words[key][:12])
    if not words["name"] or words["name"] in seen:
        raise CellUnfit(head=_(HEADS["name"]), value=words["name"])
    seen.add(words["name"])
    capacity = line["capacity"]
    if capacity and not (capacity.isascii() and capacity.isdigit() and len(capacity) < 7):
        raise CellUnfit(head=_(HEADS["capacity"]), value=capacity)
    text = SiteText(
        kind=kind, latitude=_degrees(line, "latitude"), longitude=_degrees(line, "longitude"),
        capacity=int(capacity) if capacity else None, **words,
    )  # fmt: skip
    _refuse_unfit(text)
    return text


def _degrees(line: Line, key: str) -> Decimal | None:
    if not line[key]:
        return None
    try:
        value = Decimal(line[key])
        return value.quantize(Decimal("0.00001"))
    except InvalidOperation as error:
        raise CellUnfit(head=_(HEADS[key]), value=line[key][:12]) from error
