from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.obligations.models import Obligation, Waiver
from ronghe.domain.obligations.services.waiving import AlreadyWaived, ReasonMissing, waive, withdraw_waiver
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.domain.obligations.making import close, met_by, states
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    """A committee's clerk above a branch that owes a theme day a month."""
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    clerk = make_person("何雨桐")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    north = make_body("北支部", parent=committee)
    adopt(north, playbook(), date(2026, 1, 1))
    return north, clerk


def july():
    return Obligation.objects.get(occurrence="2026-07-01")


def test_waive_keeps_the_reason_and_records_the_fact_without_it(office, morning):
    north, clerk = office

    waiver = waive(obligation=july(), reason=" 现场连续抢修 ", actor=clerk, at=morning)

    fact = Fact.objects.get(kind="obligations.waived")
    assert (waiver.reason, waiver.waived_by) == ("现场连续抢修", clerk)
    assert (fact.body, fact.values) == (north.pk, {"mechanism": "theme_day", "occurrence": "2026-07-01"})
    assert states(date(2026, 9, 14), occurrence="2026-07-01") == {"2026-07-01": "waived"}


def test_waive_frees_the_record_that_met_it_for_the_next(office, morning):
    north, clerk = office
    july_record, august_record = close(north, date(2026, 7, 30)), close(north, date(2026, 8, 2))
    assert met_by() == {
        ("北支部", "theme_day", "2026-07-01"): july_record.pk,
        ("北支部", "theme_day", "2026-08-01"): august_record.pk,
    }

    waive(obligation=july(), reason="抢修", actor=clerk, at=morning)

    assert met_by() == {("北支部", "theme_day", "2026-08-01"): august_record.pk}


def test_withdrawing_a_waiver_ends_as_if_it_had_never_been(office, morning):
    north, clerk = office
    close(north, date(2026, 7, 30))
    close(north, date(2026, 8, 2))
    before = met_by()

    waiver = waive(obligation=july(), reason="抢修", actor=clerk, at=morning)
    withdraw_waiver(waiver=waiver, actor=clerk, at=morning)

    assert met_by() == before
    assert Fact.objects.filter(kind="obligations.waiver_withdrawn").count() == 1


def test_waive_is_for_the_superior_not_for_whoever_owes_it(office, morning):
    north, _clerk = office
    secretary = make_person("周启明", home=north)
    make_post(secretary, PostRole.SECRETARY, body=north)

    with pytest.raises(NotAllowed):
        waive(obligation=july(), reason="抢修", actor=secretary, at=morning)

    assert Waiver.objects.count() == 0


def test_waive_refuses_an_empty_reason_and_a_second_waiver(office, morning):
    _north, clerk = office

    with pytest.raises(ReasonMissing):
        waive(obligation=july(), reason="  ", actor=clerk, at=morning)
    waiver = waive(obligation=july(), reason="抢修", actor=clerk, at=morning)
    with pytest.raises(AlreadyWaived):
        waive(obligation=july(), reason="抢修", actor=clerk, at=morning)
    withdraw_waiver(waiver=Waiver.objects.get(pk=waiver.pk), actor=clerk, at=morning)
    with pytest.raises(Stale):
        withdraw_waiver(waiver=waiver, actor=clerk, at=morning)
