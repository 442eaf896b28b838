"""What may be written as a fact, what is refused, and what comes with it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.services.people import join_body
from ronghe.kernel.calendar.moments import MomentWithoutZone
from ronghe.kernel.facts import record as recording
from ronghe.kernel.facts.kinds import Code, Day, FactKind, FactRefused, Flag, Whole, choice, declare
from ronghe.kernel.facts.models import Fact, FactKey
from ronghe.kernel.facts.record import Draft, on_fact, record, record_many, reverse
from tests.factories.org import SET_UP_AT, make_body, make_person

SHIFT_WALKED = declare("test.shift_walked", "巡检", attributes={"line": Code(), "valves": Whole(), "is_night": Flag()})
HOURS_SAVED = declare("test.hours_saved", "节约工时", measure="hour", attributes={"role": choice("lead", "helper")})
DRILL_HELD = declare("test.drill_held", "演练", attributes={"day": Day()})
NEVER_DECLARED = FactKind("test.never_declared", "没有声明的")


@pytest.mark.django_db
def test_record_writes_what_happened_and_who_wrote_it(morning):
    wang, li = make_person("王强"), make_person("李敏")

    fact = record(
        Draft(SHIFT_WALKED, morning, wang, about=li, body=3, unit=4, zone=5, project=6, source=li,
              attributes={"line": "south_1", "valves": 12, "is_night": False})
    )  # fmt: skip

    stored = Fact.objects.get(pk=fact.pk)
    assert (stored.kind, stored.occurred_at, stored.recorded_by, stored.subject) == (
        "test.shift_walked", morning, wang.token, li.token,
    )  # fmt: skip
    assert (stored.body, stored.unit, stored.zone, stored.project) == (3, 4, 5, 6)
    assert (stored.source_type, stored.source_id) == ("org.person", li.pk)
    assert stored.values == {"line": "south_1", "valves": 12, "is_night": False}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attributes",
    [
        {"remark": "今天很累"},
        {"line": "一号线"},
        {"line": ""},
        {"line": "x" * 65},
        {"line": "11010519491231002X"},
        {"line": "13800138000"},
        {"valves": "12"},
        {"valves": 1.0},
        {"valves": True},
        {"is_night": 1},
        {"is_night": "no"},
    ],
)
def test_record_refuses_attributes_that_were_not_declared_so(morning, attributes):
    with pytest.raises(FactRefused):
        record(Draft(SHIFT_WALKED, morning, None, attributes=attributes))

    assert Fact.objects.count() == 0


@pytest.mark.django_db
def test_record_refuses_a_word_outside_the_closed_list(morning):
    with pytest.raises(FactRefused):
        record(Draft(HOURS_SAVED, morning, None, quantity=1, attributes={"role": "boss"}))


@pytest.mark.django_db
def test_record_keeps_a_day_as_a_day_and_refuses_a_moment_for_it(morning):
    fact = record(Draft(DRILL_HELD, morning, None, attributes={"day": date(2026, 9, 14)}))

    assert fact.values == {"day": "2026-09-14"}
    with pytest.raises(FactRefused):
        record(Draft(DRILL_HELD, morning, None, attributes={"day": morning}))


@pytest.mark.django_db
def test_record_leaves_out_attributes_without_a_value(morning):
    assert record(Draft(SHIFT_WALKED, morning, None, attributes={"line": None, "valves": 0})).values == {"valves": 0}


@pytest.mark.django_db
def test_record_refuses_a_kind_that_nobody_declared(morning):
    with pytest.raises(FactRefused):
        record(Draft(NEVER_DECLARED, morning, None))


@pytest.mark.django_db
def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        declare("test.shift_walked", "又一个巡检")


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "quantity"), [(SHIFT_WALKED, Decimal(1)), (HOURS_SAVED, None)])
def test_record_wants_a_quantity_exactly_where_the_kind_has_a_measure(morning, kind, quantity):
    with pytest.raises(FactRefused):
        record(Draft(kind, morning, None, quantity=quantity))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quantity", "stored"),
    [(Decimal("0.0001"), 1), (Decimal("7.5"), 75_000), (3, 30_000), (Decimal(-2), -20_000), (Decimal(0), 0)],
)
def test_amounts_are_stored_exactly_in_ten_thousandths(morning, quantity, stored):
    fact = record(Draft(HOURS_SAVED, morning, None, quantity=quantity))

    assert (Fact.objects.get(pk=fact.pk).quantity, fact.measure) == (stored, "hour")


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [Decimal("0.00001"), Decimal("NaN"), Decimal("Infinity"), 0.5])
def test_amounts_that_cannot_be_stored_exactly_are_refused(morning, quantity):
    with pytest.raises(FactRefused):
        record(Draft(HOURS_SAVED, morning, None, quantity=quantity))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_every_amount_with_four_places_comes_back_as_it_was(quantity):
    assert Decimal(recording._stored(quantity, "test.hours_saved")) / 10_000 == quantity


@pytest.mark.django_db
def test_record_refuses_a_time_without_a_zone():
    with pytest.raises(MomentWithoutZone):
        record(Draft(SHIFT_WALKED, datetime(2026, 9, 14, 7, 40), None))


@pytest.mark.django_db
def test_the_same_key_a_second_time_gives_the_first_fact_and_writes_nothing(morning):
    first = record(Draft(SHIFT_WALKED, morning, None), key="phone-1:17")
    again = record(Draft(SHIFT_WALKED, morning + timedelta(hours=1), None), key="phone-1:17")
    other = record(Draft(SHIFT_WALKED, morning, None), key="phone-1:18")

    assert (again.pk, again.occurred_at) == (first.pk, first.occurred_at)
    assert list(Fact.objects.order_by("pk").values_list("pk", flat=True)) == [first.pk, other.pk]


@pytest.mark.usefixtures("committing_db")
def test_the_same_key_from_two_sides_at_once_makes_one_fact(morning):
    gate, made = threading.Barrier(4), []

    def send() -> None:
        gate.wait()
        made.append(record(Draft(SHIFT_WALKED, morning, None), key="phone-1:17").pk)
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert made == [Fact.objects.get().pk] * 4
    assert FactKey.objects.count() == 1


@pytest.mark.django_db
def test_record_many_writes_all_or_none(morning):
    with pytest.raises(FactRefused):
        record_many(
            [Draft(SHIFT_WALKED, morning, None), Draft(SHIFT_WALKED, morning, None, attributes={"valves": "x"})]
        )

    assert Fact.objects.count() == 0


@pytest.fixture
def listening():
    """Register a handler and forget it again."""
    before = {kind: list(handlers) for kind, handlers in recording._handlers.items()}
    yield on_fact
    recording._handlers.clear()
    recording._handlers.update(before)


@pytest.mark.django_db
def test_a_handler_is_told_of_facts_of_its_kind_only(morning, listening):
    heard = []
    listening(SHIFT_WALKED)(lambda fact: heard.append(fact.pk))

    walked = record(Draft(SHIFT_WALKED, morning, None))
    record(Draft(DRILL_HELD, morning, None))

    assert heard == [walked.pk]


@pytest.mark.django_db
def test_a_handler_that_fails_takes_the_fact_and_its_key_back(morning, listening):
    def refuse(_fact: Fact) -> None:
        raise FactRefused(kind="test", why="no")

    listening(SHIFT_WALKED)(refuse)

    with pytest.raises(FactRefused):
        record(Draft(SHIFT_WALKED, morning, None), key="once")
    assert (Fact.objects.count(), FactKey.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_fact_goes_with_the_act_that_failed_after_it(morning):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Draft(SHIFT_WALKED, morning, None))
        _ = 1 // 0

    assert Fact.objects.count() == 0


@pytest.mark.django_db
def test_a_fact_carries_the_home_branch_of_that_day(morning):
    """PO-12: the home changed on 10 September; facts before it and on it name different branches."""
    old, new = make_body(), make_body()
    chen = make_person("陈波", home=old)
    join_body(person=chen, body=new, kind=MembershipKind.HOME, since=date(2026, 9, 10), actor=None, at=SET_UP_AT)
    days = [datetime(2026, 9, day, 23, 59, tzinfo=morning.tzinfo) for day in (9, 10, 14)]

    facts = record_many([Draft(SHIFT_WALKED, day, None, about=chen) for day in days])

    assert [fact.home_body for fact in facts] == [old.pk, new.pk, new.pk]


@pytest.mark.django_db
def test_the_day_of_a_home_is_the_day_in_shanghai():
    """16:00 UTC on the 9th is already the 10th."""
    old, new = make_body(), make_body()
    chen = make_person("陈波", home=old)
    join_body(person=chen, body=new, kind=MembershipKind.HOME, since=date(2026, 9, 10), actor=None, at=SET_UP_AT)
    midnight = datetime(2026, 9, 9, 16, 0, tzinfo=UTC)

    facts = [
        record(Draft(SHIFT_WALKED, moment, None, about=chen)) for moment in (midnight - timedelta(seconds=1), midnight)
    ]

    assert [fact.home_body for fact in facts] == [old.pk, new.pk]


@pytest.mark.django_db
def test_a_person_without_a_branch_and_a_fact_about_nobody_have_no_home(morning):
    guest = make_person("来访人员")

    assert record(Draft(SHIFT_WALKED, morning, None, about=guest)).home_body is None
    assert record(Draft(SHIFT_WALKED, morning, None)).home_body is None


@pytest.mark.django_db
def test_reversing_negates_the_amount_and_names_what_it_reverses(morning):
    zhao = make_person("赵刚", home=make_body())
    fact = record(Draft(HOURS_SAVED, morning, zhao, about=zhao, quantity=Decimal("2.5"), attributes={"role": "lead"}))

    undone = reverse(fact, by=zhao, at=morning + timedelta(days=40))

    assert (undone.reverses, undone.quantity, undone.kind) == (fact.pk, -25_000, fact.kind)
    assert (undone.subject, undone.home_body, undone.attributes) == (fact.subject, fact.home_body, fact.attributes)
    assert Fact.objects.get(pk=fact.pk).quantity == 25_000


@pytest.mark.django_db
def test_a_fact_is_reversed_once_and_a_reversal_never(morning):
    zhao = make_person("赵刚")
    fact = record(Draft(SHIFT_WALKED, morning, zhao))
    undone = reverse(fact, by=zhao, at=morning)

    for again in (fact, undone):
        with pytest.raises(FactRefused):
            reverse(again, by=zhao, at=morning)

    assert Fact.objects.filter(kind="test.shift_walked").count() == 2


@pytest.mark.usefixtures("committing_db")
def test_two_who_reverse_the_same_fact_at_once_have_one_winner(morning):
    zhao = make_person("赵刚")
    fact = record(Draft(SHIFT_WALKED, morning, zhao))
    gate, ends = threading.Barrier(2), []

    def undo() -> None:
        gate.wait()
        try:
            ends.append(reverse(fact, by=zhao, at=morning).reverses)
        except FactRefused as refusal:
            ends.append(refusal.code)
        connection.close()

    pair = [threading.Thread(target=undo) for _ in range(2)]
    for one in pair:
        one.start()
    for one in pair:
        one.join()

    assert sorted(ends, key=str) == [fact.pk, "fact_refused"]
    assert Fact.objects.filter(reverses=fact.pk).count() == 1


@pytest.mark.django_db
def test_a_handler_hears_of_a_reversal(morning, listening):
    zhao = make_person("赵刚")
    fact = record(Draft(SHIFT_WALKED, morning, zhao))
    heard = []
    listening(SHIFT_WALKED)(lambda told: heard.append(told.reverses))

    reverse(fact, by=zhao, at=morning)

    assert heard == [fact.pk]


def test_people_enter_facts_as_random_numbers_that_every_reader_of_json_keeps():
    from ronghe.domain.org.models.people import new_token

    tokens = {new_token() for _ in range(2000)}

    assert len(tokens) == 2000
    assert all(1 <= token < 2**53 for token in tokens)
