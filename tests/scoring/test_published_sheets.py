"""The worked numbers of the published sheets (tests/data/score_sheets/sheets.md), through the shipped files."""

from __future__ import annotations

from decimal import Decimal

from ronghe.scoring.explain import explain
from tests.scoring.story import (
    fact,
    grades,
    items,
    notes,
    obligations_table,
    owed,
    rows_of_subjects,
    run,
    sample,
    subjects_table,
    totals,
)

QUARTERS = ("2026-02-10", "2026-05-10", "2026-08-10", "2026-11-10")


# S-A Member points, yearly


def test_s_a_political_study_is_20_with_a_note_and_a_reflection_each_quarter():
    studies = [fact("study.group", f"2026-03-{day:02d}", subject="zhang") for day in range(1, 16)]
    notes_kept = [fact("study.notes", day, subject="zhang") for day in QUARTERS]
    reflections = [fact("study.reflection", day, subject="zhang") for day in QUARTERS]

    result = run(sample("a"), studies + notes_kept + reflections)

    found = items(result, "zhang")
    assert [found[item] for item in ("group_study", "study_notes", "reflections", "political_study")] == [12, 4, 4, 20]


def test_s_a_organized_life_is_18_with_meetings_capped_at_12():
    general = [fact("meeting.general", day, subject="zhang") for day in QUARTERS]
    group = [fact("meeting.group", f"2026-{month:02d}-05", subject="zhang") for month in range(1, 11)]
    theme_days = [fact("meeting.theme_day", f"2026-0{month}-20", subject="zhang") for month in (1, 2, 3)]

    result = run(sample("a"), general + group + theme_days)

    found = items(result, "zhang")
    assert [found[item] for item in ("three_meetings", "theme_days", "organized_life")] == [12, 6, 18]


def test_s_a_three_notes_in_one_quarter_count_once():
    result = run(sample("a"), [fact("study.notes", f"2026-0{month}-08", subject="zhang") for month in (1, 2, 3)])

    assert items(result, "zhang")["study_notes"] == 1


# S-B Five-star branch

FULL = {"leading_team": 15, "backbone": 10, "place": 10, "system": 10, "safeguard": 10, "results": 25}


def branch_facts(branch: str, score: str, *, project: bool) -> list[dict]:
    """Marks that come to `score` of 100: the people's review gives 20, the panel the rest, taken from `results`."""
    short = 100 - Decimal(score)
    marks = {**FULL, "results": FULL["results"] - min(short, Decimal(25))}
    marks["leading_team"] -= max(short - 25, Decimal(0))
    found = [fact("panel.mark", subject=branch, item=item, quantity=str(mark)) for item, mark in marks.items()]
    found += [fact("survey.answer", subject=branch, item="peoples_review", quantity=100) for _answer in range(5)]
    return found + ([fact("innovation.project", body=branch)] if project else [])


def test_s_b_92_without_a_project_is_four_stars():
    result = run(sample("b"), branch_facts("b1", "92", project=False), subjects=subjects_table("branch", "b1"))

    assert (totals(result), grades(result)) == ({"b1": 92}, {"b1": "four_star"})


def test_s_b_90_with_a_project_is_five_stars():
    result = run(sample("b"), branch_facts("b1", "90.00", project=True), subjects=subjects_table("branch", "b1"))

    assert (totals(result), grades(result)) == ({"b1": 90}, {"b1": "five_star"})


def test_s_b_89_995_is_four_stars_and_shown_with_four_places():
    result = run(sample("b"), branch_facts("b1", "89.995", project=True), subjects=subjects_table("branch", "b1"))

    assert grades(result) == {"b1": "four_star"}
    assert result.shown(result.results[0].total) == "89.9950"


def forty_branches(six: list[str]):
    """Forty branches; those of `six` scores have a project, the others stand at 75."""
    names = [f"b{number:02d}" for number in range(1, 41)]
    scores = [*six, *["75"] * (40 - len(six))]
    facts = [
        found
        for name, score in zip(names, scores, strict=True)
        for found in branch_facts(name, score, project=score in six)
    ]
    return names, facts


def test_s_b_quota_moves_the_two_lowest_of_six_to_four_stars_and_says_so():
    names, facts = forty_branches(["96", "95", "94", "93", "92", "91"])

    result = run(sample("b"), facts, subjects=subjects_table("branch", *names))

    assert [grades(result)[name] for name in names[:7]] == ["five_star"] * 4 + ["four_star"] * 2 + ["three_star"]
    assert [notes(result, name) for name in names[3:7]] == [[], ["moved_by_quota"], ["moved_by_quota"], []]


def test_s_b_two_tied_at_the_last_place_both_stay():
    names, facts = forty_branches(["96", "95", "94", "93", "93", "91"])

    result = run(sample("b"), facts, subjects=subjects_table("branch", *names))

    assert [grades(result)[name] for name in names[:6]] == ["five_star"] * 5 + ["four_star"]


def test_s_b_two_tied_at_the_last_place_both_go_where_the_sheet_says_so():
    names, facts = forty_branches(["96", "95", "94", "93", "93", "91"])
    playbook = sample("b")
    playbook["sheets"][0]["grades"]["bands"][0]["quota"]["ties"] = "go"

    result = run(playbook, facts, subjects=subjects_table("branch", *names))

    assert [grades(result)[name] for name in names[:6]] == ["five_star"] * 3 + ["four_star"] * 3


# S-C Workshop branch

YEAR_OF_THE_WORKSHOP = [
    *owed("general_meeting", "done", times=4),
    *owed("committee_meeting", "done", times=11),
    *owed("committee_meeting", "missed"),
    *owed("group_meeting", "done", body="g1", times=12),
    *owed("group_meeting", "done", body="g2", times=12),
    *owed("party_lecture", "done", times=3),
    *owed("party_lecture", "missed"),
    *owed("half_year_report", "done", times=2),
    *owed("half_year_inspection", "done", times=2),
    *owed("exchange_meeting", "done"),
]

WORKSHOP = [
    {"subject": "b", "level": "branch"},
    {"subject": "g1", "level": "group", "body": "b"},
    {"subject": "g2", "level": "group", "body": "b"},
    *({"subject": f"m{number}", "level": "member", "body": "b"} for number in range(20)),
]


def workshop(facts: list[dict]):
    return run(
        sample("c"),
        facts,
        subjects=rows_of_subjects(WORKSHOP),
        obligations=obligations_table(YEAR_OF_THE_WORKSHOP),
    )


def breaches(people: int) -> list[dict]:
    return [fact("discipline.breach", subject=f"m{number}", body="b") for number in range(people)]


def test_s_c_two_meetings_missing_leave_4_of_5():
    assert items(workshop([]), "b")["meetings"] == 4


def test_s_c_eleven_breaches_leave_nothing_but_not_less():
    assert items(workshop(breaches(11)), "b")["discipline"] == 0


def test_s_c_two_breaches_of_one_member_count_once():
    twice = [fact("discipline.breach", day, subject="m1", body="b") for day in ("2026-03-01", "2026-09-01")]

    assert items(workshop(twice), "b")["discipline"] == 9


def test_s_c_the_year_comes_to_89_and_is_standard():
    result = workshop(breaches(11))

    assert (totals(result), grades(result)) == ({"b": 89}, {"b": "standard"})


def test_s_c_with_a_fatal_accident_it_is_89_and_not_standard_and_the_veto_is_named():
    result = workshop([*breaches(11), fact("accident.fatal", body="b")])

    assert (totals(result), grades(result)) == ({"b": 89}, {"b": "not_standard"})
    assert result.results[0].vetoes == ("accident",)
    assert notes(result, "b") == ["vetoed", "capped_by_veto"]


def test_s_c_each_missing_inspection_costs_2_of_6():
    obligations = [*YEAR_OF_THE_WORKSHOP, *owed("half_year_inspection", "missed")]

    result = run(sample("c"), [], subjects=rows_of_subjects(WORKSHOP), obligations=obligations_table(obligations))

    assert items(result, "b")["half_year_inspection"] == 4


# S-D Posts and areas by rank


def monthly(scores: dict[str, str], months=("2026-07-31", "2026-08-31", "2026-09-30")) -> list[dict]:
    return [
        fact("figure.value", month, subject=post, item="monthly_score", quantity=score)
        for month in months
        for post, score in scores.items()
    ]


def posts(facts: list[dict], names):
    return run(sample("d"), facts, sheet="posts", period="2026Q3", subjects=subjects_table("post", *names))


def test_s_d_twenty_posts_six_pioneers_three_moved_three_warned():
    scores = {f"p{100 - score}": str(score) for score in range(99, 79, -1)}

    result = posts(monthly(scores), scores)

    by_score = [grades(result)[post] for post in scores]
    assert by_score == ["pioneer"] * 6 + ["responsible"] * 11 + ["warning"] * 3
    assert [post for post in scores if notes(result, post) == ["moved_by_quota"]] == ["p7", "p8", "p9"]
    assert result.questions == []


def test_s_d_twenty_posts_all_at_95_stop_the_run_with_questions_that_name_them():
    names = [f"p{number:02d}" for number in range(1, 21)]

    result = posts(monthly(dict.fromkeys(names, "95")), names)

    assert [(found.band, found.limit, found.places) for found in result.questions] == [
        ("warning", "last", 3),
        ("pioneer", "quota", 6),
    ]
    assert [list(found.subjects) for found in result.questions] == [names, names]
    assert set(grades(result).values()) == {None}


def test_s_d_the_panel_settles_the_tie_and_the_run_goes_on():
    names = [f"p{number:02d}" for number in range(1, 21)]
    settled = [fact("tie.settled", "2026-09-30", subject=name, quantity=place) for place, name in enumerate(names, 1)]

    result = posts(monthly(dict.fromkeys(names, "95")) + settled, names)

    assert result.questions == []
    assert [grades(result)[name] for name in names] == ["pioneer"] * 6 + ["responsible"] * 11 + ["warning"] * 3


def test_s_d_the_quarter_is_the_mean_of_its_months():
    facts = [
        found
        for day, score in (("2026-07-31", "90"), ("2026-08-31", "91"), ("2026-09-30", "91"))
        for found in monthly({"p1": score}, [day])
    ]

    assert totals(posts(facts, ["p1"])) == {"p1": Decimal("90.6667")}


def test_s_d_warning_goes_before_pioneer():
    """Eleven posts: the first eight and the last three meet exactly; at twelve equals of the last are warned first."""
    scores = {f"p{number:02d}": str(96 - number % 2) for number in range(1, 12)}
    scores |= dict.fromkeys(list(scores)[-3:], "91")

    result = posts(monthly(scores), scores)

    assert [post for post in scores if grades(result)[post] == "warning"] == ["p09", "p10", "p11"]


def test_s_d_with_ten_posts_only_the_thresholds_apply():
    scores = {f"p{number:02d}": str(99 - number) for number in range(1, 11)}  # 98 … 89

    result = posts(monthly(scores), scores)

    assert [grades(result)[post] for post in scores] == ["pioneer"] * 8 + ["responsible"] * 2


def test_s_d_with_eleven_posts_places_apply():
    scores = {f"p{number:02d}": str(99 - number) for number in range(1, 12)}  # 98 … 88

    result = posts(monthly(scores), scores)

    assert [grades(result)[post] for post in scores] == ["pioneer"] * 3 + ["responsible"] * 5 + ["warning"] * 3


def test_s_d_areas_are_graded_at_90_and_80():
    scores = {"on_90": "90", "under_90": "89.9999", "on_80": "80", "under_80": "79.9999"}
    names = subjects_table("area", *scores)

    result = run(sample("d"), monthly(scores), sheet="areas", period="2026Q3", subjects=names)

    assert grades(result) == {
        "on_90": "red_flag",
        "under_90": "responsible",
        "on_80": "responsible",
        "under_80": "warning",
    }


# S-E Two parts and categories

MEMBERS = [
    {"subject": "li", "level": "member", "category": "ordinary"},
    {"subject": "old", "level": "member", "category": "special"},
    {"subject": "away", "level": "member", "category": "floating"},
]


def year_of(member: str, conduct: str, answers: list[int]) -> list[dict]:
    found = [fact("conduct.points", subject=member, quantity=conduct)]
    return found + [fact("survey.answer", subject=member, item="democratic_review", quantity=mark) for mark in answers]


def test_s_e_conduct_71_5_and_review_88_make_89_1():
    result = run(sample("e"), year_of("li", "71.5", [80, 85, 90, 92, 93]), subjects=rows_of_subjects(MEMBERS[:1]))

    assert totals(result) == {"li": Decimal("89.1")}
    assert items(result, "li") == {"daily_conduct": Decimal("71.5"), "democratic_review": Decimal("17.6")}


def test_s_e_a_special_member_left_out_has_no_score_no_rank_and_the_decision_is_shown():
    facts = year_of("li", "71.5", [88] * 5) + year_of("old", "80", [100] * 5)
    facts.append(fact("subject.left_out", subject="old", item="决议2026-3"))

    result = run(sample("e"), facts, subjects=rows_of_subjects(MEMBERS[:2]))

    left_out = next(found for found in result.results if found.subject == "old")
    assert (left_out.total, left_out.rank, left_out.items) == (None, None, ())
    assert "决议2026-3" in left_out.notes[0].sentence
    assert [(found.subject, found.rank) for found in result.results] == [("li", 1), ("old", None)]


def test_s_e_a_decision_cannot_leave_out_a_floating_member():
    facts = [*year_of("away", "60", [90] * 5), fact("subject.left_out", subject="away", item="决议2026-4")]

    result = run(sample("e"), facts, subjects=rows_of_subjects(MEMBERS[2:]))

    assert totals(result) == {"away": 78}


def test_every_published_sheet_explains_itself_to_the_same_total():
    result = workshop([*breaches(3), fact("fault.found", body="b", item="records", quantity="1.5")])

    tree = explain(result, "b")

    assert tree["value"] == result.as_json()["results"][0]["total"] == "94.5"
