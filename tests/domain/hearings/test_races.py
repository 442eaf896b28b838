"""Two who act at once: one does, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from ronghe.domain.hearings.models import Hearing, ReporterResult
from ronghe.domain.hearings.services.marking import count_marks, open_marking
from ronghe.kernel.errors import DomainError
from tests.factories.hearings import make_field, make_hearing, mark

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


def test_marks_are_counted_once(morning):
    story = make_field()
    hearing = make_hearing(story, morning)
    open_marking(hearing=hearing, actor=story.field.clerk, at=morning)
    mark(hearing, "leaders", [(1, 1, 1)] * 3, morning)

    def count():
        fresh = Hearing.objects.select_related("body").get(pk=hearing.pk)
        count_marks(hearing=fresh, actor=story.field.clerk, at=morning)

    assert at_once(count) == 1
    assert ReporterResult.objects.count() == 3
