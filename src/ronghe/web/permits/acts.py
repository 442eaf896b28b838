"""Acts on a permit and at a site: a button where nothing is asked, a form beside which a refusal stands where something is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.permits.calc.profiles import profile_called
from ronghe.domain.permits.enums import MeasureState, PartRole, PermitKind, SignRole, StopReason
from ronghe.domain.permits.models import Permit, PermitSite
from ronghe.domain.permits.selectors.permits import picture_of
from ronghe.domain.permits.selectors.sites import numbers_of, people_offered
from ronghe.domain.permits.services.handing import drop_handover, extend_permit, offer_handover, take_handover
from ronghe.domain.permits.services.requesting import cancel_permit, reissue_permit, reject_permit, submit_permit
from ronghe.domain.permits.services.securing import (
    check_measure,
    confirm_film,
    place_isolation,
    record_gas_test,
    remove_isolation,
)
from ronghe.domain.permits.services.signing import sign_permit
from ronghe.domain.permits.services.sites import appoint_office, end_office, renew_code, set_baseline, set_number
from ronghe.domain.permits.services.watching import (
    clear_alarm,
    declare_activity,
    end_activity,
    raise_alarm,
    read_wind,
)
from ronghe.domain.permits.services.working import (
    activate_permit,
    complete_permit,
    name_coordinator,
    note_guardian,
    resume_permit,
    suspend_permit,
)
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_, _
from ronghe.ui import toasts
from ronghe.web.permits.forms import (
    ActivityForm,
    AlarmForm,
    BaselineForm,
    ExtendForm,
    GasForm,
    HandForm,
    LockForm,
    MeasureForm,
    NoteForm,
    NumberForm,
    OfficeForm,
    PersonForm,
    StopForm,
    WindForm,
    WindowForm,
)
from ronghe.web.permits.presenting import here_code, permit_context
from ronghe.web.permits.views import seen_permit, seen_site, site_context
from ronghe.web.requests import actor_of

Act = Callable[[Permit, Person, datetime], Any]
PLAIN: dict[str, tuple[Callable[..., Any], str]] = {
    "submit": (submit_permit, N_("已提交。")),
    "activate": (activate_permit, N_("已开工。")),
    "resume": (resume_permit, N_("已恢复作业。")),
    "film": (confirm_film, N_("已确认连续监测、全程摄录。")),
}
"""Acts that ask nothing but the permit."""


@login_required
@require_POST
def permit_plain(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    if act not in PLAIN:
        raise Http404
    service, said = PLAIN[act]
    return _act(request, pk, lambda permit, actor, at: service(permit=permit, actor=actor, at=at), _(said))


@login_required
@require_POST
def permit_sign(request: HttpRequest, pk: int) -> HttpResponse:
    posted = request.POST
    if posted.get("role") not in SignRole.values:
        raise Http404
    code = posted.get("code", "").strip() or here_code(request)

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        sign_permit(
            permit=permit, role=SignRole(posted["role"]), office=posted.get("office", "")[:32],
            digest=posted.get("digest", ""), code=code, actor=actor, at=at,
        )  # fmt: skip

    return _act(request, pk, act, _("已签字。"))


@login_required
@require_POST
def permit_close(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    form = NoteForm(request.POST)

    def do(permit: Permit, actor: Person, at: datetime) -> None:
        note = form.cleaned_data["note"]
        if act == "cancel":
            cancel_permit(permit=permit, reason=note, actor=actor, at=at)
        elif act == "reject":
            reject_permit(permit=permit, reason=note, actor=actor, at=at)
        elif act == "complete":
            complete_permit(permit=permit, note=note, actor=actor, at=at)
        else:
            raise Http404

    return _act(request, pk, do, _("已记下。"), form=form)


@login_required
@require_POST
def permit_stop(request: HttpRequest, pk: int) -> HttpResponse:
    form = StopForm(request.POST)

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        suspend_permit(permit=permit, reason=StopReason(typed["reason"]), note=typed["note"], actor=actor, at=at)

    return _act(request, pk, act, _("已叫停。"), form=form)


@login_required
@require_POST
def permit_guardian(request: HttpRequest, pk: int, where: str) -> HttpResponse:
    code = request.POST.get("code", "").strip() or here_code(request)

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        note_guardian(permit=permit, is_here=where == "here", code=code, actor=actor, at=at)

    return _act(request, pk, act, _("已记下到场。") if where == "here" else _("已记下离场，作业中止。"))


@login_required
@require_POST
def permit_reissue(request: HttpRequest, pk: int) -> HttpResponse:
    form = WindowForm(request.POST)
    made: list[Permit] = []

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        made.append(reissue_permit(permit=permit, actor=actor, at=at, **form.cleaned_data))

    answer = _act(request, pk, act, _("新票已填好，请核对后签字。"), form=form)
    return redirect("web:permit_detail", made[0].pk) if made else answer


@login_required
@require_POST
def permit_extend(request: HttpRequest, pk: int) -> HttpResponse:
    form, code = ExtendForm(request.POST), here_code(request) or request.POST.get("code", "")

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        extend_permit(permit=permit, code=code, actor=actor, at=at, **form.cleaned_data)

    return _act(request, pk, act, _("已延期。"), form=form)


@login_required
@require_POST
def permit_gas(request: HttpRequest, pk: int) -> HttpResponse:
    permit = seen_permit(request, pk)
    form = GasForm(request.POST, profile=picture_of(permit, timezone.now()).profile, wanted=())

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        record_gas_test(
            permit=permit, readings=form.readings(), place=typed["place"], taken_at=typed["taken_at"],
            instrument=typed["instrument"], actor=actor, at=at,
        )  # fmt: skip

    return _act(request, pk, act, _("检测已记下。"), form=form)


@login_required
@require_POST
def permit_measure(request: HttpRequest, pk: int, measure: int) -> HttpResponse:
    row = get_object_or_404(seen_permit(request, pk).measures.select_related("permit__site"), pk=measure)
    form = MeasureForm(request.POST)
    if not form.is_valid():
        raise Http404

    def act(_permit: Permit, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        check_measure(measure=row, state=MeasureState(typed["state"]), note=typed["note"], actor=actor, at=at)

    return _act(request, pk, act, _("已记下。"))


@login_required
@require_POST
def permit_isolation(request: HttpRequest, pk: int, isolation: int, act: str) -> HttpResponse:
    row = get_object_or_404(seen_permit(request, pk).isolations.select_related("permit__site"), pk=isolation)
    form = LockForm(request.POST)
    if not form.is_valid() or act not in ("place", "remove"):
        raise Http404

    def do(_permit: Permit, actor: Person, at: datetime) -> None:
        if act == "place":
            place_isolation(isolation=row, lock_no=form.cleaned_data["lock_no"], actor=actor, at=at)
        else:
            remove_isolation(isolation=row, actor=actor, at=at)

    return _act(request, pk, do, _("已记下。"))


@login_required
@require_POST
def permit_coordinator(request: HttpRequest, pk: int) -> HttpResponse:
    form = PersonForm(request.POST, people=people_offered(seen_permit(request, pk).site, timezone.now()))

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        name_coordinator(permit=permit, person=form.cleaned_data["person"], actor=actor, at=at)

    return _act(request, pk, act, _("协调人已定。"), form=form)


@login_required
@require_POST
def permit_hand(request: HttpRequest, pk: int) -> HttpResponse:
    form = HandForm(request.POST, people=people_offered(seen_permit(request, pk).site, timezone.now()))

    def act(permit: Permit, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        offer_handover(
            permit=permit, role=PartRole(typed["role"]), to=typed["person"], note=typed["note"], actor=actor,
            at=at,
        )  # fmt: skip

    return _act(request, pk, act, _("已交出，等对方在现场接班。"), form=form)


@login_required
@require_POST
def permit_take(request: HttpRequest, pk: int, handover: int, act: str) -> HttpResponse:
    row = get_object_or_404(seen_permit(request, pk).handovers.select_related("permit__site"), pk=handover)
    code = request.POST.get("code", "").strip() or here_code(request)
    if act not in ("take", "drop"):
        raise Http404

    def do(_permit: Permit, actor: Person, at: datetime) -> None:
        if act == "take":
            take_handover(handover=row, code=code, actor=actor, at=at)
        else:
            drop_handover(handover=row, actor=actor, at=at)

    return _act(request, pk, do, _("已接班。") if act == "take" else _("已撤回。"))


@login_required
@require_POST
def site_wind(request: HttpRequest, pk: int) -> HttpResponse:
    form = WindForm(request.POST)
    return _at_site(
        request, pk, form, lambda site, actor, at: read_wind(site=site, actor=actor, at=at, **form.cleaned_data)
    )


@login_required
@require_POST
def site_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    form = AlarmForm(request.POST)
    return _at_site(
        request, pk, form, lambda site, actor, at: raise_alarm(site=site, actor=actor, at=at, **form.cleaned_data)
    )


@login_required
@require_POST
def site_clear(request: HttpRequest, pk: int, notice: int) -> HttpResponse:
    row = get_object_or_404(seen_site(request, pk).notices.select_related("site"), pk=notice)
    return _at_site(request, pk, None, lambda _site, actor, at: clear_alarm(notice=row, actor=actor, at=at))


@login_required
@require_POST
def site_activity(request: HttpRequest, pk: int) -> HttpResponse:
    form = ActivityForm(request.POST)

    def act(site: PermitSite, actor: Person, at: datetime) -> None:
        declare_activity(
            site=site, text=form.text(), is_happening=form.cleaned_data["is_happening"], actor=actor, at=at
        )

    return _at_site(request, pk, form, act)


@login_required
@require_POST
def site_end_activity(request: HttpRequest, pk: int, activity: int) -> HttpResponse:
    row = get_object_or_404(seen_site(request, pk).activities.select_related("site"), pk=activity)
    return _at_site(request, pk, None, lambda _site, actor, at: end_activity(activity=row, actor=actor, at=at))


@login_required
@require_POST
def site_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    site = seen_site(request, pk)
    form = OfficeForm(request.POST, profile=profile_called(site.profile), people=people_offered(site, timezone.now()))
    return _at_site(
        request, pk, form, lambda site, actor, at: appoint_office(site=site, actor=actor, at=at, **form.cleaned_data)
    )


@login_required
@require_POST
def site_end_office(request: HttpRequest, pk: int, office: int) -> HttpResponse:
    row = get_object_or_404(seen_site(request, pk).offices.select_related("site"), pk=office)
    return _at_site(request, pk, None, lambda _site, actor, at: end_office(office=row, actor=actor, at=at))


@login_required
@require_POST
def site_number(request: HttpRequest, pk: int) -> HttpResponse:
    form = NumberForm(request.POST, numbers=numbers_of(seen_site(request, pk)))
    return _at_site(
        request, pk, form, lambda site, actor, at: set_number(site=site, actor=actor, at=at, **form.cleaned_data)
    )


@login_required
@require_POST
def site_baseline(request: HttpRequest, pk: int) -> HttpResponse:
    form = BaselineForm(request.POST)

    def act(site: PermitSite, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        set_baseline(
            site=site, kind=PermitKind(typed["kind"]), hours=typed["hours"], source=typed["source"], actor=actor, at=at
        )

    return _at_site(request, pk, form, act)


@login_required
@require_POST
def site_renew_code(request: HttpRequest, pk: int) -> HttpResponse:
    return _at_site(request, pk, None, lambda site, actor, at: renew_code(site=site, actor=actor, at=at))


def _act(request: HttpRequest, pk: int, act: Act, said: str, *, form: Any = None) -> HttpResponse:
    """Do an act; what stands against it is said beside the form, with what was typed, or where the reader looks."""
    permit = seen_permit(request, pk)
    if form is None or form.is_valid():
        try:
            act(permit, actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect("web:permit_detail", pk)
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:permit_detail", pk)
    context = permit_context(request, seen_permit(request, pk), failed=form)
    return render(request, "permits/permit_detail.html", context, status=422)


def _at_site(
    request: HttpRequest, pk: int, form: Any, act: Callable[[PermitSite, Person, datetime], Any]
) -> HttpResponse:
    site = seen_site(request, pk)
    if form is None or form.is_valid():
        try:
            act(site, actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect("web:permit_site", pk)
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已记下。"))
            return redirect("web:permit_site", pk)
    context = site_context(request, seen_site(request, pk), failed=form)
    return render(request, "permits/site_detail.html", context, status=422)
