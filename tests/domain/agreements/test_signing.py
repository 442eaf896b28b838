from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from ronghe.domain.agreements.enums import AgreementState, SigningRole
from ronghe.domain.agreements.models import AgreementSignature, AgreementVersion
from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.agreements.selectors.negotiation import verified
from ronghe.domain.agreements.services.drafting import draft_supplement
from ronghe.domain.agreements.services.negotiating import VersionRefused, consent
from ronghe.domain.agreements.services.signing import (
    AuthorizationUnwritten,
    DigestStale,
    NotSigning,
    ReasonMissing,
    SideSigned,
    SignedForOther,
    SignerOutside,
    SigningOver,
    TermOver,
    authorize_signer,
    refuse_to_sign,
    sign,
    withdraw_authorization,
)
from ronghe.domain.org.enums import PostRole
from ronghe.kernel.db.append_only import lift_triggers, restore_triggers
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.agreements_story import (
    LAST_DAY,
    agree_all,
    change,
    make_draft,
    make_signed,
    party_of,
    sign_all,
)
from tests.factories.org import make_person, make_post


@pytest.fixture
def agreed(sides, morning):
    return agree_all(make_draft(sides, morning), sides, morning)


def digest_of(agreement):
    return agreement.versions.get(number=agreement.current).digest


def _sign(agreement, number, actor, at, digest=""):
    return sign(
        agreement=agreement,
        party=party_of(agreement, number),
        digest=digest or digest_of(agreement),
        actor=actor,
        at=at,
    )


def test_a_signature_binds_the_text_and_says_who_signed_as_what(agreed, sides, morning):
    signature = _sign(agreed, 0, sides.secretaries[0], morning)

    assert (signature.signer, signature.role, signature.digest) == (
        sides.secretaries[0], SigningRole.SECRETARY, digest_of(agreed),
    )  # fmt: skip
    agreed.refresh_from_db()
    assert agreed.state == AgreementState.SIGNING


def test_with_the_last_signature_it_is_in_force(agreed, sides, morning):
    sign_all(agreed, sides, morning)

    assert agreed.state == AgreementState.IN_FORCE
    assert (agreed.valid_from, agreed.valid_until) == (morning.date(), LAST_DAY + timedelta(days=1))
    assert agreed.review_on == date(2026, 12, 14)
    assert [goal.key for goal in agreed.goals.order_by("position")] == ["joint_study", "hard_points", "talks"]
    assert agreement_in_force(sides.project, morning.date()) == agreed
    assert [fact.body for fact in Fact.objects.filter(kind="agreements.came_into_force").order_by("pk")] == [
        body.pk for body in sides.bodies
    ]


def test_signed_ahead_it_is_in_force_from_its_first_day(sides, morning):
    starts_on = morning.date() + timedelta(days=10)
    agreement = make_signed(sides, morning, starts_on=starts_on)

    assert agreement.valid_from == starts_on
    assert agreement_in_force(sides.project, starts_on - timedelta(days=1)) is None


def test_it_may_be_signed_on_the_last_day_and_not_after(sides, morning):
    last = morning.date()
    agreement = agree_all(make_draft(sides, morning, ends_on=last), sides, morning)

    with pytest.raises(TermOver):
        _sign(agreement, 0, sides.secretaries[0], morning + timedelta(days=1))
    assert _sign(agreement, 0, sides.secretaries[0], morning).pk


def test_a_stale_text_is_not_signed(sides, morning):
    agreement = make_draft(sides, morning)
    seen = digest_of(agreement)
    change(agreement, sides, 1, morning, "改过的思路。")
    agree_all(agreement, sides, morning)

    with pytest.raises(DigestStale):
        _sign(agreement, 0, sides.secretaries[0], morning, digest=seen)


def test_what_not_all_agreed_to_is_not_signed(sides, morning):
    with pytest.raises(NotSigning):
        _sign(make_draft(sides, morning), 0, sides.secretaries[0], morning)


def test_a_side_signs_once(agreed, sides, morning):
    _sign(agreed, 0, sides.secretaries[0], morning)

    with pytest.raises(SideSigned):
        _sign(agreed, 0, sides.secretaries[0], morning)


def test_nobody_signs_for_two_sides(agreed, sides, morning):
    both = sides.secretaries[0]
    make_post(both, PostRole.SECRETARY, body=sides.bodies[1])
    _sign(agreed, 0, both, morning)

    with pytest.raises(SignedForOther):
        _sign(agreed, 1, both, morning)


def test_deputies_members_and_those_above_do_not_sign(agreed, sides, morning):
    make_post(sides.members[0], PostRole.DEPUTY_SECRETARY, body=sides.bodies[0])
    above = make_person("党委书记")
    make_post(above, PostRole.SECRETARY, body=sides.committee)

    for actor in (sides.members[0], sides.members[1], sides.clerk, sides.auditor, above, sides.secretaries[1]):
        with pytest.raises(NotAllowed):
            _sign(agreed, 0, actor, morning)


def test_whom_the_side_named_in_writing_signs_in_the_secretarys_place(agreed, sides, morning):
    paper = authorize_signer(
        party=party_of(agreed, 0), person=sides.members[0], document="授权书〔2026〕3号", actor=sides.secretaries[0],
        at=morning,
    )  # fmt: skip

    signature = _sign(agreed, 0, sides.members[0], morning)

    assert (signature.role, signature.authorization) == (SigningRole.AUTHORIZED, paper)


def test_a_naming_taken_back_opens_nothing(agreed, sides, morning):
    paper = authorize_signer(
        party=party_of(agreed, 0), person=sides.members[0], document="授权书", actor=sides.secretaries[0], at=morning
    )
    withdraw_authorization(authorization=paper, actor=sides.secretaries[0], at=morning)

    with pytest.raises(NotAllowed):
        _sign(agreed, 0, sides.members[0], morning)
    with pytest.raises(Stale):
        withdraw_authorization(authorization=paper, actor=sides.secretaries[0], at=morning)


def test_the_second_naming_ends_the_first(agreed, sides, morning):
    other = make_person("技术员", unit=sides.units[0])
    for person in (sides.members[0], other):
        authorize_signer(
            party=party_of(agreed, 0), person=person, document="授权书", actor=sides.secretaries[0], at=morning
        )

    with pytest.raises(NotAllowed):
        _sign(agreed, 0, sides.members[0], morning)
    assert _sign(agreed, 0, other, morning).signer == other


def test_a_naming_is_written_and_of_ones_own_people(agreed, sides, morning):
    given = {"party": party_of(agreed, 0), "actor": sides.secretaries[0], "at": morning}
    with pytest.raises(AuthorizationUnwritten):
        authorize_signer(person=sides.members[0], document=" ", **given)
    with pytest.raises(SignerOutside):
        authorize_signer(person=sides.members[1], document="授权书", **given)
    with pytest.raises(NotAllowed):
        authorize_signer(
            party=party_of(agreed, 0),
            person=sides.members[0],
            document="授权书",
            actor=sides.secretaries[1],
            at=morning,
        )


def test_when_all_is_signed_nobody_is_named_any_more(sides, morning):
    agreement = make_signed(sides, morning)

    with pytest.raises(SigningOver):
        authorize_signer(
            party=party_of(agreement, 0), person=sides.members[0], document="授权书", actor=sides.secretaries[0],
            at=morning,
        )  # fmt: skip


def test_refusing_sends_it_back_and_asks_for_another_version(agreed, sides, morning):
    _sign(agreed, 0, sides.secretaries[0], morning)

    refuse_to_sign(
        agreement=agreed, party=party_of(agreed, 1), reason="目标值过高", actor=sides.secretaries[1], at=morning
    )

    agreed.refresh_from_db()
    assert agreed.state == AgreementState.NEGOTIATING
    with pytest.raises(VersionRefused):
        consent(agreement=agreed, party=party_of(agreed, 0), number=1, actor=sides.secretaries[0], at=morning)

    change(agreed, sides, 0, morning, "放低一点。")
    sign_all(agree_all(agreed, sides, morning), sides, morning)
    assert agreed.state == AgreementState.IN_FORCE


def test_after_a_refusal_the_same_text_may_be_put_forward_again(agreed, sides, morning):
    refuse_to_sign(agreement=agreed, party=party_of(agreed, 1), reason="按错了", actor=sides.secretaries[1], at=morning)

    version = change(agreed, sides, 1, morning, agreed.versions.get().content and _text(agreed))

    assert version.number == 2


def _text(agreement):
    from tests.factories.agreements_story import content_on_table

    return content_on_table(agreement).sections[0].text


def test_a_refusal_has_a_reason_and_comes_before_the_signature(agreed, sides, morning):
    with pytest.raises(ReasonMissing):
        refuse_to_sign(agreement=agreed, party=party_of(agreed, 1), reason=" ", actor=sides.secretaries[1], at=morning)
    _sign(agreed, 1, sides.secretaries[1], morning)
    with pytest.raises(SideSigned):
        refuse_to_sign(
            agreement=agreed, party=party_of(agreed, 1), reason="晚了", actor=sides.secretaries[1], at=morning
        )


def test_a_longer_supplement_lets_the_agreement_last(sides, morning):
    main = make_signed(sides, morning)
    until = LAST_DAY + timedelta(days=60)
    supplement = draft_supplement(
        agreement=main, party=party_of(main, 0), starts_on=morning.date(), ends_on=until, actor=sides.secretaries[0],
        at=morning,
    )  # fmt: skip
    sign_all(agree_all(supplement, sides, morning), sides, morning)

    assert agreement_in_force(sides.project, until) == main
    assert agreement_in_force(sides.project, until + timedelta(days=1)) is None


def test_what_was_signed_can_be_checked_by_its_digest(sides, morning):
    agreement = make_signed(sides, morning)

    found = verified(agreement.versions.get())

    assert found.is_sound
    assert [signature.party.body for signature in found.signatures] == sides.bodies


def test_a_text_altered_in_the_database_is_found(committing_db, morning):
    from tests.factories.agreements_story import make_sides

    sides = make_sides(morning)
    agreement = make_signed(sides, morning)
    lift_triggers()
    try:
        AgreementVersion.objects.update(content=agreement.versions.get().content.replace("立项攻关", "自由发挥"))
    finally:
        restore_triggers()

    found = verified(agreement.versions.get())
    assert (found.text_matches, found.signatures_match, found.is_sound) == (False, True, False)


@pytest.mark.parametrize("model", [AgreementVersion, AgreementSignature])
def test_the_database_lets_nobody_rewrite_what_was_said_or_signed(committing_db, morning, model):
    from tests.factories.agreements_story import make_sides

    make_signed(make_sides(morning), morning)

    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()
