"""A site is set up and kept: its code, who holds which office, its own numbers, and how long it took before."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.profiles import check_setting, profile_called
from ronghe.domain.permits.enums import PermitKind
from ronghe.domain.permits.facts import BASELINE_SET, SETTING_SET, SITE_KEPT
from ronghe.domain.permits.models import ClockBaseline, PermitSite, SiteOffice, SiteSetting
from ronghe.domain.permits.rules import KEEP_SITE, MAKE_SITE
from ronghe.domain.permits.services.telling import hold_site, tell_of_site
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

WIDEST_M = 20_000


class SiteNameMissing(DomainError):
    code = "permit_site_name"
    sentence = N_("请写现场名称。")
    status = 422


class SiteThere(DomainError):
    code = "permit_site_there"
    sentence = N_("“%(name)s”已经登记过。")


class PlanWrong(DomainError):
    code = "permit_site_plan"
    sentence = N_("平面图的长、宽在 10 到 %(most)s 米之间。")
    status = 422


class OfficeUnknown(DomainError):
    code = "permit_office_unknown"
    sentence = N_("规则里没有“%(office)s”这个签字岗位。")
    status = 422


class OfficeHeld(DomainError):
    code = "permit_office_held"
    sentence = N_("%(name)s已经在这个签字岗位上。")


class SourceMissing(DomainError):
    code = "permit_source_missing"
    sentence = N_("请写依据，例如：厂安全管理规定 2026 年第 3 号。")
    status = 422


class HoursWrong(DomainError):
    code = "permit_hours_wrong"
    sentence = N_("小时数要大于 0，不超过 10000。")
    status = 422


@transaction.atomic
def make_site(
    *, body: PartyOrg, name: str, profile: str, actor: Person, at: datetime, width_m: int = 400, depth_m: int = 300
) -> PermitSite:
    """Set a site up for a body, with the profile by which permits are made out there, and a fresh code for its gate.

    :raises NotAllowed: the actor does not keep sites of this body
    :raises SiteNameMissing, SiteThere, PlanWrong: what was entered
    :raises NotFound: no such profile
    """
    MAKE_SITE.require(actor, body, at=at)
    if not name.strip():
        raise SiteNameMissing
    if not (10 <= width_m <= WIDEST_M and 10 <= depth_m <= WIDEST_M):
        raise PlanWrong(most=WIDEST_M)
    zone = CollaborationZone.objects.filter(body=body).first()
    try:
        with transaction.atomic():
            site = PermitSite.objects.create(
                name=name.strip()[:80], body=body, zone=zone, profile=profile_called(profile).id, code=_fresh_code(),
                width_m=width_m, depth_m=depth_m, made_by=actor, made_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise SiteThere(name=name.strip()) from error
    tell_of_site(site, SITE_KEPT, actor, at, what="made")
    return site


@transaction.atomic
def renew_code(*, site: PermitSite, actor: Person, at: datetime) -> PermitSite:
    """Give the gate another code: the old one was photographed or lost.

    :raises NotAllowed: the actor does not keep this site
    """
    KEEP_SITE.require(actor, site, at=at)
    fresh = hold_site(site.pk)
    fresh.code = _fresh_code()
    fresh.save(update_fields=["code"])
    tell_of_site(fresh, SITE_KEPT, actor, at, what="code")
    return fresh


@transaction.atomic
def appoint_office(
    *, site: PermitSite, office: str, person: Person, actor: Person, at: datetime, since: date | None = None
) -> SiteOffice:
    """Let somebody sign for an office at a site; several may hold one, so that one who is away holds nobody up.

    :raises NotAllowed: the actor does not keep this site
    :raises OfficeUnknown: the profile has no such office
    :raises OfficeHeld: the person holds it
    """
    KEEP_SITE.require(actor, site, at=at)
    if office not in profile_called(site.profile).offices:
        raise OfficeUnknown(office=office[:32])
    try:
        with transaction.atomic():
            made = SiteOffice.objects.create(site=site, office=office, person=person, valid_from=since or local_day(at))
    except IntegrityError as error:
        raise OfficeHeld(name=person.name) from error
    tell_of_site(site, SITE_KEPT, actor, at, source=made, what=f"office_{office}")
    return made


@transaction.atomic
def end_office(*, office: SiteOffice, actor: Person, at: datetime) -> SiteOffice:
    """Let somebody sign for an office no longer, from today on.

    :raises NotAllowed: the actor does not keep this site
    """
    KEEP_SITE.require(actor, office.site, at=at)
    row = SiteOffice.objects.select_for_update().get(pk=office.pk)
    if row.valid_until is None:
        row.valid_until = max(local_day(at), row.valid_from)
        row.save(update_fields=["valid_until"])
        tell_of_site(office.site, SITE_KEPT, actor, at, source=row, what=f"end_{row.office}")
    return row


@transaction.atomic
def set_number(
    *, site: PermitSite, key: str, value: Decimal | None, source: str, actor: Person, at: datetime
) -> SiteSetting:
    """Set a site's own number; nothing takes it back to the profile's. What was verified moves to the strict side only.

    :raises NotAllowed: the actor does not keep this site
    :raises SettingUnknown, SettingUnfit: the number
    :raises SourceMissing: by which rule, unsaid
    """
    KEEP_SITE.require(actor, site, at=at)
    profile = profile_called(site.profile)
    check_setting(
        profile, key, profile.numbers[key].value if value is None and key in profile.numbers else value or Decimal(0)
    )
    if not source.strip():
        raise SourceMissing
    made = SiteSetting.objects.create(site=site, key=key, value=value, source=source.strip()[:200], by=actor, at=at)
    tell_of_site(site, SETTING_SET, actor, at, source=made, key=key)
    return made


@transaction.atomic
def set_baseline(
    *, site: PermitSite, kind: PermitKind, hours: Decimal, source: str, actor: Person, at: datetime
) -> ClockBaseline:
    """Enter how long a permit of a kind took before, as the site found it: what the clock is held against.

    :raises NotAllowed: the actor does not keep this site
    :raises HoursWrong, SourceMissing: what was entered
    """
    KEEP_SITE.require(actor, site, at=at)
    if not hours.is_finite() or not 0 < hours <= 10_000:
        raise HoursWrong
    if not source.strip():
        raise SourceMissing
    made = ClockBaseline.objects.create(
        site=site, kind=kind, hours=hours.quantize(Decimal("0.01")), source=source.strip()[:200], by=actor, at=at
    )
    tell_of_site(site, BASELINE_SET, actor, at, source=made, quantity=made.hours, of=kind)
    return made


def _fresh_code() -> str:
    return secrets.token_hex(12)
