"""Final grades as the appraisal's facts tell of them: on which days each decides what a body owes (RT-03)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from ronghe.domain.obligations.calc.grades import Grade
from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.obligations.models import BodyGrade
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.facts.models import Fact
from ronghe.scoring.period import Period


def keep_grade(fact: Fact) -> None:
    """Keep what one fact `appraisal.graded` says, or end what it reverses; a fact told twice is kept once.

    A grade decides in the period after its own, from the day on which it became final. What it brought before another
    replaced it stays as it was: nobody is found in arrears of a rhythm that was not known.
    """
    day = day_of(fact.occurred_at)
    if fact.reverses is not None:
        for row in BodyGrade.objects.select_for_update().filter(fact=fact.reverses, until_on__gt=day):
            row.until_on = max(row.from_on, day)
            row.save(update_fields=["until_on"])
        return
    said = fact.values
    following = following_period(str(said["period"]))
    if fact.body is None or fact.source_id is None or day >= following.until_on:
        return
    BodyGrade.objects.get_or_create(
        fact=fact.pk,
        defaults={
            "body_id": fact.body, "playbook": said["playbook"], "sheet": said["sheet"], "grade": said["grade"],
            "period": said["period"], "run": fact.source_id, "from_on": max(following.from_on, day),
            "until_on": following.until_on,
        },
    )  # fmt: skip


def following_period(text: str) -> DaySpan:
    """Return the period of the same length right after the one named: after `2026Q3` the fourth quarter."""
    span = Period.parse(text)
    since, until = span.day_from, span.day_until
    months = (until.year - since.year) * 12 + until.month - since.month
    years, month = divmod(until.month - 1 + months, 12)
    return DaySpan(until, date(until.year + years, month + 1, 1))


def grades_of(body_ids: Collection[int]) -> Mapping[int, list[Grade]]:
    """Return the grades of these bodies, in one statement."""
    found: dict[int, list[Grade]] = {}
    for row in BodyGrade.objects.filter(body_id__in=body_ids).order_by("fact"):
        if row.from_on < row.until_on:
            grade = Grade(row.pk, row.fact, row.playbook, row.sheet, row.grade, InForce(row.from_on, row.until_on))
            found.setdefault(row.body_id, []).append(grade)
    return found
