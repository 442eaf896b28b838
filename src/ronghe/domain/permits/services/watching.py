"""The site as it is now: wind, alarms and what else goes on; each stops the work that it makes dangerous, at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.permits.calc.conflicts import Index, rules_of
from ronghe.domain.permits.enums import ActivityKind, NoticeKind, PermitState
from ronghe.domain.permits.facts import ACTIVITY_NOTED, NOTICED
from ronghe.domain.permits.models import Permit, PermitSite, SiteActivity, SiteNotice
from ronghe.domain.permits.rules import WATCH_SITE
from ronghe.domain.permits.selectors.areas import area_named
from ronghe.domain.permits.selectors.permits import words_of_works, works_at
from ronghe.domain.permits.selectors.sites import profile_of
from ronghe.domain.permits.services.telling import hold_site, tell_of_site
from ronghe.domain.permits.services.working import recheck
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, listed

HIGHEST_WIND = 17


class WindWrong(DomainError):
    code = "permit_wind_wrong"
    sentence = N_("风力是 0 到 %(most)s 级的整数。")
    status = 422


class AlarmUntold(DomainError):
    code = "permit_alarm_untold"
    sentence = N_("请写明是什么报警。")
    status = 422


class ActivityWrong(DomainError):
    code = "permit_activity_wrong"
    sentence = N_("请写明做什么，结束要晚于开始和现在，坐标要同时填两个数。")
    status = 422


class ActivityClashes(DomainError):
    code = "permit_activity_clashes"
    sentence = N_(
        "与%(works)s冲突（%(rules)s），不能安排。请错开；已经在排放的，请勾“正在进行”，平台会叫停受影响的作业。"
    )


@dataclass(frozen=True, slots=True)
class ActivityText:
    """What else goes on; coordinates in metres on the plan."""

    kind: ActivityKind
    what: str
    starts_at: datetime
    ends_at: datetime
    area: str = ""
    x_m: Decimal | None = None
    y_m: Decimal | None = None
    space: str = ""
    bund: str = ""


@transaction.atomic
def read_wind(*, site: PermitSite, level: int, actor: Person, at: datetime) -> tuple[SiteNotice, int]:
    """Note the wind (Beaufort) and stop the work that it is too strong for; return the note and how many were stopped.

    :raises NotAllowed: the actor does not watch this site
    :raises WindWrong: no such force
    """
    WATCH_SITE.require(actor, site, at=at)
    if not 0 <= level <= HIGHEST_WIND:
        raise WindWrong(most=HIGHEST_WIND)
    hold_site(site.pk)
    made = SiteNotice.objects.create(site=site, kind=NoticeKind.WIND, level=level, by=actor, at=at)
    stopped = _recheck_site(site, actor, at)
    tell_of_site(site, NOTICED, actor, at, source=made, what="wind", level=level, stopped=stopped)
    return made, stopped


@transaction.atomic
def raise_alarm(*, site: PermitSite, text: str, actor: Person, at: datetime, area: str = "") -> tuple[SiteNotice, int]:
    """Raise an alarm for an area or the whole site; work there stops and starts again only once it is cleared.

    :raises NotAllowed: the actor does not watch this site
    :raises AlarmUntold: no words
    """
    WATCH_SITE.require(actor, site, at=at)
    if not text.strip():
        raise AlarmUntold
    hold_site(site.pk)
    made = SiteNotice.objects.create(
        site=site, kind=NoticeKind.ALARM, area=area.strip()[:60], risk_area=area_named(site, area), text=text.strip()[:120],
        by=actor, at=at,
    )  # fmt: skip
    stopped = _recheck_site(site, actor, at)
    tell_of_site(site, NOTICED, actor, at, source=made, what="alarm", stopped=stopped)
    return made, stopped


@transaction.atomic
def clear_alarm(*, notice: SiteNotice, actor: Person, at: datetime) -> SiteNotice:
    """Clear an alarm; stopped work goes on by an act of those who lead it, never by itself.

    :raises NotAllowed: the actor does not watch this site
    """
    WATCH_SITE.require(actor, notice.site, at=at)
    row = SiteNotice.objects.select_for_update().get(pk=notice.pk)
    if row.kind == NoticeKind.ALARM and row.cleared_at is None:
        row.cleared_at, row.cleared_by = at, actor
        row.save(update_fields=["cleared_at", "cleared_by"])
        tell_of_site(notice.site, NOTICED, actor, at, source=row, what="cleared", stopped=0)
    return row


@transaction.atomic
def declare_activity(
    *, site: PermitSite, text: ActivityText, actor: Person, at: datetime, is_happening: bool = False
) -> tuple[SiteActivity, int]:
    """Say what else goes on. What would clash with issued work is refused, unless it happens already: then that work stops.

    :raises NotAllowed: the actor does not watch this site
    :raises ActivityWrong: words, hours or place
    :raises ActivityClashes: with what
    """
    WATCH_SITE.require(actor, site, at=at)
    wrong = not text.what.strip() or text.ends_at <= max(text.starts_at, at) or (text.x_m is None) != (text.y_m is None)
    if wrong or text.ends_at - text.starts_at > timedelta(days=62):
        raise ActivityWrong
    hold_site(site.pk)
    made = SiteActivity.objects.create(
        site=site, kind=text.kind, what=text.what.strip()[:120], area=text.area.strip()[:60],
        risk_area=area_named(site, text.area),
        x_dm=None if text.x_m is None else int(text.x_m * 10), y_dm=None if text.y_m is None else int(text.y_m * 10),
        space=text.space.strip()[:32], bund=text.bund.strip()[:32], starts_at=text.starts_at, ends_at=text.ends_at,
        by=actor, at=at,
    )  # fmt: skip
    works = works_at([site.pk], at)
    mine = next(work for work in works if work.id == f"a{made.pk}")
    issued = {work.id for work in works if work.is_issued}
    found = [
        one for one in Index(rules_of(profile_of(site)), works).against(mine)
        if one.blocks and one.other(mine.id) in issued
    ]  # fmt: skip
    if found and not is_happening:
        works_met = listed(sorted({*words_of_works(one.other(mine.id) for one in found).values()}))
        raise ActivityClashes(works=works_met, rules=listed(sorted({one.rule for one in found})))
    stopped = _recheck_site(site, actor, at)
    tell_of_site(site, ACTIVITY_NOTED, actor, at, source=made, activity=text.kind, stopped=stopped)
    return made, stopped


@transaction.atomic
def end_activity(*, activity: SiteActivity, actor: Person, at: datetime) -> SiteActivity:
    """Say that it is over, or does not take place.

    :raises NotAllowed: the actor does not watch this site
    """
    WATCH_SITE.require(actor, activity.site, at=at)
    row = SiteActivity.objects.select_for_update().get(pk=activity.pk)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        tell_of_site(activity.site, ACTIVITY_NOTED, actor, at, source=row, activity=row.kind, stopped=0)
    return row


def _recheck_site(site: PermitSite, actor: Person, at: datetime) -> int:
    rows = Permit.objects.filter(site=site, state=PermitState.ACTIVE).order_by("kind", "pk")
    return sum(recheck(row, actor, at) == "suspend" for row in rows)
