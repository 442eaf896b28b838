"""项目管控 on the page: what can be done now, one process, the structure, reviews, readiness, losses, approvals, standards."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ronghe.domain.control.calc.plan import PlanRow
from ronghe.domain.control.enums import Opinion
from ronghe.domain.control.models import (
    DesignReview,
    IdleClaim,
    OutsideApproval,
    ProcessTemplate,
    WorkPart,
    WorkProcess,
)
from ronghe.domain.control.services.registering import NOTHING_TOLD, submit_approval
from ronghe.domain.control.services.reviewing import CommentText, give_opinion
from ronghe.domain.control.services.structure import build_structure
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.kernel.access.models import Look
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.control import (
    LOT,
    accept,
    check,
    make_approval,
    make_loss,
    make_point,
    make_review,
    make_site,
)
from tests.factories.org import make_body, make_person
from tests.factories.rhythm import photo
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
HOME = "/work/control/"


@pytest.fixture
def site(now):
    return make_site()


@pytest.fixture
def base(site):
    return f"{HOME}{site.project.pk}/"


def words(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return text_of(answer.content.decode())


def fresh(process):
    return WorkProcess.objects.get(pk=process.pk)


def test_a_process_goes_from_the_phone_list_to_excellent(site, base, as_person):
    first, second = site.processes[:2]
    a, b, c = map(as_person, site.builders)
    supervisor, owner = as_person(site.supervisor), as_person(site.owner)
    listed = words(a, f"{base}processes/")
    assert "现在可以检查的" in listed
    assert "自检合格" in listed
    answer = a.post(f"{HOME}processes/{first.pk}/self/", {"note": "坡度合格", "from": "list"})
    assert answer["Location"] == f"{base}processes/"
    assert "组对焊接" not in words(a, f"{base}processes/").split("状态")[0], "the next one is not offered"
    assert "前面的工序还没有验收" in words(a, f"{HOME}processes/{second.pk}/")
    a.post(f"{HOME}processes/{second.pk}/start/")
    assert fresh(second).state == "waiting"
    assert "不能进入这道工序" in words(a, f"{HOME}processes/{second.pk}/")
    b.post(f"{HOME}processes/{first.pk}/mutual/")
    c.post(f"{HOME}processes/{first.pk}/special/", {"measured": "20", "passed": "19"})
    assert "等您验收" in words(supervisor, f"{base}processes/")
    supervisor.post(f"{HOME}processes/{first.pk}/accept/", {"from": "list"})
    assert fresh(first).accepted_by == site.supervisor
    page = words(owner, f"{HOME}processes/{first.pk}/")
    assert "评为优质" in page
    assert "实测 20 点，合格 19 点" in page
    owner.post(f"{HOME}processes/{first.pk}/rate/")
    assert fresh(first).is_excellent
    assert 'id="rating"' not in supervisor.get(f"{HOME}processes/{first.pk}/").content.decode()
    assert "1 / 4" in words(a, base)


def test_a_slip_is_taken_back_from_the_page(site, as_person):
    browser, path = as_person(site.builders[0]), f"{HOME}processes/{site.processes[0].pk}/"
    browser.post(f"{path}self/")
    assert "撤回我刚做的一步" in words(browser, path)
    browser.post(f"{path}undo/")
    assert fresh(site.processes[0]).state == "running"
    assert "本人撤回" in words(browser, path)


def test_pictures_stand_with_the_act_and_open_for_those_of_the_site(site, as_person):
    browser, path = as_person(site.builders[0]), f"{HOME}processes/{site.processes[0].pk}/"
    upload = photo()
    browser.post(f"{path}self/", {"photo": SimpleUploadedFile("沟底.jpg", upload.content.read())})
    picture = fresh(site.processes[0]).records.get(act="self").pictures.get()
    shown = browser.get(path).content.decode()
    assert picture.file.sha256 in shown
    address = reverse("web:stored_file", args=[picture.file.sha256])
    assert b"".join(browser.get(address).streaming_content)[:2] == b"\xff\xd8"
    assert as_person(make_person("倪春梅", home=make_body())).get(address).status_code == 404


def test_a_stranger_finds_nothing(site, base, as_person):
    stranger = as_person(make_person("倪春梅", home=make_body("采油七队党支部")))
    review, approval = make_review(site, site_time(site)), make_approval(site, site_time(site))
    assert "没有符合条件的项目" in words(stranger, HOME)
    for path in (base, f"{base}processes/", f"{base}reviews/", f"{base}readiness/", f"{base}losses/", f"{base}approvals/",
                 f"{base}structure/", f"{HOME}processes/{site.processes[0].pk}/", f"{HOME}reviews/{review.pk}/",
                 f"/work/items/{approval.item_id}/", f"{HOME}standards/{site.project.body_id}/"):  # fmt: skip
        assert stranger.get(path).status_code == 404, path


def site_time(site):
    from django.utils import timezone

    assert site.project.pk
    return timezone.now()


def test_the_home_shows_projects_side_by_side_and_exports_them(site, now, as_person):
    accept(site, site.processes[0], now)
    manager = as_person(site.manager)
    page = words(manager, f"{HOME}?zone={site.zone.zone.pk}")
    assert "1 / 4" in page
    assert "197" in page
    assert "1 个项目合计" in page
    assert manager.get(f"{HOME}export/").getvalue()[:2] == b"PK"
    fragment = manager.fragment(f"{HOME}?state=under_way").content.decode()
    assert "南I-1联合站改造工程" in fragment
    assert "<html" not in fragment


def test_the_structure_is_built_by_hand_template_copy_and_sheet(site, base, now, as_person, tmp_path):
    manager = as_person(site.manager)
    lot = WorkPart.objects.get(level="inspection_lot")
    assert as_person(site.builders[0]).get(f"{base}structure/").status_code == 403
    assert "单位工程 → 分部 → 分项 → 检验批" in words(manager, f"{base}structure/")
    manager.post(f"{base}structure/parts/", {"parent": "", "name": "变电所", "lot": "二标段"})
    manager.post(f"{base}structure/parts/", {"parent": str(lot.parent_id), "name": "2号管线"})
    assert WorkPart.objects.get(name="变电所").lot == "二标段"
    assert WorkPart.objects.get(name="2号管线").level == "inspection_lot"
    manager.post(
        f"{base}structure/processes/", {"part": str(lot.pk), "name": "防腐", "point": "hold", "notice_hours": "24"}
    )
    assert WorkProcess.objects.get(name="防腐").number == 5
    body = site.project.body_id
    clerk = as_person(site.zone.clerk)
    rows = {
        "name": "管道焊接",
        "rows": "3",
        "name_1": "组对",
        "point_1": "ordinary",
        "name_2": "焊接",
        "point_2": "hold",
    }
    more = clerk.post(f"{HOME}templates/new/{body}/", {**rows, "more": "1"})
    assert "第 6 道" in more.content.decode()
    assert clerk.post(f"{HOME}templates/new/{body}/", rows).status_code == 302
    template = ProcessTemplate.objects.get()
    assert "组对 → 焊接" in words(clerk, f"{HOME}templates/").replace("（停检点 H）", "")
    assert clerk.post(f"{HOME}templates/{template.pk}/", {**rows, "name_2": "组对"}).status_code == 422
    other = WorkPart.objects.get(name="2号管线")
    manager.post(f"{base}structure/template/", {"template": str(template.pk), "part": str(other.pk)})
    assert other.processes.count() == 2
    process = WorkProcess.objects.get(name="防腐")
    edit = f"{HOME}processes/{process.pk}/edit/"
    assert manager.post(edit, {"name": "", "point": "x", "notice_hours": "0"}).status_code == 422
    given = {"name": "防腐补口", "point": "witness", "notice_hours": "48", "before": [str(site.processes[0].pk)]}
    assert manager.post(edit, given).status_code == 302
    assert (fresh(process).point, fresh(process).notice_hours) == ("witness", 48)
    manager.post(f"{HOME}processes/{process.pk}/drop/")
    assert not WorkProcess.objects.filter(pk=process.pk).exists()


def workbook(*rows):
    out = io.BytesIO()
    head = ["单位工程", "分部工程", "分项工程", "检验批", "工序", "控制点"]
    write_workbook(out, [SheetOut(title="工序", head=head, rows=rows, widths=[10] * 6)])
    return SimpleUploadedFile("工序.xlsx", out.getvalue())


def test_a_sheet_is_previewed_with_its_cells_and_then_taken_over(site, base, as_person):
    manager = as_person(site.manager)
    assert manager.get(f"{base}structure/table/").getvalue()[:2] == b"PK"
    bad = manager.post(f"{base}structure/import/", {"table": workbook(["变电所", "电气", "盘柜", "1号", "就位", "X"])})
    assert "F2" in bad.content.decode()
    answer = manager.post(
        f"{base}structure/import/", {"table": workbook(["变电所", "电气", "盘柜", "1号", "就位", "H"])}
    )
    assert "1 道工序都可以导入" in answer.content.decode()
    packed = answer.context["take"].initial["packed"]
    assert not WorkPart.objects.filter(name="变电所").exists()
    assert manager.post(f"{base}structure/import/", {"packed": packed}).status_code == 302
    assert WorkProcess.objects.get(name="就位").point == "hold"
    for junk in ("", "{}", "x"):
        assert manager.post(f"{base}structure/import/", {"packed": junk}).status_code == 422
    nothing = SimpleUploadedFile("x.xlsx", b"nothing")
    assert manager.post(f"{base}structure/import/", {"table": nothing}).status_code == 422


def test_several_are_rated_at_once(site, base, now, as_person):
    first = accept(site, site.processes[0], now)
    owner = as_person(site.owner)
    assert 'name="chosen"' in owner.get(f"{base}processes/").content.decode()
    owner.post(f"{base}processes/rate/", {"chosen": [str(first.pk), str(site.processes[1].pk), "x", "9" * 30]})
    assert (fresh(first).is_excellent, fresh(site.processes[1]).is_excellent) == (True, None)
    assert "管沟开挖" in words(owner, f"{base}processes/?rating=excellent&state=accepted&point=ordinary&q=管沟")
    assert owner.get(f"{base}processes/export/?rating=excellent").getvalue()[:2] == b"PK"


def test_a_review_goes_its_round_on_the_page(site, base, as_person):
    designer, reviewer = as_person(site.designer), as_person(site.reviewers[0])
    typed = {
        "title": "工艺管道安装图",
        "number": "GY-02",
        "discipline": "piping",
        "person_1": str(site.reviewers[0].pk),
    }
    assert designer.post(f"{base}reviews/new/", {**typed, "person_1": ""}).status_code == 422
    assert designer.post(f"{base}reviews/new/", typed).status_code == 302
    review = DesignReview.objects.get()
    path = f"{HOME}reviews/{review.pk}/"
    assert "同意，没有意见" in words(reviewer, path)
    refused = reviewer.post(f"{path}opinion/", {"opinion": "comments", "comment_1": ""})
    assert refused.status_code == 422
    reviewer.post(f"{path}opinion/", {"opinion": "comments", "comment_1": "缺放空", "sheet_1": "GY-02-1"})
    item = WorkItem.objects.get(kind="design_comment")
    assert "缺放空" in words(designer, path)
    designer.post(reverse("web:item_step", args=[item.pk, "answer"]), {"answer": "adopted", "note": "已补"})
    reviewer.post(reverse("web:item_step", args=[item.pk, "accept"]), {})
    designer.post(f"{path}resubmit/")
    as_person(site.owner).post(f"{path}issue/")
    review.refresh_from_db()
    assert (review.state, review.round) == ("issued", 2)
    listed = words(designer, f"{base}reviews/?state=issued")
    assert "工艺管道安装图" in listed
    assert "原 10.0 天，目标 2.0 天" in listed
    assert designer.get(f"{base}reviews/export/").getvalue()[:2] == b"PK"
    other = make_review(site, site_time(site))
    designer.post(f"{HOME}reviews/{other.pk}/withdraw/", {"reason": "重出"})
    other.refresh_from_db()
    assert other.state == "withdrawn"


def test_readiness_on_the_page(site, base, now, as_person):
    supervisor, owner = as_person(site.supervisor), as_person(site.owner)
    for aspect in ("design", "quality", "unfinished"):
        supervisor.post(f"{base}readiness/aspects/", {"aspect": aspect, "checked_on": "2026-09-14"})
    typed = {"aspect": "quality", "title": "螺栓露丝不足", "owner": str(site.builders[0].pk), "due_at": "2026-09-16T18:00",
             "measure": "更换"}  # fmt: skip
    assert supervisor.post(f"{base}readiness/points/", {**typed, "measure": ""}).status_code == 422
    assert supervisor.post(f"{base}readiness/points/", typed).status_code == 302
    page = words(supervisor, f"{base}readiness/?aspect=quality")
    assert "螺栓露丝不足" in page
    assert "1 个问题没有销项" in page
    owner.post(f"{base}readiness/declare/")
    assert not site.project.readiness.exists()
    item = WorkItem.objects.get(kind="readiness_point")
    assert "的三查四定" in words(supervisor, f"/work/items/{item.pk}/")
    take_step(item=item, step="fix", actor=site.builders[0], at=now, said=Said(note="已换", uploads=[photo()]))
    take_step(item=item, step="verify", actor=site.supervisor, at=now)
    for process in site.processes:
        accept(site, process, now)
    assert "确认具备投产条件" in words(owner, f"{base}readiness/")
    owner.post(f"{base}readiness/declare/")
    assert "已确认" in words(owner, f"{base}readiness/")
    owner.post(f"{base}readiness/take-back/", {"reason": "漏查"})
    assert site.project.readiness.get().taken_back_why == "漏查"


def test_a_loss_is_recorded_contested_and_handed_in_again(site, base, now, as_person):
    builder, owner = as_person(site.builders[0]), as_person(site.owner)
    typed = {"kind": "idle", "cause": "drawings", "happened_on": "2026-09-11", "crew": "焊接一班", "people": "6", "hours": "36.5",
             "cost": "4380", "basis": "120 元/工时", "answers_unit": str(site.units["owner"].pk),
             "answerer": str(site.owner.pk)}  # fmt: skip
    for wrong in (
        {"hours": "0"},
        {"hours": "1.005"},
        {"answers_unit": str(site.units["builder"].pk)},
        {"cause": "x"},
        {"answerer": ""},
    ):
        assert builder.post(f"{base}losses/new/", {**typed, **wrong}).status_code == 422
    assert builder.post(f"{base}losses/new/", typed).status_code == 302
    claim = IdleClaim.objects.get()
    page = f"/work/items/{claim.item_id}/"
    assert "该由谁承担" in words(owner, page)
    take_step(item=claim.item, step="contest", actor=site.owner, at=now, said=Said(note="只等一天"))
    assert "改好再送" in words(builder, page)
    builder.post(
        f"{HOME}losses/{claim.item_id}/again/",
        {"people": "6", "hours": "18", "cost": "2160", "basis": "一天", "note": "按一天"},
    )
    claim.refresh_from_db()
    claim.item.refresh_from_db()
    assert (claim.fen, claim.item.state) == (216_000, "recorded")
    take_step(item=claim.item, step="confirm", actor=site.owner, at=now)
    for minutes in (1, 2):
        later = now + timedelta(minutes=minutes)
        take_step(item=make_loss(site, later).item, step="confirm", actor=site.owner, at=later)
    listed = words(as_person(site.manager), f"{base}losses/?kind=idle&state=agreed&q=焊接")
    assert "10,920.00" in listed
    assert "回头看" in listed, "a cause that recurs is looked back on"
    assert builder.get(f"{base}losses/export/").getvalue()[:2] == b"PK"


def test_an_approval_on_the_page(site, base, now, as_person):
    manager, owner = as_person(site.manager), as_person(site.owner)
    typed = {"kind": "grid", "title": "光伏并网", "authority": "供电公司", "owner": str(site.owner.pk), "phone": "0459-1234567",
             "stages": "", "expected_on": "2026-10-01", "next_step": "送方案"}  # fmt: skip
    assert manager.post(f"{base}approvals/new/", {**typed, "authority": ""}).status_code == 422
    assert manager.post(f"{base}approvals/new/", typed).status_code == 302
    approval = OutsideApproval.objects.get()
    assert approval.stages.count() == 5
    item = approval.item_id
    owner.post(f"{HOME}approvals/{item}/submit/", {"day": "2026-08-22", "note": ""})
    assert "23 天" in words(owner, f"{base}approvals/?kind=grid")
    page = words(owner, f"/work/items/{item}/")
    assert "接入系统方案" in page
    assert "0459" not in page
    owner.post(f"{HOME}approvals/{item}/advance/", {"day": "2026-09-10"})
    owner.post(
        f"{HOME}approvals/{item}/next/",
        {"next_step": "催批复", "due_at": "2026-09-18T10:00", "expected_on": "2026-10-08"},
    )
    assert "0459-1234567" in words_of_post(owner, f"{HOME}approvals/{item}/phone/")
    assert Look.objects.filter(compartment="authority_contact").count() == 1
    file = SimpleUploadedFile("批复.jpg", photo().content.read())
    owner.post(f"{HOME}approvals/{item}/get/", {"day": "2026-09-14", "document_number": "庆电88", "photo": file})
    approval.refresh_from_db()
    assert (str(approval.got_on), approval.document_number) == ("2026-09-14", "庆电88")
    assert "光伏并网" in words(owner, f"{base}approvals/?state=got")
    assert owner.get(f"{base}approvals/export/?state=all").getvalue()[:2] == b"PK"


def words_of_post(browser, path):
    return text_of(browser.post(path).content.decode())


def test_an_incident_on_the_page(site, base, as_person):
    safety, manager = as_person(site.safety), as_person(site.manager)
    assert "登记事故、污染" in words(safety, base)
    assert "登记事故、污染" not in words(manager, base)
    safety.post(
        f"{base}incidents/", {"kind": "accident", "happened_on": "2026-09-02", "class_code": "轻伤", "note": "手指划伤"}
    )
    row = site.project.incidents.get()
    assert "共 1 起，最近 2026-09-02" in words(manager, base)
    manager.post(f"{base}incidents/{row.pk}/withdraw/", {"reason": "误报"})
    assert "开工以来 0 起" in words(manager, base)


def test_standards_are_set_by_the_unit(site, as_person):
    clerk, path = as_person(site.zone.clerk), f"{HOME}standards/{site.project.body_id}/"
    assert "平台给的默认值" in words(clerk, path)
    clerk.post(f"{path}rule/", {"least_percent": "95.5", "needs_measuring": "on", "text": "外观一次合格"})
    clerk.post(f"{path}baseline/", {"old_days": "8", "target_days": "1.5", "begins": "08:00", "break_from": "12:00",
                                    "break_until": "13:00", "ends": "17:00"})  # fmt: skip
    clerk.post(f"{path}causes/", {"name": "等吊车"})
    page = clerk.get(path).content.decode()
    assert "95.5" in page
    assert "等吊车" in page
    cause = site.project.body.idle_causes.get()
    clerk.post(f"{path}causes/{cause.pk}/end/")
    assert "等吊车" not in words(clerk, path)


NASTY = {
    "note": "\x00", "measured": "-1", "passed": "x", "parent": "9" * 30, "name": "\x00", "lot": "长" * 200, "point": "x", "part": "x",
    "notice_hours": "1e9", "before": ["9" * 30], "template": "x", "source": "-1", "packed": "\x00", "title": "\x00", "discipline": "x",
    "person_1": "9" * 30, "opinion": "x", "comment_1": "长" * 500, "reason": "\x00", "aspect": "x", "checked_on": "0000-00-00",
    "due_at": "x", "owner": "x", "measure": "\x00", "kind": "x", "happened_on": "9999-99-99", "cause": "\x00", "hours": "NaN",
    "cost": "1e99", "people": "0", "basis": "\x00", "crew": "\x00", "answers_unit": "x", "day": "x", "document_number": "\x00",
    "expected_on": "x", "least_percent": "Infinity", "old_days": "x", "begins": "99:99", "chosen": ["x", "9" * 40],
}  # fmt: skip
ON_PROJECT = (
    "incidents/", "incidents/999999/withdraw/", "processes/rate/", "structure/parts/", "structure/parts/999999/", "structure/import/",
    "structure/parts/999999/drop/", "structure/processes/", "structure/template/", "structure/copy/", "reviews/new/",
    "readiness/aspects/", "readiness/points/", "readiness/declare/", "readiness/take-back/", "losses/new/", "approvals/new/",
)  # fmt: skip
ON_PROCESS = ("start", "self", "mutual", "special", "tell", "standby", "accept", "return", "reopen", "rate", "rate-plain", "undo",
              "edit", "nothing")  # fmt: skip


def test_nothing_posted_breaks_a_page(site, base, now, as_person):
    review, claim, approval = make_review(site, now), make_loss(site, now), make_approval(site, now)
    make_point(site, now)
    process = check(site, site.processes[0], now)
    paths = [f"{base}{path}" for path in ON_PROJECT]
    paths += [f"{HOME}processes/{process.pk}/{act}/" for act in ON_PROCESS]
    paths += [f"{HOME}reviews/{review.pk}/{act}/" for act in ("opinion", "resubmit", "issue", "withdraw")]
    paths += [
        f"{HOME}losses/{claim.item_id}/again/",
        f"{HOME}templates/new/{site.project.body_id}/",
        f"{HOME}templates/999999/",
    ]
    paths += [
        f"{HOME}approvals/{approval.item_id}/{step}/"
        for step in ("submit", "advance", "get", "refuse", "next", "nothing")
    ]
    paths += [f"{HOME}standards/{site.project.body_id}/{act}/" for act in ("rule", "baseline", "causes")]
    for person in (site.manager, site.builders[0], site.supervisor, site.zone.clerk):
        browser = as_person(person)
        for path in paths:
            answer = browser.post(path, NASTY)
            assert answer.status_code in (302, 403, 404, 422) or "第" in answer.content.decode(), path
        for query in ("?state=x&part=9999999999999999999&rating=x&point=x&page=x&q=%00&zone=x&sort=x&kind=x&aspect=x",):
            for path in (
                HOME,
                base,
                f"{base}processes/",
                f"{base}reviews/",
                f"{base}readiness/",
                f"{base}losses/",
                f"{base}approvals/",
            ):
                assert browser.get(f"{path}{query}").status_code == 200, path


def test_pages_cost_the_same_whatever_their_size(site, base, now, as_person, statements):
    manager = as_person(site.manager)
    give_opinion(
        review=make_review(site, now),
        opinion=Opinion.COMMENTS,
        actor=site.reviewers[0],
        at=now,
        comments=[CommentText("一")],
    )
    make_loss(site, now)
    submit_approval(approval=make_approval(site, now), day=now.date(), told=NOTHING_TOLD, actor=site.owner, at=now)
    make_point(site, now)
    accept(site, site.processes[0], now)
    paths = (
        HOME,
        base,
        f"{base}processes/",
        f"{base}reviews/",
        f"{base}readiness/",
        f"{base}losses/",
        f"{base}approvals/",
    )
    before = {path: statements(manager, path) for path in paths}
    rows = [PlanRow((*LOT[:3], f"{number // 5 + 2}号"), f"工序{number}") for number in range(20)]
    for process in build_structure(project=site.project, rows=rows, actor=site.manager, at=now)[::5]:
        accept(site, process, now)
    for minutes in range(1, 4):
        later = now + timedelta(minutes=minutes)
        make_review(site, later)
        make_loss(site, later)
        make_approval(site, later)
        make_point(site, later)
    after = {path: statements(manager, path) for path in paths}
    assert after == before
    assert max(after.values()) <= 45, after
