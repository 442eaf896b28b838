"""People as a roster wants them to be: one entry a person, however many rows tell of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from ronghe.domain.org.calc.roster.checks import FULL_MEMBER, PROBATIONARY_MEMBER
from ronghe.domain.org.calc.roster.days import Day
from ronghe.domain.org.calc.roster.people import Certificate, PeopleColumns
from ronghe.domain.org.calc.roster.vocabulary import vocabulary

TEXTS = {
    "name": "name",
    "staff_number": "staff_number",
    "identity_number": "identity_number",
    "gender": "gender",
    "political_status": "political_status",
    "phone": "phone",
    "employment": "employment",
    "trade": "trade",
    "skill_grade": "skill_level",
    "education": "education",
}
"""Field of the person → column of the roster."""


@dataclass(slots=True)
class WantedPerson:
    """What a roster says of one person; an empty text means that it says nothing, so nothing is changed."""

    at: int
    """Index of the person's first row."""
    name: str
    staff_number: str
    identity_number: str
    gender: str
    political_status: str
    phone: str
    employment: str
    trade: str
    skill_grade: str
    education: str
    job_title: str
    born: Day | None
    joined: Day | None
    unit_path: tuple[str, ...]
    party_path: tuple[str, str, str]
    posts: tuple[str, ...]
    outside_home_branch: str
    certificates: dict[tuple[str, str], date | None] = field(default_factory=dict)
    id_digest: str = ""
    """By which the number is compared with numbers on file, which are sealed."""

    @property
    def is_member(self) -> bool:
        return self.political_status in {FULL_MEMBER, PROBATIONARY_MEMBER}


def kept_person(wanted: WantedPerson) -> dict[str, Any]:
    """Return a person as JSON can hold it; `person_kept` undoes it."""
    kept = {about.name: getattr(wanted, about.name) for about in fields(WantedPerson)}
    for name in ("born", "joined"):
        kept[name] = [day.isoformat() for day in kept[name]] if kept[name] else None
    kept["certificates"] = [
        [kind, number, ends.isoformat() if ends else None] for (kind, number), ends in wanted.certificates.items()
    ]
    return kept


def person_kept(kept: dict[str, Any]) -> WantedPerson:
    """Return the person that `kept_person` made plain."""
    days = {name: Day(*map(date.fromisoformat, kept[name])) if kept[name] else None for name in ("born", "joined")}
    certificates = {
        (kind, number): date.fromisoformat(ends) if ends else None for kind, number, ends in kept["certificates"]
    }
    paths = {name: tuple(kept[name]) for name in ("unit_path", "party_path", "posts")}
    return WantedPerson(**(kept | days | paths | {"certificates": certificates}))


def wanted_people(people: PeopleColumns, *, digest_of: Callable[[str], str]) -> list[WantedPerson]:
    """Return one entry a person in the order of their first rows; later rows fill what earlier ones left empty."""
    found: dict[int, WantedPerson] = {}
    labels = {code: word for word, code in reversed(vocabulary().values["employment_kind"].items()) if code}
    for at, person in enumerate(people.person):
        wanted = found.get(person)
        if wanted is None:
            found[person] = wanted = _from_row(people, at, labels)
        else:
            _fill(wanted, _from_row(people, at, labels))
        for certificate in people.certificates[at]:
            wanted.certificates[certificate.kind, certificate.number] = _end_of(certificate)
    for wanted in found.values():
        if wanted.identity_number:
            wanted.id_digest = digest_of(wanted.identity_number)
    return list(found.values())


def _from_row(people: PeopleColumns, at: int, labels: dict[str, str]) -> WantedPerson:
    texts = {name: getattr(people, column)[at] for name, column in TEXTS.items()}
    texts["employment"] = labels.get(texts["employment"], texts["employment"])
    organ, branch, group = people.party_path[at]
    floats = people.is_floating[at]
    return WantedPerson(
        at=at,
        **texts,
        job_title=people.job[at] or people.position[at],
        born=people.born[at],
        joined=people.joined[at],
        unit_path=people.unit_path[at],
        party_path=("", "", "") if floats else (organ, branch, group),
        posts=people.party_posts[at],
        outside_home_branch=branch if floats else "",
    )


def _fill(wanted: WantedPerson, other: WantedPerson) -> None:
    for name in (*TEXTS, "job_title", "born", "joined", "unit_path", "outside_home_branch"):
        if not getattr(wanted, name):
            setattr(wanted, name, getattr(other, name))
    if not any(wanted.party_path):
        wanted.party_path = other.party_path
    wanted.posts = tuple(dict.fromkeys([*wanted.posts, *other.posts]))


def _end_of(certificate: Certificate) -> date | None:
    return certificate.expires.last if certificate.expires else None
