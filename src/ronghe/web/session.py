"""Coming in, going out, changing the password."""

from __future__ import annotations

import json

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ronghe.kernel.access.login import OldPasswordWrong, change_password
from ronghe.kernel.errors import DomainError
from ronghe.web.requests import PageRequest


class LoginForm(forms.Form):
    login = forms.CharField(label=_("登录名"), max_length=64, widget=forms.TextInput({"autocomplete": "username"}))
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("原密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(label=_("新密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}))
    again = forms.CharField(
        label=_("再输一次"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的不一样。"))
        return again


def log_in(request: HttpRequest) -> HttpResponse:
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = authenticate(request, username=form.cleaned_data["login"], password=form.cleaned_data["password"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if account is not None:
                login(request, account)
                return redirect(_safe_next(request))
            form.add_error(None, _("登录名或密码不对。"))
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "was_idle": "idle" in request.GET,
        "demo_accounts": demo_accounts() if settings.HOME.is_demo else [],
    }
    return render(request, "web/login.html", context, status=422 if form.errors else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("web:login")


@login_required
def change_own_password(request: PageRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            old, new = form.cleaned_data["old"], form.cleaned_data["new"]
            change_password(request.user, old=old, new=new, at=timezone.now())
        except OldPasswordWrong as error:
            form.add_error("old", str(error))
        except DomainError as error:
            form.add_error("new", str(error))
        else:
            update_session_auth_hash(request, request.user)
            return redirect("web:today")
    rules = {
        "min_length": settings.PASSWORD_MIN_LENGTH,
        "classes": settings.PASSWORD_CLASSES,
        "history": settings.PASSWORD_HISTORY,
    }
    return render(request, "web/change_password.html", {"form": form, **rules}, status=422 if form.errors else 200)


def demo_accounts() -> list[dict[str, str]]:
    """Return the demonstration log-ins, read from the mark that only a demonstration home has."""
    return json.loads(settings.HOME.demo_mark.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed and target else "/"
