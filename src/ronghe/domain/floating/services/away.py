"""Own members away for long, contacts with them, and the two sides of a branch of floating members."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.floating.enums import StayDirection, StaySource, StayState
from ronghe.domain.floating.facts import AWAY_CONTACTED, SIDES_AGREED, STAY_FOUND
from ronghe.domain.floating.models import AwayContact, FloatingBranchSides, FloatingStay
from ronghe.domain.floating.rules import AGREE_SIDES, REGISTER_STAY, TEND_STAY
from ronghe.domain.floating.selectors import AWAY_MONTHS, months_after
from ronghe.domain.floating.services.stays import AlreadyFloating
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class NotAtHome(DomainError):
    code = "not_at_home"
    sentence = N_("%(name)s的组织关系不在“%(body)s”，不能登记为本支部外出党员（PF-01）。")


class NotAwayLongEnough(DomainError):
    code = "not_away_long_enough"
    sentence = N_("外出从 %(since)s 到 %(until)s 不满 %(months)s 个月，还不是流动党员（PF-01）。满了再登记。")
    status = 422


class NotAway(DomainError):
    code = "not_away"
    sentence = N_("%(name)s不在外出中，不必登记联系。")


class ContactInFuture(DomainError):
    code = "contact_in_future"
    sentence = N_("联系日期 %(on)s 不在外出以后、今天以前，请改日期。")
    status = 422


class ContactNoted(DomainError):
    code = "contact_noted"
    sentence = N_("%(on)s的联系已经登记过。")


class NotAFloatingBranch(DomainError):
    code = "not_a_floating_branch"
    sentence = N_("“%(body)s”不是流动党员党支部，不必登记流出地和流入地。")


class SidesAgreed(DomainError):
    code = "sides_agreed"
    sentence = N_("“%(body)s”的流出地、流入地已经登记过。")


@transaction.atomic
def note_away(
    *, person: Person, body: PartyOrg, since: date, destination: str, actor: Person, at: datetime,
    back_by: date | None = None, is_abroad: bool = False,
) -> FloatingStay:  # fmt: skip
    """Register an own member who is away for half a year or more (PF-01).

    Without `back_by` it counts from `since` to today.

    :raises NotAtHome: the person's home is another branch
    :raises NotAwayLongEnough: less than six months
    :raises AlreadyFloating: registered already
    """
    REGISTER_STAY.require(actor, body, at=at)
    day = local_day(at)
    if not Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME, body=body).exists():
        raise NotAtHome(name=person.name, body=body.name)
    until = back_by or day
    if months_after(since, AWAY_MONTHS) > until:
        raise NotAwayLongEnough(since=since, until=until, months=AWAY_MONTHS)
    try:
        with transaction.atomic():
            stay = FloatingStay.objects.create(
                person=person, direction=StayDirection.OUTGOING, source=StaySource.AWAY, state=StayState.AWAY, body=body,
                unit=person.unit, found_on=day, found_by=actor, home_branch=body, destination=destination.strip(),
                away_since=since, back_by=back_by, is_abroad=is_abroad,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyFloating(name=person.name) from error
    said = {"direction": stay.direction, "source": stay.source}
    record(Draft(STAY_FOUND, at, actor, about=person, body=body.pk, unit=stay.unit_id, attributes=said, source=stay))
    return stay


@transaction.atomic
def note_contact(*, stay: FloatingStay, on: date, actor: Person, at: datetime, note: str = "") -> AwayContact:
    """Note a contact with a member who is away; abroad one is due every half-year (PF-04).

    :raises NotAway: the member is back
    :raises ContactInFuture: before the member left, or after today
    :raises ContactNoted: that day's is noted
    """
    TEND_STAY.require(actor, stay, at=at)
    if stay.state != StayState.AWAY:
        raise NotAway(name=stay.person.name)
    if on > local_day(at) or (stay.away_since is not None and on < stay.away_since):
        raise ContactInFuture(on=on)
    try:
        with transaction.atomic():
            contact = AwayContact.objects.create(stay=stay, contacted_on=on, contacted_by=actor, note=note.strip())
    except IntegrityError as error:
        raise ContactNoted(on=on) from error
    record(
        Draft(AWAY_CONTACTED, at, actor, about=stay.person, body=stay.body_id,
              attributes={"is_abroad": stay.is_abroad}, source=contact)
    )  # fmt: skip
    return contact


@transaction.atomic
def agree_sides(
    *, body: PartyOrg, host: PartyOrg, home: str, document: str, on: date, actor: Person, at: datetime
) -> FloatingBranchSides:
    """Put on record which two organizations agreed on a branch of floating members, and by what (PO-07).

    :raises NotAFloatingBranch: of another kind
    :raises SidesAgreed: it is on record
    """
    AGREE_SIDES.require(actor, body, at=at)
    if body.kind != PartyOrgKind.FLOATING_BRANCH:
        raise NotAFloatingBranch(body=body.name)
    try:
        with transaction.atomic():
            sides = FloatingBranchSides.objects.create(
                body=body, host=host, home=home.strip(), document=document.strip(), agreed_on=on, agreed_by=actor
            )
    except IntegrityError as error:
        raise SidesAgreed(body=body.name) from error
    record(Draft(SIDES_AGREED, at, actor, body=body.pk, source=sides))
    return sides
