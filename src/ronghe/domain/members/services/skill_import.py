"""The skill table from Excel: every row is one trade of one person, entered as by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from ronghe.domain.members.enums import SkillState
from ronghe.domain.members.facts import SKILLS_IMPORTED
from ronghe.domain.members.models import PersonSkill
from ronghe.domain.members.rules import KEEP_SKILLS
from ronghe.domain.members.services.skills import confirm_skill, end_skill, enter_skill
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.tabular.lines import Line, read_lines, refuse_rows
from ronghe.kernel.words import N_, _

HEADS = {
    "number": N_("工号"), "name": N_("姓名"), "trade": N_("工种"), "main": N_("主兼"), "grade": N_("技能等级"),
    "certificate": N_("证书编号"), "since": N_("从哪天起"),
}  # fmt: skip
REQUIRED = ("name", "trade")
MAIN, FURTHER = N_("主工种"), N_("兼会")
NOT_FOUND = N_("没有找到“%(name)s”，或者不归您管")
SEVERAL = N_("叫“%(name)s”的不止一人，请填工号")
OWN = N_("是您自己的工种，须由上级确认")
NO_NAME = N_("没有姓名或工种")
BAD_DAY = N_("的日期“%(day)s”看不懂，请写成 2026-09-14")
TOO_LONG = N_("的工种、等级或证书编号太长")
BAD_MAIN = N_("的“主兼”须填“主工种”或“兼会”")
LENGTHS = {"trade": 40, "grade": 24, "certificate": 60}


@dataclass(frozen=True, slots=True)
class SkillCounts:
    """What an import did: rows read, trades entered, trades with another grade, rows that said nothing new."""

    rows: int
    added: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    person: Person
    trade: str
    is_main: bool
    grade: str | None
    certificate: str | None
    since: date


@transaction.atomic
def import_skills(*, path: Path, name: str, actor: Person, at: datetime) -> SkillCounts:
    """Enter the trades of a skill table; all rows or none. A trade that is known with another grade is entered anew.

    :raises Unreadable: the file is no table
    :raises HeadsMissing: it has no column of names or of trades
    :raises RowsRefused: rows that name nobody in reach, or cannot be read
    """
    lines = read_lines(path, name, HEADS, REQUIRED)
    wanted = _understood(lines, actor, at)
    known = {
        (row.person_id, row.trade): row
        for row in PersonSkill.objects.filter(
            person__in={one.person.pk for one in wanted}, state__in=(SkillState.CLAIMED, SkillState.CONFIRMED)
        ).select_related("person")
    }
    added = changed = 0
    for one in wanted:
        row = known.get((one.person.pk, one.trade))
        if row is not None and _says_the_same(row, one):
            if row.state == SkillState.CLAIMED:
                confirm_skill(skill=row, actor=actor, at=at)
                changed += 1
            continue
        if row is not None:
            end_skill(skill=row, actor=actor, at=at)
        enter_skill(
            person=one.person, trade=one.trade, is_main=one.is_main, grade=one.grade, certificate_ref=one.certificate,
            since=one.since, actor=actor, at=at,
        )  # fmt: skip
        changed, added = (changed + 1, added) if row is not None else (changed, added + 1)
    record(Draft(SKILLS_IMPORTED, at, actor, attributes={"rows": len(lines), "changed": added + changed}))
    return SkillCounts(len(lines), added, changed, len(lines) - added - changed)


def _understood(lines: Sequence[Line], actor: Person, at: datetime) -> list[_Wanted]:
    reached = KEEP_SKILLS.narrow(actor, people_seen_by(actor, at).filter(valid_until=None), at=at)
    numbers = {line["number"] for line in lines if line["number"]}
    names = {line["name"] for line in lines}
    people = list(reached.filter(staff_number__in=numbers) | reached.filter(name__in=names))
    by_number = {person.staff_number: person for person in people if person.staff_number}
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_name.setdefault(person.name, []).append(person)
    wanted: dict[tuple[int, str], _Wanted] = {}
    problems: list[tuple[int, str]] = []
    for line in lines:
        found = [by_number[line["number"]]] if line["number"] in by_number else by_name.get(line["name"], [])
        if why := _problem(line, found, actor):
            problems.append((line.number, why))
            continue
        since = date.fromisoformat(line["since"]) if line["since"] else local_day(at)
        one = _Wanted(
            found[0], line["trade"], line["main"] in _either(MAIN), line["grade"] or None,
            line["certificate"] or None, since,
        )  # fmt: skip
        wanted[one.person.pk, one.trade] = one
    refuse_rows(problems)
    return list(wanted.values())


def _problem(line: Line, found: Sequence[Person], actor: Person) -> str:
    """Return what is wrong with a row in words, "" where nothing is."""
    if not line["name"] or not line["trade"]:
        return _(NO_NAME)
    if not found:
        return _(NOT_FOUND) % {"name": line["name"]}
    if len(found) > 1:
        return _(SEVERAL) % {"name": line["name"]}
    if found[0].pk == actor.pk:
        return _(OWN)
    if line["main"] and line["main"] not in _either(MAIN) | _either(FURTHER):
        return _(BAD_MAIN)
    if any(len(line[key]) > most for key, most in LENGTHS.items()):
        return _(TOO_LONG)
    return "" if _is_day(line["since"]) else _(BAD_DAY) % {"day": line["since"][:20]}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError:
        return False
    return True


def _either(word: str) -> set[str]:
    return {word, _(word)}


def _says_the_same(row: PersonSkill, one: _Wanted) -> bool:
    return (row.is_main, row.grade, row.certificate_ref) == (one.is_main, one.grade, one.certificate)
