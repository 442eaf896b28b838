"""The view from above: one campaign over all bodies that run it, stage by stage, who is behind, before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from ronghe.domain.campaigns.calc.figures import Changes
from ronghe.domain.campaigns.calc.stages import is_summary
from ronghe.domain.campaigns.enums import ReportState, RunState, StageState
from ronghe.domain.campaigns.models import Campaign, CampaignReport, CampaignStage
from ronghe.domain.campaigns.rules import SEE_CAMPAIGN
from ronghe.domain.campaigns.selectors.figures import changes_of
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.selectors import Answering
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import read_together
from ronghe.kernel.db.tree import descendants, on_day

COMPARED = "figures"
"""The section of a report that asks for before and after (前后对比)."""
ORDERS = ("behind", "name", "duties", "gain")


@dataclass(slots=True)
class BoardRow:
    """One body in the campaign."""

    campaign: Campaign
    stages: dict[str, CampaignStage] = field(default_factory=dict)
    met: int = 0
    owed: int = 0
    missed: int = 0
    report: str = ""
    leads: list[str] = field(default_factory=list)
    """Who leads the body: whom to ask where it is behind."""
    changes: Changes | None = None
    day: date = date.min

    def standing(self, code: str) -> StageState | None:
        stage = self.stages.get(code)
        return StageState(stage.standing_on(self.day).value) if stage is not None else None

    @property
    def standings(self) -> list[StageState]:
        return [StageState(stage.standing_on(self.day).value) for stage in self.stages.values()]

    @property
    def late(self) -> int:
        """Stages whose summary is late."""
        return sum(1 for state in self.standings if state == StageState.LATE)

    @property
    def lacks_report(self) -> bool:
        """It is over and no report was handed in."""
        is_over = self.campaign.state_on(self.day) in (RunState.OVER, RunState.STOPPED)
        return is_over and self.report in ("", ReportState.DRAFT, ReportState.RETURNED)

    @property
    def is_behind(self) -> bool:
        return bool(self.late or self.missed or self.lacks_report)

    @property
    def report_state(self) -> ReportState | None:
        return ReportState(self.report) if self.report else None


@dataclass(slots=True)
class Board:
    """One campaign over its bodies: `stages` are code and title in their order."""

    title: str
    playbook: str
    starts: date
    ends: date
    stages: list[tuple[str, str]]
    rows: list[BoardRow]
    compares: bool
    """Whether the playbook asks for before and after."""

    @property
    def behind(self) -> int:
        return sum(1 for row in self.rows if row.is_behind)

    @property
    def reports(self) -> int:
        return sum(1 for row in self.rows if row.report in (ReportState.HANDED_IN, ReportState.ACCEPTED))

    @property
    def met(self) -> int:
        return sum(row.met for row in self.rows)

    @property
    def owed(self) -> int:
        return sum(row.owed for row in self.rows)


def board_of(
    actor: Person, at: datetime, playbook: str, starts: date, *, below: int | None = None, text: str = ""
) -> Board | None:
    """Return the campaign over the bodies that `actor` sees, `None` where there are none: eight statements, or twenty with
    before and after, whatever the number of bodies.
    """
    day = local_day(at)
    rows: Any = Campaign.objects.filter(playbook=playbook, starts=starts)
    seen = SEE_CAMPAIGN.narrow(actor, rows, at=at).select_related("body__parent", "version")
    campaigns = list(seen.order_by("body__name", "pk"))
    if not campaigns:
        return None
    read_together(one.version for one in campaigns)
    newest = max(campaigns, key=lambda one: one.version.version)
    book = newest.version.playbook
    if below is not None:
        inside = set(descendants(PartyOrg, [below], day=day).values_list("descendant_id", flat=True))
        campaigns = [one for one in campaigns if one.body_id in inside]
    if text:
        campaigns = [one for one in campaigns if text in one.body.name]
    compares = book.campaign is not None and any(entry.id == COMPARED for entry in book.campaign.report)
    filled = _filled(campaigns, day, book, compares=compares)
    stages: dict[str, tuple[int, str]] = {}
    for row in filled:
        for stage in row.stages.values():
            stages.setdefault(stage.code, (stage.number, stage.title))
    if book.campaign is not None and not stages:
        stages = {stage.id: (number, stage.title.zh) for number, stage in enumerate(book.campaign.stages, start=1)}
    ordered = sorted(stages, key=lambda code: stages[code][0])
    return Board(
        newest.title, playbook, starts, newest.ends, [(code, stages[code][1]) for code in ordered], filled, compares
    )


def sort_board(rows: Sequence[BoardRow], order: str) -> list[BoardRow]:
    """Return the rows in one of `ORDERS`: most behind first, by name, by share of duties met, by gain."""
    if order == "name":
        return sorted(rows, key=lambda row: (row.campaign.body.name, row.campaign.pk))
    if order == "duties":
        return sorted(rows, key=lambda row: (Decimal(row.met) / row.owed if row.owed else Decimal(2), row.campaign.pk))
    if order == "gain":
        return sorted(rows, key=lambda row: (-_gain(row), row.campaign.body.name, row.campaign.pk))
    return sorted(
        rows, key=lambda row: (not row.is_behind, -row.late, -row.missed, row.campaign.body.name, row.campaign.pk)
    )


def not_joined(actor: Person, at: datetime, book: Playbook, starts: date) -> list[PartyOrg]:
    """Return the bodies that `actor` sees, that the campaign is for, and that do not run it, by name: two statements."""
    kinds = {kind for mechanism in book.mechanisms for kind in mechanism.body_kinds}
    running = Campaign.objects.filter(playbook=book.id, starts=starts).order_by().values("body_id")
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=kinds).exclude(pk__in=running)
    return list(SEE_PARTY_ORG.narrow(actor, rows, at=at).order_by("name", "pk")[:500])


def _gain(row: BoardRow) -> Decimal:
    gain = row.changes.on_time.gain if row.changes is not None else None
    return gain if gain is not None else Decimal(-1000)


def _filled(campaigns: Sequence[Campaign], day: date, book: Playbook, *, compares: bool) -> list[BoardRow]:
    by_id = {one.pk: BoardRow(one, day=day) for one in campaigns}
    for stage in CampaignStage.objects.filter(campaign__in=list(by_id)).order_by("number", "pk"):
        stage.campaign = by_id[stage.campaign_id].campaign
        by_id[stage.campaign_id].stages[stage.code] = stage
    reports = CampaignReport.objects.filter(campaign__in=list(by_id)).order_by()
    for pk, state in reports.values_list("campaign_id", "state"):
        by_id[pk].report = state
    bodies = [one.body_id for one in campaigns]
    owed = _owed(bodies, campaigns, day, book)
    answering = Answering.on(bodies, day)
    changes = (
        changes_of(bodies, campaigns[0].starts, max(one.ends for one in campaigns), day) if compares and bodies else {}
    )
    for row in by_id.values():
        body = row.campaign.body_id
        counted = owed.get(body, {})
        row.met, row.missed = counted.get("met", 0), counted.get("missed", 0)
        row.owed = counted.get("owed", 0)
        row.leads = answering.named(answering.leads(body))[:2]
        row.changes = changes.get(body)
    return list(by_id.values())


def _owed(
    bodies: Collection[int], campaigns: Sequence[Campaign], day: date, book: Playbook
) -> dict[int, dict[str, int]]:
    """Return what each body owed, met and missed by the campaign so far: one statement."""
    if not campaigns:
        return {}
    summaries = [one.id for one in book.mechanisms if is_summary(one)]
    starts, ends = campaigns[0].starts, max(one.ends for one in campaigns)
    rows: Any = Obligation.objects.filter(
        body__in=list(bodies), version__playbook_id=book.id, counts_on__gte=starts, counts_on__lt=ends,
        window_from__lte=day, waiver=None,
    ).exclude(mechanism__in=summaries)  # fmt: skip
    counted = (
        rows.order_by()
        .values("body_id")
        .annotate(owed=Count("pk"), met=Count("match"), missed=Count("pk", filter=Q(match=None, grace_until__lte=day)))
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in counted:
        found[row["body_id"]] = {key: row[key] for key in ("owed", "met", "missed")}
    return found
