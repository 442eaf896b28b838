"""A survey of every type of question, with people who can answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.surveys.enums import Audience, Purpose, QuestionType
from ronghe.domain.surveys.models import Survey
from ronghe.domain.surveys.services.drafting import QuestionWords, SurveyWords, draw_up, open_survey
from tests.factories.org import make_body, make_person, make_post, make_unit

QUESTIONS = (
    QuestionWords("满意吗", QuestionType.SCALE, section="总体"),
    QuestionWords("怎么帮", QuestionType.SINGLE, options=("上门", "远程")),
    QuestionWords("哪些事费时", QuestionType.SEVERAL, options=("填报", "审批", "跑路")),
    QuestionWords("几小时", QuestionType.NUMBER, is_required=False),
    QuestionWords("分项", QuestionType.MATRIX, rows=("快慢", "态度")),
    QuestionWords("想说的", QuestionType.TEXT, is_required=False),
)


@dataclass(frozen=True)
class SurveyStory:
    """周玉兰 asks the people of a plant's committee: `teams` are those of its units, Party or not."""

    body: PartyOrg
    owner: Person
    teams: list[list[Person]]

    @property
    def people(self) -> list[Person]:
        return [person for team in self.teams for person in team]


def make_asked(*sizes: int) -> SurveyStory:
    """Return a committee whose unit has a team of each size."""
    plant = make_unit()
    body = make_body(unit=plant)
    owner = make_person("周玉兰")
    make_post(owner, PostRole.COMMITTEE_CLERK, body=body)
    teams = []
    for number, size in enumerate(sizes, start=1):
        unit = make_unit(f"班组{number}", parent=plant)
        teams.append([make_person(unit=unit) for _ in range(size)])
    return SurveyStory(body, owner, teams)


def make_draft(story: SurveyStory, at: datetime, *, is_named: bool = False, questions=QUESTIONS, **more) -> Survey:
    words = SurveyWords("服务满意度", purpose=Purpose.SATISFACTION, audience=Audience.BELOW, is_named=is_named, **more)
    return draw_up(body=story.body, words=words, questions=questions, actor=story.owner, at=at)


def make_open(story: SurveyStory, at: datetime, **more) -> Survey:
    survey = make_draft(story, at, **more)
    return open_survey(survey=survey, closes_at=at + timedelta(days=7), actor=story.owner, at=at)


def answers(scale: int = 5, text: str = "") -> dict[int, object]:
    """Return answers to `QUESTIONS`."""
    return {1: scale, 2: 1 + scale % 2, 3: [1, 3], 4: "2.5", 5: [scale, 3], 6: text}
