from __future__ import annotations

from ronghe.scoring.run import RunResult
from tests.scoring.story import fact, grades, notes, playbook_of, run, subjects_table, text

SCORE = {"kind": "each", "of": {"figure": "score"}, "points": 1, "cap": 100}


def scored(scores: dict[str, str], *, level: str = "branch", **sheet) -> RunResult:
    previous = sheet.pop("previous", None)
    extra = sheet.pop("facts", [])
    facts = [fact("figure.value", subject=name, item="score", quantity=score) for name, score in scores.items()]
    return run(
        playbook_of(SCORE, level=level, **sheet),
        facts + extra,
        subjects=subjects_table(level, *scores),
        previous=previous,
    )


def bands(*limits: tuple[str, dict | None]) -> list[dict]:
    return [{"id": name, "title": text(name), **({"if": limit} if limit else {})} for name, limit in limits]


def test_rank_is_on_unrounded_scores_and_skips_after_equals():
    result = scored({"a": "90.0001", "b": "90", "c": "90", "d": "89.9999"})

    assert [found.rank for found in result.results] == [1, 2, 2, 4]


def test_persons_are_not_ranked_unless_the_sheet_asks_for_it():
    scores = {"a": "90", "b": "80"}

    assert [found.rank for found in scored(scores, level="member").results] == [None, None]
    assert [found.rank for found in scored(scores, level="member", rank="all").results] == [1, 2]


def test_grade_moves_at_most_so_many_steps_from_the_one_before():
    sheet = {"bands": bands(("a", {"at_least": 90}), ("b", {"at_least": 80}), ("c", None)), "max_steps": 1}
    before = [{"subject": "up", "total": 0, "grade": "c"}, {"subject": "down", "total": 0, "grade": "a"}]

    result = scored({"up": "95", "down": "50", "new": "95"}, grades=sheet, previous=before)

    assert grades(result) == {"up": "b", "down": "b", "new": "a"}
    assert notes(result, "up") == ["held_by_steps"]


def test_veto_wins_over_quota_and_steps():
    sheet = {"bands": bands(("a", {"at_least": 90}), ("b", {"at_least": 80}), ("c", None)), "max_steps": 1}
    vetoes = [{"id": "v", "title": text("否决"), "grade_at_most": "c", "bars": ["先进党支部"]}]
    before = [{"subject": "x", "total": 0, "grade": "a"}]
    raised = [fact("veto.raised", subject="x", item="v")]

    result = scored({"x": "95"}, grades=sheet, vetoes=vetoes, previous=before, facts=raised)

    assert grades(result) == {"x": "c"}
    assert notes(result, "x") == ["vetoed", "barred", "capped_by_veto"]


def test_places_by_quota_are_rounded_half_up_and_at_least_one():
    quota = {"bands": [{**bands(("a", {"at_least": 60}))[0], "quota": {"share": "0.1"}}, *bands(("b", None))]}

    def first_band(count: int) -> int:
        scores = {f"s{number:02d}": str(99 - number) for number in range(count)}
        return list(grades(scored(scores, grades=quota)).values()).count("a")

    assert [first_band(count) for count in (4, 14, 15)] == [1, 1, 2]


def test_tie_is_not_asked_about_where_the_answer_would_be_the_same():
    sheet = {"bands": bands(("a", {"any": [{"over": 90}, {"first": 1, "ties": "ask"}]}), ("b", None))}

    assert scored({"x": "95", "y": "95"}, grades=sheet).questions == []
    [question] = scored({"x": "85", "y": "85"}, grades=sheet).questions
    assert (question.band, question.places, question.subjects) == ("a", 1, ("x", "y"))


def test_ties_at_places_stay_or_go_as_the_sheet_says():
    def with_ties(ties: str) -> dict:
        return grades(
            scored(
                {"x": "85", "y": "85", "z": "70"},
                grades={"bands": bands(("a", {"first": 1, "ties": ties}), ("b", None))},
            )
        )

    assert with_ties("stay") == {"x": "a", "y": "a", "z": "b"}
    assert with_ties("go") == {"x": "b", "y": "b", "z": "b"}
