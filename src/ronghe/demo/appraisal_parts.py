"""Around the last quarter's scores: figures, a panel counted and one open, a veto, a self-check with a remark, an objection."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field
from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.panels import people_below, reviewer_of, subjects_of
from ronghe.domain.appraisal.selectors.results import results_seen_by
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.figures import enter_figures
from ronghe.domain.appraisal.services.panels import PanelPlan, count_panel, give_marks, open_panel
from ronghe.domain.appraisal.services.remarks import add_remark, object_to_result, open_check
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, start_run
from ronghe.domain.appraisal.services.vetoes import raise_veto
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, PostHolding
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import Period, PeriodKind, period_around

RATES = ("101.2", "98.6", "103.5", "95.4", "99.8", "100.4")
CRITERIA = (("任务完成", Decimal("0.5")), ("作用发挥", Decimal("0.3")), ("资料齐全", Decimal("0.2")))
REVIEWERS = 6
MONTHS = 4


def tell_of_the_appraisal(field: Field, quarter: Period, now: datetime) -> None:
    """Enter figures, let a panel mark, raise a veto, open a self-check with a remark, object to what is on notice."""
    branches = list(_branches(field))[: len(RATES)]
    _months(field, now)
    _figures(field, branches, quarter, now)
    _panels(field, branches, quarter, now)
    _veto(field, branches[-1], quarter, now)
    _self_check(field, quarter, now)
    _objection(now)


def _months(field: Field, now: datetime) -> None:
    """Make the last four months' day-to-day results final, so that every branch has a way behind it."""
    before = now - timedelta(days=20)
    month = period_around(day_of(before), PeriodKind.MONTH)
    months = [month := month.previous() for _number in range(MONTHS)]
    for one in reversed(months):
        run = start_run(
            body=field.committee, playbook=playbook_named("responsibilities"), sheet_id="main_daily", period=str(one),
            actor=field.clerk, at=before,
        )  # fmt: skip
        run = publish_run(run=compute_run(run=run, at=before), actor=field.clerk, at=before)
        finalize_run(run=run, actor=field.clerk, at=now)


def _branches(field: Field) -> list[PartyOrg]:
    below = PartyOrg.links().filter(ancestor_id=field.committee.pk).order_by().values("descendant_id")
    return list(PartyOrg.objects.filter(kind=PartyOrgKind.BRANCH, pk__in=below, valid_until=None).order_by("pk"))


def _figures(field: Field, branches: list[PartyOrg], quarter: Period, now: datetime) -> None:
    lines = [
        (
            f"A{row}",
            {"item": "output_rate", "whose": f"#{body.pk}", "period": str(quarter), "value": rate,
             "source": "生产运行月报", "vouched_by": "生产运行部 何主任"},
        )
        for row, (body, rate) in enumerate(zip(branches, RATES, strict=False), start=2)
    ]  # fmt: skip
    enter_figures(lines=lines, actor=field.clerk, at=now, file_name="生产指标.xlsx")


def _panels(field: Field, branches: list[PartyOrg], quarter: Period, now: datetime) -> None:
    people = list(people_below(field.committee, now)[:REVIEWERS])
    if len(people) < REVIEWERS or len(branches) < 3:
        return
    before = now - timedelta(days=6)
    for title, item, moment in (
        ("三季度现场督导", "branch_visit", before),
        ("监督成效评议", "supervision_effect", now),
    ):
        plan = PanelPlan(
            item=item, title=title, period=str(quarter), criteria=CRITERIA, closes_on=day_of(now) + timedelta(days=5),
            bodies=branches, reviewers=people, least=3,
        )  # fmt: skip
        panel = open_panel(body=field.committee, plan=plan, actor=field.clerk, at=moment)
        if moment is now:
            continue
        for lean, person in enumerate(people[:-1]):
            reviewer = reviewer_of(panel, person)
            if reviewer is None:
                raise AssertionError(panel)
            out = set(reviewer.conflicts.values_list("subject__number", flat=True))
            marks = {
                one.number: [96 - 2 * one.number - lean, 90 - one.number - lean, 95 - 2 * lean]
                for one in subjects_of(panel)
                if one.number not in out
            }
            give_marks(reviewer=reviewer, marks=marks, actor=person, at=moment)
        count_panel(panel=panel, actor=field.clerk, at=now)


def _veto(field: Field, body: PartyOrg, quarter: Period, now: datetime) -> None:
    day = quarter.span.from_on + timedelta(days=40)
    raise_veto(
        body=body, veto="false_appraisal", evidence="督导通报第 3 号：会议记录补写", happened_on=day,
        until_on=day + timedelta(days=364), actor=field.clerk, at=now,
    )  # fmt: skip


def _self_check(field: Field, quarter: Period, now: datetime) -> None:
    run = start_run(
        body=field.committee, playbook=playbook_named("responsibilities"), sheet_id="main_quarterly",
        period=str(quarter), actor=field.clerk, at=now,
    )  # fmt: skip
    run = open_check(run=compute_run(run=run, at=now), actor=field.clerk, at=now)
    post = _secretary_below(field)
    if post is not None and (seen := results_seen_by(post.person, run, now).rows):
        add_remark(
            run=run, subject=seen[0].row.subject, node="branch_meetings", text="9 月党小组会已开，记录在纸质本上，请核实补记。",
            actor=post.person, at=now,
        )  # fmt: skip


def _objection(now: datetime) -> None:
    run = Run.objects.filter(state=RunState.PUBLIC_NOTICE).exclude(level=Level.MEMBER).order_by("-pk").first()
    lead = run and PostHolding.objects.filter(
        role=PostRole.SECRETARY, body__kind=PartyOrgKind.CO_BUILT_BRANCH, valid_until=None
    ).select_related("person", "body").order_by("pk").first()  # fmt: skip
    if (
        run
        and lead
        and lead.body_id
        and any(one.row.subject == lead.body_id for one in results_seen_by(lead.person, run, now).rows)
    ):
        object_to_result(
            run=run,
            subject=lead.body_id,
            text="联合学习有一次记在兄弟支部名下，请一并计入。",
            actor=lead.person,
            at=now,
        )


def _secretary_below(field: Field) -> PostHolding | None:
    bodies = [body.pk for body in _branches(field)]
    posts = PostHolding.objects.filter(role=PostRole.SECRETARY, body_id__in=bodies, valid_until=None)
    return posts.select_related("person", "body").order_by("pk").first()
