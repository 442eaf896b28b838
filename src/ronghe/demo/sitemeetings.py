"""The mornings of 仪陇's task force: some days complete, one with a late comer, today half way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.taskforces import RUNNING, force_called
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.sitemeetings.enums import Meeting
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.domain.sitemeetings.services.chains import (
    Prepared,
    begin_chain,
    close_meeting,
    confirm_checks,
    open_meeting,
)
from ronghe.domain.sitemeetings.services.minds import hold_talk, set_mind, settle_all
from ronghe.domain.sitemeetings.services.signing import (
    brief_late,
    note_came,
    sign_late,
    sign_meeting,
    sign_with_card,
)
from ronghe.domain.sitemeetings.services.texts import write_text
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.taskforces.selectors import leader_of, members_on

PLACE = "仪陇站工艺区"
STUDIES = (
    "学习安全生产重要论述", "学习党章总纲关于党的宗旨", "学习“石油工人心向党”先进事迹", "学习新型能源体系建设部署", "学习意识形态工作责任制",
)  # fmt: skip
HAZARDS = "吊装：划警戒区，专人指挥\n触电：断电、挂牌、上锁、验电\n高处坠落：系双钩安全带，下方设监护\n天然气泄漏：每两小时测一次，超限即停"
RAINY = "吊装：划警戒区，专人指挥\n触电：雨停后复测绝缘，断电挂牌上锁\n滑跌：铺防滑垫，清积水\n天然气泄漏：每两小时测一次，超限即停"
POINTS = "先核点表，再断旧仪表\n网关送电前测对地电阻\n每回路测试三遍并签字\n割接后两小时内专人盯数"
DAYS = 4
"""How many working mornings lie behind today."""


def show_sitemeetings(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - what every step is given
    """Hold the mornings of the last days, and today's up to the safety briefing."""
    force = force_called(RUNNING)
    leader = leader_of(force) if force is not None else None
    if force is None or leader is None or force.started_at is None:
        return
    today = local_day(now)
    first = max(today - timedelta(days=DAYS), local_day(force.started_at) + timedelta(days=1))
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    for number, day in enumerate(days):
        _complete(force, leader, day, number, with_late=number == len(days) - 1)
    _half(force, leader, now)


def _crew(force: TaskForce, leader: Person, day: date) -> list[Person]:
    people = [row.person for row in members_on(force, day)]
    return [leader, *[person for person in people if person != leader][:5]]


def _begin(force: TaskForce, leader: Person, moment: datetime, number: int, hazards: str = HAZARDS) -> SiteChain:
    if force.body is None:
        raise AssertionError(force)
    return begin_chain(
        body=force.body, place=PLACE, actor=leader, at=moment,
        prepared={
            Meeting.GROUP: Prepared(STUDIES[number % len(STUDIES)], "结合今天的任务谈一句体会\n党员先到难点上去"),
            Meeting.SAFETY: Prepared("", hazards),
            Meeting.TECHNICAL: Prepared("", POINTS),
        },
    )  # fmt: skip


def _hold(chain: SiteChain, meeting: Meeting, people: list[Person], leader: Person, moment: datetime) -> None:
    """Let everybody sign, the last with the card, and close it."""
    for second, person in enumerate(people[:-1]):
        sign_meeting(chain=chain, meeting=meeting, actor=person, at=moment + timedelta(seconds=20 * second))
    sign_with_card(
        chain=chain, meeting=meeting, card=member_card(people[-1]), actor=leader, at=moment + timedelta(minutes=2)
    )
    if meeting == Meeting.GROUP:
        settle_all(chain=chain, actor=leader, at=moment + timedelta(minutes=3))
    else:
        confirm_checks(chain=chain, meeting=meeting, actor=leader, at=moment + timedelta(minutes=3))
    close_meeting(chain=chain, meeting=meeting, actor=leader, at=moment + timedelta(minutes=8))


def _complete(force: TaskForce, leader: Person, day: date, number: int, *, with_late: bool) -> None:
    moment = at(day, 7, 30)
    crew = _crew(force, leader, day)
    late = crew.pop() if with_late else None
    chain = _begin(force, leader, moment, number, RAINY if number % 3 == 1 else HAZARDS)
    _hold(chain, Meeting.GROUP, crew, leader, moment + timedelta(minutes=2))
    for place, meeting in enumerate((Meeting.SAFETY, Meeting.TECHNICAL)):
        opened = moment + timedelta(minutes=14 * (place + 1))
        open_meeting(chain=chain, meeting=meeting, actor=leader, at=opened)
        _hold(chain, meeting, crew, leader, opened + timedelta(minutes=1))
    if late is not None:
        arrived = at(day, 8, 40)
        note_came(chain=chain, person=late, actor=leader, at=arrived)
        brief_late(chain=chain, person=late, actor=leader, at=arrived + timedelta(minutes=10))
        sign_late(chain=chain, actor=late, at=arrived + timedelta(minutes=12))
    if number == 1:
        _talk(chain, crew[2], leader, at(day, 8, 20))


def _talk(chain: SiteChain, person: Person, leader: Person, moment: datetime) -> None:
    set_mind(chain=chain, person=person, is_settled=False, actor=leader, at=moment)
    hold_talk(row=chain.people.select_related("chain").get(person=person), actor=leader, at=moment + timedelta(hours=4))


def _half(force: TaskForce, leader: Person, now: datetime) -> None:
    """Today: the group meeting is over, the safety briefing was changed while people signed, two are still to sign."""
    begun = now - timedelta(minutes=25)
    if local_day(begun) != local_day(now):
        begun = now
    crew = _crew(force, leader, local_day(now))
    chain = _begin(force, leader, begun, 4)
    sign_all = [(person, begun + timedelta(seconds=30 * number)) for number, person in enumerate(crew)]
    for person, moment in sign_all:
        sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=person, at=min(moment, now))
    set_mind(chain=chain, person=crew[3], is_settled=False, actor=leader, at=now)
    settle_all(chain=chain, actor=leader, at=now)
    close_meeting(chain=chain, meeting=Meeting.GROUP, actor=leader, at=now)
    open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=leader, at=now)
    sign_meeting(chain=chain, meeting=Meeting.SAFETY, actor=crew[1], at=now)
    write_text(
        chain=chain, meeting=Meeting.SAFETY, heading="", text=f"{HAZARDS}\n交叉作业：与土建错开，上下不同时干", actor=leader,
        at=now,
    )  # fmt: skip
    for person in (leader, *crew[2:4]):
        sign_meeting(chain=chain, meeting=Meeting.SAFETY, actor=person, at=now)
