"""SD-02: no project is attacked without a letter of intent in force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.agreements.enums import AgreementKind, AgreementState, EndingKind
from ronghe.domain.agreements.selectors import agreement_in_force, safety_agreement_in_force
from ronghe.domain.agreements.services.gate import AgreementMissing, require_agreement
from ronghe.domain.org.enums import PostRole
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 9, 14), date(2026, 12, 20)


@pytest.fixture
def sides():
    return [make_body("仪陇输气作业区党支部", unit=make_unit("仪陇输气作业区")), make_body("信息站党支部")]


@pytest.fixture
def project(sides, morning):
    secretary = make_person("熊忠涵", home=sides[0])
    make_post(secretary, PostRole.SECRETARY, body=sides[0])
    return make_project(body=sides[0], unit=sides[0].unit, actor=secretary, at=morning, ends_on=LAST)


@pytest.mark.parametrize(
    ("day", "is_bound"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
    ids=["day before force", "first day", "last day", "day after"],
)
def test_sd_02_an_agreement_binds_from_its_first_day_to_its_last(project, sides, morning, day, is_bound):
    agreement = make_agreement_in_force(project=project, branches=sides, at=morning)

    assert agreement_in_force(project, day) == (agreement if is_bound else None)


def test_sd_02_without_an_agreement_nothing_begins(project):
    with pytest.raises(AgreementMissing) as refusal:
        require_agreement(project, FIRST)

    assert refusal.value.details == {"project": project.name, "day": FIRST}


def test_sd_02_with_an_agreement_it_may_begin(project, sides, morning):
    agreement = make_agreement_in_force(project=project, branches=sides, at=morning)

    assert require_agreement(project, FIRST) == agreement


@pytest.mark.parametrize("state", [AgreementState.NEGOTIATING, AgreementState.SIGNING, AgreementState.CALLED_OFF])
def test_sd_02_what_is_not_signed_by_all_binds_nobody(project, sides, morning, state):
    agreement = make_agreement_in_force(project=project, branches=sides, at=morning)
    type(agreement).objects.update(state=state)

    assert agreement_in_force(project, FIRST) is None


def test_sd_02_one_that_has_ended_bound_until_its_last_day(project, sides, morning):
    agreement = make_agreement_in_force(project=project, branches=sides, at=morning)
    until = FIRST + timedelta(days=30)
    type(agreement).objects.update(state=AgreementState.ENDED, ended_as=EndingKind.BOTH_AGREE, valid_until=until)

    assert agreement_in_force(project, until - timedelta(days=1)) == agreement
    assert agreement_in_force(project, until) is None


def test_sd_02_an_agreement_on_another_project_opens_nothing(project, sides, morning):
    other = make_project(
        body=sides[0], unit=sides[0].unit, actor=project.body.posts.get().person, at=morning, name="喇十七注水站"
    )
    make_agreement_in_force(project=other, branches=sides, at=morning)

    assert agreement_in_force(project, FIRST) is None


def test_pc_08_a_safety_agreement_is_another_matter_than_a_letter_of_intent(project, sides, morning):
    agreement = make_agreement_in_force(project=project, branches=sides, at=morning, kind=AgreementKind.SAFETY)

    assert agreement_in_force(project, FIRST) is None
    assert safety_agreement_in_force(project, FIRST) == agreement
