from __future__ import annotations

import pytest

from ronghe.domain.org.facts import PERSON_ADDED
from ronghe.kernel.facts.kinds import FactRefused
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, prepare_batch, record_many
from tests.factories.org import make_body, make_person

pytestmark = pytest.mark.django_db


def test_batch_writes_the_same_facts_as_record(morning):
    person = make_person("马春杰", home=make_body("仪陇党支部"))
    drafts = [Draft(PERSON_ADDED, morning, person, about=person, attributes={"political_status": "01"})] * 2
    ignored = {"id", "recorded_at", "mac"}

    prepare_batch(drafts[:1]).write()
    record_many(drafts[1:])

    one, other = Fact.objects.filter(kind=PERSON_ADDED.name).order_by("pk").values()
    assert {k: v for k, v in one.items() if k not in ignored} == {k: v for k, v in other.items() if k not in ignored}


def test_batch_of_a_fact_that_does_not_fit_writes_nothing(morning):
    with pytest.raises(FactRefused):
        prepare_batch([Draft(PERSON_ADDED, morning, None, attributes={"name": "马春杰"})])

    assert not Fact.objects.filter(kind=PERSON_ADDED.name).exists()
