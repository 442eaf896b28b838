"""Opinions and mutual ratings: sealed, and without a fact, whose moment would lead to whoever gave them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.enums import BEFORE_MARKS, ReviewGrade, SessionState
from ronghe.domain.orglife.models import LifeSession, Opinion, PeerSheet, SessionMember
from ronghe.domain.orglife.rules import FILL_OWN, GIVE_OPINION
from ronghe.domain.orglife.selectors.members import to_rate
from ronghe.domain.orglife.services.planning import require_state
from ronghe.domain.orglife.services.preparing import IsExempt, NoReviewHere, TextTooLong, WordsMissing
from ronghe.kernel.errors import DomainError
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_

LONGEST_OPINION, LONGEST_COMMENT = 600, 200
MOST_OPINIONS = 1_000


class OpinionOnSelf(DomainError):
    code = "life_opinion_on_self"
    sentence = N_("对自己的意见请写在对照检查材料里。")
    status = 422


class NotAMemberHere(DomainError):
    code = "life_not_a_member_here"
    sentence = N_("这名党员不在这次组织生活会里，请另选。")
    status = 422


class OpinionsFull(DomainError):
    code = "life_opinions_full"
    sentence = N_("已收到 %(count)s 条意见，不能再收。请在会上直接提。")


class RatingsIncomplete(DomainError):
    code = "life_ratings_incomplete"
    sentence = N_("还有 %(count)s 人没有评，请给每人选一个等次。")
    status = 422


class NobodyToRate(DomainError):
    code = "life_nobody_to_rate"
    sentence = N_("没有要您互评的党员。")


@transaction.atomic
def give_opinion(
    *, session: LifeSession, about: SessionMember | None, text: str, is_named: bool, actor: Person, at: datetime
) -> Opinion:
    """Give an opinion on the committee, or on one member; without a name nothing is kept of who gave it, nor the hour.

    :raises WordsMissing, TextTooLong, OpinionOnSelf, NotAMemberHere, OpinionsFull: see their sentences
    :raises StepNotAllowed: the session is no more being prepared
    """
    GIVE_OPINION.require(actor, session, at=at)
    words = text.strip()
    if not words:
        raise WordsMissing
    if len(words) > LONGEST_OPINION:
        raise TextTooLong(signs=LONGEST_OPINION)
    if about is not None and about.session_id != session.pk:
        raise NotAMemberHere
    if about is not None and about.person_id == actor.pk:
        raise OpinionOnSelf
    require_state(session, SessionState.PREPARING, SessionState.HELD)
    count = session.opinions.count()
    if count >= MOST_OPINIONS:
        raise OpinionsFull(count=count)
    return Opinion.objects.create(
        session=session, about=about, author=actor if is_named else None, day=local_day(at), sealed=seal_text(words)
    )


@transaction.atomic
def rate_peers(
    *, member: SessionMember, ratings: Mapping[int, tuple[ReviewGrade, str]], actor: Person, at: datetime
) -> PeerSheet:
    """Rate the others (PM-07): member id → grade and a few words. Given again before the marking, it replaces the first.

    :raises NoReviewHere, IsExempt, NobodyToRate, RatingsIncomplete, TextTooLong: see their sentences
    :raises NotAMemberHere: somebody among them is not to be rated by this member
    :raises StepNotAllowed: marking has begun
    """
    FILL_OWN.require(actor, member, at=at)
    if not member.session.has_review:
        raise NoReviewHere
    if member.exemption:
        raise IsExempt(name=member.person.name, reason=member.get_exemption_display())
    require_state(member.session, *BEFORE_MARKS)
    wanted = set(to_rate(member).values_list("pk", flat=True))
    if not wanted:
        raise NobodyToRate
    if set(ratings) - wanted:
        raise NotAMemberHere
    if missing := wanted - set(ratings):
        raise RatingsIncomplete(count=len(missing))
    if any(len(comment) > LONGEST_COMMENT for _grade, comment in ratings.values()):
        raise TextTooLong(signs=LONGEST_COMMENT)
    told = {str(key): [ReviewGrade(grade).value, comment.strip()] for key, (grade, comment) in sorted(ratings.items())}
    sealed = seal_text(json.dumps(told, ensure_ascii=False))
    sheet, _made = PeerSheet.objects.update_or_create(member=member, defaults={"sealed": sealed, "rated": len(told)})
    return sheet
