"""组织生活: tables."""

from ronghe.domain.partylife.models.classes import HistoryClass
from ronghe.domain.partylife.models.keeping import (
    BirthdayKeeping,
    BirthdayPerson,
    BirthdayPhoto,
    OathCeremony,
    OathTaker,
)
from ronghe.domain.partylife.models.sites import RedSite, SitePoint, SiteRating, SiteVisit
from ronghe.domain.partylife.models.study import StudyDispute, StudyEntry, StudyRules
from ronghe.domain.partylife.models.talks import PlannedTalk, Talk, TalkYear

__all__ = [
    "BirthdayKeeping",
    "BirthdayPerson",
    "BirthdayPhoto",
    "HistoryClass",
    "OathCeremony",
    "OathTaker",
    "PlannedTalk",
    "RedSite",
    "SitePoint",
    "SiteRating",
    "SiteVisit",
    "StudyDispute",
    "StudyEntry",
    "StudyRules",
    "Talk",
    "TalkYear",
]
