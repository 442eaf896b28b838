"""Chains, what the last one said, and who may be expected on the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.sitemeetings.enums import OPEN_STAGE, UNFINISHED, ChainStage
from ronghe.domain.sitemeetings.models import BriefingSignature, BriefingText, ChainMeeting, ChainPerson, SiteChain
from ronghe.domain.sitemeetings.rules import BEGIN_CHAIN, KNOW_MINDS, SEE_CHAIN
from ronghe.domain.taskforces.enums import ForceState
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

REMEMBERED = 10
"""Earlier chains of a body whose people are offered again."""


def chains_seen_by(actor: Person, at: datetime) -> QuerySet[SiteChain]:
    """Return the chains that `actor` may see, the latest day first."""
    rows = SEE_CHAIN.narrow(actor, SiteChain.objects.all(), at=at)
    return rows.select_related("body", "zone", "task_force", "leader").order_by("-day", "-pk")


def list_chains(
    actor: Person, at: datetime, *, words: str = "", stage: str = "", since: date | None = None,
    until: date | None = None, page: int = 1, size: int = 50, order_by: Sequence[str] = ("-day",),
) -> Listed[SiteChain]:  # fmt: skip
    """Return one page of the chains that `actor` may see, each with `people_count`; `until` is the last day.

    `words` occur in the body's name, the place or the leader's name.
    """
    rows = SiteChain.objects.select_related("body", "leader").annotate(people_count=Count("people"))
    if words:
        rows = rows.filter(
            Q(body__name__icontains=words) | Q(place__icontains=words) | Q(leader__name__icontains=words)
        )
    if stage == "open":
        rows = rows.filter(stage__in=sorted(UNFINISHED))
    elif stage:
        rows = rows.filter(stage=stage)
    if since is not None:
        rows = rows.filter(day__gte=since)
    if until is not None:
        rows = rows.filter(day__lte=until)
    return list_seen(SEE_CHAIN, actor, rows, order_by=tuple(order_by), at=at, page=page, size=size)


def site_bodies(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may begin a chain: of task forces at work and of running zones, by name."""
    forces = TaskForce.objects.filter(state=ForceState.UNDER_WAY).order_by().values("body_id")
    zones = CollaborationZone.objects.running().order_by().values("body_id")
    rows = PartyOrg.objects.filter(Q(pk__in=forces) | Q(pk__in=zones), valid_until=None)
    return BEGIN_CHAIN.narrow(actor, rows, at=at).order_by("name", "pk")


def chains_to_sign(person: Person, at: datetime) -> QuerySet[SiteChain]:
    """Return today's chains whose open meeting waits for `person`'s signature: of the own bodies, or where they were noted."""
    day = local_day(at)
    bodies = Membership.objects.filter(on_day(day), person=person).order_by().values("body_id")
    noted = ChainPerson.objects.filter(person=person, left_at=None).order_by().values("chain_id")
    gone = ChainPerson.objects.filter(person=person, left_at__isnull=False).order_by().values("chain_id")
    texts = BriefingText.objects.filter(
        meeting__chain=OuterRef("pk"), meeting__activity__state=ActivityState.OPEN
    )  # the one meeting that is open
    rows = SiteChain.objects.filter(Q(body__in=bodies) | Q(pk__in=noted), day=day, stage__in=OPEN_STAGE.values())
    rows = rows.annotate(said=Subquery(texts.order_by("-number").values("pk")[:1]))
    signed = BriefingSignature.objects.filter(text=OuterRef("said"), person=person)
    return rows.exclude(pk__in=gone).exclude(Exists(signed)).select_related("body").order_by("-pk")


@dataclass(slots=True)
class LastTime:
    """What the last chain of a body was like: its place, and heading, text and briefer of each meeting."""

    chain: SiteChain
    texts: dict[str, BriefingText] = field(default_factory=dict)
    briefers: dict[str, Person] = field(default_factory=dict)


def last_time(body: PartyOrg) -> LastTime | None:
    """Return the last chain of a body, from which the next one is filled in; `None` where there was none."""
    rows = SiteChain.objects.filter(body=body).exclude(stage=ChainStage.CALLED_OFF)
    chain = rows.order_by("-day", "-pk").first()
    if chain is None:
        return None
    found = LastTime(chain, current_texts([chain.pk]).get(chain.pk, {}))
    for row in chain.meetings.select_related("briefer").order_by("pk"):
        found.briefers[row.meeting] = row.briefer
    return found


def current_texts(chain_ids: Iterable[int]) -> dict[int, dict[str, BriefingText]]:
    """Return the current text of each meeting by chain; one read."""
    found: dict[int, dict[str, BriefingText]] = {}
    rows = BriefingText.objects.filter(meeting__chain__in=list(chain_ids)).select_related("meeting")
    for text in rows.order_by("number", "pk"):
        found.setdefault(text.meeting.chain_id, {})[text.meeting.meeting] = text
    return found


def people_to_note(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may be noted on the body's site: who belongs to it, and who was there lately, by name.

    Anybody else comes onto the list by scanning the code, or with the own card.
    """
    inside = Membership.objects.filter(on_day(day), Q(body=body) | Q(group=body)).order_by().values("person_id")
    lately = list(SiteChain.objects.filter(body=body).order_by("-day", "-pk").values_list("pk", flat=True)[:REMEMBERED])
    there = ChainPerson.objects.filter(chain__in=lately).order_by().values("person_id")
    briefed = ChainMeeting.objects.filter(chain__in=lately).order_by().values("briefer_id")
    rows = Person.objects.filter(Q(pk__in=inside) | Q(pk__in=there) | Q(pk__in=briefed)).filter(on_day(day))
    return rows.select_related("unit").order_by("name", "pk")


def talks_due(actor: Person, at: datetime) -> QuerySet[ChainPerson]:
    """Return who was not settled and has not been talked with, as far as it is for `actor`'s eyes, oldest first."""
    chains: Any = KNOW_MINDS.narrow(actor, SiteChain.objects.all(), at=at)
    rows = ChainPerson.objects.filter(is_settled=False, talked_at=None, chain__in=chains.order_by().values("pk"))
    return rows.exclude(person=actor).select_related("person__unit", "chain__body").order_by("settled_at", "pk")
