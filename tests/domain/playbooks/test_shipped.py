"""The shipped models against the accounts, the rule book and what the platform records."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from ronghe.domain.org.enums import PartyOrgKind, tree_of
from ronghe.domain.playbooks.calc.duties import duties_a_year
from ronghe.domain.playbooks.calc.model import Mechanism, Playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbook, shipped_playbooks
from ronghe.domain.playbooks.calc.vocabulary import (
    MATCHED_AT_ONCE,
    AttendanceWay,
    BodyKind,
    GoalHead,
    Reschedule,
    Signs,
)
from ronghe.domain.rhythm.enums import OWN_PRESENCE, TYPES_OF_TREE, ActivityType, VisitKind
from ronghe.kernel.facts.kinds import declared_kinds
from tests.architecture.sources import ROOT

MODELS = {"Y": "yilong_4plus1", "C": "changqing_six", "D": "daqing_zone"}
ZONE_BODIES = {BodyKind.COLLABORATION_ZONE, BodyKind.CO_BUILT_BRANCH, BodyKind.REGIONAL_BRANCH}

PRACTICES = (ROOT / "docs" / "domain" / "practices.md").read_text(encoding="utf-8")
REQUIREMENTS = (ROOT / "docs" / "domain" / "requirements.md").read_text(encoding="utf-8")

every_model = pytest.mark.parametrize("book", shipped_playbooks(), ids=lambda book: book.id)
every_mechanism = pytest.mark.parametrize(
    ("book", "mechanism"),
    [(book, mechanism) for book in shipped_playbooks() for mechanism in book.mechanisms if mechanism.origin == book.id],
    ids=lambda one: one.id,
)


def model(playbook_id: str) -> Playbook:
    found = shipped_playbook(playbook_id)
    assert found is not None
    return found


def of(playbook_id: str, mechanism_id: str) -> Mechanism:
    return model(playbook_id).mechanism(mechanism_id)


def practices() -> list[tuple[str, str, list[str], list[str]]]:
    """Return (account, practice, `model:mechanism` …, requirement …) of every row of the table."""
    rows = []
    for section in PRACTICES.split("\n## ")[1:]:
        account = section[0]
        for line in section.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not line.startswith("| ") or cells[0] in {"原文里的做法", "---"}:
                continue
            names = [n if ":" in n else f"{MODELS[account]}:{n}" for n in re.findall(r"`([a-z_0-9:]+)`", cells[1])]
            rows.append((account, cells[0], names, re.findall(r"[A-K]\d+", cells[2])))
    return rows


def satisfactions(mechanism: Mechanism):
    yield from mechanism.satisfied_by
    for sitting in mechanism.sittings:
        yield from sitting.satisfied_by


def test_every_practice_of_the_accounts_is_a_mechanism_or_belongs_to_another_room():
    """SD-01, SD-10, SD-13: the models are the accounts."""
    there = {f"{book.id}:{m.id}" for book in shipped_playbooks() for m in book.mechanisms if m.origin == book.id}
    rooms = set(re.findall(r"^\| ([A-K]\d+) \|", REQUIREMENTS, re.MULTILINE))

    rows = practices()

    assert {account for account, _practice, _names, _rooms in rows} == set(MODELS)
    assert [practice for _account, practice, names, homes in rows if not names and not homes] == []
    assert sorted({name for _account, _practice, names, _homes in rows for name in names} - there) == []
    assert sorted({home for _account, _practice, _names, homes in rows for home in homes} - rooms) == []


def test_no_mechanism_of_the_models_stands_outside_the_accounts():
    named = {name for _account, _practice, names, _homes in practices() for name in names}
    written = {
        f"{book.id}:{m.id}"
        for book in shipped_playbooks()
        for m in book.mechanisms
        if m.origin == book.id and book.id != "branch_base"
    }

    assert sorted(written - named) == []


@every_mechanism
def test_every_mechanism_stands_on_a_document(book, mechanism):
    assert mechanism.cites


@every_model
def test_every_role_dimension_group_and_document_is_used(book):
    own = [m for m in book.mechanisms if m.origin == book.id]
    inherited = {entry["id"] for base in book.extends for entry in model(base.split(">=")[0]).content["roles"]}

    assert {role.id for role in book.roles} - {m.answers for m in own} - inherited == set()
    assert {entry.id for entry in book.dimensions} == {m.dimension for m in book.mechanisms}
    assert {entry.id for entry in book.groups} == {group for m in book.mechanisms for group in m.counts_for}
    assert {d.id for d in book.documents} == {cite.document for m in book.mechanisms for cite in m.cites}


@every_mechanism
def test_every_mechanism_asks_for_a_record_that_the_platform_makes(book, mechanism):
    kinds = declared_kinds()
    for wanted in satisfactions(mechanism):
        assert wanted.kind in kinds or wanted.kind in MATCHED_AT_ONCE
        for condition in wanted.where:
            assert condition.attribute in kinds[wanted.kind].attributes
            assert condition.of is None or condition.of in kinds[wanted.kind].attributes
            if condition.attribute == "activity_type":
                assert set(condition.any_of) <= set(ActivityType)
            if condition.attribute == "visit":
                assert set(condition.any_of) <= set(VisitKind)


@every_mechanism
def test_every_body_that_owes_a_gathering_may_hold_one_that_counts(book, mechanism):
    for kind in mechanism.body_kinds & set(PartyOrgKind):
        held = TYPES_OF_TREE[tree_of(kind)]
        offers = [
            any(c.attribute != "activity_type" or held & set(c.any_of) for c in wanted.where) or not wanted.where
            for wanted in satisfactions(mechanism)
        ]
        assert any(offers) or not offers


@every_mechanism
def test_pm_15_meetings_with_own_presence_take_no_tick_for_somebody_else(book, mechanism):
    held = {kind for wanted in mechanism.satisfied_by for c in wanted.where if c.any_of for kind in c.any_of}
    if book.id == "branch_base" and held & OWN_PRESENCE and BodyKind.COMMITTEE not in mechanism.body_kinds:
        assert AttendanceWay.TICKED not in mechanism.attendance.ways


def test_the_base_holds_the_statutory_duties_of_branches_groups_and_committees():
    """PM-01 to PM-07, PM-09, PM-10, SD-11: how often a year."""
    base = model("branch_base")

    assert {m.id: (duties_a_year(m), m.cites[0].rule) for m in base.mechanisms} == {
        "general_meeting": (4, "PM-01"),
        "committee_meeting": (12, "PM-02"),
        "group_meeting": (12, "PM-03"),
        "party_lecture": (4, "PM-04"),
        "theme_party_day": (12, "PM-05"),
        "org_life_meeting": (1, "PM-06"),
        "democratic_appraisal": (1, "PM-07"),
        "heart_to_heart_talks": (1, "PM-09"),
        "first_topic": (12, "SD-11"),
        "committee_study": (4, "SD-11"),
        "secretary_lecture": (1, "PM-04"),
        "criticism_meeting": (1, "PM-10"),
        "concentrated_training": (0, "PS-01"),
    }
    assert of("branch_base", "committee_study").body_kinds == {BodyKind.COMMITTEE}
    assert of("branch_base", "theme_party_day").reschedule is Reschedule.WITHIN_WINDOW


def test_pm_10_the_organizational_life_meeting_asks_whether_leaders_came_as_members():
    assert "leaders_came" in {check.id for check in of("branch_base", "org_life_meeting").checks}


def test_ps_01_ps_02_ps_03_study_hours_are_parameters_of_the_base_and_of_every_model_on_it():
    for playbook_id in ("branch_base", *MODELS.values()):
        book = model(playbook_id)
        assert (book.key("study_hours_member"), book.key("study_hours_leader")) == (32, 56)
        assert (book.key("hours_of_full_day"), book.key("hours_of_half_day")) == (8, 4)
        assert (book.key("new_secretary_months"), book.key("excellent_share")) == (6, Fraction(1, 3))


def test_sd_13_sd_15_the_zone_model_is_kept_by_the_body_of_either_mode():
    zone = model("daqing_zone")
    own = [m for m in zone.mechanisms if m.origin == zone.id and m.id != "agreement_review"]

    assert [entry.title.zh for entry in zone.dimensions[-3:]] == ["一体化组织", "标准化管理", "智能化运行"]
    assert all(m.body_kinds == ZONE_BODIES for m in own)


def test_sd_14_each_of_the_six_institutions_has_a_form_of_its_own():
    six = [m for m in model("daqing_zone").mechanisms if "six_institutions" in m.counts_for]

    assert [m.id for m in six] == [
        "joint_conference",
        "morning_evening_huddles",
        "zone_theme_party_day",
        "two_plus_one_appraisal",
        "subcontractor_safety",
        "contractor_safety",
    ]
    forms = [(tuple(c.id for c in m.checks), tuple(f.id for f in m.figures)) for m in six]
    assert all(checks and figures for checks, figures in forms)
    assert len(set(forms)) == 6


def test_pc_06_contractors_pass_five_gates_and_pc_10_hired_workers_are_managed_like_own():
    gates = [check.id for check in of("daqing_zone", "contractor_safety").checks if check.id.startswith("gate_")]
    hired = of("daqing_zone", "subcontractor_safety")

    assert len(gates) == 5
    assert "same_rules" in {check.id for check in hired.checks}
    assert [figure.title.zh for figure in hired.figures] == ["进场外雇工", "证件过期", "教育未完成"]


def test_pc_08_the_zone_model_asks_for_a_safety_agreement_and_a_named_officer():
    safety = of("daqing_zone", "area_safety_agreement")

    assert [check.id for check in safety.checks] == ["signed", "officer_named"]
    assert safety.signs is Signs.EVERYONE


def test_sd_16_minds_resources_and_duties_are_shared():
    zone = model("daqing_zone")

    assert [m.title.zh for m in zone.mechanisms if "one_family" in m.counts_for][:3] == [
        "思想动态分析",
        "资源共享",
        "责任共担",
    ]
    assert duties_a_year(zone.mechanism("mood_notes")) == 12
    assert [wanted.kind for wanted in zone.mechanism("mood_notes").satisfied_by] == ["pools.mood_noted"]


def test_sd_17_the_zones_agreement_starts_from_no_accident_no_delay_no_breach_and_best_quality():
    goals = {goal.id: (goal.better.value, goal.target) for goal in model("daqing_zone").agreement.goals}

    assert [goals[name] for name in ("accidents", "delay", "breaches")] == [("down", "0")] * 3
    assert goals["excellent_processes"] == ("up", "100")


def test_sd_01_sd_02_the_four_plus_one_model_has_four_fusions_an_activity_and_an_agreement_with_three_heads():
    book = model("yilong_4plus1")

    assert [entry.title.zh for entry in book.dimensions[-5:]] == [
        "组织融合",
        "目标融合",
        "过程融合",
        "职责融合",
        "特色项目攻关活动",
    ]
    assert {goal.head for goal in book.agreement.goals} == set(GoalHead)
    assert [section.title.zh for section in book.agreement.sections][:2] == ["总体思路", "实施方案"]


def test_sd_03_a_task_force_fixes_people_goal_duty_and_date():
    assert [check.id for check in of("yilong_4plus1", "four_fixes").checks][:4] == [
        "people",
        "goal",
        "duty",
        "deadline",
    ]


def test_sd_04_a_claimed_task_states_three_duties_and_is_signed():
    three = of("yilong_4plus1", "three_duties")

    assert [check.id for check in three.checks] == ["qhse_duty", "project_duty", "member_duty", "signed"]
    assert three.signs is Signs.EVERYONE


def test_sd_05_pc_18_the_three_meetings_follow_one_another_and_everybody_signs_the_briefings():
    order = [of("yilong_4plus1", name) for name in ("site_group_meeting", "safety_briefing", "technical_briefing")]

    assert [m.after for m in order] == [(), ("site_group_meeting",), ("safety_briefing",)]
    assert [check.title.zh for check in order[0].checks] == ["思想稳定", "信念坚定", "目标确定"]
    assert all(m.signs is Signs.EVERYONE and m.attendance.is_signature for m in order[1:])
    assert [w.kind for w in of("yilong_4plus1", "site_chain").satisfied_by] == ["sitemeetings.chain_closed"]


def test_sd_06_joint_study_is_monthly_and_the_theme_day_of_a_task_force_two_monthly_beside_the_branchs():
    day = of("yilong_4plus1", "force_theme_day")

    assert duties_a_year(of("yilong_4plus1", "joint_study")) == 12
    assert duties_a_year(day) == 6
    assert day.not_with == {"theme_party_day"}


def test_sd_07_the_groups_by_hub_station_are_cited():
    assert [cite.rule for cite in of("yilong_4plus1", "groups_by_hub").cites] == ["SD-07"]


def test_sd_08_what_is_learnt_is_left_as_a_case_with_three_outcomes():
    assert [check.id for check in of("yilong_4plus1", "case_written").checks] == ["team", "experience", "brand"]


def test_sd_10_the_six_integrations_are_six_dimensions_each_with_mechanisms():
    book = model("changqing_six")
    own = [m for m in book.mechanisms if m.origin == book.id]

    assert [entry.title.zh[:4] for entry in book.dimensions[-6:]] == [
        "教育实践",
        "工作部署",
        "组织建设",
        "载体运行",
        "选育管用",
        "考核评价",
    ]
    assert {m.dimension for m in own} == {entry.id for entry in book.dimensions[-6:]}


def test_sd_09_al_15_grid_and_station_modes_are_written_down():
    assert len(of("changqing_six", "three_layer_grid").checks) == 4
    assert [check.id for check in of("changqing_six", "two_plus_three").checks] == ["unattended", "attended"]


def test_sd_12_the_four_together_check_has_its_four_steps():
    check = of("changqing_six", "four_together_check")

    assert [one.title.zh for one in check.checks] == ["同谋划", "同部署", "同实施", "同考核"]
    assert [wanted.kind for wanted in check.satisfied_by] == ["planning.check_closed"]


def test_themed_activities_are_four_and_one_record_counts_for_one_of_them():
    plus = [m for m in model("changqing_six").mechanisms if "party_plus" in m.counts_for]

    assert [m.title.zh for m in plus] == ["“党建+学习”", "“党建+生产”", "“党建+文体”", "“党建+廉洁”"]
    assert all(m.not_with == {other.id for other in plus} - {m.id} for m in plus)


def full_of(node: dict) -> Decimal:
    return Decimal(node["full"]) if "full" in node else sum((full_of(item) for item in node["items"]), Decimal(0))


def test_ap_01_joining_weighs_at_least_a_tenth_of_the_branch_sheet_and_vetoes_bar_selection():
    """H1; RT-03, RT-05, RT-07: stars every quarter, one step at most."""
    (sheet,) = [sheet for sheet in model("changqing_six").sheets if sheet["id"] == "branch_quarter"]
    (fusion,) = [item for item in sheet["root"]["items"] if item["id"] == "fusion"]

    assert full_of(fusion) / full_of(sheet["root"]) >= Decimal("0.10")
    assert full_of(sheet["root"]) == 100
    assert all(veto["bars"] == ["selection"] and veto["grade_at_most"] == "no_star" for veto in sheet["vetoes"])
    assert [band["if"]["at_least"] for band in sheet["grades"]["bands"][:5]] == [95, 90, 80, 70, 60]
    assert sheet["grades"]["max_steps"] == 1
    assert duties_a_year(of("changqing_six", "branch_star_rating")) == 4


def test_pp_01_pp_06_pp_11_members_and_teams_are_judged_by_their_colleagues_for_a_fifth():
    sheets = {sheet["id"]: sheet for sheet in model("changqing_six").sheets}

    for name in ("member_quarter", "team_quarter"):
        (judged,) = [item for item in sheets[name]["root"]["items"] if item["id"] == "judged_by_staff"]
        assert (judged["full"], judged["of"]["least"]) == (20, 5)
    assert duties_a_year(of("changqing_six", "team_star_acceptance")) == 4


def test_pp_07_pp_09_pp_10_carriers_shows_and_telling_have_their_parts():
    assert [c.id for c in of("changqing_six", "pioneer_carriers").checks] == ["area", "team", "post", "brand"]
    assert [c.title.zh for c in of("changqing_six", "three_shows").checks] == [
        "亮身份",
        "亮标准",
        "亮承诺",
        "比干劲",
        "比技能",
        "比业绩",
    ]
    assert [c.title.zh for c in of("changqing_six", "post_telling").checks] == [
        "讲政治责任",
        "讲工作职责",
        "讲岗位风险",
        "讲思路做法",
    ]


def test_ap_02_ap_03_responsibility_is_appraised_daily_quarterly_and_yearly():
    names = ("responsibility_daily", "responsibility_quarterly", "responsibility_yearly")

    assert [duties_a_year(of("changqing_six", name)) for name in names] == [0, 4, 1]


def test_ap_04_secretaries_report_once_a_year_and_get_one_of_four_grades():
    assert duties_a_year(of("changqing_six", "report_hearing")) == 1
    assert [grade.title.zh for grade in model("changqing_six").key("report_grades")] == ["好", "较好", "一般", "差"]


def test_ca_11_the_three_standing_ones_stand_together():
    three = [m for m in model("changqing_six").mechanisms if "standing_three" in m.counts_for]

    assert [(m.id, duties_a_year(m)) for m in three] == [
        ("style_check", 12),
        ("efficiency_bulletin", 12),
        ("warning_talks", 0),
    ]


def test_ca_03_ca_04_ca_09_ca_10_what_comes_with_the_case_owes_nothing_by_date():
    names = ("dual_development", "open_challenges", "off_duty_inquiry", "integrity_points", "work_log")

    assert [of("changqing_six", name).rhythm for name in names] == [None] * 5


def test_rt_02_branches_are_inspected_twice_a_year():
    assert duties_a_year(of("changqing_six", "special_inspection")) == 2


def test_the_campaign_owes_each_step_in_its_stage_and_nothing_after_it():
    """C8."""
    book = model("benchmark_year")

    assert [stage.id for stage in book.campaign.stages] == ["mobilize", "measure", "improve", "accept"]
    assert {m.id: (m.from_on, m.until_on, duties_a_year(m)) for m in book.mechanisms} == {
        "kick_off": (date(2026, 1, 1), date(2026, 4, 1), 1),
        "benchmark_visit": (date(2026, 4, 1), date(2026, 7, 1), 1),
        "correction_review": (date(2026, 7, 1), date(2026, 10, 1), 3),
        "summing_up": (date(2026, 10, 1), date(2027, 1, 1), 1),
        "stage_summary": (date(2026, 1, 1), date(2027, 1, 1), 4),
        "quarterly_stars": (date(2026, 1, 1), date(2027, 1, 1), 4),
    }


def test_the_overridden_theme_day_is_shown():
    (override,) = model("changqing_six").overrides

    assert (override.mechanism, override.base) == ("theme_party_day", "branch_base")
