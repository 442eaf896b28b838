"""劳动竞赛: the list, one contest with its standings, opening, judging, entering, closing, awarding."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.contests.enums import ContestState, EntryKind
from ronghe.domain.contests.models import Contest
from ronghe.domain.contests.rules import JOIN_CONTEST, JUDGE_CONTEST, RUN_CONTEST
from ronghe.domain.contests.selectors.contests import (
    bodies_offered,
    bodies_to_open_for,
    contests_seen_by,
    entry_of,
    head_words,
    list_contests,
    marks_of,
    standings_of,
    teams_offered,
    to_judge,
)
from ronghe.domain.contests.services.closing import award_contest, close_contest
from ronghe.domain.contests.services.contests import (
    call_off_contest,
    join_contest,
    judge_entries,
    leave_contest,
    open_contest,
)
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.selectors.campaigns import fourth_of
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer
from ronghe.web.honours.contest_forms import ContestAwardForm, ContestForm, MarksForm
from ronghe.web.honours.forms import ReasonForm
from ronghe.web.honours.presenting import listed, plain_act
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of

SHAPES = {
    ContestState.OPEN: "running", ContestState.CLOSED: "attention", ContestState.AWARDED: "done",
    ContestState.CALLED_OFF: "waived",
}  # fmt: skip
LONGEST_SEARCH = 40
USUAL_DAYS = 90


@login_required
def contest_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    asked = request.GET.get("state", "")
    state = asked if asked in ContestState.values else ""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    page = page_of(list_contests(actor, now, words=words, state=state, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(row, SHAPES[ContestState(row.state)]) for row in page.object_list],
        "states": ContestState.choices,
        "is_filtered": bool(words or state),
    }
    return listed(
        request, "honours/contest_list.html", context, lambda: {"can_open": bodies_to_open_for(actor, now).exists()}
    )


@login_required
def contest_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_open_for(actor, now)
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else bodies.first()
    if body is None:
        raise NotAllowed
    day = local_day(now)
    form = ContestForm(
        posted(request), bodies=bodies, offered=bodies_offered(body, day), teams=teams_offered(body, day),
        titles=HonourTitle.objects.filter(is_retired=False).order_by("name", "pk"),
        people=SEE_PERSON.narrow(actor, Person.objects.filter(valid_until=None), at=now),
        initial={
            "body": body.pk, "starts_on": day, "ends_on": day + timedelta(days=USUAL_DAYS),
            "head_4": fourth_of(body, day),
        },
    )  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        open_contest(body=given["body"], text=form.text(), actor=actor, at=now)
        return _("竞赛已开始，名次随时看得到。")

    page = ActPage(
        _("发起劳动竞赛"), _("开始竞赛"), reverse("web:contests"), _("劳动竞赛"),
        _("%(body)s：能计数的由平台从已有记录里数，不用填报；其余请两名评委评分。") % {"body": body.name},
    )  # fmt: skip
    return field_act(request, form, page, act)


@login_required
def contest_detail(request: HttpRequest, pk: int) -> HttpResponse:
    contest, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    table, is_open = standings_of(contest), contest.state == ContestState.OPEN
    may_run, may_judge = RUN_CONTEST.allows(actor, contest, at=now), JUDGE_CONTEST.allows(actor, contest, at=now)
    is_over, own = local_day(now) > contest.ends_on, entry_of(contest, actor)
    can_enter = is_open and contest.entry_kind == EntryKind.PERSON and JOIN_CONTEST.allows(actor, contest, at=now)
    context = {
        "contest": contest,
        "shape": SHAPES[ContestState(contest.state)],
        "heads": [(head, head_words(head)) for head in table.heads],
        "lines": table.lines,
        "judges": [judge.person for judge in contest.judges.select_related("person").order_by("pk")],
        "judged": [head for head in table.heads if not head.figure] if may_judge and is_open else [],
        "can_join": can_enter and own is None and not is_over,
        "can_leave": can_enter and own is not None,
        "can_close": may_run and is_open and is_over,
        "can_call_off": may_run and is_open,
        "can_award": may_run and contest.state == ContestState.CLOSED and contest.title_id is not None,
    }
    part = "#standings" if request.htmx else ""  # type: ignore[attr-defined]
    answer = render(request, f"honours/contest_detail.html{part}", context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def contest_wall(request: HttpRequest, pk: int) -> HttpResponse:
    """The standings for a screen on a wall; while it runs it fetches itself each minute."""
    contest = _seen(request, pk)
    table = standings_of(contest)
    context = {
        "contest": contest, "lines": table.lines, "heads": [(head, head_words(head)) for head in table.heads],
    }  # fmt: skip
    part = "#board" if request.htmx else ""  # type: ignore[attr-defined]
    answer = render(request, f"honours/contest_wall.html{part}", context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def contest_export(request: HttpRequest, pk: int) -> FileResponse:
    """The standings as they are, a line an entry."""
    contest = _seen(request, pk)
    table = standings_of(contest)
    heads = [_("名次"), _("参赛者"), _("所在党组织")]
    for head in table.heads:
        heads += [head.words, _("%(head)s得分") % {"head": head.words}]
    lines: list[list[Any]] = [
        [line.place, line.entry.name, line.entry.body.name,
         *(part for cell in line.cells for part in (cell.value, cell.points)), line.total]
        for line in table.lines
    ]  # fmt: skip
    sheet = SheetOut(contest.name[:30], [*heads, _("总分")], lines, [8, 24, 28, *([14] * (2 * len(table.heads))), 10])
    return excel_answer([sheet], f"{contest.name}_{local_day(timezone.now()):%Y%m%d}.xlsx")


@login_required
def contest_judge(request: HttpRequest, pk: int, head: int) -> HttpResponse:
    contest, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    JUDGE_CONTEST.require(actor, contest, at=now)
    row = get_object_or_404(contest.heads.all(), pk=head)
    entries = to_judge(contest, row, actor, now)
    if row.figure:
        raise Http404
    form = MarksForm(posted(request), entries=entries, given=marks_of(row, actor))

    def act(given: dict[str, Any]) -> str:  # noqa: ARG001 - the form knows its own fields
        judge_entries(contest=contest, head=row, points=form.points(), actor=actor, at=now)
        return _("评分已记下，排名以前可以改。")

    note = _("打 0 到 100 分，两名评委的平均数是得分；您所在的一方和已有两人评过的不在这里。")
    page = ActPage(row.words, _("记下评分"), reverse("web:contest", args=[pk]), contest.name, note)
    return field_act(request, form, page, act)


@login_required
@require_POST
def contest_join(request: HttpRequest, pk: int) -> HttpResponse:
    contest = _seen(request, pk)
    return plain_act(
        request, lambda a, t: join_contest(contest=contest, actor=a, at=t), _("已报名。"), "web:contest", pk
    )


@login_required
@require_POST
def contest_leave(request: HttpRequest, pk: int) -> HttpResponse:
    contest = _seen(request, pk)
    return plain_act(
        request, lambda a, t: leave_contest(contest=contest, actor=a, at=t), _("已退出竞赛。"), "web:contest", pk
    )


@login_required
@require_POST
def contest_close(request: HttpRequest, pk: int) -> HttpResponse:
    contest = _seen(request, pk)
    return plain_act(
        request,
        lambda a, t: close_contest(contest=contest, actor=a, at=t),
        _("已排名，名次不再变。"),
        "web:contest",
        pk,
    )


@login_required
def contest_award(request: HttpRequest, pk: int) -> HttpResponse:
    contest, actor = _seen(request, pk), actor_of(request)
    RUN_CONTEST.require(actor, contest)

    def act(given: dict[str, Any]) -> str:
        award_contest(contest=contest, document_number=given["document_number"], actor=actor, at=timezone.now())
        return _("已表彰，记入荣誉台账。")

    page = ActPage(_("表彰优胜者"), _("表彰"), reverse("web:contest", args=[pk]), contest.name)
    return field_act(request, ContestAwardForm(posted(request)), page, act)


@login_required
def contest_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    contest, actor = _seen(request, pk), actor_of(request)
    RUN_CONTEST.require(actor, contest)

    def act(given: dict[str, Any]) -> str:
        call_off_contest(contest=contest, reason=given["reason"], actor=actor, at=timezone.now())
        return _("竞赛已取消。")

    back = reverse("web:contest", args=[pk])
    page = ActPage(_("取消竞赛"), _("取消竞赛"), back, contest.name, is_grave=True)
    return field_act(request, ReasonForm(posted(request)), page, act)


def _seen(request: HttpRequest, pk: int) -> Contest:
    return get_object_or_404(contests_seen_by(actor_of(request), timezone.now()), pk=pk)
