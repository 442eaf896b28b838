"""范本: every model there is, what one asks, and who works by it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.describing import cite_words
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.selectors import adoptions_seen_by
from ronghe.domain.playbooks.selectors.books import Shelved, find_shelved, newest, shelf, source_of
from ronghe.domain.playbooks.selectors.drafts import bodies_to_write_for, drafts_seen_by
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rollouts.selectors.rollouts import bodies_to_adopt
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.files import file_answer
from ronghe.web.playbooks.forms import AdoptForm
from ronghe.web.playbooks.understanding import dimensions_of
from ronghe.web.requests import actor_of

ADOPTIONS_READ = 200
DRAFTS_SHOWN = 5


@login_required
def playbook_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    adopted = list(adoptions_seen_by(actor, now).filter(valid_until=None)[:ADOPTIONS_READ])
    shelved = newest(shelf())
    lines = [(one, [row for row in adopted if row.version.playbook_id == one.id]) for one in shelved.values()]
    outdated = [row for row in adopted if row.version.version < shelved[row.version.playbook_id].version]
    may_write = bodies_to_write_for(actor, now).exists()
    context = {
        "lines": lines,
        "outdated": [(row, shelved[row.version.playbook_id]) for row in outdated],
        "drafts": list(drafts_seen_by(actor, now).filter(state="open").defer("text")[:DRAFTS_SHOWN]) if may_write else [],
        "may_write": may_write,
    }  # fmt: skip
    return render(request, "playbooks/playbook_list.html", context)


@login_required
def playbook_detail(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """A version's mechanisms by dimension, what it stands on, and the act of adopting it."""
    actor, now = actor_of(request), timezone.now()
    one = asked_version(actor, playbook_id, now)
    playbook = one.playbook
    bodies = bodies_to_adopt(actor, playbook, now)
    has_bodies = bodies.exists()
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
    versions = [row for row in shelf() if row.id == one.id]
    dimensions = dimensions_of(playbook)
    context = {
        "playbook": playbook,
        "shelved": one,
        "has_file": bool(source_of(one)),
        "versions": versions,
        "newest": versions[0],
        "bases": [shipped.get(re.split("[@<>=]", base)[0], base) for base in playbook.extends],
        "dimensions": [
            (title, [(line, _("；").join(cite_words(playbook, cite) for cite in line.mechanism.cites)) for line in lines])
            for title, lines in dimensions
        ],
        "adoptions": list(
            adoptions_seen_by(actor, now).filter(valid_until=None, version__playbook_id=one.id)[:ADOPTIONS_READ]
        ),
        "form": form if has_bodies else None,
        "may_write": bodies_to_write_for(actor, now).exists(),
        "today": local_day(now),
    }  # fmt: skip
    return render(request, "playbooks/playbook_detail.html", context, status=422 if form.errors else 200)


@login_required
def playbook_file(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """The file of a version as it was written."""
    one = asked_version(actor_of(request), playbook_id, timezone.now())
    text = source_of(one)
    if not text:
        raise Http404
    return file_answer(text.encode(), f"{one.id}_{one.version}.yaml", "application/yaml; charset=utf-8")


def asked_version(actor: Person, reference: str, at: Any) -> Shelved:
    """Return the version that an address names; none, or one that the reader may not see, is not found."""
    found = find_shelved(actor, reference, at)
    if found is None:
        raise Http404
    return found
