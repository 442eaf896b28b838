"""Two secretaries agree: drafted, remarked on, changed, agreed to, signed by both, printed."""

from __future__ import annotations

import pytest

from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.selectors import agreement_in_force
from tests.browser.conftest import DESK
from tests.factories.agreements_story import make_sides


@pytest.fixture
def sides(emptying_here, transactional_db, clock, morning):
    return make_sides(morning)


def test_two_secretaries_come_to_an_agreement(sides, people, morning):
    first = people.comes_in(sides.secretaries[0], size=DESK)
    second = people.comes_in(sides.secretaries[1])

    # Drafted from the project's page: the text is there at once.
    first.goto(f"/projects/{sides.project.pk}/")
    first.get_by_role("link", name="起草意向书").click()
    first.locator("[name=partner_1]").select_option(str(sides.bodies[1].pk))
    first.get_by_role("button", name="填好文本").click()
    first.get_by_text("文本已按范本填好").wait_for()
    agreement = Agreement.objects.get()

    # The other side finds it under 今日, remarks on the plan, on a phone.
    second.goto("/")
    second.get_by_text("意向书文本等您同意").click()
    plan = second.locator(".pact-part").filter(has_text="实施方案")
    plan.get_by_text("对这一节提意见").click()
    plan.locator("textarea[name=text]").fill("联合学习改为每月两次。")
    plan.get_by_role("button", name="提出").click()
    second.get_by_text("已提出，对方看得到。").wait_for()
    assert second.evaluate("document.documentElement.scrollWidth") <= 390

    # The first side changes the text and agrees to it; the remark is answered by the change.
    first.reload()
    first.get_by_text("联合学习改为每月两次。").wait_for()
    first.get_by_role("button", name="办结").click()
    first.get_by_role("link", name="改文本").click()
    first.locator("[name=section-1-text]").fill("每月集中联合学习两次。")
    first.locator("[name=note]").fill("学习加到两次")
    first.locator("[name=consents]").check()
    first.get_by_role("button", name="存为新稿").click()
    first.get_by_text("已存为第 2 稿").wait_for()

    # The second side looks at what changed and agrees.
    second.goto(f"/agreements/{agreement.pk}/versions/2/")
    second.get_by_text("比第 1 稿改了什么").wait_for()
    second.goto(f"/agreements/{agreement.pk}/")
    second.get_by_role("button", name="同意此稿").click()
    second.get_by_role("link", name="去签字").click()
    second.get_by_role("button", name="签字", exact=True).click()
    second.get_by_text("已签字。").wait_for()

    first.goto(f"/agreements/{agreement.pk}/sign/")
    first.get_by_role("button", name="签字", exact=True).click()
    first.get_by_text("已签字，意向书生效。").wait_for()

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.IN_FORCE
    assert agreement_in_force(sides.project, morning.date()) == agreement
    with first.expect_download() as download:
        first.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == f"{agreement.title}.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")
