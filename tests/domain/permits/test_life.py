"""A permit from the request to the archive: each step, what it refuses, and what stops the work."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.permits.enums import MeasureState, PartRole, PermitState, SignRole, StopReason
from ronghe.domain.permits.models import GasTest, Permit, PermitSignature
from ronghe.domain.permits.selectors.permits import lacks_of, view_of
from ronghe.domain.permits.services.codes import NotOnSite, PermitCodeRefused, pass_for, permit_code, permit_of_code
from ronghe.domain.permits.services.handing import (
    ExtensionOver,
    HandNoteMissing,
    NoExtension,
    NotToHand,
    OfferGone,
    OfferOpen,
    drop_handover,
    extend_permit,
    offer_handover,
    take_handover,
)
from ronghe.domain.permits.services.requesting import (
    IssuedAlready,
    LineEmpty,
    LinkUnfit,
    NotToReplace,
    ParentUnfit,
    PartGiven,
    PartTwice,
    PlaceWrong,
    RejectWhy,
    ReplacedAlready,
    RiskGiven,
    TextMissing,
    WindowWrong,
    cancel_permit,
    change_permit,
    reissue_permit,
    reject_permit,
    submit_permit,
)
from ronghe.domain.permits.services.securing import (
    LockMissing,
    NoGasHere,
    NotNeededWhy,
    NotPlaced,
    NotWorkable,
    SamplePlaceMissing,
    SampleTimeWrong,
    StillWorking,
    check_measure,
    confirm_film,
    place_isolation,
    record_gas_test,
    remove_isolation,
)
from ronghe.domain.permits.services.signing import NotYourSignature, SignedAlready, TextChanged, sign_permit
from ronghe.domain.permits.services.telling import Lacking
from ronghe.domain.permits.services.working import (
    ClosingNoteMissing,
    CoordinatorUnfit,
    DangerUntold,
    NotTheGuardian,
    activate_permit,
    archive_permits,
    complete_permit,
    name_coordinator,
    note_guardian,
    resume_permit,
    suspend_permit,
    watch_permits,
)
from ronghe.domain.qualifications.models import Certificate
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.permits import (
    GAS,
    active,
    analysed,
    approver_of,
    briefed,
    fresh,
    issued,
    make_story,
    requested,
    secured,
    sign,
    submitted,
    text_of,
    verified,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning)


def codes(error):
    return [one.code for one in error.value.lacks]


def kinds():
    return set(Fact.objects.values_list("kind", flat=True))


def test_pw_09_hot_work_from_the_request_to_the_archive(story, morning):
    """PW-09, PW-10: kept for a year, put back before it is accepted."""
    permit = active(story, morning)
    later = morning + timedelta(hours=2)

    assert (permit.state, permit.grade, permit.activated_at) == (PermitState.ACTIVE, "grade_2", morning)
    assert lacks_of(fresh(permit), morning) == []
    complete_permit(permit=fresh(permit), note="焊口两道，探伤合格", actor=story.leader, at=later)
    with pytest.raises(Lacking) as refused:
        sign(story, permit, SignRole.ACCEPTOR, story.offices["host"], later)
    assert codes(refused) == ["isolation_left"]
    for isolation in permit.isolations.select_related("permit__site"):
        remove_isolation(isolation=isolation, actor=story.leader, at=later)
    done = sign(story, permit, SignRole.ACCEPTOR, story.offices["host"], later)
    assert (done.state, (done.keep_until - later.date()).days) == (PermitState.ACCEPTED, 365)
    assert archive_permits(at=later + timedelta(days=6)) == 0
    assert archive_permits(at=later + timedelta(days=7)) == 1
    assert fresh(permit).state == PermitState.ARCHIVED
    assert kinds() >= {"permits.requested", "permits.signed", "permits.issued", "permits.activated", "permits.gas_tested",
                       "permits.secured", "permits.completed", "permits.moved"}  # fmt: skip
    view = view_of(fresh(permit), later)
    assert [row.step for row in view.steps][-3:] == ["complete", "sign_acceptor", "archive"]
    assert len(view.standing) == len(view.signatures) == 9


@pytest.mark.parametrize("operation", ["confined_space", "blind_plate", "work_at_height", "lifting", "temporary_power",
                                       "excavation", "road_breaking"])  # fmt: skip
def test_pw_01_every_special_operation_comes_to_work(story, morning, operation):
    assert active(story, morning, operation).state == PermitState.ACTIVE


def test_pc_02_main_permit_start_order_and_special_permit(morning):
    story = make_story(morning, profile="cnpc")
    main = active(story, morning, "construction_permit")
    order = active(story, morning, "start_order", parent=main)
    hot = active(story, morning, parent=main)

    with pytest.raises(Lacking) as refused:
        submit_permit(permit=analysed(story, morning, "lifting"), actor=story.applicant, at=morning)
    assert codes(refused) == ["parent"]
    suspend_permit(permit=fresh(main), reason=StopReason.DANGER, note="管线刺漏", actor=story.welder, at=morning)
    assert {fresh(one).state for one in (main, order, hot)} == {PermitState.SUSPENDED}
    assert fresh(hot).stop_reason == StopReason.PARENT
    with pytest.raises(Lacking) as refused:
        resume_permit(permit=fresh(hot), actor=story.leader, at=morning)
    assert codes(refused) == ["parent_off"]
    with pytest.raises(ParentUnfit):
        requested(story, morning, parent=hot)


def test_the_request_says_what_is_wrong_with_it(story, morning):
    for changes, error in (
        ({"what": " "}, TextMissing), ({"ends_at": morning}, WindowWrong), ({"ends_at": morning + timedelta(days=70)}, WindowWrong),
        ({"x_m": None}, PlaceWrong), ({"reach_m": Decimal(501)}, PlaceWrong),
    ):  # fmt: skip
        with pytest.raises(error):
            requested(story, morning, **changes)
    with pytest.raises(NotAllowed):
        from ronghe.domain.permits.services.requesting import request_permit

        request_permit(
            site=story.site, operation="hot_work", text=text_of(story, morning), actor=story.outsider, at=morning
        )
    permit = requested(story, morning)
    with pytest.raises(PartTwice):
        change_permit(
            permit=permit,
            parts=[*story.parts, PartGiven(PartRole.GUARDIAN, story.relief)],
            actor=story.applicant,
            at=morning,
        )
    with pytest.raises(LineEmpty):
        change_permit(permit=permit, risks=[RiskGiven(" ")], actor=story.applicant, at=morning)
    with pytest.raises(LinkUnfit):
        change_permit(permit=permit, links=[permit], actor=story.applicant, at=morning)


def test_pw_29_night_work_is_graded_higher_and_goes_to_another_office(story, morning):
    night = morning.replace(hour=22)

    permit = requested(story, morning, starts_at=night, ends_at=night + timedelta(hours=6))

    assert (permit.grade, approver_of(story, permit)) == ("grade_1", story.offices["safety_dept"])


def test_a_changed_permit_voids_its_signatures_visibly(story, morning):
    permit = verified(story, morning)
    before = permit.digest

    changed = change_permit(
        permit=permit, text=text_of(story, morning, place="换热区"), actor=story.applicant, at=morning
    )

    assert (changed.state, changed.digest != before) == (PermitState.DRAFT, True)
    view = view_of(fresh(permit), morning)
    assert (len(view.standing), len(view.voided)) == (0, 3)
    assert [one.code for one in view.lacks] == ["sign_risk_builder", "sign_risk_host"]
    with pytest.raises(TextChanged):
        sign_permit(permit=changed, role=SignRole.RISK_BUILDER, actor=story.leader, at=morning, digest=before)
    assert (
        change_permit(
            permit=changed, text=text_of(story, morning, place="换热区"), actor=story.applicant, at=morning
        ).digest
        == changed.digest
    )


def test_pw_07_a_permit_that_waits_for_the_check_on_site_says_for_whom(story, morning):
    permit = submitted(story, morning)
    (waiting,) = view_of(fresh(permit), morning).lacks
    assert (waiting.code, waiting.rule, waiting.who) == ("verify", "PW-07", "verifier")
    assert story.offices["host"].name in str(waiting)
    assert str(waiting) == str(lacks_of(fresh(permit), morning)[0])
    (waiting,) = view_of(fresh(verified(story, morning, place="换热区")), morning).lacks
    assert (waiting.code, waiting.who) == ("approve", "approver")


def test_pw_08_after_the_issue_another_permit_is_made_out(story, morning):
    permit = active(story, morning)
    later = morning + timedelta(hours=1)
    hours = {"starts_at": later, "ends_at": later + timedelta(hours=4)}

    with pytest.raises(IssuedAlready):
        change_permit(permit=permit, text=text_of(story, morning, place="换热区"), actor=story.applicant, at=morning)
    with pytest.raises(NotToReplace):
        reissue_permit(permit=requested(story, morning, x_m=Decimal(300)), actor=story.applicant, at=later, **hours)
    made = reissue_permit(permit=permit, actor=story.applicant, at=later, reason="换地点", **hours)
    assert (fresh(permit).state, made.state, made.replaces_id) == (PermitState.CANCELLED, PermitState.DRAFT, permit.pk)
    assert (made.parts.count(), made.risks.count(), made.signatures.count()) == (5, 2, 0)
    with pytest.raises(ReplacedAlready, match=made.number):
        reissue_permit(permit=permit, actor=story.applicant, at=later, **hours)


def test_pw_07_whoever_verifies_and_approves_is_there(story, morning):
    permit = submitted(story, morning)
    host = story.offices["host"]

    def verify(code):
        return sign_permit(
            permit=permit, role=SignRole.VERIFIER, actor=host, at=morning, digest=permit.digest, code=code
        )

    for code in ("", "here", "1.2:x"):
        with pytest.raises(NotOnSite):
            verify(code)
    assert verify(permit_code(permit, at=morning)).is_on_site
    with pytest.raises(NotOnSite):
        sign_permit(permit=fresh(permit), role=SignRole.APPROVER, actor=story.offices["base_unit"], at=morning,
                    digest=permit.digest, code=permit_code(permit, at=morning - timedelta(minutes=5)))  # fmt: skip
    later, base = morning + timedelta(minutes=30), story.offices["base_unit"]
    given = pass_for(permit, base, at=morning)
    for wrong, when in ((pass_for(permit, host, at=morning), morning), (given, later + timedelta(seconds=1))):
        with pytest.raises(NotOnSite):
            sign_permit(
                permit=fresh(permit), role=SignRole.APPROVER, actor=base, at=when, digest=permit.digest, code=wrong
            )
    assert sign_permit(
        permit=fresh(permit), role=SignRole.APPROVER, actor=base, at=later, digest=permit.digest, code=given
    )
    code = permit_code(permit, at=morning)
    assert permit_of_code(code, actor=host, at=morning) == permit
    for wrong, who in ((code, story.outsider), ("x", host)):
        with pytest.raises(PermitCodeRefused):
            permit_of_code(wrong, actor=who, at=morning)


def test_nobody_signs_as_what_they_are_not(story, morning):
    permit = requested(story, morning)
    for role, who in ((SignRole.RISK_BUILDER, story.welder), (SignRole.RISK_HOST, story.offices["base_unit"]),
                      (SignRole.APPROVER, story.offices["base_unit"])):  # fmt: skip
        with pytest.raises(NotYourSignature):
            sign(story, permit, role, who, morning)
    with pytest.raises(NotAllowed):
        sign(story, permit, SignRole.RISK_HOST, story.outsider, morning)
    waiting = verified(story, morning, x_m=Decimal(300), pipe="P-9")
    with pytest.raises(NotYourSignature):
        sign(story, waiting, SignRole.APPROVER, story.offices["leader"], morning)


def test_a_second_tap_is_the_first_signature(story, morning):
    permit = requested(story, morning)
    one = sign_permit(permit=permit, role=SignRole.RISK_BUILDER, actor=story.leader, at=morning, digest=permit.digest)
    assert (
        sign_permit(permit=permit, role=SignRole.RISK_BUILDER, actor=story.leader, at=morning, digest=permit.digest)
        == one
    )
    sign(story, permit, SignRole.RISK_HOST, story.offices["host"], morning)
    from ronghe.domain.permits.services.sites import appoint_office
    from tests.factories.org import make_person

    other = make_person("另一位属地", participates_in=story.body)
    appoint_office(site=story.site, office="host", person=other, actor=story.keeper, at=morning)
    with pytest.raises(SignedAlready, match="host"):
        sign(story, permit, SignRole.RISK_HOST, other, morning)
    assert PermitSignature.objects.filter(permit=permit).count() == 2


def test_9_1_nothing_starts_that_lacks_anything(story, morning):
    permit = issued(story, morning)
    with pytest.raises(StepNotAllowed):
        activate_permit(permit=permit, actor=story.leader, at=morning)
    for role, who in ((SignRole.BRIEFER, story.briefer), (SignRole.BRIEFED, story.leader), (SignRole.GUARDIAN, story.guardian),
                      (SignRole.CHECKER, story.offices["shift_leader"])):  # fmt: skip
        permit = sign(story, permit, role, who, morning)
    assert permit.state == PermitState.BRIEFED
    with pytest.raises(Lacking) as refused:
        activate_permit(permit=permit, actor=story.leader, at=morning)
    assert set(codes(refused)) == {"measure", "isolation_open", "gas_none"}
    secured(story, permit, morning)
    with pytest.raises(NotAllowed):
        activate_permit(permit=permit, actor=story.applicant, at=morning)
    with pytest.raises(Lacking) as refused:
        activate_permit(permit=permit, actor=story.leader, at=morning + timedelta(minutes=31))
    assert codes(refused) == ["gas_old"]
    assert (
        activate_permit(permit=permit, actor=story.leader, at=morning + timedelta(minutes=30)).state
        == PermitState.ACTIVE
    )


def test_pw_06_work_stops_when_the_guardian_leaves(story, morning):
    permit = active(story, morning)

    with pytest.raises(NotTheGuardian):
        note_guardian(permit=permit, is_here=False, actor=story.leader, at=morning)
    note_guardian(permit=permit, is_here=False, actor=story.guardian, at=morning)
    assert (fresh(permit).state, fresh(permit).stop_reason) == (PermitState.SUSPENDED, StopReason.GUARDIAN)
    with pytest.raises(Lacking) as refused:
        resume_permit(permit=fresh(permit), actor=story.leader, at=morning)
    assert codes(refused) == ["guardian_away"]
    with pytest.raises(NotOnSite):
        note_guardian(permit=fresh(permit), is_here=True, actor=story.guardian, at=morning)
    note_guardian(permit=fresh(permit), is_here=True, actor=story.guardian, at=morning, code=story.site.code)
    assert resume_permit(permit=fresh(permit), actor=story.leader, at=morning).state == PermitState.ACTIVE


def test_pw_21_gas_that_is_not_fit_stops_the_work_and_wants_another_test(story, morning):
    permit = active(story, morning)
    bad = [{"substance": "methane", "value": "11", "unit": "%LEL"}]

    test = record_gas_test(permit=permit, readings=bad, place="管口", actor=story.tester, at=morning)

    assert (test.is_fit, test.readings[0]["limit"], fresh(permit).stop_reason) == (False, "≤0.5%", StopReason.GAS)
    with pytest.raises(Lacking) as refused:
        resume_permit(permit=fresh(permit), actor=story.leader, at=morning)
    assert codes(refused) == ["gas_unfit"]
    later = morning + timedelta(minutes=10)
    record_gas_test(permit=fresh(permit), readings=GAS, place="管口", actor=story.tester, at=later)
    assert resume_permit(permit=fresh(permit), actor=story.leader, at=later).state == PermitState.ACTIVE


def test_what_is_recorded_on_site_is_looked_at(story, morning):
    permit = issued(story, morning, "lifting")
    measure = permit.measures.select_related("permit__site").first()
    isolation = permit.isolations.select_related("permit__site").first()
    with pytest.raises(NoGasHere):
        record_gas_test(permit=permit, readings=GAS, place="管口", actor=story.tester, at=morning)
    with pytest.raises(NotNeededWhy):
        check_measure(measure=measure, state=MeasureState.NOT_NEEDED, actor=story.leader, at=morning)
    assert check_measure(
        measure=measure, state=MeasureState.NOT_NEEDED, note="无架空线", actor=story.leader, at=morning
    ).checked_by
    assert check_measure(measure=measure, state=MeasureState.OPEN, actor=story.leader, at=morning).state == "open"
    with pytest.raises(NotPlaced):
        Permit.objects.filter(pk=permit.pk).update(state=PermitState.COMPLETED)
        remove_isolation(isolation=isolation, actor=story.leader, at=morning)
    with pytest.raises(NotWorkable):
        check_measure(measure=measure, state=MeasureState.DONE, actor=story.leader, at=morning)
    Permit.objects.filter(pk=permit.pk).update(state=PermitState.APPROVED)
    with pytest.raises(StillWorking):
        remove_isolation(isolation=isolation, actor=story.leader, at=morning)
    type(isolation).objects.filter(pk=isolation.pk).update(lock_no="")
    with pytest.raises(LockMissing):
        place_isolation(isolation=isolation, lock_no=" ", actor=story.leader, at=morning)
    hot = issued(story, morning, x_m=Decimal(300))
    for when, place, error in ((morning + timedelta(minutes=1), "管口", SampleTimeWrong),
                               (morning - timedelta(hours=25), "管口", SampleTimeWrong), (morning, "", SamplePlaceMissing)):  # fmt: skip
        with pytest.raises(error):
            record_gas_test(permit=hot, readings=GAS, place=place, taken_at=when, actor=story.tester, at=morning)
    with pytest.raises(NotAllowed):
        record_gas_test(permit=hot, readings=GAS, place="管口", actor=story.welder, at=morning)
    assert GasTest.objects.count() == 0
    assert confirm_film(permit=hot, actor=story.leader, at=morning).has_film


def test_the_watch_ends_what_is_over_and_stops_what_lacks(story, morning):
    space = active(story, morning, "confined_space")
    waiting = submitted(story, morning, "lifting")

    assert watch_permits(at=morning + timedelta(minutes=120)) == 0
    assert watch_permits(at=morning + timedelta(minutes=121)) == 1
    assert fresh(space).stop_reason == StopReason.GAS
    assert watch_permits(at=morning + timedelta(hours=6)) == 2
    assert {fresh(space).state, fresh(waiting).state} == {PermitState.EXPIRED}
    assert watch_permits(at=morning + timedelta(hours=6)) == 0


def test_anybody_on_site_stops_the_work_and_says_why(story, morning):
    permit = active(story, morning)

    with pytest.raises(DangerUntold):
        suspend_permit(permit=permit, reason=StopReason.DANGER, actor=story.welder, at=morning)
    with pytest.raises(NotAllowed):
        suspend_permit(permit=permit, reason=StopReason.DANGER, note="看见火苗", actor=story.outsider, at=morning)
    suspend_permit(permit=permit, reason=StopReason.DANGER, note="看见火苗", actor=story.welder, at=morning)
    with pytest.raises(StepNotAllowed):
        suspend_permit(permit=fresh(permit), reason=StopReason.SHIFT, actor=story.welder, at=morning)
    with pytest.raises(ClosingNoteMissing):
        complete_permit(permit=fresh(permit), note=" ", actor=story.leader, at=morning)


def test_a_change_of_shift_has_two_sides(story, morning):
    permit = active(story, morning)
    with pytest.raises(NotToHand):
        offer_handover(
            permit=permit, role=PartRole.GUARDIAN, to=story.relief, note="一切正常", actor=story.leader, at=morning
        )
    with pytest.raises(HandNoteMissing):
        offer_handover(
            permit=permit, role=PartRole.GUARDIAN, to=story.relief, note="", actor=story.guardian, at=morning
        )

    def offer(to, card="JH-9"):
        return offer_handover(
            permit=fresh(permit),
            role=PartRole.GUARDIAN,
            to=to,
            note="焊到第二道",
            card=card,
            actor=story.guardian,
            at=morning,
        )

    welder = offer(story.welder)
    with pytest.raises(OfferOpen):
        offer(story.relief)
    with pytest.raises(Lacking) as refused:
        take_handover(handover=welder, actor=story.welder, at=morning, code=story.site.code)
    assert codes(refused) == ["roles_apart", "unfit"]
    drop_handover(handover=welder, actor=story.guardian, at=morning)
    held = Certificate.objects.filter(person=story.relief)
    held.update(state="withdrawn")
    bare = offer(story.relief, "")
    with pytest.raises(NotFound):
        take_handover(handover=bare, actor=story.welder, at=morning, code=story.site.code)
    with pytest.raises(NotOnSite):
        take_handover(handover=bare, actor=story.relief, at=morning, code="")
    with pytest.raises(Lacking) as refused:
        take_handover(handover=bare, actor=story.relief, at=morning, code=story.site.code)
    assert codes(refused) == ["guardian_card", "unfit"]
    held.update(state="held")
    drop_handover(handover=bare, actor=story.relief, at=morning)
    with pytest.raises(OfferGone):
        drop_handover(handover=bare, actor=story.relief, at=morning)
    taken = take_handover(handover=offer(story.relief), actor=story.relief, at=morning, code=story.site.code)
    assert (taken.state, taken.digest) == (PermitState.ACTIVE, permit.digest)
    assert taken.parts.get(role=PartRole.GUARDIAN).person == story.relief


def test_pw_08_and_pc_04_only_the_companys_profile_extends(story, morning):
    host = story.offices["host"]
    with pytest.raises(NoExtension):
        extend_permit(
            permit=active(story, morning),
            until=morning + timedelta(hours=8),
            code=story.site.code,
            actor=host,
            at=morning,
        )


def test_pc_04_an_extension_is_approved_on_site_once_and_not_too_long(morning):
    story = make_story(morning, profile="cnpc")
    main = active(story, morning, "construction_permit", ends_at=morning + timedelta(hours=12))
    host, end = story.offices["host"], main.ends_at

    def extend(hours, *, actor=host, code=story.site.code, at=morning):
        return extend_permit(permit=fresh(main), until=end + timedelta(hours=hours), code=code, actor=actor, at=at)

    with pytest.raises(NotAllowed):
        extend(4, actor=story.leader)
    with pytest.raises(NotOnSite):
        extend(4, code="")
    for hours, at in ((0, morning), (Decimal("12.01"), morning), (4, end)):
        with pytest.raises(ExtensionOver):
            extend(float(hours), at=at)
    extended = extend(12)
    assert (extended.valid_until, extended.digest) == (end + timedelta(hours=12), main.digest)
    assert [one.code for one in lacks_of(extended, end)] == []
    with pytest.raises(ExtensionOver):
        extend(13)


def test_what_is_taken_back_or_refused_needs_words(story, morning):
    permit = submitted(story, morning)
    with pytest.raises(RejectWhy):
        reject_permit(permit=permit, reason="", actor=story.offices["host"], at=morning)
    with pytest.raises(NotAllowed):
        reject_permit(permit=permit, reason="措施不实", actor=story.welder, at=morning)
    assert (
        reject_permit(permit=permit, reason="措施不实", actor=story.offices["host"], at=morning).state
        == PermitState.REJECTED
    )
    other = briefed(story, morning, x_m=Decimal(300))
    assert (
        cancel_permit(permit=other, reason="不干了", actor=story.applicant, at=morning).state == PermitState.CANCELLED
    )
    running = active(story, morning)
    with pytest.raises(StepNotAllowed):
        cancel_permit(permit=running, reason="不干了", actor=story.applicant, at=morning)


def test_pw_05_a_coordinator_is_one_of_the_site(story, morning):
    permit = submitted(story, morning)
    with pytest.raises(CoordinatorUnfit):
        name_coordinator(permit=permit, person=story.welder, actor=story.offices["host"], at=morning)
    named = name_coordinator(
        permit=permit, person=story.offices["coordinator"], actor=story.offices["host"], at=morning
    )
    assert named.coordinator == story.offices["coordinator"]


@pytest.mark.parametrize(("operation", "found"), [("work_at_height", {"PW-24"}), ("lifting", set())])
def test_pw_24_after_a_break_at_height_the_measures_are_seen_to_anew(story, morning, operation, found):
    permit = active(story, morning, operation)
    suspend_permit(permit=permit, reason=StopReason.SHIFT, actor=story.leader, at=morning)

    assert {one.rule for one in lacks_of(fresh(permit), morning)} == found

    secured(story, permit, morning) if found else None
    assert resume_permit(permit=fresh(permit), actor=story.leader, at=morning).state == PermitState.ACTIVE
