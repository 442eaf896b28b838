"""作业现场: sites with their offices and numbers, wind, alarms, what else goes on, and the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.permit_shapes import (
    ActivityRequest,
    AlarmRequest,
    BaselineRequest,
    ClockAnswer,
    NumberRequest,
    OfficeRequest,
    PermitProfile,
    SiteAnswer,
    SiteClock,
    SiteCode,
    SiteRequest,
    SiteRow,
    StoppedAnswer,
    WindRequest,
)
from ronghe.api.v1.shapes import named
from ronghe.domain.org.models import Person
from ronghe.domain.permits.calc.clock import Spread
from ronghe.domain.permits.calc.profiles import Profile, profile_called, shipped_profiles
from ronghe.domain.permits.models import PermitSite, SiteActivity, SiteNotice, SiteOffice
from ronghe.domain.permits.rules import KEEP_SITE
from ronghe.domain.permits.selectors.clocks import Clock, clock_of, clocks_of
from ronghe.domain.permits.selectors.sites import (
    activities_of,
    bodies_to_make_site_for,
    notices_of,
    numbers_of,
    offices_of,
    people_offered,
    sites_seen_by,
)
from ronghe.domain.permits.services.sites import (
    appoint_office,
    end_office,
    make_site,
    renew_code,
    set_baseline,
    set_number,
)
from ronghe.domain.permits.services.watching import (
    ActivityText,
    clear_alarm,
    declare_activity,
    end_activity,
    raise_alarm,
    read_wind,
)

router = Router(tags=["permits"])
NOTICES, MOST_SITES = 50, 500


@router.get("/profiles", response=list[PermitProfile], summary="作业许可规则", operation_id="permits_profiles")
def profile_list(request: HttpRequest) -> Any:
    actor_of(request)
    return [_profile(one) for one in shipped_profiles().values()]


@router.get("/sites", response=list[SiteRow], summary="作业现场清单", operation_id="permits_sites")
def site_list(request: HttpRequest) -> Any:
    return [_row(site) for site in sites_seen_by(actor_of(request), timezone.now())]


@router.post("/sites", response={201: SiteAnswer}, summary="登记作业现场", operation_id="permits_make_site")
def site_make(request: HttpRequest, wanted: SiteRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_make_site_for(actor, now), pk=wanted.body)
    made = make_site(
        body=body, name=wanted.name, profile=wanted.profile, width_m=wanted.width_m, depth_m=wanted.depth_m, actor=actor,
        at=now,
    )  # fmt: skip
    return Status(201, _whole(made, now))


@router.get("/sites/{int:site_id}", response=SiteAnswer, summary="一个作业现场", operation_id="permits_site")
def site_detail(request: HttpRequest, site_id: int) -> Any:
    now = timezone.now()
    return _whole(_seen(request, site_id, now), now)


@router.get("/clock", response=list[SiteClock], summary="各现场审批用时", operation_id="permits_clocks")
def all_clocks(request: HttpRequest, days: int = 90) -> Any:
    """Every site that the reader sees, with the distribution of each kind of permit."""
    now = timezone.now()
    sites = list(sites_seen_by(actor_of(request), now)[:MOST_SITES])
    told = clocks_of(sites, now - timedelta(days=min(max(days, 1), 3_660)), now + timedelta(seconds=1))
    return [{"site": named(site), "clock": _clock(site, told.by_site[site.pk])} for site in sites]


@router.get("/sites/{int:site_id}/clock", response=ClockAnswer, summary="审批用时", operation_id="permits_clock")
def site_clock(request: HttpRequest, site_id: int, days: int = 90) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    return _clock(site, clock_of(site, now - timedelta(days=min(max(days, 1), 3_660)), now + timedelta(seconds=1)))


def _clock(site: PermitSite, clock: Clock) -> dict[str, Any]:
    offices = profile_called(site.profile).offices
    return {
        "aim_h": clock.aim_h,
        "kinds": [
            {"kind": one.kind, "spread": _spread(one.kind, one.title, one.spread), "baseline_h": one.baseline_h,
             "saved_percent": one.saved, "open_now": one.open_now}
            for one in clock.kinds
        ],
        "stages": [_spread(name, name, one) for name, one in clock.stages.items()],
        "whom": [_spread(name, offices.get(name.rpartition(":")[2], name), one) for name, one in clock.whom.items()],
    }  # fmt: skip


@router.get("/sites/{int:site_id}/code", response=SiteCode, summary="现场作业码", operation_id="permits_site_code")
def site_code(request: HttpRequest, site_id: int) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    KEEP_SITE.require(actor_of(request), site, at=now)
    return {"code": site.code}


@router.post("/sites/{int:site_id}/code", response=SiteCode, summary="换现场作业码", operation_id="permits_renew_code")
def site_renew(request: HttpRequest, site_id: int) -> Any:
    now = timezone.now()
    return {"code": renew_code(site=_seen(request, site_id, now), actor=actor_of(request), at=now).code}


@router.post("/sites/{int:site_id}/offices", response=SiteAnswer, summary="定签字岗位", operation_id="permits_appoint")
def site_appoint(request: HttpRequest, site_id: int, wanted: OfficeRequest) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    person: Person = get_object_or_404(people_offered(site, now), pk=wanted.person)
    appoint_office(site=site, office=wanted.office, person=person, actor=actor_of(request), at=now)
    return _whole(site, now)


@router.post(
    "/sites/{int:site_id}/offices/{int:office_id}/end", response=SiteAnswer, summary="免签字岗位",
    operation_id="permits_end_office",
)  # fmt: skip
def site_end_office(request: HttpRequest, site_id: int, office_id: int) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    row: SiteOffice = get_object_or_404(site.offices.select_related("site"), pk=office_id)
    end_office(office=row, actor=actor_of(request), at=now)
    return _whole(site, now)


@router.post(
    "/sites/{int:site_id}/numbers", response=SiteAnswer, summary="设定规则里的数", operation_id="permits_set_number"
)
def site_number(request: HttpRequest, site_id: int, wanted: NumberRequest) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    set_number(site=site, key=wanted.key, value=wanted.value, source=wanted.source, actor=actor_of(request), at=now)
    return _whole(site, now)


@router.post(
    "/sites/{int:site_id}/baseline", response=SiteAnswer, summary="登记旧基线", operation_id="permits_set_baseline"
)
def site_baseline(request: HttpRequest, site_id: int, wanted: BaselineRequest) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    set_baseline(site=site, kind=wanted.kind, hours=wanted.hours, source=wanted.source, actor=actor_of(request), at=now)
    return _whole(site, now)


@router.post("/sites/{int:site_id}/wind", response=StoppedAnswer, summary="记风力", operation_id="permits_wind")
def site_wind(request: HttpRequest, site_id: int, wanted: WindRequest) -> Any:
    now = timezone.now()
    made, stopped = read_wind(site=_seen(request, site_id, now), level=wanted.level, actor=actor_of(request), at=now)
    return {"id": made.pk, "stopped": stopped}


@router.post("/sites/{int:site_id}/alarms", response=StoppedAnswer, summary="报警", operation_id="permits_alarm")
def site_alarm(request: HttpRequest, site_id: int, wanted: AlarmRequest) -> Any:
    now = timezone.now()
    made, stopped = raise_alarm(
        site=_seen(request, site_id, now), text=wanted.text, area=wanted.area, actor=actor_of(request), at=now
    )
    return {"id": made.pk, "stopped": stopped}


@router.post(
    "/sites/{int:site_id}/alarms/{int:notice_id}/clear", response=SiteAnswer, summary="解除报警",
    operation_id="permits_clear_alarm",
)  # fmt: skip
def site_clear(request: HttpRequest, site_id: int, notice_id: int) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    notice: SiteNotice = get_object_or_404(site.notices.select_related("site"), pk=notice_id)
    clear_alarm(notice=notice, actor=actor_of(request), at=now)
    return _whole(site, now)


@router.post(
    "/sites/{int:site_id}/activities", response=StoppedAnswer, summary="登记其他作业", operation_id="permits_activity"
)
def site_activity(request: HttpRequest, site_id: int, wanted: ActivityRequest) -> Any:
    now = timezone.now()
    given = wanted.dict()
    is_happening = given.pop("is_happening")
    made, stopped = declare_activity(
        site=_seen(request, site_id, now), text=ActivityText(**given), is_happening=is_happening,
        actor=actor_of(request), at=now,
    )  # fmt: skip
    return {"id": made.pk, "stopped": stopped}


@router.post(
    "/sites/{int:site_id}/activities/{int:activity_id}/end", response=SiteAnswer, summary="其他作业结束",
    operation_id="permits_end_activity",
)  # fmt: skip
def site_end_activity(request: HttpRequest, site_id: int, activity_id: int) -> Any:
    now = timezone.now()
    site = _seen(request, site_id, now)
    row: SiteActivity = get_object_or_404(site.activities.select_related("site"), pk=activity_id)
    end_activity(activity=row, actor=actor_of(request), at=now)
    return _whole(site, now)


def _seen(request: HttpRequest, key: int, now: datetime) -> PermitSite:
    found: PermitSite = get_object_or_404(sites_seen_by(actor_of(request), now), pk=key)
    return found


def _row(site: PermitSite) -> dict[str, Any]:
    return {
        "id": site.pk, "name": site.name, "body": named(site.body), "zone": named(site.zone), "profile": site.profile,
        "width_m": site.width_m, "depth_m": site.depth_m,
    }  # fmt: skip


def _whole(site: PermitSite, now: datetime) -> dict[str, Any]:
    titles = profile_called(site.profile).offices
    return {
        **_row(site),
        "offices": [
            {"id": row.pk, "office": row.office, "title": titles.get(row.office, row.office), "person": named(row.person)}
            for row in offices_of(site, now)
        ],
        "numbers": numbers_of(site), "notices": list(notices_of(site)[:NOTICES]),
        "activities": [activity_row(row) for row in activities_of(site, now)],
    }  # fmt: skip


def activity_row(row: SiteActivity) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "what": row.what, "area": row.area, "starts_at": row.starts_at,
        "ends_at": row.ends_at, "x_m": None if row.x_dm is None else row.x_dm / 10,
        "y_m": None if row.y_dm is None else row.y_dm / 10,
    }  # fmt: skip


def _spread(name: str, title: str, one: Spread | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "name": name, "title": title, "count": one.count, "mean": one.mean, "median": one.median, "p90": one.p90,
        "longest": one.longest, "within": one.within,
    }  # fmt: skip


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "id": profile.id, "version": profile.version, "title": profile.title, "standard": profile.standard,
        "may_extend": profile.may_extend, "offices": profile.offices,
        "substances": {key: one.title for key, one in profile.substances.items()},
        "operations": [
            {"id": one.id, "title": one.title, "kind": one.kind, "grades": list(one.grades),
             "facts": [{"id": field.id, "title": field.title, "type": field.type, "unit": field.unit,
                        "required": field.is_required, "choices": dict(field.choices)} for field in one.facts],
             "approver": dict(one.approver), "co_signers": list(one.co_signers),
             "measures": list(one.measures)}
            for one in profile.operations.values()
        ],
        "numbers": [number for _key, number in sorted(profile.numbers.items())],
    }  # fmt: skip
