"""Terms on record, their shifts, and which of them run out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.elections.enums import TERM_KINDS, TermDue
from ronghe.domain.elections.models import Term, TermShift
from ronghe.domain.elections.selectors.terms import bodies_without_head, reminders_for, terms_of, terms_running_out
from ronghe.domain.elections.services import terms as refusals
from ronghe.domain.elections.services.leaders import ActsNowhere, designate_leader
from ronghe.domain.elections.services.preparing import ApprovalMissing, NotElectable, NoVacancy, RoleNotElected
from ronghe.domain.elections.services.terms import end_term, record_term, shift_term
from ronghe.domain.org.calc.capabilities import Capability, capabilities
from ronghe.domain.org.enums import PartyOrgKind, PostRole, PostSource
from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.org.services.capabilities import LacksCapability
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.elections import make_branch, make_term
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch()


def kinds():
    return list(Fact.objects.filter(kind__startswith="elections.").order_by("pk").values_list("kind", flat=True))


def test_pe_04_a_term_ends_by_the_rule_of_its_kind(branch, morning):
    term = make_term(branch, morning)

    assert (term.ends_on, term.regular_end, term.is_shifted) == (date(2026, 10, 12), date(2026, 10, 12), False)
    assert kinds() == ["elections.term_started"]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (PartyOrgKind.TEMPORARY_BRANCH, "PO-06"),
        (PartyOrgKind.TEMPORARY_PARTY_GROUP, "PO-06"),
        (PartyOrgKind.PARTY_GROUP, "PO-08"),
        (PartyOrgKind.CO_BUILT_BRANCH, "PO-12"),
    ],
)
def test_po_06_bodies_that_elect_nobody_have_no_term(branch, morning, kind, rule):
    body = make_body(parent=branch.body, kind=kind)

    with pytest.raises(LacksCapability, match=rule):
        record_term(body=body, number=1, started_on=date(2026, 1, 1), actor=branch.clerk, at=morning)


def test_a_stranger_records_no_term(branch, morning):
    with pytest.raises(NotAllowed):
        record_term(body=branch.body, number=1, started_on=date(2024, 1, 1), actor=branch.stranger, at=morning)


@pytest.mark.parametrize(
    ("number", "started_on", "refusal"),
    [
        (2, date(2026, 6, 2), refusals.TermGap),
        (2, date(2026, 5, 31), refusals.TermGap),
        (3, date(2026, 6, 1), refusals.TermNumberNotNext),
        (2, date(2026, 9, 15), refusals.TermInFuture),
    ],
)
def test_terms_leave_no_gap_and_never_overlap(branch, morning, number, started_on, refusal):
    end_term(make_term(branch, morning), date(2026, 6, 1), branch.clerk, morning)

    with pytest.raises(refusal):
        record_term(body=branch.body, number=number, started_on=started_on, actor=branch.clerk, at=morning)


def test_the_next_term_goes_on_where_the_last_one_ended(branch, morning):
    end_term(make_term(branch, morning), date(2026, 6, 1), branch.clerk, morning)
    record_term(body=branch.body, number=2, started_on=date(2026, 6, 1), actor=branch.clerk, at=morning)

    assert [(term.number, term.ended_on) for term in terms_of(branch.body)] == [(2, None), (1, date(2026, 6, 1))]


def test_a_second_present_term_is_refused(branch, morning):
    make_term(branch, morning)

    with pytest.raises(refusals.TermUnderWay, match="换届选举"):
        make_term(branch, morning, number=2)


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_pe_05_a_term_recorded_off_the_rule_needs_a_paper_and_stays_within_a_year(branch, morning, more, refused):
    wanted = date(2027, 10, 12) + timedelta(days=more)

    def keep(paper):
        return record_term(
            body=branch.body, number=1, started_on=date(2023, 10, 12), ends_on=wanted, approval_ref=paper,
            actor=branch.clerk, at=morning,
        )  # fmt: skip

    with pytest.raises(refusals.ShiftNotApproved):
        keep(" ")
    if refused:
        with pytest.raises(refusals.TermTooLong, match="PE-05"):
            keep("采五党〔2026〕3号")
    else:
        assert keep("采五党〔2026〕3号").ends_on == wanted


def shift(term, ends_on, actor, at, ref="采五党组〔2026〕5号"):
    return shift_term(term=term, ends_on=ends_on, approval_ref=ref, reason="检修高峰", actor=actor, at=at)


@pytest.mark.parametrize(("ends_on", "refused"), [(date(2027, 10, 12), False), (date(2027, 10, 13), True)])
def test_pe_05_a_term_is_extended_by_a_year_at_most(branch, morning, ends_on, refused):
    term = make_term(branch, morning)

    if refused:
        with pytest.raises(refusals.ShiftTooFar, match="PE-05"):
            shift(term, ends_on, branch.clerk, morning)
        assert not TermShift.objects.exists()
    else:
        shift(term, ends_on, branch.clerk, morning)
        assert Term.objects.get().ends_on == ends_on
        assert kinds()[-1] == "elections.term_shifted"


def test_pe_05_two_shifts_together_stay_within_a_year_of_the_rule(branch, morning):
    term = make_term(branch, morning)
    shift(term, date(2027, 6, 1), branch.clerk, morning)

    with pytest.raises(refusals.ShiftTooFar):
        shift(term, date(2027, 12, 1), branch.clerk, morning)


def test_pe_05_only_the_office_above_shifts_a_term_and_only_with_a_paper(branch, morning):
    term = make_term(branch, morning)

    with pytest.raises(NotAllowed):
        shift(term, date(2027, 1, 1), branch.secretary, morning)
    with pytest.raises(refusals.ShiftNotApproved):
        shift(term, date(2027, 1, 1), branch.clerk, morning, ref="  ")
    with pytest.raises(refusals.ShiftIntoPast):
        shift(term, date(2026, 9, 13), branch.clerk, morning)


def test_the_second_of_two_who_shift_the_same_term_is_told(branch, morning):
    first, second = make_term(branch, morning), Term.objects.get()
    shift(first, date(2027, 1, 1), branch.clerk, morning)

    with pytest.raises(Stale):
        shift(second, date(2027, 2, 1), branch.clerk, morning)


def test_the_office_does_not_confirm_for_its_own_body(branch, morning):
    """The committee has nobody above it here, a branch has: a clerk of the branch itself confirms nothing of it."""
    own = make_person("周干事", home=branch.body)
    make_post(own, PostRole.COMMITTEE_CLERK, body=branch.body)
    term = make_term(branch, morning)

    with pytest.raises(NotAllowed):
        shift(term, date(2027, 1, 1), own, morning)


def test_pe_06_what_runs_out_is_told_the_most_pressing_first(branch, morning):
    def body(started_on):
        made = make_body(parent=branch.committee)
        if started_on:
            record_term(body=made, number=1, started_on=started_on, actor=branch.clerk, at=morning)
        return made

    later, soon, over, never = (body(day) for day in (date(2024, 3, 1), date(2023, 10, 1), date(2023, 9, 14), None))
    running = body(date(2026, 1, 1))
    group = make_body(parent=branch.body, kind=PartyOrgKind.PARTY_GROUP)
    wanted = [(never, TermDue.MISSING), (over, TermDue.OVERDUE), (soon, TermDue.ONE_MONTH), (later, TermDue.SIX_MONTHS)]

    told = terms_running_out([later, soon, over, never, running, group], date(2026, 9, 14))
    everybody = terms_running_out(None, date(2026, 9, 14))

    assert [(state.body, state.due) for state in told] == wanted
    assert [(state.body, state.due) for state in everybody if state.body.pk in {b.pk for b, _due in wanted}] == wanted
    assert running not in {state.body for state in everybody}
    assert (told[1].days_left, told[2].days_left) == (0, 17)


def test_pe_06_looking_for_what_runs_out_costs_three_reads_among_many(branch, morning):
    for _ in range(5):
        body = make_body(parent=branch.committee)
        record_term(body=body, number=1, started_on=date(2023, 10, 1), actor=branch.clerk, at=morning)

    with CaptureQueriesContext(connection) as few:
        assert len(terms_running_out(None, morning.date())) >= 5
    with CaptureQueriesContext(connection) as heads:
        bodies_without_head(None, morning.date())

    assert (len(few), len(heads)) == (3, 2)


def test_pe_06_a_secretary_is_reminded_of_the_own_term_and_the_office_of_how_many_below(branch, morning):
    make_term(branch, morning)

    def asked(person):
        return reminders_for(Person.objects.get(pk=person.pk), morning)

    assert [state.due for state in asked(branch.secretary).states] == [TermDue.ONE_MONTH]
    assert (asked(branch.clerk).states, asked(branch.clerk).below) == ([], 1)
    assert (asked(branch.members[1]).states, asked(branch.members[1]).below) == ([], 0)


def test_pe_11_a_body_that_nobody_leads_is_a_gap_and_so_is_one_led_for_the_time_being(branch, morning):
    empty = make_body("北二采油队党支部", parent=branch.committee)
    person = make_person("秦岭", home=empty)
    [gap] = bodies_without_head([branch.body, empty], morning.date())
    assert (gap.body, gap.is_vacant) == (empty, True)

    designate_leader(
        body=empty, person=person, role=PostRole.SECRETARY, since=morning.date(), approval_ref="采五党〔2026〕2号",
        actor=branch.clerk, at=morning, is_acting=True,
    )  # fmt: skip

    [gap] = bodies_without_head([branch.body, empty], morning.date())
    assert (gap.is_vacant, gap.is_acting) == (False, True)


def designate(branch, at, *, body=None, person=None, role=PostRole.SECRETARY, ref="采五党〔2026〕2号", **further):
    return designate_leader(
        body=body or branch.body, person=person or branch.members[1], role=role, since=at.date(), approval_ref=ref,
        actor=branch.clerk, at=at, **further,
    )  # fmt: skip


def test_po_05_leaders_of_a_temporary_branch_are_appointed(branch, morning):
    task = make_body("检修临时党支部", parent=branch.committee, kind=PartyOrgKind.TEMPORARY_BRANCH)

    post = designate(branch, morning, body=task)

    assert (post.source, post.designation.approval_ref) == (PostSource.APPOINTED, "采五党〔2026〕2号")
    with pytest.raises(ActsNowhere, match="PO-05"):
        designate(branch, morning, body=task, person=branch.members[2], is_acting=True)


def test_pe_11_nobody_is_designated_where_somebody_leads_and_whoever_acts_makes_room(branch, morning):
    with pytest.raises(NoVacancy):
        designate(branch, morning)
    PostHolding.objects.filter(role=PostRole.SECRETARY, body=branch.body).update(valid_until=morning.date())
    acting = designate(branch, morning, is_acting=True)
    later = morning + timedelta(days=30)

    designate(branch, later, person=branch.members[2])

    acting.refresh_from_db()
    assert acting.valid_until == later.date()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"ref": ""}, ApprovalMissing),
        ({"role": PostRole.GROUP_LEADER}, RoleNotElected),
        ({"role": PostRole.DEPUTY_SECRETARY, "young": True}, NotElectable),
    ],
)
def test_pe_11_a_designation_needs_a_paper_a_post_and_a_full_member(branch, morning, change, refusal):
    given = dict(change)
    if given.pop("young", False):
        given["person"] = branch.young

    with pytest.raises(refusal):
        designate(branch, morning, **given)


def test_a_secretary_designates_nobody(branch, morning):
    with pytest.raises(NotAllowed):
        designate_leader(
            body=branch.body, person=branch.members[1], role=PostRole.DEPUTY_SECRETARY, since=morning.date(),
            approval_ref="x", actor=branch.secretary, at=morning,
        )  # fmt: skip


def test_pe_04_terms_are_of_the_kinds_that_elect():
    """PE-04, PO-06: the table of terms and the table of capabilities speak of the same kinds."""
    assert {kind for kind in PartyOrgKind if Capability.RE_ELECT in capabilities(kind)} == TERM_KINDS
