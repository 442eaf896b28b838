"""窝工返工: totals by cause and crew, the list, recording one, and handing a contested one in again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.enums import LossKind
from ronghe.domain.control.models import IdleClaim, WorkProcess
from ronghe.domain.control.rules import LOSS, OWN_ITEM, RECORD_LOSS
from ronghe.domain.control.selectors.register import LossSum, losses_listed, losses_of
from ronghe.domain.control.selectors.sides import lots_offered, parties_of_project
from ronghe.domain.control.selectors.standards import cause_words, causes_of
from ronghe.domain.control.services.losing import ANSWER_DAYS, hand_in_again, record_loss
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.org.models import AdminUnit
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.control.forms import LOSS_NUMBERS, AgainForm, LossForm
from ronghe.web.control.presenting import people_for, project_of, settle, uploads_of
from ronghe.web.files import excel_answer
from ronghe.web.items.presenting import PANELS
from ronghe.web.lookbacks.linking import look_back_on
from ronghe.web.paging import asked_filters, asked_page, number_of
from ronghe.web.requests import actor_of

A_PAGE = 20
SHAPES = {"recorded": "attention", "contested": "due", "agreed": "done", "withdrawn": "waived"}


@login_required
def control_losses(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    project = project_of(request, pk)
    page = Paginator(losses_listed(project, actor, now, **_filters(request)), A_PAGE).get_page(asked_page(request))
    context: dict[str, Any] = {
        "project": project,
        "page": page,
        "lines": [_line(one) for one in page.object_list],
        "states": [("all", _("全部")), *((state.id, _(state.title)) for state in LOSS.states)],
        "kinds": LossKind.choices,
        "asked_text": request.GET.get("q", "").strip(),
        "export_query": asked_filters(request),
        "may_record": RECORD_LOSS.allows(actor, project, at=now),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        losses = losses_of(project, actor, now)
        context |= {
            "losses": losses,
            "trend": [float(sums.hours) for _month, sums in losses.by_month],
            "trend_labels": [f"{month:%Y-%m}" for month, _sums in losses.by_month],
            "look_back": look_back_on("projects.project", project.pk, actor, now),
        }
    wanted = "control/losses.html#rows" if request.htmx else "control/losses.html"  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def control_losses_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list with these filters, and the sums of what both sides agreed on, by cause, crew and month."""
    actor, now = actor_of(request), timezone.now()
    project = project_of(request, pk)
    losses = losses_of(project, actor, now)
    heads = [_("日期"), _("类别"), _("原因"), _("班组"), _("班组单位"), _("承担单位"), _("标段"), _("工序"), _("人数"), _("工时"),
             _("费用（元）"), _("费用怎么算的"), _("状态"), _("谁登记"), _("谁认定")]  # fmt: skip
    sheets = [
        SheetOut(
            title=_("窝工返工"), head=heads,
            rows=(_cells(one) for one in losses_listed(project, actor, now, **_filters(request))),
            widths=[12, 8, 18, 16, 24, 24, 12, 20, 8, 10, 14, 30, 12, 10, 10],
        ),
        _sums(_("按原因"), [(one.title, one) for one in losses.by_cause]),
        _sums(_("按班组"), [(one.title, one) for one in losses.by_crew]),
        _sums(_("按月"), [(f"{month:%Y-%m}", one) for month, one in losses.by_month]),
    ]  # fmt: skip
    return excel_answer(sheets, f"{project.name}_{_('窝工返工')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def control_loss_create(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor, now = project_of(request, pk), actor_of(request), timezone.now()
    RECORD_LOSS.require(actor, project, at=now)
    form = _loss_form(request, project)
    if request.method == "POST" and form.is_valid():
        try:
            claim = record_loss(
                project=project, text=form.loss(now + timedelta(days=ANSWER_DAYS)), actor=actor, at=now,
                uploads=uploads_of(request),
            )  # fmt: skip
        except ValuesUnfit as error:
            for name, words in error.by_field().items():
                form.add_error(name if name in form.fields else None, words)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记，等对方认定后计入合计。"))
            return redirect("web:item_detail", claim.item_id)
    context = {"project": project, "form": form, "known_lots": lots_offered(project)}
    return render(request, "control/loss_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def control_loss_again(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(items_seen_by(actor_of(request), timezone.now()).filter(kind=LOSS.id), pk=pk)
    form = AgainForm(request.POST)

    def act(actor: Any) -> None:
        typed = form.cleaned_data
        values = {name: str(typed[name]) for name in LOSS_NUMBERS}
        hand_in_again(item=item, values=values, note=typed["note"], actor=actor, at=timezone.now())

    return settle(request, act, _("已重新送对方认定。"), "web:item_detail", pk, form=form)


def fill_loss(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    """The two sides, the cause, and the form that hands a contested one in again."""
    actor, now = actor_of(request), timezone.now()
    related = ("crew_unit", "answers_unit", "own_cause", "process", "project")
    claim = IdleClaim.objects.filter(item=item).select_related(*related).first()
    again = item.state == "contested" and OWN_ITEM.allows(actor, item, at=now)
    return {
        "claim": claim,
        "cause": cause_words(claim.cause, claim.own_cause) if claim is not None else "",
        "again_form": AgainForm(initial={name: item.values.get(name) for name in LOSS_NUMBERS}) if again else None,
    }


PANELS[LOSS.id] = ("control/_loss_panel.html", fill_loss)


def _loss_form(request: HttpRequest, project: Project) -> LossForm:
    now = timezone.now()
    today = local_day(now)
    units = AdminUnit.objects.filter(pk__in=parties_of_project(project, today).order_by().values("unit_id"))
    asked = number_of(request.GET.get("process"))
    begun = WorkProcess.objects.filter(project=project).exclude(state="waiting").select_related("part")
    return LossForm(
        request.POST or None, causes=causes_of(project.body_id, today), units=units.order_by("name", "pk"),
        people=people_for(request, project), processes=begun.order_by("part__place", "number"),
        initial={"happened_on": today, "kind": LossKind.REWORK if asked else LossKind.IDLE, "process": asked},
    )  # fmt: skip


def _line(claim: IdleClaim) -> dict[str, Any]:
    state = LOSS.state_by_id[claim.item.state]
    return {
        "claim": claim,
        "cause": cause_words(claim.cause, claim.own_cause),
        "shape": SHAPES[claim.item.state],
        "word": _(state.title),
    }


def _sums(title: str, rows: Sequence[tuple[str, LossSum]]) -> SheetOut:
    head = [_("合计项"), _("次数"), _("工时"), _("费用（元）")]
    cells: list[list[Any]] = [[word, one.count, one.hours, one.yuan] for word, one in rows]
    return SheetOut(title=title, head=head, rows=cells, widths=[24, 8, 12, 16])


def _cells(claim: IdleClaim) -> list[Any]:
    line = _line(claim)
    return [
        claim.happened_on, claim.get_kind_display(), line["cause"], claim.crew, claim.crew_unit.name,
        claim.answers_unit.name, claim.lot, claim.process.name if claim.process else "", claim.people, claim.hours,
        claim.yuan, claim.item.values.get("basis", ""), line["word"], claim.item.raised_by.name,
        claim.item.owner.name if claim.item.owner else "",
    ]  # fmt: skip


def _filters(request: HttpRequest) -> dict[str, Any]:
    state = request.GET.get("state", "")
    return {
        "state": state if state in LOSS.state_by_id else "",
        "kind": request.GET.get("kind", ""),
        "words": request.GET.get("q", "").strip(),
    }
