"""流动党员: whom the platform found, whom somebody looks after here, who is away, and what waits for the home branch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ronghe.domain.floating.documents import letter_document, slip_document
from ronghe.domain.floating.enums import STAY_FLOW, StayDirection, StayState
from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.rules import ANSWER_STAY, SEE_STAY, TEND_STAY
from ronghe.domain.floating.selectors import (
    away_lines,
    bodies_above,
    branches_to_agree_on,
    candidates,
    contact_due_on,
    floating_branches,
    gathered_places,
    hosts,
    kept_slip,
    members_at_home,
    slip_lines,
    stays_seen_by,
    stays_to_answer,
)
from ronghe.domain.floating.services.away import agree_sides, note_away, note_contact
from ronghe.domain.floating.services.stays import (
    acknowledge_slip,
    acknowledge_stay,
    attach_many,
    attach_stay,
    dismiss_stay,
    end_stay,
    find_by_hand,
    inform_home,
    verify_stay,
)
from ronghe.domain.org.enums import HOME_KINDS, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import units_seen_by
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.printing import PaperForm
from ronghe.kernel.sealed import open_text
from ronghe.ui import toasts
from ronghe.web.files import paper_answer
from ronghe.web.floating.forms import (
    AttachForm,
    AwayForm,
    ContactForm,
    DayForm,
    FoundForm,
    HandForm,
    HomeForm,
    ReasonForm,
    SidesForm,
)
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

SHOWN = 60
"""Candidates and waiting stays on one page at most; the rest follow when these are done."""
STATES = [
    ("open", gettext_lazy("在办")),
    (StayState.FOUND.value, gettext_lazy("待核实")),
    (StayState.LEFT.value, gettext_lazy("已离场")),
    ("all", gettext_lazy("全部")),
]
SHAPES = {
    StayState.FOUND: "due",
    StayState.VERIFIED: "running",
    StayState.ATTACHED: "done",
    StayState.AWAY: "running",
    StayState.LEFT: "waived",
    StayState.DISMISSED: "waived",
}
IN_HAND = (StayState.FOUND, StayState.VERIFIED, StayState.ATTACHED)


@login_required
def stay_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows: Any = FloatingStay.objects.filter(direction=StayDirection.INCOMING)
    state = request.GET.get("state", "open")
    if state in StayState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=IN_HAND)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(person__name__contains=text)
    rows = rows.select_related("person", "body", "unit", "home_branch")
    listed = list_seen(SEE_STAY, actor, rows, order_by=["-found_on"], at=now, page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(stay, SHAPES[StayState(stay.state)]) for stay in listed.rows],
        "states": STATES,
        "asked_text": request.GET.get("q", ""),
    }
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "floating/stay_list.html#rows", context)
    else:
        answer = render(request, "floating/stay_list.html", context | _waiting(actor, now))
    answer["Vary"] = "HX-Request"
    return answer


@login_required
@require_POST
def stays_found(request: HttpRequest) -> HttpResponse:
    """Register the chosen people, one or many, and attach them where a home contact was given."""
    actor, now = actor_of(request), timezone.now()
    form = FoundForm(request.POST, bodies=hosts(actor, now))
    chosen = [int(key) for key in request.POST.getlist("chosen") if key.isascii() and key.isdigit() and len(key) < 19]
    people = list(candidates(actor, now).filter(pk__in=chosen))
    if not people:
        toasts.refused(request, _("请先勾选人员。"))
        return redirect("web:floating")
    if form.is_valid():
        try:
            stays = attach_many(
                people=people, body=form.cleaned_data["body"], home=form.home, since=local_day(now), actor=actor, at=now
            )
        except DomainError as error:
            toasts.refused(request, str(error))
        else:
            attached = sum(stay.state == StayState.ATTACHED for stay in stays)
            said = _("已登记 %(count)s 人，其中编入 %(attached)s 人。") % {"count": len(stays), "attached": attached}
            toasts.done(request, said)
    else:
        toasts.refused(request, _("请选编入哪里。"))
    return redirect("web:floating")


@login_required
def stay_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = hosts(actor, now)
    if not bodies.exists():
        raise Http404
    form = HandForm(request.POST or None, bodies=bodies, units=units_seen_by(actor, now), branches=_branches(now))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            stay = find_by_hand(
                name=said["person_name"], unit=said["unit"], body=said["body"], status=said["status"], home=form.home,
                actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记%(name)s，请与原支部核实。") % {"name": stay.person.name})
            return redirect("web:floating_detail", stay.pk)
    return render(request, "floating/stay_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def stay_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "floating/stay_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def stay_verify(request: HttpRequest, pk: int) -> HttpResponse:
    form = HomeForm(request.POST, branches=_branches(timezone.now()))

    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        verify_stay(stay=stay, home=form.home, on=local_day(at), actor=actor, at=at)

    return _act(request, pk, form, act, said=_("已核实，可以编入。"))


@login_required
@require_POST
def stay_attach(request: HttpRequest, pk: int) -> HttpResponse:
    form = AttachForm(request.POST, bodies=hosts(actor_of(request), timezone.now()))

    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        attach_stay(stay=stay, actor=actor, at=at, **form.cleaned_data)

    return _act(request, pk, form, act, said=_("已编入。请告知原党支部。"))


@login_required
@require_POST
def stay_inform(request: HttpRequest, pk: int) -> HttpResponse:
    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        inform_home(stay=stay, actor=actor, at=at)

    return _act(request, pk, None, act, said=_("已记为发函。"))


@login_required
@require_POST
def stay_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        acknowledge_stay(stay=stay, actor=actor, at=at)

    return _act(request, pk, None, act, said=_("已确认知悉。"))


@login_required
@require_POST
def stay_contact(request: HttpRequest, pk: int) -> HttpResponse:
    form = ContactForm(request.POST)

    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        note_contact(stay=stay, actor=actor, at=at, **form.cleaned_data)

    return _act(request, pk, form, act, said=_("已登记联系。"))


@login_required
@require_POST
def stay_end(request: HttpRequest, pk: int) -> HttpResponse:
    form = DayForm(request.POST)

    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        end_stay(stay=stay, on=form.cleaned_data["on"], actor=actor, at=at)

    return _act(request, pk, form, act, said=_("已办结。"))


@login_required
@require_POST
def slip_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        acknowledge_slip(stay=stay, actor=actor, at=at)

    return _act(request, pk, None, act, said=_("回执已收。"))


@login_required
@require_POST
def stay_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(stay: FloatingStay, actor: Person, at: datetime) -> None:
        dismiss_stay(stay=stay, reason=form.cleaned_data["reason"], actor=actor, at=at)

    return _act(request, pk, form, act, said=_("已登记为不属于流动党员。"))


@login_required
def stay_paper(request: HttpRequest, pk: int, paper: str, form: str) -> HttpResponse:
    """The letter to the home branch, or the return slip, to print and sign."""
    if paper not in {"letter", "slip"} or form not in list(PaperForm):
        raise Http404
    stay = _seen(request, pk)
    if paper == "letter":
        document = letter_document(stay, issued_on=local_day(timezone.now()))
        title = _("流入函")
    else:
        document, title = slip_document(stay), _("离场回执")
    return paper_answer(request, document, form, source=stay, name=f"{title}_{stay.person.name}")


@login_required
def away_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    only_due = bool(request.GET.get("due"))
    lines = away_lines(actor, now, only_due=only_due)
    context = {"lines": lines, "may_register": members_at_home(actor, now).exists()}
    return render(request, "floating/away_list.html", context)


@login_required
def away_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    people = members_at_home(actor, now)
    if not people.exists():
        raise Http404
    form = AwayForm(request.POST or None, people=people, initial={"since": local_day(now)})
    if request.method == "POST" and form.is_valid():
        try:
            stay = note_away(body=_home(form.cleaned_data["person"], now), actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记%(name)s外出。") % {"name": stay.person.name})
            return redirect("web:floating_away")
    return render(request, "floating/away_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def sides_create(request: HttpRequest, pk: int) -> HttpResponse:
    """The two sides of a branch of floating members (PO-07)."""
    actor, now = actor_of(request), timezone.now()
    branch = get_object_or_404(branches_to_agree_on(actor, now), pk=pk)
    form = SidesForm(request.POST or None, hosts=bodies_above(branch), initial={"on": local_day(now)})
    if request.method == "POST" and form.is_valid():
        try:
            agree_sides(body=branch, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记，可以编入流动党员了。"))
            return redirect("web:floating")
    context = {"form": form, "branch": branch}
    return render(request, "floating/sides_form.html", context, status=422 if form.errors else 200)


def _waiting(actor: Person, now: datetime) -> dict[str, Any]:
    """What waits for the reader beside the list itself."""
    bodies = hosts(actor, now)
    found = list(candidates(actor, now)[:SHOWN]) if bodies.exists() else []
    return {
        "found": found,
        "found_form": FoundForm(bodies=bodies),
        "to_answer": list(stays_to_answer(actor, now)[:SHOWN]),
        "due": away_lines(actor, now, only_due=True),
        "gathered": gathered_places(actor, now),
        "branches": floating_branches(actor, now),
        "may_register": bodies.exists(),
    }


def _act(
    request: HttpRequest, pk: int, form: Any, act: Callable[[FloatingStay, Person, datetime], None], *, said: str
) -> HttpResponse:
    """Do one act on a stay; what stands against it is said beside the form, with what was typed."""
    stay = _seen(request, pk)
    if form is not None and not form.is_valid():
        return render(request, "floating/stay_detail.html", _context(request, stay, failed=form), status=422)
    try:
        act(stay, actor_of(request), timezone.now())
    except DomainError as error:
        if form is None or isinstance(error, NotAllowed):
            raise
        form.add_error(None, str(error))
        return render(
            request, "floating/stay_detail.html", _context(request, _seen(request, pk), failed=form), status=422
        )
    toasts.done(request, said)
    return redirect("web:floating_detail", pk)


def _seen(request: HttpRequest, pk: int) -> FloatingStay:
    return get_object_or_404(stays_seen_by(actor_of(request), timezone.now()).select_related("membership"), pk=pk)


def _context(request: HttpRequest, stay: FloatingStay, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    may_tend = TEND_STAY.allows(actor, stay, at=now)
    may_answer = ANSWER_STAY.allows(actor, stay, at=now) if stay.home_branch_id is not None else may_tend
    contacts = list(stay.contacts.select_related("contacted_by").order_by("-contacted_on", "-pk"))
    is_here = stay.state == StayState.ATTACHED and stay.attached_on is not None
    forms = {
        "home_form": HomeForm(
            branches=_branches(now), initial={"branch": stay.home_branch_id, "name": stay.home_branch_name}
        ),
        "attach_form": AttachForm(bodies=hosts(actor, now), initial={"body": stay.body_id, "since": day}),
        "contact_form": ContactForm(initial={"on": day}),
        "end_form": DayForm(initial={"on": day}),
        "reason_form": ReasonForm(),
    }
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    return forms | {
        "stay": stay, "shape": SHAPES[StayState(stay.state)], "may_tend": may_tend,
        "is_incoming": stay.direction == StayDirection.INCOMING,
        "phone": open_text(stay.home_phone_sealed) if may_tend and stay.home_phone_sealed else "",
        "may_verify": may_tend and STAY_FLOW.allows(stay, "verify"),
        "may_attach": may_tend and STAY_FLOW.allows(stay, "attach"),
        "may_end": may_tend and STAY_FLOW.allows(stay, "leave"),
        "may_dismiss": may_tend and STAY_FLOW.allows(stay, "dismiss"),
        "may_inform": may_tend and is_here and stay.informed_at is None,
        "may_acknowledge": may_answer and stay.informed_at is not None and stay.acknowledged_at is None,
        "may_take_slip": may_answer and stay.slip is not None and stay.slip_acknowledged_at is None,
        "contacts": contacts,
        "due_on": contact_due_on(stay, contacts[0].contacted_on if contacts else None),
        "records": slip_lines(stay.person, stay.body, stay.attached_on, day) if is_here and stay.attached_on else kept_slip(stay),
        "is_here": is_here,
    }  # fmt: skip


def _branches(now: datetime) -> Any:
    """The branches of this platform that can be somebody's home, by name: which one it is, is no secret."""
    return PartyOrg.objects.filter(on_day(local_day(now)), kind__in=HOME_KINDS).order_by("name", "pk")


def _home(person: Person, now: datetime) -> PartyOrg:
    home = Membership.objects.filter(on_day(local_day(now)), person=person, kind=MembershipKind.HOME)
    return home.select_related("body").get().body
