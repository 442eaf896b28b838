"""The table from old posts to broad posts (大岗位) and from trades to broad trades (大工种), kept by a unit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from ronghe.domain.members.enums import BroadKind
from ronghe.domain.members.facts import BROAD_NAMES_KEPT
from ronghe.domain.members.models import BroadName
from ronghe.domain.members.rules import KEEP_BROAD_NAMES
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.tabular.lines import read_lines, refuse_rows
from ronghe.kernel.words import N_, _

HEADS = {"kind": N_("类别"), "old": N_("原名称"), "broad": N_("归入")}
REQUIRED = ("kind", "old", "broad")
BAD_KIND = N_("的类别须填“岗位”或“工种”")
HALF = N_("少填了原名称或归入的名称，或写得超过 40 字")
TWICE = N_("把“%(old)s”归入了两处")
LONGEST = 40


class NameUnfit(DomainError):
    code = "name_unfit"
    sentence = N_("原名称和归入的名称都要填，各不超过 40 字。")
    status = 422


@transaction.atomic
def keep_broad_name(
    *, unit: AdminUnit, kind: BroadKind, old: str, broad: str, actor: Person, at: datetime
) -> BroadName:
    """Say to which broad post or trade an old one belongs in a unit and below it; said again, it is changed.

    :raises NotAllowed: the actor leads no body of that unit
    :raises NameUnfit: a name is missing or too long
    """
    KEEP_BROAD_NAMES.require(actor, unit, at=at)
    old, broad = old.strip(), broad.strip()
    if not (0 < len(old) <= LONGEST and 0 < len(broad) <= LONGEST):
        raise NameUnfit
    row, _made = BroadName.objects.update_or_create(unit=unit, kind=kind, old=old, defaults={"broad": broad})
    _record(unit, kind, 1, actor, at)
    return row


@transaction.atomic
def drop_broad_name(*, row: BroadName, actor: Person, at: datetime) -> None:
    """Take an entry out; what the units above say holds again.

    :raises NotAllowed: the actor leads no body of that unit
    """
    KEEP_BROAD_NAMES.require(actor, row.unit, at=at)
    BroadName.objects.filter(pk=row.pk).delete()
    _record(row.unit, BroadKind(row.kind), 0, actor, at)


@transaction.atomic
def import_broad_names(*, unit: AdminUnit, path: Path, name: str, actor: Person, at: datetime) -> int:
    """Take the entries of a table in, all or none, and return how many there are; others of the unit stay.

    :raises NotAllowed: the actor leads no body of that unit
    :raises HeadsMissing: 类别, 原名称 or 归入 is missing
    :raises RowsRefused: rows that cannot be used
    """
    KEEP_BROAD_NAMES.require(actor, unit, at=at)
    kinds = {word: kind for kind in BroadKind for word in (str(kind.label), kind.value)}
    wanted: dict[tuple[BroadKind, str], str] = {}
    problems: list[tuple[int, str]] = []
    for line in read_lines(path, name, HEADS, REQUIRED):
        kind = kinds.get(line["kind"])
        if kind is None:
            problems.append((line.number, _(BAD_KIND)))
        elif not (0 < len(line["old"]) <= LONGEST and 0 < len(line["broad"]) <= LONGEST):
            problems.append((line.number, _(HALF)))
        elif wanted.setdefault((kind, line["old"]), line["broad"]) != line["broad"]:
            problems.append((line.number, _(TWICE) % {"old": line["old"]}))
    refuse_rows(problems)
    BroadName.objects.bulk_create(
        [BroadName(unit=unit, kind=kind, old=old, broad=broad) for (kind, old), broad in wanted.items()],
        batch_size=500, update_conflicts=True, unique_fields=["unit", "kind", "old"], update_fields=["broad"],
    )  # fmt: skip
    for kind in BroadKind:
        if entries := sum(one == kind for one, _old in wanted):
            _record(unit, kind, entries, actor, at)
    return len(wanted)


def _record(unit: AdminUnit, kind: BroadKind, entries: int, actor: Person, at: datetime) -> None:
    record(Draft(BROAD_NAMES_KEPT, at, actor, unit=unit.pk, attributes={"kind": kind, "entries": entries}))
