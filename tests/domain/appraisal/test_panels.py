"""Panels (H4): who marks whom, conflicts of interest, missing reviewers, secret ones (0012), and the fact that comes out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.appraisal.enums import PanelState
from ronghe.domain.appraisal.models import Panel, PanelMark, PanelReviewer, PanelUrn
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.panels import (
    list_panels,
    panel_seen_by,
    panels_to_mark,
    reviewer_of,
    reviewers_seen,
    subjects_of,
)
from ronghe.domain.appraisal.selectors.results import rows_in
from ronghe.domain.appraisal.services.panels import (
    KeptOut,
    MarkedAlready,
    MarksWrong,
    NobodyMarked,
    PanelClosed,
    PanelItemUnknown,
    PanelPlan,
    PanelTwice,
    PanelWrong,
    count_panel,
    declare_conflict,
    give_marks,
    open_panel,
    read_criteria,
    void_panel,
)
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.appraisal import OCTOBER, adopt, computed_run, make_field
from tests.factories.org import make_person

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = datetime(2026, 10, 20, 9, 0, tzinfo=SHANGHAI)
CRITERIA = [("完成任务", Decimal("0.6")), ("服务群众", Decimal("0.4"))]

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    field = make_field()
    adopt(field.north)
    field.judges = [make_person(f"评委{number}", home=field.north) for number in range(1, 6)]
    return field


def plan_of(field, **changes) -> PanelPlan:
    wanted = {
        "item": "story_visit", "title": "三季度督导", "period": "2026Q3", "criteria": CRITERIA,
        "closes_on": date(2026, 10, 16), "bodies": [field.south, field.north], "reviewers": field.judges,
        "least": 3,
    }  # fmt: skip
    return PanelPlan(**(wanted | changes))


def opened(field, **changes) -> Panel:
    return open_panel(body=field.committee, plan=plan_of(field, **changes), actor=field.clerk, at=OCTOBER)


def mark(panel, person, south, north, at=OCTOBER):
    marks = {number: given for number, given in ((1, south), (2, north)) if given is not None}
    return give_marks(reviewer=reviewer_of(panel, person), marks=marks, actor=person, at=at)


def scores_of(panel):
    return [one.score for one in subjects_of(panel)]


def test_criteria_are_typed_one_a_line():
    assert read_criteria("完成任务 0.6\n\n服务 群众 40%\n") == [
        ("完成任务", Decimal("0.6")),
        ("服务 群众", Decimal("0.4")),
    ]
    with pytest.raises(PanelWrong):
        read_criteria("完成任务")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"criteria": [("完成任务", Decimal("0.6"))]}, "权重合计是 0.6，应当是 1"),
        ({"criteria": [("甲", Decimal("1.5")), ("乙", Decimal("-0.5"))]}, "权重要大于 0"),
        ({"criteria": []}, "没有评议标准"),
        ({"bodies": []}, "没有评议对象"),
        ({"reviewers": []}, "没有评议人"),
        ({"closes_on": date(2026, 10, 11)}, "截止日期已经过去"),
        ({"is_secret": True}, "每项满分是 10 或 100 分，不记名的是 10 分"),
    ],
)
def test_a_panel_that_does_not_hold_together_is_refused_ap_05(field, changes, words):
    with pytest.raises(PanelWrong) as refused:
        opened(field, **changes)

    assert words in str(refused.value)


def test_a_panel_is_for_an_item_that_a_sheet_reads(field):
    with pytest.raises(PanelItemUnknown):
        opened(field, item="nothing")
    with pytest.raises(NotAllowed):
        open_panel(body=field.committee, plan=plan_of(field), actor=field.south_secretary, at=OCTOBER)


def test_what_comes_out_is_a_fact_that_the_sheet_reads_h4(field):
    panel = opened(field, trim=1)
    for number, judge in enumerate(field.judges):
        mark(panel, judge, [90, 80], [60 + number, 60])
    count_panel(panel=panel, actor=field.clerk, at=LATER)
    run = computed_run(field, sheet="brought_in", at=LATER)

    assert scores_of(panel) == [Decimal(86), Decimal("61.2")]
    fact = Fact.objects.get(kind="panel.mark", body=field.south.pk)
    assert (fact.quantity, fact.values, fact.occurred_at.astimezone(SHANGHAI).date()) == (
        860_000, {"item": "story_visit"}, date(2026, 9, 30),
    )  # fmt: skip
    assert {row.subject: row.score for row in rows_in(kept_of(run))}[field.south.pk] == 860_000


def test_who_holds_a_post_in_a_body_does_not_mark_it(field):
    panel = opened(field, reviewers=[*field.judges, field.south_secretary])

    with pytest.raises(KeptOut):
        mark(panel, field.south_secretary, [100, 100], [50, 50])
    mark(panel, field.south_secretary, None, [50, 50])


def test_a_declared_conflict_is_not_missing_and_a_missing_reviewer_is(field):
    panel = opened(field, trim=0, adjusts=False)
    one, *others, last = field.judges
    declare_conflict(
        reviewer=reviewer_of(panel, one), subject=subjects_of(panel)[0], reason="亲属", actor=one, at=OCTOBER
    )
    mark(panel, one, None, [40, 40])
    for judge in others:
        mark(panel, judge, [80, 80], [60, 60])
    count_panel(panel=panel, actor=field.clerk, at=LATER)

    south, north = subjects_of(panel)
    assert (south.score, south.marked, south.kept_out, south.missing) == (Decimal(80), 3, 1, 1)
    assert (north.score, north.marked, north.kept_out, north.missing) == (Decimal(55), 4, 0, 1)
    assert last.pk is not None
    with pytest.raises(StepNotAllowed):
        declare_conflict(reviewer=reviewer_of(panel, one), subject=south, reason="亲属", actor=one, at=OCTOBER)


@pytest.mark.parametrize("given", [[90], [90, 101], [-1, 50], [1, 2, 3]])
def test_marks_are_one_whole_number_a_criterion(field, given):
    with pytest.raises(MarksWrong):
        mark(opened(field), field.judges[0], given, [50, 50])


def test_marks_may_change_until_the_last_day_and_nobody_marks_for_another(field):
    panel = opened(field)
    mark(panel, field.judges[0], [90, 90], [50, 50])
    mark(panel, field.judges[0], [80, 80], [50, 50])

    assert PanelMark.objects.filter(reviewer__panel=panel).count() == 4
    with pytest.raises(PanelClosed):
        mark(panel, field.judges[0], [80, 80], [50, 50], at=LATER)
    with pytest.raises(NotAllowed):
        give_marks(
            reviewer=reviewer_of(panel, field.judges[0]),
            marks={1: [1, 1], 2: [1, 1]},
            actor=field.judges[1],
            at=OCTOBER,
        )
    assert list(panels_to_mark(field.judges[0], OCTOBER)) == []
    assert list(panels_to_mark(field.judges[1], OCTOBER)) == [panel]


def test_too_few_marks_are_no_result(field):
    panel = opened(field, least=5)
    mark(panel, field.judges[0], [90, 90], [50, 50])

    with pytest.raises(NobodyMarked):
        count_panel(panel=panel, actor=field.clerk, at=LATER)
    assert Panel.objects.get(pk=panel.pk).state == PanelState.OPEN


def test_a_secret_panel_keeps_no_sheet_and_shows_nothing_of_few(field):
    panel = opened(field, is_secret=True, scale=10, trim=1)
    for number, judge in enumerate(field.judges):
        mark(panel, judge, [8, 8], [number, 5])
        with pytest.raises(MarkedAlready):
            mark(panel, judge, [1, 1], [1, 1])
    assert PanelMark.objects.count() == 0
    assert Fact.objects.filter(kind="appraisal.panel_marked").count() == 0
    count_panel(panel=panel, actor=field.clerk, at=LATER)

    assert scores_of(panel) == [Decimal(80), Decimal(32)]
    assert PanelUrn.objects.count() == 0
    assert [line.marks for line in reviewers_seen(panel, field.clerk, LATER)] == [{}] * 5
    assert PanelReviewer.objects.filter(panel=panel, severity__isnull=False).count() == 0


def test_a_secret_panel_of_four_marks_has_no_result_however_it_was_opened(field):
    panel = opened(field, is_secret=True, scale=10, least=1)
    for judge in field.judges[:4]:
        mark(panel, judge, [8, 8], [5, 5])

    with pytest.raises(NobodyMarked):
        count_panel(panel=panel, actor=field.clerk, at=LATER)
    with pytest.raises(PanelWrong):
        opened(field, is_secret=True, scale=10, reviewers=field.judges[:4])


def test_the_same_item_and_period_counts_once_until_it_is_voided(field):
    first, second = opened(field), opened(field)
    for panel in (first, second):
        for judge in field.judges:
            mark(panel, judge, [90, 90], [50, 50])
    count_panel(panel=first, actor=field.clerk, at=LATER)
    with pytest.raises(PanelTwice) as refused:
        count_panel(panel=second, actor=field.clerk, at=LATER)
    assert "南一联合站党支部 2026Q3" in str(refused.value)

    void_panel(panel=first, reason="评议人名单有误", actor=field.clerk, at=LATER)
    second = Panel.objects.get(pk=second.pk)
    assert count_panel(panel=second, actor=field.clerk, at=LATER).state == PanelState.COUNTED
    run = computed_run(field, sheet="brought_in", at=LATER)
    assert {row.subject: row.score for row in rows_in(kept_of(run))}[field.south.pk] == 900_000


def test_who_sees_a_panel_and_its_marks_asked_both_ways(field):
    panel = opened(field)
    for judge in field.judges:
        mark(panel, judge, [90, 90], [50, 50])
    count_panel(panel=panel, actor=field.clerk, at=LATER)

    for who in (field.clerk, field.auditor, field.judges[0]):
        assert panel_seen_by(who, panel.pk, LATER) == panel
        assert [row.pk for row in list_panels(who, LATER)] == [panel.pk]
    for who in (field.south_secretary, field.stranger):
        assert list(list_panels(who, LATER)) == []
        with pytest.raises(NotFound):
            panel_seen_by(who, panel.pk, LATER)
    assert len(reviewers_seen(panel, field.auditor, LATER)) == 5
    assert reviewers_seen(panel, field.judges[0], LATER) == []
