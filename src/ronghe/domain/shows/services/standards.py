"""What a post is held to (亮标准): set anew, the standard before it ends that day and stays to be read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.facts import STANDARD_SET
from ronghe.domain.shows.models import PostStandard
from ronghe.domain.shows.rules import SET_STANDARD
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

LONGEST = 400
EVERY_MEMBER = "member"
"""What the fact calls a standard without a post."""


class StandardUnfit(DomainError):
    code = "standard_unfit"
    sentence = N_("请选职务，写明标准（最多 400 字），写得让人能对照。")
    status = 422


class StandardUnchanged(DomainError):
    code = "standard_unchanged"
    sentence = N_("标准没有变，不用再公布。")


@transaction.atomic
def set_standard(*, body: PartyOrg, role: str, text: str, actor: Person, at: datetime) -> PostStandard:
    """Say what the holders of `role` are held to in `body` and below; without a role what every member is held to.

    :raises NotAllowed: the actor does not lead there
    :raises StandardUnfit: no such post, or no words
    :raises StandardUnchanged: it says so already
    """
    SET_STANDARD.require(actor, body, at=at)
    text = text.strip()
    if (role and role not in PostRole.values) or not text or len(text) > LONGEST:
        raise StandardUnfit
    day = local_day(at)
    PartyOrg.objects.select_for_update().get(pk=body.pk)
    held = PostStandard.objects.filter(body=body, role=role, valid_until=None).first()
    if held is not None and held.text == text:
        raise StandardUnchanged
    if held is not None:
        PostStandard.objects.filter(pk=held.pk).update(valid_until=max(day, held.valid_from))
    made = PostStandard.objects.create(body=body, role=role, text=text, valid_from=day, set_by=actor)
    record(Draft(STANDARD_SET, at, actor, body=body.pk, attributes={"role": role or EVERY_MEMBER}, source=made))
    return made
