"""Certificates: terms, reviews, withdrawals, what is due, who may (PC-14 to PC-17)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from ronghe.domain.qualifications.enums import CertificateFilter
from ronghe.domain.qualifications.models import Certificate, ProvenViolation
from ronghe.domain.qualifications.selectors.records import (
    certificates_due,
    certificates_filtered,
    certificates_seen_by,
    record_of,
    standing_on,
)
from ronghe.domain.qualifications.services import certificates as acts
from ronghe.domain.qualifications.services.certificates import (
    CertificateText,
    enter_certificate,
    examine_practice,
    open_number,
    review_certificate,
    withdraw_certificate,
)
from ronghe.domain.qualifications.services.lessons import note_violation
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.qualifications import NOW, NUMBER, TODAY, certify, make_qualified

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def story():
    return make_qualified()


def later(day: date):
    return NOW.replace(year=day.year, month=day.month, day=day.day)


def review(story, row, on: date, *, passed=True, hours="8", long=False):
    return review_certificate(
        certificate=row, passed=passed, on=on, hours=Decimal(hours), is_long_service=long, actor=story.officer,
        at=later(on),
    )  # fmt: skip


def test_terms_follow_from_the_day_of_issue_pc_14_pc_15(story):
    row = certify(story)

    assert (row.review_on, row.expires_on) == (date(2027, 9, 14), date(2030, 9, 14))
    assert (row.due_on, row.warn_from) == (row.review_on, date(2027, 7, 16))
    assert row.due_on - row.warn_from == timedelta(days=60)
    [fact] = Fact.objects.filter(kind="qualifications.certificate_entered")
    assert fact.subject == story.welder.token


def test_equipment_is_four_years_and_warned_of_a_month_before_pc_17(story):
    row = certify(story, kind="crane", issued_on=date(2024, 9, 15))

    assert (row.review_on, row.expires_on, row.warn_from) == (None, date(2028, 9, 14), date(2028, 8, 14))


def test_the_number_is_sealed_and_opened_on_record(story):
    row = certify(story)

    assert NUMBER not in row.number_sealed
    assert row.number_shown == "****001X"
    assert open_number(certificate=row, actor=story.officer, at=NOW) == NUMBER
    assert list(Look.objects.values_list("by", "about", "compartment")) == [
        (story.officer.token, story.welder.token, "certificate_number")
    ]
    with pytest.raises(NotAllowed):
        open_number(certificate=row, actor=story.outsider, at=NOW)


@pytest.mark.parametrize("given", [date(2030, 9, 15), date(2024, 9, 14)])
def test_no_certificate_holds_longer_than_its_kind_pc_14(story, given):
    text = CertificateText("welding_and_cutting", NUMBER, date(2024, 9, 15), expires_on=given)

    with pytest.raises(acts.TermsUnfit, match="2030-09-14"):
        enter_certificate(person=story.welder, text=text, actor=story.officer, at=NOW)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (CertificateText("fortune_telling", "1", TODAY), acts.NoSuchKind),
        (CertificateText("crane", "  ", TODAY), acts.NumberMissing),
        (CertificateText("crane", "1", TODAY + DAY), acts.IssuedInFuture),
    ],
)
def test_what_is_typed_wrong_is_refused(story, text, refusal):
    with pytest.raises(refusal):
        enter_certificate(person=story.welder, text=text, actor=story.officer, at=NOW)


def test_a_certificate_is_somebodys_once(story):
    certify(story)

    with pytest.raises(acts.CertificateKnown):
        certify(story, story.newcomer, number=NUMBER.lower())
    certify(story, story.newcomer, kind="crane")
    assert Certificate.objects.count() == 2


@pytest.mark.parametrize(("on", "is_open"), [(date(2027, 7, 15), False), (date(2027, 7, 16), True)])
def test_a_review_is_applied_for_within_sixty_days_pc_15(story, on, is_open):
    row = certify(story)
    if not is_open:
        with pytest.raises(acts.ReviewTooEarly, match="2027-07-16"):
            review(story, row, on)
        return

    assert review(story, row, on).review_on == date(2030, 9, 14)


def test_eight_hours_come_before_a_review_pc_15(story):
    row = certify(story)

    with pytest.raises(acts.ReviewHoursShort):
        review(story, row, date(2027, 8, 1), hours="7.9")
    review(story, row, date(2027, 8, 1), hours="8")


def test_a_failed_review_moves_nothing_and_a_late_one_counts_from_its_day_pc_14(story):
    row = certify(story)
    review(story, row, date(2027, 8, 1), passed=False, hours="0")
    assert row.review_on == date(2027, 9, 14)

    review(story, row, date(2027, 10, 1))

    assert row.review_on == date(2030, 9, 14)  # three years on would be past the end


def test_a_second_review_in_one_day_is_refused(story):
    row = certify(story)
    review(story, row, date(2027, 8, 1), passed=False, hours="0")

    with pytest.raises(acts.ReviewNoted):
        review(story, row, date(2027, 8, 1))


def test_after_ten_lawful_years_the_review_waits_until_the_sixth_pc_14(story):
    text = CertificateText("welding_and_cutting", NUMBER, date(2024, 9, 15), is_long_service=True)
    row = enter_certificate(person=story.welder, text=text, actor=story.officer, at=NOW)

    assert row.review_on == row.expires_on == date(2030, 9, 14)


@pytest.mark.parametrize(
    ("grave", "is_barred"), [([], False), ([False], False), ([False, False], True), ([True], True)]
)
def test_two_violations_or_a_grave_one_bar_the_review_pc_16(story, grave, is_barred):
    row = certify(story)
    for number, one in enumerate(grave):
        note_violation(
            person=story.welder, on=date(2026, 1, 1), reference=f"违章〔{number}〕", is_grave=one, actor=story.officer,
            at=NOW,
        )  # fmt: skip
    if is_barred:
        with pytest.raises(acts.ViolationsBar):
            review(story, row, date(2027, 8, 1))
        return

    review(story, row, date(2027, 8, 1))
    assert ProvenViolation.objects.count() == len(grave)


def test_equipment_is_not_reviewed_but_examined_pc_17(story):
    row = certify(story, kind="crane")

    with pytest.raises(acts.NoReviewNeeded):
        review(story, row, TODAY)
    assert examine_practice(certificate=row, passed=True, on=TODAY, actor=story.officer, at=NOW).passed
    with pytest.raises(acts.ReviewInFuture):
        examine_practice(certificate=row, passed=True, on=TODAY + DAY, actor=story.officer, at=NOW)


def test_a_withdrawn_number_may_be_entered_again(story):
    row = certify(story)
    with pytest.raises(acts.NoReasonGiven):
        withdraw_certificate(certificate=row, reason=" ", actor=story.officer, at=NOW)
    withdraw_certificate(certificate=row, reason="录错", actor=story.officer, at=NOW)

    with pytest.raises(StepNotAllowed):
        withdraw_certificate(certificate=row, reason="录错", actor=story.officer, at=NOW)
    with pytest.raises(Stale):
        examine_practice(certificate=row, passed=True, on=TODAY, actor=story.officer, at=NOW)
    assert certify(story).pk != row.pk


@pytest.mark.parametrize(
    ("on", "standing", "waits"),
    [
        (date(2027, 7, 15), CertificateFilter.HELD, False),
        (date(2027, 7, 16), CertificateFilter.DUE, True),
        (date(2027, 9, 14), CertificateFilter.DUE, True),
        (date(2027, 9, 15), CertificateFilter.OVER, True),
    ],
)
def test_what_is_due_is_warned_of_in_time_pc_15(story, on, standing, waits):
    row = certify(story)

    assert standing_on(row, on) == standing
    assert list(certificates_filtered(on, which=standing)) == [row]
    for person in (story.officer, story.welder):
        assert list(certificates_due(person, later(on))) == ([row] if waits else [])
    assert list(certificates_due(story.secretary, later(on))) == []


def test_who_sees_and_keeps(story):
    row = certify(story)

    for person in (story.officer, story.secretary, story.welder):
        assert list(certificates_seen_by(person, NOW)) == [row]
    assert list(certificates_seen_by(story.outsider, NOW)) == []
    for person in (story.welder, story.secretary, story.outsider):
        with pytest.raises(NotAllowed):
            withdraw_certificate(certificate=row, reason="x", actor=person, at=NOW)


def test_the_list_is_searched_by_name_initials_and_whole_number(story):
    row = certify(story)
    found = [list(certificates_filtered(TODAY, words=words)) for words in ("老刘", "hg", NUMBER.lower(), "T5108")]

    assert found == [[row], [row], [row], []]


def test_what_the_roster_says_waits_to_be_checked(story):
    story.welder.certificates.create(kind="焊工", number=NUMBER, expires_on=date(2030, 9, 14))
    assert len(record_of(story.welder, story.officer, NOW).from_roster) == 1

    certify(story)

    assert record_of(story.welder, story.officer, NOW).from_roster == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_withdraw_at_once_one_wins(story):
    row = certify(story)
    barrier, outcomes = Barrier(2), []

    def act():
        own = Certificate.objects.select_related("person").get(pk=row.pk)
        barrier.wait()
        try:
            withdraw_certificate(certificate=own, reason="换证", actor=story.officer, at=NOW)
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "stale"]
