"""学时: the own year with where each hour comes from, a branch's table, entries, what is wrong, and the unit's figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.partylife.calc.hours import TrainingDue, TrainingNeed, due_by
from ronghe.domain.partylife.documents import hours_document
from ronghe.domain.partylife.enums import DisputeState, EntryState, StudyForm
from ronghe.domain.partylife.models import StudyDispute, StudyEntry
from ronghe.domain.partylife.rules import ANSWER_DISPUTE, CLAIM_HOURS, SEE_DISPUTE, SEE_HOURS
from ronghe.domain.partylife.selectors.study import (
    StudyYear,
    bodies_with_rules,
    disputes_of,
    disputes_to_answer,
    entries_seen_by,
    entries_to_settle,
    home_of,
    list_entries,
    people_counted,
    rules_in_force,
    rules_of,
    study_year,
    study_years,
    versions_of,
)
from ronghe.domain.partylife.services.study import (
    answer_dispute,
    claim_hours,
    confirm_entry,
    dispute_hours,
    refuse_entry,
    set_study_rules,
    withdraw_entry,
)
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.partylife.acting import (
    FormPage,
    asked_body,
    asked_text,
    asked_year,
    button,
    form_page,
    stored_answer,
    upload_of,
)
from ronghe.web.partylife.forms import ReasonForm
from ronghe.web.partylife.study_forms import (
    DisputeAnswerForm,
    DisputeForm,
    EntryForm,
    EntryForOthersForm,
    StudyRulesForm,
)
from ronghe.web.requests import actor_of

MOST = 600
"""People of one table at most; a committee with more chooses a branch."""
ENTRY_SHAPES = {
    EntryState.WAITING: "due",
    EntryState.CONFIRMED: "done",
    EntryState.REFUSED: "failed",
    EntryState.WITHDRAWN: "waived",
}
NEEDS = {
    TrainingNeed.NEW_SECRETARY: N_("新任书记半年内参加任职培训"),
    TrainingNeed.PROBATION: N_("预备期内参加一次集中培训"),
    TrainingNeed.ADMITTED: N_("转正后一年内参加一次集中培训"),
}


@login_required
def hours(request: HttpRequest, person: int | None = None) -> HttpResponse:
    """One's own year, or that of somebody in reach: each line with how it was converted."""
    actor, now = actor_of(request), timezone.now()
    whose = _whose(request, person)
    year, today = asked_year(request), local_day(now)
    found = study_year(whose, year, today)
    dispute_form = DisputeForm()
    context = {
        "found": found,
        "whose": whose,
        "is_own": whose.pk == actor.pk,
        "year": year,
        "years": [(str(one), str(one)) for one in range(today.year, today.year - 3, -1)],
        "shape": shape_of(found, today),
        "due": due_by(found.balance.goal, year, today),
        "trainings": [(due, _(NEEDS[due.need]), _training_shape(due, today)) for due in found.trainings],
        "entries": [
            (entry, ENTRY_SHAPES[EntryState(entry.state)])
            for entry in StudyEntry.objects.filter(person=whose, day__year=year)
            .exclude(state=EntryState.CONFIRMED).select_related("proof").order_by("-day", "-pk")[:20]
        ],
        "disputes": list(disputes_of(whose, year)[:10]),
        "dispute_form": dispute_form,
        "can_claim": CLAIM_HOURS.allows(actor, whose, at=now) and whose.is_party_member,
        "sees_table": bodies_seen_by(actor, now).exists() and _sees_others(request),
    }  # fmt: skip
    return render(request, "partylife/hours.html", context)


@login_required
def hours_print(request: HttpRequest, person: int, form: str) -> HttpResponse:
    whose, now = _whose(request, person), timezone.now()
    day = local_day(now)
    home = home_of(whose, day)
    document = hours_document(
        study_year(whose, asked_year(request), day), issuer=home.name if home is not None else "", printed_on=day
    )
    return paper_answer(request, document, form, source=whose, name=_("学时记录"))


@login_required
def hours_table(request: HttpRequest) -> HttpResponse:
    """Everybody at home in a body: hours, goal, training, and who is behind."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_seen_by(actor, now)
    body = asked_body(request, bodies)
    if body is None or not _sees_others(request):
        raise Http404
    year, today = asked_year(request), local_day(now)
    people = list(people_counted(body, actor, now)[:MOST])
    years = study_years(people, year, today)
    behind = [one for one in years if one.is_behind(today)]
    shown = behind if request.GET.get("behind") else years
    if text := asked_text(request):
        shown = [one for one in shown if text in one.person.name]
    context = {
        "body": body,
        "bodies": [(str(row.pk), row.name) for row in bodies[:60]],
        "year": year,
        "years": [(str(one), str(one)) for one in range(today.year, today.year - 3, -1)],
        "lines": [
            (one, shape_of(one, today)) for one in sorted(shown, key=lambda one: (one.balance.total, one.person.name))
        ],
        "count": len(years),
        "reached": sum(one.balance.is_reached for one in years),
        "behind": len(behind),
        "is_filtered": bool(request.GET.get("behind") or text),
        "is_cut": len(people) == MOST,
        "can_set": bodies_with_rules(actor, now).exists(),
        "export_query": asked_filters(request),
    }
    template = "partylife/hours_table.html#rows" if request.htmx else "partylife/hours_table.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def hours_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    body = asked_body(request, bodies_seen_by(actor, now))
    if body is None or not _sees_others(request):
        raise Http404
    year, today = asked_year(request), local_day(now)
    years = study_years(list(people_counted(body, actor, now)[:MOST]), year, today)
    if request.GET.get("behind"):
        years = [one for one in years if one.is_behind(today)]
    heads = [_("姓名"), _("单位"), _("学时"), _("目标"), _("还差"), _("集中培训"), _("进度"), _("规则版本")]
    table = SheetOut(_("学时"), heads, (_row(one, today) for one in years), [12, 26, 8, 8, 8, 10, 10, 10])
    rows: Iterator[Sequence[Any]] = (
        [one.person.name, line.line.day, _title(line), str(StudyForm(line.line.form.value).label), line.line.hours,
         line.line.counted]
        for one in years for line in one.studied
    )  # fmt: skip
    heads = [_("姓名"), _("日期"), _("学了什么"), _("怎样学的"), _("折合学时"), _("计入学时")]
    lines = SheetOut(_("明细"), heads, rows, [12, 12, 30, 12, 10, 10])
    return excel_answer([table, lines], f"{_('学时')}_{year}.xlsx")


@login_required
def entry_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (state := request.GET.get("state", "")) in EntryState.values:
        found &= Q(state=state)
    if text := asked_text(request):
        found &= Q(person__name__contains=text) | Q(title__contains=text)
    page = page_of(list_entries(actor, now, filters=found, page=asked_page(request)))
    context: dict[str, Any] = {
        "page": page,
        "lines": [(row, ENTRY_SHAPES[EntryState(row.state)]) for row in page],
        "states": EntryState.choices,
        "is_filtered": bool(found),
        "reason_form": ReasonForm(),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "waiting": list(entries_to_settle(actor, now)[:20]),
            "disputes": list(disputes_to_answer(actor, now)[:20]),
            "answer_form": DisputeAnswerForm(),
            "can_enter": _sees_others(request),
        }
    template = "partylife/entries.html#rows" if request.htmx else "partylife/entries.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def entry_create(request: HttpRequest) -> HttpResponse:
    """Enter study that no sheet tells of: the own, or with `?for=others` that of somebody at home below the reader."""
    actor, now = actor_of(request), timezone.now()
    for_others = request.GET.get("for") == "others" or not actor.is_party_member
    initial = {"day": local_day(now), "person": number_of(request.GET.get("person"))}
    form: EntryForm
    if for_others:
        people = CLAIM_HOURS.narrow(actor, Person.objects.filter(valid_until=None), at=now).exclude(pk=actor.pk)
        if not people.exists():
            raise Http404
        people = people.select_related("unit").order_by("name", "pk")
        form = EntryForOthersForm(request.POST or None, request.FILES or None, people=people, initial=initial)
        note = _("您登记的直接认定；请核对过证明再登记")
    else:
        form = EntryForm(request.POST or None, request.FILES or None, initial=initial)
        note = _("活动的学时自动计入，不用登记；登记的由书记认定")
    page = FormPage(_("登记学时"), _("登记"), reverse("web:study_hours"), _("学时"), note)

    def act(given: dict[str, Any]) -> tuple[str, str]:
        person = given.get("person") or actor
        entry = claim_hours(person=person, text=form.text(), proof=upload_of(given["proof"]), actor=actor, at=now)
        if entry.state == EntryState.CONFIRMED:
            return _("已认定 %(hours)s 学时。") % {"hours": entry.hours.normalize()}, reverse("web:study_entries")
        return _("已登记，等书记认定。"), f"{reverse('web:study_hours')}?year={entry.day.year}"

    return form_page(request, form, page, act)


@login_required
@require_POST
def entry_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    return button(
        request, lambda actor, at: confirm_entry(entry=entry, actor=actor, at=at), _("已认定。"), "web:study_entries"
    )


@login_required
@require_POST
def entry_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    entry, form = _entry(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        toasts.refused(request, _("请写明为什么不认定，好让本人补充。"))
        return redirect("web:study_entries")
    reason = form.cleaned_data["reason"]
    return button(
        request, lambda actor, at: refuse_entry(entry=entry, reason=reason, actor=actor, at=at), _("已退回，本人看得到原因。"),
        "web:study_entries",
    )  # fmt: skip


@login_required
@require_POST
def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    return button(
        request, lambda actor, at: withdraw_entry(entry=entry, actor=actor, at=at), _("已撤回。"), "web:study_hours"
    )


@login_required
@cache_control(private=True, max_age=600)
def entry_proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    return stored_answer(_entry(request, pk).proof)


@login_required
@require_POST
def dispute_create(request: HttpRequest) -> HttpResponse:
    """Say that the own year is wrong."""
    actor, form = actor_of(request), DisputeForm(request.POST)
    year = number_of(request.POST.get("year")) or local_day(timezone.now()).year
    if not form.is_valid() or not 1950 <= year <= 2999:
        toasts.refused(request, _("请写明哪里不对、应该是多少。"))
        return redirect("web:study_hours")
    text = form.cleaned_data["text"]
    return button(
        request, lambda person, at: dispute_hours(person=actor, year=year, text=text, actor=person, at=at),
        _("已交给支部，答复后这里看得到。"), "web:study_hours",
    )  # fmt: skip


@login_required
@require_POST
def dispute_answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = SEE_DISPUTE.narrow(actor, StudyDispute.objects.filter(state=DisputeState.OPEN), at=now, walk=True)
    dispute = get_object_or_404(rows.select_related("person"), pk=pk)
    ANSWER_DISPUTE.require(actor, dispute, at=now)
    form = DisputeAnswerForm(request.POST)
    if not form.is_valid():
        toasts.refused(request, _("请写明怎样处理。"))
        return redirect("web:study_entries")
    given = form.cleaned_data
    return button(
        request, lambda person, at: answer_dispute(dispute=dispute, actor=person, at=at, **given), _("已答复。"),
        "web:study_entries",
    )  # fmt: skip


@login_required
def rules(request: HttpRequest) -> HttpResponse:
    """The figures in force where the reader sets them, the versions, and a new one."""
    actor, now = actor_of(request), timezone.now()
    bodies, today = bodies_with_rules(actor, now), local_day(now)
    body = asked_body(request, bodies)
    if body is None:
        raise Http404
    row = rules_in_force([body.pk], today)[body.pk]
    form = StudyRulesForm(request.POST or None, rules=rules_of(row), initial={"valid_from": date(today.year, 1, 1)})
    back = f"{reverse('web:study_rules')}?body={body.pk}"
    page = FormPage(
        _("学时规则"), _("设为新的一版"), reverse("web:study_table"), _("学时"), body.name,
        template="partylife/study_rules.html",
        beside={"others": list(bodies.exclude(pk=body.pk)[:60]), "held_by": body, "in_force": row,
                "versions": list(versions_of(body)[:10])},
    )  # fmt: skip

    def act(given: dict[str, Any]) -> tuple[str, str]:
        made = set_study_rules(
            body=body, figures=form.figures(), valid_from=given["valid_from"], basis=given["basis"], actor=actor, at=now
        )
        return _("第 %(version)s 版已设定，适用于本组织和下级。") % {"version": made.version}, back

    return form_page(request, form, page, act)


def _whose(request: HttpRequest, person: int | None) -> Person:
    actor, now = actor_of(request), timezone.now()
    if person is None or person == actor.pk:
        return actor
    rows = SEE_HOURS.narrow(actor, Person.objects.filter(valid_until=None), at=now, walk=True)
    return get_object_or_404(rows.select_related("unit"), pk=person)


def _sees_others(request: HttpRequest) -> bool:
    actor, now = actor_of(request), timezone.now()
    return SEE_HOURS.narrow(actor, Person.objects.exclude(pk=actor.pk), at=now).exists()


def _entry(request: HttpRequest, pk: int) -> StudyEntry:
    return get_object_or_404(entries_seen_by(actor_of(request), timezone.now()), pk=pk)


def shape_of(found: StudyYear, today: date) -> str:
    if found.balance.is_reached:
        return "done"
    return "attention" if found.is_behind(today) else "running"


def _training_shape(due: TrainingDue, today: date) -> str:
    if due.had_on is not None:
        return "done"
    return "failed" if due.is_missed(today) else "due"


def _row(one: StudyYear, today: date) -> Sequence[Any]:
    balance = one.balance
    training = _("已参加") if balance.has_training else _("未参加") if balance.needs_training else ""
    state = _("已达标") if balance.is_reached else _("落后") if one.is_behind(today) else _("正常")
    return [
        one.person.name, one.person.unit.name if one.person.unit else "", balance.total, balance.goal, balance.missing,
        training, state, one.rules.version or "",
    ]  # fmt: skip


def _title(line: Any) -> str:
    if line.entry is not None:
        return str(line.entry.title)
    return str(line.activity.get_activity_type_display()) if line.activity is not None else ""
