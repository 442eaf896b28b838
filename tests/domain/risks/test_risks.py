"""The register of risks (E5): areas, versions, what a permit reads on a day, raised and put back, who may."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.enums import RiskGrade, VersionKind
from ronghe.domain.risks.models import Risk, RiskArea
from ronghe.domain.risks.rules import REVIEW_RISK, SEE_RISK
from ronghe.domain.risks.selectors import (
    areas_counted,
    list_risks,
    own_raised,
    people_for,
    risks_at,
    risks_filtered,
    risks_to_review,
    versions_of,
)
from ronghe.domain.risks.services.areas import (
    AreaHasRisks,
    AreaNameTaken,
    AreaText,
    AreaUnnamed,
    change_area,
    close_area,
    open_area,
)
from ronghe.domain.risks.services.raising import RaiseTooLow, RaiseUntold, raise_from, raise_risk, review_risk
from ronghe.domain.risks.services.registering import (
    OwnerFromOutside,
    ReviewDayWrong,
    RiskCloseUntold,
    RiskDayWrong,
    RiskStillRaised,
    RiskText,
    RiskUntold,
    add_risk,
    change_risk,
    close_risk,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import THEME_DAY, playbook
from tests.factories.org import make_person
from tests.factories.rhythm import make_task, make_zone
from tests.factories.risks import make_area, make_risk, safety_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


def facts_of(kind):
    return [(fact.subject, fact.values) for fact in Fact.objects.filter(kind=kind).order_by("pk")]


def text_of(risk, **changes):
    kept = {"title": risk.title, "grade": RiskGrade(risk.grade), "measures": risk.measures, "owner": risk.owner}
    return RiskText(**{**kept, **changes})


def test_an_area_is_marked_out_changed_and_given_up(story, morning):
    area = make_area(story, morning)
    change_area(area=area, text=AreaText("脱水区"), actor=story.lead, at=morning)

    assert (area.name, area.bounds, area.zone, area.unit) == ("脱水区", "", None, story.committee.unit)
    close_area(area=area, actor=story.lead, at=morning)
    assert not areas_counted(story.lead, morning).exists()
    with pytest.raises(Stale):
        close_area(area=area, actor=story.lead, at=morning)
    with pytest.raises(Stale):
        change_area(area=area, text=AreaText("x"), actor=story.lead, at=morning)
    with pytest.raises(Stale):
        make_risk(story, morning, area=area)
    kinds = list(Fact.objects.filter(kind__startswith="risks.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["risks.area_opened", "risks.area_changed", "risks.area_closed"]


@pytest.mark.parametrize("name", ["", "  ", "区" * 61])
def test_an_area_without_a_name_is_refused(story, morning, name):
    with pytest.raises(AreaUnnamed):
        open_area(text=AreaText(name), body=story.body, actor=story.lead, at=morning)


def test_a_body_has_one_area_of_a_name_and_a_used_one_is_not_given_up(story, morning):
    risk = make_risk(story, morning)

    with pytest.raises(AreaNameTaken, match="原油脱水区"):
        make_area(story, morning)
    with pytest.raises(AreaHasRisks, match="1 项风险"):
        close_area(area=risk.area, actor=story.lead, at=morning)
    assert RiskArea.objects.count() == 1


def test_a_risk_is_due_by_its_grade_as_the_unit_sets_it(story, morning):
    from ronghe.domain.playbooks.services import adopt_playbook

    first = make_risk(story, morning)
    book = playbook(f"{THEME_DAY}keys: {{risk_review_days_yellow: 7}}\n")
    adopt_playbook(body=story.body, playbook=book, since=date(2026, 9, 1), actor=None, at=morning)
    second = make_risk(story, morning, area=first.area, title="高处坠落")
    red = make_risk(story, morning, area=first.area, title="井喷", grade=RiskGrade.RED)

    today = local_day(morning)
    assert [row.review_on - today for row in (first, second, red)] == [
        timedelta(days=180), timedelta(days=7), timedelta(days=30)
    ]  # fmt: skip
    [counted] = areas_counted(story.members[0], morning)
    assert (counted.count, counted.worst, counted.raised) == (3, RiskGrade.RED, 0)


def test_what_is_missing_or_does_not_fit_is_refused(story, morning):
    area = make_area(story, morning)
    today = local_day(morning)
    refused = [
        (RiskUntold, {"title": " "}), (RiskUntold, {"title": "险" * 121}), (RiskUntold, {"harm": "重" * 201}),
        (OwnerFromOutside, {"owner": make_person("外人")}), (RiskDayWrong, {"valid_from": today + timedelta(days=1)}),
        (ReviewDayWrong, {"review_on": today}),
    ]  # fmt: skip
    for error, more in refused:
        with pytest.raises(error):
            make_risk(story, morning, area=area, **more)
    with pytest.raises(RiskUntold):
        add_risk(area=area, text=RiskText("a", RiskGrade.RED, " ", story.lead), actor=story.lead, at=morning)
    assert not Risk.objects.exists()
    make_risk(story, morning, area=area, title="险" * 120, review_on=today + timedelta(days=1), valid_from=today)


def test_a_change_is_a_version_from_a_day_on_and_permits_read_that_of_their_day(story, morning):
    today = local_day(morning)
    risk = make_risk(story, morning, valid_from=today - timedelta(days=10))
    given = text_of(risk, grade=RiskGrade.ORANGE, valid_from=today - timedelta(days=2), reason="新开挖")
    change_risk(risk=risk, text=given, actor=story.lead, at=morning)

    def grades(days):
        return [row.grade for row in risks_at([risk.area_id], today - timedelta(days=days))]

    assert [grades(days) for days in (11, 10, 3, 2, 0)] == [
        [], [RiskGrade.YELLOW], [RiskGrade.YELLOW], [RiskGrade.ORANGE], [RiskGrade.ORANGE]
    ]  # fmt: skip
    assert [(row.number, row.kind, row.reason) for row in versions_of(risk)] == [
        (2, VersionKind.CHANGED, "新开挖"), (1, VersionKind.ENTERED, "")
    ]  # fmt: skip
    with pytest.raises(RiskDayWrong):
        change_risk(risk=risk, text=text_of(risk, valid_from=today - timedelta(days=3)), actor=story.lead, at=morning)
    assert facts_of("risks.changed") == [
        (story.members[0].token, {"grade": "orange", "before": "yellow", "version": 2})
    ]


def test_risks_of_areas_come_worst_first_in_one_statement(story, morning, django_assert_num_queries):
    area = make_area(story, morning)
    other = make_area(story, morning, name="罐区")
    for number, grade in enumerate((RiskGrade.BLUE, RiskGrade.RED, RiskGrade.ORANGE)):
        make_risk(story, morning, area=(area, other)[number % 2], title=f"风险{number}", grade=grade)
    closed = make_risk(story, morning, area=other, title="已没有")
    close_risk(risk=closed, reason="设备已拆除", actor=story.lead, at=morning)

    with django_assert_num_queries(1):
        found = risks_at([area.pk, other.pk], local_day(morning))
    assert [(row.risk.title, row.risk.area.name) for row in found] == [
        ("风险1", "罐区"), ("风险2", "原油脱水区"), ("风险0", "原油脱水区")
    ]  # fmt: skip
    assert risks_at([], local_day(morning)) == []


def test_what_happened_raises_a_risk_once_until_somebody_else_puts_it_back(story, morning):
    safety = safety_of(story)
    risk = make_risk(story, morning)
    task = make_task(story, morning)
    for _ in range(2):
        risk = raise_from(
            risk=risk, source=task, cause="violation", reason="沟内抽烟", actor=story.members[1], at=morning
        )

    assert (risk.grade, risk.usual_grade, risk.is_raised, risk.version) == (RiskGrade.ORANGE, RiskGrade.YELLOW, True, 2)
    latest = versions_of(risk)[0]
    assert (latest.source_type, latest.source_id, latest.reason) == ("work.task", task.pk, "沟内抽烟")
    assert list(own_raised(story.members[0], morning)) == [risk]
    assert list(risks_to_review(safety, morning)) == [risk]
    for grade in (RiskGrade.RED, RiskGrade.YELLOW):
        with pytest.raises(RiskStillRaised):
            change_risk(risk=risk, text=text_of(risk, grade=grade), actor=story.lead, at=morning)
    with pytest.raises(RiskStillRaised):
        close_risk(risk=risk, reason="没有了", actor=story.lead, at=morning)
    review_risk(risk=risk, grade=RiskGrade.YELLOW, reason="已整改，措施到位", actor=safety, at=morning)

    assert (risk.grade, risk.is_raised) == (RiskGrade.YELLOW, False)
    assert not risks_to_review(safety, morning).exists()
    said = facts_of("risks.reviewed")[0][1]
    assert said == {"grade": "yellow", "before": "orange", "is_put_back": True, "version": 3}
    assert facts_of("risks.raised")[0][1]["cause"] == "violation"


def test_measures_and_owner_may_change_while_it_is_raised(story, morning):
    risk = make_risk(story, morning)
    raise_risk(risk=risk, reason="连续两次超限", actor=story.lead, at=morning)
    change_risk(
        risk=risk, text=text_of(risk, measures="加装报警仪", owner=story.members[1]), actor=story.lead, at=morning
    )

    assert (risk.grade, risk.is_raised, risk.usual_grade) == (RiskGrade.ORANGE, True, RiskGrade.YELLOW)
    assert versions_of(risk)[0].owner == story.members[1]


def test_a_red_risk_stays_red_and_waits_for_its_review(story, morning):
    risk = make_risk(story, morning, grade=RiskGrade.RED)
    raised = raise_from(
        risk=risk, source=make_task(story, morning), cause="hazard", reason="又漏了", actor=story.lead, at=morning
    )

    assert (raised.grade, raised.is_raised) == (RiskGrade.RED, True)
    close = raise_from(risk=_closed(story, morning), source=make_task(story, morning), cause="hazard", reason="晚了",
                       actor=story.lead, at=morning)  # fmt: skip
    assert close.is_raised is False


def _closed(story, morning):
    risk = make_risk(story, morning, area=make_area(story, morning, name="旧站"))
    return close_risk(risk=risk, reason="旧站拆了", actor=story.lead, at=morning)


def test_raising_by_hand_only_goes_up_and_says_why(story, morning):
    risk = make_risk(story, morning)

    with pytest.raises(RaiseTooLow, match="黄"):
        raise_risk(risk=risk, reason="试", to=RiskGrade.YELLOW, actor=story.lead, at=morning)
    for reason in (" ", "由" * 401):
        with pytest.raises(RaiseUntold):
            raise_risk(risk=risk, reason=reason, actor=story.lead, at=morning)
    raise_risk(risk=risk, reason="雨季", to=RiskGrade.RED, actor=story.members[0], at=morning)
    assert risk.grade == RiskGrade.RED


def test_who_answers_for_it_or_raised_it_does_not_put_it_back(story, morning):
    safety = safety_of(story)
    risk = make_risk(story, morning, owner=safety)
    raise_risk(risk=risk, reason="检查发现", actor=story.lead, at=morning)

    for person in (safety, story.lead, story.members[0], make_person("外人")):
        assert not REVIEW_RISK.allows(person, risk, at=morning)
        with pytest.raises(NotAllowed):
            review_risk(risk=risk, grade=RiskGrade.BLUE, reason="好了", actor=person, at=morning)
    with pytest.raises(ReviewDayWrong):
        review_risk(
            risk=risk,
            grade=RiskGrade.BLUE,
            reason="好了",
            review_on=local_day(morning),
            actor=story.secretary,
            at=morning,
        )
    with pytest.raises(RaiseUntold):
        review_risk(risk=risk, grade=RiskGrade.BLUE, reason="", actor=story.secretary, at=morning)
    review_risk(risk=risk, grade=RiskGrade.BLUE, reason="好了", actor=story.secretary, at=morning)
    assert risk.usual_grade == RiskGrade.BLUE


def test_a_risk_that_somebody_moved_is_stale(story, morning):
    risk = make_risk(story, morning)
    seen = Risk.objects.get(pk=risk.pk)
    raise_risk(risk=risk, reason="先到", actor=story.lead, at=morning)

    with pytest.raises(Stale):
        raise_risk(risk=seen, reason="后到", actor=story.lead, at=morning)
    with pytest.raises(Stale):
        close_risk(risk=seen, reason="后到", actor=story.lead, at=morning)
    with pytest.raises(RiskCloseUntold):
        close_risk(risk=seen, reason=" ", actor=story.lead, at=morning)


def test_everybody_who_works_there_reads_it_and_nobody_else(story, morning):
    risk = make_risk(story, morning)
    worker = make_person("王海", unit=story.committee.unit, status=PoliticalStatus.MASSES)
    stranger = make_person("过客")

    assert SEE_RISK.allows(worker, risk, at=morning)
    assert list(list_risks(worker, morning, risks_filtered(worker, morning)).rows) == [risk]
    assert not SEE_RISK.allows(stranger, risk, at=morning)
    assert list_risks(stranger, morning, risks_filtered(stranger, morning)).rows == []
    assert worker in people_for(risk.area, morning)
    assert stranger not in people_for(risk.area, morning)
    with pytest.raises(NotAllowed):
        open_area(text=AreaText("南区"), body=story.body, actor=worker, at=morning)
    with pytest.raises(NotAllowed):
        raise_risk(risk=risk, reason="我看不行", actor=worker, at=morning)


@pytest.mark.parametrize(
    ("asked", "found"),
    [({}, 2), ({"words": "坠落"}, 1), ({"words": "通风"}, 2), ({"grade": RiskGrade.RED}, 1), ({"mine": True}, 0),
     ({"raised": True}, 1), ({"due": True}, 1), ({"closed": True}, 0), ({"area": 0}, 0), ({"zone": 0}, 0)],
)  # fmt: skip
def test_filters(story, morning, asked, found):
    risk = make_risk(story, morning)
    make_risk(story, morning, area=risk.area, title="高处坠落", grade=RiskGrade.RED)
    raise_risk(risk=risk, reason="检查", actor=story.members[0], at=morning)

    assert risks_filtered(story.lead, morning, **asked).count() == found


def test_a_review_is_due_on_its_day_and_not_the_day_before(story, morning):
    safety = safety_of(story)
    day = local_day(morning)
    risk = make_risk(story, morning, review_on=day + timedelta(days=1))

    assert not risks_to_review(safety, morning).exists()
    assert list(risks_to_review(safety, morning + timedelta(days=1))) == [risk]
