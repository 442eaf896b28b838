"""What holds for a body: its own setting, else that of the nearest body above, else the platform's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.grid.calc.levels import Terms
from ronghe.domain.grid.models import GridSetting
from ronghe.domain.grid.rules import CHANGE_SETTINGS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.db.tree import on_day

_FIELDS = ("employees_per_member", "member_days", "branch_days", "general_branch_days", "committee_days")


def settings_of(parents: Mapping[int, int | None], day: date) -> dict[int, Terms]:
    """Return what holds for each of these bodies (body → parent): one read, or two where settings stand above them."""
    own = {body: Terms(*rest) for body, *rest in GridSetting.objects.order_by("pk").values_list("body_id", *_FIELDS)}
    found: dict[int, Terms] = {}
    outside = {parent for parent in parents.values() if parent is not None and parent not in parents}
    above = {pk: terms_of(pk, day) for pk in sorted(outside)} if own else {}
    for body in parents:
        path, place = [], body
        while place not in own and place not in found and parents.get(place) in parents:
            path.append(place)
            place = parents[place]  # type: ignore[assignment]
        terms = own.get(place) or found.get(place) or above.get(parents.get(place) or 0) or Terms()
        found.update(dict.fromkeys([*path, place], terms))
    return found


def terms_of(body: int, day: date) -> Terms:
    """Return what holds for one body: one read."""
    links = PartyOrg.links().filter(on_day(day), descendant_id=body).order_by()
    nearest = dict(links.values_list("ancestor_id", "depth"))
    rows = GridSetting.objects.filter(body__in=links.values("ancestor_id")).values_list("body_id", *_FIELDS)
    own = sorted(rows, key=lambda row: nearest[row[0]])
    return Terms(*own[0][1:]) if own else Terms()


def bodies_setting(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose settings `actor` may see and change."""
    rows = PartyOrg.objects.filter(valid_until=None)
    return CHANGE_SETTINGS.narrow(actor, rows, at=at, walk=True).order_by("name", "pk")
