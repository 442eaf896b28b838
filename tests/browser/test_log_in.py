"""Coming in: the lock after wrong passwords, and the first password that must be changed (SE-01)."""

from __future__ import annotations

from ronghe.domain.org.services.people import open_account
from tests.factories.org import PASSWORD, make_account


def test_five_wrong_passwords_lock_the_account_and_half_an_hour_opens_it(story, people, clock):
    account = make_account(story.lead, "liuliping")
    page = people.window()
    page.goto("/login/")
    for _time in range(5):
        page.fill("[name=login]", account.login)
        page.fill("[name=password]", "Falsch-2026")
        page.press("[name=password]", "Enter")
        page.locator("[role=alert], .form-errors, .field-error").first.wait_for()

    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.get_by_text("锁定").first.wait_for()

    clock.go_on(minutes=31)
    page.fill("[name=login]", account.login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    assert page.locator("h1").inner_text() == "9月14日 周一"


def test_a_first_password_is_changed_before_anything_else(story, people, clock):
    open_account(person=story.lead, login="liuliping", password=PASSWORD, actor=None, at=clock.at)
    story.lead.refresh_from_db()
    page = people.comes_in(story.lead)
    assert page.url.endswith("/password/")
    page.goto("/work/tasks/")
    assert page.url.endswith("/password/")

    page.fill("[name=old]", PASSWORD)
    page.fill("[name=new]", "short")
    page.fill("[name=again]", "short")
    page.press("[name=again]", "Enter")
    page.locator("[aria-invalid=true]").first.wait_for()
    page.fill("[name=old]", PASSWORD)
    page.fill("[name=new]", "Bohrturm-2026")
    page.fill("[name=again]", "Bohrturm-2026")
    page.press("[name=again]", "Enter")
    page.wait_for_url(lambda address: "/password" not in address)
    assert page.locator("h1").inner_text() == "9月14日 周一"
