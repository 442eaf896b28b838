"""Meetings on somebody's list: the huddle to open, where to sign in, what is planned; terms that run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from ronghe.domain.elections.calc.terms import add_months, due_word
from ronghe.domain.elections.enums import TermDue
from ronghe.domain.elections.models import Term
from ronghe.domain.elections.rules import figures_in_force
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS
from ronghe.domain.org.rules.reaches import local_day, posts_of, roots
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_ahead_of, activities_seen_by, open_activities_of
from ronghe.domain.rhythm.services.activities import open_activity, open_huddle
from ronghe.domain.today.services.doing import found
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.errors import NotFound
from ronghe.kernel.inbox import Act, Done, Inbox, Row, Says, Telling, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_, _, counted

AHEAD = timedelta(days=7)
NOON = 12
OPEN_IT = "open"
TERM_SHAPES = {
    TermDue.OVERDUE: "failed",
    TermDue.ONE_MONTH: "attention",
    TermDue.THREE_MONTHS: "due",
    TermDue.SIX_MONTHS: "upcoming",
}


def _huddles(kind: ActivityType) -> Any:
    """Return what asks for the zones whose huddle of a kind the person opens, with today's huddle where there is one."""

    def waiting(person: Person, at: datetime) -> Any:
        day = local_day(at)
        led = PLAN_ACTIVITY.narrow(person, PartyOrg.objects.filter(valid_until=None), at=at).order_by().values("pk")
        today = Activity.objects.filter(body=OuterRef("body_id"), activity_type=kind, day=day)
        today = today.exclude(state=ActivityState.CALLED_OFF).order_by()
        came = Attendance.objects.filter(
            activity__body=OuterRef("body_id"), activity__activity_type=kind, activity__day=day,
            status=AttendanceStatus.PRESENT,
        ).exclude(activity__state=ActivityState.CALLED_OFF).order_by()  # fmt: skip
        here = Membership.objects.filter(on_day(day), body=OuterRef("body_id")).order_by().values("body_id")
        rows: Any = CollaborationZone.objects.running().filter(body__in=led)
        return rows.annotate(
            huddle=Subquery(today.values("pk")[:1]),
            huddle_state=Coalesce(Subquery(today.values("state")[:1]), Value(""), output_field=CharField()),
            came=Coalesce(Subquery(_count(came.values("status"), "pk")), 0),
            expected=Coalesce(Subquery(_count(here, "person")), 0),
        )

    return waiting


def _count(rows: Any, what: str) -> Any:
    return rows.annotate(n=Count(what, distinct=True)).values("n")


def _tell_huddle(kind: ActivityType) -> Any:
    """Tell the morning's until noon, then the evening's; a closed one is among what was done."""

    def tell(row: Row, _person: Person, at: datetime) -> Telling | None:
        is_morning = at.astimezone(SHANGHAI).hour < NOON
        if row.code == ActivityState.CLOSED or is_morning != (kind == ActivityType.MORNING_HUDDLE):
            return None
        if row.code == ActivityState.OPEN:
            act, state = Act(_("接着签到"), page="activity_detail", arg=row.first), "running"
        else:
            act, state = Act(_("开始签到"), OPEN_IT), "due"
        return Telling(str(kind.label), row.what, state, (act,), is_now=True, share=(row.one or 0, row.two or 0))

    return tell


def _do_huddle(kind: ActivityType) -> Any:
    def do(pk: int, act: str, person: Person, at: datetime) -> Done:
        if act != OPEN_IT:
            raise NotFound
        zone = found(CollaborationZone.objects.select_related("body"), pk)
        assert zone.body is not None  # it runs, so it has one
        activity = open_huddle(body=zone.body, activity_type=kind, actor=person, at=at)
        return Done(_("已开始，可以签到了。"), page=("activity_detail", activity.pk))

    return do


def _open(person: Person, at: datetime) -> Any:
    signed = Attendance.objects.filter(activity=OuterRef("pk"), person=person, status=AttendanceStatus.PRESENT)
    return open_activities_of(person, at).annotate(signed=Subquery(_count(signed.order_by().values("person"), "pk")))


def _tell_open(row: Row, _person: Person, _at: datetime) -> Telling:
    title = str(ActivityType(row.code).label)
    if row.one:
        return Telling(title, _("您已签到"), "done", is_now=True, weight=Weight.LIGHT)
    acts = (Act(_("扫签到码"), page="scan"), Act(_("出示党员卡"), page="me"))
    return Telling(title, _("正在开，请签到"), "running", acts, is_now=True)


def _ahead(person: Person, at: datetime) -> Any:
    runs = ExpressionWrapper(Q(chair=person) | Q(recorder=person), output_field=BooleanField())
    rows = activities_ahead_of(person, at, local_day(at) + AHEAD)
    return rows.annotate(runs=Cast(Coalesce(runs, Value(False)), IntegerField()))


def _tell_ahead(row: Row, _person: Person, at: datetime) -> Telling:
    title, day = str(ActivityType(row.code).label), local_day(at)
    late = row.due_on is not None and row.due_on < day
    begins = row.since.astimezone(SHANGHAI).time() if row.since is not None else None
    why = _("该开没开，由您主持或记录") if late else _("由您主持或记录") if row.one else _("请您参加")
    acts = (Act(_("开始"), OPEN_IT),) if row.one and row.due_on == day else ()
    state = "attention" if late else "due" if row.due_on == day else "upcoming"
    return Telling(title, why, state, acts, begins=begins)


def _do_ahead(pk: int, act: str, person: Person, at: datetime) -> Done:
    if act != OPEN_IT:
        raise NotFound
    activity = open_activity(activity=found(activities_seen_by(person, at), pk), actor=person, at=at)
    return Done(_("已开始，可以签到了。"), page=("activity_detail", activity.pk))


def _held(person: Person, at: datetime) -> Any:
    came = Attendance.objects.filter(person=person, status=AttendanceStatus.PRESENT, activity__day=local_day(at))
    mine = Q(chair=person) | Q(recorder=person) | Q(pk__in=came.order_by().values("activity_id"))
    return Activity.objects.filter(mine, day=local_day(at), state=ActivityState.CLOSED)


def _tell_held(row: Row, _person: Person, _at: datetime) -> Telling:
    return Telling(str(ActivityType(row.code).label), _("%(count)s 人到场") % {"count": row.one or 0}, "done")


def _led(person: Person, at: datetime) -> list[int]:
    return roots(person, LEADERS | MASS_LEADERS, local_day(at), "body")


def _terms(person: Person, at: datetime) -> Any:
    return _ending(at).filter(body__in=_led(person, at))


def _terms_below(person: Person, at: datetime) -> Any:
    """Return the terms that run out below the person's office, but for those of the bodies led."""
    day = local_day(at)
    offices = sorted(
        {post.body_id for post in posts_of(person, day) if post.role == "committee_clerk" and post.body_id}
    )
    if not offices:
        return Term.objects.none()
    below = descendants(PartyOrg, offices, day=day)
    return _ending(at).filter(body__in=below).exclude(body__in=_led(person, at))


def _ending(at: datetime) -> Any:
    limit = add_months(local_day(at), figures_in_force().remind_months)
    return Term.objects.filter(ended_on=None, ends_on__lte=limit, body__valid_until=None)


def _tell_term(row: Row, _person: Person, at: datetime) -> Telling:
    due = TermDue(due_word(row.due_on, local_day(at), remind_months=figures_in_force().remind_months))
    title = _("%(body)s第 %(number)s 届%(due)s") % {"body": row.where, "number": row.one, "due": due.label}
    return Telling(title, _("任期换届"), TERM_SHAPES[due])


def _tell_terms_below(row: Row, _person: Person, _at: datetime) -> Telling:
    title = counted("下级有 %(count)s 个组织的任期将届满或已届满", row.count) % {"count": row.count}
    return Telling(title, _("任期换届"), "attention")


_HUDDLE = Says(what="name", where="place", code="huddle_state", figures=("came", "expected"), args=("huddle",))


def _declare_huddle(id_: str, kind: ActivityType) -> Inbox:
    return declare_inbox(
        Inbox(
            id_, N_("今天的碰头"), "huddles", _huddles(kind), Topic.MEETING, _HUDDLE, page="activity_detail",
            record="rhythm.activity", weight=Weight.HEAVY, tell=_tell_huddle(kind), do=_do_huddle(kind),
        )
    )  # fmt: skip


HUDDLES: Sequence[Inbox] = (
    _declare_huddle("huddle_morning", ActivityType.MORNING_HUDDLE),
    _declare_huddle("huddle_evening", ActivityType.EVENING_HUDDLE),
)
OPEN = declare_inbox(
    Inbox(
        "sign_in", N_("正在开，请签到"), "huddles", _open, Topic.MEETING,
        Says(where=Concat("body__name", Value(" "), "place", output_field=CharField()), code="activity_type",
             figures=("signed",), since="opened_at"),
        page="activity_detail", record="rhythm.activity", tell=_tell_open,
    )
)  # fmt: skip
AHEAD_OF = declare_inbox(
    Inbox(
        "meetings", N_("安排好的会"), "huddles", _ahead, Topic.MEETING,
        Says(where=Concat("body__name", Value(" "), "place", output_field=CharField()), code="activity_type",
             figures=("runs",), due_on="day", since="scheduled_from"),
        page="activity_detail", record="rhythm.activity", weight=Weight.HEAVY, tell=_tell_ahead, do=_do_ahead,
    )
)  # fmt: skip
TERMS = declare_inbox(
    Inbox(
        "terms", N_("任期换届"), "terms", _terms, Topic.DUTY,
        Says(where="body__name", due_on="ends_on", figures=("number",), args=("body_id",)), page="body_terms",
        weight=Weight.HEAVY, is_owed=True, is_steady=True, tell=_tell_term,
    )
)  # fmt: skip
TERMS_BELOW = declare_inbox(
    Inbox(
        "terms_below",
        N_("任期换届"),
        "terms",
        _terms_below,
        Topic.DUTY,
        is_summed=True,
        tell=_tell_terms_below,
    )
)
HELD = declare_inbox(
    Inbox(
        "held", N_("今天开过的会"), "huddles", _held, Topic.MEETING,
        Says(where="body__name", code="activity_type", figures=("present_count",), since="opened_at"),
        page="activity_detail", is_done=True, tell=_tell_held,
    )
)  # fmt: skip
