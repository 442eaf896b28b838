from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from ronghe.domain.agreements.enums import AgreementKind, AgreementState
from ronghe.domain.agreements.models import Agreement, AgreementComment, AgreementConsent, AgreementVersion
from ronghe.domain.agreements.services.negotiating import comment, consent
from ronghe.domain.org.enums import PostRole
from tests.factories.agreements_story import (
    LAST_DAY,
    agree_all,
    change,
    content_on_table,
    make_draft,
    make_signed,
    party_of,
    sign_all,
)
from tests.factories.org import make_body, make_person, make_post
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


def page(name: str, agreement, *further) -> str:
    return reverse(f"web:{name}", args=[agreement.pk, *further])


def typed(agreement, **changes) -> dict[str, str]:
    """What the form of the text holds when nobody typed anything."""
    content = content_on_table(agreement)
    data = {
        "base": agreement.current, "title": content.title, "preamble": content.preamble,
        "starts_on": content.starts_on, "ends_on": content.ends_on, "review_months": content.review_months, "note": "",
        "section-TOTAL_FORMS": len(content.sections) + 1, "section-INITIAL_FORMS": len(content.sections),
        "goal-TOTAL_FORMS": len(content.goals) + 2, "goal-INITIAL_FORMS": len(content.goals),
    }  # fmt: skip
    for number, section in enumerate([*content.sections, None]):
        for name in ("id", "title", "text"):
            data[f"section-{number}-{name}"] = getattr(section, name, "")
    for number, goal in enumerate([*content.goals, None, None]):
        for name in ("id", "head", "title", "baseline", "target", "unit", "better", "due_on"):
            data[f"goal-{number}-{name}"] = getattr(goal, name, {"head": "project", "better": "up"}.get(name, ""))
    return {name: str(value) for name, value in {**data, **changes}.items()}


def test_a_secretary_drafts_in_one_form(first, sides, now):
    shown = first.get(reverse("web:agreement_create"), {"project": sides.project.pk})
    assert shown.status_code == 200
    assert shown.context["form"].initial["project"] == sides.project.pk

    answer = first.post(reverse("web:agreement_create"), {
        "project": sides.project.pk, "body": sides.bodies[0].pk, "partner_1": sides.bodies[1].pk,
        "kind": "letter_of_intent", "form": "own",
    })  # fmt: skip

    agreement = Agreement.objects.get()
    assert answer.headers["Location"] == page("agreement_detail", agreement)
    assert (agreement.starts_on, agreement.ends_on) == (now.date(), LAST_DAY)
    assert [side.body for side in agreement.sides] == sides.bodies


def test_a_playbooks_form_may_be_chosen(first, sides):
    first.post(reverse("web:agreement_create"), {
        "project": sides.project.pk, "body": sides.bodies[0].pk, "partner_1": sides.bodies[1].pk,
        "kind": "letter_of_intent", "form": "yilong_4plus1@1",
    })  # fmt: skip

    assert Agreement.objects.get().playbook == "yilong_4plus1@1"


@pytest.mark.parametrize("wrong", [
    {"partner_1": ""},
    {"partner_1": "999999999999"},
    {"partner_1": "\x00"},
    {"project": "x"},
    {"kind": "treaty"},
    {"ends_on": "2026-09-01"},
    {"ends_on": "9999-12-31"},
    {"form": "nothing@9"},
])  # fmt: skip
def test_a_draft_that_would_not_do_is_told_beside_the_form(first, sides, wrong):
    given = {"project": sides.project.pk, "body": sides.bodies[0].pk, "partner_1": sides.bodies[1].pk,
             "kind": "letter_of_intent"}  # fmt: skip

    answer = first.post(reverse("web:agreement_create"), {**given, **wrong})

    assert answer.status_code == 422
    assert not Agreement.objects.exists()


def test_who_drafts_for_nobody_is_sent_away(sides, as_person):
    for person in (sides.members[0], sides.clerk, sides.auditor):
        assert as_person(person).get(reverse("web:agreement_create")).status_code == 403
        assert as_person(person).get(reverse("web:agreement_partners"), {"q": "信"}).status_code == 404


def test_partners_are_found_by_name(first, sides):
    answer = first.get(reverse("web:agreement_partners"), {"q": "信息"})

    assert text_of(answer.content.decode()).strip() == "信息站党支部 · 输气管理处党委"


def test_the_text_is_changed_section_by_section(second, sides, now):
    agreement = make_draft(sides, now)

    answer = second.post(page("agreement_edit", agreement), typed(
        agreement, **{"section-0-text": "先通信，后仪表。", "section-4-title": "其他", "section-4-text": "未尽事宜另议。",
                      "goal-0-title": "", "note": "收窄范围"},
    ))  # fmt: skip

    assert answer.status_code == 302
    agreement.refresh_from_db()
    content = content_on_table(agreement)
    version = AgreementVersion.objects.get(number=2)
    assert content.sections[0].text == "先通信，后仪表。"
    assert content.sections[4].title == "其他"
    assert [goal.id for goal in content.goals] == ["hard_points", "talks"]
    assert (version.note, version.party.body) == ("收窄范围", sides.bodies[1])


def test_a_change_says_whose_consent_is_worth_nothing_now(second, sides, now):
    agreement = make_draft(sides, now)
    consent(agreement=agreement, party=party_of(agreement, 0), number=1, actor=sides.secretaries[0], at=now)

    answer = second.post(page("agreement_edit", agreement), typed(agreement, title="新标题"), follow=True)

    assert "“仪陇输气作业区党支部”" not in text_of(answer.content.decode())
    assert "仪陇输气作业区党支部对上一稿的同意已失效" in text_of(answer.content.decode())


def test_a_side_may_agree_to_its_own_version_at_once(second, sides, now):
    agreement = make_draft(sides, now)

    second.post(page("agreement_edit", agreement), typed(agreement, title="新标题", consents="on"))

    assert AgreementConsent.objects.get().version.number == 2


def test_who_edited_an_old_version_keeps_what_was_typed(first, sides, now):
    agreement = make_draft(sides, now)
    mine = typed(agreement, title="我的标题")
    change(agreement, sides, 1, now, "对方先改了。")

    answer = first.post(page("agreement_edit", agreement), mine)

    assert answer.status_code == 422
    assert "我的标题" in answer.content.decode()
    assert "文本已是第 2 稿" in text_of(answer.content.decode())


@pytest.mark.parametrize("wrong", [
    {"title": ""},
    {"review_months": "99"},
    {"base": "x"},
    {"goal-0-baseline": "1e400"},
    {"goal-0-target": "-5"},
    {"goal-0-unit": ""},
    {"goal-0-due_on": "2027-01-01"},
    {"section-0-text": ""},
    {"section-0-text": "字" * 8001},
    {"section-TOTAL_FORMS": "-1"},
    {"section-TOTAL_FORMS": "9999999"},
    {"ends_on": "9999-12-31"},
])  # fmt: skip
def test_a_text_that_would_not_do_is_told_beside_its_field(first, sides, now, wrong):
    agreement = make_draft(sides, now)

    answer = first.post(page("agreement_edit", agreement), typed(agreement, **wrong))

    assert answer.status_code == 422
    assert AgreementVersion.objects.count() == 1


def test_ids_are_not_peoples_to_choose(first, sides, now):
    agreement = make_draft(sides, now)

    first.post(page("agreement_edit", agreement), typed(agreement, **{"section-0-id": "<script>"}))

    agreement.refresh_from_db()
    assert content_on_table(agreement).sections[0].id.isalnum()


def test_what_is_being_signed_is_not_edited(first, sides, now):
    agreement = agree_all(make_draft(sides, now), sides, now)

    assert first.get(page("agreement_edit", agreement)).status_code == 302


def test_a_version_shows_what_it_changed(second, sides, now):
    agreement = make_draft(sides, now)
    change(agreement, sides, 0, now, "围绕项目建设的难点立项攻关。")

    answer = second.get(page("agreement_version", agreement, 2))

    assert "<del>" in answer.content.decode()
    assert second.get(page("agreement_version", agreement, 1)).status_code == 200
    assert second.get(page("agreement_version", agreement, 3)).status_code == 404
    assert second.get(page("agreement_version", agreement, 2) + "?against=9").status_code == 404


def test_remarks_are_made_answered_and_settled(first, second, sides, now):
    agreement = make_draft(sides, now)
    address = page("agreement_comment", agreement)

    second.post(address, {"text": "学习每月两次？", "section": "section:plan"})
    remark = AgreementComment.objects.get()
    first.post(address, {"text": "一次够了。", "reply_to": remark.pk})
    first.post(page("agreement_comment_settle", agreement, remark.pk))

    shown = text_of(second.get(page("agreement_detail", agreement)).content.decode())
    assert "学习每月两次？" in shown
    assert "一次够了。" in shown
    assert "已办结" in shown


@pytest.mark.parametrize("data", [{"text": ""}, {"text": "x" * 601}, {"text": "好", "section": "section:none"},
                                  {"text": "好", "reply_to": "x"}])  # fmt: skip
def test_a_remark_that_would_not_do_is_told(first, sides, now, data):
    agreement = make_draft(sides, now)

    assert first.post(page("agreement_comment", agreement), data).status_code == 422
    assert first.post(page("agreement_comment", agreement), {"text": "好", "reply_to": 10**17}).status_code == 404


def test_both_agree_and_it_is_to_be_signed(first, second, sides, now):
    agreement = make_draft(sides, now)
    assert "第 1 稿等您同意" in text_of(first.get(page("agreement_detail", agreement)).content.decode())

    first.post(page("agreement_consent", agreement), {"number": 1})
    first.post(page("agreement_consent_withdraw", agreement))
    first.post(page("agreement_consent", agreement), {"number": 1})
    second.post(page("agreement_consent", agreement), {"number": 1})

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SIGNING


def test_agreeing_to_a_version_that_is_gone_is_refused(first, sides, now):
    agreement = make_draft(sides, now)
    change(agreement, sides, 1, now, "对方先改了。")

    assert first.post(page("agreement_consent", agreement), {"number": 1}).status_code == 409
    assert first.post(page("agreement_consent", agreement), {"number": "x"}).status_code == 409


def test_a_draft_may_be_given_up(second, sides, now):
    agreement = make_draft(sides, now)

    second.post(page("agreement_call_off", agreement))

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.CALLED_OFF
    assert second.get(page("agreement_detail", agreement)).status_code == 200


def _status(browser, agreement):
    return [
        browser.get(page("agreement_detail", agreement)).status_code,
        browser.get(page("agreement_print", agreement, "pdf")).status_code,
        browser.get(page("agreement_version", agreement, 1)).status_code,
        browser.get(page("agreement_edit", agreement)).status_code,
    ]


def test_who_reads_the_negotiation(sides, now, as_person):
    agreement = make_draft(sides, now)
    deputy = make_person("副书记")
    make_post(deputy, PostRole.DEPUTY_SECRETARY, body=sides.bodies[1])

    assert _status(as_person(deputy), agreement) == [200, 200, 200, 200]
    assert _status(as_person(sides.clerk), agreement) == [200, 200, 200, 403]
    assert _status(as_person(sides.auditor), agreement) == [200, 200, 200, 403]
    assert _status(as_person(sides.members[0]), agreement) == [404] * 4
    assert _status(as_person(make_person("外人", home=make_body())), agreement) == [404] * 4


def test_members_read_what_is_in_force_but_not_how_it_came_about(sides, now, as_person):
    agreement = make_signed(sides, now)
    comment_free = as_person(sides.members[1])

    assert _status(comment_free, agreement) == [200, 200, 404, 403]
    shown = text_of(comment_free.get(page("agreement_detail", agreement)).content.decode())
    assert "历次文本" not in shown
    assert "提意见" not in shown


def test_remarks_stay_among_the_sides(sides, now, as_person):
    agreement = make_draft(sides, now)
    comment(agreement=agreement, party=party_of(agreement, 0), text="私下一句", actor=sides.secretaries[0], at=now)
    agree_all(agreement, sides, now)
    sign_all(agreement, sides, now)

    shown = as_person(sides.members[0]).get(page("agreement_detail", agreement)).content.decode()
    assert "私下一句" not in shown


def test_administrators_get_nothing(administrator, sides, now):
    agreement = make_signed(sides, now)

    for address in (reverse("web:agreements"), page("agreement_detail", agreement), reverse("web:agreement_check")):
        assert administrator.get(address).status_code == 403


def test_pc_08_the_safety_officer_is_named_on_the_form(first, sides, now):
    officer = make_person("安全员", unit=sides.units[1])
    make_post(officer, PostRole.HSE_OFFICER, unit=sides.units[1])
    agreement = make_draft(sides, now, kind=AgreementKind.SAFETY)

    answer = first.post(page("agreement_edit", agreement), typed(agreement, safety_officer=officer.pk))

    assert answer.status_code == 302
    agreement.refresh_from_db()
    assert agreement.safety_officer == officer


def test_paper_says_whether_it_is_a_draft(first, sides, now):
    agreement = make_draft(sides, now)

    answer = first.get(page("agreement_print", agreement, "docx"))

    assert answer.status_code == 200
    assert "%EF%BC%88%E5%BE%81%E6%B1%82%E6%84%8F%E8%A7%81%E7%A8%BF%EF%BC%89" in answer["Content-Disposition"]
    assert first.get(page("agreement_print", agreement, "exe")).status_code == 404


def test_pages_cost_the_same_for_one_and_for_many(first, sides, now, statements):
    make_draft(sides, now)
    one = statements(first, reverse("web:agreements"))
    for _number in range(6):
        make_draft(sides, now)

    assert statements(first, reverse("web:agreements")) == one <= 8


def test_one_agreement_costs_the_same_with_few_and_many_remarks(first, sides, now, statements):
    agreement = make_draft(sides, now)
    said = {"agreement": agreement, "party": party_of(agreement, 0), "actor": sides.secretaries[0], "at": now}
    comment(text="一", **said)
    one = statements(first, page("agreement_detail", agreement))
    for _number in range(5):
        comment(text="又", **said)
        change(agreement, sides, 0, now + timedelta(minutes=_number), f"改了{_number}次。")

    assert statements(first, page("agreement_detail", agreement)) == one
