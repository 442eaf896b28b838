"""四同检查: from the plan to the closed quarter, who may what, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.planning.enums import Aspect, CheckState, PlanState, Side
from ronghe.domain.planning.models import CheckEvidence, GapTask, ItemCheck, Plan, PlanVersion
from ronghe.domain.planning.selectors.matrix import gaps_seen_by, matrix_of, narrowed, past_of, standings_of
from ronghe.domain.planning.selectors.plans import (
    agreement_of,
    checks_to_make,
    head_proposed,
    list_plans,
    plans_to_confirm,
)
from ronghe.domain.planning.services import agreeing, checking, drafting, gaps, rounds
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.work.services.tasks import accept_task, open_task, submit_task
from ronghe.kernel.calendar.periods import read_period
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_body, make_person, make_post
from tests.factories.planning import (
    QUARTER,
    STUDY,
    WELDING,
    check_of,
    item_of,
    item_text,
    make_agreed,
    make_draft,
    make_field,
    make_gathering,
)

pytestmark = pytest.mark.django_db
Q3 = read_period(QUARTER)


@pytest.fixture
def field(db):
    return make_field()


@pytest.fixture
def now(morning):
    return morning


def kinds(**about):
    return list(
        Fact.objects.filter(kind__startswith="planning.", **about).order_by("pk").values_list("kind", flat=True)
    )


def test_a_plan_is_in_force_once_both_heads_confirmed_the_same_text(field, now):
    plan = agreeing.offer_plan(plan=make_draft(field, now), actor=field.secretary, at=now)
    assert list(plans_to_confirm(field.secretary, now)) == [plan] == list(plans_to_confirm(field.manager, now))

    plan = agreeing.confirm_plan(plan=plan, side=Side.PARTY, actor=field.secretary, at=now)
    assert (plan.state, plan.version) == (PlanState.OFFERED, 0)
    plan = agreeing.confirm_plan(plan=plan, side=Side.PRODUCTION, actor=field.manager, at=now)

    assert (plan.state, plan.version, plan.agreed_at) == (PlanState.AGREED, 1, now)
    assert agreement_of(plan).is_whole
    assert not plans_to_confirm(field.secretary, now).exists()
    assert kinds() == [
        "planning.plan_drafted", "planning.plan_offered", "planning.plan_confirmed", "planning.plan_confirmed",
        "planning.plan_agreed",
    ]  # fmt: skip


def test_one_person_never_confirms_for_both_sides(field, now):
    plan = make_draft(field, now)
    drafting.name_head(plan=plan, person=field.secretary, actor=field.secretary, at=now)
    plan = agreeing.offer_plan(plan=Plan.objects.get(pk=plan.pk), actor=field.secretary, at=now)
    agreeing.confirm_plan(plan=plan, side=Side.PARTY, actor=field.secretary, at=now)

    with pytest.raises(agreeing.HeadConfirmsBoth):
        agreeing.confirm_plan(plan=plan, side=Side.PRODUCTION, actor=field.secretary, at=now)
    with pytest.raises(agreeing.ConfirmedAlready):
        agreeing.confirm_plan(plan=plan, side=Side.PARTY, actor=field.secretary, at=now)
    with pytest.raises(NotAllowed):
        agreeing.confirm_plan(plan=plan, side=Side.PARTY, actor=field.manager, at=now)


def test_what_was_confirmed_does_not_hold_for_another_text(field, now):
    plan = agreeing.offer_plan(plan=make_draft(field, now), actor=field.secretary, at=now)
    agreeing.confirm_plan(plan=plan, side=Side.PARTY, actor=field.secretary, at=now)
    with pytest.raises(StepNotAllowed):
        drafting.add_item(plan=plan, text=item_text(field, "另一条"), actor=field.secretary, at=now)
    agreeing.take_plan_back(plan=plan, actor=field.secretary, at=now)
    drafting.add_item(plan=plan, text=item_text(field, "另一条"), actor=field.secretary, at=now)
    plan = agreeing.offer_plan(plan=Plan.objects.get(pk=plan.pk), actor=field.secretary, at=now)

    assert agreement_of(plan).party is None


def test_a_change_in_force_is_a_new_version_with_what_changed_and_why(field, now):
    plan = make_agreed(field, now)
    item = item_of(plan)
    with pytest.raises(drafting.ReasonMissing):
        drafting.change_item(item=item, text=item_text(field, figure=None, goal="焊完"), actor=field.secretary, at=now)
    drafting.change_item(
        item=item_of(plan),
        text=item_text(field, due_on=date(2026, 9, 30)),
        reason="到料晚五天",
        actor=field.manager,
        at=now,
    )
    drafting.drop_item(item=item_of(plan, 2), reason="并入作业区", actor=field.secretary, at=now)

    first, second, third = PlanVersion.objects.filter(plan=plan).order_by("number")
    assert (first.changes, second.reason) == ([], "到料晚五天")
    assert second.changes == [
        {"act": "changed", "number": 1, "title": WELDING, "fields": [["due_on", "2026-09-25", "2026-09-30"]]}
    ]
    assert [change["act"] for change in third.changes] == ["dropped"]
    plan = Plan.objects.get(pk=plan.pk)
    assert (plan.version, agreement_of(plan).is_whole) == (3, False)
    assert list(plans_to_confirm(field.manager, now)) == [plan]
    agreeing.confirm_plan(plan=plan, side=Side.PRODUCTION, actor=field.manager, at=now)
    assert not plans_to_confirm(field.manager, now).exists()
    drafting.restore_item(item=item_of(plan, 2), reason="恢复", actor=field.secretary, at=now)
    assert PlanVersion.objects.filter(plan=plan).count() == 4


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": " "}, drafting.ItemIncomplete),
        ({"figure": None}, drafting.ItemIncomplete),
        ({"figure": -1}, drafting.ItemIncomplete),
        ({"weight": 101}, drafting.ItemIncomplete),
        ({"due_on": date(2026, 10, 1)}, drafting.DueOutside),
        ({"due_on": date(2026, 6, 30)}, drafting.DueOutside),
        ({"party_owner": "foreman"}, drafting.OwnersSame),
    ],
)
def test_an_item_that_does_not_hold_together_is_refused(field, now, changes, refusal):
    plan = make_draft(field, now, titles=())
    changes = {name: field.foreman.pk if value == "foreman" else value for name, value in changes.items()}
    with pytest.raises(refusal):
        drafting.add_item(plan=plan, text=item_text(field, **changes), actor=field.secretary, at=now)
    for day in (date(2026, 7, 1), date(2026, 9, 30)):
        drafting.add_item(plan=plan, text=item_text(field, due_on=day), actor=field.secretary, at=now)


def test_a_plan_is_drawn_from_what_the_last_one_left(field, now):
    plan = make_agreed(field, now)
    agreeing.finish_item(item=item_of(plan), done_on=now.date(), result="焊完", actor=field.foreman, at=now)
    following = drafting.draft_plan(body=field.branch, period="2026Q4", drawn_from=plan, actor=field.secretary, at=now)

    assert [(item.title, item.due_on) for item in following.items.all()] == [(STUDY, date(2026, 12, 26))]
    with pytest.raises(drafting.PlanThere):
        drafting.draft_plan(body=field.branch, period="2026Q4", actor=field.secretary, at=now)
    with pytest.raises(drafting.PeriodNotPlanned):
        drafting.draft_plan(body=field.branch, period="2026-09", actor=field.secretary, at=now)


def test_sd_12_planned_together_is_proposed_from_a_gathering_with_both_sides(field, now):
    plan = make_agreed(field, now)
    make_gathering(field, now)
    make_gathering(
        field, now + timedelta(hours=2), topics=(STUDY,), came=[field.organizer], kind=ActivityType.COMMITTEE_MEETING
    )

    assert checking.fill_checks(plan=plan, quarter=Q3, at=now) == 1
    assert check_of(plan, Aspect.PLANNED).state == CheckState.PROPOSED
    one_sided = check_of(plan, Aspect.PLANNED, 2)
    assert one_sided.state == CheckState.NONE
    with pytest.raises(checking.EvidenceOneSided):
        checking.confirm_check(check=one_sided, actor=field.secretary, at=now)
    with pytest.raises(checking.EvidenceMissing):
        checking.confirm_check(check=check_of(plan, Aspect.APPRAISED), actor=field.secretary, at=now)
    done = checking.confirm_check(check=check_of(plan, Aspect.PLANNED), actor=field.secretary, at=now)
    assert (done.state, done.decided_by) == (CheckState.CONFIRMED, field.secretary)


def test_sd_12_assigned_and_carried_out_follow_tasks(field, now):
    plan = make_agreed(field, now)
    task = open_task(
        title=f"{WELDING}第一段", assignee=field.foreman, due_at=now + timedelta(days=3), body=field.branch,
        actor=field.secretary, at=now,
    )  # fmt: skip
    checking.fill_checks(plan=plan, quarter=Q3, at=now)
    assert check_of(plan, Aspect.ASSIGNED).state == CheckState.PROPOSED
    assert check_of(plan, Aspect.CARRIED_OUT).state == CheckState.NONE

    later = now + timedelta(days=1)
    submit_task(task=task, note="焊完", actor=field.foreman, at=later)
    accept_task(task=task, actor=field.secretary, at=later)
    checking.fill_checks(plan=plan, quarter=Q3, at=later)

    assert check_of(plan, Aspect.CARRIED_OUT).state == CheckState.PROPOSED


def test_sd_12_appraised_together_follows_a_two_plus_one_appraisal(field, now):
    plan = make_agreed(field, now)
    make_gathering(field, now, topics=("季度考核",), kind=ActivityType.TWO_PLUS_ONE_APPRAISAL)
    checking.fill_checks(plan=plan, quarter=Q3, at=now)

    assert [check_of(plan, Aspect.APPRAISED, number).state for number in (1, 2)] == [CheckState.PROPOSED] * 2


def test_a_record_that_does_not_belong_is_put_aside_and_not_proposed_again(field, now):
    plan = make_agreed(field, now)
    meeting = make_gathering(field, now)
    checking.fill_checks(plan=plan, quarter=Q3, at=now)
    checking.reject_evidence(
        evidence=CheckEvidence.objects.select_related("check_row__item__plan").get(), actor=field.secretary, at=now
    )
    checking.fill_checks(plan=plan, quarter=Q3, at=now)
    check = check_of(plan, Aspect.PLANNED)
    assert check.state == CheckState.NONE

    checking.choose_evidence(check=check, activity=meeting, actor=field.secretary, at=now)
    assert check_of(plan, Aspect.PLANNED).state == CheckState.PROPOSED
    with pytest.raises(checking.RecordChosenAlready):
        checking.choose_evidence(check=check, activity=meeting, actor=field.secretary, at=now)


def test_deciding_contesting_and_taking_back(field, now):
    plan = make_agreed(field, now)
    make_gathering(field, now)
    checking.fill_checks(plan=plan, quarter=Q3, at=now)
    checking.confirm_check(check=check_of(plan, Aspect.PLANNED), actor=field.secretary, at=now)
    with pytest.raises(checking.WhyMissing):
        checking.contest_check(check=check_of(plan, Aspect.PLANNED), reason=" ", actor=field.foreman, at=now)
    with pytest.raises(NotAllowed):
        checking.contest_check(check=check_of(plan, Aspect.PLANNED), reason="没有研究", actor=field.member, at=now)
    checking.contest_check(check=check_of(plan, Aspect.PLANNED), reason="没有研究", actor=field.foreman, at=now)
    assert check_of(plan, Aspect.PLANNED).state == CheckState.CONTESTED
    checking.take_check_back(check=check_of(plan, Aspect.PLANNED), actor=field.foreman, at=now)
    assert check_of(plan, Aspect.PLANNED).state == CheckState.PROPOSED
    checking.waive_check(check=check_of(plan, Aspect.APPRAISED), reason="年底一并考核", actor=field.secretary, at=now)
    assert check_of(plan, Aspect.APPRAISED).steps.count() == 1
    with pytest.raises(NotAllowed):
        checking.confirm_check(check=check_of(plan, Aspect.PLANNED), actor=field.auditor, at=now)


def test_a_closed_quarter_keeps_its_matrix_and_tells_one_fact_that_ends_it(field, now):
    plan = make_agreed(field, now)
    make_gathering(field, now)
    opened = rounds.open_round(plan=plan, quarter=QUARTER, actor=field.secretary, at=now)
    with pytest.raises(rounds.StillProposed):
        rounds.close_round(round=opened, actor=field.secretary, at=now)
    checking.confirm_check(check=check_of(plan, Aspect.PLANNED), actor=field.secretary, at=now)
    for aspect in (Aspect.ASSIGNED, Aspect.CARRIED_OUT, Aspect.APPRAISED):
        checking.waive_check(check=check_of(plan, aspect), reason="无", actor=field.secretary, at=now)
    rounds.close_round(round=opened, actor=field.secretary, at=now)

    assert (opened.items, opened.joint, opened.gaps) == (2, 1, 4)
    (ended,) = Fact.objects.filter(kind="planning.check_closed")
    assert (ended.body, ended.values) == (field.branch.pk, {"quarter": QUARTER, "items": 2, "joint": 1, "gaps": 4})
    assert kinds(kind="planning.item_checked") == ["planning.item_checked"] * 2
    checking.take_check_back(check=check_of(plan, Aspect.PLANNED), actor=field.secretary, at=now)
    assert matrix_of(plan, Q3, now.date()).lines[0].is_joint
    assert [(past.quarter, past.percent) for past in past_of(plan)] == [(QUARTER, 50)]
    with pytest.raises(rounds.RoundOver):
        rounds.open_round(plan=plan, quarter=QUARTER, actor=field.secretary, at=now)
    with pytest.raises(rounds.QuarterOutside):
        rounds.open_round(plan=plan, quarter="2026Q4", actor=field.secretary, at=now)


def test_the_check_waits_for_the_bodys_own_officers_in_the_last_days(field, now):
    plan = make_agreed(field, now)
    assert list(checks_to_make(field.secretary, now)) == [plan]
    above = make_person("上级书记")
    make_post(above, "secretary", body=field.committee)
    assert not checks_to_make(above, now).exists()
    assert not checks_to_make(field.secretary, now - timedelta(days=14)).exists()


def test_a_gap_becomes_one_task_and_is_settled_with_the_check(field, now):
    plan = make_agreed(field, now)
    checking.fill_checks(plan=plan, quarter=Q3, at=now)
    check = check_of(plan, Aspect.PLANNED)
    gap = gaps.open_gap_task(check=check, actor=field.secretary, at=now)
    assert (gap.task.assignee, gap.task.title) == (field.organizer, f"补同谋划：{WELDING}")
    with pytest.raises(gaps.GapIsTask):
        gaps.open_gap_task(check=check, actor=field.secretary, at=now)
    with pytest.raises(NotAllowed):
        gaps.open_gap_task(check=check_of(plan, Aspect.APPRAISED), actor=field.auditor, at=now)

    make_gathering(field, now)
    checking.fill_checks(plan=plan, quarter=Q3, at=now)
    checking.confirm_check(check=check_of(plan, Aspect.PLANNED), actor=field.secretary, at=now)

    gap = GapTask.objects.select_related("task").get()
    assert (gap.settled_at, gap.task.state) == (now, "cancelled")
    with pytest.raises(gaps.NoGap):
        gaps.open_gap_task(check=check_of(plan, Aspect.PLANNED), actor=field.secretary, at=now)


def test_an_item_is_achieved_taken_back_and_asked_no_more_in_a_later_quarter(field, now):
    plan = make_agreed(field, now, period="2026")
    agreeing.finish_item(item=item_of(plan), done_on=now.date(), result="焊完", actor=field.foreman, at=now)
    with pytest.raises(agreeing.ResultMissing):
        agreeing.finish_item(
            item=item_of(plan, 2), done_on=now.date() + timedelta(days=1), result="早", actor=field.foreman, at=now
        )
    with pytest.raises(NotAllowed):
        agreeing.finish_item(item=item_of(plan, 2), done_on=now.date(), result="早", actor=field.member, at=now)
    assert len(matrix_of(plan, Q3, now.date()).lines) == 2
    assert len(matrix_of(plan, read_period("2026Q4"), now.date()).lines) == 1
    agreeing.unfinish_item(item=item_of(plan), actor=field.foreman, at=now)
    assert len(matrix_of(plan, read_period("2026Q4"), now.date()).lines) == 2


def test_filters_of_the_matrix_leave_what_they_say(field, now):
    plan = make_agreed(field, now)
    later = date(2026, 9, 26)
    matrix = matrix_of(plan, Q3, later)
    assert len(narrowed(matrix.lines, gaps=True)) == len(narrowed(matrix.lines, overdue=True)) == 2
    assert narrowed(matrix.lines, kind="party") == []
    assert narrowed(matrix.lines, owner=field.secretary.pk) == []
    assert len(narrowed(matrix.lines, owner=field.foreman.pk)) == 2


def test_who_sees_what(field, now):
    plan = make_agreed(field, now)
    stranger = make_person("倪春梅", home=make_body("采油七队党支部"))
    for person, seen in ((field.member, 1), (field.auditor, 1), (field.clerk, 1), (stranger, 0)):
        assert list_plans(person, now).count == seen
    checking.fill_checks(plan=plan, quarter=Q3, at=now)
    assert gaps_seen_by(field.member, now, Q3).count() == 8
    assert gaps_seen_by(field.member, now, Q3, aspect="planned", kind="production", text=WELDING).count() == 1
    assert gaps_seen_by(stranger, now, Q3).count() == 0


def test_many_plans_cost_as_much_as_one(field, now, django_assert_max_num_queries):
    plans = [make_agreed(field, now, period=period) for period in ("2026Q3", "2026H2", "2026")]
    with django_assert_max_num_queries(3):
        assert [standing.counts.items for standing in standings_of(plans, now.date())] == [2, 2, 2]
    with django_assert_max_num_queries(6):
        matrix_of(plans[0], Q3, now.date())


def test_a_closed_plan_changes_no_more_until_it_is_opened_again(field, now):
    plan = make_agreed(field, now)
    agreeing.close_plan(plan=plan, actor=field.secretary, at=now)
    with pytest.raises(StepNotAllowed):
        drafting.add_item(plan=plan, text=item_text(field), reason="补", actor=field.secretary, at=now)
    agreeing.reopen_plan(plan=plan, actor=field.secretary, at=now)
    drafting.add_item(plan=plan, text=item_text(field, "补一条"), reason="补", actor=field.secretary, at=now)
    assert ItemCheck.objects.count() == 12
    assert head_proposed(field.branch, now.date()) == field.manager
