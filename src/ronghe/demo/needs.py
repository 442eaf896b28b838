"""精准问需 of the demonstration field: twelve needs in every state, from a form, a seminar and a survey's text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.changing import add_note
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.needs.enums import HelpWay
from ronghe.domain.needs.services.moments import MomentText, agree_moment
from ronghe.domain.needs.services.raising import NeedText, merge_need, raise_need
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.surveys.models import SurveyText

EFFICIENCY, MANAGEMENT, DATA = "efficiency", "management", "data"
PLACE = "南I-1联合站"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who asks, who sees to it, who helps."""

    field: Field
    lead: Person
    secretary: Person
    safety: Person
    member: Person
    foreman: Person
    hands: list[Person]


def show_needs(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step
    """Tell what was asked in the last two months and what became of it."""
    by_login = {person.account.login: person for person in Person.objects.filter(account__isnull=False)}  # type: ignore[union-attr]
    named = set(by_login.values())
    hands = [person for person in field.crew if person not in named]
    cast = Cast(
        field, field.lead, by_login["shuji"], by_login["anquan"], by_login["dangyuan"], by_login["gongren"], hands
    )  # fmt: skip
    _settled(cast, now)
    _under_way(cast, now)
    _turned_down(cast, now)
    _from_records(cast, now)


def _settled(cast: Cast, now: datetime) -> None:
    """Three that are closed, with gains in hours, in yuan, and in something else."""
    meters = _raise(cast, cast.foreman, "抄表要跑三个站，一班两小时", [EFFICIENCY, DATA], now - timedelta(days=52))
    _help(cast, meters, cast.secretary, "on_site", now - timedelta(days=51))
    _answer(
        meters, now - timedelta(days=44), "三个站的表接进远传，值班室一块屏看全，异常自动提示。", "hours", "60", "12"
    )
    _rate(meters, "5", now - timedelta(days=43), "再也不用半夜出去抄表")
    _close(cast, meters, now - timedelta(days=42), holds=True)
    forms = _raise(cast, cast.member, "同一份安全检查表要填三遍", [EFFICIENCY, MANAGEMENT], now - timedelta(days=40))
    _help(cast, forms, cast.safety, "remote", now - timedelta(days=39))
    _answer(forms, now - timedelta(days=33), "三张表合成一张，一次填写，三个部门共用。", "hours", "24", "8")
    _rate(forms, "4", now - timedelta(days=31), "还差一个电子签名")
    _close(cast, forms, now - timedelta(days=30), holds=True)
    pipes = _raise(cast, cast.hands[0], "管材余料没有台账，常常重复买", [MANAGEMENT, DATA], now - timedelta(days=36))
    _help(cast, pipes, cast.secretary, "on_site", now - timedelta(days=34))
    _answer(pipes, now - timedelta(days=24), "余料统一编码上架，领料先查余料。", "cny", "86000", "31000")
    _rate(pipes, "5", now - timedelta(days=23), "")
    _close(cast, pipes, now - timedelta(days=21), holds=True)


def _under_way(cast: Cast, now: datetime) -> None:
    """One waits to be verified, one to be rated, one was reopened, one is helped with, one waits for its helper."""
    permits = _raise(cast, cast.hands[1], "动火作业票等审批要半天", [EFFICIENCY], now - timedelta(days=15))
    _help(cast, permits, cast.safety, "on_site", now - timedelta(days=14))
    _answer(permits, now - timedelta(days=6), "现场设审批点，早会后集中办，随到随审。", "other", "4", "1", "小时/票")
    _rate(permits, "5", now - timedelta(days=5), "")
    drawings = _raise(cast, cast.foreman, "图纸版本多，不知道哪一版有效", [DATA, MANAGEMENT], now - timedelta(days=12))
    _help(cast, drawings, cast.secretary, "remote", now - timedelta(days=11))
    _answer(drawings, now - timedelta(days=2), "有效图纸统一放共享盘，作废的当天移走，扫码看最新版。")
    radio = _raise(cast, cast.member, "站内对讲机有盲区", [EFFICIENCY], now - timedelta(days=20))
    _help(cast, radio, cast.safety, "on_site", now - timedelta(days=19))
    _answer(radio, now - timedelta(days=12), "加了一台中继。")
    _step(radio, "reopen", radio.raised_by, now - timedelta(days=10), Said("地沟里还是没信号", {"score": "2"}))
    add_note(
        item=radio, text="测了六个点，地沟两处要再加一台。", percent=60, actor=cast.safety, at=now - timedelta(days=4)
    )
    ledger = _raise(cast, cast.hands[2], "材料出入库还在手写，月底对账两天", [DATA], now - timedelta(days=8))
    _help(cast, ledger, cast.secretary, "on_site", now - timedelta(days=6))
    agree_moment(
        item=ledger, actor=cast.secretary, at=now - timedelta(days=1),
        text=MomentText(HelpWay.ON_SITE, at(now.date() + timedelta(days=2), 9, 0), place="施工营地库房"),
    )  # fmt: skip
    hidden = _raise(
        cast, cast.hands[3], "夜班排得太密，想调一调又不好开口", [MANAGEMENT], now - timedelta(days=4), hides_name=True
    )
    _step(
        hidden, "triage", cast.lead, now - timedelta(days=3),
        Said(values={"way": "on_site"}, owner=cast.secretary, due_at=at(now.date() + timedelta(days=6), 18, 0)),
    )  # fmt: skip


def _turned_down(cast: Cast, now: datetime) -> None:
    """One was refused with its reason, one taken back, one joined with another that says the same."""
    canteen = _raise(cast, cast.hands[4], "营地食堂菜咸", [MANAGEMENT], now - timedelta(days=18))
    _step(
        canteen, "refuse", cast.lead, now - timedelta(days=17),
        Said("不属于问需范围，已转给营地管理，由他们答复您。"),
    )  # fmt: skip
    back = _raise(cast, cast.hands[5], "想要一份电气原理图", [DATA], now - timedelta(days=9))
    _step(back, "withdraw", back.raised_by, now - timedelta(days=9) + timedelta(hours=2), Said("已经找到了"))
    first = WorkItem.objects.filter(kind="need", title__startswith="材料出入库").latest("pk")
    double = _raise(cast, cast.hands[6], "材料出入库手写，月底对账费时间", [DATA], now - timedelta(days=3))
    merge_need(item=double, into=first, actor=cast.lead, at=now - timedelta(days=2))
    _raise(cast, cast.foreman, "工具间钥匙只有一把，取工具要等人", [EFFICIENCY], now - timedelta(hours=20))
    _raise(cast, cast.hands[7], "取工具等钥匙，工具间只有一把", [EFFICIENCY], now - timedelta(hours=3))


def _from_records(cast: Cast, now: datetime) -> None:
    """A seminar whose first topic became a need, and a text of a survey that did."""
    seminar = _seminar(cast, now)
    topic = "阀池排水泵常坏，要专人守"
    item = raise_need(
        text=NeedText(topic, [EFFICIENCY], PLACE, zone=cast.field.zone, source=RecordOf("rhythm.activity", seminar.pk, topic)),
        body=cast.field.zone_body, actor=cast.lead, at=now - timedelta(days=6),
    )  # fmt: skip
    _help(cast, item, cast.safety, "on_site", now - timedelta(days=5))
    text = SurveyText.objects.select_related("question__survey").order_by("pk").first()
    if text is not None:
        survey = text.question.survey
        raise_need(
            text=NeedText(text.text, [MANAGEMENT], source=RecordOf("surveys.survey", survey.pk, survey.title)),
            body=survey.body, actor=survey.made_by, at=now - timedelta(days=1),
        )  # fmt: skip


def _seminar(cast: Cast, now: datetime) -> Activity:
    begins = at(now.date() - timedelta(days=7), 16, 0)
    planned = plan_activity(
        activity_type=ActivityType.NEEDS_SEMINAR, body=cast.field.zone_body, place=PLACE + "会议室",
        scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=cast.lead,
        at=begins - timedelta(days=2),
    )  # fmt: skip
    seminar = open_activity(activity=planned, actor=cast.lead, at=begins)
    for topic in ("阀池排水泵常坏，要专人守", "倒班车赶不上交接班", "新员工看不懂联锁逻辑图"):
        add_agenda_item(activity=seminar, topic=topic, actor=cast.lead, at=begins + timedelta(minutes=10))
    return seminar


def _raise(
    cast: Cast, by: Person, title: str, tags: list[str], moment: datetime, *, hides_name: bool = False
) -> WorkItem:
    text = NeedText(title, tags, PLACE, hides_name=hides_name, zone=cast.field.zone)
    return raise_need(text=text, body=cast.field.zone_body, actor=by, at=moment)


def _help(cast: Cast, item: WorkItem, helper: Person, way: str, moment: datetime) -> None:
    said = Said(values={"way": way}, owner=helper, due_at=at(moment.date() + timedelta(days=12), 18, 0))
    _step(item, "triage", cast.lead, moment, said)
    _step(item, "help", helper, moment + timedelta(hours=20), Said())


def _answer(
    item: WorkItem, moment: datetime, note: str, kind: str = "", before: str = "", after: str = "", unit: str = ""
) -> None:
    values = {"gain_kind": kind, "gain_before": before, "gain_after": after, "gain_unit": unit}
    if item.owner is not None:
        _step(item, "answer", item.owner, moment, Said(note, values))


def _rate(item: WorkItem, score: str, moment: datetime, words: str) -> None:
    _step(item, "rate", item.raised_by, moment, Said(words, {"score": score}))


def _close(cast: Cast, item: WorkItem, moment: datetime, *, holds: bool) -> None:
    _step(item, "close", cast.lead, moment, Said(values={"gain_holds": holds}))


def _step(item: WorkItem, step: str, actor: Person, moment: datetime, said: Said) -> None:
    take_step(item=item, step=step, actor=actor, at=moment, said=said)
