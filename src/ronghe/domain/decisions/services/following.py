"""What was decided becomes tasks; how it goes is reported, to the meeting too, until it is carried out or given up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.decisions.enums import MATTER_FLOW, MatterState, Progress
from ronghe.domain.decisions.facts import MATTER_FOLLOWED, MATTER_LINE_GIVEN
from ronghe.domain.decisions.models import Matter, MatterLine, MatterReport
from ronghe.domain.decisions.rules import RUN_MATTER
from ronghe.domain.decisions.selectors.matters import lines_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.enums import UNFINISHED, TaskState
from ronghe.domain.work.services.tasks import give_task
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class NotBeingFollowed(DomainError):
    code = "not_being_followed"
    sentence = N_("这件事的状态是“%(state)s”，没有要落实的。")


class LineEmpty(DomainError):
    code = "matter_line_empty"
    sentence = N_("请写明要办什么。")
    status = 422


class ReportEmpty(DomainError):
    code = "matter_report_empty"
    sentence = N_("请写明落实到什么程度。")
    status = 422


class LinesUnfinished(DomainError):
    code = "lines_unfinished"
    sentence = N_("还有 %(count)s 项没有验收，不能算已落实。请先办完，或改报“落实中”。")


class ReportedElsewhere(DomainError):
    code = "reported_elsewhere"
    sentence = N_("只能向“%(body)s”自己的会议报告。")
    status = 422


@transaction.atomic
def give_line(
    *, matter: Matter, title: str, assignee: Person, due_at: datetime, actor: Person, at: datetime
) -> MatterLine:
    """Make a part of the decision a task of one person with a deadline.

    :raises NotBeingFollowed: it is not decided, or over
    :raises LineEmpty: no words
    :raises DeadlinePast: the deadline is over
    """
    RUN_MATTER.require(actor, matter, at=at)
    _lock(matter)
    if not title.strip():
        raise LineEmpty
    task = give_task(
        title=title.strip(), goal=matter.title, assignee=assignee, due_at=due_at, body=matter.body, actor=actor, at=at
    )
    line = MatterLine.objects.create(matter=matter, task=task)
    due_on = local_day(due_at)
    if matter.due_on is None or due_on > matter.due_on:
        matter.due_on = due_on
        matter.save(update_fields=["due_on"])
    record(
        Draft(MATTER_LINE_GIVEN, at, actor, about=assignee, body=matter.body_id, attributes={"due": due_on},
              source=matter)
    )  # fmt: skip
    return line


@transaction.atomic
def report_progress(
    *, matter: Matter, progress: Progress, text: str, actor: Person, at: datetime, activity: Activity | None = None
) -> MatterReport:
    """Report how a decision is carried out (督办), to a meeting of the body where `activity` is one.

    With `DONE` the matter is over; `UNDONE` gives it up, and says why.

    :raises ReportEmpty: no words
    :raises NotBeingFollowed: it is not decided, or over
    :raises LinesUnfinished: a part is not accepted yet
    :raises ReportedElsewhere: the meeting is another body's
    """
    RUN_MATTER.require(actor, matter, at=at)
    _lock(matter)
    if not text.strip():
        raise ReportEmpty
    if activity is not None and activity.body_id != matter.body_id:
        raise ReportedElsewhere(body=matter.body.name)
    lines = lines_of(matter, at)
    if progress == Progress.DONE:
        open_ = sum(view.task.state in UNFINISHED or view.task.state == TaskState.SUBMITTED for view in lines)
        if open_:
            raise LinesUnfinished(count=open_)
    report = MatterReport.objects.create(
        matter=matter, progress=progress, text=text.strip(), activity=activity, reported_by=actor, reported_at=at
    )
    if progress != Progress.RUNNING:
        MATTER_FLOW.advance(matter, "finish" if progress == Progress.DONE else "give_up", closed_at=at)
    attributes = {
        "progress": progress, "category": matter.category, "lines": len(lines),
        "overdue": sum(view.is_overdue for view in lines), "day": local_day(at),
    }  # fmt: skip
    record(Draft(MATTER_FOLLOWED, at, actor, body=matter.body_id, attributes=attributes, source=report))
    return report


def _lock(matter: Matter) -> None:
    """Hold the matter, which is being carried out, until the transaction ends.

    :raises NotBeingFollowed: it is not
    """
    fresh = Matter.objects.select_for_update().get(pk=matter.pk)
    if fresh.state != MatterState.FOLLOWING:
        raise NotBeingFollowed(state=fresh.get_state_display())
    matter.state, matter.due_on = fresh.state, fresh.due_on
