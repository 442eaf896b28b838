"""What follows from acts of others, in the same transaction: whoever no longer shows an identity shows no badge either."""

from __future__ import annotations

from ronghe.domain.members.facts import CARD_HIDDEN
from ronghe.domain.shows.services.badges import hide_with_card
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(CARD_HIDDEN)
def _card_hidden(fact: Fact) -> None:
    if fact.subject is not None and fact.reverses is None:
        hide_with_card(fact.subject, fact.occurred_at)
