"""Many bodies adopt one version in one act: at once where they are few, as a job with progress where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.enums import BatchState
from ronghe.domain.playbooks.models import AdoptionBatch
from ronghe.domain.playbooks.rules import ADOPT_PLAYBOOK
from ronghe.domain.playbooks.services.adopting import AlreadyAdopted, adopt_playbook
from ronghe.domain.playbooks.services.keeping import keep_version
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_

AT_ONCE = 50
"""So many bodies adopt while the reader waits; more become a job."""


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    sentence = N_("还没有选单位，请至少选一个。")
    status = 422


@transaction.atomic
def start_batch(
    *, bodies: Sequence[PartyOrg], playbook: Playbook, since: date, actor: Person, at: datetime
) -> AdoptionBatch:
    """Note that these bodies are to adopt `playbook` from the day `since`; `carry_on` then does it.

    :raises NobodyChosen: no body was named
    :raises NotAllowed: the actor does not decide for one of them
    :raises VersionSaysOtherwise: as for adopting
    """
    if not bodies:
        raise NobodyChosen
    wanted = [body.pk for body in bodies]
    allowed = ADOPT_PLAYBOOK.narrow(actor, PartyOrg.objects.filter(pk__in=wanted), at=at).count()
    if allowed != len(set(wanted)):
        raise NotAllowed(permission=ADOPT_PLAYBOOK.name)
    version = keep_version(playbook, at)
    return AdoptionBatch.objects.create(version=version, bodies=wanted, since=since, asked_by=actor, asked_at=at)


def carry_on(*, batch: AdoptionBatch, at: datetime) -> AdoptionBatch:
    """Let the bodies adopt, each in a transaction of its own, from where it stopped; who is refused is passed over.

    It may run twice: whoever works by the version already is counted as done.
    """
    playbook = batch.version.playbook
    bodies = PartyOrg.objects.in_bulk(batch.bodies)
    for number, body_id in enumerate(batch.bodies[batch.done :], start=batch.done + 1):
        try:
            adopt_playbook(
                body=bodies[body_id], playbook=playbook, since=batch.since, actor=batch.asked_by, at=at
            )  # fmt: skip
        except AlreadyAdopted:
            pass
        except DomainError as refusal:
            batch.refused[str(body_id)] = refusal.code
        batch.done = number
        batch.save(update_fields=["done", "refused"])
    batch.state = BatchState.DONE
    batch.save(update_fields=["state"])
    return batch
