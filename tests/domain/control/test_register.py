"""Losses agreed by two sides, approvals with their days, readiness, and counters that are computed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.control.enums import Aspect, IncidentKind, LossKind
from ronghe.domain.control.models import IdleClaim, Readiness
from ronghe.domain.control.selectors.readiness import standing_of_project
from ronghe.domain.control.selectors.register import (
    approvals_of,
    counters_of,
    counters_together,
    incidents_of,
    losses_listed,
    losses_of,
)
from ronghe.domain.control.selectors.standards import causes_of
from ronghe.domain.control.services.counting import (
    IncidentUnfit,
    WithdrawIncidentUntold,
    record_incident,
    withdraw_incident,
)
from ronghe.domain.control.services.losing import (
    AnswererMissing,
    CauseUnfit,
    LossText,
    LossUnfit,
    NoOtherSide,
    add_cause,
    end_cause,
    hand_in_again,
    record_loss,
)
from ronghe.domain.control.services.readying import (
    AspectUnfit,
    NotReady,
    PointText,
    ReadyAlready,
    TakeBackUntold,
    declare_ready,
    raise_point,
    record_aspect,
    take_ready_back,
)
from ronghe.domain.control.services.registering import (
    NOTHING_TOLD,
    ApprovalUnfit,
    DayUnfit,
    NoFurtherStage,
    Told,
    advance_approval,
    get_approval,
    open_phone,
    plan_next,
    refuse_approval,
    register_approval,
    submit_approval,
)
from ronghe.domain.items.services.changing import ItemClosed
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.items.services.raising import DeadlineMissing
from ronghe.domain.items.services.steps import OwnerMissing, Said, StepEvidenceMissing, StepNoteMissing, take_step
from ronghe.domain.projects.models import Project
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import POINT as POINTS
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.control import (
    accept,
    check_all_aspects,
    make_approval,
    make_loss,
    make_point,
    make_site,
)
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site()


def confirm(site, claim, at):
    return take_step(item=claim.item, step="confirm", actor=site.owner, at=at)


# Losses


def test_a_loss_counts_when_the_other_side_confirms_and_not_before(site, morning):
    claim = make_loss(site, morning)
    assert (claim.hours, claim.fen, claim.crew_unit) == (Decimal("36.50"), 438_000, site.units["builder"])
    assert losses_of(site.project, site.manager, morning).total.fen == 0
    for kept_out in (site.builders[0], site.builders[1], site.supervisor, site.manager):
        with pytest.raises(NotAllowed):
            take_step(item=claim.item, step="confirm", actor=kept_out, at=morning)
    confirm(site, claim, morning)

    losses = losses_of(site.project, site.manager, morning)
    assert (losses.total.hours, losses.total.yuan) == (Decimal("36.50"), Decimal(4380))
    fact = Fact.objects.get(kind="control.loss_agreed")
    assert fact.quantity == 4380 * POINTS
    assert fact.values == {"kind": "idle", "cause": "drawings", "minutes": 2190, "people": 6}


def test_contested_it_comes_back_with_other_numbers_and_the_old_ones_stay_in_the_history(site, morning):
    claim = make_loss(site, morning)
    with pytest.raises(StepNoteMissing):
        take_step(item=claim.item, step="contest", actor=site.owner, at=morning)
    take_step(item=claim.item, step="contest", actor=site.owner, at=morning, said=Said(note="只等了一天"))
    with pytest.raises(LossUnfit):
        hand_in_again(item=claim.item, values={"hours": "0"}, note="改", actor=site.builders[0], at=morning)
    claim.item.refresh_from_db()
    hand_in_again(
        item=claim.item, values={"hours": "18.25", "cost": "2190"}, note="按一天算", actor=site.builders[0], at=morning
    )

    claim = IdleClaim.objects.select_related("item").get()
    assert (claim.item.state, claim.hours, claim.fen, claim.item.values["hours"]) == (
        "recorded", Decimal("18.25"), 219_000, "18.25",
    )  # fmt: skip
    assert claim.item.steps.get(step="change").values["values"]["hours"] == "36.5"
    confirm(site, claim, morning)
    with pytest.raises(StepNotAllowed):
        hand_in_again(item=claim.item, values={}, note="改", actor=site.builders[0], at=morning)
    with pytest.raises(NotAllowed):
        hand_in_again(item=claim.item, values={}, note="改", actor=site.owner, at=morning)


def test_losses_add_up_by_cause_crew_and_month_and_what_recurs_is_named(site, morning):
    for number, (cause, crew, cost) in enumerate(
        (
            ("drawings", "焊接一班", "100.10"),
            ("drawings", "管工班", "100.20"),
            ("drawings", "焊接一班", "100.30"),
            ("weather", "管工班", "5000"),
        )
    ):
        confirm(
            site,
            make_loss(site, morning + timedelta(minutes=number), cause=cause, crew=crew, cost=cost, hours="1"),
            morning + timedelta(hours=1),
        )
    make_loss(site, morning)
    losses = losses_of(site.project, site.manager, morning)

    assert [(one.title, one.count, one.yuan) for one in losses.by_cause] == [
        ("天气", 1, Decimal(5000)), ("图纸未到或有误", 3, Decimal("300.60")),
    ]  # fmt: skip
    assert [(one.title, one.yuan) for one in losses.by_crew] == [
        ("管工班", Decimal("5100.20")), ("焊接一班", Decimal("200.40")),
    ]  # fmt: skip
    assert [(month, one.hours) for month, one in losses.by_month] == [(date(2026, 9, 1), Decimal(4))]
    assert ([one.title for one in losses.recurring], losses.waiting) == (["图纸未到或有误"], 1)
    assert losses_listed(site.project, site.manager, morning, words="管工班").count() == 2


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"hours": "0"}, LossUnfit), ({"hours": "1.005"}, ValuesUnfit), ({"hours": "x"}, ValuesUnfit), ({"people": "0"}, LossUnfit),
        ({"cost": "-1"}, ValuesUnfit), ({"basis": ""}, ValuesUnfit), ({"crew": ""}, ValuesUnfit), ({"cost": "1e13"}, ValuesUnfit),
    ],
)  # fmt: skip
def test_numbers_of_a_loss_that_cannot_be_are_refused(site, morning, change, refusal):
    values = {"crew": "焊接一班", "people": "6", "hours": "8", "cost": "100", "basis": "按日工资", **change}
    text = LossText(LossKind.REWORK, "workmanship", morning.date(), values, site.units["owner"], answerer=site.owner)
    with pytest.raises(refusal):
        record_loss(project=site.project, text=text, actor=site.builders[0], at=morning)
    assert not IdleClaim.objects.exists()


def test_the_two_sides_of_a_loss_are_two_units_of_the_project(site, morning):
    values = {"crew": "焊接一班", "people": "6", "hours": "8", "cost": "100", "basis": "按日工资"}

    def text(unit, **more):
        return LossText(
            LossKind.IDLE, more.pop("cause", "weather"), more.pop("day", morning.date()), values, unit, **more
        )

    outside = site.zone.committee.unit.__class__.objects.create(name="别处", kind="unit", valid_from=date(2020, 1, 1))
    for wrong in (site.units["builder"], outside):
        with pytest.raises(NoOtherSide):
            record_loss(project=site.project, text=text(wrong), actor=site.builders[0], at=morning)
    with pytest.raises(AnswererMissing):
        record_loss(project=site.project, text=text(site.units["owner"]), actor=site.builders[0], at=morning)
    for more in ({"day": morning.date() + timedelta(days=1)}, {"cause": "own:999"}, {"cause": "x"}):
        with pytest.raises(LossUnfit):
            record_loss(
                project=site.project,
                text=text(site.units["owner"], answerer=site.owner, **more),
                actor=site.builders[0],
                at=morning,
            )
    with pytest.raises(NotAllowed):
        record_loss(
            project=site.project,
            text=text(site.units["owner"]),
            actor=site.zone.secretary.__class__.objects.create(
                name="外人", initials="wr", political_status="13", valid_from=date(2020, 1, 1)
            ),
            at=morning,
        )


def test_a_unit_adds_causes_of_its_own(site, morning):
    cause = add_cause(body=site.project.body, name="等吊车", actor=site.zone.clerk, at=morning)
    for wrong in ("等吊车", "天气", "", "长" * 41):
        with pytest.raises(CauseUnfit):
            add_cause(body=site.project.body, name=wrong, actor=site.zone.clerk, at=morning)
    claim = make_loss(site, morning, cause=f"own:{cause.pk}")
    assert "等吊车" in claim.item.title
    end_cause(cause=cause, actor=site.zone.clerk, at=morning)
    with pytest.raises(Stale):
        end_cause(cause=cause, actor=site.zone.clerk, at=morning)
    assert (f"own:{cause.pk}", "等吊车") not in causes_of(site.project.body_id, morning.date())


# Approvals


def test_an_approval_waits_for_days_at_its_stage_and_in_all(site, morning):
    approval = make_approval(site, morning)
    today = morning.date()
    submit_approval(approval=approval, day=today - timedelta(days=23), told=NOTHING_TOLD, actor=site.owner, at=morning)
    advance_approval(approval=approval, day=today - timedelta(days=5), told=NOTHING_TOLD, actor=site.owner, at=morning)
    [line] = approvals_of(site.project, site.manager, morning)

    assert (line.stage.title, line.stage_days, line.all_days, line.is_overdue) == ("方案批复", 5, 23, False)
    [later] = approvals_of(site.project, site.manager, morning + timedelta(days=31))
    assert (later.all_days, later.is_overdue) == (54, True)
    last = Fact.objects.filter(kind="control.approval_stage").last()
    assert last.values == {"kind": "grid", "act": "advance", "stage": 2, "days": 18}


def test_got_it_waits_no_more_and_the_paper_is_there(site, morning):
    approval, today = make_approval(site, morning), morning.date()
    submit_approval(approval=approval, day=today - timedelta(days=10), told=NOTHING_TOLD, actor=site.owner, at=morning)
    given = {"approval": approval, "document_number": "庆电〔2026〕88号", "actor": site.owner, "at": morning}
    with pytest.raises(StepEvidenceMissing):
        get_approval(day=today, told=NOTHING_TOLD, **given)
    for wrong in (today + timedelta(days=1), today - timedelta(days=11)):
        with pytest.raises(DayUnfit):
            get_approval(day=wrong, told=Told(uploads=[photo()]), **given)
    get_approval(day=today - timedelta(days=1), told=Told(uploads=[photo()]), **given)
    [line] = approvals_of(site.project, site.manager, morning + timedelta(days=60))
    assert (line.all_days, line.stage, approval.item.state) == (9, None, "got")
    with pytest.raises(ItemClosed):
        plan_next(approval=approval, next_step="催", actor=site.owner, at=morning)


def test_refused_it_is_handed_in_again_at_the_same_stage(site, morning):
    approval, today = make_approval(site, morning), morning.date()
    given = {"approval": approval, "actor": site.owner, "at": morning}
    submit_approval(day=today - timedelta(days=9), told=NOTHING_TOLD, **given)
    with pytest.raises(StepNoteMissing):
        refuse_approval(day=today, told=NOTHING_TOLD, **given)
    refuse_approval(day=today - timedelta(days=2), told=Told("容量不符"), **given)
    submit_approval(day=today, told=NOTHING_TOLD, **given)
    [line] = approvals_of(site.project, site.manager, morning)
    assert (line.stage.number, line.all_days, approval.submitted_on) == (1, 9, today - timedelta(days=9))
    for _stage in range(2):
        advance_approval(day=today, told=NOTHING_TOLD, **given)
    with pytest.raises(NoFurtherStage):
        advance_approval(day=today, told=NOTHING_TOLD, **given)


def test_the_number_of_an_office_is_sealed_and_each_look_recorded(site, morning):
    approval = make_approval(site, morning)
    assert "0459" not in approval.phone_sealed
    assert open_phone(approval=approval, actor=site.owner, at=morning) == "0459-1234567"
    with pytest.raises(NotAllowed):
        open_phone(approval=approval, actor=site.builders[0], at=morning)
    assert Look.objects.filter(compartment="authority_contact").count() == 1
    plan_next(
        approval=approval,
        next_step="送补充材料",
        actor=site.owner,
        at=morning,
        phone="",
        due_at=morning + timedelta(days=2),
    )
    assert (open_phone(approval=approval, actor=site.owner, at=morning), approval.next_step) == ("", "送补充材料")
    approval.item.refresh_from_db()
    assert approval.item.due_at == morning + timedelta(days=2)


def test_a_register_entry_names_authority_and_stages(site, morning):
    from dataclasses import replace

    from ronghe.domain.control.services.registering import ApprovalText

    text = ApprovalText("grid", "并网", "供电公司", ("受理",), site.owner)
    for wrong in (
        {"authority": ""},
        {"stages": ()},
        {"stages": ("环",) * 13},
        {"stages": ("长" * 61,)},
        {"kind": "x"},
        {"phone": "1" * 41},
    ):
        with pytest.raises(ApprovalUnfit):
            register_approval(project=site.project, text=replace(text, **wrong), actor=site.manager, at=morning)
    with pytest.raises(NotAllowed):
        register_approval(project=site.project, text=text, actor=site.builders[0], at=morning)


# Readiness


def test_pj_09_ready_when_checked_closed_and_accepted(site, morning):
    def declared():
        return declare_ready(project=site.project, actor=site.owner, at=morning)

    with pytest.raises(NotReady, match="查设计漏项"):
        declared()
    check_all_aspects(site, morning)
    point = make_point(site, morning)
    with pytest.raises(NotReady, match="1 个问题"):
        declared()
    take_step(item=point, step="fix", actor=site.builders[0], at=morning, said=Said(note="已换", uploads=[photo()]))
    with pytest.raises(NotAllowed):
        take_step(item=point, step="verify", actor=site.builders[0], at=morning)
    take_step(item=point, step="verify", actor=site.supervisor, at=morning)
    with pytest.raises(NotReady, match="4 道工序"):
        declared()
    for process in site.processes:
        accept(site, process, morning)
    declared()

    assert standing_of_project(site.project).is_ready
    with pytest.raises(ReadyAlready):
        declared()
    make_point(site, morning)
    assert not standing_of_project(site.project).is_ready, "a point found later opens the question again"


def test_a_declaration_is_taken_back_with_a_reason(site, morning):
    check_all_aspects(site, morning)
    for process in site.processes:
        accept(site, process, morning)
    ready = declare_ready(project=site.project, actor=site.owner, at=morning)
    with pytest.raises(TakeBackUntold):
        take_ready_back(readiness=ready, reason="", actor=site.owner, at=morning)
    take_ready_back(readiness=ready, reason="漏查消防", actor=site.owner, at=morning)
    with pytest.raises(Stale):
        take_ready_back(readiness=Readiness.objects.get(), reason="漏查消防", actor=site.owner, at=morning)
    assert Fact.objects.filter(kind="control.ready_declared").exclude(reverses=None).count() == 1
    assert not standing_of_project(site.project).is_ready


def test_pj_09_a_point_settles_task_person_day_and_measure(site, morning):
    good = {
        "aspect": Aspect.DESIGN,
        "title": "缺排污管",
        "owner": site.builders[0],
        "due_at": morning + timedelta(days=1),
        "measure": "补画补装",
    }
    for missing, refusal in (("owner", OwnerMissing), ("due_at", DeadlineMissing)):
        with pytest.raises(refusal):
            raise_point(
                project=site.project, text=PointText(**{**good, missing: None}), actor=site.supervisor, at=morning
            )
    with pytest.raises(ValuesUnfit):
        raise_point(project=site.project, text=PointText(**{**good, "measure": ""}), actor=site.supervisor, at=morning)
    raise_point(project=site.project, text=PointText(**good), actor=site.supervisor, at=morning)
    lines = {line.aspect: (line.found, line.open) for line in standing_of_project(site.project).lines}
    assert lines == {Aspect.DESIGN: (1, 1), Aspect.QUALITY: (0, 0), Aspect.UNFINISHED: (0, 0)}


def test_a_check_to_come_is_no_check(site, morning):
    with pytest.raises(AspectUnfit):
        record_aspect(
            project=site.project,
            aspect=Aspect.DESIGN,
            checked_on=morning.date() + timedelta(days=1),
            actor=site.supervisor,
            at=morning,
        )


# Counters


def test_an_incident_sets_free_days_back_and_withdrawn_it_does_not(site, morning):
    today = morning.date()

    def days():
        project = Project.objects.get(pk=site.project.pk)
        return [(one.days, one.count) for one in counters_of([project], today)[project.pk]]

    assert days() == [(197, 0), (197, 0)]
    happened = today - timedelta(days=12)
    incident = record_incident(
        project=site.project,
        kind=IncidentKind.ACCIDENT,
        happened_on=happened,
        actor=site.safety,
        at=morning,
        class_code="轻伤",
    )
    assert days() == [(12, 1), (197, 0)]
    assert [one.days for one in counters_together([Project.objects.get(pk=site.project.pk)], today)] == [12, 197]
    with pytest.raises(NotAllowed):
        withdraw_incident(incident=incident, reason="误报", actor=site.safety, at=morning)
    with pytest.raises(WithdrawIncidentUntold):
        withdraw_incident(incident=incident, reason=" ", actor=site.manager, at=morning)
    withdraw_incident(incident=incident, reason="误报", actor=site.manager, at=morning)
    assert days() == [(197, 0), (197, 0)]
    assert incidents_of(site.project).get().withdrawn_by == site.manager
    with pytest.raises(Stale):
        withdraw_incident(incident=incident, reason="误报", actor=site.manager, at=morning)


def test_only_who_looks_after_safety_notes_an_incident(site, morning):
    for kept_out in (site.manager, site.builders[0], site.owner):
        with pytest.raises(NotAllowed):
            record_incident(
                project=site.project,
                kind=IncidentKind.POLLUTION,
                happened_on=morning.date(),
                actor=kept_out,
                at=morning,
            )
    with pytest.raises(IncidentUnfit):
        record_incident(
            project=site.project,
            kind=IncidentKind.POLLUTION,
            happened_on=morning.date() + timedelta(days=1),
            actor=site.safety,
            at=morning,
        )
