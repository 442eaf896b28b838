"""范本: what a model asks, who works by it, and adopting one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbook, shipped_playbooks
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.rules import ADOPT_PLAYBOOK
from ronghe.domain.playbooks.selectors import adoptions_seen_by
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.ui.forms import DateInput
from ronghe.web.requests import actor_of


class AdoptForm(forms.Form):
    body = forms.ModelChoiceField(label=_("哪个组织采用"), queryset=PartyOrg.objects.none(), empty_label=None)
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies


@login_required
def playbook_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    adopted = list(adoptions_seen_by(actor, now).filter(valid_until=None)[:200])
    lines = [(book, [row for row in adopted if row.version.playbook_id == book.id]) for book in shipped_playbooks()]
    return render(request, "playbooks/playbook_list.html", {"lines": lines})


@login_required
def playbook_detail(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """A playbook's mechanisms by dimension, and the act of adopting it."""
    actor, now = actor_of(request), timezone.now()
    playbook = _one_shipped(playbook_id)
    bodies = ADOPT_PLAYBOOK.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by("name", "pk")
    kinds = {kind.value for mechanism in playbook.mechanisms for kind in mechanism.body_kinds}
    bodies = bodies.filter(kind__in=kinds)
    form = AdoptForm(request.POST or None, bodies=bodies, initial={"since": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        try:
            adoption = adopt_playbook(playbook=playbook, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, str(_("已采用，应办事项已生成。")))
            return redirect("web:obligation_bars", adoption.body_id)
    shipped = {book.id: book.title.here for book in shipped_playbooks()}
    titles = {entry.id: entry.title.here for entry in playbook.roles}
    documents = {document.id: document.title.here for document in playbook.documents}
    context = {
        "playbook": playbook,
        "bases": [shipped.get(re.split("[@<>=]", base)[0], base) for base in playbook.extends],
        "dimensions": [
            (
                dimension.title.here,
                [
                    (mechanism, cadence_words(mechanism), titles.get(mechanism.answers, mechanism.answers),
                     _("；").join(documents.get(cite.document, cite.document) for cite in mechanism.cites))
                    for mechanism in playbook.mechanisms
                    if mechanism.dimension == dimension.id
                ],
            )
            for dimension in playbook.dimensions
        ],
        "form": form if bodies.exists() else None,
    }  # fmt: skip
    return render(request, "playbooks/playbook_detail.html", context, status=422 if form.errors else 200)


def _one_shipped(playbook_id: str) -> Playbook:
    found = shipped_playbook(playbook_id)
    if found is None:
        raise Http404
    return found
