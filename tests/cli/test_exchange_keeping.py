"""`ronghe exchange`: what is taken off, taken back, put better, offered and ended."""

from __future__ import annotations

import click
import pytest
from django.utils import timezone

from ronghe.domain.exchange.services.programmes import ask_question
from ronghe.kernel.errors import NotFound
from tests.factories.exchange import (
    make_held,
    make_lecture,
    make_line,
    make_pair,
    make_practice,
    make_programme,
    make_visit,
)
from tests.factories.rhythm import photo
from tests.factories.taskforces import make_running, raise_fixed
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_running(morning)


def test_a_programme_takes_points_drops_topics_and_ends(story, morning, tmp_path):
    programme = make_programme(story, morning)
    line = make_line(programme, story, morning)
    question = ask_question(line=line, text="监护人做什么？", actor=story.leader, at=morning)
    file = tmp_path / "图纸.jpg"
    file.write_bytes(photo().content.read())
    keeper, preparer = Shell(story.secretary, "exchange programme"), Shell(story.members[0], "exchange programme")
    preparer.run("answer", line.pk, question.pk, "--text", "全程在场")
    preparer.run("material", line.pk, file)
    assert line.materials.count() == 1
    point = raise_fixed(story, morning, title="仪表协议")
    assert keeper.told("add-point", programme.pk, point.pk)["topic"] == "仪表协议"
    assert keeper.told("drop", line.pk)["state"] == "dropped"
    assert keeper.told("take-back", line.pk)["state"] == "listed"
    assert keeper.told("end", programme.pk)["state"] == "ended"
    with pytest.raises(NotFound):
        Shell(story.outsider, "exchange programme").run("drop", line.pk)


def test_a_lecture_is_put_better_withdrawn_and_offered_again(story, morning):
    lecture = make_lecture(story, morning)
    own = Shell(story.members[0], "exchange lecture")
    assert own.told("change", lecture.pk, "--title", "机封怎么换得快")["title"] == "机封怎么换得快"
    lecture.refresh_from_db()
    assert (lecture.minutes, lecture.audience) == (45, "新上岗的员工")
    assert own.told("withdraw", lecture.pk)["state"] == "withdrawn"
    assert own.told("offer-again", lecture.pk)["state"] == "offered"


def test_a_pairs_programme_is_drafted_submitted_and_reworked(story, morning):
    pair = make_pair(story, morning)
    keeper = Shell(story.leader, "exchange pair")
    span = ("--from", "2026-09-14", "--until", "2027-09-01", "--witness", story.secretary.name)
    goals = ("--goal", "独立调校，2027-08-01，台，0，12", "--goal", "会看逻辑图,2027-08-01")
    assert keeper.told("draft", pair.pk, *span, *goals)["state"] == "draft"
    assert [goal.target for goal in pair.programme.goals.order_by("number")] == [12, None]
    with pytest.raises(click.UsageError):
        keeper.run("draft", pair.pk, *span, "--goal", "没有期限")
    assert keeper.told("submit", pair.pk)["digest"]
    assert keeper.told("rework", pair.pk)["state"] == "draft"
    with pytest.raises(NotFound):
        Shell(story.outsider, "exchange pair").run("submit", pair.pk)


def test_a_visit_becomes_an_activity_or_is_called_off(story, morning):
    one, two = make_visit(story, morning), make_visit(story, morning, purpose="学机柜")
    keeper = Shell(story.secretary, "exchange visit")
    assert keeper.told("activity", one.pk, "--from", "2026-09-14 09:00", "--until", "2026-09-14 11:00")["activity"]
    assert keeper.told("off", two.pk)["state"] == "called_off"


def test_what_came_of_a_visit_is_written_followed_and_offered(story, morning):
    visit = make_held(story, morning)
    practice = make_practice(visit, story, morning)
    keeper, owner = Shell(story.secretary, "exchange visit"), Shell(story.members[0], "exchange visit")
    keeper.run("seen", visit.pk, "--text", "两人一组，漏检少")
    visit.refresh_from_db()
    assert visit.seen == "两人一组，漏检少"
    gap = keeper.told("gap", visit.pk, "--indicator", "完好率", "--ours", "92.5", "--theirs", "96", "--unit", "%")["id"]
    assert keeper.told("follow", visit.pk, gap, "94")["actual"].startswith("94")
    Shell(story.other_secretary, "exchange visit").run("thanks", visit.pk, "--text", "问得细")
    owner.run("settle", practice.pk, "--outcome", "adopted", "--figure", "漏检", "--before", "7", "--after", "1", "--unit",
              "处")  # fmt: skip
    keeper.run("offer", practice.pk)
    practice.refresh_from_db()
    assert practice.is_offered
    keeper.run("offer", practice.pk, "--no-more")
    assert owner.told("reopen", practice.pk)["state"] == "open"
    with pytest.raises(NotFound):
        Shell(story.outsider, "exchange visit").run("offer", practice.pk)
