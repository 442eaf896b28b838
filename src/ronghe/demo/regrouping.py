"""The area of the published account split into three groups: hub stations, ways, and a first proposal (SD-07)."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.demo.organization import Field
from ronghe.domain.members.enums import BroadKind
from ronghe.domain.members.services.broad_names import keep_broad_name
from ronghe.domain.members.services.skills import enter_skill
from ronghe.domain.org.enums import PostRole, StaffingMode, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.org.services.trees import create_unit, set_station_mode
from ronghe.domain.regrouping.enums import SolvingState, TravelSource
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.selectors.proposals import open_proposal
from ronghe.domain.regrouping.services.drafting import open_regrouping, pin_person, set_apart
from ronghe.domain.regrouping.services.solving import ask_proposal, search
from ronghe.domain.regrouping.services.ways import Way, set_ways

AREA, BRANCH, GROUPS = "仪陇输气作业区", "仪陇输气作业区党支部", 3
LIMITS_MS = (4_000, 60_000)
"""A quiet machine has groups in a second; a busy one gets the time it needs."""
"""The demonstration waits so long for its proposal; the page searches on."""

STATIONS = {
    "永乐站": StaffingMode.UNATTENDED,
    "仪陇中心站": StaffingMode.ATTENDED,
    "马鞍站": StaffingMode.SPARSE,
    "土门站": StaffingMode.UNATTENDED,
    "立山站": StaffingMode.ATTENDED,
    "日兴站": StaffingMode.UNATTENDED,
    "复兴站": StaffingMode.SPARSE,
    "新政站": StaffingMode.ATTENDED,
    "石桥站": StaffingMode.UNATTENDED,
}
"""Along the line; the unattended ones are not in the roster, because nobody works there."""
HUBS = ("仪陇中心站", "立山站", "新政站")
BROAD_TRADES = {
    "输气工": "运行", "综合计量工": "计量", "仪表工": "电仪", "电工": "电仪", "管道保护工": "管护", "维修工": "维修",
}  # fmt: skip
BROAD_POSTS = {
    "班站长": "管理岗", "技术岗": "技术岗", "安全岗": "技术岗", "运行岗": "操作岗", "巡检岗": "操作岗", "维修岗": "操作岗",
}  # fmt: skip
SECOND_TRADES = {"仪表工": "综合计量工", "管道保护工": "输气工", "电工": "维修工"}
MINUTES = (25, 22, 16, 28, 18, 24, 26, 21)


def show_regrouping(field: Field, since: date, now: datetime) -> None:
    """Draw stations and ways of the area, and let the solver propose three groups."""
    area, branch = AdminUnit.objects.get(name=AREA), PartyOrg.objects.get(name=BRANCH, valid_until=None)
    stations = _stations(area, since, field.clerk, now)
    secretary = _secretary(field, branch, since, now)
    _trades(area, branch, since, field.clerk, now)
    regrouping = open_regrouping(
        body=branch, unit=area, group_count=GROUPS, as_of=now.date(), actor=secretary, at=now,
        hubs=[stations[name] for name in HUBS],
    )  # fmt: skip
    names = list(STATIONS)
    ways = [Way(a, b, str(minutes)) for a, b, minutes in zip(names, names[1:], MINUTES, strict=False)]
    set_ways(regrouping=regrouping, ways=ways, source=TravelSource.IMPORTED, actor=secretary, at=now)
    _set_people(regrouping, stations["立山站"], secretary, now)
    proposal = ask_proposal(regrouping=regrouping, actor=secretary, at=now)
    for limit in LIMITS_MS:
        GroupingProposal.objects.filter(pk=proposal.pk).update(
            settings={**proposal.settings, "time_limit_ms": limit}, solving=SolvingState.WAITING
        )
        proposal.refresh_from_db()
        opened = open_proposal(search(proposal=proposal, at=now))
        if opened is not None and not opened.judgement.broken:
            return
    raise AssertionError(proposal)


def _trades(area: AdminUnit, branch: PartyOrg, since: date, clerk: Person, now: datetime) -> None:
    """Old trades belong to broad ones; some people work in a second trade (一专多能)."""
    for old, broad in BROAD_TRADES.items():
        keep_broad_name(unit=area, kind=BroadKind.TRADE, old=old, broad=broad, actor=clerk, at=now)
    for old, broad in BROAD_POSTS.items():
        keep_broad_name(unit=area, kind=BroadKind.POST, old=old, broad=broad, actor=clerk, at=now)
    skilled = Person.objects.filter(
        memberships__body=branch, memberships__valid_until=None, trade__in=SECOND_TRADES, skill_grade="高级技师"
    )
    for person in skilled.order_by("pk"):
        trade = SECOND_TRADES[person.trade or ""]
        if not person.skills.filter(trade=trade).exists():
            enter_skill(person=person, trade=trade, since=since, actor=clerk, at=now)


def _stations(area: AdminUnit, since: date, clerk: Person, now: datetime) -> dict[str, AdminUnit]:
    found = {}
    for name, staffing in STATIONS.items():
        unit = AdminUnit.objects.filter(parent=area, name=name, valid_until=None).first()
        if unit is None:
            unit = create_unit(name=name, kind=UnitKind.STATION, parent=area, since=since, actor=clerk, at=now)
        set_station_mode(station=unit, staffing=staffing, since=since, actor=clerk, at=now, is_hub=name in HUBS)
        found[name] = unit
    return found


def _secretary(field: Field, branch: PartyOrg, since: date, now: datetime) -> Person:
    """Whoever the roster names as secretary, with a log-in; the three groups get a leader each."""
    post = PostHolding.objects.filter(body=branch, role=PostRole.SECRETARY, valid_until=None).order_by("pk").first()
    if post is None:
        raise AssertionError(branch)
    secretary = Person.objects.get(pk=post.person_id)
    if secretary.account is None:
        field.accounts.open(secretary, "yilong", "作业区党支部书记")
    for group in PartyOrg.objects.filter(parent=branch, valid_until=None).order_by("name", "pk"):
        if PostHolding.objects.filter(body=group, role=PostRole.GROUP_LEADER, valid_until=None).exists():
            continue
        members = Person.objects.filter(memberships__group=group, memberships__valid_until=None, political_status="01")
        fit = members.filter(skill_grade__in=("技师", "高级技师")).exclude(pk=secretary.pk)
        leader = fit.order_by("joined_party_on", "pk").first()
        if leader is not None:
            take_post(person=leader, role=PostRole.GROUP_LEADER, body=group, since=since, actor=field.clerk, at=now)
    return secretary


def _set_people(regrouping: Regrouping, hub: AdminUnit, secretary: Person, now: datetime) -> None:
    """One person stays where they are, two do not get on."""
    members = list(
        Person.objects.filter(memberships__body=regrouping.body, memberships__valid_until=None).order_by("pk")
    )
    at_hub = [person for person in members if person.unit_id == hub.pk]
    pin_person(regrouping=regrouping, person=at_hub[0], hub=hub, actor=secretary, at=now)
    set_apart(regrouping=regrouping, first=members[-1], second=members[-2], actor=secretary, at=now)
