from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.work.models import Evidence, Task
from ronghe.domain.work.rules import SEE_TASK, SETTLE_TASK
from ronghe.domain.work.selectors import (
    evidence_of,
    evidence_seen_by,
    list_tasks,
    tasks_of,
    tasks_seen_by,
    tasks_to_settle,
)
from ronghe.domain.work.services.tasks import open_task, submit_task
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_task, make_zone, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def everybody(story):
    outsider = make_person("赵六")
    make_post(outsider, PostRole.SECRETARY, body=make_body("别处党支部"))
    return [story.lead, story.secretary, story.clerk, *story.members, outsider]


@pytest.fixture
def tasks(story, morning, everybody):
    """Tasks of a member, of the lead and of an outsider: open and submitted."""
    made = [
        make_task(story, morning, assignee=story.members[0], title="甲"),
        make_task(story, morning, assignee=story.lead, title="乙"),
        make_task(story, morning, assignee=everybody[-1], title="丙"),
    ]
    outside = make_body("另一支部")
    make_post(everybody[-1], PostRole.SECRETARY, body=outside)
    made.append(
        open_task(
            title="丁",
            assignee=everybody[-1],
            due_at=morning + timedelta(1),
            body=outside,
            actor=everybody[-1],
            at=morning,
        )
    )
    for task in made[:2]:
        submit_task(task=task, actor=task.assignee, at=morning, note="好了")
    return made


def test_rule_and_list_agree_about_seeing_and_settling(tasks, everybody, morning):
    for person in everybody:
        seen = set(tasks_seen_by(person, morning))
        assert seen == {task for task in Task.objects.all() if SEE_TASK.allows(person, task, at=morning)}
        waiting = set(tasks_to_settle(person, morning))
        assert waiting == {
            task for task in Task.objects.filter(state="submitted") if SETTLE_TASK.allows(person, task, at=morning)
        }


def test_walking_the_rows_gives_the_same_as_starting_from_what_is_reached(tasks, everybody, morning):
    for person in everybody:
        for permission in (SEE_TASK, SETTLE_TASK):
            walked = set(permission.narrow(person, Task.objects.all(), at=morning, walk=True))
            assert walked == set(permission.narrow(person, Task.objects.all(), at=morning))


def test_outsider_sees_only_what_is_given_to_him_or_held_in_his_bodies(tasks, everybody, morning):
    assert [task.title for task in tasks_seen_by(everybody[-1], morning)] == ["丙", "丁"]


def test_lead_is_not_asked_to_accept_the_own_task(tasks, story, morning):
    assert [task.title for task in tasks_to_settle(story.lead, morning)] == ["甲"]
    assert [task.title for task in tasks_to_settle(story.secretary, morning)] == ["甲", "乙"]


def test_what_a_person_owes_is_unfinished_and_soonest_first(story, morning):
    later = open_task(
        title="后", assignee=story.members[0], due_at=morning + timedelta(2), body=story.body, actor=story.lead,
        at=morning,
    )  # fmt: skip
    sooner = make_task(story, morning, title="先")
    done = make_task(story, morning, title="交了")
    submit_task(task=done, actor=story.members[0], at=morning, note="好了")

    assert list(tasks_of(story.members[0])) == [sooner, later]


@pytest.mark.parametrize(("seconds", "is_overdue"), [(-1, False), (0, False), (1, True)])
def test_task_is_overdue_after_its_deadline(story, morning, seconds, is_overdue):
    task = make_task(story, morning)
    at = task.due_at + timedelta(seconds=seconds)

    assert task.is_overdue(at) is is_overdue
    assert Task.objects.all().overdue(at).exists() is is_overdue


def test_submitted_task_is_not_overdue(story, morning):
    task = make_task(story, morning)
    submit_task(task=task, actor=task.assignee, at=morning, note="好了")

    assert list(Task.objects.all().overdue(task.due_at + timedelta(1))) == []


def test_evidence_is_seen_with_its_task_only(story, everybody, morning):
    task = make_task(story, morning)
    submit_task(task=task, actor=task.assignee, at=morning, uploads=[photo()])

    assert list(evidence_seen_by(story.members[1], morning)) == list(Evidence.objects.all()) == list(evidence_of(task))
    assert list(evidence_seen_by(everybody[-1], morning)) == []


def test_page_of_tasks_filters_by_words(tasks, story, morning):
    from django.db.models import Q

    listed = list_tasks(story.lead, morning, filters=Q(title="乙"))

    assert ([task.title for task in listed], listed.count) == (["乙"], 1)
    assert [task.title for task in Task.objects.all().matching("甲")] == ["甲"]
