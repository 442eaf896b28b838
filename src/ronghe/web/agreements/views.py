"""意向书: the list, a new one, one agreement with its text and figures, its paper and its digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.agreements.documents import agreement_document
from ronghe.domain.agreements.enums import AgreementKind, AgreementState
from ronghe.domain.agreements.models import Agreement, AgreementVersion
from ronghe.domain.agreements.rules import SEE_AGREEMENT
from ronghe.domain.agreements.selectors import agreements_seen_by, list_agreements
from ronghe.domain.agreements.selectors.agreements import agreements_found
from ronghe.domain.agreements.selectors.forms import form_named, forms_for
from ronghe.domain.agreements.selectors.negotiation import (
    side_states,
    signed_version,
    verified,
    version_on_table,
)
from ronghe.domain.agreements.selectors.sides import bodies_to_draft_for, drafts_somewhere, sides_named
from ronghe.domain.agreements.selectors.waiting import waiting_for
from ronghe.domain.agreements.services.drafting import REVIEW_MONTHS, draft_agreement
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.printing import PaperForm
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.agreements.forms import CheckForm, DraftForm
from ronghe.web.agreements.presenting import page_context, rows_of, seen
from ronghe.web.choosing import OFFERED
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of


@login_required
def agreement_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_agreements(
        actor, now, sort=request.GET.get("sort", ""), page=asked_page(request), size=20, **_filters(request)
    )
    context: dict[str, Any] = {
        "page": page_of(listed),
        "rows": rows_of(listed.rows, now),
        "kinds": AgreementKind.choices,
        "states": [("all", _("全部")), *AgreementState.choices],
        "asked_text": request.GET.get("q", ""),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {"waiting": waiting_for(actor, now), "can_draft": drafts_somewhere(actor, now)}
    template = "agreements/agreement_list.html#rows" if request.htmx else "agreements/agreement_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def agreement_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_AGREEMENT.narrow(actor, agreements_found(at=now, **_filters(request)), at=now).order_by("title", "pk")
    heads = [_("意向书"), _("种类"), _("项目"), _("各方"), _("状态"), _("生效"), _("到期"), _("下次回顾")]
    lines: Iterator[Sequence[Any]] = (
        [row.title, str(row.get_kind_display()), row.project.name, _("、").join(side.name for side in row.sides),
         str(row.get_state_display()), row.valid_from, row.ends_on, row.review_on]
        for row in rows.iterator(chunk_size=1000)
    )  # fmt: skip
    sheet = SheetOut(title=_("意向书"), head=heads, rows=lines, widths=[40, 20, 30, 40, 10, 12, 12, 12])
    return excel_answer([sheet], _("意向书") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def agreement_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_draft_for(actor, now)
    mine = list(bodies[:OFFERED])
    if not mine:
        raise NotAllowed
    open_projects = projects_seen_by(actor, now).filter(state__in=[ProjectState.PLANNED, ProjectState.UNDER_WAY])
    own = [body.pk for body in mine] if len(mine) == 1 else []
    day = local_day(now)
    offered = forms_for(mine[0], AgreementKind.LETTER_OF_INTENT, day)
    form = DraftForm(
        request.POST or None, projects=open_projects, bodies=bodies, partners=sides_named("", besides=own),
        offered=sides_named("", besides=own)[:OFFERED],
        texts=[(name or "own", title or _("通用文本")) for name, title, _form in offered],
        initial={"project": number_of(request.GET.get("project")), "body": mine[0].pk,
                 "kind": AgreementKind.LETTER_OF_INTENT, "starts_on": day},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            agreement = _draft(request, dict(form.cleaned_data))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("文本已按范本填好，可以改了再请对方看。"))
            return redirect("web:agreement_detail", agreement.pk)
    context = {"form": form, "one_body": mine[0] if len(mine) == 1 else None}
    return render(request, "agreements/agreement_form.html", context, status=422 if form.errors else 200)


def _draft(request: HttpRequest, given: dict[str, Any]) -> Agreement:
    now = timezone.now()
    day, project, kind = local_day(now), given["project"], AgreementKind(given["kind"])
    asked = given["form"]
    form, months = form_named(given["body"], kind, None if not asked else "" if asked == "own" else asked, day)
    return draft_agreement(
        project=project, bodies=[given["body"], *given["partners"]], kind=kind, form=form,
        starts_on=given["starts_on"] or max(day, project.starts_on), ends_on=given["ends_on"] or project.ends_on,
        review_months=months or REVIEW_MONTHS, actor=actor_of(request), at=now,
    )  # fmt: skip


@login_required
def agreement_partners(request: HttpRequest) -> HttpResponse:
    """The bodies of a chooser whose name holds what is typed, as options."""
    actor, now = actor_of(request), timezone.now()
    mine = bodies_to_draft_for(actor, now)
    if not mine.exists():
        raise NotFound
    rows = sides_named(request.GET.get("q", ""))[:OFFERED]
    return render(request, "agreements/_partner_options.html", {"bodies": rows})


@login_required
def agreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "agreements/agreement_detail.html", page_context(request, seen(request, pk)))


@login_required
def agreement_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The version on the table, or the signed one, as PDF or Word."""
    if form not in tuple(PaperForm):
        raise NotFound
    agreement = seen(request, pk)
    version = version_on_table(agreement)
    document = agreement_document(
        agreement, version, side_states(agreement, version), printed_on=local_day(timezone.now())
    )
    return paper_answer(request, document, form, source=agreement)


@login_required
def agreement_verify(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = seen(request, pk)
    context = {"agreement": agreement, "found": verified(version_on_table(agreement))}
    return render(request, "agreements/agreement_verify.html", context)


@login_required
def agreement_check(request: HttpRequest) -> HttpResponse:
    """核验: whose digest is this? Whoever holds the paper learns whether it is the signed text, no more."""
    actor = actor_of(request)
    form = CheckForm(request.GET or None)
    found: AgreementVersion | None = None
    is_asked = bool(request.GET) and form.is_valid()
    if is_asked:
        found = signed_version(form.cleaned_data["digest"])
    can_open = found is not None and agreements_seen_by(actor, timezone.now()).filter(pk=found.agreement_id).exists()
    context = {
        "form": form, "is_asked": is_asked, "version": found, "can_open": can_open,
        "found": verified(found) if found is not None else None,
    }  # fmt: skip
    return render(request, "agreements/agreement_check.html", context)


def _filters(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET
    return {
        "words": asked.get("q", "").strip(), "kind": asked.get("kind", ""), "state": asked.get("state", ""),
        "project": number_of(asked.get("project")), "body": number_of(asked.get("body")), "due": "due" in asked,
    }  # fmt: skip
