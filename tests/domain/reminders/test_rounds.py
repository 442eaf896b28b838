"""Who is told what, once; rounds that were killed, doubled or late."""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.reminders.models import Reminder, ReminderMessage, ReminderRound
from ronghe.domain.reminders.services import rounds
from ronghe.domain.reminders.services.keeping import set_reminders
from ronghe.domain.reminders.services.rounds import Sent, send_reminders
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.domain.obligations.making import close
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.org import make_account, make_body, make_person, make_post

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def officer(name: str, role: PostRole, body, *, home=None):
    person = make_person(name, home=home)
    make_post(person, role, body=body)
    make_account(person)
    return person


@pytest.fixture
def field():
    """A branch that owes a theme day a month from September on, its officers, and the committee's office above."""
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE)
    branch = make_body("北支部", parent=committee)
    people = {
        "clerk": officer("周玉兰", PostRole.COMMITTEE_CLERK, committee),
        "secretary": officer("周启明", PostRole.SECRETARY, branch, home=branch),
        "deputy": officer("何雨桐", PostRole.DEPUTY_SECRETARY, branch, home=branch),
    }
    adopt(branch, playbook(), date(2026, 9, 1))
    return branch, people


def told(day: str = "") -> list[tuple[str, str, str, bool]]:
    rows = Reminder.objects.order_by("message__day", "person__name", "pk")
    if day:
        rows = rows.filter(message__day=day)
    return list(rows.values_list("person__name", "step", "obligation__occurrence", "is_escalated"))


def test_whoever_answers_is_told_when_it_opens(field):
    sent = send_reminders(at=at("2026-09-01T08:00"))

    assert sent == Sent(messages=1, reminders=1)
    assert told() == [("周启明", "opened", "2026-09-01", False)]


def test_escalation_goes_to_the_bodys_leads_and_then_to_its_superior(field):
    for day in ("2026-09-01", "2026-09-23", "2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09"):
        send_reminders(at=at(f"{day}T08:00"))

    september = [line for line in told() if line[2] == "2026-09-01"]
    assert september == [
        ("周启明", "opened", "2026-09-01", False),
        ("周启明", "ahead", "2026-09-01", False),
        ("周启明", "due_day", "2026-09-01", False),  # on the last working day before the holiday
        ("何雨桐", "missed", "2026-09-01", True),
        ("周启明", "missed", "2026-09-01", False),
        ("周玉兰", "missed", "2026-09-01", True),
    ]


def test_overdue_goes_on_to_the_deputy(field):
    adopt(field[0], playbook(playbook_id="june_book"), date(2026, 6, 1))

    send_reminders(at=at("2026-07-01T08:00"))

    assert [line for line in told() if line[2] == "2026-06-01"] == [
        ("何雨桐", "overdue", "2026-06-01", True), ("周启明", "overdue", "2026-06-01", False),
    ]  # fmt: skip


def test_nobody_is_told_of_what_was_met(field):
    close(field[0], date(2026, 9, 1))

    assert send_reminders(at=at("2026-09-01T08:00")) == Sent()
    assert send_reminders(at=at("2026-09-23T08:00")) == Sent()


def test_everything_of_a_day_is_one_message(field):
    branch, people = field
    adopt(branch, playbook("""\
  - id: lecture
    title: {zh: 党课, en: Lecture}
    dimension: life
    for: [branch]
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=3", window: quarter}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: party_lecture}}]
""", playbook_id="lecture_book"), date(2026, 7, 1))  # fmt: skip

    send_reminders(at=at("2026-09-23T08:00"))

    message = ReminderMessage.objects.get(person=people["secretary"])
    assert sorted(message.reminders.values_list("obligation__mechanism", "step")) == [
        ("lecture", "ahead"), ("theme_day", "ahead"),
    ]  # fmt: skip


def test_nothing_is_sent_twice_however_often_it_runs(field):
    for minute in (0, 10, 20):
        send_reminders(at=at(f"2026-09-01T08:{minute:02}"))
    send_reminders(at=at("2026-09-02T08:00"))

    assert told() == [("周启明", "opened", "2026-09-01", False)]
    assert ReminderRound.objects.count() == 2


def test_hour_quiet_hours_and_free_days_are_the_persons_own(field):
    secretary = field[1]["secretary"]
    wish = {"quiet_from": time(20), "quiet_until": time(9), "actor": secretary, "at": at("2026-08-31T10:00")}
    set_reminders(send_at=time(9, 30), on_free_days=False, **wish)

    for clock in ("08:00", "09:20", "20:00"):
        assert send_reminders(at=at(f"2026-09-01T{clock}")) == Sent()
    assert send_reminders(at=at("2026-09-02T09:30")).messages == 1
    ReminderMessage.objects.all().delete()
    assert send_reminders(at=at("2026-09-05T10:00")) == Sent()  # a Saturday
    set_reminders(send_at=time(9, 30), on_free_days=True, **wish)
    assert send_reminders(at=at("2026-09-06T10:00")).messages == 1


def test_night_that_began_before_the_round_was_run_is_left_alone_and_made_up_for(field):
    assert send_reminders(at=at("2026-09-01T21:30")) == Sent()
    assert not ReminderRound.objects.exists()

    assert send_reminders(at=at("2026-09-02T08:10")).messages == 1


def test_vacant_post_is_answered_for_by_the_superior(field):
    branch, people = field
    for name in ("secretary", "deputy"):
        people[name].posts.update(valid_until=date(2026, 8, 1))
    make_post(people["clerk"], PostRole.SECRETARY, body=branch.parent)

    send_reminders(at=at("2026-09-01T08:00"))

    assert told() == [("周玉兰", "opened", "2026-09-01", False)]


def test_who_cannot_log_in_is_not_written_to(field):
    secretary = field[1]["secretary"]
    secretary.account.is_active = False
    secretary.account.save()

    assert send_reminders(at=at("2026-09-01T08:00")) == Sent()


def test_killed_round_is_taken_up_where_it_stopped(field, monkeypatch):
    branch, _people = field
    south = make_body("南支部", parent=branch.parent)
    officer("谭文静", PostRole.SECRETARY, south, home=south)
    adopt(south, playbook(), date(2026, 9, 1))
    write, written = rounds._write, []

    def dies_after_one(*given):
        if written:
            raise KeyboardInterrupt
        written.append(write(*given))
        return written[0]

    monkeypatch.setattr(rounds, "_write", dies_after_one)
    with pytest.raises(KeyboardInterrupt):
        send_reminders(at=at("2026-09-01T08:00"))
    monkeypatch.setattr(rounds, "_write", write)
    assert not ReminderRound.objects.exists()

    assert send_reminders(at=at("2026-09-01T08:10")) == Sent(messages=1, reminders=1)
    assert sorted(line[0] for line in told()) == ["周启明", "谭文静"]


@pytest.mark.usefixtures("committing_db")
def test_two_workers_at_once_write_everything_once(field):
    counts, gate = [], threading.Barrier(2)

    def work() -> None:
        gate.wait()
        try:
            counts.append(send_reminders(at=at("2026-09-01T08:00")).messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == [0, 1]
    assert told() == [("周启明", "opened", "2026-09-01", False)]


def test_round_costs_statements_a_person_and_not_a_body(field):
    branch, _people = field
    with CaptureQueriesContext(connection) as one:
        send_reminders(at=at("2026-09-01T08:00"))
    ReminderMessage.objects.all().delete()
    ReminderRound.objects.all().delete()
    for n in range(20):
        adopt(make_body(f"第{n}党小组", parent=branch), playbook(), date(2026, 9, 1))
    with CaptureQueriesContext(connection) as many:
        send_reminders(at=at("2026-09-01T08:10"))

    assert Reminder.objects.count() == 21
    assert len(many) == len(one)


def test_a_day_without_anything_owed_costs_next_to_nothing(db):
    Obligation.objects.all().delete()

    assert send_reminders(at=at("2026-09-01T08:00") + timedelta(days=1)) == Sent()


DAILY = """\
  - id: huddle
    title: {zh: 日碰头, en: Daily huddle}
    dimension: life
    for: [branch]
    cadence: {rrule: FREQ=DAILY, window: day}
    calendar: every_day
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: daily_huddle}}]
"""


@pytest.fixture
def daily():
    """A branch that owes a huddle every day from Monday 14 September on."""

    def set_up(keys: str = ""):
        committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE)
        branch = make_body("北支部", parent=committee)
        officer("周玉兰", PostRole.COMMITTEE_CLERK, committee)
        officer("周启明", PostRole.SECRETARY, branch, home=branch)
        adopt(branch, playbook(DAILY + keys), date(2026, 9, 14))
        return branch

    return set_up


def clerks_lines() -> list[str]:
    rows = Reminder.objects.filter(person__name="周玉兰").order_by("obligation__due_on")
    return [f"{day:%d}" for day in rows.values_list("obligation__due_on", flat=True)]


@pytest.mark.parametrize(("day", "told_of"), [("16", []), ("17", ["16"])])
def test_a_daily_duty_goes_on_to_the_superior_when_three_in_a_row_were_missed(daily, day, told_of):
    daily()

    for one in range(15, int(day) + 1):
        send_reminders(at=at(f"2026-09-{one}T08:00"))

    assert clerks_lines() == told_of


def test_the_playbooks_key_says_after_how_many(daily):
    daily("keys: {daily_missed_in_row: 2}\n")

    send_reminders(at=at("2026-09-16T08:00"))

    assert clerks_lines() == ["15"]


def test_a_huddle_that_was_held_begins_the_row_anew(daily):
    branch = daily()
    close(branch, date(2026, 9, 15), "daily_huddle")

    send_reminders(at=at("2026-09-17T08:00"))

    assert clerks_lines() == []


@pytest.mark.parametrize(("day", "step"), [("27", "opened"), ("28", "ahead")])
def test_the_playbook_says_how_many_days_ahead_people_are_told(day, step):
    branch = make_body("北支部")
    secretary = officer("周启明", PostRole.SECRETARY, branch, home=branch)
    set_reminders(send_at=time(8), quiet_from=time(21), quiet_until=time(7), on_free_days=True, actor=secretary,
                  at=at("2026-09-01T08:00"))  # fmt: skip
    adopt(branch, playbook(THEME_DAY + "keys: {remind_ahead_days: 2}\n"), date(2026, 9, 1))

    send_reminders(at=at(f"2026-09-{day}T08:00"))

    assert [line[1] for line in told()] == [step]
