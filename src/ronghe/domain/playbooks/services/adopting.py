"""Acts of the playbooks' room: a body adopts a playbook, takes up a newer version, or stops working by one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.facts import ADOPTION_ENDED, PLAYBOOK_ADOPTED
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.domain.playbooks.rules import ADOPT_PLAYBOOK, END_ADOPTION
from ronghe.domain.playbooks.services.keeping import keep_version
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class NothingForThisBody(DomainError):
    code = "nothing_for_this_body"
    sentence = N_("范本“%(playbook)s”没有一项制度适用于“%(body)s”，请核对范本里的 for。")


class AlreadyAdopted(DomainError):
    code = "already_adopted"
    sentence = N_("“%(body)s”已在执行 %(playbook)s，不用重复采用。")


class AdoptionOutOfReach(DomainError):
    code = "adoption_out_of_reach"
    sentence = N_("采用日期 %(since)s 离现在太远，请写前后 %(years)s 年以内的日期。")
    status = 422


class AdoptedLater(DomainError):
    code = "adopted_later"
    sentence = N_("“%(body)s”自 %(from_on)s 起已执行 %(playbook)s，新版本要从那天之后开始。")


class AdoptionOver(DomainError):
    code = "adoption_over"
    sentence = N_("这份范本已于 %(until_on)s 停用。")


class EndsBeforeItBegins(DomainError):
    code = "ends_before_it_begins"
    sentence = N_("停用日期不能早于开始执行的 %(from_on)s。")
    status = 422


YEARS_AROUND = 10
"""A day further away than this is a slip of the pen, and would make thousands of duties."""


@transaction.atomic
def adopt_playbook(*, body: PartyOrg, playbook: Playbook, since: date, actor: Person | None, at: datetime) -> Adoption:
    """Let `body` work by `playbook` from the day `since`; another version of the same playbook ends on that day.

    The version is kept as it is now, so a later change of the file changes nothing. Without an actor the platform is
    being set up.

    :raises NotAllowed: the actor does not decide for the body
    :raises VersionSaysOtherwise: this id and version were adopted before with another content
    :raises AdoptionOutOfReach: `since` is more than `YEARS_AROUND` years away
    :raises NothingForThisBody: no mechanism is for a body of this kind
    :raises AlreadyAdopted: the body works by this version
    :raises AdoptedLater: another version began on or after `since`
    """
    if actor is not None:
        ADOPT_PLAYBOOK.require(actor, body, at=at)
    if is_out_of_reach(since, at):
        raise AdoptionOutOfReach(since=since, years=YEARS_AROUND)
    is_sheets_alone = bool(playbook.sheets) and not playbook.mechanisms  # a way of scoring fits whoever is scored
    if not is_sheets_alone and not playbook.mechanisms_for(BodyKind(body.kind)):
        raise NothingForThisBody(playbook=playbook.title.here, body=body.name)
    version = keep_version(playbook, at)
    # The row lock lets two who adopt at once see each other; on SQLite the transaction itself does.
    PartyOrg.objects.select_for_update().filter(pk=body.pk).values_list("pk").get()
    _end_other_versions(body, version, since, actor, at)
    adoption = Adoption.objects.create(body=body, version=version, valid_from=since, adopted_by=actor, adopted_at=at)
    record(
        Draft(
            PLAYBOOK_ADOPTED, at, actor, body=body.pk, source=adoption,
            attributes={"playbook": str(version), "from_on": since},
        )
    )  # fmt: skip
    return adoption


@transaction.atomic
def end_adoption(*, adoption: Adoption, until: date, actor: Person, at: datetime) -> Adoption:
    """Stop working by a playbook on the day `until` (not included).

    :raises AdoptionOver: it has ended
    :raises EndsBeforeItBegins: `until` lies before its first day
    """
    END_ADOPTION.require(actor, adoption, at=at)
    if until < adoption.valid_from:
        raise EndsBeforeItBegins(from_on=adoption.valid_from)
    if not Adoption.objects.filter(pk=adoption.pk, valid_until=None).update(valid_until=until):
        adoption.refresh_from_db()
        raise AdoptionOver(until_on=adoption.valid_until)
    adoption.valid_until = until
    _record_end(adoption, actor, at)
    return adoption


def is_out_of_reach(since: date, at: datetime) -> bool:
    """Tell whether a day lies too far from the moment of adopting."""
    return abs(since.year - at.year) > YEARS_AROUND


def _end_other_versions(
    body: PartyOrg, version: PlaybookVersion, since: date, actor: Person | None, at: datetime
) -> None:
    same = Adoption.objects.filter(body=body, version__playbook_id=version.playbook_id, valid_until=None)
    for other in same.select_related("version").order_by("pk"):
        if other.version_id == version.pk:
            raise AlreadyAdopted(body=body.name, playbook=str(version))
        if other.valid_from >= since:
            raise AdoptedLater(body=body.name, playbook=str(other.version), from_on=other.valid_from)
        other.valid_until = since
        other.save(update_fields=["valid_until"])
        _record_end(other, actor, at)


def _record_end(adoption: Adoption, actor: Person | None, at: datetime) -> None:
    attributes = {"playbook": str(adoption.version), "until_on": adoption.valid_until}
    record(Draft(ADOPTION_ENDED, at, actor, body=adoption.body_id, source=adoption, attributes=attributes))
