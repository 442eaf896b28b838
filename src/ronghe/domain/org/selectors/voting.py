"""Who has a vote on a day (PE-08): full members at home, whom nothing bars. Guests and participants vote at home (PF-02)."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from ronghe.domain.org.calc.voting import Span, has_vote, value_on
from ronghe.domain.org.enums import GROUP_KINDS, MembershipKind, PoliticalStatus
from ronghe.domain.org.models import Membership, PartyOrg, Person, VotingBar
from ronghe.domain.org.selectors.headcounts import with_status
from ronghe.kernel.db.tree import descendants, on_day


def status_on(person: Person, day: date) -> str | None:
    """Return the code of the person's political status on `day`; whoever never changed it has today's."""
    rows = person.statuses.order_by("valid_from", "pk")
    spans = [Span(row.status, row.valid_from, row.valid_until) for row in rows]
    return value_on(spans, day, person.political_status or "") or None


def may_vote(person: Person, day: date) -> bool:
    """Tell whether the person has a vote in the own home body on `day` (PE-08)."""
    barred = VotingBar.objects.filter(on_day(day), person=person).exists()
    return has_vote(status_on(person, day), barred=barred)


def voters_of(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who votes in `body` on `day`, by name: those at home in it or below it; of a group, those put into it.

    A working body, and a body of union or league, has no voters: nobody is at home there (PF-02, PO-12).
    """
    rows = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME).order_by()
    if body.kind in GROUP_KINDS:
        rows = rows.filter(group=body)
    else:
        rows = rows.filter(body_id__in=descendants(PartyOrg, [body.pk], day=day))
    barred = VotingBar.objects.filter(on_day(day), person_id=OuterRef("pk"))
    people = with_status(Person.objects.filter(pk__in=rows.values("person_id")), day, "")
    voters: QuerySet[Person] = people.filter(~Exists(barred), status=PoliticalStatus.FULL_MEMBER)
    return voters.order_by("name", "pk")
