"""What a vote came to stands in the record of a meeting of members (PM-11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PoliticalStatus, PostRole
from ronghe.domain.rhythm.documents import record_document
from ronghe.domain.rhythm.enums import ActivityType, VoteMethod
from ronghe.domain.rhythm.selectors.activities import record_of
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item, record_vote
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from ronghe.kernel.documents import Paragraph
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("came", "young", "yes", "outcome"),
    [
        (1, 0, 1, "应到会有表决权4人，赞成1票，反对0票，弃权0票，有表决权的到会1人，不足半数，表决无效。"),
        (2, 0, 2, "应到会有表决权4人，赞成2票，反对0票，弃权0票，未通过。"),
        (3, 0, 3, "应到会有表决权4人，赞成3票，反对0票，弃权0票，通过。"),
        (2, 1, 2, "应到会有表决权4人，赞成2票，反对0票，弃权0票，未通过。"),
    ],
)
def test_pm_11_the_record_says_what_a_vote_came_to(morning, came, young, yes, outcome):
    """Counted from the four with a vote: the one on probation is expected, and has none (PE-08)."""
    branch = make_body("南一联合站党支部")
    people = [make_person(home=branch) for _ in range(4)]
    probationary = make_person(home=branch, status=PoliticalStatus.PROBATIONARY_MEMBER)
    make_post(people[0], PostRole.SECRETARY, body=branch)
    planned = plan_activity(
        activity_type=ActivityType.GENERAL_MEETING, body=branch, place="会议室", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=people[0], at=morning,
    )  # fmt: skip
    meeting = open_activity(activity=planned, actor=people[0], at=morning)
    for person in [*people[:came], *[probationary] * young]:
        sign_in_with_code(code=sign_in_code(meeting, at=morning), actor=person, at=morning)
    item = add_agenda_item(activity=meeting, topic="评优", actor=people[0], at=morning)
    record_vote(
        item=item, method=VoteMethod.SHOW_OF_HANDS, votes_for=yes, votes_against=0, votes_abstained=0, actor=people[0],
        at=morning,
    )  # fmt: skip

    document = record_document(record_of(meeting))

    said = [block.text for block in document.blocks if isinstance(block, Paragraph) and block.lead == "表决："]
    assert said == [f"举手表决，{outcome}"]
