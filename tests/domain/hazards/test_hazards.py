"""隐患 (IN-04): reported, assessed with the five settled, put right, accepted by somebody else, struck off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.hazards.enums import FindingGrade
from ronghe.domain.hazards.models import Finding
from ronghe.domain.hazards.rules import HAZARD
from ronghe.domain.hazards.selectors import bodies_to_report_to, risks_to_name, statistics_of
from ronghe.domain.hazards.services.reporting import AreaGivenUp, FindingNowhere, GradeUnfit, Report, report_hazard
from ronghe.domain.hazards.services.settling import Assessed, DeadlineTooFar, RiskElsewhere, assess_hazard
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_owed_by, items_to_run, record_of
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.items.services.raising import ItemText, TitleMissing, raise_item
from ronghe.domain.items.services.steps import OwnerMissing, Said, StepEvidenceMissing, take_step
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk
from ronghe.domain.risks.services.areas import close_area
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import THEME_DAY, playbook
from tests.factories.hazards import FIVE, assessed, fixed, make_hazard
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone, photo
from tests.factories.risks import make_area, make_risk, safety_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


def test_in_04_a_hazard_runs_from_the_report_to_struck_off(story, morning):
    safety = safety_of(story)
    item = make_hazard(story, morning, area=make_area(story, morning), place="3 号沟")
    assert (item.state, item.place, item.zone, item.body) == ("registered", "原油脱水区 3 号沟", story.zone, story.body)
    assert item in items_to_run(safety, morning)
    assessed(story, morning, item=item)
    assert item in items_owed_by(story.members[0], morning)
    fixed(item, morning + timedelta(days=2))
    for step in ("accept", "close"):
        with pytest.raises(NotAllowed):
            take_step(item=item, step=step, actor=story.members[0], at=morning)
        take_step(item=item, step=step, actor=safety, at=morning + timedelta(days=3))

    assert (item.state, item.settled_by, item.percent) == ("closed", safety, 100)
    hours = {reading.spec.id: reading.hours for reading in record_of(item, morning + timedelta(days=3)).clocks}
    assert hours == {"reported_to_assessed": 0, "assessed_to_fixed": 48, "reported_to_closed": 72}
    [fact] = Fact.objects.filter(kind="hazards.assessed")
    assert (fact.subject, fact.values) == (story.members[0].token, {"grade": "general", "days": 15})


def test_whoever_puts_it_right_does_not_accept_it(story, morning):
    item = fixed(assessed(story, morning, owner=story.lead), morning)

    with pytest.raises(NotAllowed):
        take_step(item=item, step="accept", actor=story.lead, at=morning)
    take_step(item=item, step="return", actor=story.secretary, at=morning, said=Said(note="还在渗"))
    assert item.state == "rectifying"


@pytest.mark.parametrize("missing", ["measure", "money", "plan"])
def test_in_04_all_of_the_five_are_settled_or_it_is_not_assessed(story, morning, missing):
    with pytest.raises(ValuesUnfit):
        assessed(story, morning, **{missing: ""})
    assert not Finding.objects.filter(settled_on__isnull=False).exists()


def test_in_04_somebody_answers_for_it(story, morning):
    item = make_hazard(story, morning)
    with pytest.raises(OwnerMissing):
        assess_hazard(item=item, given=Assessed(FindingGrade.GENERAL, None, **FIVE), actor=story.lead, at=morning)


@pytest.mark.parametrize(("grade", "days"), [(FindingGrade.GENERAL, 15), (FindingGrade.MAJOR, 60)])
def test_the_clock_runs_by_the_grade_and_its_last_day_is_still_in_time(story, morning, grade, days):
    today = local_day(morning)

    assert local_day(assessed(story, morning, grade=grade).due_at) == today + timedelta(days=days)
    last = assessed(story, morning, grade=grade, due_on=today + timedelta(days=days))
    assert local_day(last.due_at) == today + timedelta(days=days)
    with pytest.raises(DeadlineTooFar, match=f"{days} 天"):
        assessed(story, morning, grade=grade, due_on=today + timedelta(days=days + 1))


def test_the_unit_sets_the_days_in_its_playbook(story, morning):
    book = playbook(f"{THEME_DAY}keys: {{hazard_days_general: 3}}\n")
    adopt_playbook(body=story.body, playbook=book, since=date(2026, 9, 1), actor=None, at=morning)

    assert local_day(make_hazard(story, morning).due_at) == local_day(morning) + timedelta(days=3)


def test_a_hazard_raises_the_risk_that_it_shows_to_be_worse(story, morning):
    area = make_area(story, morning)
    first, second = make_risk(story, morning, area=area), make_risk(story, morning, area=area, title="高处坠落")
    item = make_hazard(story, morning, area=area)
    assert list(risks_to_name(item)) == [first, second]
    assessed(story, morning, item=item, risk=first)
    assessed(story, morning, item=make_hazard(story, morning, area=area), risk=second, grade=FindingGrade.MAJOR)

    assert [Risk.objects.get(pk=risk.pk).grade for risk in (first, second)] == [RiskGrade.ORANGE, RiskGrade.RED]
    latest = first.versions.order_by("-number").first()
    assert (latest.source_type, latest.source_id, latest.reason) == ("items.workitem", item.pk, "隐患：法兰渗油")


def test_a_risk_of_another_area_is_refused(story, morning):
    risk = make_risk(story, morning)

    with pytest.raises(RiskElsewhere):
        assessed(story, morning, risk=risk)
    assert not Risk.objects.get(pk=risk.pk).is_raised


def test_what_is_missing_in_a_report_is_said(story, morning):
    area = make_area(story, morning, name="旧站")
    close_area(area=area, actor=story.lead, at=morning)
    refused = [(TitleMissing, {"title": " "}), (FindingNowhere, {"body": None}), (AreaGivenUp, {"area": area}),
               (GradeUnfit, {"grade": FindingGrade.SERIOUS}), (GradeUnfit, {"grade": "huge"})]  # fmt: skip
    for error, more in refused:
        with pytest.raises(error):
            make_hazard(story, morning, **more)
    assert not WorkItem.objects.exists()
    assert not Fact.objects.filter(kind="hazards.reported").exists()


def test_everybody_who_works_there_may_report_and_nobody_raises_one_past_the_report(story, morning):
    worker = make_person("王海", unit=story.committee.unit, status=PoliticalStatus.MASSES)
    area = make_area(story, morning)
    item = make_hazard(story, morning, by=worker, area=area)
    assert item.raised_by == worker
    assert story.committee in bodies_to_report_to(worker, morning)
    stranger = make_person("过客")
    for more in ({}, {"area": area}):
        with pytest.raises(NotAllowed):
            make_hazard(story, morning, by=stranger, **more)
    with pytest.raises(NotAllowed):
        raise_item(kind=HAZARD, text=ItemText("x"), body=story.body, actor=story.lead, at=morning)
    with pytest.raises(NotAllowed):
        assessed_by_worker(item, worker, morning)


def assessed_by_worker(item, worker, morning):
    assess_hazard(item=item, given=Assessed(FindingGrade.GENERAL, worker, **FIVE), actor=worker, at=morning)


def test_putting_right_wants_a_picture_and_a_second_assessment_is_refused(story, morning):
    report = Report("法兰渗油", body=story.body)
    item = report_hazard(report=report, actor=story.members[1], at=morning, uploads=[photo()])
    later = morning + timedelta(hours=1)
    assess_hazard(item=item, given=Assessed(FindingGrade.GENERAL, story.members[0], **FIVE), actor=story.lead, at=later)

    with pytest.raises(StepEvidenceMissing):
        take_step(item=item, step="fix", actor=story.members[0], at=later, said=Said(note="好了"))
    with pytest.raises(StepNotAllowed):
        assessed(story, morning, item=item)


def test_statistics_count_by_area_and_leave_out_what_was_no_hazard(story, morning):
    area = make_area(story, morning)
    open_one = assessed(story, morning, item=make_hazard(story, morning, area=area), grade=FindingGrade.MAJOR)
    done = fixed(assessed(story, morning), morning)
    for step in ("accept", "close"):
        take_step(item=done, step=step, actor=story.lead, at=morning + timedelta(hours=5))
    take_step(item=make_hazard(story, morning), step="dismiss", actor=story.lead, at=morning, said=Said(note="看错了"))
    later = open_one.due_at + timedelta(minutes=1)
    since = morning - timedelta(days=1)
    found = statistics_of(HAZARD, story.lead, later, since=since, until=later, title="合计", nowhere="没写区域")

    assert [(row.title, row.total, row.open, row.late, row.closed, row.in_time, row.worse) for row in found.by_area] == [
        ("原油脱水区", 1, 1, 1, 0, 0, 1), ("没写区域", 1, 0, 0, 1, 1, 0)
    ]  # fmt: skip
    assert (found.whole.total, found.hours.median) == (2, 5)
    on_time = statistics_of(HAZARD, story.lead, open_one.due_at, since=since, until=later, title="", nowhere="")
    assert on_time.whole.late == 0
    stranger = statistics_of(HAZARD, make_person(), later, since=since, until=later, title="", nowhere="")
    assert stranger.whole.total == 0
