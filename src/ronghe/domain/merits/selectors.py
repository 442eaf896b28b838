"""What may be applied for, with which records as proof, and applications as somebody may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.merits.calc.rewards import Reward, rewards_in
from ronghe.domain.merits.models import MeritCase
from ronghe.domain.merits.rules import MERIT, REPORT
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion, read_together
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import _

MEMBER = "member"
LIVE = ("applied", "checked", "reviewed", "notice", "objected", "granted", "appealed")
"""Not refused, taken back or reversed."""
RECORD_DAYS = 100
MOST_RECORDS = 60


@dataclass(frozen=True)
class MeritSheet:
    """The member sheet of a playbook in force, with what it lets people apply for."""

    version: PlaybookVersion
    sheet_id: str

    @property
    def reference(self) -> str:
        return str(self.version)

    @property
    def content(self) -> Mapping[str, Any]:
        return next(sheet for sheet in self.version.playbook.sheets if sheet["id"] == self.sheet_id)

    @cached_property
    def rewards(self) -> list[Reward]:
        return rewards_in(self.content)


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record of the platform that tells of the person: what may prove an application."""

    source_type: str
    source_id: int
    name: str
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.source_type}:{self.source_id}"


def home_branch_of(person: Person, day: date) -> PartyOrg | None:
    """Return the body in which the person is at home on `day`."""
    rows = Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME).select_related("body")
    row = rows.order_by("-valid_from").first()
    return row.body if row is not None else None


def sheet_of(person: Person, day: date) -> MeritSheet | None:
    """Return the nearest member sheet with items to apply for: of the home branch, then of what stands above it."""
    home = home_branch_of(person, day)
    if home is None:
        return None
    links = PartyOrg.links().filter(on_day(day), descendant_id=home.pk).order_by("depth")
    depth = dict(links.values_list("ancestor_id", "depth"))
    rows = Adoption.objects.filter(on_day(day), body__in=depth).select_related("version")
    adoptions = sorted(rows.order_by("-valid_from", "-pk"), key=lambda one: depth[one.body_id])
    read_together(adoption.version for adoption in adoptions)
    for adoption in adoptions:
        for sheet in adoption.version.playbook.sheets:
            found = MeritSheet(adoption.version, str(sheet["id"]))
            if sheet["level"] == MEMBER and found.rewards:
                return found
    return None


def records_about(person: Person, at: datetime) -> list[OwnRecord]:
    """Return the latest records of the platform that tell of the person, each once; one statement."""
    since = at - timedelta(days=RECORD_DAYS)
    rows = Fact.objects.filter(
        subject=person.token, occurred_at__gte=since, occurred_at__lte=at, source_id__isnull=False, reverses=None
    )
    rows = rows.exclude(source_type="items.workitem", kind="items.raised").order_by("-occurred_at", "-pk")
    kinds, found = declared_kinds(), dict[tuple[str, int], OwnRecord]()
    for kind, moment, source_type, source_id in rows.values_list("kind", "occurred_at", "source_type", "source_id")[
        : MOST_RECORDS * 4
    ]:
        if source_type is None or source_id is None:  # the rows have both; the columns may be empty
            continue
        title = _(kinds[kind].title) if kind in kinds else kind
        found.setdefault((source_type, source_id), OwnRecord(source_type, source_id, title, moment))
    return list(found.values())[:MOST_RECORDS]


def record_called(person: Person, key: str, at: datetime) -> OwnRecord | None:
    """Return the record of that name if it tells of the person."""
    return next((record for record in records_about(person, at) if record.key == key), None)


def people_to_report(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the members about whom `actor` may put forward what takes points away."""
    return REPORT.narrow(actor, Person.objects.all(), at=at).order_by("initials", "name")


def merits_seen_by(actor: Person, at: datetime) -> QuerySet[MeritCase]:
    """Return the applications that `actor` may see, to be cut to one or a few."""
    items = items_seen_by(actor, at).filter(kind=MERIT.id).order_by()
    return MeritCase.objects.filter(item__in=items.values("pk")).select_related("item", "member")


def case_of(item_id: int) -> MeritCase | None:
    """Return what an application has besides its item."""
    rows = MeritCase.objects.filter(item=item_id)
    return rows.select_related("member", "checked_by", "reviewed_by", "approved_by").first()
