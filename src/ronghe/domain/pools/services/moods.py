"""思想共管: how the people of a side feel, in sealed words about nobody by name, with who follows up (SD-16)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.enums import FollowUpWay, MoodLevel, MoodTopic
from ronghe.domain.pools.facts import MOOD_FOLLOWED, MOOD_NOTED
from ronghe.domain.pools.models import MoodFollowUp, MoodNote, Part
from ronghe.domain.pools.rules import READ_MOOD, right_to_note
from ronghe.domain.pools.selectors.pools import people_of_pool
from ronghe.domain.pools.services.opening import held_open
from ronghe.domain.pools.services.telling import tell
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_

COMPARTMENT = "mood"
SHORTEST_NAME = 2


class MoodNamesSomebody(DomainError):
    code = "mood_names_somebody"
    sentence = N_("文字里有“%(name)s”。思想动态只写共性情况，不点名；个人的事请单独谈心。")
    status = 422


class MoodEmpty(DomainError):
    code = "mood_empty"
    sentence = N_("请写明情况，并选至少一个方面。")
    status = 422


class MoodAhead(DomainError):
    code = "mood_ahead"
    sentence = N_("%(day)s 还没到，请改日期。")
    status = 422


class MoodNeedsFollowUp(DomainError):
    code = "mood_needs_follow_up"
    sentence = N_("需关注的，请定谁去跟进、什么时候完成。")
    status = 422


class FollowUpPast(DomainError):
    code = "mood_follow_up_past"
    sentence = N_("跟进期限 %(due_on)s 已经过去，请另定日期。")
    status = 422


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Who does what, by when."""

    way: FollowUpWay
    person: Person
    due_on: date


@transaction.atomic
def note_mood(
    *, part: Part, level: MoodLevel, topics: Collection[MoodTopic], people: int, text: str, actor: Person,
    at: datetime, day: date | None = None, follow_ups: Sequence[FollowUp] = (),
) -> MoodNote:  # fmt: skip
    """Note how the people of one side feel; `people` is how many it concerns.

    :raises PoolClosed: the zone is not there any more, the agreement is not in force
    :raises MoodNamesSomebody: the words name somebody of the side or of the pool
    :raises MoodEmpty, MoodAhead, MoodNeedsFollowUp, FollowUpPast: see their sentences
    """
    right_to_note(part).require(actor, part.row, at=at)
    today = local_day(at)
    day = day or today
    if day > today:
        raise MoodAhead(day=day)
    if not text.strip() or not topics:
        raise MoodEmpty
    if level == MoodLevel.ATTENTION and not follow_ups:
        raise MoodNeedsFollowUp
    late = next((one for one in follow_ups if one.due_on < today), None)
    if late is not None:
        raise FollowUpPast(due_on=late.due_on)
    _refuse_names(part, text, today)
    pool = held_open(part.pool, at)
    note = MoodNote.objects.create(
        zone=pool.zone, **part.side.columns(), branch=part.branch, day=day, level=level,
        topics=[topic.value for topic in MoodTopic if topic in topics], people=people, sealed=seal_text(text.strip()),
        noted_by=actor, noted_at=at,
    )  # fmt: skip
    for one in follow_ups:
        MoodFollowUp.objects.create(note=note, way=one.way, person=one.person, due_on=one.due_on)
    tell(MOOD_NOTED, pool, part.side, source=note, actor=actor, at=at, level=level)
    return note


def read_mood(*, note: MoodNote, actor: Person, at: datetime) -> str:
    """Return the words of a note; the look is recorded first."""
    READ_MOOD.require(actor, note, at=at)
    record_look(by=actor, about=note.noted_by, compartment=COMPARTMENT, at=at)
    return open_text(note.sealed)


@transaction.atomic
def finish_follow_up(*, follow_up: MoodFollowUp, actor: Person, at: datetime) -> MoodFollowUp:
    """Note that it was done: whoever was to do it, or who reads the words.

    :raises Stale: it was done already
    """
    if follow_up.person_id != actor.pk and not READ_MOOD.allows(actor, follow_up.note, at=at):
        raise NotAllowed(permission=READ_MOOD.name)
    if not MoodFollowUp.objects.filter(pk=follow_up.pk, done_at=None).update(done_at=at):
        raise Stale
    follow_up.done_at = at
    note = follow_up.note
    tell(MOOD_FOLLOWED, note.pool, note.side, source=note, actor=actor, at=at, way=follow_up.way)
    return follow_up


def _refuse_names(part: Part, text: str, day: date) -> None:
    """Refuse words that hold the name of anybody in the side's unit, below it, or in the pool."""
    names = set(people_of_pool(part.pool, day).values_list("name", flat=True))
    unit = part.side.unit
    if unit is not None:
        below = AdminUnit.links().filter(on_day(day), ancestor_id=unit.pk).order_by().values("descendant_id")
        names |= set(Person.objects.filter(unit_id__in=below, valid_until=None).values_list("name", flat=True))
    found = next((name for name in sorted(names) if len(name) >= SHORTEST_NAME and name in text), None)
    if found is not None:
        raise MoodNamesSomebody(name=found)
