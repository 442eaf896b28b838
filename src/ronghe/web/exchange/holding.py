"""Whose programme it shall be: task forces, zones, agreements and bodies in one choice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ronghe.domain.exchange.selectors.circles import bodies_to_plan_in
from ronghe.domain.exchange.selectors.holders import (
    agreements_to_hold,
    forces_to_hold,
    main_of_agreement,
    zones_to_hold,
)
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotAllowed
from ronghe.web.paging import number_of

OFFERED = 60
"""Of each kind at most."""


def holders_to_choose(actor: Person, at: datetime) -> list[Any]:
    """Return the groups of a choice, each with keys like `force:3`; empty where the actor plans for no body."""
    bodies = list(bodies_to_plan_in(actor, at).values_list("pk", "name")[:OFFERED])
    if not bodies:
        return []
    forces = forces_to_hold(actor, at).order_by("name").values_list("pk", "name")[:OFFERED]
    zones = zones_to_hold(actor, at).values_list("pk", "name")[:OFFERED]
    agreements = agreements_to_hold(actor, at).values_list("pk", "title")[:OFFERED]
    groups = (
        (_("攻关党小组"), "force", forces), (_("协作区"), "zone", zones), (_("合作意向书"), "agreement", agreements),
        (_("党组织"), "body", bodies),
    )  # fmt: skip
    found = [(title, [(f"{key}:{pk}", name) for pk, name in rows]) for title, key, rows in groups]
    return [(title, rows) for title, rows in found if rows]


def chosen_holder(key: str, actor: Person, at: datetime) -> tuple[dict[str, Any], str]:
    """Return what `open_programme` wants for a chosen key, and the holder's name.

    :raises NotAllowed: nothing that the actor may choose
    """
    kind, _sep, number = key.partition(":")
    pk = number_of(number) or 0
    if kind == "force":
        force = forces_to_hold(actor, at).filter(pk=pk).first()
        if force is not None:
            return {"task_force": force}, force.name
    elif kind == "zone":
        zone = zones_to_hold(actor, at).filter(pk=pk).first()
        if zone is not None:
            return {"zone": zone}, zone.name
    elif kind == "agreement":
        agreement = agreements_to_hold(actor, at).filter(pk=pk).first()
        if agreement is not None:
            return {"agreement": agreement, "body": main_of_agreement(agreement, actor, at)}, agreement.title
    else:
        body = bodies_to_plan_in(actor, at).filter(pk=pk).first()
        if body is not None:
            return {"body": body}, body.name
    raise NotAllowed
