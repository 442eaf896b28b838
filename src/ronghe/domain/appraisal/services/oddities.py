"""Somebody looked at what seemed odd among points: it was fine, or those concerned were asked. Nothing else follows."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.appraisal.enums import OddVerdict
from ronghe.domain.appraisal.facts import ODDITY_LOOKED_AT
from ronghe.domain.appraisal.rules import LOOK_INTO
from ronghe.domain.appraisal.selectors.oddities import oddities_for
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class OddityGone(DomainError):
    code = "oddity_gone"
    sentence = N_("这一条异常已经不在了，可能有记录被冲销。请刷新页面。")
    status = 404


def look_at(
    *, body: PartyOrg, key: str, verdict: OddVerdict, actor: Person, at: datetime, period: str = ""
) -> Fact:  # fmt: skip
    """Record that the actor looked at a finding, and what came of it.

    :raises OddityGone: there is no such finding any more
    """
    LOOK_INTO.require(actor, body, at=at)
    span, found = oddities_for(actor, body, at, period=period)
    known = next((one for one in found if one.key == key), None)
    if known is None or span is None:
        raise OddityGone
    attributes = {"pattern": known.oddity.pattern, "key": key, "period": span.name, "verdict": str(verdict)}
    return record(Draft(ODDITY_LOOKED_AT, at, actor, body=body.pk, attributes=attributes))
