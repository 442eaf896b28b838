"""Approvals that authorities outside give: registered, submitted, moved on stage by stage, got or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.domain.control.calc.days import days_waiting
from ronghe.domain.control.enums import ApprovalKind
from ronghe.domain.control.facts import APPROVAL_STAGE
from ronghe.domain.control.models import ApprovalStage, OutsideApproval
from ronghe.domain.control.rules import APPROVAL, KEEP_APPROVAL, SEE_CONTACT
from ronghe.domain.control.rules.rights import DO_APPROVAL
from ronghe.domain.control.selectors.sides import zone_of_project
from ronghe.domain.control.services.telling import tell
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.rules import Need
from ronghe.domain.items.services.changing import ItemClosed
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.showing import show_with
from ronghe.domain.items.services.steps import Said, StepEvidenceMissing, go
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.work.services.files import Upload, prepare_file
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_, _

MOST_STAGES = 12
COMPARTMENT = "authority_contact"
USUAL_STAGES = {
    ApprovalKind.QUOTA: (N_("材料受理"), N_("主管部门审核"), N_("下达指标")),
    ApprovalKind.LAND: (N_("预审"), N_("勘测定界"), N_("报批"), N_("批复")),
    ApprovalKind.GRID: (N_("接入系统方案"), N_("方案批复"), N_("并网协议"), N_("调度协议"), N_("并网验收")),
    ApprovalKind.GREEN_TRADE: (N_("交易单元注册"), N_("合同签订"), N_("校核备案")),
    ApprovalKind.OTHER: (N_("受理"), N_("审核"), N_("批复")),
}
"""Proposed for each kind; every register writes its own."""


class ApprovalUnfit(DomainError):
    code = "approval_unfit"
    sentence = N_("请写明审批机关和 1 到 %(most)s 个环节，每个环节最多 60 个字；联系电话最多 40 个字符。")
    status = 422


class DayUnfit(DomainError):
    code = "approval_day_unfit"
    sentence = N_("日期不能在将来，也不能早于上一步的 %(day)s。")
    status = 422


class NoFurtherStage(DomainError):
    code = "approval_no_further_stage"
    sentence = N_("已经是最后一个环节，批下来了请点“已取得”。")


@dataclass(frozen=True, slots=True)
class ApprovalText:
    """What is wanted of whom, in which stages, who sees to it and what is next. `contact` is a post or an office."""

    kind: ApprovalKind
    title: str
    authority: str
    stages: Sequence[str]
    owner: Person
    contact: str = ""
    phone: str = ""
    next_step: str = ""
    due_at: datetime | None = None
    """By when the next step is to be taken."""
    expected_on: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What comes with a step: words, and papers that show it."""

    note: str = ""
    uploads: Sequence[Upload] = ()


NOTHING_TOLD = Told()


def register_approval(*, project: Project, text: ApprovalText, actor: Person, at: datetime) -> OutsideApproval:
    """Enter an approval in the register, to be prepared.

    :raises ApprovalUnfit: without authority or stages
    :raises TitleMissing, DeadlinePast: as every item
    """
    KEEP_APPROVAL.require(actor, project, at=at)
    stages = [stage.strip() for stage in text.stages if stage.strip()]
    if (
        text.kind not in ApprovalKind.values or not 1 <= len(text.authority.strip()) <= 80
        or not 1 <= len(stages) <= MOST_STAGES or any(len(stage) > 60 for stage in stages)
        or len(text.phone) > 40 or len(text.contact) > 40
    ):  # fmt: skip
        raise ApprovalUnfit(most=MOST_STAGES)
    given = ItemText(
        text.title, text=text.text, due_at=text.due_at, project=project, owner=text.owner,
        zone=zone_of_project(project, local_day(at)),
    )  # fmt: skip
    with transaction.atomic():
        item = put_up(kind=APPROVAL, text=given, body=project.body, actor=actor, at=at)
        approval = OutsideApproval.objects.create(
            item=item, project=project, kind=text.kind, authority=text.authority.strip(), contact=text.contact.strip(),
            phone_sealed=seal_text(text.phone.strip()) if text.phone.strip() else "",
            next_step=text.next_step.strip()[:200], expected_on=text.expected_on,
        )  # fmt: skip
        ApprovalStage.objects.bulk_create(
            ApprovalStage(approval=approval, number=number, title=title) for number, title in enumerate(stages, start=1)
        )
        _tell(approval, actor, at, act="register", stage=0)
    return approval


def submit_approval(
    *, approval: OutsideApproval, day: date, told: Told, actor: Person, at: datetime
) -> OutsideApproval:
    """Write down that it was handed in; waiting is counted from that day. After a refusal the same stage runs on.

    :raises DayUnfit: a day to come, or before the last one
    :raises StepNotAllowed, Stale: as any step
    """
    with _step(approval, "submit", told, day, actor, at):
        last = _last_begun(approval)
        if last is None:
            _begin(approval.stages.order_by("number")[0], day)
        elif last.ended_on is not None:
            ApprovalStage.objects.filter(pk=last.pk).update(ended_on=None)
        if approval.submitted_on is None:
            _set(approval, submitted_on=day)
        _tell(approval, actor, at, act="submit", stage=last.number if last is not None else 1)
        return approval


def advance_approval(*, approval: OutsideApproval, day: date, told: Told, actor: Person, at: datetime) -> ApprovalStage:
    """End the present stage on `day` and begin the next one.

    :raises NoFurtherStage: it is in the last one
    :raises DayUnfit, StepNotAllowed, Stale: as `submit_approval`
    """
    following = approval.stages.filter(began_on=None).order_by("number").first()
    if following is None:
        raise NoFurtherStage
    with _step(approval, "advance", told, day, actor, at):
        running = _running(approval)
        since = running.began_on if running is not None else None
        if running is not None:
            _end(running, day)
        _begin(following, day)
        _tell(approval, actor, at, act="advance", stage=following.number, days=days_waiting(since, day, day))
        return following


def get_approval(
    *, approval: OutsideApproval, day: date, document_number: str, told: Told, actor: Person, at: datetime
) -> OutsideApproval:
    """Write down that it was got, with the paper that shows it; stages that were skipped stay without days.

    :raises StepEvidenceMissing: nothing shows it
    :raises DayUnfit, StepNotAllowed, Stale: as `submit_approval`
    """
    with _step(approval, "get", told, day, actor, at):
        running = _running(approval)
        if running is not None:
            _end(running, day)
        _set(approval, got_on=day, document_number=document_number.strip()[:80], next_step="")
        _tell(approval, actor, at, act="get", stage=running.number if running else 0,
              days=days_waiting(approval.submitted_on, day, day))  # fmt: skip
        return approval


def refuse_approval(
    *, approval: OutsideApproval, day: date, told: Told, actor: Person, at: datetime
) -> OutsideApproval:
    """Write down that it was refused, and why; it can be handed in again.

    :raises StepNoteMissing: without the reason
    :raises DayUnfit, StepNotAllowed, Stale: as `submit_approval`
    """
    with _step(approval, "refuse", told, day, actor, at):
        running = _running(approval)
        if running is not None:
            _end(running, day)
        _tell(approval, actor, at, act="refuse", stage=running.number if running else 0,
              days=days_waiting(running.began_on, day, day) if running else 0)  # fmt: skip
        return approval


@transaction.atomic
def plan_next(
    *, approval: OutsideApproval, next_step: str, actor: Person, at: datetime, expected_on: date | None = None,
    due_at: datetime | None = None, contact: str | None = None, phone: str | None = None,
) -> OutsideApproval:  # fmt: skip
    """Say what is next and by when, when it is expected, and whom one speaks to; `None` leaves contact and number.

    :raises ItemClosed: it was settled
    :raises ApprovalUnfit: too long
    """
    item = approval.item
    DO_APPROVAL.require(actor, item, at=at)
    if item.is_closed:
        raise ItemClosed(title=item.title)
    if len(contact or "") > 40 or len(phone or "") > 40:
        raise ApprovalUnfit(most=MOST_STAGES)
    rows = WorkItem.objects.filter(pk=item.pk, closed_at=None, state=item.state)
    due = due_at if due_at is not None and due_at > at else item.due_at
    if not rows.update(due_at=due, level=0):
        raise Stale
    ItemStep.objects.create(
        item=item, step="change", from_state=item.state, to_state=item.state, by=actor, at=at,
        note=next_step.strip()[:200], owner=item.owner, due_at=due, round=item.round,
    )  # fmt: skip
    item.due_at = due
    changes: dict[str, Any] = {"next_step": next_step.strip()[:200], "expected_on": expected_on}
    if contact is not None:
        changes["contact"] = contact.strip()
    if phone is not None:
        changes["phone_sealed"] = seal_text(phone.strip()) if phone.strip() else ""
    _set(approval, **changes)
    running = _running(approval)
    _tell(approval, actor, at, act="plan", stage=running.number if running else 0)
    return approval


def open_phone(*, approval: OutsideApproval, actor: Person, at: datetime) -> str:
    """Return the number of the authority's office, "" where there is none; the look is recorded."""
    SEE_CONTACT.require(actor, approval.item, at=at)
    if not approval.phone_sealed:
        return ""
    record_look(by=actor, about=None, compartment=COMPARTMENT, at=at)
    return open_text(approval.phone_sealed)


@contextmanager
def _step(approval: OutsideApproval, step: str, told: Told, day: date, actor: Person, at: datetime) -> Iterator[None]:
    """Take a step of the item, with what shows it, and then do what it brings, in one transaction.

    Of two who act at once the second waits for the item's row.
    """
    item, spec = approval.item, APPROVAL.step_by_id[step]
    spec.right.require(actor, item, at=at)
    _refuse_day(day, at, _last_begun(approval))
    is_shown = bool(told.uploads) or item.evidence.filter(added_at__gte=item.since).exists()
    if spec.evidence == Need.REQUIRED and APPROVAL.flow.allows(item, step) and not is_shown:
        raise StepEvidenceMissing(step=_(spec.title))
    files = [prepare_file(upload) for upload in told.uploads]
    with transaction.atomic():
        show_with(item, files, (), actor, at)
        go(item=item, spec=spec, actor=actor, at=at, said=Said(note=told.note))
        yield


def _running(approval: OutsideApproval) -> ApprovalStage | None:
    return approval.stages.filter(began_on__isnull=False, ended_on=None).order_by("number").first()


def _last_begun(approval: OutsideApproval) -> ApprovalStage | None:
    return approval.stages.filter(began_on__isnull=False).order_by("-number").first()


def _refuse_day(day: date, at: datetime, last: ApprovalStage | None) -> None:
    since = (last.ended_on or last.began_on) if last is not None else None
    if day > local_day(at) or (since is not None and day < since):
        raise DayUnfit(day=since or local_day(at))


def _begin(stage: ApprovalStage, day: date) -> None:
    ApprovalStage.objects.filter(pk=stage.pk).update(began_on=day)


def _end(stage: ApprovalStage, day: date) -> None:
    ApprovalStage.objects.filter(pk=stage.pk).update(ended_on=day)


def _set(approval: OutsideApproval, **changes: Any) -> None:
    OutsideApproval.objects.filter(pk=approval.pk).update(**changes)
    for name, value in changes.items():
        setattr(approval, name, value)


def _tell(
    approval: OutsideApproval, actor: Person, at: datetime, *, act: str, stage: int, days: int | None = None
) -> None:
    project = approval.project
    tell(APPROVAL_STAGE, project, actor, at, approval, kind=approval.kind, act=act, stage=stage, days=days)
