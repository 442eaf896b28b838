"""A roll-out from draft to units: each stage, what it refuses, and that none is spread without before and after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from ronghe.domain.obligations.models import Obligation, ObligationMatch
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.playbooks.services.batches import NobodyChosen
from ronghe.domain.rollouts.enums import Decision, Measure, RolloutState
from ronghe.domain.rollouts.models import Review, Rollout, Target
from ronghe.domain.rollouts.selectors.measuring import before_and_after
from ronghe.domain.rollouts.services.piloting import (
    NoBeforeAndAfter,
    NoFindings,
    NoReasons,
    NothingToMeasure,
    PilotRunning,
    PilotSpanWrong,
    call_back_pilot,
    call_off,
    conclude_pilot,
    draft_rollout,
    review_pilot,
    start_pilot,
)
from ronghe.domain.rollouts.services.spreading import (
    DueInThePast,
    EffectMissing,
    NobodyNew,
    NotRolledOut,
    NotTakenUp,
    ReasonMissing,
    TakenUp,
    end_rollout,
    release_target,
    roll_out,
    tell_effect,
    tell_reason,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_body
from tests.factories.rollouts import (
    DUE,
    NOW,
    PILOT_FROM,
    PILOT_UNTIL,
    TODAY,
    concluded,
    drafted,
    make_story,
    piloted,
    reviewed,
    rolled_out,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_story()


def pilot(story, rollout, **changes):
    given = {
        "bodies": [story.first], "from_on": PILOT_FROM, "until_on": PILOT_UNTIL, "measures": [Measure.ON_TIME],
        "actor": story.clerk, "at": NOW,
    }  # fmt: skip
    return start_pilot(rollout=rollout, **(given | changes))


def test_draft_keeps_the_version_and_tells_what_kind_is_handed_on(story):
    rollout = drafted(story)

    fact = Fact.objects.get(kind="rollouts.drafted")
    assert (fact.body, fact.values) == (story.committee.pk, {"playbook": "test_book@1", "kind": "model"})
    assert rollout.state == RolloutState.DRAFT


def test_secretary_drafts_for_his_own_branch_alone(story):
    secretary = story.secretaries[0]
    given = {"kind": "case", "title": "经验", "playbook": story.book, "actor": secretary, "at": NOW}
    assert draft_rollout(body=story.first, **given).body == story.first
    with pytest.raises(NotAllowed):
        draft_rollout(body=story.branches[1], **given)


def test_pilot_lets_bodies_adopt_that_do_not_work_by_it_yet(story):
    rollout = drafted(story)
    adopt_playbook(body=story.branches[1], playbook=story.book, since=date(2026, 3, 1), actor=None, at=NOW)

    made = pilot(story, rollout, bodies=story.branches[:2])

    rows = Adoption.objects.filter(valid_until=None).order_by("body_id")
    assert [row.valid_from for row in rows] == [PILOT_FROM, date(2026, 3, 1)]
    assert (rollout.state, made.number) == (RolloutState.PILOT, 1)


@pytest.mark.parametrize(("days", "is_fine"), [(13, False), (14, True), (366, True), (367, False)])
def test_pilot_lasts_from_two_weeks_to_a_year(story, days, is_fine):
    until = PILOT_FROM + timedelta(days=days)
    if is_fine:
        assert pilot(story, drafted(story), until_on=until).until_on == until
    else:
        with pytest.raises(PilotSpanWrong):
            pilot(story, drafted(story), until_on=until)


def test_pilot_wants_bodies_and_measures_that_the_actor_decides_for(story):
    rollout = drafted(story)
    with pytest.raises(NobodyChosen):
        pilot(story, rollout, bodies=[])
    with pytest.raises(NothingToMeasure):
        pilot(story, rollout, measures=[])
    with pytest.raises(NotAllowed):
        pilot(story, rollout, bodies=[make_body("外单位党支部")])
    rollout.refresh_from_db()
    assert (rollout.state, Adoption.objects.count()) == (RolloutState.DRAFT, 0)


def test_pilot_is_called_back_and_started_anew(story):
    rollout = piloted(story)
    call_back_pilot(rollout=rollout, actor=story.clerk, at=NOW)
    assert (rollout.state, rollout.pilots.count()) == (RolloutState.DRAFT, 0)
    assert pilot(story, rollout).number == 1


def test_b6_pilot_is_concluded_after_its_last_day_only(story):
    rollout = piloted(story)
    eve = NOW.replace(year=2026, month=7, day=31)
    with pytest.raises(PilotRunning):
        conclude_pilot(rollout=rollout, findings="好", actor=story.clerk, at=eve)
    rollout.refresh_from_db()
    with pytest.raises(NoFindings):
        conclude_pilot(rollout=rollout, findings=" ", actor=story.clerk, at=NOW)

    assert (
        conclude_pilot(rollout=rollout, findings="好", actor=story.clerk, at=eve + timedelta(days=1)).findings == "好"
    )


def test_b6_nothing_is_reviewed_without_a_before_and_an_after(story):
    rollout = drafted(story)
    pilot(story, rollout, measures=[Measure.ON_TIME, Measure.HELD])  # the branch owed nothing before

    with pytest.raises(NoBeforeAndAfter):
        conclude_pilot(rollout=rollout, findings="好", actor=story.clerk, at=NOW)

    assert Rollout.objects.get().state == RolloutState.PILOT


def test_before_is_as_long_as_the_pilot_and_stays_as_counted(story):
    rollout = piloted(story)
    before = Obligation.objects.filter(body=story.first, counts_on__lt=PILOT_FROM, counts_on__gte=date(2026, 4, 1))
    met = before.order_by("due_on")[0]
    ObligationMatch.objects.create(obligation=met, fact=1, met_on=met.due_on)
    [row] = rollout.pilots.all()
    running = before_and_after(row)[Measure.ON_TIME]
    assert (running.before.part, running.before.whole, running.before.value) == (1, 2, Decimal("50.0"))

    conclude_pilot(rollout=rollout, findings="好", actor=story.clerk, at=NOW)
    ObligationMatch.objects.all().delete()

    row.refresh_from_db()
    kept = before_and_after(row)[Measure.ON_TIME]
    assert (kept.before.value, kept.after.whole) == (Decimal("50.0"), 2)


def test_review_says_why_and_decides_what_comes_next(story):
    rollout = concluded(story)
    with pytest.raises(NoReasons):
        review_pilot(rollout=rollout, decision=Decision.APPROVED, reasons="", actor=story.clerk, at=NOW)
    rollout.refresh_from_db()
    review_pilot(rollout=rollout, decision=Decision.AGAIN, reasons="期限太短", actor=story.clerk, at=NOW)
    assert rollout.state == RolloutState.DRAFT
    assert pilot(story, rollout).number == 2


def test_branch_does_not_review_its_own_pilot(story):
    secretary = story.secretaries[0]
    rollout = draft_rollout(
        body=story.first, kind="case", title="经验", playbook=story.book, actor=secretary, at=NOW
    )  # fmt: skip
    pilot(story, rollout, actor=secretary)
    Rollout.objects.update(state=RolloutState.CONCLUDED)
    with pytest.raises(NotAllowed):
        review_pilot(rollout=Rollout.objects.get(), decision="approved", reasons="好", actor=secretary, at=NOW)


def test_review_is_never_rewritten(story):
    reviewed(story)
    with pytest.raises(Exception, match="append-only"):
        Review.objects.update(reasons="改过")


def test_b6_only_a_reviewed_pilot_is_rolled_out(story):
    rollout = concluded(story)
    with pytest.raises(StepNotAllowed):
        roll_out(rollout=rollout, bodies=story.branches, due_on=DUE, actor=story.clerk, at=NOW)
    refused = reviewed_anew(rollout, story, Decision.REFUSED)
    assert refused.state == RolloutState.CALLED_OFF
    with pytest.raises(StepNotAllowed):
        roll_out(rollout=refused, bodies=story.branches, due_on=DUE, actor=story.clerk, at=NOW)


def reviewed_anew(rollout, story, decision):
    review_pilot(rollout=rollout, decision=decision, reasons="评过", actor=story.clerk, at=NOW)
    return rollout


def test_roll_out_names_each_unit_once_with_a_day_to_come(story):
    rollout = reviewed(story)
    given = {"actor": story.clerk, "at": NOW}
    with pytest.raises(NobodyChosen):
        roll_out(rollout=rollout, bodies=[], due_on=DUE, **given)
    with pytest.raises(DueInThePast):
        roll_out(rollout=rollout, bodies=story.branches, due_on=TODAY - timedelta(days=1), **given)
    with pytest.raises(NotAllowed):
        roll_out(rollout=rollout, bodies=[make_body("外单位")], due_on=DUE, **given)
    with pytest.raises(NotAllowed):
        roll_out(rollout=rollout, bodies=story.branches, due_on=DUE, actor=story.secretaries[0], at=NOW)

    assert len(roll_out(rollout=rollout, bodies=story.branches[:2], due_on=TODAY, **given)) == 2
    assert [row.body for row in roll_out(rollout=rollout, bodies=story.branches, due_on=DUE, **given)] == [
        story.branches[2]
    ]
    with pytest.raises(NobodyNew):
        roll_out(rollout=rollout, bodies=story.branches, due_on=DUE, **given)
    assert list(Fact.objects.filter(kind__startswith="rollouts.").order_by("pk").values_list("kind", flat=True))[-2:] == [
        "rollouts.rolled_out", "rollouts.targets_named",
    ]  # fmt: skip


def test_sd_08_unit_leaves_a_record_of_adopting_and_tells_the_effect(story):
    """SD-08: 推广留采用记录与效果回填."""
    _rollout, targets = rolled_out(story)
    second, secretary = targets[1], story.secretaries[1]
    given = {"target": second, "actor": secretary, "at": NOW}
    with pytest.raises(NotTakenUp):
        tell_effect(text="好", **given)
    adoption = adopt_playbook(body=second.body, playbook=story.book, since=TODAY, actor=secretary, at=NOW)
    with pytest.raises(EffectMissing):
        tell_effect(text=" ", **given)

    effect = tell_effect(text="到会的人多了", **given)

    assert (adoption.adopted_by, effect.text, effect.told_by) == (secretary, "到会的人多了", secretary)
    with pytest.raises(Exception, match="append-only"):
        type(effect).objects.update(text="改过")


def test_unit_says_why_not_yet_while_the_roll_out_runs(story):
    rollout, targets = rolled_out(story)
    given = {"target": targets[1], "actor": story.secretaries[1], "at": NOW}
    with pytest.raises(ReasonMissing):
        tell_reason(reason="", **given)
    with pytest.raises(NotAllowed):
        tell_reason(target=targets[2], reason="忙", actor=story.secretaries[1], at=NOW)
    assert tell_reason(reason="换届", **given).reason == "换届"
    end_rollout(rollout=rollout, actor=story.clerk, at=NOW)
    with pytest.raises(NotRolledOut):
        tell_reason(**(given | {"target": Target.objects.select_related("rollout").get(pk=targets[1].pk)}), reason="迟")


def test_unit_that_works_by_it_is_not_released(story):
    _rollout, targets = rolled_out(story)
    with pytest.raises(TakenUp):
        release_target(target=targets[0], actor=story.clerk, at=NOW)
    release_target(target=targets[2], actor=story.clerk, at=NOW)
    assert Target.objects.count() == 2


def test_given_up_before_it_was_rolled_out_only(story):
    rollout = drafted(story)
    call_off(rollout=rollout, actor=story.clerk, at=NOW)
    assert rollout.state == RolloutState.CALLED_OFF


def test_running_roll_out_is_not_given_up(story):
    rollout, _targets = rolled_out(story)
    with pytest.raises(StepNotAllowed):
        call_off(rollout=rollout, actor=story.clerk, at=NOW)


def test_of_two_reviews_at_once_one_counts(committing_db):
    story = make_story()
    rollout = concluded(story)

    def decide(decision):
        try:
            own = Rollout.objects.get(pk=rollout.pk)
            review_pilot(rollout=own, decision=decision, reasons="评过", actor=story.clerk, at=NOW)
        except (Stale, StepNotAllowed):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        won = list(both.map(decide, (Decision.APPROVED, Decision.REFUSED)))

    assert sorted(won) == [False, True]
    assert Review.objects.count() == 1
