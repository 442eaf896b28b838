"""Each right answers alike for one application and for a list of them, with and without walking."""

from __future__ import annotations

import pytest

from ronghe.domain.appraisal.rules import LOOK_INTO, SEE_MEMBERS_POINTS, SEE_POINTS
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.merits.rules import (
    APPEAL,
    APPLY,
    APPROVE,
    CHECK,
    HEAR_APPEAL,
    OBJECT,
    REPORT,
    REVERSE,
    REVIEW,
    SETTLE,
    TAKE_BACK,
)
from ronghe.domain.org.models import PartyOrg, Person
from tests.factories.merits import applied, make_merits, on_notice

pytestmark = pytest.mark.django_db
OF_ITEMS = (CHECK, REVIEW, APPROVE, OBJECT, SETTLE, APPEAL, HEAR_APPEAL, REVERSE, TAKE_BACK)
OF_PEOPLE = (APPLY, REPORT, SEE_POINTS)
OF_BODIES = (SEE_MEMBERS_POINTS, LOOK_INTO)


def test_every_right_agrees_with_its_list(morning):
    story = make_merits(morning)
    on_notice(story, morning)
    take_step(item=applied(story, morning), step="check", actor=story.org_member, at=morning)
    applied(story, morning)
    asked = [(right, WorkItem) for right in OF_ITEMS]
    asked += [(right, Person) for right in OF_PEOPLE] + [(right, PartyOrg) for right in OF_BODIES]
    answers = set()
    for right, model in asked:
        for actor in Person.objects.order_by("pk"):
            allowed = {row.pk for row in model.objects.all() if right.allows(actor, row, at=morning)}
            for walk in (False, True):
                listed = right.narrow(actor, model.objects.all(), at=morning, walk=walk).values_list("pk", flat=True)
                assert set(listed) == allowed, (right.name, actor.name, walk)
            answers |= {(right.name, bool(allowed))}
    own = {(APPLY.name, False), (SEE_POINTS.name, False)}  # everybody has points of the own
    assert answers == {(right.name, said) for right, _model in asked for said in (True, False)} - own
