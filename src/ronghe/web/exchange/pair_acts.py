"""What is done with a pair's programme: laid down, signed, noted, reviewed, printed."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.exchange.documents import pair_document, review_document
from ronghe.domain.exchange.enums import NoteKind, PairOutcome, PairState
from ronghe.domain.exchange.models import PairProgramme
from ronghe.domain.exchange.rules import KEEP_PAIR
from ronghe.domain.exchange.selectors.pairs import may_judge, pair_view, programme_of
from ronghe.domain.exchange.services.pair_reviews import ReviewText
from ronghe.domain.exchange.services.pair_reviews import review_pair as review
from ronghe.domain.exchange.services.pairs import note_pair, rework_pair, sign_pair, submit_pair
from ronghe.domain.members.models import MentorPair
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.exchange.acting import acted
from ronghe.web.exchange.pair_forms import PairNoteForm, PairReviewForm
from ronghe.web.exchange.pair_views import seen_pair, show_pair
from ronghe.web.files import paper_answer
from ronghe.web.requests import actor_of


@login_required
@require_POST
def pair_submit(request: HttpRequest, pk: int) -> HttpResponse:
    _pair, programme = _seen(request, pk)
    acted(
        request, lambda a, t: submit_pair(programme=programme, actor=a, at=t), _("已送签，师傅、徒弟和见证人在今日看得到。")
    )  # fmt: skip
    return redirect("web:exchange_pair", pk)


@login_required
@require_POST
def pair_rework(request: HttpRequest, pk: int) -> HttpResponse:
    _pair, programme = _seen(request, pk)
    acted(request, lambda a, t: rework_pair(programme=programme, actor=a, at=t), _("已退回修改，改好再送签。"))
    return redirect("web:exchange_pair", pk)


@login_required
@require_POST
def pair_sign(request: HttpRequest, pk: int) -> HttpResponse:
    _pair, programme = _seen(request, pk)
    digest = request.POST.get("digest", "")[:64]
    acted(request, lambda a, t: sign_pair(programme=programme, digest=digest, actor=a, at=t), _("已签字。"))
    return redirect("web:exchange_pair", pk)


@login_required
@require_POST
def pair_note(request: HttpRequest, pk: int) -> HttpResponse:
    pair, programme = _seen(request, pk)
    form = PairNoteForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        given = {**form.cleaned_data, "kind": NoteKind(form.cleaned_data["kind"])}
        note_pair(programme=programme, actor=actor, at=at, **given)

    if acted(request, act, _("已记下。"), form):
        return redirect("web:exchange_pair", pk)
    return show_pair(request, pair, failed=form)


@login_required
def pair_review(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    pair, programme = _seen(request, pk)
    KEEP_PAIR.require(actor, pair, at=now)
    if programme.state != PairState.RUNNING:
        toasts.refused(request, _("现在的状态是“%(state)s”，不能评估。") % {"state": programme.get_state_display()})
        return redirect("web:exchange_pair", pk)
    view = pair_view(programme)
    initial = {
        "held_on": local_day(now), "outcome": PairOutcome.GOES_ON, "mentor_word": view.words_since(pair.mentor_id),
        "apprentice_word": view.words_since(pair.apprentice_id),
    }  # fmt: skip
    initial |= {f"met_{one.goal.number}": one.last is not None and one.last.is_met for one in view.goals}
    form = PairReviewForm(
        request.POST or None,
        goals=[one.goal for one in view.goals],
        concludes=may_judge(pair, actor, now),
        initial=initial,
    )

    def act(person: Person, at: datetime) -> None:
        given = {name: form.cleaned_data[name] for name in ("held_on", "mentor_word", "apprentice_word", "next_step")}
        text = ReviewText(
            outcome=PairOutcome(form.cleaned_data["outcome"]), until_on=form.cleaned_data["until_on"],
            figures=form.figures(), met=form.met(), **given,
        )  # fmt: skip
        review(programme=programme, given=text, actor=person, at=at)

    if request.method == "POST" and acted(request, act, _("评估已记下，计入应办事项。"), form):
        return redirect("web:exchange_pair", pk)
    context = {"form": form, "pair": pair, "programme": programme, "view": view}
    return render(request, "exchange/pair_review.html", context, status=422 if form.errors else 200)


@login_required
def pair_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    _pair, programme = _seen(request, pk)
    try:
        document = pair_document(pair_view(programme), printed_on=local_day(timezone.now()))
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:exchange_pair", pk)
    return paper_answer(request, document, form, source=programme)


@login_required
def reviews_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    _pair, programme = _seen(request, pk)
    try:
        document = review_document(pair_view(programme), printed_on=local_day(timezone.now()))
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:exchange_pair", pk)
    return paper_answer(request, document, form, source=programme)


def _seen(request: HttpRequest, pk: int) -> tuple[MentorPair, PairProgramme]:
    pair = seen_pair(request, pk)
    programme = programme_of(pair)
    if programme is None:
        raise Http404
    return pair, programme
