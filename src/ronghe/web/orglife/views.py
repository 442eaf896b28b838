"""组织生活会与民主评议: sessions, planning one, and its page up to the marking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.enums import Preparation, SessionState
from ronghe.domain.orglife.models import LifeSession
from ronghe.domain.orglife.rules import GIVE_OPINION
from ronghe.domain.orglife.selectors.above import bodies_above, committees_for_leaders, own_double_life
from ronghe.domain.orglife.selectors.sessions import (
    bodies_to_plan_for,
    chairs_for,
    list_sessions,
    studies_offered,
)
from ronghe.domain.orglife.services.planning import (
    arrange_meetings,
    call_off_session,
    plan_session,
    refresh_members,
)
from ronghe.domain.orglife.services.preparing import link_study, note_preparation, take_back_preparation
from ronghe.domain.orglife.services.reading import read_committee_opinions
from ronghe.domain.orglife.services.voices import give_opinion
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.orglife.forms import OpinionForm, PreparationForm, ReasonForm, SessionForm, StudyForm
from ronghe.web.orglife.presenting import SESSION_SHAPES, members_here, seen_session, session_context
from ronghe.web.orglife.waiting import waiting_lines
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
AHEAD = timedelta(days=14)
LASTS = timedelta(hours=3)


@login_required
def orglife(request: HttpRequest) -> HttpResponse:
    """The sessions that the reader may see, with what waits for the reader above them."""
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (state := request.GET.get("state", "")) in SessionState.values:
        found &= Q(state=state)
    if (year := number_of(request.GET.get("year"))) and year < 3000:
        found &= Q(year=year)
    if text := request.GET.get("q", "").strip()[:LONGEST_SEARCH]:
        found &= Q(theme__contains=text) | Q(body__name__contains=text)
    page = page_of(list_sessions(actor, now, filters=found, page=asked_page(request)))
    today = local_day(now)
    context = {
        "page": page,
        "lines": [(row, SESSION_SHAPES[SessionState(row.state)]) for row in page.object_list],
        "states": SessionState.choices,
        "years": [(str(one), str(one)) for one in range(today.year, today.year - 4, -1)],
        "is_filtered": bool(found),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "can_plan": bodies_to_plan_for(actor, now).exists(),
            "can_look_over": bodies_above(actor, now).exists(),
            "can_see_leaders": committees_for_leaders(actor, now).exists(),
            "waiting": waiting_lines(actor, now),
            "double_life": own_double_life(actor, now),
        }
    template = "orglife/session_list.html#rows" if request.htmx else "orglife/session_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def session_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_plan_for(actor, now)
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else bodies.first()
    if body is None:
        raise NotAllowed
    day = local_day(now)
    begins = timezone.make_aware(datetime.combine(day + AHEAD, time(14, 0)))
    chairs = chairs_for(body, day)
    first = chairs.filter(posts__body=body, posts__role="secretary", posts__valid_until=None).first()
    initial = {
        "body": body.pk, "year": day.year, "starts_at": timezone.localtime(begins), "has_review": True,
        "ends_at": timezone.localtime(begins + LASTS), "place": body.unit.name if body.unit else "",
        "is_combined": True, "chair": first.pk if first else None,
        "theme": _("对照党章党规，检视问题，抓好整改"),
    }  # fmt: skip
    form = SessionForm(request.POST or None, bodies=bodies, people=chairs, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_session(body=form.cleaned_data["body"], text=form.text(), actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已安排，支部党员都列好了，请看一遍名单。"))
            return redirect("web:life_session", made.pk)
    context = {"form": form, "others": list(bodies.exclude(pk=body.pk)[:50]), "held_by": body}
    return render(request, "orglife/session_form.html", context, status=422 if form.errors else 200)


@login_required
def session_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "orglife/session_detail.html", session_context(request, seen_session(request, pk)))


@login_required
@require_POST
def session_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(
        request, session, None, lambda a, t: arrange_meetings(session=session, actor=a, at=t), _("会议已安排。")
    )


@login_required
@require_POST
def session_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    return act_on(
        request,
        session,
        None,
        lambda a, t: refresh_members(session=session, actor=a, at=t),
        _("名单已按今天的组织关系更新。"),
    )


@login_required
@require_POST
def session_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = seen_session(request, pk), ReasonForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        call_off_session(session=session, actor=actor, at=at, **form.cleaned_data)

    return act_on(request, session, form, act, _("已取消。"))


@login_required
@require_POST
def session_study(request: HttpRequest, pk: int) -> HttpResponse:
    session = seen_session(request, pk)
    form = StudyForm(request.POST, studies=studies_offered(session))

    def act(actor: Person, at: datetime) -> Any:
        link_study(session=session, study=form.cleaned_data["study"], actor=actor, at=at)

    return act_on(request, session, form, act, _("已记为会前学习。"))


@login_required
@require_POST
def session_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = seen_session(request, pk), PreparationForm(request.POST, request.FILES)

    def act(actor: Person, at: datetime) -> Any:
        file = form.cleaned_data["file"]
        note_preparation(
            session=session, item=Preparation(form.cleaned_data["item"]), note=form.cleaned_data["note"], actor=actor,
            at=at, upload=Upload(file.name, file) if file else None,
        )  # fmt: skip

    return act_on(request, session, form, act, _("已记下。"))


@login_required
@require_POST
def session_unprepare(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    session = seen_session(request, pk)
    if item not in Preparation.values:
        raise Http404
    return act_on(
        request, session, None,
        lambda a, t: take_back_preparation(session=session, item=Preparation(item), actor=a, at=t), _("已撤回。"),
    )  # fmt: skip


@login_required
def session_evidence(request: HttpRequest, pk: int, item: str) -> FileResponse:
    """What shows that something was done before the meeting."""
    row = get_object_or_404(seen_session(request, pk).preparations.select_related("file"), item=item)
    if row.file is None:
        raise Http404
    answer = FileResponse(path_of(row.file.sha256).open("rb"), content_type=row.file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
def opinion_give(request: HttpRequest, pk: int) -> HttpResponse:
    session, actor, now = seen_session(request, pk), actor_of(request), timezone.now()
    GIVE_OPINION.require(actor, session, at=now)
    others = members_here(session).exclude(person=actor)
    form = OpinionForm(request.POST or None, members=others, initial={"about": request.GET.get("about")})
    if request.method == "POST" and form.is_valid():
        try:
            give_opinion(session=session, actor=actor, at=now, **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("意见已收下。"))
            return redirect("web:life_session", session.pk)
    return render(
        request, "orglife/opinion_form.html", {"session": session, "form": form}, status=422 if form.errors else 200
    )


@login_required
@cache_control(no_store=True)
@require_POST
def opinions_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinions on the committee, on the page once; the look is recorded."""
    session = seen_session(request, pk)
    said = read_committee_opinions(session=session, actor=actor_of(request), at=timezone.now())
    return render(request, "orglife/opinions.html", {"session": session, "said": said})


def act_on(
    request: HttpRequest, session: LifeSession, form: Any, act: Callable[[Person, datetime], Any], said: str, *,
    then: str = "",
) -> HttpResponse:  # fmt: skip
    """Do one act; what stands against it is said beside its form, or above the page where there is none."""
    if form is None or form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect(then or "web:life_session", session.pk)
            form.add_error(None, str(error))
        if form is None or not form.errors:
            toasts.done(request, said)
            return redirect(then or "web:life_session", session.pk)
    fresh = seen_session(request, session.pk)
    return render(request, "orglife/session_detail.html", session_context(request, fresh, failed=form), status=422)
