"""How far a roll-out got: who works by it, how well, and where units go their own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.playbooks.calc.comparing import compare
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion, read_together
from ronghe.domain.playbooks.selectors.books import families
from ronghe.domain.rollouts.calc.shares import share
from ronghe.domain.rollouts.models import Effect, Rollout, Target


class Uptake(StrEnum):
    """What stands of one unit: works by it, by an older version, by its own on top of it, not yet, or overdue."""

    ADOPTED = "adopted"
    OLDER = "older"
    OWN = "own"
    NOT_YET = "not_yet"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Conformance:
    """Duties under the roll-out since a unit adopted it: settled ones, those met in time, those waived."""

    settled: int = 0
    in_time: int = 0
    waived: int = 0

    @property
    def share(self) -> Decimal | None:
        """Per cent met in time, one decimal; nothing while nothing was due."""
        return share(self.in_time, self.settled)


NONE_YET = Conformance()


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit of a roll-out on a day."""

    target: Target
    uptake: Uptake
    adoption: Adoption | None
    conformance: Conformance
    differences: int
    """Mechanisms that the unit's version says differently, adds or leaves out."""
    effects: int

    @property
    def has_adopted(self) -> bool:
        return self.adoption is not None

    @property
    def deviates(self) -> bool:
        return bool(self.differences or self.conformance.waived)


def standings_of(rollout: Rollout, day: date, targets: QuerySet[Target] | None = None) -> list[Standing]:
    """Return what stands of each unit on `day`, by upper body and name.

    Six statements whatever the number of units (and the text of each version the first time a process sees it):
    the units, what versions there are, the adoptions, the versions' texts, all conformance in one, the effects.
    """
    rows = rollout.targets.all() if targets is None else targets
    chosen = list(rows.select_related("body__parent").order_by("body__parent__name", "body__name", "pk"))
    if not chosen:
        return []
    version = rollout.version
    family = families().get(version.playbook_id, frozenset({version.playbook_id}))
    adopted = _adoptions(chosen, version.playbook_id, family)
    versions = {row.version_id for row in adopted.values()}
    differences = differences_between(version, versions)
    conformance = conformance_of(rollout, family, day)
    told = Effect.objects.filter(target__rollout=rollout).order_by().values_list("target_id")
    effects: Mapping[int, int] = dict(told.annotate(n=Count("pk")))
    return [
        Standing(
            target,
            _uptake(target, adopted.get(target.body_id), version, day),
            adopted.get(target.body_id),
            conformance.get(target.body_id, NONE_YET) if target.body_id in adopted else NONE_YET,
            differences.get(adopted[target.body_id].version_id, 0) if target.body_id in adopted else 0,
            effects.get(target.pk, 0),
        )
        for target in chosen
    ]


def conformance_of(rollout: Rollout, family: Iterable[str], day: date) -> dict[int, Conformance]:
    """Return the conformance of every unit of a roll-out by body: one statement for all of them.

    Settled is what was met, or whose due day is over; met in time is what was met by its due day. Waived duties count
    in neither. Only duties under a version of the roll-out's family, since the first of them was adopted, are looked at.
    """
    named = Target.objects.filter(rollout=rollout, body_id=OuterRef("body_id"))
    rows = Obligation.objects.filter(Exists(named), version__playbook_id__in=sorted(family)).order_by()
    is_waived, is_met = Q(waiver__isnull=False), Q(match__isnull=False)
    counted = rows.values("body_id").annotate(
        settled=Count("pk", filter=~is_waived & (is_met | Q(due_on__lt=day))),
        in_time=Count("pk", filter=~is_waived & Q(match__met_on__lte=F("due_on"))),
        waived=Count("pk", filter=is_waived),
    )
    return {row["body_id"]: Conformance(row["settled"], row["in_time"], row["waived"]) for row in counted}


def differences_between(version: PlaybookVersion, others: Iterable[int]) -> dict[int, int]:
    """Return for each other version how many mechanisms it says otherwise; itself and what says the same are 0."""
    rows = list(PlaybookVersion.objects.filter(pk__in=set(others) - {version.pk}).order_by("pk"))
    read_together([version, *rows])
    found = {version.pk: 0}
    for row in rows:
        compared = compare(version.playbook, row.playbook)
        found[row.pk] = sum(not pair.is_same for pair in compared.pairs)
    return found


def _adoptions(targets: Sequence[Target], playbook_id: str, family: Iterable[str]) -> dict[int, Adoption]:
    """Return what each unit works by now of the family: the handed-on playbook itself before one on top of it."""
    bodies = Target.objects.filter(pk__in=[target.pk for target in targets]) if len(targets) < 500 else None
    named = bodies if bodies is not None else Target.objects.filter(rollout=targets[0].rollout_id)
    rows = Adoption.objects.filter(
        valid_until=None, version__playbook_id__in=sorted(family), body_id__in=named.order_by().values("body_id")
    )
    found: dict[int, Adoption] = {}
    for row in rows.select_related("version").order_by("valid_from", "pk"):
        standing = found.get(row.body_id)
        if standing is None or standing.version.playbook_id != playbook_id:
            found[row.body_id] = row
    return found


def _uptake(target: Target, adoption: Adoption | None, version: PlaybookVersion, day: date) -> Uptake:
    if adoption is None:
        return Uptake.OVERDUE if target.due_on < day else Uptake.NOT_YET
    if adoption.version.playbook_id != version.playbook_id:
        return Uptake.OWN
    return Uptake.OLDER if adoption.version.version < version.version else Uptake.ADOPTED


@dataclass(frozen=True, slots=True)
class Overview:
    """All units of a roll-out together."""

    count: int
    adopted: int
    overdue: int
    deviating: int
    conformance: Conformance
    effects: int


def overview_of(standings: Sequence[Standing]) -> Overview:
    """Return the figures of a roll-out from what stands of its units."""
    return Overview(
        len(standings),
        sum(one.has_adopted for one in standings),
        sum(one.uptake is Uptake.OVERDUE for one in standings),
        sum(one.has_adopted and one.deviates for one in standings),
        Conformance(
            sum(one.conformance.settled for one in standings),
            sum(one.conformance.in_time for one in standings),
            sum(one.conformance.waived for one in standings),
        ),
        sum(one.effects > 0 for one in standings),
    )
