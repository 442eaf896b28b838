"""A secretary writes the branch's own playbook at a desk: it is checked and saved along, and two who write lose nothing."""

from __future__ import annotations

import re

from ronghe.domain.playbooks.models import PlaybookDraft, PlaybookVersion
from ronghe.domain.playbooks.services.drafting import begin_draft
from tests.browser.conftest import DESK
from tests.domain.playbooks.making import FRAME, THEME_DAY
from tests.factories.rollouts import make_story

TEXT = FRAME.format(id="own_book", version=1) + THEME_DAY


def type_at_end(page, words):
    page.locator("#text").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def test_a_playbook_is_written_from_a_slip_to_a_version(emptying_here, transactional_db, clock, people):
    field = make_story()
    secretary = field.secretaries[0]
    draft = begin_draft(body=field.first, text=TEXT, actor=secretary, at=clock())
    page = people.comes_in(secretary, size=DESK)
    page.goto(f"/playbooks/drafts/{draft.pk}/")
    page.get_by_text("没有错误").wait_for()
    assert page.locator("[data-gutter]").inner_text().split("\n")[-1] == str(TEXT.count("\n") + 1)

    # A slip shows where it is while one types, and a click goes there.
    page.locator("#text").fill(TEXT.replace("answers: secretary", "answers: nobody"))
    page.get_by_text("角色“nobody”没有在 roles 里登记。").click()
    assert page.evaluate("getSelection().toString() || document.activeElement.value.slice("
                         "document.activeElement.selectionStart, document.activeElement.selectionEnd)") == "answers: nobody"  # fmt: skip
    page.get_by_text(re.compile(r"^\d\d:\d\d 已自动存$")).wait_for()
    page.locator("#text").fill(TEXT)
    page.get_by_text("没有错误").wait_for()

    # A piece from the menu goes in at the cursor and is understood.
    page.locator("#text").focus()
    page.keyboard.press("Control+End")
    page.locator(".ed-bar summary").click()
    page.get_by_role("button", name="一项制度").click()
    page.get_by_text("新制度").first.wait_for()

    # Somebody else saves meanwhile: what was typed is kept beside, and one's own is taken.
    other = people.comes_in(field.clerk, size=DESK)
    other.goto(page.url)
    type_at_end(other, "# 干事写的\n")
    other.get_by_text(re.compile("已自动存")).wait_for()
    type_at_end(page, "# 书记写的\n")
    page.get_by_text("同时有人改过").wait_for()
    page.get_by_role("button", name="用我的").click()
    page.get_by_text("已回到第").wait_for()
    texts = set(PlaybookDraft.objects.get().revisions.values_list("text", flat=True))
    assert any("干事写的" in text for text in texts)
    assert PlaybookDraft.objects.get().text.endswith("# 书记写的\n")

    page.get_by_role("button", name="定为版本").first.click()
    page.get_by_label("这一版新在哪里").fill("第一版")
    page.locator("dialog").get_by_role("button", name="定为版本").click()
    page.get_by_text("已定为 own_book@1").wait_for()
    assert PlaybookVersion.objects.get().note == "第一版"
