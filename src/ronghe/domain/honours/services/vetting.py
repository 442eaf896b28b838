"""Opinions on those named: each aspect once, by whoever answers for it, never on what concerns oneself."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.honours.enums import NOMINATION_FLOW, Aspect, CallState
from ronghe.domain.honours.facts import VETTED
from ronghe.domain.honours.models import HonourCall, Nomination, Vetting
from ronghe.domain.honours.rules import VET
from ronghe.domain.honours.selectors.selection import concerns
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class OwnNomination(DomainError):
    code = "own_nomination"
    sentence = N_("被提名的是您自己、您所在的组织，或者是您提的名，须由别人来办。")
    status = 403


class AspectNotAsked(DomainError):
    code = "aspect_not_asked"
    sentence = N_("这次评选不要求“%(aspect)s”。")
    status = 422


class VettedAlready(DomainError):
    code = "vetted_already"
    sentence = N_("“%(aspect)s”已经出具，不能再改。")


class WhyNotMissing(DomainError):
    code = "why_not_missing"
    sentence = N_("不同意的请写明原因和依据，被提名者看得到。")
    status = 422


@transaction.atomic
def give_opinion(
    *, nomination: Nomination, aspect: Aspect, passes: bool, words: str, actor: Person, at: datetime
) -> Vetting:
    """Give one opinion; one against it ends the nomination.

    :raises AspectNotAsked: the call does not ask for it
    :raises OwnNomination: it concerns the actor
    :raises WhyNotMissing: against it without words
    :raises VettedAlready: it is given
    :raises StepNotAllowed: vetting is not going on, or the nomination is out already
    """
    VET[aspect].require(actor, nomination, at=at)
    call = HonourCall.objects.select_for_update().get(pk=nomination.call_id)
    if aspect not in call.aspects:
        raise AspectNotAsked(aspect=aspect.label)
    if concerns(nomination, actor, at):
        raise OwnNomination
    if not passes and not words.strip():
        raise WhyNotMissing
    if call.state != CallState.VETTING:
        raise StepNotAllowed(state=call.get_state_display())
    if not NOMINATION_FLOW.allows(nomination, "refuse"):
        raise StepNotAllowed(state=nomination.get_state_display())
    try:
        with transaction.atomic():
            made = Vetting.objects.create(
                nomination=nomination, aspect=aspect, passes=passes, words=words.strip(), given_by=actor, given_at=at
            )
    except IntegrityError as error:
        raise VettedAlready(aspect=aspect.label) from error
    if not passes:
        NOMINATION_FLOW.advance(nomination, "refuse")
    attributes = {"aspect": aspect.value, "passes": passes}
    record(
        Draft(VETTED, at, actor, about=nomination.person, body=nomination.body_id, attributes=attributes,
              source=nomination)
    )  # fmt: skip
    return made
