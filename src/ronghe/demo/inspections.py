"""督查与达标 of the demonstration field: an acceptance with findings in several states, and a special inspection under way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.domain.inspections.enums import InspectionForm, Verdict
from ronghe.domain.inspections.models import Inspection
from ronghe.domain.inspections.selectors.inspections import bodies_to_visit, conflicts_of, inspections_of_call
from ronghe.domain.inspections.services.arranging import VisitPlan, arrange_inspection, issue_call
from ronghe.domain.inspections.services.findings import Measure, settle_measure
from ronghe.domain.inspections.services.visiting import judge_item, seal_inspection
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import Person

BELOW = {
    "secretary_talks": (Verdict.PARTLY, "谈心谈话有两人没有记录。"),
    "group_complete": (Verdict.PARTLY, "委员分工没有随人员变动调整。"),
    "rules_development": (Verdict.NOT_APPLICABLE, "本年没有发展党员。"),
    "joint_meetings": (Verdict.PARTLY, "雨停那周晚碰头漏记两次。"),
    "look_back": (Verdict.NOT_MET, "问题背后的原因没有写到人和事。"),
}
CALL_BELOW = {
    "look_back": (Verdict.PARTLY, "有回头看，措施没有期限。"),
    "problems_closed": (Verdict.NOT_MET, "上次的问题没有看成效。"),
}
MOST_CALLED = 4


def show_inspections(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step
    """Accept the zone's branch five weeks ago, follow what was found, and call for a special inspection this week."""
    auditor = Person.objects.get(account__login="jijian")
    group = [field.clerk, auditor]
    if conflicts_of(group, [field.zone_body], now.date()):
        return
    visit = _accept(field, group, now)
    _follow(field, visit, auditor, now)
    _call(field, group, now)


def _accept(field: Field, group: list[Person], now: datetime) -> Inspection:
    day = now.date() - timedelta(days=38)
    plan = VisitPlan(InspectionForm.ACCEPTANCE, "acceptance_six_ones", day, day, group)
    visit = arrange_inspection(body=field.zone_body, plan=plan, actor=field.clerk, at=at(day, 8, 30))
    _judge(visit, group[0], BELOW, at(day, 9, 0))
    words = "基础扎实，碰头会和任务闭环做得实；回头看要往深里挖。"
    return seal_inspection(inspection=visit, words=words, actor=group[1], at=at(day, 16, 0))


def _judge(
    visit: Inspection, actor: Person, below: dict[str, tuple[Verdict, str]], moment: datetime, most: int | None = None
) -> None:
    for number, item in enumerate([*visit.sheet.items, *visit.sheet.vetoes][:most]):
        verdict, words = below.get(item.id, (Verdict.MEETS, ""))
        judge_item(
            inspection=visit, item=item.id, verdict=verdict, words=words, actor=actor,
            at=moment + timedelta(minutes=4 * number),
        )  # fmt: skip


def _follow(field: Field, visit: Inspection, auditor: Person, now: datetime) -> None:
    """One has shown its effect, one did not work, one waits for the look, one is still to be settled."""
    day = now.date() - timedelta(days=36)
    owners = [person for person in field.crew if person.pk != field.lead.pk][:3]
    found = {row.check_item: row.item for row in visit.findings.select_related("item__body", "item__owner")}
    told = (
        ("joint_meetings", "晚碰头由带班人当场记，次日早碰头核对", owners[0]),
        ("look_back", "每个问题写清原因背后的原因，措施定到人", owners[1]),
        ("secretary_talks", "列出没谈的人，一周内谈完", owners[2]),
    )
    for number, (item, words, owner) in enumerate(told):
        measure = Measure(words, owner, day + timedelta(days=7))
        settle_measure(item=found[item], measure=measure, actor=field.lead, at=at(day, 9, 10 + number))
        said = Said(note="按措施办了，记录见照片。", uploads=[site_photo(950 + number)])
        late = 20 if item == "secretary_talks" else 2
        take_step(
            item=_fresh(found[item]), step="carry_out", actor=owner, at=at(day + timedelta(days=late), 15, 0), said=said
        )
    good = Said(note="抽看一个月，天天有记录。", values={"figure_before": "93.5", "figure_after": "100"})
    take_step(item=_fresh(found["joint_meetings"]), step="shown", actor=auditor, at=now - timedelta(hours=3), said=good)
    bad = Said(note="又看了两份，原因还是只写到“重视不够”。")
    take_step(item=_fresh(found["look_back"]), step="not_shown", actor=auditor, at=now - timedelta(hours=2), said=bad)


def _call(field: Field, group: list[Person], now: datetime) -> None:
    """Up to four branches: one looked at, one half, the others still to come."""
    day = now.date() - timedelta(days=3)
    rows = bodies_to_visit(field.clerk, now).filter(kind=PartyOrgKind.BRANCH)
    bodies = [body for body in rows[:12] if not conflicts_of(group, [body], now.date())][:MOST_CALLED]
    if len(bodies) < 2:
        return
    plan = VisitPlan(InspectionForm.SPECIAL, "special_fusion", day, now.date() + timedelta(days=7), group)
    call = issue_call(
        title="党政融合专项督察", body=field.committee, bodies=bodies, plan=plan, actor=field.clerk, at=at(day, 8, 0)
    )
    visits = list(inspections_of_call(call))
    _judge(visits[0], group[0], CALL_BELOW, at(day, 9, 0))
    seal_inspection(inspection=visits[0], words="有基础，要盯成效。", actor=group[1], at=at(day, 16, 0))
    _judge(visits[1], group[1], CALL_BELOW, at(day + timedelta(days=1), 9, 0), most=7)


def _fresh(item: WorkItem) -> WorkItem:
    return WorkItem.objects.select_related("body", "owner", "inspection_finding").get(pk=item.pk)
