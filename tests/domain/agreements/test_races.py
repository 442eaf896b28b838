"""Two at once, on a database that really commits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import (
    Agreement,
    AgreementGoal,
    AgreementParty,
    AgreementSignature,
    AgreementVersion,
)
from ronghe.domain.agreements.services.negotiating import VersionMoved, consent, revise
from ronghe.domain.agreements.services.signing import NotSigning, SideSigned, sign
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from tests.domain.rhythm.test_races import all_at_once
from tests.factories.agreements_story import (
    agree_all,
    content_on_table,
    make_draft,
    make_sides,
    party_of,
    with_text,
)

pytestmark = pytest.mark.usefixtures("committing_db")


def again(agreement):
    return Agreement.objects.get(pk=agreement.pk)


@dataclass(frozen=True)
class Hand:
    """A side with rows of its own, as another process would have read them."""

    agreement: Agreement
    party: AgreementParty
    actor: Person


def hand(sides, agreement, number):
    actor = Person.objects.get(pk=sides.secretaries[number].pk)
    return Hand(again(agreement), party_of(agreement, number), actor)


def test_of_two_who_change_one_version_one_wins_and_the_other_is_told(morning):
    sides = make_sides(morning)
    agreement = make_draft(sides, morning)
    content = content_on_table(agreement)

    def change(by, text):
        return lambda: revise(
            agreement=by.agreement, party=by.party, content=with_text(content, text), base=1, actor=by.actor, at=morning
        )

    results = all_at_once([change(hand(sides, agreement, number), f"改{number}") for number in (0, 1)])

    assert [type(one) for one in results if isinstance(one, DomainError)] == [VersionMoved]
    assert AgreementVersion.objects.count() == 2


def test_both_sides_agree_at_once_and_it_goes_to_be_signed_once(morning):
    sides = make_sides(morning)
    agreement = make_draft(sides, morning)

    def agree(by):
        return lambda: consent(agreement=by.agreement, party=by.party, number=1, actor=by.actor, at=morning)

    results = all_at_once([agree(hand(sides, agreement, number)) for number in (0, 1)])

    assert [one for one in results if isinstance(one, DomainError)] == []
    assert again(agreement).state == AgreementState.SIGNING
    assert Fact.objects.filter(kind="agreements.consented", attributes__contains='"is_last":true').count() == 1


def test_both_sides_sign_at_once_and_it_comes_into_force_once(morning):
    sides = make_sides(morning)
    agreement = agree_all(make_draft(sides, morning), sides, morning)
    digest = agreement.versions.get().digest

    def signing(by):
        return lambda: sign(agreement=by.agreement, party=by.party, digest=digest, actor=by.actor, at=morning)

    results = all_at_once([signing(hand(sides, agreement, number)) for number in (0, 1, 0)])

    refused = [type(one) for one in results if isinstance(one, DomainError)]
    assert refused in ([SideSigned], [NotSigning])
    assert again(agreement).state == AgreementState.IN_FORCE
    assert AgreementSignature.objects.count() == 2
    assert AgreementGoal.objects.count() == 3
    assert Fact.objects.filter(kind="agreements.came_into_force").count() == 2
