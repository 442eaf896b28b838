"""A branch of nine full members below a committee, ready to elect: its secretary prepares, the committee's office confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ronghe.domain.elections.enums import ElectionKind
from ronghe.domain.elections.models import Contest, Election, Term
from ronghe.domain.elections.selectors.elections import contest_view
from ronghe.domain.elections.services.preparing import approve_candidates, name_candidate, start_election
from ronghe.domain.elections.services.results import file_result, record_ballot, report_result
from ronghe.domain.elections.services.terms import record_term
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from tests.factories.org import make_body, make_person, make_post

NAMES = ("高远", "罗一鸣", "折静", "陶然", "裴青", "柏松", "祁连", "乔木", "安澜")
COMMITTEE = {PostRole.COMMITTEE_MEMBER: 3, PostRole.SECRETARY: 1}


@dataclass
class Branch:
    """南一联合站党支部: `members` are nine full members with 高远, the secretary, first; `young` is on probation."""

    committee: PartyOrg
    body: PartyOrg
    clerk: Person
    secretary: Person
    members: list[Person]
    young: Person
    stranger: Person


def make_branch(*, members: int = 9) -> Branch:
    committee = make_body("采油五厂党委", kind=PartyOrgKind.COMMITTEE)
    body = make_body("南一联合站党支部", parent=committee)
    people = [make_person(NAMES[n] if n < len(NAMES) else "", home=body) for n in range(members)]
    clerk = make_person("沈清")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(people[0], PostRole.SECRETARY, body=body)
    elsewhere = make_body("采油二厂党支部")
    stranger = make_person("拓晓红", home=elsewhere)
    make_post(stranger, PostRole.SECRETARY, body=elsewhere)
    young = make_person("小满", home=body, status=PoliticalStatus.PROBATIONARY_MEMBER)
    return Branch(committee, body, clerk, people[0], people, young, stranger)


def make_term(branch: Branch, at: datetime, *, started_on: date = date(2023, 10, 12), number: int = 1) -> Term:
    return record_term(body=branch.body, number=number, started_on=started_on, actor=branch.clerk, at=at)


def make_election(
    branch: Branch, at: datetime, *, kind: ElectionKind = ElectionKind.RE_ELECTION, places=COMMITTEE
) -> Election:
    return start_election(
        body=branch.body, kind=kind, planned_on=at.date(), places=places, actor=branch.secretary, at=at
    )


def contest_of(election: Election, role: PostRole) -> Contest:
    return Contest.objects.select_related("election__body").get(election=election, role=role)


def approved_election(branch: Branch, at: datetime) -> Election:
    """Four stand for three places of the committee, one of them for secretary."""
    election = make_election(branch, at)
    seats, head = contest_of(election, PostRole.COMMITTEE_MEMBER), contest_of(election, PostRole.SECRETARY)
    for person in branch.members[:4]:
        name_candidate(contest=seats, person=person, actor=branch.secretary, at=at)
    name_candidate(contest=head, person=branch.members[1], actor=branch.secretary, at=at)
    election = Election.objects.select_related("body").get(pk=election.pk)
    return approve_candidates(election=election, approval_ref="采五党组〔2026〕7号", actor=branch.clerk, at=at)


def count(
    contest: Contest, yes: Sequence[int], actor: Person, at: datetime, *, present: int = 9, held_on: date | None = None,
    **changes,
):  # fmt: skip
    """Record the next vote of a contest: `yes` votes of the people on the ballot in their order, everybody else against."""
    contest = Contest.objects.select_related("election__body").get(pk=contest.pk)
    on_ballot = contest_view(contest).on_ballot
    cast = {one.pk: (n, present - n, 0) for one, n in zip(on_ballot, yes, strict=True)}
    whole = {"issued": present, "returned": present, "valid": present, "invalid": 0, "votes": cast, **changes}
    return record_ballot(contest=contest, held_on=held_on or at.date(), present=present, actor=actor, at=at, **whole)


def reported_election(branch: Branch, at: datetime) -> Election:
    election = approved_election(branch, at)
    count(contest_of(election, PostRole.COMMITTEE_MEMBER), [8, 7, 6, 2], branch.secretary, at)
    count(contest_of(election, PostRole.SECRETARY), [3], branch.secretary, at, present=3)
    election = Election.objects.select_related("body").get(pk=election.pk)
    return report_result(election=election, actor=branch.secretary, at=at)


def filed_election(branch: Branch, at: datetime) -> Election:
    return file_result(
        election=reported_election(branch, at), filing_ref="采五党组〔2026〕9号", actor=branch.clerk, at=at
    )
