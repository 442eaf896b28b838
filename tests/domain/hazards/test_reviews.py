"""One entry (PC-16): a violation that was confirmed here counts at the review of the certificate without being typed in again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.hazards.enums import FindingGrade
from ronghe.domain.hazards.services.reporting import Offender
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.models import ProvenViolation
from ronghe.domain.qualifications.selectors.records import record_of
from ronghe.domain.qualifications.selectors.violations import counted_at_review, proven_against
from ronghe.domain.qualifications.services.certificates import (
    CertificateText,
    ViolationsBar,
    enter_certificate,
    review_certificate,
)
from ronghe.domain.qualifications.services.lessons import note_violation
from tests.factories.hazards import confirmed, make_violation
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import safety_of

pytestmark = pytest.mark.django_db
NUMBER = "T230602198801011234"
REVIEW = date(2027, 8, 1)
THEN = datetime(2027, 8, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def hand(story):
    return make_person("赵大勇", home=story.branch, participates_in=story.body)


@pytest.fixture
def certificate(story, hand, morning):
    text = CertificateText("welding_and_cutting", NUMBER, date(2024, 9, 15))
    return enter_certificate(person=hand, text=text, actor=safety_of(story), at=morning)


def review(story, certificate, *, on=REVIEW, passed=True):
    return review_certificate(
        certificate=certificate, passed=passed, on=on, hours=Decimal(8), actor=safety_of(story), at=THEN
    )


@pytest.mark.parametrize(("count", "is_barred"), [(0, False), (1, False), (2, True)])
def test_two_confirmed_violations_bar_the_review_pc_16(story, hand, certificate, morning, count, is_barred):
    for _number in range(count):
        confirmed(story, morning, offender=Offender(hand, f" {NUMBER[:8]} {NUMBER[8:].lower()}"))
    make_violation(story, morning, offender=Offender(hand, NUMBER))  # suspected only (IN-05)

    assert len(counted_at_review(certificate)) == count
    if is_barred:
        with pytest.raises(ViolationsBar, match="PC-16"):
            review(story, certificate)
        review(story, certificate, passed=False)
    else:
        review(story, certificate)
    assert not ProvenViolation.objects.exists()


def test_one_with_serious_consequences_bars_it_at_once_pc_16(story, hand, certificate, morning):
    confirmed(story, morning, offender=Offender(hand, NUMBER), is_serious_harm=True, grade=FindingGrade.SERIOUS)

    with pytest.raises(ViolationsBar):
        review(story, certificate)


def test_a_violation_against_another_certificate_does_not_count_and_one_against_none_does(
    story, hand, certificate, morning
):
    confirmed(story, morning, offender=Offender(hand, "T-other-certificate"))
    confirmed(story, morning, offender=Offender(hand))

    assert len(counted_at_review(certificate)) == 1
    review(story, certificate)


def test_papers_and_what_was_confirmed_here_count_together(story, hand, certificate, morning):
    confirmed(story, morning, offender=Offender(hand, NUMBER))
    note_violation(
        person=hand,
        on=local_day(morning),
        reference="违章〔2026〕3号",
        is_grave=False,
        actor=safety_of(story),
        at=morning,
    )

    with pytest.raises(ViolationsBar):
        review(story, certificate)
    shown = record_of(hand, safety_of(story), morning).violations
    assert {bool(row.item) for row in shown} == {True, False}


def test_an_overturned_violation_counts_no_more_at_the_review(story, hand, certificate, morning):
    items = [confirmed(story, morning, offender=Offender(hand, NUMBER)) for _number in range(2)]
    take_step(
        item=items[0], step="overturn", actor=safety_of(story), at=morning, said=Said(note="系了带，照片角度看不到")
    )

    review(story, certificate)

    assert [row.item for row in proven_against([hand.pk])[hand.pk]] == [items[1].pk]


def test_after_a_review_that_was_passed_the_count_begins_anew(story, hand, certificate, morning):
    confirmed(story, morning, offender=Offender(hand, NUMBER))
    review(story, certificate)

    assert counted_at_review(certificate) == []
    assert local_day(morning) + timedelta(days=1) < REVIEW


def test_people_are_counted_in_two_statements(story, hand, morning, django_assert_num_queries):
    confirmed(story, morning, offender=Offender(hand))

    with django_assert_num_queries(2):
        found = proven_against([hand.pk, *(one.pk for one in story.members)])
    assert [len(rows) for rows in found.values()] == [1, 0, 0, 0]
