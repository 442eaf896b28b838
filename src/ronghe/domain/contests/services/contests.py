"""A contest is opened, judged, closed into places and awarded, or called off; people enter for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.contests.calc.figures import FIGURES
from ronghe.domain.contests.enums import CONTEST_FLOW, HOLDER_OF, ContestState, EntryKind
from ronghe.domain.contests.facts import (
    CONTEST_CALLED_OFF,
    CONTEST_JOINED,
    CONTEST_JUDGED,
    CONTEST_LEFT,
    CONTEST_OPENED,
)
from ronghe.domain.contests.models import Contest, ContestEntry, ContestHead, ContestJudge, ContestMark
from ronghe.domain.contests.rules import JOIN_CONTEST, JUDGE_CONTEST, OPEN_CONTEST, RUN_CONTEST
from ronghe.domain.contests.selectors.contests import (
    JUDGES_NEEDED,
    bodies_of_teams,
    bodies_offered,
    concerns,
    home_of,
    teams_offered,
)
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.honours.services.register import HolderUnfit, TitleRetired
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

LONGEST_DAYS = 366
MOST_HEADS = 8
LEAST_ENTRIES = 2
MOST_AWARDS = 20


class ContestUnfit(DomainError):
    code = "contest_unfit"
    sentence = N_("请写竞赛名称；结束日期不能早于开始日期和今天，竞赛最长一年；表彰名次在 1 到 20 之间。")
    status = 422


class HeadsUnfit(DomainError):
    code = "heads_unfit"
    sentence = N_("请写 1 到 8 项比什么，各项的比重加起来是 100；所选的数要适合参赛的一方。")
    status = 422


class TooFewJudges(DomainError):
    code = "too_few_judges"
    sentence = N_("有评委评分的项目，请至少请两名评委。")
    status = 422


class EntryOutside(DomainError):
    code = "entry_outside"
    sentence = N_("“%(name)s”不在“%(body)s”范围内，不能参加。")
    status = 422


class TooFewEntries(DomainError):
    code = "too_few_entries"
    sentence = N_("“%(body)s”范围内能参加的不到两个，比不起来；请换参赛的一方或由上级组织发起。")
    status = 422


class NotForPeople(DomainError):
    code = "not_for_people"
    sentence = N_("这项竞赛不比个人，不用报名。")


class NoHome(DomainError):
    code = "no_home"
    sentence = N_("您现在不在任何组织里，请先由组织关系所在的党支部登记。")


class EnteredAlready(DomainError):
    code = "entered_already"
    sentence = N_("您已经报名。")


class NotEntered(DomainError):
    code = "not_entered"
    sentence = N_("您没有报名，不用退出。")


class OwnEntry(DomainError):
    code = "own_entry"
    sentence = N_("“%(name)s”是您自己或您所在的一方，须由别人来办。")
    status = 403


class HeadNotJudged(DomainError):
    code = "head_not_judged"
    sentence = N_("“%(head)s”由平台计数，不用评分。")


class MarkUnfit(DomainError):
    code = "mark_unfit"
    sentence = N_("请给参赛的每一个打 0 到 100 分，至少打一个。")
    status = 422


class JudgedByTwo(DomainError):
    code = "judged_by_two"
    sentence = N_("“%(name)s”这一项已经有两名评委评过。")


class ContestReasonMissing(DomainError):
    code = "contest_reason_missing"
    sentence = N_("请写明取消的原因，参赛的人会看到。")
    status = 422


@dataclass(frozen=True, slots=True)
class HeadText:
    """What is compared; without `figure` it is judged."""

    words: str
    weight: int
    figure: str = ""


@dataclass(frozen=True, slots=True)
class ContestText:
    """What is told of a contest. Without `bodies` or `teams` all of the kind take part."""

    name: str
    starts_on: date
    ends_on: date
    heads: Sequence[HeadText]
    entry_kind: EntryKind = EntryKind.BODY
    bodies: Sequence[PartyOrg] = ()
    teams: Sequence[AdminUnit] = ()
    judges: Sequence[Person] = ()
    title: HonourTitle | None = None
    awards: int = 1


@transaction.atomic
def open_contest(*, body: PartyOrg, text: ContestText, actor: Person, at: datetime) -> Contest:
    """Open a contest for those below `body`.

    :raises ContestUnfit, HeadsUnfit, TooFewJudges: what is told does not fit
    :raises TitleRetired, HolderUnfit: the title is not given, or not to those who compete
    :raises EntryOutside, TooFewEntries: who competes does not fit
    """
    OPEN_CONTEST.require(actor, body, at=at)
    day = local_day(at)
    _refuse_unfit(text, day)
    heads, judges = _heads(text), list(dict.fromkeys(text.judges))
    if any(not head.figure for head in heads) and len(judges) < JUDGES_NEEDED:
        raise TooFewJudges
    entries = _entries(body, text, day)
    made = Contest.objects.create(
        body=body, name=text.name.strip(), entry_kind=text.entry_kind, starts_on=text.starts_on, ends_on=text.ends_on,
        title=text.title, awards=text.awards, opened_by=actor, opened_at=at,
    )  # fmt: skip
    for head in heads:
        head.contest = made
    for entry in entries:
        entry.contest = made
    ContestHead.objects.bulk_create(heads)
    ContestEntry.objects.bulk_create(entries, batch_size=500)
    ContestJudge.objects.bulk_create(ContestJudge(contest=made, person=judge) for judge in judges)
    attributes = {"entry": made.entry_kind, "until": made.ends_on, "heads": len(heads)}
    record(Draft(CONTEST_OPENED, at, actor, body=body.pk, attributes=attributes, source=made))
    return made


def _refuse_unfit(text: ContestText, day: date) -> None:
    days = (text.ends_on - text.starts_on).days
    if not text.name.strip() or not 0 <= days <= LONGEST_DAYS or text.ends_on < day:
        raise ContestUnfit
    if not 1 <= text.awards <= MOST_AWARDS:
        raise ContestUnfit
    if text.title is None:
        return
    if text.title.is_retired:
        raise TitleRetired(title=text.title.name)
    if text.title.goes_to != HOLDER_OF[text.entry_kind]:
        raise HolderUnfit(title=text.title.name, kind=text.title.get_goes_to_display())


def _heads(text: ContestText) -> list[ContestHead]:
    told = [head for head in text.heads if head.words.strip()]
    fits = all(
        1 <= head.weight <= 100
        and (not head.figure or (head.figure in FIGURES and text.entry_kind.value in FIGURES[head.figure].fits))
        for head in told
    )
    if not 1 <= len(told) <= MOST_HEADS or not fits or sum(head.weight for head in told) != 100:
        raise HeadsUnfit
    return [
        ContestHead(place=place, words=head.words.strip()[:40], figure=head.figure, weight=head.weight)
        for place, head in enumerate(told, start=1)
    ]


def _entries(body: PartyOrg, text: ContestText, day: date) -> list[ContestEntry]:
    """Return who competes; people are not entered by anybody."""
    if text.entry_kind == EntryKind.PERSON:
        return []
    offered: dict[int, PartyOrg | AdminUnit] = {}
    if text.entry_kind == EntryKind.BODY:
        offered.update({row.pk: row for row in bodies_offered(body, day)})
    else:
        offered.update({row.pk: row for row in teams_offered(body, day)})
    chosen: Sequence[PartyOrg | AdminUnit] = text.bodies if text.entry_kind == EntryKind.BODY else text.teams
    for row in chosen:
        if row.pk not in offered:
            raise EntryOutside(name=row.name, body=body.name)
    rows = list({row.pk: row for row in chosen}.values()) or list(offered.values())
    if len(rows) < LEAST_ENTRIES:
        raise TooFewEntries(body=body.name)
    teams = [row for row in rows if isinstance(row, AdminUnit)]
    if not teams:
        return [ContestEntry(body_id=row.pk, name=row.name[:80]) for row in rows]
    at = bodies_of_teams(teams, day)
    return [ContestEntry(body_id=at.get(row.pk, body.pk), unit=row, name=row.name[:80]) for row in teams]


@transaction.atomic
def join_contest(*, contest: Contest, actor: Person, at: datetime) -> ContestEntry:
    """Enter for oneself, where the contest is one of people.

    :raises NotForPeople: branches or teams compete
    :raises EnteredAlready, NoHome: twice, or nobody's
    :raises StepNotAllowed: it does not run any more
    """
    JOIN_CONTEST.require(actor, contest, at=at)
    contest = _running(contest, at)
    if contest.entry_kind != EntryKind.PERSON:
        raise NotForPeople
    home = home_of(actor, local_day(at))
    if home is None:
        raise NoHome
    try:
        with transaction.atomic():
            made = ContestEntry.objects.create(contest=contest, body=home, person=actor, name=actor.name)
    except IntegrityError as error:
        raise EnteredAlready from error
    record(Draft(CONTEST_JOINED, at, actor, about=actor, body=contest.body_id, source=contest))
    return made


@transaction.atomic
def leave_contest(*, contest: Contest, actor: Person, at: datetime) -> None:
    """Take oneself out again; what judges gave goes too.

    :raises NotEntered: the actor does not compete
    :raises StepNotAllowed: it does not run any more
    """
    JOIN_CONTEST.require(actor, contest, at=at)
    contest = _running(contest, at, is_last_day_needed=False)
    entry = contest.entries.filter(person=actor).first()
    if entry is None:
        raise NotEntered
    entry.marks.all().delete()
    entry.delete()
    record(Draft(CONTEST_LEFT, at, actor, about=actor, body=contest.body_id, source=contest))


@transaction.atomic
def judge_entries(
    *, contest: Contest, head: ContestHead, points: Mapping[int, Decimal], actor: Person, at: datetime
) -> list[ContestMark]:
    """Give points from 0 to 100 by entry under a head; the own ones may be given anew until the contest is closed.

    :raises HeadNotJudged: the head is counted
    :raises MarkUnfit: no points, points out of range, or an entry of another contest
    :raises OwnEntry: one of them is the actor's
    :raises JudgedByTwo: two others have judged it
    :raises StepNotAllowed: it does not run any more
    """
    JUDGE_CONTEST.require(actor, contest, at=at)
    contest = _running(contest, at, is_last_day_needed=False)
    if head.figure:
        raise HeadNotJudged(head=head.words)
    entries = {entry.pk: entry for entry in contest.entries.filter(pk__in=points)}
    in_range = all(one.is_finite() and 0 <= one <= 100 for one in points.values())
    if not points or len(entries) != len(points) or not in_range or head.contest_id != contest.pk:
        raise MarkUnfit
    given: list[ContestMark] = []
    for key, one in points.items():
        entry = entries[key]
        if concerns(entry, actor, at):
            raise OwnEntry(name=entry.name)
        given.append(_mark(entry, head, one, actor, at))
    record(Draft(CONTEST_JUDGED, at, actor, body=contest.body_id, attributes={"head": head.place}, source=contest))
    return given


def _mark(entry: ContestEntry, head: ContestHead, points: Decimal, actor: Person, at: datetime) -> ContestMark:
    marks = {mark.judge_id: mark for mark in ContestMark.objects.filter(entry=entry, head=head)}
    mark = marks.get(actor.pk)
    if mark is None:
        if len(marks) >= JUDGES_NEEDED:
            raise JudgedByTwo(name=entry.name)
        seat = min({1, 2} - {row.seat for row in marks.values()})
        mark = ContestMark(entry=entry, head=head, judge=actor, seat=seat)
    mark.points, mark.given_at = points.quantize(Decimal("0.01")), at
    mark.save()
    return mark


@transaction.atomic
def call_off_contest(*, contest: Contest, reason: str, actor: Person, at: datetime) -> Contest:
    """Call a contest off; nobody is ranked.

    :raises ContestReasonMissing: no words
    :raises StepNotAllowed: it does not run any more
    """
    RUN_CONTEST.require(actor, contest, at=at)
    if not reason.strip():
        raise ContestReasonMissing
    CONTEST_FLOW.advance(contest, "call_off", reason=reason.strip(), ended_at=at)
    record(Draft(CONTEST_CALLED_OFF, at, actor, body=contest.body_id, source=contest))
    return contest


def _running(contest: Contest, at: datetime, *, is_last_day_needed: bool = True) -> Contest:
    """Return the contest, held until the transaction ends.

    :raises StepNotAllowed: it was closed or called off, or its days are over
    """
    held = Contest.objects.select_for_update().get(pk=contest.pk)
    is_over = is_last_day_needed and local_day(at) > held.ends_on
    if held.state != ContestState.OPEN or is_over:
        raise StepNotAllowed(state=held.get_state_display())
    return held
