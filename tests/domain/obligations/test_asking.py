from __future__ import annotations

from datetime import date, datetime

import pytest

from ronghe.domain.obligations.enums import RequestState
from ronghe.domain.obligations.models import Obligation, Waiver, WaiverRequest
from ronghe.domain.obligations.selectors.requests import list_requests, requests_to_answer
from ronghe.domain.obligations.services.asking import (
    AlreadyAsked,
    NobodyAbove,
    NothingToAsk,
    OneBodyAtATime,
    RefusalReasonMissing,
    ask_waiver,
    grant_waiver,
    refuse_waiver,
    take_back_request,
)
from ronghe.domain.obligations.services.settling import unmarked
from ronghe.domain.obligations.services.waiving import (
    AlreadyWaived,
    NothingChosen,
    ReasonMissing,
    waive,
    waive_several,
)
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.obligations.making import close
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 14, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def field():
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE)
    branch = make_body("北支部", parent=committee)
    secretary, clerk = make_person("周启明", home=branch), make_person("周玉兰")
    make_post(secretary, PostRole.SECRETARY, body=branch)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    adopt(branch, playbook(), date(2026, 7, 1))
    return branch, secretary, clerk


def duties(*months: int) -> list[Obligation]:
    rows = Obligation.objects.select_related("body", "version").order_by("due_on")
    return [row for row in rows if row.due_on.month in months]


def ask(secretary, *months: int, reason: str = "检修停工") -> WaiverRequest:
    return ask_waiver(obligations=duties(*months), reason=reason, actor=secretary, at=AT)


def kinds() -> list[str]:
    rows = Fact.objects.filter(kind__startswith="obligations.").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_superior_lets_off_everything_that_was_asked_for(field):
    _branch, secretary, clerk = field
    request = ask(secretary, 9, 10)

    assert list(requests_to_answer(clerk, AT)) == [request]
    grant_waiver(request=request, actor=clerk, at=AT)

    rows = Waiver.objects.order_by("obligation__due_on").values_list("obligation__due_on__month", "reason")
    assert list(rows) == [(9, "检修停工"), (10, "检修停工")]
    assert list(requests_to_answer(clerk, AT)) == []
    assert all(row.is_settled for row in duties(9, 10))
    assert unmarked() == []
    assert kinds() == ["obligations.waiver_asked", "obligations.waived", "obligations.waived",
                       "obligations.waiver_granted"]  # fmt: skip


def test_what_was_met_while_the_request_waited_stays_met(field):
    branch, secretary, clerk = field
    request = ask(secretary, 9, 10)
    close(branch, date(2026, 9, 10))

    grant_waiver(request=request, actor=clerk, at=AT)

    assert [waiver.obligation.due_on.month for waiver in Waiver.objects.all()] == [10]
    assert duties(9)[0].match.met_on == date(2026, 9, 10)


def test_refusal_says_why_and_leaves_everything_owed(field):
    _branch, secretary, clerk = field
    request = ask(secretary, 9)

    with pytest.raises(RefusalReasonMissing):
        refuse_waiver(request=request, answer=" ", actor=clerk, at=AT)
    refuse_waiver(request=request, answer="可以放在月底办", actor=clerk, at=AT)

    assert (request.state, request.answer, request.answered_by) == (RequestState.REFUSED, "可以放在月底办", clerk)
    assert Waiver.objects.count() == 0
    assert ask(secretary, 9).state == RequestState.ASKED  # and may be asked for again


def test_request_is_taken_back_by_whoever_asked_and_nobody_else(field):
    _branch, secretary, clerk = field
    request = ask(secretary, 9)

    with pytest.raises(NotAllowed):
        take_back_request(request=request, actor=clerk, at=AT)
    take_back_request(request=request, actor=secretary, at=AT)

    with pytest.raises(StepNotAllowed):
        grant_waiver(request=request, actor=clerk, at=AT)
    assert ask(secretary, 9).pk != request.pk


def test_each_obligation_is_asked_for_once_at_a_time(field):
    _branch, secretary, _clerk = field
    ask(secretary, 9, 10)

    with pytest.raises(AlreadyAsked):
        ask(secretary, 10, 11)
    assert WaiverRequest.objects.count() == 1


def test_one_request_is_for_one_body(field):
    branch, secretary, _clerk = field
    group = make_body("第一党小组", parent=branch)
    adopt(group, playbook(), date(2026, 9, 1))

    with pytest.raises(OneBodyAtATime):
        ask(secretary, 9)


def test_nobody_asks_for_what_is_met(field):
    branch, secretary, _clerk = field
    close(branch, date(2026, 9, 10))

    with pytest.raises(NothingToAsk):
        ask(secretary, 9)


def test_request_needs_words_and_something_to_ask_for(field):
    _branch, secretary, _clerk = field

    with pytest.raises(ReasonMissing):
        ask(secretary, 9, reason=" ")
    with pytest.raises(NothingChosen):
        ask_waiver(obligations=[], reason="检修", actor=secretary, at=AT)
    with pytest.raises(NothingChosen):
        waive_several(obligations=[], reason="检修", actor=secretary, at=AT)


def test_topmost_body_has_nobody_to_ask(field):
    branch, _secretary, _clerk = field
    top = make_person("沈书记")
    make_post(top, PostRole.SECRETARY, body=branch.parent)
    adopt(branch.parent, playbook("""\
  - id: study
    title: {zh: 中心组学习, en: Study}
    dimension: life
    for: [committee]
    cadence: {rrule: FREQ=MONTHLY, window: month}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: committee_study}}]
""", playbook_id="top_book"), date(2026, 9, 1))  # fmt: skip
    study = Obligation.objects.filter(mechanism="study").select_related("body", "version").order_by("due_on")[0]

    with pytest.raises(NobodyAbove):
        ask_waiver(obligations=[study], reason="检修", actor=top, at=AT)


def test_only_the_superior_answers(field):
    _branch, secretary, _clerk = field
    request = ask(secretary, 9)

    for actor in (secretary, make_person("外人")):
        with pytest.raises(NotAllowed):
            grant_waiver(request=request, actor=actor, at=AT)
        with pytest.raises(NotAllowed):
            refuse_waiver(request=request, answer="不行", actor=actor, at=AT)


def test_of_two_answers_one_counts(field):
    _branch, secretary, clerk = field
    request = ask(secretary, 9)
    seen_by_the_other = WaiverRequest.objects.get(pk=request.pk)
    refuse_waiver(request=request, answer="不行", actor=clerk, at=AT)

    with pytest.raises(Stale):
        grant_waiver(request=seen_by_the_other, actor=clerk, at=AT)
    assert Waiver.objects.count() == 0


def test_direct_waiver_answers_what_was_asked(field):
    _branch, secretary, clerk = field
    ask(secretary, 9, 10)

    waive(obligation=duties(9)[0], reason="现场停工", actor=clerk, at=AT)

    assert WaiverRequest.objects.get().items.filter(is_open=True).count() == 1


def test_several_are_waived_at_once_or_none(field):
    _branch, _secretary, clerk = field
    waive(obligation=duties(9)[0], reason="检修", actor=clerk, at=AT)

    with pytest.raises(AlreadyWaived):
        waive_several(obligations=duties(9, 10), reason="检修", actor=clerk, at=AT)
    assert Waiver.objects.count() == 1
    assert len(waive_several(obligations=duties(10, 11), reason="检修", actor=clerk, at=AT)) == 2


def test_requests_are_seen_by_those_above_and_by_whoever_asked(field):
    _branch, secretary, clerk = field
    ask(secretary, 9, 10)

    assert [row.count for row in list_requests(secretary, AT)] == [2]
    assert [row.count for row in list_requests(clerk, AT, state="asked")] == [2]
    assert list(list_requests(clerk, AT, state="refused")) == []
    assert list(list_requests(make_person("外人"), AT)) == []
