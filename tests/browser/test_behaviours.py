"""What the scripts do, in a real browser on the gallery: dialogs, toasts, themes, keys, menus, the policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Page


class Silent(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing: requests are not what is tested."""


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The address of a running gallery that needs no database."""
    with override_settings(DEBUG=True, ALLOWED_HOSTS=["127.0.0.1"]):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Silent)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/gallery/"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(browser, gallery) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert page.complaints == []


@pytest.mark.parametrize("width", [390, 719, 720, 960, 1440])
def test_gallery_needs_no_side_scroll_and_breaks_no_policy(page, gallery, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(gallery)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_touch_targets_on_a_phone_are_at_least_44_pixels(page, gallery):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(gallery)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.btn, .icon-button, .tab-bar a, .chip, .segments a, .choose, .toast-undo')]
            .filter((e) => e.offsetParent !== null)
            .map((e) => [e.className, Math.round(e.getBoundingClientRect().height)])
            .filter(([, height]) => height < 44)"""
    )
    assert small == []


def test_dialog_opens_closes_with_escape_and_gives_the_focus_back(page, gallery):
    page.goto(gallery + "?only=dialogs")
    opener = page.locator('[data-dialog="seal-light"]')
    opener.click()
    assert page.locator("#seal-light").evaluate("box => box.open")
    page.keyboard.press("Escape")
    assert not page.locator("#seal-light").evaluate("box => box.open")
    assert opener.evaluate("button => button === document.activeElement")
    opener.click()
    page.locator("#seal-light [data-dialog-close]").last.click()
    assert not page.locator("#seal-light").evaluate("box => box.open")


def test_theme_is_kept_on_this_device(page, gallery):
    page.goto(gallery + "?only=buttons")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.locator(".user-menu > summary").first.click()
    page.locator('.user-menu [data-theme-value="dark"]').first.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator('[data-theme-value="dark"]').first.get_attribute("aria-pressed") == "true"


def test_theme_of_the_system_is_followed_by_choice_only(page, gallery):
    page.emulate_media(color_scheme="dark")
    page.goto(gallery + "?only=buttons")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.evaluate("localStorage.setItem('ronghe-theme', 'auto')")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_rows_are_walked_and_chosen_by_keys(page, gallery):
    page.goto(gallery + "?only=tables")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator(".row-here .medium").inner_text() == "阀室远控逻辑验证"
    assert page.locator("tr.row-chosen").count() == 1
    assert page.locator("[data-bulk-count]").first.inner_text() == "1"
    assert page.locator("[data-bulk]").first.is_visible()
    page.keyboard.press("k")
    assert page.locator(".row-here .medium").inner_text() == "12 座站场仪表点表核对"


def test_slash_goes_to_search_and_typing_is_left_alone(page, gallery):
    page.goto(gallery + "?only=tables")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("jx?")
    assert page.evaluate("document.activeElement.value") == "jx?"


def test_question_mark_shows_the_keys(page, gallery):
    page.goto(gallery + "?only=buttons")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_menu_closes_by_escape_and_by_a_press_outside(page, gallery):
    page.goto(gallery + "?only=dialogs")
    menu = page.locator("main details[data-menu]").first
    menu.locator("summary").click()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "转交"
    page.keyboard.press("Escape")
    assert not menu.evaluate("m => m.open")
    menu.locator("summary").click()
    page.mouse.click(700, 700)
    assert not menu.evaluate("m => m.open")


def test_toast_is_closed_and_script_words_are_shown_as_text(page, gallery):
    page.goto(gallery + "?only=buttons")
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('ronghe:say', {detail: {text: '<b>没有送达</b>', refused: true}}))"
    )
    toast = page.locator("#toasts [role=alert]")
    assert toast.locator(".grow").inner_text() == "<b>没有送达</b>"
    toast.locator("[data-toast-close]").click()
    toast.wait_for(state="detached")


def test_tree_is_walked_with_arrow_keys(page, gallery):
    page.goto(gallery + "?only=trees")
    item = page.locator('[data-tree] [tabindex="0"]').first
    item.focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.querySelector('.tree-name').textContent") == "生产一总支"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.querySelector('.tree-name').textContent") == "清洁电力开发项目部党委"


def test_explain_tree_opens_whole_for_reading_and_for_paper(page, gallery):
    page.goto(gallery + "?only=explain")
    tree = page.locator("[data-explain]").first
    closed = "t => t.querySelectorAll('details.explain-node:not([open])').length"
    assert tree.evaluate(closed) == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tree.evaluate(closed) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tree.evaluate(closed) == 1
    tree.locator("[data-explain-all]").click()
    assert tree.evaluate(closed) == 0


def test_button_pressed_twice_sends_once_and_keeps_its_words(page, gallery):
    page.goto(gallery + "?only=forms")
    page.evaluate(
        """() => {
            window.sent = 0;
            const form = document.querySelector('.form');
            form.noValidate = true;
            form.target = 'nowhere';
            addEventListener('submit', (event) => { window.sent += 1; });
        }"""
    )
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<iframe name=nowhere hidden></iframe>')")
    button = page.locator(".form .btn-primary").first
    button.click()
    page.wait_for_function("document.querySelector('.form .btn-primary').getAttribute('aria-busy') === 'true'")
    button.click()
    assert page.evaluate("window.sent") == 1
    assert button.inner_text() == "存下"
    page.complaints.clear()  # the answer to the made-up form is refused without its token
