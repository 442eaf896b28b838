"""What adopting a version would do to a body, computed without writing anything: a dry run of its duties."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.obligations.calc.occurrences import Calendars, Occurrence, OccurrenceBook
from ronghe.domain.obligations.calc.plan import Adopted, owed
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.comparing import Comparison, compare
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.selectors import adoptions_in
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import site_calendars
from ronghe.kernel.calendar.calendars import EveryDayCalendar, WorkCalendar, statutory_calendar
from ronghe.kernel.calendar.periods import DaySpan

NEW = 0
"""What the version to come is called where versions are known by their row."""

AHEAD = timedelta(days=92)
"""How far a preview looks: a quarter from the first day."""

REACH = DaySpan(date(2001, 1, 1), date(2100, 1, 1))
"""The days that cadences and calendars know of."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence of a mechanism as it stands and as it would be; one of the two may be missing."""

    title: str
    was: Occurrence | None
    will: Occurrence | None
    is_met: bool = False
    is_waived: bool = False

    @property
    def day(self) -> date:
        """The due day to sort by: the one to come, else the one that goes."""
        found = self.will or self.was
        assert found is not None
        return found.due_on


@dataclass(slots=True)
class Foreseen:
    """What would become of one body's duties of a quarter, each list by due day."""

    body: PartyOrg
    since: date
    span: DaySpan
    ends: list[Adoption] = field(default_factory=list)
    """Adoptions of the same playbook that would end on the day."""
    added: list[Line] = field(default_factory=list)
    gone: list[Line] = field(default_factory=list)
    moved: list[Line] = field(default_factory=list)
    kept: int = 0
    """Duties that stay as they are, met ones among them."""
    kept_met: int = 0
    conflict: str = ""
    """Code of the refusal that adopting would meet, "" where it would go through."""

    @property
    def gone_met(self) -> int:
        """Duties that go although something met them already; the record stays."""
        return sum(line.is_met for line in self.gone)

    @property
    def first_due(self) -> date | None:
        return min((line.day for line in [*self.added, *self.moved]), default=None)


def foresee(
    bodies: Sequence[PartyOrg], playbook: Playbook, since: date, *, statutory: WorkCalendar | None = None
) -> list[Foreseen]:
    """Return for each body what adopting `playbook` from `since` would change in the quarter from that day on.

    Four statements, however many bodies; bodies that share adoptions share the arithmetic. A day beyond `REACH` is
    answered by a conflict, as adopting would refuse it.
    """
    if not REACH.from_on <= since < REACH.until_on:
        return [
            Foreseen(body, since, DaySpan(since, since), conflict="adoption_out_of_reach") for body in bodies
        ]  # fmt: skip
    span = DaySpan(since, since + AHEAD)
    return _Foresight(bodies, playbook, since, span, statutory or statutory_calendar()).results()


def upgrade_of(adoption: Adoption, playbook: Playbook) -> Comparison:
    """Return what the newer version says differently from the one that the body works by."""
    return compare(adoption.version.playbook, playbook)


class _Foresight:
    def __init__(
        self, bodies: Sequence[PartyOrg], playbook: Playbook, since: date, span: DaySpan, statutory: WorkCalendar
    ) -> None:
        self.bodies, self.playbook, self.since, self.span = bodies, playbook, since, span
        self.book = OccurrenceBook()
        every_day = EveryDayCalendar()
        self.default = Calendars(statutory, every_day, every_day)
        ids = [body.pk for body in bodies]
        # A yearly window that ends in the span began with the year, perhaps under an adoption that ended since.
        whole = DaySpan(span.from_on.replace(month=1, day=1), span.until_on)
        self.adoptions: dict[int, list[Adoption]] = {body: [] for body in ids}
        for row in adoptions_in(whole, ids).select_related("version__text", "body"):
            self.adoptions[row.body_id].append(row)
        self.sites = self._sites(ids)
        self.there = self._there(ids)

    def results(self) -> list[Foreseen]:
        return [self._of(body) for body in self.bodies]

    def _of(self, body: PartyOrg) -> Foreseen:
        found = Foreseen(body, self.since, self.span)
        standing = self.adoptions[body.pk]
        kind = BodyKind(body.kind)
        if not self.playbook.mechanisms_for(kind):
            found.conflict = "nothing_for_this_body"
            return found
        same = [row for row in standing if row.version.playbook_id == self.playbook.id and row.valid_until is None]
        if any(row.version.version == self.playbook.version for row in same):
            found.conflict = "already_adopted"
            return found
        if any(row.valid_from >= self.since for row in same):
            found.conflict = "adopted_later"
            return found
        found.ends = same
        was = self._owed(body, self._terms(standing, body))
        ended = {row.pk for row in same}
        new = Adopted(NEW, self.playbook.mechanisms_for(kind), InForce(self.since, body.valid_until or date.max))
        will = self._owed(body, [*self._terms(standing, body, ended), new])
        self._sort_out(found, was, will)
        return found

    def _terms(self, rows: Sequence[Adoption], body: PartyOrg, ended: Collection[int] = ()) -> list[Adopted]:
        body_until = body.valid_until or date.max
        terms = []
        for row in rows:
            until = min(row.valid_until or date.max, body_until, self.since if row.pk in ended else date.max)
            if row.valid_from <= until:
                mechanisms = row.version.playbook.mechanisms_for(BodyKind(body.kind))
                terms.append(Adopted(row.version_id, mechanisms, InForce(row.valid_from, until)))
        return terms

    def _owed(self, body: PartyOrg, terms: list[Adopted]) -> dict[Key, tuple[str, Occurrence]]:
        titles = {(term.version, mechanism.id): mechanism.title.here for term in terms for mechanism in term.mechanisms}
        found = owed(terms, self.sites.get(body.pk, self.default), self.span, self.book)
        return {
            (one.occurrence.mechanism, one.occurrence.key): (
                titles[one.version, one.occurrence.mechanism], one.occurrence
            )
            for one in found
        }  # fmt: skip

    def _sort_out(
        self, found: Foreseen, was: Mapping[Key, tuple[str, Occurrence]], will: Mapping[Key, tuple[str, Occurrence]]
    ) -> None:
        state = self.there.get(found.body.pk, {})
        for key in sorted({*was, *will}):
            is_met, is_waived = state.get(key, (False, False))
            title = (will.get(key) or was[key])[0]
            old, new = (side[key][1] if key in side else None for side in (was, will))
            line = Line(title, old, new, is_met, is_waived)
            if old is None:
                found.added.append(line)
            elif new is None:
                found.gone.append(line)
            elif _dates(old) != _dates(new):
                found.moved.append(line)
            else:
                found.kept += 1
                found.kept_met += is_met
        for lines in (found.added, found.gone, found.moved):
            lines.sort(key=lambda line: (line.day, line.title))

    def _sites(self, ids: Collection[int]) -> dict[int, Calendars]:
        zones = dict(CollaborationZone.objects.filter(body_id__in=ids).order_by().values_list("pk", "body_id"))
        if not zones:
            return {}
        calendars = site_calendars(zones.keys(), base=self.default.every_day)
        return {
            zones[zone]: Calendars(self.default.statutory, self.default.every_day, site)
            for zone, site in calendars.items()
        }

    def _there(self, ids: Collection[int]) -> dict[int, dict[Key, tuple[bool, bool]]]:
        """Return which duties of the span are met or waived already."""
        rows = Obligation.objects.filter(body_id__in=ids, is_settled=True).order_by()
        rows = rows.counting_in(self.span.from_on, self.span.until_on)
        found: dict[int, dict[Key, tuple[bool, bool]]] = {}
        named = rows.values_list("body_id", "mechanism", "occurrence", "match", "waiver")
        for body, mechanism, occurrence, match, waiver in named:
            found.setdefault(body, {})[mechanism, occurrence] = (match is not None, waiver is not None)
        return found


def _dates(one: Occurrence) -> tuple[object, ...]:
    return (one.window_from, one.due_on, one.grace_until, one.planned_on, one.starts_at)
