"""采用: for one body or many, with what it would change shown first; going over to a newer version; ending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.enums import BatchState
from ronghe.domain.playbooks.models import Adoption, AdoptionBatch, read_together
from ronghe.domain.playbooks.rules import END_ADOPTION, SEE_ADOPTION
from ronghe.domain.playbooks.selectors import adoptions_seen_by
from ronghe.domain.playbooks.selectors.books import Shelved, newest, shelf, shelved_as
from ronghe.domain.playbooks.services import adopt_playbook, end_adoption
from ronghe.domain.playbooks.services.batches import AT_ONCE, carry_on, start_batch
from ronghe.domain.playbooks.tasks import adopt_for_many
from ronghe.domain.rollouts.selectors.foresight import Foreseen, foresee, upgrade_of
from ronghe.domain.rollouts.selectors.rollouts import bodies_to_adopt
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, page_of
from ronghe.web.playbooks.compare_views import groups_of
from ronghe.web.playbooks.forms import ManyForm, SinceForm, UntilForm
from ronghe.web.playbooks.views import asked_version
from ronghe.web.requests import actor_of

OFFERED = 1_000
"""Bodies written into the page at most."""
LINES_SHOWN = 60
PREVIEWED = 200
"""Bodies whose duties are worked out in a preview; of more the first ones are."""

CONFLICTS = {
    "nothing_for_this_body": N_("没有一项制度适用"),
    "already_adopted": N_("已在执行这一版"),
    "adopted_later": N_("那天以后已换过版本"),
    "adoption_out_of_reach": N_("日期离现在太远"),
}


@login_required
def adoption_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_seen(
        SEE_ADOPTION, actor, _asked(request), order_by=["-valid_from"], at=now, page=asked_page(request)
    )  # fmt: skip
    known = newest(shelf())
    context = {
        "page": page_of(listed),
        "lines": [(row, known.get(row.version.playbook_id)) for row in listed.rows],
        "playbooks": [(one.id, one.title) for one in known.values()],
        "shows": [("", _("执行中")), ("over", _("已停用"))],
        "asked_text": request.GET.get("q", ""),
        "export_query": asked_filters(request),
    }
    template = "playbooks/adoption_list.html#rows" if request.htmx else "playbooks/adoption_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def adoption_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows = SEE_ADOPTION.narrow(actor, _asked(request), at=now).order_by("-valid_from", "-pk")
    heads = [_("组织"), _("范本"), _("版本"), _("从哪天起"), _("到哪天止"), _("谁定的")]
    lines: Iterator[Sequence[Any]] = (
        [row.body.name, row.version.title.here, row.version.version, row.valid_from, row.valid_until,
         row.adopted_by.name if row.adopted_by else ""]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("采用记录"), head=heads, rows=lines, widths=[36, 24, 8, 12, 12, 12])
    return excel_answer([sheet], _("采用记录") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def adoption_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What a body works by, and what going over to the newest version would change."""
    return _adoption_page(request, _seen(request, pk))


@login_required
@require_POST
def adoption_upgrade(request: HttpRequest, pk: int) -> HttpResponse:
    adoption = _seen(request, pk)
    newer, form = _newer(adoption), SinceForm(request.POST)
    if newer is None or not form.is_valid():
        return _adoption_page(request, adoption, since_form=form)
    try:
        made = adopt_playbook(
            body=adoption.body, playbook=newer.playbook, actor=actor_of(request), at=timezone.now(),
            **form.cleaned_data,
        )  # fmt: skip
    except DomainError as error:
        form.add_error(None, str(error))
        return _adoption_page(request, adoption, since_form=form)
    toasts.done(request, _("已升级到第 %(version)s 版，应办事项已按新版排定。") % {"version": newer.version})
    return redirect("web:adoption_detail", made.pk)


@login_required
@require_POST
def adoption_end(request: HttpRequest, pk: int) -> HttpResponse:
    adoption, form = _seen(request, pk), UntilForm(request.POST)
    if form.is_valid():
        try:
            end_adoption(adoption=adoption, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已停用；停用以前的记录不变。"))
            return redirect("web:adoption_detail", pk)
    return _adoption_page(request, adoption, until_form=form)


@login_required
def adopt_many(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """Choose bodies, see what each would owe, then let them adopt: at once where they are few, else as a job."""
    actor, now = actor_of(request), timezone.now()
    one = asked_version(actor, playbook_id, now)
    bodies = bodies_to_adopt(actor, one.playbook, now)
    if not bodies.exists():
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    form = ManyForm(given if "since" in given else None, bodies=bodies, initial={"since": local_day(now)})
    foreseen: list[Foreseen] = []
    if form.is_bound and form.is_valid():
        chosen = list(form.cleaned_data["bodies"])
        if request.method == "POST":
            try:
                batch = start_batch(
                    bodies=chosen, playbook=one.playbook, since=form.cleaned_data["since"], actor=actor, at=now
                )  # fmt: skip
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                if len(chosen) > AT_ONCE:
                    adopt_for_many.enqueue(batch_id=batch.pk)
                else:
                    carry_on(batch=batch, at=now)
                return redirect("web:adoption_batch", batch.pk)
        foreseen = foresee(chosen[:PREVIEWED], one.playbook, form.cleaned_data["since"])
    adopted = Adoption.objects.filter(valid_until=None, version__playbook_id=one.id, body__in=bodies.values("pk"))
    working = {row.body_id: row.version.version for row in adopted.select_related("version")}
    ready = sum(not row.conflict for row in foreseen)
    context = {
        "shelved": one,
        "form": form,
        "offered": [(row, working.get(row.pk)) for row in bodies[:OFFERED]],
        "chosen": {row.pk for row in form.cleaned_data.get("bodies", ())} if form.is_bound and form.is_valid() else set(),
        "foreseen": [(row, _(CONFLICTS[row.conflict]) if row.conflict else "") for row in foreseen],
        "ready": ready,
        "to_adopt": ready + (len(form.cleaned_data["bodies"]) - len(foreseen) if foreseen else 0),
        "at_once": AT_ONCE,
    }  # fmt: skip
    return render(request, "playbooks/adopt_many.html", context, status=422 if form.errors else 200)


@login_required
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far many adoptions are, and who was passed over; polls itself while it runs."""
    actor = actor_of(request)
    batch = get_object_or_404(AdoptionBatch.objects.select_related("version", "asked_by"), pk=pk, asked_by=actor)
    bodies = PartyOrg.objects.in_bulk([int(body) for body in batch.refused])
    context = {
        "batch": batch,
        "is_running": batch.state == BatchState.RUNNING,
        "refused": [(bodies[int(body)], _(CONFLICTS.get(code, code))) for body, code in batch.refused.items()],
        "adopted": batch.done - len(batch.refused),
    }
    template = "playbooks/batch.html#progress" if request.htmx else "playbooks/batch.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _asked(request: HttpRequest) -> QuerySet[Adoption]:
    rows: QuerySet[Adoption] = Adoption.objects.select_related("body", "version", "adopted_by")
    rows = rows.exclude(valid_until=None) if request.GET.get("show") == "over" else rows.filter(valid_until=None)
    if playbook := request.GET.get("playbook", ""):
        rows = rows.filter(version__playbook_id=playbook[:60])
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(body__name__contains=text)
    return rows


def _seen(request: HttpRequest, pk: int) -> Adoption:
    rows = adoptions_seen_by(actor_of(request), timezone.now()).select_related("body__parent", "version", "adopted_by")
    return get_object_or_404(rows, pk=pk)


def _newer(adoption: Adoption) -> Shelved | None:
    """Return the newest version of what the body works by, where it is a newer one."""
    latest = shelved_as(adoption.version.playbook_id)
    return latest if latest is not None and latest.version > adoption.version.version else None


def _adoption_page(
    request: HttpRequest, adoption: Adoption, *, since_form: SinceForm | None = None, until_form: UntilForm | None = None
) -> HttpResponse:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    today = local_day(now)
    is_open = adoption.valid_until is None
    newer = _newer(adoption) if is_open else None
    since = today
    if request.GET.get("since"):
        asked = SinceForm(request.GET)
        since = asked.cleaned_data["since"] if asked.is_valid() else today
    since = max(since, adoption.valid_from)
    may_decide = is_open and END_ADOPTION.allows(actor, adoption, at=now)
    context: dict[str, Any] = {
        "adoption": adoption,
        "is_open": is_open,
        "newer": newer,
        "may_decide": may_decide,
        "since": since,
        "since_form": since_form or SinceForm(initial={"since": since}),
        "until_form": until_form or UntilForm(initial={"until": today}),
        "lines_shown": LINES_SHOWN,
    }
    if newer is not None:
        read_together([adoption.version, *([newer.kept] if newer.kept is not None else [])])
        comparison = upgrade_of(adoption, newer.playbook)
        context |= {
            "comparison": comparison,
            "groups": groups_of(comparison, is_upgrade=True),
            "foreseen": foresee([adoption.body], newer.playbook, since)[0],
        }
    failed = bool(since_form and since_form.errors) or bool(until_form and until_form.errors)
    return render(request, "playbooks/adoption_detail.html", context, status=422 if failed else 200)
