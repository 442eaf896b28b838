"""A design document goes through its rounds (PJ-08): submitted, reviewed side by side, answered, agreed, issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from ronghe.domain.control.calc.hours import DayHours
from ronghe.domain.control.enums import (
    REVIEW_FLOW,
    WAITS_FOR,
    Discipline,
    Opinion,
    ReviewSide,
    ReviewState,
)
from ronghe.domain.control.facts import REVIEW_LATE, REVIEW_MOVED, REVIEW_OPINION, RULE_SET
from ronghe.domain.control.models import (
    DesignReview,
    ReviewBaseline,
    Reviewer,
    ReviewFile,
    ReviewOpinion,
    ReviewTurn,
)
from ronghe.domain.control.rules import COMMENT, DESIGN, ISSUE, REVIEW, SET_RULE, SUBMIT_REVIEW
from ronghe.domain.control.rules.kinds import REVIEW_SOURCE
from ronghe.domain.control.selectors.clocks import due_after, worked
from ronghe.domain.control.selectors.sides import zone_of_project
from ronghe.domain.control.selectors.standards import pace_of
from ronghe.domain.control.services.telling import tell, tell_of_body
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.work.services.files import PreparedFile, Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

LATE_DAYS = (1, 3)
"""Days after it was due at which a review goes up a level; the same as its comments."""
MOST_REVIEWERS, MOST_COMMENTS = 20, 50
TENTH = Decimal("0.1")
MOST_DAYS = Decimal(365)


class ReviewUnfit(DomainError):
    code = "review_unfit"
    sentence = N_("请写明图纸文件名称（最多 120 个字），选专业，至少选一名审查人，最多 %(most)s 名。")
    status = 422


class ReviewerUnfit(DomainError):
    code = "reviewer_unfit"
    sentence = N_("%(name)s不能在这里审查：送审的人不审自己的图，同一个人只占一个席位，代理人要是另一个人。")
    status = 422


class OpinionGiven(DomainError):
    code = "review_opinion_given"
    sentence = N_("这一轮您（或您代理的人）已经给过意见。")


class CommentsMissing(DomainError):
    code = "review_comments_missing"
    sentence = N_("选了“有意见”，请至少写一条，每条写明是什么问题，最多 %(most)s 条。")
    status = 422


class CommentsUnsettled(DomainError):
    code = "review_comments_unsettled"
    sentence = N_("还有 %(count)s 条您提的意见没有确认，确认或退回后再同意。")


class CommentsUnanswered(DomainError):
    code = "review_comments_unanswered"
    sentence = N_("还有 %(count)s 条意见没有答复，逐条答复后再送下一轮。")


class WithdrawUntold(DomainError):
    code = "review_withdraw_untold"
    sentence = N_("请写明为什么撤回。")
    status = 422


class BaselineUnfit(DomainError):
    code = "review_baseline_unfit"
    sentence = N_("天数要大于 0、最多一位小数，目标不能比原来长；上班时间要先后有序。")
    status = 422


@dataclass(frozen=True, slots=True)
class Seat:
    """Who reviews what, and who acts in his place where he cannot."""

    person: Person
    deputy: Person | None = None
    duty: str = ""


@dataclass(frozen=True, slots=True)
class ReviewText:
    title: str
    discipline: Discipline
    seats: Sequence[Seat]
    number: str = ""
    lot: str = ""


@dataclass(frozen=True, slots=True)
class CommentText:
    """One comment: what is wrong, where on which sheet, and on what ground."""

    title: str
    sheet: str = ""
    ground: str = ""


def submit_review(
    *, project: Project, text: ReviewText, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> DesignReview:
    """Submit a document for review; the clock runs from now on, against the unit's own target.

    :raises ReviewUnfit: without a title or reviewers
    :raises ReviewerUnfit: the submitter, or somebody twice
    """
    SUBMIT_REVIEW.require(actor, project, at=at)
    seats = list(text.seats)
    if not 1 <= len(text.title.strip()) <= 120 or not 1 <= len(seats) <= MOST_REVIEWERS:
        raise ReviewUnfit(most=MOST_REVIEWERS)
    if text.discipline not in Discipline.values or len(text.number) > 40 or len(text.lot) > 80:
        raise ReviewUnfit(most=MOST_REVIEWERS)
    _refuse_seats(seats, actor)
    files = [prepare_file(upload) for upload in uploads]
    with transaction.atomic():
        review = DesignReview.objects.create(
            project=project, title=text.title.strip(), number=text.number.strip(), discipline=text.discipline,
            lot=text.lot.strip(), submitted_by=actor, submitted_at=at,
            due_at=due_after(at, pace_of(project.body_id, local_day(at))),
        )  # fmt: skip
        Reviewer.objects.bulk_create(
            Reviewer(review=review, person=seat.person, deputy=seat.deputy, duty=seat.duty.strip()[:40])
            for seat in seats
        )
        _keep_files(review, files, at)
        ReviewTurn.objects.create(review=review, side=ReviewSide.REVIEWERS, round=1, began_at=at)
        tell(REVIEW_MOVED, project, actor, at, review, about=actor, step="submit", round=1)
    return review


@transaction.atomic
def give_opinion(
    *, review: DesignReview, opinion: Opinion, actor: Person, at: datetime, comments: Sequence[CommentText] = (),
    note: str = "",
) -> DesignReview:  # fmt: skip
    """Say what a reviewer thinks in this round, oneself or as the deputy. The last opinion ends the round.

    With comments that are not settled the document goes back to the designer, without any it waits to be issued.

    :raises OpinionGiven: it was said in this round
    :raises CommentsMissing: 有意见 without one, or one without words
    :raises CommentsUnsettled: agreeing while own comments are open
    :raises StepNotAllowed: it is not under review
    """
    REVIEW.require(actor, review, at=at)
    fresh = held(review)
    if fresh.state != ReviewState.REVIEWING:
        raise StepNotAllowed(state=fresh.get_state_display())
    seat = _seat_for(fresh, actor)
    unsettled = _unsettled(fresh).filter(Q(raised_by=seat.person_id) | Q(raised_by=seat.deputy_id or 0)).count()
    if opinion == Opinion.AGREES and unsettled:
        raise CommentsUnsettled(count=unsettled)
    if opinion == Opinion.COMMENTS and not comments and not unsettled:
        raise CommentsMissing(most=MOST_COMMENTS)
    if len(comments) > MOST_COMMENTS or any(not 1 <= len(one.title.strip()) <= 120 for one in comments):
        raise CommentsMissing(most=MOST_COMMENTS)
    given = comments if opinion == Opinion.COMMENTS else ()
    for comment in given:
        _put_up(fresh, comment, actor, at)
    Reviewer.objects.filter(pk=seat.pk).update(given_round=fresh.round)
    row = ReviewOpinion.objects.create(
        reviewer=seat, round=fresh.round, opinion=opinion, comments=len(given), note=note.strip()[:400], by=actor, at=at
    )
    tell(
        REVIEW_OPINION, fresh.project, actor, at, row, about=actor, round=fresh.round,
        agrees=opinion == Opinion.AGREES, comments=len(given), for_another=seat.person_id != actor.pk,
    )  # fmt: skip
    if not fresh.reviewers.filter(given_round__lt=fresh.round).exists():
        _end_round(fresh, actor, at)
    return fresh


def resubmit(*, review: DesignReview, actor: Person, at: datetime, uploads: Sequence[Upload] = ()) -> DesignReview:
    """Hand a document in for the next round. Who had no comment need not look again; who had one must.

    :raises CommentsUnanswered: a comment has no answer
    :raises StepNotAllowed: it does not wait for the designer
    """
    DESIGN.require(actor, review, at=at)
    files = [prepare_file(upload) for upload in uploads]
    with transaction.atomic():
        fresh = held(review)
        if fresh.state == ReviewState.ANSWERING and (open_ones := _unsettled(fresh).filter(state="open").count()):
            raise CommentsUnanswered(count=open_ones)
        raisers = set(_unsettled(fresh).values_list("raised_by_id", flat=True))
        _turn(fresh, "resubmit", at, round=fresh.round + 1)
        content = [seat for seat in fresh.reviewers.all() if not {seat.person_id, seat.deputy_id} & raisers]
        Reviewer.objects.filter(pk__in=[seat.pk for seat in content]).update(given_round=fresh.round)
        _keep_files(fresh, files, at)
        tell(REVIEW_MOVED, fresh.project, actor, at, fresh, about=actor, step="resubmit", round=fresh.round)
        if len(content) == fresh.reviewers.count():
            _end_round(fresh, actor, at)
    return fresh


@transaction.atomic
def issue(*, review: DesignReview, actor: Person, at: datetime) -> DesignReview:
    """Issue an agreed document; its clock stops.

    :raises NotAllowed: the actor submitted it, or does not issue here
    :raises StepNotAllowed: it is not agreed
    """
    ISSUE.require(actor, review, at=at)
    fresh = held(review)
    if fresh.state != ReviewState.AGREED:
        raise StepNotAllowed(state=fresh.get_state_display())
    pace = pace_of(fresh.project.body_id, local_day(at))
    seconds = worked(fresh.submitted_at, at, pace)
    _turn(fresh, "issue", at, issued_by=actor, issued_at=at, worked_seconds=seconds)
    tell(
        REVIEW_MOVED, fresh.project, actor, at, fresh, about=fresh.submitted_by, step="issue", round=fresh.round,
        minutes=seconds // 60,
    )  # fmt: skip
    return fresh


@transaction.atomic
def withdraw_review(*, review: DesignReview, reason: str, actor: Person, at: datetime) -> DesignReview:
    """Take a document out of review; its open comments are void.

    :raises WithdrawUntold: without a reason
    """
    DESIGN.require(actor, review, at=at)
    if not reason.strip():
        raise WithdrawUntold
    fresh = held(review)
    _turn(fresh, "withdraw", at, withdrawn_why=reason.strip()[:400])
    for item in _unsettled(fresh).select_related("owner"):
        go(item=item, spec=COMMENT.step_by_id["void"], actor=actor, at=at, said=Said(note=reason.strip()[:400]))
    tell(REVIEW_MOVED, fresh.project, actor, at, fresh, about=actor, step="withdraw", round=fresh.round)
    return fresh


@transaction.atomic
def set_baseline(
    *, body: PartyOrg, old_days: Decimal, target_days: Decimal, hours: DayHours, actor: Person, at: datetime
) -> ReviewBaseline:
    """Say how long reviews used to take in a body and how long they shall take, in its working days (PJ-08).

    :raises BaselineUnfit: numbers or hours that cannot be
    """
    SET_RULE.require(actor, body, at=at)
    numbers = (old_days, target_days)
    is_sound = all(one.is_finite() and 0 < one <= MOST_DAYS and one == one.quantize(TENTH) for one in numbers)
    if not is_sound or target_days > old_days or not hours.is_sound:
        raise BaselineUnfit
    row = ReviewBaseline.objects.create(
        body=body, old_days=old_days, target_days=target_days, begins=hours.begins, ends=hours.ends,
        break_from=hours.break_from, break_until=hours.break_until, set_by=actor, set_at=at,
    )  # fmt: skip
    tell_of_body(RULE_SET, body, actor, at, row, rule="review")
    return row


def report_late_reviews(*, at: datetime) -> int:
    """Raise the level of every review that is overdue for long enough; returns how many. A level is reached once."""
    moved = 0
    for level, days in enumerate(LATE_DAYS, start=1):
        late = DesignReview.objects.filter(
            state__in=sorted(WAITS_FOR), level=level - 1, due_at__lte=at - timedelta(days=days)
        )
        moved += sum(_report(review, level, at) for review in late.select_related("project").order_by("due_at", "pk"))
    return moved


def held(review: DesignReview) -> DesignReview:
    """Return the review as it is now, held until the transaction ends."""
    rows = DesignReview.objects.select_for_update(of=("self",)).select_related("project", "submitted_by")
    fresh = rows.filter(pk=review.pk).first()
    if fresh is None:
        raise NotFound
    return fresh


@transaction.atomic
def _report(review: DesignReview, level: int, at: datetime) -> bool:
    if not DesignReview.objects.filter(pk=review.pk, level=level - 1).update(level=level):
        return False
    tell(REVIEW_LATE, review.project, None, at, review, level=level)
    return True


def _end_round(review: DesignReview, actor: Person, at: datetime) -> None:
    unsettled = _unsettled(review).count()
    step = "comment" if unsettled else "agree"
    _turn(review, step, at)
    tell(REVIEW_MOVED, review.project, actor, at, review, step=step, round=review.round, comments=unsettled)


def _turn(review: DesignReview, step: str, at: datetime, **changes: object) -> None:
    """Take a step of a held review, and let the clock run for whom it waits from now on."""
    REVIEW_FLOW.advance(review, step, **changes)
    ReviewTurn.objects.filter(review=review, ended_at=None).update(ended_at=at)
    side = WAITS_FOR.get(ReviewState(review.state))
    if side is not None:
        ReviewTurn.objects.create(review=review, side=side, round=review.round, began_at=at)


def _seat_for(review: DesignReview, actor: Person) -> Reviewer:
    """Return the own seat of the actor, else the first one as whose deputy he has something to say."""
    mine = review.reviewers.filter(Q(person=actor) | Q(deputy=actor)).order_by("pk")
    seats = sorted(mine, key=lambda seat: seat.person_id != actor.pk)
    if not seats:
        raise NotAllowed
    waiting = [seat for seat in seats if seat.given_round < review.round]
    if not waiting:
        raise OpinionGiven
    return waiting[0]


def _unsettled(review: DesignReview) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(kind=COMMENT.id, source_type=REVIEW_SOURCE, source_id=review.pk, closed_at=None)


def _put_up(review: DesignReview, comment: CommentText, actor: Person, at: datetime) -> WorkItem:
    """Raise a comment that the submitter owns; everybody in the review reads it."""
    seats = review.reviewers.select_related("person", "deputy").order_by("pk")
    people = {one.pk: one for seat in seats for one in (seat.person, seat.deputy) if one is not None}
    others = [person for pk, person in people.items() if pk != actor.pk]
    text = ItemText(
        comment.title.strip(), text=comment.ground.strip()[:2000], values={"sheet": comment.sheet.strip()[:120]},
        due_at=review.due_at if review.due_at > at else None, zone=zone_of_project(review.project, local_day(at)),
        project=review.project, owner=review.submitted_by, people=[(person, "reviewer", "") for person in others],
        source=RecordOf(REVIEW_SOURCE, review.pk, review.title),
    )  # fmt: skip
    return put_up(kind=COMMENT, text=text, body=review.project.body, actor=actor, at=at)


def _keep_files(review: DesignReview, files: Sequence[PreparedFile], at: datetime) -> None:
    for file in {file.sha256: file for file in files}.values():
        ReviewFile.objects.create(review=review, round=review.round, file=keep_file(file, at=at), name=file.name)


def _refuse_seats(seats: Sequence[Seat], actor: Person) -> None:
    taken: set[int] = set()
    for seat in seats:
        is_bad = seat.person.pk in taken or seat.person.pk == actor.pk
        is_bad_deputy = seat.deputy is not None and seat.deputy.pk in (actor.pk, seat.person.pk)
        if is_bad or is_bad_deputy:
            raise ReviewerUnfit(name=(seat.deputy if is_bad_deputy and seat.deputy else seat.person).name)
        taken.add(seat.person.pk)
