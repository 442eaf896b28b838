"""When an expert sits: hours of every week, and days away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlsplit

from django.db import transaction

from ronghe.domain.clinic.calc.slots import WeeklyHours, hours_clash
from ronghe.domain.clinic.enums import SlotWay
from ronghe.domain.clinic.facts import AWAY_ENDED, AWAY_SET, HOURS_CLOSED, HOURS_SET
from ronghe.domain.clinic.models import Expert, ExpertAway, ExpertHours
from ronghe.domain.clinic.rules import KEEP_HOURS
from ronghe.domain.clinic.selectors.experts import hours_of, weekly
from ronghe.domain.clinic.services.calling_off import call_off_all
from ronghe.domain.clinic.services.experts import ExpertNotSitting
from ronghe.domain.clinic.services.telling import tell_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

LEAST_MINUTES, MOST_MINUTES = 10, 240
LONGEST_AWAY = 366


class HoursUnfit(DomainError):
    code = "clinic_hours_unfit"
    sentence = N_("结束要在开始以后，每次 %(least)s 到 %(most)s 分钟，而且这段时间至少够一次。")
    status = 422


class HoursClash(DomainError):
    code = "clinic_hours_clash"
    sentence = N_("这段时间和已定的坐诊时间重叠，请先停掉那一段。")


class WhereMissing(DomainError):
    code = "clinic_where_missing"
    sentence = N_("见面要写地点；远程要写电话或会议链接（链接以 http 开头）。")
    status = 422


class AwayUnfit(DomainError):
    code = "clinic_away_unfit"
    sentence = N_("不坐诊的日子要从今天或以后开始，最后一天不早于第一天，最长一年。")
    status = 422


@dataclass(frozen=True, slots=True)
class HoursText:
    """`weekday` is ISO (Monday is 1), `link` a telephone number or an address."""

    weekday: int
    starts: time
    ends: time
    way: SlotWay
    minutes: int = 30
    place: str = ""
    link: str = ""


@transaction.atomic
def add_hours(*, expert: Expert, text: HoursText, actor: Person, at: datetime) -> ExpertHours:
    """Sit every week at these hours from now on.

    :raises ExpertNotSitting: not accepted yet, or ended
    :raises HoursUnfit, WhereMissing: not sound
    :raises HoursClash: they share a minute with other hours
    """
    KEEP_HOURS.require(actor, expert, at=at)
    if not expert.is_active:
        raise ExpertNotSitting(name=expert.person.name)
    lasts = (text.ends.hour * 60 + text.ends.minute) - (text.starts.hour * 60 + text.starts.minute)
    is_sound = LEAST_MINUTES <= text.minutes <= MOST_MINUTES and text.minutes <= lasts and 1 <= text.weekday <= 7
    if not is_sound:
        raise HoursUnfit(least=LEAST_MINUTES, most=MOST_MINUTES)
    place, link = text.place.strip()[:80], text.link.strip()
    if (text.way == SlotWay.ON_SITE and not place) or (text.way == SlotWay.REMOTE and not _is_reachable(link)):
        raise WhereMissing
    Expert.objects.select_for_update().get(pk=expert.pk)  # two sets of hours at once wait for each other
    new = WeeklyHours(0, text.weekday, text.starts, text.ends, text.minutes)
    if hours_clash(new, weekly(hours_of(expert))):
        raise HoursClash
    hours = ExpertHours.objects.create(
        expert=expert, weekday=text.weekday, starts=text.starts, ends=text.ends, minutes=text.minutes, way=text.way,
        place=place if text.way == SlotWay.ON_SITE else "", link=link if text.way == SlotWay.REMOTE else "", set_at=at,
    )  # fmt: skip
    tell_of(hours, HOURS_SET, actor, at, body=expert.body_id, about=actor, weekday=text.weekday, way=text.way)
    return hours


@transaction.atomic
def close_hours(*, hours: ExpertHours, actor: Person, at: datetime) -> None:
    """Offer these hours no more; what is booked in them stands.

    :raises Stale: they were closed before
    """
    expert = hours.expert
    KEEP_HOURS.require(actor, expert, at=at)
    if not ExpertHours.objects.filter(pk=hours.pk, closed_at=None).update(closed_at=at):
        raise Stale
    tell_of(hours, HOURS_CLOSED, actor, at, body=expert.body_id, about=actor, weekday=hours.weekday, way=hours.way)


@transaction.atomic
def go_away(*, expert: Expert, from_on: date, until_on: date, actor: Person, at: datetime) -> tuple[ExpertAway, int]:
    """Sit on none of these days (both included); what is booked on them is called off, and the askers are told.

    :returns: the time away, and how many visits fell into it
    :raises AwayUnfit: begun already, turned round, or longer than a year
    """
    KEEP_HOURS.require(actor, expert, at=at)
    if from_on < local_day(at) or not 0 <= (until_on - from_on).days < LONGEST_AWAY:
        raise AwayUnfit
    Expert.objects.select_for_update().get(pk=expert.pk)  # nobody books into these days meanwhile
    away = ExpertAway.objects.create(expert=expert, from_on=from_on, until_on=until_on, set_at=at)
    begins, ends = moment_of(from_on), moment_of(until_on, time.max)
    fell = call_off_all(expert.visits.filter(starts_at__gte=begins, starts_at__lte=ends), actor, at)
    tell_of(away, AWAY_SET, actor, at, body=expert.body_id, about=actor, from_on=from_on, until_on=until_on)
    return away, fell


@transaction.atomic
def come_back(*, away: ExpertAway, actor: Person, at: datetime) -> None:
    """Take days away back; what was called off for them stays so.

    :raises Stale: it was taken back before
    """
    expert = away.expert
    KEEP_HOURS.require(actor, expert, at=at)
    if not ExpertAway.objects.filter(pk=away.pk, ended_at=None).update(ended_at=at):
        raise Stale
    tell_of(away, AWAY_ENDED, actor, at, body=expert.body_id, about=actor, from_on=away.from_on, until_on=away.until_on)


def _is_reachable(link: str) -> bool:
    if urlsplit(link).scheme in ("http", "https"):
        return len(link) <= 200
    digits = link.replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 15
