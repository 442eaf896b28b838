"""A case from asked to solved: who reads it, who takes it, what is recorded, what waits for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.clinic.enums import HelpKind, MessageKind
from ronghe.domain.clinic.models import CaseSheet
from ronghe.domain.clinic.rules import ASK, CASE, TAKE
from ronghe.domain.clinic.selectors.cases import (
    cases_seen_by,
    cases_to_hand_out,
    cases_to_take,
    cases_with_news,
    has_news,
    list_cases,
    thread_of,
    words_of,
)
from ronghe.domain.clinic.selectors.experts import figures_of
from ronghe.domain.clinic.services import asking, experts, telling, treating
from ronghe.domain.clinic.services.experts import end_expert
from ronghe.domain.clinic.services.visiting import SlotTaken
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.selectors import items_owed_by, items_to_run, record_of
from ronghe.domain.items.services.changing import (
    AlreadyInIt,
    Changed,
    ItemClosed,
    NotesElsewhere,
    add_note,
    change_item,
)
from ronghe.domain.items.services.escalating import escalate_overdue
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import Person
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.clinic import (
    ANSWER,
    TEXT,
    TITLE,
    answered,
    asked,
    cared,
    make_clinic,
    make_expert,
    sits,
    solved,
    tuesday,
)
from tests.factories.org import make_person
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
CLINIC_DUTY = THEME_DAY.replace(
    "{kind: rhythm.activity_closed, where: {activity_type: theme_party_day}}",
    "{kind: clinic.case_solved, where: {help: [post, skill]}}",
).replace("for: [branch", "for: [committee, branch")
"""Once a month a case is solved that is no care."""


@pytest.fixture
def clinic():
    return make_clinic()


def facts_of(kind):
    return [(fact.subject, fact.values) for fact in Fact.objects.filter(kind=kind).order_by("pk")]


def may_see(person, item, at):
    """Ask the rule and both ways of the list; they agree."""
    person = Person.objects.get(pk=person.pk)
    allowed = SEE_ITEM.allows(person, item, at=at)
    for walk in (False, True):
        assert SEE_ITEM.narrow(person, WorkItem.objects.filter(pk=item.pk), at=at, walk=walk).exists() is allowed
    return allowed


def test_a_question_to_a_field_is_read_by_its_experts_and_leaders_until_somebody_takes_it(clinic, morning):
    item = asked(clinic, morning)
    readers = {p.name: may_see(p, item, morning) for p in (clinic.worker, clinic.hua.person, clinic.secretary)}
    assert readers == {"王海": True, "庞国华": True, "陈建国": True}
    assert not may_see(clinic.other, item, morning)
    assert list(cases_to_take(clinic.hua.person, morning)) == [item]
    assert item in items_to_run(clinic.secretary, morning)
    assert list(cases_to_hand_out(clinic.secretary, morning)) == [item]
    for other in (clinic.worker, clinic.hua.person):
        assert not items_to_run(other, morning).exists()
        assert not cases_to_hand_out(other, morning).exists()

    treating.take_case(item=item, actor=clinic.hua.person, at=morning)
    assert (item.state, item.owner) == ("treating", clinic.hua.person)
    assert may_see(clinic.hua.person, item, morning)
    assert not may_see(clinic.shao.person, item, morning)
    assert not may_see(clinic.secretary, item, morning)
    assert not cases_to_take(clinic.shao.person, morning).exists()
    assert not cases_to_hand_out(clinic.secretary, morning).exists()


def test_an_expert_of_another_field_neither_reads_nor_takes(clinic, morning):
    welding = asking.ClinicField.objects.create(
        name="焊接", body=clinic.committee, opened_by=clinic.secretary, opened_at=morning
    )
    welder = make_expert(clinic.committee, clinic.secretary, make_person("乔梁"), welding)
    item = asked(clinic, morning)
    assert not may_see(welder.person, item, morning)
    assert not TAKE.allows(welder.person, item, at=morning)
    with pytest.raises(NotAllowed):
        treating.take_case(item=item, actor=welder.person, at=morning)


def test_nobody_takes_the_own_question(clinic, morning):
    item = asked(clinic, morning, by=clinic.hua.person)
    assert not cases_to_take(clinic.hua.person, morning).exists()
    with pytest.raises(NotAllowed):
        treating.take_case(item=item, actor=clinic.hua.person, at=morning)
    assert cases_to_take(clinic.shao.person, morning).exists()


def test_an_answer_is_confirmed_rated_and_counted(clinic, morning):
    item = asked(clinic, morning, expert=clinic.hua)
    assert (item.state, item.owner, item.body) == ("addressed", clinic.hua.person, clinic.committee)
    assert item in items_owed_by(clinic.hua.person)
    later = morning + timedelta(hours=5)
    treating.answer_case(item=item, words=ANSWER, actor=clinic.hua.person, at=later)
    assert item in items_owed_by(clinic.worker)
    treating.confirm_case(item=item, score=4, actor=clinic.worker, at=later, words="好了")

    assert (item.state, item.settled_by, item.values) == ("closed", clinic.worker, {"score": "4"})
    assert [line.kind for line in thread_of(item)] == [MessageKind.QUESTION, MessageKind.ANSWER, MessageKind.SOLVED]
    assert [clock.hours for clock in record_of(item, later).clocks] == [5, 5]
    hua = clinic.hua.person.token
    assert facts_of("clinic.case_answered") == [(hua, {"help": "post", "round": 1, "on_time": True, "hours": 5})]
    assert facts_of("clinic.case_solved") == [(hua, {"help": "post", "round": 1})]
    assert facts_of("clinic.case_rated") == [(None, {"help": "post", "score": 4})]


def test_a_solved_case_meets_the_duty_and_opened_again_it_does_not(clinic, morning):
    adopt(clinic.committee, playbook(CLINIC_DUTY), date(2026, 9, 1))

    def state():
        duty = Obligation.objects.with_state(morning.date()).get(body=clinic.committee, occurrence="2026-09-01")
        return str(duty.state)

    assert state() == "due"
    item = solved(clinic, morning)
    assert state() == "done"
    treating.ask_on(item=item, words="又跳了", actor=clinic.worker, at=morning + timedelta(hours=1))
    assert state() == "due"


def test_what_is_not_solved_goes_on_and_what_comes_back_counts_no_more(clinic, morning):
    item = solved(clinic, morning)
    later = morning + timedelta(days=9)
    with pytest.raises(telling.WordsMissing):
        treating.ask_on(item=item, words=" ", actor=clinic.worker, at=later)
    treating.ask_on(item=item, words="热天又跳了", actor=clinic.worker, at=later)

    assert (item.state, item.owner, item.values, item.is_closed) == ("treating", clinic.hua.person, {}, False)
    assert CaseSheet.objects.get(item=item).score is None
    assert item.due_at > later
    assert Fact.objects.filter(kind="clinic.case_solved", reverses__isnull=False).count() == 1
    assert Fact.objects.filter(kind="clinic.case_rated", reverses__isnull=False).count() == 1
    taken, to_answer = record_of(item, later).clocks
    assert (taken.stopped_at, to_answer.stopped_at) == (morning, None)
    treating.answer_case(item=item, words="换了霍尔元件", actor=clinic.hua.person, at=later)
    treating.confirm_case(item=item, score=5, actor=clinic.worker, at=later)
    assert facts_of("clinic.case_solved")[-1] == (clinic.hua.person.token, {"help": "post", "round": 2})


@pytest.mark.parametrize("score", ["0", "6", "", "x", "4.5"])
def test_a_rating_is_a_whole_number_from_one_to_five_of_the_asker_alone(clinic, morning, score):
    item = answered(clinic, morning)
    with pytest.raises(ValuesUnfit):
        treating.confirm_case(item=item, score=score, actor=clinic.worker, at=morning)
    for other in (clinic.hua.person, clinic.secretary):
        with pytest.raises(NotAllowed):
            treating.confirm_case(item=item, score=5, actor=other, at=morning)
    assert item.state == "answered"


def test_a_rating_is_shown_from_the_fifth_on(clinic, morning):
    for _ in range(4):
        solved(clinic, morning, score=4)
    assert figures_of([clinic.hua], morning)[clinic.hua.pk].mean is None
    solved(clinic, morning, score=5)
    figures = figures_of([clinic.hua, clinic.shao], morning)
    assert f"{figures[clinic.hua.pk].mean}" == "4.2"
    assert (figures[clinic.hua.pk].solved, figures[clinic.shao.pk].solved) == (5, 0)


def test_an_answer_that_nobody_confirms_is_ended_after_ten_days(clinic, morning):
    item = answered(clinic, morning)
    with pytest.raises(treating.ConfirmStillOpen):
        treating.lapse_case(item=item, actor=clinic.hua.person, at=morning + timedelta(days=10, seconds=-1))
    with pytest.raises(NotAllowed):
        treating.lapse_case(item=item, actor=clinic.worker, at=morning)
    treating.lapse_case(item=item, actor=clinic.hua.person, at=morning + timedelta(days=10))
    assert (item.state, facts_of("clinic.case_solved")) == ("lapsed", [])
    treating.ask_on(item=item, words="还是不行", actor=clinic.worker, at=morning + timedelta(days=11))
    assert item.state == "treating"


def test_a_declined_question_is_open_to_the_field_again(clinic, morning):
    item = asked(clinic, morning, expert=clinic.hua)
    with pytest.raises(NotAllowed):
        treating.decline_case(item=item, words="不归我", actor=clinic.shao.person, at=morning)
    treating.decline_case(item=item, words="这是高压柜的事", actor=clinic.hua.person, at=morning)

    assert (item.state, item.owner, item.case_sheet.expert) == ("asked", None, None)
    assert list(cases_to_take(clinic.shao.person, morning)) == [item]
    treating.answer_case(item=item, words=ANSWER, actor=clinic.shao.person, at=morning)
    assert (item.state, CaseSheet.objects.get(item=item).expert) == ("answered", clinic.shao)


def test_a_leader_hands_out_what_nobody_took_and_the_asker_changes_the_expert(clinic, morning):
    item = asked(clinic, morning)
    asking.address_case(item=item, expert=clinic.shao, actor=clinic.secretary, at=morning)
    assert (item.state, item.owner) == ("addressed", clinic.shao.person)
    with pytest.raises(NotAllowed):
        asking.address_case(item=item, expert=clinic.hua, actor=clinic.secretary, at=morning)
    asking.address_case(item=item, expert=clinic.hua, actor=clinic.worker, at=morning)
    assert CaseSheet.objects.get(item=item).expert == clinic.hua
    assert not may_see(clinic.shao.person, item, morning)


def test_what_nobody_takes_goes_up_after_its_deadline(clinic, morning):
    """Asked on Monday 14 September, three working days end on Thursday at 18:00."""
    item = asked(clinic, morning)
    assert item.due_at.isoformat() == "2026-09-17T18:00:00+08:00"
    assert escalate_overdue(at=item.due_at + timedelta(days=1, seconds=-1)) == 0
    assert escalate_overdue(at=item.due_at + timedelta(days=1)) == 1
    item.refresh_from_db()
    assert item.level == 1
    treating.take_case(item=item, actor=clinic.hua.person, at=item.due_at + timedelta(days=1))
    assert item.level == 0
    treating.answer_case(item=item, words=ANSWER, actor=clinic.hua.person, at=item.due_at + timedelta(days=2))
    assert facts_of("clinic.case_answered")[0][1]["on_time"] is False
    assert escalate_overdue(at=morning + timedelta(days=60)) == 0


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"title": " "}, asking.TitleMissing),
        ({"title": "长" * 121}, asking.TitleTooLong),
        ({"goal": "长" * 201}, asking.TitleTooLong),
        ({"text": "长" * 2001}, telling.WordsTooLong),
        ({"field": None}, asking.FieldMissing),
        ({"help": HelpKind.CARE}, asking.CareWantsExpert),
    ],
)
def test_a_question_must_be_whole(clinic, morning, given, refusal):
    with pytest.raises(refusal):
        asked(clinic, morning, **given)
    assert not WorkItem.objects.exists()


def test_an_expert_is_asked_for_what_the_card_says(clinic, morning):
    welding = asking.ClinicField.objects.create(
        name="焊接", body=clinic.committee, opened_by=clinic.secretary, opened_at=morning
    )
    only_post = make_expert(
        clinic.committee, clinic.secretary, make_person("乔梁"), clinic.field, helps=(HelpKind.POST,)
    )
    with pytest.raises(asking.NotOfField):
        asked(clinic, morning, expert=clinic.hua, field=welding)
    with pytest.raises(asking.HelpNotGiven):
        asked(clinic, morning, expert=only_post, help=HelpKind.SKILL)
    with pytest.raises(asking.AskOneself):
        asked(clinic, morning, expert=clinic.hua, by=clinic.hua.person)
    with pytest.raises(asking.NobodySits):
        asked(clinic, morning, field=welding)
    end_expert(expert=only_post, actor=only_post.person, at=morning)
    with pytest.raises(experts.ExpertNotSitting):
        asked(clinic, morning, expert=only_post)
    assert asked(clinic, morning, expert=clinic.hua, field=None).case_sheet.field == clinic.field


def test_a_question_with_a_time_books_it_or_is_not_asked(clinic, morning):
    sits(clinic.hua)
    question = asking.Question(TITLE, expert=clinic.hua)
    with pytest.raises(SlotTaken):
        asking.ask(question=question, actor=clinic.worker, at=morning, visit_at=tuesday(morning, 8))
    assert not WorkItem.objects.exists()
    item = asking.ask(question=question, actor=clinic.worker, at=morning, visit_at=tuesday(morning))
    assert item.clinic_visits.get().starts_at == tuesday(morning)


def test_every_case_has_a_goal(clinic, morning):
    assert words_of(asked(clinic, morning)).goal == "问题解决，岗位上能正常干"
    assert words_of(asked(clinic, morning, goal="泵能起")).goal == "泵能起"


def test_a_case_is_raised_edited_and_noted_in_its_own_way_alone(clinic, morning):
    item = asked(clinic, morning)
    with pytest.raises(NotAllowed):
        raise_item(kind=CASE, text=ItemText("绕过"), body=clinic.committee, actor=clinic.secretary, at=morning)
    assert not ASK.allows(clinic.secretary, clinic.committee, at=morning)
    with pytest.raises(NotFound):
        take_step(item=item, step="take", actor=clinic.hua.person, at=morning)
    with pytest.raises(NotesElsewhere):
        add_note(item=item, text="一句", actor=clinic.worker, at=morning)


def test_only_the_two_write_and_a_settled_case_is_asked_on_first(clinic, morning):
    item = asked(clinic, morning)
    treating.write_word(item=item, words="补一句", actor=clinic.worker, at=morning)
    for other in (clinic.hua.person, clinic.secretary, clinic.other):
        with pytest.raises(NotAllowed):
            treating.write_word(item=item, words="插话", actor=other, at=morning)
    done = solved(clinic, morning)
    with pytest.raises(ItemClosed):
        treating.write_word(item=done, words="还有", actor=clinic.worker, at=morning)


def test_pictures_stand_with_their_line(clinic, morning):
    item = asked(clinic, morning)
    treating.write_word(item=item, words="", actor=clinic.worker, at=morning, uploads=[photo()])
    lines = thread_of(item)
    assert [len(line.pictures) for line in lines] == [0, 1]
    assert item.evidence.count() == 1


def test_others_are_let_in_by_the_two_and_read_along(clinic, morning):
    item = asked(clinic, morning, expert=clinic.hua)
    with pytest.raises(NotAllowed):
        treating.let_reader_in(item=item, person=clinic.other, actor=clinic.secretary, at=morning)
    treating.let_reader_in(item=item, person=clinic.shao.person, actor=clinic.worker, at=morning)
    assert may_see(clinic.shao.person, item, morning)
    treating.write_word(item=item, words="我看像绝缘", actor=clinic.shao.person, at=morning)
    with pytest.raises(AlreadyInIt):
        treating.let_reader_in(item=item, person=clinic.shao.person, actor=clinic.worker, at=morning)


def test_news_wait_until_they_are_read(clinic, morning):
    item = asked(clinic, morning, expert=clinic.hua)
    assert list(cases_with_news(clinic.hua.person, morning)) == [item]
    assert not has_news(item, clinic.worker)
    later = morning + timedelta(minutes=5)
    treating.read_thread(item=item, actor=clinic.hua.person, at=later)
    assert not has_news(item, clinic.hua.person)
    treating.answer_case(item=item, words=ANSWER, actor=clinic.hua.person, at=later)
    assert list(cases_with_news(clinic.worker, later)) == [item]
    assert not cases_with_news(clinic.hua.person, later).exists()
    with pytest.raises(NotAllowed):
        treating.read_thread(item=item, actor=clinic.other, at=later)


def test_an_unanswered_question_is_withdrawn_by_its_asker(clinic, morning):
    item = asked(clinic, morning)
    with pytest.raises(NotAllowed):
        treating.withdraw_case(item=item, actor=clinic.hua.person, at=morning)
    treating.withdraw_case(item=item, actor=clinic.worker, at=morning)
    assert item.state == "withdrawn"
    with pytest.raises(StepNotAllowed):
        treating.withdraw_case(item=answered(clinic, morning), actor=clinic.worker, at=morning)


def test_who_waits_for_an_expert_who_ends_is_told_and_asks_another(clinic, morning):
    item = asked(clinic, morning, expert=clinic.hua)
    end_expert(expert=clinic.hua, actor=clinic.secretary, at=morning + timedelta(minutes=1))
    assert thread_of(item)[-1].kind == MessageKind.EXPERT_ENDED
    assert list(cases_with_news(clinic.worker, morning)) == [item]
    with pytest.raises(experts.ExpertNotSitting):
        treating.take_case(item=item, actor=clinic.hua.person, at=morning)
    asking.address_case(item=item, expert=clinic.shao, actor=clinic.worker, at=morning)
    assert item.owner == clinic.shao.person


class TestCare:
    """连心关爱 is between two people."""

    def test_only_the_two_see_it_and_nobody_is_let_in(self, clinic, morning):
        item = cared(clinic, morning)
        assert may_see(clinic.worker, item, morning)
        assert may_see(clinic.hua.person, item, morning)
        for other in (clinic.shao.person, clinic.secretary, clinic.other):
            assert not may_see(other, item, morning)
        for actor in (clinic.worker, clinic.hua.person):
            with pytest.raises(NotAllowed):
                treating.let_reader_in(item=item, person=clinic.other, actor=actor, at=morning)
            with pytest.raises(NotAllowed):
                change_item(item=item, changed=Changed(title="明文"), actor=actor, at=morning)

    def test_no_table_and_no_fact_holds_its_words(self, clinic, morning):
        item = cared(clinic, morning)
        treating.answer_case(item=item, words="先睡够，周末一起钓鱼", actor=clinic.hua.person, at=morning)
        sheet, item = CaseSheet.objects.get(item=item), WorkItem.objects.get(pk=item.pk)
        kept = [item.title, item.text, str(item.values), sheet.goal, sheet.sealed]
        kept += [f"{row.text}{row.sealed}" for row in item.case_messages.all()]
        kept += [row.note for row in item.steps.all()]
        kept += [fact.attributes for fact in Fact.objects.all()]
        for secret in ("高考", "夜班", "钓鱼", "有人听"):
            assert not [text for text in kept if secret in text]
        assert (item.title, item.unit, item.visibility) == ("连心关爱", None, Visibility.INVOLVED)
        assert words_of(item).title == "孩子高考，家里吵架"
        assert [line.words for line in thread_of(item)] == ["夜班回去睡不着", "先睡够，周末一起钓鱼"]

    def test_each_look_of_the_two_is_on_record_and_others_have_none(self, clinic, morning):
        item = cared(clinic, morning)
        words, lines = treating.read_case(item=item, actor=clinic.hua.person, at=morning)
        assert (words.goal, lines[0].words) == ("有人听，有办法", "夜班回去睡不着")
        for other in (clinic.shao.person, clinic.secretary):
            with pytest.raises(NotAllowed):
                treating.read_case(item=item, actor=other, at=morning)
        [look] = Look.objects.all()
        assert (look.by, look.about, look.compartment) == (clinic.hua.person.token, clinic.worker.token, "clinic")
        treating.read_case(item=asked(clinic, morning), actor=clinic.worker, at=morning)
        assert Look.objects.count() == 1

    def test_pictures_are_refused(self, clinic, morning):
        item = cared(clinic, morning)
        with pytest.raises(telling.PicturesUnsealed):
            treating.write_word(item=item, words="看", actor=clinic.worker, at=morning, uploads=[photo()])

    def test_declined_it_waits_for_the_asker_and_is_shown_to_nobody(self, clinic, morning):
        item = cared(clinic, morning)
        treating.decline_case(item=item, words="我不合适", actor=clinic.hua.person, at=morning)
        for other in (clinic.hua.person, clinic.shao.person, clinic.secretary):
            assert not may_see(other, item, morning)
        assert not items_to_run(clinic.secretary, morning).exists()
        asking.address_case(item=item, expert=clinic.shao, actor=clinic.worker, at=morning)
        assert may_see(clinic.shao.person, item, morning)


def test_a_list_of_cases_costs_two_statements_more_than_its_rights(clinic, morning, django_assert_max_num_queries):
    for number in range(6):
        asked(clinic, morning, title=f"第{number}件", expert=clinic.hua)
    person = Person.objects.get(pk=clinic.hua.person.pk)
    with django_assert_max_num_queries(5):
        listed = list_cases(person, morning)
        assert {item.case_sheet.expert.person.name for item in listed} == {"庞国华"}
    with django_assert_max_num_queries(1):
        assert cases_seen_by(person, morning).first().case_sheet.field.name == "电力电子"
    with django_assert_max_num_queries(2):
        assert thread_of(listed.rows[0])[0].words == TEXT
    assert TITLE
