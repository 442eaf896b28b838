"""What waits for somebody here: a signature for an office or a part, work that stands still, a hand-over to take."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.profiles import shipped_profiles
from ronghe.domain.permits.enums import OVER, PartRole, PermitState, SignRole
from ronghe.domain.permits.models import Handover, Permit, PermitPart, PermitSignature, SiteOffice
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.inbox import Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_


@cache
def _matrix() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return (state, role, office, operation/grade pairs) of what offices sign, over all shipped profiles."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for profile in shipped_profiles().values():
        for one in profile.operations.values():
            for grade, office in one.approver.items():
                found.setdefault((PermitState.VERIFIED, SignRole.APPROVER, office), set()).add(f"{one.id}/{grade}")
            for office in one.co_signers:
                found.setdefault((PermitState.SUBMITTED, SignRole.CO_SIGNER, office), set()).add(f"{one.id}/")
            if one.checker:
                found.setdefault((PermitState.APPROVED, SignRole.CHECKER, one.checker), set()).add(f"{one.id}/")
    return tuple((*key, tuple(sorted(pairs))) for key, pairs in sorted(found.items()))


def permits_to_sign(person: Person, at: datetime) -> QuerySet[Permit]:
    """Return the permits that wait for a signature of this person's office or part, the longest waiting first."""
    held = SiteOffice.objects.filter(on_day(local_day(at)), site=OuterRef("site_id"), person=person)
    signed = PermitSignature.objects.filter(permit=OuterRef("pk"), digest=OuterRef("digest"), voiding=None)
    parts = PermitPart.objects.filter(permit=OuterRef("pk"), person=person)

    def not_signed(role: str, office: str = "") -> Q:
        return ~Q(Exists(signed.filter(role=role, office=office)))

    wanted = Q(pk=None)
    for state, role in (
        (PermitState.DRAFT, SignRole.RISK_HOST), (PermitState.COSIGNED, SignRole.VERIFIER),
        (PermitState.COMPLETED, SignRole.ACCEPTOR),
    ):  # fmt: skip
        condition = Q(state=state) & Q(Exists(held.filter(office="host"))) & not_signed(role)
        if state == PermitState.DRAFT:
            condition &= Q(Exists(signed.filter(role=SignRole.RISK_BUILDER)))
        wanted |= condition
    for at_state, by_role, office, pairs in _matrix():
        which = Q(pk=None)
        for pair in pairs:
            operation, _slash, grade = pair.partition("/")
            which |= Q(operation=operation, grade=grade) if grade else Q(operation=operation)
        named = office if by_role == SignRole.CO_SIGNER else ""
        wanted |= Q(state=at_state) & which & Q(Exists(held.filter(office=office))) & not_signed(by_role, named)
    for part, role in (
        (PartRole.BRIEFER, SignRole.BRIEFER), (PartRole.JOB_LEADER, SignRole.BRIEFED), (PartRole.GUARDIAN, SignRole.GUARDIAN)
    ):  # fmt: skip
        wanted |= Q(state=PermitState.APPROVED) & Q(Exists(parts.filter(role=part))) & not_signed(role)
    wanted |= Q(Exists(_to_sign_again(person))) & ~Q(state__in=sorted(OVER))
    return Permit.objects.filter(wanted).select_related("site").order_by("requested_at", "pk")


def _to_sign_again(person: Person) -> QuerySet[PermitSignature]:
    """Return this person's signatures that were voided under a text that is still the same, and that nobody gave again."""
    same = PermitSignature.objects.filter(
        permit=OuterRef("permit"),
        digest=OuterRef("digest"),
        role=OuterRef("role"),
        office=OuterRef("office"),
        voiding=None,
    )
    mine = PermitSignature.objects.filter(permit=OuterRef("pk"), digest=OuterRef("digest"), person=person)
    return mine.filter(~Exists(same), voiding__isnull=False)


def permits_led(person: Person, _at: datetime) -> QuerySet[Permit]:
    """Return the permits whose work this person leads: ready to start, or standing still."""
    mine = PermitPart.objects.filter(permit=OuterRef("pk"), person=person, role=PartRole.JOB_LEADER)
    states = [PermitState.BRIEFED, PermitState.SUSPENDED]
    return Permit.objects.filter(Exists(mine), state__in=states).select_related("site").order_by("starts_at", "pk")


def handovers_to_take(person: Person, _at: datetime) -> Any:
    rows = Handover.objects.filter(taker=person, taken_at=None, dropped_at=None)
    return rows.select_related("permit", "giver").order_by("offered_at", "pk")


INBOXES = (
    Inbox("permits_to_sign", N_("作业票等您签字"), "permits", permits_to_sign, Topic.SIGNING,
          Says(what="what", where="place", due_at="starts_at", since="requested_at"), page="permit_detail",
          weight=Weight.HEAVY),
    Inbox("permits_led", N_("作业等您开工或恢复"), "permits", permits_led, Topic.WORK,
          Says(what="what", where="place", due_at="starts_at"), page="permit_detail", weight=Weight.HEAVY, is_owed=True),
    Inbox("permit_handovers", N_("作业票等您接班"), "permits", handovers_to_take, Topic.SIGNING,
          Says(what="permit__what", who="giver__name", where="permit__place", since="offered_at", args=("permit_id",)),
          page="permit_detail", weight=Weight.HEAVY),
)  # fmt: skip
for _inbox in INBOXES:
    declare_inbox(_inbox)
