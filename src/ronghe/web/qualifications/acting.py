"""One page for every act of field safety: a form, one service, back to where it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.members.acting import ActPage


def field_act(
    request: HttpRequest, form: forms.Form, page: ActPage, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Show the form; posted, do the act, which returns what to say, and go back; a refusal stands beside the form."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect(page.back)
    context = {"form": form, "act": page, "files": form.is_multipart()}
    return render(request, "qualifications/act.html", context, status=422 if form.errors else 200)
