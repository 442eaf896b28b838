"""A year of “党建+”: themes, quarters and bodies with what each activity brought, and the gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ronghe.domain.campaigns.calc.themes import added, bare, theme_of
from ronghe.domain.campaigns.enums import Theme
from ronghe.domain.campaigns.models import ThemedActivity, ThemedResult
from ronghe.domain.campaigns.rules import SEE_THEMED
from ronghe.domain.campaigns.selectors.themes import form_of
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.rules import SEE_OBLIGATION
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion, read_together
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.db.tree import descendants

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Sum:
    """The exact sum of one figure."""

    title: str
    unit: str
    value: Decimal


@dataclass(slots=True)
class Cell:
    """One theme of one body in one quarter: what was held, and whether something was owed and is missing."""

    held: list[ThemedActivity] = field(default_factory=list)
    planned: int = 0
    results: list[dict[str, str]] = field(default_factory=list)
    states: list[ObligationState] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """Missed is a gap; met by another kind of gathering is none."""
        if ObligationState.MISSED in self.states:
            return "failed"
        if self.held or ObligationState.DONE in self.states or ObligationState.LATE in self.states:
            return "done"
        if ObligationState.DUE in self.states:
            return "due"
        return "upcoming" if self.states or self.planned else "waived"

    @property
    def is_gap(self) -> bool:
        return ObligationState.MISSED in self.states


@dataclass(slots=True)
class YearLine:
    """One body: a cell for each theme and quarter."""

    body: PartyOrg
    cells: dict[tuple[str, int], Cell] = field(default_factory=dict)

    def cell(self, theme: str, quarter: int) -> Cell:
        return self.cells.setdefault((theme, quarter), Cell())

    def held(self, theme: str) -> int:
        return sum(len(self.cell(theme, quarter).held) for quarter in QUARTERS)

    @property
    def gaps(self) -> int:
        return sum(1 for cell in self.cells.values() if cell.is_gap)


@dataclass(slots=True)
class Year:
    """A year over some bodies. `themes` are code and title, the four first; `sums` what each theme brought."""

    year: int
    themes: list[tuple[str, str]]
    lines: list[YearLine]
    sums: dict[str, list[Sum]]
    held: dict[str, int]

    @property
    def gaps(self) -> int:
        return sum(line.gaps for line in self.lines)


def year_of(actor: Person, at: datetime, year: int, *, body: int | None = None, below: int | None = None) -> Year:
    """Return the year as `actor` may see it, of one body, of one and what hangs below it, or of all; seven statements."""
    day = local_day(at)
    span = DaySpan(date(year, 1, 1), date(year + 1, 1, 1))
    inside = None
    if body is not None:
        inside = [body]
    elif below is not None:
        inside = list(descendants(PartyOrg, [below], day=day).values_list("descendant_id", flat=True))
    activities = _activities(actor, at, span, inside)
    duties = _duties(actor, at, span, inside, day)
    lines = _lines(activities, duties)
    titles = {theme.value: str(theme.label) for theme in Theme}
    for themed in activities:
        titles.setdefault(themed.theme, themed.theme_title)
    for _body, theme, title, _quarter, _state in duties:
        titles.setdefault(theme, title)
    results = _results(activities)
    rows: dict[str, list[dict[str, str]]] = {code: [] for code in titles}
    held = dict.fromkeys(titles, 0)
    for themed in activities:
        line = lines[themed.activity.body_id]
        cell = line.cell(themed.theme, _quarter_of(themed.activity.day))
        if themed.activity.state != ActivityState.CLOSED:
            cell.planned += 1
            continue
        cell.held.append(themed)
        held[themed.theme] += 1
        brought = results.get(themed.pk)
        if brought is not None:
            cell.results.append(brought)
            rows[themed.theme].append(brought)
    sums = {code: sums_of(code, rows[code], activities) for code in titles}
    ordered = sorted(lines.values(), key=lambda line: (-line.gaps, line.body.name, line.body.pk))
    return Year(year, list(titles.items()), ordered, sums, held)


def sums_of(theme: str, results: Sequence[dict[str, str]], activities: Iterable[ThemedActivity]) -> list[Sum]:
    """Return the sums of a theme's figures, named as the activities' own forms name them."""
    totals = added(results)
    named: dict[str, tuple[str, str]] = {}
    for themed in activities:
        if themed.theme == theme:
            for figure in form_of(themed).figures:
                named.setdefault(figure.id, (figure.title.here, figure.unit.here))
    return [Sum(*named.get(name, (name, "")), value) for name, value in totals.items()]


def _activities(actor: Person, at: datetime, span: DaySpan, inside: list[int] | None) -> list[ThemedActivity]:
    rows: Any = ThemedActivity.objects.filter(activity__day__gte=span.from_on, activity__day__lt=span.until_on)
    rows = rows.exclude(activity__state=ActivityState.CALLED_OFF)
    if inside is not None:
        rows = rows.filter(activity__body__in=inside)
    seen = SEE_THEMED.narrow(actor, rows, at=at).select_related("activity__body", "version")
    found = list(seen.order_by("activity__day", "pk"))
    read_together(one.version for one in found if one.version is not None)
    return found


def _results(activities: Sequence[ThemedActivity]) -> dict[int, dict[str, str]]:
    rows = ThemedResult.objects.filter(themed__in=[one.pk for one in activities]).order_by("number")
    return dict(rows.values_list("themed_id", "figures"))


_Duty = tuple[PartyOrg, str, str, int, ObligationState]


def _duties(actor: Person, at: datetime, span: DaySpan, inside: list[int] | None, day: date) -> list[_Duty]:
    """Return what is owed for a theme: body, theme, its title, quarter, state. Duties met by no theme are left out."""
    adopted: Any = Adoption.objects.overlapping(span.from_on, span.until_on)
    if inside is not None:
        adopted = adopted.filter(body__in=inside)
    versions = PlaybookVersion.objects.in_bulk(list(adopted.order_by().values_list("version_id", flat=True).distinct()))
    read_together(versions.values())
    themes: dict[tuple[int, str], tuple[str, str]] = {}
    for pk, version in versions.items():
        themes |= _themes_in(pk, version)
    if not themes:
        return []
    rows: Any = Obligation.objects.filter(
        counts_on__gte=span.from_on, counts_on__lt=span.until_on, version__in={pk for pk, _name in themes},
        mechanism__in={name for _pk, name in themes},
    )  # fmt: skip
    if inside is not None:
        rows = rows.filter(body__in=inside)
    seen: Any = SEE_OBLIGATION.narrow(actor, rows, at=at)
    dated = seen.with_state(day).select_related("body")
    found = []
    for row in dated.order_by("counts_on", "pk"):
        theme = themes.get((row.version_id, row.mechanism))
        if theme is not None:
            found.append((row.body, *theme, _quarter_of(row.counts_on), ObligationState(row.state)))
    return found


def _themes_in(pk: int, version: PlaybookVersion) -> dict[tuple[int, str], tuple[str, str]]:
    return {
        (pk, one.id): (code, bare(one.title.here)) for one in version.playbook.mechanisms if (code := theme_of(one))
    }


def _lines(activities: Sequence[ThemedActivity], duties: Sequence[_Duty]) -> dict[int, YearLine]:
    lines: dict[int, YearLine] = {}
    for body, theme, _title, quarter, state in duties:
        lines.setdefault(body.pk, YearLine(body)).cell(theme, quarter).states.append(state)
    for themed in activities:
        lines.setdefault(themed.activity.body_id, YearLine(themed.activity.body))
    return lines


def _quarter_of(day: date) -> int:
    return (day.month - 1) // 3 + 1
