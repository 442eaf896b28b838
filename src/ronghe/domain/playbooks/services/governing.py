"""A governing document gets a new version: the mechanisms that stand on it are looked at again, one by one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.enums import CHECK_FLOW, CheckState
from ronghe.domain.playbooks.facts import DOCUMENT_REGISTERED, MECHANISM_CHECKED
from ronghe.domain.playbooks.models import DocumentCheck, GoverningDocument
from ronghe.domain.playbooks.rules import CHECK_MECHANISM, REGISTER_DOCUMENT
from ronghe.domain.playbooks.selectors.books import shelf
from ronghe.domain.playbooks.selectors.documents import cited_documents, touched_by
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class DocumentNotCited(DomainError):
    code = "document_not_cited"
    sentence = N_("没有范本引用编号为 %(document)s 的文件，没有什么要核对。")
    status = 422


class DocumentRegistered(DomainError):
    code = "document_registered"
    sentence = N_("“%(title)s”的 %(version)s 版已登记过。")


class ChangeWithoutNote(DomainError):
    code = "change_without_note"
    sentence = N_("需改的，请写明改什么。")
    status = 422


@transaction.atomic
def register_document(
    *, body: PartyOrg, document: str, version: str, effective_from: date, actor: Person, at: datetime,
    number: str = "", note: str = "",
) -> GoverningDocument:  # fmt: skip
    """Take note of a new version of a governing document, and list every mechanism that stands on it to be checked.

    :raises DocumentNotCited: no playbook cites it
    :raises DocumentRegistered: this version was registered before
    """
    REGISTER_DOCUMENT.require(actor, body, at=at)
    cited = next((one for one in cited_documents() if one.document.id == document), None)
    if cited is None:
        raise DocumentNotCited(document=document)
    title = cited.document.title.zh
    try:
        with transaction.atomic():
            row = GoverningDocument.objects.create(
                body=body, document=document, title=title, number=number.strip(), version=version.strip(),
                effective_from=effective_from, note=note.strip(), registered_by=actor, registered_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise DocumentRegistered(title=title, version=version.strip()) from error
    touched = touched_by(document, shelf())
    DocumentCheck.objects.bulk_create(
        DocumentCheck(document=row, playbook=playbook, mechanism=mechanism) for playbook, mechanism in touched
    )
    attributes = {"document": document, "effective_from": effective_from, "mechanisms": len(touched)}
    record(Draft(DOCUMENT_REGISTERED, at, actor, body=body.pk, source=row, attributes=attributes))
    return row


STEPS = {CheckState.CHECKED: "check", CheckState.TO_CHANGE: "change", CheckState.OPEN: "reopen"}


@transaction.atomic
def settle_check(
    *, check: DocumentCheck, outcome: CheckState, actor: Person, at: datetime, note: str = ""
) -> DocumentCheck:  # fmt: skip
    """Say of one mechanism that it was checked (核对过) or is to be changed (需改), or open it again.

    What is to be changed is checked once its playbook says it anew.

    :raises ChangeWithoutNote: it does not say what is to be changed
    :raises StepNotAllowed, Stale: somebody settled it before
    """
    CHECK_MECHANISM.require(actor, check, at=at)
    if outcome == CheckState.TO_CHANGE and not note.strip():
        raise ChangeWithoutNote
    settled = {} if outcome == CheckState.OPEN else {"settled_by": actor, "settled_at": at}
    CHECK_FLOW.advance(check, STEPS[outcome], note=note.strip(), **settled)
    attributes = {"playbook": check.playbook, "mechanism": check.mechanism, "outcome": str(outcome)}
    record(
        Draft(MECHANISM_CHECKED, at, actor, body=check.document.body_id, source=check.document, attributes=attributes)
    )  # fmt: skip
    return check
