"""B1: two playbooks side by side, and what a new version of a document touches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.playbooks.calc.comparing import Difference, DutiesOfKind, compare, touched_mechanisms
from ronghe.domain.playbooks.calc.describing import described_mechanism, described_parts
from ronghe.domain.playbooks.calc.duties import duties_a_year
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.names import NAMES
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from tests.domain.obligations.calc.making import huddles, mechanism
from tests.domain.playbooks.calc.test_forms import AGREEMENT, CAMPAIGN, FORM, book
from tests.domain.playbooks.calc.test_loading import BASE, LIBRARY, OWN, changed


def test_compare_of_a_playbook_with_itself_finds_nothing():
    for playbook in shipped_playbooks():
        found = compare(playbook, playbook)

        assert found.is_same
        assert len(found.same) == len(playbook.mechanisms)
        assert all(one.gained == 0 for one in found.duties)


def test_compare_names_what_only_one_of_them_asks():
    found = compare(load_playbook(BASE).playbook, load_playbook(OWN, LIBRARY).playbook)

    assert [m.id for m in found.only_in_b] == ["force_theme_day"]
    assert found.only_in_a == ()
    assert found.duties == (
        DutiesOfKind(BodyKind.BRANCH, 12, 12),
        DutiesOfKind(BodyKind.TEMPORARY_PARTY_GROUP, 0, 6),
    )
    assert [(one.kind.value, one.gained) for one in found.duties] == [("branch", 0), ("temporary_party_group", 6)]


def test_compare_says_field_by_field_what_changed():
    old = book(BASE)
    new = book(changed("FREQ=MONTHLY, window: month", "FREQ=WEEKLY, window: week", BASE))

    (pair,) = compare(old, new).changed

    assert pair.differences == (
        Difference("cadence", "频次", "每月，法定工作日历", "每周，法定工作日历"),
        Difference("window", "限期", "当月", "当周"),
    )
    assert compare(old, new).duties[0].gained == 52 - 12


def test_compare_sees_every_new_key():
    old, new = book(BASE), book(BASE + FORM + AGREEMENT + CAMPAIGN + "keys: {notice_days: 7}\n")

    found = compare(old, new)

    fields = {pair.mechanism.id: [one.field for one in pair.differences] for pair in found.changed}
    assert fields == {"theme_day": ["days"], "lecture": ["days", "signs", "checks", "figures"]}
    assert [part.id for part in found.parts] == ["keys", "agreement", "campaign"]
    assert found.parts[0].differences == (Difference("notice_days", "结果公示几天", "", "7 个工作日"),)


def test_compare_pairs_by_id_and_then_by_title():
    renamed = book(changed("id: lecture", "id: class", BASE))

    (pair,) = [pair for pair in compare(book(BASE), renamed).pairs if pair.mechanism.id == "class"]

    assert (pair.a.id, pair.b.id, pair.is_same) == ("lecture", "class", True)


def test_compare_keeps_what_the_second_lacks_beside_its_neighbour():
    without_first = BASE.replace(BASE[BASE.index("  - id: theme_day") : BASE.index("  - id: lecture")], "")

    found = compare(book(BASE), book(without_first))

    assert [(pair.mechanism.id, pair.b is None) for pair in found.pairs] == [("theme_day", True), ("lecture", False)]
    assert [one.gained for one in found.duties] == [-12]


@given(st.lists(st.sampled_from(shipped_playbooks()), min_size=2, max_size=2))
def test_compare_loses_no_mechanism_and_reads_the_same_backwards(two: list[Playbook]):
    one, other = two
    forth, back = compare(one, other), compare(other, one)

    assert {pair.a.id for pair in forth.pairs if pair.a} == {m.id for m in one.mechanisms}
    assert [pair.b.id for pair in forth.pairs if pair.b] == [m.id for m in other.mechanisms]
    assert {m.id for m in forth.only_in_a} == {m.id for m in back.only_in_b}
    assert [duty.gained for duty in forth.duties] == [-duty.gained for duty in back.duties]


def test_touched_mechanisms_are_those_that_cite_the_document():
    """B1: a new version of a governing document lists the mechanisms it touches."""
    found = touched_mechanisms(book(BASE), "rules")

    assert [(one.mechanism.id, [cite.rule for cite in one.cites]) for one in found] == [("theme_day", ["PM-05"])]
    assert touched_mechanisms(book(BASE), "another") == ()


def test_touched_mechanisms_follow_a_documents_number_version_or_first_day():
    old = book(BASE)

    same = book(BASE)
    later = book(changed("2018-10-28", "2027-01-01", BASE))

    assert touched_mechanisms(old, same) == ()
    assert [one.mechanism.id for one in touched_mechanisms(old, later)] == ["theme_day"]


def test_duties_a_year_count_windows_times_sittings():
    assert duties_a_year(mechanism()) == 12
    assert duties_a_year(huddles()) == 730
    assert duties_a_year(mechanism("m", "FREQ=DAILY", "day", cadence={"working_day": "skip"})) == 248
    assert duties_a_year(mechanism("m", "FREQ=DAILY", "day", cadence={"working_day": "skip"}, calendar="site")) == 365


def test_duties_of_a_dated_mechanism_are_those_of_its_whole_life():
    assert duties_a_year(mechanism(from_on="2029-03-01", until_on="2029-06-01")) == 3
    assert duties_a_year(mechanism(from_on="2029-03-02", until_on="2029-06-01")) == 2
    assert duties_a_year(mechanism(until_on="2026-06-01")) == 5


def test_every_word_of_the_closed_lists_has_a_name():
    assert all(set(names) == set(kind) or kind.__name__ == "PeriodKind" for kind, names in NAMES.items())


def test_described_mechanism_says_what_a_clerk_wrote():
    one = huddles(calendar="site", expected=["staff_on_shift"], attendance={"ways": ["card"], "is_signature": True})

    said = {field.field: field.text for field in described_mechanism(book(BASE), one)}

    assert said["cadence"] == "每天，2 次，现场日历"
    assert said["window"] == "当天"
    assert said["attendance"] == "出示党员卡（签到同时算签字）"
    assert said["satisfied_by"].startswith("rhythm.activity_closed（activity_type = morning_huddle）；")


def test_described_parts_are_always_the_same_lists():
    ids = {tuple(part.id for part in described_parts(playbook)) for playbook in shipped_playbooks()}

    assert len(ids) == 1
