"""What follows from others' acts in the same transaction: a campaign begins, goes on and ends with the adoption."""

from __future__ import annotations

from ronghe.domain.campaigns.services.following import begin_campaign, stop_campaign
from ronghe.domain.playbooks.facts import ADOPTION_ENDED, PLAYBOOK_ADOPTED
from ronghe.domain.playbooks.models import Adoption
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(PLAYBOOK_ADOPTED)
def _begin(fact: Fact) -> None:
    adoption = _adoption(fact)
    if adoption is not None:
        begin_campaign(adoption)


@on_fact(ADOPTION_ENDED)
def _stop(fact: Fact) -> None:
    adoption = _adoption(fact)
    if adoption is not None and adoption.valid_until is not None:
        stop_campaign(adoption, adoption.valid_until)


def _adoption(fact: Fact) -> Adoption | None:
    if fact.source_id is None:
        return None
    return Adoption.objects.select_related("version").filter(pk=fact.source_id).first()
