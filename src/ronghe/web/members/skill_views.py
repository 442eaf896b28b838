"""The skill matrix, its Excel table, and the table of broad posts and trades."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.members.enums import BroadKind
from ronghe.domain.members.models import BroadName
from ronghe.domain.members.rules import KEEP_BROAD_NAMES, KEEP_SKILLS
from ronghe.domain.members.selectors.broad import units_with_tables
from ronghe.domain.members.selectors.matrix import claims_waiting, skill_lines, skill_matrix
from ronghe.domain.members.selectors.skills import HeldSkill
from ronghe.domain.members.services import broad_names, skill_import
from ronghe.domain.members.services.broad_names import drop_broad_name, import_broad_names, keep_broad_name
from ronghe.domain.members.services.skill_import import import_skills
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.selectors.people import bodies_to_choose, units_to_choose
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.members.acting import ActPage, act_page, laid_out, posted
from ronghe.web.members.forms import BroadForm, TableForm
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

OFFERED = 60
CLAIMS = 20
UNITS = 200


@login_required
def person_skills(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    matrix = skill_matrix(actor, now, **_asked(request), page=asked_page(request))
    context = {
        "page": page_of(matrix.people),
        "trades": matrix.trades,
        "lines": [(person, matrix.cells(person), matrix.held[person.pk]) for person in matrix.people],
        "bodies": lambda: bodies_to_choose(actor, now, OFFERED),
        "units": lambda: units_to_choose(actor, now, OFFERED),
        "trade_options": [(trade, f"{trade} {count}") for trade, count in matrix.trades],
        "claims": claims_waiting(actor, now)[:CLAIMS],
        "can_import": _leads_somebody(actor, now),
        "export_query": asked_filters(request),
        "asked_text": request.GET.get("q", ""),
    }
    template = "members/skills.html#rows" if request.htmx else "members/skills.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def skills_export(request: HttpRequest) -> FileResponse:
    """Two sheets: the table that can be filled in and imported again, and the matrix to look at."""
    actor, now = actor_of(request), timezone.now()
    found = list(skill_lines(actor, now, **_asked(request)))
    heads = [_(skill_import.HEADS[key]) for key in skill_import.HEADS]
    trades = sorted({skill.trade for _person, skill in found})
    by_person: dict[int, tuple[Person, dict[str, HeldSkill]]] = {}
    for person, skill in found:
        by_person.setdefault(person.pk, (person, {}))[1][skill.trade] = skill
    table = SheetOut(_("技能表"), heads, (_table_row(*pair) for pair in found), [12, 10, 16, 10, 12, 18, 12])
    wide = SheetOut(
        _("技能矩阵"), [_("姓名"), _("单位"), *trades],
        ([person.name, person.unit.name if person.unit else "", *(_mark(held.get(trade)) for trade in trades)]
         for person, held in by_person.values()),
        [10, 24, *([10] * len(trades))],
    )  # fmt: skip
    return excel_answer([table, wide], _("技能表") + f"_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def skills_import(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if not _leads_somebody(actor, now):
        raise Http404

    def act(given: dict[str, Any]) -> str:
        with laid_out(given["table"]) as path:
            counts = import_skills(path=path, name=given["table"].name, actor=actor, at=now)
        return _("已导入：新增 %(added)s 项，更新 %(changed)s 项，%(same)s 项没有变化。") % {
            "added": counts.added, "changed": counts.changed, "same": counts.same,
        }  # fmt: skip

    page = ActPage(
        _("导入技能表"), _("导入"), reverse("web:person_skills"), _("技能矩阵"),
        _("一行一个人的一个工种，表头按导出的“技能表”。有一行不对就一行也不导入。"),
    )  # fmt: skip
    return act_page(request, TableForm(posted(request), request.FILES or None), page, act)


@login_required
def broad_list(request: HttpRequest) -> HttpResponse:
    """The table of one unit: chosen by `?unit=`, else the first one that has entries, else the first one kept."""
    actor, now = actor_of(request), timezone.now()
    units = units_with_tables(actor, now, UNITS)
    wanted = number_of(request.GET.get("unit"))
    unit = next((one for one in units if one.pk == wanted), None if wanted is not None else next(iter(units), None))
    if unit is None:
        raise Http404
    form = BroadForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            keep_broad_name(unit=unit, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已记下。"))
            return redirect(f"{reverse('web:broad_names')}?unit={unit.pk}")
    rows = list(unit.broad_names.order_by("kind", "broad", "old", "pk"))
    context = {
        "unit": unit, "units": [(str(one.pk), one.name) for one in units], "form": form,
        "tables": [(str(kind.label), [row for row in rows if row.kind == kind]) for kind in BroadKind],
    }  # fmt: skip
    return render(request, "members/broad_names.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def broad_drop(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(BroadName.objects.select_related("unit"), pk=pk)
    _kept_unit(request, row.unit_id)
    drop_broad_name(row=row, actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("已去掉。"))
    return redirect(f"{reverse('web:broad_names')}?unit={row.unit_id}")


@login_required
def broad_export(request: HttpRequest, pk: int) -> FileResponse:
    unit = _kept_unit(request, pk)
    heads = [_(broad_names.HEADS[key]) for key in broad_names.HEADS]
    rows = ([str(row.get_kind_display()), row.old, row.broad] for row in unit.broad_names.order_by("kind", "old", "pk"))
    sheet = SheetOut(_("大岗位大工种"), heads, rows, [10, 24, 24])
    return excel_answer([sheet], _("大岗位大工种") + f"_{unit.name}.xlsx")


@login_required
def broad_import(request: HttpRequest, pk: int) -> HttpResponse:
    unit = _kept_unit(request, pk)

    def act(given: dict[str, Any]) -> str:
        with laid_out(given["table"]) as path:
            count = import_broad_names(
                unit=unit, path=path, name=given["table"].name, actor=actor_of(request), at=timezone.now()
            )
        return _("已导入 %(count)s 条对照。") % {"count": count}

    back = f"{reverse('web:broad_names')}?unit={unit.pk}"
    note = _("三列：类别（岗位、工种）、原名称、归入。有一行不对就一行也不导入。")
    page = ActPage(_("导入对照表"), _("导入"), back, _("大岗位、大工种"), note)
    return act_page(request, TableForm(posted(request), request.FILES or None), page, act)


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {
        "body": number_of(request.GET.get("body")),
        "unit": number_of(request.GET.get("unit")),
        "text": request.GET.get("q", ""),
        "trade": request.GET.get("trade", ""),
    }


def _leads_somebody(actor: Person, now: Any) -> bool:
    return KEEP_SKILLS.narrow(actor, Person.objects.exclude(pk=actor.pk), at=now).exists()


def _kept_unit(request: HttpRequest, pk: int) -> AdminUnit:
    units = KEEP_BROAD_NAMES.narrow(actor_of(request), AdminUnit.objects.all(), at=timezone.now())
    unit: AdminUnit = get_object_or_404(units, pk=pk)
    return unit


def _table_row(person: Person, skill: HeldSkill) -> list[Any]:
    kind = _(skill_import.MAIN) if skill.is_main else _(skill_import.FURTHER)
    return [person.staff_number or "", person.name, skill.trade, kind, skill.grade or "", skill.certificate or "",
            skill.since]  # fmt: skip


def _mark(skill: HeldSkill | None) -> str:
    if skill is None:
        return ""
    return skill.grade or (_("主") if skill.is_main else _("会"))
