"""One way to record what happened to a permit, to hold its rows while it is changed, and to say what it lacks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import models

from ronghe.domain.org.models import Person
from ronghe.domain.permits.calc.standing import Lack
from ronghe.domain.permits.models import Permit, PermitSite, PermitStep
from ronghe.domain.permits.selectors.permits import JOINED
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _

SAID_AT_ONCE = 3


class Lacking(DomainError):
    """A step that something stands in the way of; `lacks` are all of them, the sentence says the first ones."""

    code = "permit_lacks"
    sentence = N_("还不能这样做，差 %(count)s 项：%(first)s")

    def __init__(self, lacks: Sequence[Lack]) -> None:
        self.lacks = list(lacks)
        super().__init__(count=len(self.lacks), codes=[one.code for one in self.lacks])

    def __str__(self) -> str:
        said = " ".join(str(one) for one in self.lacks[:SAID_AT_ONCE])
        return _(self.sentence) % {"count": len(self.lacks), "first": said}


def require_nothing(lacks: Sequence[Lack]) -> None:
    """Return where nothing lacks.

    :raises Lacking: something does
    """
    if lacks:
        raise Lacking(lacks)


def tell(
    permit: Permit, kind: FactKind, actor: Person | None, at: datetime, *, about: Person | None = None,
    quantity: Decimal | None = None, source: models.Model | None = None, **attributes: object,
) -> Fact:  # fmt: skip
    """Record a fact of a permit."""
    site = permit.site
    what = {"kind": permit.kind, "operation": permit.operation, "grade": permit.grade}
    return record(
        Draft(
            kind, at, actor, about=about, body=site.body_id, zone=site.zone_id, unit=permit.contractor_id,
            quantity=quantity, attributes={**what, **attributes}, source=source or permit,
        )
    )  # fmt: skip


def tell_of_site(
    site: PermitSite, kind: FactKind, actor: Person, at: datetime, *, quantity: Decimal | None = None,
    source: models.Model | None = None, **attributes: object,
) -> Fact:  # fmt: skip
    """Record a fact of a site."""
    return record(
        Draft(kind, at, actor, body=site.body_id, zone=site.zone_id, quantity=quantity, attributes=attributes,
              source=source or site)
    )  # fmt: skip


def note_step(
    permit: Permit, step: str, actor: Person | None, at: datetime, *, waited_for: str = "", note: str = ""
) -> PermitStep:
    """Keep what happened in the permit's history, with how long it waited since what happened before, and for whom."""
    last = permit.steps.order_by("-at", "-pk").values_list("at", flat=True).first()
    minutes = max(0, int((at - last).total_seconds() // 60)) if last is not None else 0
    return PermitStep.objects.create(
        permit=permit, step=step[:16], state=permit.state, waited_for=waited_for, minutes=minutes, note=note.strip()[:400],
        by=actor, at=at,
    )  # fmt: skip


def locked(permit: Permit) -> Permit:
    """Return the permit as it is now, held until the transaction ends, so that no two acts change it at once."""
    rows = Permit.objects.select_for_update(of=("self",)).select_related(*JOINED, "site__zone", "coordinator")
    found = rows.filter(pk=permit.pk).first()
    if found is None:
        raise NotFound
    return found


def hold_site(site_id: int) -> PermitSite:
    """Return the site, held until the transaction ends: of two issues that clash, the second one sees the first.

    Held before any permit of it, never after, so that nobody waits for one who waits.
    """
    return PermitSite.objects.select_for_update(of=("self",)).select_related("body", "zone").get(pk=site_id)


def digest_of(permit: Permit) -> str:
    """Return the digest of all that is signed: what, where, when, hazards, measures, isolations, people and linked permits.

    Guardian and job leader are left out: they are handed over at a change of shift, each by an act of its own.
    """
    content = {
        "site": permit.site_id, "kind": permit.kind, "operation": permit.operation, "grade": permit.grade,
        "values": permit.values, "what": permit.what, "place": permit.place, "area": permit.area,
        "at": [permit.x_dm, permit.y_dm, permit.reach_dm], "space": permit.space, "pipe": permit.pipe, "bund": permit.bund,
        "plan": permit.plan_ref, "from": permit.starts_at.timestamp(), "until": permit.ends_at.timestamp(),
        "contractor": permit.contractor_id, "parent": permit.parent_id, "profile": permit.profile, "mark": permit.mark,
        "people": sorted(
            permit.parts.exclude(role__in=["guardian", "job_leader"]).values_list("role", "person__token")
        ),
        "risks": list(permit.risks.order_by("place").values_list("step", "hazard", "measure")),
        "measures": list(permit.measures.order_by("place").values_list("text", flat=True)),
        "isolations": list(permit.isolations.order_by("place").values_list("point", "method")),
        "links": sorted([*permit.links_up.values_list("second_id", flat=True), *permit.links_down.values_list("first_id", flat=True)]),
        "number": permit.pk,
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
