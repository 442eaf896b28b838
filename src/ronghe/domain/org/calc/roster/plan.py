"""What a roster would change: pure comparison of the people it wants with the people that are known.

People are matched by staff number, then identity number, then name with birth month and unit, never by name alone.
A cell that says nothing changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ronghe.domain.org.calc.roster.days import Day
from ronghe.domain.org.calc.roster.nodes import NewNode, Nodes, body_kind, unit_of
from ronghe.domain.org.calc.roster.wanted import WantedPerson

COMMITTEES = frozenset({"committee", "general_branch"})
HOMES = frozenset({"branch", "joint_branch", "floating_branch"})
COMPARED = (
    "name", "staff_number", "gender", "political_status", "employment", "trade", "skill_grade", "education", "job_title",
    "outside_home_branch",
)  # fmt: skip

Report = Callable[..., None]
"""report(code, row index, canonical column, **values of the sentence)"""


NOTHING_HELD: Mapping[tuple[str, str], tuple[int, date | None]] = {}


@dataclass(slots=True)
class KnownPerson:
    """A person on file, as far as a roster may speak of them. `values` has the fields of `COMPARED`."""

    pk: int
    token: int
    values: dict[str, Any]
    id_digest: str
    phone: str
    born_on: date | None
    joined_party_on: date | None
    unit: int | None
    in_reach: bool
    home: tuple[int, int, int | None] | None = None
    """Membership, body and group of the present home."""
    posts: frozenset[tuple[str, int]] = frozenset()
    certificates: Mapping[tuple[str, str], tuple[int, date | None]] = field(default_factory=lambda: NOTHING_HELD)


@dataclass(slots=True)
class Change:
    """What changes in one person: field → (old, new). `unit` holds keys of units."""

    known: KnownPerson
    wanted: WantedPerson
    fields: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Plan:
    """All that would be written. Persons to be added are `WantedPerson`s, others `KnownPerson`s."""

    new_units: list[NewNode] = field(default_factory=list)
    new_bodies: list[NewNode] = field(default_factory=list)
    added: list[tuple[WantedPerson, int | None]] = field(default_factory=list)
    """With the key of the unit."""
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    homes: list[tuple[WantedPerson | KnownPerson, int, int | None]] = field(default_factory=list)
    """Person, body and group keys of a home that begins."""
    homes_ended: list[KnownPerson] = field(default_factory=list)
    posts: list[tuple[WantedPerson | KnownPerson, str, int]] = field(default_factory=list)
    certificates: list[tuple[WantedPerson | KnownPerson, str, str, date | None]] = field(default_factory=list)
    certificates_renewed: list[tuple[int, date | None]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how much of each would be written."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "units": len(self.new_units),
            "bodies": len(self.new_bodies),
            "memberships": len(self.homes),
            "posts": len(self.posts),
            "certificates": len(self.certificates) + len(self.certificates_renewed),
        }

    @property
    def is_empty(self) -> bool:
        return not any(count for name, count in self.counts().items() if name != "unchanged")

    def fingerprint(self) -> str:
        """Return a digest of what would be written, equal for equal plans."""
        digest = hashlib.sha256(repr(sorted(self.counts().items())).encode())
        for wanted, _unit in self.added:
            digest.update(repr((wanted.identity_number, wanted.name, wanted.at)).encode())
        for change in self.changed:
            digest.update(repr((change.known.pk, sorted(change.fields.items()))).encode())
        for known in self.homes_ended:
            digest.update(repr(known.pk).encode())
        return digest.hexdigest()


@dataclass(slots=True)
class Field:
    """Where a roster is imported to: the trees below the chosen body and its unit, and names known elsewhere."""

    units: Nodes
    bodies: Nodes
    branches_elsewhere: frozenset[str]


def plan_import(
    people: Sequence[WantedPerson], known: Sequence[KnownPerson], place: Field, *, may_appoint: bool, report: Report
) -> Plan:
    """Return what importing `people` would change; what cannot be done is reported at its row.

    Posts carry rights: without `may_appoint` none comes in by way of a file, and each one left out is said.
    """
    plan = Plan()
    matcher = _Matcher(people, known)
    for wanted in people:
        unit = unit_of(place.units, wanted.unit_path)
        home = home_of(wanted, place, report)
        code, match = matcher.match(wanted, unit)
        if code:
            report(code, wanted.at, "identity_number" if wanted.identity_number else "name")
            continue
        if match is None:
            plan.added.append((wanted, unit))
        else:
            fields = differences_of(match, wanted, unit)
            if fields:
                plan.changed.append(Change(match, wanted, fields))
        before = len(plan.homes) + len(plan.posts) + len(plan.certificates) + len(plan.certificates_renewed)
        plan_home(plan, match, wanted, home)
        _plan_posts(plan, match, wanted, home, report=None if may_appoint else report)
        plan_certificates(plan, match, wanted)
        after = len(plan.homes) + len(plan.posts) + len(plan.certificates) + len(plan.certificates_renewed)
        if match is not None and before == after and not fields:
            plan.unchanged += 1
    plan.new_units, plan.new_bodies = place.units.new, place.bodies.new
    return plan


class _Matcher:
    def __init__(self, people: Sequence[WantedPerson], known: Sequence[KnownPerson]) -> None:
        self.by_staff = {k.values["staff_number"]: k for k in known if k.values["staff_number"]}
        self.by_digest = {k.id_digest: k for k in known if k.id_digest}
        self.by_name: dict[tuple[str, int, int, int | None], list[KnownPerson]] = defaultdict(list)
        for person in known:
            if person.born_on is not None:
                key = (person.values["name"], person.born_on.year, person.born_on.month, person.unit)
                self.by_name[key].append(person)
        claimed = {p.id_digest for p in people if p.id_digest}
        staff = {p.staff_number for p in people if p.staff_number}
        self.claimed = {k.pk for k in known if k.id_digest in claimed or k.values["staff_number"] in staff}
        self.taken: set[int] = set()

    def match(self, wanted: WantedPerson, unit: int | None) -> tuple[str, KnownPerson | None]:
        """Return a code that says why there is no answer, or the person on file, or None for a new one."""
        by_staff = self.by_staff.get(wanted.staff_number) if wanted.staff_number else None
        by_digest = self.by_digest.get(wanted.id_digest) if wanted.id_digest else None
        if by_staff and by_digest and by_staff is not by_digest:
            return "person_conflict", None
        found = by_staff or by_digest
        if found is None:
            candidates = self._by_name(wanted, unit)
            if len(candidates) > 1:
                return "person_ambiguous", None
            found = candidates[0] if candidates else None
        if found is None:
            return "", None
        if not found.in_reach:
            return "person_elsewhere", None
        if found.pk in self.taken:
            return "person_ambiguous", None
        self.taken.add(found.pk)
        return "", found

    def _by_name(self, wanted: WantedPerson, unit: int | None) -> list[KnownPerson]:
        """Return whom name, birth month and unit point at; whoever another row names by number is left out."""
        if wanted.born is None or unit is None:
            return []
        key = (wanted.name, wanted.born.first.year, wanted.born.first.month, unit)
        return [k for k in self.by_name.get(key, []) if k.pk not in self.claimed and k.in_reach]


def home_of(wanted: WantedPerson, place: Field, report: Report) -> tuple[int | None, int | None]:
    """Return the keys of the home branch and the Party group, missing ones founded below the chosen body."""
    organ, branch, group = wanted.party_path
    bodies = place.bodies
    if not wanted.is_member:
        return None, None
    if not branch:
        is_home = bodies.kind_of(bodies.root) in HOMES and not wanted.outside_home_branch
        key = bodies.root if is_home else None
    else:
        key = bodies.named(branch)
        if key is None and branch in place.branches_elsewhere:
            wanted.outside_home_branch = branch
            return None, None
        if key is None:
            key = _founded(organ, branch, bodies)
        if key is None:
            report("branch_elsewhere", wanted.at, "branch", value=branch)
            return None, None
    if key is None or bodies.kind_of(key) not in HOMES:
        return None, None
    return key, bodies.child(key, group, "party_group") if group else None


def _founded(organ: str, branch: str, bodies: Nodes) -> int | None:
    parent = bodies.root
    if organ and organ != branch:
        known = bodies.named(organ)
        if known is not None:
            parent = known
        elif bodies.kind_of(parent) in COMMITTEES:
            parent = bodies.child(parent, organ, body_kind(organ))
    return bodies.child(parent, branch, body_kind(branch)) if bodies.kind_of(parent) in COMMITTEES else None


def differences_of(known: KnownPerson, wanted: WantedPerson, unit: int | None) -> dict[str, tuple[Any, Any]]:
    """Return what a roster says otherwise than the file: field → (old, new), `unit` as keys."""
    fields = {
        name: (known.values[name], new)
        for name in COMPARED
        if (new := getattr(wanted, name)) and new != (known.values[name] or "")
    }
    if wanted.id_digest and wanted.id_digest != known.id_digest:
        fields["identity_number"] = (known.id_digest, wanted.id_digest)
    if wanted.phone and wanted.phone != known.phone:
        fields["phone"] = (known.phone, wanted.phone)
    for name, day in (("born_on", wanted.born), ("joined_party_on", wanted.joined)):
        if day is not None and not _covers(day, getattr(known, name)):
            fields[name] = (getattr(known, name), day.first)
    if unit is not None and unit != known.unit:
        fields["unit"] = (known.unit, unit)
    return fields


def _covers(day: Day, known: date | None) -> bool:
    """Is what is on file as good as what the roster says? A known day is not undone by its month."""
    return known is not None and day.first <= known <= day.last


def plan_home(plan: Plan, known: KnownPerson | None, wanted: WantedPerson, home: tuple[int | None, int | None]) -> None:
    body, group = home
    if body is None:
        return
    if known is not None and known.home is not None:
        _membership, old_body, old_group = known.home
        if old_body == body and (group is None or group == old_group):
            return
        plan.homes_ended.append(known)
    plan.homes.append((known or wanted, body, group))


def _plan_posts(
    plan: Plan,
    known: KnownPerson | None,
    wanted: WantedPerson,
    home: tuple[int | None, int | None],
    *,
    report: Report | None,
) -> None:
    """Plan the posts that are new; with `report` they are only told."""
    branch, group = home
    if branch is None:
        return
    for role in wanted.posts:
        body = group if role == "group_leader" and group is not None else branch
        if known is None or (role, body) not in known.posts:
            if report is not None:
                report("post_not_yours", wanted.at, "party_post")
            else:
                plan.posts.append((known or wanted, role, body))


def plan_certificates(plan: Plan, known: KnownPerson | None, wanted: WantedPerson) -> None:
    for (kind, number), expires in wanted.certificates.items():
        held = known.certificates.get((kind, number)) if known else None
        if held is None:
            plan.certificates.append((known or wanted, kind, number, expires))
        elif expires is not None and held[1] != expires:
            plan.certificates_renewed.append((held[0], expires))
