"""What looks odd among the points of a body's members, and what came of looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ronghe.domain.appraisal.calc.facts import kinds_in
from ronghe.domain.appraisal.calc.oddities import Bounds, Entered, Oddity, oddities_in
from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.facts import ODDITY_LOOKED_AT
from ronghe.domain.appraisal.rules import LOOK_INTO
from ronghe.domain.appraisal.selectors.ledgers import members_at_home, periods_for
from ronghe.domain.appraisal.selectors.member_sheets import sheets_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import keys_of
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.scoring.period import Period

KEYS = ("points_burst_least", "points_pair_least", "points_median_times")


@dataclass(frozen=True, slots=True)
class Look:
    verdict: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FoundOdd:
    """A finding with the names of whom it is about, and the last look at it."""

    oddity: Oddity
    key: str
    people: tuple[Person, ...]
    look: Look | None


def oddities_for(
    actor: Person, body: PartyOrg, at: datetime, *, period: str = ""
) -> tuple[Period | None, list[FoundOdd]]:
    """Return what looks odd among the points of the members of `body`, what nobody looked at yet first.

    :raises NotFound: the actor does not look into points there
    """
    if not LOOK_INTO.allows(actor, body, at=at):
        raise NotFound
    day = local_day(at)
    known = sheets_of(body, Level.MEMBER, day)
    if not known:
        return None, []
    in_use = known[0]
    periods = periods_for(in_use, day)
    wanted = next((one for one in periods if one.name == period), periods[0])
    people = {person.token: person for person, _kind in members_at_home(body, day)}
    since, until = wanted.instants
    rows = Fact.objects.filter(
        subject__in=people, occurred_at__gte=since, occurred_at__lt=until, reverses=None,
        kind__in=kinds_in(in_use.content, in_use.playbook),
    )  # fmt: skip
    columns = ("subject", "recorded_by", "occurred_at", "source_type", "source_id")
    entries = [
        Entered(about, by, occurred_at, (source_type, source_id))
        for about, by, occurred_at, source_type, source_id in rows.order_by("pk").values_list(*columns)
        if about is not None
    ]
    set_to = keys_of(KEYS, body.pk, day)
    bounds = Bounds(*(set_to[name] for name in KEYS))
    looks = _looks(body)
    found = [
        FoundOdd(one, key, tuple(people[token] for token in one.people if token in people), looks.get(key))
        for one in oddities_in(entries, people, bounds)
        for key in [one.key(wanted.name)]
        if actor.token not in one.people
    ]
    return wanted, sorted(found, key=lambda one: one.look is not None)


def _looks(body: PartyOrg) -> dict[str, Look]:
    """The last look at each finding of the body, by key."""
    rows = Fact.objects.filter(kind=ODDITY_LOOKED_AT.name, body=body.pk).order_by("occurred_at", "pk")
    facts = list(rows)
    names = dict(
        Person.objects.filter(token__in={row.recorded_by for row in facts}).order_by().values_list("token", "name")
    )
    return {
        row.values["key"]: Look(row.values["verdict"], names.get(row.recorded_by or 0, ""), row.occurred_at)
        for row in facts
    }
