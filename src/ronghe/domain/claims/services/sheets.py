"""A sheet is drawn up from difficult points, published as a version, signed by each side, and closed when all is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.claims.calc.sheets import TaskWords, changed_since, digest_of, words_of
from ronghe.domain.claims.enums import SHEET_FLOW, SheetState
from ronghe.domain.claims.facts import SHEET_CLOSED, SHEET_DRAWN_UP, SHEET_PUBLISHED, SHEET_SIGNED
from ronghe.domain.claims.models import ClaimLine, ClaimSheet, SheetSignature, SheetVersion
from ronghe.domain.claims.rules import CLAIM_TASK, DRAW_UP, MANAGE_SHEET, SIGN_FOR_BODY
from ronghe.domain.claims.selectors import sides_of
from ronghe.domain.claims.services.crediting import in_time
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import go
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class SheetTitleMissing(DomainError):
    code = "claims_title_missing"
    sentence = N_("请给清单起个名字。")
    status = 422


class SheetAlreadyThere(DomainError):
    code = "claims_sheet_already_there"
    sentence = N_("“%(name)s”已有一张没办结的领办清单，请在那张上加任务。")


class SheetEmpty(DomainError):
    code = "claims_sheet_empty"
    sentence = N_("清单上还没有任务，先分解难点再发布。")
    status = 422


class NothingChanged(DomainError):
    code = "claims_nothing_changed"
    sentence = N_("和第 %(version)s 版一样，不用再发布。")


class SheetClosed(DomainError):
    code = "claims_sheet_closed"
    sentence = N_("“%(title)s”已经办结，不能再加任务。请另起一张。")


class TasksOpen(DomainError):
    code = "claims_tasks_open"
    sentence = N_("还有 %(count)s 项任务没有验收或撤下，清单不能办结。")


class NotOfThisForce(DomainError):
    code = "claims_not_of_this_force"
    sentence = N_("这个难点不是“%(title)s”的攻关党小组提出的。")
    status = 422


class SideAlreadySigned(DomainError):
    code = "claims_side_already_signed"
    sentence = N_("“%(body)s”已经签过第 %(version)s 版。")


class NotPublishedYet(DomainError):
    code = "claims_not_published"
    sentence = N_("清单还没有发布，不能签。")


class NoSideOfSheet(DomainError):
    code = "claims_no_side"
    sentence = N_("“%(body)s”不是这张清单的一方。")
    status = 422


@dataclass(frozen=True, slots=True)
class TaskText:
    """A task to put on a sheet; the four fixes but for the person."""

    title: str
    goal: str
    due_at: datetime | None
    values: Mapping[str, object]
    point: DifficultPoint | None = None
    place: str = ""


@transaction.atomic
def draw_up_sheet(
    *, title: str, body: PartyOrg, actor: Person, at: datetime, force: TaskForce | None = None,
    zone: CollaborationZone | None = None, project: Project | None = None,
) -> ClaimSheet:  # fmt: skip
    """Begin a sheet for an effort of `body`; a task force has one open sheet at a time.

    :raises NotAllowed: the actor may not give tasks there
    :raises SheetTitleMissing: without a title
    :raises SheetAlreadyThere: the task force has one that is not closed
    """
    DRAW_UP.require(actor, body, at=at)
    if not title.strip():
        raise SheetTitleMissing
    try:
        with transaction.atomic():
            sheet = ClaimSheet.objects.create(
                title=title.strip(), body=body, force=force, zone=zone or (force.zone if force else None),
                project=project or (force.project if force else None), drawn_up_by=actor, drawn_up_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise SheetAlreadyThere(name=force.name if force is not None else title) from error
    points = force.points.count() if force is not None else 0
    _tell(sheet, SHEET_DRAWN_UP, actor, at, points=points)
    return sheet


@transaction.atomic
def add_task(*, sheet: ClaimSheet, task: TaskText, actor: Person, at: datetime) -> WorkItem:
    """Put a task on the sheet; on a published one it waits for the next version.

    :raises SheetClosed: the sheet is closed
    :raises NotOfThisForce: the point is another group's
    :raises TitleMissing, ValuesUnfit, DeadlineMissing, DeadlinePast: as every item
    """
    MANAGE_SHEET.require(actor, sheet, at=at)
    if sheet.state == SheetState.CLOSED:
        raise SheetClosed(title=sheet.title)
    if task.point is not None and task.point.task_force_id != sheet.force_id:
        raise NotOfThisForce(title=sheet.title)
    source = RecordOf("taskforces.difficultpoint", task.point.pk, task.point.title) if task.point is not None else None
    text = ItemText(
        task.title, task.goal, task.values, task.due_at, task.place, zone=sheet.zone, project=sheet.project,
        force=sheet.force, source=source,
    )  # fmt: skip
    item = put_up(kind=CLAIM_TASK, text=text, body=sheet.body, actor=actor, at=at)
    # The sheet's row is held, so that two who add at once do not give the same number.
    ClaimSheet.objects.select_for_update().get(pk=sheet.pk)
    number = (sheet.lines.aggregate(last=Max("number"))["last"] or 0) + 1
    ClaimLine.objects.create(sheet=sheet, item=item, point=task.point, number=number)
    return item


@transaction.atomic
def publish_sheet(*, sheet: ClaimSheet, actor: Person, at: datetime) -> SheetVersion:
    """Publish the sheet, or a newer version of it: every task on it that waits is open to be claimed.

    :raises SheetEmpty: no task is on it
    :raises NothingChanged: it reads as the version before
    """
    MANAGE_SHEET.require(actor, sheet, at=at)
    lines = list(sheet.lines.select_related("item__owner").exclude(item__state="withdrawn").order_by("number"))
    if not lines:
        raise SheetEmpty
    before = sheet.versions.order_by("-number").first()
    words = words_of(sheet.title, [_words(line) for line in lines])
    if before is not None and before.digest == digest_of(words):
        raise NothingChanged(version=before.number)
    step = "publish" if sheet.state == SheetState.DRAFT else "publish_again"
    SHEET_FLOW.advance(sheet, step, version=sheet.version + 1, published_at=at)
    version = SheetVersion.objects.create(
        sheet=sheet, number=sheet.version, words=words, digest=digest_of(words),
        changed=changed_since(before.words if before is not None else None, words), published_by=actor, published_at=at,
    )  # fmt: skip
    publish = CLAIM_TASK.step_by_id["publish"]
    for line in lines:
        if line.item.state == "draft":
            go(item=line.item, spec=publish, actor=actor, at=at)
    _tell(sheet, SHEET_PUBLISHED, actor, at, version=version.number, tasks=len(lines))
    return version


@transaction.atomic
def sign_sheet(*, sheet: ClaimSheet, body: PartyOrg, actor: Person, at: datetime) -> SheetSignature:
    """Sign the latest version for a side; its secretary or deputy does.

    :raises NotPublishedYet: there is no version
    :raises NoSideOfSheet: the body is none of its sides
    :raises SideAlreadySigned: the side has signed this version
    """
    SIGN_FOR_BODY.require(actor, body, at=at)
    if sheet.state != SheetState.PUBLISHED:
        raise NotPublishedYet
    if body not in sides_of(sheet):
        raise NoSideOfSheet(body=body.name)
    version = sheet.versions.get(number=sheet.version)
    try:
        with transaction.atomic():
            signed = SheetSignature.objects.create(version=version, body=body, person=actor, signed_at=at)
    except IntegrityError as error:
        raise SideAlreadySigned(body=body.name, version=version.number) from error
    _tell(sheet, SHEET_SIGNED, actor, at, version=version.number)
    return signed


@transaction.atomic
def close_sheet(*, sheet: ClaimSheet, actor: Person, at: datetime) -> ClaimSheet:
    """Close a sheet on which every task was accepted or withdrawn.

    :raises TasksOpen: some are not
    """
    MANAGE_SHEET.require(actor, sheet, at=at)
    items = [line.item for line in sheet.lines.select_related("item")]
    if still := sum(not item.is_closed for item in items):
        raise TasksOpen(count=still)
    SHEET_FLOW.advance(sheet, "close", closed_at=at)
    accepted = [item for item in items if item.state == "accepted"]
    _tell(
        sheet, SHEET_CLOSED, actor, at, tasks=len(items), accepted=len(accepted), on_time=len(in_time(accepted)),
        days=(at - sheet.drawn_up_at).days,
    )  # fmt: skip
    return sheet


def _words(line: ClaimLine) -> TaskWords:
    item = line.item
    return TaskWords(line.number, item.title, item.text, item.due_at, item.values, line.point_id)


def _tell(sheet: ClaimSheet, kind: FactKind, actor: Person, at: datetime, **attributes: object) -> None:
    record(
        Draft(kind, at, actor, body=sheet.body_id, zone=sheet.zone_id, project=sheet.project_id, attributes=attributes,
              source=sheet)
    )  # fmt: skip
