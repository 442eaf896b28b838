"""What a model gives people to fill in: checklists, agreements, campaigns, keys."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.playbooks.calc.digest import canonical_text
from ronghe.domain.playbooks.calc.forms import (
    PLACEHOLDERS,
    AgreementGoalForm,
    FormFigure,
    PlaceholderUnknown,
    filled,
    placeholders_in,
)
from ronghe.domain.playbooks.calc.keys import KEYS, key_default
from ronghe.domain.playbooks.calc.library import Library
from ronghe.domain.playbooks.calc.loading import load_playbook, playbook_of
from ronghe.domain.playbooks.calc.phrases import Entry, Words
from ronghe.domain.playbooks.calc.vocabulary import Better, GoalHead, Reschedule, Signs
from tests.domain.playbooks.calc.test_loading import BASE, LIBRARY, OWN, changed

FORM = """\
    form:
      checks: [{id: helmet, title: {zh: 安全帽, en: Helmets}}]
      figures: [{id: hired, title: {zh: 外雇工, en: Hired workers}, unit: {zh: 人, en: people}},
                {id: depth, title: {zh: 深度, en: Depth}, unit: {zh: 米, en: m}, whole: false}]
      signs: everyone
    reschedule: fixed
"""

AGREEMENT = """\
agreement:
  title: {zh: 意向书, en: Letter of intent}
  preamble: {zh: "{parties}就{project}约定如下。", en: "{parties} agree on {project}."}
  sections:
    - {id: idea, title: {zh: 总体思路, en: Idea}, text: {zh: "自{starts_on}起。", en: "From {starts_on} to {ends_on}."}}
  goals:
    - {id: held, head: party_building, title: {zh: 联学次数, en: Studies}, unit: {zh: 次, en: times}, target: 12}
    - {id: stops, head: project, title: {zh: 停机, en: Stops}, unit: {zh: 小时, en: h}, better: down, baseline: 0.50}
"""

CAMPAIGN = """\
campaign:
  starts: 2026-03-01
  ends: 2027-01-01
  stages:
    - {id: start, title: {zh: 启动, en: Start}, from_on: 2026-03-01, until_on: 2026-05-01, mechanisms: [lecture]}
    - {id: run, title: {zh: 推进, en: Run}, from_on: 2026-05-01, until_on: 2027-01-01}
  report: [{id: results, title: {zh: 成效, en: Results}}]
"""


def book(text: str, library: Library = LIBRARY):
    loaded = load_playbook(text, library)
    assert loaded.playbook is not None, [problem.message for problem in loaded.problems]
    return loaded.playbook


def codes(text: str, library: Library = LIBRARY) -> list[tuple[str, str]]:
    return [(problem.code, problem.path_text) for problem in load_playbook(text, library).problems]


def test_mechanism_form_carries_checks_figures_and_who_signs():
    mechanism = book(BASE + FORM).mechanism("lecture")

    assert mechanism.checks == (Entry("helmet", Words("安全帽", "Helmets")),)
    assert mechanism.figures == (
        FormFigure("hired", Words("外雇工", "Hired workers"), Words("人", "people"), whole=True),
        FormFigure("depth", Words("深度", "Depth"), Words("米", "m"), whole=False),
    )
    assert (mechanism.signs, mechanism.reschedule) == (Signs.EVERYONE, Reschedule.FIXED)


def test_mechanism_says_nothing_of_forms_unless_the_file_does():
    """PM-05: a fixed day may be moved within its window where the file is silent."""
    mechanism = book(BASE).mechanism("theme_day")

    assert (mechanism.checks, mechanism.figures, mechanism.signs) == ((), (), Signs.NONE)
    assert (mechanism.reschedule, mechanism.from_on) == (Reschedule.WITHIN_WINDOW, None)


def test_agreement_is_read_with_its_goals():
    agreement = book(BASE + AGREEMENT).agreement

    assert [section.id for section in agreement.sections] == ["idea"]
    assert agreement.goals == (
        AgreementGoalForm(
            "held", GoalHead.PARTY_BUILDING, Words("联学次数", "Studies"), Words("次", "times"), Better.UP, None, "12"
        ),
        AgreementGoalForm(
            "stops", GoalHead.PROJECT, Words("停机", "Stops"), Words("小时", "h"), Better.DOWN, "0.5", None
        ),
    )


def test_agreement_is_taken_over_from_a_base_unless_written_anew():
    library = Library(folders=(), texts={"base": BASE + AGREEMENT})

    assert book(OWN, library).agreement.title.zh == "意向书"
    assert book(OWN + AGREEMENT.replace("zh: 意向书", "zh: 协议"), library).agreement.title.zh == "协议"


def test_filled_text_has_the_names_in_and_never_reads_what_was_filled_in():
    assert filled("{parties}：{project}", project="{parties}站", parties="甲、乙", starts_on="", ends_on="") == (
        "甲、乙：{parties}站"
    )


@given(st.text(alphabet="{}ab!:.0[]project甲", max_size=30))
def test_a_text_that_is_let_through_can_be_filled(text):
    try:
        names = placeholders_in(text)
    except PlaceholderUnknown:
        return
    assert set(names) <= set(PLACEHOLDERS)
    assert "{" not in filled(text, **dict.fromkeys(PLACEHOLDERS, "")) or "{{" in text


@pytest.mark.parametrize("text", ["{name}", "{project.title}", "{project!r}", "{project:>5}", "{}", "{", "x}", "{0}"])
def test_placeholders_refuse_what_nothing_fills(text):
    with pytest.raises(PlaceholderUnknown):
        placeholders_in(text)


def test_check_finds_an_open_place_that_nothing_fills():
    text = AGREEMENT.replace("自{starts_on}起", "自{day}起")

    (found,) = load_playbook(BASE + text).problems

    assert (found.code, found.path_text) == ("unknown_placeholder", "agreement.sections[0].text.zh")
    assert found.message.startswith("空位“{day}”没有内容可填。可以用：{project}、")


def test_campaign_bounds_its_own_mechanisms_and_not_those_of_a_base():
    own = book(OWN + CAMPAIGN)

    assert own.campaign.stage_on(date(2026, 4, 30)).id == "start"
    assert own.campaign.stage_on(date(2026, 5, 1)).id == "run"
    assert own.campaign.stage_on(date(2027, 1, 1)) is None
    bounds = {m.id: (m.from_on, m.until_on) for m in own.mechanisms}
    assert bounds == {
        "theme_day": (None, None),
        "lecture": (None, None),
        "force_theme_day": (date(2026, 3, 1), date(2027, 1, 1)),
    }


def test_campaign_bounds_a_mechanism_by_the_stages_that_name_it_unless_it_names_days_itself():
    in_stage = book(BASE + CAMPAIGN).mechanism("lecture")
    with_days = book(BASE + "    from_on: 2026-04-01\n" + CAMPAIGN).mechanism("lecture")

    assert (in_stage.from_on, in_stage.until_on) == (date(2026, 3, 1), date(2026, 5, 1))
    assert (with_days.from_on, with_days.until_on) == (date(2026, 4, 1), date(2026, 5, 1))


def test_campaign_is_not_taken_over_from_a_base():
    assert book(OWN, Library(folders=(), texts={"base": BASE + CAMPAIGN})).campaign is None


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("ends: 2027-01-01", "ends: 2026-03-01", "days_order", "campaign.ends"),
        ("starts: 2026-03-01", "starts: 2026-02-30", "not_a_day", "campaign.starts"),
        ("mechanisms: [lecture]", "mechanisms: [nobody]", "unknown_mechanism", "campaign.stages[0].mechanisms[0]"),
        ("starts: 2026-03-01", "starts: 2026-03-02", "stage_outside", "campaign.stages[0]"),
        ("until_on: 2026-05-01", "until_on: 2026-04-30", "stage_gap", "campaign.stages[1].from_on"),
        ("from_on: 2026-05-01", "from_on: 2026-02-01", "stage_outside", "campaign.stages[1]"),
        ("id: run", "id: start", "duplicate_id", "campaign.stages[1].id"),
    ],
)
def test_check_finds_the_fault_of_a_campaign(old, new, code, path):
    assert codes(BASE + changed(old, new, CAMPAIGN))[0] == (code, path)


def test_a_gap_between_stages_is_only_a_warning():
    assert load_playbook(BASE + changed("until_on: 2026-05-01", "until_on: 2026-04-30", CAMPAIGN)).is_usable


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ("    from_on: 2026-02-30\n", "not_a_day", "mechanisms[1].from_on"),
        ("    from_on: 2026-03-01\n    until_on: 2026-03-01\n", "days_order", "mechanisms[1].until_on"),
        ("    form: {}\n", "too_short", "mechanisms[1].form"),
        ("    form: {signs: both}\n", "not_a_choice", "mechanisms[1].form.signs"),
        (FORM.replace("id: depth", "id: hired"), "duplicate_id", "mechanisms[1].form.figures[1].id"),
        ("    reschedule: never\n", "not_a_choice", "mechanisms[1].reschedule"),
        ("keys: {notice_days: 0}\n", "out_of_range", "keys.notice_days"),
        ("keys: {notice_day: 5}\n", "unknown_key", "keys.notice_day"),
        ("keys: {notice_days: five}\n", "wrong_type", "keys.notice_days"),
        ("keys: {excellent_share: 3/2}\n", "share_out_of_range", "keys.excellent_share"),
        ("keys: {excellent_share: 0}\n", "share_out_of_range", "keys.excellent_share"),
        ("keys: {excellent_share: third}\n", "malformed", "keys.excellent_share"),
        ("keys: {report_grades: [{id: good, title: {zh: 好, en: good}}]}\n", "too_short", "keys.report_grades"),
    ],
)
def test_check_finds_the_fault_of_a_form_or_key(line, code, path):
    assert codes(BASE + line) == [(code, path)]


def test_check_finds_more_grades_than_anybody_reads():
    grades = ", ".join(f"{{id: g{n}, title: {{zh: 档, en: grade}}}}" for n in range(9))

    (found,) = load_playbook(BASE + f"keys: {{report_grades: [{grades}]}}\n").problems

    assert (found.code, found.message) == ("too_long", "这里最多写 8 项。")


def test_key_gives_what_the_file_sets_else_the_default():
    playbook = book(BASE + "keys: {notice_days: 7, excellent_share: 1/4}\n")

    assert (playbook.key("notice_days"), playbook.key("excellent_share")) == (7, Fraction(1, 4))
    assert playbook.key("alliance_contact_days") == key_default("alliance_contact_days") == 30
    with pytest.raises(KeyError):
        playbook.key("nothing")


def test_keys_of_a_base_hold_until_set_anew():
    library = Library(folders=(), texts={"base": BASE + "keys: {notice_days: 7, mood_note_days: 15}\n"})

    own = book(OWN + "keys: {notice_days: 3}\n", library)

    assert (own.key("notice_days"), own.key("mood_note_days")) == (3, 15)


def test_keys_of_two_bases_that_differ_are_a_conflict_unless_set_anew():
    other = BASE.replace("id: home_rules", "id: other_rules").split("mechanisms:")[0]
    library = Library(
        folders=(),
        texts={"a": BASE + "keys: {notice_days: 5}\n", "b": other + "keys: {notice_days: 7}\n"},
    )
    both = changed("[home_rules>=2]", "[home_rules, other_rules]", OWN)

    assert codes(both, library) == [("extends_conflict", "extends")]
    assert codes(both + "keys: {notice_days: 6}\n", library) == []


def test_agreements_of_two_bases_that_differ_are_a_conflict_unless_written_anew():
    other = BASE.replace("id: home_rules", "id: other_rules").split("mechanisms:")[0]
    library = Library(
        folders=(),
        texts={"a": BASE + AGREEMENT, "b": other + AGREEMENT.replace("zh: 意向书", "zh: 协议")},
    )
    both = changed("[home_rules>=2]", "[home_rules, other_rules]", OWN)

    assert codes(both, library) == [("extends_conflict", "extends")]
    assert codes(both + AGREEMENT, library) == []


def test_every_key_has_a_default_within_its_bounds():
    """AP-04, PS-01, PS-02, PM-08: the defaults that a rule gives."""
    whole = [key for key in KEYS.values() if isinstance(key.default, int)]

    assert all(key.least <= key.default <= key.most for key in whole)
    assert [grade.title.zh for grade in key_default("report_grades")] == ["好", "较好", "一般", "差"]
    assert (key_default("study_hours_member"), key_default("study_hours_leader")) == (32, 56)
    assert (key_default("new_secretary_months"), key_default("excellent_share")) == (6, Fraction(1, 3))


def test_kept_content_gives_the_same_playbook_with_all_new_keys():
    playbook = book(BASE + FORM + AGREEMENT + CAMPAIGN + "keys: {excellent_share: 0.50, notice_days: 7}\n")

    kept = playbook_of(json.loads(canonical_text(playbook.content)))

    assert (kept.agreement, kept.campaign, kept.keys) == (playbook.agreement, playbook.campaign, playbook.keys)
    assert kept.mechanisms == playbook.mechanisms
    assert kept.digest == playbook.digest


def test_digest_of_a_playbook_without_the_new_keys_is_what_it_always_was():
    """Adoptions of older versions name these digests; the format may grow, and what was kept stays as it was."""
    assert book(BASE).digest == "040fe555b889c1d57bc33e9b6e4f5f02b213556feec8ea96afc774410fd96957"
    assert book(OWN).digest == "9af37b99acd23ad8788d6071319017c9f86c2dc114e4278d9f96f732603d4c2a"
