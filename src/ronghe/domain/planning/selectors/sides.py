"""On which side somebody stands on a day: by posts, and by what the plan says of its own people (SD-12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PostHolding
from ronghe.domain.planning.calc.sides import Pair, pick
from ronghe.domain.planning.enums import Side
from ronghe.domain.planning.models import CheckEvidence, PlanItem

PARTY_POSTS = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
        PostRole.GROUP_LEADER,
        PostRole.COMMITTEE_CLERK,
    }
)
PRODUCTION_POSTS = frozenset({PostRole.ZONE_LEAD, PostRole.PROJECT_MANAGER, PostRole.TEAM_LEADER, PostRole.HSE_OFFICER})
SIDE_OF = dict.fromkeys(PARTY_POSTS, Side.PARTY) | dict.fromkeys(PRODUCTION_POSTS, Side.PRODUCTION)


class Standings:
    """The posts of some people, read once, and the side of each of them on any day."""

    def __init__(self, people: Iterable[int]) -> None:
        self._posts: dict[int, list[PostHolding]] = defaultdict(list)
        rows = PostHolding.objects.filter(person__in=set(people), role__in=SIDE_OF).select_related("body", "unit")
        for post in rows.order_by("pk"):
            self._posts[post.person_id].append(post)

    def posts(self, person: int, day: date, side: Side) -> list[PostHolding]:
        """Return the posts that put a person on a side on `day`."""
        held = self._posts.get(person, [])
        return [
            post
            for post in held
            if post.valid_from <= day and (post.valid_until is None or post.valid_until > day)
            and SIDE_OF[PostRole(post.role)] == side
        ]  # fmt: skip

    def pair(self, people: Collection[int], item: PlanItem, day: date) -> Pair:
        """Return one of each side among `people`; the item's owners and the plan's head count by what the plan says."""
        party = {pk for pk in people if self.posts(pk, day, Side.PARTY)} | {item.party_owner_id} & set(people)
        head = item.plan.production_head_id
        named = {item.production_owner_id} | ({head} if head is not None else set())
        production = {pk for pk in people if self.posts(pk, day, Side.PRODUCTION)} | named & set(people)
        # The plan's own word goes before a post held elsewhere.
        party -= {item.production_owner_id}
        production -= {item.party_owner_id}
        return pick(party, production, first={item.party_owner_id, item.production_owner_id})

    def words(self, person: int, day: date, side: Side) -> str:
        """Return by which post somebody stands on a side: 书记（第三油矿党支部）; "" without one."""
        for post in self.posts(person, day, side):
            place = post.body or post.unit
            return f"{post.get_role_display()}（{place.name}）" if place is not None else post.get_role_display()
        return ""


def pair_of(row: CheckEvidence) -> Pair:
    """Return who of each side a record shows."""
    return Pair(row.party_person_id, row.production_person_id, is_whole=row.fact is not None)
