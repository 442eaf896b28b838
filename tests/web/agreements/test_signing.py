from __future__ import annotations

import pytest
from django.urls import reverse

from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import AgreementSignature, SigningAuthorization
from tests.factories.agreements_story import agree_all, make_draft, make_signed
from tests.factories.org import make_body, make_person
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


def page(name: str, agreement, *further) -> str:
    return reverse(f"web:{name}", args=[agreement.pk, *further])


@pytest.fixture
def agreed(sides, now):
    return agree_all(make_draft(sides, now), sides, now)


def digest(agreement):
    return agreement.versions.get(number=agreement.current).digest


def test_both_secretaries_sign_and_it_is_in_force(agreed, first, second, sides):
    sheet = first.get(page("agreement_sign", agreed))
    assert digest(agreed) in sheet.content.decode()
    assert "以党支部书记身份签" in text_of(sheet.content.decode())

    first.post(page("agreement_sign", agreed), {"digest": digest(agreed)})
    answer = second.post(page("agreement_sign", agreed), {"digest": digest(agreed)}, follow=True)

    assert "已签字，意向书生效" in text_of(answer.content.decode())
    agreed.refresh_from_db()
    assert agreed.state == AgreementState.IN_FORCE


@pytest.mark.parametrize("wrong", ["", "0" * 64, "\x00"])
def test_another_text_than_the_one_on_the_table_is_not_signed(agreed, first, wrong):
    assert first.post(page("agreement_sign", agreed), {"digest": wrong}).status_code == 409
    assert not AgreementSignature.objects.exists()


def test_nobody_signs_without_the_right(agreed, sides, as_person):
    for person in (sides.clerk, sides.auditor):
        assert as_person(person).post(page("agreement_sign", agreed), {"digest": digest(agreed)}).status_code == 403
        assert as_person(person).post(page("agreement_refuse", agreed), {"reason": "不"}).status_code == 403
    assert as_person(sides.members[0]).post(page("agreement_sign", agreed), {}).status_code == 404


def test_a_member_named_in_writing_sees_the_sheet_and_signs(agreed, first, sides, as_person):
    first.post(page("agreement_authorize", agreed), {"person": sides.members[0].pk, "document": "授权书3号"})
    member = as_person(sides.members[0])

    assert "以授权签字人身份签" in text_of(member.get(page("agreement_sign", agreed)).content.decode())
    assert member.post(page("agreement_sign", agreed), {"digest": digest(agreed)}).status_code == 302


def test_a_naming_may_be_taken_back(agreed, first, second, sides, as_person):
    first.post(page("agreement_authorize", agreed), {"person": sides.members[0].pk, "document": "授权书3号"})
    address = page("agreement_authorization_withdraw", agreed, SigningAuthorization.objects.get().pk)

    assert second.post(address).status_code == 403
    assert first.post(address).status_code == 302
    assert as_person(sides.members[0]).get(page("agreement_detail", agreed)).status_code == 404


@pytest.mark.parametrize("data", [{"document": "授权书"}, {"person": "x", "document": "授权书"}, {"document": ""}])
def test_a_naming_that_would_not_do_is_told(agreed, first, data):
    assert first.post(page("agreement_authorize", agreed), data).status_code == 422


def test_refusing_with_a_reason_leads_back_to_the_text(agreed, second, first):
    assert second.post(page("agreement_refuse", agreed), {"reason": ""}).status_code == 422

    second.post(page("agreement_refuse", agreed), {"reason": "目标偏高"})

    shown = text_of(first.get(page("agreement_detail", agreed)).content.decode())
    assert "目标偏高" in shown
    assert "改出新稿" in shown


def test_the_digest_is_checked_on_a_page_of_its_own(sides, now, first, as_person):
    agreement = make_signed(sides, now)

    shown = text_of(first.get(page("agreement_verify", agreement)).content.decode())
    assert "文本与签字一致" in shown


def test_whoever_holds_the_paper_learns_whether_it_is_the_signed_text(sides, now, as_person):
    agreement = make_signed(sides, now)
    stranger = as_person(make_person("外单位", home=make_body()))
    spaced = " ".join(digest(agreement)[n : n + 4] for n in range(0, 64, 4)).upper()

    found = stranger.get(reverse("web:agreement_check"), {"digest": spaced})

    assert "文本与签字一致" in text_of(found.content.decode())
    assert page("agreement_detail", agreement) not in found.content.decode()
    nothing = text_of(stranger.get(reverse("web:agreement_check"), {"digest": "ab" * 32}).content.decode())
    assert "没有签署过的意向书" in nothing


def test_a_draft_is_not_confirmed(sides, now, first):
    agreement = make_draft(sides, now)

    shown = first.get(reverse("web:agreement_check"), {"digest": digest(agreement)})

    assert "没有签署过的意向书" in text_of(shown.content.decode())


def test_the_list_says_what_waits(agreed, first, sides, now, as_person):
    make_draft(sides, now, ends_on=now.date())

    shown = text_of(first.get(reverse("web:agreements")).content.decode())

    assert "各方已同意，待您签字" in shown
    assert "文本等您同意" in shown
    assert "等您办" not in text_of(as_person(sides.clerk).get(reverse("web:agreements")).content.decode())
