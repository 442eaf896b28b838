"""Two who act at once: one does, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from ronghe.domain.decisions.enums import Edition
from ronghe.domain.decisions.models import DecisionList, Matter, Sitting
from ronghe.domain.decisions.services.lists import adopt_list, draft_list
from ronghe.domain.decisions.services.meetings import Votes, settle_matter
from ronghe.kernel.errors import DomainError
from tests.factories.decisions import make_committee, make_list, make_matter_before

pytestmark = pytest.mark.usefixtures("committing_db")


def at_once(act, times=2):
    """Run `act` in as many threads and return how often it was done."""
    gate = Barrier(times)

    def once(_number):
        try:
            gate.wait()
            act()
        except DomainError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(once, range(times)))


def test_a_matter_is_settled_once(morning):
    story = make_committee()
    entry = make_list(story, morning)["年度综合计划"]
    matter = make_matter_before(story, entry, morning)

    def settle():
        fresh = Matter.objects.select_related("body", "entry").get(pk=matter.pk)
        settle_matter(matter=fresh, decision="同意", votes=Votes(5), actor=story.clerk, at=morning)

    assert at_once(settle) == 1
    assert Sitting.objects.filter(outcome="carried").count() == 1


def test_a_list_is_adopted_once(morning):
    story = make_committee()
    make_list(story, morning)
    draft = draft_list(body=story.committee, actor=story.clerk, at=morning)

    def adopt():
        fresh = DecisionList.objects.select_related("body").get(pk=draft.pk)
        adopt_list(of_list=fresh, document="12号", actor=story.clerk, at=morning)

    assert at_once(adopt) == 1
    assert DecisionList.objects.filter(state=Edition.IN_FORCE).count() == 1
