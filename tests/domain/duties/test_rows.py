"""Rows: gathered from where they live, written, fixed, dropped; read with the words of their source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.duties.calc.shares import Share
from ronghe.domain.duties.enums import Part, Rhythm, RowKind, RowSource
from ronghe.domain.duties.models import DutyRow, RowShare
from ronghe.domain.duties.selectors.candidates import candidates_of
from ronghe.domain.duties.services.rows import (
    BasisTooLong,
    DateElsewhere,
    DayAndRhythm,
    DayPast,
    HeldElsewhere,
    LeadMissing,
    NotOfThisSide,
    RowPlan,
    SideShare,
    TwoLead,
    fix_row,
)
from ronghe.domain.duties.services.sheets import NothingToGather, SheetThere, drop_row, gather_rows, open_sheet
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.zones.models import ResponsibilityLine
from ronghe.domain.zones.services.sheet import LineThere, change_line, end_line
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.duties import make_duties, put_row, sign_safety, write_line
from tests.factories.items import claimed, make_claim
from tests.factories.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_duties(morning)


def offered(story, at, source):
    return [one for one in candidates_of(story.sheet, story.lead, at) if one.source is source]


def test_d9_a_sheet_opens_with_the_lines_of_the_zone_and_keeps_none_of_their_words(story, morning):
    first, second = story.rows(morning)

    assert (first.source, first.kind, first.title, first.cadence) == (RowSource.LINE, RowKind.QHSE, "第1条责任", "每月")
    assert first.shares == {
        "builder": Share("lead", story.people["builder"].pk, "李江"), "supervision": Share("help"),
    }  # fmt: skip
    assert (first.rhythm, first.is_shared, second.is_shared) == (Rhythm.MONTH, True, False)
    change_line(line=ResponsibilityLine.objects.first(), duty="旁站", actor=story.lead, at=morning)
    assert story.rows(morning)[0].text == "旁站"
    assert Fact.objects.get(kind="duties.sheet_opened").values == {"rows": 2}


def test_a_zone_has_one_sheet_and_only_its_keepers_open_it(story, morning):
    with pytest.raises(SheetThere, match="南I-1"):
        open_sheet(zone=story.zone, actor=story.lead, at=morning)
    for person in (story.people["builder"], story.outsider, story.zone_story.members[0]):
        with pytest.raises(NotAllowed):
            open_sheet(zone=story.zone, actor=person, at=morning)
        with pytest.raises(NotAllowed):
            gather_rows(sheet=story.sheet, keys=["line:1"], actor=person, at=morning)


def test_a_line_written_in_the_zone_is_offered_and_gathered_once(story, morning):
    write_line(story.zone_story, story.people, morning, "新写的一条")
    [one] = offered(story, morning, RowSource.LINE)
    [row] = gather_rows(sheet=story.sheet, keys=[one.key, "line:999999", "rubbish"], actor=story.lead, at=morning)

    assert row.number == 3
    assert offered(story, morning, RowSource.LINE) == []
    with pytest.raises(NothingToGather):
        gather_rows(sheet=story.sheet, keys=[one.key], actor=story.lead, at=morning)


def test_the_clauses_of_a_safety_agreement_become_rows_of_its_sides_without_a_lead_pc_08(story, morning):
    agreement = sign_safety(story, morning)
    gather_rows(
        sheet=story.sheet,
        keys=[one.key for one in offered(story, morning, RowSource.CLAUSE)],
        actor=story.lead,
        at=morning,
    )
    clause = story.row("实施方案", morning)

    assert (clause.kind, clause.text, clause.basis) == (
        RowKind.QHSE, "成立项目攻关临时党小组。", f"《{agreement.title}》",
    )  # fmt: skip
    assert clause.shares == {"territory": Share("help"), "builder": Share("help")}
    assert clause.lead is None


def test_a_clause_takes_its_lead_and_its_day_or_rhythm_from_the_sheet(story, morning):
    sign_safety(story, morning)
    keys = [one.key for one in offered(story, morning, RowSource.CLAUSE)]
    gather_rows(sheet=story.sheet, keys=keys, actor=story.lead, at=morning)
    row = story.row("实施方案", morning).row
    plan = RowPlan({"builder": SideShare(Part.LEAD, story.people["builder"])}, rhythm=Rhythm.QUARTER)
    fix_row(row=row, plan=plan, actor=story.lead, at=morning)

    fixed = story.row("实施方案", morning)
    assert (fixed.rhythm, fixed.cadence, fixed.lead) == (Rhythm.QUARTER, "每季", "builder")
    assert list(fixed.shares) == ["builder"]
    both = RowPlan(plan.shares, rhythm=Rhythm.WEEK, due_on=morning.date())
    with pytest.raises(DayAndRhythm):
        fix_row(row=row, plan=both, actor=story.lead, at=morning)
    past = RowPlan(plan.shares, due_on=morning.date() - timedelta(days=1))
    with pytest.raises(DayPast, match="2026-09-13"):
        fix_row(row=row, plan=past, actor=story.lead, at=morning)
    today = RowPlan(plan.shares, due_on=morning.date())
    fix_row(row=row, plan=today, actor=story.lead, at=morning)
    assert story.row("实施方案", morning).when == "2026-09-14"


def test_an_item_leads_with_its_owners_side_and_is_changed_where_it_lives(story, morning):
    item = claimed(story.zone_story, morning, story.zone_story.members[0])
    [one] = offered(story, morning, RowSource.ITEM)
    [row] = gather_rows(sheet=story.sheet, keys=[one.key], actor=story.lead, at=morning)
    found = story.row(item.title, morning)

    assert (found.source, found.kind, found.lead, found.held) == (
        RowSource.ITEM, RowKind.PROJECT, "territory", frozenset({"territory"}),
    )  # fmt: skip
    assert found.when == "2026-09-24"
    other = RowPlan({"territory": SideShare(Part.HELP)})
    with pytest.raises(HeldElsewhere, match="属地"):
        fix_row(row=row, plan=other, actor=story.lead, at=morning)
    with pytest.raises(DateElsewhere):
        fix_row(row=row, plan=RowPlan(rhythm=Rhythm.WEEK), actor=story.lead, at=morning)
    inform = RowPlan({"management": SideShare(Part.INFORM)})
    fix_row(row=row, plan=inform, actor=story.lead, at=morning)
    assert list(story.row(item.title, morning).shares) == ["territory", "management"]


def test_what_only_those_involved_may_read_is_never_offered(story, morning):
    item = make_claim(story.zone_story, morning)
    assert len(offered(story, morning, RowSource.ITEM)) == 1
    WorkItem.objects.filter(pk=item.pk).update(visibility=Visibility.INVOLVED)

    assert offered(story, morning, RowSource.ITEM) == []


def test_a_row_of_the_zones_own_is_a_line_with_what_the_line_cannot_say_beside_it(story, morning):
    shares = {
        "supervision": SideShare(Part.SUPERVISE, story.people["supervision"]),
        "territory": SideShare(Part.HELP),
        "management": SideShare(Part.INFORM),
    }
    row = put_row(story, morning, shares=shares, basis="PC-06")

    assert (row.line.lead, row.line.assists, row.line.cadence) == ("builder", ["territory"], "每月")
    assert set(RowShare.objects.values_list("side", "part")) == {("supervision", "supervise"), ("management", "inform")}
    found = story.row("动火监护", morning)
    assert [(side, share.part) for side, share in found.shares.items()] == [
        ("territory", "help"), ("builder", "lead"), ("supervision", "supervise"), ("management", "inform"),
    ]  # fmt: skip
    assert found.basis == "PC-06"
    with pytest.raises(LineThere):
        put_row(story, morning)


def test_fixing_a_line_writes_lead_and_help_to_the_line(story, morning):
    row = story.rows(morning)[0].row
    plan = RowPlan(
        {"territory": SideShare(Part.LEAD, story.people["territory"]),
         "builder": SideShare(Part.HELP, story.people["builder"])}
    )  # fmt: skip
    fix_row(row=row, plan=plan, actor=story.lead, at=morning)
    row.line.refresh_from_db()

    assert (row.line.lead, row.line.assists, row.line.person) == ("territory", ["builder"], story.people["territory"])
    assert story.rows(morning)[0].shares == {
        "territory": Share("lead", story.people["territory"].pk, "王玉珍"),
        "builder": Share("help", story.people["builder"].pk, "李江"),
    }
    facts = Fact.objects.filter(kind="duties.row_changed")
    assert facts.get().values == {"source": "line", "sides": 3}
    fix_row(row=row, plan=plan, actor=story.lead, at=morning)
    assert facts.count() == 1


def test_exactly_one_side_leads(story, morning):
    row = story.rows(morning)[0].row
    two = RowPlan({side: SideShare(Part.LEAD, story.people[side]) for side in ("builder", "territory")})
    with pytest.raises(TwoLead, match="2"):
        fix_row(row=row, plan=two, actor=story.lead, at=morning)
    with pytest.raises(LeadMissing, match="第1条责任"):
        fix_row(row=row, plan=RowPlan({"builder": SideShare(Part.HELP)}), actor=story.lead, at=morning)


def test_a_side_is_answered_for_by_its_own_people_or_by_those_of_the_zone_without_a_side(story, morning):
    row = story.rows(morning)[0].row

    def plan(person):
        return RowPlan({"builder": SideShare(Part.LEAD, person)})

    for person in (story.people["territory"], story.outsider):
        with pytest.raises(NotOfThisSide, match=person.name):
            fix_row(row=row, plan=plan(person), actor=story.lead, at=morning)
    fix_row(row=row, plan=plan(story.lead), actor=story.lead, at=morning)
    assert story.rows(morning)[0].lead_person == story.lead


def test_a_basis_of_120_signs_is_taken_and_of_121_refused(story, morning):
    row = story.rows(morning)[0].row
    shares = {"builder": SideShare(Part.LEAD)}
    fix_row(row=row, plan=RowPlan(shares, basis="条" * 120), actor=story.lead, at=morning)
    with pytest.raises(BasisTooLong):
        fix_row(row=row, plan=RowPlan(shares, basis="条" * 121), actor=story.lead, at=morning)


def test_a_dropped_row_comes_back_with_its_number_and_shares(story, morning):
    shares = {"management": SideShare(Part.INFORM)}
    row = put_row(story, morning, shares=shares)
    drop_row(row=row, actor=story.lead, at=morning)
    assert [found.title for found in story.rows(morning)] == ["第1条责任", "第2条责任"]
    with pytest.raises(Stale):
        drop_row(row=row, actor=story.lead, at=morning)
    with pytest.raises(Stale):
        fix_row(row=row, plan=RowPlan({"builder": SideShare(Part.LEAD)}), actor=story.lead, at=morning)
    [one] = offered(story, morning, RowSource.LINE)
    gather_rows(sheet=story.sheet, keys=[one.key], actor=story.lead, at=morning)

    assert list(story.row("动火监护", morning).shares) == ["builder", "management"]
    assert DutyRow.objects.count() == 3
    assert story.row("动火监护", morning).row.number == 3


def test_a_line_that_ended_or_an_item_that_failed_is_over_and_not_forgotten(story, morning):
    end_line(line=story.rows(morning)[0].row.line, actor=story.lead, at=morning)
    item = make_claim(story.zone_story, morning)
    [one] = offered(story, morning, RowSource.ITEM)
    gather_rows(sheet=story.sheet, keys=[one.key], actor=story.lead, at=morning)
    take_step(item=item, step="withdraw", actor=story.lead, at=morning, said=Said(note="不做了"))

    assert {row.title for row in story.rows(morning) if row.is_over} == {"第1条责任", item.title}


def test_a_row_by_a_day_that_is_past_is_refused(story, morning):
    with pytest.raises(DayPast):
        put_row(story, morning, rhythm=None, due_on=date(2026, 9, 13))
    with pytest.raises(DayAndRhythm):
        put_row(story, morning, due_on=date(2026, 9, 14))
    put_row(story, morning, rhythm=None, due_on=date(2026, 9, 14))


def test_rows_cost_the_same_however_many(story, morning, django_assert_max_num_queries):
    for number in range(6):
        put_row(story, morning, matter=f"又一条{number}")
    with django_assert_max_num_queries(9):
        assert len(story.rows(morning)) == 8


@pytest.mark.usefixtures("committing_db")
@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_make_one_sheet(morning):
    story = make_duties(morning)
    DutyRow.objects.all().delete()
    story.sheet.delete()
    done = at_once([lambda: open_sheet(zone=story.zone, actor=story.lead, at=morning)] * 3)

    assert done == 1
    assert DutyRow.objects.count() == 2
