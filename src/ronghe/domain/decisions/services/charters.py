"""The charter's Party-building clauses: drafted from the version in force, linked to what they govern, adopted."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.decisions.enums import Governs
from ronghe.domain.decisions.facts import CHARTER_ADOPTED
from ronghe.domain.decisions.models import Charter, CharterClause, ClauseLink
from ronghe.domain.decisions.rules import KEEP_RULES
from ronghe.domain.decisions.selectors.rulebooks import coverage_of, in_force
from ronghe.domain.decisions.services.editions import (
    DocumentMissing,
    create_draft,
    lock_draft,
    next_number,
    put_in_force,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ClauseEmpty(DomainError):
    code = "clause_empty"
    sentence = N_("请写明条号和条文。")
    status = 422


class ClauseTwice(DomainError):
    code = "clause_twice"
    sentence = N_("已有%(label)s，请改那一条。")


class CharterEmpty(DomainError):
    code = "charter_empty"
    sentence = N_("还没有条款，不能通过。请先写上条款。")


class NothingGoverned(DomainError):
    code = "nothing_governed"
    sentence = N_("没有这个事项或制度，请从列表里选。")
    status = 422


@transaction.atomic
def draft_charter(*, body: PartyOrg, title: str, actor: Person, at: datetime) -> Charter:
    """Begin the next version with every clause and link of the one in force.

    :raises DraftThere: a draft is there
    """
    KEEP_RULES.require(actor, body, at=at)
    current = in_force(Charter, body)
    draft = create_draft(
        Charter, body=body, number=next_number(Charter, body=body), drafted_by=actor, drafted_at=at,
        title=title.strip() or (current.title if current is not None else body.name),
    )  # fmt: skip
    if current is not None:
        for clause in current.clauses.prefetch_related("links").order_by("place", "pk"):
            copy = CharterClause.objects.create(charter=draft, place=clause.place, label=clause.label, text=clause.text)
            ClauseLink.objects.bulk_create(
                ClauseLink(clause=copy, governs=link.governs, reference=link.reference) for link in clause.links.all()
            )
    return draft


@transaction.atomic
def set_clause(
    *, charter: Charter, label: str, text: str, actor: Person, at: datetime, clause: CharterClause | None = None
) -> CharterClause:
    """Add a clause to a draft, or change `clause`.

    :raises ClauseEmpty: words are missing
    :raises ClauseTwice: the number is there
    :raises NotADraft: it was adopted
    """
    KEEP_RULES.require(actor, charter.body, at=at)
    if not label.strip() or not text.strip():
        raise ClauseEmpty
    lock_draft(charter)
    try:
        with transaction.atomic():
            if clause is None:
                last = charter.clauses.aggregate(last=Max("place"))["last"]
                return CharterClause.objects.create(
                    charter=charter, place=(last or 0) + 1, label=label.strip(), text=text.strip()
                )
            clause.label, clause.text = label.strip(), text.strip()
            clause.save(update_fields=["label", "text"])
            return clause
    except IntegrityError as error:
        raise ClauseTwice(label=label.strip()) from error


@transaction.atomic
def drop_clause(*, clause: CharterClause, actor: Person, at: datetime) -> None:
    """Take a clause out of a draft.

    :raises NotADraft: it was adopted
    """
    KEEP_RULES.require(actor, clause.charter.body, at=at)
    lock_draft(clause.charter)
    clause.delete()


@transaction.atomic
def link_clause(*, clause: CharterClause, governs: Governs, reference: str, actor: Person, at: datetime) -> ClauseLink:
    """Say what a clause governs; a link may be set in force too, for it changes no text. Twice is once.

    :raises NothingGoverned: no such matter or mechanism in the body
    """
    KEEP_RULES.require(actor, clause.charter.body, at=at)
    covered = coverage_of(clause.charter, at)
    known = {
        Governs.MATTER: {str(entry.key) for entry in covered.entries},
        Governs.MECHANISM: {one.id for one in covered.mechanisms},
        Governs.RULES: {""},
    }[governs]
    if reference not in known:
        raise NothingGoverned
    link, _is_new = ClauseLink.objects.get_or_create(clause=clause, governs=governs, reference=reference)
    return link


@transaction.atomic
def unlink_clause(*, link: ClauseLink, actor: Person, at: datetime) -> None:
    """Take a link away."""
    KEEP_RULES.require(actor, link.clause.charter.body, at=at)
    link.delete()


@transaction.atomic
def adopt_charter(*, charter: Charter, document: str, actor: Person, at: datetime) -> Charter:
    """Put the clauses in force; the old version stays readable.

    :raises DocumentMissing: no decision named
    :raises CharterEmpty: no clause
    :raises StepNotAllowed, Stale: adopted already
    """
    KEEP_RULES.require(actor, charter.body, at=at)
    if not document.strip():
        raise DocumentMissing
    size = charter.clauses.count()
    if not size:
        raise CharterEmpty
    put_in_force(charter, {"body": charter.body_id}, document=document.strip(), adopted_by=actor, adopted_at=at)
    attributes = {"version": charter.number, "clauses": size}
    record(Draft(CHARTER_ADOPTED, at, actor, body=charter.body_id, attributes=attributes, source=charter))
    return charter
