"""Who lacks what for which work, on plain values: every boundary of training, certificates and breaks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ronghe.domain.qualifications.calc.book import SHIPPED, book_of
from ronghe.domain.qualifications.calc.fitness import Break, Held, Lesson, Record, lacking, relearn_from

BOOK = book_of()
ON = date(2026, 9, 14)
DAY = timedelta(days=1)
HOT, ENTRY = BOOK.operations["hot_work"], BOOK.operations["entry"]
WELDING, CRANE = BOOK.kinds["welding_and_cutting"], BOOK.kinds["crane"]


def lessons(*, on: date = ON, hours: str = "24", passed: bool | None = True, levels=tuple(BOOK.levels)):
    return [Lesson(level, on, Decimal(hours), passed) for level in levels]


def codes(record: Record, operation=ENTRY, on: date = ON) -> list[str]:
    return [lack.code for lack in lacking(record, operation, BOOK, on)]


def welder(*, issued=date(2024, 9, 15), review=date(2027, 9, 14), expires=date(2030, 9, 14), practiced=()):
    return Held(WELDING, issued, review, expires, practiced)


def test_the_eight_kinds_of_special_work_are_in_the_book_pw_01():
    eight = {"hot_work", "confined_space", "blind_plate", "work_at_height", "lifting", "temporary_power", "excavation",
             "road_breaking"}  # fmt: skip

    assert eight <= BOOK.operations.keys()


def test_seventy_two_hours_in_three_levels_let_in_pc_11():
    assert codes(Record(lessons())) == []
    assert codes(Record(lessons(hours="23.9"))) == ["training_hours"] * 3
    assert codes(Record(lessons(hours="24.1"))) == []
    assert codes(Record()) == [*["training_hours"] * 3, "exam"]


def test_hours_of_one_level_add_up_and_do_not_stand_for_another_pc_11():
    split = [*lessons(hours="12"), *lessons(hours="12")]
    one_sided = lessons(hours="72", levels=("company",))

    assert codes(Record(split)) == []
    assert codes(Record(one_sided)) == ["training_hours", "training_hours"]


def test_without_a_passed_exam_nobody_gets_a_pass_pc_19():
    assert codes(Record(lessons(passed=None))) == ["exam"]
    failed_then_passed = [*lessons(on=ON - DAY, passed=False), *lessons()]
    passed_then_failed = [*lessons(on=ON - DAY), Lesson("team", ON, Decimal(1), passed=False)]

    assert codes(Record(failed_then_passed)) == []
    assert codes(Record(passed_then_failed)) == ["exam"]


@pytest.mark.parametrize(
    ("on", "found"),
    [(date(2027, 9, 13), []), (date(2027, 9, 14), ["yearly_hours"]), (date(2027, 9, 15), ["yearly_hours"])],
)
def test_from_the_first_anniversary_on_a_year_asks_for_twenty_hours_pc_11(on, found):
    assert codes(Record(lessons()), on=on) == found


@pytest.mark.parametrize(("hours", "found"), [("19.9", ["yearly_hours"]), ("20", []), ("20.1", [])])
def test_twenty_hours_of_the_last_year_are_enough_pc_11(hours, found):
    later = ON + timedelta(days=500)
    yearly = Lesson("yearly", later - timedelta(days=30), Decimal(hours), passed=None)

    assert codes(Record([*lessons(), yearly]), on=later) == found


def test_hours_older_than_a_year_do_not_count_pc_11():
    later = date(2028, 9, 14)
    just_too_old = Lesson("yearly", date(2027, 9, 14), Decimal(20), passed=None)
    just_in_time = Lesson("yearly", date(2027, 9, 15), Decimal(20), passed=None)

    assert codes(Record([*lessons(), just_too_old]), on=later) == ["yearly_hours"]
    assert codes(Record([*lessons(), just_in_time]), on=later) == []


@pytest.mark.parametrize(
    ("began", "ended", "anew"),
    [
        (date(2025, 8, 2), date(2026, 8, 1), None),
        (date(2025, 8, 1), date(2026, 8, 1), date(2026, 8, 1)),
        (date(2025, 7, 31), date(2026, 8, 1), date(2026, 8, 1)),
    ],
)
def test_a_year_away_is_learnt_anew_pc_12(began, ended, anew):
    assert relearn_from(Record(breaks=[Break(began, ended, is_transfer=False)]), BOOK, ON) == anew


def test_a_change_of_post_asks_for_the_lower_levels_again_pc_12():
    moved = Break(ON - DAY, ON - DAY, is_transfer=True)
    before = lessons(on=ON - 2 * DAY)
    again = lessons(on=ON - DAY, levels=("project", "team"))

    assert codes(Record(before, breaks=[moved])) == ["relearning", "relearning"]
    assert codes(Record([*before, *again], breaks=[moved])) == []
    assert codes(Record(before, breaks=[Break(ON + DAY, ON + DAY, is_transfer=True)])) == []


def test_no_certificate_no_name_on_a_permit_pw_11():
    assert codes(Record(lessons()), HOT) == ["no_certificate"]
    assert codes(Record(lessons(), [Held(CRANE, date(2024, 1, 1), None, date(2027, 12, 31))]), HOT) == [
        "no_certificate"
    ]
    assert codes(Record(lessons(), [welder()]), HOT) == []
    assert codes(Record(lessons(), [welder(issued=ON + DAY)]), HOT) == ["no_certificate"]


@pytest.mark.parametrize(("expires", "found"), [(ON - DAY, ["certificate_expired"]), (ON, []), (ON + DAY, [])])
def test_a_certificate_holds_on_its_last_day_pc_14(expires, found):
    assert codes(Record(lessons(), [welder(review=None, expires=expires)]), HOT) == found


@pytest.mark.parametrize(("review", "found"), [(ON - DAY, ["review_overdue"]), (ON, []), (ON + DAY, [])])
def test_a_certificate_holds_until_its_review_is_due_pc_14(review, found):
    assert codes(Record(lessons(), [welder(review=review)]), HOT) == found


def test_a_guardian_has_a_certificate_of_the_units_own_training_pw_06():
    guarding = BOOK.operations["guarding"]
    certificate = Held(BOOK.kinds["guardian"], ON, None, date(2029, 9, 13))

    assert codes(Record(lessons()), guarding) == ["no_certificate"]
    assert codes(Record(lessons(), [certificate]), guarding) == []


def test_one_good_certificate_of_several_is_enough_pw_11():
    power = BOOK.operations["temporary_power"]
    low = Held(BOOK.kinds["low_voltage_electrician"], date(2018, 1, 1), None, date(2023, 12, 31))
    high = Held(BOOK.kinds["high_voltage_electrician"], date(2024, 1, 1), date(2026, 12, 31), date(2029, 12, 31))

    assert codes(Record(lessons(), [low]), power) == ["certificate_expired"]
    assert codes(Record(lessons(), [low, high]), power) == []


@pytest.mark.parametrize(
    ("began", "found"), [(date(2026, 3, 2), []), (date(2026, 3, 1), ["practice"]), (date(2026, 2, 28), ["practice"])]
)
def test_six_months_away_ask_for_a_practical_exam_pc_15(began, found):
    away = Break(began, date(2026, 9, 1), is_transfer=False)

    assert codes(Record(lessons(), [welder()], [away]), HOT) == found
    assert codes(Record(lessons(), [welder(practiced=(date(2026, 9, 1),))], [away]), HOT) == []
    assert codes(Record(lessons(), [welder(practiced=(date(2026, 8, 31),))], [away]), HOT) == found


def test_a_bar_of_health_is_named_without_its_reason_pw_11():
    [lack] = lacking(Record(lessons(), [welder()], is_barred=True), HOT, BOOK, ON)

    assert (lack.code, lack.rule, lack.said) == ("health", "PW-11", {})


def test_every_lack_says_what_is_missing_and_which_rule_says_so():
    said = [str(lack) for lack in lacking(Record(is_barred=True), HOT, BOOK, ON)]

    assert said[0] == "公司级安全教育只有 0 学时，应有 24 学时（PC-11）"
    assert said[-2:] == [
        "没有“焊接与热切割作业”证件（PW-11）",
        "健康原因不宜从事这项作业，请与安全管理人员联系（PW-11）",
    ]


days = some.dates(date(2024, 1, 1), date(2026, 12, 31))
any_lesson = some.builds(
    Lesson, level=some.sampled_from([*BOOK.levels, "yearly"]), held_on=days,
    hours=some.integers(1, 24).map(Decimal), passed=some.sampled_from([True, None]),
)  # fmt: skip


@given(held=some.lists(any_lesson, max_size=12), more=some.lists(any_lesson, max_size=4))
def test_more_training_without_a_failed_exam_never_takes_hours_away(held, more):
    """Each level's hours only grow; that a later initial lesson moves the anniversary is asked apart."""
    hours = {"training_hours", "exam"}
    before = [lack for lack in lacking(Record(held), ENTRY, BOOK, ON) if lack.code in hours]
    after = [lack for lack in lacking(Record([*held, *more]), ENTRY, BOOK, ON) if lack.code in hours]

    assert len(after) <= len(before)


MANAGING = BOOK.operations["managing"]
YEAR_ON = date(2027, 9, 14)


def taught(*parts: tuple[date, str, bool | None]) -> Record:
    return Record([Lesson("manager", on, Decimal(hours), passed) for on, hours, passed in parts])


@pytest.mark.parametrize(
    ("parts", "lack"),
    [
        ((), ["manager_hours"]), (((ON, "47.9", True),), ["manager_hours"]), (((ON, "48", True),), []),
        (((ON, "24", None), (ON, "24", True)), []), (((ON, "48", None),), ["manager_exam"]),
        (((ON - DAY, "48", True), (ON, "1", False)), ["manager_exam"]), (((ON, "48", False),), ["manager_hours"]),
    ],
)  # fmt: skip
def test_managers_learn_forty_eight_hours_first_and_pass_pc_13(parts, lack):
    assert codes(taught(*parts), MANAGING) == lack


@pytest.mark.parametrize(
    ("more", "on", "lack"),
    [
        ((), YEAR_ON - DAY, []), ((), YEAR_ON, ["manager_yearly"]),
        (((YEAR_ON - DAY, "15.9", None),), YEAR_ON, ["manager_yearly"]), (((YEAR_ON - DAY, "16", None),), YEAR_ON, []),
        (((ON, "16", None),), YEAR_ON, ["manager_yearly"]),
    ],
)  # fmt: skip
def test_managers_learn_sixteen_hours_a_year_from_the_first_anniversary_on_pc_13(more, on, lack):
    assert codes(taught((ON, "48", True), *more), MANAGING, on) == lack


def test_the_three_levels_do_not_stand_for_the_hours_of_managers_nor_they_for_them_pc_13():
    assert codes(Record(lessons(hours="72")), MANAGING) == ["manager_hours"]
    assert codes(taught((ON, "200", True))) == [*["training_hours"] * 3, "exam"]
    assert [lack.rule for lack in lacking(Record(), MANAGING, BOOK, ON)] == ["PC-13"]


def test_a_house_s_own_book_without_managers_asks_nothing_of_them(tmp_path):
    text = SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text("\n".join(line for line in text.splitlines() if "managers: {" not in line), encoding="utf-8")
    book = book_of(own)

    assert book.managers is None
    assert lacking(Record(), book.operations["managing"], book, ON) == []
