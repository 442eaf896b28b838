"""Acts on one person: status, vote, home, group, working bodies, trades, mentors."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.members.models import MentorPair, PersonSkill
from ronghe.domain.members.rules import CLAIM_SKILL, KEEP_MENTORS, KEEP_SKILLS
from ronghe.domain.members.services.mentors import pair_mentor, part_mentor
from ronghe.domain.members.services.skills import claim_skill, confirm_skill, end_skill, enter_skill, refuse_skill
from ronghe.domain.org.enums import GROUP_KINDS, MembershipKind, PartyOrgKind
from ronghe.domain.org.models import Membership, PartyOrg, Person, VotingBar
from ronghe.domain.org.rules import CHANGE_STATUS, ENROL, SEE_VOTING_BARS
from ronghe.domain.org.selectors.people import people_seen_by, places_to_enrol, working_bodies_to_enrol
from ronghe.domain.org.services.people import join_body, leave_body, move_in_group
from ronghe.domain.org.services.statuses import bar_vote, restore_vote, set_status
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.members.acting import ActPage, act_page, posted, seen_person
from ronghe.web.members.forms import BarForm, DayForm, GroupForm, MentorForm, PlaceForm, SkillForm, StatusForm
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of


@login_required
def status_change(request: HttpRequest, pk: int) -> HttpResponse:
    person = seen_person(request, pk, CHANGE_STATUS)

    def act(given: dict[str, Any]) -> str:
        set_status(person=person, actor=actor_of(request), at=timezone.now(), **given)
        return _("%(name)s的政治面貌已登记。") % {"name": person.name}

    form = StatusForm(posted(request), initial={"status": person.political_status, "since": _today()})
    note = _("两个党员人数和表决权都按这里的日期计算。")
    return act_page(request, form, _page(person, _("变更政治面貌"), _("登记"), note), act)


@login_required
def voting_bar_create(request: HttpRequest, pk: int) -> HttpResponse:
    person = seen_person(request, pk, SEE_VOTING_BARS)

    def act(given: dict[str, Any]) -> str:
        bar_vote(person=person, actor=actor_of(request), at=timezone.now(), **given)
        return _("已登记，只有组织负责人看得到。")

    form = BarForm(posted(request), initial={"since": _today()})
    note = _("须有党组织的决定。只有所在组织的负责人看得到。")
    return act_page(request, form, _page(person, _("中止表决权"), _("登记"), note, is_grave=True), act)


@login_required
def voting_bar_end(request: HttpRequest, pk: int) -> HttpResponse:
    bar = get_object_or_404(VotingBar.objects.select_related("person"), pk=pk)
    person = seen_person(request, bar.person_id, SEE_VOTING_BARS)

    def act(given: dict[str, Any]) -> str:
        restore_vote(bar=bar, until=given["day"], actor=actor_of(request), at=timezone.now())
        return _("%(name)s的表决权已恢复。") % {"name": person.name}

    form = DayForm(posted(request), initial={"day": _today()})
    return act_page(request, form, _page(person, _("恢复表决权"), _("恢复")), act)


@login_required
def home_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A first home, or another one: one act, one day (PO-12)."""
    actor, now = actor_of(request), timezone.now()
    person = seen_person(request, pk)
    places = places_to_enrol(actor, now)
    if not places.exists():
        raise Http404

    def act(given: dict[str, Any]) -> str:
        place = given["place"]
        body, group = (place.parent, place) if place.kind in GROUP_KINDS else (place, None)
        join_body(
            person=person, body=body, group=group, kind=MembershipKind.HOME, since=given["since"], actor=actor, at=now
        )
        return _("%(name)s的组织关系已编入“%(body)s”。") % {"name": person.name, "body": body.name}

    initial = {"since": _today(), "place": number_of(request.GET.get("body"))}
    form = PlaceForm(posted(request), places=places, initial=initial)
    note = _("原来的关系当天结束，不会同时有两个，也不会落空。")
    return act_page(request, form, _page(person, _("编入或转接组织关系"), _("编入"), note), act)


@login_required
def participation_create(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    person = seen_person(request, pk)
    places = working_bodies_to_enrol(actor, now)
    if not places.exists():
        raise Http404

    def act(given: dict[str, Any]) -> str:
        join_body(
            person=person, body=given["place"], kind=MembershipKind.PARTICIPATION, since=given["since"], actor=actor,
            at=now,
        )  # fmt: skip
        return _("%(name)s已编入“%(body)s”参加活动。") % {"name": person.name, "body": given["place"].name}

    initial = {"since": _today(), "place": number_of(request.GET.get("body"))}
    form = PlaceForm(posted(request), places=places, initial=initial)
    note = _("组织关系和表决权留在原支部，出勤也按原支部计。")
    return act_page(request, form, _page(person, _("编入工作载体"), _("编入"), note), act)


@login_required
def membership_leave(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)

    def act(given: dict[str, Any]) -> str:
        leave_body(membership=membership, until=given["day"], actor=actor_of(request), at=timezone.now())
        return _("%(name)s已离开“%(body)s”。") % {"name": membership.person.name, "body": membership.body.name}

    is_home = membership.kind == MembershipKind.HOME
    note = _("离开后没有组织关系，会列入“没有编入的党员”。转到别的支部请用“转接组织关系”。") if is_home else ""
    title = _("离开“%(body)s”") % {"body": membership.body.name}
    form = DayForm(posted(request), initial={"day": _today()})
    return act_page(request, form, _page(membership.person, title, _("离开"), note, is_grave=is_home), act)


@login_required
def membership_group(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    groups = PartyOrg.objects.filter(parent=membership.body, valid_until=None, kind=PartyOrgKind.PARTY_GROUP)

    def act(given: dict[str, Any]) -> str:
        move_in_group(
            membership=membership, group=given["group"], since=given["since"], actor=actor_of(request),
            at=timezone.now(),
        )  # fmt: skip
        where = given["group"].name if given["group"] else membership.body.name
        return _("%(name)s已编入“%(body)s”。") % {"name": membership.person.name, "body": where}

    initial = {"group": membership.group_id, "since": _today()}
    form = GroupForm(posted(request), groups=groups.order_by("name", "pk"), initial=initial)
    return act_page(request, form, _page(membership.person, _("换党小组"), _("编入"), membership.body.name), act)


@login_required
def skill_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A leader enters a trade; the person claims one, which waits."""
    actor = actor_of(request)
    person = seen_person(request, pk)
    is_own = CLAIM_SKILL.allows(actor, person, at=timezone.now())
    if not is_own and not KEEP_SKILLS.allows(actor, person, at=timezone.now()):
        raise Http404

    def act(given: dict[str, Any]) -> str:
        given = {**given, "grade": given["grade"] or None, "certificate_ref": given["certificate_ref"] or None}
        enter = claim_skill if is_own else enter_skill
        enter(person=person, actor=actor, at=timezone.now(), **given)
        return _("已申报，等负责人确认。") if is_own else _("工种已登记。")

    form = SkillForm(posted(request), initial={"since": _today()})
    note = _("负责人确认后才算数。") if is_own else _("登记即已确认；新的主工种会替换原来的。")
    return act_page(request, form, _page(person, _("登记工种"), _("申报") if is_own else _("登记"), note), act)


@login_required
@require_POST
def skill_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    skill = _skill(request, pk)
    return _done(request, skill.person_id, _("工种已确认。"), confirm_skill, skill=skill)


@login_required
@require_POST
def skill_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    skill = _skill(request, pk)
    return _done(request, skill.person_id, _("已记为未认可。"), refuse_skill, skill=skill)


@login_required
@require_POST
def skill_end(request: HttpRequest, pk: int) -> HttpResponse:
    skill = _skill(request, pk)
    return _done(request, skill.person_id, _("工种已取消。"), end_skill, skill=skill)


@login_required
def mentor_create(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    person = seen_person(request, pk, KEEP_MENTORS)

    def act(given: dict[str, Any]) -> str:
        pair_mentor(apprentice=person, actor=actor, at=now, **given)
        return _("%(mentor)s和%(name)s已结对。") % {"mentor": given["mentor"].name, "name": person.name}

    people = people_seen_by(actor, now).filter(valid_until=None).exclude(pk=person.pk)
    form = MentorForm(posted(request), people=people, initial={"since": _today()})
    note = _("%(name)s是徒弟；两个人都能在自己的档案里看到。") % {"name": person.name}
    return act_page(request, form, _page(person, _("结对传帮带"), _("结对"), note), act)


@login_required
def mentor_end(request: HttpRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(MentorPair.objects.select_related("mentor", "apprentice"), pk=pk)
    person = seen_person(request, pair.apprentice_id, KEEP_MENTORS)

    def act(given: dict[str, Any]) -> str:
        part_mentor(pair=pair, until=given["day"], actor=actor_of(request), at=timezone.now())
        return _("传帮带已结束。")

    form = DayForm(posted(request), initial={"day": _today()})
    return act_page(request, form, _page(person, _("结束传帮带"), _("结束"), pair.topic), act)


def _today() -> Any:
    return day_of(timezone.now())


def _page(person: Person, title: str, button: str, note: str = "", *, is_grave: bool = False) -> ActPage:
    return ActPage(title, button, reverse("web:person_detail", args=[person.pk]), person.name, note, is_grave)


def _membership(request: HttpRequest, pk: int) -> Membership:
    """Return a present membership that the reader may end or change; else there is nothing there."""
    rows = Membership.objects.filter(valid_until=None).select_related("person", "body")
    membership = get_object_or_404(rows, pk=pk)
    if not ENROL.allows(actor_of(request), membership.body, at=timezone.now()):
        raise Http404
    return membership


def _skill(request: HttpRequest, pk: int) -> PersonSkill:
    skill = get_object_or_404(PersonSkill.objects.select_related("person"), pk=pk)
    seen_person(request, skill.person_id)
    return skill


def _done(request: HttpRequest, person_id: int, said: str, act: Any, **given: Any) -> HttpResponse:
    """Do a one-button act and go back to where it was pressed: the person's page or the skill matrix."""
    try:
        act(actor=actor_of(request), at=timezone.now(), **given)
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    if request.POST.get("back") == "skills":
        return redirect("web:person_skills")
    return redirect("web:person_detail", person_id)
