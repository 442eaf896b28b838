"""What a body may do by its kind, and which duties a station has."""

from __future__ import annotations

import pytest

from ronghe.domain.org.calc.capabilities import SWITCHED_OFF, Capability, capabilities, lacking_by
from ronghe.domain.org.calc.stations import StationDuty, station_duties
from ronghe.domain.org.calc.thresholds import Figures
from ronghe.domain.org.enums import PartyOrgKind

ALL = list(Capability)


@pytest.mark.parametrize("switch", sorted(SWITCHED_OFF))
def test_po_06_a_temporary_body_lacks_each_of_the_five(switch):
    """PO-06: 发展党员、处分处置、收缴党费、选举党代表、换届 are off, one by one."""
    assert lacking_by("temporary_branch", switch) == "PO-06"
    assert lacking_by("temporary_party_group", switch) == "PO-06"
    assert lacking_by("branch", switch) is None


@pytest.mark.parametrize("left", [Capability.STUDY, Capability.EDUCATE, Capability.CULTIVATE])
def test_po_06_a_temporary_body_keeps_study_education_and_cultivation(left):
    """PO-06."""
    assert lacking_by("temporary_branch", left) is None


def test_po_08_po_12_groups_and_working_bodies_act_through_the_home_branch():
    """PO-08, PO-12."""
    assert lacking_by("party_group", Capability.RE_ELECT) == "PO-08"
    assert lacking_by("co_built_branch", Capability.COLLECT_DUES) == "PO-12"
    assert lacking_by("union_branch", Capability.DEVELOP_MEMBERS) == "PO-12"
    assert lacking_by("union_branch", Capability.RE_ELECT) is None


def test_every_kind_is_known():
    assert all(capabilities(kind) for kind in PartyOrgKind.values)
    assert len(SWITCHED_OFF) == 5
    assert capabilities("committee") == frozenset(ALL)


PARTY, REST = StationDuty.PARTY, (StationDuty.MANAGEMENT, StationDuty.TECHNIQUE)


@pytest.mark.parametrize(("staffing", "own", "duties"), [
    ("unattended", 0, REST), ("unattended", 1, REST), ("attended", 0, (PARTY, *REST)), ("sparse", 0, REST),
    ("sparse", 1, (PARTY, *REST)),
])  # fmt: skip
def test_al_15_two_or_three_duties_by_how_a_station_is_manned(staffing, own, duties):
    """AL-15: 管理+技术 where nobody is on duty, 党建+管理+技术 where somebody is, sparse as the unit decides."""
    assert station_duties(staffing, figures=Figures({"sparse.party_duty": own})) == duties
