"""Everything by keys alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.factories.rhythm import make_huddle, make_task

FOCUS_IS_SEEN = """() => { const s = getComputedStyle(document.activeElement);
  return document.activeElement !== document.body && (s.outlineStyle !== 'none' && s.outlineWidth !== '0px' || s.boxShadow !== 'none'); }"""


def test_lists_are_walked_and_opened_by_keys(story, people, clock):
    for number in range(3):
        make_task(story, clock.go_on(minutes=1), title=f"任务{number}")
    page = people.comes_in(story.lead, size=DESK)

    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/work/tasks/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    for key in "jjk":
        page.keyboard.press(key)
        assert page.evaluate(FOCUS_IS_SEEN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/tasks/*/")
    assert page.locator("h1").inner_text().startswith("任务0")
    page.keyboard.press("Escape")
    page.wait_for_url("**/work/tasks/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url(people.address + "/")


def test_search_answers_without_leaving_the_page(story, people, clock):
    make_task(story, clock.at, title="清理3号沟")
    make_task(story, clock.at, title="边坡复测")
    page = people.comes_in(story.lead, size=DESK)
    page.goto("/work/tasks/")

    page.locator(".filter-search input").focus()
    page.keyboard.type("边坡")
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/tasks/?*q=*")

    expect(page.locator("[data-row]")).to_have_count(1)
    assert page.locator("[data-row]").inner_text().startswith("边坡复测")


def test_a_slash_searches_everything(story, people, clock):
    make_task(story, clock.at, title="边坡复测")
    page = people.comes_in(story.lead, size=DESK)

    page.keyboard.press("/")
    page.keyboard.type("边坡")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")

    expect(page.locator(".hits a")).to_have_count(1)
    assert page.locator(".hits a").inner_text().startswith("边坡复测")


def test_dialog_gives_the_focus_back(story, people, clock):
    huddle = make_huddle(story, clock.at)
    page = people.comes_in(story.lead, size=DESK)
    page.goto(f"/rhythm/activities/{huddle.pk}/")
    opener = page.locator('[data-dialog="close"]')

    opener.focus()
    page.keyboard.press("Enter")
    assert page.locator("#close").evaluate("box => box.open")
    page.keyboard.press("Escape")

    assert not page.locator("#close").evaluate("box => box.open")
    assert opener.evaluate("button => button === document.activeElement")


def test_tab_begins_with_the_way_to_the_text(story, people):
    page = people.comes_in(story.lead, size=DESK)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate(FOCUS_IS_SEEN)


def test_person_is_found_by_pinyin_initials(story, people):
    from ronghe.domain.org.models import Person

    Person.objects.filter(pk=story.members[1].pk).update(name="罗一鸣", initials="lym")
    page = people.comes_in(story.lead)
    page.goto("/work/tasks/new/")

    page.locator("[data-person-picker] input[type=search]").press_sequentially("lym")

    expect(page.locator("[name=assignee]")).to_have_value(str(story.members[1].pk))
