"""`ronghe obligation`: waived together, taken back, and the days to which one may be moved."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.asking import ask_waiver
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.org import make_body, make_person, make_post
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    branch = make_body("注水队党支部", parent=committee)
    clerk, secretary = make_person("温书宁"), make_person("刘丽", home=branch)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    since = morning.date().replace(month=1, day=1)
    adopt_playbook(body=branch, playbook=shipped_playbook("branch_base"), since=since, actor=clerk, at=morning)
    return clerk, secretary, branch


def open_ones(branch, morning):
    return Obligation.objects.filter(body=branch, due_on__gte=morning.date(), is_settled=False).order_by("due_on", "pk")


def test_several_are_waived_together_and_one_stands_again(story, morning):
    clerk, secretary, branch = story
    rows = list(open_ones(branch, morning)[:2])
    numbers = [row.pk for row in rows]
    with pytest.raises(NotAllowed):
        Shell(secretary, "obligation").run("waive", *numbers, "--reason", "忙")
    shell = Shell(clerk, "obligation")
    with pytest.raises(NotFound):
        shell.run("unwaive", numbers[0])
    assert shell.run("waive", *numbers, numbers[0], "--reason", "停产检修").count("已免办") == 2
    assert rows[0].title in shell.run("unwaive", numbers[0])
    assert list(Obligation.objects.filter(pk__in=numbers, is_settled=True).values_list("pk", flat=True)) == numbers[1:]


def test_a_request_is_taken_back(story, morning):
    _clerk, secretary, branch = story
    asked = ask_waiver(obligations=list(open_ones(branch, morning)[:1]), reason="检修", actor=secretary, at=morning)
    with pytest.raises(NotFound):
        Shell(make_person("赵六"), "obligation").run("take-back", asked.pk)
    assert "已撤回" in Shell(secretary, "obligation").run("take-back", asked.pk)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_the_days_to_which_a_planned_day_may_be_moved(story, morning):
    _clerk, secretary, branch = story
    shell, rows = Shell(secretary, "obligation"), open_ones(branch, morning)
    planned = rows.exclude(planned_on=None).last()
    assert shell.told("days-open", planned.pk)["from_on"] == planned.window_from.isoformat()
    assert "不能改" in shell.run("days-open", rows.filter(planned_on=None).first().pk)
