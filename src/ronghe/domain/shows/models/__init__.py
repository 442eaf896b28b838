"""三亮四比一创建: what the room keeps."""

from __future__ import annotations

from ronghe.domain.shows.models.badges import Badge, BadgeConsent, PostStandard
from ronghe.domain.shows.models.campaigns import ShowCompeteCampaign

__all__ = ["Badge", "BadgeConsent", "PostStandard", "ShowCompeteCampaign"]
