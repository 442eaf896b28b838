"""Which forms a body may draft from: of the playbooks it works by, of the shipped ones, and the room's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ronghe.domain.agreements.calc.forms import NEUTRAL, Form, form_from
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.selectors import adoptions_of


def forms_for(body: PartyOrg | None, kind: AgreementKind, day: date) -> list[tuple[str, str, Form]]:
    """Return (reference, title of the playbook, form) of what `body` may draft from on `day`, the best one first.

    The playbooks that the body works by come first, then the room's own form (reference and title `""`), then the
    shipped ones. A safety agreement has the room's own alone: the law names what it holds (PC-08).
    """
    own = ("", "", NEUTRAL[kind])
    if kind == AgreementKind.SAFETY:
        return [own]
    adopted = adoptions_of(body, day) if body is not None else ()
    first = _from_playbooks([adoption.version.playbook for adoption in adopted])
    others = _from_playbooks(shipped_playbooks())
    return [*first.values(), own, *(line for name, line in others.items() if name not in first)]


def form_named(body: PartyOrg | None, kind: AgreementKind, reference: str | None, day: date) -> tuple[Form, int | None]:
    """Return the form of that reference and how many months its playbook lets pass between reviews.

    `None` is the best one; an unknown reference is the room's own form.
    """
    offered = forms_for(body, kind, day)
    if reference is None:
        return offered[0][2], _months(offered[0][0])
    form = next((form for name, _title, form in offered if name == reference), NEUTRAL[kind])
    return form, _months(form.reference)


def _from_playbooks(books: Iterable[Playbook]) -> dict[str, tuple[str, str, Form]]:
    found: dict[str, tuple[str, str, Form]] = {}
    for book in books:
        form = form_from(book)
        if form is not None:
            found.setdefault(book.reference, (book.reference, book.title.here, form))
    return found


def _months(reference: str) -> int | None:
    book = next((book for book in shipped_playbooks() if book.reference == reference), None)
    return int(book.key("agreement_review_months")) if book is not None else None
