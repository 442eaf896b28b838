"""The areas of a site, as the risk register marks them out, and what is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.domain.hazards.enums import FindingGrade
from ronghe.domain.hazards.selectors import open_hazards_in
from ronghe.domain.permits.calc.known import KnownRisk
from ronghe.domain.permits.models import PermitSite
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import RiskArea
from ronghe.domain.risks.selectors import risks_at

LONGEST = 200


def areas_of(site: PermitSite) -> QuerySet[RiskArea]:
    """Return the areas in use that the site's body or its zone marked out, by name."""
    mine = Q(body=site.body_id)
    if site.zone_id is not None:
        mine |= Q(zone=site.zone_id)
    return RiskArea.objects.filter(mine, closed_at=None).order_by("name", "pk")


def area_named(site: PermitSite, words: str) -> RiskArea | None:
    """Return the site's area of this name; words that name none stay words."""
    return areas_of(site).filter(name=words.strip()).first() if words.strip() else None


def known_in(areas: Collection[int], on: date) -> dict[int, list[KnownRisk]]:
    """Return what is known of each area on `on`, the worst first; two statements for any number."""
    found: dict[int, list[KnownRisk]] = defaultdict(list)
    if not areas:
        return found
    for item in open_hazards_in(areas):
        is_major = item.finding.grade == FindingGrade.MAJOR
        known = KnownRisk(f"hazard:{item.pk}", item.title[:LONGEST], str(item.values.get("measure") or "")[:LONGEST],
                          is_red=is_major, stops=is_major)  # fmt: skip
        found[item.finding.area_id or 0].append(known)
    for version in risks_at(areas, on):
        risk = version.risk
        known = KnownRisk(
            f"risk:{risk.pk}", risk.title, version.measures[:LONGEST], is_red=version.grade == RiskGrade.RED
        )
        found[risk.area_id].append(known)
    return found
