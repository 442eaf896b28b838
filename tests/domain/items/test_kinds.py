"""Every declared kind: nothing leads nowhere, every state is reached, every step is refused from every other state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import StepSpec, declare_kind, declared_kinds
from ronghe.kernel.workflow import StepNotAllowed

KINDS = list(declared_kinds().values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_state_is_reached_and_left(kind):
    reached, waiting = {kind.first.id}, [kind.first.id]
    while waiting:
        state = waiting.pop()
        for step in kind.steps:
            if state in step.sources and step.target not in reached:
                reached.add(step.target)
                waiting.append(step.target)

    assert reached == set(kind.state_by_id)
    assert any(state.is_final and state.is_success for state in kind.states)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_step_is_refused_from_every_other_state(kind):
    for step in kind.steps:
        for state in kind.states:
            item = WorkItem(kind=kind.id, state=state.id)
            assert kind.flow.allows(item, step.id) is (state.id in step.sources)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_codes_fit_their_columns(kind):
    assert len(kind.id) <= 24
    assert all(len(state.id) <= 16 for state in kind.states)
    assert all(len(step.id) <= 24 for step in kind.steps)
    assert all(len(part) <= 16 for part in kind.parts)
    assert all(state.shape in {"due", "running", "attention", "done", "waived", "failed"} for state in kind.states)


def test_a_declaration_that_contradicts_itself_is_refused():
    kind = KINDS[0]
    astray: StepSpec = replace(kind.steps[0], target="nowhere")

    with pytest.raises(ValueError, match="names what is not there"):
        declare_kind(replace(kind, id="other", steps=(astray,)))
    with pytest.raises(ValueError, match="no step leads out"):
        declare_kind(replace(kind, id="other", steps=()))
    with pytest.raises(ValueError, match="declared twice"):
        declare_kind(kind)


def test_a_step_taken_from_the_wrong_state_names_the_state():
    kind = KINDS[0]
    final = next(state for state in kind.states if state.is_final)
    item = WorkItem(kind=kind.id, state=final.id)

    with pytest.raises(StepNotAllowed, match=final.title):
        kind.flow.advance(item, kind.steps[0].id)
