"""A floating member is found, verified, attached, told of at home, and leaves with a slip (PF-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.floating.enums import OPEN_STATES, STAY_FLOW, StayDirection, StaySource, StayState
from ronghe.domain.floating.facts import (
    HOME_ANSWERED,
    HOME_INFORMED,
    STAY_ATTACHED,
    STAY_DISMISSED,
    STAY_FOUND,
    STAY_LEFT,
    STAY_VERIFIED,
)
from ronghe.domain.floating.models import FloatingBranchSides, FloatingStay
from ronghe.domain.floating.rules import ANSWER_STAY, REGISTER_STAY, REPORT_STAY, TEND_STAY
from ronghe.domain.floating.selectors import HOST_KINDS, slip_lines, source_of
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus
from ronghe.domain.org.facts import PERSON_ADDED
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.rules import SEE_PERSON, SEE_UNIT
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import join_body, leave_body
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_


class NotAMember(DomainError):
    code = "not_a_member"
    sentence = N_("%(name)s的政治面貌不是中共党员或预备党员，不登记为流动党员（PF-01）。请先核对政治面貌。")


class AlreadyFloating(DomainError):
    code = "already_floating"
    sentence = N_("%(name)s已登记为流动党员，没有办结，不能重复登记（PF-03）。请在原来的登记上办理。")


class AtHomeHere(DomainError):
    code = "at_home_here"
    sentence = N_("%(name)s的组织关系就在“%(body)s”，不是流入的党员（PF-01）。")


class HomeUnknown(DomainError):
    code = "home_unknown"
    sentence = N_("请写明原党支部的名称和联系人、电话（PF-03），好与原支部核实。")
    status = 422


class NotAHost(DomainError):
    code = "not_a_host"
    sentence = N_("“%(body)s”不是协作区、共建、区域、临时或流动党员党组织，流动党员不能编入（PF-02）。请选工作载体。")


class SidesMissing(DomainError):
    code = "sides_missing"
    sentence = N_("“%(body)s”还没有登记流出地、流入地党组织的商定文件（PO-07），不能编入。请先登记。")


class LeavesTooEarly(DomainError):
    code = "leaves_too_early"
    sentence = N_("%(name)s于 %(since)s 编入或外出，离场日期不能早于这一天，请改日期。")
    status = 422


class LeavesInFuture(DomainError):
    code = "leaves_in_future"
    sentence = N_("离场日期 %(on)s 还没有到，请到那天再办。")
    status = 422


class NotYetInformed(DomainError):
    code = "not_yet_informed"
    sentence = N_("还没有告知原党支部，不能登记确认。请先发函。")


class NoSlip(DomainError):
    code = "no_slip"
    sentence = N_("还没有离场，没有回执。")


class NoReason(DomainError):
    code = "no_reason"
    sentence = N_("请写明理由。")
    status = 422


@dataclass(frozen=True, slots=True)
class Home:
    """The home branch as far as known: a body of this platform, or its name; whom one speaks to there, and how (PF-03)."""

    branch: PartyOrg | None = None
    name: str = ""
    contact: str = ""
    phone: str = ""

    @property
    def is_known(self) -> bool:
        """With a branch of this platform nobody needs to be named: its secretary is on file."""
        return self.branch is not None or bool(self.name.strip() and self.contact.strip() and self.phone.strip())


@transaction.atomic
def find_stay(
    *, person: Person, body: PartyOrg, actor: Person, at: datetime, source: StaySource | None = None
) -> FloatingStay:
    """Register a Party member from elsewhere; the home branch is what the roster or the platform knows of it.

    :raises NotAMember: not a Party member
    :raises AtHomeHere: at home in `body` itself
    :raises AlreadyFloating: registered already
    """
    REGISTER_STAY.require(actor, body, at=at)
    SEE_PERSON.require(actor, person, at=at)
    if not person.is_party_member:
        raise NotAMember(name=person.name)
    day = local_day(at)
    home = (
        Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME).select_related("body").first()
    )
    if home is not None and home.body_id == body.pk:
        raise AtHomeHere(name=person.name, body=home.body.name)
    stay = FloatingStay(
        person=person, direction=StayDirection.INCOMING, source=source or source_of(person), body=body,
        unit=person.unit, found_on=day, found_by=actor, home_branch=home.body if home is not None else None,
        home_branch_name="" if home is not None else person.outside_home_branch or "",
    )  # fmt: skip
    return _registered(stay, actor, at)


@transaction.atomic
def report_stay(*, person: Person, body: PartyOrg, actor: Person, at: datetime) -> FloatingStay | None:
    """Report a Party member found at entry, for `body` to verify with the home branch (PF-03).

    Nothing is reported, and nothing refused, of somebody who is registered already or at home in `body`: entry does not wait for it.

    :raises NotAMember: not a Party member
    """
    REPORT_STAY.require(actor, body, at=at)
    if not person.is_party_member:
        raise NotAMember(name=person.name)
    day = local_day(at)
    homes = Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME).select_related("body")
    home = homes.order_by("pk").first()
    is_known = FloatingStay.objects.filter(person=person, state__in=sorted(OPEN_STATES)).exists()
    if is_known or (home is not None and home.body_id == body.pk):
        return None
    stay = FloatingStay(
        person=person, direction=StayDirection.INCOMING, source=StaySource.CONTRACTOR_ENTRY, body=body,
        unit=person.unit, found_on=day, found_by=actor, home_branch=home.body if home is not None else None,
        home_branch_name="" if home is not None else person.outside_home_branch or "",
    )  # fmt: skip
    return _registered(stay, actor, at)


@transaction.atomic
def find_by_hand(
    *, name: str, unit: AdminUnit, body: PartyOrg, home: Home, actor: Person, at: datetime,
    status: PoliticalStatus = PoliticalStatus.FULL_MEMBER,
) -> FloatingStay:  # fmt: skip
    """Register somebody whom no roster has brought: one line puts the person on file and begins the stay."""
    REGISTER_STAY.require(actor, body, at=at)
    SEE_UNIT.require(actor, unit, at=at)
    day = local_day(at)
    person = Person.objects.create(
        name=name, initials=initials_of(name), political_status=status, unit=unit, valid_from=day,
        outside_home_branch=home.name.strip() or None,
    )  # fmt: skip
    record(Draft(PERSON_ADDED, at, actor, about=person, body=body.pk, attributes={"political_status": status}))
    stay = FloatingStay(
        person=person, direction=StayDirection.INCOMING, source=StaySource.BY_HAND, body=body, unit=unit, found_on=day,
        found_by=actor, home_branch=home.branch, home_branch_name=home.name.strip(), home_contact=home.contact.strip(),
        home_phone_sealed=seal_text(home.phone.strip()) if home.phone.strip() else None,
    )  # fmt: skip
    return _registered(stay, actor, at)


@transaction.atomic
def verify_stay(*, stay: FloatingStay, home: Home, on: date, actor: Person, at: datetime) -> FloatingStay:
    """Note that the home branch was asked and confirmed, and whom one speaks to there (PF-03).

    :raises HomeUnknown: neither a branch of this platform, nor name, contact and number of another
    :raises StepNotAllowed, Stale: it was verified or dismissed before
    """
    TEND_STAY.require(actor, stay, at=at)
    if not home.is_known:
        raise HomeUnknown
    STAY_FLOW.advance(
        stay, "verify", verified_on=on, home_branch=home.branch, home_branch_name=home.name.strip(),
        home_contact=home.contact.strip(),
        home_phone_sealed=seal_text(home.phone.strip()) if home.phone.strip() else stay.home_phone_sealed,
    )  # fmt: skip
    _record(STAY_VERIFIED, stay, actor, at, home_is_here=home.branch is not None)
    return stay


@transaction.atomic
def attach_stay(*, stay: FloatingStay, body: PartyOrg, since: date, actor: Person, at: datetime) -> FloatingStay:
    """Put a verified floating member into a working body here, to take part; the home stays where it is (PO-12, PF-02).

    A home branch on this platform is told by it; another one needs a letter.

    :raises NotAHost: of a kind that has members of its own
    :raises SidesMissing: a branch of floating members whose two sides are not on record (PO-07)
    :raises StepNotAllowed, Stale: not verified yet, or attached already; of two at once one wins
    """
    TEND_STAY.require(actor, stay, at=at)
    REGISTER_STAY.require(actor, body, at=at)
    if body.kind not in HOST_KINDS:
        raise NotAHost(body=body.name)
    if body.kind == PartyOrgKind.FLOATING_BRANCH and not FloatingBranchSides.objects.filter(body=body).exists():
        raise SidesMissing(body=body.name)
    taking_part = Membership.objects.filter(
        person=stay.person, body=body, kind=MembershipKind.PARTICIPATION, valid_until=None
    ).order_by("pk")
    membership = taking_part.first() or join_body(
        person=stay.person, body=body, kind=MembershipKind.PARTICIPATION, since=since, actor=actor, at=at
    )
    told = {"informed_at": at} if stay.home_branch_id is not None else {}
    STAY_FLOW.advance(stay, "attach", body=body, membership=membership, attached_on=since, **told)
    _record(STAY_ATTACHED, stay, actor, at)
    if told:
        _record(HOME_INFORMED, stay, actor, at, way="platform")
    return stay


@transaction.atomic
def attach_many(
    *, people: Sequence[Person], body: PartyOrg, home: Home, since: date, actor: Person, at: datetime
) -> list[FloatingStay]:
    """Register people whom the platform found; with a home contact that holds for all, verify and attach them as well.

    All or nobody. Whose roster names a home branch keeps it; `home` says whom one speaks to.

    :raises DomainError: what stands against one of them
    """
    stays = [find_stay(person=person, body=body, actor=actor, at=at) for person in people]
    for stay in stays:
        known = Home(stay.home_branch, stay.home_branch_name or home.name, home.contact, home.phone)
        if known.is_known:
            verify_stay(stay=stay, home=known, on=since, actor=actor, at=at)
            attach_stay(stay=stay, body=body, since=since, actor=actor, at=at)
    return stays


@transaction.atomic
def inform_home(*, stay: FloatingStay, actor: Person, at: datetime) -> FloatingStay:
    """Note that the letter went out to a home branch that is not on this platform.

    :raises Stale: it was told before, or the member is not here any more
    """
    TEND_STAY.require(actor, stay, at=at)
    rows = FloatingStay.objects.filter(pk=stay.pk, state=StayState.ATTACHED, informed_at=None)
    if not rows.update(informed_at=at):
        raise Stale
    stay.informed_at = at
    _record(HOME_INFORMED, stay, actor, at, way="letter")
    return stay


@transaction.atomic
def acknowledge_stay(*, stay: FloatingStay, actor: Person, at: datetime) -> FloatingStay:
    """Take note as the home branch; where it is not on the platform, its written answer is noted here.

    :raises NotYetInformed: it was not told yet
    :raises Stale: it was done before
    """
    _require_answering(stay, actor, at)
    if stay.informed_at is None:
        raise NotYetInformed
    rows = FloatingStay.objects.filter(pk=stay.pk, acknowledged_at=None)
    if not rows.update(acknowledged_at=at, acknowledged_by=actor):
        raise Stale
    stay.acknowledged_at, stay.acknowledged_by = at, actor
    _record(HOME_ANSWERED, stay, actor, at, what="stay")
    return stay


@transaction.atomic
def end_stay(*, stay: FloatingStay, on: date, actor: Person, at: datetime) -> FloatingStay:
    """End a stay: the participation ends, and what is on record of the member here becomes the return slip (离场回执).

    Somebody who was away is back; there is no slip then.

    :raises LeavesTooEarly: before it began
    :raises LeavesInFuture: the day lies ahead; what happens until then would be missing on the slip
    :raises StepNotAllowed, Stale: not attached, or ended before
    """
    TEND_STAY.require(actor, stay, at=at)
    since = stay.attached_on or stay.away_since or stay.found_on
    if on < since:
        raise LeavesTooEarly(name=stay.person.name, since=since)
    if on > local_day(at):
        raise LeavesInFuture(on=on)
    if stay.membership is not None:
        lines = slip_lines(stay.person, stay.body, since, on)
        STAY_FLOW.advance(stay, "leave", left_on=on, slip=[asdict(line) for line in lines])
        if stay.membership.valid_until is None:
            leave_body(membership=stay.membership, until=on, actor=actor, at=at)
    else:
        lines = []
        STAY_FLOW.advance(stay, "leave", left_on=on)
    _record(STAY_LEFT, stay, actor, at, days=(on - since).days + 1, records=sum(line.count for line in lines))
    return stay


@transaction.atomic
def acknowledge_slip(*, stay: FloatingStay, actor: Person, at: datetime) -> FloatingStay:
    """Take the return slip as the home branch, or note that it was taken.

    :raises NoSlip: the member is still here
    :raises Stale: it was done before
    """
    _require_answering(stay, actor, at)
    if stay.slip is None:
        raise NoSlip
    rows = FloatingStay.objects.filter(pk=stay.pk, slip_acknowledged_at=None)
    if not rows.update(slip_acknowledged_at=at, slip_acknowledged_by=actor):
        raise Stale
    stay.slip_acknowledged_at, stay.slip_acknowledged_by = at, actor
    _record(HOME_ANSWERED, stay, actor, at, what="slip")
    return stay


@transaction.atomic
def dismiss_stay(*, stay: FloatingStay, reason: str, actor: Person, at: datetime) -> FloatingStay:
    """Say that somebody found is no floating member after all.

    :raises NoReason: without saying why
    :raises StepNotAllowed, Stale: attached or dismissed before
    """
    TEND_STAY.require(actor, stay, at=at)
    if not reason.strip():
        raise NoReason
    STAY_FLOW.advance(stay, "dismiss", dismissed_reason=reason.strip())
    _record(STAY_DISMISSED, stay, actor, at)
    return stay


def _registered(stay: FloatingStay, actor: Person, at: datetime) -> FloatingStay:
    try:
        with transaction.atomic():
            stay.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyFloating(name=stay.person.name) from error
    _record(STAY_FOUND, stay, actor, at, direction=stay.direction, source=stay.source)
    return stay


def _require_answering(stay: FloatingStay, actor: Person, at: datetime) -> None:
    """The home branch answers where it is here; for one that is not, whoever looks after the stay notes its answer."""
    (ANSWER_STAY if stay.home_branch_id is not None else TEND_STAY).require(actor, stay, at=at)


def _record(kind: FactKind, stay: FloatingStay, actor: Person, at: datetime, **said: object) -> None:
    record(
        Draft(kind, at, actor, about=stay.person, body=stay.body_id, unit=stay.unit_id, attributes=said, source=stay)
    )
