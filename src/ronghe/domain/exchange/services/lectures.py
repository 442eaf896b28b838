"""Lectures are offered, wanted and rated."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.exchange.calc.ratings import may_change
from ronghe.domain.exchange.enums import LECTURE_FLOW, LectureKind, LectureState, SessionState
from ronghe.domain.exchange.facts import LECTURE_OFFERED, LECTURE_RATED, LECTURE_WANTED, LECTURE_WITHDRAWN
from ronghe.domain.exchange.models import Lecture, LectureRating, LectureSession, LectureWish
from ronghe.domain.exchange.rules import KEEP_LECTURE, OFFER_LECTURE, RATE_SESSION, SEE_LECTURE
from ronghe.domain.exchange.selectors.circles import circle_of, home_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

SHORTEST, LONGEST = 5, 480
"""Minutes."""


class LectureShapeless(DomainError):
    code = "lecture_shapeless"
    sentence = N_("请写明讲什么、讲给谁听，时长在 5 到 480 分钟之间。")
    status = 422


class LecturerWithoutBody(DomainError):
    code = "lecturer_without_body"
    sentence = N_("%(name)s的单位还没有党组织，报名没有地方记；请先在花名册里补上。")


class OwnLecture(DomainError):
    code = "own_lecture"
    sentence = N_("这是您自己讲的课，由听课的人来评。")
    status = 403


class LectureNotOffered(DomainError):
    code = "lecture_not_offered"
    sentence = N_("“%(title)s”已收回，请看看别的课。")


class NotGivenYet(DomainError):
    code = "lecture_not_given"
    sentence = N_("“%(title)s”还没有讲完，讲完以后再评。")


class RatingOutside(DomainError):
    code = "rating_outside"
    sentence = N_("请在 1 到 5 分里选。")
    status = 422


class RatingFixed(DomainError):
    code = "rating_fixed"
    sentence = N_("评过一个星期以后就不能改了。")


@transaction.atomic
def offer_lecture(
    *, lecturer: Person, title: str, kind: LectureKind, minutes: int, audience: str, actor: Person, at: datetime,
    outline: str = "",
) -> Lecture:  # fmt: skip
    """Offer a lecture, for oneself or for somebody of one's branch; the whole committee's circle sees it.

    :raises LectureShapeless: no words, or a length out of bounds
    :raises LecturerWithoutBody: nobody answers for the lecturer's unit
    """
    OFFER_LECTURE.require(actor, lecturer, at=at)
    if not title.strip() or not audience.strip() or not SHORTEST <= minutes <= LONGEST:
        raise LectureShapeless
    day = local_day(at)
    body = home_of(lecturer, day)
    if body is None:
        raise LecturerWithoutBody(name=lecturer.name)
    lecture = Lecture.objects.create(
        lecturer=lecturer, body=body, shown_to=circle_of(body, day), title=title.strip(), kind=kind, minutes=minutes,
        audience=audience.strip(), outline=outline.strip(), offered_at=at,
    )  # fmt: skip
    _record_offer(lecture, actor, at, is_again=False)
    return lecture


@transaction.atomic
def change_lecture(
    *, lecture: Lecture, title: str, kind: LectureKind, minutes: int, audience: str, outline: str, actor: Person,
    at: datetime,
) -> Lecture:  # fmt: skip
    """Put the words of an offer better; those who want it keep their wish.

    :raises LectureShapeless: no words, or a length out of bounds
    """
    KEEP_LECTURE.require(actor, lecture, at=at)
    if not title.strip() or not audience.strip() or not SHORTEST <= minutes <= LONGEST:
        raise LectureShapeless
    lecture.title, lecture.kind, lecture.minutes = title.strip(), kind, minutes
    lecture.audience, lecture.outline = audience.strip(), outline.strip()
    lecture.save(update_fields=["title", "kind", "minutes", "audience", "outline"])
    _record_offer(lecture, actor, at, is_again=True)
    return lecture


@transaction.atomic
def withdraw_lecture(*, lecture: Lecture, actor: Person, at: datetime) -> Lecture:
    """Take an offer back; what was given stays on the lecturer's record.

    :raises StepNotAllowed: it is withdrawn
    """
    KEEP_LECTURE.require(actor, lecture, at=at)
    LECTURE_FLOW.advance(lecture, "withdraw")
    record(Draft(LECTURE_WITHDRAWN, at, actor, about=lecture.lecturer, body=lecture.body_id, source=lecture))
    return lecture


@transaction.atomic
def offer_again(*, lecture: Lecture, actor: Person, at: datetime) -> Lecture:
    """Offer a withdrawn lecture again.

    :raises StepNotAllowed: it is on offer
    """
    KEEP_LECTURE.require(actor, lecture, at=at)
    LECTURE_FLOW.advance(lecture, "offer_again")
    _record_offer(lecture, actor, at, is_again=True)
    return lecture


@transaction.atomic
def want_lecture(*, lecture: Lecture, is_wanted: bool, actor: Person, at: datetime) -> int:
    """Say that one wants to hear it, or no more; return how many want it now. Twice the same changes nothing.

    :raises OwnLecture: one's own
    :raises LectureNotOffered: it was withdrawn
    """
    SEE_LECTURE.require(actor, lecture, at=at)
    if lecture.lecturer_id == actor.pk:
        raise OwnLecture
    if is_wanted and lecture.state != LectureState.OFFERED:
        raise LectureNotOffered(title=lecture.title)
    if is_wanted:
        _wish, changed = LectureWish.objects.get_or_create(lecture=lecture, person=actor, defaults={"wished_at": at})
        is_new = changed
    else:
        gone, _by_model = LectureWish.objects.filter(lecture=lecture, person=actor).delete()
        is_new = bool(gone)
    if is_new:
        told = {"is_wanted": is_wanted}
        record(Draft(LECTURE_WANTED, at, None, body=lecture.body_id, attributes=told, source=lecture))
    return lecture.wishes.count()


@transaction.atomic
def rate_session(
    *, session: LectureSession, usefulness: int, clarity: int, actor: Person, at: datetime, word: str = ""
) -> LectureRating:
    """Rate a lecture that one has heard; within a week the own rating may be changed.

    Nobody but its giver ever reads whose a rating is: the fact names neither person nor session.

    :raises NotAllowed: the actor did not sign in there
    :raises OwnLecture: one's own
    :raises NotGivenYet: the activity is not closed
    :raises RatingOutside: not from 1 to 5
    :raises RatingFixed: rated more than a week ago
    """
    RATE_SESSION.require(actor, session, at=at)
    lecture = session.lecture
    if lecture.lecturer_id == actor.pk:
        raise OwnLecture
    if session.state != SessionState.GIVEN:
        raise NotGivenYet(title=lecture.title)
    if not all(1 <= mark <= 5 for mark in (usefulness, clarity)):
        raise RatingOutside
    given = {"usefulness": usefulness, "clarity": clarity, "word": word.strip()[:100]}
    own = LectureRating.objects.select_for_update().filter(session=session, person=actor).first()
    if own is not None:
        return _change(own, given, at)
    try:
        with transaction.atomic():
            made = LectureRating.objects.create(session=session, person=actor, rated_at=at, **given)
    except IntegrityError:
        return _change(LectureRating.objects.get(session=session, person=actor), given, at)
    record(Draft(LECTURE_RATED, at, None, body=lecture.body_id, source=lecture))
    return made


def _change(own: LectureRating, given: dict[str, object], at: datetime) -> LectureRating:
    if not may_change(own.rated_at, at):
        raise RatingFixed
    for name, value in given.items():
        setattr(own, name, value)
    own.save(update_fields=list(given))
    return own


def _record_offer(lecture: Lecture, actor: Person, at: datetime, *, is_again: bool) -> None:
    told = {"lecture": lecture.kind, "is_again": is_again}
    record(
        Draft(LECTURE_OFFERED, at, actor, about=lecture.lecturer, body=lecture.body_id, attributes=told, source=lecture)
    )
