"""A plan as rows, built before the database is locked and written in bulk while it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from ronghe.domain.org.calc.roster.nodes import NewNode
from ronghe.domain.org.calc.roster.people import best_day
from ronghe.domain.org.calc.roster.plan import Change, KnownPerson, Plan
from ronghe.domain.org.calc.roster.wanted import WantedPerson
from ronghe.domain.org.enums import Gender, MembershipKind, PostSource
from ronghe.domain.org.facts import (
    GROUP_CHANGED,
    MEMBERSHIP_ENDED,
    MEMBERSHIP_STARTED,
    PARTY_ORG_CREATED,
    PERSON_ADDED,
    PERSON_EDITED,
    POST_TAKEN,
    UNIT_CREATED,
)
from ronghe.domain.org.models import AdminUnit, Membership, OperatorCertificate, PartyOrg, Person, PostHolding
from ronghe.domain.org.models.people import initials_of, new_token
from ronghe.domain.org.services.statuses import follow_roster
from ronghe.kernel.db.bulk import BulkInsert
from ronghe.kernel.db.tree import link_many
from ronghe.kernel.facts.record import Draft, FactBatch, prepare_batch, record_many
from ronghe.kernel.sealed import seal_text

ROWS_A_STATEMENT = 1_000
TOKENS_A_READ = 10_000
FACTS_AT_ONCE = 10_000
"""Bounds the memory of what can be made ready only while writing: facts that name bodies founded a moment ago."""
FIELDS_NAMED = 64
"""Signs that a fact's attribute holds."""

Someone = WantedPerson | KnownPerson


PERSON_FIELDS = (
    "token", "name", "initials", "staff_number", "id_sealed", "id_digest", "gender", "born_on", "political_status",
    "joined_party_on", "phone_sealed", "employment", "job_title", "trade", "skill_grade", "education", "unit",
    "outside_home_branch", "valid_from",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A person who has no row yet, as far as facts know persons."""

    token: int


@dataclass(slots=True)
class PreparedRows:
    """Everything an import writes; ids of new nodes and people are filled in while writing."""

    plan: Plan
    body: PartyOrg
    since: date
    actor: Person
    at: datetime
    added: BulkInsert
    tokens: list[Token]
    """Of the people to be added, in their order."""
    changed: list[Person]
    changed_fields: list[str]
    facts: FactBatch

    def write(self) -> None:
        """Write all rows; the caller holds the transaction."""
        units = _found(AdminUnit, self.plan.new_units, self.since)
        bodies = _found(PartyOrg, self.plan.new_bodies, self.since, units_by_name=self._units_by_name())
        place = self.added.position["unit"]
        for row, (_wanted, unit) in zip(self.added.rows, self.plan.added, strict=True):
            row[place] = _real(unit, units)
        self.added.write()
        for person, change in zip(self.changed, self.plan.changed, strict=True):
            if "unit" in change.fields:
                person.unit_id = _real(change.fields["unit"][1], units)
        if self.changed:
            Person.objects.bulk_update(self.changed, self.changed_fields, batch_size=500)
        self._date_statuses()
        ids = self._ids()
        self._write_homes(ids, bodies)
        self._write_posts(ids, bodies)
        self._write_certificates(ids)
        self._record(units, bodies)

    def _date_statuses(self) -> None:
        """Write the dated rows of every status that changes, the old one before it where there was none (PE-08)."""
        turned = [
            (person, change.fields["political_status"][0])
            for person, change in zip(self.changed, self.plan.changed, strict=True)
            if "political_status" in change.fields
        ]
        for start in range(0, len(turned), ROWS_A_STATEMENT):
            follow_roster(changes=turned[start : start + ROWS_A_STATEMENT], since=self.since)

    def _ids(self) -> dict[int, int]:
        """Return the ids that the new people were given, by identity of their entry in the plan."""
        by_token: dict[int, int] = {}
        for start in range(0, len(self.tokens), TOKENS_A_READ):
            chunk = [person.token for person in self.tokens[start : start + TOKENS_A_READ]]
            by_token.update(Person.objects.filter(token__in=chunk).order_by().values_list("token", "pk"))
        pairs = zip(self.plan.added, self.tokens, strict=True)
        return {id(wanted): by_token[person.token] for (wanted, _unit), person in pairs}

    def _units_by_name(self) -> dict[str, int]:
        """Return the units by name where it is the only one, for branches that carry a unit's name."""
        found: dict[str, int] = {}
        doubled: set[str] = set()
        for pk, name in AdminUnit.objects.filter(valid_until=None).order_by().values_list("pk", "name"):
            (doubled.add if name in found else lambda _name: None)(name)
            found[name] = pk
        return {name: pk for name, pk in found.items() if name not in doubled}

    def _write_homes(self, ids: dict[int, int], bodies: dict[int, int]) -> None:
        ended = [known.home[0] for known in self.plan.homes_ended if known.home]
        for start in range(0, len(ended), ROWS_A_STATEMENT):
            chunk = ended[start : start + ROWS_A_STATEMENT]
            Membership.objects.filter(pk__in=chunk, valid_from=self.since).delete()
            Membership.objects.filter(pk__in=chunk).update(valid_until=self.since)
        homes = BulkInsert(Membership, ("person", "body", "group", "kind", "valid_from"))
        for person, body, group in self.plan.homes:
            homes.add(
                [_person_id(person, ids), _placed(body, bodies), _real(group, bodies), MembershipKind.HOME, self.since]
            )
        homes.write()

    def _write_posts(self, ids: dict[int, int], bodies: dict[int, int]) -> None:
        PostHolding.objects.bulk_create(
            [
                PostHolding(
                    person_id=_person_id(person, ids), role=role, body_id=_placed(body, bodies),
                    source=PostSource.IMPORTED, valid_from=self.since,
                )
                for person, role, body in self.plan.posts
            ],
            batch_size=ROWS_A_STATEMENT,
        )  # fmt: skip

    def _write_certificates(self, ids: dict[int, int]) -> None:
        held = BulkInsert(OperatorCertificate, ("person", "kind", "number", "expires_on"))
        for person, kind, number, expires in self.plan.certificates:
            held.add([_person_id(person, ids), kind, number, expires])
        held.write()
        OperatorCertificate.objects.bulk_update(
            [OperatorCertificate(pk=pk, expires_on=expires) for pk, expires in self.plan.certificates_renewed],
            ["expires_on"],
            batch_size=ROWS_A_STATEMENT,
        )

    def _record(self, units: dict[int, int], bodies: dict[int, int]) -> None:
        tokens = {id(wanted): person for person, (wanted, _unit) in zip(self.tokens, self.plan.added, strict=True)}
        founded = [
            Draft(UNIT_CREATED, self.at, self.actor, unit=units[node.key], attributes={"unit_kind": node.kind})
            for node in self.plan.new_units
        ] + [
            Draft(PARTY_ORG_CREATED, self.at, self.actor, body=bodies[node.key], attributes={"org_kind": node.kind})
            for node in self.plan.new_bodies
        ]
        posts = [
            Draft(
                POST_TAKEN, self.at, self.actor, about=person if isinstance(person, KnownPerson) else tokens[id(person)], body=_real(body, bodies),
                attributes={"role": role},
            )
            for person, role, body in self.plan.posts
        ]  # fmt: skip
        record_many(founded)
        self.facts.write()
        belonging = self._belonging(tokens, bodies)
        while drafts := list(islice(belonging, FACTS_AT_ONCE)):
            prepare_batch(drafts).write()
        record_many(posts)

    def _belonging(self, tokens: dict[int, Token], bodies: dict[int, int]) -> Iterator[Draft]:
        """Yield what changed about homes; whoever only changes the group has not left the branch."""
        said = {"membership": MembershipKind.HOME}
        stayed = {
            known.pk
            for known, body, _group in self.plan.homes
            if isinstance(known, KnownPerson) and known.home is not None and known.home[1] == body
        }
        for known in self.plan.homes_ended:
            if known.home is not None and known.pk not in stayed:
                yield Draft(MEMBERSHIP_ENDED, self.at, self.actor, about=known, body=known.home[1], attributes=said)
        for person, body, group in self.plan.homes:
            about = person if isinstance(person, KnownPerson) else tokens[id(person)]
            place = _placed(body, bodies)
            if isinstance(person, KnownPerson) and person.pk in stayed:
                yield Draft(GROUP_CHANGED, self.at, self.actor, about=about, body=_real(group, bodies) or place)
            else:
                yield Draft(MEMBERSHIP_STARTED, self.at, self.actor, about=about, body=place, attributes=said)


def prepare_rows(plan: Plan, *, body: PartyOrg, since: date, actor: Person, at: datetime) -> PreparedRows:
    """Build the rows of `plan` and the facts about people: all the sealing is done here, outside the lock."""
    initials = cache(initials_of)
    added, tokens = BulkInsert(Person, PERSON_FIELDS), []
    for wanted, _unit in plan.added:
        tokens.append(Token(new_token()))
        added.add(_new_person(wanted, tokens[-1].token, initials(wanted.name), since))
    changed, changed_fields = _changed_people(plan.changed)
    facts = prepare_batch(_facts_about(plan, tokens, body, actor, at))
    return PreparedRows(plan, body, since, actor, at, added, tokens, changed, changed_fields, facts)


def _facts_about(plan: Plan, tokens: Sequence[Token], body: PartyOrg, actor: Person, at: datetime) -> Iterator[Draft]:
    for person, (wanted, _unit) in zip(tokens, plan.added, strict=True):
        status = {"political_status": wanted.political_status or None}
        yield Draft(PERSON_ADDED, at, actor, about=person, body=body.pk, attributes=status)
    for change in plan.changed:
        named = {"fields": _named(change.fields), "count": len(change.fields)}
        yield Draft(PERSON_EDITED, at, actor, about=change.known, body=body.pk, attributes=named)


def _new_person(wanted: WantedPerson, token: int, initials: str, since: date) -> list[Any]:
    """Return the values of a new person in the order of `PERSON_FIELDS`; the unit is known while writing."""
    number, phone = wanted.identity_number, wanted.phone
    return [
        token, wanted.name, initials, wanted.staff_number or None,
        seal_text(number) if number else None, wanted.id_digest or None, wanted.gender or Gender.UNKNOWN,
        best_day(wanted.born), wanted.political_status or None, best_day(wanted.joined),
        seal_text(phone) if phone else None, wanted.employment or None, wanted.job_title or None,
        wanted.trade or None, wanted.skill_grade or None, wanted.education or None, None,
        wanted.outside_home_branch or None, since,
    ]  # fmt: skip


def _changed_people(changes: Sequence[Change]) -> tuple[list[Person], list[str]]:
    """Return the people on file with their new values, and the fields that any of them changes."""
    people = Person.objects.in_bulk([change.known.pk for change in changes])
    ordered = [people[change.known.pk] for change in changes]
    names: set[str] = set()
    for person, change in zip(ordered, changes, strict=True):
        for name, (_old, new) in change.fields.items():
            values = _stored(name, new, change.wanted)
            for column, value in values.items():
                setattr(person, column, value)
            names.update(values or ["unit"])
    return ordered, sorted(names)


def _stored(name: str, new: Any, wanted: WantedPerson) -> dict[str, Any]:
    if name == "unit":
        return {}
    if name == "identity_number":
        return {"id_sealed": seal_text(wanted.identity_number), "id_digest": new}
    if name == "phone":
        return {"phone_sealed": seal_text(new)}
    if name == "name":
        return {"name": new, "initials": initials_of(new)}
    return {name: new}


def _named(fields: dict[str, Any]) -> str:
    """Return the names of changed fields as one code, "several" where they do not fit."""
    text = "/".join(sorted(fields))
    return text if len(text) <= FIELDS_NAMED else "several"


def _found(
    model: Any, nodes: Sequence[NewNode], since: date, *, units_by_name: dict[str, int] | None = None
) -> dict[int, int]:
    """Found new nodes level by level and return key → id."""
    ids: dict[int, int] = {}
    left = list(nodes)
    while left:
        ready = [node for node in left if node.parent is None or node.parent > 0 or node.parent in ids]
        rows = [
            model(
                parent_id=_real(node.parent, ids), name=node.name, kind=node.kind, valid_from=since,
                **({} if units_by_name is None else {"unit_id": _unit_called(node.name, units_by_name)}),
            )
            for node in ready
        ]  # fmt: skip
        made = model._default_manager.bulk_create(rows, batch_size=ROWS_A_STATEMENT)  # noqa: SLF001 - Django's name
        ids.update({node.key: row.pk for node, row in zip(ready, made, strict=True)})
        link_many(model, [(row.pk, row.parent_id) for row in made], since=since)
        left = [node for node in left if node.key not in ids]
    return ids


def _unit_called(branch: str, units: dict[str, int]) -> int | None:
    """Return the unit a branch is named after: 仪陇输气作业区党支部 belongs to 仪陇输气作业区."""
    for end in ("党支部", "联合党支部", "党总支", "党委"):
        if branch.endswith(end) and branch[: -len(end)] in units:
            return units[branch[: -len(end)]]
    return None


def _real(key: int | None, ids: dict[int, int]) -> int | None:
    return ids[key] if key is not None and key < 0 else key


def _placed(key: int, ids: dict[int, int]) -> int:
    return ids[key] if key < 0 else key


def _person_id(person: Someone, ids: dict[int, int]) -> int:
    return person.pk if isinstance(person, KnownPerson) else ids[id(person)]
