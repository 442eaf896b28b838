"""A plan told field by field, for people to look at before they accept it."""

from __future__ import annotations

from datetime import date
from typing import Any

from ronghe.domain.org.calc.roster.nodes import Nodes
from ronghe.domain.org.calc.roster.plan import Field, KnownPerson, Plan
from ronghe.domain.org.calc.roster.reading import Roster
from ronghe.domain.org.calc.roster.vocabulary import title_of
from ronghe.domain.org.calc.roster.wanted import WantedPerson
from ronghe.domain.org.enums import Gender, PoliticalStatus, PostRole
from ronghe.kernel.sealed import masked
from ronghe.kernel.words import N_, _

TITLES = {
    "name": "name",
    "staff_number": "staff_number",
    "identity_number": "identity_number",
    "gender": "gender",
    "political_status": "political_status",
    "phone": "phone",
    "employment": "employment_kind",
    "trade": "trade",
    "skill_grade": "skill_level",
    "education": "education",
    "job_title": "job",
    "outside_home_branch": "branch",
    "born_on": "born_on",
    "joined_party_on": "joined_on",
    "unit": "unit",
}
"""Field of the person → canonical column, which has the Chinese name."""


def shown_changes(plan: Plan, place: Field, roster: Roster, *, limit: int) -> list[dict[str, Any]]:
    """Return the first `limit` changes: what kind, of whom or what, and from what to what."""
    shown: list[dict[str, Any]] = []
    for what, nodes, new in (
        (N_("设立单位"), place.units, plan.new_units),
        (N_("设立党组织"), place.bodies, plan.new_bodies),
    ):
        shown.extend(_line(_(what), node.name, _(N_("上级")), "", _name(nodes, node.parent)) for node in new[:limit])
    for change in plan.changed:
        for name, (old, new_value) in change.fields.items():
            shown.append(
                _line(
                    _(N_("更新")),
                    change.wanted.name,
                    title_of(TITLES[name]),
                    _said(name, old, place),
                    _said(name, new_value if name != "identity_number" else change.wanted.identity_number, place),
                )
            )
        if len(shown) >= limit:
            return shown[:limit]
    for person, role, body in plan.posts[:limit]:
        shown.append(_line(_(N_("任职")), _who(person), _name(place.bodies, body), "", str(PostRole(role).label)))
    for person, body, group in plan.homes[:limit]:
        if isinstance(person, KnownPerson):
            old = _name(place.bodies, person.home[1]) if person.home else ""
            new_home = "".join([_name(place.bodies, body), _name(place.bodies, group)])
            shown.append(_line(_(N_("编入党组织")), _who(person), title_of("branch"), old, new_home))
    for wanted, unit in plan.added:
        if len(shown) >= limit:
            break
        row = roster.people.place[wanted.at].row
        told = _(N_("第 %(row)s 行")) % {"row": row}
        shown.append(_line(_(N_("新增")), wanted.name, told, "", _name(place.units, unit)))
    return shown[:limit]


def _line(what: str, who: str, field: str, old: str, new: str) -> dict[str, Any]:
    return {"what": what, "who": who, "field": field, "old": old, "new": new}


def _who(person: WantedPerson | KnownPerson) -> str:
    return person.name if isinstance(person, WantedPerson) else str(person.values["name"])


def _name(nodes: Nodes, key: int | None) -> str:
    if key is None:
        return ""
    return nodes.name_of(key)


def _said(name: str, value: Any, place: Field) -> str:
    if value is None or value == "":
        return ""
    if name == "identity_number":
        return masked(str(value)) if len(str(value)) < 64 else _(N_("原号码"))
    if name == "phone":
        return masked(str(value))
    if name == "unit":
        return _name(place.units, value)
    if name == "political_status":
        return str(PoliticalStatus(value).label)
    if name == "gender":
        return str(Gender(value).label)
    return value.isoformat() if isinstance(value, date) else str(value)
