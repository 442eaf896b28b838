"""A visit in any of its states, and a finding in any of its."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from ronghe.domain.inspections.enums import InspectionForm, Verdict
from ronghe.domain.inspections.models import Inspection
from ronghe.domain.inspections.services.arranging import VisitPlan, arrange_inspection
from ronghe.domain.inspections.services.findings import FindingText, Measure, raise_finding, settle_measure
from ronghe.domain.inspections.services.visiting import judge_item, seal_inspection
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import photo

SHORT, SIX = "short_visit", "acceptance_six_ones"


class Visited:
    """孙书记 leads the visited branch, 周干事 and 郑监督 come from the committee above it."""

    def __init__(self) -> None:
        self.committee: PartyOrg = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
        self.branch: PartyOrg = make_body("采油一队党支部", parent=self.committee)
        self.clerk: Person = make_person("周干事")
        self.auditor: Person = make_person("郑监督")
        self.head: Person = make_person("陈书记")
        self.secretary: Person = make_person("孙书记", home=self.branch)
        self.deputy: Person = make_person("李副书记", home=self.branch)
        self.member: Person = make_person("王党员", home=self.branch)
        make_post(self.clerk, PostRole.COMMITTEE_CLERK, body=self.committee)
        make_post(self.auditor, PostRole.AUDITOR, body=self.committee)
        make_post(self.head, PostRole.SECRETARY, body=self.committee)
        make_post(self.secretary, PostRole.SECRETARY, body=self.branch)
        make_post(self.deputy, PostRole.DEPUTY_SECRETARY, body=self.branch)


def plan_of(story: Visited, on: date, *, form: InspectionForm = InspectionForm.ROUTINE, **more: Any) -> VisitPlan:
    sheet = {InspectionForm.ACCEPTANCE: SIX, InspectionForm.SPECIAL: "special_fusion"}.get(form, SHORT)
    values = {"checklist": sheet, "planned_on": on, "until_on": on, "group": [story.clerk, story.auditor], **more}
    return VisitPlan(form, **values)


def make_inspection(
    story: Visited, at: datetime, *, form: InspectionForm = InspectionForm.ROUTINE, **more: Any
) -> Inspection:
    """Return a visit of the branch that its committee arranged for the day."""
    plan = plan_of(story, local_day(at), form=form, **more)
    return arrange_inspection(body=story.branch, plan=plan, actor=story.clerk, at=at)


def judge_all(visit: Inspection, actor: Person, at: datetime, *, but: dict[str, Verdict] | None = None) -> Inspection:
    """Judge every item as met, those of `but` otherwise."""
    for item in (*visit.sheet.items, *visit.sheet.vetoes):
        verdict = (but or {}).get(item.id, Verdict.MEETS)
        words = "" if verdict == Verdict.MEETS else "记录不全"
        judge_item(inspection=visit, item=item.id, verdict=verdict, words=words, actor=actor, at=at)
    return visit


def sealed(
    story: Visited,
    at: datetime,
    *,
    form: InspectionForm = InspectionForm.ROUTINE,
    but: dict[str, Verdict] | None = None,
) -> Inspection:
    """Return a visit that the clerk judged and the auditor sealed."""
    visit = judge_all(make_inspection(story, at, form=form), story.clerk, at, but=but)
    return seal_inspection(inspection=visit, words="总体较好", actor=story.auditor, at=at)


def make_finding(story: Visited, at: datetime, **more: Any) -> WorkItem:
    """Return a finding that the auditor raised in the branch."""
    text = FindingText(**{"title": "碰头会记录不全", "about": "好机制", **more})
    return raise_finding(text=text, body=story.branch, actor=story.auditor, at=at)


def settled(story: Visited, at: datetime, *, item: WorkItem | None = None, owner: Person | None = None) -> WorkItem:
    """Return a finding whose measure the branch's secretary settled; the member carries it out within ten days."""
    measure = Measure("每天由值班干部核对记录", owner or story.member, local_day(at) + timedelta(days=10))
    return settle_measure(item=item or make_finding(story, at), measure=measure, actor=story.secretary, at=at)


def carried(story: Visited, at: datetime, *, item: WorkItem | None = None, color: int = 120) -> WorkItem:
    """Return a finding whose owner showed with a picture that the measure was carried out."""
    item = item or settled(story, at)
    assert item.owner is not None
    said = Said(note="记录已补齐，专人核对", uploads=[photo(color=(color, 10, 10))])
    return fresh(take_step(item=item, step="carry_out", actor=item.owner, at=at + timedelta(minutes=1), said=said))


def fresh(item: WorkItem) -> WorkItem:
    return WorkItem.objects.select_related("body", "owner", "inspection_finding__inspection").get(pk=item.pk)
