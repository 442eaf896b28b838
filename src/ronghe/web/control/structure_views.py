"""验收划分和工序: built up by hand, from a template, from another project, from Excel; and the templates themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.calc.table import HEADS
from ronghe.domain.control.enums import PartLevel
from ronghe.domain.control.models import ProcessTemplate, WorkPart, WorkProcess
from ronghe.domain.control.rules import KEEP_STRUCTURE, KEEP_TEMPLATE
from ronghe.domain.control.selectors.reading import Preview, read_structure, unpack
from ronghe.domain.control.selectors.sides import lots_offered, projects_controlled
from ronghe.domain.control.selectors.structure import (
    befores_of,
    flattened,
    path_of,
    templates_for,
    templates_kept_by,
    tree_of,
)
from ronghe.domain.control.services.structure import (
    add_part,
    build_structure,
    change_part,
    change_process,
    copy_structure,
    drop_part,
    drop_process,
    use_template,
)
from ronghe.domain.control.services.templates import LineIn, save_template, withdraw_template
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_, _
from ronghe.ui import toasts
from ronghe.web.control.forms import (
    CopyForm,
    PartForm,
    ProcessForm,
    RenameForm,
    TableForm,
    TakeOverForm,
    TemplateForm,
    UseTemplateForm,
)
from ronghe.web.control.presenting import process_of, project_of, settle
from ronghe.web.files import excel_answer
from ronghe.web.members.acting import laid_out
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

OFFERED = 300
EXAMPLES = (
    (N_("一标段"), N_("注水站改造"), N_("工艺管道"), N_("管道安装"), N_("1号管线"), N_("管沟开挖"), "", N_("沟底标高偏差 ±50 mm"), ""),
    (N_("一标段"), N_("注水站改造"), N_("工艺管道"), N_("管道安装"), N_("1号管线"), N_("强度试压"), "H", N_("6.0 MPa 稳压 30 min"), "24"),
)  # fmt: skip
"""Rows of the empty sheet that show how it is filled."""


@login_required
def control_structure(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts with what may be added; every form here posts to an address of its own."""
    project, actor, now = _kept(request, pk), actor_of(request), timezone.now()
    nodes = flattened(tree_of(project))
    named = {node.part.pk: f"{'　' * node.depth}{node.part.name}" for node in nodes}
    parts = WorkPart.objects.filter(project=project).order_by("place", "pk")
    last = parts.filter(level=PartLevel.INSPECTION_LOT)
    templates = templates_for(project.body_id, local_day(now))
    others = projects_controlled(actor, now).exclude(pk=pk).filter(work_parts__isnull=False).distinct()
    context = {
        "project": project,
        "nodes": nodes,
        "part_form": PartForm(parts=parts.exclude(level=PartLevel.INSPECTION_LOT), named=named),
        "process_form": ProcessForm() if last.exists() else None,
        "lots": [(part.pk, " › ".join(path_of(part))) for part in last.select_related("parent__parent__parent")[:OFFERED]],
        "template_form": UseTemplateForm(templates=templates, parts=last, named=named)
        if last.exists() and templates.exists()
        else None,
        "copy_form": CopyForm(projects=others) if others.exists() else None,
        "known_lots": lots_offered(project),
    }  # fmt: skip
    return render(request, "control/structure.html", context)


@login_required
@require_POST
def control_part_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = _kept(request, pk)
    form = PartForm(request.POST, parts=WorkPart.objects.filter(project=project), named={})

    def act(actor: Any) -> None:
        typed = form.cleaned_data
        add_part(
            project=project, level=form.level(), name=typed["name"], parent=typed["parent"], lot=typed["lot"],
            actor=actor, at=timezone.now(),
        )  # fmt: skip

    return settle(request, act, _("已加。"), "web:control_structure", pk, form=form)


@login_required
@require_POST
def control_part_change(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    row, form = _part(request, pk, part), RenameForm(request.POST)

    def act(actor: Any) -> None:
        change_part(part=row, actor=actor, at=timezone.now(), **form.cleaned_data)

    return settle(request, act, _("已改。"), "web:control_structure", pk, form=form)


@login_required
@require_POST
def control_part_drop(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    row = _part(request, pk, part)
    return settle(
        request,
        lambda actor: drop_part(part=row, actor=actor, at=timezone.now()),
        _("已删。"),
        "web:control_structure",
        pk,
    )


@login_required
@require_POST
def control_process_add(request: HttpRequest, pk: int) -> HttpResponse:
    project, form = _kept(request, pk), ProcessForm(request.POST)
    lots = WorkPart.objects.filter(project=project, level=PartLevel.INSPECTION_LOT)
    part = get_object_or_404(lots, pk=number_of(request.POST.get("part")))

    def act(actor: Any) -> None:
        names = path_of(part)
        row = form.row((names[0], names[1], names[2], names[3]))
        build_structure(project=project, rows=[row], actor=actor, at=timezone.now(), act="process")

    return settle(request, act, _("工序已加在最后，前一道验收了才能进入。"), "web:control_structure", pk, form=form)


@login_required
@require_POST
def control_template_use(request: HttpRequest, pk: int) -> HttpResponse:
    project = _kept(request, pk)
    templates = templates_for(project.body_id, local_day(timezone.now()))
    parts = WorkPart.objects.filter(project=project, level=PartLevel.INSPECTION_LOT)
    form = UseTemplateForm(request.POST, templates=templates, parts=parts, named={})

    def act(actor: Any) -> None:
        use_template(actor=actor, at=timezone.now(), **form.cleaned_data)

    return settle(request, act, _("模板里的工序已写入。"), "web:control_structure", pk, form=form)


@login_required
@require_POST
def control_copy(request: HttpRequest, pk: int) -> HttpResponse:
    project = _kept(request, pk)
    form = CopyForm(request.POST, projects=projects_controlled(actor_of(request), timezone.now()).exclude(pk=pk))

    def act(actor: Any) -> None:
        copy_structure(source=form.cleaned_data["source"], project=project, actor=actor, at=timezone.now())

    return settle(request, act, _("验收划分和工序已复制，都是未开始。"), "web:control_structure", pk, form=form)


@login_required
def control_process_edit(request: HttpRequest, pk: int) -> HttpResponse:
    process = process_of(request, pk)
    KEEP_STRUCTURE.require(actor_of(request), process.project, at=timezone.now())
    others = WorkProcess.objects.filter(project=process.project).exclude(pk=pk).select_related("part")
    names = ("name", "point", "standard", "notice_hours")
    initial: dict[str, Any] = {name: getattr(process, name) for name in names}
    initial["before"] = [one.pk for one in befores_of(process)]
    form = ProcessForm(request.POST or None, others=others.order_by("part__place", "number"), initial=initial)

    def act() -> None:
        parts = path_of(process.part)
        row = form.row((parts[0], parts[1], parts[2], parts[3]))
        before = list(form.cleaned_data["before"])
        change_process(process=process, row=row, before=before, actor=actor_of(request), at=timezone.now())

    done = _on_form(request, form, act, _("已改。"))
    if done:
        return redirect("web:control_process", pk)
    context = {"form": form, "process": process, "project": process.project}
    return render(request, "control/process_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def control_process_drop(request: HttpRequest, pk: int) -> HttpResponse:
    process = process_of(request, pk)
    return settle(
        request, lambda actor: drop_process(process=process, actor=actor, at=timezone.now()), _("工序已删。"),
        "web:control_processes", process.project_id,
    )  # fmt: skip


@login_required
def control_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload, see every problem by its cell, then take over: nothing is written before that."""
    project, actor, now = _kept(request, pk), actor_of(request), timezone.now()
    form, take, preview = TableForm(), None, None
    if request.method == "POST" and "packed" in request.POST:
        take = TakeOverForm(request.POST)
        if take.is_valid():
            try:
                preview = unpack(take.cleaned_data["packed"], actor, now)
                made = build_structure(project=project, rows=preview.plan(), actor=actor, at=now)
            except NotAllowed:
                raise
            except DomainError as error:
                take.add_error(None, str(error))
            else:
                toasts.done(request, _("已写入 %(count)s 道工序。") % {"count": len(made)})
                return redirect("web:control_processes", pk)
    elif request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["table"]
            try:
                with laid_out(upload) as path:
                    preview = read_structure(path, upload.name, actor, now)
            except DomainError as error:
                form.add_error("table", str(error))
            else:
                take = TakeOverForm(initial={"packed": preview.packed()})
    context = {"project": project, "form": form, "take": take, "preview": preview, **_preview(preview)}
    is_wrong = bool(form.errors) or (take is not None and bool(take.errors))
    return render(request, "control/import.html", context, status=422 if is_wrong else 200)


@login_required
def control_table(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The empty sheet with two rows that show how it is filled; with the project's own processes where it has some."""
    project = _kept(request, pk)
    heads = [_(head) for head in HEADS.values()]
    rows = [[_(cell) if cell else "" for cell in row] for row in EXAMPLES]
    sheet = SheetOut(title=_("工序"), head=heads, rows=rows, widths=[10, 20, 20, 20, 20, 26, 10, 30, *[12] * 10])
    return excel_answer([sheet], f"{project.name}_{_('工序导入表')}.xlsx")


@login_required
def control_templates(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = list(templates_kept_by(actor, now)[:OFFERED])
    kept = ProcessTemplate.objects.filter(body__in=bodies, withdrawn_at=None).select_related("body")
    context = {"kept_bodies": bodies, "templates": kept.prefetch_related("lines").order_by("body__name", "name", "pk")}
    return render(request, "control/templates.html", context)


@login_required
def control_template_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a template for the body `pk`."""
    body = get_object_or_404(templates_kept_by(actor_of(request), timezone.now()), pk=pk)
    return _template(request, body, None)


@login_required
def control_template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    template = _own_template(request, pk)
    return _template(request, template.body, template)


@login_required
@require_POST
def control_template_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    template = _own_template(request, pk)
    return settle(
        request, lambda actor: withdraw_template(template=template, actor=actor, at=timezone.now()),
        _("模板已停用，用过它的工序不变。"), "web:control_templates",
    )  # fmt: skip


def _template(request: HttpRequest, body: PartyOrg, template: ProcessTemplate | None) -> HttpResponse:
    known = template.lines.order_by("number") if template is not None else []
    lines = [LineIn(line.name, line.point, line.standard, line.notice_hours) for line in known]
    initial = {"name": template.name} if template is not None else {}
    form = TemplateForm(request.POST if request.method == "POST" else None, lines=lines, initial=initial)

    def act() -> None:
        save_template(
            body=body, name=form.cleaned_data["name"], lines=form.lines(), actor=actor_of(request), at=timezone.now(),
            template=template,
        )  # fmt: skip

    if _on_form(request, form, act, _("模板已保存。")):
        return redirect("web:control_templates")
    context = {"form": form, "body": body, "template": template}
    return render(request, "control/template_form.html", context, status=422 if form.errors else 200)


def _on_form(request: HttpRequest, form: Any, act: Callable[[], None], done: str) -> bool:
    """Do what a form is for; a refusal stands on it with what was typed."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    toasts.done(request, done)
    return True


def _preview(preview: Preview | None) -> dict[str, Any]:
    if preview is None:
        return {"rows": [], "problems": [], "heads": []}
    shown = [key for key in HEADS if any(row.cells[key] for row in preview.rows)]
    return {
        "heads": [_(HEADS[key]) for key in shown],
        "rows": [(row, [(row.cells[key], row.problems.get(key, "")) for key in shown]) for row in preview.rows],
        "problems": preview.problems,
    }


def _kept(request: HttpRequest, pk: int) -> Project:
    project = project_of(request, pk)
    KEEP_STRUCTURE.require(actor_of(request), project, at=timezone.now())
    return project


def _part(request: HttpRequest, pk: int, part: int) -> WorkPart:
    row: WorkPart = get_object_or_404(
        WorkPart.objects.select_related("project__body"), pk=part, project=_kept(request, pk)
    )
    return row


def _own_template(request: HttpRequest, pk: int) -> ProcessTemplate:
    rows = ProcessTemplate.objects.filter(withdrawn_at=None).select_related("body")
    template: ProcessTemplate = get_object_or_404(rows, pk=pk)
    if not KEEP_TEMPLATE.allows(actor_of(request), template.body, at=timezone.now()):
        raise Http404
    return template
