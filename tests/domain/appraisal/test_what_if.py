from __future__ import annotations

import pytest

from ronghe.domain.appraisal.calc.sheet_text import with_numbers
from ronghe.domain.appraisal.selectors.what_if import NotComputedYet, firmness_for, knobs_seen_by, trial_for
from ronghe.domain.appraisal.services.drafting import NothingTurned, draft_from_what_if
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.models import PlaybookDraft
from ronghe.domain.playbooks.services.drafting import put_forward, save_draft
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from tests.factories.appraisal import (
    OCTOBER,
    PLAYBOOK,
    a_quarter,
    computed_run,
    final_run,
    make_field,
    published_run,
    started_run,
)

pytestmark = pytest.mark.django_db
POINTS, CAP = "root/items/0/points", "root/items/0/cap"


@pytest.fixture
def field():
    made = make_field()
    a_quarter(made)
    return made


def test_trial_names_who_moves_and_keeps_nothing(field):
    run = computed_run(field)
    facts = Fact.objects.count()

    trial = trial_for(field.clerk, run, {POINTS: "15", CAP: "60.0"}, OCTOBER)

    assert dict(trial.changes) == {POINTS: "15"}
    assert [(row.name, row.move.before.total, row.move.after.total) for row in trial.rows] == [
        ("南一联合站党支部", 1_000_000, 850_000), ("北二采油队党支部", 750_000, 650_000),
    ]  # fmt: skip
    assert trial.moves.grades == {("good", "fair"): 1}
    assert Fact.objects.count() == facts


def test_trial_of_a_final_run_comes_from_what_was_kept(field):
    run = final_run(field)
    before = trial_for(field.clerk, run, {POINTS: "15"}, OCTOBER).rows
    a_quarter(field)

    assert trial_for(field.clerk, run, {POINTS: "15"}, OCTOBER).rows == before


@pytest.mark.parametrize("name", ["south_member", "stranger"])
def test_trial_is_for_those_who_see_the_whole_run(field, name):
    run = published_run(field)

    for look in (lambda actor: trial_for(actor, run, {}, OCTOBER), lambda actor: firmness_for(actor, run, OCTOBER),
                 lambda actor: knobs_seen_by(actor, run, OCTOBER)):  # fmt: skip
        with pytest.raises(NotFound):
            look(getattr(field, name))
    assert trial_for(field.auditor, run, {}, OCTOBER).moves.moved == 0


def test_a_run_without_results_says_so(field):
    with pytest.raises(NotComputedYet):
        trial_for(field.clerk, started_run(field), {}, OCTOBER)


def test_firmness_names_the_best_and_the_worst_place(field):
    found, rows = firmness_for(field.clerk, computed_run(field), OCTOBER, step="0.2")

    assert [(row.name, row.reach.rank, row.reach.best, row.reach.worst) for row in rows] == [
        ("南一联合站党支部", 1, 1, 1), ("北二采油队党支部", 2, 2, 2),
    ]  # fmt: skip
    assert (found.unsure, found.items) == (0, ("study", "safety"))


# Drafts


def test_a_trial_becomes_a_draft_that_checks_clean_and_can_be_put_forward_ap_05(field):
    run = computed_run(field)

    draft = draft_from_what_if(run=run, values={POINTS: "15", CAP: "60"}, actor=field.clerk, at=OCTOBER)

    loaded = load_playbook(draft.text)
    assert loaded.playbook is not None, [problem.message for problem in loaded.problems]
    sheet = next(one for one in loaded.playbook.sheets if one["id"] == "branch_quarter")
    assert (sheet["root"]["items"][0]["points"], loaded.playbook.id) == ("15", f"own_{field.committee.pk}")
    assert Fact.objects.filter(kind="appraisal.sheet_drafted", body=field.committee.pk).count() == 1
    version = put_forward(draft=draft, revision=draft.revision, actor=field.clerk, at=OCTOBER)
    assert version.version == 1


def test_a_draft_of_the_own_playbook_changes_only_the_numbers(field):
    from ronghe.domain.appraisal.services.computing import compute_run
    from ronghe.domain.appraisal.services.runs import start_run

    own = draft_from_what_if(run=computed_run(field), values={POINTS: "15"}, actor=field.clerk, at=OCTOBER)
    text = PLAYBOOK.replace("id: story_book", f"id: own_{field.committee.pk}") + "# 写在后面的话\n"
    own = save_draft(draft=own, text=text, revision=own.revision, actor=field.clerk, at=OCTOBER)
    first = put_forward(draft=own, revision=own.revision, actor=field.clerk, at=OCTOBER)
    run = start_run(
        body=field.committee, playbook=first.playbook, sheet_id="branch_quarter", period="2026Q3", actor=field.clerk,
        at=OCTOBER,
    )  # fmt: skip
    run = compute_run(run=run, at=OCTOBER)

    draft = draft_from_what_if(run=run, values={CAP: "80"}, actor=field.clerk, at=OCTOBER)

    assert draft.text.strip() == text.replace("version: 1", "version: 2").replace("cap: 60", "cap: 80").strip()
    assert put_forward(draft=draft, revision=draft.revision, actor=field.clerk, at=OCTOBER).version == 2


def test_nothing_turned_makes_no_draft(field):
    run = computed_run(field)

    with pytest.raises(NothingTurned):
        draft_from_what_if(run=run, values={POINTS: "20"}, actor=field.clerk, at=OCTOBER)


def test_only_who_writes_playbooks_for_the_body_drafts(field):
    run = computed_run(field)

    with pytest.raises(NotAllowed):
        draft_from_what_if(run=run, values={POINTS: "15"}, actor=field.auditor, at=OCTOBER)
    assert not PlaybookDraft.objects.exists()


def test_a_number_that_was_not_written_is_put_in_both_ways_of_writing():
    text = "sheets:\n  - id: s\n    root:\n      id: total\n      items:\n        - {id: a, cap: 3}\n        - id: b\n          cap: 4\n"

    changed = with_numbers(text, "s", {
        ("root", "items", 0, "scale"): "1.5", ("root", "items", 1, "scale"): "2", ("root", "items", 1, "cap"): "5",
    })  # fmt: skip

    assert changed == text.replace("{id: a", "{scale: 1.5, id: a").replace(
        "- id: b\n          cap: 4", "- scale: 2\n          id: b\n          cap: 5"
    )
