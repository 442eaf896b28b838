"""Two who act at once: one does, the other is told."""

from __future__ import annotations

import pytest

from ronghe.domain.decisions.enums import Edition
from ronghe.domain.decisions.models import DecisionList, Matter, Sitting
from ronghe.domain.decisions.services.lists import adopt_list, draft_list
from ronghe.domain.decisions.services.meetings import Votes, settle_matter
from tests.factories.decisions import make_committee, make_list, make_matter_before
from tests.factories.races import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def test_a_matter_is_settled_once(morning):
    story = make_committee()
    entry = make_list(story, morning)["年度综合计划"]
    matter = make_matter_before(story, entry, morning)

    def settle():
        fresh = Matter.objects.select_related("body", "entry").get(pk=matter.pk)
        settle_matter(matter=fresh, decision="同意", votes=Votes(5), actor=story.clerk, at=morning)

    assert at_once([settle] * 2) == 1
    assert Sitting.objects.filter(outcome="carried").count() == 1


def test_a_list_is_adopted_once(morning):
    story = make_committee()
    make_list(story, morning)
    draft = draft_list(body=story.committee, actor=story.clerk, at=morning)

    def adopt():
        fresh = DecisionList.objects.select_related("body").get(pk=draft.pk)
        adopt_list(of_list=fresh, document="12号", actor=story.clerk, at=morning)

    assert at_once([adopt] * 2) == 1
    assert DecisionList.objects.filter(state=Edition.IN_FORCE).count() == 1
