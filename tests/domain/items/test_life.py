"""One item from raised to closed: who, when, with what, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.claims.rules import CLAIM_TASK
from ronghe.domain.items.calc.fields import FieldType
from ronghe.domain.items.models import ItemEvidence, ItemPledge, ItemStep, WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.selectors import items_owed_by, items_seen_by, items_to_run, list_items, record_of
from ronghe.domain.items.services.changing import (
    AlreadyInIt,
    Changed,
    ItemClosed,
    NoSuchPart,
    add_note,
    change_item,
    let_go,
    let_in,
)
from ronghe.domain.items.services.escalating import escalate_overdue
from ronghe.domain.items.services.filling import ValuesUnfit, in_words
from ronghe.domain.items.services.raising import DeadlineMissing, ItemText, TitleMissing, raise_item
from ronghe.domain.items.services.steps import Said, StepEvidenceMissing, StepNoteMissing, steps_open_to, take_step
from ronghe.domain.work.services.tasks import DeadlinePast
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.items import DUTIES, claimed, handed_in, make_claim
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


def kinds_of(item):
    return list(
        Fact.objects.filter(source_type="items.workitem", source_id=item.pk)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_a_task_is_claimed_signed_done_and_accepted(story, morning):
    item = handed_in(story, morning, story.members[0])
    take_step(
        item=item, step="accept", actor=story.lead, at=morning + timedelta(hours=30), said=Said(values={"score": 5})
    )

    assert (item.state, item.closed_at, item.settled_by) == ("accepted", morning + timedelta(hours=30), story.lead)
    assert (item.percent, item.round, item.values["score"]) == (100, 1, "5")
    steps = [row.step for row in record_of(item, morning).steps]
    assert steps == ["raise", "publish", "claim", "sign", "submit", "accept"]
    assert [clock.hours for clock in record_of(item, morning).clocks] == [30, 30]
    last = Fact.objects.filter(kind="items.moved").order_by("-pk")[0]
    assert last.subject == story.members[0].token


def test_sd_04_the_three_duties_must_all_be_there(story, morning):
    for missing in ("qhse_duty", "project_duty", "member_duty"):
        given = ItemText("视频联动", values={**DUTIES, missing: ""}, due_at=morning + timedelta(days=2))
        with pytest.raises(ValuesUnfit) as refused:
            raise_item(kind=CLAIM_TASK, text=given, body=story.body, actor=story.lead, at=morning)
        assert list(refused.value.by_field()) == [missing]

    assert not WorkItem.objects.exists()


def test_sd_04_what_was_signed_is_kept_and_a_change_shows(story, morning):
    item = claimed(story, morning, story.members[0])
    take_step(item=item, step="sign", actor=story.members[0], at=morning)
    assert [signed.is_current for signed in record_of(item, morning).pledges] == [True]

    change_item(item=item, changed=Changed(text="16 路联动"), actor=story.lead, at=morning, reason="加了四路")

    assert [signed.is_current for signed in record_of(item, morning).pledges] == [False]
    assert "12 路联动" in ItemPledge.objects.get().words


def test_nobody_accepts_the_own_work(story, morning):
    item = handed_in(story, morning, story.lead)

    with pytest.raises(NotAllowed):
        take_step(item=item, step="accept", actor=story.lead, at=morning)
    take_step(item=item, step="accept", actor=story.secretary, at=morning)
    assert item.state == "accepted"


def test_what_is_returned_goes_on_and_counts_its_rounds(story, morning):
    item = handed_in(story, morning, story.members[0])
    with pytest.raises(StepNoteMissing):
        take_step(item=item, step="return", actor=story.lead, at=morning)
    take_step(item=item, step="return", actor=story.lead, at=morning, said=Said(note="第三路没有声音"))
    take_step(item=item, step="submit", actor=story.members[0], at=morning, said=Said(note="已换拾音器"))

    assert (item.state, item.round) == ("submitted", 2)


def test_handing_in_wants_words_and_something_that_shows_it(story, morning):
    item = claimed(story, morning, story.members[0])
    take_step(item=item, step="sign", actor=story.members[0], at=morning)

    with pytest.raises(StepNoteMissing):
        take_step(item=item, step="submit", actor=story.members[0], at=morning, said=Said(uploads=[photo()]))
    with pytest.raises(StepEvidenceMissing):
        take_step(item=item, step="submit", actor=story.members[0], at=morning, said=Said(note="好了"))
    assert not ItemEvidence.objects.exists()


def test_a_released_task_is_free_again(story, morning):
    item = claimed(story, morning, story.members[0])
    take_step(item=item, step="release", actor=story.members[0], at=morning, said=Said(note="倒班"))
    assert (item.state, item.owner) == ("published", None)

    take_step(item=item, step="claim", actor=story.members[1], at=morning)
    assert item.owner == story.members[1]


def test_a_step_from_the_wrong_state_says_so_before_anything_else(story, morning):
    item = make_claim(story, morning)
    take_step(item=item, step="withdraw", actor=story.lead, at=morning, said=Said(note="不做了"))

    with pytest.raises(StepNotAllowed, match="现在的状态是“已撤下”"):
        take_step(item=item, step="withdraw", actor=story.lead, at=morning)
    with pytest.raises(NotFound):
        take_step(item=item, step="no_such_step", actor=story.lead, at=morning)


def test_raising_wants_a_title_and_a_deadline_to_come(story, morning):
    def raised(**more):
        text = ItemText(**{"title": "联动", "values": DUTIES, "due_at": morning + timedelta(minutes=1), **more})
        return raise_item(kind=CLAIM_TASK, text=text, body=story.body, actor=story.lead, at=morning)

    for refusal, more in (
        (TitleMissing, {"title": " "}), (DeadlineMissing, {"due_at": None}), (DeadlinePast, {"due_at": morning}),
    ):  # fmt: skip
        with pytest.raises(refusal):
            raised(**more)
    assert raised().state == "draft"
    with pytest.raises(NotAllowed):
        text = ItemText("联动", values=DUTIES, due_at=morning + timedelta(days=1))
        raise_item(kind=CLAIM_TASK, text=text, body=story.body, actor=story.members[0], at=morning)


def test_the_same_photo_shown_twice_is_flagged(story, morning):
    first, second = handed_in(story, morning, story.members[0]), handed_in(story, morning, story.members[1])

    assert not first.evidence.get().is_reused
    assert second.evidence.get().is_reused


def test_words_on_the_way_come_from_those_with_a_part_in_it(story, morning):
    item = claimed(story, morning, story.members[0])
    add_note(item=item, text="通了五路", percent=40, actor=story.members[0], at=morning)
    assert item.percent == 40
    with pytest.raises(NotAllowed):
        add_note(item=item, text="我也说一句", actor=story.members[1], at=morning)
    with pytest.raises(NotAllowed):
        add_note(item=item, text="", percent=90, actor=story.lead, at=morning, uploads=[photo()])

    let_in(item=item, person=story.members[1], part="helper", actor=story.lead, at=morning, duty="拉线")
    add_note(item=item, text="线已拉好", actor=story.members[1], at=morning)
    with pytest.raises(AlreadyInIt):
        let_in(item=item, person=story.members[1], part="helper", actor=story.lead, at=morning)
    with pytest.raises(NoSuchPart):
        let_in(item=item, person=story.members[1], part="judge", actor=story.lead, at=morning)
    let_go(row=item.people.get(), actor=story.members[1], at=morning)
    with pytest.raises(NotAllowed):
        add_note(item=item, text="再说一句", actor=story.members[1], at=morning)


def test_what_is_closed_stays_as_it_is(story, morning):
    item = handed_in(story, morning, story.members[0])
    take_step(item=item, step="accept", actor=story.lead, at=morning)

    with pytest.raises(ItemClosed):
        change_item(item=item, changed=Changed(title="别的"), actor=story.lead, at=morning)
    with pytest.raises(ItemClosed):
        add_note(item=item, text="补一句", actor=story.members[0], at=morning)


def test_a_change_keeps_what_stood_there(story, morning):
    item = make_claim(story, morning)
    change_item(
        item=item, changed=Changed(values={"qhse_duty": "两人同行"}), actor=story.lead, at=morning, reason="夜间"
    )

    kept = ItemStep.objects.filter(item=item, step="change").get()
    assert kept.values["values"]["qhse_duty"] == DUTIES["qhse_duty"]
    assert item.values == {**DUTIES, "qhse_duty": "两人同行"}
    change_item(item=item, changed=Changed(title=item.title), actor=story.lead, at=morning)
    assert ItemStep.objects.filter(item=item, step="change").count() == 1


def test_an_overdue_task_goes_up_a_level_at_a_time_and_once(story, morning):
    item = claimed(story, morning, story.members[0], due_in_days=1)
    due = item.due_at

    assert escalate_overdue(at=due + timedelta(days=1) - timedelta(seconds=1)) == 0
    assert escalate_overdue(at=due + timedelta(days=1)) == 1
    assert escalate_overdue(at=due + timedelta(days=1)) == 0
    assert escalate_overdue(at=due + timedelta(days=7)) == 1
    item.refresh_from_db()
    assert item.level == 2
    take_step(item=item, step="sign", actor=story.members[0], at=due + timedelta(days=8))
    assert item.level == 0


def test_it_waits_for_whoever_is_to_act(story, morning):
    item = claimed(story, morning, story.members[0])
    assert list(items_owed_by(story.members[0])) == [item]
    assert list(items_to_run(story.lead, morning)) == []

    take_step(item=item, step="sign", actor=story.members[0], at=morning)
    take_step(item=item, step="submit", actor=story.members[0], at=morning, said=Said(note="好了", uploads=[photo()]))
    assert list(items_owed_by(story.members[0])) == []
    assert list(items_to_run(story.lead, morning)) == [item]
    assert list(items_to_run(story.members[1], morning)) == []


def test_only_the_involved_see_what_is_theirs_alone(story, morning):
    item = claimed(story, morning, story.members[0])
    stranger = make_person("别处的人")
    assert SEE_ITEM.allows(story.members[1], item, at=morning)
    assert not SEE_ITEM.allows(stranger, item, at=morning)

    for visibility, seen in (("involved", False), ("everyone", True)):
        WorkItem.objects.filter(pk=item.pk).update(visibility=visibility)
        item.refresh_from_db()
        assert SEE_ITEM.allows(story.members[1], item, at=morning) is seen
        assert SEE_ITEM.allows(stranger, item, at=morning) is seen
        assert SEE_ITEM.allows(story.members[0], item, at=morning)


def test_steps_that_are_offered_are_those_that_can_be_taken(story, morning):
    item = make_claim(story, morning)
    assert [step.id for step in steps_open_to(item, story.lead, morning)] == ["publish", "withdraw"]
    assert steps_open_to(item, story.members[0], morning) == []

    take_step(item=item, step="publish", actor=story.lead, at=morning)
    assert [step.id for step in steps_open_to(item, story.members[0], morning)] == ["claim"]


def test_numbers_are_read_out_with_their_unit(story, morning):
    item = handed_in(story, morning, story.members[0])
    take_step(item=item, step="accept", actor=story.lead, at=morning, said=Said(values={"score": "1,200"}))

    assert [words for spec, words in in_words(CLAIM_TASK, item.values) if spec.type == FieldType.WHOLE] == ["1,200 分"]


def test_every_step_leaves_one_fact(story, morning):
    item = handed_in(story, morning, story.members[0])

    assert kinds_of(item) == [
        "items.raised",
        "items.moved",
        "items.moved",
        "items.pledged",
        "items.moved",
        "items.moved",
    ]


def test_what_has_no_deadline_comes_last(story, morning):
    late, soon, never = (make_claim(story, morning, title=name, due_in_days=days) for name, days in
                         (("后到期", 9), ("先到期", 2), ("没有期限", 5)))  # fmt: skip
    WorkItem.objects.filter(pk=never.pk).update(due_at=None)

    assert list(list_items(story.lead, morning)) == [soon, late, never]
    assert list(items_seen_by(story.lead, morning)) == [soon, late, never]
