from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import PostRole
from ronghe.domain.work.enums import TASK_FLOW, TaskState
from ronghe.domain.work.models import Evidence, StoredFile, Task
from ronghe.domain.work.services import tasks as services
from ronghe.domain.work.services.files import FileTypeRefused, Upload
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_person, make_post
from tests.factories.rhythm import make_task, make_zone, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def task(story, morning):
    return make_task(story, morning)


def last_fact():
    return Fact.objects.latest("pk")


def test_opened_task_is_its_assignees_from_then_on(story, morning, task):
    assert (task.state, task.assignee, task.opened_by) == (TaskState.OPEN, story.members[0], story.lead)
    fact = last_fact()
    assert (fact.kind, fact.subject, fact.recorded_by) == (
        "work.task_opened", story.members[0].token, story.lead.token,
    )  # fmt: skip
    assert (fact.body, fact.zone, fact.values) == (story.body.pk, story.zone.pk, {"due_on": "2026-09-14"})
    assert fact.home_body == story.branch.pk


@pytest.mark.parametrize(("seconds", "refused"), [(-1, True), (0, True), (1, False)])
def test_deadline_in_the_past_is_refused(story, morning, seconds, refused):
    wanted = {
        "title": "补焊", "assignee": story.members[0], "due_at": morning + timedelta(seconds=seconds),
        "body": story.body, "actor": story.lead, "at": morning,
    }  # fmt: skip

    if refused:
        with pytest.raises(services.DeadlinePast, match="2026-09-14"):
            services.open_task(**wanted)
    else:
        services.open_task(**wanted)

    assert Task.objects.count() == (0 if refused else 1)


def test_member_gives_nobody_a_task(story, morning):
    with pytest.raises(NotAllowed):
        services.open_task(
            title="x", assignee=story.lead, due_at=morning + timedelta(days=1), body=story.body,
            actor=story.members[0], at=morning,
        )  # fmt: skip


@pytest.mark.parametrize(("late_by", "on_time"), [(-1, True), (0, True), (1, False)])
def test_task_done_with_a_photo_says_whether_it_was_on_time(story, task, late_by, on_time):
    at = task.due_at + timedelta(seconds=late_by)

    services.submit_task(task=task, actor=story.members[0], at=at, uploads=[photo()])

    stored = Task.objects.get()
    assert (stored.state, stored.submitted_at, stored.round) == (TaskState.SUBMITTED, at, 1)
    assert [(e.name, e.round, e.added_by, e.is_reused) for e in stored.evidence.all()] == [
        ("现场.jpg", 1, story.members[0], False)
    ]
    fact = last_fact()
    assert (fact.kind, fact.subject, fact.values) == (
        "work.task_done", story.members[0].token, {"evidence": 1, "on_time": on_time, "round": 1},
    )  # fmt: skip


def test_note_alone_is_enough_but_nothing_is_not(story, task, morning):
    with pytest.raises(services.EvidenceMissing):
        services.submit_task(task=task, actor=story.members[0], at=morning)

    services.submit_task(task=task, actor=story.members[0], at=morning, note="已清理")

    assert Task.objects.get().submission_note == "已清理"


def test_only_the_assignee_submits(story, task, morning):
    for other in (story.lead, story.secretary, story.members[1]):
        with pytest.raises(services.OnlyAssigneeSubmits, match=story.members[0].name):
            services.submit_task(task=task, actor=other, at=morning, note="代交")

    assert Task.objects.get().state == TaskState.OPEN


def test_wrong_file_submits_nothing(story, task, morning):
    import io

    bad = Upload("x.exe", io.BytesIO(b"MZ"))
    with pytest.raises(FileTypeRefused):
        services.submit_task(task=task, actor=story.members[0], at=morning, uploads=[photo(), bad])

    assert (Task.objects.get().state, Evidence.objects.count(), StoredFile.objects.count()) == (TaskState.OPEN, 0, 0)


def test_same_picture_for_another_task_is_flagged(story, task, morning):
    other = make_task(story, morning, assignee=story.members[1], title="另一条沟")
    services.submit_task(task=task, actor=story.members[0], at=morning, uploads=[photo()])

    services.submit_task(task=other, actor=story.members[1], at=morning, uploads=[photo(name="改了名字.jpg")])

    assert list(Evidence.objects.order_by("pk").values_list("is_reused", flat=True)) == [False, True]
    assert StoredFile.objects.count() == 1


def test_same_picture_in_the_second_round_of_one_task_is_not_flagged(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, uploads=[photo()])
    services.return_task(task=task, reason="看不清", actor=story.lead, at=morning)

    services.submit_task(task=task, actor=story.members[0], at=morning, uploads=[photo(), photo(color=(1, 2, 3))])

    assert list(Evidence.objects.order_by("pk").values_list("round", "is_reused")) == [(1, False), (2, False)]


def test_opener_accepts_and_the_assignee_gets_the_fact(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, note="好了")

    services.accept_task(task=task, actor=story.lead, at=task.due_at + timedelta(days=3))

    stored = Task.objects.get()
    assert (stored.state, stored.settled_by) == (TaskState.ACCEPTED, story.lead)
    fact = last_fact()
    assert (fact.kind, fact.subject, fact.recorded_by) == (
        "work.task_accepted", story.members[0].token, story.lead.token,
    )  # fmt: skip
    assert fact.values == {"on_time": True, "rounds": 1}


def test_secretary_above_accepts_too(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, note="好了")

    services.accept_task(task=task, actor=story.secretary, at=morning)

    assert Task.objects.get().settled_by == story.secretary


def test_assignee_never_accepts_returns_or_cancels_the_own_task_whatever_the_post(story, morning):
    own = make_task(story, morning, assignee=story.lead)
    with pytest.raises(NotAllowed):
        services.cancel_task(task=own, reason="不想做", actor=story.lead, at=morning)
    services.submit_task(task=own, actor=story.lead, at=morning, note="好了")

    with pytest.raises(NotAllowed):
        services.accept_task(task=own, actor=story.lead, at=morning)
    with pytest.raises(NotAllowed):
        services.return_task(task=own, reason="x", actor=story.lead, at=morning)

    services.accept_task(task=own, actor=story.secretary, at=morning)
    assert Task.objects.get().settled_by == story.secretary


def test_database_refuses_acceptance_by_the_assignee(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, note="好了")

    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.update(state=TaskState.ACCEPTED, settled_by=story.members[0])


def test_other_member_settles_nothing(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, note="好了")

    with pytest.raises(NotAllowed):
        services.accept_task(task=task, actor=story.members[1], at=morning)


def test_returned_task_keeps_the_reason_and_comes_back(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, note="好了")
    with pytest.raises(services.NoReason):
        services.return_task(task=task, reason="  ", actor=story.lead, at=morning)
    services.return_task(task=task, reason="沟底还有水", actor=story.lead, at=morning)
    assert (last_fact().kind, last_fact().values) == ("work.task_returned", {"round": 1})

    services.submit_task(task=task, actor=story.members[0], at=task.due_at + timedelta(1), note="抽干了")
    services.accept_task(task=task, actor=story.lead, at=task.due_at + timedelta(2))

    assert last_fact().values == {"on_time": False, "rounds": 2}
    assert Task.objects.get().settling_note is None


def test_cancelled_task_keeps_the_reason(story, task, morning):
    with pytest.raises(services.NoReason):
        services.cancel_task(task=task, reason="", actor=story.lead, at=morning)

    services.cancel_task(task=task, reason="改由甲方处理", actor=story.lead, at=morning)

    assert (Task.objects.get().state, Task.objects.get().settling_note) == (TaskState.CANCELLED, "改由甲方处理")
    assert last_fact().kind == "work.task_cancelled"


@pytest.mark.parametrize("state", TaskState.values)
@pytest.mark.parametrize("step", sorted(TASK_FLOW.steps))
def test_every_step_from_every_state(state, step):
    allowed = {
        "submit": {"open", "returned"}, "accept": {"submitted"}, "return": {"submitted"}, "cancel": {"open", "returned"},
    }  # fmt: skip

    assert TASK_FLOW.allows(Task(state=state), step) is (state in allowed[step])


def test_second_acceptance_is_refused_and_a_stale_one_told(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, note="好了")
    seen_before = Task.objects.get()
    services.accept_task(task=task, actor=story.lead, at=morning)

    with pytest.raises(StepNotAllowed, match="已验收"):
        services.accept_task(task=task, actor=story.lead, at=morning)
    with pytest.raises(Stale):
        services.return_task(task=seen_before, reason="晚了", actor=story.secretary, at=morning)

    assert Fact.objects.filter(kind="work.task_accepted").count() == 1


def test_submitting_twice_is_refused(story, task, morning):
    services.submit_task(task=task, actor=story.members[0], at=morning, note="好了")

    with pytest.raises(StepNotAllowed, match="待验收"):
        services.submit_task(task=task, actor=story.members[0], at=morning, note="又好了")


def test_group_leader_outside_gives_no_task_here(story, morning):
    stranger = make_person("赵六")
    make_post(stranger, PostRole.GROUP_LEADER, body=story.branch)

    with pytest.raises(NotAllowed):
        services.open_task(
            title="x", assignee=story.lead, due_at=morning + timedelta(1), body=story.body, actor=stranger, at=morning
        )
