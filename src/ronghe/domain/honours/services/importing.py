"""The unit's own table of honours, from Excel: tried first, then entered whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from ronghe.domain.honours.enums import HolderKind, HonourLevel, HonourState
from ronghe.domain.honours.facts import HONOURS_IMPORTED
from ronghe.domain.honours.models import Honour, HonourTitle
from ronghe.domain.honours.selectors.register import bodies_to_enter_for, titles
from ronghe.domain.honours.services.register import HonourText, entered_fact, honour_from
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.tabular.lines import Line, read_lines, refuse_rows
from ronghe.kernel.words import N_, _

HEADS = {
    "title": N_("荣誉名称"), "level": N_("级别"), "holder": N_("获得者"), "staff": N_("工号"), "body": N_("所在党组织"),
    "year": N_("年度"), "issuer": N_("授予单位"), "number": N_("文号"), "awarded": N_("授予日期"), "ends": N_("有效期至"),
}  # fmt: skip
REQUIRED = ("title", "holder", "body", "year", "issuer", "awarded")
NO_TITLE = N_("的荣誉“%(title)s”不在目录里，请先加入目录")
SEVERAL_TITLES = N_("的“%(title)s”有几个级别，请填级别")
NO_BODY = N_("的党组织“%(body)s”没有找到，或者不归您管")
NO_PERSON = N_("没有找到“%(name)s”，或者不归您管")
SEVERAL = N_("叫“%(name)s”的不止一人，请填工号")
OTHER_NAME = N_("的工号是“%(known)s”的，与姓名“%(name)s”不符")
BAD_DAY = N_("的日期“%(day)s”看不懂，请写成 2026-09-14")
BAD_YEAR = N_("的年度“%(year)s”看不懂，请写成 2026")
TWICE = N_("与第 %(row)s 行是同一项荣誉")
Key = tuple[int, int, int, int | None, str]


@dataclass(frozen=True, slots=True)
class HonourCounts:
    """What an import would do, or did: rows read, honours added, rows that are on record already."""

    rows: int
    added: int
    same: int
    is_dry: bool


@transaction.atomic
def import_honours(*, path: Path, name: str, actor: Person, at: datetime, dry_run: bool) -> HonourCounts:
    """Enter the honours of a table; with `dry_run` nothing is written and all is checked.

    :raises Unreadable: the file is no table
    :raises HeadsMissing: it lacks a column that is needed
    :raises RowsRefused: rows that name nobody in reach, or cannot be entered; then nothing is
    :raises Stale: one of them was entered elsewhere a moment ago
    """
    bodies = {row.name: row for row in bodies_to_enter_for(actor, at)}
    if not bodies:
        raise NotAllowed
    lines = read_lines(path, name, HEADS, REQUIRED)
    rows, same = _understood(lines, bodies, actor, at)
    if not dry_run:
        for row in rows:
            row.entered_by, row.entered_at = actor, at
        try:
            with transaction.atomic():
                written = Honour.objects.bulk_create(rows, batch_size=500)
        except IntegrityError as error:
            raise Stale from error
        record_many(entered_fact(row, actor, at) for row in written)
        record(Draft(HONOURS_IMPORTED, at, actor, attributes={"rows": len(lines), "added": len(written)}))
    return HonourCounts(len(lines), len(rows), same, dry_run)


class _People:
    """Those of the table whom the actor sees, found by staff number or name: one read."""

    def __init__(self, lines: Sequence[Line], actor: Person, at: datetime) -> None:
        seen = SEE_PERSON.narrow(actor, Person.objects.all(), at=at)
        staff = {line["staff"] for line in lines if line["staff"]}
        people = list(seen.filter(staff_number__in=staff) | seen.filter(name__in={line["holder"] for line in lines}))
        self.by_staff = {one.staff_number: one for one in people if one.staff_number}
        self.by_name: dict[str, list[Person]] = {}
        for one in {one.pk: one for one in people}.values():
            self.by_name.setdefault(one.name, []).append(one)

    def of(self, line: Line) -> tuple[Person | None, str]:
        name = line["holder"]
        found = self.by_staff.get(line["staff"]) if line["staff"] else None
        if found is not None:
            return (found, "") if found.name == name else (None, _(OTHER_NAME) % {"known": found.name, "name": name})
        named = self.by_name.get(name, [])
        if len(named) == 1:
            return named[0], ""
        return None, _(SEVERAL if named else NO_PERSON) % {"name": name[:40]}


def _understood(
    lines: Sequence[Line], bodies: dict[str, PartyOrg], actor: Person, at: datetime
) -> tuple[list[Honour], int]:
    people, known_titles, today = _People(lines, actor, at), titles(), local_day(at)
    held = Honour.objects.filter(state=HonourState.VALID, year__in={int(line["year"]) for line in lines if _year(line)})
    known = {_key(row) for row in held}
    rows: list[Honour] = []
    seen: dict[Key, int] = {}
    problems: list[tuple[int, str]] = []
    same = 0
    for line in lines:
        row, why = _row(line, bodies, people, known_titles, today)
        if row is None:
            problems.append((line.number, why))
            continue
        key = _key(row)
        if key in seen:
            problems.append((line.number, _(TWICE) % {"row": seen[key]}))
        elif key in known:
            same += 1
        else:
            rows.append(row)
        seen.setdefault(key, line.number)
    refuse_rows(problems)
    return rows, same


def _key(row: Honour) -> Key:
    """What makes two rows the same honour, as the table's own constraints see it."""
    body = 0 if row.person_id is not None else row.body_id
    return (row.title_id, row.year, body, row.person_id, row.team)


def _row(
    line: Line, bodies: dict[str, PartyOrg], people: _People, known: Sequence[HonourTitle], today: date
) -> tuple[Honour | None, str]:
    """Return the honour that a row says, or what is wrong with it."""
    title, why = _title(line, known)
    body = bodies.get(line["body"])
    if title is None:
        return None, why
    if body is None:
        return None, _(NO_BODY) % {"body": line["body"][:40]}
    if not _year(line):
        return None, _(BAD_YEAR) % {"year": line["year"][:20]}
    days = {name: _day(line[name]) for name in ("awarded", "ends")}
    wrong = next((name for name, day in days.items() if day is None and (line[name] or name == "awarded")), None)
    awarded = days["awarded"]
    if wrong is not None or awarded is None:
        return None, _(BAD_DAY) % {"day": line[wrong or "awarded"][:20]}
    person = None
    if title.goes_to == HolderKind.PERSON:
        person, why = people.of(line)
        if person is None:
            return None, why
    team = line["holder"][:80] if title.goes_to == HolderKind.TEAM else ""
    if title.goes_to == HolderKind.BODY:
        body = bodies.get(line["holder"])
        if body is None:
            return None, _(NO_BODY) % {"body": line["holder"][:40]}
    text = HonourText(
        title, int(line["year"]), body, line["issuer"][:80], awarded, person, team, line["number"][:60], days["ends"]
    )
    try:
        return honour_from(text, today), ""
    except DomainError as error:
        return None, _("：%(why)s") % {"why": error}


def _title(line: Line, known: Sequence[HonourTitle]) -> tuple[HonourTitle | None, str]:
    named = [row for row in known if row.name == line["title"]]
    if line["level"]:
        levels = {word: level.value for level in HonourLevel for word in (level.value, str(level.label))}
        named = [row for row in named if row.level == levels.get(line["level"])]
    if len(named) == 1:
        return named[0], ""
    return None, _(SEVERAL_TITLES if named else NO_TITLE) % {"title": line["title"][:40]}


def _year(line: Line) -> bool:
    text = line["year"]
    return len(text) == 4 and text.isascii() and text.isdigit()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
