"""亮身份、亮标准: a member's card, its badge on paper, the page behind the badge's code, standards of posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.selectors.stars import latest_star
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.org.enums import HOME_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.shows.documents import badges_pdf
from ronghe.domain.shows.enums import BadgePart, BadgeState, PromiseState
from ronghe.domain.shows.models import Badge
from ronghe.domain.shows.rules import ISSUE_BADGE, ISSUE_BADGES, SET_STANDARD
from ronghe.domain.shows.selectors.badges import (
    badge_of,
    badges_in,
    badges_of,
    consent_of,
    faces_of,
    public_face,
)
from ronghe.domain.shows.selectors.cards import card_of, people_with_card, standards_seen
from ronghe.domain.shows.services.badges import agree_badge, issue_badge, issue_badges, renew_badge, withdraw_badge
from ronghe.domain.shows.services.standards import set_standard
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.web.appraisal.presenting import stars_of
from ronghe.web.files import file_answer
from ronghe.web.honours.presenting import plain_act
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.paging import number_of
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of
from ronghe.web.shows.forms import AgreeForm, RenewForm, StandardForm

SHAPES = {
    PromiseState.OPEN: "running", PromiseState.OVERDUE: "failed", PromiseState.REPORTED: "attention",
    PromiseState.KEPT: "done", PromiseState.NOT_KEPT: "failed",
}  # fmt: skip
PDF = "application/pdf"
ANSWERS = {BadgeState.SHOWN: 200, BadgeState.HIDDEN: 200, BadgeState.STOPPED: 410}


@login_required
def own_card(request: HttpRequest) -> HttpResponse:
    return redirect("web:show_card", actor_of(request).pk)


@login_required
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """What a member shows; what the badge shows is said by the bearer alone."""
    actor, now = actor_of(request), timezone.now()
    person = _seen(request, pk)
    found, is_own = card_of(person, local_day(now), now), actor.pk == person.pk
    consent, issues = consent_of(person), person.is_party_member and ISSUE_BADGE.allows(actor, person, at=now)
    badges = badges_of(person) if issues else []
    held = next((row for row in badges if row.stopped_at is None), None)
    parts = consent.parts if consent is not None else []
    context = {
        "card": found, "is_own": is_own, "consent": consent, "can_issue": issues, "badge": held,
        "promises": [(one, SHAPES[one.state]) for one in found.promises],
        "stopped": [row for row in badges if row.stopped_at is not None],
        "check_url": _address(request, held) if held is not None else "",
        "form": AgreeForm(initial={"parts": parts}) if is_own and person.is_party_member else None,
        "agreed": [str(BadgePart(part).label) for part in parts],
        "star": _star(person) if is_own or BadgePart.STARS in parts else None,
    }  # fmt: skip
    return render(request, "shows/card.html", context)


@login_required
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return plain_act(
        request,
        lambda a, t: agree_badge(person=a, parts=request.POST.getlist("parts"), actor=a, at=t),
        _("已同意，扫胸牌的人能看到所选内容。"), "web:show_card", actor.pk,
    )  # fmt: skip


@login_required
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return plain_act(
        request, lambda a, t: withdraw_badge(person=a, actor=a, at=t), _("已撤回，扫胸牌的人看不到您的任何内容。"),
        "web:show_card", actor.pk,
    )  # fmt: skip


@login_required
@require_POST
def badge_issue(request: HttpRequest, pk: int) -> HttpResponse:
    person = _seen(request, pk)
    return plain_act(
        request, lambda a, t: issue_badge(person=person, actor=a, at=t), _("已发放，可以打印。"), "web:show_card", pk
    )  # fmt: skip


@login_required
def badge_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The badge in card size."""
    person = _seen(request, pk)
    ISSUE_BADGE.require(actor_of(request), person)
    badge = badge_of(person)
    if badge is None:
        raise NotFound
    return _printed(request, [badge], timezone.now(), single=True, name=_("胸牌"))


@login_required
@require_POST
def badges_issue(request: HttpRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(PartyOrg, pk=pk)
    return plain_act(
        request, lambda a, t: issue_badges(body=body, actor=a, at=t), _("已发放，可以打印。"),
        reverse("web:post_standards") + f"?body={pk}",
    )  # fmt: skip


@login_required
def badges_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The badges of a branch's members, ten a sheet of A4."""
    body, now = get_object_or_404(PartyOrg, pk=pk), timezone.now()
    ISSUE_BADGES.require(actor_of(request), body)
    badges, _lacking = badges_in(body, local_day(now))
    if not badges:
        raise NotFound
    return _printed(request, badges, now, single=False, name=_("胸牌") + f"_{body.name}")


@login_required
def badge_renew(request: HttpRequest, pk: int) -> HttpResponse:
    person, actor = _seen(request, pk), actor_of(request)
    ISSUE_BADGE.require(actor, person)

    def act(given: dict[str, Any]) -> str:
        renew_badge(person=person, reason=given["reason"], actor=actor, at=timezone.now())
        return _("已换发，旧胸牌停用；请打印新的。")

    note = _("换发后，扫旧胸牌只看到“已停用”。")
    page = ActPage(_("换发胸牌"), _("换发"), reverse("web:show_card", args=[pk]), person.name, note, is_grave=True)
    return field_act(request, RenewForm(posted(request)), page, act)


def badge_public(request: HttpRequest, token: str) -> HttpResponse:
    """What the code of a badge leads to, without log-in: what the bearer agreed to and nothing else."""
    face = public_face(token, timezone.now())
    star = _star(face.star_of) if face is not None and face.star_of is not None else None
    context = {
        "face": face, "star": star,
        "promises": [(one, SHAPES[one.state]) for one in face.promises] if face is not None else [],
    }  # fmt: skip
    answer = render(request, "shows/badge.html", context, status=ANSWERS[face.state] if face is not None else 404)
    # Whoever withdraws a consent withdraws it from what a browser or a proxy kept as well.
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@login_required
def standards(request: HttpRequest) -> HttpResponse:
    """What posts are held to in a body, with what comes from above; and the badges of its members on one sheet."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    bodies = _bodies(actor, now)
    asked = number_of(request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else bodies.first()
    issues = body is not None and body.kind in HOME_KINDS and ISSUE_BADGES.allows(actor, body, at=now)
    held, lacking = badges_in(body, day) if body is not None and issues else ([], 0)
    context = {
        "body": body,
        "held": len(held),
        "lacking": lacking,
        "bodies": [(f"{one.pk}", one.name) for one in bodies[:50]],
        "standards": standards_seen(body, day) if body is not None else [],
        "set_href": reverse("web:post_standard_set") + (f"?body={body.pk}" if body is not None else ""),
        "can_set": body is not None and SET_STANDARD.allows(actor, body, at=now),
    }
    return render(request, "shows/standards.html", context)


@login_required
def standard_set(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = SET_STANDARD.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by("name", "pk")
    if not bodies.exists():
        raise NotAllowed
    asked = number_of(request.GET.get("body"))
    form = StandardForm(posted(request), bodies=bodies, initial={"body": asked})

    def act(given: dict[str, Any]) -> str:
        set_standard(body=given["body"], role=given["role"], text=given["text"], actor=actor, at=now)
        return _("岗位标准已公布，名片上看得到。")

    back = reverse("web:post_standards") + (f"?body={asked}" if asked else "")
    return field_act(request, form, ActPage(_("公布岗位标准"), _("公布"), back, _("岗位标准")), act)


def _bodies(actor: Person, now: datetime) -> Any:
    """The bodies that the reader belongs to or may set standards for, the own ones first by name."""
    led = SET_STANDARD.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by().values("pk")
    own = standing_of(actor, local_day(now)).bodies
    rows = PartyOrg.objects.filter(pk__in=own) | PartyOrg.objects.filter(pk__in=led)
    # Without any own the case would be a bare 1, by which PostgreSQL understands the first column.
    own_first = [Case(When(pk__in=own, then=0), default=1)] if own else []
    return rows.order_by(*own_first, "name", "pk")


def _seen(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(people_with_card(actor_of(request), timezone.now()), pk=pk)


def _star(person: Person) -> tuple[str, int | None, str] | None:
    """Return period, stars and words of the latest final result, where there is one."""
    cell = latest_star(person.token)
    return None if cell is None else (period_title(cell.run.period), stars_of(cell.grade), cell.grade_title)


def _address(request: HttpRequest, badge: Badge) -> str:
    return request.build_absolute_uri(reverse("web:badge_public", args=[badge.token]))


def _printed(request: HttpRequest, badges: Sequence[Badge], now: datetime, *, single: bool, name: str) -> HttpResponse:
    faces = faces_of([badge.person for badge in badges], local_day(now))
    addresses = {badge.pk: _address(request, badge) for badge in badges}
    return file_answer(badges_pdf(badges, faces, addresses, at=now, single=single), f"{name}.pdf", PDF)
