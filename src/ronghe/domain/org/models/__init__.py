"""The organization's tables."""

from ronghe.domain.org.models.party import Membership, PartyOrg, PartyOrgLink
from ronghe.domain.org.models.people import Person, PostHolding
from ronghe.domain.org.models.rosters import OperatorCertificate, RosterImport
from ronghe.domain.org.models.units import AdminUnit, AdminUnitLink

__all__ = [
    "AdminUnit",
    "AdminUnitLink",
    "Membership",
    "OperatorCertificate",
    "PartyOrg",
    "PartyOrgLink",
    "Person",
    "PostHolding",
    "RosterImport",
]
