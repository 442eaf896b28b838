"""The demonstration's part of the appraisal fits any field: it is played here on the small one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ronghe.demo.appraisal_parts import tell_of_the_appraisal
from ronghe.domain.appraisal.models import Figure, Panel, Remark, Run, VetoCase
from ronghe.kernel.calendar.periods import read_period
from tests.factories.appraisal import a_quarter, adopt, make_field
from tests.factories.org import make_body, make_person

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

pytestmark = pytest.mark.django_db


def test_figures_panels_a_veto_and_a_self_check_are_told():
    field = make_field()
    a_quarter(field)
    adopt(field.north)
    make_body("东三注水站党支部", parent=field.committee)
    for _number in range(4):
        make_person(home=field.north)

    tell_of_the_appraisal(field, read_period("2026Q3"), NOW)

    assert (Figure.objects.count(), VetoCase.objects.count(), Remark.objects.count()) == (3, 1, 1)
    assert list(Panel.objects.order_by("pk").values_list("state", flat=True)) == ["counted", "open"]
    states = list(Run.objects.order_by("pk").values_list("sheet_id", "state"))
    assert states == [("main_daily", "final")] * 4 + [("main_quarterly", "self_check")]
