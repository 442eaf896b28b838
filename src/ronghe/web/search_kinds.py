"""What 搜索 finds beside people and tasks: what bodies set up together, decide, hold and plan; one statement a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from ronghe.domain.alliances.models import Alliance
from ronghe.domain.alliances.rules import SEE_ALLIANCE
from ronghe.domain.carriers.models import Carrier
from ronghe.domain.carriers.rules import SEE_CARRIER
from ronghe.domain.clinic.models import Expert, Piece
from ronghe.domain.clinic.rules import SEE_EXPERT, SEE_PIECE
from ronghe.domain.decisions.models import Matter
from ronghe.domain.decisions.rules import SEE_MATTER
from ronghe.domain.hazards.rules import HAZARD, VIOLATION
from ronghe.domain.hearings.models import Hearing
from ronghe.domain.hearings.rules import SEE_HEARING
from ronghe.domain.incidents.models import Accident
from ronghe.domain.incidents.rules import SEE_ACCIDENT
from ronghe.domain.inspections.rules import FINDING
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM, kind_of
from ronghe.domain.org.models import Person
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.rules import SEE_PERMIT
from ronghe.domain.planning.models import Plan, PlanItem
from ronghe.domain.planning.rules import SEE_PLAN
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.rules import SEE_ADOPTION
from ronghe.domain.risks.models import Risk
from ronghe.domain.risks.rules import SEE_RISK
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.domain.sitemeetings.rules import SEE_CHAIN
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.taskforces.rules import SEE_TASK_FORCE
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.words import N_, _
from ronghe.ui.formats import day as in_words


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: its heading, the rows that match what was typed, as far as `permission` shows them, and their order."""

    title: str
    matching: Callable[[str], Any]
    order: tuple[str, ...]
    hit: Callable[[Any], Hit]
    permission: Permission
    list_name: str = ""
    """The page that searches on; "" where there is none."""

    def seen(self, wanted: str, actor: Person, at: datetime, most: int) -> list[Any]:
        """Return the first rows that `actor` may see: walked in their order, each asked by itself."""
        rows = self.permission.narrow(actor, self.matching(wanted), at=at, walk=True)
        return list(rows.order_by(*self.order, "pk")[:most])

    def more(self, wanted: str) -> str:
        return f"{reverse(self.list_name)}?q={wanted}" if self.list_name else ""


def _zone(zone: CollaborationZone) -> Hit:
    return Hit(zone.name, str(zone.get_state_display()), reverse("web:zone_detail", args=[zone.pk]))


def _alliance(alliance: Alliance) -> Hit:
    note = f"{alliance.get_kind_display()} · {alliance.body.name}"
    return Hit(alliance.name, note, reverse("web:alliance_detail", args=[alliance.pk]))


def _force(force: TaskForce) -> Hit:
    return Hit(force.name, str(force.get_state_display()), reverse("web:taskforce_detail", args=[force.pk]))


def _carrier(carrier: Carrier) -> Hit:
    note = f"{carrier.get_type_display()} · {carrier.body.name}"
    return Hit(carrier.name, note, reverse("web:carrier_detail", args=[carrier.pk]))


def _permit(permit: Permit) -> Hit:
    note = f"{permit.number} · {permit.place} · {permit.get_state_display()}"
    return Hit(permit.what, note, reverse("web:permit_detail", args=[permit.pk]))


def _matter(matter: Matter) -> Hit:
    note = f"{matter.body.name} · {matter.get_state_display()}"
    return Hit(matter.title, note, reverse("web:matter_detail", args=[matter.pk]))


def _hearing(hearing: Hearing) -> Hit:
    note = f"{hearing.body.name} · {hearing.get_state_display()}"
    return Hit(hearing.title, note, reverse("web:hearing_detail", args=[hearing.pk]))


def _chain(chain: SiteChain) -> Hit:
    note = f"{chain.body.name} · {in_words(chain.day)} · {chain.get_stage_display()}"
    return Hit(chain.place, note, reverse("web:site_chain", args=[chain.pk]))


def _adoption(adoption: Adoption) -> Hit:
    note = f"{adoption.body.name} · {adoption.version.playbook_id}@{adoption.version.version}"
    return Hit(adoption.version.title_zh, note, reverse("web:adoption_detail", args=[adoption.pk]))


def _piece(piece: Piece) -> Hit:
    note = f"{piece.field.name} · {piece.expert.name}"
    return Hit(piece.title, note, reverse("web:clinic_piece", args=[piece.pk]))


def _pieces(wanted: str) -> Any:
    rows: Any = Piece.objects.filter(state="published", outdated_at=None)
    return rows.matching(wanted).select_related("field", "expert")


def _expert(expert: Expert) -> Hit:
    unit = expert.person.unit
    note = " · ".join(filter(None, (expert.called, unit.name if unit is not None else "")))
    return Hit(expert.person.name, note, reverse("web:clinic_expert", args=[expert.pk]))


def _experts(wanted: str) -> Any:
    rows: Any = Expert.objects.filter(state="active")
    return rows.matching(wanted).select_related("person__unit")


def _plan(plan: Any) -> Hit:
    return Hit(plan.found, f"{plan.body.name} · {plan.period}", reverse("web:plan_detail", args=[plan.pk]))


def _plans(wanted: str) -> Any:
    """Return plans with an item of this name; the item's title is kept as `found`."""
    named = PlanItem.objects.filter(plan=OuterRef("pk"), title__contains=wanted).order_by("number")
    rows = Plan.objects.filter(Exists(named)).select_related("body")
    return rows.annotate(found=named.values("title")[:1])


def _finding(item: WorkItem) -> Hit:
    return Hit(
        item.title,
        f"{_(kind_of(item).title)} · {item.place or item.body.name}",
        reverse("web:item_detail", args=[item.pk]),
    )


def _findings(wanted: str) -> Any:
    kinds = (HAZARD.id, VIOLATION.id, FINDING.id)
    return WorkItem.objects.filter(kind__in=kinds, title__contains=wanted).select_related("body")


def _accident(accident: Accident) -> Hit:
    note = f"{accident.get_kind_display()} · {accident.body.name}"
    return Hit(accident.title, note, reverse("web:incident_detail", args=[accident.pk]))


def _risk(risk: Risk) -> Hit:
    note = f"{risk.area.name} · {risk.get_grade_display()}"
    return Hit(risk.title, note, reverse("web:risk_detail", args=[risk.pk]))


KINDS = (
    Kind(
        N_("协作区"), lambda wanted: CollaborationZone.objects.filter(name__contains=wanted), ("name",), _zone, SEE_ZONE
    ),
    Kind(
        N_("党建联盟"), lambda wanted: Alliance.objects.filter(name__contains=wanted).select_related("body"),
        ("name",), _alliance, SEE_ALLIANCE,
    ),
    Kind(
        N_("先锋载体"), lambda wanted: Carrier.objects.filter(name__contains=wanted).select_related("body"),
        ("name",), _carrier, SEE_CARRIER, "web:carriers",
    ),
    Kind(
        N_("作业票"), lambda wanted: Permit.objects.filter(what__contains=wanted), ("-requested_at",), _permit,
        SEE_PERMIT, "web:permits",
    ),
    Kind(
        N_("攻关党小组"), lambda wanted: TaskForce.objects.filter(name__contains=wanted), ("name",), _force,
        SEE_TASK_FORCE,
    ),
    Kind(
        N_("议事决策"), lambda wanted: Matter.objects.filter(title__contains=wanted).select_related("body"),
        ("-pk",), _matter, SEE_MATTER,
    ),
    Kind(
        N_("述职评议"), lambda wanted: Hearing.objects.filter(title__contains=wanted).select_related("body"),
        ("-planned_at",), _hearing, SEE_HEARING, "web:hearings",
    ),
    Kind(
        N_("现场三会"), lambda wanted: SiteChain.objects.filter(place__contains=wanted).select_related("body"),
        ("-day",), _chain, SEE_CHAIN,
    ),
    Kind(
        N_("采用的范本"),
        lambda wanted: Adoption.objects.filter(
            Q(version__title_zh__contains=wanted) | Q(version__title_en__icontains=wanted)
        ).select_related("body", "version"),
        ("-pk",), _adoption, SEE_ADOPTION,
    ),
    Kind(N_("门诊知识"), _pieces, ("-published_at",), _piece, SEE_PIECE, "web:clinic_pieces"),
    Kind(N_("门诊专家"), _experts, ("person__name",), _expert, SEE_EXPERT, "web:clinic_experts"),
    Kind(
        N_("风险"), lambda wanted: Risk.objects.filter(title__contains=wanted, closed_at=None).select_related("area"),
        ("-grade",), _risk, SEE_RISK, "web:risks",
    ),
    Kind(N_("隐患、违章、督查问题"), _findings, ("-raised_at",), _finding, SEE_ITEM, "web:items"),
    Kind(
        N_("事故事件"), lambda wanted: Accident.objects.filter(title__contains=wanted).select_related("body"),
        ("-happened_at",), _accident, SEE_ACCIDENT, "web:incidents",
    ),
    Kind(N_("计划"), _plans, ("-from_on",), _plan, SEE_PLAN),
)  # fmt: skip
"""In the order in which they stand on the page."""
