"""What is known about people beyond the roster, as others read it."""

from ronghe.domain.members.selectors.broad import BroadMap, broad_of
from ronghe.domain.members.selectors.skills import HeldSkill, skills_of

__all__ = ["BroadMap", "HeldSkill", "broad_of", "skills_of"]
