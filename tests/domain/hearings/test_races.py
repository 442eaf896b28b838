"""Two who act at once: one does, the other is told."""

from __future__ import annotations

import pytest

from ronghe.domain.hearings.models import Hearing, ReporterResult
from ronghe.domain.hearings.services.marking import count_marks, open_marking
from tests.factories.hearings import make_field, make_hearing, mark
from tests.factories.races import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def test_marks_are_counted_once(morning):
    story = make_field()
    hearing = make_hearing(story, morning)
    open_marking(hearing=hearing, actor=story.field.clerk, at=morning)
    mark(hearing, "leaders", [(1, 1, 1)] * 3, morning)

    def count():
        fresh = Hearing.objects.select_related("body").get(pk=hearing.pk)
        count_marks(hearing=fresh, actor=story.field.clerk, at=morning)

    assert at_once([count] * 2) == 1
    assert ReporterResult.objects.count() == 3
