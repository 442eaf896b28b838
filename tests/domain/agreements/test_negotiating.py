from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ronghe.domain.agreements.calc.content import read
from ronghe.domain.agreements.enums import AgreementKind, AgreementState
from ronghe.domain.agreements.models import AgreementConsent, AgreementVersion
from ronghe.domain.agreements.selectors.negotiation import threads_of
from ronghe.domain.agreements.services.drafting import (
    NothingToSupplement,
    ProjectOver,
    SideUnfit,
    SideWithoutUnit,
    TextUnsound,
    TooFewSides,
    call_off,
    draft_supplement,
)
from ronghe.domain.agreements.services.negotiating import (
    AlreadyConsented,
    CommentEmpty,
    GoalsMissing,
    NothingChanged,
    NotNegotiating,
    PlaceUnknown,
    SafetyOfficerMissing,
    VersionMoved,
    comment,
    consent,
    revise,
    settle_comment,
    withdraw_consent,
)
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.projects.services.projects import call_off_project
from ronghe.kernel.errors import NotAllowed, NotFound, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.agreements_story import (
    LAST_DAY,
    agree_all,
    change,
    content_on_table,
    make_draft,
    make_signed,
    party_of,
    with_text,
)
from tests.factories.org import make_body, make_person, make_post


def facts(kind):
    return [(fact.body, fact.attributes) for fact in Fact.objects.filter(kind=kind).order_by("pk")]


def _consent(agreement, sides, number, at):
    return consent(
        agreement=agreement, party=party_of(agreement, number), number=agreement.current,
        actor=sides.secretaries[number], at=at,
    )  # fmt: skip


def test_one_act_gives_a_filled_text(sides, morning):
    agreement = make_draft(sides, morning)

    content = content_on_table(agreement)
    assert content.title == "联创共建攻关新型输气作业区数字化转型配套工程合作意向书" == agreement.title
    assert content.preamble.startswith("为找准党建工作与生产经营的切入点，仪陇输气作业区党支部、信息站党支部经协商")
    assert "自2026年9月1日起至2026年12月20日止" in content.preamble
    assert {goal.head for goal in content.goals} == {"party_building", "project", "ideology"}
    assert [side.body for side in agreement.sides] == sides.bodies
    assert facts("agreements.drafted") == [
        (sides.bodies[0].pk, '{"is_supplement":false,"kind":"letter_of_intent","parties":2}')
    ]


def test_only_the_drafting_bodys_secretaries_draft(sides, morning):
    for actor in (sides.secretaries[1], sides.members[0], sides.clerk, sides.auditor):
        with pytest.raises(NotAllowed):
            make_draft(sides, morning, actor=actor)


def test_a_deputy_drafts_too(sides, morning):
    make_post(sides.members[0], PostRole.DEPUTY_SECRETARY, body=sides.bodies[0])

    assert make_draft(sides, morning, actor=sides.members[0]).drafted_by == sides.members[0]


def test_one_body_agrees_with_nobody(sides, morning):
    with pytest.raises(TooFewSides):
        make_draft(sides, morning, bodies=[sides.bodies[0], sides.bodies[0]])


def test_a_group_is_no_side(sides, morning):
    group = make_body("第一党小组", parent=sides.bodies[1], kind=PartyOrgKind.PARTY_GROUP)

    with pytest.raises(SideUnfit):
        make_draft(sides, morning, bodies=[sides.bodies[0], group])


def test_pc_08_a_safety_agreement_is_between_units(sides, morning):
    without = make_body("采气队党支部")

    with pytest.raises(SideWithoutUnit):
        make_draft(sides, morning, kind=AgreementKind.SAFETY, bodies=[sides.bodies[0], without])

    agreement = make_draft(sides, morning, kind=AgreementKind.SAFETY)
    assert content_on_table(agreement).sides == ("仪陇输气作业区", "信息站")


def test_pc_08_a_safety_agreement_names_its_officer(sides, morning):
    agreement = make_draft(sides, morning, kind=AgreementKind.SAFETY)
    with pytest.raises(SafetyOfficerMissing):
        _consent(agreement, sides, 0, morning)

    officer = make_person("安全员", unit=sides.units[0])
    make_post(officer, PostRole.HSE_OFFICER, unit=sides.units[0])
    revise(
        agreement=agreement, party=party_of(agreement, 0), content=content_on_table(agreement), base=1,
        actor=sides.secretaries[0], at=morning, safety_officer=officer, consents=True,
    )  # fmt: skip

    agreement.refresh_from_db()
    assert agreement.safety_officer == officer
    assert content_on_table(agreement).safety_officer == "安全员"
    assert AgreementConsent.objects.get().version.number == 2


def test_a_project_that_is_over_gets_no_agreement(sides, morning):
    call_off_project(project=sides.project, day=morning.date(), actor=sides.secretaries[0], at=morning)

    with pytest.raises(ProjectOver):
        make_draft(sides, morning)


@pytest.mark.parametrize("ends_on", [date(2026, 8, 31), date(9999, 12, 31)])
def test_a_term_must_be_one(sides, morning, ends_on):
    with pytest.raises(TextUnsound):
        make_draft(sides, morning, ends_on=ends_on)


def test_each_change_is_a_numbered_version_and_nothing_is_lost(sides, morning):
    agreement = make_draft(sides, morning)
    first = content_on_table(agreement)

    version = change(agreement, sides, 1, morning, "先解决通信中断。")

    assert (version.number, version.party.body, version.made_by) == (2, sides.bodies[1], sides.secretaries[1])
    assert agreement.current == 2
    assert read(AgreementVersion.objects.get(number=1).content) == first
    assert content_on_table(agreement) == with_text(first, "先解决通信中断。")


def test_a_side_cannot_change_who_agrees_about_what(sides, morning):
    agreement = make_draft(sides, morning)
    before = content_on_table(agreement)
    forged = replace(
        with_text(before, "新"), sides=("别的支部", "还有"), project="别的项目", kind="safety", supplements="别的"
    )

    revise(
        agreement=agreement,
        party=party_of(agreement, 0),
        content=forged,
        base=1,
        actor=sides.secretaries[0],
        at=morning,
    )

    agreement.refresh_from_db()
    assert content_on_table(agreement) == with_text(before, "新")


def test_two_who_change_one_version_do_not_overwrite_each_other(sides, morning):
    agreement = make_draft(sides, morning)
    content = content_on_table(agreement)
    change(agreement, sides, 1, morning, "先解决通信中断。")

    with pytest.raises(VersionMoved):
        revise(
            agreement=agreement, party=party_of(agreement, 0), content=with_text(content, "另一句。"), base=1,
            actor=sides.secretaries[0], at=morning,
        )  # fmt: skip


def test_a_change_of_nothing_is_no_version(sides, morning):
    agreement = make_draft(sides, morning)

    with pytest.raises(NothingChanged):
        change(agreement, sides, 0, morning, content_on_table(agreement).sections[0].text)


def test_a_text_that_would_not_do_is_no_version(sides, morning):
    agreement = make_draft(sides, morning)

    with pytest.raises(TextUnsound) as refusal:
        change(agreement, sides, 0, morning, "")

    assert refusal.value.details["part"] == "总体思路"
    assert AgreementVersion.objects.count() == 1


def test_a_side_is_spoken_for_by_its_own_secretaries_only(sides, morning):
    agreement = make_draft(sides, morning)
    for actor in (sides.secretaries[0], sides.members[1], sides.clerk, sides.auditor):
        with pytest.raises(NotAllowed):
            consent(agreement=agreement, party=party_of(agreement, 1), number=1, actor=actor, at=morning)


def test_a_side_of_another_agreement_has_no_say(sides, morning):
    agreement, other = make_draft(sides, morning), make_draft(sides, morning)

    with pytest.raises(NotFound):
        consent(agreement=agreement, party=party_of(other, 0), number=1, actor=sides.secretaries[0], at=morning)


def test_when_all_sides_agreed_to_one_version_it_is_to_be_signed(sides, morning):
    agreement = make_draft(sides, morning)

    _consent(agreement, sides, 0, morning)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.NEGOTIATING
    _consent(agreement, sides, 1, morning)

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SIGNING
    assert facts("agreements.consented") == [
        (sides.bodies[0].pk, '{"is_last":false,"number":1}'),
        (sides.bodies[1].pk, '{"is_last":true,"number":1}'),
    ]


def test_a_change_drops_what_was_agreed_before_and_says_so(sides, morning):
    agreement = make_draft(sides, morning)
    _consent(agreement, sides, 0, morning)

    change(agreement, sides, 1, morning, "改过的思路。")
    _consent(agreement, sides, 1, morning)

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.NEGOTIATING
    assert facts("agreements.version_added") == [(sides.bodies[1].pk, '{"dropped":1,"number":2}')]


def test_nobody_agrees_to_a_version_that_is_not_on_the_table(sides, morning):
    agreement = make_draft(sides, morning)
    change(agreement, sides, 1, morning, "改过的思路。")

    with pytest.raises(VersionMoved):
        consent(agreement=agreement, party=party_of(agreement, 0), number=1, actor=sides.secretaries[0], at=morning)


def test_a_side_agrees_once_and_may_take_it_back_while_others_have_not(sides, morning):
    agreement = make_draft(sides, morning)
    _consent(agreement, sides, 0, morning)
    with pytest.raises(AlreadyConsented):
        _consent(agreement, sides, 0, morning)

    withdraw_consent(agreement=agreement, party=party_of(agreement, 0), actor=sides.secretaries[0], at=morning)

    assert not AgreementConsent.objects.exists()
    with pytest.raises(Stale):
        withdraw_consent(agreement=agreement, party=party_of(agreement, 0), actor=sides.secretaries[0], at=morning)


def test_what_all_agreed_to_is_not_changed_nor_taken_back(sides, morning):
    agreement = agree_all(make_draft(sides, morning), sides, morning)

    with pytest.raises(NotNegotiating):
        change(agreement, sides, 0, morning, "再改一句。")
    with pytest.raises(NotNegotiating):
        withdraw_consent(agreement=agreement, party=party_of(agreement, 0), actor=sides.secretaries[0], at=morning)


def test_a_letter_of_intent_without_a_goal_is_not_agreed_to(sides, morning):
    agreement = make_draft(sides, morning)
    revise(
        agreement=agreement, party=party_of(agreement, 0), content=replace(content_on_table(agreement), goals=()),
        base=1, actor=sides.secretaries[0], at=morning,
    )  # fmt: skip
    agreement.refresh_from_db()

    with pytest.raises(GoalsMissing):
        _consent(agreement, sides, 0, morning)


def test_remarks_are_answered_and_settled(sides, morning):
    agreement = make_draft(sides, morning)
    remark = comment(
        agreement=agreement, party=party_of(agreement, 1), section="section:plan", text=" 学习改为每月两次？ ",
        actor=sides.secretaries[1], at=morning,
    )  # fmt: skip
    reply = comment(
        agreement=agreement, party=party_of(agreement, 0), text="一次够了。", reply_to=remark,
        actor=sides.secretaries[0], at=morning,
    )  # fmt: skip
    second = comment(
        agreement=agreement, party=party_of(agreement, 1), text="同意。", reply_to=reply, actor=sides.secretaries[1],
        at=morning,
    )  # fmt: skip
    settle_comment(remark=remark, party=party_of(agreement, 0), is_settled=True, actor=sides.secretaries[0], at=morning)

    [thread] = threads_of(agreement)
    assert (thread.head.text, thread.is_settled) == ("学习改为每月两次？", True)
    assert thread.replies == [reply, second]
    assert second.section == "section:plan"


def test_a_settled_remark_may_be_opened_again_once(sides, morning):
    agreement = make_draft(sides, morning)
    said = {"party": party_of(agreement, 0), "actor": sides.secretaries[0], "at": morning}
    remark = comment(agreement=agreement, text="再议。", **said)
    settle_comment(remark=remark, is_settled=True, **said)
    with pytest.raises(Stale):
        settle_comment(remark=remark, is_settled=True, **said)

    settle_comment(remark=remark, is_settled=False, **said)

    assert not threads_of(agreement)[0].is_settled


@pytest.mark.parametrize(("text", "section", "refusal"), [
    (" ", "", CommentEmpty),
    ("字" * 601, "", CommentEmpty),
    ("好", "section:nowhere", PlaceUnknown),
])  # fmt: skip
def test_a_remark_says_something_about_some_part(sides, morning, text, section, refusal):
    agreement = make_draft(sides, morning)

    with pytest.raises(refusal):
        comment(
            agreement=agreement, party=party_of(agreement, 0), text=text, section=section, actor=sides.secretaries[0],
            at=morning,
        )  # fmt: skip


def test_a_draft_may_be_called_off_and_not_twice(sides, morning):
    agreement = make_draft(sides, morning)

    agreement = call_off(agreement=agreement, party=party_of(agreement, 1), actor=sides.secretaries[1], at=morning)

    assert agreement.state == AgreementState.CALLED_OFF
    with pytest.raises(StepNotAllowed):
        call_off(agreement=agreement, party=party_of(agreement, 1), actor=sides.secretaries[1], at=morning)


def test_a_supplement_names_what_it_supplements(sides, morning):
    main = make_signed(sides, morning)

    supplement = draft_supplement(
        agreement=main, party=party_of(main, 1), starts_on=morning.date(), ends_on=LAST_DAY,
        actor=sides.secretaries[1], at=morning,
    )  # fmt: skip

    assert supplement.supplements == main
    assert content_on_table(supplement).supplements == main.title
    assert supplement.parties.get(position=1).body == sides.bodies[1]


def test_only_an_agreement_in_force_is_supplemented(sides, morning):
    draft = make_draft(sides, morning)

    with pytest.raises(NothingToSupplement):
        draft_supplement(
            agreement=draft, party=party_of(draft, 0), starts_on=morning.date(), ends_on=LAST_DAY,
            actor=sides.secretaries[0], at=morning,
        )  # fmt: skip
