"""SD-05: the three meetings in their order, at every boundary, whoever asks and by whichever way."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.changes import PeopleCame, call_off_activity
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.sign_in import tick_present
from ronghe.domain.sitemeetings.enums import ORDER, ChainStage, Meeting
from ronghe.domain.sitemeetings.models import BriefingText, SiteChain
from ronghe.domain.sitemeetings.rules import SEE_CHAIN
from ronghe.domain.sitemeetings.selectors import (
    board_of,
    chains_seen_by,
    chains_to_sign,
    last_time,
    list_chains,
    site_bodies,
)
from ronghe.domain.sitemeetings.selectors.boards import state_of
from ronghe.domain.sitemeetings.services.chains import (
    BriefingMissing,
    ChainReasonMissing,
    ChainThere,
    ChecksUnconfirmed,
    MeetingLocked,
    MeetingNotNext,
    MeetingNotOpen,
    NoSiteBody,
    PlaceMissing,
    Prepared,
    begin_chain,
    call_off_chain,
    close_meeting,
    confirm_checks,
    open_meeting,
    undo_meeting,
)
from ronghe.domain.sitemeetings.services.minds import settle_all
from ronghe.domain.sitemeetings.services.settling import BrieferUnsigned, MindsUnsaid, OnlyInChain, Unsigned
from ronghe.domain.sitemeetings.services.signing import sign_meeting
from ronghe.domain.sitemeetings.services.telling import ChainDayOver
from ronghe.domain.sitemeetings.services.texts import (
    BrieferUnknown,
    ChainOff,
    HazardWithoutMeasure,
    StudyItemMissing,
    TextEmpty,
    TextTooLong,
    set_briefer,
    write_text,
)
from ronghe.domain.taskforces.services.running import wind_up_task_force
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import playbook, shipped
from tests.domain.sitemeetings.making import HAZARDS, NOW, PLACE, TODAY, begun, complete, crew, hold, prepared, sign_all
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_zone
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_running(NOW)


def test_chain_begins_with_its_group_meeting_open(story):
    chain = begun(story)

    assert (chain.stage, chain.day, chain.leader) == (ChainStage.GROUP_OPEN, TODAY, story.leader)
    assert [state_of(chain.stage, meeting) for meeting in ORDER] == ["open", "locked", "locked"]
    activity = Activity.objects.get()
    assert (activity.activity_type, activity.state) == (ActivityType.SITE_GROUP_MEETING, ActivityState.OPEN)
    assert activity.agenda_items.get().topic == "党的创新理论学习：安全生产重要论述"
    assert Fact.objects.get(kind="sitemeetings.chain_begun").body == story.body.pk


def test_chain_is_for_whoever_runs_the_body(story):
    for actor in (story.members[0], story.outsider, story.clerk):
        with pytest.raises(NotAllowed):
            begin_chain(body=story.body, place=PLACE, prepared=prepared(), actor=actor, at=NOW)
    assert begin_chain(body=story.body, place=PLACE, prepared=prepared(), actor=story.secretary, at=NOW).pk


def test_chain_is_for_task_forces_at_work_and_running_zones_only(story):
    with pytest.raises(NoSiteBody):
        begin_chain(body=story.branch, place=PLACE, prepared=prepared(), actor=story.secretary, at=NOW)
    assert list(site_bodies(story.leader, NOW)) == [story.body]
    wind_up_task_force(force=story.force, actor=story.secretary, at=NOW)
    with pytest.raises(NoSiteBody):
        begun(story)
    zone = make_zone()
    chain = begin_chain(body=zone.body, place=PLACE, prepared=prepared(), actor=zone.lead, at=NOW)
    assert (chain.zone, chain.task_force) == (zone.zone, None)


def test_one_chain_a_body_day_and_place(story):
    begun(story)
    with pytest.raises(ChainThere):
        begun(story)
    assert begun(story, place="中控室").place == "中控室"
    with pytest.raises(PlaceMissing):
        begun(story, place="  ")


def test_chain_wants_a_study_item(story):
    with pytest.raises(BriefingMissing):
        begin_chain(body=story.body, place=PLACE, prepared={}, actor=story.leader, at=NOW)
    with pytest.raises(StudyItemMissing):
        begin_chain(
            body=story.body, place=PLACE, prepared={Meeting.GROUP: Prepared("", "正文")}, actor=story.leader, at=NOW
        )


def test_sd_05_next_is_locked_until_the_one_before_is_closed_and_open_right_after(story):
    chain = begun(story)
    for later in (Meeting.SAFETY, Meeting.TECHNICAL):
        with pytest.raises(MeetingLocked):
            open_meeting(chain=chain, meeting=later, actor=story.leader, at=NOW)
    sign_all(chain, Meeting.GROUP, crew(story))
    settle_all(chain=chain, actor=story.leader, at=NOW)
    with pytest.raises(MeetingLocked) as refusal:
        open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    assert "党小组会还没有结束" in str(refusal.value)
    close_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)

    assert open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW).stage == ChainStage.SAFETY_OPEN
    with pytest.raises(MeetingLocked):
        open_meeting(chain=chain, meeting=Meeting.TECHNICAL, actor=story.leader, at=NOW)


def test_sd_05_meeting_is_opened_once(story):
    chain = begun(story)

    with pytest.raises(MeetingNotNext):
        open_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    hold(chain, Meeting.GROUP, story)
    with pytest.raises(MeetingNotNext):
        open_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    with pytest.raises(MeetingNotOpen):
        close_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)


def test_sd_05_stale_page_opens_nothing(story):
    chain = begun(story)
    stale = SiteChain.objects.get(pk=chain.pk)
    stale.stage = ChainStage.GROUP_CLOSED

    with pytest.raises(MeetingLocked):
        open_meeting(chain=stale, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)


def test_sd_05_one_of_the_three_is_not_opened_by_itself(story):
    for kind in (ActivityType.SITE_GROUP_MEETING, ActivityType.SAFETY_BRIEFING, ActivityType.TECHNICAL_BRIEFING):
        activity = plan_activity(
            activity_type=kind, body=story.body, place=PLACE, scheduled_from=NOW,
            scheduled_until=NOW + timedelta(hours=1), actor=story.leader, at=NOW,
        )  # fmt: skip
        with pytest.raises(OnlyInChain), transaction.atomic():
            open_activity(activity=activity, actor=story.leader, at=NOW)


def test_sd_05_gate_holds_when_the_activity_is_closed_on_its_own_page(story):
    chain = begun(story)
    activity = Activity.objects.get()
    tick_present(activity=activity, person=story.members[0], actor=story.leader, at=NOW)
    with pytest.raises(Unsigned) as refusal:
        close_activity(activity=activity, actor=story.leader, at=NOW)
    assert story.members[0].name in str(refusal.value)
    activity.refresh_from_db()
    sign_all(chain, Meeting.GROUP, crew(story))
    settle_all(chain=chain, actor=story.leader, at=NOW)
    close_activity(activity=activity, actor=story.leader, at=NOW)

    chain.refresh_from_db()
    assert chain.stage == ChainStage.GROUP_CLOSED


def test_meeting_is_closed_when_everybody_signed_the_briefer_too_and_minds_are_noted_pc_18(story):
    chain = begun(story)
    with pytest.raises(DomainError):
        close_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.members[0], at=NOW)
    with pytest.raises(BrieferUnsigned):
        close_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    with pytest.raises(MindsUnsaid):
        close_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    settle_all(chain=chain, actor=story.leader, at=NOW)

    assert close_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW).stage == "group_closed"


def test_everybody_of_the_meeting_before_signs_the_next_or_is_noted_as_gone(story):
    chain = begun(story)
    hold(chain, Meeting.GROUP, story)
    open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    sign_all(chain, Meeting.SAFETY, crew(story)[:2])

    with pytest.raises(Unsigned):
        close_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)


def test_complete_chain_is_one_fact_of_the_body(story):
    chain = complete(story)

    assert (chain.stage, chain.closed_at) == (ChainStage.CLOSED, NOW)
    fact = Fact.objects.get(kind="sitemeetings.chain_closed")
    assert fact.body == story.body.pk
    assert '"signatures":9' in fact.attributes
    assert Fact.objects.filter(kind="rhythm.activity_closed").count() == 3
    assert all(line.may_work for line in board_of(chain).people)


def test_next_is_not_opened_without_anything_to_say(story):
    chain = begin_chain(
        body=story.body, place=PLACE, prepared={Meeting.GROUP: Prepared("学习")}, actor=story.leader, at=NOW
    )
    hold(chain, Meeting.GROUP, story)
    with pytest.raises(BriefingMissing):
        open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    write_text(chain=chain, meeting=Meeting.SAFETY, heading="", text=HAZARDS, actor=story.leader, at=NOW)

    assert open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW).stage == "safety_open"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", TextEmpty), ("吊装", HazardWithoutMeasure), ("：戴安全帽", HazardWithoutMeasure),
     ("\n".join(f"危害{n}：措施" for n in range(61)), TextTooLong), (f"a：{'x' * 4000}", TextTooLong)],
)  # fmt: skip
def test_safety_briefing_names_a_measure_for_each_hazard(story, text, refusal):
    chain = begun(story)

    with pytest.raises(refusal):
        write_text(chain=chain, meeting=Meeting.SAFETY, heading="", text=text, actor=story.leader, at=NOW)


def test_what_reads_the_same_stays_the_same_version(story):
    chain = begun(story)
    write_text(chain=chain, meeting=Meeting.SAFETY, heading="", text=f" {HAZARDS}\r\n", actor=story.leader, at=NOW)
    assert BriefingText.objects.filter(meeting__meeting="safety").count() == 1
    text = BriefingText.objects.filter(meeting__meeting="safety").get()
    with pytest.raises(DatabaseError), transaction.atomic():
        BriefingText.objects.filter(pk=text.pk).update(text="改了")


def test_briefer_is_of_the_site_and_set_before_the_meeting(story):
    chain = begun(story)
    set_briefer(chain=chain, meeting=Meeting.SAFETY, briefer=story.members[0], actor=story.leader, at=NOW)
    with pytest.raises(BrieferUnknown):
        set_briefer(chain=chain, meeting=Meeting.SAFETY, briefer=story.outsider, actor=story.leader, at=NOW)
    with pytest.raises(ChainOff):
        set_briefer(chain=chain, meeting=Meeting.GROUP, briefer=story.members[0], actor=story.leader, at=NOW)
    hold(chain, Meeting.GROUP, story)
    open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)

    assert Activity.objects.get(activity_type="safety_briefing").chair == story.members[0]


def test_opening_is_taken_back_while_nobody_has_signed(story):
    chain = begun(story)
    undo_meeting(chain=chain, meeting=Meeting.GROUP, reason="下雨", actor=story.leader, at=NOW)
    assert chain.stage == ChainStage.BEGUN
    open_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)

    with pytest.raises(PeopleCame):
        undo_meeting(chain=chain, meeting=Meeting.GROUP, reason="下雨", actor=story.leader, at=NOW)


def test_activity_called_off_on_its_own_page_takes_back_the_opening(story):
    chain = begun(story)
    call_off_activity(activity=Activity.objects.get(), reason="下雨", actor=story.leader, at=NOW)

    chain.refresh_from_db()
    assert chain.stage == ChainStage.BEGUN


def test_chain_is_called_off_between_meetings_and_another_may_begin(story):
    chain = begun(story)
    with pytest.raises(ChainReasonMissing):
        call_off_chain(chain=chain, reason=" ", actor=story.leader, at=NOW)
    call_off_chain(chain=chain, reason="暴雨停工", actor=story.leader, at=NOW)
    assert chain.stage == ChainStage.CALLED_OFF
    with pytest.raises(MeetingNotNext):
        open_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.leader, at=NOW)
    with pytest.raises(ChainOff):
        write_text(chain=chain, meeting=Meeting.SAFETY, heading="", text="a：b", actor=story.leader, at=NOW)

    again = complete(story)
    with pytest.raises(StepNotAllowed):
        call_off_chain(chain=again, reason="晚了", actor=story.leader, at=NOW)


def test_chain_belongs_to_its_day(story):
    chain = begun(story)
    hold(chain, Meeting.GROUP, story)
    tomorrow = NOW + timedelta(days=1)

    with pytest.raises(ChainDayOver):
        open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=tomorrow)
    last_minute = NOW.replace(hour=23, minute=59, second=59)
    assert open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=last_minute).stage == "safety_open"


def test_next_chain_is_filled_in_from_the_last(story):
    assert last_time(story.body) is None
    complete(story)
    found = last_time(story.body)

    assert (found.chain.place, found.texts["safety"].text) == (PLACE, HAZARDS)
    assert found.briefers["technical"] == story.leader


def test_chains_are_seen_by_those_concerned_and_found(story):
    chain = begun(story)
    officer = make_person("王安全")
    make_post(officer, PostRole.HSE_OFFICER, body=story.committee)
    for actor in (story.leader, story.members[0], story.secretary, officer, story.clerk):
        assert list(chains_seen_by(Person.objects.get(pk=actor.pk), NOW)) == [chain]
    for actor in (story.outsider, story.welder):
        assert list(chains_seen_by(actor, NOW)) == []
    assert list_chains(story.leader, NOW, words="工艺区", stage="open", since=TODAY, until=TODAY).count == 1
    assert list_chains(story.leader, NOW, until=TODAY - timedelta(days=1)).count == 0
    assert list(chains_to_sign(story.members[0], NOW)) == [chain]
    assert list(chains_to_sign(story.welder, NOW)) == []
    sign_meeting(chain=chain, meeting=Meeting.GROUP, actor=story.members[0], at=NOW)
    assert list(chains_to_sign(story.members[0], NOW)) == []
    assert not SEE_CHAIN.allows(make_person(home=make_body()), chain, at=NOW)


def test_database_keeps_a_closed_chain_with_its_time(story):
    chain = begun(story)

    with pytest.raises(IntegrityError), transaction.atomic():
        SiteChain.objects.filter(pk=chain.pk).update(stage=ChainStage.CLOSED)


ACTS = [f"{act}_{meeting}" for act in ("open", "close", "sign", "undo", "change") for meeting in ORDER]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from([*ACTS, "settle"]), min_size=3, max_size=14))
def test_sd_05_no_order_of_acts_opens_a_meeting_before_the_one_before_is_closed(story, acts):
    with transaction.atomic():
        chain = begun(story)
        for act in acts:
            try:
                with transaction.atomic():
                    _do(act, chain, story)
            except DomainError:
                pass
            _assert_in_order(chain)
        transaction.set_rollback(True)


def _do(act, chain, story):
    name, _sep, which = act.partition("_")
    meeting = Meeting(which) if which else Meeting.GROUP
    if name == "open":
        open_meeting(chain=chain, meeting=meeting, actor=story.leader, at=NOW)
    elif name == "close":
        close_meeting(chain=chain, meeting=meeting, actor=story.leader, at=NOW)
    elif name == "sign":
        sign_all(chain, meeting, crew(story))
    elif name == "undo":
        undo_meeting(chain=chain, meeting=meeting, reason="改", actor=story.leader, at=NOW)
    elif name == "change":
        write_text(chain=chain, meeting=meeting, heading="题", text="另一条：另一措施", actor=story.leader, at=NOW)
    else:
        settle_all(chain=chain, actor=story.leader, at=NOW)


def _assert_in_order(chain):
    rows = {row.meeting: row.activity for row in chain.meetings.select_related("activity")}
    states = [rows[meeting].state if rows[meeting] else "" for meeting in ORDER]
    for before, after in pairwise(states):
        assert after == "" or before == ActivityState.CLOSED


def test_two_who_open_the_next_at_once_open_it_once(committing_db):
    story = make_running(NOW)
    chain = begun(story)
    hold(chain, Meeting.GROUP, story)
    barrier, done = Barrier(2), []

    def act(actor):
        barrier.wait()
        try:
            open_meeting(chain=SiteChain.objects.get(pk=chain.pk), meeting=Meeting.SAFETY, actor=actor, at=NOW)
            done.append("opened")
        except DomainError as error:
            done.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=act, args=(actor,)) for actor in (story.leader, story.secretary)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == ["meeting_not_next", "opened"]
    assert Activity.objects.filter(activity_type=ActivityType.SAFETY_BRIEFING).count() == 1


BRIEFINGS = """\
  - id: site_group_meeting
    title: {zh: 现场党小组会, en: Group meeting on site}
    dimension: life
    for: [temporary_party_group]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    answers: secretary
    form: {checks: [{id: steady, title: {zh: 思想稳定, en: Steady}}]}
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: site_group_meeting}}]
    evidence: {required: [checklist], optional: []}
  - id: safety_briefing
    title: {zh: 安全交底会, en: Safety briefing}
    dimension: life
    for: [temporary_party_group]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    answers: secretary
    form:
      checks: [{id: said, title: {zh: 危害讲清, en: Said}}, {id: guardian, title: {zh: 监护人已明确, en: Guardian}}]
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: safety_briefing}}]
    evidence: {required: [checklist], optional: []}
"""


def test_checklist_of_the_playbook_is_confirmed_before_a_briefing_is_closed(story):
    adopt_playbook(body=story.body, playbook=playbook(BRIEFINGS), since=TODAY, actor=None, at=NOW)
    chain = begun(story)
    hold(chain, Meeting.GROUP, story)
    assert Activity.objects.get(activity_type="site_group_meeting").missing == []
    open_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    sign_all(chain, Meeting.SAFETY, crew(story))
    with pytest.raises(ChecksUnconfirmed):
        close_meeting(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW)
    assert confirm_checks(chain=chain, meeting=Meeting.SAFETY, actor=story.leader, at=NOW) == 2
    write_text(chain=chain, meeting=Meeting.SAFETY, heading="", text="滑跌：清积水", actor=story.leader, at=NOW)
    hold(chain, Meeting.SAFETY, story)

    activity = Activity.objects.get(activity_type="safety_briefing")
    assert activity.missing == []
    assert activity.agenda_items.get(topic="今日危害与措施").notes == "滑跌：清积水"


def test_complete_chain_meets_the_days_duty(story):
    adopt_playbook(body=story.body, playbook=shipped("yilong_4plus1"), since=TODAY, actor=None, at=NOW)
    chain = begun(story)
    hold(chain, Meeting.GROUP, story)
    for meeting in (Meeting.SAFETY, Meeting.TECHNICAL):
        open_meeting(chain=chain, meeting=meeting, actor=story.leader, at=NOW)
        confirm_checks(chain=chain, meeting=meeting, actor=story.leader, at=NOW)
        hold(chain, meeting, story)
    duty = Obligation.objects.get(body=story.body, mechanism="site_chain", occurrence=f"{TODAY}")

    assert duty.match is not None
