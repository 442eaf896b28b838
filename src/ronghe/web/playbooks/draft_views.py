"""起草: the editor of a unit's own playbook. Everything works without script; with it, checking and saving go along."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.playbooks.enums import DraftState, RevisionWay
from ronghe.domain.playbooks.models import PlaybookDraft
from ronghe.domain.playbooks.selectors.books import find_shelved, newest, shelf
from ronghe.domain.playbooks.selectors.drafts import bodies_to_write_for, drafts_seen_by, revisions_of
from ronghe.domain.playbooks.services.drafting import (
    DraftMoved,
    begin_draft,
    discard_draft,
    go_back_to,
    put_forward,
    save_draft,
    take_back_draft,
)
from ronghe.domain.rollouts.selectors.practice import DAYS, practice_of, text_of_practice
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.files import file_answer
from ronghe.web.paging import asked_page
from ronghe.web.playbooks.differing import lines_between
from ronghe.web.playbooks.forms import BeginForm, PutForwardForm, TextForm
from ronghe.web.playbooks.snippets import SNIPPETS
from ronghe.web.playbooks.understanding import understood
from ronghe.web.requests import actor_of

TEXTS_SHOWN = 30
SIZE = 20
ZONES_SHOWN = 5
USUAL_BASE = "branch_base"
"""What most units write on top of."""


@login_required
def draft_list(request: HttpRequest) -> HttpResponse:
    """Drafts of the bodies that the reader writes for; thrown away and settled ones on request."""
    actor, now = actor_of(request), timezone.now()
    if not bodies_to_write_for(actor, now).exists():
        raise Http404
    state = request.GET.get("state", DraftState.OPEN.value)
    rows = drafts_seen_by(actor, now).defer("text")
    if state in DraftState.values:
        rows = rows.filter(state=state)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(title__contains=text)
    page = Paginator(rows, SIZE).get_page(asked_page(request))
    context = {"page": page, "drafts": page.object_list, "states": DraftState.choices, "asked_text": text}
    return render(request, "playbooks/draft_list.html", context)


@login_required
def draft_begin(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_write_for(actor, now).select_related("parent")
    if not bodies.exists():
        raise Http404
    bases = [
        (one.reference, _("在“%(title)s”第 %(version)s 版之上") % {"title": one.title, "version": one.version})
        for one in newest(shelf()).values()
    ]
    usual = next((reference for reference, _words in bases if reference.startswith(f"{USUAL_BASE}@")), "")
    initial = {"base": request.GET.get("base") or usual, "body": request.GET.get("body")}
    form = BeginForm(request.POST or None, request.FILES or None, bodies=bodies, bases=bases, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        base = find_shelved(actor, given["base"], now) if given["base"] and given["file"] is None else None
        try:
            draft = begin_draft(
                body=given["body"], base=base, text=given["file"], note=given["note"], actor=actor, at=now
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:playbook_draft", draft.pk)
    zones = list(bodies.filter(kind=PartyOrgKind.CO_BUILT_BRANCH)[:ZONES_SHOWN])
    context = {"form": form, "zones": zones, "days": DAYS}
    return render(request, "playbooks/draft_form.html", context, status=422 if form.errors else 200)


@login_required
def draft_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The text beside what the program understood of it; a plain post saves it and shows the same page."""
    actor, now = actor_of(request), timezone.now()
    draft = _seen(request, pk)
    form = TextForm(request.POST or None, initial={"text": draft.text, "revision": draft.revision})
    moved: DraftMoved | None = None
    if request.method == "POST" and form.is_valid():
        try:
            draft = save_draft(draft=draft, actor=actor, at=now, **form.cleaned_data)
        except DraftMoved as refusal:
            moved = refusal
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下。"))
            return redirect("web:playbook_draft", draft.pk)
    shown = form.data.get("text", "") if form.is_bound else draft.text
    if moved is not None:
        draft.refresh_from_db()
        shown = form.cleaned_data["text"]
    context = _context(draft, shown, form=form, moved=moved)
    return render(request, "playbooks/draft_edit.html", context, status=_status(form, moved))


@login_required
@require_POST
def draft_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was typed so far and answer what the program understood; asked while somebody types."""
    draft, form = _seen(request, pk), TextForm(request.POST)
    if not form.is_valid():
        return render(request, "playbooks/draft_edit.html#live", _context(draft, draft.text, form=form), status=422)
    moved = None
    try:
        draft = save_draft(
            draft=draft, actor=actor_of(request), at=timezone.now(), way=RevisionWay.AUTOSAVED, **form.cleaned_data
        )  # fmt: skip
    except DraftMoved as refusal:
        moved = refusal
        draft.refresh_from_db()
    context = _context(draft, form.cleaned_data["text"], form=form, moved=moved, is_live=True)
    return render(request, "playbooks/draft_edit.html#live", context)


@login_required
def draft_file(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _seen(request, pk)
    return file_answer(draft.text.encode(), f"{draft.title}.yaml", "application/yaml; charset=utf-8")


@login_required
def draft_text(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier text, line by line against the present one."""
    draft = _seen(request, pk)
    kept = get_object_or_404(draft.revisions.select_related("saved_by"), number=number)
    context = {"draft": draft, "kept": kept, "lines": lines_between(kept.text, draft.text), "is_open": _is_open(draft)}
    return render(request, "playbooks/draft_text.html", context)


@login_required
@require_POST
def draft_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    draft = _seen(request, pk)
    kept = get_object_or_404(draft.revisions, number=number)
    form = PutForwardForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else draft.revision
    try:
        go_back_to(draft=draft, kept=kept, revision=revision, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已回到第 %(number)s 稿；原来的文字也留着。") % {"number": number})
    return redirect("web:playbook_draft", pk)


@login_required
@require_POST
def draft_put_forward(request: HttpRequest, pk: int) -> HttpResponse:
    draft, form = _seen(request, pk), PutForwardForm(request.POST)
    if not form.is_valid():
        return redirect("web:playbook_draft", pk)
    try:
        version = put_forward(draft=draft, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:playbook_draft", pk)
    toasts.done(request, _("已定为 %(version)s，可以采用了。") % {"version": version})
    return redirect("web:playbook_detail", str(version))


@login_required
@require_POST
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        discard_draft(draft=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:playbook_draft", pk)
    toasts.done(request, _("草稿已丢弃。"), undo=reverse("web:playbook_draft_take_back", args=[pk]))
    return redirect("web:playbook_drafts")


@login_required
@require_POST
def draft_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        take_back_draft(draft=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:playbook_draft", pk)


@login_required
def practice(request: HttpRequest, body: int) -> HttpResponse:
    """What a body really did beside what its playbook asks; a post makes a draft of it."""
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(bodies_to_write_for(actor, now), pk=body)
    found = practice_of(row, now)
    if request.method == "POST" and found is not None:
        base = find_shelved(actor, str(found.adoption.version), now)
        draft = begin_draft(
            body=row, base=base, text=text_of_practice(found), note=_("由近 %(days)s 天的实际整理") % {"days": DAYS},
            actor=actor, at=now,
        )  # fmt: skip
        return redirect("web:playbook_draft", draft.pk)
    context = {"body": row, "practice": found, "days": DAYS}
    return render(request, "playbooks/practice.html", context)


def _seen(request: HttpRequest, pk: int) -> PlaybookDraft:
    return get_object_or_404(drafts_seen_by(actor_of(request), timezone.now()), pk=pk)


def _is_open(draft: PlaybookDraft) -> bool:
    return draft.state == DraftState.OPEN


def _status(form: TextForm, moved: DraftMoved | None) -> int:
    return 409 if moved else 422 if form.errors else 200


def _context(
    draft: PlaybookDraft, text: str, *, form: TextForm, moved: DraftMoved | None = None, is_live: bool = False
) -> dict[str, Any]:
    read = understood(text)
    context = {
        "draft": draft,
        "text": text,
        "read": read,
        "form": form,
        "is_open": _is_open(draft),
        "moved": moved,
        "kept": moved.details["kept"] if moved else None,
        "is_live": is_live,
    }
    if is_live:
        return context
    return context | {
        "revisions": list(revisions_of(draft)[:TEXTS_SHOWN]),
        "snippets": SNIPPETS,
        "may_put": _is_open(draft) and read.playbook is not None and moved is None,
    }
