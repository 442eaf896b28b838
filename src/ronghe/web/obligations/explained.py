"""What a page says of one duty besides its dates: basis, frequency, who answers, what would meet it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.campaigns.enums import Theme
from ronghe.domain.obligations.calc.answering import Answer, Standing
from ronghe.domain.obligations.calc.matching import satisfactions
from ronghe.domain.obligations.selectors import Answering
from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.calc.model import Condition, Mechanism
from ronghe.domain.rhythm.enums import SAFETY_CHECKS, ActivityType, VisitKind
from ronghe.domain.rhythm.rules import right_to_plan
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.words import listed

NAMED: dict[str, type[TextChoices]] = {"theme": Theme, "visit": VisitKind}
"""What a fact tells apart by a code that people have a word for."""


def who_answers(obligation: Any, day: date) -> tuple[str, str]:
    """Return the names of those who answer on `day`, and what is to be said where the post is vacant; one statement."""
    answering = Answering.on([obligation.body_id], day)
    answer = answering.of(obligation.body_id, obligation.definition.answers)
    return listed(answering.named(answer.people)), vacancy_words(answer)


def vacancy_words(answer: Answer) -> str:
    """Return what a vacant post means, "" where it is held."""
    return {
        Standing.HELD: "",
        Standing.STANDS_IN: _("职务空缺，由本组织负责人办"),
        Standing.SUPERIOR: _("没有人负责，由上级负责人过问"),
        Standing.NOBODY: _("没有人负责，上级也没有负责人"),
    }[answer.standing]


def role_title(obligation: Any, role: str) -> str:
    return next((entry.title.here for entry in obligation.version.playbook.roles if entry.id == role), role)


def cites_of(obligation: Any) -> list[str]:
    """Return the clauses that the duty stands on."""
    titles = {document.id: document.title.here for document in obligation.version.playbook.documents}
    found = []
    for cite in obligation.definition.cites:
        clause = cite.clause.here if cite.clause else ""
        found.append(f"{titles.get(cite.document, cite.document)} {clause} {cite.rule or ''}".strip())
    return found


def meets_words(obligation: Any) -> list[str]:
    """Return what meets the duty, each way once, in words: the kind of gathering, or of record, and what is asked of it."""
    kinds = declared_kinds()
    found = []
    for way in satisfactions(obligation.definition, obligation.sitting):
        named = [condition for condition in way.where if condition.attribute == "activity_type"]
        types = [kind for condition in named for kind in condition.any_of or () if kind in ActivityType.values]
        title = listed(ActivityType(kind).label for kind in types)
        if not title:
            title = _(kinds[way.kind].title) if way.kind in kinds else way.kind
        further = [words for condition in way.where if (words := _condition_words(condition))]
        found.append(_("%(title)s，%(further)s") % {"title": title, "further": listed(further)} if further else title)
    return list(dict.fromkeys(found))


def _condition_words(condition: Condition) -> str:
    if (named := NAMED.get(condition.attribute)) is not None:
        return listed(named(code).label for code in condition.any_of or () if code in named.values)
    if (condition.attribute, condition.of) == ("present", "expected") and condition.at_least is not None:
        share = condition.at_least
        given = {"part": share.numerator, "whole": share.denominator}
        return _("到会不少于应到的 %(part)s/%(whole)s") % given
    return ""


def plan_query(obligation: Any, actor: Person, now: datetime) -> str:
    """Return the query string of 安排一次 for the gathering that would meet this duty, "" where none would or none may."""
    kinds = _kinds_meeting(obligation)
    if not kinds or not right_to_plan(kinds[0]).allows(actor, obligation.body, at=now):
        return ""
    return planning_query(kinds[0], obligation.body_id, obligation.planned_on)


def check_to_make(obligation: Any, actor: Person, now: datetime) -> str:
    """Return the kind of safety check that meets this duty if it is made today, "" where none would or none may."""
    today = timezone.localdate(now)
    if not obligation.window_from <= today < obligation.grace_until:
        return ""
    kind = next((kind for kind in _kinds_meeting(obligation) if kind in SAFETY_CHECKS), "")
    return kind if kind and right_to_plan(kind).allows(actor, obligation.body, at=now) else ""


def _kinds_meeting(obligation: Any) -> list[str]:
    """Return the kinds of gathering that meet a duty, in the order of its mechanism."""
    mechanism: Mechanism = obligation.definition
    asked = [
        condition
        for way in satisfactions(mechanism, obligation.sitting)
        for condition in way.where
        if condition.attribute == "activity_type"
    ]
    return [kind for condition in asked for kind in condition.any_of or () if kind in ActivityType.values]


def planning_query(kind: str, body_id: int, day: date | None = None) -> str:
    """Return the query string of 安排一次 with what is known filled in."""
    known = {"type": kind, "body": body_id}
    return "?" + urlencode({**known, "day": day.isoformat()} if day is not None else known)
