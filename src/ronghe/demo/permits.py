"""作业许可 of the demonstration zone: three weeks of permits for the clock, today's main permit with what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ronghe.demo.contractors import WORKERS
from ronghe.demo.history import at
from ronghe.demo.organization import BUILDER, HOST, Field
from ronghe.demo.qualifications import LEVELS
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.permits.calc.profiles import profile_called
from ronghe.domain.permits.enums import ActivityKind, MeasureState, PartRole, PermitKind, PermitState, SignRole
from ronghe.domain.permits.models import Permit, PermitSite
from ronghe.domain.permits.services.requesting import (
    IsolationGiven,
    PartGiven,
    PermitText,
    RiskGiven,
    request_permit,
    submit_permit,
)
from ronghe.domain.permits.services.securing import check_measure, confirm_film, place_isolation, record_gas_test
from ronghe.domain.permits.services.securing import remove_isolation as put_back
from ronghe.domain.permits.services.signing import sign_permit
from ronghe.domain.permits.services.sites import appoint_office, make_site, set_baseline
from ronghe.domain.permits.services.watching import ActivityText, declare_activity, read_wind
from ronghe.domain.permits.services.working import activate_permit, complete_permit
from ronghe.domain.qualifications.selectors.fitness import lacking
from ronghe.domain.qualifications.services.certificates import CertificateText, enter_certificate
from ronghe.domain.qualifications.services.lessons import LessonText, note_lessons

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OWN_DECISION = "南I-1 项目部 2025 年作业票台账统计"
BEFORE_H = Decimal(52)
"""How long a start order took when its paper went from office to office: more than two days."""
PAST = (
    # days ago, operation, minutes from the request to the issue
    (20, "lifting", 215), (18, "work_at_height", 180), (15, "lifting", 260), (13, "hot_work", 150), (11, "lifting", 140),
    (8, "work_at_height", 95), (6, "lifting", 110), (3, "work_at_height", 85),
)  # fmt: skip
VALUES: dict[str, dict[str, Any]] = {
    "hot_work": {"location": "other", "outdoors": True}, "lifting": {"mass_t": "16"}, "work_at_height": {"height_m": "8"},
}  # fmt: skip
WHAT = {"hot_work": "管廊立柱焊接", "lifting": "管段吊装就位", "work_at_height": "管廊第 5 跨穿管"}
SAFE = [RiskGiven("脚下杂物绊倒", "班前清场，通道不堆料"), RiskGiven("吊装区警戒带断开", "重新拉好警戒带，专人看守")]
"""The second one is an open hazard of the area: its line in the analysis gets this measure."""
GAS = [{"substance": "natural_gas", "value": "0.1"}, {"substance": "oxygen", "value": "20.9"},
       {"substance": "hydrogen_sulfide", "value": "0"}]  # fmt: skip


def show_permits(field: Field, since: date, now: datetime) -> None:
    """Set the site up, run the permits of three weeks through, and leave today's in their states."""
    story = _site(field, since, now)
    for days, operation, minutes in PAST:
        _run_through(story, operation, at(now.date() - timedelta(days=days), 7, 40), timedelta(minutes=minutes))
    _today(story, now)


@dataclass(frozen=True)
class _Story:
    site: PermitSite
    offices: dict[str, Person]
    builder: AdminUnit
    leader: Person
    hand: Person
    guardian: Person
    tester: Person
    briefer: Person

    @property
    def parts(self) -> list[PartGiven]:
        return [
            PartGiven(PartRole.JOB_LEADER, self.leader), PartGiven(PartRole.WORKER, self.hand),
            PartGiven(PartRole.GUARDIAN, self.guardian), PartGiven(PartRole.GAS_TESTER, self.tester),
            PartGiven(PartRole.BRIEFER, self.briefer),
        ]  # fmt: skip

    def asks(
        self, operation: str, moment: datetime, *, hours: int = 6, begins: datetime | None = None, **more: Any
    ) -> Permit:
        """Let the leader ask for a permit."""
        asked = profile_called(self.site.profile).operation(operation)
        start = begins or moment
        text = PermitText(
            **{"what": WHAT.get(operation, ""), "place": "一号泵房到罐区管廊", "area": "管廊架施工区", "starts_at": start,
               "ends_at": start + timedelta(hours=hours), "values": VALUES.get(operation, {}), "contractor": self.builder,
               **more}
        )  # fmt: skip
        named = [one for one in self.parts if asked.is_special or one.role in (PartRole.JOB_LEADER, PartRole.BRIEFER)]
        named = [one for one in named if asked.gas is not None or one.role != PartRole.GAS_TESTER]
        return request_permit(
            site=self.site, operation=operation, text=text, parts=named, risks=SAFE, actor=self.leader, at=moment,
            isolations=[IsolationGiven("配电箱 K-2", "断电、上锁挂牌")] if asked.needs_isolation else [],
        )  # fmt: skip

    def signs(self, permit: Permit, role: SignRole, person: Person, moment: datetime, office: str = "") -> None:
        now = _fresh(permit)
        sign_permit(
            permit=now, role=role, actor=person, at=moment, digest=now.digest, office=office, code=self.site.code
        )

    def is_analysed(self, permit: Permit, moment: datetime) -> None:
        self.signs(permit, SignRole.RISK_BUILDER, self.leader, moment)
        self.signs(permit, SignRole.RISK_HOST, self.offices["host"], moment + MINUTE)
        submit_permit(permit=_fresh(permit), actor=self.leader, at=moment + 2 * MINUTE)

    def is_issued(self, permit: Permit, asked: datetime, issued: datetime) -> None:
        """Have all sides sign, the approver last."""
        half = asked + (issued - asked) / 2
        self.is_analysed(permit, half)
        operation = profile_called(permit.profile).operation(permit.operation)
        for office in operation.co_signers:
            self.signs(permit, SignRole.CO_SIGNER, self.offices[office], half + 5 * MINUTE, office)
        self.signs(permit, SignRole.VERIFIER, self.offices["host"], issued - 5 * MINUTE)
        self.signs(permit, SignRole.APPROVER, self.offices[operation.approver[permit.grade]], issued)

    def is_started(self, permit: Permit, moment: datetime) -> None:
        """See to everything, brief, and start."""
        now = _fresh(permit)
        for measure in now.measures.select_related("permit__site").order_by("place"):
            check_measure(measure=measure, state=MeasureState.DONE, actor=self.leader, at=moment)
        for isolation in now.isolations.select_related("permit__site").order_by("place"):
            place_isolation(isolation=isolation, lock_no="L-12", actor=self.leader, at=moment)
        operation = profile_called(now.profile).operation(now.operation)
        if now.grade in operation.needs_film:
            confirm_film(permit=now, actor=self.leader, at=moment)
        if operation.gas is not None:
            record_gas_test(permit=now, readings=GAS, place="作业点", actor=self.tester, at=moment)
        self.signs(permit, SignRole.BRIEFER, self.briefer, moment)
        self.signs(permit, SignRole.BRIEFED, self.leader, moment)
        if operation.is_special:
            self.signs(permit, SignRole.GUARDIAN, self.guardian, moment)
        if operation.checker:
            self.signs(permit, SignRole.CHECKER, self.offices[operation.checker], moment)
        activate_permit(permit=_fresh(permit), actor=self.leader, at=moment)


def _fresh(permit: Permit) -> Permit:
    return Permit.objects.select_related("site__body", "site__zone", "parent", "applicant", "contractor").get(
        pk=permit.pk
    )


def _site(field: Field, since: date, now: datetime) -> _Story:
    """Set the site up: its offices among the host's people, its hands among those whom the company brought."""
    officer = Person.objects.get(account__login="anquan")
    first = at(now.date() - timedelta(days=30), 8, 0)
    site = make_site(body=field.zone_body, name="南I-1 施工现场", profile="cnpc", actor=officer, at=first)
    hosts = [one for one in field.crew if one.unit is not None and one.unit.name == HOST]
    holders = [field.lead, *[one for one in hosts if one.pk != field.lead.pk][:5]]
    offices: dict[str, Person] = {}
    known = [one for one in profile_called("cnpc").offices if one != "gas_tester"]
    for place, office in enumerate(known):
        offices[office] = officer if office == "safety_dept" else holders[place % len(holders)]
        appoint_office(site=site, office=office, person=offices[office], actor=officer, at=first, since=first.date())
    for kind in (PermitKind.MAIN, PermitKind.START):
        set_baseline(site=site, kind=kind, hours=BEFORE_H, source=OWN_DECISION, actor=officer, at=first)
    brought = {one.name: one for one in Person.objects.filter(name__in=WORKERS, engagements__until_on=None)}
    hand, guardian, tester = (brought[name] for name in WORKERS[1:])
    leader = Person.objects.get(account__login="gongren")
    _qualify(officer, leader, {hand: ("crane", "working_at_height", "welding_and_cutting"), guardian: ("guardian",),
                               tester: ("gas_analyst",)}, since, now)  # fmt: skip
    read_wind(site=site, level=3, actor=field.lead, at=now - 2 * HOUR)
    builder = AdminUnit.objects.get(name=BUILDER)
    return _Story(site, offices, builder, leader, hand, guardian, tester, holders[-1])


def _qualify(officer: Person, leader: Person, trades: dict[Person, Sequence[str]], since: date, now: datetime) -> None:
    if lacking([leader.pk], "entry", since)[leader.pk]:
        for level in LEVELS:
            text = LessonText(level, since, Decimal(24), "岗前安全教育", Decimal(90), passed=True)
            note_lessons(people=[leader], text=text, actor=officer, at=now)
    issued = now.date() - timedelta(days=300)
    for number, (person, kinds) in enumerate(trades.items()):
        for place, kind in enumerate(kinds):
            text_of = CertificateText(kind, f"T5117231988{number}{place:03d}", issued, issuer="应急管理厅")
            enter_certificate(person=person, text=text_of, actor=officer, at=now)


def _run_through(story: _Story, operation: str, moment: datetime, took: timedelta) -> None:
    """One day of the past: a main permit, its start order, one special permit, accepted in the evening."""
    main = story.asks("construction_permit", moment, hours=12, what="管廊架施工", place="一号泵房到罐区管廊")
    story.is_issued(main, moment, moment + took / 2)
    story.is_started(main, moment + took / 2 + MINUTE)
    order = story.asks("start_order", moment, hours=11, what=f"{WHAT[operation]}开工", parent=_fresh(main))
    story.is_issued(order, moment, moment + took)
    story.is_started(order, moment + took + MINUTE)
    special = story.asks(operation, moment, hours=10, parent=_fresh(main), x_m=Decimal(120), y_m=Decimal(90))
    story.is_issued(special, moment, moment + took + 10 * MINUTE)
    begun = moment + took + 25 * MINUTE
    story.is_started(special, begun)
    over = begun + 3 * HOUR
    for permit in (special, order, main):
        complete_permit(permit=_fresh(permit), note="已完成，工完料净场地清。", actor=story.leader, at=over)
        for isolation in permit.isolations.select_related("permit__site").order_by("place"):
            put_back(isolation=isolation, actor=story.leader, at=over)
        story.signs(permit, SignRole.ACCEPTOR, story.offices["host"], over + 20 * MINUTE)


def _today(story: _Story, now: datetime) -> None:
    """Work goes on under one permit, one waits for the site, one was asked for beside a major hazard; painting is planned."""
    morning = now - 3 * HOUR
    main = story.asks("construction_permit", morning, hours=11, what="管廊架施工", place="一号泵房到罐区管廊")
    story.is_issued(main, morning, morning + 50 * MINUTE)
    story.is_started(main, morning + 51 * MINUTE)
    lifting = story.asks(
        "lifting", morning, hours=8, parent=_fresh(main), x_m=Decimal(120), y_m=Decimal(90), reach_m=Decimal(20)
    )
    story.is_issued(lifting, morning, morning + 70 * MINUTE)
    story.is_started(lifting, morning + 80 * MINUTE)
    height = story.asks("work_at_height", now - 40 * MINUTE, begins=now, hours=6, parent=_fresh(main),
                        x_m=Decimal(210), y_m=Decimal(90))  # fmt: skip
    story.is_analysed(height, now - 20 * MINUTE)
    story.asks("hot_work", now - 15 * MINUTE, begins=now + HOUR, hours=4, parent=_fresh(main), area="原油脱水区",
               what="3 号沟法兰更换后焊口补焊", place="3 号沟中段", x_m=Decimal(300), y_m=Decimal(200))  # fmt: skip
    text = ActivityText(ActivityKind.PAINTING, "罐区管线补漆", now + 5 * HOUR, now + 7 * HOUR, "预制加工场",
                        Decimal(60), Decimal(220))  # fmt: skip
    declare_activity(site=story.site, text=text, actor=story.offices["host"], at=now - HOUR)
    if _fresh(lifting).state != PermitState.ACTIVE:
        raise AssertionError(lifting)
