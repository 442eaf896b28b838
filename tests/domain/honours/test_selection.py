"""评选: nomination, vetting against vetoes, votes, the notice, objections, the award (AP-01, RT-07, PD-11, CA-12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.appraisal.facts import VETO_RAISED
from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.honours.documents import NotOnNotice, notice_document
from ronghe.domain.honours.enums import (
    FOUR_TESTS,
    Aspect,
    CallObjectionState,
    CallState,
    CallWay,
    HolderKind,
    NominationState,
)
from ronghe.domain.honours.models import Honour, HonourCall, Nomination
from ronghe.domain.honours.selectors.selection import (
    bodies_to_name_from,
    nominations_of,
    nominations_seen_by,
    objections_seen_by,
    objections_to_answer,
    panel_of,
    result_by_votes,
)
from ronghe.domain.honours.services.calling import (
    BodyOutside,
    BodyQuotaFull,
    CallOffReasonMissing,
    CallUnfit,
    EvidenceMissing,
    NamedAlready,
    NamingOver,
    NotOfThatBody,
    ReasonsMissing,
    RecordElsewhere,
    VetoStands,
    add_evidence,
    begin_vetting,
    call_off,
    nominate,
    withdraw_nomination,
)
from ronghe.domain.honours.services.choosing import (
    AgainstTheVotes,
    CallObjectionsOpen,
    CandidateVotes,
    CountedByAnother,
    DecisionMissing,
    NoticeOver,
    NoticeRunning,
    NoVoteHere,
    ObjectedBefore,
    ObjectionWordsMissing,
    TooManyChosen,
    VettingOpen,
    VotesHidden,
    answer_objection,
    award,
    choose,
    count_vote,
    object_to,
    open_vote,
    vote_again,
)
from ronghe.domain.honours.services.register import HolderUnfit
from ronghe.domain.honours.services.vetting import (
    AspectNotAsked,
    OwnNomination,
    VettedAlready,
    WhyNotMissing,
    give_opinion,
)
from ronghe.domain.org.enums import PostRole
from ronghe.domain.work.services.tasks import accept_task, give_task, submit_task
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.honours import (
    make_call,
    make_field,
    make_honour,
    make_nominations,
    make_noticed,
    make_title,
    make_vetted,
    vet,
    veto,
)
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


def vote(call, words, at):
    """Let the voters vote in turn: for each the choices by nomination, 1 for, 2 against."""
    people = [row.person for row in call.ballot.voters.select_related("person").order_by("pk")]
    for person, choices in zip(people, words, strict=False):
        cast_votes(ballot=call.ballot, votes=dict(enumerate(choices, start=1)), actor=person, at=at)


@pytest.mark.parametrize(
    "changes",
    [{"quota": 0}, {"quota": 201}, {"notice_days": 0}, {"notice_days": 31}, {"veto_months": 37}, {"year": 2023},
     {"quota_per_body": 0}],
)  # fmt: skip
def test_a_call_that_does_not_hold_together_is_refused(story, morning, changes):
    with pytest.raises(CallUnfit):
        make_call(story, morning, **changes)


def test_a_call_in_the_past_and_by_others_is_refused(story, morning):
    title = make_title(story, morning)
    with pytest.raises(CallUnfit):
        make_call(story, morning, title=title, nominate_until=(morning - timedelta(days=1)).date())
    assert make_call(story, morning, title=title, nominate_until=morning.date()).state == CallState.NAMING
    with pytest.raises(NotAllowed):
        make_call(make_story_of(story.secretaries[0], story), morning, title=title)


def make_story_of(actor, story):
    """The same field, with somebody else as its clerk."""
    from dataclasses import replace

    return replace(story, field=replace(story.field, clerk=actor))


def test_bodies_name_their_own_as_many_as_they_may(story, morning):
    call = make_call(story, morning)
    given = {"call": call, "by_body": story.branches[0], "reasons": "干得好", "at": morning}
    with pytest.raises(NotAllowed):
        nominate(person=story.members[0], actor=story.secretaries[1], **given)
    with pytest.raises(NotOfThatBody):
        nominate(person=story.members[1], actor=story.secretaries[0], **given)
    with pytest.raises(HolderUnfit):
        nominate(actor=story.secretaries[0], **given)
    with pytest.raises(ReasonsMissing):
        nominate(person=story.members[0], actor=story.secretaries[0], **{**given, "reasons": " "})
    made = nominate(person=story.members[0], actor=story.secretaries[0], **given)
    with pytest.raises(BodyQuotaFull):
        nominate(person=story.secretaries[0], actor=story.secretaries[0], **given)
    withdraw_nomination(nomination=made, actor=story.secretaries[0], at=morning)
    nominate(person=story.secretaries[0], actor=story.secretaries[0], **given)
    with pytest.raises(NamedAlready):
        nominate(person=story.secretaries[0], actor=story.clerk, **{**given, "by_body": story.committee})
    outside = make_body("外单位党支部")
    stranger = make_person("外单位书记", home=outside)
    make_post(stranger, PostRole.SECRETARY, body=outside)
    with pytest.raises(BodyOutside):
        nominate(person=stranger, actor=stranger, **{**given, "by_body": outside})


def test_people_name_themselves_where_the_call_allows_it(story, morning):
    title = make_title(story, morning)
    closed, opened = make_call(story, morning, title=title), make_call(story, morning, title=title, allows_self=True)
    given = {"by_body": story.branches[0], "reasons": "自荐", "person": story.members[0], "actor": story.members[0]}
    assert not bodies_to_name_from(closed, story.members[0], morning).exists()
    with pytest.raises(NotAllowed):
        nominate(call=closed, at=morning, **given)
    assert bodies_to_name_from(opened, story.members[0], morning).get() == story.branches[0]
    with pytest.raises(NotAllowed):
        nominate(call=opened, at=morning, **{**given, "person": make_person("同支部的人", home=story.branches[0])})
    assert nominate(call=opened, at=morning, **given).named_by == story.members[0]


def test_naming_ends_with_its_last_day_or_when_vetting_begins(story, morning):
    call = make_call(story, morning)
    given = {"by_body": story.branches[0], "reasons": "好", "person": story.members[0], "actor": story.secretaries[0]}
    with pytest.raises(NamingOver):
        nominate(call=call, at=morning + timedelta(days=8), **given)
    made = nominate(call=call, at=morning + timedelta(days=7), **given)
    begin_vetting(call=call, actor=story.clerk, at=morning)
    with pytest.raises(NamingOver):
        nominate(call=call, at=morning, **{**given, "person": story.secretaries[0]})
    with pytest.raises(StepNotAllowed):
        withdraw_nomination(nomination=made, actor=story.secretaries[0], at=morning)


def test_ap_01_rt_07_whoever_is_vetoed_cannot_be_named(story, morning):
    """One veto shuts out, on the person or the body itself; one that was taken back, or is too old, does not."""
    title = make_title(story, morning, name="先进单位", goes_to=HolderKind.BODY)
    people, bodies = make_call(story, morning), make_call(story, morning, title=title)
    given = {"reasons": "好", "at": morning}
    veto(story.branches[0], morning - timedelta(days=30))
    fallen = veto(story.branches[1], morning - timedelta(days=30), story.members[1])
    veto(story.branches[2], morning - timedelta(days=370), story.members[2])
    with pytest.raises(VetoStands) as refused:
        nominate(call=bodies, by_body=story.branches[0], actor=story.secretaries[0], **given)
    assert "violation" in str(refused.value)
    nominate(call=people, by_body=story.branches[0], person=story.members[0], actor=story.secretaries[0], **given)
    nominate(call=bodies, by_body=story.branches[1], actor=story.secretaries[1], **given)
    with pytest.raises(VetoStands):
        nominate(call=people, by_body=story.branches[1], person=story.members[1], actor=story.secretaries[1], **given)
    nominate(call=people, by_body=story.branches[2], person=story.members[2], actor=story.secretaries[2], **given)
    record(Draft(VETO_RAISED, morning, None, about=story.members[1], body=story.branches[1].pk,
                 attributes={"item": "violation"}, reverses=fallen))  # fmt: skip
    nominate(call=people, by_body=story.branches[1], person=story.members[1], actor=story.secretaries[1], **given)


def test_a_veto_that_comes_later_shuts_out_before_the_notice_and_before_the_award(story, morning):
    call, rows = make_vetted(story, morning, way=CallWay.MEETING)
    veto(story.branches[0], morning, story.members[0])
    with pytest.raises(VetoStands):
        choose(call=call, picked=rows[:2], decision="研究", actor=story.clerk, at=morning)
    choose(call=call, picked=rows[1:], decision="研究", actor=story.clerk, at=morning)
    later = morning + timedelta(days=20)
    veto(story.branches[1], morning + timedelta(days=3), story.members[1])
    award(call=call, document_number="", actor=story.clerk, at=later)
    states = {row.person: row.state for row in call.nominations.select_related("person")}
    assert states[story.members[1]] == NominationState.DROPPED
    assert [row.person for row in Honour.objects.all()] == [story.members[2]]


def test_evidence_is_what_is_on_record_already(story, morning):
    title = make_title(story, morning)
    call = make_call(story, morning, title=title)
    made = make_nominations(story, call, morning)[0]
    task = give_task(
        title="改造流程", goal="", assignee=story.members[0], due_at=morning + timedelta(days=1), body=story.branches[0],
        actor=story.secretaries[0], at=morning,
    )  # fmt: skip
    given = {"nomination": made, "actor": story.secretaries[0], "at": morning}
    with pytest.raises(RecordElsewhere):
        add_evidence(task=task, **given)
    submit_task(task=task, note="改好了", actor=story.members[0], at=morning)
    accept_task(task=task, actor=story.secretaries[0], at=morning)
    add_evidence(task=task, aspect=Aspect.STANDS, **given)
    with pytest.raises(RecordElsewhere):
        add_evidence(task=task, **given)
    honour = make_honour(story, morning, title=title, year=2025)
    add_evidence(honour=honour, words="去年的", **given)
    with pytest.raises(RecordElsewhere):
        add_evidence(honour=make_honour(story, morning, title=title, year=2024, person=story.members[1]), **given)
    with pytest.raises(EvidenceMissing):
        add_evidence(words=" ", **given)
    with pytest.raises(NotAllowed):
        add_evidence(words="好", **{**given, "actor": story.secretaries[1]})
    view = next(one for one in nominations_of(call, story.clerk, morning) if one.nomination == made)
    assert [line.task or line.honour for line in view.evidence] == [task, honour]


def test_each_opinion_is_given_once_by_whoever_answers_for_it(story, morning):
    call = make_call(story, morning)
    rows = make_nominations(story, call, morning)
    given = {"nomination": rows[0], "passes": True, "words": "", "at": morning}
    with pytest.raises(StepNotAllowed):
        give_opinion(aspect=Aspect.SAFETY, actor=story.safety, **given)
    begin_vetting(call=call, actor=story.clerk, at=morning)
    for aspect, wrong in (
        (Aspect.SAFETY, story.clerk),
        (Aspect.DISCIPLINE, story.safety),
        (Aspect.ORGANIZATION, story.safety),
    ):
        with pytest.raises(NotAllowed):
            give_opinion(aspect=aspect, actor=wrong, **given)
    with pytest.raises(AspectNotAsked):
        give_opinion(aspect=Aspect.STANDS, actor=story.clerk, **given)
    give_opinion(aspect=Aspect.SAFETY, actor=story.safety, **given)
    with pytest.raises(VettedAlready):
        give_opinion(aspect=Aspect.SAFETY, actor=story.safety, **given)
    with pytest.raises(WhyNotMissing):
        give_opinion(aspect=Aspect.DISCIPLINE, actor=story.field.auditor, **{**given, "passes": False})
    against = {**given, "passes": False, "words": "受过处分"}
    give_opinion(aspect=Aspect.DISCIPLINE, actor=story.field.auditor, **against)
    assert rows[0].state == NominationState.REFUSED
    with pytest.raises(StepNotAllowed):
        give_opinion(aspect=Aspect.ORGANIZATION, actor=story.clerk, **given)


def test_nobody_decides_on_the_own_nomination(story, morning):
    title = make_title(story, morning)
    call = make_call(story, morning, title=title, way=CallWay.MEETING)
    make_post(story.members[0], PostRole.COMMITTEE_CLERK, body=story.committee)
    rows = make_nominations(story, call, morning)
    begin_vetting(call=call, actor=story.clerk, at=morning)
    with pytest.raises(OwnNomination):
        give_opinion(
            nomination=rows[0], aspect=Aspect.ORGANIZATION, passes=True, words="", actor=story.members[0], at=morning
        )
    give_opinion(
        nomination=rows[1], aspect=Aspect.ORGANIZATION, passes=True, words="", actor=story.members[0], at=morning
    )
    with pytest.raises(OwnNomination):
        choose(call=call, picked=rows[:1], decision="我定", actor=story.members[0], at=morning)
    seen = {view.nomination: view.mine for view in nominations_of(call, story.members[0], morning)}
    assert (seen[rows[0]], seen[rows[2]]) == ([], [Aspect.ORGANIZATION])


def test_pioneers_stand_four_tests(story, morning):
    """立得住、叫得响、学得来、推得开: each judged apart, and all of them passed."""
    title = make_title(story, morning, name="党员先锋", aspects=[aspect.value for aspect in FOUR_TESTS])
    call = make_call(story, morning, title=title, way=CallWay.MEETING)
    rows = make_nominations(story, call, morning)
    begin_vetting(call=call, actor=story.clerk, at=morning)
    for aspect in FOUR_TESTS[:3]:
        give_opinion(nomination=rows[0], aspect=aspect, passes=True, words="", actor=story.clerk, at=morning)
    for row in rows[1:]:
        vet(story, row, morning)
    with pytest.raises(VettingOpen):
        choose(call=call, picked=rows[1:], decision="研究", actor=story.clerk, at=morning)
    give_opinion(
        nomination=rows[0], aspect=Aspect.SPREADS, passes=False, words="只在本站用过", actor=story.clerk, at=morning
    )
    choose(call=call, picked=rows[1:], decision="研究", actor=story.clerk, at=morning)
    assert call.state == CallState.NOTICE


def test_a_secret_vote_decides_by_the_most_beyond_half(story, morning):
    call, rows = make_vetted(story, morning, quota=2)
    with pytest.raises(CandidateVotes):
        open_vote(call=call, voters=[*story.field.leaders, story.members[0]], actor=story.clerk, at=morning)
    panel = panel_of(call, morning.date())
    assert set(panel) >= {story.field.secretary, story.field.deputy}
    open_vote(call=call, voters=story.field.leaders, actor=story.clerk, at=morning)
    vote(call, [(1, 1, 2)] * 4 + [(1, 2, 2)], morning)
    with pytest.raises(CountedByAnother):
        count_vote(call=call, actor=story.field.secretary, at=morning)
    with pytest.raises(StepNotAllowed):
        choose(call=call, picked=rows[:2], decision="", actor=story.clerk, at=morning)
    count_vote(call=call, actor=story.clerk, at=morning)
    assert list(call.nominations.order_by("pk").values_list("votes", flat=True)) == [5, 4, 0]
    with pytest.raises(AgainstTheVotes):
        choose(call=call, picked=[rows[0], rows[2]], decision="", actor=story.clerk, at=morning)
    choose(call=call, picked=rows[:2], decision="", actor=story.clerk, at=morning)
    assert call.notice_until is not None


def test_equal_votes_are_settled_in_words(story, morning):
    call, rows = make_vetted(story, morning, quota=1)
    open_vote(call=call, voters=story.field.leaders, actor=story.clerk, at=morning)
    vote(call, [(1, 1, 2)] * 5, morning)
    count_vote(call=call, actor=story.clerk, at=morning)
    found = result_by_votes(call)
    assert (found.tied, found.left) == ({rows[0].pk, rows[1].pk}, 1)
    with pytest.raises(DecisionMissing):
        choose(call=call, picked=rows[:1], decision=" ", actor=story.clerk, at=morning)
    choose(call=call, picked=rows[1:2], decision="年限更长", actor=story.clerk, at=morning)
    assert {row.pk: row.state for row in call.nominations.all()} == {
        rows[0].pk: NominationState.NOT_CHOSEN, rows[1].pk: NominationState.PROPOSED,
        rows[2].pk: NominationState.NOT_CHOSEN,
    }  # fmt: skip


def test_too_few_votes_are_not_shown_and_it_is_voted_again(story, morning):
    call, rows = make_vetted(story, morning)
    open_vote(call=call, voters=story.field.leaders, actor=story.clerk, at=morning)
    vote(call, [(1, 1, 1)] * 2, morning)
    count_vote(call=call, actor=story.clerk, at=morning)
    assert (call.cast, set(call.nominations.values_list("votes", flat=True))) == (None, {None})
    with pytest.raises(VotesHidden):
        choose(call=call, picked=rows[:1], decision="还是定", actor=story.clerk, at=morning)
    with pytest.raises(DecisionMissing):
        vote_again(call=call, reason="", actor=story.clerk, at=morning)
    vote_again(call=call, reason="人没到齐", actor=story.clerk, at=morning)
    open_vote(call=call, voters=story.field.leaders, actor=story.clerk, at=morning)
    vote_again(call=call, reason="名单错了", actor=story.clerk, at=morning)
    assert call.state == CallState.VETTING


def test_a_meeting_decides_with_its_minutes(story, morning):
    call, rows = make_vetted(story, morning, way=CallWay.MEETING)
    with pytest.raises(NoVoteHere):
        open_vote(call=call, voters=story.field.leaders, actor=story.clerk, at=morning)
    with pytest.raises(TooManyChosen):
        choose(call=call, picked=rows, decision="研究", actor=story.clerk, at=morning)
    with pytest.raises(DecisionMissing):
        choose(call=call, picked=rows[:2], decision=" ", actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        choose(call=call, picked=rows[:2], decision="研究", actor=story.secretaries[0], at=morning)


def test_pd_11_the_notice_hangs_for_working_days(story, morning):
    call, rows = make_noticed(story, morning)
    assert call.notice_from == morning.date()
    assert call.notice_until == morning.date() + timedelta(days=6)  # Monday; the Sunday before the holidays is worked
    with pytest.raises(NoticeRunning):
        award(call=call, document_number="", actor=story.clerk, at=morning + timedelta(days=6))
    award(call=call, document_number="厂党〔2026〕9号", actor=story.clerk, at=morning + timedelta(days=7))
    honours = list(Honour.objects.order_by("pk"))
    assert [row.person for row in honours] == story.members[:2]
    assert {(row.issuer, row.document_number) for row in honours} == {(story.committee.name, "厂党〔2026〕9号")}
    assert Nomination.objects.get(pk=rows[0].pk).honour == honours[0]
    assert Fact.objects.get(kind="honours.call_awarded").values == {"awarded": 2}


def test_ca_12_an_objection_is_answered_by_somebody_else_and_takes_effect(story, morning):
    call, rows = make_noticed(story, morning)
    stranger = make_person("群众")
    with pytest.raises(NotAllowed):
        object_to(nomination=rows[2], text="为什么没有他", actor=stranger, at=morning)
    with pytest.raises(ObjectionWordsMissing):
        object_to(nomination=rows[0], text=" ", actor=stranger, at=morning)
    with pytest.raises(NoticeOver):
        object_to(nomination=rows[0], text="不符", actor=stranger, at=morning + timedelta(days=7))
    made = object_to(nomination=rows[0], text="事迹不实", actor=stranger, at=morning + timedelta(days=6))
    with pytest.raises(ObjectedBefore):
        object_to(nomination=rows[0], text="还有", actor=stranger, at=morning)
    by_auditor = object_to(nomination=rows[1], text="待核", actor=story.field.auditor, at=morning)
    assert objections_seen_by(story.members[0], morning).count() == 0
    assert objections_seen_by(stranger, morning).get() == made
    assert set(objections_to_answer(story.field.auditor, morning)) == {made}
    later = morning + timedelta(days=7)
    with pytest.raises(CallObjectionsOpen):
        award(call=call, document_number="", actor=story.clerk, at=later)
    with pytest.raises(NotAllowed):
        answer_objection(objection=made, is_upheld=False, answer="属实", actor=story.secretaries[0], at=later)
    with pytest.raises(OwnNomination):
        answer_objection(objection=by_auditor, is_upheld=True, answer="属实", actor=story.field.auditor, at=later)
    with pytest.raises(ObjectionWordsMissing):
        answer_objection(objection=made, is_upheld=True, answer="", actor=story.clerk, at=later)
    answer_objection(objection=made, is_upheld=True, answer="核实成立", actor=story.clerk, at=later)
    answer_objection(objection=by_auditor, is_upheld=False, answer="查无此事", actor=story.clerk, at=later)
    with pytest.raises(StepNotAllowed):
        answer_objection(objection=made, is_upheld=False, answer="改口", actor=story.clerk, at=later)
    assert made.state == CallObjectionState.UPHELD
    award(call=call, document_number="", actor=story.clerk, at=later)
    assert [row.person for row in Honour.objects.all()] == [story.members[1]]


def test_names_are_read_by_everybody_from_the_notice_on(story, morning):
    call = make_call(story, morning)
    rows = make_nominations(story, call, morning)
    stranger = make_person("群众")
    assert not nominations_seen_by(stranger, morning).exists()
    assert nominations_seen_by(story.secretaries[0], morning).get() == rows[0]
    assert nominations_seen_by(story.members[0], morning).get() == rows[0]
    assert nominations_seen_by(story.safety, morning).count() == 3
    view = nominations_of(call, story.clerk, morning)[0]
    assert view.sees_vetting
    with pytest.raises(NotOnNotice):
        notice_document(call, rows)


def test_the_notice_on_paper_names_those_on_it(story, morning):
    call, _rows = make_noticed(story, morning)
    paper = notice_document(call, list(call.nominations.select_related("body").order_by("pk")))
    assert [row[1] for row in paper.blocks[1].rows] == [member.name for member in story.members[:2]]
    assert nominations_seen_by(make_person("群众"), morning).count() == 2


def test_a_selection_is_called_off_with_the_reason(story, morning):
    call, _rows = make_noticed(story, morning)
    with pytest.raises(CallOffReasonMissing):
        call_off(call=call, reason="", actor=story.clerk, at=morning)
    call_off(call=call, reason="名额收回", actor=story.clerk, at=morning)
    assert not nominations_seen_by(make_person("群众"), morning).exists()
    with pytest.raises(StepNotAllowed):
        award(call=HonourCall.objects.get(), document_number="", actor=story.clerk, at=morning + timedelta(days=30))


def test_what_is_read_of_nominations_costs_the_same_for_many(story, morning, django_assert_num_queries):
    title = make_title(story, morning)
    few, many = make_call(story, morning, title=title), make_call(story, morning, title=title, year=2025)
    make_nominations(story, few, morning)[0].delete()
    for call in (few, many):
        begin_vetting(call=call, actor=story.clerk, at=morning)
    nominations_of(many, story.field.deputy, morning)  # where the reader stands is read once
    with CaptureQueriesContext(connection) as asked:
        assert len(nominations_of(few, story.field.deputy, morning)) == 2
    few.nominations.order_by("pk")[0].delete()
    with django_assert_num_queries(len(asked)):
        assert len(nominations_of(few, story.field.deputy, morning)) == 1


def test_days_and_months_of_a_call_are_those_of_the_playbook_where_nobody_says_them(story, morning):
    usual = make_call(story, morning)
    assert (usual.notice_days, usual.veto_months) == (5, 12)
    keys = "{notice_days: 7, honour_veto_months: 24, banner_least_votes: 6, ballot_least_shown: 4}"
    adopt(
        story.committee,
        playbook(f"{THEME_DAY.replace('[branch,', '[committee, branch,')}keys: {keys}\n"),
        morning.date(),
    )
    own = make_call(story, morning, title=usual.title, year=2025)
    assert (own.notice_days, own.veto_months) == (7, 24)
    said = make_call(story, morning, title=usual.title, year=2027, notice_days=3, veto_months=0)
    assert (said.notice_days, said.veto_months) == (3, 0)
