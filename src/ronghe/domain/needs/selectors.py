"""精准问需: needs as an actor may see them, their likely doubles, agreed times, targets, and figures of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from ronghe.domain.items.calc.clocks import Distribution, distribution, hours_between
from ronghe.domain.items.calc.doubles import most_alike
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.needs.calc.gains import HOURS, MONEY, gain_in
from ronghe.domain.needs.calc.ratings import Satisfaction, rounded, satisfaction_of
from ronghe.domain.needs.models import HelpMoment, NeedTargets
from ronghe.domain.needs.rules import NEED, RAISE_NEED, SEE_BOARD
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.db.tree import descendants, on_day

TRIAGE_DAYS, ANSWER_DAYS = 3, 10
"""Working days where no body above has set its own; the source names none."""
COMPARED = 300
COUNTED = 5_000
"""Needs that a board counts at most, the latest."""
_RATINGS = {"rate": True, "reopen": False}
_TAKEN = ("triage", "refuse", "merge")


def tagged(tag: str) -> Q:
    """Return the condition that a need has this tag, alike on both databases: there are three tags at most."""
    return Q(values__tags__0=tag) | Q(values__tags__1=tag) | Q(values__tags__2=tag)


def bodies_serving(person: Person, at: datetime) -> list[PartyOrg]:
    """Return the bodies for which `person` may raise a need: the one that serves the own unit nearest first."""
    day = local_day(at)
    rows = list(RAISE_NEED.narrow(person, PartyOrg.objects.filter(on_day(day)), at=at).order_by("name", "pk"))
    links = person.unit.links().filter(on_day(day), descendant=person.unit_id) if person.unit is not None else None
    depths = dict(links.order_by().values_list("ancestor_id", "depth")) if links is not None else {}
    far = 1_000
    return sorted(rows, key=lambda body: (depths.get(body.unit_id, far), body.name, body.pk))


def targets_of(body: PartyOrg, at: datetime) -> tuple[int, int]:
    """Return working days to take a need up and to answer it: the body's, else of the nearest body above, else default."""
    above = PartyOrg.links().filter(on_day(local_day(at)), descendant=body).order_by("depth", "ancestor_id")
    order = {pk: place for place, pk in enumerate(above.values_list("ancestor_id", flat=True))}
    rows = NeedTargets.objects.filter(body__in=order)
    near = min(rows, key=lambda row: order[row.body_id], default=None)
    return (TRIAGE_DAYS, ANSWER_DAYS) if near is None else (near.triage_days, near.answer_days)


def likely_doubles(item: WorkItem, actor: Person, at: datetime) -> list[WorkItem]:
    """Return open needs that `actor` sees and that look like `item`, the most alike first; two statements."""
    rows = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind=NEED.id, closed_at=None), at=at)
    latest = rows.exclude(pk=item.pk).order_by("-raised_at", "-pk").values_list("pk", "title", "text")[:COMPARED]
    texts = {pk: f"{title} {text}" for pk, title, text in latest}
    keys = most_alike(f"{item.title} {item.text}", texts)
    found = WorkItem.objects.select_related("raised_by", "body").in_bulk(keys)
    return [found[key] for key in keys]


def moments_of(item: WorkItem) -> list[HelpMoment]:
    """Return the times agreed for a need, the next one first, with those that were called off."""
    return list(item.help_moments.select_related("helper").order_by("starts_at", "pk"))


def moments_waiting(actor: Person, at: datetime) -> QuerySet[HelpMoment]:
    """Return the times agreed with `actor` as helper that are not over, the next one first."""
    rows = HelpMoment.objects.filter(helper=actor, called_off_at=None, ends_at__gt=at)
    return rows.select_related("item").order_by("starts_at", "pk")


def moments_today(actor: Person, at: datetime) -> QuerySet[HelpMoment]:
    """Return those of them that begin today."""
    day = local_day(at)
    return moments_waiting(actor, at).filter(starts_at__date=day)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long something took in hours, and how many of those stayed within the target of working days."""

    hours: Distribution
    within: int
    running: int
    late: int
    """Of the running ones, beyond their target."""


@dataclass(slots=True)
class BoardRow:
    """One line of the board: what it is about, how many there are by state, how fast, how satisfied."""

    title: str
    key: str
    total: int = 0
    states: Counter[str] = field(default_factory=Counter)
    triage: Pace | None = None
    answer: Pace | None = None
    satisfaction: Satisfaction | None = None
    hours_saved: Decimal = Decimal(0)
    money_saved: Decimal = Decimal(0)

    @property
    def share_text(self) -> str:
        """The share of solved ones in percent, worked out exactly and rounded once."""
        share = self.satisfaction.share if self.satisfaction is not None else None
        return "" if share is None else f"{rounded(share * 100)}"

    @property
    def mean_text(self) -> str:
        mean = self.satisfaction.mean if self.satisfaction is not None else None
        return "" if mean is None else f"{rounded(mean)}"


@dataclass(frozen=True, slots=True)
class NeedLife:
    """What a board needs to know of one need."""

    pk: int
    body: int
    body_name: str
    state: str
    tags: tuple[str, ...]
    raised_at: datetime
    triaged_at: datetime | None
    answered_at: datetime | None
    triage_due: date
    answer_due: date
    rating: tuple[int, bool] | None
    values: dict[str, object]


def boards_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose board `actor` may see."""
    return SEE_BOARD.narrow(actor, PartyOrg.objects.filter(on_day(local_day(at))), at=at).order_by("name", "pk")


def lives_below(body: PartyOrg, at: datetime, since: date | None = None) -> list[NeedLife]:
    """Return the needs of `body` and everything below it, the latest first; four statements whatever their number."""
    below = descendants(PartyOrg, [body.pk], day=local_day(at))
    rows = WorkItem.objects.filter(kind=NEED.id, body__in=below).select_related("body")
    if since is not None:
        rows = rows.filter(raised_at__date__gte=since)
    items = list(rows.order_by("-raised_at", "-pk")[:COUNTED])
    steps: dict[int, list[tuple[str, datetime, dict[str, object]]]] = {}
    wanted = (*_TAKEN, "answer", *_RATINGS)
    of_items = ItemStep.objects.filter(item__in=rows.order_by().values("pk"), step__in=wanted)
    for key, step, moment, values in of_items.order_by("at", "pk").values_list("item_id", "step", "at", "values"):
        steps.setdefault(key, []).append((step, moment, values))
    targets = _targets_by_body(items, at)
    dues = _Dues()
    return [_life(item, steps.get(item.pk, []), targets[item.body_id], dues) for item in items]


def pace_of(spans: Iterable[tuple[datetime, datetime | None, date]], now: datetime) -> Pace:
    """Return how fast something went: begin, end (`None` while it runs) and last day of the target, one a need."""
    rows = list(spans)
    done = [(begin, end, due) for begin, end, due in rows if end is not None]
    running = [due for _begin, end, due in rows if end is None]
    return Pace(
        distribution(hours_between(begin, end) for begin, end, _due in done),
        sum(1 for _begin, end, due in done if local_day(end) <= due),
        len(running),
        sum(1 for due in running if local_day(now) > due),
    )


def row_of(title: str, key: str, lives: Sequence[NeedLife], now: datetime) -> BoardRow:
    """Return one line of the board over `lives`."""
    gains = [gain_in(life.values) for life in lives if life.values.get("gain_holds") is True and life.state == "closed"]
    waiting = {"merged", "refused", "withdrawn"}
    return BoardRow(
        title=title, key=key, total=len(lives), states=Counter(life.state for life in lives),
        triage=pace_of(
            ((life.raised_at, life.triaged_at, life.triage_due) for life in lives if life.state != "withdrawn"), now
        ),
        answer=pace_of(
            ((life.raised_at, life.answered_at, life.answer_due) for life in lives if life.state not in waiting), now
        ),
        satisfaction=satisfaction_of([life.rating for life in lives if life.rating is not None]),
        hours_saved=sum((gain.saved for gain in gains if gain is not None and gain.kind == HOURS), start=Decimal(0)),
        money_saved=sum((gain.saved for gain in gains if gain is not None and gain.kind == MONEY), start=Decimal(0)),
    )  # fmt: skip


class _Dues:
    """Last days of targets, each worked out once."""

    def __init__(self) -> None:
        self._calendar = statutory_calendar()
        self._known: dict[tuple[date, int], date] = {}

    def after(self, day: date, days: int) -> date:
        if (day, days) not in self._known:
            self._known[day, days] = add_working_days(self._calendar, day, days)
        return self._known[day, days]


def _targets_by_body(items: Sequence[WorkItem], at: datetime) -> dict[int, tuple[int, int]]:
    rows = {row.body_id: (row.triage_days, row.answer_days) for row in NeedTargets.objects.all()}
    bodies = {item.body_id for item in items}
    found = dict.fromkeys(bodies, (TRIAGE_DAYS, ANSWER_DAYS))
    if rows:
        links = PartyOrg.links().filter(on_day(local_day(at)), descendant__in=bodies, ancestor__in=rows)
        for body, above in links.order_by("-depth").values_list("descendant_id", "ancestor_id"):
            found[body] = rows[above]
    return found


def _life(
    item: WorkItem, steps: Sequence[tuple[str, datetime, dict[str, object]]], targets: tuple[int, int], dues: _Dues
) -> NeedLife:
    taken = next((moment for step, moment, _values in steps if step in _TAKEN), None)
    answered = [place for place, row in enumerate(steps) if row[0] == "answer"]
    reopened = [place for place, row in enumerate(steps) if row[0] == "reopen"]
    is_answered = bool(answered) and (not reopened or reopened[-1] < answered[-1])
    ratings = [(int(str(values["score"])), _RATINGS[step]) for step, _at, values in steps if step in _RATINGS]
    day = local_day(item.raised_at)
    return NeedLife(
        pk=item.pk, body=item.body_id, body_name=item.body.name, state=item.state, tags=tuple(item.values["tags"]),
        raised_at=item.raised_at, triaged_at=taken, answered_at=steps[answered[-1]][1] if is_answered else None,
        triage_due=dues.after(day, targets[0]), answer_due=dues.after(day, targets[1]),
        rating=ratings[-1] if ratings else None, values=item.values,
    )  # fmt: skip
