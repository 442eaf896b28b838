from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.obligations.calc.answering import Standing
from ronghe.domain.obligations.calc.behind import Why
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.selectors import Answering, states_by_body
from ronghe.domain.obligations.selectors.behind import What, list_behind, may_see_behind
from ronghe.domain.obligations.services.asking import ask_waiver
from ronghe.domain.obligations.services.waiving import waive
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.periods import read_period
from tests.domain.obligations.making import close
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.org import make_account, make_body, make_person, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 14, 8, 0, tzinfo=SHANGHAI)
YEAR = read_period("2026").span


@pytest.fixture
def field():
    """Theme days from June on: the north missed two and was late once, the south, without a secretary, missed all."""
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE)
    north, south = make_body("北支部", parent=committee), make_body("南支部", parent=committee)
    idle = make_body("新支部", parent=committee)
    clerk, secretary = make_person("周玉兰"), make_person("周启明", home=north)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(secretary, PostRole.SECRETARY, body=north)
    adopt(north, playbook(), date(2026, 6, 1))
    adopt(south, playbook(), date(2026, 6, 1))
    close(north, date(2026, 8, 3))  # July's, three days late
    return committee, north, south, idle, clerk, secretary


def listed(actor, **told):
    return list_behind(actor, AT, **{"span": YEAR, **told})


def told(rows):
    return [(row.body.name, row.missed, row.due, row.late) for row in rows]


def test_bodies_are_listed_by_what_they_missed_the_most_first(field):
    *_bodies, clerk, secretary = field

    assert told(listed(clerk)) == [("南支部", 3, 1, 0), ("北支部", 2, 1, 1)]
    assert told(listed(secretary)) == [("北支部", 2, 1, 1)]


def test_since_when_is_the_first_day_after_the_oldest_grace(field):
    *_bodies, clerk, _secretary = field

    rows = list(listed(clerk, by_since=True))

    assert [row.since for row in rows] == [date(2026, 7, 6), date(2026, 7, 6)]
    assert [line.since for line in rows[0].lines] == [date(2026, 7, 6)]


def test_list_is_made_by_what_is_asked_for(field):
    *_bodies, clerk, _secretary = field

    assert told(listed(clerk, what=What.DUE)) == [("北支部", 2, 1, 1), ("南支部", 3, 1, 0)]
    assert told(listed(clerk, what=What.LATE)) == [("北支部", 2, 1, 1)]
    assert [row.body.name for row in listed(clerk, what=What.UNADOPTED)] == ["厂党委", "新支部"]


def test_who_answers_and_why_nobody_does(field):
    committee, _north, south, _idle, clerk, _secretary = field

    by_name = {row.body.name: row for row in listed(clerk)}

    assert by_name["北支部"].why == []
    assert by_name["北支部"].lines[0].names == ["周启明"]
    assert by_name["南支部"].why == [Why.NOBODY]
    lead = make_person("沈书记")
    make_post(lead, PostRole.SECRETARY, body=committee)
    row = next(row for row in listed(clerk) if row.body == south)
    assert row.why == [Why.VACANT]
    assert (row.lines[0].names, row.lines[0].answer.standing) == (["沈书记"], Standing.SUPERIOR)


def test_waiver_asked_for_is_a_reason_and_one_granted_takes_it_off_the_list(field):
    _committee, north, *_rest, clerk, secretary = field
    missed = list(
        Obligation.objects.filter(body=north, is_settled=False, grace_until__lte=AT.date()).order_by("due_on")
    )
    ask_waiver(obligations=missed[:1], reason="检修", actor=secretary, at=AT)

    assert next(row for row in listed(clerk) if row.body == north).why == [Why.ASKED]
    waive(obligation=missed[0], reason="检修", actor=clerk, at=AT)
    row = next(row for row in listed(clerk) if row.body == north)
    assert (row.missed, row.why) == (1, [])


def test_list_is_cut_to_a_body_and_to_words(field):
    _committee, north, *_rest, clerk, _secretary = field

    assert told(listed(clerk, below=north.pk)) == [("北支部", 2, 1, 1)]
    assert told(listed(clerk, text="南")) == [("南支部", 3, 1, 0)]


def test_whoever_holds_no_post_above_sees_nobody_behind(field):
    _committee, north, *_rest = field
    member = make_person("焊工老刘", home=north)
    admin = make_person("查守静")
    make_account(admin, administrator=Administrator.SYSTEM)

    for actor in (member, admin, make_person("外人")):
        assert not may_see_behind(actor, AT)
        assert list(listed(actor)) == []


def test_list_costs_the_same_for_two_bodies_and_for_forty(field):
    committee, *_bodies, clerk, _secretary = field
    listed(clerk)
    with CaptureQueriesContext(connection) as few:
        assert len(listed(clerk, size=100)) == 2
    for n in range(40):
        adopt(make_body(f"支部{n:02}号", parent=committee), playbook(), date(2026, 6, 1))
    with CaptureQueriesContext(connection) as many:
        assert len(listed(clerk, size=100)) == 42

    assert len(many) == len(few) == 4


def test_states_of_every_body_are_those_of_the_list(field):
    """What is counted in one statement is what `with_state` says of each row."""
    day = date(2026, 9, 14)
    counted = states_by_body(day, YEAR)

    for body, states in counted.items():
        rows = Obligation.objects.filter(body=body).with_state(day)
        assert states == {state: rows.filter(state=state).count() for state in states}
        assert sum(states.values()) == rows.count()


def test_posts_in_the_unit_and_in_the_zones_office_count_as_the_bodys(db):
    from tests.factories.rhythm import make_zone

    story = make_zone()
    officer = make_person("安全员")
    make_post(officer, PostRole.HSE_OFFICER, unit=story.zone.office)
    foreman = make_person("班长")
    make_post(foreman, PostRole.TEAM_LEADER, unit=story.branch.unit)

    answering = Answering.on([story.body.pk, story.branch.pk], AT.date())

    assert answering.named(answering.of(story.body.pk, "hse_officer").people) == ["安全员"]
    assert answering.named(answering.of(story.branch.pk, "team_leader").people) == ["班长"]
    assert answering.named(answering.of(story.body.pk, "zone_lead").people) == ["刘丽萍"]
    assert answering.named(answering.overseers(story.body.pk)) == ["周玉兰", "陈建国"]
