"""What a survey may count for in a sheet, and whom it may judge (PP-06)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.selectors import versions_kept
from ronghe.domain.surveys.models import Survey
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.language import in_language
from ronghe.kernel.subjects import declared_subjects
from ronghe.kernel.words import N_

BODY_LEVELS = ("branch", "group", "general_branch", "committee", "zone")
UNIT_LEVELS = ("team", "unit")
PERSON_LEVELS = ("member",)
MOST_FOUND = 2
_WHOSE = {
    **dict.fromkeys(BODY_LEVELS, "body"),
    **dict.fromkeys(UNIT_LEVELS, "unit"),
    **dict.fromkeys(PERSON_LEVELS, "person"),
}


class JudgedUnknown(DomainError):
    code = "survey_judged_unknown"
    sentence = N_("“%(body)s”和下级没有叫“%(name)s”的评价对象。请写全称；党员写姓名或员工号。")
    status = 422


class JudgedSeveral(DomainError):
    code = "survey_judged_several"
    sentence = N_("叫“%(name)s”的不止一个。党员请写员工号；组织请到它的上级重新起草。")
    status = 422


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """One item that sheets read from surveys: the first that does gives its title, its level and the best mark.

    One name may be read of teams by one sheet and of members by another: those are two.
    """

    name: str
    title: str
    level: str
    out_of: Decimal

    @property
    def key(self) -> str:
        """Its name and whose it is: `judged_by_staff:unit`."""
        return f"{self.name}:{_whose(self.level)}"


@dataclass(frozen=True, slots=True)
class Told:
    """One of the subjects that a room declares for a level: a company, a post."""

    level: str
    id: int


Judged = PartyOrg | AdminUnit | Person | Told


def judged_items() -> dict[str, JudgedItem]:
    """Return what surveys may count for, by key: the `survey:` items of the sheets of playbooks kept or shipped."""
    found: dict[str, JudgedItem] = {}
    for playbook in [*(version.playbook for version in versions_kept()), *shipped_playbooks()]:
        for sheet in playbook.sheets:
            if _whose(sheet["level"]):
                for name, node, measure in _measured(sheet["root"]):
                    title = f"{in_language(sheet['title'])} · {in_language(node['title'])}"
                    out_of = Decimal(str(measure.get("out_of", 100)))
                    item = JudgedItem(name, title, sheet["level"], out_of)
                    found.setdefault(item.key, item)
    return found


def judged_called(item: JudgedItem, name: str, body: PartyOrg, at: datetime) -> Judged:
    """Return the one of this name whom the item judges, among `body`, what stands below it, and their people.

    :raises JudgedUnknown: there is none
    :raises JudgedSeveral: the name is not enough
    """
    name, day = name.strip(), local_day(at)
    found = _called(item.level, name, body, day) if name else []
    if not found:
        raise JudgedUnknown(body=body.name, name=name)
    if len(found) > 1:
        raise JudgedSeveral(name=name)
    return found[0]


def judged_key(survey: Survey) -> str:
    """Return the key of what the marks of a survey count for, "" of one that judges nobody."""
    whose = "body" if survey.judged_body_id else "unit" if survey.judged_unit_id else "person"
    if survey.judged_level:
        whose = _whose(survey.judged_level)
    return f"{survey.judged_item}:{whose}" if survey.judged_item else ""


def judged_title(survey: Survey) -> str:
    """Return what the marks of a survey count for, in words; the bare name where no playbook has the item any more."""
    item = judged_items().get(judged_key(survey)) if survey.judged_item else None
    return item.title if item is not None else survey.judged_item


def _whose(level: str) -> str:
    """Return whose a level's marks are, in one word; "" where surveys judge nobody of it."""
    source = declared_subjects(level)
    return source.attribute if source is not None else _WHOSE.get(level, "")


def _called(level: str, name: str, body: PartyOrg, day: date) -> list[Judged]:
    source = declared_subjects(level)
    if source is not None:
        bodies = list(descendants(PartyOrg, [body.pk], day=day).values_list("descendant_id", flat=True))
        names = source.names([one.id for one in source.standing(bodies, day)])
        return [Told(level, key) for key in sorted(names) if names[key] == name]
    rows: QuerySet[Any] = _rows(level, body, day)
    wanted = Q(name=name) | Q(staff_number=name) if level in PERSON_LEVELS else Q(name=name)
    return list(rows.filter(wanted).order_by("pk").distinct()[:MOST_FOUND])


def _rows(level: str, body: PartyOrg, day: date) -> QuerySet[Any]:
    bodies = descendants(PartyOrg, [body.pk], day=day)
    if level in PERSON_LEVELS:
        inside = Membership.objects.filter(on_day(day), body_id__in=bodies).order_by().values("person_id")
        return Person.objects.filter(valid_until=None, pk__in=inside)
    if level in UNIT_LEVELS:
        carrying = PartyOrg.objects.filter(pk__in=bodies, unit__isnull=False).order_by().values("unit_id")
        return AdminUnit.objects.filter(on_day(day), pk__in=descendants(AdminUnit, carrying, day=day))
    return PartyOrg.objects.filter(on_day(day), pk__in=bodies)


def _measured(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for measure in _surveys_in(node.get("of")):
        yield str(measure["survey"]), node, measure
    for item in node.get("items", ()):
        yield from _measured(item)


def _surveys_in(measure: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(measure, Mapping):
        if "survey" in measure:
            yield measure
        for part in measure.values():
            yield from _surveys_in(part)
