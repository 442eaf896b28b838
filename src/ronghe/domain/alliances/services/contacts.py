"""The sides spoke: what was settled, and by when they speak again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from ronghe.domain.alliances.enums import ContactForm
from ronghe.domain.alliances.facts import CONTACT_HELD
from ronghe.domain.alliances.models import Alliance, AllianceContact, Partner
from ronghe.domain.alliances.rules import KEEP_ALLIANCE
from ronghe.domain.alliances.services.alliances import refuse_over
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ContactAhead(DomainError):
    code = "alliance_contact_ahead"
    sentence = N_("%(day)s 还没到，沟通之后再记。")
    status = 422


class ContactBeforeAlliance(DomainError):
    code = "alliance_contact_before"
    sentence = N_("联盟 %(since)s 才建立，请改日期。")
    status = 422


class ContactEmpty(DomainError):
    code = "alliance_contact_empty"
    sentence = N_("请选至少一个伙伴，并写明商定了什么。")
    status = 422


class NextNotLater(DomainError):
    code = "alliance_next_not_later"
    sentence = N_("下次沟通的日期要晚于这一次。")
    status = 422


@transaction.atomic
def hold_contact(
    *, alliance: Alliance, day: date, form: ContactForm, partners: Collection[Partner], settled: str, actor: Person,
    at: datetime, our_people: str = "", place: str = "", next_on: date | None = None,
) -> AllianceContact:  # fmt: skip
    """Write down a contact; the next one is due on `next_on`, else after the alliance's number of days (B4).

    A contact entered late does not move a later date forward.

    :raises ContactAhead: the day is still to come
    :raises ContactBeforeAlliance: the alliance was not there yet
    :raises ContactEmpty: no partner, or nothing settled
    :raises NextNotLater: the next one would not be later
    """
    KEEP_ALLIANCE.require(actor, alliance, at=at)
    refuse_over(alliance)
    if day > local_day(at):
        raise ContactAhead(day=day)
    if day < alliance.starts_on:
        raise ContactBeforeAlliance(since=alliance.starts_on)
    if not settled.strip() or not partners:
        raise ContactEmpty
    if next_on is not None and next_on <= day:
        raise NextNotLater
    due = next_on or day + timedelta(days=alliance.contact_days)
    is_latest = not alliance.contacts.filter(day__gt=day).exists()
    contact = AllianceContact.objects.create(
        alliance=alliance, day=day, form=form, place=place.strip(), our_people=our_people.strip() or actor.name,
        settled=settled.strip(), next_on=due, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    contact.partners.set([partner for partner in partners if partner.alliance_id == alliance.pk])
    if is_latest:
        Alliance.objects.filter(pk=alliance.pk).update(next_contact_on=due)
        alliance.next_contact_on = due
    record(
        Draft(CONTACT_HELD, at, actor, body=alliance.body_id, source=contact,
              attributes={"form": form, "day": day, "partners": len(partners)})
    )  # fmt: skip
    return contact
