"""What follows for carriers from acts of others, in the same transaction: they end with the body that set them up."""

from __future__ import annotations

from ronghe.domain.carriers.services.running import end_with_body
from ronghe.domain.structure.facts import BODY_DISSOLVED
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(BODY_DISSOLVED)
def _body_dissolved(fact: Fact) -> None:
    if fact.body is not None and fact.reverses is None:
        end_with_body(fact.body, fact.occurred_at)
