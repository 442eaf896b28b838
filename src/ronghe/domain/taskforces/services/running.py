"""A group starts under an agreement in force with every fix in place, is described, sums up and is dissolved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.domain.agreements.services.gate import require_agreement
from ronghe.domain.org.models import Membership, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_body, leave_post
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.playbooks.services import adopt_playbook, end_adoption
from ronghe.domain.structure.services.identities import close_body
from ronghe.domain.taskforces.calc.fixes import WORDS
from ronghe.domain.taskforces.calc.links import messenger_link
from ronghe.domain.taskforces.enums import FORCE_FLOW, OPEN_POINTS, OutcomeKind, PointState, WindUpReason
from ronghe.domain.taskforces.facts import (
    FORCE_CALLED_OFF,
    FORCE_CLOSED,
    FORCE_DESCRIBED,
    FORCE_RESUMED,
    FORCE_STARTED,
    WINDING_UP,
)
from ronghe.domain.taskforces.models import ForceMember, TaskForce
from ronghe.domain.taskforces.rules import DIRECT_TASK_FORCE, LEAD_TASK_FORCE, SET_UP_TASK_FORCE
from ronghe.domain.taskforces.selectors import point_lines
from ronghe.domain.taskforces.services.proposing import sides_of, write_sides
from ronghe.domain.taskforces.services.telling import locked, record
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed

DESCRIBED = ("feature", "brand", "base_place", "base_note", "messenger_url")


class PointsMissing(DomainError):
    code = "task_force_without_points"
    sentence = N_("还没有攻关难点，不能启动。请先提出难点，并逐个四定（SD-03）。")


class FixesMissing(DomainError):
    """SD-03."""

    code = "task_force_fixes_missing"
    sentence = N_("难点“%(point)s”还缺%(missing)s（SD-03），不能启动。请补齐四定。")


class MessengerLinkRefused(DomainError):
    code = "messenger_link_refused"
    sentence = N_("群链接只收 https、wxwork、wecom、dingtalk 开头的地址，请从企业微信或钉钉里复制群链接。")
    status = 422


class ForceFieldUnknown(DomainError):
    code = "task_force_field_unknown"
    sentence = N_("攻关临时党小组没有“%(field)s”这一项可改。")
    status = 422


class ForceOver(DomainError):
    code = "task_force_over"
    sentence = N_("“%(name)s”的状态是“%(state)s”，不能再改。")


class PointsOpen(DomainError):
    code = "task_force_points_open"
    sentence = N_("还有 %(count)s 个难点没有解决，不能结束。请逐个办结，或写明移交给谁。")


class OutcomesMissing(DomainError):
    code = "task_force_outcomes_missing"
    sentence = N_("还没有写：%(missing)s。团队、经验、品牌三项都写了才能结束。")


class ProjectEnded(DomainError):
    code = "task_force_project_ended"
    sentence = N_("%(reason)s，攻关临时党小组不能再继续。请总结收尾。")


@transaction.atomic
def start_task_force(*, force: TaskForce, actor: Person, at: datetime, playbook: Playbook | None = None) -> TaskForce:
    """Start the work: under an agreement in force (SD-02), every difficult point with its four fixes (SD-03).

    With a playbook the group's body works by it from today: its joint studies and theme days become duties (SD-06).

    :raises AgreementMissing: no agreement binds the project's branches today
    :raises PointsMissing: there is no difficult point
    :raises FixesMissing: a point lacks one of the four
    :raises NothingForThisBody, AlreadyAdopted, VersionSaysOtherwise: the playbook cannot be adopted
    """
    SET_UP_TASK_FORCE.require(actor, force, at=at)
    fresh, day = locked(force), local_day(at)
    agreement = require_agreement(fresh.project, day)
    lines = point_lines(list(fresh.points.order_by("number")), day, with_notes=False)
    if not any(line.point.is_open for line in lines):
        raise PointsMissing
    for line in lines:
        if line.point.is_open and line.missing:
            raise FixesMissing(point=line.point.title, missing=listed(_(WORDS[fix]) for fix in line.missing))
    FORCE_FLOW.advance(force, "start", agreement=agreement, started_at=at)
    write_sides(force, sides_of(agreement))
    if playbook is not None and force.body is not None:
        adopt_playbook(body=force.body, playbook=playbook, since=day, actor=actor, at=at)
    record(FORCE_STARTED, force, actor, at, points=len(lines))
    return force


@transaction.atomic
def call_off_task_force(*, force: TaskForce, actor: Person, at: datetime) -> TaskForce:
    """Call off a group that was approved and never started; its body ends."""
    SET_UP_TASK_FORCE.require(actor, force, at=at)
    FORCE_FLOW.advance(force, "call_off", closed_by=actor, closed_at=at)
    end_body(force, local_day(at), actor, at)
    record(FORCE_CALLED_OFF, force, actor, at)
    return force


@transaction.atomic
def describe_task_force(*, force: TaskForce, actor: Person, at: datetime, **changes: Any) -> TaskForce:
    """Change what the group declares of itself; fields as in `DESCRIBED`. One fact a changed field.

    :raises ForceFieldUnknown: another field
    :raises MessengerLinkRefused: no address that a browser or messenger opens harmlessly
    :raises ForceOver: it is closed, called off or withdrawn
    """
    LEAD_TASK_FORCE.require(actor, force, at=at)
    fresh = locked(force)
    if not fresh.is_open:
        raise ForceOver(name=fresh.name, state=fresh.get_state_display())
    for field in changes:
        if field not in DESCRIBED:
            raise ForceFieldUnknown(field=field)
    cleaned = {field: str(value).strip() for field, value in changes.items()}
    if "messenger_url" in cleaned:
        try:
            cleaned["messenger_url"] = messenger_link(cleaned["messenger_url"])
        except ValueError as error:
            raise MessengerLinkRefused from error
    changed = [field for field, value in cleaned.items() if getattr(fresh, field) != value]
    for field in changed:
        setattr(force, field, cleaned[field])
        record(FORCE_DESCRIBED, force, actor, at, field=field)
    if changed:
        force.save(update_fields=changed)
    return force


@transaction.atomic
def wind_up_task_force(*, force: TaskForce, actor: Person, at: datetime) -> TaskForce:
    """Let a group sum up: its outcomes are written now, no new points are raised."""
    DIRECT_TASK_FORCE.require(actor, force, at=at)
    wind_up(force, WindUpReason.BY_HAND, actor, at)
    return force


@transaction.atomic
def resume_task_force(*, force: TaskForce, actor: Person, at: datetime) -> TaskForce:
    """Go on with a group that was made to sum up by hand.

    :raises ProjectEnded: what it stood for is over
    """
    DIRECT_TASK_FORCE.require(actor, force, at=at)
    if force.wind_up_reason not in (None, WindUpReason.BY_HAND):
        raise ProjectEnded(reason=WindUpReason(force.wind_up_reason).label)
    FORCE_FLOW.advance(force, "resume", wind_up_reason=None, wind_up_at=None)
    record(FORCE_RESUMED, force, actor, at)
    return force


@transaction.atomic
def close_task_force(*, force: TaskForce, actor: Person, at: datetime) -> TaskForce:
    """Dissolve a group that left its three outcomes; its body ends today, its records stay.

    :raises PointsOpen: a point is neither resolved nor handed over
    :raises OutcomesMissing: one of 团队、经验、品牌 is not written
    """
    SET_UP_TASK_FORCE.require(actor, force, at=at)
    fresh, day = locked(force), local_day(at)
    states = list(fresh.points.order_by("pk").values_list("state", flat=True))
    still = sum(1 for state in states if state in OPEN_POINTS)
    if still:
        raise PointsOpen(count=still)
    written = set(fresh.outcomes.values_list("kind", flat=True))
    missing = [kind for kind in OutcomeKind if kind not in written]
    if missing:
        raise OutcomesMissing(missing=listed(str(kind.label) for kind in missing))
    FORCE_FLOW.advance(force, "close", closed_by=actor, closed_at=at)
    end_body(force, day, actor, at)
    since = local_day(force.started_at) if force.started_at else day
    record(
        FORCE_CLOSED, force, actor, at, reason=force.wind_up_reason, points=len(states), days=(day - since).days,
        resolved=states.count(PointState.RESOLVED), handed_over=states.count(PointState.HANDED_OVER),
    )  # fmt: skip
    return force


def wind_up(force: TaskForce, reason: WindUpReason, actor: Person | None, at: datetime) -> None:
    """Make a running group sum up, for whatever reason; the rights were asked, or nobody had to ask."""
    FORCE_FLOW.advance(force, "wind_up", wind_up_reason=reason, wind_up_at=at)
    record(WINDING_UP, force, actor, at, reason=reason)


def end_body(force: TaskForce, day: date, actor: Person | None, at: datetime) -> None:
    """End what the group was as a body: adoptions, the leader's post, participations, its place in the tree."""
    ForceMember.objects.filter(task_force=force, valid_until=None).update(valid_until=day)
    body = force.body
    if body is None or type(body).objects.filter(pk=body.pk, valid_until__isnull=False).exists():
        return  # somebody dissolved it in the tree before
    if actor is not None:
        for adoption in adoptions_of(body, day).filter(valid_until=None):
            end_adoption(adoption=adoption, until=max(day, adoption.valid_from), actor=actor, at=at)
    posts = PostHolding.objects.filter(body=body, valid_until=None).select_related("person")
    for post in posts:
        leave_post(post=post, until=max(day, post.valid_from), actor=None, at=at)
    rows = Membership.objects.filter(body=body, valid_until=None).select_related("person", "body").order_by("pk")
    for row in rows:
        leave_body(membership=row, until=max(day, row.valid_from), actor=None, at=at)
    close_body(body=body, until=day, at=at)
