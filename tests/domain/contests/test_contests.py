"""劳动竞赛: opened, counted from facts, judged by two, closed into places and awarded (G3, G4; PP-09, CA-12)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.contests.enums import ContestState, EntryKind
from ronghe.domain.contests.models import Contest, ContestEntry, ContestScore
from ronghe.domain.contests.selectors.contests import list_contests, standings_of, to_judge
from ronghe.domain.contests.services.closing import (
    ContestRunning,
    MarksMissing,
    NobodyWon,
    NoTitle,
    award_contest,
    close_contest,
)
from ronghe.domain.contests.services.contests import (
    ContestReasonMissing,
    ContestUnfit,
    EnteredAlready,
    EntryOutside,
    HeadNotJudged,
    HeadsUnfit,
    HeadText,
    JudgedByTwo,
    MarkUnfit,
    NotEntered,
    NotForPeople,
    OwnEntry,
    TooFewEntries,
    TooFewJudges,
    call_off_contest,
    join_contest,
    judge_entries,
    leave_contest,
)
from ronghe.domain.hazards.facts import FINDING_REPORTED
from ronghe.domain.honours.enums import HolderKind
from ronghe.domain.honours.models import Honour
from ronghe.domain.honours.services.register import HolderUnfit
from ronghe.domain.org.enums import PostRole
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.contests import (
    BOTH,
    COUNTED,
    accepted,
    judge_all,
    make_contest,
    make_field,
    make_prize,
    make_teams,
)
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


def places(contest):
    return [(line.place, line.entry.name, line.total) for line in standings_of(contest).lines]


def test_figures_come_from_facts_and_judges_give_the_rest(story, morning):
    contest = make_contest(story, morning)
    accepted(story.members[0], morning, times=4)
    accepted(story.members[1], morning, times=2)
    accepted(story.members[1], contest_ends(contest, morning), times=1)
    reverse(accepted(story.members[2], morning)[0], by=story.clerk, at=morning)
    accepted(story.members[2], morning - timedelta(days=60), times=9)
    first = standings_of(contest).lines[0]
    assert (first.entry.body, first.cells[0].value, first.cells[0].points) == (story.branches[0], 4, 100)
    assert first.cells[1].points is None
    judge_all(story, contest, morning, ((80, 90), (100, 100), (60, 60)))
    assert [(place, total) for place, _name, total in places(contest)] == [
        (1, Decimal("94.00")), (2, Decimal("70.00")), (3, Decimal("24.00")),
    ]  # fmt: skip


def contest_ends(contest, morning):
    return morning + timedelta(days=(contest.ends_on - morning.date()).days + 1)


def test_equals_share_a_place_and_the_register_gets_them_all(story, morning):
    contest = make_contest(story, morning, heads=COUNTED, title=make_prize(story, morning), awards=1)
    for member in story.members[:2]:
        accepted(member, morning, times=3)
    with pytest.raises(ContestRunning):
        close_contest(contest=contest, actor=story.clerk, at=morning)
    after = contest_ends(contest, morning)
    contest = close_contest(contest=contest, actor=story.clerk, at=after)
    assert [place for place, _name, _total in places(contest)] == [1, 1, 3]
    accepted(story.members[2], morning, times=30)
    assert [place for place, _name, _total in places(contest)] == [1, 1, 3]
    assert ContestScore.objects.count() == 3
    contest = award_contest(contest=contest, document_number="竞〔2026〕1号", actor=story.clerk, at=after)
    assert contest.state == ContestState.AWARDED
    assert set(Honour.objects.values_list("body", "year")) == {(branch.pk, 2026) for branch in story.branches[:2]}
    assert ContestEntry.objects.filter(honour__isnull=False).count() == 2
    assert sorted(fact.values["place"] for fact in Fact.objects.filter(kind="contests.placed")) == [1, 1, 3]
    with pytest.raises(StepNotAllowed):
        award_contest(contest=contest, document_number="", actor=story.clerk, at=after)


def test_nobody_judges_the_own_and_nobody_a_third_time(story, morning):
    third = make_person("第三名评委")
    contest = make_contest(story, morning, judges=[story.safety, third, story.secretaries[0], story.field.auditor])
    head, counted = contest.heads.get(words="比技能"), contest.heads.get(words="比干劲")
    own, other = contest.entries.get(body=story.branches[0]), contest.entries.get(body=story.branches[1])
    with pytest.raises(OwnEntry):
        judge_entries(contest=contest, head=head, points={own.pk: Decimal(99)}, actor=story.secretaries[0], at=morning)
    assert own not in to_judge(contest, head, story.secretaries[0], morning)
    with pytest.raises(NotAllowed):
        judge_entries(contest=contest, head=head, points={other.pk: Decimal(9)}, actor=story.clerk, at=morning)
    for judge, points in ((story.safety, 80), (third, 70), (third, 90)):
        judge_entries(contest=contest, head=head, points={other.pk: Decimal(points)}, actor=judge, at=morning)
    with pytest.raises(JudgedByTwo):
        judge_entries(contest=contest, head=head, points={other.pk: Decimal(1)}, actor=story.secretaries[0], at=morning)
    line = next(line for line in standings_of(contest).lines if line.entry == other)
    assert line.cells[1].value == 85
    for wrong in ({}, {other.pk: Decimal(101)}, {other.pk: Decimal("NaN")}, {0: Decimal(5)}):
        with pytest.raises(MarkUnfit):
            judge_entries(contest=contest, head=head, points=wrong, actor=third, at=morning)
    with pytest.raises(HeadNotJudged):
        judge_entries(contest=contest, head=counted, points={other.pk: Decimal(1)}, actor=third, at=morning)
    with pytest.raises(MarksMissing):
        close_contest(contest=contest, actor=story.clerk, at=contest_ends(contest, morning))


def test_people_compete_only_where_it_says_so_and_enter_themselves(story, morning):
    branches = make_contest(story, morning)
    with pytest.raises(NotForPeople):
        join_contest(contest=branches, actor=story.members[0], at=morning)
    contest = make_contest(
        story, morning, entry_kind=EntryKind.PERSON, heads=COUNTED, title=make_prize(story, morning, HolderKind.PERSON)
    )
    assert not contest.entries.exists()
    with pytest.raises(NotAllowed):
        join_contest(contest=contest, actor=make_person("外单位的人", home=make_body("别处党支部")), at=morning)
    for member in story.members[:2]:
        join_contest(contest=contest, actor=member, at=morning)
    with pytest.raises(EnteredAlready):
        join_contest(contest=contest, actor=story.members[0], at=morning)
    accepted(story.members[1], morning, times=2)
    assert [line.entry.person for line in standings_of(contest).lines] == [story.members[1], story.members[0]]
    leave_contest(contest=contest, actor=story.members[0], at=morning)
    with pytest.raises(NotEntered):
        leave_contest(contest=contest, actor=story.members[0], at=morning)
    after = contest_ends(contest, morning)
    with pytest.raises(TooFewEntries):
        close_contest(contest=contest, actor=story.clerk, at=after)
    with pytest.raises(StepNotAllowed):
        join_contest(contest=contest, actor=story.members[0], at=after)


def test_teams_count_what_their_people_and_places_did(story, morning):
    teams = make_teams(story)
    worker = make_person("班员", home=story.branches[0], unit=teams[1])
    contest = make_contest(
        story, morning, entry_kind=EntryKind.TEAM, title=make_prize(story, morning, HolderKind.TEAM),
        heads=(HeadText("比业绩", 50, "tasks"), HeadText("查隐患", 50, "findings")), judges=(),
    )  # fmt: skip
    accepted(worker, morning)
    finding = {"item": "hazard", "grade": "general", "is_by_machine": False}
    record(Draft(FINDING_REPORTED, morning, worker, body=story.committee.pk, unit=teams[1].pk, attributes=finding))
    assert [(line.entry.unit, line.total) for line in standings_of(contest).lines] == [(teams[1], 100), (teams[0], 0)]
    after = contest_ends(contest, morning)
    contest = close_contest(contest=contest, actor=story.clerk, at=after)
    award_contest(contest=contest, document_number="", actor=story.clerk, at=after)
    assert Honour.objects.get().team == teams[1].name


def test_who_opens_and_what_is_refused(story, morning):
    chair = make_person("工会主席")
    make_post(chair, PostRole.UNION_CHAIR, body=story.committee)
    assert make_contest(story, morning, actor=chair, heads=COUNTED).state == ContestState.OPEN
    with pytest.raises(NotAllowed):
        make_contest(story, morning, actor=story.members[0])
    with pytest.raises(NotAllowed):
        make_contest(story, morning, actor=story.secretaries[0])
    for wrong in (
        {"name": " "}, {"awards": 0}, {"ends_on": morning.date() - timedelta(days=1)},
        {"starts_on": morning.date() + timedelta(days=99)},
    ):  # fmt: skip
        with pytest.raises(ContestUnfit):
            make_contest(story, morning, **wrong)
    for heads in ((), (HeadText("比", 90, "tasks"),), (HeadText("比", 100, "nothing"),), BOTH[:1]):
        with pytest.raises(HeadsUnfit):
            make_contest(story, morning, heads=heads)
    with pytest.raises(TooFewJudges):
        make_contest(story, morning, judges=[story.safety])
    with pytest.raises(EntryOutside):
        make_contest(story, morning, bodies=[*story.branches, make_body("别处党支部")])
    with pytest.raises(TooFewEntries):
        make_contest(story, morning, bodies=story.branches[:1])
    with pytest.raises(HolderUnfit):
        make_contest(story, morning, title=make_prize(story, morning, HolderKind.PERSON))


def test_it_is_called_off_with_the_reason_and_only_a_title_is_awarded(story, morning):
    contest = make_contest(story, morning)
    with pytest.raises(ContestReasonMissing):
        call_off_contest(contest=contest, reason=" ", actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        call_off_contest(contest=contest, reason="停产检修", actor=story.secretaries[0], at=morning)
    call_off_contest(contest=contest, reason="停产检修", actor=story.clerk, at=morning)
    with pytest.raises(StepNotAllowed):
        close_contest(contest=contest, actor=story.clerk, at=contest_ends(contest, morning))
    plain = make_contest(story, morning, heads=COUNTED)
    after = contest_ends(plain, morning)
    plain = close_contest(contest=plain, actor=story.clerk, at=after)
    with pytest.raises(NoTitle):
        award_contest(contest=plain, document_number="", actor=story.clerk, at=after)
    Contest.objects.filter(pk=plain.pk).update(title=make_prize(story, morning))
    with pytest.raises(NobodyWon):
        award_contest(contest=plain, document_number="", actor=story.clerk, at=after)


def test_nobody_awards_the_own_body(story, morning):
    make_post(story.secretaries[0], PostRole.SECRETARY, body=story.committee)
    contest = make_contest(story, morning, heads=COUNTED, title=make_prize(story, morning))
    accepted(story.members[0], morning)
    after = contest_ends(contest, morning)
    contest = close_contest(contest=contest, actor=story.clerk, at=after)
    with pytest.raises(OwnEntry):
        award_contest(contest=contest, document_number="", actor=story.secretaries[0], at=after)


def test_everybody_reads_them_and_reading_costs_the_same(story, morning, django_assert_max_num_queries):
    contest = make_contest(story, morning)
    accepted(story.members[0], morning, times=5)
    assert [row.pk for row in list_contests(make_person("外人"), morning, words="百日", state="open")] == [contest.pk]
    with django_assert_max_num_queries(6):
        standings_of(contest)
