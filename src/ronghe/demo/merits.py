"""A branch reckons member points: one application counts, one is on notice, one waits, one was refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.domain.appraisal.selectors.member_sheets import home_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.merits.rules import MERIT
from ronghe.domain.merits.services.applying import Application, apply_for
from ronghe.domain.merits.services.counting import count_after_notice
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.db.tree import on_day

STORY = (
    # reward, title, text, days ago, steps
    ("innovation", "井口盘根卡具改进", "更换时间由 40 分钟减到 15 分钟，已在 3 口井用上。", 40, ("check", "review", "approve")),
    ("rescue", "发现 3 号加热炉燃气泄漏并关断", "巡检闻到异味，按处置卡关断并上报。", 4, ("check", "review", "approve")),
    ("commended_unit", "厂劳动竞赛先进个人", "", 2, ("check",)),
    ("innovation", "合理化建议：报表合并", "把两张日报合成一张。", 20, ("refuse",)),
)  # fmt: skip


def show_merits(field: Field, since: date, now: datetime) -> None:
    """Let the member's home branch adopt the points, and tell of four applications."""
    member = Person.objects.get(account__login="dangyuan")
    branch = home_of(member, now.date())
    if branch is None:
        return
    adopt_playbook(
        body=branch, playbook=playbook_named("member_points"), since=since, actor=field.clerk, at=at(since, 7, 0)
    )
    for number, (reward, title, text, days, steps) in enumerate(STORY):
        day = max(now.date() - timedelta(days=days), since + timedelta(days=number))
        moment = at(day, 16, 0)
        given = Application(reward, title, day, text)
        item = apply_for(member=member, given=given, actor=member, at=moment, uploads=[site_photo(760 + number)])
        taken: list[Person] = []
        for hours, step in enumerate(steps, start=1):
            who = _who(item, step, branch, moment, taken)
            if who is None:
                break
            said = Said(note="采用范围太小，推广以后再申请。" if step == "refuse" else "")
            item = take_step(item=item, step=step, actor=who, at=moment + timedelta(hours=hours), said=said)
            taken.append(who)
    count_after_notice(at=now)


def _who(item: WorkItem, step: str, branch: PartyOrg, moment: datetime, but: Collection[Person]) -> Person | None:
    """Return who takes a step: somebody of the branch or above it whose right it is, not who took one before."""
    above = PartyOrg.links().filter(on_day(moment.date()), descendant_id=branch.pk).values("ancestor_id")
    posts = PostHolding.objects.filter(on_day(moment.date()), body__in=above).select_related("person")
    right = MERIT.step_by_id[step].right
    for post in posts.order_by("pk"):
        if post.person not in but and right.allows(post.person, item, at=moment):
            return post.person
    return None
