"""Campaigns as an actor may see them: lists, stages with their duties, what a gate lacks, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from ronghe.domain.campaigns.calc.stages import Standing, is_summary
from ronghe.domain.campaigns.enums import ReportState, StageState
from ronghe.domain.campaigns.models import Campaign, CampaignReport, CampaignStage, StageSummary
from ronghe.domain.campaigns.rules import SEE_CAMPAIGN, SETTLE_REPORT, WRITERS
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day, roots
from ronghe.domain.playbooks.calc.forms import CampaignStage as StageForm
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.facts.models import Fact

MET = (ObligationState.DONE, ObligationState.LATE)
CLEAR = (*MET, ObligationState.WAIVED)
"""States of a duty that leave a gate open."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation of the campaign: how it stands, and the record that met it."""

    obligation: Any
    state: ObligationState
    source_type: str | None = None
    source_id: int | None = None

    @property
    def is_clear(self) -> bool:
        return self.state in CLEAR


@dataclass(slots=True)
class StageView:
    """A stage with how it stands, its duties, and its summary as it stands now."""

    stage: CampaignStage
    standing: Standing
    duties: list[Duty] = field(default_factory=list)
    summary: StageSummary | None = None
    on_occasion: list[str] = field(default_factory=list)
    """Titles of mechanisms that are held in it without a date."""

    @property
    def state(self) -> StageState:
        return StageState(self.standing.value)

    @property
    def gate(self) -> list[Duty]:
        """What is missing."""
        return [duty for duty in self.duties if not duty.is_clear]

    @property
    def met(self) -> int:
        return sum(1 for duty in self.duties if duty.state in MET)

    @property
    def owed(self) -> int:
        return sum(1 for duty in self.duties if duty.state != ObligationState.WAIVED)

    @property
    def is_begun(self) -> bool:
        return self.standing in (Standing.RUNNING, Standing.OWED, Standing.LATE)


def campaigns_seen_by(actor: Person, at: datetime) -> QuerySet[Campaign]:
    """Return the campaigns that `actor` may see: to be cut to one or a few."""
    rows = SEE_CAMPAIGN.narrow(actor, Campaign.objects.all(), at=at, walk=True)
    return rows.select_related("body__parent", "version", "report")


def list_campaigns(
    actor: Person, at: datetime, *, filters: Q | None = None, state: str = "", page: int = 1, size: int = 20
) -> Listed[Campaign]:
    """Return one page of campaigns, the latest begun first; each with its stages and its report's state."""
    rows: Any = Campaign.objects.filter(filters or Q())
    if state:
        rows = rows.in_state(state, local_day(at))
    rows = rows.select_related("body").prefetch_related(
        Prefetch("stages", CampaignStage.objects.select_related("campaign").order_by("number"))
    )
    reports = CampaignReport.objects.filter(campaign=OuterRef("pk"))
    rows = rows.annotate(report_state=Subquery(reports.values("state")[:1]))
    return list_seen(SEE_CAMPAIGN, actor, rows, order_by=("-starts",), at=at, page=page, size=size)


def stages_of(campaign: Campaign, day: date) -> list[StageView]:
    """Return the stages in their order with duties and summaries: five statements, whatever their number."""
    stages = list(campaign.stages.order_by("number"))
    views = []
    for stage in stages:
        stage.campaign = campaign
        views.append(StageView(stage, stage.standing_on(day)))
    duties = duties_of(campaign, day)
    forms = forms_of(campaign)
    for view in views:
        view.duties = [duty for duty in duties if belongs_to(duty.obligation, view.stage, forms)]
        view.on_occasion = occasional(campaign, forms.get(view.stage.code))
    latest: dict[int, StageSummary] = {}
    rows = StageSummary.objects.filter(stage__campaign=campaign).select_related("written_by")
    for summary in rows.order_by("number"):
        latest[summary.stage_id] = summary
    for view in views:
        view.summary = latest.get(view.stage.pk)
    return views


def duties_of(campaign: Campaign, day: date) -> list[Duty]:
    """Return what the body owes by the campaign, each with its state on `day` and the record that met it: two statements.

    The stages' own summaries are no duties of a gate, so they are left out.
    """
    rows: Any = Obligation.objects.filter(
        body=campaign.body_id, version__playbook_id=campaign.playbook, counts_on__gte=campaign.starts,
        counts_on__lt=campaign.ends,
    )  # fmt: skip
    found = list(rows.with_state(day).select_related("version", "match").order_by("due_on", "mechanism", "pk"))
    found = [row for row in found if not is_summary(row.definition)]
    facts = Fact.objects.filter(pk__in=[row.match.fact for row in found if getattr(row, "match", None)])
    sources = {pk: (kind, key) for pk, kind, key in facts.values_list("pk", "source_type", "source_id")}
    return [
        Duty(row, ObligationState(row.state), *(sources.get(row.match.fact, (None, None)) if _met(row) else ()))
        for row in found
    ]


def forms_of(campaign: Campaign) -> dict[str, StageForm]:
    """Return the stages as the playbook words them, by code."""
    form = campaign.version.playbook.campaign
    return {stage.id: stage for stage in form.stages} if form is not None else {}


def belongs_to(obligation: Any, stage: CampaignStage, forms: dict[str, StageForm]) -> bool:
    """Tell whether a duty belongs to a stage: it counts in the stage's days, and no other stage claims its mechanism."""
    if not stage.from_on <= obligation.counts_on < stage.until_on:
        return False
    claimed = {code for code, form in forms.items() if obligation.mechanism in form.mechanisms}
    return not claimed or stage.code in claimed


def occasional(campaign: Campaign, form: StageForm | None) -> list[str]:
    """Return the titles of the stage's mechanisms that are held on occasion by a body of this kind."""
    if form is None or campaign.body.kind not in set(BodyKind):
        return []
    known = campaign.version.playbook.mechanisms_for(BodyKind(campaign.body.kind))
    return [one.title.here for one in known if one.id in form.mechanisms and one.rhythm is None]


def summaries_of(stage: CampaignStage) -> list[StageSummary]:
    """Return the summary of a stage and its corrections, the latest first."""
    return list(stage.summaries.select_related("written_by").order_by("-number"))


def report_of(campaign: Campaign) -> CampaignReport | None:
    rows = CampaignReport.objects.filter(campaign=campaign).select_related("handed_in_by", "settled_by")
    return rows.first()


def sections_of(campaign: Campaign) -> list[tuple[str, str, str]]:
    """Return the sections of the report: id, title in Chinese, title in the reader's language."""
    form = campaign.version.playbook.campaign
    return [(entry.id, entry.title.zh, entry.title.here) for entry in form.report] if form is not None else []


def owed_before_report(views: Iterable[StageView]) -> list[StageView]:
    """Return the stages that the body took part in and has not closed: a report waits for them."""
    waiting = (Standing.UPCOMING, Standing.RUNNING, Standing.OWED, Standing.LATE)
    return [view for view in views if view.standing in waiting]


def summaries_waiting(actor: Person, at: datetime) -> QuerySet[CampaignStage]:
    """Return the stages that are over and whose summary waits for `actor`, who writes for the body."""
    day = local_day(at)
    mine = roots(actor, WRITERS, day, "body")
    rows = CampaignStage.objects.filter(done_at=None, campaign__body__in=mine, until_on__gt=F("campaign__begun_on"))
    over = Q(until_on__lte=day) | Q(campaign__stopped_on__lte=day)
    begun = Q(campaign__stopped_on=None) | Q(campaign__stopped_on__gt=F("from_on"))
    joined = Q(campaign__stopped_on=None) | Q(campaign__stopped_on__gt=F("campaign__begun_on"))
    return rows.filter(over, begun, joined).select_related("campaign").order_by("until_on", "pk")


def reports_to_settle(actor: Person, at: datetime) -> QuerySet[CampaignReport]:
    """Return the reports that wait to be taken note of by `actor`, never the own ones."""
    rows = CampaignReport.objects.filter(state=ReportState.HANDED_IN).exclude(handed_in_by=actor)
    return SETTLE_REPORT.narrow(actor, rows, at=at)


@dataclass(frozen=True, slots=True)
class Kind:
    """A campaign that several bodies run."""

    playbook: str
    starts: date
    ends: date
    title: str
    bodies: int


def kinds_seen_by(actor: Person, at: datetime) -> Sequence[Kind]:
    """Return the campaigns that `actor` sees bodies of, with how many, the latest first; one statement."""
    rows = SEE_CAMPAIGN.narrow(actor, Campaign.objects.all(), at=at).order_by()
    grouped = rows.values("playbook", "starts").annotate(bodies=Count("pk"), title=Max("title"), last=Max("ends"))
    return [
        Kind(row["playbook"], row["starts"], row["last"], row["title"], row["bodies"])
        for row in grouped.order_by("-starts", "playbook")
    ]


def _met(row: Any) -> bool:
    return getattr(row, "match", None) is not None
