"""What follows from others' acts in the same transaction: what is owed changes, and a record meets it."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.obligations.models import BodyGrade
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.obligations.services.grading import keep_grade
from ronghe.domain.obligations.services.matching import match_record
from ronghe.domain.playbooks.calc.vocabulary import MATCHED_AT_ONCE
from ronghe.domain.playbooks.facts import ADOPTION_ENDED, PLAYBOOK_ADOPTED
from ronghe.domain.zones.facts import SHUT_DOWN_LIFTED, SHUT_DOWN_PLANNED
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


def _generate_again(fact: Fact) -> None:
    if fact.body is not None:
        at: datetime = fact.occurred_at
        generate_obligations(at=at, body_ids=[fact.body])


for _kind in (PLAYBOOK_ADOPTED, ADOPTION_ENDED, SHUT_DOWN_PLANNED, SHUT_DOWN_LIFTED):
    on_fact(_kind)(_generate_again)


@on_fact(FactKind("appraisal.graded", ""))
def _keep_grade(fact: Fact) -> None:
    keep_grade(fact)


@on_fact(FactKind("appraisal.run_finalized", ""))
def _generate_by_grades(fact: Fact) -> None:
    """Once for all bodies that a run graded, or whose grade by the run before it no longer counts."""
    runs = [run for run in (fact.source_id, fact.values.get("replaces")) if run is not None]
    bodies = BodyGrade.objects.filter(run__in=runs).order_by().values_list("body_id", flat=True).distinct()
    if bodies:
        at: datetime = fact.occurred_at
        generate_obligations(at=at, body_ids=list(bodies))


def _match(fact: Fact) -> None:
    match_record(fact)


for _name in MATCHED_AT_ONCE:
    # By name: the subjects that declare these kinds stand above this one.
    on_fact(FactKind(_name, ""))(_match)
