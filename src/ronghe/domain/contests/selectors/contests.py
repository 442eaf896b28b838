"""Contests as they are read: lists, who may be entered, standings of the moment or those that were written at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from ronghe.domain.contests.calc.figures import FIGURES
from ronghe.domain.contests.calc.standing import mean_of, places_of, points_of, total_of
from ronghe.domain.contests.enums import ContestState, EntryKind
from ronghe.domain.contests.models import Contest, ContestEntry, ContestHead, ContestMark, ContestScore
from ronghe.domain.contests.rules import OPEN_CONTEST, SEE_CONTEST
from ronghe.domain.contests.selectors.counting import counted
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.honours.selectors.register import titles
from ronghe.domain.org.enums import HOME_KINDS, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.words import _

JUDGES_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """What an entry has under a head: the figure or the mean, and its points; `None` while it waits for a judge."""

    head: str
    value: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class StandingLine:
    entry: ContestEntry
    place: int
    total: Decimal
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Standings:
    heads: Sequence[ContestHead]
    lines: Sequence[StandingLine]


def contests_seen_by(actor: Person, at: datetime) -> QuerySet[Contest]:
    rows = SEE_CONTEST.narrow(actor, Contest.objects.all(), at=at, walk=True)
    return rows.select_related("body", "title", "opened_by").order_by("-opened_at", "-pk")


def list_contests(
    actor: Person, at: datetime, *, words: str = "", state: str = "", page: int = 1, size: int = 20
) -> Listed[Contest]:
    rows = Contest.objects.select_related("body", "title")
    if words:
        rows = rows.filter(Q(name__contains=words) | Q(body__name__contains=words))
    if state:
        rows = rows.filter(state=state)
    return list_seen(SEE_CONTEST, actor, rows, order_by=("-opened_at",), at=at, page=page, size=size)


def bodies_to_open_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may open a contest, by name."""
    return OPEN_CONTEST.narrow(actor, PartyOrg.objects.filter(on_day(local_day(at))), at=at).order_by("name", "pk")


def bodies_offered(body: PartyOrg, day: date) -> QuerySet[PartyOrg]:
    """Return the branches below `body` that may compete, by name."""
    below = descendants(PartyOrg, [body.pk], day=day)
    rows = PartyOrg.objects.filter(on_day(day), kind__in=HOME_KINDS, pk__in=below).exclude(pk=body.pk)
    return rows.order_by("name", "pk")


def teams_offered(body: PartyOrg, day: date) -> QuerySet[AdminUnit]:
    """Return the teams of the units that `body` or a body below it stands at, by name."""
    below = descendants(PartyOrg, [body.pk], day=day)
    units = PartyOrg.objects.filter(pk__in=below, unit__isnull=False).order_by().values("unit_id")
    rows = AdminUnit.objects.filter(on_day(day), kind=UnitKind.TEAM, pk__in=descendants(AdminUnit, units, day=day))
    return rows.order_by("name", "pk")


def bodies_of_teams(teams: Sequence[AdminUnit], day: date) -> dict[int, int]:
    """Return by team the Party body that stands at it, or else at the nearest unit above it."""
    links = list(
        AdminUnit.links().filter(on_day(day), descendant_id__in=[team.pk for team in teams]).order_by("-depth")
    )
    held = PartyOrg.objects.filter(on_day(day), kind__in=HOME_KINDS, unit_id__in={link.ancestor_id for link in links})
    at = {body.unit_id: body.pk for body in held.order_by("-pk")}
    return {link.descendant_id: at[link.ancestor_id] for link in links if link.ancestor_id in at}


def titles_offered() -> list[HonourTitle]:
    return titles()


def home_of(person: Person, day: date) -> PartyOrg | None:
    """Return the branch of `person` on a day; whoever has none, the body taken part in first."""
    rows = Membership.objects.filter(on_day(day), person=person).select_related("body")
    found = sorted(rows, key=lambda row: (row.body.kind not in HOME_KINDS, row.pk))
    return found[0].body if found else None


def concerns(entry: ContestEntry, actor: Person, at: datetime) -> bool:
    """Tell whether the entry is the actor's own: the actor, the own team, or a body belonged to or led."""
    day = local_day(at)
    if entry.person_id is not None:
        return entry.person_id == actor.pk
    posts = standing_of(actor, day).posts
    if entry.unit_id is not None:
        mine = {actor.unit_id, *(post.unit_id for post in posts)} - {None}
        return bool(AdminUnit.links().filter(on_day(day), ancestor_id=entry.unit_id, descendant_id__in=mine).exists())
    return entry.body_id in {*standing_of(actor, day).bodies, *(post.body_id for post in posts)}


def head_words(head: ContestHead) -> str:
    """Return where the points of a head come from."""
    return _(FIGURES[head.figure].words) if head.figure in FIGURES else _("评委评分（两人的平均）")


def standings_of(contest: Contest) -> Standings:
    """Return how the entries stand: computed now while it runs, afterwards as it was written when it was closed."""
    heads = list(contest.heads.order_by("place"))
    entries = list(contest.entries.select_related("body", "person", "honour").order_by("name", "pk"))
    columns = _written(heads, entries) if contest.state in WRITTEN else _live(contest, heads, entries)
    totals = {
        entry.pk: total_of([(head.weight, columns[head.pk][entry.pk].points) for head in heads]) for entry in entries
    }
    places = places_of(totals)
    lines = [
        StandingLine(entry, places[entry.pk], totals[entry.pk], [columns[head.pk][entry.pk] for head in heads])
        for entry in entries
    ]
    return Standings(heads, sorted(lines, key=lambda line: (line.place, line.entry.name, line.entry.pk)))


WRITTEN = frozenset({ContestState.CLOSED.value, ContestState.AWARDED.value})


def _written(heads: Sequence[ContestHead], entries: Sequence[ContestEntry]) -> dict[int, dict[int, Cell]]:
    found = {head.pk: {entry.pk: Cell(head.words, None, None) for entry in entries} for head in heads}
    words = {head.pk: head.words for head in heads}
    for score in ContestScore.objects.filter(head__in=heads):
        found[score.head_id][score.entry_id] = Cell(words[score.head_id], score.value, score.points)
    return found


def _live(
    contest: Contest, heads: Sequence[ContestHead], entries: Sequence[ContestEntry]
) -> dict[int, dict[int, Cell]]:
    marks: defaultdict[tuple[int, int], list[Decimal]] = defaultdict(list)
    for mark in ContestMark.objects.filter(head__in=heads):
        marks[mark.head_id, mark.entry_id].append(mark.points)
    found: dict[int, dict[int, Cell]] = {}
    for head in heads:
        if head.figure:
            values = counted(FIGURES[head.figure], contest, entries)
            points = points_of(values)
            found[head.pk] = {entry.pk: Cell(head.words, values[entry.pk], points[entry.pk]) for entry in entries}
        else:
            means = {entry.pk: mean_of(marks[head.pk, entry.pk], least=JUDGES_NEEDED) for entry in entries}
            found[head.pk] = {key: Cell(head.words, mean, mean) for key, mean in means.items()}
    return found


def to_judge(contest: Contest, head: ContestHead, actor: Person, at: datetime) -> list[ContestEntry]:
    """Return the entries that `actor` may mark under a head: not the own, and not where two others have."""
    taken: defaultdict[int, set[int]] = defaultdict(set)
    for entry, judge in ContestMark.objects.filter(head=head).values_list("entry_id", "judge_id"):
        taken[entry].add(judge)
    rows = contest.entries.select_related("body", "person").order_by("name", "pk")
    if contest.state != ContestState.OPEN or head.figure:
        return []
    return [
        entry for entry in rows
        if (actor.pk in taken[entry.pk] or len(taken[entry.pk]) < JUDGES_NEEDED) and not concerns(entry, actor, at)
    ]  # fmt: skip


def marks_of(head: ContestHead, actor: Person) -> dict[int, Decimal]:
    """Return what `actor` gave under a head; nobody reads what another judge gave."""
    return dict(ContestMark.objects.filter(head=head, judge=actor).values_list("entry_id", "points"))


def entry_of(contest: Contest, actor: Person) -> ContestEntry | None:
    return contest.entries.filter(person=actor).first() if contest.entry_kind == EntryKind.PERSON else None
