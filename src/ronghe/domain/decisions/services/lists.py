"""The decision-matter list is drafted from the one in force, edited line by line, and adopted by a decision."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.decisions.enums import Category, Edition, Forum, Majority, MajorityOf, Share
from ronghe.domain.decisions.facts import LIST_ADOPTED, RULES_ADOPTED
from ronghe.domain.decisions.models import DecisionList, ListEntry, ProcedureRules
from ronghe.domain.decisions.rules import KEEP_RULES
from ronghe.domain.decisions.selectors.rulebooks import in_force
from ronghe.domain.decisions.services.editions import (
    DocumentMissing,
    create_draft,
    lock_draft,
    next_number,
    put_in_force,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.enums import VoteMethod
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class EntryTwice(DomainError):
    code = "entry_twice"
    sentence = N_("清单里已有“%(title)s”，请改那一条。")


class EntryEmpty(DomainError):
    code = "entry_empty"
    sentence = N_("请写明事项名称。")
    status = 422


class OwnCategoryMissing(DomainError):
    code = "own_category_missing"
    sentence = N_("类别选了“其他”，请写明是什么类别。")
    status = 422


class ListEmpty(DomainError):
    code = "decision_list_empty"
    sentence = N_("清单里还没有事项，不能通过。请先加上事项。")


@dataclass(frozen=True, slots=True)
class EntryText:
    """What one line of the list says."""

    title: str
    category: str = Category.DECISION
    forum: str = Forum.PARTY_COMMITTEE
    own_category: str = ""
    needs_study: bool = False
    needs_legal_check: bool = False
    preparer: str = ""
    consulted: str = ""
    quorum: str = Share.HALF
    majority: str = Majority.HALF
    majority_of: str = MajorityOf.SHOULD
    vote_method: str = VoteMethod.SHOW_OF_HANDS
    basis: str = ""


@dataclass(frozen=True, slots=True)
class RulesText:
    """What rules of procedure say; `notice_days` are calendar days."""

    document: str
    quorum: str = Share.HALF
    majority: str = Majority.HALF
    majority_of: str = MajorityOf.SHOULD
    notice_days: int = 2
    observers: str = ""
    avoids: bool = True
    allows_urgent: bool = True
    urgent_words: str = ""


@transaction.atomic
def draft_list(*, body: PartyOrg, actor: Person, at: datetime) -> DecisionList:
    """Begin the next version of a body's list with every line of the one in force.

    :raises DraftThere: a draft is there
    """
    KEEP_RULES.require(actor, body, at=at)
    current = in_force(DecisionList, body)
    draft = create_draft(
        DecisionList, body=body, number=next_number(DecisionList, body=body), drafted_by=actor, drafted_at=at
    )
    if current is not None:
        names = ["key", *(field.name for field in fields(EntryText))]
        ListEntry.objects.bulk_create(
            ListEntry(of_list=draft, **row) for row in current.entries.order_by("key").values(*names)
        )
    return draft


@transaction.atomic
def set_entry(
    *, of_list: DecisionList, text: EntryText, actor: Person, at: datetime, entry: ListEntry | None = None
) -> ListEntry:
    """Add a line to a draft, or change `entry`.

    :raises EntryEmpty, OwnCategoryMissing: words are missing
    :raises EntryTwice: the title is there
    :raises NotADraft: the list was adopted
    """
    KEEP_RULES.require(actor, of_list.body, at=at)
    if not text.title.strip():
        raise EntryEmpty
    if text.category == Category.OWN and not text.own_category.strip():
        raise OwnCategoryMissing
    lock_draft(of_list)
    values = asdict(text) | {"title": text.title.strip()}
    if text.category != Category.OWN:
        values["own_category"] = ""
    try:
        with transaction.atomic():
            if entry is None:
                # Keys are never given twice in a body: an old clause must not come to govern something else.
                used = ListEntry.objects.filter(of_list__body=of_list.body_id).aggregate(last=Max("key"))["last"]
                return ListEntry.objects.create(of_list=of_list, key=(used or 0) + 1, **values)
            for name, value in values.items():
                setattr(entry, name, value)
            entry.save(update_fields=list(values))
            return entry
    except IntegrityError as error:
        raise EntryTwice(title=text.title) from error


@transaction.atomic
def drop_entry(*, entry: ListEntry, actor: Person, at: datetime) -> None:
    """Take a line out of a draft.

    :raises NotADraft: the list was adopted
    """
    KEEP_RULES.require(actor, entry.of_list.body, at=at)
    lock_draft(entry.of_list)
    entry.delete()


@transaction.atomic
def adopt_list(*, of_list: DecisionList, document: str, actor: Person, at: datetime) -> DecisionList:
    """Put a draft in force by a decision; the old version stays readable.

    :raises DocumentMissing: no decision named
    :raises ListEmpty: nothing in it
    :raises StepNotAllowed, Stale: adopted already
    """
    KEEP_RULES.require(actor, of_list.body, at=at)
    if not document.strip():
        raise DocumentMissing
    size = of_list.entries.count()
    if not size:
        raise ListEmpty
    put_in_force(of_list, {"body": of_list.body_id}, document=document.strip(), adopted_by=actor, adopted_at=at)
    attributes = {"version": of_list.number, "entries": size}
    record(Draft(LIST_ADOPTED, at, actor, body=of_list.body_id, attributes=attributes, source=of_list))
    return of_list


@transaction.atomic
def adopt_rules(*, body: PartyOrg, text: RulesText, actor: Person, at: datetime) -> ProcedureRules:
    """Put new rules of procedure in force; the old version stays readable.

    :raises DocumentMissing: no decision named
    """
    KEEP_RULES.require(actor, body, at=at)
    if not text.document.strip():
        raise DocumentMissing
    PartyOrg.objects.select_for_update().get(pk=body.pk)  # two who adopt at once: one after the other
    ProcedureRules.objects.filter(body=body, state=Edition.IN_FORCE).update(state=Edition.SUPERSEDED)
    made = ProcedureRules.objects.create(
        body=body, number=next_number(ProcedureRules, body=body), adopted_by=actor, adopted_at=at, **asdict(text)
    )
    record(Draft(RULES_ADOPTED, at, actor, body=body.pk, attributes={"version": made.number}, source=made))
    return made
