"""Visits: recorded in one act, become tasks, counted once, sealed where they are care, put right by adding."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Q

from ronghe.domain.contacts.enums import ContactKind, DueState
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.services.points import ContactEndsTooEarly, end_contact, set_contact
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.rhythm.enums import Seen, VisitCorrectionKind, VisitKind
from ronghe.domain.rhythm.facts import VISIT_CORRECTED, VISITED
from ronghe.domain.rhythm.models import Visit, VisitCorrection
from ronghe.domain.rhythm.rules import SEE_VISIT, VISIT_CONTACT, questions_of
from ronghe.domain.rhythm.selectors.visits import (
    list_visits,
    people_around,
    problems_of,
    responsible_body,
    visits_seen_by,
)
from ronghe.domain.rhythm.services.codes import StationCodeRefused, member_card, station_code, station_of_code
from ronghe.domain.rhythm.services.visits import (
    Account,
    CorrectionOfVisitEmpty,
    Finding,
    NotWithinContact,
    PhotoOfCare,
    Place,
    Problem,
    ProblemIncomplete,
    QuestionUnknown,
    VisitAhead,
    VisitEmpty,
    VisitVoided,
    correct_visit,
    open_care,
    record_visit,
)
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import DeadlinePast, submit_task
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, NotFound, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.contacts import make_care, make_contact, make_contacts
from tests.factories.org import SET_UP_AT, make_body, make_person, make_post
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 14)
FINE = Account(findings={"permits": Finding(Seen.FINE)})


@pytest.fixture
def story():
    return make_contacts()


@pytest.fixture
def contact(story):
    return make_contact(story)


def visit(to, actor, at, account=FINE, *, day=TODAY, **further):
    return record_visit(to=to, day=day, account=account, actor=actor, at=at, **further)


def problem(story, at, title="配电柜没上锁"):
    return Problem(title, story.foreman, at + timedelta(days=7))


def test_a_visit_is_one_record_one_fact_and_moves_the_contacts_date(story, contact, morning):
    assert contact.due_state(TODAY) == DueState.OVERDUE

    made = visit(contact, story.visitor, morning)

    assert (made.kind, made.body, made.unit, made.place) == (VisitKind.SAFETY, story.branch, story.station, "义隆首站")
    fact = Fact.objects.get(kind=VISITED.name)
    assert (fact.subject, fact.body, fact.unit) == (story.visitor.token, story.branch.pk, story.station.pk)
    assert (fact.quantity, fact.measure) == (10_000, "visit")
    assert fact.values["answers"] == 1
    fresh = ContactPoint.objects.get()
    assert (fresh.last_visit_on, fresh.due_on, fresh.due_state(TODAY)) == (TODAY, date(2026, 10, 31), DueState.VISITED)


def test_each_problem_becomes_a_task_of_the_place_though_the_visitor_gives_no_tasks_otherwise(story, contact, morning):
    made = visit(
        contact, story.visitor, morning, Account(problems=[problem(story, morning), problem(story, morning, "灯坏")])
    )

    tasks = [row.task for row in problems_of(made)]
    assert [(task.title, task.assignee, task.body, task.opened_by) for task in tasks] == [
        ("配电柜没上锁", story.foreman, story.branch, story.visitor), ("灯坏", story.foreman, story.branch, story.visitor),
    ]  # fmt: skip


def test_the_visited_read_the_answer(story, contact, morning):
    made = visit(contact, story.visitor, morning, Account(problems=[problem(story, morning)]))
    submit_task(task=Task.objects.get(), actor=story.foreman, at=morning + timedelta(hours=2), note="已上锁。")

    for reader in (story.worker, story.foreman, story.secretary):
        seen = visits_seen_by(reader, morning).get(pk=made.pk)
        assert [row.task.submission_note for row in problems_of(seen)] == ["已上锁。"]


def test_a_visit_that_says_nothing_is_refused(story, contact, morning):
    with pytest.raises(VisitEmpty):
        visit(contact, story.visitor, morning, Account(note="  "))
    assert visit(contact, story.visitor, morning, Account(), uploads=[photo()]).photos.count() == 1


def test_refusals_leave_nothing_behind(story, contact, morning):
    late = Problem("灯坏", story.foreman, morning - timedelta(minutes=1))
    for account, refusal in (
        (Account(findings={"weather": Finding(Seen.FINE)}), QuestionUnknown),
        (Account(problems=[Problem(" ", story.foreman, morning + timedelta(days=1))]), ProblemIncomplete),
        (Account(problems=[late]), DeadlinePast),
    ):
        with pytest.raises(refusal):
            visit(contact, story.visitor, morning, account)

    assert (Visit.objects.count(), Task.objects.count(), Fact.objects.filter(kind=VISITED.name).count()) == (0, 0, 0)
    assert ContactPoint.objects.get().last_visit_on is None


def test_the_day_lies_in_the_contact_and_not_ahead(story, contact, morning):
    with pytest.raises(VisitAhead):
        visit(contact, story.visitor, morning, day=TODAY + timedelta(days=1))
    with pytest.raises(NotWithinContact):
        visit(contact, story.visitor, morning, day=date(2026, 6, 30))
    assert visit(contact, story.visitor, morning, day=date(2026, 7, 1)).day == date(2026, 7, 1)


def test_an_earlier_day_told_later_does_not_take_the_last_visit_back(story, contact, morning):
    visit(contact, story.visitor, morning, day=date(2026, 9, 10))
    visit(contact, story.visitor, morning, day=date(2026, 8, 10))

    assert ContactPoint.objects.get().last_visit_on == date(2026, 9, 10)
    moments = Fact.objects.filter(kind=VISITED.name).order_by("pk").values_list("occurred_at", flat=True)
    assert [moment.date() for moment in moments] == [date(2026, 9, 10), date(2026, 8, 10)]


def test_sent_twice_it_is_one_visit(story, contact, morning):
    first = visit(contact, story.visitor, morning, Account(problems=[problem(story, morning)]), entry="a1")
    second = visit(contact, story.visitor, morning, Account(problems=[problem(story, morning)]), entry="a1")

    assert first == second
    assert Task.objects.count() == 1


def test_a_contact_is_visited_by_its_holder_alone(story, contact, morning):
    for person in (story.successor, story.clerk, story.secretary, story.worker):
        assert not VISIT_CONTACT.allows(person, contact, at=morning)
        with pytest.raises(NotAllowed):
            visit(contact, person, morning)


def test_committees_go_and_look_without_a_contact_as_far_as_they_reach(story, morning):
    account = Account(findings={"safety": Finding(Seen.CONCERN, "通道堆料")})
    made = visit(Place(story.branch, story.station), story.visitor, morning, account)

    assert (made.kind, made.contact, made.findings.get().note) == (VisitKind.ROUND, None, "通道堆料")
    for actor, body in ((story.worker, story.branch), (story.secretary, story.committee)):
        with pytest.raises(NotAllowed):
            visit(Place(body), actor, morning, account)


def test_a_contact_with_a_body_or_a_person_answers_to_their_body(story, morning):
    to_body = set_contact(
        kind=ContactKind.FIXED_POINT, holder=story.visitor, body=story.committee, since=TODAY, approval_ref="x",
        actor=story.clerk, at=SET_UP_AT, to_body=story.branch,
    )  # fmt: skip
    to_person = set_contact(
        kind=ContactKind.FIXED_POINT, holder=story.visitor, body=story.committee, since=TODAY, approval_ref="x",
        actor=story.clerk, at=SET_UP_AT, to_person=story.secretary,
    )  # fmt: skip
    account = Account(note="班子稳定。")

    assert visit(to_body, story.visitor, morning, account).body == story.branch
    made = visit(to_person, story.visitor, morning, account)
    assert (made.body, made.person) == (story.branch, story.secretary)


def test_the_nearest_body_answers_for_a_unit(story):
    assert responsible_body(story.station, TODAY) == story.branch
    assert responsible_body(story.area, TODAY) == story.committee


def test_whoever_leads_the_place_is_asked_first(story):
    names = [person.name for person in people_around(story.branch, story.station, TODAY)]

    assert names[:2] == ["马会军", "郭大海"]
    assert {"田小雨", "何青", "孙梅"} <= set(names)


def test_a_contact_does_not_end_on_or_before_its_last_visit(story, contact, morning):
    visit(contact, story.visitor, morning)
    with pytest.raises(ContactEndsTooEarly):
        end_contact(contact=contact, on=TODAY, reason="x", actor=story.clerk, at=morning)


def test_an_ended_contact_is_visited_no_more(story, contact, morning):
    stale = ContactPoint.objects.get()
    end_contact(contact=contact, on=TODAY, reason="x", actor=story.clerk, at=morning)

    for seen in (contact, stale):
        with pytest.raises(NotWithinContact):
            visit(seen, story.visitor, morning)


# Care: held counts, the text is for few.

WORDS = "家属住院，已申请补助"
CARED = Account(findings={"family": Finding(Seen.CONCERN, "住院")}, note=WORDS)


@pytest.fixture
def cared(story, morning):
    return visit(make_care(story), story.chair, morning, CARED)


def test_of_a_care_visit_only_that_it_was_held_lies_open(story, cared):
    assert (cared.note, cared.findings.count(), cared.body) == ("", 0, story.union)
    assert WORDS not in cared.sealed
    fact = Fact.objects.get(kind=VISITED.name)
    assert fact.values == {"visit": "care", "target": "person", "day": "2026-09-14", "by_contact": True}
    assert fact.subject == story.chair.token


def test_looks_into_care_are_recorded_and_open_to_few(story, cared, morning):
    said = open_care(visit=cared, actor=story.chair, at=morning)

    assert (said.note, said.findings) == (WORDS, {"family": Finding(Seen.CONCERN, "住院")})
    look = Look.objects.get()
    assert (look.by, look.about, look.compartment) == (story.chair.token, story.worker.token, "care")
    for person in (story.clerk, story.secretary, story.worker, story.youth):
        with pytest.raises(NotAllowed):
            open_care(visit=cared, actor=person, at=morning)
    assert Look.objects.count() == 1


def test_officers_of_the_union_above_do_not_read_it(story, cared, morning):
    above = make_body("作业区工会", parent=story.committee, kind=PartyOrgKind.UNION_COMMITTEE)
    chair = make_person("工会主席")
    make_post(chair, PostRole.UNION_CHAIR, body=above)
    with pytest.raises(NotAllowed):
        open_care(visit=cared, actor=chair, at=morning)


def test_that_a_care_visit_was_held_is_seen_by_leaders_and_the_one_cared_for(story, cared, morning):
    people = (story.clerk, story.secretary, story.chair, story.worker, story.foreman, story.youth, story.visitor)

    assert [p.name for p in people if SEE_VISIT.allows(p, cared, at=morning)] == ["周玉兰", "郭大海", "孙梅", "田小雨"]


def test_care_leaves_no_pictures_and_opens_nothing_of_others(story, morning, contact):
    with pytest.raises(PhotoOfCare):
        visit(make_care(story), story.chair, morning, CARED, uploads=[photo()])
    plain = visit(contact, story.visitor, morning)
    with pytest.raises(NotFound):
        open_care(visit=plain, actor=story.visitor, at=morning)


def test_the_database_refuses_open_words_of_care(cared):
    with pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.filter(pk=cared.pk).update(note=WORDS)


def test_corrections_of_care_are_sealed_too(story, cared, morning):
    correct_visit(visit=cared, text="补助已批", actor=story.chair, at=morning)

    assert VisitCorrection.objects.get().text == ""
    assert open_care(visit=cared, actor=story.chair, at=morning).corrections == ["补助已批"]


# Put right by adding.


def test_a_voided_visit_counts_no_more_and_the_contact_is_due_as_before(story, contact, morning):
    visit(contact, story.visitor, morning, day=date(2026, 8, 20))
    wrong = visit(contact, story.visitor, morning, Account(problems=[problem(story, morning)]))

    correct_visit(visit=wrong, text="记错站了", kind=VisitCorrectionKind.VOID, actor=story.visitor, at=morning)

    assert ContactPoint.objects.get().last_visit_on == date(2026, 8, 20)
    assert Fact.objects.filter(kind=VISITED.name, reverses__isnull=False).count() == 1
    assert Fact.objects.get(kind=VISIT_CORRECTED.name).values["correction"] == "void"
    assert Task.objects.get().state == "open"
    with pytest.raises(VisitVoided):
        correct_visit(visit=wrong, text="再来", actor=story.visitor, at=morning)


def test_two_who_void_at_once_one_wins(story, contact, morning):
    made = visit(contact, story.visitor, morning)
    other = Visit.objects.select_related("contact").get()
    void = {"text": "记错", "kind": VisitCorrectionKind.VOID, "at": morning}
    correct_visit(visit=made, actor=story.visitor, **void)

    with pytest.raises(Stale):
        correct_visit(visit=other, actor=story.clerk, **void)


def test_corrections_want_words_and_the_right(story, contact, morning):
    made = visit(contact, story.visitor, morning)
    with pytest.raises(CorrectionOfVisitEmpty):
        correct_visit(visit=made, text=" ", actor=story.visitor, at=morning)
    for person in (story.foreman, story.worker, story.chair):
        with pytest.raises(NotAllowed):
            correct_visit(visit=made, text="x", actor=person, at=morning)
    assert correct_visit(visit=made, text="地点是二号门", actor=story.secretary, at=morning).text == "地点是二号门"


def test_corrections_are_never_changed(story, contact, morning):
    correct_visit(visit=visit(contact, story.visitor, morning), text="补充", actor=story.visitor, at=morning)
    with pytest.raises(DatabaseError), transaction.atomic():
        VisitCorrection.objects.update(text="没有")


# Lists and codes.


def test_a_list_costs_the_same_for_one_and_for_three(story, contact, morning, django_assert_num_queries):
    visit(contact, story.visitor, morning, Account(problems=[problem(story, morning)]))
    with django_assert_num_queries(3):
        assert [row.problem_count for row in list_visits(story.clerk, morning)] == [1]
    for _ in range(2):
        visit(contact, story.visitor, morning)
    with django_assert_num_queries(2):
        assert len(list_visits(story.clerk, morning, filters=Q(unit=story.station))) == 3


def test_every_kind_of_visit_asks_something():
    assert all(questions_of(kind) for kind in VisitKind)


def test_the_code_on_the_wall_says_the_station_and_no_other_code_does(story):
    assert station_of_code(station_code(story.station)) == story.station
    for code in ("", "12", station_code(story.station)[:-1] + "~", member_card(story.worker)):
        with pytest.raises(StationCodeRefused):
            station_of_code(code)
