"""The six institutions and the rhythm of a zone as its branch adopted them: what they ask, how they stand, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.model import Mechanism, Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors.people import posts_in
from ronghe.domain.zones.selectors.sheet import CADENCES, GROUPS
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import N_, _
from ronghe.web.sources import href_of

BACK, AHEAD, STRIP = timedelta(days=100), timedelta(days=100), 8
SETTLED = frozenset({ObligationState.DONE, ObligationState.LATE, ObligationState.MISSED, ObligationState.WAIVED})
MET = frozenset({ObligationState.DONE, ObligationState.LATE})
EVIDENCE = {
    "sign_in": N_("签到"), "minutes": N_("记录"), "decisions": N_("议定事项"), "votes": N_("表决"), "photos": N_("照片"),
    "signatures": N_("签字"), "checklist": N_("检查表"), "materials": N_("材料"),
}  # fmt: skip


@dataclass(slots=True)
class Institution:
    """One mechanism with what is owed of it; `owed` by due day, each with its state."""

    mechanism: Mechanism
    title: str
    group: str
    role: str
    holders: list[str]
    cadence: str
    evidence: list[str]
    plan_url: str
    owed: list[Any] = field(default_factory=list)
    last_url: str = ""
    last_on: date | None = None

    @property
    def strip(self) -> list[str]:
        shown = [row.state for row in self.owed if row.state != ObligationState.UPCOMING]
        return ["failed" if state == ObligationState.MISSED else str(state) for state in shown[-STRIP:]]

    @property
    def next(self) -> Any | None:
        return next((row for row in self.owed if row.state in {ObligationState.DUE, ObligationState.UPCOMING}), None)

    @property
    def state(self) -> str:
        """How it stands now: the occurrence that is due, else the last one."""
        if self.next is not None and self.next.state == ObligationState.DUE:
            return str(ObligationState.DUE)
        over = [row.state for row in self.owed if row.state in SETTLED]
        return str(over[-1] if over else ObligationState.UPCOMING)

    def kept(self, since: date, day: date) -> tuple[int, int]:
        """Return how many that counted from `since` to `day` were met, and how many are settled."""
        rows = [row for row in self.owed if since <= row.counts_on <= day and row.state in SETTLED - {"waived"}]
        return sum(row.state in MET for row in rows), len(rows)


@dataclass(slots=True)
class Dimension:
    """One of the three -ises, live: met of what fell due in the period, and records behind it."""

    id: str
    title: str
    institutions: list[Institution]
    met: int = 0
    settled: int = 0

    @property
    def share(self) -> int | None:
        return round(100 * self.met / self.settled) if self.settled else None


def institutions_of(zone: CollaborationZone, at: datetime) -> list[Institution]:
    """Return what the zone's branch works by, in the order of the playbooks; five statements, none before the start."""
    if zone.body is None:
        return []
    day = local_day(at)
    held: dict[str, list[str]] = defaultdict(list)
    for post in posts_in(zone, day):
        held[post.role].append(post.person.name)
    found: dict[str, Institution] = {}
    for adoption in adoptions_of(zone.body, day):
        for mechanism in adoption.version.playbook.mechanisms_for(BodyKind(zone.body.kind)):
            if mechanism.counts_for and mechanism.id not in found:
                found[mechanism.id] = _institution(mechanism, adoption.version.playbook, held, zone)
    _add_owed(found, zone, day)
    return list(found.values())


def month_from(day: date) -> date:
    return period_around(day, PeriodKind.MONTH).span.from_on


def dimensions_of(
    zone: CollaborationZone, institutions: Sequence[Institution], since: date, day: date
) -> list[Dimension]:
    """Return the dimensions of the six institutions and the project rhythm, with how these were kept from `since` to `day`."""
    titles: dict[str, str] = {}
    if zone.body is not None:
        for adoption in adoptions_of(zone.body, day):
            titles |= {one.id: one.title.here for one in adoption.version.playbook.dimensions}
    found: dict[str, Dimension] = {}
    for one in institutions:
        if one.group not in GROUPS:
            continue
        name = one.mechanism.dimension
        dimension = found.setdefault(name, Dimension(name, titles.get(name, name), []))
        dimension.institutions.append(one)
        met, settled = one.kept(since, day)
        dimension.met += met
        dimension.settled += settled
    return list(found.values())


def _institution(
    mechanism: Mechanism, playbook: Playbook, held: dict[str, list[str]], zone: CollaborationZone
) -> Institution:
    role = next((entry.title.here for entry in playbook.roles if entry.id == mechanism.answers), mechanism.answers)
    window = mechanism.rhythm.window.value if mechanism.rhythm else ""
    cadence = _(CADENCES[window]) if window in CADENCES else _("按需")
    if len(mechanism.sittings) > 1:
        cadence += " " + _("%(count)s 次") % {"count": len(mechanism.sittings)}
    wanted = (*mechanism.evidence_required, *mechanism.evidence_optional)
    evidence = [_(EVIDENCE[one.value]) for one in wanted if one.value in EVIDENCE]
    return Institution(
        mechanism, mechanism.title.here, mechanism.counts_for[0], role, held.get(mechanism.answers, []), cadence,
        evidence, _plan_url(mechanism, zone),
    )  # fmt: skip


def _plan_url(mechanism: Mechanism, zone: CollaborationZone) -> str:
    """Return where a record that meets the mechanism is begun; "" where it is none that one plans."""
    satisfied = mechanism.satisfied_by or tuple(one for sitting in mechanism.sittings for one in sitting.satisfied_by)
    for one in satisfied:
        for condition in one.where:
            if one.kind == "rhythm.activity_closed" and condition.attribute == "activity_type" and condition.any_of:
                return f"{reverse('web:activity_create')}?body={zone.body_id}&type={condition.any_of[0]}"
    return ""


def _add_owed(found: dict[str, Institution], zone: CollaborationZone, day: date) -> None:
    rows: Any = Obligation.objects.filter(
        body=zone.body_id, mechanism__in=found, counts_on__gte=day - BACK, counts_on__lt=day + AHEAD
    )
    for row in rows.with_state(day).select_related("match").order_by("due_on", "pk"):
        found[row.mechanism].owed.append(row)
    last = {name: _last_match(one) for name, one in found.items()}
    facts = Fact.objects.filter(pk__in=[match.fact for match in last.values() if match is not None])
    by_id = {fact.pk: fact for fact in facts}
    for name, match in last.items():
        fact = by_id.get(match.fact) if match is not None else None
        if fact is not None and match is not None:
            found[name].last_on = match.met_on
            found[name].last_url = href_of(fact.source_type, fact.source_id)


def _last_match(one: Institution) -> Any | None:
    return next((row.match for row in reversed(one.owed) if row.state in MET), None)
