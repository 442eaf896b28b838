"""效益点 of the demonstration field: the bonded mesh of 南I-1 with its two months, and eight others in all states."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.domain.benefits.calc.reckoning import LineIn
from ronghe.domain.benefits.rules import BENEFIT, VERIFY
from ronghe.domain.benefits.services.booking import reverse_idea, set_shares, verify_idea
from ronghe.domain.benefits.services.gains import enter_gain, verify_gain
from ronghe.domain.benefits.services.reckoning import ReckoningIn, estimate_idea, people_of, realise_idea
from ronghe.domain.benefits.services.reviewing import approve_idea, set_limit
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.changing import add_note, let_in
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person, PostHolding

Line = tuple[str, str, str, str, str, str]
Idea = tuple[str, str, str, str, tuple[Line, ...], tuple[int, int], str, int]
"""Title, old way, new way, how it came, lines, days before and after, how far it got, days ago."""

IDEAS: tuple[Idea, ...] = (
    ("注水站墙体胶粘挂网代替砸皮露砖", "砸皮露砖后整面重抹", "胶粘挂网，局部补抹", "早碰头时属地和施工方一起看出来的",
     (("墙面拆除清运", "㎡", "4200", "38.00", "0", "0"), ("抹灰", "㎡", "4200", "105.00", "420", "105.00"),
      ("挂网粘结", "㎡", "0", "0", "3780", "24.20"), ("脚手架台班", "台班", "260", "168.50", "101", "168.50"),
      ("停产配合", "项", "1", "58184.50", "0", "0")), (95, 35), "verified", 110),
    ("旧管段内涂修复再用", "腐蚀管段整段换新", "检测合格的内涂后再用", "采购周期太长，仓库还有余料",
     (("DN200 管材", "m", "320", "286.00", "90", "286.00"), ("内涂修复", "m", "0", "0", "230", "74.50")), (20, 12),
     "verified", 85),
    ("夜间照明改分区控制", "全场通宵照明", "按作业区分时开灯", "值夜班的人提的",
     (("电费", "kWh", "18600", "0.68", "9100", "0.68"),), (0, 0), "verified", 64),
    ("试压用水循环使用", "每段换新水", "沉淀后逐段倒用", "监理提醒排水难",
     (("新水", "m³", "2400", "6.50", "700", "6.50"), ("拉运", "车", "60", "320.00", "18", "320.00")), (0, 0),
     "reversed", 58),
    ("脚手架整体移动", "每跨拆一遍搭一遍", "底部加轮整体移", "外雇工小组提的",
     (("搭拆人工", "工日", "180", "260.00", "65", "260.00"),), (18, 9), "realised", 33),
    ("电缆桥架集中下料", "现场逐段下料", "按图集中下料编号", "余料太多，损耗高",
     (("桥架", "m", "860", "145.00", "790", "145.00"),), (10, 6), "running", 24),
    ("保温收口预制", "高空现场收口", "地面预制整体吊装", "登高作业太多",
     (("登高人工", "工日", "96", "380.00", "30", "380.00"), ("吊装", "台班", "0", "0", "6", "1850.00")), (14, 6),
     "approved", 15),
    ("沉降罐清砂改在线冲砂", "停罐人工清砂", "在线冲砂不停罐", "怕停罐影响外输",
     (("清砂外委", "罐", "2", "168000.00", "2", "52000.00"),), (24, 5), "second", 9),
    ("阀井盖板用再生料", "新购复合盖板", "本厂再生料压制", "库房堆着废旧料", (), (0, 0), "idea", 3),
    ("全场围挡重复利用", "每个标段新购围挡", "按周转件统一编号", "上级问过能不能省",
     (("围挡", "m", "300", "95.00", "60", "95.00"),), (0, 0), "refused", 46),
)  # fmt: skip


def show_benefits(field: Field, since: date, now: datetime) -> None:
    """Tell the story of the year's ideas in the zone, and of one project's days."""
    checker = PostHolding.objects.filter(role=PostRole.AUDITOR, valid_until=None).order_by("pk")[0].person
    set_limit(body=field.committee, fen=20_000_000, actor=field.clerk, at=now - timedelta(days=30))
    crew = [person for person in field.crew if person.pk != field.lead.pk]
    longest = (now.date() - since).days - 1
    for number, idea in enumerate(IDEAS):
        people = [crew[(number * 3 + place) % len(crew)] for place in range(3)]
        _play(field, (*idea[:7], min(idea[7], longest)), people, checker, now)
    _gain(field, checker, now)


def _play(field: Field, idea: Idea, people: list[Person], checker: Person, now: datetime) -> None:
    """Take one idea as far as it got; a day or a few between the steps."""
    title, before, after, text, lines, (days_before, days_after), state, ago = idea
    raiser, owner, helper = people
    begun = at(now.date() - timedelta(days=ago), 10, 20)
    words = ItemText(title, text=text, values={"way_before": before, "way_after": after}, zone=field.zone)
    item = put_up(kind=BENEFIT, text=words, body=field.zone_body, actor=raiser, at=begun)
    if state == "idea":
        return
    given = ReckoningIn([_line(line) for line in lines], days_before, days_after, "合同综合单价、监理计量和台账")
    estimate_idea(item=item, reckoning=given, actor=raiser, at=begun + timedelta(hours=5))
    if state == "refused":
        said = Said(note="各标段工期错不开，周转不过来")
        take_step(item=item, step="refuse", actor=field.lead, at=begun + timedelta(days=1), said=said)
        return
    approve_idea(item=item, actor=field.lead, at=begun + timedelta(days=1))
    if state == "second":
        return
    if item.state == "second":
        approve_idea(item=item, actor=field.clerk, at=begun + timedelta(days=2))
    if state == "approved":
        return
    _carry_out(field, item, (owner, helper), begun)
    if state == "running":
        return
    _realise(field, item, given, begun + timedelta(days=max(4, ago // 3)))
    if state == "realised":
        return
    _book(item, checker, begun + timedelta(days=max(6, ago // 2)), now)
    if state == "reversed":
        said_why = "雨季来水含砂高，倒用水堵了两次泵，又改回每段换新水"
        reverse_idea(item=item, reason=said_why, actor=checker, at=now - timedelta(days=4))


def _carry_out(field: Field, item: WorkItem, people: tuple[Person, Person], begun: datetime) -> None:
    owner, helper = people
    moment = begun + timedelta(days=3)
    said = Said(owner=owner, due_at=begun + timedelta(days=45))
    take_step(item=item, step="assign", actor=field.lead, at=moment, said=said)
    if helper.pk not in (owner.pk, item.raised_by_id):
        let_in(item=item, person=helper, part="helper", actor=field.lead, at=moment, duty="现场实施")
    note = "样板段已做完，各方看过"
    add_note(item=item, text=note, percent=40, actor=owner, at=moment + timedelta(hours=20))


def _realise(field: Field, item: WorkItem, given: ReckoningIn, moment: datetime) -> None:
    owner = item.owner or field.lead
    realise_idea(item=item, reckoning=given, actor=owner, at=moment, uploads=[site_photo(item.pk)], note="按结算单填报")
    people = people_of(item)
    if len(people) == 3:
        percents = (Decimal(50), Decimal(30), Decimal(20))
        set_shares(item=item, shares=list(zip(people, percents, strict=True)), actor=owner, at=moment)


def _book(item: WorkItem, checker: Person, moment: datetime, now: datetime) -> None:
    if VERIFY.allows(checker, item, at=moment):
        verify_idea(item=item, actor=checker, at=min(moment, now - timedelta(days=6)), note="与结算单和监理计量一致")


def _gain(field: Field, checker: Person, now: datetime) -> None:
    """The project's days are verified once, for those of several ideas overlap."""
    project = field.zone.projects.order_by("pk").first()
    if project is not None:
        moment = now - timedelta(days=12)
        basis = "对照批准的总进度计划和实际节点，关键线路共提前"
        gain = enter_gain(project=project, days=61, basis=basis, actor=field.clerk, at=moment)
        verify_gain(gain=gain, actor=checker, at=moment + timedelta(days=2))


def _line(line: Line) -> LineIn:
    what, unit, *numbers = line
    return LineIn(what, unit, *map(Decimal, numbers))
