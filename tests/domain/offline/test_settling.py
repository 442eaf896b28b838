"""What becomes of an act that was not taken is its author's to say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.offline.calc.acts import item_digest
from ronghe.domain.offline.enums import ActState, MinutesChoice
from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.offline.services import settling
from ronghe.domain.offline.services.applying import NothingTicked
from ronghe.domain.offline.services.taking import ActUnreadable, take_acts
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.domain.rhythm.services.agenda import add_agenda_item, edit_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.sign_in import tick_present
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.offline import Phone
from tests.factories.rhythm import make_huddle, make_zone

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def lead(story, morning) -> Phone:
    return Phone(story.lead, morning - HOUR)


@pytest.fixture
def second(story, lead, morning) -> ReceivedAct:
    """The opening of a huddle that somebody else had opened, with a tick, a topic and the end in it."""
    opened = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    lead.does("tick", morning + MINUTE, activity=opened, person=story.members[0].pk)
    lead.does("agenda_add", morning + MINUTE, activity=opened, topic="补焊")
    lead.does("close", morning + 9 * MINUTE, activity=opened)
    open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=morning)
    take_acts(acts=lead.queue, at=morning + HOUR)
    return ReceivedAct.objects.get(number=1)


@pytest.fixture
def conflict(story, lead, morning) -> ReceivedAct:
    """A line of minutes that two have written."""
    huddle = make_huddle(story, morning)
    item = add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=morning)
    lead.does(
        "agenda_edit", morning, activity=huddle.pk, item=item.pk, base=item_digest("补焊", "", ""), topic="补焊",
        notes="夜里焊", decision="停输",
    )  # fmt: skip
    edit_agenda_item(item=item, actor=story.lead, at=morning, topic="补焊", notes="白天焊", decision=None)
    take_acts(acts=lead.queue, at=morning + MINUTE)
    return ReceivedAct.objects.get()


def states() -> list[str]:
    return list(ReceivedAct.objects.order_by("number").values_list("state", flat=True))


def test_joined_huddle_takes_what_was_done_in_the_other(story, second, morning):
    settling.join_existing(act=second, actor=story.lead, at=morning + 2 * HOUR)

    assert states() == ["taken"] * 4
    huddle = Activity.objects.get()
    assert (huddle.state, huddle.present_count, huddle.chair) == (ActivityState.CLOSED, 1, story.secretary)
    assert AgendaItem.objects.get().topic == "补焊"


def test_voided_huddle_takes_what_was_done_in_it_along(story, second, morning):
    settling.void_act(act=second, actor=story.lead, at=morning + 2 * HOUR)

    assert states() == ["voided"] * 4
    assert not ReceivedAct.objects.filter(payload__isnull=False).exists()
    assert (AgendaItem.objects.count(), Attendance.objects.count()) == (0, 0)
    assert Fact.objects.filter(kind="offline.act_voided").count() == 4


def test_what_comes_for_a_voided_huddle_is_refused(story, lead, second, morning):
    settling.void_act(act=second, actor=story.lead, at=morning + 2 * HOUR)
    lead.does("tick", morning + MINUTE, activity=second.act_id, person=story.members[1].pk)

    assert [one.code for one in take_acts(acts=lead.queue[-1:], at=morning + 3 * HOUR)] == ["start_voided"]


def test_joining_what_was_called_off_meanwhile_is_refused(story, second, morning):
    Activity.objects.update(state=ActivityState.CALLED_OFF)

    with pytest.raises(settling.NothingToJoin):
        settling.join_existing(act=second, actor=story.lead, at=morning + 2 * HOUR)
    assert states()[0] == ActState.REFUSED


def test_opened_again_once_the_other_was_called_off(story, second, morning):
    Activity.objects.update(state=ActivityState.CALLED_OFF)

    settling.redo_act(act=second, actor=story.lead, at=morning + 2 * HOUR)

    assert states() == ["taken"] * 4
    assert Activity.objects.get(state="closed").opened_at == morning


@pytest.mark.parametrize(
    ("choice", "notes", "decision", "state"),
    [
        (MinutesChoice.MINE, "夜里焊", "停输", "taken"),
        (MinutesChoice.BOTH, "白天焊\n——\n夜里焊", "停输", "taken"),
        (MinutesChoice.THEIRS, "白天焊", None, "voided"),
    ],
)
def test_of_two_texts_the_author_chooses(story, conflict, morning, choice, notes, decision, state):
    settling.choose_minutes(act=conflict, choice=choice, actor=story.lead, at=morning + HOUR)

    item = AgendaItem.objects.get()
    assert (item.notes, item.decision, states()) == (notes, decision, [state])


def test_choosing_after_the_end_is_refused_and_keeps_the_text(story, conflict, morning):
    tick_present(activity=Activity.objects.get(), person=story.lead, actor=story.lead, at=morning)
    close_activity(activity=Activity.objects.get(), actor=story.lead, at=morning + 5 * MINUTE)

    with pytest.raises(Exception, match="状态是“已结束”"):
        settling.choose_minutes(act=conflict, choice=MinutesChoice.MINE, actor=story.lead, at=morning + HOUR)
    conflict.refresh_from_db()
    assert conflict.payload["notes"] == "夜里焊"


def test_other_refusals_offer_no_choice_between_texts(story, second, morning):
    with pytest.raises(settling.NotCurable):
        settling.choose_minutes(act=second, choice=MinutesChoice.MINE, actor=story.lead, at=morning + HOUR)


def test_reported_again_with_other_words(story, lead, morning):
    """The gathering was planned, and opened on the computer only after the phone had reported."""
    from tests.factories.rhythm import make_meeting

    meeting = make_meeting(story, morning)
    Activity.objects.update(state=ActivityState.PLANNED)
    lead.does("agenda_add", morning, activity=meeting.pk, topic="补悍", notes="甲")
    take_acts(acts=lead.queue, at=morning + MINUTE)
    Activity.objects.update(state=ActivityState.OPEN)

    act = ReceivedAct.objects.get()
    words = {"topic": "补焊", "activity": "7"}
    settling.redo_act(act=act, words=words, actor=story.lead, at=morning + HOUR)

    item = AgendaItem.objects.get()
    assert (item.topic, item.notes, item.activity) == ("补焊", "甲", meeting)


def test_refused_again_it_stays_as_it_was(story, lead, morning):
    huddle = make_huddle(story, morning)
    lead.does("untick", morning, activity=huddle.pk, person=story.members[0].pk)
    take_acts(acts=lead.queue, at=morning)
    act = ReceivedAct.objects.get()

    with pytest.raises(NothingTicked):
        settling.redo_act(act=act, actor=story.lead, at=morning + HOUR)
    assert states() == ["refused"]


def test_words_beyond_their_limit_are_refused(story, conflict, morning):
    with pytest.raises(ActUnreadable):
        settling.redo_act(act=conflict, words={"topic": "长" * 121}, actor=story.lead, at=morning + HOUR)


def test_closing_reported_again_closes_now(story, lead, morning):
    huddle = make_huddle(story, morning)
    lead.does("close", morning + MINUTE, activity=huddle.pk)
    tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=morning + 2 * MINUTE)
    take_acts(acts=lead.queue, at=morning + HOUR)

    settling.redo_act(act=ReceivedAct.objects.get(), actor=story.lead, at=morning + 2 * HOUR)

    assert Activity.objects.get().closed_at == morning + 2 * HOUR


def test_code_that_was_not_good_is_not_cured_by_reporting_it_again(story, morning):
    from ronghe.domain.rhythm.services.codes import sign_in_code

    huddle = make_huddle(story, morning)
    phone = Phone(story.members[0], morning)
    phone.does("sign_in", morning + HOUR, activity=huddle.pk, code=sign_in_code(huddle, at=morning))
    take_acts(acts=phone.queue, at=morning + HOUR)
    act = ReceivedAct.objects.get()

    assert not settling.can_redo(act)
    with pytest.raises(settling.NotCurable):
        settling.redo_act(act=act, actor=story.members[0], at=morning + HOUR)


@pytest.mark.parametrize(("late", "refused"), [(timedelta(days=7), False), (timedelta(days=7, seconds=1), True)])
def test_reporting_again_has_its_days_too(story, second, morning, late, refused):
    Activity.objects.update(state=ActivityState.CALLED_OFF)
    at = second.received_at + late

    if refused:
        with pytest.raises(settling.NotCurable):
            settling.redo_act(act=second, actor=story.lead, at=at)
    else:
        assert settling.redo_act(act=second, actor=story.lead, at=at).state == ActState.TAKEN


@pytest.mark.parametrize("act_on", ["redo_act", "join_existing", "void_act"])
def test_nobody_decides_for_the_author(story, second, morning, act_on):
    with pytest.raises(NotAllowed):
        getattr(settling, act_on)(act=second, actor=story.secretary, at=morning + 2 * HOUR)


@pytest.mark.parametrize("act_on", ["redo_act", "join_existing", "void_act"])
def test_decided_once_is_decided(story, second, morning, act_on):
    settling.void_act(act=second, actor=story.lead, at=morning + 2 * HOUR)

    with pytest.raises(Stale):
        getattr(settling, act_on)(act=second, actor=story.lead, at=morning + 2 * HOUR)
