"""The organization's tables."""

from ronghe.domain.org.models.party import Membership, PartyOrg, PartyOrgLink
from ronghe.domain.org.models.people import Person, PersonStatus, PostHolding, VotingBar
from ronghe.domain.org.models.rosters import OperatorCertificate, RosterComparison, RosterDifference, RosterImport
from ronghe.domain.org.models.units import AdminUnit, AdminUnitLink, StationMode

__all__ = [
    "AdminUnit",
    "AdminUnitLink",
    "Membership",
    "OperatorCertificate",
    "PartyOrg",
    "PartyOrgLink",
    "Person",
    "PersonStatus",
    "PostHolding",
    "RosterComparison",
    "RosterDifference",
    "RosterImport",
    "StationMode",
    "VotingBar",
]
