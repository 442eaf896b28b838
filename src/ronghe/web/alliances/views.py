"""党建联盟: the list, founding one, its page with partners, contacts and experts, and how a partner comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.agreements.selectors import agreements_seen_by
from ronghe.domain.alliances.documents import contact_minutes
from ronghe.domain.alliances.enums import AllianceKind
from ronghe.domain.alliances.models import Alliance, AllianceContact, AllianceExpert, Partner
from ronghe.domain.alliances.rules import SEE_ALLIANCE, SEE_SHARED_LIST
from ronghe.domain.alliances.selectors import (
    JOINED,
    alliances_seen_by,
    bodies_to_found_in,
    filtered_alliances,
    list_alliances,
    partners_of,
)
from ronghe.domain.alliances.services.alliances import (
    add_expert,
    add_partner,
    end_alliance,
    found_alliance,
    read_phone,
    remove_expert,
    withdraw_partner,
)
from ronghe.domain.alliances.services.contacts import hold_contact
from ronghe.domain.alliances.services.invitations import (
    accept_invitation,
    invitation_of,
    invite_partner,
    revoke_way_in,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.alliances.forms import AllianceForm, ComeInForm, ContactHeldForm, ExpertForm, PartnerForm
from ronghe.web.alliances.presenting import alliance_context, contact_shape
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_page, page_of
from ronghe.web.requests import actor_of


@login_required
def alliance_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_alliances(
        actor, now, **_asked(request), order=request.GET.get("sort", "name"), page=asked_page(request)
    )
    context = {
        "page": page_of(listed),
        "lines": [(row, contact_shape(row, local_day(now))) for row in listed.rows],
        "kinds": AllianceKind.choices,
        "asked_text": request.GET.get("q", ""),
        "can_found": bodies_to_found_in(actor, now).exists(),
        "export_query": asked_filters(request),
    }
    part = "#rows" if getattr(request, "htmx", False) else ""
    answer = render(request, f"alliances/alliance_list.html{part}", context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def alliance_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, and the open difficulties of it, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    seen: Any = SEE_SHARED_LIST.narrow(actor, filtered_alliances(**_asked(request)), at=now).order_by("name", "pk")
    heads = [
        _("联盟"),
        _("与谁"),
        _("我方党组织"),
        _("伙伴"),
        _("未办结难题"),
        _("已解决难题"),
        _("下次沟通"),
        _("结束"),
    ]
    lines: Iterator[Sequence[Any]] = (
        [row.name, row.get_kind_display(), row.body.name, row.partner_count, row.open_count, row.resolved_count,
         row.next_contact_on, row.ended_on]
        for row in seen.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("党建联盟"), head=heads, rows=lines, widths=[30, 14, 28, 8, 12, 12, 12, 12])
    return excel_answer([sheet], _("党建联盟") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def alliance_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_found_in(actor, now)
    if not bodies.exists():
        raise Http404
    form = AllianceForm(
        request.POST if request.method == "POST" else None, bodies=bodies, agreements=agreements_seen_by(actor, now),
        initial={"starts_on": local_day(now)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = found_alliance(actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(name)s”已建立，请加伙伴。") % {"name": made.name})
            return redirect("web:alliance_detail", made.pk)
    return render(request, "alliances/alliance_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def alliance_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "alliances/alliance_detail.html", alliance_context(request, seen_alliance(request, pk)))


@login_required
@require_POST
def partner_add(request: HttpRequest, pk: int) -> HttpResponse:
    alliance, form = _inside(request, pk), PartnerForm(request.POST, auto_id="partner_%s")

    def act(actor: Person, at: datetime) -> None:
        add_partner(alliance=alliance, actor=actor, at=at, **form.cleaned_data)

    return act_on(request, alliance, form, act, said=_("伙伴已加入。"))


@login_required
@require_POST
def partner_withdraw(request: HttpRequest, pk: int, partner: int) -> HttpResponse:
    found = _partner(request, pk, partner)

    def act(actor: Person, at: datetime) -> None:
        withdraw_partner(partner=found, actor=actor, at=at)

    return act_on(request, found.alliance, None, act, said=_("伙伴已退出，它的登录已关闭。"))


@login_required
@require_POST
def partner_invite(request: HttpRequest, pk: int, partner: int) -> HttpResponse:
    """Make the link and show it this once; whoever keeps the alliance hands it on."""
    found = _partner(request, pk, partner)
    made, secret = invite_partner(partner=found, actor=actor_of(request), at=timezone.now())
    link = request.build_absolute_uri(reverse("web:alliance_invitation", args=[secret]))
    context = alliance_context(request, found.alliance) | {"invited": found, "link": link, "until": made.expires_at}
    return render(request, "alliances/alliance_detail.html", context)


@login_required
@require_POST
def partner_revoke(request: HttpRequest, pk: int, partner: int) -> HttpResponse:
    found = _partner(request, pk, partner)

    def act(actor: Person, at: datetime) -> None:
        revoke_way_in(partner=found, actor=actor, at=at)

    return act_on(request, found.alliance, None, act, said=_("登录和邀请已收回。"))


@login_required
@require_POST
def partner_phone(request: HttpRequest, pk: int, partner: int) -> HttpResponse:
    """The phone number, on the page once; the look is recorded."""
    found = _partner(request, pk, partner)
    phone = read_phone(partner=found, actor=actor_of(request), at=timezone.now())
    context = alliance_context(request, found.alliance) | {"phone": phone, "phone_of": found.pk}
    return render(request, "alliances/alliance_detail.html", context)


@login_required
@require_POST
def contact_hold(request: HttpRequest, pk: int) -> HttpResponse:
    alliance = _inside(request, pk)
    form = ContactHeldForm(request.POST, partners=partners_of(alliance), auto_id="contact_%s")

    def act(actor: Person, at: datetime) -> None:
        given = dict(form.cleaned_data)
        given["partners"] = list(given["partners"])
        hold_contact(alliance=alliance, actor=actor, at=at, **given)

    return act_on(request, alliance, form, act, said=_("已记下，应办的联盟沟通同时办结。"))


@login_required
def contact_paper(request: HttpRequest, pk: int, contact: int, form: str) -> HttpResponse:
    alliance = _inside(request, pk)
    found = get_object_or_404(alliance.contacts.select_related("alliance__body"), pk=contact)
    rows = (
        alliance.difficulties.filter(raised_at__lte=found.recorded_at).select_related(*JOINED).order_by("due_on", "pk")
    )
    name = f"{alliance.name}{_('沟通纪要')}{found.day:%Y%m%d}"
    return paper_answer(request, contact_minutes(found, list(rows)), form, source=found, name=name)


@login_required
@require_POST
def expert_add(request: HttpRequest, pk: int) -> HttpResponse:
    alliance, form = _inside(request, pk), ExpertForm(request.POST, auto_id="expert_%s")

    def act(actor: Person, at: datetime) -> None:
        add_expert(alliance=alliance, actor=actor, at=at, **form.cleaned_data)

    return act_on(request, alliance, form, act, said=_("专家已列入。"))


@login_required
@require_POST
def expert_remove(request: HttpRequest, pk: int, expert: int) -> HttpResponse:
    alliance = _inside(request, pk)
    found = get_object_or_404(AllianceExpert.objects.select_related("alliance"), pk=expert, alliance=alliance)

    def act(actor: Person, at: datetime) -> None:
        remove_expert(expert=found, actor=actor, at=at)

    return act_on(request, alliance, None, act, said=_("已从专家名单去掉。"))


@login_required
@require_POST
def alliance_end(request: HttpRequest, pk: int) -> HttpResponse:
    alliance = _inside(request, pk)

    def act(actor: Person, at: datetime) -> None:
        end_alliance(alliance=alliance, actor=actor, at=at)

    return act_on(request, alliance, None, act, said=_("联盟已结束，记录都在。"))


def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """A partner's contact makes the own log-in; nobody is logged in here yet."""
    now = timezone.now()
    found = invitation_of(secret, now)
    form = ComeInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login, password = form.cleaned_data["login"], form.cleaned_data["password"]
        try:
            accept_invitation(secret=secret, login=login, password=password, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("登录已开通，请登录。"))
            return redirect("web:login")
    context = {"form": form, "partner": found.partner, "alliance": found.partner.alliance}
    return render(request, "alliances/invitation.html", context, status=422 if form.errors else 200)


@login_required
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from what a contact met, a duty say, to its place in the alliance."""
    found = get_object_or_404(AllianceContact, pk=pk, alliance__in=alliances_seen_by(actor_of(request), timezone.now()))
    return redirect(reverse("web:alliance_detail", args=[found.alliance_id]) + f"#contact-{found.pk}")


def act_on(
    request: HttpRequest, alliance: Alliance, form: Any, act: Callable[[Person, datetime], None], *, said: str
) -> HttpResponse:
    """Do one act on an alliance; what stands against it is said beside the form, with what was typed."""
    if form is None or form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except DomainError as error:
            if form is None or isinstance(error, NotAllowed):
                raise
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:alliance_detail", alliance.pk)
    return render(
        request, "alliances/alliance_detail.html", alliance_context(request, alliance, failed=form), status=422
    )


def seen_alliance(request: HttpRequest, pk: int) -> Alliance:
    """Return the alliance, as far as the reader sees its shared list."""
    return get_object_or_404(alliances_seen_by(actor_of(request), timezone.now()), pk=pk)


def _inside(request: HttpRequest, pk: int) -> Alliance:
    rows = SEE_ALLIANCE.narrow(actor_of(request), Alliance.objects.select_related("body"), at=timezone.now())
    return get_object_or_404(rows, pk=pk)


def _partner(request: HttpRequest, pk: int, partner: int) -> Partner:
    rows = partners_of(_inside(request, pk)).select_related("alliance__body", "person")
    return get_object_or_404(rows, pk=partner)


def _asked(request: HttpRequest) -> dict[str, Any]:
    kind, state = request.GET.get("kind", ""), request.GET.get("over", "")
    return {
        "words": request.GET.get("q", "").strip()[:40],
        "kind": kind if kind in AllianceKind.values else "",
        "is_over": None if state == "all" else state == "1",
    }
