from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ronghe.domain.playbooks.calc.digest import digest_of
from ronghe.domain.playbooks.calc.library import Library, shipped_files
from ronghe.domain.playbooks.calc.loading import load_playbook, playbook_of
from ronghe.domain.playbooks.calc.model import Condition, Override, Words
from ronghe.domain.playbooks.calc.problems import Place
from ronghe.domain.playbooks.calc.vocabulary import AttendanceWay, BodyKind
from ronghe.kernel.errors import Unreadable

BASE = """\
schema: 1
id: home_rules
version: 2
title: {zh: 基础, en: Base}
dimensions: [{id: life, title: {zh: 组织生活, en: Life}}]
roles: [{id: secretary, title: {zh: 支部书记, en: Secretary}}]
documents: [{id: rules, title: {zh: 条例, en: Rules}, effective_from: 2018-10-28}]
mechanisms:
  - id: theme_day
    title: {zh: 主题党日, en: Theme day}
    dimension: life
    cites: [{document: rules, rule: PM-05}]
    for: [branch]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: theme_party_day}}]
  - id: lecture
    title: {zh: 党课, en: Lecture}
    dimension: life
    for: [branch]
    answers: secretary
"""

OWN = """\
schema: 1
id: task_force
version: 1
title: {zh: 攻关, en: Task force}
extends: [home_rules>=2]
mechanisms:
  - id: force_theme_day
    title: {zh: 攻关主题党日, en: Theme day of the task force}
    dimension: life
    for: [temporary_party_group]
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=2", window: month}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: theme_party_day}}]
    not_with: [theme_day]
"""

LIBRARY = Library(folders=(), texts={"base": BASE})


def findings(text: str, library: Library = LIBRARY) -> list[tuple[str, str, Place]]:
    return [(problem.code, problem.path_text, problem.place) for problem in load_playbook(text, library).problems]


def changed(old: str, new: str, text: str = BASE) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_load_playbook_reads_values():
    loaded = load_playbook(BASE)

    assert loaded.problems == ()
    assert loaded.playbook is not None
    mechanism = loaded.playbook.mechanism("theme_day")
    assert mechanism.title == Words("主题党日", "Theme day")
    assert mechanism.body_kinds == {BodyKind.BRANCH}
    assert mechanism.cites[0].rule == "PM-05"
    assert mechanism.satisfied_by[0].where == (Condition("activity_type", any_of=("theme_party_day",)),)
    assert mechanism.attendance.ways == tuple(AttendanceWay)
    assert loaded.playbook.mechanism("lecture").rhythm is None
    assert loaded.playbook.reference == "home_rules@2"


def test_load_playbook_reads_shares_exactly():
    text = changed("{activity_type: theme_party_day}", "{present: {at_least: 1/3, of: expected}}")

    mechanism = load_playbook(text).playbook.mechanism("theme_day")

    assert mechanism.satisfied_by[0].where == (Condition("present", at_least=Fraction(1, 3), of="expected"),)


def test_extends_joins_the_base_and_says_where_a_mechanism_came_from():
    playbook = load_playbook(OWN, LIBRARY).playbook

    assert [(m.id, m.origin) for m in playbook.mechanisms] == [
        ("theme_day", "home_rules"),
        ("lecture", "home_rules"),
        ("force_theme_day", "task_force"),
    ]
    assert [role.id for role in playbook.roles] == ["secretary"]
    assert playbook.overrides == ()


def test_extends_shows_what_is_written_anew():
    text = OWN.replace("id: force_theme_day", "id: theme_day").replace("    not_with: [theme_day]\n", "")

    playbook = load_playbook(text, LIBRARY).playbook

    assert playbook.overrides == (Override("theme_day", "home_rules", ("cadence", "cites", "for", "title")),)
    assert [(m.id, m.origin) for m in playbook.mechanisms] == [("theme_day", "task_force"), ("lecture", "home_rules")]


@pytest.mark.parametrize(
    ("line", "code"),
    [("home_rules>=3", "extends_too_old"), ("nobody", "extends_unknown"), ("task_force", "extends_cycle")],
)
def test_extends_refuses(line, code):
    assert findings(changed("home_rules>=2", line, OWN)) == [(code, "extends[0]", Place(5, 11))]


def test_extends_refuses_a_longer_cycle():
    library = Library(folders=(), texts={"base": changed("version: 2\n", "version: 2\nextends: [task_force]\n")})

    assert findings(OWN, library) == [("extends_broken", "extends[0]", Place(5, 11))]


def test_extends_refuses_bases_that_contradict_each_other_unless_written_anew():
    other = BASE.replace("id: home_rules", "id: other_rules").replace("zh: 党课,", "zh: 支部党课,")
    library = Library(folders=(), texts={"a": BASE, "b": other})
    both = changed("[home_rules>=2]", "[home_rules, other_rules]", OWN)

    assert [code for code, _path, _place in findings(both, library)] == ["extends_conflict"] * 2
    # theme_day comes from two origins as well; a file that writes both anew settles it
    settled = both + BASE.split("mechanisms:\n")[1]
    assert findings(settled, library) == []


def test_extends_takes_the_highest_version_on_the_shelf():
    library = Library(folders=(), texts={"old": BASE, "new": changed("version: 2", "version: 5")})

    assert findings(changed(">=2", ">=5", OWN), library) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("version: 2", "version: two", "wrong_type", "version"),
        ("version: 2", "version: 0", "out_of_range", "version"),
        ("schema: 1", "schema: 2", "not_a_choice", "schema"),
        ("id: home_rules", "id: Home", "malformed", "id"),
        ("{zh: 党课, en: Lecture}", "{zh: 党课}", "missing_words", "mechanisms[1].title"),
        ("{zh: 党课, en: Lecture}", "{zh: '', en: Lecture}", "too_short", "mechanisms[1].title.zh"),
        ("window: month", "window: fortnight", "not_a_choice", "mechanisms[0].cadence.window"),
        ("    cites:", "    citse:", "unknown_key", "mechanisms[0].citse"),
        ("FREQ=MONTHLY", "FREQ=HOURLY", "cadence_too_often", "mechanisms[0].cadence.rrule"),
        ("FREQ=MONTHLY", "每月", "cadence_unreadable", "mechanisms[0].cadence.rrule"),
        ("document: rules", "document: law", "unknown_document", "mechanisms[0].cites[0].document"),
        ("PM-05", "第五条", "malformed", "mechanisms[0].cites[0].rule"),
        ("2018-10-28", "2018-02-30", "not_a_day", "documents[0].effective_from"),
        ("id: lecture", "id: theme_day", "duplicate_id", "mechanisms[1].id"),
        ("{activity_type: theme_party_day}", "{present: {of: expected}}", "condition_without_bound",
         "mechanisms[0].satisfied_by[0].where.present"),
        ("{activity_type: theme_party_day}", "{present: {at_least: 3, at_most: 2}}", "never_satisfied",
         "mechanisms[0].satisfied_by[0].where.present"),
        ("    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: theme_party_day}}]\n", "",
         "never_satisfied", "mechanisms[0]"),
    ],
)  # fmt: skip
def test_check_finds_the_fault_at_its_path(old, new, code, path):
    assert [(found[0], found[1]) for found in findings(changed(old, new))] == [(code, path)]


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ("    counts_for: [six]\n", "unknown_group", "mechanisms[1].counts_for[0]"),
        ("    sequence: {after: [nobody]}\n", "unknown_mechanism", "mechanisms[1].sequence.after[0]"),
        ("    sequence: {after: [lecture]}\n", "sequence_cycle", "mechanisms[1].sequence"),
        ("    not_with: [lecture]\n", "not_with_itself", "mechanisms[1].not_with[0]"),
        ("    time: {from: '08:00', until: '08:00'}\n", "time_order", "mechanisms[1].time"),
        ("    time: {from: '8:00', until: '24:00'}\n", "malformed", "mechanisms[1].time.from"),
    ],
)
def test_check_finds_the_fault_of_a_further_line(line, code, path):
    assert findings(BASE + line)[0][:2] == (code, path)


def test_check_finds_a_cycle_of_three_once():
    text = changed("    cites:", "    sequence: {after: [drill]}\n    cites:") + "    sequence: {after: [theme_day]}\n"
    text += "  - {id: drill, title: {zh: 演练, en: Drill}, dimension: life, for: [branch], answers: secretary, sequence: {after: [lecture]}}\n"

    (found,) = load_playbook(text).problems

    assert (found.code, found.message) == (
        "sequence_cycle",
        "先后次序绕成了圈：theme_day → drill → lecture → theme_day。",
    )


def test_check_names_line_column_and_a_likely_spelling():
    (found,) = load_playbook(changed("    cites:", "    citse:")).problems

    assert (found.place, found.message) == (Place(12, 5), "不认识“citse”，是不是“cites”？")


def test_check_warns_where_a_working_day_rule_has_no_effect():
    text = changed("window: month}", "window: month, working_day: next}\n    calendar: every_day")

    loaded = load_playbook(text)

    assert [problem.code for problem in loaded.problems] == ["working_day_without_effect"]
    assert loaded.is_usable


def test_check_of_a_file_that_is_no_mapping():
    assert findings("- a\n") == [("wrong_type", "", Place(1, 1))]
    assert findings("") == [("wrong_type", "", Place())]


def test_digest_is_that_of_what_the_playbook_says():
    one = load_playbook(BASE).playbook
    spaced = load_playbook("# a comment\n" + BASE.replace("version: 2", "version:   2")).playbook
    other = load_playbook(changed("zh: 党课,", "zh: 支部党课,")).playbook

    assert one.digest == spaced.digest
    assert one.digest != other.digest
    assert digest_of(one.content) == one.digest


def test_digest_changes_when_a_base_changes():
    other = Library(folders=(), texts={"base": changed("zh: 党课,", "zh: 支部党课,")})

    assert load_playbook(OWN, LIBRARY).playbook.digest != load_playbook(OWN, other).playbook.digest


def test_playbook_of_kept_content_is_the_same_playbook():
    playbook = load_playbook(OWN, LIBRARY).playbook

    assert playbook_of(playbook.content) == playbook


def test_load_playbook_refuses_a_file_that_is_no_text(tmp_path: Path):
    path = tmp_path / "book.yaml"
    path.write_bytes("标题".encode("gb18030"))

    with pytest.raises(Unreadable) as caught:
        load_playbook(path)

    assert "另存为 UTF-8" in str(caught.value)


def test_load_playbook_finds_a_base_beside_the_file(tmp_path: Path):
    (tmp_path / "home.yaml").write_text(BASE, encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(OWN, encoding="utf-8-sig")

    assert load_playbook(own, Library(folders=())).problems == ()


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_shipped_playbook_has_nothing_to_report(path):
    loaded = load_playbook(path)

    assert loaded.problems == ()
    assert loaded.playbook.id == path.stem
