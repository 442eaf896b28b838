"""Two who act at once on a challenge: one does, the other is told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.challenges.models import Bid
from ronghe.domain.challenges.selectors import paid_of
from ronghe.domain.challenges.services.carrying_out import pay
from ronghe.domain.challenges.services.judging import select_bid
from ronghe.domain.items.models import WorkItem
from tests.factories.challenges import judge, make_judging, make_running
from tests.factories.races import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def test_of_two_bids_selected_at_once_one_is(morning):
    story = make_judging(morning)
    later = morning + timedelta(days=11)
    judge(story, later)

    def selecting(number):
        def act():
            item = WorkItem.objects.select_related("owner").get(pk=story.item.pk)
            bid = Bid.objects.select_related("leader").get(pk=story.bids[number].pk)
            select_bid(item=item, bid=bid, actor=story.poster, at=later, reason="理由")

        return act

    assert at_once([selecting(0), selecting(1)]) == 1
    assert Bid.objects.filter(state="selected").count() == 1


def test_two_payments_at_once_never_pay_more_than_there_is(morning):
    story = make_running(morning)

    def paying():
        item = WorkItem.objects.select_related("owner").get(pk=story.item.pk)
        pay(item=item, amount=Decimal(30000), paid_on=morning.date(), actor=story.poster, at=morning)

    assert at_once([paying, paying]) == 1
    assert paid_of(story.item) == Decimal(30000)
