"""What is kept by version: one draft at a time, adopted by a decision, the old version kept."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Max

from ronghe.domain.decisions.enums import EDITION_FLOW, Edition
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

Kept = TypeVar("Kept", bound=models.Model)


class DraftThere(DomainError):
    code = "draft_there"
    sentence = N_("已经有一份草稿，请接着改那一份，或先通过它。")


class NotADraft(DomainError):
    code = "edition_not_a_draft"
    sentence = N_("这一版的状态是“%(state)s”，不能再改；要改请起草新的一版。")


class DocumentMissing(DomainError):
    code = "adopting_document_missing"
    sentence = N_("请写明由哪次会议或哪份文件通过。")
    status = 422


def next_number(model: type[models.Model], **scope: Any) -> int:
    """Return the number of the next version within `scope`."""
    last: int | None = model._default_manager.filter(**scope).aggregate(last=Max("number"))["last"]  # noqa: SLF001
    return (last or 0) + 1


def create_draft(model: type[Kept], **values: Any) -> Kept:
    """Write a draft.

    :raises DraftThere: there is one
    """
    try:
        with transaction.atomic():
            return model._default_manager.create(**values)  # noqa: SLF001 - Django's name
    except IntegrityError as error:
        raise DraftThere from error


def require_draft(row: Any) -> None:
    """:raises NotADraft: it was adopted"""
    if row.state != Edition.DRAFT:
        raise NotADraft(state=Edition(row.state).label)


def lock_draft(row: Kept) -> Kept:
    """Return the row, a draft, and hold it so until the transaction ends.

    :raises NotADraft: it was adopted
    """
    fresh = type(row)._default_manager.select_for_update().get(pk=row.pk)  # noqa: SLF001 - Django's name
    require_draft(fresh)
    return fresh


def put_in_force(row: Any, scope: dict[str, Any], **changes: Any) -> None:
    """Let the draft take the place of what is in force within `scope`.

    :raises StepNotAllowed: no draft any more
    :raises Stale: somebody adopted it a moment ago
    """
    current = type(row)._default_manager.filter(**scope, state=Edition.IN_FORCE)  # noqa: SLF001 - Django's name
    current.update(state=Edition.SUPERSEDED)
    EDITION_FLOW.advance(row, "adopt", **changes)
