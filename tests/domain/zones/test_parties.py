"""Units and projects join, change and leave."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.agreements.services.gate import AgreementMissing
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.models import ZoneProject
from ronghe.domain.zones.selectors import participating_units, projects_of
from ronghe.domain.zones.services.founding import withdraw_zone
from ronghe.domain.zones.services.parties import (
    LastProject,
    LeavesBeforeJoining,
    ProjectTakesPart,
    UnitTakesPart,
    add_participating_unit,
    add_project,
    change_party,
    end_participation,
    remove_project,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_person, make_unit
from tests.factories.projects import make_project
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

STOP = date(2026, 9, 20)
RESUME = date(2026, 9, 25)


def test_unit_leaves_from_a_day_on_and_may_come_back(morning):
    story = make_zone()
    party = participating_units(story.zone, STOP).get(role=ParticipantRole.CONSTRUCTOR)

    with pytest.raises(UnitTakesPart):
        add_participating_unit(
            zone=story.zone, unit=party.unit, role=party.role, since=STOP, actor=story.lead, at=morning
        )
    end_participation(party=party, until=STOP, actor=story.lead, at=morning)

    assert participating_units(story.zone, date(2026, 9, 19)).count() == 2
    assert participating_units(story.zone, STOP).count() == 1
    again = add_participating_unit(
        zone=story.zone, unit=party.unit, role=party.role, since=RESUME, actor=story.lead, at=morning
    )
    assert list(participating_units(story.zone, RESUME).filter(role=party.role)) == [again]


def test_leaving_before_joining_or_twice_is_refused(morning):
    story = make_zone()
    party = participating_units(story.zone, STOP).first()
    by = {"party": party, "actor": story.lead, "at": morning}

    with pytest.raises(LeavesBeforeJoining):
        end_participation(until=date(2019, 12, 31), **by)
    end_participation(until=STOP, **by)
    with pytest.raises(Stale):
        end_participation(until=STOP, **by)


def test_contact_is_named_and_a_change_of_nothing_records_nothing(morning):
    story = make_zone()
    party = participating_units(story.zone, STOP).first()

    change_party(party=party, contact=story.members[0], home_branch=None, actor=story.lead, at=morning)
    change_party(party=party, contact=story.members[0], actor=story.lead, at=morning)

    party.refresh_from_db()
    assert party.contact == story.members[0]
    assert Fact.objects.filter(kind="zones.unit_changed").count() == 1
    with pytest.raises(NotAllowed):
        change_party(party=party, contact=None, actor=story.members[0], at=morning)


def test_running_zone_takes_in_a_project_with_its_letter_and_lets_one_go_sd_15(morning):
    story = make_zone()
    second = make_project(body=story.committee, unit=make_unit(), actor=story.clerk, at=morning)
    by = {"zone": story.zone, "project": second, "actor": story.clerk, "at": morning}

    with pytest.raises(AgreementMissing):
        add_project(**by)
    make_agreement_in_force(project=second, branches=[story.branch, story.committee], at=morning)
    add_project(**by)
    with pytest.raises(ProjectTakesPart):
        add_project(**by)
    first = ZoneProject.objects.exclude(project=second).get()
    remove_project(row=first, actor=story.clerk, at=morning)

    assert [row.project for row in projects_of(story.zone, morning.date())] == [second]
    with pytest.raises(LastProject):
        remove_project(row=ZoneProject.objects.get(project=second), actor=story.clerk, at=morning)


def test_proposed_zone_takes_in_a_project_before_there_is_a_letter(zone, sponsor, clerk, morning):
    second = make_project(body=sponsor, unit=make_unit(), actor=clerk, at=morning)

    add_project(zone=zone, project=second, actor=clerk, at=morning)

    assert zone.projects.count() == 2


def test_withdrawn_zone_takes_in_nobody(zone, clerk, morning):
    withdraw_zone(zone=zone, actor=clerk, at=morning)

    with pytest.raises(StepNotAllowed, match="已撤回"):
        add_participating_unit(
            zone=zone, unit=make_unit(), role=ParticipantRole.OWNER, since=STOP, actor=clerk, at=morning
        )


def test_projects_are_the_business_of_those_who_run_the_zone(morning):
    story = make_zone()
    row = ZoneProject.objects.get()

    with pytest.raises(NotAllowed):
        add_project(zone=story.zone, project=row.project, actor=make_person(), at=morning)
    with pytest.raises(NotAllowed):
        remove_project(row=row, actor=story.members[0], at=morning)


@pytest.mark.parametrize("role", ParticipantRole)
def test_every_role_is_taken_and_one_unit_has_several_pj_01(role, morning):
    story = make_zone()
    unit = make_unit()
    for wanted in {role, ParticipantRole.OWNER}:
        add_participating_unit(
            zone=story.zone, unit=unit, role=wanted, since=STOP, actor=story.lead, at=morning
        )  # fmt: skip

    held = participating_units(story.zone, STOP).filter(unit=unit).values_list("role", flat=True)
    assert set(held) == {role, ParticipantRole.OWNER}
