"""A branch with both heads, a plan of a quarter with items, and gatherings and tasks that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.planning.calc.contents import ItemText
from ronghe.domain.planning.enums import ItemKind, Side
from ronghe.domain.planning.models import ItemCheck, Plan, PlanItem
from ronghe.domain.planning.services.agreeing import confirm_plan, offer_plan
from ronghe.domain.planning.services.drafting import add_items, draft_plan
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post, make_unit

QUARTER = "2026Q3"
WELDING, STUDY = "3号沟管线焊接", "党员责任区挂牌"


@dataclass(frozen=True)
class PlanStory:
    """The branch of an area: a secretary, the manager of the works, an owner on each side, and who only belongs to it."""

    committee: PartyOrg
    branch: PartyOrg
    clerk: Person
    auditor: Person
    secretary: Person
    manager: Person
    organizer: Person
    foreman: Person
    member: Person


@kept
def make_field(name: str = "采油三厂党委") -> PlanStory:
    plant = make_unit(name.removesuffix("党委"))
    committee = make_body(name, kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body("第一作业区党支部", parent=committee, unit=plant)

    def officer(who: str, role: PostRole, body: PartyOrg) -> Person:
        person = make_person(who, home=branch, unit=plant)
        make_post(person, role, body=body)
        return person

    return PlanStory(
        committee, branch, officer("周玉兰", PostRole.COMMITTEE_CLERK, committee),
        officer("纪明", PostRole.AUDITOR, committee), officer("陈建国", PostRole.SECRETARY, branch),
        officer("马会军", PostRole.PROJECT_MANAGER, branch), officer("常有福", PostRole.ORG_MEMBER, branch),
        officer("杜秀英", PostRole.TEAM_LEADER, branch), make_person("段小龙", home=branch, unit=plant),
    )  # fmt: skip


def item_text(story: PlanStory, title: str = WELDING, **changes) -> ItemText:
    given = {
        "title": title, "kind": ItemKind.PRODUCTION, "production_owner": story.foreman.pk,
        "party_owner": story.organizer.pk, "due_on": date(2026, 9, 25), "figure": Decimal(12), "unit": "道",
    }  # fmt: skip
    return ItemText(**{**given, **changes})


def make_draft(story: PlanStory, at: datetime, *, titles: Sequence[str] = (WELDING, STUDY), **changes) -> Plan:
    plan = draft_plan(
        body=story.branch, period=changes.pop("period", QUARTER), production_head=story.manager,
        actor=story.secretary, at=at, **changes,
    )  # fmt: skip
    if titles:
        add_items(plan=plan, texts=[item_text(story, title) for title in titles], actor=story.secretary, at=at)
    return Plan.objects.select_related("body").get(pk=plan.pk)


def make_agreed(story: PlanStory, at: datetime, **changes) -> Plan:
    """Return a plan that both heads confirmed."""
    plan = offer_plan(plan=make_draft(story, at, **changes), actor=story.secretary, at=at)
    confirm_plan(plan=plan, side=Side.PARTY, actor=story.secretary, at=at)
    return confirm_plan(plan=plan, side=Side.PRODUCTION, actor=story.manager, at=at)


def item_of(plan: Plan, number: int = 1) -> PlanItem:
    rows = PlanItem.objects.select_related("plan__body", "production_owner", "party_owner")
    return rows.get(plan=plan, number=number)


def check_of(plan: Plan, aspect: str, number: int = 1) -> ItemCheck:
    rows = ItemCheck.objects.select_related(
        "item__plan__body", "item__production_owner", "item__party_owner", "decided_by"
    )
    return rows.get(item__plan=plan, item__number=number, aspect=aspect)


def make_gathering(
    story: PlanStory, at: datetime, *, topics: Sequence[str] = (WELDING,), came: Sequence[Person] | None = None,
    kind: ActivityType = ActivityType.JOINT_CONFERENCE,
) -> Activity:  # fmt: skip
    """Return a closed gathering of the branch with these topics; both sides came unless told."""
    planned = plan_activity(
        activity_type=kind, body=story.branch, place="会议室", scheduled_from=at,
        scheduled_until=at + timedelta(hours=1), actor=story.secretary, at=at,
    )  # fmt: skip
    meeting = open_activity(activity=planned, actor=story.secretary, at=at)
    for person in (story.organizer, story.manager) if came is None else came:
        sign_in_with_card(activity=meeting, card=member_card(person), actor=story.secretary, at=at)
    for topic in topics:
        add_agenda_item(activity=meeting, topic=topic, actor=story.secretary, at=at)
    return close_activity(activity=meeting, actor=story.secretary, at=at + timedelta(minutes=50)).activity
