"""A member applies for points, or a leader puts forward what takes some away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.showing import RecordOf, show_with
from ronghe.domain.merits.calc.rewards import Reward, kinds_counted
from ronghe.domain.merits.models import MeritCase
from ronghe.domain.merits.rules import APPLY, MERIT, REPORT
from ronghe.domain.merits.selectors import LIVE, MeritSheet, home_branch_of, sheet_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import POINT, Fact
from ronghe.kernel.words import N_

if TYPE_CHECKING:
    from ronghe.domain.work.services.files import Upload

LONGEST_BACK = 366
"""Calendar days: what is older is told in the year's appraisal, not in points."""


class NoMeritSheet(DomainError):
    code = "merit_no_sheet"
    sentence = N_("您所在的支部还没有采用带积分申请项目的积分表。请支部书记在“范本”里采用一份。")


class RewardUnknown(DomainError):
    code = "merit_reward_unknown"
    sentence = N_("现行积分表里没有这一项，可以选：%(known)s。")
    status = 422


class MeritDayUnfit(DomainError):
    code = "merit_day_unfit"
    sentence = N_("日期不能晚于今天，也不能早于一年以前。")
    status = 422


class MeritProofMissing(DomainError):
    code = "merit_proof_missing"
    sentence = N_("请选一条平台里的记录作依据，或者上传证明材料。")
    status = 422


class CountedByItself(DomainError):
    code = "merit_counted_by_itself"
    sentence = N_("“%(record)s”平台已自动计分，不用申请。积分页上能看到那一条。")


class CountedAlready(DomainError):
    code = "merit_counted_already"
    sentence = N_("同一事项已按“%(rule)s”申请或计分，就高不重复。")


@dataclass(frozen=True, slots=True)
class Application:
    """What is applied for: the sheet's item, what was done and when, and the record that shows it."""

    reward: str
    title: str
    done_on: date
    text: str = ""
    proof: str = ""
    record: RecordOf | None = None


def apply_for(
    *, member: Person, given: Application, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> WorkItem:  # fmt: skip
    """Put an application on its way to the group's leader; of an item that takes points away, a leader's report.

    :raises NoMeritSheet: the branch works by no sheet with such an item
    :raises RewardUnknown: the sheet has no such item
    :raises MeritDayUnfit: in the future, or more than a year ago
    :raises MeritProofMissing: nothing shows it
    :raises CountedByItself: the sheet counts the record without any application
    :raises CountedAlready: the same record counts for as much or more, or is on its way (就高不重复, PP-04)
    """
    day = local_day(at)
    sheet = sheet_of(member, day)
    if sheet is None:
        raise NoMeritSheet
    reward = _reward(sheet, given.reward)
    (REPORT if reward.is_deduction else APPLY).require(actor, member, at=at)
    if given.done_on > day or (day - given.done_on).days > LONGEST_BACK:
        raise MeritDayUnfit
    if given.record is None and not uploads:
        raise MeritProofMissing
    if given.record is not None:
        _refuse_twice(member, sheet, reward, given.record)
    branch = home_branch_of(member, day)
    if branch is None:
        raise NoMeritSheet
    text = ItemText(
        given.title.strip() or reward.title["zh"], text=given.text, values={"proof": given.proof}, owner=member,
        source=given.record,
    )  # fmt: skip
    with transaction.atomic():
        item = put_up(kind=MERIT, text=text, body=branch, actor=actor, at=at, uploads=uploads)
        MeritCase.objects.create(
            item=item, member=member, rule=reward.id, rule_zh=reward.title["zh"], rule_en=reward.title["en"],
            points_e4=int(reward.points * POINT), sheet=sheet.sheet_id, playbook=sheet.reference,
            done_on=given.done_on,
        )  # fmt: skip
        if given.record is not None:
            show_with(item, (), [given.record], actor, at)
    return item


def _reward(sheet: MeritSheet, wanted: str) -> Reward:
    for reward in sheet.rewards:
        if reward.id == wanted:
            return reward
    raise RewardUnknown(known="、".join(reward.title["zh"] for reward in sheet.rewards))


def _refuse_twice(member: Person, sheet: MeritSheet, reward: Reward, record: RecordOf) -> None:
    by_itself = Fact.objects.filter(
        source_type=record.source_type, source_id=record.source_id, subject=member.token, reverses=None,
        kind__in=kinds_counted(sheet.content),
    )  # fmt: skip
    if by_itself.exists():
        raise CountedByItself(record=record.name)
    same = MeritCase.objects.filter(
        member=member, item__source_type=record.source_type, item__source_id=record.source_id, item__state__in=LIVE
    )
    for case in same.select_related("item").order_by("pk"):
        if case.item.state != "granted" or abs(case.points_e4) >= abs(int(reward.points * POINT)):
            raise CountedAlready(rule=case.rule_title)
