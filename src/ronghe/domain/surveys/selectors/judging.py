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
        return f"{self.name}:{_WHOSE[self.level]}"


def judged_items() -> dict[str, JudgedItem]:
    """Return what surveys may count for, by key: the `survey:` items of the sheets of playbooks kept or shipped."""
    found: dict[str, JudgedItem] = {}
    for playbook in [*(version.playbook for version in versions_kept()), *shipped_playbooks()]:
        for sheet in playbook.sheets:
            if sheet["level"] in _WHOSE:
                for name, node, measure in _measured(sheet["root"]):
                    title = f"{in_language(sheet['title'])} · {in_language(node['title'])}"
                    out_of = Decimal(str(measure.get("out_of", 100)))
                    item = JudgedItem(name, title, sheet["level"], out_of)
                    found.setdefault(item.key, item)
    return found


def judged_called(item: JudgedItem, name: str, body: PartyOrg, at: datetime) -> PartyOrg | AdminUnit | Person:
    """Return the one of this name whom the item judges, among `body`, what stands below it, and their people.

    :raises JudgedUnknown: there is none
    :raises JudgedSeveral: the name is not enough
    """
    name, day = name.strip(), local_day(at)
    rows: QuerySet[Any] = _rows(item.level, body, day)
    wanted = Q(name=name) | Q(staff_number=name) if item.level in PERSON_LEVELS else Q(name=name)
    found = list(rows.filter(wanted).order_by("pk").distinct()[:MOST_FOUND]) if name else []
    if not found:
        raise JudgedUnknown(body=body.name, name=name)
    if len(found) > 1:
        raise JudgedSeveral(name=name)
    one: PartyOrg | AdminUnit | Person = found[0]
    return one


def judged_key(survey: Survey) -> str:
    """Return the key of what the marks of a survey count for, "" of one that judges nobody."""
    whose = "body" if survey.judged_body_id else "unit" if survey.judged_unit_id else "person"
    return f"{survey.judged_item}:{whose}" if survey.judged_item else ""


def judged_title(survey: Survey) -> str:
    """Return what the marks of a survey count for, in words; the bare name where no playbook has the item any more."""
    item = judged_items().get(judged_key(survey)) if survey.judged_item else None
    return item.title if item is not None else survey.judged_item


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
