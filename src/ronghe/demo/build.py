"""Making a demonstration home: steps that say what they do, in an order that leaves nothing half-made behind."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ronghe.demo.accounts import DemoAccounts
from ronghe.demo.appraisal_parts import tell_of_the_appraisal
from ronghe.demo.depth import deepen
from ronghe.demo.history import History, at
from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field, found_company, import_rosters, start_demo_zone, stop_for_rain
from ronghe.demo.scores import score_last_quarter
from ronghe.demo.stars import show_stars
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.zones.selectors import site_calendar
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.db.fresh import bring_up_to_date
from ronghe.kernel.facts.seal import seal_facts

Say = Callable[[str], None]


def build_demo(say: Say) -> list[dict[str, str]]:
    """Fill the (empty) home of the settings and return the log-ins. `say` gets a line a step."""
    now = timezone.localtime()
    today = timezone.localdate(now)
    quarter = period_around(today, PeriodKind.QUARTER).previous()
    since = quarter.span.from_on
    say("建数据库")
    bring_up_to_date()
    accounts = DemoAccounts(now)
    before = at(since, 8, 0) - timedelta(days=14)
    company, committee, clerk = found_company(before.date(), before, accounts)
    say("导入三份花名册")
    sponsor = import_rosters(company, committee, clerk, before.date(), before)
    say("成立南I-1协作区，采用范本")
    field = start_demo_zone(company, sponsor, clerk, since, before, accounts)
    stop_for_rain(field, (since + timedelta(days=37), since + timedelta(days=40)), at(since, 6, 0))
    _adopt(field, since, at(since, 6, 30))
    _play(field, since, today, say)
    say("写组织的细处：建制、任期、联系点、划分党小组")
    deepen(field, since, now)
    say("封存事实，给上季度打分")
    seal_facts(at=now)
    score_last_quarter(field, quarter, now)
    show_stars(field, quarter, now)
    tell_of_the_appraisal(field, quarter, now)
    generate_obligations(at=now)
    accounts.mark(settings.HOME)
    return accounts.opened


def empty_home() -> None:
    """Throw away a demonstration home that was not finished; a home with a mark, or a real one, is left alone."""
    connection.close()
    for path in (settings.HOME.database, settings.HOME.files, settings.HOME.logs):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            for part in path.parent.glob(f"{path.name}*"):
                part.unlink()


def _adopt(field: Field, since: date, moment: datetime) -> None:
    adopt_playbook(
        body=field.zone_body, playbook=playbook_named("daqing_zone"), since=since, actor=field.clerk, at=moment
    )
    base = playbook_named("branch_base")
    for branch in PartyOrg.objects.filter(kind=PartyOrgKind.BRANCH).order_by("pk"):
        adopt_playbook(body=branch, playbook=base, since=since, actor=field.clerk, at=moment)


def _play(field: Field, since: date, today: date, say: Say) -> None:
    history = History(field, statutory_calendar(), site_calendar(field.zone))
    month = 0
    for day in history.play(since, today):
        if day.month != month:
            month = day.month
            say(f"记 {day.year} 年 {month} 月的碰头、会议、任务")
