"""Companies: five gates, agreement, admission, stopping, the black list with appeal, checks (PC-06, PC-07, PC-20)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ronghe.domain.contractors.calc.credit_code import is_credit_code
from ronghe.domain.contractors.calc.scoring import score_of
from ronghe.domain.contractors.enums import CONTRACTOR_FLOW, ContractorKind, ContractorState, Gate, Mechanism, Standing
from ronghe.domain.contractors.models import Contractor, Worker
from ronghe.domain.contractors.selectors.companies import (
    agreement_on,
    agreements_ending,
    appeals_to_decide,
    checklist_of,
    contractors_filtered,
    contractors_seen_by,
    gates_of,
    is_checked,
)
from ronghe.domain.contractors.services import checking, companies
from ronghe.domain.contractors.services.checking import check_contractor
from ronghe.domain.contractors.services.companies import (
    admit_contractor,
    decide_appeal,
    delist_contractor,
    file_appeal,
    let_go,
    list_contractor,
    resume_contractor,
    review_gate,
    suspend_contractor,
)
from ronghe.kernel.calendar.periods import PeriodKind
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.contractors import (
    DAY,
    NOW,
    TODAY,
    UNTIL,
    agree,
    credit_code,
    make_admitted,
    make_company,
    make_site,
    make_worker,
    pass_gates,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_site()


def blacklist(story, company, *, until=None, actor=None):
    return list_contractor(
        contractor=company, reason="瞒报事故", reference="通报〔2026〕9号", until_on=until,
        actor=actor or story.manager, at=NOW,
    )  # fmt: skip


def answers(company, **changes):
    return {line: "ok" for line, _title in checklist_of(company, TODAY).lines} | changes


def check(story, company, given=None, *, on=TODAY, actor=None):
    return check_contractor(
        contractor=company, answers=answers(company) if given is None else given, on=on, actor=actor or story.officer,
        at=NOW,
    )  # fmt: skip


@given(number=some.integers(0, 999_999), place=some.integers(0, 17), sign=some.sampled_from("0123456789"))
def test_a_credit_code_with_one_wrong_sign_is_wrong(number, place, sign):
    code = credit_code(number)

    assert is_credit_code(code)
    if code[place] != sign and code[place].isdigit():
        assert not is_credit_code(code[:place] + sign + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "91510000MA6000001", "91510000MA600000IO", credit_code()[:-1] + "?"])
def test_what_is_no_credit_code_registers_nobody(story, code):
    with pytest.raises(companies.CreditCodeWrong):
        companies.register_contractor(
            name="某公司",
            credit_code=code,
            kind=ContractorKind.CONTRACTOR,
            body=story.zone,
            actor=story.officer,
            at=NOW,
        )


def test_a_company_is_registered_once_for_a_body_and_a_subcontractor_has_its_contractor(story):
    company = make_company(story)

    with pytest.raises(companies.CompanyKnown):
        make_company(story, "同一家")
    with pytest.raises(companies.ParentMissing):
        make_company(story, "分包", number=2, kind=ContractorKind.SUBCONTRACTOR)
    sub = make_company(story, "分包", number=2, kind=ContractorKind.SUBCONTRACTOR, parent=company)
    assert (sub.mechanism, company.mechanism) == (Mechanism.SUBCONTRACTOR, Mechanism.CONTRACTOR)


@pytest.mark.parametrize("gate", list(Gate))
def test_one_open_gate_bars_admission_pc_06(story, gate):
    company = make_company(story)
    pass_gates(story, company, but=gate)
    agree(story, company)

    with pytest.raises(companies.GatesOpen, match=str(gate.label)):
        admit_contractor(contractor=company, actor=story.manager, at=NOW)
    review_gate(
        contractor=company, gate=gate, passed=True, evidence="复评〔2026〕2号", on=TODAY, actor=story.officer, at=NOW
    )
    admit_contractor(contractor=company, actor=story.manager, at=NOW)
    assert company.state == ContractorState.ADMITTED


def test_the_newest_review_of_a_gate_counts_and_wants_its_paper_pc_06(story):
    company = make_company(story)
    pass_gates(story, company)
    note = {"contractor": company, "gate": Gate.SITE, "passed": False, "actor": story.officer, "at": NOW}
    review_gate(evidence="复查", on=TODAY, **note)

    assert [line.gate for line in gates_of(company) if not line.is_passed] == [Gate.SITE]
    with pytest.raises(companies.EvidenceMissing):
        review_gate(evidence=" ", on=TODAY, **note)
    with pytest.raises(companies.DayAhead):
        review_gate(evidence="x", on=TODAY + DAY, **note)


def test_without_an_agreement_in_force_nobody_is_admitted_pc_07(story):
    company = make_company(story)
    pass_gates(story, company)
    with pytest.raises(companies.GatesOpen, match="有效的安全协议"):
        admit_contractor(contractor=company, actor=story.manager, at=NOW)
    agree(story, company, since=TODAY + DAY)

    assert [agreement_on(company, day) is not None for day in (TODAY, TODAY + DAY, UNTIL - DAY, UNTIL)] == [
        False, True, True, False,
    ]  # fmt: skip
    with pytest.raises(companies.GatesOpen):
        admit_contractor(contractor=company, actor=story.manager, at=NOW)
    with pytest.raises(companies.TermBackwards):
        agree(story, company, since=TODAY, until=TODAY, number="2")
    with pytest.raises(companies.AgreementKnown):
        agree(story, company)


def test_an_agreement_that_ends_waits_for_its_keeper_pc_07(story):
    company = make_company(story)
    pass_gates(story, company)
    agree(story, company, until=TODAY + 30 * DAY)
    admit_contractor(contractor=company, actor=story.manager, at=NOW)

    assert list(agreements_ending(story.officer, NOW, 30)) == [company]
    assert list(agreements_ending(story.officer, NOW, 29)) == []
    assert list(agreements_ending(story.outsider, NOW, 30)) == []


def test_work_is_stopped_by_safety_and_resumed_by_who_decides(story):
    company = make_admitted(story)
    with pytest.raises(companies.ReasonMissing):
        suspend_contractor(contractor=company, reason=" ", actor=story.officer, at=NOW)
    suspend_contractor(contractor=company, reason="脚手架不合格", actor=story.officer, at=NOW)

    with pytest.raises(NotAllowed):
        resume_contractor(contractor=company, reason="整改完", actor=story.officer, at=NOW)
    resume_contractor(contractor=company, reason="整改完", actor=story.manager, at=NOW)
    assert company.state == ContractorState.ADMITTED
    kinds = Fact.objects.filter(kind="contractors.standing_changed").order_by("pk")
    assert ["suspend" in kinds[1].attributes, "resume" in kinds[2].attributes] == [True, True]


def test_the_black_list_is_left_when_its_time_is_over_and_the_gates_are_passed_anew_pc_20(story):
    company = make_admitted(story)
    blacklist(story, company, until=TODAY + DAY)
    with pytest.raises(companies.ListedUntil):
        delist_contractor(contractor=company, reason="到期", actor=story.manager, at=NOW)

    delist_contractor(contractor=company, reason="到期", actor=story.manager, at=NOW + DAY)

    assert company.state == ContractorState.APPLYING
    assert not any(line.is_passed for line in gates_of(company))
    with pytest.raises(companies.GatesOpen):
        admit_contractor(contractor=company, actor=story.manager, at=NOW)


def test_an_appeal_is_decided_by_somebody_else_pc_20(story):
    company = make_admitted(story)
    with pytest.raises(companies.NotListed):
        file_appeal(contractor=company, text="不属实", actor=story.officer, at=NOW)
    blacklist(story, company, until=TODAY + 365 * DAY)
    appeal = file_appeal(contractor=company, text="不属实", actor=story.officer, at=NOW)
    with pytest.raises(companies.AppealThere):
        file_appeal(contractor=company, text="再说一遍", actor=story.officer, at=NOW)

    assert list(appeals_to_decide(story.manager, NOW)) == []
    assert list(appeals_to_decide(story.clerk, NOW)) == [appeal]
    with pytest.raises(companies.OwnDecision):
        decide_appeal(appeal=appeal, grants=True, answer="撤销", actor=story.manager, at=NOW)
    decide_appeal(appeal=appeal, grants=True, answer="查无实据，撤销", actor=story.clerk, at=NOW)
    with pytest.raises(StepNotAllowed):
        decide_appeal(appeal=appeal, grants=False, answer="维持", actor=story.clerk, at=NOW)
    company.refresh_from_db()
    assert company.state == ContractorState.APPLYING


def test_an_upheld_listing_stays(story):
    company = make_admitted(story)
    blacklist(story, company)
    appeal = file_appeal(contractor=company, text="不属实", actor=story.officer, at=NOW)

    decide_appeal(appeal=appeal, grants=False, answer="事实清楚", actor=story.clerk, at=NOW)

    company.refresh_from_db()
    assert company.state == ContractorState.LISTED


def test_who_leaves_takes_the_people_along(story):
    company = make_admitted(story)
    worker = make_worker(story, company)

    let_go(contractor=company, reason="完工", actor=story.manager, at=NOW)

    assert Worker.objects.get(pk=worker.pk).until_on == TODAY


@pytest.mark.parametrize("state", list(ContractorState))
@pytest.mark.parametrize("step", list(Standing))
def test_every_step_from_every_state(story, state, step):
    company = make_company(story)
    Contractor.objects.filter(pk=company.pk).update(state=state)
    company.refresh_from_db()
    allowed = state in CONTRACTOR_FLOW.steps[step].sources

    try:
        CONTRACTOR_FLOW.advance(company, step)
    except DomainError:
        assert not allowed
    else:
        assert allowed


def test_the_two_mechanisms_have_their_own_checklist_and_cadence(story):
    company = make_admitted(story)
    sub = make_company(story, "劳务公司", number=2, kind=ContractorKind.LABOUR)

    own, theirs = checklist_of(company, TODAY), checklist_of(sub, TODAY)

    assert (own.window, theirs.window) == (PeriodKind.WEEK, PeriodKind.DAY)
    assert "gate_qualification" in dict(own.lines)
    assert "trained" in dict(theirs.lines)


def test_a_check_is_worth_the_share_of_what_is_in_order(story):
    company = make_admitted(story)
    given = answers(company, gate_people="problem", gate_site="na")

    row = check(story, company, given)

    assert (row.score, row.mechanism) == (Decimal("80.0"), Mechanism.CONTRACTOR)
    assert is_checked(company, TODAY)
    assert is_checked(company, TODAY + 6 * DAY)
    assert not is_checked(company, TODAY + 7 * DAY)
    assert contractors_filtered().get().last_score == Decimal("80.0")
    with pytest.raises(checking.ScoredToday):
        check(story, company)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (lambda all_: {}, checking.LinesOpen),
        (lambda all_: all_ | {"gate_site": "maybe"}, checking.LinesOpen),
        (lambda all_: dict.fromkeys(all_, "na"), checking.NothingApplies),
    ],
)
def test_a_checklist_is_answered_whole(story, given, refusal):
    company = make_admitted(story)
    with pytest.raises(refusal):
        check(story, company, given(answers(company)))


def test_who_is_not_admitted_is_not_checked(story):
    with pytest.raises(checking.NotHereToCheck):
        check(story, make_company(story))
    with pytest.raises(companies.DayAhead):
        check(story, make_admitted(story, "乙公司", number=2), on=TODAY + DAY)


@pytest.mark.parametrize(
    ("said", "score"),
    [("ok", "100"), ("ok problem", "50"), ("ok ok problem", "66.7"), ("problem", "0"), ("ok na", "100"), ("na", None)],
)
def test_scores_are_rounded_half_up_to_one_decimal(said, score):
    found = score_of(dict(enumerate(said.split())))

    assert found == (None if score is None else Decimal(score))


def test_companies_are_seen_by_their_body_and_kept_by_few(story):
    company = make_admitted(story)
    for person in (story.clerk, story.officer, story.manager, story.guard):
        assert list(contractors_seen_by(person, NOW)) == [company]
    assert list(contractors_seen_by(story.outsider, NOW)) == []
    for act in (
        lambda: suspend_contractor(contractor=company, reason="x", actor=story.guard, at=NOW),
        lambda: blacklist(story, company, actor=story.officer),
        lambda: check(story, company, actor=story.outsider),
    ):
        with pytest.raises(NotAllowed):
            act()
