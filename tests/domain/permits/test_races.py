"""Several at one moment: fifty signatures at once, two works that clash, one hand-over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ronghe.domain.permits.enums import PartRole, PermitState, SignRole
from ronghe.domain.permits.models import Permit, PermitSignature
from ronghe.domain.permits.services.handing import offer_handover, take_handover
from ronghe.domain.permits.services.signing import sign_permit
from ronghe.domain.permits.services.sites import appoint_office
from ronghe.domain.permits.services.working import activate_permit
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_person
from tests.factories.permits import active, approver_of, briefed, fresh, make_story, sign, submitted, verified
from tests.factories.races import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def test_fifty_co_signatures_at_once_are_one(morning):
    """Fifty holders of one office sign the same permit at one moment: one signature stands, one step is taken."""
    story = make_story(morning)
    permit = submitted(story, morning, "excavation")
    holders = [make_person(f"涉及单位{number}", participates_in=story.body) for number in range(50)]
    for person in holders:
        appoint_office(site=story.site, office="involved_units", person=person, actor=story.keeper, at=morning)

    def signing(person):
        return lambda: sign_permit(
            permit=permit,
            role=SignRole.CO_SIGNER,
            office="involved_units",
            actor=person,
            at=morning,
            digest=permit.digest,
        )

    assert at_once([signing(person) for person in holders]) == 1
    assert PermitSignature.objects.filter(role=SignRole.CO_SIGNER).count() == 1
    assert fresh(permit).state == PermitState.COSIGNED
    assert Fact.objects.filter(kind="permits.signed", attributes__contains="co_signer").count() == 1


def test_of_two_works_that_clash_one_is_issued(morning):
    story = make_story(morning)
    hot, plate = verified(story, morning), verified(story, morning, "blind_plate", x_m=Decimal(120))

    def approving(permit):
        return lambda: sign(story, permit, SignRole.APPROVER, approver_of(story, permit), morning)

    assert at_once([approving(hot), approving(plate)]) == 1
    assert Permit.objects.filter(state=PermitState.APPROVED).count() == 1


def test_work_starts_once_and_is_taken_over_once(morning):
    story = make_story(morning)
    permit = briefed(story, morning, "lifting")

    def starting():
        activate_permit(permit=fresh(permit), actor=story.leader, at=morning)

    assert at_once([starting] * 4) == 1
    other = active(story, morning, x_m=Decimal(300))
    offer = offer_handover(
        permit=other,
        role=PartRole.GUARDIAN,
        to=story.relief,
        note="正常",
        card="JH-9",
        actor=story.guardian,
        at=morning,
    )

    def taking():
        take_handover(handover=offer, actor=story.relief, at=morning, code=story.site.code)

    assert at_once([taking] * 4) == 1
    assert Fact.objects.filter(kind="permits.handed_over").count() == 2
