"""Who keeps the catalogue, enters, calls, names, vets and runs the banner: each right from both sides."""

from __future__ import annotations

import pytest

from ronghe.domain.honours.enums import NominationState
from ronghe.domain.honours.rules import (
    ANSWER_OBJECTION,
    CHANGE_NOMINATION,
    CHANGE_TITLE,
    CONVENE,
    ENTER_HONOUR,
    KEEP_CATALOGUE,
    NAME_ONESELF,
    NOMINATE,
    OBJECT,
    RUN_CALL,
    RUN_ROUND,
    SEE_HONOUR,
    SEE_NOMINATION,
    SEE_OBJECTION,
    SEE_VETTING,
    VET_DISCIPLINE,
    VET_ORGANIZATION,
    VET_SAFETY,
    WITHDRAW_HONOUR,
)
from ronghe.domain.honours.services.choosing import object_to
from ronghe.domain.honours.services.register import withdraw_honour
from tests.factories.honours import (
    make_call,
    make_field,
    make_honour,
    make_nominations,
    make_noticed,
    make_round,
    make_title,
)
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


def may(permission, thing, story, at) -> set[str]:
    """Which of the people of the story may do it."""
    people = {
        "clerk": story.clerk, "auditor": story.field.auditor, "safety": story.safety,
        "secretary": story.secretaries[0], "beside": story.secretaries[1], "member": story.members[0],
        "other": story.members[1], "stranger": make_person("外人"),
    }  # fmt: skip
    return {name for name, person in people.items() if permission.allows(person, thing, at=at)}


def test_only_the_clerk_of_the_committee_keeps_the_catalogue(story, morning):
    title = make_title(story, morning)

    assert may(KEEP_CATALOGUE, story.committee, story, morning) == {"clerk"}
    assert may(CHANGE_TITLE, title, story, morning) == {"clerk"}


def test_honours_are_entered_for_the_own_body_and_withdrawn_from_above(story, morning):
    honour = make_honour(story, morning)

    assert may(ENTER_HONOUR, story.branches[0], story, morning) == {"clerk", "secretary"}
    assert may(WITHDRAW_HONOUR, honour, story, morning) == {"clerk"}


def test_a_valid_honour_is_public_and_a_withdrawn_one_is_seen_by_its_holder_and_those_above(story, morning):
    honour = make_honour(story, morning)
    assert "stranger" in may(SEE_HONOUR, honour, story, morning)

    withdraw_honour(honour=honour, reason="材料不实", actor=story.clerk, at=morning)

    assert may(SEE_HONOUR, honour, story, morning) == {"clerk", "auditor", "secretary", "member"}


def test_a_call_is_convened_and_run_by_the_committee_that_calls(story, morning):
    call = make_call(story, morning)

    assert may(CONVENE, story.committee, story, morning) == {"clerk"}
    assert may(RUN_CALL, call, story, morning) == {"clerk"}
    assert may(RUN_ROUND, make_round(story, morning), story, morning) == {"clerk"}


def test_who_speaks_for_a_body_names_in_its_name_and_its_members_name_themselves(story, morning):
    assert may(NOMINATE, story.branches[0], story, morning) == {"clerk", "secretary"}
    assert may(NAME_ONESELF, story.branches[0], story, morning) == {"secretary", "member"}


def test_each_opinion_has_its_side(story, morning):
    row = make_nominations(story, make_call(story, morning), morning)[0]

    assert may(VET_ORGANIZATION, row, story, morning) == {"clerk"}
    assert may(VET_DISCIPLINE, row, story, morning) == {"auditor"}
    assert may(VET_SAFETY, row, story, morning) == {"safety"}


def test_before_the_notice_a_nomination_is_between_those_whom_it_concerns(story, morning):
    row = make_nominations(story, make_call(story, morning), morning)[0]
    concerned = {"clerk", "auditor", "safety", "secretary", "member"}

    assert may(SEE_NOMINATION, row, story, morning) == concerned
    assert may(SEE_VETTING, row, story, morning) == concerned
    assert may(CHANGE_NOMINATION, row, story, morning) == {"clerk", "secretary"}
    assert may(OBJECT, row, story, morning) == set()


def test_on_the_notice_everybody_reads_and_may_object_and_the_opinions_stay_where_they_were(story, morning):
    _call, rows = make_noticed(story, morning)
    assert rows[0].state == NominationState.PROPOSED

    assert {"stranger", "other"} <= may(SEE_NOMINATION, rows[0], story, morning) & may(OBJECT, rows[0], story, morning)
    assert not {"stranger", "other", "beside"} & may(SEE_VETTING, rows[0], story, morning)


def test_an_objection_is_seen_by_who_made_it_and_answered_above(story, morning):
    _call, rows = make_noticed(story, morning)
    found = object_to(nomination=rows[0], text="请核实", actor=story.members[1], at=morning)

    assert may(SEE_OBJECTION, found, story, morning) == {"clerk", "auditor", "other"}
    assert may(ANSWER_OBJECTION, found, story, morning) == {"clerk", "auditor"}
