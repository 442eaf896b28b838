"""Joining union and league in numbers: whoever is proposed on the page is put on the body's list in one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.contacts.facts import MASS_ENROLLED
from ronghe.domain.org.enums import BodyTree, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules import ENROL
from ronghe.domain.org.services.people import join_body
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

KIND_OF_TREE = {BodyTree.UNION: MembershipKind.UNION, BodyTree.LEAGUE: MembershipKind.LEAGUE}


class NoMassBody(DomainError):
    code = "no_mass_body"
    sentence = N_("“%(body)s”不是工会或团组织，请在名册里编入党组织。")
    status = 422


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    sentence = N_("还没有选人，请先勾选要编入的人。")
    status = 422


@transaction.atomic
def enrol_in_mass(
    *, body: PartyOrg, people: Sequence[Person], since: date, actor: Person, at: datetime
) -> list[Membership]:
    """Put people on the list of a union or league body; whoever was in another one leaves it the same day.

    :raises NoMassBody: the body is of the Party
    :raises NobodyChosen: an empty list
    """
    ENROL.require(actor, body, at=at)
    kind = KIND_OF_TREE.get(body.tree)
    if kind is None:
        raise NoMassBody(body=body.name)
    if not people:
        raise NobodyChosen
    rows = [join_body(person=person, body=body, kind=kind, since=since, actor=actor, at=at) for person in people]
    record(Draft(MASS_ENROLLED, at, actor, body=body.pk, quantity=len(rows), attributes={"membership": kind}))
    return rows
