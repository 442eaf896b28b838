"""改期 on the page of a duty (PM-05)."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.obligations.models import Obligation, ObligationMove
from ronghe.domain.playbooks.services import adopt_playbook
from tests.domain.obligations.test_moving import FIXED_DAY
from tests.domain.playbooks.making import playbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixed(story, now):
    adopt_playbook(body=story.body, playbook=playbook(FIXED_DAY), since=date(2026, 9, 1), actor=None, at=now)
    return Obligation.objects.get(occurrence="2026-09-25")


def move(browser, duty, day: str, reason: str = "抢修"):
    return browser.post(f"/obligations/{duty.pk}/move/", {"day": day, "reason": reason})


def test_pm_05_day_is_moved_and_moved_back(fixed, lead):
    assert move(lead, fixed, "2026-09-28").status_code == 302
    fixed.refresh_from_db()
    assert fixed.planned_on == date(2026, 9, 28)

    lead.post(f"/obligations/{fixed.pk}/move/back/")

    fixed.refresh_from_db()
    assert fixed.planned_on == date(2026, 9, 25)
    assert [move.now for move in lead.get(f"/obligations/{fixed.pk}/").context["moves"]] == [
        date(2026, 9, 28), date(2026, 9, 25),
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["2026-10-01", "2026-08-31", "2026-09-13", "9999-12-31", "0001-01-01", "²", ""])
def test_pm_05_other_days_are_refused_beside_the_form(fixed, lead, day):
    assert move(lead, fixed, day).status_code == 422
    assert ObligationMove.objects.count() == 0


def test_moving_wants_a_reason_and_a_right(fixed, lead, member, stranger):
    assert move(lead, fixed, "2026-09-28", "").status_code == 422
    assert move(member, fixed, "2026-09-28").status_code == 403
    assert move(stranger, fixed, "2026-09-28").status_code == 404
    assert member.get(f"/obligations/{fixed.pk}/").context["can_move"] is False


def test_moving_back_without_a_move_changes_nothing(fixed, lead):
    lead.post(f"/obligations/{fixed.pk}/move/back/")

    assert ObligationMove.objects.count() == 0
