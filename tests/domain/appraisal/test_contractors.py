"""Companies as subjects (E5): what counts for whom, “2+1” with its figure, one sheet for each mechanism, and the round that a zone owes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Figure
from ronghe.domain.appraisal.selectors.explaining import explained_for
from ronghe.domain.appraisal.selectors.results import results_seen_by
from ronghe.domain.appraisal.selectors.run_figures import figures_for_run, items_asked_by, lines_to_enter
from ronghe.domain.appraisal.selectors.zones import last_score_of
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.figures import FiguresRefused, enter_for_run
from ronghe.domain.appraisal.services.runs import publish_run
from ronghe.domain.contractors.enums import Direction
from ronghe.domain.contractors.selectors.companies import round_of
from ronghe.domain.contractors.services.companies import let_go, suspend_contractor
from ronghe.domain.contractors.services.gate import pass_gate
from ronghe.domain.contractors.services.workers import pass_code
from ronghe.domain.hazards.facts import VIOLATION_CONFIRMED
from ronghe.domain.obligations.models import ObligationMatch
from ronghe.domain.permits.facts import SUSPENDED
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.qualifications.services.lessons import withdraw_lesson
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.contractors import (
    NOW,
    TODAY,
    make_admitted,
    make_company,
    make_pass,
    make_site,
    make_worker,
)
from tests.factories.judging import OCTOBER, check_company, judged_run, make_labour
from tests.factories.org import make_unit

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = datetime(2026, 9, 21, 7, 40, tzinfo=SHANGHAI)


@pytest.fixture
def story():
    return make_site()


def violation(story, company, **more):
    return record(Draft(VIOLATION_CONFIRMED, NOW, story.officer, body=story.zone.pk, **more))


def scores(story, run) -> dict[str, Decimal | None]:
    page = results_seen_by(story.clerk, run, OCTOBER)
    return {one.name: None if one.row.score is None else Decimal(one.row.score) / 10_000 for one in page.rows}


def filled(story, run, values):
    """Fill in what the draft waits for, as its page does."""
    rows = figures_for_run(run, results_seen_by(story.clerk, run, OCTOBER).rows, "plus_part")
    said = {"source": "考核记录", "vouched_by": "生产办"}
    lines = lines_to_enter(run, rows, "plus_part", values, said)
    enter_for_run(run=run, lines=lines, actor=story.clerk, at=OCTOBER)
    return compute_run(run=run, at=OCTOBER)


def test_each_mechanism_has_its_own_sheet_and_judges_its_own_companies_alone(story):
    make_admitted(story)
    make_labour(story)
    make_company(story, "还没准入的公司", number=9)

    assert set(scores(story, judged_run(story, "contractor_performance"))) == {"蜀南油建公司"}
    assert set(scores(story, judged_run(story, "subcontractor_performance"))) == {"安居劳务公司"}
    assert set(scores(story, judged_run(story, "contractor_two_plus_one"))) == {"蜀南油建公司", "安居劳务公司"}


def test_checks_violations_permits_gate_and_stopping_count_for_the_company(story):
    company, other = make_admitted(story), make_admitted(story, "第二家公司", number=3)
    company.unit = make_unit("蜀南油建项目部")
    company.save()
    check_company(story, company, bad=("gate_site", "gate_people"))
    check_company(story, company, on=LATER.date(), at=LATER)
    check_company(story, other)
    worker = make_worker(story, company)
    entry = make_pass(story, worker)
    withdraw_lesson(lesson=worker.person.safety_lessons.order_by("pk")[0], actor=story.officer, at=NOW)
    passage = pass_gate(code=pass_code(entry), body=story.zone, direction=Direction.IN, actor=story.guard, at=NOW)
    violation(story, company, attributes={"contractor": company.pk})
    taken_back = violation(story, company, attributes={"contractor": company.pk})
    reverse(taken_back, by=story.officer, at=NOW)
    violation(story, company)  # of nobody's company
    record(Draft(SUSPENDED, NOW, None, body=story.zone.pk, unit=company.unit_id))
    record(Draft(SUSPENDED, NOW, None, body=story.committee.pk, unit=company.unit_id))  # another body's site
    suspend_contractor(contractor=company, reason="边坡不稳", actor=story.officer, at=LATER)

    run = judged_run(story, "contractor_performance")

    assert passage.passed is False
    # checks (66.7 + 100) / 2 of 50, violations 20 - 4, accidents 10, permits 5 + 4, gate 10 - 1, stopped -10
    assert scores(story, run) == {"蜀南油建公司": Decimal("75.675"), "第二家公司": Decimal(100)}
    tree = explained_for(story.clerk, run, company.pk, OCTOBER).tree
    assert {node["id"]: node["value"] for node in tree["children"]} == {
        "checks": "41.675", "violations": "16", "incidents": "10", "permits_refused": "5", "permits_suspended": "4",
        "gate_training": "9", "stopped": "-10",
    }  # fmt: skip


def test_a_company_that_left_is_not_judged_and_one_that_is_listed_or_stopped_is(story):
    gone, stopped = make_admitted(story), make_admitted(story, "第二家公司", number=3)
    let_go(contractor=gone, reason="完工", actor=story.manager, at=NOW)
    suspend_contractor(contractor=stopped, reason="隐患", actor=story.officer, at=NOW)

    assert set(scores(story, judged_run(story, "contractor_performance"))) == {"第二家公司"}


def test_what_was_checked_late_counts_on_the_day_on_which_it_was_held(story):
    company = make_admitted(story)
    check_company(story, company, at=NOW + timedelta(days=30))

    fact = Fact.objects.get(kind="contractors.scored")
    assert (fact.occurred_at, fact.quantity) == (datetime(2026, 9, 14, 12, 0, tzinfo=SHANGHAI), 1_000_000)


def test_two_plus_one_takes_its_one_part_from_the_page_and_says_that_the_unit_sets_it(story):
    company = make_admitted(story)
    check_company(story, company)
    run = judged_run(story, "contractor_two_plus_one")
    assert scores(story, run) == {"蜀南油建公司": Decimal(100)}  # nothing was said yet: the weight goes to the others

    run = filled(story, run, {company.pk: "40"})
    run = filled(story, run, {company.pk: "50"})
    run = filled(story, run, {company.pk: "50"})

    assert scores(story, run) == {"蜀南油建公司": Decimal(90)}
    assert [row.corrects_id is None for row in Figure.objects.order_by("pk")] == [True, False]
    assert Figure.objects.get(is_current=True).whose == "蜀南油建公司"
    assert Fact.objects.filter(kind="figure.value").first().values == {"item": "plus_part", "contractor": company.pk}


def test_figures_of_companies_are_refused_where_they_do_not_belong(story):
    company = make_admitted(story)
    run = judged_run(story, "contractor_two_plus_one")
    line = {
        "item": "plus_part", "whose": company.name, "period": run.period, "value": "40", "source": "考核记录",
        "vouched_by": "生产办",
    }  # fmt: skip

    def enter(actor=story.clerk, **said):
        return enter_for_run(run=run, lines=[("第 1 条", line | said)], actor=actor, at=OCTOBER)

    for wrong in ({"item": "else"}, {"whose": f"contractor#{company.pk + 1}"}, {"actor": story.officer}):
        with pytest.raises(FiguresRefused):
            enter(**wrong)
    publish_run(run=run, actor=story.clerk, at=OCTOBER)
    with pytest.raises(StepNotAllowed):
        enter()
    assert items_asked_by(run) == {}
    assert not Fact.objects.filter(kind="figure.value").exists()
    assert not Figure.objects.exists()


def test_a_zone_is_judged_by_two_plus_one_too(story):
    run = judged_run(story, "zone_two_plus_one")
    violation(story, None)
    run = filled(story, run, {story.zone.pk: "80"})

    # Nothing was owed: 38 of 40 and 16 of 20, laid out over 100.
    assert scores(story, run) == {story.zone.name: Decimal(90)}
    assert run.state == RunState.DRAFT


def test_the_last_published_score_is_shown_of_a_company_and_a_draft_is_not(story):
    company = make_admitted(story)
    run = judged_run(story, "contractor_performance")
    assert last_score_of(company.pk, story.officer, OCTOBER, level=Level.CONTRACTOR) is None
    publish_run(run=run, actor=story.clerk, at=OCTOBER)

    found = last_score_of(company.pk, story.officer, OCTOBER, level=Level.CONTRACTOR)

    assert found is not None
    assert (found.run.pk, found.row.subject) == (run.pk, company.pk)
    assert last_score_of(company.pk, story.outsider, OCTOBER, level=Level.CONTRACTOR) is None


def test_a_round_of_checks_meets_the_zone_s_duty_once_every_admitted_company_was_checked_pc_06(story):
    book = shipped_playbook("daqing_zone")
    assert book is not None
    adopt_playbook(body=story.zone, playbook=book, since=TODAY, actor=None, at=NOW)
    first, second = make_admitted(story), make_admitted(story, "第二家公司", number=3)
    hired = make_labour(story)

    check_company(story, first)
    assert (round_of(first, TODAY).checked, round_of(first, TODAY).companies) == (1, 2)
    assert not Fact.objects.filter(kind="contractors.round_checked").exists()
    check_company(story, second)

    [told] = Fact.objects.filter(kind="contractors.round_checked")
    assert told.values == {"mechanism": "contractor_safety", "companies": 2}
    met = ObligationMatch.objects.get(fact=told.pk).obligation
    assert (met.mechanism, met.body_id, met.window_from) == ("contractor_safety", story.zone.pk, date(2026, 9, 14))
    check_company(story, hired)
    assert set(ObligationMatch.objects.values_list("obligation__mechanism", flat=True)) == {
        "contractor_safety", "subcontractor_safety",
    }  # fmt: skip


def test_a_round_is_complete_when_the_one_that_was_left_is_stopped_and_is_told_once(story):
    first, second = make_admitted(story), make_admitted(story, "第二家公司", number=3)
    check_company(story, first)
    suspend_contractor(contractor=second, reason="边坡不稳", actor=story.officer, at=NOW)
    check_company(story, first, on=LATER.date(), at=LATER)
    check_company(story, first, on=LATER.date() + timedelta(days=1), at=LATER + timedelta(days=1))

    assert Fact.objects.filter(kind="contractors.round_checked").count() == 2  # two weeks


def test_nobody_checked_is_no_round(story):
    company = make_admitted(story)
    suspend_contractor(contractor=company, reason="边坡不稳", actor=story.officer, at=NOW)

    assert not Fact.objects.filter(kind="contractors.round_checked").exists()
