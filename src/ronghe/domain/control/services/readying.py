"""Before commissioning (PJ-09): the three checks, points with task, person, day and measure, and the word that it is ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.control.enums import Aspect
from ronghe.domain.control.facts import ASPECT_CHECKED, READY_DECLARED
from ronghe.domain.control.models import AspectCheck, Readiness
from ronghe.domain.control.rules import DECLARE_READY, POINT, RAISE_POINT
from ronghe.domain.control.selectors.readiness import gaps_of
from ronghe.domain.control.selectors.sides import zone_of_project
from ronghe.domain.control.services.telling import tell
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.steps import OwnerMissing
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse
from ronghe.kernel.words import N_, listed


class AspectUnfit(DomainError):
    code = "aspect_unfit"
    sentence = N_("请选哪一查和检查日期，日期不能在将来。")
    status = 422


class NotReady(DomainError):
    code = "project_not_ready"
    sentence = N_("“%(project)s”还不具备投产条件：%(gaps)s。")


class ReadyAlready(DomainError):
    code = "project_ready_already"
    sentence = N_("“%(project)s”已确认具备投产条件。")


class TakeBackUntold(DomainError):
    code = "readiness_take_back_untold"
    sentence = N_("请写明为什么撤回。")
    status = 422


@dataclass(frozen=True, slots=True)
class PointText:
    """四定: the task, who, until when, and the measure; `aspect` is which of the three checks found it."""

    aspect: Aspect
    title: str
    owner: Person | None
    due_at: datetime | None
    measure: str
    text: str = ""
    place: str = ""


@transaction.atomic
def record_aspect(
    *, project: Project, aspect: Aspect, checked_on: date, actor: Person, at: datetime, note: str = ""
) -> AspectCheck:
    """Write down that one of the three checks was made; it may have found nothing.

    :raises AspectUnfit: a day to come
    """
    RAISE_POINT.require(actor, project, at=at)
    if aspect not in Aspect.values or checked_on > local_day(at):
        raise AspectUnfit
    row = AspectCheck.objects.create(
        project=project, aspect=aspect, checked_on=checked_on, note=note.strip()[:400], by=actor, at=at
    )
    tell(ASPECT_CHECKED, project, actor, at, row, about=actor, aspect=str(aspect))
    return row


def raise_point(
    *, project: Project, text: PointText, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> WorkItem:
    """Raise what a check found, with task, person, day and measure.

    :raises OwnerMissing, DeadlineMissing, DeadlinePast, TitleMissing, ValuesUnfit: one of the four is not settled
    """
    RAISE_POINT.require(actor, project, at=at)
    if text.owner is None:
        raise OwnerMissing
    given = ItemText(
        text.title, text=text.text, values={"aspect": str(text.aspect), "measure": text.measure}, due_at=text.due_at,
        place=text.place, project=project, zone=zone_of_project(project, local_day(at)), owner=text.owner,
    )  # fmt: skip
    return put_up(kind=POINT, text=given, body=project.body, actor=actor, at=at, uploads=uploads)


@transaction.atomic
def declare_ready(*, project: Project, actor: Person, at: datetime, note: str = "") -> Readiness:
    """Declare a project ready for commissioning. A point found later opens the question again by itself.

    :raises NotReady: a check was not made, a point is open, a process is not accepted; all are named
    :raises ReadyAlready: it is declared
    """
    DECLARE_READY.require(actor, project, at=at)
    held = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    gaps = gaps_of(held)
    if gaps:
        raise NotReady(project=project.name, gaps=listed(gap.words for gap in gaps))
    if Readiness.objects.filter(project=project, taken_back_at=None).exists():
        raise ReadyAlready(project=project.name)
    fact = tell(READY_DECLARED, project, actor, at, project, about=actor)
    try:
        with transaction.atomic():
            return Readiness.objects.create(
                project=project, declared_by=actor, declared_at=at, note=note.strip()[:400], fact=fact.pk
            )
    except IntegrityError as error:
        raise ReadyAlready(project=project.name) from error


@transaction.atomic
def take_ready_back(*, readiness: Readiness, reason: str, actor: Person, at: datetime) -> Readiness:
    """Take the declaration back.

    :raises TakeBackUntold: without a reason
    :raises Stale: it was
    """
    DECLARE_READY.require(actor, readiness.project, at=at)
    if not reason.strip():
        raise TakeBackUntold
    rows = Readiness.objects.filter(pk=readiness.pk, taken_back_at=None)
    if not rows.update(taken_back_at=at, taken_back_by=actor, taken_back_why=reason.strip()[:400]):
        raise Stale
    reverse(Fact.objects.get(pk=readiness.fact), by=actor, at=at)
    readiness.taken_back_at, readiness.taken_back_by = at, actor
    return readiness
