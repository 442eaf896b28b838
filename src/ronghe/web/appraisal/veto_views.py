"""一票否决: listed, raised with evidence, reviewed by another, lifted."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.enums import VETO_FLOW, VetoState
from ronghe.domain.appraisal.models import VetoCase
from ronghe.domain.appraisal.rules import RAISE_VETO, REVIEW_VETO
from ronghe.domain.appraisal.selectors.vetoes import bodies_to_veto, list_vetoes, veto_file_of, veto_kinds, veto_seen_by
from ronghe.domain.appraisal.services.vetoes import add_veto_files, lift_veto, raise_veto, review_veto
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.work.services.files import ArrivedFile, Upload, arrived_file
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_
from ronghe.ui import toasts
from ronghe.web.appraisal.input_forms import VetoFilesForm, VetoForm, VetoLiftForm, VetoReviewForm, one_year_after
from ronghe.web.paging import asked_page, page_of
from ronghe.web.partylife.acting import stored_answer
from ronghe.web.requests import actor_of

MARKS = {
    VetoState.RAISED: "due",
    VetoState.IN_FORCE: "failed",
    VetoState.REFUSED: "waived",
    VetoState.LIFTED: "done",
}


class NobodyOfThatName(DomainError):
    code = "nobody_of_that_name"
    sentence = N_("没有找到“%(who)s”，或同名的不止一人：请写员工号。")
    status = 422


@login_required
def veto_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    state = request.GET.get("state", "")
    listed = list_vetoes(actor, now, state=state if state in VetoState.values else "", page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(case, title_of_veto(case), MARKS[VetoState(case.state)]) for case in listed],
        "states": [("", _("全部")), *((value, str(label)) for value, label in VetoState.choices)],
        "can_raise": bodies_to_veto(actor, now).exists(),
        "is_filtered": bool(state),
    }
    template = "appraisal/veto_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def veto_raise(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_veto(actor, now)
    if not bodies.exists():
        raise NotAllowed(permission="appraisal.raise_veto")
    today = timezone.localdate(now)
    kinds = [(kind.id, kind.here) for kind in veto_kinds().values()]
    known = {"happened_on": today, "until_on": one_year_after(today)}
    form = VetoForm(request.POST or None, request.FILES or None, kinds=kinds, bodies=bodies, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            person = _person(actor, form.cleaned_data["person"])
            case = raise_veto(person=person, files=_files(form), actor=actor, at=now, **form.said())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已提出，等另一人复核。"))
            return redirect("web:veto_detail", case.pk)
    return render(request, "appraisal/veto_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def veto_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    return render(request, "appraisal/veto_detail.html", _context(veto_seen_by(actor, pk, now), actor))


@login_required
@require_POST
def veto_files(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    case, form = veto_seen_by(actor, pk, now), VetoFilesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_veto_files(case=case, files=_files(form), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("材料已附上。"))
            return redirect("web:veto_detail", pk)
    return render(request, "appraisal/veto_detail.html", _context(case, actor) | {"files_form": form}, status=422)


@login_required
def veto_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file that shows what a veto is raised for, in a box of its own."""
    found = veto_file_of(veto_seen_by(actor_of(request), pk, timezone.now()), file)
    return stored_answer(found.file if found is not None else None)


@login_required
@require_POST
def veto_review(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    case, form = veto_seen_by(actor, pk, now), VetoReviewForm(request.POST)
    if form.is_valid():
        try:
            review_veto(case=case, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已复核。"))
            return redirect("web:veto_detail", pk)
    return render(request, "appraisal/veto_detail.html", _context(case, actor) | {"review_form": form}, status=422)


@login_required
@require_POST
def veto_lift(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    case, form = veto_seen_by(actor, pk, now), VetoLiftForm(request.POST)
    if form.is_valid():
        try:
            lift_veto(case=case, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已解除。已定稿的考评不变，要改就发起更正。"))
            return redirect("web:veto_detail", pk)
    return render(request, "appraisal/veto_detail.html", _context(case, actor) | {"lift_form": form}, status=422)


def title_of_veto(case: VetoCase) -> str:
    return in_language({"zh": case.title_zh, "en": case.title_en})


def _context(case: VetoCase, actor: Person) -> dict[str, Any]:
    now = timezone.now()
    other = actor.pk not in {case.raised_by_id, case.person_id} and REVIEW_VETO.allows(actor, case, at=now)
    lift = VetoLiftForm(initial={"from_on": timezone.localdate(now)})
    return {
        "case": case,
        "title": title_of_veto(case),
        "state": MARKS[VetoState(case.state)],
        "review_form": VetoReviewForm() if other and VETO_FLOW.allows(case, "confirm") else None,
        "lift_form": lift if other and VETO_FLOW.allows(case, "lift") else None,
        "files": case.files.order_by("pk"),
        "files_form": VetoFilesForm()
        if case.state == VetoState.RAISED and RAISE_VETO.allows(actor, case.body, at=now)
        else None,
        "waits_for_another": case.state == VetoState.RAISED and not other,
    }


def _files(form: Any) -> list[ArrivedFile]:
    return [arrived_file(Upload(one.name or "", one)) for one in form.cleaned_data["papers"] or ()]


def _person(actor: Person, who: str) -> Person | None:
    """Return the person who was typed by name or staff number, if any.

    :raises NobodyOfThatName: none, or several
    """
    if not who.strip():
        return None
    people = people_seen_by(actor, timezone.now())
    found = list(people.filter(staff_number=who.strip())[:2]) or list(people.filter(name=who.strip())[:2])
    if len(found) != 1:
        raise NobodyOfThatName(who=who.strip())
    return found[0]
