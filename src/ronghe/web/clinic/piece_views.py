"""Knowledge: found by words, initials and field; proposed, agreed to, reviewed, outdated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.clinic.enums import PieceState, VersionState
from ronghe.domain.clinic.models import Piece
from ronghe.domain.clinic.rules import AGREE, MARK_OUTDATED, PROPOSE, REVIEW, WRITE_PIECE
from ronghe.domain.clinic.selectors.cases import cases_seen_by
from ronghe.domain.clinic.selectors.experts import open_fields
from ronghe.domain.clinic.selectors.pieces import (
    list_pieces,
    pieces_seen_by,
    pieces_to_review,
    versions_of,
    was_helped,
)
from ronghe.domain.clinic.services.helping import say_helped, unsay_helped
from ronghe.domain.clinic.services.proposing import (
    ANSWERED,
    answer_consent,
    draft_of,
    propose_piece,
    rewrite_piece,
    take_piece_down,
)
from ronghe.domain.clinic.services.reviewing import mark_current, mark_outdated, publish_piece, return_piece
from ronghe.domain.clinic.services.treating import read_case
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.clinic.acting import acted, asked_words
from ronghe.web.clinic.forms import NoteForm, OutdatedForm, PieceForm
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

EXPORTED = 1000
SHAPES = {
    PieceState.CONSENT: "due",
    PieceState.REVIEW: "attention",
    PieceState.RETURNED: "due",
    PieceState.PUBLISHED: "done",
    PieceState.REFUSED: "waived",
    PieceState.TAKEN_DOWN: "waived",
}


@login_required
def piece_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = page_of(_listed(request, actor, now, page=asked_page(request)))
    words = asked_words(request)
    context = {
        "page": page,
        "lines": [(piece, SHAPES[PieceState(piece.state)]) for piece in page.object_list],
        "fields": [(str(field.pk), field.name) for field in open_fields()],
        "states": PieceState.choices,
        "orders": [("", _("最新")), ("helped", _("帮到人最多"))],
        "to_review": pieces_to_review(actor, now).count(),
        "ask_url": f"{reverse('web:clinic_ask')}?title={words}" if words else reverse("web:clinic_ask"),
        "export_query": asked_filters(request),
    }
    template = "clinic/piece_list.html#rows" if request.htmx else "clinic/piece_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def piece_export(request: HttpRequest) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    listed = _listed(request, actor, now, size=EXPORTED)
    heads = [
        _("题目"),
        _("专业"),
        _("问题"),
        _("怎么解决"),
        _("谁解答"),
        _("帮到几人"),
        _("第几版"),
        _("发布日期"),
        _("过时"),
    ]
    rows = (
        [
            piece.title, piece.field.name, piece.question, piece.answer, piece.expert.name, piece.helped_count,
            piece.number, f"{timezone.localtime(piece.published_at):%Y-%m-%d}" if piece.published_at else "",
            piece.outdated_why,
        ]
        for piece in listed
    )  # fmt: skip
    sheet = SheetOut(_("门诊知识"), heads, rows, [36, 14, 50, 60, 10, 10, 8, 12, 30])
    return excel_answer([sheet], f"{_('门诊知识')}_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def piece_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
def piece_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the case `pk`: its words stand there already, without who asked."""
    actor, now = actor_of(request), timezone.now()
    item = get_object_or_404(cases_seen_by(actor, now), pk=pk)
    PROPOSE.require(actor, item, at=now)
    if item.state not in ANSWERED:
        return redirect("web:clinic_case", pk)
    draft = draft_of(item, read_case(item=item, actor=actor, at=now)[1])
    initial = {"title": draft.title, "question": draft.question, "answer": draft.answer}
    form = PieceForm(request.POST or None, initial=initial)
    made: list[Piece] = []

    def act(person: Person, at: datetime) -> str:
        made.append(propose_piece(item=item, text=form.text(), actor=person, at=at))
        is_own = person.pk == item.raised_by_id
        return _("已推荐，等别人审核。") if is_own else _("已推荐，先等提问人同意。")

    if request.method == "POST" and acted(request, act, "", form):
        return redirect("web:clinic_piece", made[0].pk)
    context = {"form": form, "title": _("推荐成知识"), "item": item}
    return render(request, "clinic/piece_form.html", context, status=422 if form.errors else 200)


@login_required
def piece_edit(request: HttpRequest, pk: int) -> HttpResponse:
    piece = _seen(request, pk)
    WRITE_PIECE.require(actor_of(request), piece, at=timezone.now())
    newest = versions_of(piece)[0]
    initial = {"title": newest.title, "question": newest.question, "answer": newest.answer}
    form = PieceForm(request.POST or None, initial=initial)

    def act(actor: Person, at: datetime) -> None:
        rewrite_piece(piece=piece, text=form.text(), actor=actor, at=at)

    if request.method == "POST" and acted(request, act, _("新的一版已交，等别人审核。"), form):
        return redirect("web:clinic_piece", pk)
    context = {"form": form, "title": _("写新的一版"), "piece": piece, "note": newest.review_note}
    return render(request, "clinic/piece_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def piece_consent(request: HttpRequest, pk: int) -> HttpResponse:
    piece = _seen(request, pk)
    agrees = request.POST.get("agrees") == "1"
    said = _("已同意，审核后公开，不写您的名字。") if agrees else _("已回绝，不会公开。")
    acted(request, lambda actor, at: answer_consent(piece=piece, agrees=agrees, actor=actor, at=at), said)
    return redirect("web:clinic_piece", pk)


@login_required
@require_POST
def piece_take_down(request: HttpRequest, pk: int) -> HttpResponse:
    piece = _seen(request, pk)
    acted(request, lambda actor, at: take_piece_down(piece=piece, actor=actor, at=at), _("已撤下，别人看不到了。"))
    return redirect("web:clinic_piece", pk)


@login_required
@require_POST
def piece_publish(request: HttpRequest, pk: int) -> HttpResponse:
    piece = _seen(request, pk)
    acted(request, lambda actor, at: publish_piece(piece=piece, actor=actor, at=at), _("已发布，大家都能搜到。"))
    return redirect("web:clinic_piece", pk)


@login_required
@require_POST
def piece_return(request: HttpRequest, pk: int) -> HttpResponse:
    piece = _seen(request, pk)
    form = NoteForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        return_piece(piece=piece, note=form.cleaned_data["note"], actor=actor, at=at)

    if acted(request, act, _("已退回修改。"), form):
        return redirect("web:clinic_piece", pk)
    return _show(request, piece, failed=("return", form))


@login_required
@require_POST
def piece_outdated(request: HttpRequest, pk: int) -> HttpResponse:
    piece = _seen(request, pk)
    form = OutdatedForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        mark_outdated(piece=piece, why=form.cleaned_data["why"], actor=actor, at=at)

    if acted(request, act, _("已标过时。"), form):
        return redirect("web:clinic_piece", pk)
    return _show(request, piece, failed=("outdated", form))


@login_required
@require_POST
def piece_current(request: HttpRequest, pk: int) -> HttpResponse:
    piece = _seen(request, pk)
    acted(request, lambda actor, at: mark_current(piece=piece, actor=actor, at=at), _("已改回有效。"))
    return redirect("web:clinic_piece", pk)


@login_required
@require_POST
def piece_helped(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the reader among those whom it helped; the word may be taken back at once."""
    piece, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    try:
        if request.POST.get("undo"):
            unsay_helped(piece=piece, actor=actor, at=now)
            toasts.done(request, _("已收回。"))
        else:
            say_helped(piece=piece, actor=actor, at=now)
            toasts.done(request, _("记下了，只计数，不留您的名字。"))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:clinic_piece", pk)


@login_required
def review_list(request: HttpRequest) -> HttpResponse:
    """Versions that wait for the reader's word, the longest waiting first."""
    rows = pieces_to_review(actor_of(request), timezone.now())
    return render(request, "clinic/review_list.html", {"page": Paginator(rows, 20).get_page(asked_page(request))})


def _listed(request: HttpRequest, actor: Person, now: datetime, **more: Any) -> Any:
    return list_pieces(
        actor, now, words=asked_words(request), field=number_of(request.GET.get("field")),
        state=request.GET.get("state", ""), expert=number_of(request.GET.get("expert")),
        order=request.GET.get("order", ""), **more,
    )  # fmt: skip


def _show(request: HttpRequest, piece: Piece, *, failed: tuple[str, Any] = ("", None)) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    name, refused = failed
    versions = versions_of(piece)
    waiting = next((one for one in versions if one.state == VersionState.REVIEW), None)
    is_published = piece.state == PieceState.PUBLISHED
    may_review = waiting is not None and REVIEW.allows(actor, piece, at=now)
    may_mark = is_published and MARK_OUTDATED.allows(actor, piece, at=now)
    may_write = WRITE_PIECE.allows(actor, piece, at=now)
    is_gone = piece.state in (PieceState.REFUSED, PieceState.TAKEN_DOWN)
    is_asker = AGREE.allows(actor, piece, at=now)
    knows_versions = may_write or may_review or is_asker or may_mark
    context = {
        "piece": piece,
        "shape": SHAPES[PieceState(piece.state)],
        "versions": versions if knows_versions else [],
        "waiting": waiting if may_review or may_write else None,
        "may_review": may_review,
        "note_form": (refused if name == "return" else NoteForm()) if may_review else None,
        "may_write": may_write and not is_gone,
        "may_agree": is_asker and piece.state == PieceState.CONSENT,
        "may_take_down": is_asker and piece.agreed_at is not None,
        "is_own_case": is_asker or piece.expert_id == actor.pk,
        "outdated_form": (refused if name == "outdated" else OutdatedForm())
        if may_mark and piece.outdated_at is None
        else None,
        "may_say_current": may_mark and piece.outdated_at is not None,
        "may_say_helped": is_published and piece.expert_id != actor.pk,
        "was_helped": is_published and was_helped(piece, actor),
        "failed": name,
    }
    return render(request, "clinic/piece_detail.html", context, status=422 if refused is not None else 200)


def _seen(request: HttpRequest, pk: int) -> Piece:
    return get_object_or_404(pieces_seen_by(actor_of(request), timezone.now()), pk=pk)
