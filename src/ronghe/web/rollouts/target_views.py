"""One unit of a roll-out: whether it works by it, how well, where it differs, what it answers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.comparing import compare
from ronghe.domain.playbooks.rules import ADOPT_PLAYBOOK
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rollouts.enums import RolloutState
from ronghe.domain.rollouts.models import Target
from ronghe.domain.rollouts.rules import ANSWER_TARGET, ROLL_OUT, SEE_ROLLOUT
from ronghe.domain.rollouts.selectors.conformance import Uptake, standings_of
from ronghe.domain.rollouts.selectors.foresight import foresee
from ronghe.domain.rollouts.selectors.rollouts import targets_seen_by
from ronghe.domain.rollouts.services.spreading import release_target, tell_effect, tell_reason
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.playbooks.compare_views import groups_of
from ronghe.web.requests import actor_of
from ronghe.web.rollouts.drawing import SHAPES, WORDS
from ronghe.web.rollouts.forms import EffectForm, ReasonForm, SinceForm


@login_required
def target_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@login_required
@require_POST
def target_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    target, form = _seen(request, pk), SinceForm(request.POST)
    if form.is_valid():
        try:
            adopt_playbook(
                body=target.body, playbook=target.rollout.version.playbook, since=form.cleaned_data["since"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已采用，应办事项已生成。"))
            return redirect("web:rollout_unit", pk)
    return _page(request, target, since=form)


@login_required
@require_POST
def target_reason(request: HttpRequest, pk: int) -> HttpResponse:
    target, form = _seen(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            tell_reason(target=target, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("原因已记下，上级看得到。"))
            return redirect("web:rollout_unit", pk)
    return _page(request, target, reason=form)


@login_required
@require_POST
def target_effect(request: HttpRequest, pk: int) -> HttpResponse:
    target, form = _seen(request, pk), EffectForm(request.POST)
    if form.is_valid():
        try:
            tell_effect(target=target, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("效果已回填。"))
            return redirect("web:rollout_unit", pk)
    return _page(request, target, effect=form)


@login_required
@require_POST
def target_release(request: HttpRequest, pk: int) -> HttpResponse:
    target = _seen(request, pk)
    try:
        release_target(target=target, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:rollout_unit", pk)
    toasts.done(request, _("已从推广名单撤下。"))
    return redirect("web:rollout_detail", target.rollout_id)


def _seen(request: HttpRequest, pk: int) -> Target:
    return get_object_or_404(targets_seen_by(actor_of(request), timezone.now()), pk=pk)


def _page(
    request: HttpRequest, target: Target, *, since: SinceForm | None = None, reason: ReasonForm | None = None,
    effect: EffectForm | None = None,
) -> HttpResponse:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    [standing] = standings_of(target.rollout, today, Target.objects.filter(pk=target.pk))
    running = target.rollout.state == RolloutState.ROLLED_OUT
    may_answer = ANSWER_TARGET.allows(actor, target, at=now)
    lacks = standing.uptake in {Uptake.NOT_YET, Uptake.OVERDUE, Uptake.OLDER}
    may_adopt = running and lacks and ADOPT_PLAYBOOK.allows(actor, target.body, at=now)
    context: dict[str, Any] = {
        "target": target,
        "rollout": target.rollout,
        "standing": standing,
        "word": WORDS[standing.uptake],
        "shape": SHAPES[standing.uptake],
        "effects": list(target.effects.select_related("told_by").order_by("-told_at", "-pk")),
        "may_adopt": may_adopt,
        "may_tell_reason": may_answer and running and not standing.has_adopted,
        "may_tell_effect": may_answer and standing.has_adopted,
        "may_release": running and not standing.has_adopted and ROLL_OUT.allows(actor, target.rollout, at=now),
        "sees_rollout": SEE_ROLLOUT.allows(actor, target.rollout, at=now),
        "since_form": since or SinceForm(initial={"since": today}),
        "reason_form": reason or ReasonForm(initial={"reason": target.reason}),
        "effect_form": effect or EffectForm(),
        "foreseen": foresee([target.body], target.rollout.version.playbook, today)[0] if may_adopt else None,
    }
    if standing.adoption is not None and standing.differences:
        comparison = compare(target.rollout.version.playbook, standing.adoption.version.playbook)
        context["groups"] = groups_of(comparison)
    else:
        context["groups"] = []
    failed = any(form is not None and form.errors for form in (since, reason, effect))
    return render(request, "rollouts/target_detail.html", context, status=422 if failed else 200)
