"""Lists, rules of procedure, charters and responsibility sheets, each by version."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.decisions.enums import Edition, Governs, Layer
from ronghe.domain.decisions.models import Charter, DecisionList, ListEntry, ProcedureRules, ResponsibilitySheet
from ronghe.domain.decisions.selectors.leaders import figures_of, leaders_of
from ronghe.domain.decisions.selectors.rulebooks import coverage_of, in_force, lists_seen_by
from ronghe.domain.decisions.selectors.sheets import lines_answered_by, lines_on, who_is_behind
from ronghe.domain.decisions.services.charters import (
    NothingGoverned,
    adopt_charter,
    draft_charter,
    link_clause,
    set_clause,
)
from ronghe.domain.decisions.services.editions import DocumentMissing, DraftThere, NotADraft
from ronghe.domain.decisions.services.lists import (
    EntryText,
    EntryTwice,
    ListEmpty,
    OwnCategoryMissing,
    RulesText,
    adopt_list,
    adopt_rules,
    draft_list,
    drop_entry,
    set_entry,
)
from ronghe.domain.decisions.services.sheets import (
    DoneOutsideYear,
    LineText,
    MechanismSpeaks,
    SheetNotInForce,
    adopt_sheet,
    draft_sheet,
    record_line,
    set_line,
    take_back_record,
)
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import playbook
from tests.factories.decisions import list_of, make_committee, make_list

pytestmark = pytest.mark.django_db

LEADS = """\
  - id: secretary_leads
    title: {zh: 书记带头抓, en: The secretary leads}
    dimension: life
    for: [committee]
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=3", window: quarter}
    grace: {days: 10, unit: working}
    calendar: statutory
    answers: secretary
    satisfied_by: [{kind: decisions.line_done}]
"""


@pytest.fixture
def story():
    return make_committee()


def test_a_new_version_begins_with_the_old_one_and_keeps_the_keys(story, morning):
    make_list(story, morning)
    old = list_of(story)
    draft = draft_list(body=story.committee, actor=story.clerk, at=morning)

    assert draft.number == 2
    keys = [list(of.entries.order_by("key").values_list("key", "title")) for of in (old, draft)]
    assert keys[0] == keys[1]
    added = set_entry(of_list=draft, text=EntryText("对外捐赠"), actor=story.clerk, at=morning)
    assert added.key == max(key for key, _title in keys[0]) + 1

    adopt_list(of_list=draft, document="党委会〔2026〕12号", actor=story.clerk, at=morning)

    old.refresh_from_db()
    assert (old.state, draft.state) == (Edition.SUPERSEDED, Edition.IN_FORCE)
    assert Fact.objects.filter(kind="decisions.list_adopted").count() == 2


def test_what_is_in_force_is_changed_by_a_new_version_alone(story, morning):
    entry = make_list(story, morning)["年度综合计划"]
    with pytest.raises(NotADraft):
        set_entry(of_list=entry.of_list, text=EntryText("另一件"), actor=story.clerk, at=morning)
    with pytest.raises(NotADraft):
        drop_entry(entry=entry, actor=story.clerk, at=morning)
    assert ListEntry.objects.count() == 4


def test_a_list_is_refused_with_what_is_missing(story, morning):
    draft = draft_list(body=story.committee, actor=story.clerk, at=morning)
    with pytest.raises(DraftThere):
        draft_list(body=story.committee, actor=story.clerk, at=morning)
    with pytest.raises(ListEmpty):
        adopt_list(of_list=draft, document="3号", actor=story.clerk, at=morning)
    with pytest.raises(OwnCategoryMissing):
        set_entry(of_list=draft, text=EntryText("捐赠", category="own"), actor=story.clerk, at=morning)
    set_entry(of_list=draft, text=EntryText("捐赠"), actor=story.clerk, at=morning)
    with pytest.raises(EntryTwice):
        set_entry(of_list=draft, text=EntryText("捐赠"), actor=story.clerk, at=morning)
    with pytest.raises(DocumentMissing):
        adopt_list(of_list=draft, document=" ", actor=story.clerk, at=morning)


def test_members_read_the_list_and_the_office_alone_keeps_it(story, morning):
    make_list(story, morning)
    with pytest.raises(NotAllowed):
        draft_list(body=story.committee, actor=story.members[0], at=morning)
    assert lists_seen_by(story.members[0], morning).count() == 1
    assert lists_seen_by(story.member, morning).count() == 0


def test_new_rules_of_procedure_supersede_the_old_ones(story, morning):
    for number in (1, 2):
        adopt_rules(body=story.committee, text=RulesText(f"{number}号"), actor=story.clerk, at=morning)

    current = in_force(ProcedureRules, story.committee)
    assert (current.number, current.document) == (2, "2号")
    assert ProcedureRules.objects.filter(state=Edition.SUPERSEDED).count() == 1


def test_the_charter_says_what_governs_nothing_and_what_has_no_basis(story, morning):
    entries = make_list(story, morning)
    draft = draft_charter(body=story.committee, title="公司章程", actor=story.clerk, at=morning)
    first = set_clause(charter=draft, label="第三十一条", text="党委前置研究重大事项。", actor=story.clerk, at=morning)
    second = set_clause(charter=draft, label="第三十二条", text="党组织工作经费。", actor=story.clerk, at=morning)
    key = str(entries["重大工程投资"].key)
    link_clause(clause=first, governs=Governs.MATTER, reference=key, actor=story.clerk, at=morning)
    with pytest.raises(NothingGoverned):
        link_clause(clause=first, governs=Governs.MATTER, reference="9999", actor=story.clerk, at=morning)

    covered = coverage_of(draft, morning)

    assert covered.idle == [second]
    assert [entry.title for entry in covered.baseless] == ["大额资金使用"]
    adopt_charter(charter=draft, document="股东会决议", actor=story.clerk, at=morning)
    again = draft_charter(body=story.committee, title="", actor=story.clerk, at=morning)
    assert [line.governed[0].title for line in coverage_of(again, morning).lines[:1]] == ["重大工程投资"]
    assert Charter.objects.get(state=Edition.IN_FORCE) == draft


def test_a_sheet_is_drafted_from_posts_and_playbook(story, morning):
    adopt_playbook(body=story.committee, playbook=playbook(LEADS), since=date(2026, 1, 1), actor=None, at=morning)
    sheet = draft_sheet(body=story.committee, year=2026, actor=story.clerk, at=morning)

    lines = lines_on(sheet, morning.date())
    first = lines[0]
    assert (first.line.layer, first.line.person, first.line.mechanism) == (
        Layer.SECRETARY, story.secretary, "secretary_leads",
    )  # fmt: skip
    assert {standing.line.person for standing in lines} == set(story.leaders)


def test_a_line_stands_as_its_obligations_stand_and_its_record_meets_them(story, morning):
    adopt_playbook(body=story.committee, playbook=playbook(LEADS), since=date(2026, 1, 1), actor=None, at=morning)
    sheet = draft_sheet(body=story.committee, year=2026, actor=story.clerk, at=morning)
    own = set_line(
        sheet=sheet, text=LineText(Layer.SECRETARY, story.secretary, "每季研究一次党建", rhythm="quarter"),
        actor=story.clerk, at=morning,
    )  # fmt: skip
    with pytest.raises(SheetNotInForce):
        record_line(line=own, done_on=morning.date(), text="已研究", actor=story.secretary, at=morning)
    adopt_sheet(sheet=sheet, actor=story.clerk, at=morning)
    own.sheet.refresh_from_db()
    by_mechanism = sheet.lines.get(mechanism="secretary_leads")
    by_mechanism.sheet.refresh_from_db()
    with pytest.raises(MechanismSpeaks):
        record_line(line=by_mechanism, done_on=morning.date(), text="已办", actor=story.secretary, at=morning)
    for day in (date(2025, 12, 31), date(2026, 9, 15)):
        with pytest.raises(DoneOutsideYear):
            record_line(line=own, done_on=day, text="已办", actor=story.secretary, at=morning)

    made = record_line(line=own, done_on=morning.date(), text="听取三季度汇报", actor=story.secretary, at=morning)

    standing = {row.line.pk: row for row in lines_on(sheet, morning.date())}
    assert [slot.state for slot in standing[own.pk].slots] == ["waived", "waived", "done", "upcoming"]
    met = Obligation.objects.get(body=story.committee, occurrence__startswith="2026-07", match__isnull=False)
    assert met.mechanism == "secretary_leads"
    assert standing[by_mechanism.pk].slots[2].state == "done"
    take_back_record(made=made, actor=story.secretary, at=morning)
    assert not Obligation.objects.filter(match__isnull=False).exists()
    assert lines_on(sheet, morning.date())[-1].line is not None


def test_each_leader_sees_the_own_lines_and_the_body_who_is_behind(story, morning):
    sheet = draft_sheet(body=story.committee, year=2026, actor=story.clerk, at=morning)
    adopt_sheet(sheet=sheet, actor=story.clerk, at=morning)

    mine = lines_answered_by(story.deputy, morning.date(), 2026)

    assert {standing.line.person_id for standing in mine} == {story.deputy.pk}
    behind = who_is_behind(lines_on(sheet, morning.replace(month=10).date()))
    assert (behind[0].missed, {row.person for row in behind}) == (2, set(story.leaders))
    with pytest.raises(NotAllowed):
        record_line(line=mine[0].line, done_on=morning.date(), text="代办", actor=story.members[0], at=morning)
    assert ResponsibilitySheet.objects.count() == 1


def test_leaders_are_counted_from_what_is_on_record(story, morning):
    leaders = leaders_of(story.committee, morning.date())
    figures = figures_of(leaders, date(2026, 1, 1), date(2027, 1, 1))

    assert leaders[0].person == story.secretary
    assert {(row.research, row.reports, row.lectures) for row in figures} == {(0, 0, 0)}
    assert DecisionList.objects.count() == 0
