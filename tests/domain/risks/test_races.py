"""Several who act on one risk, one report or one level at the same moment: one winner, or both count."""

from __future__ import annotations

import pytest

from ronghe.domain.hazards.models import Finding
from ronghe.domain.incidents.models import AccidentNotice
from ronghe.domain.incidents.services.reporting import tell_level
from ronghe.domain.org.models import Person
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk
from ronghe.domain.risks.services.raising import raise_from, raise_risk
from ronghe.domain.work.models import Task
from tests.factories.hazards import confirmed, make_violation
from tests.factories.incidents import make_accident
from tests.factories.races import at_once
from tests.factories.rhythm import make_task, make_zone
from tests.factories.risks import make_risk


@pytest.fixture
def story(committing_db):
    return make_zone()


def test_two_records_of_one_moment_both_raise_a_risk(story, morning):
    risk = make_risk(story, morning, grade=RiskGrade.BLUE)
    tasks = [make_task(story, morning, title=f"清沟{number}") for number in range(2)]

    def raising(task):
        return lambda: raise_from(
            risk=Risk.objects.get(pk=risk.pk), source=Task.objects.get(pk=task.pk), cause="hazard", reason="渗油",
            actor=Person.objects.get(pk=story.lead.pk), at=morning,
        )  # fmt: skip

    assert at_once([raising(task) for task in tasks]) == 2
    risk.refresh_from_db()
    assert (risk.grade, risk.usual_grade, risk.version) == (RiskGrade.ORANGE, RiskGrade.BLUE, 3)


def test_of_two_who_raise_by_hand_one_wins(story, morning):
    risk = make_risk(story, morning)
    seen = [Risk.objects.select_related("area", "owner").get(pk=risk.pk) for _ in range(2)]
    lead = Person.objects.get(pk=story.lead.pk)

    assert at_once([lambda row=row: raise_risk(risk=row, reason="超限", actor=lead, at=morning) for row in seen]) == 1
    assert risk.versions.count() == 2


def test_of_two_who_confirm_or_tell_one_wins(story, morning):
    item = make_violation(story, morning)
    assert at_once([lambda: confirmed(story, morning, item=type(item).objects.get(pk=item.pk))] * 2) == 1
    assert Finding.objects.get(item=item).settled_on is not None
    notice = make_accident(story, morning).notices.get(line="head")

    def telling():
        row = AccidentNotice.objects.select_related("accident__body").get(pk=notice.pk)
        tell_level(notice=row, actor=story.lead, at=morning)

    assert at_once([telling] * 2) == 1
