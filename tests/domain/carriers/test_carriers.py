"""A carrier from the proposal to its end: who may do what, what each type needs (PP-07), promises kept and not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.carriers.enums import CarrierState, CarrierType, EndReason, Part, ReviewGrade
from ronghe.domain.carriers.models import Carrier, CarrierMember
from ronghe.domain.carriers.rules import DECIDE, PROMISE, REVIEW, SEE_CARRIER
from ronghe.domain.carriers.rules.promises import PromiseNotDue, PromiseNotReached
from ronghe.domain.carriers.selectors.carriers import (
    bodies_to_propose_for,
    carriers_due,
    carriers_filtered,
    carriers_seen_by,
    carriers_to_decide,
    list_carriers,
    people_of,
)
from ronghe.domain.carriers.selectors.promises import board, kept_of, loads_of, promises_seen_by, records_offered
from ronghe.domain.carriers.services.people import LeadStays, MemberAlready, add_member, remove_member
from ronghe.domain.carriers.services.promises import (
    ActualMissing,
    CarrierClosed,
    PromiseTooLate,
    PromiseWordless,
    RecordUnseen,
    add_promise,
    drop_promise,
    report_promise,
)
from ronghe.domain.carriers.services.proposing import (
    CarrierDaysWrong,
    CarrierFromOutside,
    CarrierNameTaken,
    CarrierUnnamed,
    LeadNoMember,
    PlaceMissing,
    PromiseMissing,
    ReasonMissing,
    TooFewPeople,
    TooManyPeople,
    amend_carrier,
    approve_carrier,
    propose_carrier,
    return_carrier,
    submit_carrier,
    withdraw_carrier,
)
from ronghe.domain.carriers.services.running import (
    PromisesOpen,
    ResultGone,
    ReviewEmpty,
    end_carrier,
    renew_carrier,
    review_carrier,
    take_back_result,
    write_result,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_owed_by, items_seen_by, items_to_run
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, StepEvidenceMissing, take_step
from ronghe.domain.structure.facts import BODY_DISSOLVED
from ronghe.domain.work.services.tasks import accept_task, open_task, submit_task
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.carriers import VALUES, approved, make_carrier, make_story, promised, proposed, text_of
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
LATER = timedelta(days=31)


@pytest.fixture
def story(morning):
    return make_story(morning, with_teams=False)


def facts(kind: str) -> list[Fact]:
    return list(Fact.objects.filter(kind=kind).order_by("pk"))


def only_promise(carrier: Carrier) -> WorkItem:
    return carrier.promises.get().item


def reported(story, carrier, at, actual="28"):
    item = WorkItem.objects.get(pk=only_promise(carrier).pk)
    return report_promise(
        item=item, note="三次集结都在时限内", actual=actual, actor=story.captain, at=at, uploads=[photo()]
    )


@pytest.mark.parametrize("type_", list(CarrierType))
def test_every_type_is_proposed_and_approved_and_public(story, morning, type_):
    carrier = proposed(story, morning, type_=type_, name="甲")
    assert list(carriers_seen_by(story.outsider, morning)) == []
    assert list(carriers_to_decide(story.secretary, morning)) == [carrier]

    approve_carrier(carrier=carrier, actor=story.secretary, at=morning)

    assert list(carriers_seen_by(story.outsider, morning)) == [carrier]
    assert list(promises_seen_by(story.outsider, morning)) == [carrier.promises.get()]
    assert carrier.values == VALUES[type_]
    assert (carrier.state, carrier.review_on.isoformat()) == ("active", "2026-12-14")
    people = 4 if carrier.spec.is_team else 1
    assert [fact.attributes for fact in facts("carriers.approved")] == [
        f'{{"people":{people},"promises":1,"type":"{type_.value}"}}'
    ]
    assert len(facts("carriers.member_joined")) == people


@pytest.mark.parametrize(
    ("type_", "name", "refused"),
    [
        (CarrierType.COMMANDO_TEAM, "task", ValuesUnfit),
        (CarrierType.MODEL_POST, "standard", ValuesUnfit),
        (CarrierType.AREA, "keeps", ValuesUnfit),
        (CarrierType.BRAND, "steps", ValuesUnfit),
    ],
)
def test_what_a_type_asks_for_must_be_there(story, morning, type_, name, refused):
    values = {key: value for key, value in VALUES[type_].items() if key != name}
    text = text_of(story, morning, values=values)
    people = [(one, "member", "") for one in story.members] if type_ == CarrierType.COMMANDO_TEAM else []

    with pytest.raises(refused):
        propose_carrier(
            type_=type_, text=text, body=story.branch, people=people, promises=[promised(morning)],
            actor=story.proposer, at=morning,
        )  # fmt: skip
    assert not Carrier.objects.exists()


def test_a_proposal_that_is_not_whole_is_refused(story, morning):
    day, one = morning.date(), (promised(morning),)

    def propose(people=story.members, promises=one, type_="commando_team", **changes):
        return propose_carrier(
            type_=type_, text=text_of(story, morning, **changes), body=story.branch,
            people=[(person, "member", "") for person in people], promises=list(promises), actor=story.proposer,
            at=morning,
        )  # fmt: skip

    for refusal, given in (
        (CarrierUnnamed, {"name": " "}),
        (CarrierDaysWrong, {"until_on": day}),
        (CarrierDaysWrong, {"from_on": day - timedelta(days=9), "until_on": day}),
        (TooFewPeople, {"people": story.members[:1]}),  # the head and one more: two, and three are the least
        (LeadNoMember, {"lead": story.welder}),
        (CarrierFromOutside, {"people": [*story.members, story.outsider]}),
        (PromiseMissing, {"promises": ()}),
        (PromiseWordless, {"promises": (promised(morning, measure=" "),)}),
        (PromiseTooLate, {"promises": (promised(morning, days=366),)}),
        (PlaceMissing, {"type_": "area", "place": "", "values": VALUES[CarrierType.AREA]}),
        (TooManyPeople, {"type_": "model_post", "people": story.members[:1], "values": VALUES[CarrierType.MODEL_POST]}),
    ):
        with pytest.raises(refusal):
            propose(**given)
    assert propose(people=[*story.members[:1], story.welder]).members.count() == 3  # whoever is in the unit may help
    with pytest.raises(CarrierNameTaken, match="南八突击队"):
        propose()
    with pytest.raises(NotAllowed):
        proposed(story, morning, name="乙", proposer=story.outsider)
    assert list(bodies_to_propose_for(story.outsider, morning).filter(pk=story.branch.pk)) == []


def test_a_unit_may_want_larger_teams(story, morning):
    adopt(story.branch, playbook(f"{THEME_DAY}keys: {{carrier_team_least: 5}}\n"), morning.date())

    with pytest.raises(TooFewPeople, match="5"):
        proposed(story, morning)


def test_nobody_approves_the_own_proposal_or_what_one_heads(story, morning):
    own = proposed(story, morning, name="甲", proposer=story.secretary)
    headed = proposed(story, morning, name="乙", lead=story.secretary)

    for carrier in (own, headed):
        with pytest.raises(NotAllowed):
            approve_carrier(carrier=carrier, actor=story.secretary, at=morning)
        with pytest.raises(NotAllowed):
            approve_carrier(carrier=carrier, actor=story.captain, at=morning)
    assert list(carriers_to_decide(story.secretary, morning)) == []
    assert list(carriers_to_decide(story.clerk, morning)) == [own, headed]
    assert DECIDE.allows(story.clerk, own, at=morning)


def test_a_returned_proposal_is_changed_and_handed_in_again(story, morning):
    carrier = proposed(story, morning)
    with pytest.raises(ReasonMissing):
        return_carrier(carrier=carrier, reason=" ", actor=story.secretary, at=morning)
    return_carrier(carrier=carrier, reason="队长换成在岗的", actor=story.secretary, at=morning)
    with pytest.raises(StepNotAllowed):
        approve_carrier(carrier=carrier, actor=story.secretary, at=morning)

    lead = story.members[1]
    amend_carrier(
        carrier=carrier,
        text=text_of(story, morning, lead=lead, name="南八先锋突击队"),
        actor=story.proposer,
        at=morning,
    )
    drop_promise(line=carrier.promises.get(), actor=story.proposer, at=morning)
    carrier.refresh_from_db()
    with pytest.raises(PromiseMissing):
        submit_carrier(carrier=carrier, actor=story.proposer, at=morning)
    carrier.refresh_from_db()
    add_promise(carrier=carrier, promised=promised(morning), actor=story.proposer, at=morning)
    submit_carrier(carrier=carrier, actor=story.proposer, at=morning)
    approve_carrier(carrier=carrier, actor=story.secretary, at=morning)

    assert (carrier.name, carrier.lead) == ("南八先锋突击队", lead)
    assert people_of(carrier)[0].person == lead
    assert [row.step for row in carrier.acts.order_by("pk")] == ["proposed", "returned", "submitted", "approved"]
    assert {fact.attributes for fact in facts("carriers.amended")} == {
        '{"field":"lead","type":"commando_team"}', '{"field":"name","type":"commando_team"}',
    }  # fmt: skip


def test_a_withdrawn_proposal_takes_its_promises_along(story, morning):
    carrier = proposed(story, morning)
    withdraw_carrier(carrier=carrier, actor=story.proposer, at=morning)

    assert (carrier.state, only_promise(carrier).state) == (CarrierState.WITHDRAWN, "waived")
    assert list(promises_seen_by(story.outsider, morning)) == []
    with pytest.raises(CarrierClosed):
        add_member(carrier=carrier, person=story.welder, actor=story.secretary, at=morning)
    assert proposed(story, morning).name == carrier.name  # the name is free again


def test_what_was_approved_is_changed_by_those_who_decide(story, morning):
    carrier = make_carrier(story, morning)
    text = text_of(story, morning, place="新料棚", lead=story.members[0], until_on=morning.date() + timedelta(days=900))
    with pytest.raises(NotAllowed):
        amend_carrier(carrier=carrier, text=text, actor=story.proposer, at=morning)

    changed = amend_carrier(carrier=carrier, text=text, actor=story.secretary, at=morning)

    assert (changed.place, changed.lead, changed.until_on) == ("新料棚", story.captain, carrier.until_on)


def test_people_come_and_go_and_the_history_stays(story, morning):
    carrier = make_carrier(story, morning)
    later = morning + timedelta(days=10)
    add_member(carrier=carrier, person=story.welder, actor=story.captain, at=later, duty="焊接")
    with pytest.raises(MemberAlready):
        add_member(carrier=carrier, person=story.welder, actor=story.captain, at=later)
    with pytest.raises(CarrierFromOutside):
        add_member(carrier=carrier, person=story.outsider, actor=story.captain, at=later)
    with pytest.raises(NotAllowed):
        add_member(carrier=carrier, person=story.hse, actor=story.members[2], at=later)
    add_member(carrier=carrier, person=story.members[0], actor=story.secretary, at=later, part=Part.LEAD)
    carrier.refresh_from_db()
    assert carrier.lead == story.members[0]
    assert only_promise(carrier).owner == story.members[0]
    lead = carrier.members.get(part=Part.LEAD, valid_until=None)
    with pytest.raises(LeadStays):
        remove_member(member=lead, actor=story.secretary, at=later)
    old = CarrierMember.objects.get(carrier=carrier, person=story.captain, valid_until=None)
    remove_member(member=old, actor=story.secretary, at=later + timedelta(days=5))

    assert [row.part for row in carrier.members.filter(person=story.captain).order_by("pk")] == ["lead", "member"]
    assert '"days":5' in facts("carriers.member_left")[0].attributes


def test_a_team_keeps_its_least_number_and_a_post_its_one_holder(story, morning):
    carrier = make_carrier(story, morning, people=story.members[:2])
    row = carrier.members.get(person=story.members[0])
    with pytest.raises(TooFewPeople):
        remove_member(member=row, actor=story.secretary, at=morning)
    post = make_carrier(story, morning, type_=CarrierType.MODEL_POST, name="示范岗")
    with pytest.raises(TooManyPeople):
        add_member(carrier=post, person=story.members[1], actor=story.secretary, at=morning)

    add_member(
        carrier=post, person=story.members[1], actor=story.secretary, at=morning + timedelta(days=3), part=Part.LEAD
    )

    assert [row.person for row in people_of(post) if row.valid_until is None] == [story.members[1]]


def test_a_promise_is_reported_with_what_shows_it_and_judged_by_another(story, morning):
    carrier = make_carrier(story, morning)
    item = only_promise(carrier)
    assert list(items_owed_by(story.captain)) == [item]
    with pytest.raises(NotAllowed):
        report_promise(item=item, note="好", actual="28", actor=story.secretary, at=morning, uploads=[photo()])
    with pytest.raises(StepEvidenceMissing):
        report_promise(item=item, note="好", actual="28", actor=story.captain, at=morning)
    with pytest.raises(ActualMissing):
        report_promise(item=item, note="好", actor=story.captain, at=morning, uploads=[photo()])
    with pytest.raises(ValuesUnfit):
        report_promise(item=item, note="好", actual="很快", actor=story.captain, at=morning, uploads=[photo()])
    reported(story, carrier, morning)
    item = only_promise(carrier)
    assert list(items_to_run(story.secretary, morning)) == [item]
    for person in (story.captain, story.members[0], story.outsider):
        with pytest.raises(NotAllowed):
            take_step(item=item, step="keep", actor=person, at=morning)

    take_step(item=item, step="keep", actor=story.secretary, at=morning)

    assert kept_of([carrier.pk], morning)[carrier.pk].kept == 1
    told = facts("items.moved")[-1]
    assert '"item":"promise"' in told.attributes
    assert '"step":"keep"' in told.attributes
    assert told.subject == story.captain.token


def test_a_secretary_in_the_team_does_not_judge_its_promises(story, morning):
    carrier = approved(story, morning, people=[*story.members, story.secretary])
    reported(story, carrier, morning)

    assert list(items_to_run(story.secretary, morning)) == []
    with pytest.raises(NotAllowed):
        take_step(item=only_promise(carrier), step="keep", actor=story.secretary, at=morning)
    assert list(items_to_run(story.clerk, morning)) == [only_promise(carrier)]


@pytest.mark.parametrize(("actual", "is_kept"), [("30", True), ("30.5", False)])
def test_a_number_beyond_what_was_promised_is_not_kept(story, morning, actual, is_kept):
    carrier = make_carrier(story, morning)
    reported(story, carrier, morning, actual)
    item = only_promise(carrier)

    if is_kept:
        take_step(item=item, step="keep", actor=story.secretary, at=morning)
    else:
        with pytest.raises(PromiseNotReached, match=r"30.*30\.5"):
            take_step(item=item, step="keep", actor=story.secretary, at=morning)
        take_step(item=item, step="fail", actor=story.secretary, at=morning, said=Said(note="超了半分钟"))
    assert only_promise(carrier).state == ("kept" if is_kept else "not_kept")


def test_a_promise_that_nobody_reported_fails_only_after_its_day(story, morning):
    carrier = make_carrier(story, morning)
    item, said = only_promise(carrier), Said(note="没有做到")
    with pytest.raises(PromiseNotDue):
        take_step(item=item, step="fail", actor=story.secretary, at=morning, said=said)
    with pytest.raises(PromiseNotDue):
        take_step(item=item, step="fail", actor=story.secretary, at=item.due_at, said=said)

    take_step(item=item, step="fail", actor=story.secretary, at=item.due_at + timedelta(minutes=1), said=said)

    assert kept_of([carrier.pk], morning)[carrier.pk].not_kept == 1
    take_step(item=item, step="reopen", actor=story.clerk, at=morning + LATER, said=Said(note="材料补来了"))
    assert item.state == "reported"


def test_records_that_are_there_show_a_promise(story, morning):
    carrier = make_carrier(story, morning)
    done = open_task(
        title="换阀",
        assignee=story.captain,
        due_at=morning + LATER,
        body=story.branch,
        actor=story.secretary,
        at=morning,
    )
    submit_task(task=done, note="已换", uploads=[photo()], actor=story.captain, at=morning)
    accept_task(task=done, actor=story.secretary, at=morning)
    offered = records_offered(carrier, story.captain, morning)
    assert [(one.source_type, one.name) for one in offered] == [("work.task", "换阀")]
    item = only_promise(carrier)
    with pytest.raises(RecordUnseen):
        report_promise(
            item=item, note="好", actual="28", actor=story.captain, at=morning,
            records=[RecordOf("work.task", done.pk + 999, "别人的")],
        )  # fmt: skip

    report_promise(
        item=item, note="好", actual="28", actor=story.captain, at=morning,
        records=[RecordOf("work.task", done.pk, "我自己起的名")],
    )  # fmt: skip

    assert item.evidence.get().name == "换阀"


def test_a_review_freezes_how_the_promises_stand_and_dates_the_next(story, morning):
    carrier = make_carrier(story, morning)
    due = morning + timedelta(days=91)
    assert list(carriers_due(story.secretary, due - timedelta(days=1))) == []
    assert list(carriers_due(story.secretary, due)) == [carrier]
    with pytest.raises(ReviewEmpty):
        review_carrier(carrier=carrier, grade=ReviewGrade.GOOD, text="", actor=story.secretary, at=due)
    with pytest.raises(NotAllowed):
        review_carrier(carrier=carrier, grade=ReviewGrade.GOOD, text="好", actor=story.captain, at=due)
    assert not REVIEW.allows(story.members[0], carrier, at=due)

    row = review_carrier(carrier=carrier, grade=ReviewGrade.FAIR, text="承诺过期没报", actor=story.secretary, at=due)

    carrier.refresh_from_db()
    assert (row.kept, row.still_open, carrier.review_on.isoformat()) == (0, 1, "2027-03-14")
    assert list(carriers_due(story.secretary, due)) == []
    assert '"on_time":true' in facts("carriers.reviewed")[0].attributes


def test_results_are_written_and_taken_back(story, morning):
    carrier = make_carrier(story, morning, type_=CarrierType.BRAND, name="一组一招")
    row = write_result(carrier=carrier, text="亮招 6 个", figure=Decimal(6), unit="个", actor=story.captain, at=morning)
    take_back_result(result=row, actor=story.captain, at=morning)
    with pytest.raises(ResultGone):
        take_back_result(result=row, actor=story.secretary, at=morning)

    first, second = facts("carriers.result_written")
    assert second.reverses == first.pk
    assert row.taken_back_by == story.captain


def test_a_carrier_is_renewed_or_ends_when_its_promises_are_judged(story, morning):
    carrier = make_carrier(story, morning)
    with pytest.raises(NotAllowed):
        renew_carrier(carrier=carrier, until_on=carrier.until_on + LATER, actor=story.captain, at=morning)
    with pytest.raises(CarrierDaysWrong):
        renew_carrier(carrier=carrier, until_on=carrier.until_on, actor=story.secretary, at=morning)
    renew_carrier(carrier=carrier, until_on=carrier.until_on + LATER, actor=story.secretary, at=morning)
    with pytest.raises(PromisesOpen):
        end_carrier(carrier=carrier, reason=EndReason.DONE, note="完成", actor=story.secretary, at=morning)
    reported(story, carrier, morning)
    take_step(item=only_promise(carrier), step="keep", actor=story.secretary, at=morning)

    end_carrier(carrier=carrier, reason=EndReason.DONE, note="完成", actor=story.secretary, at=morning + LATER)

    assert not carrier.members.filter(valid_until=None).exists()
    assert '"days":31,"kept":1,"not_kept":0,"reason":"done"' in facts("carriers.ended")[0].attributes
    assert list(items_seen_by(story.outsider, morning)) == [only_promise(carrier)]


def test_carriers_end_with_their_body_and_what_nobody_is_left_to_judge_is_waived(story, morning):
    carrier = make_carrier(story, morning)
    record(Draft(BODY_DISSOLVED, morning + LATER, story.clerk, body=story.branch.pk))

    carrier.refresh_from_db()
    assert (carrier.state, carrier.end_reason) == (CarrierState.ENDED, EndReason.BODY_DISSOLVED)
    assert only_promise(carrier).state == "waived"


def test_lists_filter_and_the_board_shows_who_promised_what(story, morning):
    team = make_carrier(story, morning)
    post = make_carrier(story, morning, type_=CarrierType.MODEL_POST, name="中控示范岗", lead=story.members[0])
    draft = proposed(story, morning, name="草稿")

    def found(**filters):
        return [
            one.name
            for one in list_carriers(story.proposer, morning, carriers_filtered(story.proposer, morning, **filters))
        ]

    assert sorted(found()) == sorted([team.name, post.name, draft.name])
    assert found(words="中控") == [post.name]
    assert found(type_="commando_team", state="active") == [team.name]
    assert found(mine=True) == []
    listed, cards = board(story.outsider, morning)
    assert [(card.carrier, card.people, len(card.promises)) for card in cards] == [(post, 1, 1), (team, 4, 1)]
    assert listed.count == 2


def test_one_person_in_several_carriers_is_shown_with_the_load(story, morning):
    make_carrier(story, morning)
    make_carrier(story, morning, type_=CarrierType.MODEL_POST, name="示范岗")
    make_carrier(story, morning, type_=CarrierType.AREA, name="责任区")

    count, loads = loads_of(story.secretary, morning)

    assert count == 4
    assert (loads[0].person, loads[0].count, loads[0].promises) == (story.captain, 3, 3)


def test_reading_costs_the_same_for_few_and_many(story, morning, django_assert_max_num_queries):
    for size in (1, 4):
        while Carrier.objects.count() < size:
            make_carrier(story, morning, name=f"队{Carrier.objects.count()}")
        with django_assert_max_num_queries(5):  # the reader's own standing is read once
            board(story.outsider, morning)
        with django_assert_max_num_queries(7):
            loads_of(story.secretary, morning)


def test_nobody_raises_a_promise_alone(story):
    assert not any(PROMISE.raise_right.allows(person, story.branch) for person in (story.secretary, story.clerk))
    assert SEE_CARRIER.name == "carriers.see_carrier"
