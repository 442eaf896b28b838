"""Times agreed for help, and the targets of a body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from ronghe.domain.items.models import WorkItem
from ronghe.domain.needs.enums import HelpWay
from ronghe.domain.needs.facts import HELP_AGREED, HELP_CALLED_OFF, TARGETS_SET
from ronghe.domain.needs.models import HelpMoment, NeedTargets
from ronghe.domain.needs.rules import AGREE_MOMENT, NEED, SET_TARGETS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotFound, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

USUAL = timedelta(hours=1)
MOST_DAYS = 250


class NobodyHelps(DomainError):
    code = "need_nobody_helps"
    sentence = N_("这个需求还没有派人，先受理派人再约时间。")


class MomentPast(DomainError):
    code = "help_moment_past"
    sentence = N_("约的时间要在现在以后，结束要在开始以后，最长 12 小时。")
    status = 422


class HelperBusy(DomainError):
    code = "helper_busy"
    sentence = N_("%(name)s 这段时间已经约了“%(title)s”，请换个时间。")


class WhereMissing(DomainError):
    code = "help_where_missing"
    sentence = N_("上门要写地点；远程要写电话或会议链接（链接以 http 开头）。")
    status = 422


class TargetsUnsound(DomainError):
    code = "need_targets_unsound"
    sentence = N_("受理时限至少 1 个工作日，答复时限不少于受理时限、不超过 %(most)s 个工作日。")
    status = 422


@dataclass(frozen=True, slots=True)
class MomentText:
    """`link` is a telephone number or an address; an hour unless `ends_at` is told."""

    way: HelpWay
    starts_at: datetime
    ends_at: datetime | None = None
    place: str = ""
    link: str = ""


@transaction.atomic
def agree_moment(*, item: WorkItem, text: MomentText, actor: Person, at: datetime) -> HelpMoment:
    """Agree on a time for help; it stands in the helper's day.

    :raises NobodyHelps: nobody was chosen, or the need is settled
    :raises MomentPast, WhereMissing: not sound
    :raises HelperBusy: the helper has agreed on another time that overlaps
    """
    if item.kind != NEED.id:
        raise NotFound
    AGREE_MOMENT.require(actor, item, at=at)
    if item.owner is None or item.is_closed:
        raise NobodyHelps
    ends_at = text.ends_at or text.starts_at + USUAL
    if not at < text.starts_at < ends_at <= text.starts_at + timedelta(hours=12):
        raise MomentPast
    place, link = text.place.strip() or item.place, text.link.strip()
    if (text.way == HelpWay.ON_SITE and not place) or (text.way == HelpWay.REMOTE and not _is_reachable(link)):
        raise WhereMissing
    Person.objects.select_for_update().get(pk=item.owner.pk)  # two times at once wait for each other
    taken = HelpMoment.objects.filter(
        helper=item.owner, called_off_at=None, starts_at__lt=ends_at, ends_at__gt=text.starts_at
    )
    other = taken.select_related("item").first()
    if other is not None:
        raise HelperBusy(name=item.owner.name, title=other.item.title)
    moment = HelpMoment.objects.create(
        item=item, way=text.way, helper=item.owner, starts_at=text.starts_at, ends_at=ends_at,
        place=place if text.way == HelpWay.ON_SITE else "", link=link if text.way == HelpWay.REMOTE else "",
        made_by=actor, made_at=at,
    )  # fmt: skip
    _tell(HELP_AGREED, moment, actor, at)
    return moment


@transaction.atomic
def call_off_moment(*, moment: HelpMoment, actor: Person, at: datetime) -> None:
    """Call an agreed time off; it stays on the record.

    :raises Stale: it was called off before
    """
    AGREE_MOMENT.require(actor, moment.item, at=at)
    if not HelpMoment.objects.filter(pk=moment.pk, called_off_at=None).update(called_off_at=at):
        raise Stale
    _tell(HELP_CALLED_OFF, moment, actor, at)


@transaction.atomic
def set_targets(*, body: PartyOrg, triage_days: int, answer_days: int, actor: Person, at: datetime) -> NeedTargets:
    """Say within how many working days a body wants to take needs up and answer them.

    :raises TargetsUnsound: none, or answering is to be quicker than taking up
    """
    SET_TARGETS.require(actor, body, at=at)
    if not 1 <= triage_days <= answer_days <= MOST_DAYS:
        raise TargetsUnsound(most=MOST_DAYS)
    row, _is_new = NeedTargets.objects.update_or_create(
        body=body,
        defaults={"triage_days": triage_days, "answer_days": answer_days, "set_by": actor, "set_at": at},
    )
    attributes = {"triage_days": triage_days, "answer_days": answer_days}
    record(Draft(TARGETS_SET, at, actor, body=body.pk, attributes=attributes, source=row))
    return row


def _is_reachable(link: str) -> bool:
    if urlsplit(link).scheme in ("http", "https"):
        return True
    digits = link.replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 15


def _tell(kind: object, moment: HelpMoment, actor: Person, at: datetime) -> None:
    item = moment.item
    attributes = {"way": str(moment.way), "day": local_day(moment.starts_at)}
    record(
        Draft(
            kind, at, actor, about=moment.helper, body=item.body_id, unit=item.unit_id, zone=item.zone_id,  # type: ignore[arg-type]
            attributes=attributes, source=item,
        )
    )  # fmt: skip
