"""A claim sheet: from difficult points to tasks, published in versions, signed by each side, closed."""

from __future__ import annotations

import pytest

from ronghe.domain.claims.documents import sheet_document
from ronghe.domain.claims.enums import SheetState
from ronghe.domain.claims.models import SheetVersion
from ronghe.domain.claims.rules import SEE_SHEET
from ronghe.domain.claims.selectors import (
    claimable_by,
    counts_of,
    forces_to_split,
    points_without_task,
    sheet_of,
    sheets_to_sign,
    view_of,
)
from ronghe.domain.claims.services.sheets import (
    NoSideOfSheet,
    NothingChanged,
    NotOfThisForce,
    NotPublishedYet,
    SheetAlreadyThere,
    SheetClosed,
    SheetEmpty,
    SheetTitleMissing,
    SideAlreadySigned,
    TasksOpen,
    TaskText,
    add_task,
    close_sheet,
    draw_up_sheet,
    publish_sheet,
    sign_sheet,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.changing import Changed, change_item
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.claims import make_published, make_sheet, put_task
from tests.factories.items import DUTIES
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


def tasks_of(story):
    return list(WorkItem.objects.filter(claim_line__sheet=story.sheet).order_by("claim_line__number"))


def settle(story, item, at):
    """李江 claims, signs and hands in; the leader accepts."""
    hand = story.force.members[0]
    for step in ("claim", "sign"):
        take_step(item=item, step=step, actor=hand, at=at)
    take_step(item=item, step="submit", actor=hand, at=at, said=Said(note="好了", uploads=[photo()]))
    take_step(item=item, step="accept", actor=story.force.leader, at=at)


def test_a_group_has_one_open_sheet(morning):
    story = make_sheet(morning)
    force = story.force
    assert list(forces_to_split(force.leader, morning)) == []

    with pytest.raises(SheetAlreadyThere):
        draw_up_sheet(title="再来一张", body=force.body, force=force.force, actor=force.leader, at=morning)
    with pytest.raises(SheetTitleMissing):
        draw_up_sheet(title=" ", body=force.body, actor=force.leader, at=morning)
    with pytest.raises(NotAllowed):
        draw_up_sheet(title="不该有", body=force.body, actor=force.members[0], at=morning)


def test_sd_04_a_task_without_one_of_the_three_duties_is_not_put_on_the_sheet(morning):
    story = make_sheet(morning, tasks=0)
    for missing in ("qhse_duty", "project_duty", "member_duty"):
        text = TaskText("联动", "12 路", morning.replace(day=20), {**DUTIES, missing: ""}, story.point)
        with pytest.raises(ValuesUnfit):
            add_task(sheet=story.sheet, task=text, actor=story.force.leader, at=morning)

    assert not story.sheet.lines.exists()


def test_a_difficult_point_stays_listed_until_it_was_split(morning):
    story = make_sheet(morning, tasks=0)
    assert list(points_without_task(story.sheet)) == [story.point]
    item = put_task(story, morning)

    assert list(points_without_task(story.sheet)) == []
    assert (item.source_type, item.source_id) == ("taskforces.difficultpoint", story.point.pk)
    assert sheet_of(item) == story.sheet


def test_a_point_of_another_group_is_refused(morning):
    story = make_sheet(morning, tasks=0)
    alone = draw_up_sheet(title="支部自己的", body=story.force.branch, actor=story.force.secretary, at=morning)
    text = TaskText("联动", "12 路", morning.replace(day=20), DUTIES, story.point)

    with pytest.raises(NotOfThisForce):
        add_task(sheet=alone, task=text, actor=story.force.secretary, at=morning)


def test_publishing_opens_the_tasks_to_be_claimed(morning):
    story = make_sheet(morning)
    hand = story.force.members[0]
    assert list(claimable_by(hand, morning)) == []
    publish_sheet(sheet=story.sheet, actor=story.force.leader, at=morning)

    assert len(claimable_by(hand, morning)) == 2
    assert list(claimable_by(story.force.outsider, morning)) == []
    assert [item.state for item in tasks_of(story)] == ["published", "published"]
    fact = Fact.objects.get(kind="claims.sheet_published")
    assert fact.body == story.force.body.pk


def test_a_version_says_what_changed_and_nothing_new_is_no_version(morning):
    story = make_published(morning)
    with pytest.raises(NothingChanged):
        publish_sheet(sheet=story.sheet, actor=story.force.leader, at=morning)
    change_item(item=tasks_of(story)[0], changed=Changed(text="16 路联动"), actor=story.force.leader, at=morning)
    put_task(story, morning, title="第三项任务")
    publish_sheet(sheet=story.sheet, actor=story.force.leader, at=morning)

    assert list(SheetVersion.objects.order_by("number").values_list("number", "changed")) == [(1, 2), (2, 2)]


def test_an_empty_sheet_is_not_published(morning):
    story = make_sheet(morning, tasks=0)

    with pytest.raises(SheetEmpty):
        publish_sheet(sheet=story.sheet, actor=story.force.leader, at=morning)


def test_each_side_signs_each_version_once(morning):
    story = make_sheet(morning)
    force = story.force
    with pytest.raises(NotPublishedYet):
        sign_sheet(sheet=story.sheet, body=force.branch, actor=force.secretary, at=morning)
    publish_sheet(sheet=story.sheet, actor=force.leader, at=morning)
    assert list(sheets_to_sign(force.secretary, morning)) == [story.sheet]

    sign_sheet(sheet=story.sheet, body=force.branch, actor=force.secretary, at=morning)
    assert list(sheets_to_sign(force.secretary, morning)) == []
    assert list(sheets_to_sign(force.other_secretary, morning)) == [story.sheet]
    with pytest.raises(SideAlreadySigned):
        sign_sheet(sheet=story.sheet, body=force.branch, actor=force.secretary, at=morning)
    with pytest.raises(NotAllowed):
        sign_sheet(sheet=story.sheet, body=force.other, actor=force.secretary, at=morning)
    put_task(story, morning, title="第三项任务")
    publish_sheet(sheet=story.sheet, actor=force.leader, at=morning)
    assert [side.signature for side in view_of(story.sheet, morning).sides] == [None, None]


def test_a_body_that_is_no_side_does_not_sign(morning):
    story = make_sheet(morning)
    alone = draw_up_sheet(title="支部自己的", body=story.force.branch, actor=story.force.secretary, at=morning)
    text = TaskText("联动", "12 路", morning.replace(day=20), DUTIES)
    add_task(sheet=alone, task=text, actor=story.force.secretary, at=morning)
    publish_sheet(sheet=alone, actor=story.force.secretary, at=morning)

    with pytest.raises(NoSideOfSheet):
        sign_sheet(sheet=alone, body=story.force.other, actor=story.force.other_secretary, at=morning)
    assert sign_sheet(sheet=alone, body=story.force.branch, actor=story.force.secretary, at=morning).version.number == 1


def test_a_sheet_is_closed_when_every_task_is_settled(morning):
    story = make_published(morning)
    first, second = tasks_of(story)
    settle(story, first, morning)
    with pytest.raises(TasksOpen):
        close_sheet(sheet=story.sheet, actor=story.force.leader, at=morning)
    take_step(item=second, step="withdraw", actor=story.force.leader, at=morning, said=Said(note="不用了"))
    close_sheet(sheet=story.sheet, actor=story.force.leader, at=morning)

    assert story.sheet.state == SheetState.CLOSED
    with pytest.raises(SheetClosed):
        put_task(story, morning)


def test_counts_and_page_agree_and_cost_the_same(morning, django_assert_num_queries):
    story = make_published(morning, tasks=3)
    items = tasks_of(story)
    settle(story, items[0], morning)
    take_step(item=items[1], step="claim", actor=story.force.members[1], at=morning)
    late = morning.replace(day=28)

    counts = counts_of([story.sheet], late)[story.sheet.pk]
    assert (counts.total, counts.accepted, counts.running, counts.unclaimed, counts.overdue) == (3, 1, 1, 1, 2)
    with django_assert_num_queries(6):
        view = view_of(story.sheet, late)
    assert [part.point for part in view.points] == [story.point]
    assert (view.points[0].accepted, view.points[0].overdue) == (1, 2)
    assert list(view.pledged) == [items[0].pk]


def test_who_sees_a_sheet(morning):
    story = make_published(morning)
    force = story.force
    seeing = [force.leader, force.members[0], force.members[1], force.secretary, force.other_secretary, force.clerk]

    assert all(SEE_SHEET.allows(person, story.sheet, at=morning) for person in seeing)
    assert not SEE_SHEET.allows(force.outsider, story.sheet, at=morning)


def test_the_paper_names_duties_fixes_and_signatures(morning):
    story = make_published(morning)
    settle(story, tasks_of(story)[0], morning)
    sign_sheet(sheet=story.sheet, body=story.force.branch, actor=story.force.secretary, at=morning)

    document = sheet_document(view_of(story.sheet, morning), printed_on=morning.date())

    words = str(document.blocks)
    for said in ("登高系挂，五级风以上停", "教会每名值守员工", "李江", "待领办", "熊忠涵", "任务 2 项，已验收 1 项"):
        assert said in words
