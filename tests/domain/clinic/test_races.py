"""Two who act at once in the clinic: one does, the other is told."""

from __future__ import annotations

import pytest

from ronghe.domain.clinic.models import Expert, Piece, Visit
from ronghe.domain.clinic.services.reviewing import publish_piece, return_piece
from ronghe.domain.clinic.services.treating import take_case
from ronghe.domain.clinic.services.visiting import book_visit, call_off_visit, move_visit
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from tests.factories.clinic import asked, in_review, make_clinic, sits, tuesday
from tests.factories.races import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def fresh(item):
    return WorkItem.objects.select_related("owner", "body", "case_sheet__expert__person").get(pk=item.pk)


def test_of_two_who_book_a_time_one_has_it(morning):
    clinic = make_clinic()
    sits(clinic.hua)
    items = [asked(clinic, morning, by=person, expert=clinic.hua) for person in (clinic.worker, clinic.other)]

    def booking(item):
        actor = Person.objects.get(pk=item.raised_by_id)
        return lambda: book_visit(item=fresh(item), starts_at=tuesday(morning), actor=actor, at=morning)

    assert at_once([booking(item) for item in items]) == 1
    assert Visit.objects.count() == 1


def test_of_two_experts_who_take_a_question_one_does(morning):
    clinic = make_clinic()
    item = asked(clinic, morning)

    def taking(expert):
        return lambda: take_case(item=fresh(item), actor=Expert.objects.get(pk=expert.pk).person, at=morning)

    assert at_once([taking(clinic.hua), taking(clinic.shao)]) == 1
    assert fresh(item).case_sheet.expert.person == fresh(item).owner


def test_a_visit_moved_and_called_off_at_once_ends_in_one_of_both(morning):
    clinic = make_clinic()
    sits(clinic.hua)
    item = asked(clinic, morning, expert=clinic.hua)
    visit = book_visit(item=item, starts_at=tuesday(morning), actor=clinic.worker, at=morning)

    def found():
        return Visit.objects.select_related("expert__person", "item__case_sheet", "item__body").get(pk=visit.pk)

    at_once([
        lambda: move_visit(visit=found(), starts_at=tuesday(morning, 10), actor=clinic.hua.person, at=morning),
        lambda: call_off_visit(visit=found(), actor=clinic.worker, at=morning),
    ])  # fmt: skip
    assert found().state == "called_off" or found().starts_at == tuesday(morning, 10)


def test_of_two_reviewers_one_settles(morning):
    clinic = make_clinic()
    piece = in_review(clinic, morning)

    def found():
        return Piece.objects.select_related("expert").get(pk=piece.pk)

    acts = [
        lambda: publish_piece(piece=found(), actor=clinic.secretary, at=morning),
        lambda: return_piece(piece=found(), note="再写清楚", actor=clinic.shao.person, at=morning),
    ]
    assert at_once(acts) == 1
    assert piece.versions.get().state in ("published", "returned")
