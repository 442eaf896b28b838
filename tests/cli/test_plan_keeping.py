"""`ronghe plan` and `ronghe site-meeting`: what is put right, chosen, undone and signed for somebody with a card."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.planning.models import CheckEvidence
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.planning import QUARTER, check_of, item_of, make_agreed, make_draft, make_field, make_gathering
from tests.factories.taskforces import make_running
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def test_items_are_changed_restored_and_not_yet_done(morning):
    field = make_field()
    plan, own = make_agreed(field, morning), Shell(field.secretary, "plan")
    item = item_of(plan)
    assert own.told("change", item.pk, "--figure", "14", "--reason", "增量")["title"] == item.title
    item.refresh_from_db()
    assert (item.figure, item.production_owner) == (14, field.foreman)
    other = item_of(plan, 2).pk
    own.run("item", other, "--drop", "--reason", "并入")
    own.run("restore", other, "--reason", "恢复")
    Shell(field.foreman, "plan").run("item", item.pk, "--done", "2026-09-14", "--result", "焊完")
    Shell(field.foreman, "plan").run("undone", item.pk)
    item.refresh_from_db()
    assert item.done_on is None
    with pytest.raises(NotAllowed):
        Shell(field.member, "plan").run("change", item.pk, "--goal", "随便")


def test_a_plan_is_taken_back_gets_a_head_and_is_closed_and_opened_again(morning):
    field = make_field()
    plan, own = make_draft(field, morning), Shell(field.secretary, "plan")
    assert own.told("head", plan.pk, field.foreman.name)["head"] == field.foreman.name
    own.run("agree", plan.pk, "--offer")
    assert own.told("step", plan.pk, "take-back")["state"] == "draft"
    agreed = make_agreed(make_field("采油四厂党委"), morning)
    keeper = Shell(agreed.body.posts.get(role="secretary").person, "plan")
    assert keeper.told("step", agreed.pk, "close")["state"] == "closed"
    assert keeper.told("step", agreed.pk, "reopen")["state"] == "agreed"


def test_what_shows_a_check_is_chosen_rejected_and_looked_for_again(morning):
    field = make_field()
    plan, own = make_agreed(field, morning), Shell(field.secretary, "plan")
    meeting = make_gathering(field, morning, topics=("杂项",))
    check = check_of(plan, "planned").pk
    assert [row["key"] for row in own.told("choices", check)] == [f"a{meeting.pk}"]
    with pytest.raises(NotFound):
        own.run("choose", check, "a999")
    chosen = own.told("choose", check, f"a{meeting.pk}")["id"]
    own.run("reject", check, chosen)
    assert CheckEvidence.objects.get(pk=chosen).rejected_at is not None
    assert "proposed" in own.told("refresh", plan.pk, QUARTER)
    with pytest.raises(NotFound):
        own.run("refresh", plan.pk, "1999Q1")


def test_a_morning_on_site_is_put_right(morning):
    story = make_running(morning)
    leader = Shell(story.leader, "site-meeting")
    chain = leader.told(
        "begin", story.body.name, "1号站", "重要论述", "--safety", "触电：断电", "--technical", "先断后接"
    )["id"]
    leader.run("briefer", chain, "technical", story.members[0].name)
    leader.run("undo", chain, "group", "--reason", "开错了")
    leader.run("open", chain, "group")
    assert leader.told("card", chain, member_card(story.members[1]))["person"] == story.members[1].name
    with pytest.raises(NotAllowed):
        Shell(story.members[2], "site-meeting").run("card", chain, member_card(story.members[2]))
    leader.run("mind", chain, story.members[1].name, "--talk")
    leader.run("talked", story.members[1].name)
    with pytest.raises(NotFound):
        Shell(story.outsider, "site-meeting").run("undo", chain, "group", "--reason", "x")
