"""Two at once, on a database that really commits."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.services.activities import HuddleAlreadyThere
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import ActivityNotOpen, sign_in_with_code
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.rhythm import make_huddle, make_zone

pytestmark = pytest.mark.usefixtures("committing_db")


def all_at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Run the acts in threads that start together; return what each returned or was refused with, in order."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = act()
        except DomainError as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_who_close_the_same_huddle_one_wins_and_the_other_is_told(morning):
    story = make_zone()
    huddle = make_huddle(story, morning)
    sign_in_with_code(code=sign_in_code(huddle, at=morning), actor=story.members[0], at=morning)
    closers = [(story.lead, Activity.objects.get()), (story.secretary, Activity.objects.get())]

    results = all_at_once(
        [lambda a=actor, h=copy: close_activity(activity=h, actor=a, at=morning) for actor, copy in closers]
    )

    refused = [result for result in results if isinstance(result, DomainError)]
    assert [type(error) for error in refused] == [Stale]
    assert Fact.objects.filter(kind="rhythm.activity_closed").count() == 1
    assert Fact.objects.filter(kind="rhythm.attended").count() == 1


def test_ten_sign_ins_of_one_person_are_one(morning):
    story = make_zone()
    code = sign_in_code(make_huddle(story, morning), at=morning)

    results = all_at_once([lambda: sign_in_with_code(code=code, actor=story.members[0], at=morning) for _ in range(10)])

    assert {row.pk for row in results} == set(Attendance.objects.values_list("pk", flat=True))
    assert Attendance.objects.count() == 1


def test_of_two_who_open_the_same_huddle_one_wins_and_the_other_is_told(morning):
    story = make_zone()

    results = all_at_once([lambda: make_huddle(story, morning) for _ in range(2)])

    assert sorted(type(result) for result in results if isinstance(result, DomainError)) == [HuddleAlreadyThere]
    assert Activity.objects.count() == 1


def test_sign_in_that_meets_the_closing_is_counted_or_refused_and_never_lost(morning):
    story = make_zone(members=8)
    huddle = make_huddle(story, morning)
    code = sign_in_code(huddle, at=morning)
    sign_in_with_code(code=code, actor=story.lead, at=morning)
    acts = [lambda p=person: sign_in_with_code(code=code, actor=p, at=morning) for person in story.members]
    acts.insert(4, lambda: close_activity(activity=huddle, actor=story.lead, at=morning))

    results = all_at_once(acts)

    acknowledged = {row.person.token for row in results if isinstance(row, Attendance)} | {story.lead.token}
    assert all(isinstance(result, ActivityNotOpen) for result in results if isinstance(result, DomainError))
    assert set(Fact.objects.filter(kind="rhythm.attended").values_list("subject", flat=True)) == acknowledged
