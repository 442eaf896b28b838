"""What is owed as an actor may see it: lists, who answers, who is behind, requests to be let off."""

from ronghe.domain.obligations.selectors.answering import Answering
from ronghe.domain.obligations.selectors.lists import (
    list_obligations,
    obligations_met_by,
    obligations_of,
    obligations_seen_by,
    state_counts,
    states_by_body,
)

__all__ = [
    "Answering",
    "list_obligations",
    "obligations_met_by",
    "obligations_of",
    "obligations_seen_by",
    "state_counts",
    "states_by_body",
]
