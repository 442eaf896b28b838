"""Who takes part: units with their people, posts in the two bodies, posts held in several places, projects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.enums import HOME_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import APPOINT
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.zones.enums import FOUNDING, LIVING, ParticipantRole
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ZoneProject
from ronghe.domain.zones.rules import RUN_ZONE
from ronghe.domain.zones.selectors import people_of, projects_of
from ronghe.domain.zones.selectors.people import BRANCH_POSTS, overlaps_of, posts_in, sides_of
from ronghe.domain.zones.selectors.safety import officers_of, safety_agreements_of, safety_of
from ronghe.domain.zones.services.parties import (
    add_participating_unit,
    add_project,
    change_party,
    end_participation,
    remove_project,
)
from ronghe.domain.zones.services.posts import appoint_in_zone, relieve_in_zone
from ronghe.web.requests import actor_of
from ronghe.web.zones.acting import do, linked, seen
from ronghe.web.zones.forms import ContactForm, PartyForm, PostForm, ProjectForm

HERE = "web:zone_people"


@login_required
def zone_people(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, seen(request, pk))


@login_required
@require_POST
def party_add(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    form = _party_form(request, request.POST)

    def act(actor: Person, at: datetime) -> None:
        given = {**form.cleaned_data, "role": ParticipantRole(form.cleaned_data["role"])}
        branch = given.pop("home_branch") or PartyOrg.objects.filter(
            unit=given["unit"], kind__in=HOME_KINDS, valid_until=None
        ).order_by("pk").first()  # fmt: skip
        add_participating_unit(zone=zone, since=local_day(at), home_branch=branch, actor=actor, at=at, **given)

    return _do(request, zone, form, act, _("已加入。"))


@login_required
@require_POST
def party_contact(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    zone, found = _party(request, pk, party)
    form = ContactForm(request.POST, people=_people_of_unit(found))

    def act(actor: Person, at: datetime) -> None:
        change_party(party=found, contact=form.cleaned_data["contact"], actor=actor, at=at)

    return _do(request, zone, form, act, _("联系人已改。"))


@login_required
@require_POST
def party_leave(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    zone, found = _party(request, pk, party)

    def act(actor: Person, at: datetime) -> None:
        end_participation(party=found, until=max(local_day(at), found.valid_from), actor=actor, at=at)

    return _do(request, zone, None, act, _("从今天起不再参加。"))


@login_required
@require_POST
def zone_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    form = PostForm(request.POST, people=people_of(zone, local_day(timezone.now())))

    def act(actor: Person, at: datetime) -> None:
        appoint_in_zone(zone=zone, actor=actor, at=at, **form.cleaned_data)

    return _do(request, zone, form, act, _("已任职。"))


@login_required
@require_POST
def zone_relieve(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    zone = seen(request, pk)
    rows = posts_in(zone, local_day(timezone.now())).select_related("person", "body", "unit")
    found = get_object_or_404(rows, pk=post, valid_until=None)

    def act(actor: Person, at: datetime) -> None:
        relieve_in_zone(post=found, actor=actor, at=at)

    return _do(request, zone, None, act, _("已免去。"))


@login_required
@require_POST
def project_add(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    form = ProjectForm(request.POST, projects=projects_seen_by(actor_of(request), timezone.now()))

    def act(actor: Person, at: datetime) -> None:
        add_project(zone=zone, project=form.cleaned_data["project"], actor=actor, at=at)

    return _do(request, zone, form, act, _("项目已加入。"))


@login_required
@require_POST
def project_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    zone = seen(request, pk)
    found = get_object_or_404(ZoneProject.objects.select_related("zone__sponsor"), pk=row, zone=zone, valid_until=None)

    def act(actor: Person, at: datetime) -> None:
        remove_project(row=found, actor=actor, at=at)

    return _do(request, zone, None, act, _("项目已退出。"))


def _do(request: HttpRequest, zone: CollaborationZone, form: Any, act: Any, said: str) -> HttpResponse:
    return do(request, form, act, lambda failed: _page(request, zone, failed), said=said, to=HERE, pk=zone.pk)


def _page(request: HttpRequest, zone: CollaborationZone, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    may_run = RUN_ZONE.allows(actor, zone, at=now) and zone.state in FOUNDING | LIVING
    may_appoint = zone.state in LIVING and APPOINT.allows(actor, zone.body, at=now)
    posts = list(posts_in(zone, day))
    safety = safety_of(zone, day)
    sides = sides_of(zone, day)
    names = {side.unit.pk: side.unit.name for side in sides}
    context: dict[str, Any] = {
        "zone": zone, "sides": sides, "may_run": may_run, "may_appoint": may_appoint,
        "branch_posts": [post for post in posts if post.role in BRANCH_POSTS],
        "office_posts": [post for post in posts if post.role not in BRANCH_POSTS],
        "overlaps": overlaps_of(zone, day),
        "project_rows": list(projects_of(zone, day)),
        "safety": safety, "safety_missing": [names[pk] for pk in safety.missing if pk in names],
        "safety_agreements": list(safety_agreements_of(zone, day)),
        "officers": list(officers_of(zone, day)),
    }  # fmt: skip
    papers = [row.pk for row in context["safety_agreements"]]
    context |= linked(request, [row.project_id for row in context["project_rows"]], papers)
    if may_run:
        context |= {
            "party_form": _party_form(request),
            "project_form": ProjectForm(projects=projects_seen_by(actor, now).exclude(zone_projects__zone=zone)),
        }
    if may_appoint:
        context["post_form"] = PostForm(people=people_of(zone, day))
    if failed is not None:
        context |= {name: failed for name, form in context.items() if type(form) is type(failed)}
        context["failed"] = type(failed).__name__
    return render(request, "zones/zone_people.html", context, status=422 if failed is not None else 200)


def _party_form(request: HttpRequest, data: Any = None) -> PartyForm:
    actor, now = actor_of(request), timezone.now()
    branches = bodies_seen_by(actor, now).filter(kind__in=HOME_KINDS)
    return PartyForm(data, units=units_seen_by(actor, now), branches=branches)


def _party(request: HttpRequest, pk: int, party: int) -> tuple[CollaborationZone, ParticipatingUnit]:
    zone = seen(request, pk)
    rows = ParticipatingUnit.objects.select_related("zone__sponsor", "zone__body", "unit")
    return zone, get_object_or_404(rows, pk=party, zone=zone, valid_until=None)


def _people_of_unit(party: ParticipatingUnit) -> Any:
    below = party.unit.links_below.filter(valid_until=None).order_by().values("descendant_id")
    return Person.objects.filter(unit__in=below, valid_until=None).select_related("unit").order_by("name", "pk")
