"""荣誉台账: the list, one honour, entering, importing, withdrawing, and the catalogue of titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.honours.documents import certificate_document, register_document
from ronghe.domain.honours.enums import HolderKind, HonourLevel, HonourState, TermFilter
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.honours.rules import CHANGE_TITLE, SEE_HONOUR, WITHDRAW_HONOUR
from ronghe.domain.honours.selectors.register import (
    bodies_to_enter_for,
    bodies_with_catalogue,
    figures_of,
    honours_filtered,
    list_honours,
    titles,
    years_known,
)
from ronghe.domain.honours.services.catalogue import keep_title, retire_title, take_over_shipped
from ronghe.domain.honours.services.importing import HEADS, import_honours
from ronghe.domain.honours.services.register import enter_honour, withdraw_honour
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.honours.forms import HonourForm, ImportForm, ReasonForm, TitleForm
from ronghe.web.honours.presenting import listed, plain_act, seen_honour, standing_of
from ronghe.web.members.acting import ActPage, laid_out, posted
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of

ORDERS = {
    "awarded": ("awarded_on",), "-awarded": ("-awarded_on",), "holder": ("holder_name",), "-holder": ("-holder_name",),
    "year": ("year",), "-year": ("-year",),
}  # fmt: skip
MOST_PRINTED = 500


@login_required
def honour_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows, day = _filtered(request, now), local_day(now)
    order = tuple(asked_order(request, ORDERS, "-awarded"))
    page = page_of(list_honours(actor, now, rows, page=asked_page(request), order=order))
    context = {
        "page": page,
        "lines": [(row, *standing_of(row, day)) for row in page.object_list],
        "figures": figures_of(actor, now, rows),
        "terms": [("", _("全部")), *TermFilter.choices],
        "levels": HonourLevel.choices,
        "kinds": HolderKind.choices,
        "years": [(str(year), str(year)) for year in years_known()],
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
    }
    return listed(
        request, "honours/honour_list.html", context,
        lambda: {"can_enter": bodies_to_enter_for(actor, now).exists()},
    )  # fmt: skip


@login_required
def honours_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, in the columns that the import reads."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_HONOUR.narrow(actor, _filtered(request, now), at=now).order_by("-awarded_on", "pk")
    day = local_day(now)
    lines: Iterator[Sequence[Any]] = (
        [row.title.name, row.title.get_level_display(), row.holder_name, "", row.body.name, row.year, row.issuer,
         row.document_number, row.awarded_on, row.ends_on, standing_of(row, day)[1]]
        for row in rows.iterator(chunk_size=500)
    )  # fmt: skip
    heads = [*(_(word) for word in HEADS.values()), _("状态")]
    sheet = SheetOut(_("荣誉台账"), heads, lines, [20, 14, 16, 10, 28, 8, 24, 18, 12, 12, 10])
    return excel_answer([sheet], _("荣誉台账") + f"_{day:%Y%m%d}.xlsx")


@login_required
def honours_print(request: HttpRequest, form: str) -> HttpResponse:
    """The register as a paper of whoever enters for a body, of what these filters leave."""
    actor, now = actor_of(request), timezone.now()
    body = bodies_to_enter_for(actor, now).first()
    if body is None:
        raise NotAllowed
    rows = SEE_HONOUR.narrow(actor, _filtered(request, now), at=now).order_by("-awarded_on", "pk")[:MOST_PRINTED]
    document = register_document(list(rows), issuer=body.name, printed_on=local_day(now))
    return paper_answer(request, document, form, source=body)


@login_required
def honour_detail(request: HttpRequest, pk: int) -> HttpResponse:
    honour, now = seen_honour(request, pk), timezone.now()
    shape, word = standing_of(honour, local_day(now))
    is_valid = honour.state == HonourState.VALID
    context = {
        "honour": honour, "shape": shape, "word": word, "is_valid": is_valid,
        "may_withdraw": is_valid and WITHDRAW_HONOUR.allows(actor_of(request), honour, at=now),
        "nomination": getattr(honour, "nomination", None),
    }  # fmt: skip
    return render(request, "honours/honour_detail.html", context)


@login_required
def honour_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_enter_for(actor, now)
    if not bodies.exists():
        raise NotAllowed
    people = SEE_PERSON.narrow(actor, Person.objects.filter(valid_until=None), at=now)
    day = local_day(now)
    form = HonourForm(
        posted(request), request.FILES or None, titles=_titles(), bodies=bodies,
        people=people.select_related("unit").order_by("name", "pk"), initial={"year": day.year, "awarded_on": day},
    )  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        sent = given["proof"]
        upload = Upload(sent.name or "", sent) if sent else None
        enter_honour(text=form.text(), upload=upload, actor=actor, at=now)
        return _("已记入荣誉台账。")

    page = ActPage(
        _("登记荣誉"), _("登记"), reverse("web:honours"), _("荣誉台账"),
        _("授予组织的只选组织，授予个人的再选个人，授予集体的写集体名称。"),
    )  # fmt: skip
    return field_act(request, form, page, act)


@login_required
def honours_import(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if not bodies_to_enter_for(actor, now).exists():
        raise NotAllowed

    def act(given: dict[str, Any]) -> str:
        with laid_out(given["table"]) as path:
            done = import_honours(
                path=path, name=given["table"].name, actor=actor, at=now, dry_run=not given["is_real"]
            )
        said = {"rows": done.rows, "added": done.added, "same": done.same}
        if done.is_dry:
            return _("检查通过：%(rows)s 行，可新增 %(added)s 项，%(same)s 项已在台账。没有写入。") % said
        return _("已导入：新增 %(added)s 项，%(same)s 项已在台账。") % said

    is_dry = request.method == "POST" and "is_real" not in request.POST
    page = ActPage(
        _("导入荣誉台账"), _("检查或导入"), reverse("web:honours_import" if is_dry else "web:honours"), _("荣誉台账"),
        _("一行一项荣誉，表头：荣誉名称、获得者、所在党组织、年度、授予单位、授予日期，可加级别、工号、文号、有效期至。有一行不对就一行也不写。"),
    )  # fmt: skip
    return field_act(request, ImportForm(posted(request), request.FILES or None), page, act)


@login_required
def honour_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    honour = seen_honour(request, pk)
    WITHDRAW_HONOUR.require(actor_of(request), honour)

    def act(given: dict[str, Any]) -> str:
        withdraw_honour(honour=honour, reason=given["reason"], actor=actor_of(request), at=timezone.now())
        return _("已撤销，原因留在台账。")

    page = ActPage(
        _("撤销荣誉"), _("撤销"), reverse("web:honour_detail", args=[pk]), honour.holder_name,
        _("撤销后不再公开，也不能再打印证书；记录和原因不会删除。"), is_grave=True,
    )  # fmt: skip
    return field_act(request, ReasonForm(posted(request)), page, act)


@login_required
@cache_control(private=True, max_age=3600)
def honour_proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    file = seen_honour(request, pk).proof
    if file is None:
        raise Http404
    answer = FileResponse(path_of(file.sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@login_required
def honour_certificate(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    honour = seen_honour(request, pk)
    return paper_answer(request, certificate_document(honour), form, source=honour)


@login_required
def title_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = titles(with_retired=True)
    mine = set(CHANGE_TITLE.narrow(actor, HonourTitle.objects.all(), at=now).order_by().values_list("pk", flat=True))
    context = {
        "lines": [(row, row.pk in mine) for row in rows],
        "can_keep": bodies_with_catalogue(actor, now).exists(),
    }
    return render(request, "honours/title_list.html", context)


@login_required
def title_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body = bodies_with_catalogue(actor, now).first()
    if body is None:
        raise NotAllowed
    form = TitleForm(posted(request))

    def act(_given: dict[str, Any]) -> str:
        keep_title(body=body, text=form.text(), actor=actor, at=now)
        return _("已加入荣誉目录。")

    return field_act(request, form, _title_page(_("加荣誉名称"), _("加入")), act)


@login_required
def title_edit(request: HttpRequest, pk: int) -> HttpResponse:
    title, actor = get_object_or_404(HonourTitle.objects.select_related("body"), pk=pk), actor_of(request)
    CHANGE_TITLE.require(actor, title)
    initial = {
        "name": title.name, "level": title.level, "term_months": title.term_months, "aspects": title.aspects,
    }  # fmt: skip
    form = TitleForm(posted(request), is_new=False, initial=initial)

    def act(_given: dict[str, Any]) -> str:
        keep_title(body=title.body, text=form.text(title.goes_to), title=title, actor=actor, at=timezone.now())
        return _("荣誉目录已改。")

    return field_act(request, form, _title_page(_("改荣誉名称"), _("保存")), act)


@login_required
@require_POST
def title_retire(request: HttpRequest, pk: int) -> HttpResponse:
    title = get_object_or_404(HonourTitle, pk=pk)
    wanted = not title.is_retired
    return plain_act(
        request, lambda a, t: retire_title(title=title, is_retired=wanted, actor=a, at=t),
        _("已停用。") if wanted else _("已恢复。"), "web:honour_titles",
    )  # fmt: skip


@login_required
@require_POST
def titles_take_over(request: HttpRequest) -> HttpResponse:
    body = bodies_with_catalogue(actor_of(request), timezone.now()).first()
    if body is None:
        raise NotAllowed
    return plain_act(
        request, lambda a, t: take_over_shipped(body=body, actor=a, at=t), _("常用荣誉已加入目录，可以逐个改。"),
        "web:honour_titles",
    )  # fmt: skip


def _titles() -> Any:
    return HonourTitle.objects.filter(is_retired=False).order_by("name", "pk")


def _title_page(title: str, button: str) -> ActPage:
    return ActPage(title, button, reverse("web:honour_titles"), _("荣誉目录"))


def _filtered(request: HttpRequest, now: datetime) -> Any:
    asked = request.GET.get
    return honours_filtered(
        local_day(now), words=asked("q", "").replace("\x00", ""), level=asked("level", ""),
        year=number_of(asked("year", "")[:4]), kind=asked("kind", ""), term=asked("term", ""),
    )  # fmt: skip
