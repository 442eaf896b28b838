"""Terms that run out one after the other, and two elections on their way."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.demo.organization import Field
from ronghe.domain.elections.calc.composition import BRANCHES
from ronghe.domain.elections.calc.figures import TERM_LENGTHS
from ronghe.domain.elections.calc.terms import add_months
from ronghe.domain.elections.enums import ElectionKind
from ronghe.domain.elections.models import Contest, Election
from ronghe.domain.elections.selectors.elections import contest_view, contests_of, electors_of, size_of_committee
from ronghe.domain.elections.selectors.terms import electing_bodies
from ronghe.domain.elections.services.preparing import approve_candidates, name_candidate, start_election
from ronghe.domain.elections.services.results import record_ballot, report_result
from ronghe.domain.elections.services.terms import record_term, shift_term
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day

MONTHS_LEFT = (26, 41, -1, 17, 5, 9, 1, 22, 13, 30)
"""How many months the terms of the bodies still run, in turn; one is over, two end within half a year."""
ELECTING = (2, 4)
"""How many months are left to the two largest branches, which elect: one has voted, one names its candidates."""
YEAR = 12
ENOUGH = 6
"""Members with a vote below whom the demonstration holds no election."""


def show_elections(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - every step is asked alike
    """Record the terms of all bodies with members, extend one, and lead two elections to different steps."""
    sizes = {body: _voters(body, now) for body in electing_bodies().order_by("pk")}
    branches = [body for body, voters in sizes.items() if body.kind in BRANCHES and voters >= ENOUGH]
    largest = sorted(branches, key=lambda body: (-sizes[body], body.pk))[: len(ELECTING)]
    others = [body for body, voters in sizes.items() if voters and body not in largest]
    for number, body in enumerate(others):
        _record(field, body, MONTHS_LEFT[number % len(MONTHS_LEFT)], 2 + number % 4, now)
    for number, body in enumerate(largest):
        _record(field, body, ELECTING[number], 3, now)
        _elect(field, body, now, until_reported=number == 0)


def _record(field: Field, body: PartyOrg, left: int, number: int, now: datetime) -> None:
    years = TERM_LENGTHS[body.kind].years
    started_on = add_months(local_day(now), left - years * YEAR)
    term = record_term(body=body, number=number, started_on=started_on, actor=field.clerk, at=now)
    if left == 1:
        shift_term(
            term=term, ends_on=add_months(term.ends_on, 4), approval_ref="演示党组〔2026〕12号",
            reason="投产关键期，经上级批准延期换届。", actor=field.clerk, at=now,
        )  # fmt: skip


def _elect(field: Field, body: PartyOrg, now: datetime, *, until_reported: bool) -> None:
    """Lead a 换届 of a branch: named and waiting for approval, or voted on and waiting to be filed."""
    size = size_of_committee(body, local_day(now))
    places = {PostRole.SECRETARY: 1} if size is None else {PostRole.COMMITTEE_MEMBER: size.least, PostRole.SECRETARY: 1}
    election = start_election(
        body=body, kind=ElectionKind.RE_ELECTION, planned_on=local_day(now), places=places, actor=field.clerk, at=now
    )
    people = list(electors_of(body, local_day(now))[:ENOUGH])
    for view in contests_of(election):
        for person in people[: view.candidates_needed]:
            name_candidate(contest=view.contest, person=person, actor=field.clerk, at=now)
    if not until_reported:
        return
    election = Election.objects.select_related("body").get(pk=election.pk)
    approve_candidates(election=election, approval_ref="演示党组〔2026〕18号", actor=field.clerk, at=now)
    for view in contests_of(election):
        _vote(field, Contest.objects.select_related("election__body").get(pk=view.contest.pk), now)
    report_result(election=Election.objects.select_related("body").get(pk=election.pk), actor=field.clerk, at=now)


def _vote(field: Field, contest: Contest, now: datetime) -> None:
    """Let everybody come, and give the first candidates the most votes."""
    view = contest_view(contest)
    body = contest.election.body
    came = (
        contest.election.contests.get(role=PostRole.COMMITTEE_MEMBER).seats
        if contest.electorate == "committee"
        else (_voters(body, now))
    )
    on_ballot = view.on_ballot
    votes = {}
    for place, one in enumerate(on_ballot):
        yes = max(came - place, came // 2 + 1) if place < view.contest.seats else 0
        votes[one.pk] = (yes, came - yes, 0)
    record_ballot(
        contest=contest, held_on=local_day(now), present=came, issued=came, returned=came, valid=came, invalid=0, votes=votes,
        actor=field.clerk, at=now,
    )  # fmt: skip


def _voters(body: PartyOrg, now: datetime) -> int:
    return electors_of(body, local_day(now)).count()
