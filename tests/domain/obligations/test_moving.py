from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.obligations.models import Obligation, ObligationMove
from ronghe.domain.obligations.services.generating import Generated, generate_obligations
from ronghe.domain.obligations.services.moving import (
    AlreadySettled,
    DayIsFixed,
    DayIsOver,
    MoveReasonMissing,
    NoPlannedDay,
    OutsideWindow,
    days_open_to,
    move_planned_day,
)
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.playbooks.calc.vocabulary import Reschedule
from ronghe.domain.playbooks.services import end_adoption
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.domain.obligations.making import close, met_by
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db

FIXED_DAY = THEME_DAY.replace("FREQ=MONTHLY, window", '"FREQ=MONTHLY;BYMONTHDAY=25", window')
SEPTEMBER = date(2026, 9, 1)
AT = datetime(2026, 9, 14, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def field():
    """A branch with a theme day on the 25th, its secretary, and a clerk above."""
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE)
    branch = make_body("北支部", parent=committee)
    secretary, clerk = make_person("周启明", home=branch), make_person("周玉兰")
    make_post(secretary, PostRole.SECRETARY, body=branch)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    adopt(branch, playbook(FIXED_DAY), SEPTEMBER)
    return branch, secretary, clerk


def duty(occurrence: str = "2026-09-25") -> Obligation:
    return Obligation.objects.select_related("body", "version").get(occurrence=occurrence)


def move(actor, to: date, *, obligation: Obligation | None = None, reason: str = "抢修", at: datetime = AT):
    return move_planned_day(obligation=obligation or duty(), to=to, reason=reason, actor=actor, at=at)


def test_pm_05_the_fixed_day_is_moved_within_its_window_with_a_trace(field):
    branch, secretary, _clerk = field

    moved = move(secretary, date(2026, 9, 28))

    kept = ObligationMove.objects.get()
    assert (moved.planned_on, moved.revision) == (date(2026, 9, 28), 1)
    assert (kept.body, kept.was, kept.now, kept.reason, kept.moved_by) == (
        branch, date(2026, 9, 25), date(2026, 9, 28), "抢修", secretary,
    )  # fmt: skip
    fact = Fact.objects.get(kind="obligations.planned_day_moved")
    assert (fact.body, fact.values["from_day"], fact.values["day"]) == (branch.pk, "2026-09-25", "2026-09-28")


@pytest.mark.parametrize(
    ("to", "is_allowed"),
    [(date(2026, 9, 30), True), (date(2026, 10, 1), False), (date(2026, 9, 14), True), (date(2026, 8, 31), False)],
)
def test_pm_05_the_window_bounds_the_move(field, to, is_allowed):
    """The window is September; the last day still, the first of October no more."""
    _branch, secretary, _clerk = field
    if is_allowed:
        assert move(secretary, to).planned_on == to
        return
    with pytest.raises(OutsideWindow):
        move(secretary, to)
    assert ObligationMove.objects.count() == 0


def test_pm_05_nobody_moves_into_the_past(field):
    with pytest.raises(DayIsOver):
        move(field[1], date(2026, 9, 13))


def test_pm_05_what_a_playbook_fixes_stays(field):
    branch, secretary, _clerk = field
    fixed = FIXED_DAY.replace("answers:", "reschedule: fixed\n    answers:")
    other = make_body("南支部", parent=branch.parent)
    make_post(secretary, PostRole.SECRETARY, body=other)
    adopt(other, playbook(fixed, playbook_id="fixed_book"), SEPTEMBER)
    row = Obligation.objects.select_related("body", "version").get(body=other, occurrence="2026-09-25")

    assert row.definition.reschedule is Reschedule.FIXED
    assert days_open_to(row) is None
    with pytest.raises(DayIsFixed):
        move(secretary, date(2026, 9, 26), obligation=row)


def test_pm_05_what_a_playbook_allows_reaches_to_the_end_of_grace(field):
    branch, secretary, _clerk = field
    loose = FIXED_DAY.replace("answers:", "reschedule: allowed\n    answers:")
    other = make_body("南支部", parent=branch.parent)
    make_post(secretary, PostRole.SECRETARY, body=other)
    adopt(other, playbook(loose, playbook_id="loose_book"), SEPTEMBER)
    row = Obligation.objects.select_related("body", "version").get(body=other, occurrence="2026-09-25")

    assert days_open_to(row) == DaySpan(SEPTEMBER, date(2026, 10, 6))
    assert move(secretary, date(2026, 10, 5), obligation=row).planned_on == date(2026, 10, 5)


def test_move_without_words_is_refused(field):
    with pytest.raises(MoveReasonMissing):
        move(field[1], date(2026, 9, 28), reason="  ")


def test_window_without_a_day_of_its_own_has_nothing_to_move(field):
    branch, secretary, _clerk = field
    adopt(branch, playbook(THEME_DAY.replace("theme_day", "other_day"), playbook_id="other"), SEPTEMBER)
    row = Obligation.objects.select_related("body", "version").get(mechanism="other_day", occurrence="2026-09-01")

    with pytest.raises(NoPlannedDay):
        move(secretary, date(2026, 9, 28), obligation=row)


def test_what_is_met_is_not_moved(field):
    branch, secretary, _clerk = field
    close(branch, date(2026, 9, 10))

    with pytest.raises(AlreadySettled):
        move(secretary, date(2026, 9, 28))


def test_only_who_keeps_the_bodys_rhythm_moves_it(field):
    _branch, _secretary, clerk = field

    with pytest.raises(NotAllowed):
        move(clerk, date(2026, 9, 28))
    with pytest.raises(NotAllowed):
        move(make_person("外人"), date(2026, 9, 28))


def test_of_two_who_move_one_is_told(field):
    _branch, secretary, _clerk = field
    seen_by_both = duty()
    move(secretary, date(2026, 9, 28))

    with pytest.raises(Stale):
        move(secretary, date(2026, 9, 29), obligation=seen_by_both)


def test_moving_to_where_it_stands_changes_nothing(field):
    move(field[1], date(2026, 9, 25))

    assert ObligationMove.objects.count() == 0
    assert duty().revision == 0


def test_generating_again_keeps_what_was_moved(field):
    branch, secretary, _clerk = field
    move(secretary, date(2026, 9, 28))

    assert generate_obligations(at=AT) == Generated()
    assert generate_obligations(at=AT, body_ids=[branch.pk]) == Generated()
    assert duty().planned_on == date(2026, 9, 28)


def test_what_lapsed_and_came_back_finds_its_move_again(field):
    branch, secretary, clerk = field
    move(secretary, date(2026, 9, 28))
    adoption = branch.adoptions.get()
    make_post(clerk, PostRole.SECRETARY, body=branch.parent)
    end_adoption(adoption=adoption, until=SEPTEMBER, actor=clerk, at=AT)
    assert not Obligation.objects.exists()

    adopt(branch, playbook(FIXED_DAY, version=2), SEPTEMBER)

    assert duty().planned_on == date(2026, 9, 28)


def test_days_moved_by_a_recomputation_are_a_new_revision(field):
    """A calendar elsewhere must know which of two is the newer (RFC 5545, SEQUENCE)."""
    Obligation.objects.filter(occurrence="2026-10-25").update(grace_until=date(2026, 11, 1))

    assert generate_obligations(at=AT) == Generated(moved=1)
    assert (duty().revision, duty("2026-10-25").revision) == (0, 1)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("move"), st.integers(14, 30)),
            st.tuples(st.just("generate"), st.just(0)),
            st.tuples(st.just("record"), st.integers(1, 30)),
        ),
        max_size=6,
    )
)
def test_moves_records_and_recomputations_end_alike_in_whatever_order(field, transactional_savepoint, acts):
    """What is met does not depend on moves or on how often everything is computed; the last move stands."""
    branch, secretary, _clerk = field
    with transactional_savepoint():
        last, records = None, []
        for act, number in acts:
            day = date(2026, 9, number or 1)
            if act == "record":
                records.append((day, close(branch, day).pk))
            elif act == "generate":
                assert generate_obligations(at=AT) == Generated()
            elif not duty().is_settled:
                last = move(secretary, day).planned_on
        generate_obligations(at=AT, body_ids=[branch.pk])

        first = min(records, default=None)
        assert duty().planned_on == (last or date(2026, 9, 25))
        assert met_by().get(("北支部", "theme_day", "2026-09-25")) == (first[1] if first else None)
        assert duty().is_settled is bool(first)
