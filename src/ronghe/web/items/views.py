"""Items of every kind: the list, raising one, its page, its steps, words, changes and people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.items.models import ItemPerson, WorkItem
from ronghe.domain.items.rules import ADD_NOTE, SEE_ITEM, ItemKind, Need, StepSpec, declared_kinds, kind_of
from ronghe.domain.items.selectors import (
    bodies_to_raise_for,
    items_owed_by,
    items_seen_by,
    items_to_run,
    list_items,
    people_to_ask,
    record_of,
)
from ronghe.domain.items.services.changing import Changed, add_note, change_item, let_go, let_in
from ronghe.domain.items.services.filling import ValuesUnfit, in_words, said
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.steps import Said, steps_open_to, take_step
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.items.asking import ORDERS, belonging, filters_of, item_seen, states_of
from ronghe.web.items.forms import ChangeForm, NoteForm, PartForm, RaiseForm, StepForm
from ronghe.web.items.presenting import PANELS, history_of, line_of, page_of
from ronghe.web.lookbacks.linking import look_back_on
from ronghe.web.paging import asked_filters, asked_order, asked_page
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import default_deadline

UNFIT = 422
"""What was typed or handed in does not fit; it stands beside the sentence, while a step that came too late is only told."""


@login_required
def items(request: HttpRequest) -> HttpResponse:
    return item_list(request, None)


@login_required
def items_mine(request: HttpRequest) -> HttpResponse:
    """What waits for the reader as owner or raiser, soonest first."""
    rows = items_owed_by(actor_of(request))
    return _waiting(request, rows, _("等我办的事项"), _("没有等您办的事项。"))


@login_required
def items_waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the reader to triage, assign or accept, the longest waiting first."""
    rows = items_to_run(actor_of(request), timezone.now())
    return _waiting(request, rows, _("等我处理的事项"), _("没有等您处理的事项。"))


def _waiting(request: HttpRequest, rows: Any, title: str, nothing: str) -> HttpResponse:
    now = timezone.now()
    page = Paginator(rows, 20).get_page(asked_page(request))
    context = {"page": page, "lines": [line_of(item, now) for item in page], "title": title, "nothing": nothing}
    return render(request, "items/items_waiting.html", context)


def item_list(
    request: HttpRequest, kind: ItemKind | None, *, template: str = "items/item_list.html", **context: Any
) -> HttpResponse:
    """The list of one kind, or of all; a kind's own page calls this with its own template."""
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "due")
    listed = list_items(
        actor, now, filters=filters_of(request, actor, now, kind), order_by=order, page=asked_page(request)
    )
    page = paged(listed)
    may_raise = kind is not None and bodies_to_raise_for(kind, actor, now).exists()
    context |= {
        "kind": kind,
        "kinds": [(one.id, _(one.title)) for one in declared_kinds().values()],
        "page": page,
        "lines": [line_of(item, now) for item in page.object_list],
        "states": states_of(kind),
        "raisable": [(kind.id, _(kind.raise_title))] if kind is not None and may_raise else [],
        "export_query": asked_filters(request),
    }
    wanted = f"{template}#rows" if request.htmx else template  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def item_export(request: HttpRequest, kind: str = "") -> HttpResponseBase:
    """What the list shows with these filters, whole, as a workbook; with the kind's own fields where it is one kind."""
    actor, now = actor_of(request), timezone.now()
    known = declared_kinds().get(kind or request.GET.get("kind", ""))
    rows = SEE_ITEM.narrow(actor, WorkItem.objects.filter(filters_of(request, actor, now, known)), at=now)
    rows = rows.select_related("owner", "body", "zone", "raised_by").order_by("due_at", "pk")
    heads = [_("编号"), _("类别"), _("事项"), _("组织"), _("协作区"), _("谁提出"), _("提出时间"), _("谁来办"), _("何时办完"),
             _("状态"), _("办结时间")]  # fmt: skip
    specs = known.fields if known is not None else ()
    lines = ([*_cells(item, now), *_own_cells(specs, item)] for item in rows.iterator(chunk_size=2000))
    widths = [8, 12, 36, 26, 22, 10, 17, 10, 17, 10, 17, *(18 for _spec in specs)]
    title = _(known.title) if known is not None else _("工作事项")
    sheet = SheetOut(title=title, head=[*heads, *(_(spec.title) for spec in specs)], rows=lines, widths=widths)
    return excel_answer([sheet], f"{title}_{timezone.localtime(now):%Y%m%d}.xlsx")


@login_required
def item_create(request: HttpRequest, kind: str) -> HttpResponse:
    wanted = declared_kinds().get(kind)
    if wanted is None:
        raise Http404
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_raise_for(wanted, actor, now)
    if not bodies.exists():
        raise NotAllowed
    given = belonging(request, actor, now)
    initial: dict[str, Any] = {
        name: request.GET[name] for name in ("title", "text", "place", "body") if request.GET.get(name)
    }
    if wanted.due == Need.REQUIRED:
        initial["due_at"] = default_deadline(now)
    form = RaiseForm(request.POST or None, kind=wanted, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        text = ItemText(
            title=typed["title"], text=typed["text"], values=form.values(), due_at=typed.get("due_at"),
            place=typed["place"], **given,
        )  # fmt: skip
        try:
            item = raise_item(
                kind=wanted, text=text, body=typed["body"], actor=actor, at=now, uploads=uploads_of(request)
            )
        except ValuesUnfit as error:
            form.refuse(error.by_field())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(title)s”已提出。") % {"title": item.title})
            return redirect(page_of(item))
    context = {"form": form, "kind": wanted, "takes_files": wanted.evidence != Need.NONE, "given": given}
    return render(request, "items/item_form.html", context, status=422 if form.errors else 200)


@login_required
def item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    return redirect(page_of(item)) if kind_of(item).detail_page else show_item(request, item)


def show_item(request: HttpRequest, item: WorkItem, *, failed: Any = None, status: int = 200) -> HttpResponse:
    """The page of an item; a form that was refused stands open on it with what was typed."""
    return render(request, "items/item_detail.html", _context(request, item, failed), status=status)


@login_required
@require_POST
def item_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    item = _seen(request, pk)
    spec = kind_of(item).step_by_id.get(step)
    if spec is None or spec.is_inner:
        raise Http404
    form = _step_form(request, item, spec, request.POST)
    if not form.is_valid():
        return show_item(request, item, failed=(step, form), status=422)
    typed = form.cleaned_data
    given = Said(
        note=typed.get("note", ""), values=form.values(), uploads=uploads_of(request), owner=typed.get("owner"),
        due_at=typed.get("due_at"),
    )  # fmt: skip
    try:
        take_step(item=item, step=step, actor=actor_of(request), at=timezone.now(), said=given)
    except ValuesUnfit as error:
        form.refuse(error.by_field())
        return show_item(request, item, failed=(step, form), status=422)
    except DomainError as error:
        if error.status == UNFIT:  # what was typed stays beside the sentence; only the file is chosen again
            form.add_error(None, str(error))
            return show_item(request, item, failed=(step, form), status=UNFIT)
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _(spec.said))
    return _back(request, item)


@login_required
@require_POST
def item_note(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    form = NoteForm(request.POST, is_owner=item.owner_id == actor_of(request).pk)

    def act(actor: Person, now: datetime) -> None:
        typed = form.cleaned_data
        add_note(
            item=item,
            text=typed["text"],
            percent=typed.get("percent"),
            actor=actor,
            at=now,
            uploads=uploads_of(request),
        )

    return _act(request, item, "note", form, act, _("已记下。"))


@login_required
@require_POST
def item_change(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    form = ChangeForm(request.POST, kind=kind_of(item), item=item)

    def act(actor: Person, now: datetime) -> None:
        typed = form.cleaned_data
        due_at = typed.get("due_at")
        changed = Changed(
            title=typed["title"], text=typed["text"], place=typed["place"], values=form.values() or None,
            due_at=due_at if due_at != item.due_at else None,
        )  # fmt: skip
        change_item(item=item, changed=changed, actor=actor, at=now, reason=typed["reason"])

    return _act(request, item, "change", form, act, _("已更改。"))


@login_required
@require_POST
def item_join(request: HttpRequest, pk: int) -> HttpResponse:
    item = _seen(request, pk)
    people = people_to_ask(item, actor_of(request), timezone.now())
    form = PartForm(request.POST, kind=kind_of(item), people=people)

    def act(actor: Person, now: datetime) -> None:
        let_in(item=item, actor=actor, at=now, **form.cleaned_data)

    return _act(request, item, "join", form, act, _("已加入。"))


@login_required
@require_POST
def item_leave(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    item = _seen(request, pk)
    row = get_object_or_404(ItemPerson.objects.select_related("item", "person"), pk=person, item=item)

    def act(actor: Person, now: datetime) -> None:
        let_go(row=row, actor=actor, at=now)

    return _act(request, item, "leave", None, act, _("已退出。"))


def uploads_of(request: HttpRequest) -> list[Upload]:
    """Return the files that came with a form."""
    return [Upload(file.name or "", file) for file in request.FILES.getlist("photo")]


def _act(
    request: HttpRequest, item: WorkItem, name: str, form: Any, act: Callable[[Person, datetime], None], done: str
) -> HttpResponse:
    """Do one act on an item; a refusal stands on its page, with what was typed."""
    if form is not None and not form.is_valid():
        return show_item(request, item, failed=(name, form), status=422)
    try:
        act(actor_of(request), timezone.now())
    except ValuesUnfit as error:
        form.refuse(error.by_field())
        return show_item(request, item, failed=(name, form), status=422)
    except DomainError as error:
        if form is not None and error.status == UNFIT:
            form.add_error(None, str(error))
            return show_item(request, item, failed=(name, form), status=UNFIT)
        toasts.refused(request, str(error))
    else:
        toasts.done(request, done)
    return _back(request, item)


def _back(request: HttpRequest, item: WorkItem) -> HttpResponse:
    """Go back to the item's page, or to the list for whoever has no part in it any more."""
    now = timezone.now()
    item.refresh_from_db()
    if SEE_ITEM.allows(actor_of(request), item, at=now):
        return redirect(page_of(item))
    return redirect("web:items")


def _seen(request: HttpRequest, pk: int) -> WorkItem:
    return item_seen(items_seen_by(actor_of(request), timezone.now()), pk)


def _step_form(request: HttpRequest, item: WorkItem, spec: StepSpec, data: Any = None) -> StepForm:
    reader = (actor_of(request), timezone.now())
    return StepForm(data, kind=kind_of(item), step=spec, item=item, people=people_to_ask(item, *reader), reader=reader)


def _context(request: HttpRequest, item: WorkItem, failed: Any) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    kind, record = kind_of(item), record_of(item, now)
    name, refused = failed or ("", None)
    steps = [
        (spec, refused if name == spec.id else _step_form(request, item, spec))
        for spec in steps_open_to(item, actor, now)
    ]
    in_front = bool(steps) and not steps[0][0].is_danger and not steps[0][0].is_aside
    may_change = not item.is_closed and kind.edit_right.allows(actor, item, at=now)
    panel, fill = PANELS.get(kind.id, ("", None))
    return {
        "item": item,
        "kind": kind,
        "line": line_of(item, now),
        "values": in_words(kind, item.values),
        "record": record,
        "history": history_of(kind, record.steps),
        "front_step": steps[0] if in_front else None,
        "other_steps": steps[1:] if in_front else steps,
        "failed": name,
        "note_form": _note_form(item, actor, now, refused if name == "note" else None),
        "change_form": (refused if name == "change" else ChangeForm(kind=kind, item=item)) if may_change else None,
        "part_form": _part_form(request, item, refused if name == "join" else None)
        if may_change and kind.parts
        else None,
        "parts": {code: _(word) for code, word in kind.parts.items()},
        "panel": panel,
        "look_back": "" if kind.id == "lookback" else look_back_on("items.workitem", item.pk, actor, now),
        **(fill(request, item) if fill is not None else {}),
    }


def _note_form(item: WorkItem, actor: Person, now: datetime, refused: Any) -> Any:
    if item.is_closed or not kind_of(item).takes_notes or not ADD_NOTE.allows(actor, item, at=now):
        return None
    return refused or NoteForm(is_owner=item.owner_id == actor.pk)


def _part_form(request: HttpRequest, item: WorkItem, refused: Any) -> Any:
    people = people_to_ask(item, actor_of(request), timezone.now())
    return refused or PartForm(kind=kind_of(item), people=people)


def _cells(item: WorkItem, now: datetime) -> list[Any]:
    line = line_of(item, now)
    return [
        item.pk, _(line.kind.title), item.title, item.body.name, item.zone.name if item.zone else "",
        item.raised_by.name, _local(item.raised_at), item.owner.name if item.owner else "", _local(item.due_at),
        line.word, _local(item.closed_at),
    ]  # fmt: skip


def _own_cells(specs: Any, item: WorkItem) -> list[str]:
    return [said(spec, item.values[spec.id]) if item.values.get(spec.id) is not None else "" for spec in specs]


def _local(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""
