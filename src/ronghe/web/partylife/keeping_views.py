"""政治生日: those of a year by month, keeping one or several, a card to print; and what was kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
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

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, person_seen_by
from ronghe.domain.partylife.documents import birthday_card
from ronghe.domain.partylife.enums import BirthdayWay
from ronghe.domain.partylife.models import BirthdayKeeping, BirthdayPerson
from ronghe.domain.partylife.rules import CHANGE_KEEPING, SAY_WORDS
from ronghe.domain.partylife.selectors.keeping import (
    Birthday,
    activities_to_link,
    birthdays_in,
    birthdays_of,
    bodies_keeping,
    dates_missing,
    keepings_seen_by,
    list_keepings,
    members_of,
)
from ronghe.domain.partylife.services.birthdays import add_photo, keep_birthdays, say_words, void_keeping
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_page, number_of, page_of
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
from ronghe.web.partylife.forms import BirthdayForm, PhotoForm, ReasonForm, WordsForm
from ronghe.web.requests import actor_of

OFFERED = 60


@login_required
def birthday_list(request: HttpRequest) -> HttpResponse:
    """The birthdays of a body's year, from the present month on first; whoever keeps none sees the own."""
    actor, now = actor_of(request), timezone.now()
    year, today = asked_year(request), local_day(now)
    bodies = bodies_seen_by(actor, now)
    body = asked_body(request, bodies)
    lines = birthdays_of(body, year, actor, now) if body is not None else birthdays_in([actor], year)
    month = number_of(request.GET.get("month"))
    shown = [line for line in lines if month is None or line.day.month == month]
    keeps = body is not None and bodies_keeping(actor, now).filter(pk=body.pk).exists()
    context = {
        "body": body,
        "bodies": [(str(row.pk), row.name) for row in bodies[:OFFERED]],
        "year": year,
        "years": [(str(one), str(one)) for one in (today.year + 1, today.year, today.year - 1)],
        "months": [(str(number), _("%(month)s 月") % {"month": number}) for number in range(1, 13)],
        "by_month": [(f"{number}", list(rows)) for number, rows in groupby(shown, key=lambda line: line.day.month)],
        "count": len(lines),
        "kept": sum(line.kept is not None for line in lines),
        "round": sum(line.is_round for line in lines),
        "missing": list(dates_missing(body, actor, now)[:30]) if keeps and body is not None else [],
        "keeps": keeps,
        "today": today,
        "me": actor,
    }
    return render(request, "partylife/birthdays.html", context)


@login_required
def birthday_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    body, year = asked_body(request, bodies_seen_by(actor, now)), asked_year(request)
    lines = birthdays_of(body, year, actor, now) if body is not None else birthdays_in([actor], year)
    heads = [_("姓名"), _("单位"), _("入党日期"), _("政治生日"), _("党龄（年）"), _("怎样过的"), _("哪天过的")]
    sheet = SheetOut(_("政治生日"), heads, map(_row, lines), [12, 26, 14, 14, 10, 20, 14])
    return excel_answer([sheet], f"{_('政治生日')}_{year}.xlsx")


@login_required
def birthday_keep(request: HttpRequest) -> HttpResponse:
    """Record one or several; `?person=` ticks those named, else those of this month that nobody kept are ticked."""
    actor, now = actor_of(request), timezone.now()
    body = asked_body(request, bodies_keeping(actor, now))
    if body is None:
        raise Http404
    today = local_day(now)
    people = members_of(body, actor, now).filter(joined_party_on__isnull=False, joined_party_on__year__lt=today.year)
    asked = [number_of(one) for one in request.GET.getlist("person")]
    ticked = [one for one in asked if one] or [
        line.person.pk for line in birthdays_of(body, today.year, actor, now, month=today.month) if line.kept is None
    ]
    form = BirthdayForm(
        request.POST or None, request.FILES or None, people=people, activities=activities_to_link(body, today),
        initial={"people": ticked, "day": today, "activity": number_of(request.GET.get("activity"))},
    )  # fmt: skip
    back = f"{reverse('web:life_birthdays')}?body={body.pk}"
    page = FormPage(
        _("记政治生日"), _("记下"), back, _("政治生日"), body.name, beside=_others(bodies_keeping(actor, now), body)
    )

    def act(given: dict[str, Any]) -> tuple[str, str]:
        photo = upload_of(given["photo"])
        kept = keep_birthdays(
            body=body, people=list(given["people"]), day=given["day"], way=BirthdayWay(given["way"]),
            activity=given["activity"], message=given["message"], uploads=[photo] if photo else (), actor=actor, at=now,
        )  # fmt: skip
        return _("已记下，贺卡可以打印。"), reverse("web:life_keeping", args=[kept.pk])

    return form_page(request, form, page, act)


@login_required
def keeping_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (way := request.GET.get("way", "")) in BirthdayWay.values:
        found &= Q(way=way)
    if text := asked_text(request):
        named = BirthdayPerson.objects.filter(person__name__contains=text).order_by().values("keeping_id")
        found &= Q(body__name__contains=text) | Q(pk__in=named)
    page = page_of(list_keepings(actor, now, filters=found, page=asked_page(request)))
    context = {"page": page, "ways": BirthdayWay.choices, "is_filtered": bool(found)}
    template = "partylife/keepings.html#rows" if request.htmx else "partylife/keepings.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def keeping_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def keeping_words(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = get_object_or_404(_seen(request, pk).people.select_related("keeping", "person"), pk=row)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _show(request, _seen(request, pk), failed=form)
    words = form.cleaned_data["words"]
    return button(
        request, lambda actor, at: say_words(row=found, words=words, actor=actor, at=at), _("已写下。"),
        "web:life_keeping", pk,
    )  # fmt: skip


@login_required
@require_POST
def keeping_photo(request: HttpRequest, pk: int) -> HttpResponse:
    keeping, form = _seen(request, pk), PhotoForm(request.POST, request.FILES)
    upload = upload_of(form.cleaned_data["photo"]) if form.is_valid() else None
    if upload is None:
        toasts.refused(request, _("请选一张照片。"))
        return redirect("web:life_keeping", pk)
    return button(
        request, lambda actor, at: add_photo(keeping=keeping, upload=upload, actor=actor, at=at), _("照片已添加。"),
        "web:life_keeping", pk,
    )  # fmt: skip


@login_required
@require_POST
def keeping_void(request: HttpRequest, pk: int) -> HttpResponse:
    keeping, form = _seen(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, keeping, failed=form)
    reason = form.cleaned_data["reason"]
    return button(
        request, lambda actor, at: void_keeping(keeping=keeping, reason=reason, actor=actor, at=at),
        _("已作废，这几个人的政治生日可以重新记。"), "web:life_keeping", pk,
    )  # fmt: skip


@login_required
@cache_control(private=True, max_age=3600)
def keeping_file(request: HttpRequest, pk: int, photo: int) -> HttpResponseBase:
    found = get_object_or_404(_seen(request, pk).photos.select_related("file"), pk=photo)
    return stored_answer(found.file)


@login_required
def birthday_card_print(request: HttpRequest, person: int, year: int, form: str) -> HttpResponse:
    """A card for somebody within reach, kept already or still to come."""
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(person_seen_by(actor, now), pk=person)
    row = BirthdayPerson.objects.filter(person=found, year=year, is_void=False).select_related("keeping__body").first()
    issuer, message = _issuer(found, row, local_day(now)), row.keeping.message if row is not None else ""
    document = birthday_card(found, year, message=message, issuer=issuer, printed_on=local_day(now))
    return paper_answer(request, document, form, source=row or found, name=_("政治生日贺卡"))


def _issuer(person: Person, row: BirthdayPerson | None, day: date) -> str:
    if row is not None:
        return row.keeping.body.name
    home = person.memberships.filter(kind="home", valid_from__lte=day, valid_until=None).select_related("body").first()
    return home.body.name if home is not None else ""


def _seen(request: HttpRequest, pk: int) -> BirthdayKeeping:
    return get_object_or_404(keepings_seen_by(actor_of(request), timezone.now()), pk=pk)


def _show(request: HttpRequest, keeping: BirthdayKeeping, *, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    people = list(keeping.people.select_related("person", "keeping").order_by("person__name", "pk"))
    holds = keeping.voided_at is None
    seen = set(person_seen_by(actor, now).filter(pk__in=[row.person_id for row in people]).values_list("pk", flat=True))
    context = {
        "keeping": keeping,
        "lines": [
            (row, row.person_id in seen, WordsForm(initial={"words": row.words})
             if holds and SAY_WORDS.allows(actor, row, at=now) else None)
            for row in people
        ],
        "photos": list(keeping.photos.select_related("file").order_by("pk")),
        "changes": holds and CHANGE_KEEPING.allows(actor, keeping, at=now),
        "sees_activity": keeping.activity is not None and SEE_ACTIVITY.allows(actor, keeping.activity, at=now),
        "reason_form": failed if isinstance(failed, ReasonForm) else ReasonForm(),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip
    return render(request, "partylife/keeping.html", context, status=422 if failed is not None else 200)


def _row(line: Birthday) -> Sequence[Any]:
    kept = line.kept
    return [
        line.person.name, line.person.unit.name if line.person.unit else "", line.person.joined_party_on, line.day,
        line.years, kept.keeping.get_way_display() if kept else "", kept.keeping.day if kept else None,
    ]  # fmt: skip


def _others(bodies: Any, body: PartyOrg) -> dict[str, Any]:
    rows: Iterator[PartyOrg] = bodies.exclude(pk=body.pk)[:OFFERED]
    return {"others": list(rows), "held_by": body}
