"""违章: suspected until somebody else confirms it (IN-05), counted against person and certificate (PC-16), overturned."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.hazards.enums import FindingGrade
from ronghe.domain.hazards.models import Finding
from ronghe.domain.hazards.rules import CONFIRM
from ronghe.domain.hazards.selectors import violations_against, violations_of
from ronghe.domain.hazards.services.reporting import CertificateUnfit, MachineNamesNobody, Offender
from ronghe.domain.hazards.services.settling import Confirmed, DeadlineTooFar, OffenderSettled, confirm_violation
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import ItemPerson
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.services.steps import Said, StepNoteMissing, take_step
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.models import Risk
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.hazards import confirmed, fixed, make_violation
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import make_risk, safety_of

pytestmark = pytest.mark.django_db
NUMBER = "T230602198801011234"


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def hand(story):
    return make_person("赵大勇", home=story.branch, participates_in=story.body)


def test_in_05_what_a_machine_saw_is_suspected_and_counts_when_a_person_confirmed_it(story, hand, morning):
    safety = safety_of(story)
    item = make_violation(story, morning, by=safety, is_by_machine=True)
    since = local_day(morning)
    assert (item.state, violations_of([hand.pk], since)[hand.pk].count) == ("reported", 0)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="dismiss", actor=safety, at=morning, said=Said(note="自己报的不能自己定"))
    confirmed(story, morning, item=item, offender=Offender(hand))
    given = violations_of([hand.pk], since)[hand.pk]
    assert given.count == 0  # `confirmed` named nobody: the machine cannot, the confirmer did not
    item = make_violation(story, morning, by=safety, is_by_machine=True, title="未戴安全帽")
    told = Confirmed(FindingGrade.GENERAL, story.members[0], "看了录像和本人", offender=Offender(hand))
    confirm_violation(item=item, given=told, actor=story.lead, at=morning)

    assert violations_of([hand.pk], since)[hand.pk].count == 1
    [first, second] = Fact.objects.filter(kind="hazards.violation_confirmed").order_by("pk")
    assert (first.subject, second.subject) == (None, hand.token)
    assert second.values["is_by_machine"] is True


def test_in_05_a_machine_names_nobody(story, hand, morning):
    for offender in (Offender(hand), Offender(None, NUMBER)):
        with pytest.raises(MachineNamesNobody):
            make_violation(story, morning, is_by_machine=True, offender=offender)


def test_neither_who_reported_nor_who_is_named_confirms(story, morning):
    safety = safety_of(story)
    item = make_violation(story, morning, by=story.lead, offender=Offender(safety))

    assert not CONFIRM.allows(story.lead, item, at=morning)
    assert not CONFIRM.allows(safety, item, at=morning)
    assert CONFIRM.allows(story.secretary, item, at=morning)
    with pytest.raises(NotAllowed):
        confirmed(story, morning, item=item)


def test_who_is_named_is_read_by_those_involved_alone(story, hand, morning):
    item = make_violation(story, morning, offender=Offender(hand))
    open_one = make_violation(story, morning)

    assert item.visibility == Visibility.INVOLVED
    seen = {person.name: SEE_ITEM.allows(person, item, at=morning) for person in (hand, story.members[1], story.lead)}
    assert set(seen.values()) == {True}
    assert not SEE_ITEM.allows(story.members[2], item, at=morning)
    assert SEE_ITEM.allows(story.members[2], open_one, at=morning)
    confirmed(story, morning, item=open_one)
    assert SEE_ITEM.allows(story.members[2], open_one, at=morning)


def test_violations_against_a_certificate_are_found_by_its_whole_number(story, hand, morning):
    since = local_day(morning)
    confirmed(story, morning, offender=Offender(hand, NUMBER))
    confirmed(story, morning, offender=Offender(hand, "T-other-certificate"))
    confirmed(story, morning, offender=Offender(hand, f" {NUMBER.lower()} "))

    assert violations_against(NUMBER, since).count == 2
    assert violations_against("", since).count == 0
    assert violations_of([hand.pk], since)[hand.pk].count == 3


def test_a_certificate_is_never_kept_as_it_is_and_comes_with_its_person(story, hand, morning):
    item = make_violation(story, morning, offender=Offender(hand, NUMBER))
    finding = Finding.objects.get(item=item)

    assert finding.certificate_mask == "T23************1234"
    assert NUMBER not in str(Finding.objects.filter(item=item).values().get())
    for offender in (Offender(None, NUMBER), Offender(hand, "9" * 41)):
        with pytest.raises(CertificateUnfit):
            make_violation(story, morning, offender=offender)


def test_an_overturned_violation_counts_no_more_and_its_fact_is_reversed(story, hand, morning):
    safety = safety_of(story)
    item = confirmed(story, morning, offender=Offender(hand, NUMBER))
    with pytest.raises(StepNoteMissing):
        take_step(item=item, step="overturn", actor=safety, at=morning)
    take_step(item=item, step="overturn", actor=safety, at=morning, said=Said(note="系了带，照片角度看不到"))

    assert item.state == "dismissed"
    assert violations_of([hand.pk], local_day(morning))[hand.pk].count == 0
    fact = Fact.objects.get(kind="hazards.violation_confirmed", reverses=None)
    assert Fact.objects.filter(reverses=fact.pk).count() == 1


def test_a_violation_raises_a_risk_and_is_closed_by_somebody_else(story, hand, morning):
    risk = make_risk(story, morning)
    item = make_violation(story, morning, area=risk.area, offender=Offender(hand))
    confirmed(story, morning, item=item, risk=risk)
    assert Risk.objects.get(pk=risk.pk).is_raised
    fixed(item, morning)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="verify", actor=hand, at=morning)
    take_step(item=item, step="verify", actor=story.lead, at=morning)

    assert item.state == "closed"
    assert violations_of([hand.pk], local_day(morning))[hand.pk].count == 1


def test_what_does_not_fit_a_confirmation_is_refused(story, hand, morning):
    item = make_violation(story, morning, offender=Offender(hand))
    today = local_day(morning)
    other = Offender(story.members[2])
    refused = [
        (DeadlineTooFar, {"due_on": today + timedelta(days=4)}), (OffenderSettled, {"offender": other}),
        (StepNoteMissing, {"note": ""}),
    ]  # fmt: skip
    for error, more in refused:
        given = {"grade": FindingGrade.GENERAL, "owner": story.lead, "note": "核实", **more}
        with pytest.raises(error):
            confirm_violation(item=item, given=Confirmed(**given), actor=story.lead, at=morning)
    assert not Fact.objects.filter(kind="hazards.violation_confirmed").exists()
    confirmed(story, morning, item=item, due_on=today + timedelta(days=3))
    assert ItemPerson.objects.filter(item=item, part="named").count() == 1


def test_people_are_counted_in_one_statement(story, hand, morning, django_assert_num_queries):
    confirmed(story, morning, offender=Offender(hand))
    people = [hand.pk, *(person.pk for person in story.members)]

    with django_assert_num_queries(1):
        found = violations_of(people, local_day(morning))
    assert [found[pk].count for pk in people] == [1, 0, 0, 0]
