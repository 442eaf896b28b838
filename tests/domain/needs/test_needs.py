"""A need from raised to closed: who may, what is recorded, what its board says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import ADD_NOTE, SEE_ITEM
from ronghe.domain.items.selectors import items_owed_by, items_to_run, record_of
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, StepNoteMissing, steps_open_to, take_step
from ronghe.domain.needs.enums import HelpWay
from ronghe.domain.needs.rules import RAISE_NEED, RatingStillOpen
from ronghe.domain.needs.selectors import (
    bodies_serving,
    likely_doubles,
    lives_below,
    moments_today,
    moments_waiting,
    row_of,
    targets_of,
)
from ronghe.domain.needs.services.moments import (
    HelperBusy,
    MomentPast,
    MomentText,
    NobodyHelps,
    TargetsUnsound,
    WhereMissing,
    agree_moment,
    call_off_moment,
    set_targets,
)
from ronghe.domain.needs.services.raising import DoubleClosed, TakenUp, merge_need
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.needs import GAIN, answered, make_need, rated, triaged, worker_of
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def worker(story):
    return worker_of(story, "王海")


def facts_of(kind):
    return [(fact.subject, fact.quantity, fact.values) for fact in Fact.objects.filter(kind=kind).order_by("pk")]


def test_an_employee_outside_the_party_raises_one_and_follows_it_to_the_end(story, worker, morning):
    item = rated(story, morning, worker, score="4")
    assert (item.state, item.values["score"]) == ("rated", "4")
    take_step(item=item, step="close", actor=story.clerk, at=morning, said=Said(values={"gain_holds": True}))

    assert (item.state, item.settled_by, item.percent) == ("closed", story.clerk, 100)
    assert facts_of("needs.rated") == [(story.lead.token, None, {"score": 4, "solved": True, "round": 1})]
    [(subject, quantity, values)] = facts_of("needs.gain_verified")
    assert (subject, quantity, values) == (story.lead.token, 275_000, {"tag": "efficiency"})
    assert [clock.hours for clock in record_of(item, morning).clocks] == [0, 0]


def test_only_who_belongs_or_works_there_raises_one(story, worker, morning):
    stranger = make_person()
    assert bodies_serving(stranger, morning) == []
    assert bodies_serving(worker, morning)[0].unit == worker.unit
    assert RAISE_NEED.allows(story.members[0], story.body, at=morning)
    with pytest.raises(NotAllowed):
        make_need(story, morning, stranger)


def test_union_leaders_take_needs_up_in_their_tree(story, worker, morning):
    union = make_body("采油一厂工会", kind=PartyOrgKind.UNION_COMMITTEE, parent=story.committee, unit=worker.unit)
    chair = make_person("孙玉梅")
    make_post(chair, PostRole.UNION_CHAIR, body=union)
    item = make_need(story, morning, worker)
    WorkItem.objects.filter(pk=item.pk).update(body=union)
    item.refresh_from_db()

    assert "triage" in [step.id for step in steps_open_to(item, chair, morning)]
    assert item in items_to_run(chair, morning)
    assert not steps_open_to(make_need(story, morning, worker, title="另一件"), chair, morning)


def test_what_is_not_solved_is_done_again_and_its_clock_runs_on(story, worker, morning):
    item = answered(story, morning, worker)
    later = morning + timedelta(hours=30)
    with pytest.raises(StepNoteMissing):
        take_step(item=item, step="reopen", actor=worker, at=later, said=Said(values={"score": "2"}))
    take_step(item=item, step="reopen", actor=worker, at=later, said=Said(values={"score": "2"}, note="夜里看不到数"))
    taken, answer = record_of(item, later).clocks

    assert item.state == "helping"
    assert item in items_owed_by(story.lead)
    assert (taken.stopped_at, answer.stopped_at, answer.hours) == (morning, None, 30)
    assert facts_of("needs.rated")[0][2] == {"score": 2, "solved": False, "round": 1}
    take_step(
        item=item, step="answer", actor=story.lead, at=later + timedelta(hours=10), said=Said(note="补了夜间推送")
    )
    assert record_of(item, later).clocks[1].hours == 40


def test_a_rating_is_of_who_asked_alone_and_from_one_to_five(story, worker, morning):
    item = answered(story, morning, worker)
    for other in (story.lead, story.clerk):
        with pytest.raises(NotAllowed):
            take_step(item=item, step="rate", actor=other, at=morning, said=Said(values={"score": "5"}))
    for wrong in ("0", "6", ""):
        with pytest.raises(ValuesUnfit):
            take_step(item=item, step="rate", actor=worker, at=morning, said=Said(values={"score": wrong}))


def test_an_answer_tells_its_gain_whole(story, worker, morning):
    item = triaged(story, morning, worker)
    with pytest.raises(ValuesUnfit) as unfit:
        take_step(
            item=item, step="answer", actor=story.lead, at=morning,
            said=Said(note="好了", values={"gain_kind": "hours", "gain_before": "3"}),
        )  # fmt: skip
    assert list(unfit.value.by_field()) == ["gain_after"]
    assert item.state == "triaged"


def test_nobody_verifies_the_own_help_and_what_does_not_hold_is_no_gain(story, worker, morning):
    item = rated(story, morning, worker, helper=story.clerk)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="close", actor=story.clerk, at=morning)
    take_step(item=item, step="close", actor=story.secretary, at=morning, said=Said(values={"gain_holds": False}))

    assert item.state == "closed"
    assert facts_of("needs.gain_verified") == []


def test_an_answer_that_nobody_rates_is_closed_after_ten_days(story, worker, morning):
    item = answered(story, morning, worker)
    with pytest.raises(RatingStillOpen):
        take_step(item=item, step="lapse", actor=story.clerk, at=morning + timedelta(days=10, seconds=-1))
    take_step(item=item, step="lapse", actor=story.clerk, at=morning + timedelta(days=10))
    assert item.state == "closed"


def test_a_hidden_need_is_seen_by_who_asked_who_sees_to_it_and_who_helps(story, worker, morning):
    item = make_need(story, morning, worker, hides_name=True)
    assert item.visibility == Visibility.INVOLVED
    seen = {person.name: SEE_ITEM.allows(person, item, at=morning) for person in (worker, story.clerk, story.secretary)}
    assert all(seen.values())
    for other in (story.lead, story.members[0], worker_of(story)):
        assert not SEE_ITEM.allows(other, item, at=morning)
        assert item not in SEE_ITEM.narrow(other, WorkItem.objects.all(), at=morning)
    assert item in SEE_ITEM.narrow(story.clerk, WorkItem.objects.all(), at=morning)
    assert item in SEE_ITEM.narrow(story.clerk, WorkItem.objects.all(), at=morning, walk=True)
    assert ADD_NOTE.allows(story.clerk, item, at=morning)
    said = Said(values={"way": "remote"}, owner=story.lead)
    take_step(item=item, step="triage", actor=story.clerk, at=morning, said=said)
    assert SEE_ITEM.allows(story.lead, item, at=morning)


def test_refused_and_withdrawn_needs_are_over(story, worker, morning):
    refused, taken_back = make_need(story, morning, worker), make_need(story, morning, worker)
    with pytest.raises(StepNoteMissing):
        take_step(item=refused, step="refuse", actor=story.clerk, at=morning)
    take_step(item=refused, step="refuse", actor=story.clerk, at=morning, said=Said(note="属于物业，已转告"))
    take_step(item=taken_back, step="withdraw", actor=worker, at=morning)

    assert (refused.state, taken_back.state) == ("refused", "withdrawn")
    assert refused.is_closed
    assert taken_back.is_closed


def test_doubles_are_found_by_words_and_joined(story, worker, morning):
    first = make_need(story, morning, worker)
    second = make_need(story, morning, worker_of(story), title="抄表来回跑三个站太费时")
    make_need(story, morning, worker, title="食堂的菜咸")
    assert likely_doubles(second, story.clerk, morning) == [first]
    merge_need(item=second, into=first, actor=story.clerk, at=morning)

    assert (second.state, second.merged_into) == ("merged", first)
    assert SEE_ITEM.allows(second.raised_by, first, at=morning)
    take_step(item=first, step="withdraw", actor=worker, at=morning)
    with pytest.raises(DoubleClosed):
        merge_need(item=make_need(story, morning, worker), into=first, actor=story.clerk, at=morning)


def test_a_record_gives_the_same_need_once(story, worker, morning):
    source = RecordOf("rhythm.activity", 7, "座谈会")
    first = make_need(story, morning, worker, source=source)
    with pytest.raises(TakenUp):
        make_need(story, morning, worker, source=source)
    take_step(item=first, step="withdraw", actor=worker, at=morning)
    assert make_need(story, morning, worker, source=source).source_id == 7


def test_times_for_help_are_agreed_and_called_off(story, worker, morning):
    item = triaged(story, morning, worker)
    begins = morning + timedelta(hours=2)
    moment = agree_moment(item=item, text=MomentText(HelpWay.ON_SITE, begins), actor=story.lead, at=morning)
    assert (moment.place, moment.ends_at) == ("南I-1联合站", begins + timedelta(hours=1))
    assert list(moments_today(story.lead, morning)) == [moment]
    assert not moments_today(story.lead, morning + timedelta(days=1)).exists()
    other = triaged(story, morning, worker, title="另一件")
    with pytest.raises(HelperBusy):
        agree_moment(
            item=other, text=MomentText(HelpWay.REMOTE, begins + timedelta(minutes=59), link="13812345678"),
            actor=story.lead, at=morning,
        )  # fmt: skip
    call_off_moment(moment=moment, actor=story.clerk, at=morning)
    with pytest.raises(Stale):
        call_off_moment(moment=moment, actor=story.clerk, at=morning)
    assert not moments_waiting(story.lead, morning).exists()
    assert [values["way"] for _s, _q, values in facts_of("needs.help_agreed")] == ["on_site"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (lambda at: MomentText(HelpWay.ON_SITE, at), MomentPast),
        (lambda at: MomentText(HelpWay.ON_SITE, at + timedelta(hours=1), at + timedelta(hours=14)), MomentPast),
        (lambda at: MomentText(HelpWay.REMOTE, at + timedelta(hours=1)), WhereMissing),
        (lambda at: MomentText(HelpWay.REMOTE, at + timedelta(hours=1), link="javascript:alert(1)"), WhereMissing),
    ],
)
def test_a_time_for_help_must_be_sound(story, worker, morning, text, refusal):
    item = triaged(story, morning, worker)
    with pytest.raises(refusal):
        agree_moment(item=item, text=text(morning), actor=story.lead, at=morning)


def test_a_time_wants_somebody_who_helps_and_the_right(story, worker, morning):
    item = make_need(story, morning, worker)
    text = MomentText(HelpWay.ON_SITE, morning + timedelta(hours=1))
    with pytest.raises(NobodyHelps):
        agree_moment(item=item, text=text, actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        agree_moment(item=item, text=text, actor=worker, at=morning)


def test_targets_go_down_to_those_who_set_none(story, worker, morning):
    assert targets_of(story.body, morning) == (3, 10)
    set_targets(body=story.committee, triage_days=1, answer_days=5, actor=story.clerk, at=morning)
    assert targets_of(story.committee, morning) == (1, 5)
    for triage, answer in ((0, 5), (6, 5), (1, 251)):
        with pytest.raises(TargetsUnsound):
            set_targets(body=story.committee, triage_days=triage, answer_days=answer, actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        set_targets(body=story.committee, triage_days=1, answer_days=5, actor=worker, at=morning)
    item = make_need(story, morning, worker)
    assert item.due_at - morning == timedelta(days=6, hours=10, minutes=20)  # the Sunday is worked for the holiday


def test_the_board_counts_paces_and_satisfaction(story, worker, morning):
    for score in ("5", "4"):
        rated(story, morning, worker, score=score)
    whole = row_of("", "", lives_below(story.committee, morning), morning)
    assert (whole.total, whole.satisfaction.share, whole.share_text) == (2, None, "")
    item = answered(story, morning, worker, tags=("data", "efficiency"))
    take_step(item=item, step="reopen", actor=worker, at=morning, said=Said(values={"score": "1"}, note="没好"))
    late = morning + timedelta(days=30)
    make_need(story, morning, worker)
    lives = lives_below(story.committee, late)
    whole = row_of("", "", lives, late)

    assert (whole.total, dict(whole.states)) == (4, {"rated": 2, "helping": 1, "raised": 1})
    assert (whole.share_text, whole.mean_text) == ("66.67", "3.33")
    assert (whole.triage.within, whole.triage.running, whole.triage.late) == (3, 1, 1)
    assert (whole.answer.within, whole.answer.running, whole.answer.late) == (2, 2, 2)
    assert row_of("", "", [life for life in lives if "data" in life.tags], late).total == 1
    done = rated(story, morning, worker)
    take_step(item=done, step="close", actor=story.clerk, at=morning, said=Said(values={"gain_holds": True}))
    assert row_of("", "", lives_below(story.committee, late), late).hours_saved == Decimal("27.5")
    assert GAIN["gain_after"] == "12.5"


def test_a_target_is_kept_on_its_very_day(story, worker, morning):
    """Raised on Monday 14 September, three working days end on Thursday."""
    item = make_need(story, morning, worker)
    life = lives_below(story.committee, morning)[0]
    assert life.triage_due.isoformat() == "2026-09-17"
    evening = morning + timedelta(days=3, hours=16)
    take_step(item=item, step="refuse", actor=story.clerk, at=evening, said=Said(note="不属于"))
    assert row_of("", "", lives_below(story.committee, evening), evening).triage.within == 1


def test_a_board_costs_the_same_however_many(story, worker, morning, django_assert_max_num_queries):
    for number in range(4):
        make_need(story, morning, worker, title=f"第{number}件")
    with django_assert_max_num_queries(4):
        lives_below(story.committee, morning)
