"""联创共建合作意向书: what an actor may see, and what is in force."""

from ronghe.domain.agreements.selectors.agreements import (
    agreement_in_force,
    agreements_seen_by,
    list_agreements,
    safety_agreement_in_force,
)

__all__ = ["agreement_in_force", "agreements_seen_by", "list_agreements", "safety_agreement_in_force"]
