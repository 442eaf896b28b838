"""`ronghe incident`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.incidents.services.reporting import FiguresWrong
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import safety_of
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def test_an_accident_from_the_report_to_the_end(story):
    member, safety = Shell(story.members[0], "incident"), Shell(safety_of(story), "incident")
    given = ("report", "塌方", "--at", "2026-09-14 07:10", "--body", story.body.pk, "--place", "3 号沟")
    with pytest.raises(FiguresWrong):
        member.run(*given, "--yuan", "NaN")
    number = member.told(*given, "--injured", 1)["id"]
    assert "县级" in safety.run("tell", number, "head", "--way", "电话")
    with pytest.raises(NotFound):
        safety.run("tell", number, "moon")
    assert safety.told("figures", number, "--deaths", 3)["grade"] == "larger"
    assert "共 1 起" in safety.run("list", "--open")
    assert "立即" in safety.run("show", number)
    assert safety.told("close", number, "--result", "查清")["is_closed"] is True
    with pytest.raises(NotAllowed):
        member.run("withdraw", number, "--reason", "误报")
    assert safety.told("withdraw", number, "--reason", "误报")["is_withdrawn"] is True
    with pytest.raises(NotFound):
        Shell(make_person("过客"), "incident").run("show", number)
