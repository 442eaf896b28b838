"""Two claim lists: of the task force at work, with a task in each state, and of the zone's own branch."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.demo.taskforces import RUNNING, force_called
from ronghe.domain.claims.models import ClaimSheet
from ronghe.domain.claims.services.sheets import TaskText, add_task, draw_up_sheet, publish_sheet, sign_sheet
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.changing import add_note, let_in
from ronghe.domain.items.services.escalating import escalate_overdue
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.selectors.forces import leader_of, members_on

TASKS = (
    # point, title, goal, responsibility, QHSE duty, project duty, member duty, days to go
    (0, "12 座站场仪表点表核对", "1,386 点全部核对", "点表错漏负责到底", "进站登记，断电挂牌，两人同行", "点表一致率 100%，差异逐点销号", "带头到最远站，收工前讲清当日风险", -4),
    (0, "RTU 更换与联调", "8 座站一次联通", "割接失败回退", "临时用电办票，拆线拍照留底", "单站停运不超过 4 小时", "夜间割接党员顶岗", 6),
    (1, "阀室远控逻辑验证", "误动作 0 次", "试验记录可复核", "先手动后远控，现场留人监护", "逻辑表 46 条逐条试验", "不过夜：当日问题当日报", -3),
    (1, "视频与周界联动", "12 路联动，误报率低于 2%", "漏报追到点位", "登高系挂，五级风以上停", "布防响应 3 秒以内", "教会每名值守员工处置一遍", 3),
    (2, "输差自动核算", "核算由 2 小时减到 5 分钟", "口径与计量组一致", "生产网只读取数，不落移动盘", "日输差自动出表，手工表停用", "每周讲一次怎么用", 20),
    (2, "报警降噪规则", "抖动报警清零", "12 月前闭环", "改限值须双人复核留痕", "单岗平均每小时不超过 6 条", "值班党员逐条问来由", 27),
    (None, "电仪、计量、管护一专多能实操", "12 人过关", "带教不合格重带", "实操票、监护人到位", "每人独立完成 3 个科目", "一名党员带两名职工", 34),
)  # fmt: skip


ZONE_TASKS = (
    # title, goal, responsibility, QHSE duty, project duty, member duty, days to go
    ("老管线拆除前置换吹扫", "可燃气体检测三次为零", "置换方案和检测单由本人签字", "动火前 30 分钟内复测，监护人不离开", "停输窗口 36 小时内完成", "夜间顶岗，跟班到合格", -2),
    ("三号管廊保温收口", "320 米一次验收合格", "质量问题负责返工", "登高系挂，五级风停", "11 月底前交安", "带两名外雇工一起干、一起学", 5),
    ("电缆桥架集中下料", "余料率低于 3%", "下料单与图纸逐张核对", "切割区隔离，配灭火器", "不等料、不停工", "提一条节约办法", 8),
    ("站内警示标识补齐", "46 处全部到位", "缺一处补一处", "先贴危险区，后贴一般区", "三天内完成", "教新到人员认一遍", 12),
)  # fmt: skip


def show_claims(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001
    """Tell of both lists."""
    _of_the_zone(field, now)
    _of_the_force(now)


def _of_the_zone(field: Field, now: datetime) -> None:
    """One task was accepted, one is under way, one claimed and not yet signed, one waits."""
    first = at(now.date() - timedelta(days=9), 8, 30)
    post = PostHolding.objects.select_related("person").get(
        body=field.zone_body, role=PostRole.SECRETARY, valid_until=None
    )
    leader = post.person
    sheet = draw_up_sheet(
        title="南I-1联合站四季度任务领办清单", body=field.zone_body, zone=field.zone, actor=leader, at=first
    )  # fmt: skip
    items = []
    for place, (title, goal, responsibility, qhse, project, member, days) in enumerate(ZONE_TASKS):
        values = {"qhse_duty": qhse, "project_duty": project, "member_duty": member, "responsibility": responsibility}
        due_at = at(now.date() + timedelta(days=days), 18, 0)
        text = TaskText(title, goal, due_at, values, None)
        items.append(add_task(sheet=sheet, task=text, actor=leader, at=first + timedelta(minutes=place)))
    publish_sheet(sheet=sheet, actor=leader, at=first + timedelta(hours=1))
    sign_sheet(sheet=sheet, body=field.zone_body, actor=leader, at=first + timedelta(hours=2))
    claimers = [Person.objects.get(account__login=login) for login in ("dangyuan", "anquan", "gongren")]
    for place, (item, hand) in enumerate(zip(items, claimers, strict=False)):
        item.refresh_from_db()
        take_step(item=item, step="claim", actor=hand, at=first + timedelta(hours=3, minutes=place))
        if place < 2:
            take_step(item=item, step="sign", actor=hand, at=first + timedelta(hours=4, minutes=place))
    done = Said(note="置换三次，检测都是零，检测单已归档。", uploads=[site_photo(705)])
    take_step(item=items[0], step="submit", actor=claimers[0], at=at(now.date() - timedelta(days=3), 17, 0), said=done)
    take_step(
        item=items[0], step="accept", actor=leader, at=at(now.date() - timedelta(days=2), 9, 0),
        said=Said(note="看了检测单。", values={"score": "5"}),
    )  # fmt: skip
    add_note(
        item=items[1], text="收口 210 米，明天上东段。", percent=65, actor=claimers[1], at=now - timedelta(hours=20),
        uploads=[site_photo(706)],
    )  # fmt: skip


def _of_the_force(now: datetime) -> None:
    """Split the points into tasks, publish them, and let the group work on them."""
    force = force_called(RUNNING)
    if force is None or force.body is None or force.started_at is None:
        return
    first = max(force.started_at + timedelta(hours=2), now - timedelta(days=40))
    people = _people(force, now)
    sheet = draw_up_sheet(title=force.name, body=force.body, force=force, actor=people[0], at=first)
    items = _tasks(sheet, force, people[0], first, now)
    publish_sheet(sheet=sheet, actor=people[0], at=first + timedelta(hours=1))
    for side in force.sides.select_related("body"):
        post = PostHolding.objects.filter(body=side.body, role=PostRole.SECRETARY, valid_until=None).first()
        if post is not None:
            sign_sheet(sheet=sheet, body=side.body, actor=post.person, at=first + timedelta(hours=3))
    _work(items, people, first, now)
    escalate_overdue(at=now)


def _people(force: TaskForce, now: datetime) -> list[Person]:
    """The leader first, then the group."""
    leader = leader_of(force)
    rows = members_on(force, now.date()).select_related("person")
    others = [row.person for row in rows if leader is None or row.person_id != leader.pk]
    return [leader, *others] if leader is not None else others


def _tasks(sheet: ClaimSheet, force: TaskForce, leader: Person, first: datetime, now: datetime) -> list[WorkItem]:
    points: list[DifficultPoint] = list(force.points.order_by("number"))
    made = []
    for place, (point, title, goal, responsibility, qhse, project, member, days) in enumerate(TASKS):
        values = {"qhse_duty": qhse, "project_duty": project, "member_duty": member, "responsibility": responsibility}
        due_at = max(at(now.date() + timedelta(days=days), 18, 0), first + timedelta(days=1, minutes=place))
        chosen = points[point] if point is not None and point < len(points) else None
        text = TaskText(title, goal, due_at, values, chosen)
        made.append(add_task(sheet=sheet, task=text, actor=leader, at=first + timedelta(minutes=place)))
    return made


def _work(items: list[WorkItem], people: list[Person], first: datetime, now: datetime) -> None:
    """One is accepted, one handed in, one overdue, some under way, one waits for somebody to claim it."""
    leader, hands = people[0], people[1:]
    for place, item in enumerate(items[:-1]):
        item.refresh_from_db()
        hand = hands[place % len(hands)]
        take_step(item=item, step="claim", actor=hand, at=first + timedelta(hours=2, minutes=place))
        if place != 5:
            take_step(item=item, step="sign", actor=hand, at=first + timedelta(hours=4, minutes=place))
    add_note(
        item=items[1], text="5 座站已换完、联通，剩 3 座等停输窗口。", percent=62, actor=hands[1 % len(hands)],
        at=now - timedelta(days=2), uploads=[site_photo(701)],
    )  # fmt: skip
    let_in(
        item=items[1], person=hands[2 % len(hands)], part="helper", duty="现场拆线、拍照", actor=leader,
        at=now - timedelta(days=3),
    )  # fmt: skip
    done = Said(note="1,386 点全部核对，差异 17 点已销号。", uploads=[site_photo(702), site_photo(703)])
    due_at = items[0].due_at or now
    take_step(item=items[0], step="submit", actor=hands[0], at=due_at - timedelta(hours=6), said=done)
    take_step(
        item=items[0], step="accept", actor=leader, at=due_at - timedelta(hours=2),
        said=Said(note="抽查 60 点一致。", values={"score": "5"}),
    )  # fmt: skip
    handed = Said(note="12 路都联动了，连测三天误报 1.3%。", uploads=[site_photo(704)])
    take_step(item=items[3], step="submit", actor=hands[3 % len(hands)], at=now - timedelta(hours=5), said=handed)
