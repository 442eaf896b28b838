"""三定: one tap for everybody, a tap for whoever needs a talk; and the talk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.forms import answer_rest_fine
from ronghe.domain.sitemeetings.enums import ChainStage, Meeting
from ronghe.domain.sitemeetings.facts import MINDS_SETTLED, TALK_HELD
from ronghe.domain.sitemeetings.models import ChainPerson, SiteChain
from ronghe.domain.sitemeetings.rules import KNOW_MINDS, RUN_CHAIN
from ronghe.domain.sitemeetings.services.telling import locked, record
from ronghe.domain.sitemeetings.services.texts import ChainOff
from ronghe.kernel.errors import DomainError, NotFound, Stale
from ronghe.kernel.words import N_


class NobodyUnsaid(DomainError):
    code = "nobody_unsaid"
    sentence = N_("到场的人都已确认三定。")


class OwnMind(DomainError):
    code = "own_talk"
    sentence = N_("与自己谈心不算，请书记或组长来谈。")


class NoTalkDue(DomainError):
    code = "no_talk_due"
    sentence = N_("没有要谈的，或者已经谈过。")


@transaction.atomic
def settle_all(*, chain: SiteChain, actor: Person, at: datetime) -> int:
    """Note 三定 of everybody on the site of whom nothing is said yet, and return how many.

    :raises NobodyUnsaid: everybody is noted
    """
    RUN_CHAIN.require(actor, chain, at=at)
    fresh = _on_its_day(chain, at)
    count = fresh.people.filter(is_settled=None, left_at=None).update(is_settled=True, settled_at=at)
    if not count:
        raise NobodyUnsaid
    # Where the playbook's form asks for 三定 line by line, asking everybody is what answers it.
    opened = Activity.objects.filter(chain_meeting__chain=fresh, chain_meeting__meeting=Meeting.GROUP)
    for activity in opened.filter(state=ActivityState.OPEN).select_related("version", "body"):
        answer_rest_fine(activity=activity, actor=actor, at=at)
    record(MINDS_SETTLED, fresh, actor, at, people=count)
    return count


@transaction.atomic
def set_mind(*, chain: SiteChain, person: Person, is_settled: bool, actor: Person, at: datetime) -> ChainPerson:
    """Note 三定 of one person, or that a talk is needed; only who may know it may say it.

    The fact holds a count and no name: who needs a talk is in no record but the leader's own list.
    """
    KNOW_MINDS.require(actor, chain, at=at)
    fresh = _on_its_day(chain, at)
    row = fresh.people.filter(person=person).first()
    if row is None:
        raise NotFound
    if row.talked_at is not None:
        raise Stale
    row.is_settled, row.settled_at = is_settled, at
    row.save(update_fields=["is_settled", "settled_at"])
    record(MINDS_SETTLED, fresh, actor, at, people=1 if is_settled else 0)
    return row


@transaction.atomic
def hold_talk(*, row: ChainPerson, actor: Person, at: datetime) -> ChainPerson:
    """Note that somebody who needed it was talked with; when and by whom, and nothing of what was said.

    :raises OwnMind: oneself
    :raises NoTalkDue: no talk is due, or it was held
    """
    KNOW_MINDS.require(actor, row.chain, at=at)
    if row.person_id == actor.pk:
        raise OwnMind
    due = ChainPerson.objects.filter(pk=row.pk, is_settled=False, talked_at=None)
    if not due.update(talked_at=at, talked_by=actor):
        raise NoTalkDue
    row.talked_at, row.talked_by = at, actor
    record(TALK_HELD, row.chain, actor, at)
    return row


def _on_its_day(chain: SiteChain, at: datetime) -> SiteChain:
    fresh = locked(chain, at=at)
    if fresh.stage == ChainStage.CALLED_OFF:
        raise ChainOff
    return fresh
