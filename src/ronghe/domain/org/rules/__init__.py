"""Who may see and change the organization, and the reaches that every subject's permissions are built from."""

from ronghe.domain.org.rules.permissions import (
    APPOINT,
    APPOINT_IN_UNIT,
    CHANGE_TREE,
    CHANGE_UNITS,
    ENROL,
    IMPORT_ROSTER,
    LEADERS,
    OPEN_ACCOUNT,
    SEE_IDENTITY,
    SEE_PARTY_ORG,
    SEE_PERSON,
    SEE_UNIT,
    TEAM,
    UNLOCK_ACCOUNT,
    VERIFY_FACTS,
    WATCHERS,
)

__all__ = [
    "APPOINT",
    "APPOINT_IN_UNIT",
    "CHANGE_TREE",
    "CHANGE_UNITS",
    "ENROL",
    "IMPORT_ROSTER",
    "LEADERS",
    "OPEN_ACCOUNT",
    "SEE_IDENTITY",
    "SEE_PARTY_ORG",
    "SEE_PERSON",
    "SEE_UNIT",
    "TEAM",
    "UNLOCK_ACCOUNT",
    "VERIFY_FACTS",
    "WATCHERS",
]
