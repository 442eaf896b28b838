"""Consent to show who one is behind the member card's code (亮身份), given and withdrawn by the person alone."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.members.facts import CARD_HIDDEN, CARD_SHOWN
from ronghe.domain.members.models import CardConsent
from ronghe.domain.members.rules import SHOW_CARD
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class OnlyMembersShowCards(DomainError):
    code = "only_members_show_cards"
    sentence = N_("亮身份的党员卡只发给党员；政治面貌不对的，请先申请更正档案。")


class CardShownAlready(DomainError):
    code = "card_shown_already"
    sentence = N_("您已经同意亮身份，不用再点。")


class CardNotShown(DomainError):
    code = "card_not_shown"
    sentence = N_("您没有同意亮身份，或已经撤回。")


@transaction.atomic
def show_card(*, person: Person, actor: Person, at: datetime) -> CardConsent:
    """Consent to be shown to colleagues who scan the card: name, body, status and posts (PI-01).

    :raises NotAllowed: nobody consents for another
    :raises OnlyMembersShowCards: the person is no Party member
    :raises CardShownAlready: the consent is there
    """
    SHOW_CARD.require(actor, person, at=at)
    if not person.is_party_member:
        raise OnlyMembersShowCards
    try:
        with transaction.atomic():
            consent = CardConsent.objects.create(person=person, given_at=at)
    except IntegrityError as error:
        raise CardShownAlready from error
    record(Draft(CARD_SHOWN, at, actor, about=person, source=consent))
    return consent


@transaction.atomic
def hide_card(*, person: Person, actor: Person, at: datetime) -> None:
    """Withdraw the consent: from now on the code shows nothing.

    :raises NotAllowed: it is somebody else's
    :raises CardNotShown: there is none
    """
    SHOW_CARD.require(actor, person, at=at)
    if not CardConsent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at):
        raise CardNotShown
    record(Draft(CARD_HIDDEN, at, actor, about=person, source=person))
