"""What came of a zone, and what its sides say to it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import ZONE_FLOW, ZoneState
from ronghe.domain.zones.facts import SIDE_COMMENTED, ZONE_EVALUATED
from ronghe.domain.zones.models import CollaborationZone, EvaluationComment, ParticipatingUnit, ZoneEvaluation
from ronghe.domain.zones.rules import RUN_ZONE, SPEAK_FOR_SIDE
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class EvaluationIncomplete(DomainError):
    code = "evaluation_incomplete"
    sentence = N_("评估要写明成效、问题、经验三部分。")
    status = 422


class NothingToCommentOn(DomainError):
    code = "nothing_to_comment_on"
    sentence = N_("协作区还没有评估，评估后各方再提意见。")


class CommentedAlready(DomainError):
    code = "commented_already"
    sentence = N_("“%(unit)s”已经提过意见，不能再改。")


class CommentMissing(DomainError):
    code = "comment_missing"
    sentence = N_("请写意见；没有意见就写“无”。")
    status = 422


@transaction.atomic
def evaluate_zone(
    *, zone: CollaborationZone, effects: str, problems: str, lessons: str, actor: Person, at: datetime,
    score: int | None = None, grade: str = "", score_source: str = "",
) -> ZoneEvaluation:  # fmt: skip
    """Evaluate a running zone; `score` in 1/10,000 is what the last final run `score_source` said, if there is one.

    :raises EvaluationIncomplete: one of the three parts is empty
    :raises StepNotAllowed: it does not run, or is evaluated already
    """
    RUN_ZONE.require(actor, zone, at=at)
    texts = [text.strip() for text in (effects, problems, lessons)]
    if not all(texts):
        raise EvaluationIncomplete
    ZONE_FLOW.advance(zone, "evaluate")
    evaluation = ZoneEvaluation.objects.create(
        zone=zone, effects=texts[0], problems=texts[1], lessons=texts[2], score=score, grade=grade,
        score_source=score_source, evaluated_on=local_day(at), evaluated_by=actor, evaluated_at=at,
    )  # fmt: skip
    record(
        Draft(ZONE_EVALUATED, at, actor, body=zone.body_id, zone=zone.pk, source=evaluation,
              attributes={"day": evaluation.evaluated_on, "score": score})
    )  # fmt: skip
    return evaluation


@transaction.atomic
def comment_evaluation(
    *, party: ParticipatingUnit, text: str, actor: Person, at: datetime
) -> EvaluationComment:  # fmt: skip
    """Say for one side what it thinks of the evaluation, once, until the zone is dissolved.

    :raises NothingToCommentOn: it is not evaluated yet
    :raises CommentMissing: no words
    :raises CommentedAlready: the unit has spoken
    :raises StepNotAllowed: the zone is dissolved
    """
    SPEAK_FOR_SIDE.require(actor, party, at=at)
    zone = party.zone
    evaluation = ZoneEvaluation.objects.filter(zone=zone).first()
    if evaluation is None:
        raise NothingToCommentOn
    if zone.state != ZoneState.EVALUATED:
        raise StepNotAllowed(state=zone.get_state_display())
    if not text.strip():
        raise CommentMissing
    try:
        with transaction.atomic():
            comment = EvaluationComment.objects.create(
                evaluation=evaluation, unit=party.unit, text=text.strip(), made_by=actor, made_at=at
            )
    except IntegrityError as error:
        raise CommentedAlready(unit=party.unit.name) from error
    record(
        Draft(SIDE_COMMENTED, at, actor, body=zone.body_id, unit=party.unit_id, zone=zone.pk, source=comment)
    )  # fmt: skip
    return comment
