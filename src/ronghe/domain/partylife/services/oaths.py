"""宣誓: the oath of admission of new probationary members, and the oath taken again together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.enums import OathKind
from ronghe.domain.partylife.facts import OATH_TAKEN
from ronghe.domain.partylife.models import OathCeremony, OathTaker, RedSite
from ronghe.domain.partylife.rules import HOLD_OATH, VOID_OATH
from ronghe.domain.partylife.selectors.keeping import came_to, members_of, not_probationary
from ronghe.domain.partylife.services.birthdays import VoidWithoutReason, refuse_foreign
from ronghe.domain.partylife.services.moments import counted_at, reverse_fact
from ronghe.domain.rhythm.models import Activity
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, listed

SOURCE = "partylife.oathceremony"


class NobodySwears(DomainError):
    code = "nobody_swears"
    sentence = N_("请选宣誓的人；有活动的，可以按签到名单带入。")
    status = 422


class OathAhead(DomainError):
    code = "oath_ahead"
    sentence = N_("%(day)s 还没到，宣誓以后再记。")
    status = 422


class NotProbationary(DomainError):
    code = "oath_not_probationary"
    sentence = N_("%(names)s不是预备党员。入党宣誓只限预备党员，其他党员请记“重温入党誓词”。")
    status = 422


class NoMemberSwears(DomainError):
    code = "oath_no_member"
    sentence = N_("%(names)s不是党员，不能宣誓；列席的不用列入名单。")
    status = 422


class SwornAlready(DomainError):
    code = "sworn_already"
    sentence = N_("%(names)s已经入党宣誓过，一生只有一次；再次宣誓请记“重温入党誓词”。")


def hold_oath(
    *, body: PartyOrg, kind: OathKind, people: Sequence[Person], led_by: Person, day: date, place: str, actor: Person,
    at: datetime, activity: Activity | None = None, site: RedSite | None = None,
) -> OathCeremony:  # fmt: skip
    """Record an oath: those on the sign-in sheet of the activity, or the members of the body who are named.

    :raises NobodySwears, OathAhead, NoMemberSwears, NotProbationary, SwornAlready, ActivityElsewhere: see there
    :raises NotAllowed: somebody neither belongs to the body nor was on the sheet
    """
    HOLD_OATH.require(actor, body, at=at)
    if not people:
        raise NobodySwears
    if day > local_day(at):
        raise OathAhead(day=day)
    refuse_foreign(activity, body)
    chosen = {person.pk: person for person in people}
    known = set(members_of(body, actor, at).filter(pk__in=chosen).order_by().values_list("pk", flat=True))
    if activity is not None:
        known |= set(came_to(activity).filter(pk__in=chosen).order_by().values_list("pk", flat=True))
    if known != set(chosen):
        raise NotAllowed
    others = sorted(person.name for person in chosen.values() if not person.is_party_member)
    if others:
        raise NoMemberSwears(names=listed(others))
    if kind == OathKind.ADMISSION and (wrong := not_probationary(chosen.values(), day)):
        raise NotProbationary(names=listed(person.name for person in wrong))
    where = place.strip() or (site.name if site is not None else activity.place if activity is not None else "")
    try:
        return _write(body, kind, list(chosen.values()), led_by, day, where, actor, at, activity, site)
    except IntegrityError as error:
        rows = OathTaker.objects.filter(person__in=chosen, is_admission=True, is_void=False)
        names = rows.order_by("person__name").values_list("person__name", flat=True)
        raise SwornAlready(names=listed(names)) from error


@transaction.atomic
def void_oath(*, oath: OathCeremony, reason: str, actor: Person, at: datetime) -> OathCeremony:
    """Take a record back.

    :raises VoidWithoutReason: nothing says why
    :raises Stale: it was taken back before
    """
    VOID_OATH.require(actor, oath, at=at)
    if not reason.strip():
        raise VoidWithoutReason
    rows = OathCeremony.objects.filter(pk=oath.pk, voided_at=None)
    if not rows.update(voided_at=at, void_reason=reason.strip()[:120]):
        raise Stale
    OathTaker.objects.filter(ceremony=oath).update(is_void=True)
    oath.voided_at, oath.void_reason = at, reason.strip()[:120]
    reverse_fact(OATH_TAKEN.name, SOURCE, oath.pk, by=actor, at=at)
    return oath


@transaction.atomic
def _write(
    body: PartyOrg, kind: OathKind, people: Sequence[Person], led_by: Person, day: date, place: str, actor: Person,
    at: datetime, activity: Activity | None, site: RedSite | None,
) -> OathCeremony:  # fmt: skip
    oath = OathCeremony.objects.create(
        body=body, kind=kind, day=day, place=(place or body.name)[:80], site=site, activity=activity, led_by=led_by,
        recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    OathTaker.objects.bulk_create(
        OathTaker(ceremony=oath, person=person, is_admission=kind == OathKind.ADMISSION) for person in people
    )
    told = {"oath": kind, "day": day, "people": len(people), "at_site": site is not None}
    record(Draft(OATH_TAKEN, counted_at(day, at), actor, body=body.pk, attributes=told, source=oath))
    return oath
