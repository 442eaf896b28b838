"""What each of the three administrators does here, and nothing of the others (SE-08)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import OPEN_ACCOUNT, UNLOCK_ACCOUNT, VERIFY_FACTS
from ronghe.domain.org.services.people import open_account, unlock_account
from ronghe.kernel.access.models import Account, Administrator
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.facts.models import Fact, Seal, SealedFact
from ronghe.kernel.tasks import verification_path, verify_all_facts
from ronghe.ui import toasts
from ronghe.web.requests import actor_of


class AccountForm(forms.Form):
    staff_number = forms.CharField(label=gettext_lazy("工号或姓名"), max_length=40)
    login = forms.CharField(label=gettext_lazy("登录名"), max_length=64)


@login_required
def administration(request: HttpRequest) -> HttpResponse:
    """Send each administrator to the one page that is theirs."""
    pages: dict[str | None, Callable[[HttpRequest], HttpResponse]] = {
        Administrator.SYSTEM: account_list,
        Administrator.SECURITY: lock_list,
        Administrator.AUDIT: seal_list,
    }
    page = pages.get(request.user.administrator)  # type: ignore[union-attr]
    if page is None:
        raise NotFound
    return page(request)


def account_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    OPEN_ACCOUNT.require(actor, actor)
    form = AccountForm(request.POST or None)
    opened = None
    if request.method == "POST" and form.is_valid():
        person = _one_person(form.cleaned_data["staff_number"])
        if person is None:
            form.add_error("staff_number", _("没有找到，或者同名不止一人；请用工号。"))
        else:
            password = f"Rh-{secrets.token_urlsafe(9)}7"
            login = form.cleaned_data["login"]
            try:
                open_account(person=person, login=login, password=password, actor=actor, at=timezone.now())
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                opened, form = {"login": login, "password": password}, AccountForm()
    accounts = Account.objects.select_related("person").order_by("-pk")[:50]
    context = {"form": form, "opened": opened, "accounts": accounts, "account_count": Account.objects.count()}
    return render(request, "administration/accounts.html", context, status=422 if form.errors else 200)


def lock_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    UNLOCK_ACCOUNT.require(actor, actor)
    locked = Account.objects.filter(locked_until__gt=now).select_related("person").order_by("locked_until", "pk")
    context = {"locked": list(locked), "failing": Account.objects.filter(failure_count__gt=0).count()}
    return render(request, "administration/locks.html", context)


@login_required
@require_POST
def account_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    UNLOCK_ACCOUNT.require(actor, actor)
    unlock_account(account=get_object_or_404(Account, pk=pk), actor=actor, at=timezone.now())
    toasts.done(request, _("已解锁。"))
    return redirect("web:administration")


def seal_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    VERIFY_FACTS.require(actor, actor)
    facts = Fact.objects.aggregate(n=Count("pk"))["n"]
    context = {
        "facts": facts,
        "unsealed": facts - SealedFact.objects.count(),
        "seals": list(Seal.objects.order_by("-number")[:20]),
        **_last_verification(),
    }
    return render(request, "administration/seals.html", context)


@login_required
@require_POST
def verification_start(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    VERIFY_FACTS.require(actor, actor)
    verify_all_facts.enqueue()
    toasts.done(request, _("已开始核对，完成后结果显示在本页。"))
    return redirect("web:administration")


def _one_person(who: str) -> Person | None:
    by_number = list(Person.objects.filter(staff_number=who)[:1])
    found = by_number or list(Person.objects.filter(name=who)[:2])
    return found[0] if len(found) == 1 else None


def _last_verification() -> dict[str, Any]:
    """The result that the job left, and when it was; `last` is `None` before the first."""
    path = verification_path(settings.HOME)
    if not path.exists():
        return {"last": None, "checked_at": None}
    last = json.loads(path.read_text(encoding="utf-8"))
    return {"last": last, "checked_at": datetime.fromisoformat(last["at"])}
