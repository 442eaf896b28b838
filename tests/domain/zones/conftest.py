from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.projects.enums import Difficulty, ProjectKind
from ronghe.domain.zones.enums import ParticipantRole, ZoneMode
from ronghe.domain.zones.services.founding import propose_zone
from ronghe.domain.zones.services.parties import add_participating_unit
from ronghe.kernel.facts.models import Fact
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project


@pytest.fixture
def clerk():
    return make_person("周玉兰")


@pytest.fixture
def sponsor(clerk):
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    return committee


@pytest.fixture
def works(sponsor, clerk, morning):
    """A small and old one, with a letter of intent."""
    project = make_project(
        body=sponsor, unit=make_unit("采油六厂"), actor=clerk, at=morning, name="喇十七污水站改造",
        kind=ProjectKind.OLD_AREA_RENOVATION, difficulty=Difficulty.VERY_HARD, starts_on=date(2026, 1, 1),
        ends_on=date(2027, 6, 30),
    )  # fmt: skip
    make_agreement_in_force(project=project, branches=[sponsor, make_body()], at=morning)
    return project


@pytest.fixture
def zone(sponsor, works, clerk, morning):
    return propose_zone(
        name="喇十七协作区", projects=[works], mode=ZoneMode.AREA_BASED, sponsor=sponsor, actor=clerk, at=morning
    )


@pytest.fixture
def with_parties(clerk, morning):
    """Let a new unit for each role take part."""

    def let_take_part(zone, *roles, actor=None):
        return [
            add_participating_unit(
                zone=zone, unit=make_unit(), role=role, since=morning.date(), actor=actor or clerk, at=morning
            )
            for role in roles
        ]

    return let_take_part


@pytest.fixture
def two_sides(zone, with_parties):
    return with_parties(zone, ParticipantRole.HOST_SITE, ParticipantRole.CONSTRUCTOR)


def facts_of(zone):
    return list(Fact.objects.filter(zone=zone.pk).order_by("pk").values_list("kind", flat=True))
