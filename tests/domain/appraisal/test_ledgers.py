"""A member's ledger: entries add up to the score, caps cut the later ones, and everybody sees the own (PP-01 to PP-06)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.appraisal.calc.ledger import LedgerItem
from ronghe.domain.appraisal.models import Result
from ronghe.domain.appraisal.selectors.ledgers import LedgerView, ledger_for, members_for
from ronghe.domain.appraisal.selectors.member_sheets import sheets_for
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, start_run
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from tests.factories.merits import MeritStory, make_merits

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def story(morning):
    return make_merits(morning)


def granted(story: MeritStory, item: str, at: datetime, points: int = 2) -> Fact:
    attributes = {"item": item}
    return record(
        Draft(declared_kinds()["merits.granted"], at, story.secretary, about=story.member, body=story.branch.pk,
              quantity=points, attributes=attributes)
    )  # fmt: skip


def held(story: MeritStory, hours: int, at: datetime, *, person=None) -> Fact:
    return record(
        Draft(declared_kinds()["carriers.shift_held"], at, story.secretary, about=person or story.member,
              body=story.branch.pk, quantity=hours)
    )  # fmt: skip


def item_of(view: LedgerView, name: str) -> LedgerItem:
    return next(item for item in view.ledger.items if item.id == name)


def points_of(view: LedgerView, name: str) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(e.points) / 10_000, Decimal(e.cut) / 10_000) for e in item_of(view, name).entries]


def own(story: MeritStory, at: datetime, **asked) -> LedgerView:
    view = ledger_for(story.member, at, **asked)
    assert view is not None
    return view


def test_pp_04_base_sixty_duties_and_incentive_with_what_the_caps_cut(story, morning):
    for day in range(3):
        granted(story, "innovation", morning + timedelta(days=day))
    granted(story, "discipline", morning + timedelta(days=3))
    for day in (1, 2):
        held(story, 12, morning + timedelta(days=day))

    view = own(story, morning + timedelta(days=4))

    assert view.period.name == "2026Q3"
    assert points_of(view, "innovation") == [(2, 0), (2, 0), (0, 2)]  # the third one is over the cap of 4
    assert points_of(view, "discipline") == [(-2, 0)]
    assert points_of(view, "shifts") == [(3, 0), (2, 1)]
    assert (item_of(view, "discipline").opening, item_of(view, "discipline").value) == (200_000, 180_000)
    assert view.total == "67.00"  # 40 + 18, 5 of shifts, 4 of innovations
    assert view.grade == "one_star"


def test_the_entries_of_every_item_add_up_to_it(story, morning):
    for day in range(4):
        granted(story, "innovation", morning + timedelta(days=day))
        held(story, 7, morning + timedelta(days=day))
    for item in own(story, morning + timedelta(days=5)).ledger.leaves:
        if item.applicable and all(entry.points is not None for entry in item.entries):
            assert item.opening + sum(e.points for e in item.entries) + item.adjusted == item.value


def test_pp_04_of_two_commendations_the_higher_one_counts(story, morning):
    granted(story, "commended_unit", morning, 3)
    granted(story, "commended_above", morning, 5)
    best = item_of(own(story, morning + timedelta(hours=1)), "commended")
    assert (best.value, best.adjusted) == (50_000, -30_000)


def test_what_is_still_open_is_held_by_the_groups_cap(story, morning):
    for _time in range(2):
        granted(story, "rescue", morning, 3)
    view = own(story, morning + timedelta(hours=1))
    assert item_of(view, "innovation").room == 40_000  # 10 - 6 are left of the incentive
    assert item_of(view, "innovation").times == 2
    assert item_of(view, "rescue").room == 0
    assert item_of(view, "tasks").times == 4
    granted(story, "innovation", morning)
    assert item_of(own(story, morning + timedelta(hours=1)), "innovation").room == 20_000


def test_pp_05_a_reversal_stands_as_a_line_and_gives_nothing(story, morning):
    fact = granted(story, "innovation", morning)
    reverse(fact, by=story.secretary, at=morning + timedelta(days=1))
    view = own(story, morning + timedelta(days=2))
    assert item_of(view, "innovation").entries == ()
    ((line, at),) = view.reversed_facts
    assert (line.id, at) == (fact.pk, morning + timedelta(days=1))


def test_a_final_period_is_read_from_what_the_run_kept(story, morning):
    granted(story, "innovation", morning)
    held(story, 8, morning)
    october = datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)
    live = own(story, october, period="2026Q3")
    assert not live.is_final

    playbook = shipped_playbook("member_points")
    run = start_run(
        body=story.committee,
        playbook=playbook,
        sheet_id="member_points",
        period="2026Q3",
        actor=story.clerk,
        at=october,
    )
    run = publish_run(run=compute_run(run=run, at=october), actor=story.clerk, at=october)
    finalize_run(run=run, actor=story.clerk, at=october + timedelta(days=9))
    granted(story, "innovation", morning + timedelta(hours=1))  # came too late for the final one

    final = own(story, october + timedelta(days=10), period="2026Q3")
    assert final.is_final
    assert final.total == live.total == "64.00"
    assert points_of(final, "innovation") == points_of(live, "innovation") == [(2, 0)]
    assert Result.objects.get(run=run, subject=story.member.token).score == final.ledger.total

    later = own(story, october + timedelta(days=10))
    assert later.period.name == "2026Q4"
    assert later.previous == ("2026Q3", 640_000)


def test_rt_05_the_open_quarter_moves_one_grade_at_most(story, morning):
    test_a_final_period_is_read_from_what_the_run_kept(story, morning)
    november = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
    for day in range(10):
        at = november + timedelta(days=day)
        granted(story, "rescue", at, 3)
        granted(story, "innovation", at)
        held(story, 12, at)
    for kind in range(4):
        record(
            Draft(declared_kinds()["rhythm.attended"], november + timedelta(days=kind * 15), None, about=story.member,
                  body=story.branch.pk, attributes={"activity_type": "theme_party_day"})
        )  # fmt: skip
    view = own(story, november + timedelta(days=50))
    assert view.ledger.total == 830_000  # three stars by themselves
    assert view.grade == "two_star"


def test_a_year_takes_the_mean_of_its_quarters_and_one_cap(story, morning):
    granted(story, "discipline", morning)
    year = own(story, morning + timedelta(days=1), period="2026")
    assert item_of(year, "base").value == 595_000  # 60, 60, 58, 60
    assert year.total == "59.50"


def test_pi_05_who_sees_whose_points(story, morning):
    for reader in (story.member, story.secretary, story.org_member, story.clerk):
        assert ledger_for(reader, morning, token=story.member.token) is not None
    for reader in (story.other, story.group_leader, story.stranger):
        with pytest.raises(NotFound):
            ledger_for(reader, morning, token=story.member.token)
    members = members_for(story.secretary, story.branch, morning)
    assert len(members.rows) == 5
    assert {row.total for row in members.rows} == {600_000}
    for reader in (story.other, story.stranger):
        with pytest.raises(NotFound):
            members_for(reader, story.branch, morning)


def test_without_an_adopted_sheet_there_is_no_ledger(morning):
    story = make_merits(morning, adopts=False)
    assert ledger_for(story.member, morning) is None
    assert members_for(story.secretary, story.branch, morning).in_use is None
    assert sheets_for(story.member, morning.date()) == []


def test_a_sheet_for_cadres_is_offered_to_them_alone_and_last(story, morning):
    adopt_playbook(
        body=story.branch, playbook=shipped_playbook("responsibilities"), since=date(2026, 9, 1), actor=None, at=morning
    )
    general = {"member_points", "member_two_way"}

    offered = [one.sheet_id for one in sheets_for(story.secretary, morning.date())]
    assert (set(offered[:-1]), offered[-1]) == (general, "cadre_yearly")
    assert {one.sheet_id for one in sheets_for(story.member, morning.date())} == general
    listed = members_for(story.secretary, story.branch, morning, sheet="responsibilities:cadre_yearly")
    assert story.secretary in [row.person for row in listed.rows]
    assert {row.category for row in listed.rows} == {"backbone"}


def test_another_period_or_sheet_than_there_is_is_not_found(story, morning):
    with pytest.raises(NotFound):
        ledger_for(story.member, morning, period="2019Q1")


def test_the_ledger_and_the_members_cost_the_same_whatever_happened(story, morning, django_assert_max_num_queries):
    def counted() -> tuple[int, int]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as ledger:
            ledger_for(story.member, morning + timedelta(days=20))
        with CaptureQueriesContext(connection) as members:
            members_for(story.secretary, story.branch, morning + timedelta(days=20))
        return len(ledger), len(members)

    held(story, 1, morning)
    held(story, 1, morning, person=story.other)
    counted()  # the text of the playbook is read once a process
    before = counted()
    for day in range(1, 15):
        held(story, 1, morning + timedelta(days=day))
        held(story, 1, morning + timedelta(days=day), person=story.group_leader)
    assert counted() == before
    with django_assert_max_num_queries(16):
        ledger_for(story.member, morning + timedelta(days=20))
