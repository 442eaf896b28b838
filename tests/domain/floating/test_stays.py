"""A floating member is found, verified, attached, told of at home, and leaves with a slip (PF-01..PF-04, PO-07)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from ronghe.domain.floating.documents import NothingToPrint, letter_document, slip_document
from ronghe.domain.floating.enums import StaySource
from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.selectors import candidates, gathered_places, hosts, stays_seen_by, stays_to_answer
from ronghe.domain.floating.services.away import agree_sides
from ronghe.domain.floating.services.stays import (
    AlreadyFloating,
    AtHomeHere,
    Home,
    HomeUnknown,
    LeavesInFuture,
    LeavesTooEarly,
    NoReason,
    NoSlip,
    NotAHost,
    NotAMember,
    NotYetInformed,
    SidesMissing,
    acknowledge_slip,
    acknowledge_stay,
    attach_many,
    attach_stay,
    dismiss_stay,
    end_stay,
    find_by_hand,
    find_stay,
    inform_home,
    report_stay,
    verify_stay,
)
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import Membership, Person
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.kinds import Code, declare, declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.sealed import open_text
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.floating.making import FAR_HOME, NOW, TODAY, attached, found, make_story, take_part, verified
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HELD = declared_kinds().get("story.held") or declare("story.held", "学习", attributes={"item": Code()}, measure="hour")


@pytest.fixture
def story():
    return make_story()


def test_members_without_a_home_here_are_found_by_themselves_pf_03(story):
    make_person("群众老王", unit=story.crew, status=PoliticalStatus.MASSES, participates_in=story.zone)

    assert list(candidates(story.lead, NOW)) == [story.worker]
    assert list(candidates(story.outsider, NOW)) == []

    stay = found(story)

    assert list(candidates(story.lead, NOW)) == []
    assert (stay.source, stay.home_branch_name, stay.unit) == (
        StaySource.CONTRACTOR_ENTRY, FAR_HOME.name, story.crew,
    )  # fmt: skip


def test_only_party_members_float_pf_01(story):
    worker = make_person("焊工老刘", unit=story.crew, status=PoliticalStatus.MASSES, participates_in=story.zone)
    with pytest.raises(NotAMember):
        find_stay(person=worker, body=story.zone, actor=story.lead, at=NOW)


def test_nobody_floats_at_home_pf_01(story):
    with pytest.raises(AtHomeHere):
        find_stay(person=story.member, body=story.branch, actor=story.secretary, at=NOW)


def test_nobody_floats_twice_at_a_time_pf_03(story):
    stay = found(story)
    with pytest.raises(AlreadyFloating):
        found(story)

    dismiss_stay(stay=stay, reason="已转来组织关系", actor=story.lead, at=NOW)
    assert found(story)


def test_registering_is_for_who_leads_here(story):
    for actor in (story.member, story.outsider):
        with pytest.raises(NotAllowed):
            find_stay(person=story.worker, body=story.zone, actor=actor, at=NOW)


def test_one_line_puts_somebody_on_file_and_begins_the_stay_pf_03(story):
    stay = find_by_hand(name="向前进", unit=story.crew, body=story.zone, home=FAR_HOME, actor=story.clerk, at=NOW)

    assert (stay.person.name, stay.person.unit, stay.source) == ("向前进", story.crew, "by_hand")
    assert open_text(stay.home_phone_sealed) == FAR_HOME.phone
    assert [fact.kind for fact in Fact.objects.about(stay.person.token).order_by("pk")] == [
        "org.person_added", "floating.found",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "home", [Home(), Home(name="某支部"), Home(name="某支部", contact="冉书记"), Home(contact="冉", phone="139")]
)
def test_verifying_names_branch_contact_and_number_pf_03(story, home):
    with pytest.raises(HomeUnknown):
        verified(story, home)
    assert FloatingStay.objects.get().state == "found"


def test_home_branch_on_this_platform_needs_no_contact_pf_03(story):
    assert verified(story, Home(branch=story.branch)).home_name == story.branch.name


def test_nobody_is_attached_before_the_home_was_asked_pf_03(story):
    with pytest.raises(StepNotAllowed):
        attach_stay(stay=found(story), body=story.zone, since=TODAY, actor=story.lead, at=NOW)


def test_attached_member_takes_part_and_keeps_the_home_pf_02(story):
    stay = attached(story)

    taking_part = Membership.objects.get(person=story.worker)
    assert (taking_part.kind, taking_part.body, stay.membership) == (
        MembershipKind.PARTICIPATION, story.zone, taking_part,
    )  # fmt: skip


def test_attached_member_has_no_vote_in_the_host_body_pf_02(story):
    stay = attached(story)

    assert not stay.has_vote_here
    assert list(voters_of(story.zone, TODAY)) == []


@pytest.mark.parametrize("kind", [PartyOrgKind.BRANCH, PartyOrgKind.COMMITTEE])
def test_bodies_with_members_of_their_own_are_no_hosts_pf_02(story, kind):
    body = make_body(parent=story.committee, kind=kind)
    with pytest.raises(NotAHost):
        attach_stay(stay=verified(story), body=body, since=TODAY, actor=story.clerk, at=NOW)
    assert body not in hosts(story.clerk, NOW)


def test_branch_of_floating_members_wants_its_two_sides_first_po_07(story):
    branch = make_body("流动党员党支部", parent=story.committee, kind=PartyOrgKind.FLOATING_BRANCH)
    stay = verified(story)
    with pytest.raises(SidesMissing):
        attach_stay(stay=stay, body=branch, since=TODAY, actor=story.clerk, at=NOW)

    agree_sides(
        body=branch, host=story.committee, home="巴中市恩阳区委组织部", document="会商纪要3号", on=TODAY,
        actor=story.clerk, at=NOW,
    )  # fmt: skip

    attach_stay(stay=stay, body=branch, since=TODAY, actor=story.clerk, at=NOW)
    assert stay.body == branch


def test_home_on_this_platform_is_told_and_takes_note_once_pf_03(story):
    stay = attached(story, Home(branch=story.branch))
    assert list(stays_to_answer(story.secretary, NOW)) == [stay]
    assert list(stays_to_answer(story.outsider, NOW)) == []
    with pytest.raises(NotAllowed):
        acknowledge_stay(stay=stay, actor=story.lead, at=NOW)

    acknowledge_stay(stay=stay, actor=story.secretary, at=NOW)

    assert list(stays_to_answer(story.secretary, NOW)) == []
    with pytest.raises(Stale):
        acknowledge_stay(stay=stay, actor=story.secretary, at=NOW)


def test_home_elsewhere_gets_a_letter_and_its_answer_is_noted_here_pf_03(story):
    stay = attached(story)
    with pytest.raises(NotYetInformed):
        acknowledge_stay(stay=stay, actor=story.lead, at=NOW)
    text = "".join(getattr(block, "text", "") for block in letter_document(stay, issued_on=TODAY).blocks)
    assert FAR_HOME.name in text
    assert "没有表决权" in text

    inform_home(stay=stay, actor=story.lead, at=NOW)
    acknowledge_stay(stay=stay, actor=story.lead, at=NOW)

    assert [fact.values for fact in Fact.objects.filter(kind="floating.home_informed")] == [{"way": "letter"}]
    with pytest.raises(Stale):
        inform_home(stay=stay, actor=story.lead, at=NOW)


def test_slip_counts_what_is_on_record_here_and_no_more_pf_03(story):
    stay = attached(story)
    other = make_body("别的共建党支部", parent=story.committee, kind=PartyOrgKind.CO_BUILT_BRANCH)
    for body, at, hours in (
        (story.zone, NOW, 2), (story.zone, NOW + DAY, Decimal("1.5")), (story.zone, NOW - DAY, 8), (other, NOW, 8),
    ):  # fmt: skip
        record(Draft(HELD, at, story.lead, about=story.worker, body=body.pk, quantity=hours))
    wrong = record(Draft(HELD, NOW, story.lead, about=story.worker, body=story.zone.pk, quantity=8))
    reverse(wrong, by=story.lead, at=NOW)

    end_stay(stay=stay, on=TODAY + DAY, actor=story.lead, at=NOW + 2 * DAY)

    assert [(row["kind"], row["count"], row["hours"]) for row in stay.slip] == [("story.held", 2, "3.5")]
    table = next(block for block in slip_document(stay).blocks if hasattr(block, "rows"))
    assert table.rows == (("学习", "2", "3.5"),)
    assert stay.membership.valid_until == TODAY + DAY


def test_stay_does_not_end_before_it_began_or_after_today(story):
    stay = attached(story)
    with pytest.raises(LeavesTooEarly):
        end_stay(stay=stay, on=TODAY - DAY, actor=story.lead, at=NOW)
    with pytest.raises(LeavesInFuture):
        end_stay(stay=stay, on=TODAY + DAY, actor=story.lead, at=NOW)
    end_stay(stay=stay, on=TODAY, actor=story.lead, at=NOW)
    with pytest.raises(StepNotAllowed):
        end_stay(stay=stay, on=TODAY, actor=story.lead, at=NOW)


def test_slip_goes_to_the_home_and_is_taken_once_pf_03(story):
    stay = attached(story, Home(branch=story.branch))
    acknowledge_stay(stay=stay, actor=story.secretary, at=NOW)
    with pytest.raises(NoSlip):
        acknowledge_slip(stay=stay, actor=story.secretary, at=NOW)
    end_stay(stay=stay, on=TODAY, actor=story.lead, at=NOW)
    assert list(stays_to_answer(story.secretary, NOW)) == [stay]

    acknowledge_slip(stay=stay, actor=story.secretary, at=NOW)

    assert list(stays_to_answer(story.secretary, NOW)) == []
    with pytest.raises(Stale):
        acknowledge_slip(stay=stay, actor=story.secretary, at=NOW)


def test_nothing_is_printed_before_its_time(story):
    stay = verified(story)
    with pytest.raises(NothingToPrint):
        letter_document(stay, issued_on=TODAY)
    with pytest.raises(NothingToPrint):
        slip_document(stay)


def test_dismissing_wants_a_reason_and_ends_before_attaching(story):
    stay = found(story)
    with pytest.raises(NoReason):
        dismiss_stay(stay=stay, reason=" ", actor=story.lead, at=NOW)
    attach_stay(
        stay=verify_stay(stay=stay, home=FAR_HOME, on=TODAY, actor=story.lead, at=NOW), body=story.zone, since=TODAY,
        actor=story.lead, at=NOW,
    )  # fmt: skip
    with pytest.raises(StepNotAllowed):
        dismiss_stay(stay=stay, reason="登记错了", actor=story.lead, at=NOW)


def test_many_are_attached_at_once_where_the_contact_holds_for_all_pf_03(story):
    second = make_person("向前进", unit=story.crew)
    take_part(second, story.zone)

    stays = attach_many(
        people=[story.worker, second], body=story.zone, home=FAR_HOME, since=TODAY, actor=story.lead, at=NOW
    )

    assert [(stay.state, stay.home_contact) for stay in stays] == [("attached", "冉书记")] * 2


def test_many_without_a_contact_are_registered_only_and_all_or_nobody_pf_03(story):
    with pytest.raises(DomainError):
        attach_many(
            people=[story.worker, story.member], body=story.zone, home=Home(), since=TODAY, actor=story.lead, at=NOW
        )
    assert not FloatingStay.objects.exists()

    stays = attach_many(people=[story.worker], body=story.zone, home=Home(), since=TODAY, actor=story.lead, at=NOW)
    assert [stay.state for stay in stays] == ["found"]


def test_three_in_one_place_are_worth_a_branch_of_their_own_po_07(story):
    people = [story.worker, make_person("甲", unit=story.crew), make_person("乙", unit=story.crew)]
    for person in people[1:]:
        take_part(person, story.zone)
    attach_many(people=people[:2], body=story.zone, home=FAR_HOME, since=TODAY, actor=story.lead, at=NOW)
    assert gathered_places(story.lead, NOW) == []

    attach_many(people=people[2:], body=story.zone, home=FAR_HOME, since=TODAY, actor=story.lead, at=NOW)

    assert gathered_places(story.lead, NOW) == [(story.zone, 3)]


def test_stays_are_seen_here_at_home_and_by_oneself(story):
    stay = attached(story, Home(branch=story.branch))

    for actor in (story.lead, story.clerk, story.secretary, story.worker):
        assert list(stays_seen_by(actor, NOW)) == [stay]
    for actor in (story.member, story.outsider):
        assert list(stays_seen_by(actor, NOW)) == []


@pytest.mark.usefixtures("committing_db")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_attach_at_once_one_wins_and_one_participation_is_left_pf_03():
    story = make_story()
    Membership.objects.filter(person=story.worker).update(valid_until=date(2026, 9, 1))
    stay = FloatingStay.objects.create(
        person=story.worker, direction="incoming", source="roster", body=story.zone, unit=story.crew, found_on=TODAY,
        found_by=story.lead, state="verified", home_branch_name=FAR_HOME.name,
    )  # fmt: skip
    barrier, outcomes = Barrier(2), []

    def attach():
        mine, lead = FloatingStay.objects.get(pk=stay.pk), Person.objects.get(pk=story.lead.pk)
        barrier.wait()
        try:
            attach_stay(stay=mine, body=mine.body, since=TODAY, actor=lead, at=NOW)
            outcomes.append("attached")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=attach) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("attached") == 1
    assert Membership.objects.filter(person=story.worker, valid_until=None).count() == 1


def test_entry_reports_a_member_once_and_waits_for_nothing_pf_03(story):
    officer = make_person("康德刚")
    make_post(officer, PostRole.HSE_OFFICER, body=story.zone)

    stay = report_stay(person=story.worker, body=story.zone, actor=officer, at=NOW)

    assert stay is not None
    assert (stay.source, stay.home_branch_name) == (StaySource.CONTRACTOR_ENTRY, FAR_HOME.name)
    assert report_stay(person=story.worker, body=story.zone, actor=officer, at=NOW) is None
    assert report_stay(person=story.member, body=story.branch, actor=story.secretary, at=NOW) is None
    with pytest.raises(NotAllowed):
        report_stay(person=story.member, body=story.zone, actor=story.outsider, at=NOW)
    masses = make_person("焊工老刘", status=PoliticalStatus.MASSES)
    with pytest.raises(NotAMember):
        report_stay(person=masses, body=story.zone, actor=officer, at=NOW)
