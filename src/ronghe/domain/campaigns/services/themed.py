"""Themed activities: planned in one act, given a theme afterwards, and what they brought in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.campaigns.calc.themes import ThemeForm, fits, wrong_figure
from ronghe.domain.campaigns.facts import ACTIVITY_HELD, THEME_GIVEN, THEME_WITHDRAWN
from ronghe.domain.campaigns.models import ThemedActivity, ThemedResult, ThemedTask
from ronghe.domain.campaigns.rules import RUN_THEMED
from ronghe.domain.campaigns.selectors.figures import plain
from ronghe.domain.campaigns.selectors.themes import (
    came_to,
    form_of,
    kind_held,
    solved_among,
    standing_result,
    tasks_offered,
    tasks_taken_up,
    themes_of,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.models import PlaybookVersion
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import parts_of, tally_of
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.hosts import HostAs
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import give_task
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, record_many, reverse
from ronghe.kernel.words import N_, _


class NoSuchTheme(DomainError):
    code = "no_such_theme"
    sentence = N_("“%(body)s”没有“%(theme)s”这个主题，请从它执行的范本里选。")
    status = 422


class ThemeNotHeld(DomainError):
    code = "theme_not_held"
    sentence = N_("“%(body)s”不开展“%(theme)s”主题活动，请由党组织安排后联办。")
    status = 422


class TitleMissing(DomainError):
    code = "themed_title_missing"
    sentence = N_("请写活动名称。")
    status = 422


class ThemeDoesNotFit(DomainError):
    code = "theme_does_not_fit"
    sentence = N_("%(activity_type)s不能定为“%(theme)s”主题，请换一个主题。")
    status = 422


class ThemeThere(DomainError):
    code = "theme_there"
    sentence = N_("这次活动已定为“%(theme)s”主题。")


class ResultThere(DomainError):
    code = "result_there"
    sentence = N_("成效已经填了，主题不能再改；数字有误的，请更正成效。")


class NotOverYet(DomainError):
    code = "themed_not_over"
    sentence = N_("活动还没有结束，结束以后再填成效。")


class FigureWrong(DomainError):
    code = "result_figure_wrong"
    sentence = N_("“%(title)s”要填不小于 0 的数，单位是%(unit)s。")
    status = 422


class WhyCorrected(DomainError):
    code = "result_why_corrected"
    sentence = N_("请写明为什么更正成效，原来的留在记录里。")
    status = 422


class NotOfThisBody(DomainError):
    code = "task_not_of_this_body"
    sentence = N_("只能列入本组织的任务，且没有列入过。")
    status = 422


class ProblemMissing(DomainError):
    code = "themed_problem_missing"
    sentence = N_("请写明是什么问题。")
    status = 422


@dataclass(frozen=True, slots=True)
class ThemedPlan:
    """What is typed to plan a themed activity; hosts join in as the kind of gathering that the theme is."""

    theme: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    hosts: Sequence[PartyOrg] = ()


@transaction.atomic
def plan_themed(
    *, body: PartyOrg, plan: ThemedPlan, actor: Person, at: datetime, chair: Person | None = None
) -> ThemedActivity:
    """Plan a themed activity: one gathering of rhythm with its theme, held together with the hosts.

    Production is held as a labour contest and culture as culture and sports, where the body's tree holds them; it is the
    same record that those duties ask for.

    :raises NoSuchTheme: the body works by no such theme
    :raises ThemeNotHeld: bodies of this tree hold nothing of the kind
    :raises TitleMissing: no title
    :raises DomainError: what planning an activity refuses
    """
    version, form = _theme(body, plan.theme, local_day(plan.starts_at))
    if not plan.title.strip():
        raise TitleMissing
    kind = kind_held(form.code, body)
    if kind is None:
        raise ThemeNotHeld(body=body.name, theme=form.title.here)
    hosts = []
    for host in plan.hosts:
        counts_as = kind_held(form.code, host)
        if counts_as is None:
            raise ThemeNotHeld(body=host.name, theme=form.title.here)
        hosts.append(HostAs(host, counts_as))
    activity = plan_activity(
        activity_type=kind, body=body, place=plan.place, scheduled_from=plan.starts_at, scheduled_until=plan.ends_at,
        actor=actor, at=at, chair=chair, hosts=hosts,
    )  # fmt: skip
    return _give(activity, version, form, plan.title, actor, at)


@transaction.atomic
def give_theme(*, activity: Activity, theme: str, actor: Person, at: datetime, title: str = "") -> ThemedActivity:
    """Give a theme to an activity that was planned without one; its title is the theme's unless told.

    :raises NoSuchTheme: its body works by no such theme
    :raises ThemeDoesNotFit: a gathering of its kind is about something else
    :raises ThemeThere: it has one
    :raises StepNotAllowed: it was called off
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    version, form = _theme(activity.body, theme, activity.day)
    if not fits(activity.activity_type, form.code) or activity.state == ActivityState.CALLED_OFF:
        raise ThemeDoesNotFit(activity_type=activity.get_activity_type_display(), theme=form.title.here)
    return _give(activity, version, form, title, actor, at)


@transaction.atomic
def change_theme(*, themed: ThemedActivity, theme: str, actor: Person, at: datetime) -> ThemedActivity:
    """Give another theme while there is no result.

    :raises ResultThere: there is one
    :raises NoSuchTheme, ThemeDoesNotFit: as when it was given
    """
    RUN_THEMED.require(actor, themed, at=at)
    fresh = _without_result(themed)
    version, form = _theme(themed.activity.body, theme, themed.activity.day)
    if not fits(themed.activity.activity_type, form.code):
        raise ThemeDoesNotFit(
            activity_type=themed.activity.get_activity_type_display(), theme=form.title.here
        )  # fmt: skip
    fresh.theme, fresh.theme_title = form.code, form.title.zh[:60]
    fresh.version, fresh.mechanism = version, form.mechanism
    fresh.save(update_fields=["theme", "theme_title", "version", "mechanism"])
    _record_theme(fresh, actor, at)
    return fresh


@transaction.atomic
def withdraw_theme(*, themed: ThemedActivity, actor: Person, at: datetime) -> None:
    """Take the theme off again while there is no result; the activity stays as it is.

    :raises ResultThere: there is one
    """
    RUN_THEMED.require(actor, themed, at=at)
    fresh = _without_result(themed)
    record(
        Draft(THEME_WITHDRAWN, at, actor, body=themed.activity.body_id, attributes={"theme": fresh.theme},
              source=themed.activity)
    )  # fmt: skip
    ThemedTask.objects.filter(themed=fresh).delete()
    fresh.delete()


@transaction.atomic
def enter_result(
    *, themed: ThemedActivity, figures: Mapping[str, Decimal], actor: Person, at: datetime, note: str = "",
    reason: str = "",
) -> ThemedResult:  # fmt: skip
    """Enter what a themed activity brought. Entered again with a reason, the new figures stand and the old ones stay on record.

    From now on the activity counts for its theme: one fact for each body that held it, of the moment it was held.

    :raises NotOverYet: it is not closed
    :raises FigureWrong: a figure is missing, below nought, or broken where whole things are counted
    :raises WhyCorrected: there is a result, and no reason
    :raises Stale: somebody else entered one a moment ago
    """
    RUN_THEMED.require(actor, themed, at=at)
    fresh = ThemedActivity.objects.select_for_update().get(pk=themed.pk)
    activity = Activity.objects.select_related("body", "version").get(pk=themed.activity_id)
    if activity.state != ActivityState.CLOSED:
        raise NotOverYet
    form = form_of(themed)
    wrong = wrong_figure(form.figures, figures)
    if wrong is not None:
        raise FigureWrong(title=wrong.title.here, unit=wrong.unit.here)
    before = standing_result(fresh)
    if before is not None and not reason.strip():
        raise WhyCorrected
    number = 1 if before is None else before.number + 1
    kept = {one.id: plain(figures[one.id]) for one in form.figures}
    try:
        with transaction.atomic():
            result = ThemedResult.objects.create(
                themed=fresh, number=number, figures=kept, present=came_to(activity),
                note=note.strip(), reason=reason.strip() if before is not None else "", entered_by=actor, entered_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale from error
    for fact in _standing_facts(activity):
        reverse(fact, by=actor, at=at)
    fresh.results_count = number
    fresh.save(update_fields=["results_count"])
    _record_held(fresh, form, kept, activity, actor)
    themed.results_count = number
    return result


@transaction.atomic
def take_up_task(*, themed: ThemedActivity, task: Task, actor: Person, at: datetime) -> ThemedTask:
    """Name a task of the body as a problem that the activity took up.

    :raises NotOfThisBody: it is another body's, called off, not to be seen, or on the list already
    """
    RUN_THEMED.require(actor, themed, at=at)
    if not tasks_offered(themed, actor, at).filter(pk=task.pk).exists():
        raise NotOfThisBody
    row, _is_new = ThemedTask.objects.get_or_create(themed=themed, task=task)
    return row


@transaction.atomic
def note_problem(
    *, themed: ThemedActivity, problem: str, assignee: Person, due_at: datetime, actor: Person, at: datetime
) -> ThemedTask:
    """Make a problem that the activity took up a task of somebody; whoever runs the activity may.

    :raises ProblemMissing: no words
    :raises DeadlinePast: the deadline is over
    """
    RUN_THEMED.require(actor, themed, at=at)
    if not problem.strip():
        raise ProblemMissing
    activity = themed.activity
    task = give_task(
        title=problem.strip()[:120], goal=themed.title, assignee=assignee, due_at=due_at, body=activity.body,
        zone=activity.zone, actor=actor, at=at,
    )  # fmt: skip
    return ThemedTask.objects.create(themed=themed, task=task)


@transaction.atomic
def leave_out_task(*, themed: ThemedActivity, task: Task, actor: Person, at: datetime) -> None:
    """Take a task off the list again; the task itself goes on."""
    RUN_THEMED.require(actor, themed, at=at)
    ThemedTask.objects.filter(themed=themed, task=task).delete()


def _theme(body: PartyOrg, theme: str, day: object) -> tuple[PlaybookVersion | None, ThemeForm]:
    for version, form in themes_of(body, day):  # type: ignore[arg-type]
        if form.code == theme:
            return version, form
    raise NoSuchTheme(body=body.name, theme=theme)


def _give(
    activity: Activity, version: PlaybookVersion | None, form: ThemeForm, title: str, actor: Person, at: datetime
) -> ThemedActivity:
    called = title.strip()[:80] or _("“党建+”%(theme)s") % {"theme": form.title.here}
    try:
        with transaction.atomic():
            themed = ThemedActivity.objects.create(
                activity=activity, theme=form.code, theme_title=form.title.zh[:60], title=called, version=version,
                mechanism=form.mechanism, given_by=actor, given_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        there = ThemedActivity.objects.get(activity=activity)
        raise ThemeThere(theme=there.get_theme_display()) from error
    _record_theme(themed, actor, at)
    return themed


def _without_result(themed: ThemedActivity) -> ThemedActivity:
    fresh = ThemedActivity.objects.select_for_update().get(pk=themed.pk)
    if fresh.results_count:
        raise ResultThere
    return fresh


def _record_theme(themed: ThemedActivity, actor: Person, at: datetime) -> None:
    activity = themed.activity
    record(
        Draft(THEME_GIVEN, at, actor, body=activity.body_id, zone=activity.zone_id,
              attributes={"theme": themed.theme}, source=activity)
    )  # fmt: skip


def _standing_facts(activity: Activity) -> list[Fact]:
    """Return the facts of an earlier result that still stand."""
    label = activity._meta.label_lower  # noqa: SLF001 - Django's name
    rows = list(Fact.objects.filter(kind=ACTIVITY_HELD.name, source_type=label, source_id=activity.pk).order_by("pk"))
    undone = {fact.reverses for fact in rows}
    return [fact for fact in rows if fact.reverses is None and fact.pk not in undone]


def _record_held(
    themed: ThemedActivity, form: ThemeForm, figures: Mapping[str, str], activity: Activity, actor: Person
) -> None:
    """Tell each body that held it, with its own count of those who came.

    The source is the activity and the moment that of holding it, so that what closing it met and this are one record: it
    counts for one theme and no other.
    """
    noted = list(activity.attendances.select_related("person").order_by("pk"))
    tasks = tasks_taken_up(themed)
    if activity.opened_at is None:
        raise AssertionError(activity)
    first = form.figures[0].id if form.figures else ""
    drafts = []
    for part in parts_of(activity):
        counts = tally_of(activity, part.expected, noted)
        came = counts.present + counts.guests if part.body_id == activity.body_id else counts.present
        attributes = {
            "theme": themed.theme, "day": activity.day, "figure": first or "present", "figures": len(figures),
            "present": came, "tasks": len(tasks), "solved": solved_among(tasks),
        }  # fmt: skip
        quantity = Decimal(figures[first]) if first else Decimal(came_to(activity))
        drafts.append(
            Draft(ACTIVITY_HELD, activity.opened_at, actor, body=part.body_id,
                  zone=activity.zone_id, quantity=quantity, attributes=attributes, source=activity)
        )  # fmt: skip
    record_many(drafts)
