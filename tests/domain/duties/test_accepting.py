"""A version is issued, each side agrees to its rows over their digest, and what changes voids that side's word visibly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.duties.enums import AcceptState, GapKind, Part, Verdict
from ronghe.domain.duties.models import SideWord, VersionSide
from ronghe.domain.duties.rules import SEE_SHEET, SPEAK_FOR_UNIT
from ronghe.domain.duties.selectors.accepting import sheets_to_agree
from ronghe.domain.duties.selectors.sheets import list_sheets, version_seen, view_of, zones_to_open
from ronghe.domain.duties.services.accepting import (
    AlreadySaid,
    ChangedSince,
    NothingNew,
    NotIssued,
    NotOfSheet,
    OneForTwo,
    ReasonMissing,
    RowsUnowned,
    SheetEmpty,
    SideMoved,
    agree_for_unit,
    issue_sheet,
    object_for_unit,
)
from ronghe.domain.duties.services.rows import RowPlan, SideShare, fix_row
from ronghe.domain.duties.services.sheets import drop_row
from ronghe.domain.org.enums import PostRole
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.services.parties import add_participating_unit, change_party, end_participation
from ronghe.domain.zones.services.sheet import change_line, end_line
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.duties import SIDES, make_duties, make_issued, put_row
from tests.factories.org import LONG_AGO, make_body, make_person, make_post, make_unit
from tests.factories.races import at_once

pytestmark = pytest.mark.django_db


def states(story, at, actor=None):
    found = view_of(story.sheet, actor or story.lead, at).acceptances
    return {one.side: one.state for one in found}


def change(story, at, title, duty):
    line = story.row(title, at).row.line
    line.zone = story.zone
    change_line(line=line, duty=duty, actor=story.lead, at=at)


def gap_kinds(story, at):
    return [(gap.kind, gap.row.title, gap.side) for gap in view_of(story.sheet, story.lead, at).gaps]


def test_an_empty_sheet_and_an_unchanged_one_are_not_issued(morning):
    empty = make_duties(morning, rows=0)
    with pytest.raises(SheetEmpty):
        issue_sheet(sheet=empty.sheet, actor=empty.lead, at=morning)
    put_row(empty, morning)
    issue_sheet(sheet=empty.sheet, actor=empty.lead, at=morning)
    with pytest.raises(NothingNew, match="第 1 版"):
        issue_sheet(sheet=empty.sheet, actor=empty.lead, at=morning)
    with pytest.raises(NotAllowed):
        issue_sheet(sheet=empty.sheet, actor=empty.people["builder"], at=morning)


def test_d9_nothing_is_issued_without_an_owner(morning):
    story = make_duties(morning, rows=1)
    line = story.rows(morning)[0].row.line
    line.zone = story.zone
    change_line(line=line, person=None, actor=story.lead, at=morning)

    assert gap_kinds(story, morning) == [
        (GapKind.NO_PERSON, "第1条责任", "builder"), (GapKind.NO_PERSON, "第1条责任", "supervision"),
    ]  # fmt: skip
    with pytest.raises(RowsUnowned, match="第 1 条第1条责任"):
        issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    change_line(line=line, person=story.people["builder"], actor=story.lead, at=morning)
    assert issue_sheet(sheet=story.sheet, actor=story.lead, at=morning).number == 1


def test_a_row_that_ended_where_it_lives_is_dropped_before_issuing(morning):
    story = make_duties(morning)
    ended = story.rows(morning)[1].row
    end_line(line=ended.line, actor=story.lead, at=morning)
    assert (GapKind.SOURCE_OVER, "第2条责任", "") in gap_kinds(story, morning)
    with pytest.raises(RowsUnowned):
        issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    drop_row(row=ended, actor=story.lead, at=morning)
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)


def test_a_person_who_left_and_a_side_without_a_unit_are_gaps(morning):
    story = make_duties(morning, rows=1)
    builder = story.people["builder"]
    builder.unit = make_unit()
    builder.save()
    assert (GapKind.PERSON_GONE, "第1条责任", "builder") not in gap_kinds(story, morning)
    change_party(party=story.parties["builder"], contact=None, actor=story.zone_story.clerk, at=morning)
    assert (GapKind.PERSON_GONE, "第1条责任", "builder") in gap_kinds(story, morning)
    end_participation(
        party=story.parties["supervision"], until=morning.date(), actor=story.zone_story.clerk, at=morning
    )

    assert (GapKind.NO_UNIT, "第1条责任", "supervision") in gap_kinds(story, morning)


def test_a_person_is_gone_from_the_day_on_which_they_left_and_not_before(morning):
    story = make_duties(morning, rows=1)
    builder = story.people["builder"]
    builder.valid_until = morning.date() + timedelta(days=1)
    builder.save()

    assert (GapKind.PERSON_GONE, "第1条责任", "builder") not in gap_kinds(story, morning)
    assert (GapKind.PERSON_GONE, "第1条责任", "builder") in gap_kinds(story, morning + timedelta(days=1))


def test_each_side_agrees_over_the_digest_of_its_own_rows(morning):
    story = make_issued(morning)
    digests = dict(VersionSide.objects.values_list("side", "digest"))
    assert states(story, morning) == {
        "territory": AcceptState.NOTHING, "builder": AcceptState.WAITING, "supervision": AcceptState.WAITING,
        "management": AcceptState.NOTHING,
    }  # fmt: skip
    assert [list(sheets_to_agree(story.people[side], morning)) for side in SIDES] == [
        [],
        [story.sheet],
        [story.sheet],
        [],
    ]
    word = story.agree("builder", morning)

    assert word.digest == digests["builder"] != digests["supervision"]
    assert states(story, morning)["builder"] is AcceptState.AGREED
    assert list(sheets_to_agree(story.people["builder"], morning)) == []
    with pytest.raises(AlreadySaid, match="确认过"):
        story.agree("builder", morning)
    fact = Fact.objects.get(kind="duties.side_agreed")
    assert fact.values == {"version": 1, "side": "builder", "is_again": False}


def test_a_changed_row_voids_the_word_of_its_sides_alone_and_says_which_row(morning):
    story = make_issued(morning)
    for side in ("builder", "supervision"):
        story.agree(side, morning)
    change(story, morning, "第2条责任", "每两小时巡视一次")

    view = view_of(story.sheet, story.lead, morning)
    by_side = {one.side: one for one in view.acceptances}
    assert by_side["builder"].state is AcceptState.VOID
    assert [diff.row.title for diff in by_side["builder"].changed] == ["第2条责任"]
    assert by_side["supervision"].state is AcceptState.AGREED
    assert [diff.row.title for diff in view.changed] == ["第2条责任"]
    with pytest.raises(SideMoved):
        story.agree("builder", morning)
    old = VersionSide.objects.get(side="builder").digest
    with pytest.raises(ChangedSince):
        agree_for_unit(
            sheet=story.sheet, party=story.parties["builder"], digest=old, actor=story.people["builder"], at=morning
        )
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    assert list(sheets_to_agree(story.people["builder"], morning)) == [story.sheet]
    assert list(sheets_to_agree(story.people["supervision"], morning)) == []
    story.agree("builder", morning)
    assert set(states(story, morning).values()) == {AcceptState.AGREED, AcceptState.NOTHING}


def test_a_change_taken_back_makes_the_word_hold_again(morning):
    story = make_issued(morning)
    story.agree("builder", morning)
    change(story, morning, "第2条责任", "巡视")
    assert states(story, morning)["builder"] is AcceptState.VOID
    change(story, morning, "第2条责任", "全程监护")

    assert states(story, morning)["builder"] is AcceptState.AGREED


def test_a_unit_objects_with_a_reason_and_agrees_once_that_is_settled(morning):
    story = make_issued(morning)
    given = {"sheet": story.sheet, "party": story.parties["builder"], "digest": story.digest("builder", morning),
             "actor": story.people["builder"], "at": morning}  # fmt: skip
    with pytest.raises(ReasonMissing):
        object_for_unit(reason="  ", **given)
    story.agree("builder", morning)
    object_for_unit(reason="夜间没有监护人", **given)
    assert states(story, morning)["builder"] is AcceptState.OBJECTED
    story.agree("builder", morning)

    assert states(story, morning)["builder"] is AcceptState.AGREED
    assert list(SideWord.objects.order_by("pk").values_list("verdict", flat=True)) == [
        Verdict.AGREED, Verdict.OBJECTED, Verdict.AGREED,
    ]  # fmt: skip


def test_only_the_contact_or_the_branchs_secretaries_speak_for_a_unit(morning):
    story = make_issued(morning)
    branch = make_body("路桥一公司党支部")
    secretary = make_person("熊忠涵", home=branch)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    party = story.parties["builder"]
    assert not SPEAK_FOR_UNIT.allows(secretary, party, at=morning)
    change_party(party=party, home_branch=branch, actor=story.zone_story.clerk, at=morning)
    assert SPEAK_FOR_UNIT.allows(secretary, party, at=morning)

    digest = story.digest("builder", morning)
    for person in (story.lead, story.people["supervision"], story.outsider, make_person(unit=party.unit)):
        with pytest.raises(NotAllowed):
            agree_for_unit(sheet=story.sheet, party=party, digest=digest, actor=person, at=morning)
    agree_for_unit(sheet=story.sheet, party=party, digest=digest, actor=secretary, at=morning)


def test_one_person_speaks_for_one_unit_and_a_side_of_two_units_needs_both(morning):
    story = make_issued(morning)
    builder = story.people["builder"]
    second = add_participating_unit(
        zone=story.zone, unit=make_unit("二标段"), role=ParticipantRole.CONSTRUCTOR, since=LONG_AGO,
        actor=story.zone_story.clerk, at=morning,
    )  # fmt: skip
    change_party(party=second, contact=builder, actor=story.zone_story.clerk, at=morning)
    story.agree("builder", morning)
    given = {"sheet": story.sheet, "party": second, "digest": story.digest("builder", morning), "at": morning}
    with pytest.raises(OneForTwo, match="不能代表两家"):
        agree_for_unit(actor=builder, **given)
    found = [one.state for one in view_of(story.sheet, story.lead, morning).acceptances if one.side == "builder"]

    assert sorted(found) == [AcceptState.AGREED, AcceptState.WAITING]


def test_nobody_agrees_to_what_is_not_issued_not_seen_or_not_theirs(morning):
    story = make_duties(morning)
    with pytest.raises(NotIssued):
        story.agree("builder", morning)
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    given = {"sheet": story.sheet, "actor": story.people["builder"], "at": morning}
    for digest in ("", "0" * 64, story.digest("supervision", morning)):
        with pytest.raises(SideMoved):
            agree_for_unit(party=story.parties["builder"], digest=digest, **given)
    party = story.parties["builder"]
    end_participation(party=party, until=morning.date(), actor=story.zone_story.clerk, at=morning)
    party.refresh_from_db()
    with pytest.raises(NotOfSheet):
        agree_for_unit(party=party, digest=story.digest("builder", morning), **given)


def test_d9_each_side_reads_its_own_rows_and_the_shared_ones_and_an_outsider_no_sheet(morning):
    story = make_issued(morning)
    put_row(story, morning, matter="交底", lead="territory")

    def read_by(person):
        return {row.title for row in view_of(story.sheet, person, morning).rows}

    assert read_by(story.people["builder"]) == {"第1条责任", "第2条责任"}
    assert read_by(story.people["territory"]) == {"第1条责任", "交底"}
    assert read_by(story.people["management"]) == {"第1条责任"}
    assert read_by(story.lead) == read_by(story.zone_story.clerk) == {"第1条责任", "第2条责任", "交底"}
    assert not SEE_SHEET.allows(story.outsider, story.sheet, at=morning)
    assert list(list_sheets(story.outsider, morning)) == []
    for person in (*story.people.values(), story.lead, story.zone_story.clerk):
        assert SEE_SHEET.allows(person, story.sheet, at=morning)
        assert list(list_sheets(person, morning, words="南I")) == [story.sheet]
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    _version, rows, changes = version_seen(story.sheet, 2, story.people["supervision"], morning)
    assert ([row.title for row in rows], changes) == (["第1条责任"], [])
    _version, _rows, changes = version_seen(story.sheet, 2, story.people["territory"], morning)
    assert [(diff.kind, diff.row.title) for diff in changes] == [("added", "交底")]
    assert version_seen(story.sheet, 3, story.lead, morning) is None


def test_a_sheet_is_opened_where_there_is_none(morning):
    story = make_duties(morning)

    assert list(zones_to_open(story.lead, morning)) == []
    story.sheet.rows.all().delete()
    story.sheet.delete()
    assert list(zones_to_open(story.lead, morning)) == [story.zone]
    assert list(zones_to_open(story.people["builder"], morning)) == []


def test_a_view_costs_the_same_however_many_rows_and_words(morning, django_assert_max_num_queries):
    story = make_issued(morning, rows=1)
    for number in range(6):
        row = put_row(story, morning, matter=f"又一条{number}")
        plan = RowPlan(
            {side: SideShare(Part.LEAD if side == "builder" else Part.HELP, story.people[side]) for side in SIDES}
        )
        fix_row(row=row, plan=plan, actor=story.lead, at=morning)
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    for side in SIDES:
        story.agree(side, morning)

    with django_assert_max_num_queries(26):
        assert len(view_of(story.sheet, story.lead, morning).rows) == 7


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_for_one_unit_at_once_agree_once(committing_db, morning):
    story = make_issued(morning)
    digest = story.digest("builder", morning)

    def agree():
        agree_for_unit(
            sheet=story.sheet, party=story.parties["builder"], digest=digest, actor=story.people["builder"], at=morning
        )

    assert at_once([agree] * 3) == 1
    assert SideWord.objects.count() == 1
