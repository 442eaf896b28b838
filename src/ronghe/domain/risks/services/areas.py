"""Areas are marked out, changed, and given up when nothing stands in them any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.risks.facts import AREA_CHANGED, AREA_CLOSED, AREA_OPENED
from ronghe.domain.risks.models import RiskArea
from ronghe.domain.risks.rules import KEEP_AREA, OPEN_AREA
from ronghe.domain.risks.services.telling import tell
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

LONGEST_NAME, LONGEST_BOUNDS = 60, 200


class AreaUnnamed(DomainError):
    code = "risk_area_unnamed"
    sentence = N_("请写区域名称，最多 60 个字；四至最多 200 个字。")
    status = 422


class AreaNameTaken(DomainError):
    code = "risk_area_name_taken"
    sentence = N_("“%(body)s”已有区域“%(name)s”，请换个名称，或直接用原来的区域。")


class AreaHasRisks(DomainError):
    code = "risk_area_has_risks"
    sentence = N_("“%(name)s”里还有 %(count)s 项风险，请先逐项销去，再撤销区域。")


@dataclass(frozen=True, slots=True)
class AreaText:
    """What an area is called, where it ends, and whose place it is."""

    name: str
    bounds: str = ""
    unit: AdminUnit | None = None
    zone: CollaborationZone | None = None


def open_area(*, text: AreaText, body: PartyOrg, actor: Person, at: datetime) -> RiskArea:
    """Mark out an area for which `body` answers; its unit is the body's unless another is named.

    :raises AreaUnnamed: without a name, or too long
    :raises AreaNameTaken: the body has one of this name
    """
    OPEN_AREA.require(actor, body, at=at)
    _check(text)
    area = RiskArea(
        body=body, unit=text.unit or body.unit, zone=text.zone, name=text.name.strip(), bounds=text.bounds.strip(),
        opened_by=actor, opened_at=at,
    )  # fmt: skip
    with transaction.atomic():
        _save(area, body)
        tell(AREA_OPENED, area, actor, at)
    return area


def change_area(*, area: RiskArea, text: AreaText, actor: Person, at: datetime) -> RiskArea:
    """Call an area otherwise, or say anew where it ends and whose it is.

    :raises Stale: it was given up
    :raises AreaUnnamed, AreaNameTaken: as `open_area`
    """
    KEEP_AREA.require(actor, area, at=at)
    _check(text)
    if area.closed_at is not None:
        raise Stale
    area.name, area.bounds, area.zone = text.name.strip(), text.bounds.strip(), text.zone
    area.unit = text.unit or area.unit
    with transaction.atomic():
        _save(area, area.body)
        tell(AREA_CHANGED, area, actor, at)
    return area


@transaction.atomic
def close_area(*, area: RiskArea, actor: Person, at: datetime) -> RiskArea:
    """Give an area up; what it was stays on record.

    :raises AreaHasRisks: risks stand in it
    :raises Stale: it was
    """
    KEEP_AREA.require(actor, area, at=at)
    standing = area.risks.filter(closed_at=None).count()
    if standing:
        raise AreaHasRisks(name=area.name, count=standing)
    if not RiskArea.objects.filter(pk=area.pk, closed_at=None).update(closed_at=at):
        raise Stale
    area.closed_at = at
    tell(AREA_CLOSED, area, actor, at)
    return area


def _check(text: AreaText) -> None:
    name = text.name.strip()
    if not name or len(name) > LONGEST_NAME or len(text.bounds.strip()) > LONGEST_BOUNDS:
        raise AreaUnnamed


def _save(area: RiskArea, body: PartyOrg) -> None:
    try:
        with transaction.atomic():
            area.save()
    except IntegrityError as error:
        raise AreaNameTaken(body=body.name, name=area.name) from error
