"""What a person's page shows beyond the roster, and the acts that the reader may take there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ronghe.domain.members.rules import KEEP_MENTORS, KEEP_SKILLS
from ronghe.domain.members.selectors.corrections import corrections_of, shown
from ronghe.domain.members.selectors.matrix import mentor_pairs_of, skills_on_file
from ronghe.domain.members.selectors.skills import skills_of
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import CHANGE_STATUS, ENROL, SEE_VOTING_BARS
from ronghe.domain.org.selectors.people import places_to_enrol, working_bodies_to_enrol
from ronghe.domain.org.selectors.records import memberships_of, statuses_of, voting_bars_of
from ronghe.domain.org.selectors.voting import may_vote
from ronghe.domain.shows.rules import SEE_CARD
from ronghe.kernel.calendar.moments import day_of

CORRECTIONS = 5


def person_extras(actor: Person, person: Person, now: datetime) -> dict[str, Any]:
    """Return the context of statuses, vote, memberships, trades, mentors and corrections of a person's page."""
    day = day_of(now)
    is_own = actor.pk == person.pk
    sees_bars = SEE_VOTING_BARS.allows(actor, person, at=now) and person.is_party_member
    keeps_skills = KEEP_SKILLS.allows(actor, person, at=now)
    can_place = places_to_enrol(actor, now).exists()
    memberships = memberships_of(person)
    home = next((row for row in memberships if row.kind == MembershipKind.HOME and row.valid_until is None), None)
    return {
        "is_own": is_own,
        "member_rows": [
            (row, row.valid_until is None and row.kind != MembershipKind.HOME and ENROL.allows(actor, row.body, at=now))
            for row in memberships
        ],
        "home": home,
        "unplaced": person.is_party_member and home is None and not person.outside_home_branch,
        "statuses": statuses_of(person, day),
        "bars": voting_bars_of(person) if sees_bars else None,
        "has_vote": may_vote(person, day) if sees_bars else None,
        "skills": list(skills_on_file(person)),
        "roster_skills": [skill for skill in skills_of([person.pk])[person.pk] if skill.from_roster],
        "keeps_skills": keeps_skills and not is_own,
        "pairs": list(mentor_pairs_of(person)),
        "keeps_mentors": KEEP_MENTORS.allows(actor, person, at=now),
        "corrections": [shown(row) for row in corrections_of(person)[:CORRECTIONS]] if is_own else [],
        "acts": _acts(actor, person, now, home=home, can_place=can_place, keeps_skills=keeps_skills),
    }


def _acts(
    actor: Person, person: Person, now: datetime, *, home: Any, can_place: bool, keeps_skills: bool
) -> list[tuple[str, str]]:
    """Return the words and addresses of the acts that the reader may take on the person."""
    enrols_home = home is None or ENROL.allows(actor, home.body, at=now)
    offered = [
        (person.is_party_member and SEE_CARD.allows(actor, person, at=now), _("党员名片"), "web:show_card", person.pk),
        (CHANGE_STATUS.allows(actor, person, at=now), _("变更政治面貌"), "web:person_status", person.pk),
        (can_place and enrols_home, _("编入或转接组织关系"), "web:person_home", person.pk),
        (home is not None and enrols_home, _("换党小组"), "web:membership_group", home.pk if home else 0),
        (home is not None and enrols_home, _("转出，离开本支部"), "web:membership_leave", home.pk if home else 0),
        (working_bodies_to_enrol(actor, now).exists(), _("编入工作载体"), "web:person_join", person.pk),
        (keeps_skills or actor.pk == person.pk, _("登记工种"), "web:skill_create", person.pk),
        (KEEP_MENTORS.allows(actor, person, at=now), _("结对传帮带"), "web:mentor_create", person.pk),
        (
            SEE_VOTING_BARS.allows(actor, person, at=now) and person.is_party_member,
            _("中止表决权"), "web:voting_bar_create", person.pk,
        ),
    ]  # fmt: skip
    return [(words, reverse(name, args=[pk])) for allowed, words, name, pk in offered if allowed]
