"""现场安全 of the demonstration zone: areas with their risks, hazards and violations in their states, one event told in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.domain.hazards.enums import FindingGrade, ViolationSort
from ronghe.domain.hazards.services.reporting import Offender, Report, report_hazard, report_violation
from ronghe.domain.hazards.services.settling import Assessed, Confirmed, assess_hazard, confirm_violation
from ronghe.domain.incidents.enums import AccidentKind
from ronghe.domain.incidents.services.reporting import AccidentText, report_accident, tell_level
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.models import Person
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk, RiskArea
from ronghe.domain.risks.services.areas import AreaText, open_area
from ronghe.domain.risks.services.registering import RiskText, add_risk

RISKS = (
    # area, bounds, hazard, harm, grade, measures
    ("原油脱水区", "3 号沟以东到围墙", "管沟内油气积聚", "动火、用电时闪爆", RiskGrade.ORANGE, "动火前 30 分钟复测，机械通风，监护人不离开"),
    ("原油脱水区", "3 号沟以东到围墙", "旧管线残液带压", "拆卸时喷溅伤人", RiskGrade.YELLOW, "双阀隔离、泄压挂牌，确认为零再拆"),
    ("管廊架施工区", "一号泵房到罐区管廊", "高处作业坠落", "人员伤亡", RiskGrade.ORANGE, "安全带高挂低用，作业面下方警戒"),
    ("管廊架施工区", "一号泵房到罐区管廊", "吊物坠落", "砸伤、设备损坏", RiskGrade.YELLOW, "吊装半径内清人，六级风停"),
    ("预制加工场", "东门内侧空地", "临时用电漏电", "触电", RiskGrade.YELLOW, "一机一闸一漏，班前试跳"),
    ("预制加工场", "东门内侧空地", "气瓶间距不足", "着火爆炸", RiskGrade.BLUE, "气瓶间距不小于 5 米，离动火点不小于 10 米"),
)  # fmt: skip


def show_safety(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001
    """Tell of three areas, six risks, three hazards, two violations and one event."""
    officer, member, foreman = (_called(login) for login in ("anquan", "dangyuan", "gongren"))
    first = at(now.date() - timedelta(days=21), 9, 0)
    risks = _register(field, officer, first)
    _hazards(field, officer, member, foreman, risks, now)
    _violations(field, officer, member, foreman, risks, now)
    _event(field, officer, member, now)


def _called(login: str) -> Person:
    return Person.objects.get(account__login=login)


def _register(field: Field, officer: Person, moment: datetime) -> dict[str, Risk]:
    areas: dict[str, RiskArea] = {}
    found: dict[str, Risk] = {}
    for place, (name, bounds, title, harm, grade, measures) in enumerate(RISKS):
        then = moment + timedelta(minutes=place)
        if name not in areas:
            text = AreaText(name, bounds, zone=field.zone)
            areas[name] = open_area(text=text, body=field.zone_body, actor=field.lead, at=then)
        risk = RiskText(title, grade, measures, officer, harm)
        found[title] = add_risk(area=areas[name], text=risk, actor=field.lead, at=then)
    return found


def _hazards(
    field: Field, officer: Person, member: Person, foreman: Person, risks: dict[str, Risk], now: datetime
) -> None:
    """One was struck off, one is being put right and raised its risk, one was reported this morning."""
    gas, lift = risks["管沟内油气积聚"], risks["吊物坠落"]
    day = now.date()
    first = at(day - timedelta(days=12), 10, 20)
    done = report_hazard(
        report=Report("配电箱门锁坏、无漏保标识", area=risks["临时用电漏电"].area, place="切割机旁"), actor=foreman, at=first,
        uploads=[site_photo(801)],
    )  # fmt: skip
    given = Assessed(
        FindingGrade.GENERAL, member, "换锁、补标识，逐箱试跳", Decimal(380), "换好前断电挂牌，专人看护",
    )  # fmt: skip
    assess_hazard(item=done, given=given, actor=officer, at=first + timedelta(hours=2))
    fixed = Said(note="六个配电箱全部换锁、补标识，试跳合格。", uploads=[site_photo(802)])
    take_step(item=done, step="fix", actor=member, at=first + timedelta(days=2), said=fixed)
    take_step(item=done, step="accept", actor=officer, at=first + timedelta(days=2, hours=3))
    take_step(item=done, step="close", actor=field.lead, at=first + timedelta(days=2, hours=4))

    second = at(day - timedelta(days=3), 16, 5)
    leak = report_hazard(
        report=Report("3 号沟法兰渗油，沟内可燃气报警", FindingGrade.MAJOR, gas.area, place="3 号沟中段"), actor=foreman,
        at=second, uploads=[site_photo(803)],
    )  # fmt: skip
    given = Assessed(
        FindingGrade.MAJOR, member, "停输换垫片，沟内强制通风，复测三次为零", Decimal(12600),
        "检测仪值守，超限 20% 撤人；消防车在位", day + timedelta(days=6), gas,
    )  # fmt: skip
    assess_hazard(item=leak, given=given, actor=officer, at=second + timedelta(hours=1))

    report_hazard(
        report=Report("吊装区警戒带断开", area=lift.area, place="二号吊点"), actor=member, at=now - timedelta(hours=1),
        uploads=[site_photo(804)],
    )  # fmt: skip


def _violations(
    field: Field, officer: Person, member: Person, foreman: Person, risks: dict[str, Risk], now: datetime
) -> None:
    """One was confirmed and is being put right; one that a camera saw is suspected."""
    fall = risks["高处作业坠落"]
    moment = at(now.date() - timedelta(days=2), 9, 40)
    known = report_violation(
        report=Report("管廊上作业未系安全带", area=fall.area, place="第 7 跨", text="两分钟内两次移位未挂钩"),
        sort=ViolationSort.OPERATION, clause="高处作业安全带应高挂低用", actor=officer, at=moment,
        uploads=[site_photo(805)],
    )  # fmt: skip
    given = Confirmed(
        FindingGrade.GENERAL, member, "看了照片，问了本人和监护人，属实。", offender=Offender(foreman), risk=fall
    )
    confirm_violation(item=known, given=given, actor=field.lead, at=moment + timedelta(hours=3))
    report_violation(
        report=Report("进入吊装半径未戴安全帽", area=fall.area, place="二号吊点"), sort=ViolationSort.OPERATION,
        is_by_machine=True, actor=officer, at=now - timedelta(hours=2), uploads=[site_photo(806)],
    )  # fmt: skip


def _event(field: Field, officer: Person, member: Person, now: datetime) -> None:
    """Nobody was hurt: it is told to the head alone, and no counter is set back."""
    happened = at(now.date() - timedelta(days=8), 15, 10)
    text = AccidentText(
        "吊钩防脱舌片失效，管段滑落 0.5 米，无人受伤", happened, AccidentKind.EVENT, happened + timedelta(minutes=4),
        body=field.zone_body, zone=field.zone, place="二号吊点", text="吊装半径内无人。已停用吊钩，逐台检查。",
    )  # fmt: skip
    event = report_accident(text=text, actor=member, at=happened + timedelta(minutes=6))
    head = event.notices.select_related("accident__body").get(line="head")
    tell_level(notice=head, actor=officer, at=happened + timedelta(minutes=9), way="当面报告")
