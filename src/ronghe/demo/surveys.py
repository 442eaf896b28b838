"""问卷 of the demonstration field: one that fourteen people answered, and one that waits for answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.org.models import Person
from ronghe.domain.surveys.calc.templates import Template, template_called
from ronghe.domain.surveys.enums import Audience, Purpose, QuestionType
from ronghe.domain.surveys.models import Survey
from ronghe.domain.surveys.services.answering import answer_survey
from ronghe.domain.surveys.services.closing import close_survey
from ronghe.domain.surveys.services.drafting import QuestionWords, SurveyWords, draw_up, open_survey

ASKED, ANSWERED = 18, 14
SAID = (
    "配电间检修计划提前两天发", "希望夜班也有人答疑", "交接班时间和倒班车对不上", "材料到货早点告诉班组", "多讲讲新设备",
    "联席会定的事希望有回音", "",
)  # fmt: skip
SATISFACTION = (
    (5, (5, 4, 5, 4), 1),
    (4, (4, 4, 5, 3), 2),
    (4, (3, 4, 4, 3), 2),
    (3, (3, 3, 4, 2), 3),
    (5, (5, 5, 5, 5), 1),
)
"""What people answered in turn: the whole, by row, how long it takes."""
NEEDS = (([1], [1, 3], "3.5", 1), ([1, 3], [1, 2], "6", 3), ([2], [2], "", 2), ([3], [4, 5], "4", 4))


def show_surveys(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step
    """Ask how the services of the zone are found, and what people need most."""
    crew = sorted(field.crew, key=lambda person: (person.unit.name if person.unit else "", person.pk))
    asked = _across(crew, ASKED)
    done = _put(field, "satisfaction", "协作区服务满意度", asked, at(now.date() - timedelta(days=20), 9, 0), now)
    moment = at(now.date() - timedelta(days=18), 10, 0)
    for place, person in enumerate(asked[:ANSWERED]):
        whole, rows, days = SATISFACTION[place % len(SATISFACTION)]
        answers: dict[int, object] = {1: whole, 2: rows, 3: days, 4: SAID[place % len(SAID)]}
        answer_survey(survey=done, answers=answers, actor=person, at=moment)
    close_survey(survey=done, actor=field.lead, at=at(now.date() - timedelta(days=12), 18, 0))
    running = _put(field, "needs", "四季度需求调查", crew, now - timedelta(days=3), now)
    logins = {"gongren", "dangyuan", "shuji", "anquan"}
    quick = [person for person in crew if getattr(person.account, "login", "") not in logins][:7]
    for place, person in enumerate(quick):
        tags, costs, hours, way = NEEDS[place % len(NEEDS)]
        answers = {1: tags, 2: costs, 3: hours, 4: way, 5: SAID[place % len(SAID)]}
        answer_survey(survey=running, answers=answers, actor=person, at=now - timedelta(days=1))


def _across(crew: Sequence[Person], most: int) -> list[Person]:
    """Return people of several units, the larger units first, each with some."""
    by_unit: dict[int | None, list[Person]] = {}
    for person in crew:
        by_unit.setdefault(person.unit_id, []).append(person)
    groups = sorted(by_unit.values(), key=lambda rows: -len(rows))
    chosen = [person for rows in groups for person in rows[:7]]
    return chosen[:most] if len(chosen) >= most else list(crew[:most])


def _put(field: Field, name: str, title: str, people: Sequence[Person], moment: datetime, now: datetime) -> Survey:
    template = template_called(name)
    if template is None:
        raise AssertionError(name)
    words = SurveyWords(title, template.intro, Purpose(name), Audience.LIST, shows_results=True)
    draft = draw_up(
        body=field.zone_body, words=words, questions=_questions(template), people=people, actor=field.lead, at=moment
    )
    return open_survey(survey=draft, closes_at=at(now.date() + timedelta(days=6), 18, 0), actor=field.lead, at=moment)


def _questions(template: Template) -> list[QuestionWords]:
    return [
        QuestionWords(
            line.text, QuestionType(line.asked.type), line.asked.options, line.asked.rows, line.section,
            line.asked.is_required,
        )
        for line in template.lines
    ]  # fmt: skip
