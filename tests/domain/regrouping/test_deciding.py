"""Submitting, deciding and carrying out; refusals name the rule and the way out."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole, StaffingMode
from ronghe.domain.org.models import Membership, PartyOrg, PostHolding, StationMode
from ronghe.domain.org.services.people import leave_post, move_in_group, take_post
from ronghe.domain.regrouping.documents import NothingToPrint, grouping_record
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.selectors.proposals import open_proposal
from ronghe.domain.regrouping.services.carrying_out import (
    NotYet,
    UndoneTooLate,
    carry_out,
    carry_out_due,
    undo_carrying_out,
)
from ronghe.domain.regrouping.services.deciding import (
    AnotherUnderWay,
    DataChanged,
    DecidedAhead,
    EffectiveBeforeDecision,
    NothingProposed,
    NotReady,
    ReasonMissing,
    approve_regrouping,
    drop_regrouping,
    return_regrouping,
    submit_regrouping,
)
from ronghe.domain.regrouping.services.moving import move_person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.printing import PaperForm, printed
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post
from tests.factories.regrouping import make_area, make_proposal, make_regrouping

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def proposal(area, morning):
    return make_proposal(make_regrouping(area, morning), area, morning)


@pytest.fixture
def submitted(area, proposal, morning):
    return submit_regrouping(proposal=proposal, actor=area.secretary, at=morning)


@pytest.fixture
def approved(area, submitted, morning):
    return approve(submitted, area, morning)


def approve(regrouping, area, at, *, effective_in=0):
    return approve_regrouping(
        regrouping=regrouping,
        decided_on=at.date(),
        effective_on=at.date() + effective_in * DAY,
        actor=area.secretary,
        at=at,
    )


def groups_of(area):
    rows = Membership.objects.filter(body=area.branch, valid_until=None, kind="home")
    return dict(rows.values_list("person_id", "group__name"))


def leaders_of(area):
    rows = PostHolding.objects.filter(role=PostRole.GROUP_LEADER, valid_until=None, body__parent=area.branch)
    return dict(rows.values_list("body__name", "person_id"))


# ---- submitting


def test_submitting_holds_the_proposal_fast(area, proposal, submitted):
    assert (submitted.state, submitted.chosen) == ("submitted", proposal)
    assert Fact.objects.filter(kind="regrouping.submitted", body=area.branch.pk).count() == 1


def test_po_09_a_group_of_two_members_cannot_be_submitted(area, proposal, morning):
    """PO-09: three members at least; three are enough."""
    by = {"actor": area.secretary, "at": morning}
    held = proposal
    for person in area.crew[:16]:
        opened = open_proposal(held)
        leader = opened.assignment.leader_of(0)
        if opened.judgement.groups[0].party > 3 and person.pk != leader and opened.assignment.where[person.pk] == 0:
            held = move_person(proposal=held, member=person.pk, to=1, **by)
    opened = open_proposal(held)
    assert opened.judgement.groups[0].party == 3
    assert "short_members" not in {one.code for one in opened.judgement.broken}

    last = next(pk for pk, at in opened.assignment.where.items() if at == 0 and pk != opened.assignment.leader_of(0))
    held = move_person(proposal=held, member=last, to=1, **by)

    with pytest.raises(NotReady) as refused:
        submit_regrouping(proposal=held, **by)
    assert "short_members" in {one.code for one in open_proposal(held).judgement.broken}
    assert "请先调整" in str(refused.value)


def test_po_09_a_group_without_anybody_to_lead_cannot_be_submitted(area, proposal, morning):
    """PO-09: one leader who may lead group and team in each."""
    by = {"actor": area.secretary, "at": morning}
    leaders = [one.id for one in open_proposal(proposal).problem.members if one.can_lead]
    for pk in leaders:
        proposal = move_person(proposal=proposal, member=pk, to=1, **by)

    with pytest.raises(NotReady) as refused:
        submit_regrouping(proposal=proposal, **by)
    assert "PO-09" in str(refused.value)


def test_today_and_what_is_not_found_yet_cannot_be_submitted(area, proposal, morning):
    today = GroupingProposal.objects.get(letter="0")

    with pytest.raises(NothingProposed):
        submit_regrouping(proposal=today, actor=area.secretary, at=morning)


def test_one_regrouping_of_a_branch_is_before_its_committee_at_a_time(area, submitted, morning):
    other = make_proposal(make_regrouping(area, morning), area, morning)

    with pytest.raises(AnotherUnderWay):
        submit_regrouping(proposal=other, actor=area.secretary, at=morning)


def test_a_proposal_over_old_data_is_refused(area, proposal, morning):
    home = Membership.objects.get(person=area.crew[0], valid_until=None)
    move_in_group(membership=home, group=area.groups[1], since=morning.date(), actor=None, at=morning)

    with pytest.raises(DataChanged) as refused:
        submit_regrouping(proposal=proposal, actor=area.secretary, at=morning)
    assert "重新求解" in str(refused.value)


def test_a_newcomer_makes_the_data_old(area, proposal, morning):
    make_person("新来", home=area.branch, unit=area.stations[0])

    with pytest.raises(DataChanged):
        submit_regrouping(proposal=proposal, actor=area.secretary, at=morning)


# ---- deciding


def test_po_08_the_branch_decides_and_the_office_above_sees_it(area, submitted, morning):
    """PO-08: no approval from above, but it is to know."""
    from ronghe.domain.regrouping.selectors.proposals import regroupings_seen_by

    member = area.crew[5]
    make_post(member, PostRole.COMMITTEE_MEMBER, body=area.branch)

    approve_regrouping(
        regrouping=submitted, decided_on=morning.date(), effective_on=morning.date(), actor=member, at=morning
    )

    assert submitted.state == "approved"
    assert list(regroupings_seen_by(area.clerk, morning)) == [submitted]


def test_ordinary_members_neither_decide_nor_see(area, submitted, morning):
    from ronghe.domain.regrouping.selectors.proposals import regroupings_seen_by

    with pytest.raises(NotAllowed):
        approve_regrouping(
            regrouping=submitted, decided_on=morning.date(), effective_on=morning.date(), actor=area.crew[5], at=morning
        )
    assert list(regroupings_seen_by(area.crew[5], morning)) == []
    assert list(regroupings_seen_by(make_person(home=make_body()), morning)) == []


def test_nobody_decides_ahead_or_backwards(area, submitted, morning):
    today, by = morning.date(), {"regrouping": submitted, "actor": area.secretary, "at": morning}

    with pytest.raises(DecidedAhead):
        approve_regrouping(decided_on=today + DAY, effective_on=today + DAY, **by)
    with pytest.raises(EffectiveBeforeDecision):
        approve_regrouping(decided_on=today, effective_on=today - DAY, **by)


def test_what_was_returned_can_be_drafted_again(area, approved, morning):
    with pytest.raises(ReasonMissing):
        return_regrouping(regrouping=approved, reason=" ", actor=area.secretary, at=morning)

    back = return_regrouping(regrouping=approved, reason="两组差得多", actor=area.secretary, at=morning)

    assert (back.state, back.chosen, back.approved_on) == ("drafting", None, None)
    assert submit_regrouping(proposal=GroupingProposal.objects.get(letter="A"), actor=area.secretary, at=morning)


def test_what_was_dropped_stays_to_be_read(area, submitted, morning):
    drop_regrouping(regrouping=submitted, reason="机构要调整", actor=area.secretary, at=morning)

    with pytest.raises(StepNotAllowed):
        approve(submitted, area, morning)
    assert Regrouping.objects.get().refused_because == "机构要调整"


# ---- carrying out


def test_carrying_out_moves_members_and_names_leaders(area, proposal, approved, morning):
    opened = open_proposal(proposal)

    carry_out(regrouping=approved, actor=area.secretary, at=morning)

    names = {at: opened.group_today(one.continues).name for at, one in enumerate(opened.assignment.areas)}
    assert groups_of(area) == {pk: names[at] for pk, at in opened.assignment.where.items()}
    assert leaders_of(area) == {names[at]: opened.assignment.leader_of(at) for at in names}
    assert approved.state == "carried_out"


def test_carrying_out_twice_does_it_once(area, approved, morning):
    carry_out(regrouping=approved, actor=area.secretary, at=morning)
    facts = Fact.objects.count()

    carry_out(regrouping=approved, actor=area.secretary, at=morning)

    assert Fact.objects.count() == facts


def test_of_two_who_carry_out_at_once_one_does(committing_db, morning):
    area = make_area()
    regrouping = submit_regrouping(
        proposal=make_proposal(make_regrouping(area, morning), area, morning), actor=area.secretary, at=morning
    )
    approve(regrouping, area, morning)
    seen = [Regrouping.objects.select_related("body", "chosen").get() for _ in range(2)]
    told = []

    def act(row):
        try:
            carry_out(regrouping=row, actor=area.secretary, at=morning)
            told.append("done")
        except DomainError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=act, args=[row]) for row in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["done", "stale"]
    assert Fact.objects.filter(kind="regrouping.carried_out").count() == 1


def test_more_groups_are_founded_with_the_next_free_names(area, morning):
    proposal = make_proposal(make_regrouping(area, morning, groups=3), area, morning)
    regrouping = submit_regrouping(proposal=proposal, actor=area.secretary, at=morning)
    approve(regrouping, area, morning)

    carry_out(regrouping=regrouping, actor=area.secretary, at=morning)

    groups = PartyOrg.objects.filter(parent=area.branch, valid_until=None, kind=PartyOrgKind.PARTY_GROUP)
    assert {group.name for group in groups} == {"第一党小组", "第二党小组", "第三党小组"}
    assert len(leaders_of(area)) == 3


def test_groups_that_nothing_continues_end_with_their_leader(area, morning):
    third = make_body("第三党小组", parent=area.branch, kind=PartyOrgKind.PARTY_GROUP)
    for person in area.crew[13:16]:
        home = Membership.objects.get(person=person, valid_until=None)
        move_in_group(membership=home, group=third, since=LONG_AGO, actor=None, at=SET_UP_AT)
    make_post(area.crew[15], PostRole.GROUP_LEADER, body=third)
    proposal = make_proposal(make_regrouping(area, morning), area, morning)
    regrouping = submit_regrouping(proposal=proposal, actor=area.secretary, at=morning)
    approve(regrouping, area, morning)

    carry_out(regrouping=regrouping, actor=area.secretary, at=morning)

    ended = PartyOrg.objects.filter(parent=area.branch, valid_until=morning.date())
    assert ended.count() == 1
    assert not PostHolding.objects.filter(body__in=ended, valid_until=None).exists()
    assert not PartyOrg.links().filter(descendant__in=ended, valid_until=None).exists()
    assert Fact.objects.filter(kind="structure.body_dissolved").count() == 1


def test_the_office_above_draws_the_regions_too(area, approved, morning):
    """AL-16: station, region, group. Stations are the unit's; only who may change units says so."""
    StationMode.objects.filter(station=area.stations[1]).update(staffing=StaffingMode.SPARSE)

    carry_out(regrouping=approved, actor=area.clerk, at=morning)

    drawn = {mode.station_id: mode for mode in StationMode.objects.filter(valid_until=None)}
    hubs = {area_.hub for area_ in open_proposal(approved.chosen).assignment.areas}
    assert {pk for pk, mode in drawn.items() if mode.is_hub} == hubs
    assert {mode.hub_id for mode in drawn.values() if not mode.is_hub} <= hubs
    assert drawn[area.stations[1].pk].staffing == StaffingMode.SPARSE


def test_nobody_without_the_right_carries_out(area, approved, morning):
    make_post(area.crew[5], PostRole.COMMITTEE_MEMBER, body=area.branch)

    with pytest.raises(NotAllowed):
        carry_out(regrouping=approved, actor=area.crew[5], at=morning)


def test_carrying_out_waits_for_its_day(area, submitted, morning):
    approve(submitted, area, morning, effective_in=1)

    with pytest.raises(NotYet):
        carry_out(regrouping=submitted, actor=area.secretary, at=morning)
    assert carry_out_due(at=morning) == []
    assert carry_out_due(at=morning + DAY) == [submitted]
    moved = Membership.objects.filter(body=area.branch, valid_until=None, valid_from=morning.date() + DAY)
    assert moved.exists()


def test_the_job_keeps_why_it_could_not(area, approved, morning):
    home = Membership.objects.get(person=area.crew[0], valid_until=None)
    move_in_group(membership=home, group=area.groups[1], since=morning.date(), actor=None, at=morning)

    assert carry_out_due(at=morning) == []

    kept = Regrouping.objects.get()
    assert (kept.state, kept.refused_because[:4]) == ("approved", "数据已变")


def test_a_member_put_on_trial_since_is_changed_data(area, approved, morning):
    area.crew[2].political_status = PoliticalStatus.PROBATIONARY_MEMBER
    area.crew[2].save()

    with pytest.raises(DataChanged):
        carry_out(regrouping=approved, actor=area.secretary, at=morning)
    assert Regrouping.objects.get().state == "approved"


# ---- undoing


def test_undone_within_the_day_everything_is_as_before(area, morning):
    third = make_body("第三党小组", parent=area.branch, kind=PartyOrgKind.PARTY_GROUP)
    for person in area.crew[13:16]:
        home = Membership.objects.get(person=person, valid_until=None)
        move_in_group(membership=home, group=third, since=LONG_AGO, actor=None, at=SET_UP_AT)
    groups, leaders = groups_of(area), leaders_of(area)
    modes = set(StationMode.objects.filter(valid_until=None).values_list("station_id", "is_hub", "hub_id"))
    regrouping = submit_regrouping(
        proposal=make_proposal(make_regrouping(area, morning), area, morning), actor=area.secretary, at=morning
    )
    carry_out(regrouping=approve(regrouping, area, morning), actor=area.clerk, at=morning)
    assert groups_of(area) != groups

    undo_carrying_out(regrouping=regrouping, actor=area.clerk, at=morning + timedelta(hours=10))

    assert (groups_of(area), leaders_of(area)) == (groups, leaders)
    assert set(StationMode.objects.filter(valid_until=None).values_list("station_id", "is_hub", "hub_id")) == modes
    assert PartyOrg.objects.filter(parent=area.branch, valid_until=None).count() == 3
    assert regrouping.state == "undone"
    assert Fact.objects.filter(kind="regrouping.undone").count() == 1


def test_founded_groups_go_when_it_is_undone(area, morning):
    regrouping = submit_regrouping(
        proposal=make_proposal(make_regrouping(area, morning, groups=3), area, morning),
        actor=area.secretary,
        at=morning,
    )
    carry_out(regrouping=approve(regrouping, area, morning), actor=area.secretary, at=morning)

    undo_carrying_out(regrouping=regrouping, actor=area.secretary, at=morning)

    assert PartyOrg.objects.filter(parent=area.branch, valid_until=None).count() == 2


def test_the_next_day_is_too_late_to_undo(area, approved, morning):
    carry_out(regrouping=approved, actor=area.secretary, at=morning)

    with pytest.raises(UndoneTooLate):
        undo_carrying_out(regrouping=approved, actor=area.secretary, at=morning + DAY)


def test_who_was_moved_since_hinders_undoing(area, approved, morning):
    carry_out(regrouping=approved, actor=area.secretary, at=morning)
    person = approved.carried_out["moved"][0][0]
    home = Membership.objects.get(person=person, valid_until=None)
    other = next(group for group in area.groups if group.pk != home.group_id)
    move_in_group(membership=home, group=other, since=morning.date(), actor=None, at=morning)

    with pytest.raises(DataChanged):
        undo_carrying_out(regrouping=approved, actor=area.secretary, at=morning)


# ---- leaders


def test_po_09_a_branch_names_the_leaders_of_its_groups_and_nothing_else(area, morning):
    """PO-09: the leader is named by the branch; other posts are given by the office above."""
    by = {"since": morning.date(), "actor": area.secretary, "at": morning}

    post = take_post(person=area.crew[1], role=PostRole.GROUP_LEADER, body=area.groups[0], **by)
    leave_post(post=post, until=morning.date(), actor=area.secretary, at=morning)

    with pytest.raises(NotAllowed):
        take_post(person=area.crew[1], role=PostRole.SECRETARY, body=area.groups[0], **by)
    with pytest.raises(NotAllowed):
        take_post(person=area.crew[1], role=PostRole.GROUP_LEADER, body=area.branch, **by)


# ---- the record


def test_the_record_is_printed_as_word_and_pdf(area, proposal, approved):
    document = grouping_record(approved)

    assert document.title.replace("\n", "") == "仪陇输气作业区党支部支委会研究划分党小组的记录"
    assert printed(document, PaperForm.PDF).startswith(b"%PDF")
    assert printed(document, PaperForm.DOCX).startswith(b"PK")


def test_there_is_no_record_before_it_is_submitted(proposal):
    with pytest.raises(NothingToPrint):
        grouping_record(proposal.regrouping)
