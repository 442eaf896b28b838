"""Rosters held against what is on file: found side by side, taken over one by one or dismissed; nothing is typed twice."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.domain.org.calc.roster.comparing import HERE, Entry, Together, differing, said_day, side_by_side
from ronghe.domain.org.calc.roster.days import Day
from ronghe.domain.org.calc.roster.nodes import unit_of
from ronghe.domain.org.calc.roster.plan import (
    Change,
    Field,
    KnownPerson,
    Plan,
    differences_of,
    home_of,
    plan_certificates,
    plan_home,
)
from ronghe.domain.org.calc.roster.reading import Roster, SourceFile, read_roster
from ronghe.domain.org.calc.roster.wanted import WantedPerson, kept_person, person_kept, wanted_people
from ronghe.domain.org.enums import PARTY_MEMBERS, DifferenceKind, DifferenceState, Gender, PoliticalStatus
from ronghe.domain.org.facts import DIFFERENCES_DISMISSED, DIFFERENCES_TAKEN, ROSTER_COMPARED, ROSTER_DECLARED
from ronghe.domain.org.models import PartyOrg, Person, RosterComparison, RosterDifference
from ronghe.domain.org.rules import IMPORT_ROSTER
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.rosters import differences_of_comparison, field_of, known_people, people_on_file
from ronghe.domain.org.services.roster_writing import prepare_rows
from ronghe.domain.org.services.rosters import BodyWithoutUnit, NotDeclared
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import keyed_digest, masked, open_text, seal_text
from ronghe.kernel.words import N_, _

LISTS = ("a", "b")
MOST_DIFFERENCES = 5_000
"""A list that differs more is another unit's, or an old one: it is better imported as a whole."""
PLAIN_FIELDS = ("staff_number", "employment", "trade", "skill_grade", "education", "job_title")
FIELD_TITLES = {
    "staff_number": N_("员工编号"),
    "identity_number": N_("身份证号"),
    "gender": N_("性别"),
    "political_status": N_("政治面貌"),
    "born_on": N_("出生年月"),
    "joined_party_on": N_("入党时间"),
    "phone": N_("联系电话"),
    "employment": N_("用工形式"),
    "trade": N_("工种"),
    "skill_grade": N_("技能等级"),
    "education": N_("学历"),
    "job_title": N_("岗位"),
    "unit": N_("单位"),
    "branch": N_("所在党支部"),
    "group": N_("所在党小组"),
}
HOME_FIELDS = frozenset({"branch", "group"})


class TooDifferent(DomainError):
    code = "too_different"
    sentence = N_("有 %(count)s 处不一致，超过 %(most)s 处。请核对是不是本单位的名单；确实要更新的，用“导入花名册”。")


class NoSuchSide(DomainError):
    code = "no_such_side"
    sentence = N_("“%(name)s”在这份名单里没有内容可采用，请改选另一份。")
    status = 422


class NothingToTake(DomainError):
    code = "nothing_to_take"
    sentence = N_("“%(name)s”的这一条没有内容可采用。请用“已离开”或“不采用”。")
    status = 422


class NoReason(DomainError):
    code = "no_reason"
    sentence = N_("请写明不采用的理由。")
    status = 422


class OnFileNowOtherwise(DomainError):
    code = "on_file_now_otherwise"
    sentence = N_("“%(name)s”已不在这个党组织的范围内，不能采用。请重新比对。")


@dataclass(frozen=True, slots=True)
class Said:
    """A difference as it is shown: of whom, and what each side says; "" for a side that says nothing."""

    name: str
    values: dict[str, str]


def compare_rosters(
    *, lists: Mapping[str, Sequence[SourceFile]], body: PartyOrg, actor: Person, at: datetime,
    declares_unclassified: bool, is_full: bool, as_of: date | None = None,
) -> RosterComparison:  # fmt: skip
    """Hold one list ("a") or two ("a" and "b") against what is on file below `body`; nothing of it is written.

    With `is_full` whoever is on file and missing in a list is a difference too. A list that names Party members only
    leaves everybody else alone.

    :raises NotDeclared: without the declaration nothing is read (PI-06)
    :raises Unreadable: a file cannot be read, holds no roster, or smells of a classified one (PI-06)
    :raises TooDifferent: the lists are about other people
    """
    IMPORT_ROSTER.require(actor, body, at=at)
    if not declares_unclassified:
        raise NotDeclared
    if body.unit_id is None and body.parent_id is not None:
        raise BodyWithoutUnit(body=body.name)
    day = local_day(at)
    rosters = {side: read_roster(files, today=day, as_of=as_of) for side, files in lists.items() if files}
    people = {side: wanted_people(roster.people, digest_of=keyed_digest) for side, roster in rosters.items()}
    place = field_of(body, day)
    above = _units_above(place)
    here = [_entry_on_file(known, place, above) for known in people_on_file(body, day)]
    members = {entry.key for entry in here if entry.said.get("political_status") in PARTY_MEMBERS}
    listed = {side: [_entry_listed(at, wanted) for at, wanted in enumerate(found)] for side, found in people.items()}
    rows = side_by_side(here, listed)
    party_only = {side for side, found in people.items() if all(_is_party_line(wanted) for wanted in found)}
    doubted = {entry.key for row in rows for entry in row.doubts}
    sides = tuple(rosters)
    found = [
        line
        for row in rows
        for line in _lines(row, sides, members, party_only, is_full=is_full and not _is_doubted(row, doubted))
    ]
    if len(found) > MOST_DIFFERENCES:
        raise TooDifferent(count=len(found), most=MOST_DIFFERENCES)
    return _kept(found, people, rosters, body, actor, at, is_full=is_full)


def shown(difference: RosterDifference) -> Said:
    """Return what a difference says, numbers masked (PI-09); empty once its comparison is closed."""
    if difference.said_sealed is None:
        return Said("", {})
    kept = json.loads(open_text(difference.said_sealed))
    return Said(kept["name"], {side: _in_words(difference.field, value) for side, value in kept["values"].items()})


def take_over(
    *, comparison: RosterComparison, differences: Sequence[RosterDifference], side: str, actor: Person, at: datetime
) -> int:
    """Write what list `side` says of these differences, all or nothing, by the import's own way; return how many.

    Whoever is not on file is put on file; a doubt taken over is the same person, whose missing numbers are filled in.

    :raises NoSuchSide: the list says nothing there
    :raises NothingToTake: somebody who is missing in the lists
    :raises OnFileNowOtherwise: the person went elsewhere since
    :raises Stale: one was settled before
    """
    IMPORT_ROSTER.require(actor, comparison.body, at=at)
    day = local_day(at)
    wanted = _wanted(comparison, differences, side)
    place = field_of(comparison.body, day)
    plan = _plan(comparison.body, differences, wanted, place, day)
    rows = prepare_rows(plan, body=comparison.body, since=day, actor=actor, at=at)
    with transaction.atomic():
        _settle(differences, DifferenceState.TAKEN, actor, at, side=side)
        rows.write()
        record(
            Draft(DIFFERENCES_TAKEN, at, actor, body=comparison.body_id, attributes={"count": len(differences)},
                  source=comparison)
        )  # fmt: skip
    return len(differences)


@transaction.atomic
def dismiss(
    *, comparison: RosterComparison, differences: Sequence[RosterDifference], reason: str, actor: Person, at: datetime
) -> int:
    """Leave the file as it is, with the reason; return how many.

    :raises NoReason: without saying why
    :raises Stale: one was settled before
    """
    IMPORT_ROSTER.require(actor, comparison.body, at=at)
    if not reason.strip():
        raise NoReason
    _settle(differences, DifferenceState.DISMISSED, actor, at, reason=reason.strip()[:200])
    record(
        Draft(DIFFERENCES_DISMISSED, at, actor, body=comparison.body_id, attributes={"count": len(differences)},
              source=comparison)
    )  # fmt: skip
    return len(differences)


@transaction.atomic
def close_comparison(*, comparison: RosterComparison, actor: Person, at: datetime) -> RosterComparison:
    """Be done with a comparison: what the lists said goes, how it was settled stays (PI-04).

    :raises Stale: it was closed before
    """
    IMPORT_ROSTER.require(actor, comparison.body, at=at)
    rows = RosterComparison.objects.filter(pk=comparison.pk, closed_at=None)
    if not rows.update(closed_at=at, people_sealed=None):
        raise Stale
    left = RosterDifference.objects.filter(comparison=comparison)
    count = left.filter(state=DifferenceState.OPEN).update(
        state=DifferenceState.DISMISSED, settled_by=actor, settled_at=at
    )
    left.update(said_sealed=None)
    comparison.refresh_from_db()
    record(
        Draft(DIFFERENCES_DISMISSED, at, actor, body=comparison.body_id, attributes={"count": count}, source=comparison)
    )
    return comparison


def difference_rows(comparison: RosterComparison) -> Iterable[list[str]]:
    """Yield the differences as rows of a workbook: kind, name, field, one column a side, state, reason."""
    sides = (HERE, *comparison.file_names)
    for difference in differences_of_comparison(comparison).iterator(chunk_size=500):
        said = shown(difference)
        yield [
            _(str(DifferenceKind(difference.kind).label)), said.name, field_title(difference.field),
            *(said.values.get(side, "") for side in sides), _(str(DifferenceState(difference.state).label)),
            difference.reason,
        ]  # fmt: skip


def field_title(name: str) -> str:
    """Return the field in words, "" for a difference about the whole person."""
    return _(FIELD_TITLES[name]) if name else ""


def _units_above(place: Field) -> dict[int, frozenset[str]]:
    """Return the names of all units above each unit."""
    nodes = {node.pk: node for node in place.units.known}
    above: dict[int, frozenset[str]] = {}
    for pk, start in nodes.items():
        names, node = set(), nodes.get(start.parent or 0)
        while node is not None:
            names.add(node.name)
            node = nodes.get(node.parent or 0)
        above[pk] = frozenset(names)
    return above


def _entry_on_file(known: KnownPerson, place: Field, above: Mapping[int, frozenset[str]]) -> Entry:
    values = known.values
    said = {name: values[name] or "" for name in (*PLAIN_FIELDS, "political_status")}
    said["gender"] = values["gender"] if values["gender"] in ("1", "2") else ""
    said["identity_number"], said["phone"] = known.id_digest, known.phone
    said["unit"] = place.units.name_of(known.unit) if known.unit is not None else ""
    if known.home is not None:
        _membership, branch, group = known.home
        said["branch"] = place.bodies.name_of(branch)
        said["group"] = place.bodies.name_of(group) if group is not None else ""
    else:
        said["branch"], said["group"] = values["outside_home_branch"] or "", ""
    dated = {"born_on": known.born_on, "joined_party_on": known.joined_party_on}
    days = {name: Day(day, day) for name, day in dated.items() if day is not None}
    entry = _entry(known.pk, values["name"], said, days)
    entry.within = above.get(known.unit or 0, frozenset())
    return entry


def _entry_listed(at: int, wanted: WantedPerson) -> Entry:
    said = {name: getattr(wanted, name) for name in (*PLAIN_FIELDS, "political_status", "gender", "phone")}
    said["identity_number"] = wanted.id_digest
    said["unit"] = wanted.unit_path[-1] if wanted.unit_path else ""
    if wanted.is_member or not wanted.political_status:
        said["branch"], said["group"] = wanted.party_path[1] or wanted.outside_home_branch, wanted.party_path[2]
    dated = {"born_on": wanted.born, "joined_party_on": wanted.joined}
    return _entry(at, wanted.name, said, {name: day for name, day in dated.items() if day is not None})


def _entry(key: int, name: str, said: dict[str, str], days: dict[str, Day]) -> Entry:
    return Entry(
        key, name, said["staff_number"], said["identity_number"], days.get("born_on"), said, days,
        branch=said.get("branch", ""), phone=said["phone"], unit=said["unit"],
    )  # fmt: skip


def _is_party_line(wanted: WantedPerson) -> bool:
    return wanted.is_member or (not wanted.political_status and bool(wanted.party_path[1]))


@dataclass(slots=True)
class _Line:
    kind: DifferenceKind
    row: Together
    field: str = ""
    values: dict[str, str] | None = None
    person: int | None = None


def _lines(
    row: Together, sides: tuple[str, ...], members: set[int], party_only: set[str], *, is_full: bool
) -> Iterable[_Line]:
    """Yield what is to be settled about one person."""
    here = row.sides.get(HERE)
    listed = [side for side in sides if side in row.sides]
    said_of = {side: _("有") if side in row.sides else _("没有") for side in (HERE, *sides)}
    if here is None:
        if row.doubts:
            yield _Line(DifferenceKind.DOUBTFUL, row, "", _doubtful(row), row.doubts[0].key)
        else:
            yield _Line(DifferenceKind.NOT_HERE, row, "", said_of)
        return
    expected = [side for side in sides if side not in party_only or here.key in members]
    if is_full and expected and not listed:
        yield _Line(DifferenceKind.NOT_LISTED, row, "", said_of, here.key)
    elif is_full and set(expected) - set(listed):
        yield _Line(DifferenceKind.ONE_LIST, row, "", said_of, here.key)
    if listed:
        for name, values in differing(row, sides).items():
            yield _Line(DifferenceKind.DIFFERS, row, name, values, here.key)


def _is_doubted(row: Together, doubted: set[int]) -> bool:
    """Is this somebody on file whom a list may name in other words? Nobody calls them missing then."""
    return HERE in row.sides and row.sides[HERE].key in doubted


def _doubtful(row: Together) -> dict[str, str]:
    """Return one line a side that helps to tell whether it is the same person: what both say, and their numbers."""
    entries = {HERE: row.doubts[0], **row.sides}
    return {
        side: " ".join(
            filter(
                None,
                (
                    entry.unit, entry.branch, said_day(entry.born) if entry.born else "", entry.staff_number,
                    _in_words("identity_number", entry.id_digest), _in_words("phone", entry.phone),
                ),
            )
        )
        or entry.name
        for side, entry in entries.items()
    }  # fmt: skip


def _kept(
    found: Sequence[_Line], people: Mapping[str, Sequence[WantedPerson]], rosters: Mapping[str, Roster], body: PartyOrg,
    actor: Person, at: datetime, *, is_full: bool,
) -> RosterComparison:  # fmt: skip
    """Keep what was found: the people of the lists once, and a line each."""
    numbers: dict[tuple[str, int], int] = {}
    kept: list[dict[str, Any]] = []
    rows = []
    for line in found:
        entries = {side: entry.key for side, entry in line.row.sides.items() if side != HERE}
        for side, key in entries.items():
            if (side, key) not in numbers:
                numbers[side, key] = len(kept)
                kept.append(kept_person(people[side][key]))
        said = {"name": line.row.name, "values": line.values or {}}
        rows.append(
            RosterDifference(
                kind=line.kind, person_id=line.person, field=line.field,
                entries={side: numbers[side, key] for side, key in entries.items()},
                said_sealed=seal_text(json.dumps(said, ensure_ascii=False)),
            )
        )  # fmt: skip
    counts = Counter(str(line.kind.value) for line in found)
    comparison = RosterComparison(
        body=body, compared_by=actor, compared_at=at, is_full=is_full,
        file_names={side: list(roster.files) for side, roster in rosters.items()},
        counts={**counts, **{f"people_{side}": len(found_people) for side, found_people in people.items()}},
        people_sealed=seal_text(json.dumps(kept, ensure_ascii=False)),
    )  # fmt: skip
    files = sum(len(roster.files) for roster in rosters.values())
    with transaction.atomic():
        comparison.save(force_insert=True)
        for row in rows:
            row.comparison = comparison
        RosterDifference.objects.bulk_create(rows, batch_size=500)
        record(Draft(ROSTER_DECLARED, at, actor, body=body.pk, attributes={"files": files}, source=comparison))
        said_counts = {"people": sum(map(len, people.values())), "differences": len(found)}
        record(Draft(ROSTER_COMPARED, at, actor, body=body.pk, attributes=said_counts, source=comparison))
    return comparison


def _wanted(
    comparison: RosterComparison, differences: Sequence[RosterDifference], side: str
) -> dict[int, WantedPerson]:
    """Return the person that list `side` names in each difference, by the difference's id."""
    if comparison.people_sealed is None:
        raise Stale
    kept = json.loads(open_text(comparison.people_sealed))
    read: dict[int, WantedPerson] = {}
    wanted = {}
    for difference in differences:
        if difference.kind in (DifferenceKind.NOT_LISTED, DifferenceKind.ONE_LIST):
            raise NothingToTake(name=shown(difference).name)
        number = difference.entries.get(side)
        if number is None or (difference.field and not shown(difference).values.get(side)):
            raise NoSuchSide(name=shown(difference).name)
        wanted[difference.pk] = read.setdefault(number, person_kept(kept[number]))
    return wanted


def _plan(
    body: PartyOrg, differences: Sequence[RosterDifference], wanted: Mapping[int, WantedPerson], place: Field, day: date
) -> Plan:
    """Return what taking the differences over would write: the import's plan, cut to the fields that were chosen."""
    plan = Plan()
    known = {person.pk: person for person in known_people(list(wanted.values()), body, day)}
    chosen: dict[tuple[int | None, int], list[RosterDifference]] = defaultdict(list)
    for difference in differences:
        chosen[difference.person_id, id(wanted[difference.pk])].append(difference)
    for (person_id, _entry_id), asked in chosen.items():
        one = wanted[asked[0].pk]
        if person_id is None:
            _plan_new(plan, one, place)
            continue
        on_file = known.get(person_id)
        if on_file is None or not on_file.in_reach:
            raise OnFileNowOtherwise(name=one.name)
        _plan_change(plan, on_file, one, {difference.field for difference in asked}, place)
    plan.new_units, plan.new_bodies = place.units.new, place.bodies.new
    return plan


def _plan_new(plan: Plan, wanted: WantedPerson, place: Field) -> None:
    home = home_of(wanted, place, _unheard)
    plan.added.append((wanted, unit_of(place.units, wanted.unit_path)))
    plan_home(plan, None, wanted, home)
    plan_certificates(plan, None, wanted)


def _plan_change(plan: Plan, known: KnownPerson, wanted: WantedPerson, names: set[str], place: Field) -> None:
    """Plan the chosen fields; of a doubt (no field) everything that says who it is."""
    is_same = "" in names
    unit = unit_of(place.units, wanted.unit_path) if "unit" in names else None
    fields = differences_of(known, wanted, unit)
    told = {name: change for name, change in fields.items() if name in names or (is_same and name != "unit")}
    if told:
        plan.changed.append(Change(known, wanted, told))
    if names & HOME_FIELDS:
        plan_home(plan, known, wanted, home_of(wanted, place, _unheard))


def _unheard(*_finding: Any, **_values: Any) -> None:
    """A branch that lies elsewhere is left as it is: the page shows what it was taken for."""


def _settle(
    differences: Sequence[RosterDifference], state: DifferenceState, actor: Person, at: datetime, **changes: Any
) -> None:
    keys = [difference.pk for difference in differences]
    rows = RosterDifference.objects.filter(pk__in=keys, state=DifferenceState.OPEN)
    if rows.update(state=state, settled_by=actor, settled_at=at, **changes) != len(keys):
        raise Stale


def _in_words(name: str, value: str) -> str:
    """Return a value as it may be shown; equal digests are equal numbers, of which only a mark is shown."""
    if not value:
        return ""
    if name == "identity_number":
        return _(N_("号码 #%(mark)s")) % {"mark": value[:6]}
    if name == "phone":
        return masked(value)
    if name == "political_status":
        return _(str(PoliticalStatus(value).label))
    if name == "gender":
        return _(str(Gender(value).label))
    return value
