"""专家门诊 of the demonstration field: 华哥 of power electronics and two more, cases in every state, knowledge, visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.domain.clinic.enums import HelpKind, SlotWay
from ronghe.domain.clinic.models import ClinicField, Expert, Piece, Visit
from ronghe.domain.clinic.selectors.experts import next_slot
from ronghe.domain.clinic.services.asking import Question, ask
from ronghe.domain.clinic.services.experts import Card, accept_expert, apply_as_expert, open_field, put_up_expert
from ronghe.domain.clinic.services.helping import say_helped
from ronghe.domain.clinic.services.hours import HoursText, add_hours, go_away
from ronghe.domain.clinic.services.proposing import PieceText, answer_consent, propose_piece
from ronghe.domain.clinic.services.reviewing import mark_outdated, publish_piece
from ronghe.domain.clinic.services.treating import (
    answer_case,
    ask_on,
    confirm_case,
    decline_case,
    lapse_case,
    take_case,
    withdraw_case,
    write_word,
)
from ronghe.domain.clinic.services.visiting import book_visit, hold_visit, miss_visit
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.work.services.files import Upload

DAY = timedelta(days=1)
POST, SKILL, CARE = HelpKind.POST, HelpKind.SKILL, HelpKind.CARE


@dataclass(slots=True)
class Cast:
    """Who asks and who answers; `now` is the moment of today."""

    field: Field
    now: datetime
    power: ClinicField
    gauges: ClinicField
    welding: ClinicField
    safety: ClinicField
    hua: Expert
    welder: Expert
    guard: Expert
    foreman: Person
    secretary: Person
    hands: list[Person]

    def before(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


def show_clinic(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step
    """Tell a season of the clinic: from the first questions to what waits today."""
    cast = _cast(field, now)
    _solved(cast)
    _under_way(cast)
    _ended(cast)
    _cared(cast)
    _visits(cast)
    _knowledge(cast)


def _cast(field: Field, now: datetime) -> Cast:
    begun = now - timedelta(days=80)
    by_login = {person.account.login: person for person in Person.objects.filter(account__isnull=False)}  # type: ignore[union-attr]
    fields = [
        open_field(name=name, body=field.committee, actor=field.clerk, at=begun)
        for name in ("电力电子", "自控仪表", "焊接", "作业安全")
    ]
    power, gauges, welding, safety = fields
    unit = by_login["xiequ"].unit
    master = Person.objects.create(
        name="庞国华", initials=initials_of("庞国华"), unit=unit, valid_from=begun.date() - timedelta(days=3650),
        political_status="01", job_title="首席技师", trade="电工",
    )  # fmt: skip
    cards = (
        (master, Card([power, gauges], [POST, SKILL], "华哥", "变频器、软启动、UPS，三十年，疑难杂症带着万用表就来。")),
        (by_login["dangyuan"], Card([welding], [POST, SKILL, CARE], "", "管道焊接、焊评，也愿意听大家说说心里话。")),
        (by_login["anquan"], Card([safety], [POST, SKILL], "", "动火、受限空间、吊装票证和现场措施。")),
    )
    experts = []
    for person, card in cards:
        named = put_up_expert(person=person, card=card, body=field.committee, actor=field.clerk, at=begun)
        experts.append(accept_expert(expert=named, actor=person, at=begun + timedelta(hours=3)))
    hua, welder, guard = experts
    for weekday in (2, 4):
        _sits(hua, weekday, time(14), time(16), "电气班值班室", begun + DAY)
    _sits(welder, 3, time(19), time(20, 30), "焊工班休息室", begun + DAY)
    _sits(guard, 1, time(16), time(17), "", begun + DAY, link="0459-5880119")
    named_people = {person.pk for person in by_login.values()} | {master.pk}
    hands = [person for person in field.crew if person.pk not in named_people]
    return Cast(
        field, now, power, gauges, welding, safety, hua, welder, guard, by_login["gongren"], by_login["shuji"], hands
    )  # fmt: skip


def _sits(expert: Expert, weekday: int, starts: time, ends: time, place: str, at: datetime, *, link: str = "") -> None:
    way = SlotWay.REMOTE if link else SlotWay.ON_SITE
    text = HoursText(weekday, starts, ends, way, 30, place, link)
    add_hours(expert=expert, text=text, actor=expert.person, at=at)


SOLVED = (
    # days ago, hours to the answer, who asks, who answers, title, question, answer, score
    (66, 5, 0, "hua", "变频器一启动就报过流", "3 号注水泵，冷态能起，热态报 OC1，复位还报。",
     "先脱开电机空载起：不报，查负载和电缆绝缘；再量三相输出电流。您这台多半是加速时间 5 秒太短，改到 20 秒，转矩提升降到 2%。", 5),
    (58, 20, 1, "hua", "UPS 切换时 PLC 会重启", "市电闪一下，控制柜 PLC 就重启，UPS 面板正常。",
     "不是电池，是静态旁路切换超过 10 毫秒。先把 PLC 电源换到 UPS 的在线输出，再做一次带载切换试验，录波看缺口。", 5),
    (51, 9, 2, "hua", "软启动器起到一半跳闸", "2 号转油泵，起到七成报缺相。",
     "停电后测旁路接触器三相触头，您发来的照片 B 相发黑，触头烧了；换触头，顺便把旁路吸合时间后移 0.5 秒。", 4),
    (44, 30, 3, "hua", "电动阀反馈和中控差 8%", "现场全开，中控显示 92%。",
     "先做行程标定，再核 4–20 毫安：现场 19.3，说明变送侧没调满量程，按说明书第 6 节重新标一次满度。", 4),
    (37, 6, 4, "hua", "接地电阻测出来忽大忽小", "雨前 3.8 欧，雨后 0.9 欧。",
     "测量没错，是土壤干湿的差别。以旱季最大值为准，3.8 欧对 4 欧的要求余量太小，建议加打两根接地极。", 5),
    (30, 26, 5, "welder", "薄壁管氩弧打底总有气孔", "φ48×3 的管，背面没充好氩。",
     "背面用可溶纸做挡板，先充氩 30 秒再起弧，流量 8 升；坡口 20 毫米内打磨见光。", 5),
    (23, 4, 6, "guard", "受限空间票多长时间测一次气", "污水池清淤，一班四小时。",
     "作业前 30 分钟测一次，作业中至少每 2 小时测一次；停了 30 分钟以上要重新测，数写在票上。", 5),
)  # fmt: skip


def _solved(cast: Cast) -> None:
    for days, hours, asker, who, title, text, answer, score in SOLVED:
        expert: Expert = getattr(cast, who)
        by, at = cast.hands[asker], cast.before(days)
        item = _ask(cast, by, title, text, at, expert=expert)
        answer_case(item=item, words=answer, actor=expert.person, at=at + timedelta(hours=hours))
        confirm_case(item=item, score=score, actor=by, at=at + timedelta(hours=hours + 16))


def _under_way(cast: Cast) -> None:
    """One waits for anybody of its field, one for its expert, one is being seen to, one waits for the asker's word."""
    _ask(
        cast,
        cast.hands[7],
        "雷达液位计死区里乱跳",
        "罐位低于一米就跳，喷嘴擦过了。",
        cast.before(1.2),
        field=cast.gauges,
    )
    photo = [site_photo(9401)]
    _ask(
        cast,
        cast.foreman,
        "焊缝外观这样算不算咬边",
        "深浅不太好判断，拍了一张。",
        cast.before(0.4),
        expert=cast.welder,
        uploads=photo,
    )
    running = _ask(
        cast, cast.foreman, "值班室照明一合闸就跳漏保", "三路里只有走廊这一路跳。", cast.before(2.1), expert=cast.hua,
        uploads=[site_photo(9402)],
    )  # fmt: skip
    take_case(item=running, actor=cast.hua.person, at=cast.before(2))
    write_word(item=running, words="走廊这一路零线和别的回路有没有共用？", actor=cast.hua.person, at=cast.before(1.9))
    write_word(item=running, words="拆开看了，和烘手机接在一个零排上。", actor=cast.foreman, at=cast.before(1.5))
    waiting = _ask(
        cast, cast.foreman, "夜里吊装要不要升级审批", "二十吨吊车，九点以后。", cast.before(3), expert=cast.guard
    )
    answer_case(
        item=waiting, words="夜间吊装按高一级审批，监护人两名，照明不低于 50 勒克斯，票上写明。", actor=cast.guard.person,
        at=cast.before(2.4),
    )  # fmt: skip
    again = _ask(cast, cast.hands[8], "热电偶接反了怎么看出来", "升温时读数往下走。", cast.before(9), field=cast.gauges)
    answer_case(
        item=again, words="正负极对调；补偿导线红正绿负，别和普通线混。", actor=cast.hua.person, at=cast.before(8.6)
    )
    ask_on(item=again, words="对调以后还是差二十度。", actor=cast.hands[8], at=cast.before(1.1))


def _ended(cast: Cast) -> None:
    """One that nobody confirmed, one taken back, one that went back to the field."""
    quiet = _ask(
        cast, cast.hands[9], "电机轴承多久加一次油", "同样的泵，各班说法不一。", cast.before(40), expert=cast.hua
    )
    answer_case(
        item=quiet, words="看转速和轴径查表：这台 2,950 转，两千小时一次，每次 30 克，加多了反而发热。", actor=cast.hua.person,
        at=cast.before(39),
    )  # fmt: skip
    lapse_case(item=quiet, actor=cast.hua.person, at=cast.before(28))
    back = _ask(cast, cast.hands[10], "想要一份变频器说明书", "", cast.before(16), field=cast.power)
    withdraw_case(item=back, actor=cast.hands[10], at=cast.before(15.9))
    returned = _ask(cast, cast.hands[11], "高压柜五防锁打不开", "机械锁卡住。", cast.before(1.6), expert=cast.hua)
    decline_case(
        item=returned,
        words="高压柜要有资质的人到场，我不是高压专业，转给别的专家。",
        actor=cast.hua.person,
        at=cast.before(1.4),
    )


def _cared(cast: Cast) -> None:
    """Two of 连心关爱: nobody else reads a word of them."""
    question = Question("孩子高考，家里离不开人", "夜班排得密，回去又睡不着。", CARE, expert=cast.welder)
    item = ask(question=question, actor=cast.foreman, at=cast.before(6))
    answer_case(
        item=item,
        words="先和班长商量调两周白班，我陪您去说；周六来家里吃饭。",
        actor=cast.welder.person,
        at=cast.before(5.5),
    )
    other = Question("师傅走了，心里空", "", CARE, expert=cast.welder)
    ask(question=other, actor=cast.hands[12], at=cast.before(0.8))


def _visits(cast: Cast) -> None:
    """One held, one missed, two to come, and days on which 华哥 is away."""
    held = _ask(
        cast, cast.hands[13], "想学会自己调 PID", "现在都靠厂家来调。", cast.before(21), field=cast.gauges, expert=cast.hua,
        help=SKILL, goal="能独立整定一个回路",
    )  # fmt: skip
    first = _booked(cast, held, cast.before(21))
    hold_visit(
        visit=first, words="现场带着调了三相分离器液位：先比例后积分，临界比例度法走了一遍，让他下周自己调压力回路。",
        actor=cast.hua.person, at=first.ends_at,
    )  # fmt: skip
    confirm_case(item=_again(held), score=5, actor=cast.hands[13], at=first.ends_at + DAY)
    missed = _ask(cast, cast.hands[14], "变频柜风扇响得厉害", "怕是轴承。", cast.before(12), expert=cast.hua)
    second = _booked(cast, missed, cast.before(12))
    miss_visit(visit=second, actor=cast.hua.person, at=second.ends_at)
    answer_case(
        item=_again(missed),
        words="风扇有备件，停电十分钟就能换，照片上的型号对。",
        actor=cast.hua.person,
        at=second.ends_at + DAY,
    )
    running = WorkItem.objects.get(kind="case", title="值班室照明一合闸就跳漏保")
    _booked(cast, running, cast.before(1))
    welding = WorkItem.objects.get(kind="case", title="焊缝外观这样算不算咬边")
    _booked(cast, welding, cast.before(0.3))
    from_on = cast.now.date() + timedelta(days=16)
    go_away(expert=cast.hua, from_on=from_on, until_on=from_on + 4 * DAY, actor=cast.hua.person, at=cast.before(3))
    card = Card([cast.welding], [POST, SKILL], "", "十五年管道焊接，拿过两次公司比武名次。")
    apply_as_expert(card=card, actor=cast.hands[15], at=cast.before(0.9))


KNOWLEDGE = (
    ("变频器一启动就报过流", "注水泵变频器冷态能起、热态报 OC1，复位还报，怎么查？", 60, 7),
    ("UPS 切换时 PLC 会重启", "市电闪动时控制柜 PLC 重启，UPS 面板显示正常，问题在哪里？", 52, 4),
    ("薄壁管氩弧打底总有气孔", "φ48×3 薄壁管氩弧打底，背面总有气孔，怎么办？", 25, 3),
    ("软启动器起到一半跳闸", "转油泵软启动器起到七成报缺相，怎么查？", 47, 1),
)


def _knowledge(cast: Cast) -> None:
    """Three that everybody finds, one of them outdated by now; one in review, one that waits for its asker."""
    reviewer = cast.field.clerk
    for title, question, days, helped in KNOWLEDGE:
        piece = _proposed(cast, title, question, cast.before(days))
        answer_consent(piece=piece, agrees=True, actor=piece.asker, at=cast.before(days - 1))
        publish_piece(piece=piece, actor=reviewer, at=cast.before(days - 2))
        for person in cast.hands[:helped]:
            if person.pk != piece.expert_id:
                say_helped(piece=piece, actor=person, at=cast.before(days - 3))
    old = Piece.objects.get(title="软启动器起到一半跳闸")
    why = "2 号转油泵已换变频，软启动器拆了；同类设备还可参考。"
    mark_outdated(piece=old, why=why, actor=cast.hua.person, at=cast.before(5))
    question = "电动阀现场全开，中控只显示 92%，怎么校？"
    piece = _proposed(cast, "电动阀反馈和中控差 8%", question, cast.before(4))
    answer_consent(piece=piece, agrees=True, actor=piece.asker, at=cast.before(3))
    item = WorkItem.objects.select_related("owner", "raised_by", "body", "case_sheet__field").get(
        kind="case", title="夜里吊装要不要升级审批"
    )
    text = PieceText(
        "夜间吊装怎么审批", "夜里九点以后用二十吨吊车吊装，要不要升级审批？",
        "按高一级审批，监护人两名，照明不低于 50 勒克斯，票上写明。",
    )  # fmt: skip
    propose_piece(item=item, text=text, actor=cast.guard.person, at=cast.before(0.5))


def _proposed(cast: Cast, title: str, question: str, at: datetime) -> Piece:
    rows = WorkItem.objects.select_related("owner", "raised_by", "body", "case_sheet__field")
    item = rows.get(kind="case", title=title)
    answer = next(row[6] for row in SOLVED if row[4] == title)
    expert = item.owner or cast.hua.person
    return propose_piece(item=item, text=PieceText(title, question, answer), actor=expert, at=at)


def _ask(
    cast: Cast, by: Person, title: str, text: str, at: datetime, *, expert: Expert | None = None,
    field: ClinicField | None = None, help: HelpKind = POST, goal: str = "", uploads: Sequence[Upload] = (),  # noqa: A002
) -> WorkItem:  # fmt: skip
    known = field or (cast.power if expert == cast.hua else None)
    question = Question(title, text, help, goal, known, expert, zone=cast.field.zone)
    return ask(question=question, actor=by, at=at, uploads=uploads)


def _booked(cast: Cast, item: WorkItem, at: datetime) -> Visit:
    item = _again(item)
    slot = next_slot(item.case_sheet.expert or cast.hua, at)
    if slot is None:
        raise AssertionError(item)
    return book_visit(item=item, starts_at=slot.starts_at, actor=item.raised_by, at=at)


def _again(item: WorkItem) -> WorkItem:
    rows = WorkItem.objects.select_related("owner", "raised_by", "body", "case_sheet__expert__person")
    return rows.get(pk=item.pk)
