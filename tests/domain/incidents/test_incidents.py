"""Accidents: graded by law, told in time or visibly late, changed figures, closed, withdrawn; free days of a project."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.control.models import Incident
from ronghe.domain.control.selectors.register import counters_of
from ronghe.domain.incidents.enums import AccidentKind
from ronghe.domain.incidents.models import Accident
from ronghe.domain.incidents.rules import REPORT, SEE_ACCIDENT, WITHDRAW
from ronghe.domain.incidents.selectors import (
    PlanRefused,
    accidents_filtered,
    figures_of,
    notices_of,
    notices_owed,
    plan_in_force,
)
from ronghe.domain.incidents.services.reporting import (
    AccidentMomentWrong,
    AccidentNowhere,
    AccidentOver,
    AccidentUntold,
    CodeUnknown,
    EventHurtsNobody,
    Figures,
    FiguresWrong,
    ReasonMissing,
    SupplementTooLate,
    ToldMomentWrong,
    add_figures,
    close_accident,
    tell_level,
    withdraw_accident,
)
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import THEME_DAY, playbook
from tests.factories.incidents import make_accident
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import make_area, safety_of

pytestmark = pytest.mark.django_db
OWN_PLAN = """
grades: [{id: any, title: 事故, deaths: 0, injured: 0, yuan: 0}]
lines: [{id: boss, title: 站长}]
classes: {prefix: WSA1, numbers: [1]}
harms: {prefix: WSA2, numbers: [1]}
"""


@pytest.fixture
def story():
    return make_zone()


def lines_of(accident):
    return {row.line: row for row in notices_of(accident)}


def test_in_02_whoever_is_there_reports_and_the_levels_are_told_in_time_or_late(story, morning):
    safety = safety_of(story)
    accident = make_accident(story, morning)
    assert (accident.grade, list(lines_of(accident))) == ("general", ["head", "county", "superior", "city"])
    assert [row.line for row in notices_owed(safety, morning)] == ["head", "county", "superior", "city"]
    tell_level(notice=lines_of(accident)["head"], actor=story.members[0], at=morning + timedelta(minutes=5))
    county = lines_of(accident)["county"]
    assert county.due_at == morning + timedelta(minutes=65)
    assert county.is_late(county.due_at) is False
    assert county.is_late(county.due_at + timedelta(seconds=1)) is True
    tell_level(notice=county, actor=safety, at=morning + timedelta(minutes=65), way="电话，值班室")
    superior = tell_level(notice=lines_of(accident)["superior"], actor=safety, at=morning + timedelta(minutes=66))

    assert superior.is_late(morning) is True
    assert lines_of(accident)["city"].due_at == morning + timedelta(minutes=185)
    told = [fact.values for fact in Fact.objects.filter(kind="incidents.level_told").order_by("pk")]
    assert [(one["line"], one["on_time"], one["minutes"]) for one in told] == [
        ("head", True, 5), ("county", True, 65), ("superior", False, 66)
    ]  # fmt: skip
    found = accidents_filtered(morning + timedelta(minutes=66)).get()
    assert (found.owed, found.behind) == (1, 1)
    with pytest.raises(Stale):
        tell_level(notice=superior, actor=safety, at=morning + timedelta(minutes=70))


def test_the_unit_sets_the_minutes_in_its_playbook(story, morning):
    book = playbook(f"{THEME_DAY}keys: {{incident_head_minutes: 30}}\n")
    adopt_playbook(body=story.body, playbook=book, since=date(2026, 9, 1), actor=None, at=morning)

    assert lines_of(make_accident(story, morning))["county"].due_at == morning + timedelta(minutes=30)


def test_a_house_has_a_plan_of_its_own(story, morning, settings):
    own = settings.HOME.root / "reporting.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    try:
        own.write_text(OWN_PLAN, encoding="utf-8")
        assert [row.title for row in notices_of(make_accident(story, morning))] == ["站长"]
        own.write_text("lines: 3", encoding="utf-8")
        with pytest.raises(PlanRefused, match=r"reporting\.yaml"):
            plan_in_force()
    finally:
        own.unlink()


def test_told_moments_lie_between_known_and_now(story, morning):
    head = lines_of(make_accident(story, morning))["head"]

    for moment in (morning - timedelta(minutes=1), morning + timedelta(minutes=1)):
        with pytest.raises(ToldMomentWrong):
            tell_level(notice=head, told_at=moment, actor=story.lead, at=morning)
    tell_level(notice=head, told_at=morning, actor=story.lead, at=morning)


def test_in_02_changed_figures_count_for_thirty_days_and_a_worse_grade_is_told_higher(story, morning):
    accident = make_accident(story, morning)
    last = morning + timedelta(days=30)
    add_figures(accident=accident, figures=Figures(3, 1, Decimal(20)), actor=story.lead, at=last, note="两人抢救无效")

    assert accident.grade == "larger"
    assert "province" in lines_of(accident)
    assert [(row.deaths, row.grade) for row in figures_of(accident)] == [(3, "larger"), (0, "general")]
    with pytest.raises(SupplementTooLate, match="30 天"):
        add_figures(accident=accident, figures=Figures(4), actor=story.lead, at=last + timedelta(days=1))
    for wrong in (Figures(-1), Figures(0, -1), Figures(0, 0, Decimal(-1)), Figures(10**7)):
        with pytest.raises(FiguresWrong):
            add_figures(accident=accident, figures=wrong, actor=story.lead, at=last)


def test_what_hurt_nobody_is_told_inside_and_sets_no_counter_back(story, morning):
    for hurt in (Figures(1), Figures(0, 1)):
        with pytest.raises(EventHurtsNobody):
            make_accident(story, morning, kind=AccidentKind.EVENT, figures=hurt)
    nobody = Figures(0, 0, Decimal(1200))
    accident = make_accident(story, morning, kind=AccidentKind.EVENT, project=Project.objects.get(), figures=nobody)

    assert (list(lines_of(accident)), accident.grade) == (["head"], "")
    add_figures(accident=accident, figures=Figures(0, 0, Decimal(900)), actor=story.lead, at=morning)
    close_accident(accident=accident, result="换吊钩", actor=story.lead, at=morning)
    assert Fact.objects.get(kind="incidents.closed").values == {"grade": "none"}
    assert not Incident.objects.exists()


def test_what_is_missing_or_wrong_is_said(story, morning):
    refused = [
        (AccidentUntold, {"title": " "}), (AccidentUntold, {"title": "事" * 121}), (AccidentUntold, {"place": ""}),
        (AccidentUntold, {"kind": "war"}), (AccidentNowhere, {"body": None}),
        (AccidentMomentWrong, {"happened_at": morning + timedelta(minutes=1)}),
        (AccidentMomentWrong, {"known_at": morning - timedelta(minutes=31)}),
        (AccidentMomentWrong, {"known_at": morning + timedelta(minutes=1)}), (CodeUnknown, {"class_code": "WSA10027"}),
        (CodeUnknown, {"harm_code": "WSA20005"}),
    ]  # fmt: skip
    for error, more in refused:
        with pytest.raises(error):
            make_accident(story, morning, **more)
    assert not Fact.objects.filter(kind="safety.accident").exists()
    made = make_accident(story, morning, class_code="wsa10099", harm_code="WSA20004", area=make_area(story, morning))
    assert (made.class_code, made.zone) == ("WSA10099", story.zone)


def test_an_accident_sets_the_free_days_of_its_project_back_until_it_is_withdrawn(story, morning):
    project = Project.objects.get()
    today = local_day(morning)
    accident = make_accident(story, morning, project=project, class_code="WSA10010")
    [incident] = Incident.objects.all()
    assert (incident.kind, incident.happened_on, incident.class_code) == ("accident", today, "WSA10010")
    assert counters_of([project], today)[project.pk][0].count == 1
    withdraw_accident(accident=accident, reason="演练误报", actor=story.lead, at=morning)

    incident.refresh_from_db()
    assert (incident.withdrawn_by, incident.withdrawn_why) == (story.lead, "事故报告已撤销")
    assert counters_of([project], today)[project.pk][0].count == 0
    fact = Fact.objects.get(kind="safety.accident", reverses=None)
    assert Fact.objects.filter(reverses=fact.pk).count() == 1
    assert fact.occurred_at == accident.happened_at


def test_closed_and_withdrawn_once_and_never_by_who_reported_it(story, morning):
    accident = make_accident(story, morning, by=story.lead)
    assert not WITHDRAW.allows(story.lead, accident, at=morning)
    with pytest.raises(NotAllowed):
        withdraw_accident(accident=accident, reason="误报", actor=story.lead, at=morning)
    for act, word in ((close_accident, "result"), (withdraw_accident, "reason")):
        with pytest.raises(ReasonMissing):
            act(accident=accident, actor=story.secretary, at=morning, **{word: " "})
    close_accident(accident=accident, result="支护不足，已补", actor=story.lead, at=morning)
    with pytest.raises(Stale):
        close_accident(accident=accident, result="再来", actor=story.lead, at=morning)
    with pytest.raises(AccidentOver):
        add_figures(accident=accident, figures=Figures(1), actor=story.lead, at=morning)
    withdraw_accident(accident=accident, reason="不是本单位的", actor=story.secretary, at=morning)
    with pytest.raises(AccidentOver):
        tell_level(notice=Accident.objects.get().notices.first(), actor=story.secretary, at=morning)
    with pytest.raises(Stale):
        withdraw_accident(accident=accident, reason="又一次", actor=story.secretary, at=morning)
    assert not notices_owed(story.secretary, morning).exists()


def test_who_belongs_there_sees_and_reports_and_nobody_else(story, morning):
    accident = make_accident(story, morning)
    stranger = make_person("过客")

    assert SEE_ACCIDENT.allows(story.members[1], accident, at=morning)
    assert not SEE_ACCIDENT.allows(stranger, accident, at=morning)
    assert not REPORT.allows(stranger, story.body, at=morning)
    with pytest.raises(NotAllowed):
        make_accident(story, morning, by=stranger)
    with pytest.raises(NotAllowed):
        add_figures(accident=accident, figures=Figures(1), actor=story.members[1], at=morning)


@pytest.mark.parametrize(
    ("asked", "found"),
    [({}, 1), ({"words": "塌方"}, 1), ({"words": "没有"}, 0), ({"kind": "pollution"}, 0), ({"grade": "general"}, 1),
     ({"open_": True}, 1), ({"late": True}, 0)],
)  # fmt: skip
def test_filters(story, morning, asked, found):
    make_accident(story, morning)

    assert accidents_filtered(morning, **asked).count() == found
    assert accidents_filtered(morning + timedelta(hours=2), late=True).count() == 1
