"""A call-up from the first tap to the verified result: who is called, answers, is on shift, and what is written down."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.carriers.enums import Answer, CallState, CarrierType, NeedKind, Occasion, Part, TeamState
from ronghe.domain.carriers.models import CallPerson, CallUp, Shift, ShiftPerson
from ronghe.domain.carriers.rules import CALL_UP, COMMAND, SEE_CALL
from ronghe.domain.carriers.selectors.calls import (
    calls_filtered,
    calls_of,
    calls_seen_by,
    calls_to_run,
    calls_to_verify,
    counts_of,
    list_calls,
    neighbouring_teams,
    teams_to_send,
    view_of,
)
from ronghe.domain.carriers.selectors.carriers import teams_to_call
from ronghe.domain.carriers.services.answering import (
    CannotWhy,
    HereAlready,
    NotHere,
    OnShift,
    answer_call,
    arrive,
    take_back_arrival,
)
from ronghe.domain.carriers.services.calling import (
    CallOffReasonMissing,
    CallOver,
    CallText,
    DeclineReasonMissing,
    NobodyCalled,
    NotCallable,
    NoTeam,
    NotOnRoster,
    PlaceUnnamed,
    RallyPast,
    WorkDone,
    add_team,
    answer_request,
    call_off,
    call_up,
    pass_command,
)
from ronghe.domain.carriers.services.ending import (
    InjuryUntold,
    Outcome,
    ResultMissing,
    SavedWithoutWords,
    VerifyNoteMissing,
    resume_call,
    stand_down,
    verify_call,
)
from ronghe.domain.carriers.services.log import LineEmpty, LineTimeWrong, write_line
from ronghe.domain.carriers.services.needs import (
    HowMissing,
    NeedUnfit,
    ask_for_need,
    raise_need,
    reopen_need,
    settle_need,
)
from ronghe.domain.carriers.services.people import add_member
from ronghe.domain.carriers.services.running import TeamBusy
from ronghe.domain.carriers.services.shifts import plan_shifts
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.carriers import (
    OUTCOME,
    all_here,
    make_call,
    make_carrier,
    make_story,
    place_of,
    proposed,
    stood_down,
    with_shifts,
)
from tests.factories.org import make_person
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=12)


@pytest.fixture
def story(morning):
    return make_story(morning)


def facts(kind: str) -> list[Fact]:
    return list(Fact.objects.filter(kind=kind).order_by("pk"))


def standing(kind: str) -> int:
    """How many facts of a kind stand: those recorded, less those taken back, each of which leaves two rows."""
    rows = facts(kind)
    return len(rows) - 2 * sum(fact.reverses is not None for fact in rows)


def test_one_act_calls_everybody_in_the_team(story, morning):
    call = make_call(story, morning)

    everybody = {story.captain, *story.members}
    assert {row.person for row in call.roster.all()} == everybody
    assert all(calls_of(person).get().call == call for person in everybody)
    assert (call.rally_place, call.rally_at, call.commander) == (
        call.place,
        morning + timedelta(minutes=30),
        story.secretary,
    )
    (fact,) = facts("carriers.called")
    assert (fact.body, fact.attributes) == (story.branch.pk, '{"occasion":"flood","people":4}')


def test_a_unit_sets_how_soon_people_rally(story, morning):
    adopt(story.branch, playbook(f"{THEME_DAY}keys: {{callup_rally_minutes: 15}}\n"), morning.date())

    assert make_call(story, morning).rally_at == morning + timedelta(minutes=15)


@pytest.mark.parametrize("who", ["captain", "secretary", "clerk", "hse", "deputy"])
def test_who_leads_may_call_up(story, morning, who):
    person = story.members[0] if who == "deputy" else getattr(story, who)

    assert make_call(story, morning, by=person).called_by == person
    assert CALL_UP.allows(person, story.team, at=morning)


@pytest.mark.parametrize("who", ["member", "proposer", "outsider", "next_secretary"])
def test_who_leads_nothing_here_may_not(story, morning, who):
    person = story.members[1] if who == "member" else getattr(story, who)

    with pytest.raises(NotAllowed):
        make_call(story, morning, by=person)
    assert story.team not in teams_to_call(person, morning)
    assert not CallUp.objects.exists()


def test_a_call_that_says_too_little_is_refused(story, morning):
    def call(teams=None, **changes):
        text = CallText(**({"occasion": Occasion.RESCUE, "place": "3 号井"} | changes))
        return call_up(teams=[story.team] if teams is None else teams, text=text, actor=story.secretary, at=morning)

    post = make_carrier(story, morning, type_=CarrierType.MODEL_POST, name="示范岗")
    for refusal, given in (
        (NoTeam, {"teams": []}),
        (PlaceUnnamed, {"place": " "}),
        (RallyPast, {"rally_at": morning - timedelta(minutes=61)}),
        (NotCallable, {"teams": [post]}),
        (NotCallable, {"teams": [proposed(story, morning, name="没批的队")]}),
    ):
        with pytest.raises(refusal):
            call(**given)
    assert call(rally_at=morning - timedelta(minutes=60)).rally_at == morning - timedelta(minutes=60)


def test_a_team_is_called_up_to_one_place_at_a_time(story, morning):
    call = make_call(story, morning)
    assert list(teams_to_call(story.secretary, morning)) == []
    with pytest.raises(TeamBusy, match="南八突击队"):
        make_call(story, morning)

    stand_down(call=call, outcome=OUTCOME, actor=story.secretary, at=morning)

    assert make_call(story, morning).is_running


def test_a_neighbours_team_is_asked_and_its_leader_answers(story, morning):
    call = make_call(story, morning, teams=[story.team, story.next_team])
    asked = call.teams.get(carrier=story.next_team)
    assert (asked.state, call.roster.count()) == (TeamState.ASKED, 4)
    assert list(teams_to_send(story.next_secretary, morning)) == [asked]
    assert list(teams_to_send(story.secretary, morning)) == []
    assert SEE_CALL.allows(story.next_captain, call, at=morning)
    with pytest.raises(NotAllowed):
        answer_request(team=asked, sends=True, actor=story.secretary, at=morning)
    with pytest.raises(DeclineReasonMissing):
        answer_request(team=asked, sends=False, actor=story.next_captain, at=morning)
    answer_request(team=asked, sends=False, actor=story.next_captain, at=morning, note="正在检修")
    assert not COMMAND.allows(story.next_captain, call, at=morning)

    again = add_team(call=call, team=story.next_team, actor=story.secretary, at=morning)
    answer_request(team=again, sends=True, actor=story.next_secretary, at=morning)

    assert call.roster.count() == 7
    assert COMMAND.allows(story.next_captain, call, at=morning)
    assert [fact.body for fact in facts("carriers.called")] == [story.branch.pk, story.neighbour.pk]
    with pytest.raises(TeamBusy):
        add_team(call=call, team=story.next_team, actor=story.secretary, at=morning)


def test_the_committee_calls_both_teams_at_once_and_nobody_twice(story, morning):
    second = make_carrier(story, morning, name="先锋队", type_=CarrierType.PIONEER_TEAM, people=story.members[:2])
    call = make_call(story, morning, by=story.hse, teams=[story.team, second, story.next_team])

    assert call.roster.count() == 7  # four, none new, three
    assert call.teams.filter(state=TeamState.CALLED).count() == 3


def test_neighbours_are_offered_nearest_first(story, morning):
    second = make_carrier(story, morning, name="先锋队", type_=CarrierType.PIONEER_TEAM)
    call = make_call(story, morning)

    assert neighbouring_teams(call) == [second, story.next_team]


def test_an_empty_team_is_no_call(story, morning):
    story.team.members.update(valid_until=morning.date())

    with pytest.raises(NobodyCalled, match="南八突击队"):
        make_call(story, morning, by=story.secretary)
    assert not CallUp.objects.exists()


def test_each_answers_for_oneself_and_the_leader_for_another_with_both_names(story, morning):
    call = make_call(story, morning)
    first, second = story.members[:2]
    answer_call(row=place_of(call, first), answer=Answer.COMING, actor=first, at=morning + SOON)
    with pytest.raises(NotAllowed):
        answer_call(row=place_of(call, second), answer=Answer.COMING, actor=story.members[2], at=morning + SOON)
    with pytest.raises(CannotWhy):
        answer_call(row=place_of(call, second), answer=Answer.CANNOT, actor=second, at=morning + SOON, reason=" ")
    answer_call(
        row=place_of(call, second), answer=Answer.CANNOT, actor=story.captain, at=morning + SOON, reason="外地培训"
    )

    row = place_of(call, second)
    assert (row.person, row.answered_by, row.reason) == (second, story.captain, "外地培训")
    own, other = facts("carriers.answered")
    assert '"answer":"coming","by_other":false,"minutes":12' in own.attributes
    assert '"answer":"cannot","by_other":true' in other.attributes
    assert (own.subject, other.subject, other.recorded_by) == (first.token, second.token, story.captain.token)


def test_another_answer_reverses_the_one_before(story, morning):
    call = make_call(story, morning)
    person = story.members[0]
    answer_call(row=place_of(call, person), answer=Answer.CANNOT, actor=person, at=morning, reason="值班")
    answer_call(row=place_of(call, person), answer=Answer.COMING, actor=person, at=morning + SOON)
    answer_call(row=place_of(call, person), answer=Answer.COMING, actor=person, at=morning + SOON)  # a second tap

    row = place_of(call, person)
    assert (row.answer, row.reason, row.answers.count()) == ("coming", "", 2)
    assert standing("carriers.answered") == 1


def test_arriving_is_one_tap_and_is_taken_back(story, morning):
    call = make_call(story, morning)
    person = story.members[0]
    row = place_of(call, person)
    with pytest.raises(NotHere):
        take_back_arrival(row=row, actor=person, at=morning)
    arrive(row=row, actor=story.captain, at=morning + SOON)
    for act in (
        lambda: arrive(row=row, actor=person, at=morning),
        lambda: answer_call(row=row, answer=Answer.CANNOT, actor=person, at=morning, reason="x"),
    ):
        with pytest.raises(HereAlready):
            act()
    assert (place_of(call, person).arrived_by, standing("carriers.arrived")) == (story.captain, 1)

    take_back_arrival(row=row, actor=story.captain, at=morning + SOON)

    assert (place_of(call, person).answer, standing("carriers.arrived")) == ("coming", 0)


def test_who_held_a_shift_was_there(story, morning):
    call = with_shifts(story, morning)
    stand = ShiftPerson.objects.filter(shift__call=call, shift__number=1).first()
    ShiftPerson.objects.filter(pk=stand.pk).update(is_held=True)

    with pytest.raises(OnShift):
        take_back_arrival(row=stand.row, actor=story.captain, at=morning)
    with pytest.raises(WorkDone):
        call_off(call=call, reason="误报", actor=story.secretary, at=morning)


def test_the_roster_shows_who_is_missing(story, morning):
    call = make_call(story, morning)
    first, second, third = story.members
    arrive(row=place_of(call, first), actor=first, at=morning)
    answer_call(row=place_of(call, second), answer=Answer.COMING, actor=second, at=morning)
    answer_call(row=place_of(call, third), answer=Answer.CANNOT, actor=third, at=morning, reason="病")

    view = view_of(call, morning)

    assert [row.person for row in view.teams[0].rows] == [first, second, story.captain, third]
    counts = counts_of([call.pk])[call.pk]
    assert (counts.called, counts.arrived, counts.coming, counts.cannot, counts.silent) == (4, 1, 1, 1, 1)
    assert (view.counts, counts.answered) == (counts, 3)


def test_the_command_is_passed_on_to_somebody_called_up(story, morning):
    call = make_call(story, morning, by=story.hse)
    with pytest.raises(NotOnRoster):
        pass_command(call=call, to=story.proposer, actor=story.hse, at=morning)
    pass_command(call=call, to=story.members[2], actor=story.hse, at=morning)

    assert COMMAND.allows(story.members[2], CallUp.objects.get(), at=morning)
    assert list(calls_to_run(story.members[2], morning)) == [call]


def test_a_false_alarm_is_called_off_and_reversed(story, morning):
    call = make_call(story, morning, teams=[story.team, story.next_team], by=story.hse)
    with pytest.raises(CallOffReasonMissing):
        call_off(call=call, reason="", actor=story.captain, at=morning)
    call_off(call=call, reason="误报，压力表坏了", actor=story.captain, at=morning)

    assert (call.state, standing("carriers.called")) == (CallState.CALLED_OFF, 0)
    assert story.team in teams_to_call(story.captain, morning)
    with pytest.raises(CallOver):
        arrive(row=place_of(call, story.captain), actor=story.captain, at=morning)
    with pytest.raises(CallOver):
        write_line(call=call, text="晚了", actor=story.captain, at=morning)


def test_the_log_is_added_to_and_corrected_by_another_line(story, morning):
    call = make_call(story, morning)
    later = morning + timedelta(hours=1)
    line = write_line(
        call=call, text="水位 3.2 米", actor=story.members[0], at=later, happened_at=morning, uploads=[photo(), photo()]
    )
    write_line(call=call, text="应为 2.3 米", actor=story.members[1], at=later, corrects=line)
    for refusal, given in (
        (LineEmpty, {"text": " "}),
        (LineTimeWrong, {"text": "将来", "happened_at": later + timedelta(minutes=1)}),
        (LineTimeWrong, {"text": "从前", "happened_at": morning - timedelta(days=1, minutes=1)}),
    ):
        with pytest.raises(refusal):
            write_line(call=call, actor=story.captain, at=later, **given)
    with pytest.raises(NotAllowed):
        write_line(call=call, text="路过", actor=story.outsider, at=later)
    other = make_call(story, morning, teams=[story.next_team], by=story.next_secretary)
    with pytest.raises(NotFound):
        write_line(call=other, text="错行", actor=story.next_secretary, at=later, corrects=line)

    first, second = view_of(call, later).log
    assert (first.is_corrected, second.corrects, len(first.shown)) == (True, line, 1)
    assert '"is_correction":true' in facts("carriers.logged")[1].attributes


def test_needs_are_raised_met_and_opened_again(story, morning):
    call = make_call(story, morning)
    with pytest.raises(NeedUnfit):
        raise_need(call=call, kind=NeedKind.SUPPLIES, what="沙袋", quantity=0, actor=story.members[0], at=morning)
    need = raise_need(
        call=call, kind=NeedKind.SUPPLIES, what="沙袋", quantity=2000, unit="条", actor=story.members[0], at=morning
    )
    with pytest.raises(NotAllowed):
        settle_need(need=need, is_met=True, how="库房送到", actor=story.members[1], at=morning)
    with pytest.raises(HowMissing):
        settle_need(need=need, is_met=True, how="", actor=story.captain, at=morning)
    settle_need(need=need, is_met=True, how="库房送到", actor=story.captain, at=morning)
    with pytest.raises(StepNotAllowed):
        settle_need(need=need, is_met=False, how="不要了", actor=story.captain, at=morning)
    reopen_need(need=need, actor=story.captain, at=morning)

    assert (need.state, standing("carriers.need_settled")) == ("open", 0)
    people = raise_need(
        call=call, kind=NeedKind.PEOPLE, what="抢险队员", quantity=10, unit="人", actor=story.captain, at=morning
    )
    ask_for_need(need=people, team=story.next_team, actor=story.captain, at=morning)
    assert (people.team.carrier, people.team.state) == (story.next_team, TeamState.ASKED)


def test_it_is_stood_down_with_its_figures_and_verified_by_somebody_else(story, morning):
    call = with_shifts(story, morning)
    end = morning + timedelta(hours=6)
    for refusal, outcome in (
        (ResultMissing, Outcome(" ")),
        (SavedWithoutWords, Outcome("好", "", 5)),
        (SavedWithoutWords, Outcome("好", "管线", -1)),
        (InjuryUntold, Outcome("好", injuries=1)),
        (InjuryUntold, Outcome("好", injuries=-1)),
    ):
        with pytest.raises(refusal):
            stand_down(call=call, outcome=outcome, actor=story.secretary, at=end)
    with pytest.raises(NotAllowed):
        stand_down(call=call, outcome=OUTCOME, actor=story.members[1], at=end)

    stand_down(call=call, outcome=OUTCOME, actor=story.captain, at=end)

    # 07:45 to 13:40 counts to the next quarter, two on shift; the shift to come fell away.
    assert (call.people, call.hours, call.state) == (4, Decimal("12.00"), CallState.STOOD_DOWN)
    assert Shift.objects.get().closed_at == end
    (fact,) = facts("carriers.stood_down")
    assert (fact.quantity, fact.attributes) == (120_000, '{"injuries":0,"occasion":"flood","people":4,"shifts":1}')
    for person in (story.captain, story.secretary, story.members[0], story.outsider):
        with pytest.raises(NotAllowed):
            verify_call(call=call, agrees=True, actor=person, at=end)
    assert list(calls_to_verify(story.secretary, end)) == []
    assert list(calls_to_verify(story.hse, end)) == [call]
    with pytest.raises(VerifyNoteMissing):
        verify_call(call=call, agrees=False, actor=story.hse, at=end)
    verify_call(call=call, agrees=False, actor=story.hse, at=end, note="金额没有依据")
    stand_down(call=call, outcome=Outcome("加固 320 米", "外输管线"), actor=story.captain, at=end + SOON)
    verify_call(call=call, agrees=True, actor=story.hse, at=end + SOON)

    assert (call.state, call.saved_fen, call.ended_at, call.hours) == (CallState.VERIFIED, None, end, Decimal("12.00"))
    assert standing("carriers.stood_down") == 1
    with pytest.raises(StepNotAllowed):
        resume_call(call=call, actor=story.captain, at=end)
    with pytest.raises(CallOver):
        write_line(call=call, text="补一条", actor=story.captain, at=end)


def test_standing_down_too_soon_is_taken_back(story, morning):
    call = stood_down(story, morning)
    resume_call(call=call, actor=story.captain, at=morning + timedelta(hours=7))

    assert (call.state, call.people, standing("carriers.stood_down")) == (CallState.RUNNING, None, 0)
    with pytest.raises(TeamBusy):
        make_call(story, morning)
    stand_down(call=call, outcome=OUTCOME, actor=story.secretary, at=morning + timedelta(hours=8))
    make_call(story, morning)
    with pytest.raises(TeamBusy):
        resume_call(call=call, actor=story.captain, at=morning + timedelta(hours=9))


def test_whoever_joins_the_team_later_is_not_on_the_roster(story, morning):
    call = make_call(story, morning)
    add_member(carrier=story.team, person=story.welder, actor=story.captain, at=morning, part=Part.MEMBER)

    assert not CallPerson.objects.filter(call=call, person=story.welder).exists()


def test_lists_are_cut_by_the_right_to_see(story, morning):
    call = make_call(story, morning)

    def seen(person, **filters):
        return list(list_calls(person, morning, calls_filtered(**filters)))

    for person in (story.captain, story.members[2], story.secretary, story.clerk, story.hse):
        assert seen(person) == [call] == list(calls_seen_by(person, morning))
    for person in (story.outsider, story.next_secretary, story.proposer):
        assert seen(person) == [] == list(calls_seen_by(person, morning))
    assert seen(story.clerk, occasion="winter") == []
    assert seen(story.clerk, words="大堤", state="running", body=story.branch.pk) == [call]


def test_a_page_of_a_call_costs_the_same_whatever_its_size(morning, django_assert_max_num_queries):
    story = make_story(morning)
    for members in (3, 9):
        for person in [make_person(home=story.branch) for _ in range(members - 3)]:
            add_member(carrier=story.team, person=person, actor=story.captain, at=morning)
        call = make_call(story, morning)
        all_here(story, call, morning)
        plan_shifts(call=call, length_hours=8 if members > 3 else 12, count=members, actor=story.secretary, at=morning)
        for number in range(members):
            write_line(call=call, text=f"第 {number} 条", actor=story.captain, at=morning)
        fresh = CallUp.objects.get(pk=call.pk)
        with django_assert_max_num_queries(10):
            view_of(fresh, morning)
        call_off(call=call, reason="演练", actor=story.secretary, at=morning)
