"""An idea from raised to booked and taken back: who does what, and that the book is exact."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.benefits.models import BenefitCase, BookEntry, MeritShare, Reckoning
from ronghe.domain.benefits.selectors.book import Scope, Sums, book_of, ideas_listed, with_lines, years_of
from ronghe.domain.benefits.services.booking import (
    SharedTwice,
    SharesNotWhole,
    reverse_idea,
    set_shares,
    verify_idea,
)
from ronghe.domain.benefits.services.gains import (
    GainKnown,
    GainUnfit,
    ReasonMissing,
    enter_gain,
    verify_gain,
    withdraw_gain,
)
from ronghe.domain.benefits.services.reckoning import (
    BasisMissing,
    DaysUnfit,
    LineNameless,
    LineUnfit,
    NothingReckoned,
    ReckoningIn,
    TooManyLines,
    estimate_idea,
    realise_idea,
)
from ronghe.domain.benefits.services.reviewing import LimitUnfit, approve_idea, set_limit
from ronghe.domain.items.models import ItemStep
from ronghe.domain.items.services.changing import ItemClosed
from ronghe.domain.items.services.steps import Said, StepEvidenceMissing, StepNoteMissing, take_step
from ronghe.domain.org.enums import PostRole
from ronghe.kernel.errors import NotAllowed, NotFound, Stale
from ronghe.kernel.facts.models import POINT, Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.benefits import estimated, line, make_idea, realised, reckoned, verified
from tests.factories.org import make_person, make_post
from tests.factories.rhythm import make_zone, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


def test_the_daqing_wall_is_booked_once_with_its_days(story, morning):
    item = verified(story, morning)

    entry = BookEntry.objects.get()
    assert (item.state, entry.fen, entry.days, entry.zone, entry.body) == (
        "verified", 55_000_000, 60, story.zone, story.body,
    )  # fmt: skip
    assert entry.project == story.zone.projects.get()
    fact = Fact.objects.get(kind="benefits.verified")
    assert (fact.pk, fact.quantity, fact.zone) == (entry.fact, 550_000 * POINT, story.zone.pk)
    assert [share.percent for share in MeritShare.objects.order_by("pk")] == [Decimal(50), Decimal(50)]
    assert Fact.objects.filter(kind="benefits.reckoned").count() == 2


def test_nobody_reviews_the_own_idea_or_the_own_sums(story, morning):
    item = make_idea(story, morning, by=story.lead)
    estimate_idea(item=item, reckoning=reckoned(), actor=story.secretary, at=morning)
    for kept_out in (story.lead, story.secretary, story.members[1]):
        with pytest.raises(NotAllowed):
            approve_idea(item=item, actor=kept_out, at=morning)
    approve_idea(item=item, actor=story.clerk, at=morning)

    assert (item.state, BenefitCase.objects.get().first_reviewer) == ("approved", story.clerk)


def test_neither_raiser_owner_nor_reckoner_verifies(story, morning):
    item = make_idea(story, morning, by=story.lead)
    estimate_idea(item=item, reckoning=reckoned(), actor=story.lead, at=morning)
    approve_idea(item=item, actor=story.clerk, at=morning)
    due = morning + timedelta(days=3)
    take_step(item=item, step="assign", actor=story.clerk, at=morning, said=Said(owner=story.members[0], due_at=due))
    realise_idea(item=item, reckoning=reckoned(), actor=story.secretary, at=morning, uploads=[photo()])
    for kept_out in (story.lead, story.members[0], story.secretary):
        with pytest.raises(NotAllowed):
            verify_idea(item=item, actor=kept_out, at=morning)
    assert not BookEntry.objects.exists()
    verify_idea(item=item, actor=story.clerk, at=morning)
    with pytest.raises(StepNotAllowed):
        verify_idea(item=item, actor=story.clerk, at=morning)
    assert BookEntry.objects.count() == 1


@pytest.mark.parametrize(("limit", "state"), [(54_999_999, "second"), (55_000_000, "approved"), (None, "approved")])
def test_above_the_units_amount_a_second_one_reviews(story, morning, limit, state):
    set_limit(body=story.committee, fen=limit, actor=story.clerk, at=morning)
    item = estimated(story, morning)
    approve_idea(item=item, actor=story.lead, at=morning)
    assert item.state == state


def test_the_second_review_is_for_somebody_of_the_level_above(story, morning):
    set_limit(body=story.committee, fen=0, actor=story.clerk, at=morning)
    set_limit(body=story.body, fen=10_000_000, actor=story.clerk, at=morning)
    item = estimated(story, morning)
    approve_idea(item=item, actor=story.clerk, at=morning)
    assert item.state == "second"

    deputy = make_person("副职", home=story.branch)
    make_post(deputy, PostRole.DEPUTY_SECRETARY, body=story.body)
    for kept_out in (story.clerk, story.lead, deputy):
        with pytest.raises(NotAllowed):
            approve_idea(item=item, actor=kept_out, at=morning)
    approve_idea(item=item, actor=story.secretary, at=morning)
    case = BenefitCase.objects.get()
    assert (item.state, case.first_reviewer, case.second_reviewer) == ("approved", story.clerk, story.secretary)
    assert case.approved_on is not None


def test_a_limit_is_set_by_those_who_lead_and_is_no_nonsense(story, morning):
    with pytest.raises(NotAllowed):
        set_limit(body=story.committee, fen=1, actor=story.lead, at=morning)
    with pytest.raises(LimitUnfit):
        set_limit(body=story.committee, fen=-1, actor=story.clerk, at=morning)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (ReckoningIn(basis="结算单"), NothingReckoned), (ReckoningIn((line("1", "0"),)), BasisMissing),
        (ReckoningIn((line("1", "0", what=" "),), basis="单"), LineNameless),
        (ReckoningIn((line("-1", "0"),), basis="单"), LineUnfit),
        (ReckoningIn((line("1.0001", "0"),), basis="单"), LineUnfit),
        (ReckoningIn((line("1", "0", price="1.001"),), basis="单"), LineUnfit),
        (ReckoningIn((line("1e20", "0"),), basis="单"), LineUnfit),
        (ReckoningIn((line("NaN", "0"),), basis="单"), LineUnfit),
        (ReckoningIn((line("999999999", "0", price="999999999999"),), basis="单"), LineUnfit),
        (ReckoningIn((line("1", "0"),) * 41, basis="单"), TooManyLines),
        (ReckoningIn(days_before=3651, basis="单"), DaysUnfit), (ReckoningIn(days_before=-1, basis="单"), DaysUnfit),
    ],
)  # fmt: skip
def test_what_is_not_worked_out_is_refused(story, morning, given, refusal):
    item = make_idea(story, morning)
    with pytest.raises(refusal):
        estimate_idea(item=item, reckoning=given, actor=story.members[0], at=morning)
    assert (item.state, Reckoning.objects.count()) == ("idea", 0)


def test_days_alone_are_worth_an_idea(story, morning):
    item = estimated(story, morning, given=ReckoningIn(days_before=10, days_after=2, basis="审图台账"))
    case = BenefitCase.objects.get()
    assert (item.state, case.estimated_fen, case.estimated_days) == ("estimated", 0, 8)


def test_a_returned_estimate_is_reckoned_anew_and_the_first_is_kept(story, morning):
    item = estimated(story, morning)
    with pytest.raises(StepNoteMissing):
        take_step(item=item, step="return", actor=story.lead, at=morning)
    take_step(item=item, step="return", actor=story.lead, at=morning, said=Said(note="单价不对"))
    estimate_idea(item=item, reckoning=reckoned(line("5000", "1500")), actor=story.members[0], at=morning)

    assert list(Reckoning.objects.order_by("number").values_list("number", "fen")) == [(1, 55_000_000), (2, 35_000_000)]
    assert BenefitCase.objects.get().estimated_fen == 35_000_000


def test_realising_wants_something_that_shows_it_from_since_it_began(story, morning):
    item = make_idea(story, morning)
    estimate_idea(item=item, reckoning=reckoned(), actor=story.members[0], at=morning, uploads=[photo()])
    approve_idea(item=item, actor=story.lead, at=morning + timedelta(hours=1))
    later, due = morning + timedelta(hours=2), morning + timedelta(days=2)
    take_step(item=item, step="take", actor=story.members[1], at=later, said=Said(due_at=due))
    with pytest.raises(StepEvidenceMissing):
        realise_idea(item=item, reckoning=reckoned(), actor=story.members[1], at=later)
    with pytest.raises(NotAllowed):
        realise_idea(item=item, reckoning=reckoned(), actor=story.members[2], at=later, uploads=[photo()])


def test_inner_steps_are_taken_by_their_services_alone(story, morning):
    item = estimated(story, morning)
    for step in ("approve", "pass_up", "verify", "reverse", "estimate", "realise"):
        with pytest.raises(NotFound):
            take_step(item=item, step=step, actor=story.lead, at=morning)


def test_shares_are_a_hundred_exactly(story, morning):
    item = realised(story, morning)
    first, second, third = story.members
    for percents in (("50", "49.99"), ("50", "50.01"), ("100", "0"), ("33.333", "66.667"), ("NaN", "1")):
        shares = list(zip((first, second), map(Decimal, percents), strict=True))
        with pytest.raises(SharesNotWhole):
            set_shares(item=item, shares=shares, actor=first, at=morning)
    with pytest.raises(SharedTwice):
        set_shares(item=item, shares=[(first, Decimal(50)), (first, Decimal(50))], actor=first, at=morning)
    with pytest.raises(NotAllowed):
        set_shares(item=item, shares=[(third, Decimal(100))], actor=third, at=morning)

    shares = [(first, Decimal("33.33")), (second, Decimal("33.33")), (third, Decimal("33.34"))]
    set_shares(item=item, shares=shares, actor=first, at=morning)
    verify_idea(item=item, actor=story.secretary, at=morning)
    idea = with_lines([item])[0]
    assert sum(part for _share, part in idea.shares) == idea.net == 55_000_000
    with pytest.raises(ItemClosed):
        set_shares(item=item, shares=shares, actor=first, at=morning)


def test_what_did_not_last_is_taken_back_in_its_own_year(story, morning):
    item = verified(story, morning)
    later = morning + timedelta(days=200)
    with pytest.raises(StepNoteMissing):
        reverse_idea(item=item, reason=" ", actor=story.clerk, at=later)
    reverse_idea(item=item, reason="来年又要返修", actor=story.clerk, at=later)

    first, second = BookEntry.objects.order_by("pk")
    assert (second.fen, second.days, second.reverses) == (-first.fen, -first.days, first)
    fact = Fact.objects.get(kind="benefits.reversed")
    assert (fact.reverses, fact.quantity) == (first.fact, -550_000 * POINT)
    with pytest.raises(StepNotAllowed):
        reverse_idea(item=item, reason="再来一次", actor=story.clerk, at=later)
    scope = {year: book_of(Scope(zone=story.zone, year=year), story.lead, later) for year in (2026, 2027, None)}
    assert (scope[2026].total.net, scope[2027].total.net, scope[None].total.net) == (55_000_000, -55_000_000, 0)
    assert (scope[2026].booked, scope[None].booked) == (1, 0)
    assert years_of(story.lead, later) == [2027, 2026]


def test_what_remains_is_reckoned_anew_and_booked_a_second_time(story, morning):
    item = verified(story, morning)
    reverse_idea(item=item, reason="只保住一半", actor=story.clerk, at=morning)
    due = morning + timedelta(days=30)
    take_step(item=item, step="reopen", actor=story.clerk, at=morning, said=Said(due_at=due))
    realise_idea(item=item, reckoning=reckoned(line("2000", "500")), actor=story.members[1], at=morning,
                 uploads=[photo(color=(1, 2, 3))])  # fmt: skip
    verify_idea(item=item, actor=story.secretary, at=morning)

    assert list(BookEntry.objects.order_by("pk").values_list("fen", "round")) == [
        (55_000_000, 1), (-55_000_000, 1), (15_000_000, 2),
    ]  # fmt: skip
    assert book_of(Scope(zone=story.zone), story.lead, morning).total.net == 15_000_000


def test_the_book_is_the_sum_of_its_months_and_ideas(story, morning):
    verified(story, morning)
    verified(
        story, morning + timedelta(days=40), title="废管利用", given=reckoned(line("3.333", "0"), before=0, after=0)
    )
    estimated(story, morning, title="改线")
    refused = estimated(story, morning, title="不成")
    take_step(item=refused, step="refuse", actor=story.lead, at=morning, said=Said(note="不划算"))
    later = morning + timedelta(days=60)
    book = book_of(Scope(zone=story.zone), story.lead, later)

    assert book.total == Sums(110_033_330, 55_033_330, 55_033_330, 55_033_330, 0)
    assert [month for month, _sums in book.months] == [date(2026, 9, 1), date(2026, 10, 1)]
    assert sum(sums.verified for _month, sums in book.months) == book.total.verified
    ideas = with_lines(ideas_listed(Scope(zone=story.zone), story.lead, later))
    assert sum(idea.net or 0 for idea in ideas) == book.total.net
    assert (book.ideas, book.booked, book.days.sum) == (4, 2, 60)
    project = story.zone.projects.get()
    for scope in (Scope(project=project), Scope(body=story.committee), Scope()):
        assert book_of(scope, story.lead, later).total == book.total
    assert book_of(Scope(), make_person("外人"), later).total == Sums()


def test_a_book_costs_the_same_however_long(story, morning, django_assert_max_num_queries):
    for number in range(4):
        verified(story, morning, title=f"第{number}个")
    with django_assert_max_num_queries(9):
        book_of(Scope(zone=story.zone), story.lead, morning)
    with django_assert_max_num_queries(9):
        with_lines(list(ideas_listed(Scope(zone=story.zone, year=2026), story.lead, morning)))


def test_days_that_overlap_count_once_by_the_projects_gain(story, morning):
    verified(story, morning)
    verified(story, morning, title="同时施工", given=reckoned(before=40, after=10))
    project = story.zone.projects.get()
    assert book_of(Scope(zone=story.zone), story.lead, morning).days.sum == 0
    for given in ({"days": 0, "basis": "单"}, {"days": 3651, "basis": "单"}, {"days": 5, "basis": " "}):
        with pytest.raises(GainUnfit):
            enter_gain(project=project, actor=story.clerk, at=morning, **given)
    gain = enter_gain(project=project, days=65, basis="开工令、竣工验收单", actor=story.clerk, at=morning)
    with pytest.raises(GainKnown):
        enter_gain(project=project, days=66, basis="再来", actor=story.secretary, at=morning)
    with pytest.raises(NotAllowed):
        verify_gain(gain=gain, actor=story.clerk, at=morning)
    assert book_of(Scope(zone=story.zone), story.lead, morning).days.apart == 2
    verify_gain(gain=gain, actor=story.secretary, at=morning)
    with pytest.raises(Stale):
        verify_gain(gain=gain, actor=story.secretary, at=morning)
    book = book_of(Scope(zone=story.zone), story.lead, morning)
    assert (book.days.sum, book.days.apart) == (65, 0)

    with pytest.raises(ReasonMissing):
        withdraw_gain(gain=gain, reason="", actor=story.clerk, at=morning)
    withdraw_gain(gain=gain, reason="算错了", actor=story.clerk, at=morning)
    assert enter_gain(project=project, days=60, basis="重算", actor=story.clerk, at=morning).days == 60


def test_a_refused_verification_leaves_nothing_behind(story, morning):
    item = realised(story, morning)
    MeritShare.objects.filter(person=story.members[0]).delete()
    with pytest.raises(SharesNotWhole):
        verify_idea(item=item, actor=story.secretary, at=morning)

    assert not BookEntry.objects.exists()
    assert not ItemStep.objects.filter(item=item, step="verify").exists()
    item.refresh_from_db()
    assert item.state == "realised"
