"""A committee sets its own figures for the advice on modes (SD-15)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.zones.enums import AdviceParameter
from ronghe.domain.zones.facts import PARAMETER_SET
from ronghe.domain.zones.models import ModeParameter
from ronghe.domain.zones.rules import SET_PARAMETER
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

LARGEST = 100_000_000


class ParameterOutOfRange(DomainError):
    code = "parameter_out_of_range"
    sentence = N_("这个参数要在 %(least)s 到 %(most)s 之间，请改数。")
    status = 422


@transaction.atomic
def set_parameter(
    *, body: PartyOrg, name: AdviceParameter, value: int, actor: Person, at: datetime
) -> ModeParameter:  # fmt: skip
    """Set one figure for the zones that `body` and the bodies below it sponsor.

    :raises ParameterOutOfRange: less than one (a switch: neither 0 nor 1), or absurdly large
    """
    SET_PARAMETER.require(actor, body, at=at)
    least, most = (0, 1) if name == AdviceParameter.SAFETY_BLOCKS_START else (1, LARGEST)
    if not least <= value <= most:
        raise ParameterOutOfRange(least=least, most=most)
    row, _is_new = ModeParameter.objects.update_or_create(
        body=body, name=name, defaults={"value": value, "set_by": actor, "set_at": at}
    )
    record(Draft(PARAMETER_SET, at, actor, body=body.pk, attributes={"name": name, "value": value}, source=row))
    return row
