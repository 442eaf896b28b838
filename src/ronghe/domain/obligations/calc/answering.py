"""Who answers for a duty on a day: whoever holds the post that the mechanism names, else somebody in his place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Holders = Mapping[int, Mapping[str, tuple[int, ...]]]
"""Body → post → people, in the order in which they took it. What hangs on a body's unit or office counts as the body's."""

LEADS = (
    "secretary", "zone_lead", "group_leader", "union_chair", "union_group_leader", "league_secretary",
    "deputy_secretary", "union_deputy", "league_deputy", "team_leader",
)  # fmt: skip
"""The posts that stand in for a vacant one, first come first; also whom an overdue duty goes on to."""

OVERSEERS = ("committee_clerk", "secretary", "deputy_secretary", "union_chair", "league_secretary")
"""Whom a superior body sends after what was missed."""


class Standing(StrEnum):
    """How somebody comes to answer: 在任, 本组织负责人代, 上级代, 没有人."""

    HELD = "held"
    STANDS_IN = "stands_in"
    SUPERIOR = "superior"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Answer:
    """The people who answer, and in which body they do."""

    people: tuple[int, ...]
    standing: Standing
    body: int | None = None

    @property
    def is_vacant(self) -> bool:
        """Tell whether the post itself is held by nobody."""
        return self.standing is not Standing.HELD


def who_answers(role: str, chain: Sequence[int], holders: Holders) -> Answer:
    """Return who answers for a duty whose mechanism names `role`; `chain` is the body and its superiors, nearest first.

    A vacant post falls to the body's own lead, then to the lead of the nearest superior that has one.
    """
    if not chain:
        return Answer((), Standing.NOBODY)
    own = holders.get(chain[0], {})
    if own.get(role):
        return Answer(own[role], Standing.HELD, chain[0])
    for place, body in enumerate(chain):
        lead = leads_of(body, holders)
        if lead:
            return Answer(lead[:1], Standing.STANDS_IN if place == 0 else Standing.SUPERIOR, body)
    return Answer((), Standing.NOBODY)


def leads_of(body: int, holders: Holders, posts: Sequence[str] = LEADS) -> tuple[int, ...]:
    """Return the people who hold any of `posts` in the body, in the order of the posts, each once."""
    held = holders.get(body, {})
    return tuple(dict.fromkeys(person for post in posts for person in held.get(post, ())))


def overseers_of(chain: Sequence[int], holders: Holders) -> tuple[int, ...]:
    """Return whom the nearest superior with an office sends after what the body missed."""
    return next((found for body in chain[1:] if (found := leads_of(body, holders, OVERSEERS))), ())
