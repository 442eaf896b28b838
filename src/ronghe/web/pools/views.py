"""资源共享: what is offered, a week of one thing, booking it, what each side gave and got."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.enums import BookingState, ItemKind
from ronghe.domain.pools.models import Booking, Part, Pool, SharedItem
from ronghe.domain.pools.rules import BOOK_ITEM, CANCEL_BOOKING, KEEP_ITEM, SETTLE_BOOKING
from ronghe.domain.pools.selectors.balances import balances
from ronghe.domain.pools.selectors.items import (
    OF_ITEM,
    bookings_of,
    bookings_seen_by,
    bookings_waiting,
    items_seen_by,
    list_items,
    week_of,
)
from ronghe.domain.pools.selectors.pools import parts_offering, pool_called, pools_seen_by, side_of
from ronghe.domain.pools.services.bookings import (
    approve_booking,
    book_item,
    cancel_booking,
    close_booking,
    decline_booking,
    miss_booking,
)
from ronghe.domain.pools.services.items import close_item, offer_item, withdraw_item
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.rhythm.selectors.bookings import activities_of_bookings
from ronghe.domain.zones.models import ResponsibilityLine
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.pools.forms import BookForm, ClosureForm, OfferForm
from ronghe.web.requests import actor_of

SHAPES = {
    BookingState.REQUESTED: "due",
    BookingState.APPROVED: "upcoming",
    BookingState.USED: "done",
    BookingState.DECLINED: "waived",
    BookingState.CANCELLED: "waived",
    BookingState.NO_SHOW: "failed",
}
STEPS: dict[str, Callable[..., Booking]] = {
    "approve": approve_booking, "decline": decline_booking, "cancel": cancel_booking, "miss": miss_booking,
}  # fmt: skip
FIRST, LAST = date(2000, 1, 3), date(2099, 12, 31)


@login_required
def item_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    kind, pool = request.GET.get("kind", ""), pool_called(request.GET.get("pool", ""), actor, now)
    listed = list_items(
        actor, now, words=request.GET.get("q", "").strip()[:40], kind=kind if kind in ItemKind.values else "",
        pool=pool, order=request.GET.get("sort", "title"), page=asked_page(request),
    )  # fmt: skip
    context: dict[str, Any] = {
        "page": page_of(listed), "items": listed.rows, "kinds": ItemKind.choices,
        "asked_text": request.GET.get("q", ""), "pool": pool, "offer_here": address_in("web:pool_offer", pool),
        "can_offer": bool(parts_offering(actor, now)),
        "pools": pool_choices(pools_seen_by(actor, now, is_open=True), pool),
    }  # fmt: skip
    if getattr(request, "htmx", False):
        answer = render(request, "pools/item_list.html#rows", context)
    else:
        context |= {
            "mine": [(row, SHAPES[BookingState(row.state)]) for row in bookings_of(actor, now)[:8]],
            "waiting": list(bookings_waiting(actor, now)[:20]),
            "now": now,
        }
        answer = render(request, "pools/item_list.html", context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def item_offer(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    parts = parts_offering(actor, now)
    if not parts:
        raise Http404
    initial = {"part": part_asked(parts, request.GET.get("pool"), actor, now)}
    form = OfferForm(request.POST if request.method == "POST" else None, parts=parts, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given |= {"weekdays": "".join(given["weekdays"]), "is_auto": not given.pop("asks")}
        try:
            made = offer_item(actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(title)s”可以预订了。") % {"title": made.title})
            return redirect("web:pool_item", made.pk)
    return render(request, "pools/item_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def item_book(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = _seen(request, pk), BookForm(request.POST)
    if form.is_valid():
        starts_at, ends_at = form.span()
        try:
            made = book_item(
                item=item, starts_at=starts_at, ends_at=ends_at, quantity=form.cleaned_data["quantity"],
                purpose=form.cleaned_data["purpose"], actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            booked = made.state == BookingState.APPROVED
            toasts.done(request, _("已订好。") if booked else _("已报联系人，同意后生效。"))
            return redirect("web:pool_item", item.pk)
    return _show(request, item, failed=form)


@login_required
@require_POST
def item_close(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = _seen(request, pk), ClosureForm(request.POST)
    if form.is_valid():
        try:
            close_item(item=item, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("停用的日子已标出。"))
            return redirect("web:pool_item", item.pk)
    return _show(request, item, failed=form)


@login_required
@require_POST
def item_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    withdraw_item(item=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("已收回，用过的记录仍在。"))
    return redirect("web:pools")


@login_required
@require_POST
def booking_settle(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Agree, decline, cancel, note the use or that nobody came."""
    actor, now = actor_of(request), timezone.now()
    booking = get_object_or_404(bookings_seen_by(actor, now), pk=pk)
    if step in STEPS:
        STEPS[step](booking=booking, actor=actor, at=now)
    elif step == "use":
        close_booking(
            booking=booking, actor=actor, at=now, minutes=number_of(request.POST.get("minutes")),
            damage=request.POST.get("damage", "")[:200],
        )  # fmt: skip
    else:
        raise Http404
    toasts.done(request, booking.get_state_display())
    return redirect("web:pool_item", booking.item_id)


@login_required
def balance(request: HttpRequest) -> HttpResponse:
    pools, pool, since, until = _period(request)
    query = f"?pool={pool.key}&month={since:%Y-%m}" if pool is not None else ""
    context = {
        "export_here": reverse("web:pool_export") + query, "pools": pool_choices(pools, pool), "pool": pool,
        "since": since, "until": until - timedelta(days=1),
        "rows": balances(pool, since, until) if pool is not None else [],
        "lines": _shared_lines(pool) if pool is not None else [],
    }  # fmt: skip
    return render(request, "pools/balance.html", context)


@login_required
def balance_export(request: HttpRequest) -> FileResponse:
    _pools, pool, since, until = _period(request)
    if pool is None:
        raise Http404
    heads = [
        _("哪一方"),
        _("拿出"),
        _("借给别人次数"),
        _("借给别人小时"),
        _("用别人次数"),
        _("用别人小时"),
        _("相抵小时"),
    ]
    lines: Iterator[Sequence[Any]] = (
        [row.side.name, row.offered, row.lent, round(row.lent_minutes / 60, 1), row.borrowed,
         round(row.borrowed_minutes / 60, 1), round(row.minutes / 60, 1)]
        for row in balances(pool, since, until)
    )  # fmt: skip
    sheet = SheetOut(title=_("资源共享"), head=heads, rows=lines, widths=[28, 8, 14, 14, 14, 14, 14])
    return excel_answer([sheet], _("资源共享") + f"_{since:%Y%m%d}.xlsx")


def part_asked(parts: list[Part], pool: str | None, actor: Person, now: datetime) -> str | None:
    """Return the key of the side to begin with: in the pool with this key the actor's own, else its first."""
    there = [part for part in parts if part.pool.key == pool]
    own = side_of(there[0].pool, actor, local_day(now)) if there else None
    return next((part.key for part in [*(one for one in there if one.side == own), *there]), None)


def address_in(name: str, pool: Pool | None) -> str:
    """Return the address of this name, begun in the pool where one was chosen."""
    return reverse(name) + (f"?pool={pool.key}" if pool is not None else "")


def pool_choices(pools: list[Pool], chosen: Pool | None) -> list[tuple[str, str]]:
    """Return pools to choose from, with the chosen one where it is not among them."""
    return [(pool.key, pool.name) for pool in dict.fromkeys([*pools, *([chosen] if chosen is not None else [])])]


def _shared_lines(pool: Pool) -> list[ResponsibilityLine]:
    """Return the lines of a zone's responsibility sheet in which several sides have a part; an agreement has no sheet."""
    if pool.zone is None:
        return []
    lines = pool.zone.responsibility_lines.filter(ended_on=None).select_related("person").order_by("pk")
    return [line for line in lines if line.is_shared]


def _period(request: HttpRequest) -> tuple[list[Pool], Pool | None, date, date]:
    """Return the pools to choose from, the chosen one, and the month asked for (this one unless told)."""
    actor, now = actor_of(request), timezone.now()
    pools, asked = pools_seen_by(actor, now), request.GET.get("pool")
    pool = pool_called(asked, actor, now) if asked is not None else next(iter(pools), None)
    since = _day(request.GET.get("month", "") + "-01") or local_day(now).replace(day=1)
    since = since.replace(day=1)
    return pools, pool, since, (since + timedelta(days=32)).replace(day=1)


def _show(request: HttpRequest, item: SharedItem, *, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    asked = _day(request.GET.get("week", "")) or local_day(now)
    monday = asked - timedelta(days=asked.weekday())
    week = [(day, [(one, SHAPES[BookingState(one.state)]) for one in day.bookings]) for day in week_of(item, monday)]
    is_open = item.withdrawn_at is None and item.pool.is_open(local_day(now))
    initial = _next_hour(item, now) | {"quantity": 1}
    waiting = item.bookings.filter(state__in=["requested", "approved"], ends_at__gte=now - timedelta(days=14))
    rows = list(waiting.select_related(*OF_ITEM).order_by("starts_at", "pk")[:30])
    found = activities_of_bookings(rows)
    seen = (
        set(
            activities_seen_by(actor, now)
            .filter(pk__in=[one.pk for one in found.values()])
            .values_list("pk", flat=True)
        )
        if found
        else set()
    )
    activities = {pk: one for pk, one in found.items() if one.pk in seen}
    context = {
        "item": item, "week": week, "before": monday - timedelta(days=7), "after": monday + timedelta(days=7),
        "is_offered": item.withdrawn_at is None, "is_open": is_open,
        "can_book": is_open and BOOK_ITEM.allows(actor, item, at=now),
        "keeps": item.withdrawn_at is None and KEEP_ITEM.allows(actor, item, at=now),
        "rows": [_acts(row, actor, now, activities.get(row.pk)) for row in rows],
        "form": failed if isinstance(failed, BookForm) else BookForm(initial=initial),
        "closure_form": failed if isinstance(failed, ClosureForm) else ClosureForm(auto_id="closure_%s"),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip
    return render(request, "pools/item_detail.html", context, status=200 if failed is None else 422)


def _acts(row: Booking, actor: Any, now: Any, activity: Activity | None) -> dict[str, Any]:
    settles, cancels = SETTLE_BOOKING.allows(actor, row, at=now), CANCEL_BOOKING.allows(actor, row, at=now)
    begun, approved = now >= row.starts_at, row.state == BookingState.APPROVED
    return {
        "row": row, "activity": activity, "shape": SHAPES[BookingState(row.state)], "answers": settles and not approved,
        "cancels": cancels and not begun, "closes": approved and begun and (settles or cancels),
        "misses": approved and begun and settles,
    }  # fmt: skip


def _next_hour(item: SharedItem, now: datetime) -> dict[str, Any]:
    """Return the next full hour in which the item is open, today or tomorrow."""
    here = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    day, hour = here.date(), max(here.hour + 1, item.opens_at.hour)
    if hour >= item.closes_at.hour:
        day, hour = day + timedelta(days=1), item.opens_at.hour
    begins = max(time(hour), item.opens_at)
    return {"day": day, "begins": begins, "ends": min(time(min(hour + 1, 23)), item.closes_at)}


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found is not None and FIRST <= found <= LAST else None


def _seen(request: HttpRequest, pk: int) -> SharedItem:
    return get_object_or_404(items_seen_by(actor_of(request), timezone.now()), pk=pk)
