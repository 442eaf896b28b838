"""The trades that people work in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ronghe.domain.members.enums import SkillState
from ronghe.domain.members.models import PersonSkill
from ronghe.domain.org.models import Person


@dataclass(frozen=True, slots=True)
class HeldSkill:
    """A trade that somebody works in, confirmed by a leader or said by the roster."""

    trade: str
    is_main: bool
    grade: str | None
    certificate: str | None = None
    since: date | None = None
    from_roster: bool = False


def skills_of(people: Iterable[int]) -> dict[int, list[HeldSkill]]:
    """Return the trades of each of `people` by id, the main one first: two reads.

    The main trade is the confirmed one; of whoever has none it is the trade of the roster, where there is one.
    """
    keys = list(people)
    rows = PersonSkill.objects.filter(person_id__in=keys, state=SkillState.CONFIRMED).order_by("trade", "pk")
    found: dict[int, list[HeldSkill]] = {key: [] for key in keys}
    for row in rows:
        held = found[row.person_id]
        held.insert(0 if row.is_main else len(held), _held(row))
    roster = Person.objects.filter(pk__in=keys, trade__isnull=False).order_by("pk")
    for pk, trade, grade in roster.values_list("pk", "trade", "skill_grade"):
        held = found[pk]
        if trade and not any(skill.is_main for skill in held):
            held[:] = [
                HeldSkill(trade, is_main=True, grade=grade, from_roster=True),
                *(s for s in held if s.trade != trade),
            ]
    return found


def _held(row: PersonSkill) -> HeldSkill:
    return HeldSkill(row.trade, row.is_main, row.grade, row.certificate_ref, row.since)
