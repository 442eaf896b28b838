"""公文: notices and bulletins drafted from what is on record, issued, received; and the page that checks a paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG
from ronghe.domain.papers.documents import paper_document, paper_number
from ronghe.domain.papers.enums import PaperKind, PaperState
from ronghe.domain.papers.models import Paper
from ronghe.domain.papers.rules import DRAFT_PAPER, EDIT_PAPER, ISSUE_PAPER, RECEIVE_PAPER
from ronghe.domain.papers.selectors import (
    last_code,
    list_papers,
    papers_seen_by,
    papers_to_receive,
    recipients_of,
)
from ronghe.domain.papers.services.drafting import (
    discard_paper,
    draft_bulletin,
    draft_notice,
    draft_paper,
    revise_paper,
)
from ronghe.domain.papers.services.issuing import issue_paper, receive_paper, withdraw_paper
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around
from ronghe.kernel.errors import DomainError
from ronghe.kernel.printing.register import check_digest
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.papers.forms import (
    CheckForm,
    DraftForm,
    IssueForm,
    NewBulletinForm,
    NewNoticeForm,
    OwnWordsForm,
    WithdrawForm,
)
from ronghe.web.requests import actor_of

SHAPES = {PaperState.DRAFT: "upcoming", PaperState.ISSUED: "done", PaperState.WITHDRAWN: "waived"}
EXPORTED = 5_000
"""Rows of an Excel file at most."""


@login_required
def paper_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    asked = _asked(request)
    listed = list_papers(actor, now, **asked, page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(paper, paper_number(paper), SHAPES[PaperState(paper.state)]) for paper in listed.rows],
        "to_receive": list(papers_to_receive(actor, now)[:20]),
        "kinds": PaperKind.choices,
        "states": PaperState.choices,
        "asked": asked,
        "may_draft": DRAFT_PAPER.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).exists(),
    }
    return render(request, "papers/paper_list.html", context)


@login_required
def paper_export(request: HttpRequest) -> FileResponse:
    listed = list_papers(actor_of(request), timezone.now(), **_asked(request), size=EXPORTED)
    rows = [
        (
            paper.get_kind_display(), paper_number(paper), paper.title, paper.body.name, paper.get_state_display(),
            paper.dated, paper.drafted_by.name,
        )
        for paper in listed.rows
    ]  # fmt: skip
    head = [_("种类"), _("编号"), _("标题"), _("发文组织"), _("状态"), _("成文日期"), _("起草人")]
    return excel_answer([SheetOut(_("公文"), head, rows)], _("公文.xlsx"))


@login_required
def paper_create(request: HttpRequest) -> HttpResponse:
    """Draft from a planned gathering, from the days of a period, or in one's own words."""
    actor, now = actor_of(request), timezone.now()
    bodies = DRAFT_PAPER.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by("name", "pk")
    if not bodies.exists():
        raise Http404
    asked = request.POST.get("from", "") if request.method == "POST" else ""
    week = period_around(timezone.localdate(now), PeriodKind.WEEK).span
    built = {
        "notice": NewNoticeForm(
            request.POST if asked == "notice" else None, activities=_to_call_to(bodies, now), prefix="notice",
            initial={"activity": number_of(request.GET.get("activity"))},
        ),
        "bulletin": NewBulletinForm(
            request.POST if asked == "bulletin" else None, bodies=bodies, prefix="bulletin",
            initial={"body": number_of(request.GET.get("body")), "from_on": week.from_on,
                     "last_on": week.until_on - timedelta(days=1)},
        ),
        "own": OwnWordsForm(request.POST if asked == "own" else None, bodies=bodies, prefix="own"),
    }  # fmt: skip
    form = built.get(asked)
    if form is not None and form.is_valid():
        try:
            paper = _draft(asked, form.cleaned_data, actor)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("草稿已起好，可以改。"))
            return redirect("web:paper_detail", paper.pk)
    status = 422 if form is not None else 200
    return render(request, "papers/paper_new.html", {f"{name}_form": one for name, one in built.items()}, status=status)


@login_required
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper: a draft to revise, or what was issued and who received it."""
    paper = _seen(request, pk)
    if request.method != "POST":
        return render(request, "papers/paper_detail.html", _context(request, paper))
    actor, now = actor_of(request), timezone.now()
    form = DraftForm(request.POST, bodies=_sendable(actor, paper))
    if form.is_valid():
        try:
            revise_paper(paper=paper, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
            form.data = request.POST.copy()
            form.data["revision"] = str(paper.revision)
        else:
            toasts.done(request, _("草稿已存。"))
            return redirect("web:paper_detail", pk)
    return render(request, "papers/paper_detail.html", _context(request, paper, draft_form=form), status=422)


@login_required
@require_POST
def paper_issue(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _seen(request, pk)
    form = IssueForm(request.POST)

    def act(actor: Person) -> str:
        issue_paper(paper=paper, actor=actor, at=timezone.now(), **form.cleaned_data)
        return _("已印发，编号 %(number)s。") % {"number": paper_number(paper)}

    return _act(request, paper, form, "issue_form", act)


@login_required
@require_POST
def paper_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _seen(request, pk)
    form = WithdrawForm(request.POST)

    def act(actor: Person) -> str:
        withdraw_paper(paper=paper, why=form.cleaned_data["why"], actor=actor, at=timezone.now())
        return _("已撤回，收到的组织都能看到原因。")

    return _act(request, paper, form, "withdraw_form", act)


@login_required
@require_POST
def paper_discard(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _seen(request, pk)
    discard_paper(paper=paper, actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("草稿已删去。"))
    return redirect("web:papers")


@login_required
@require_POST
def paper_receive(request: HttpRequest, pk: int, recipient_pk: int) -> HttpResponse:
    paper = _seen(request, pk)
    recipient = get_object_or_404(recipients_of(paper).select_related("paper"), pk=recipient_pk)
    receive_paper(recipient=recipient, actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("已替“%(body)s”签收。") % {"body": recipient.body.name})
    return redirect("web:paper_detail", pk)


@login_required
def paper_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    paper = _seen(request, pk)
    return paper_answer(request, paper_document(paper), form, source=paper)


def paper_check(request: HttpRequest, digest: str = "") -> HttpResponse:
    """Anybody who holds a paper sees whether it left this platform as it is; no log-in, for the paper says more already."""
    typed = digest or request.GET.get("code", "").strip()[:200]
    checked = check_digest(typed) if typed else None
    form = CheckForm(initial={} if checked else {"code": typed})
    context = {"typed": typed, "checked": checked, "form": form}
    return render(request, "papers/check.html", context)


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {
        "words": request.GET.get("q", "").strip()[:80],
        "kind": request.GET.get("kind", "") if request.GET.get("kind", "") in PaperKind.values else "",
        "state": request.GET.get("state", "") if request.GET.get("state", "") in PaperState.values else "",
    }


def _to_call_to(bodies: Any, now: Any) -> Any:
    rows = Activity.objects.filter(
        body__in=bodies.order_by(), state=ActivityState.PLANNED, scheduled_from__isnull=False,
        day__gte=timezone.localdate(now),
    )  # fmt: skip
    return rows.select_related("body").order_by("scheduled_from", "pk")


def _draft(way: str, given: dict[str, Any], actor: Person) -> Paper:
    now = timezone.now()
    if way == "notice":
        return draft_notice(activity=given["activity"], actor=actor, at=now)
    if way == "bulletin":
        span = DaySpan(given["from_on"], given["last_on"] + timedelta(days=1))
        return draft_bulletin(body=given["body"], span=span, actor=actor, at=now)
    return draft_paper(
        kind=PaperKind(given["kind"]), body=given["body"], title=given["title"], text=_("一、背景\n二、安排\n三、要求"),
        actor=actor, at=now,
    )  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> Paper:
    return get_object_or_404(papers_seen_by(actor_of(request), timezone.now()), pk=pk)


def _sendable(actor: Person, paper: Paper) -> Any:
    """Bodies that the drafter sees, the superior of the issuing body, and those chosen already."""
    there = paper.recipients.order_by().values("body_id")
    seen = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=timezone.now())
    rows = PartyOrg.objects.filter(
        Q(pk__in=seen.order_by().values("pk")) | Q(pk=paper.body.parent_id) | Q(pk__in=there)
    )  # fmt: skip
    return rows.order_by("name", "pk")


def _act(request: HttpRequest, paper: Paper, form: forms.Form, name: str, act: Any) -> HttpResponse:
    if form.is_valid():
        try:
            said = act(actor_of(request))
        except DomainError as error:
            form.add_error(None, str(error))
            paper.refresh_from_db()
        else:
            toasts.done(request, said)
            return redirect("web:paper_detail", paper.pk)
    return render(request, "papers/paper_detail.html", _context(request, paper, **{name: form}), status=422)


def _context(request: HttpRequest, paper: Paper, **shown: forms.Form) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    is_draft = paper.state == PaperState.DRAFT
    recipients = list(recipients_of(paper))
    may_edit = is_draft and EDIT_PAPER.allows(actor, paper, at=now)
    may_issue = ISSUE_PAPER.allows(actor, paper, at=now)
    context: dict[str, Any] = {
        "paper": paper,
        "number": paper_number(paper),
        "shape": SHAPES[PaperState(paper.state)],
        "lines": [
            (row, paper.state == PaperState.ISSUED and not row.received_at and RECEIVE_PAPER.allows(actor, row, at=now))
            for row in recipients
        ],
        "received": sum(1 for row in recipients if row.received_at),
        "is_draft": is_draft,
        "may_edit": may_edit,
        "may_issue": is_draft and may_issue,
        "may_withdraw": paper.state == PaperState.ISSUED and may_issue,
    }
    if may_edit:
        known = {"revision": paper.revision, "title": paper.title, "text": paper.text, "copies_to": paper.copies_to,
                 "recipients": [row.body_id for row in recipients]}  # fmt: skip
        context["draft_form"] = DraftForm(initial=known, bodies=_sendable(actor, paper))
    if context["may_issue"]:
        context["issue_form"] = IssueForm(
            initial={"revision": paper.revision, "code": last_code(paper.body), "dated": timezone.localdate(now)}
        )
    context["withdraw_form"] = WithdrawForm()
    return context | shown
