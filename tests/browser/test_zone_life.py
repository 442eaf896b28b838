"""A zone's life at a desk: proposed with the platform's advice, joined by its sides, approved, started, evaluated, dissolved."""

from __future__ import annotations

from ronghe.domain.zones.enums import ZoneState
from ronghe.domain.zones.models import CollaborationZone
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_unit
from tests.factories.projects import make_project

NAME = "喇十七党建协作区"


def test_a_zone_from_the_proposal_to_the_archive(story, people, clock, live_server):
    plant = story.committee.unit
    builder = make_unit("油建二公司第六工程部", parent=plant)
    project = make_project(body=story.committee, unit=plant, actor=story.clerk, at=clock.at, name="喇十七污水站")
    make_agreement_in_force(project=project, branches=[story.branch, story.committee], at=clock.at)
    clerk = people.comes_in(story.clerk)

    # Ticking the project brings the advice.
    clerk.goto("/zones/")
    clerk.get_by_role("link", name="拟建协作区").click()
    clerk.get_by_label("喇十七污水站").check()
    clerk.get_by_text("建议：项目共建").wait_for()
    clerk.get_by_label("名称").fill(NAME)
    clerk.get_by_label("项目共建").check()
    clerk.get_by_role("button", name="提出").click()
    clerk.wait_for_url("**/zones/*/")
    address = clerk.url

    # Two sides come, one of them the host site.
    for unit, role in ((plant, "host_site"), (builder, "constructor")):
        clerk.goto(f"{address}people/")
        clerk.locator("#party-form select[name=unit]").select_option(str(unit.pk))
        clerk.locator("#party-form select[name=role]").select_option(role)
        clerk.locator("#party-form").get_by_role("button", name="加入").click()
        clerk.wait_for_load_state("networkidle")

    # Agreed, approved, started: two bodies, and a word about what PC-08 still asks.
    clerk.goto(address)
    clerk.get_by_role("button", name="各方已同意").click()
    clerk.locator("#approve-form input[name=approval_ref]").fill("庆油党〔2026〕7号")
    clerk.get_by_role("button", name="批准").click()
    clerk.get_by_text("安全管理协议或专职安全员不全（PC-08）").first.wait_for()
    clerk.locator("#start-form select[name=office_below]").select_option(str(plant.pk))
    clerk.get_by_role("button", name="启动").click()
    clerk.get_by_text("两部").first.wait_for()
    zone = CollaborationZone.objects.get(name=NAME)
    assert zone.state == ZoneState.RUNNING

    # Nobody starts the sheet from empty.
    clerk.goto(f"{address}sheet/")
    clerk.get_by_role("button", name="按范本写入").click()
    clerk.get_by_text("施工监督关").wait_for()

    # A year later the project is done.
    clerk.goto(f"{address}evaluation/")
    for label, text in (("成效", "工期提前三个月"), ("问题", "图纸来得晚"), ("经验", "现场审图、现场签批")):
        clerk.get_by_label(label).fill(text)
    clerk.get_by_role("button", name="写下评估").click()
    clerk.get_by_role("link", name="解散协作区").click()
    clerk.get_by_text("解散不能撤销").wait_for()
    clerk.get_by_label("为什么解散").fill("项目投产")
    clerk.get_by_role("button", name="解散协作区").click()
    clerk.wait_for_url("**/archive/")

    zone.refresh_from_db()
    assert zone.state == ZoneState.DISSOLVED
    assert clerk.get_by_text("项目投产").is_visible()
