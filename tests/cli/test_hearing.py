"""`ronghe hearing`: reporters, the meeting, voiding the marks, remarks, and the answer to an objection."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.hearings.services.planning import MeetingThere
from ronghe.domain.hearings.services.reporting import object_to_result
from ronghe.kernel.errors import NotFound
from tests.factories.hearings import make_counted, make_field, make_hearing, reporter_of
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def test_a_hearing_is_prepared_marked_again_and_called_off(morning):
    story = make_field()
    hearing, clerk = make_hearing(story, morning), Shell(story.field.clerk, "hearing")
    clerk.run("reporters", hearing.pk, "韩雪松", "闫国庆")
    assert [row["person"] for row in clerk.told("show", hearing.pk)["reporters"]] == ["闫国庆", "韩雪松"]
    with pytest.raises(MeetingThere):
        clerk.run("arrange", hearing.pk)
    clerk.run("open", hearing.pk)
    assert clerk.told("stop", hearing.pk, "--reason", "名单错了")["state"] == "planned"
    assert clerk.told("call-off", hearing.pk, "--reason", "改期")["state"] == "called_off"
    with pytest.raises(NotFound):
        Shell(story.workers[0], "hearing").run("arrange", hearing.pk)


def test_a_remark_and_the_answer_to_an_objection(morning):
    story = make_field()
    row = reporter_of(make_counted(story, morning), story.secretaries[2])
    clerk = Shell(story.field.clerk, "hearing")
    clerk.run("remark", row.pk, "comment", "马会军", "--text", "再抓班组")
    assert row.remarks.get().text == "再抓班组"
    with pytest.raises(NotFound):
        clerk.run("answer", row.pk, "--upheld", "--text", "没有异议")
    object_to_result(reporter=row, text="请复核", actor=story.secretaries[2], at=morning)
    assert clerk.told("answer", row.pk, "--dismissed", "--text", "复核无误")["state"] == "dismissed"
