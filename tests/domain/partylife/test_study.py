"""学时: from the sheets, by hand, by the rules of the unit (PS-01 to PS-03)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.partylife.calc.hours import TrainingNeed
from ronghe.domain.partylife.enums import EntryState, StudyForm
from ronghe.domain.partylife.models import StudyEntry
from ronghe.domain.partylife.selectors.study import (
    disputes_to_answer,
    entries_to_settle,
    people_counted,
    rules_in_force,
    study_year,
    study_years,
)
from ronghe.domain.partylife.services.study import (
    DisputeEmpty,
    DisputeUnanswered,
    EntryThere,
    NoHomeForHours,
    ProofMissing,
    RefusalUnreasoned,
    StudyAhead,
    StudyAmountUnfit,
    StudyFigures,
    StudyRulesUnfit,
    StudyText,
    StudyUntitled,
    answer_dispute,
    claim_hours,
    confirm_entry,
    dispute_hours,
    refuse_entry,
    set_study_rules,
    withdraw_entry,
)
from ronghe.domain.rhythm.enums import ActivityType, CorrectionKind
from ronghe.domain.rhythm.services.closing import correct_record
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_person
from tests.factories.partylife import make_gathering, make_life
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
FIGURES = StudyFigures(Decimal(40), Decimal(60), Decimal("0.5"), Decimal(3), Decimal(6), Decimal(4))


@pytest.fixture
def life():
    return make_life()


def text(at, *, form=StudyForm.OFF_JOB, amount="2", title="厂党校培训", days_ago=3):
    return StudyText(at.date() - timedelta(days=days_ago), title, form, Decimal(amount))


def claim(person, at, *, actor=None, **changes):
    return claim_hours(person=person, text=text(at, **changes), proof=photo(), actor=actor or person, at=at)


def year_of(person, at):
    return study_year(person, 2026, at.date())


def test_ps_03_an_hour_of_studying_together_is_an_hour(life, morning):
    activity = make_gathering(life, morning, hours=2, came=life.people[:3])

    found = year_of(life.members[0], morning)

    assert (found.balance.total, found.balance.goal) == (2, 32)
    assert (found.studied[0].activity, found.studied[0].minutes) == (activity, 120)
    assert year_of(life.members[2], morning).balance.total == 0


def test_ps_01_who_sits_on_the_committee_has_the_leaders_goal(life, morning):
    assert year_of(life.officer, morning).balance.goal == 56
    assert year_of(life.officer, morning).balance.needs_training


def test_a_gathering_that_is_no_study_gives_no_hours(life, morning):
    make_gathering(life, morning, kind=ActivityType.GROUP_MEETING)

    assert year_of(life.members[0], morning).studied == []


def test_a_corrected_sheet_corrects_the_hours(life, morning):
    activity = make_gathering(life, morning, came=[life.secretary, life.members[0]])
    for person, kind in ((life.members[0], CorrectionKind.DID_NOT_COME), (life.members[1], CorrectionKind.CAME)):
        correct_record(activity=activity, text="核对", kind=kind, person=person, actor=life.secretary, at=morning)

    assert year_of(life.members[0], morning).balance.total == 0
    assert year_of(life.members[1], morning).balance.total == 2


def test_what_is_claimed_counts_once_somebody_else_confirmed_it(life, morning):
    entry = claim(life.members[0], morning)

    assert (entry.state, entry.hours) == (EntryState.WAITING, 16)
    assert year_of(life.members[0], morning).balance.total == 0
    assert list(entries_to_settle(life.secretary, morning)) == [entry]
    confirm_entry(entry=entry, actor=life.secretary, at=morning)
    found = year_of(life.members[0], morning)
    assert (found.balance.total, found.balance.has_training) == (16, True)
    assert Fact.objects.get(kind="partylife.hours_confirmed").quantity == 160_000


def test_nobody_confirms_the_own_hours(life, morning):
    entry = claim(life.secretary, morning)

    assert list(entries_to_settle(life.secretary, morning)) == []
    for person in (life.secretary, life.members[0]):
        with pytest.raises(NotAllowed):
            confirm_entry(entry=entry, actor=person, at=morning)
    confirm_entry(entry=entry, actor=life.officer, at=morning)


def test_what_the_secretary_enters_for_others_holds_at_once(life, morning):
    entry = claim_hours(person=life.members[0], text=text(morning), actor=life.secretary, at=morning)

    assert entry.state == EntryState.CONFIRMED


def test_confirmed_hours_are_taken_back_with_the_reason(life, morning):
    entry = claim_hours(person=life.members[0], text=text(morning), actor=life.secretary, at=morning)
    with pytest.raises(RefusalUnreasoned):
        refuse_entry(entry=entry, reason=" ", actor=life.secretary, at=morning)
    refuse_entry(entry=entry, reason="证书是去年的", actor=life.secretary, at=morning)

    assert year_of(life.members[0], morning).balance.total == 0
    assert Fact.objects.filter(kind="partylife.hours_confirmed").count() == 2
    with pytest.raises(StepNotAllowed):
        confirm_entry(entry=entry, actor=life.secretary, at=morning)
    assert claim(life.members[0], morning).pk != entry.pk


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"title": " "}, StudyUntitled), ({"days_ago": -1}, StudyAhead), ({"amount": "0"}, StudyAmountUnfit),
     ({"amount": "0.3"}, StudyAmountUnfit), ({"amount": "121"}, StudyAmountUnfit)],
)  # fmt: skip
def test_entries_that_cannot_be_are_refused(life, morning, changes, refusal):
    with pytest.raises(refusal):
        claim(life.members[0], morning, **changes)
    assert StudyEntry.objects.count() == 0


def test_own_entries_want_proof_a_home_and_stand_once(life, morning):
    with pytest.raises(ProofMissing):
        claim_hours(person=life.members[0], text=text(morning), actor=life.members[0], at=morning)
    with pytest.raises(NoHomeForHours):
        claim(life.clerk, morning)
    entry = claim(life.members[0], morning)
    with pytest.raises(EntryThere):
        claim(life.members[0], morning)
    with pytest.raises(NotAllowed):
        claim(life.members[1], morning, actor=life.members[0])
    withdraw_entry(entry=entry, actor=life.members[0], at=morning)
    assert claim(life.members[0], morning).pk


def test_ps_03_online_hours_count_up_to_the_cap_of_the_rules_in_force(life, morning):
    claim_hours(
        person=life.members[0], text=text(morning, form=StudyForm.ONLINE, amount="20"), actor=life.secretary, at=morning
    )
    assert year_of(life.members[0], morning).balance.total == 16
    set_study_rules(
        body=life.committee,
        figures=FIGURES,
        valid_from=date(2026, 9, 1),
        basis="厂学时制",
        actor=life.clerk,
        at=morning,
    )
    found = year_of(life.members[0], morning)
    assert (found.balance.total, found.balance.goal, found.rules.version) == (4, 40, 1)
    assert found.studied[0].is_capped


def test_the_nearest_body_says_how_hours_are_counted_and_versions_stay(life, morning):
    above = set_study_rules(
        body=life.committee,
        figures=FIGURES,
        valid_from=date(2026, 1, 1),
        basis="厂学时制",
        actor=life.clerk,
        at=morning,
    )
    assert rules_in_force([life.branch.pk], date(2025, 12, 31)) == {life.branch.pk: None}
    assert rules_in_force([life.branch.pk], date(2026, 1, 1)) == {life.branch.pk: above}
    own = set_study_rules(
        body=life.branch, figures=FIGURES, valid_from=date(2026, 6, 1), basis="支部", actor=life.secretary, at=morning
    )
    assert rules_in_force([life.branch.pk], date(2026, 6, 1)) == {life.branch.pk: own}
    with pytest.raises(NotAllowed):
        set_study_rules(
            body=life.committee,
            figures=FIGURES,
            valid_from=date(2026, 1, 1),
            basis="x",
            actor=life.secretary,
            at=morning,
        )


@pytest.mark.parametrize(
    "changes",
    [{"member_goal": Decimal(-1)}, {"leader_goal": Decimal(39)}, {"online_cap": Decimal(2001)},
     {"kinds": {"no_such": "together"}}, {"kinds": {"party_lecture": "off_job"}}],
)  # fmt: skip
def test_figures_that_cannot_be_meant_are_refused(life, morning, changes):
    from dataclasses import replace

    with pytest.raises(StudyRulesUnfit):
        set_study_rules(
            body=life.committee, figures=replace(FIGURES, **changes), valid_from=date(2026, 1, 1), basis="厂学时制",
            actor=life.clerk, at=morning,
        )  # fmt: skip


def test_ps_03_a_unit_says_which_gatherings_are_study(life, morning):
    make_gathering(life, morning, kind=ActivityType.GROUP_MEETING)
    figures = StudyFigures(
        Decimal(32), Decimal(56), Decimal(1), Decimal(4), Decimal(8), Decimal(16), {"group_meeting": "lecture"}
    )
    set_study_rules(
        body=life.branch, figures=figures, valid_from=date(2026, 1, 1), basis="支部", actor=life.secretary, at=morning
    )
    assert year_of(life.members[0], morning).balance.total == 4


def test_ps_02_a_new_member_and_a_new_secretary_owe_a_training(life, morning):
    new = make_person("新同志", home=life.branch, status=PoliticalStatus.PROBATIONARY_MEMBER)
    new.joined_party_on = date(2026, 3, 1)
    new.save()

    due = year_of(new, morning).trainings[0]
    assert (due.need, due.until, due.had_on) == (TrainingNeed.PROBATION, date(2027, 3, 1), None)
    claim_hours(person=new, text=text(morning), actor=life.secretary, at=morning)
    assert year_of(new, morning).trainings[0].had_on == morning.date() - timedelta(days=3)
    assert year_of(life.secretary, morning).trainings == []


def test_what_is_wrong_is_said_and_answered_by_somebody_else(life, morning):
    activity = make_gathering(life, morning)
    person = life.members[0]
    with pytest.raises(DisputeEmpty):
        dispute_hours(person=person, year=2026, text=" ", actor=person, at=morning)
    dispute = dispute_hours(person=person, year=2026, text="我到会了", activity=activity, actor=person, at=morning)
    assert list(disputes_to_answer(life.secretary, morning)) == [dispute]
    given = {"dispute": dispute, "is_upheld": True, "at": morning}
    with pytest.raises(NotAllowed):
        answer_dispute(answer="好", actor=person, **given)
    with pytest.raises(DisputeUnanswered):
        answer_dispute(answer="", actor=life.secretary, **given)
    answer_dispute(answer="已补记到会", actor=life.secretary, **given)
    with pytest.raises(Stale):
        answer_dispute(answer="再答", actor=life.secretary, **given)


def test_many_years_cost_as_many_statements_as_one(life, morning):
    make_gathering(life, morning)
    people = list(people_counted(life.branch, life.secretary, morning))
    with CaptureQueriesContext(connection) as one:
        study_years(people[:1], 2026, morning.date())
    with CaptureQueriesContext(connection) as many:
        found = study_years(people, 2026, morning.date())

    assert len(found) == 5
    assert len(many) == len(one) <= 9


def test_members_see_their_own_year_and_the_secretary_everybodys(life, morning):
    assert list(people_counted(life.branch, life.members[0], morning)) == [life.members[0]]
    assert len(people_counted(life.committee, life.auditor, morning)) == 5
