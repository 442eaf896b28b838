"""A morning at the zone, from opening the huddle to the accepted task, on phones."""

from __future__ import annotations

from datetime import date

from docx import Document

from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.work.models import Task
from tests.domain.playbooks.making import shipped
from tests.factories.org import make_person
from tests.factories.rhythm import photo, take_part

READ_CODE = """async (decoder) => {
  await new Promise((done) => { const s = document.createElement('script'); s.src = decoder; s.onload = done; document.head.append(s); });
  const drawn = document.querySelector('.qr svg, svg.qr');
  const copy = drawn.cloneNode(true);
  copy.setAttribute('width', 600); copy.setAttribute('height', 600);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const picture = new Image();
  picture.src = 'data:image/svg+xml,' + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  await picture.decode();
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 680;
  const pen = canvas.getContext('2d'); pen.fillStyle = 'white'; pen.fillRect(0, 0, 680, 680); pen.drawImage(picture, 40, 40, 600, 600);
  return window.jsQR(pen.getImageData(0, 0, 680, 680).data, 680, 680)?.data;
}"""


def test_a_morning_from_the_first_sign_in_to_the_accepted_task(story, people, clock, camera, live_server, tmp_path):
    adopt_playbook(body=story.body, playbook=shipped("daqing_zone"), since=date(2026, 9, 14), actor=None, at=clock.at)
    by_phone, by_card, by_camera, by_tick = *story.members, take_part(make_person("史海宁"), story.body)

    # The lead opens today's huddle.
    lead = people.comes_in(story.lead)
    lead.get_by_role("button", name="开始签到").click()
    lead.wait_for_url("**/rhythm/activities/*/")
    huddle = Activity.objects.get()

    # Own phone: the member reads the code on the lead's screen and presses the one button.
    lead.get_by_role("link", name="显示签到码").click()
    lead.wait_for_selector(".qr")
    address = lead.evaluate(READ_CODE, "/static/ui/vendor/jsqr-1.4.0.js")
    assert address.startswith(live_server.url + "/s/")
    phone = people.comes_in(by_phone)
    assert phone.get_by_text("请签到").is_visible()
    phone.goto(address)
    phone.get_by_role("button", name=f"我是{by_phone.name}，签到").click()
    phone.get_by_text("已签到").first.wait_for()

    # A card typed into the scanner's form, and one that the camera sees.
    lead.goto(f"/rhythm/activities/{huddle.pk}/card/")
    lead.locator("[data-scanner-code]").fill(member_card(by_card))
    lead.get_by_role("button", name="确认").click()
    lead.get_by_text(f"{by_card.name}已签到。").wait_for()
    with camera(member_card(by_camera)) as seeing:
        second = people.comes_in(story.lead, browser=seeing)
        second.goto(f"/rhythm/activities/{huddle.pk}/card/")
        second.get_by_text(f"{by_camera.name}已签到。").wait_for()

    # One is ticked by the lead: both names are kept, and it is no signature (PM-15).
    lead.goto(f"/rhythm/activities/{huddle.pk}/")
    row = lead.locator(".sign").filter(has_text=by_tick.name)
    row.get_by_role("button", name="到了").click()
    row.get_by_text(f"{story.lead.name}代记到场，不算签字").wait_for()
    ways = dict(Attendance.objects.order_by("pk").values_list("person__name", "way"))
    assert ways == {
        by_phone.name: "own_phone", by_card.name: "card", by_camera.name: "card", by_tick.name: "ticked",
    }  # fmt: skip

    # Two topics become tasks.
    for topic, person in (("清理3号沟", by_phone), ("盲板清单核对", by_card)):
        lead.locator("#topic-form [name=topic]").fill(topic)
        if not lead.locator("#topic-form [name=assignee]").is_visible():
            lead.get_by_text("讨论、决定、转为任务").click()
        lead.locator("#topic-form [name=assignee]").select_option(str(person.pk))
        lead.get_by_role("button", name="记一项").click()
        lead.locator("#agenda").get_by_text(topic).wait_for()
    assert dict(Task.objects.order_by("pk").values_list("title", "assignee")) == {
        "清理3号沟": by_phone.pk, "盲板清单核对": by_card.pk,
    }  # fmt: skip

    # Closed once, counted everywhere.
    clock.go_on(minutes=18)
    lead.get_by_role("button", name="结束早碰头").click()
    lead.locator("#close").get_by_role("button", name="结束", exact=True).click()
    lead.get_by_text("早碰头已结束，4 人到场。").wait_for()
    assert "早碰头" in lead.locator(".banner").filter(has_text="同时计入").inner_text()

    # The record as PDF and Word.
    for name, begins in (("PDF", b"%PDF"), ("Word", b"PK")):
        with lead.expect_download() as got:
            lead.get_by_role("link", name=name).click()
        kept = tmp_path / got.value.suggested_filename
        got.value.save_as(kept)
        assert kept.read_bytes().startswith(begins)
    words = "\n".join(cell.text for table in Document(kept).tables for row in table.rows for cell in row.cells)
    assert f"{story.lead.name}代记" in words

    # In the evening the task is handed in with a photo and accepted.
    clock.go_on(hours=9)
    phone.goto("/")
    phone.get_by_text("自动退出").wait_for()  # SE-01: nobody sat before it since the morning
    phone = people.comes_in(by_phone)
    phone.get_by_text("清理3号沟").click()
    phone.locator("[name=note]").fill("已清理，见照片。")
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo().content.read())
    phone.locator("[name=photo]").set_input_files(picture)
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("已提交，等待验收。").wait_for()
    lead = people.comes_in(story.lead)
    lead.get_by_text("等您验收").wait_for()
    lead.get_by_role("link", name="清理3号沟").click()
    lead.get_by_role("button", name="验收").click()
    lead.get_by_text("已验收。").wait_for()
    assert Task.objects.get(title="清理3号沟").evidence.count() == 1
