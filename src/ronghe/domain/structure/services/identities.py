"""What bodies and units are called and where they hang, from a day on; the days before stay as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.org.facts import PARTY_ORG_MOVED
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.org.services.trees import NameTaken
from ronghe.domain.structure.facts import BODY_CONVERTED, BODY_DISSOLVED, BODY_RENAMED
from ronghe.domain.structure.models import CoveredUnit, FormerIdentity
from ronghe.domain.structure.services.checking import CalledOtherwiseLater
from ronghe.kernel.db import tree
from ronghe.kernel.facts.record import Draft, record


def call_body(*, body: PartyOrg, name: str, kind: str, since: date, at: datetime) -> None:
    """Give a body a name and a kind from the day `since`."""
    before = body.name, body.kind
    call(body, place="body", name=name, kind=kind, since=since)
    if before[1] != kind:
        record(Draft(BODY_CONVERTED, at, None, body=body.pk, attributes={"org_kind": kind}, source=body))
    if before[0] != name:
        record(Draft(BODY_RENAMED, at, None, body=body.pk, source=body))


def hang_body(*, body: PartyOrg, parent: PartyOrg, since: date, at: datetime) -> None:
    """Hang a body below another one from the day `since`."""
    with refusing_taken(parent, body.name):
        tree.move(body, parent=parent, since=since)
    record(Draft(PARTY_ORG_MOVED, at, None, body=body.pk, source=body))


def close_body(*, body: PartyOrg, until: date, at: datetime) -> None:
    """Take a body with nothing below it out of the tree on the day `until`."""
    tree.close(body, until=until)
    CoveredUnit.objects.filter(body=body, valid_until=None).update(valid_until=until)
    record(Draft(BODY_DISSOLVED, at, None, body=body.pk, source=body))


def call(node: PartyOrg | AdminUnit, *, place: str, name: str, kind: str, since: date) -> None:
    """Give a body or unit a name and a kind from the day `since`, keeping what it was called until then.

    :raises CalledOtherwiseLater: it was renamed after that day
    :raises NameTaken: something beside it has that name
    """
    former = FormerIdentity.objects.filter(**{place: node})
    last = former.aggregate(day=Max("valid_until"))["day"]
    if last is not None and last > since:
        raise CalledOtherwiseLater(body=node.name, day=last)
    begun = last or node.valid_from
    if begun < since:
        FormerIdentity.objects.create(
            **{place: node}, name=node.name, kind=node.kind, valid_from=begun, valid_until=since
        )  # fmt: skip
    with refusing_taken(node.parent, name):
        type(node)._default_manager.filter(pk=node.pk).update(name=name, kind=kind)  # noqa: SLF001 - Django's name
    node.name, node.kind = name, kind


@contextmanager
def refusing_taken(parent: Any | None, name: str) -> Iterator[None]:
    """Turn the constraint on names below one parent into its refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise NameTaken(parent=parent.name if parent is not None else "—", name=name) from error
