"""对照: two playbooks, or two versions of one, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.playbooks.calc.comparing import Comparison, Pair, compare
from ronghe.domain.playbooks.calc.describing import described_mechanism
from ronghe.domain.playbooks.calc.duties import duties_a_year
from ronghe.domain.playbooks.calc.names import named
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.selectors.books import Shelved, find_shelved, newest, shelf
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer
from ronghe.web.requests import actor_of

SHAPES = {"same": "waived", "changed": "attention", "only_a": "failed", "only_b": "done"}


@login_required
def playbook_compare(request: HttpRequest) -> HttpResponse:
    """Two chosen by `a` and `b`; without them the first two of the shelf. `show=all` shows what is the same, too."""
    a, b = _asked(request)
    if a is None or b is None:
        raise Http404
    comparison = compare(a.playbook, b.playbook)
    shows_all = request.GET.get("show") == "all"
    context = {
        "a": a,
        "b": b,
        "choices": [(one.reference, f"{one.title} · {_('第 %(number)s 版') % {'number': one.version}}") for one in shelf()],
        "comparison": comparison,
        "groups": groups_of(comparison, shows_all=shows_all),
        "duties": [(named(duty.kind), duty) for duty in comparison.duties],
        "shows_all": shows_all,
        "shows": [("", _("只看不同")), ("all", _("全部"))],
        "query": f"?a={a.reference}&b={b.reference}" + ("&show=all" if shows_all else ""),
    }  # fmt: skip
    return render(request, "playbooks/compare.html", context)


@login_required
def playbook_compare_export(request: HttpRequest) -> FileResponse:
    """The same as a workbook: mechanisms field by field, duties a year, and the other parts."""
    a, b = _asked(request)
    if a is None or b is None:
        raise Http404
    comparison = compare(a.playbook, b.playbook)
    shows_all = request.GET.get("show") == "all"
    sides = [f"{one.title} {one.reference}" for one in (a, b)]
    lines: list[list[Any]] = [
        [line["title"], line["word"], difference.title, difference.a, difference.b]
        for _dimension, found in groups_of(comparison, shows_all=shows_all)
        for line in found
        for difference in line["differences"]
    ]
    duties: Iterator[list[Any]] = ([named(duty.kind), duty.a, duty.b, duty.gained] for duty in comparison.duties)
    parts: Iterator[list[Any]] = (
        [part.title, one.title, one.a, one.b] for part in comparison.parts for one in part.differences
    )
    sheets = [
        SheetOut(_("制度"), [_("制度"), _("异同"), _("项目"), *sides], lines, [28, 12, 14, 44, 44]),
        SheetOut(_("每年应办"), [_("组织"), *sides, _("增减")], duties, [24, 24, 24, 10]),
        SheetOut(_("其他部分"), [_("部分"), _("项目"), *sides], parts, [16, 32, 44, 44]),
    ]
    return excel_answer(sheets, _("范本对照") + f"_{a.id}_{a.version}_{b.id}_{b.version}.xlsx")


def groups_of(
    comparison: Comparison, *, shows_all: bool = False, is_upgrade: bool = False
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the mechanisms by dimension, each with how the two differ; what is the same only with `shows_all`.

    With `is_upgrade` the second is what comes after the first, and the words say so.
    """
    titles = {d.id: d.title.here for book in (comparison.a, comparison.b) for d in book.dimensions}
    groups: dict[str, list[dict[str, Any]]] = {}
    for pair in comparison.pairs:
        if shows_all or not pair.is_same:
            dimension = titles.get(pair.mechanism.dimension, pair.mechanism.dimension)
            groups.setdefault(dimension, []).append(_line(comparison, pair, is_upgrade=is_upgrade))
    return list(groups.items())


def _line(comparison: Comparison, pair: Pair, *, is_upgrade: bool) -> dict[str, Any]:
    kind = "only_b" if pair.a is None else "only_a" if pair.b is None else "same" if pair.is_same else "changed"
    words = {"same": _("相同"), "changed": _("不同"), "only_a": _("只在左边"), "only_b": _("只在右边")}
    if is_upgrade:
        words |= {"changed": _("改"), "only_a": _("取消"), "only_b": _("新增")}
    return {
        "title": pair.mechanism.title.here,
        "kind": kind,
        "word": words[kind],
        "shape": SHAPES[kind],
        "differences": list(_shown(comparison, pair)),
        "a_cadence": cadence_words(pair.a) if pair.a else "",
        "b_cadence": cadence_words(pair.b) if pair.b else "",
        "a_year": duties_a_year(pair.a) if pair.a else None,
        "b_year": duties_a_year(pair.b) if pair.b else None,
    }


class _Side:
    """One field of a mechanism that only one of the two has, or that both say alike."""

    def __init__(self, title: str, a: str, b: str) -> None:
        self.title, self.a, self.b = title, a, b


def _shown(comparison: Comparison, pair: Pair) -> Iterator[Any]:
    if pair.differences:
        yield from pair.differences
        return
    if pair.a is not None and pair.b is not None:
        for field in described_mechanism(comparison.b, pair.b):
            yield _Side(field.title, field.text, field.text)
    elif pair.b is not None:
        for field in described_mechanism(comparison.b, pair.b):
            yield _Side(field.title, "", field.text)
    elif pair.a is not None:
        for field in described_mechanism(comparison.a, pair.a):
            yield _Side(field.title, field.text, "")


def _asked(request: HttpRequest) -> tuple[Shelved | None, Shelved | None]:
    """Return the two that the query string names; what it leaves open is the first of the shelf, then the next."""
    actor, now = actor_of(request), timezone.now()
    wanted = [request.GET.get("a", ""), request.GET.get("b", "")]
    if not all(wanted):
        free = [one.reference for one in newest(shelf()).values() if one.reference not in wanted]
        wanted = [name or (free.pop(0) if free else "") for name in wanted]
    first, second = (find_shelved(actor, name, now) for name in wanted)
    return first, second
