"""传帮带: the list of pairs, pairing two people, a pair's page and its programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.exchange.enums import PairRole, PairState
from ronghe.domain.exchange.models import PairProgramme
from ronghe.domain.exchange.rules import KEEP_PAIR, SIGN_PAIR
from ronghe.domain.exchange.selectors.circles import first_witness, home_of, witnesses_of
from ronghe.domain.exchange.selectors.pairs import (
    OVERDUE,
    WITHOUT,
    counts_of,
    is_overdue,
    list_pairs,
    pair_view,
    pairs_seen_by,
    people_to_pair,
    programme_of,
    role_in,
)
from ronghe.domain.exchange.services.pairs import PairWithoutBody, ProgrammeOfPair, draft_pair
from ronghe.domain.members.enums import MentorKind
from ronghe.domain.members.models import MentorPair
from ronghe.domain.members.services.mentors import pair_mentor
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.exchange.acting import acted, asked_words
from ronghe.web.exchange.pair_forms import PairForm, PairNoteForm, PairProgrammeForm, default_span
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

PAIR_SHAPES = {
    PairState.DRAFT: "upcoming",
    PairState.SIGNING: "due",
    PairState.RUNNING: "running",
    PairState.PASSED: "done",
    PairState.ENDED: "waived",
}
EXPORTED = 1000


@login_required
def pair_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, kind, state = asked_words(request), request.GET.get("kind", ""), request.GET.get("state", "")
    kind = kind if kind in MentorKind.values else ""
    state = state if state in {WITHOUT, OVERDUE, *PairState.values} else ""
    page = page_of(list_pairs(actor, now, words=words, kind=kind, state=state, page=asked_page(request)))
    context: dict[str, Any] = {
        "page": page, "lines": [_line(pair, now) for pair in page.object_list], "kinds": MentorKind.choices,
        "states": [(WITHOUT, _("没有培养计划")), (OVERDUE, _("评估逾期")), *PairState.choices],
        "is_filtered": bool(words or kind or state),
    }  # fmt: skip
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "counts": counts_of(actor, now),
            "can_pair": people_to_pair(actor, now).exclude(pk=actor.pk).exists(),
        }
    template = "exchange/pair_list.html#rows" if request.htmx else "exchange/pair_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def pair_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    state = request.GET.get("state", "")
    listed = list_pairs(
        actor, now, words=asked_words(request), kind=request.GET.get("kind", ""),
        state=state if state in {WITHOUT, OVERDUE, *PairState.values} else "", size=EXPORTED,
    )  # fmt: skip
    heads = [
        _("师傅"),
        _("徒弟"),
        _("哪一种"),
        _("带什么"),
        _("从哪一天"),
        _("培养计划"),
        _("最后一天"),
        _("下次评估"),
        _("评估次数"),
    ]
    table: Iterator[Sequence[Any]] = (
        [pair.mentor.name, pair.apprentice.name, str(MentorKind(pair.kind).label), pair.topic, pair.valid_from,
         programme.get_state_display() if programme else _("没有"), programme.until_on if programme else pair.planned_until,
         programme.review_on if programme else None, reviewed]
        for pair, programme, _shape, _late, reviewed in (_line(row, now) for row in listed.rows)
    )  # fmt: skip
    sheet = SheetOut(title=_("传帮带"), head=heads, rows=table, widths=[10, 10, 10, 24, 12, 12, 12, 12, 9])
    return excel_answer([sheet], _("传帮带") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def pair_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    apprentices = people_to_pair(actor, now)
    if not apprentices.exclude(pk=actor.pk).exists():
        raise NotAllowed
    initial: dict[str, Any] = {"since": local_day(now), "kind": MentorKind.APPRENTICESHIP}
    initial |= {name: request.GET[name] for name in ("mentor", "apprentice") if request.GET.get(name)}
    form = PairForm(request.POST or None, apprentices=apprentices, mentors=people_seen_by(actor, now), initial=initial)
    made: list[MentorPair] = []

    def act(person: Person, at: datetime) -> None:
        given = {**form.cleaned_data, "kind": MentorKind(form.cleaned_data["kind"])}
        made.append(pair_mentor(actor=person, at=at, **given))

    if request.method == "POST" and acted(request, act, _("已结对，接着定培养计划。"), form):
        return redirect("web:exchange_pair_edit", made[0].pk)
    return render(request, "exchange/pair_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def pair_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show_pair(request, seen_pair(request, pk))


@login_required
def pair_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    pair = seen_pair(request, pk)
    KEEP_PAIR.require(actor, pair, at=now)
    programme, today = programme_of(pair), local_day(now)
    body = home_of(pair.apprentice, today)
    if body is None:
        toasts.refused(request, str(PairWithoutBody(name=pair.apprentice.name)))
        return redirect("web:exchange_pair", pk)
    if programme is not None and programme.state != PairState.DRAFT:
        return redirect("web:exchange_pair", pk)
    if programme is not None:
        initial = {
            "starts_on": programme.starts_on, "until_on": programme.until_on, "text": programme.text,
            "review_months": programme.review_months, "witness": programme.witness_id,
            **PairProgrammeForm.initial_goals(list(programme.goals.order_by("number"))),
        }  # fmt: skip
    else:
        witness = first_witness(body, today, besides=(pair.mentor_id, pair.apprentice_id))
        starts_on, until_on = default_span(pair.valid_from, pair.planned_until)
        initial = {
            "starts_on": starts_on, "until_on": until_on, "review_months": key_of("mentor_review_months", body, today),
            "witness": witness.pk if witness is not None else None, "what_1": pair.goal or "",
        }  # fmt: skip
    witnesses = witnesses_of(body, today).exclude(pk__in=[pair.mentor_id, pair.apprentice_id])
    form = PairProgrammeForm(request.POST or None, witnesses=witnesses, initial=initial)

    def act(person: Person, at: datetime) -> None:
        given = {
            name: form.cleaned_data[name] for name in ("starts_on", "until_on", "witness", "text", "review_months")
        }
        draft_pair(pair=pair, given=ProgrammeOfPair(goals=form.goals(), **given), actor=person, at=at)

    if request.method == "POST" and acted(request, act, _("培养计划已存，看过就送签。"), form):
        return redirect("web:exchange_pair", pk)
    context = {"form": form, "pair": pair, "body": body, "goal_rows": list(form.rows())}
    return render(request, "exchange/pair_programme_form.html", context, status=422 if form.errors else 200)


@login_required
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A pair's programme stands on the pair's page."""
    programme = get_object_or_404(PairProgramme, pk=pk)
    return redirect("web:exchange_pair", seen_pair(request, programme.pair_id).pk)


def seen_pair(request: HttpRequest, pk: int) -> MentorPair:
    return get_object_or_404(pairs_seen_by(actor_of(request), timezone.now()), pk=pk)


def show_pair(request: HttpRequest, pair: MentorPair, *, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    programme = programme_of(pair)
    may_keep = KEEP_PAIR.allows(actor, pair, at=now)
    context: dict[str, Any] = {
        "pair": pair, "kind": MentorKind(pair.kind).label, "programme": programme, "may_keep": may_keep,
        "is_parted": pair.valid_until is not None and pair.valid_until <= today,
    }  # fmt: skip
    if programme is not None:
        view = pair_view(programme)
        role = role_in(programme, actor)
        signed = view.signatures.get(role.value) if role is not None else None
        people = {
            PairRole.MENTOR: pair.mentor,
            PairRole.APPRENTICE: pair.apprentice,
            PairRole.WITNESS: programme.witness,
        }
        takes_part = SIGN_PAIR.allows(actor, pair, at=now)
        is_running = programme.state == PairState.RUNNING
        context |= {
            "view": view, "shape": PAIR_SHAPES[PairState(programme.state)],
            "signers": [(one.label, people[one], view.signatures.get(one.value)) for one in PairRole],
            "is_draft": programme.state == PairState.DRAFT, "is_signing": programme.state == PairState.SIGNING,
            "is_running": is_running, "may_sign": role is not None and signed is None,
            "may_rework": takes_part or may_keep, "may_note": is_running and (takes_part or may_keep),
            "is_late": is_overdue(programme, today),
            "note_form": failed or PairNoteForm(initial={"day": today}), "failed": failed is not None,
        }  # fmt: skip
    return render(request, "exchange/pair_detail.html", context, status=422 if failed is not None else 200)


def _line(pair: MentorPair, now: datetime) -> tuple[MentorPair, Any, str, bool, int]:
    programme: Any = programme_of(pair)
    shape = PAIR_SHAPES[PairState(programme.state)] if programme is not None else "attention"
    counted: Any = pair
    return pair, programme, shape, is_overdue(programme, local_day(now)), counted.reviewed
