"""The sheet of four sides on the page: opened, gathered, written, fixed, issued, agreed by each side, objected, imported, printed."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from ronghe.domain.duties.models import DutyRow, DutySheet, DutyVersion, SideWord, VersionSide
from ronghe.domain.zones.models import ResponsibilityLine
from ronghe.domain.zones.services.sheet import change_line, end_line
from tests.factories.duties import SIDES, make_duties, make_issued, put_row, sign_safety, write_line
from tests.factories.items import make_claim
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
HOME = "/work/duties/"
HEADS = ["类别", "事项", "职责", "属地", "施工", "监理", "管理", "期限", "频次", "依据"]
NASTY = {"topic": "\x00", "matter": "\x00", "part_builder": "boss", "person_builder": "9" * 40, "keys": "clause:x:y:z",
         "digest": "\x00", "reason": "\x00", "due_on": "9999-99-99", "rhythm": "day", "packed": "{", "note": "\x00"}  # fmt: skip


@pytest.fixture
def story(now):
    return make_duties(now)


def page(story, act=""):
    return f"{HOME}{story.sheet.pk}/{act}"


def table(*rows, heads=HEADS, name="责任表.xlsx"):
    book = Workbook()
    book.active.append(heads)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def test_from_the_zone_to_the_word_of_each_side(story, now, as_person):
    story.sheet.rows.all().delete()
    story.sheet.delete()
    lead = as_person(story.lead)
    assert "还没有清单的协作区" in text_of(lead.get(HOME).content.decode())
    answer = lead.post(f"{HOME}new/{story.zone.pk}/")
    story.sheet = DutySheet.objects.get()
    assert answer["Location"] == page(story)
    sign_safety(story, now)
    write_line(story.zone_story, story.people, now, "新写的一条")
    offered = lead.get(page(story, "gather/"))
    assert "收进清单" in text_of(lead.get(page(story)).content.decode())
    keys = [one.key for _source, found in offered.context["groups"] for one in found]
    assert lead.post(page(story, "gather/"), {"keys": keys}).status_code == 302
    shown = text_of(lead.get(page(story)).content.decode())
    assert "没有主责方" in shown
    assert "还有 3 处没有落实主责" in shown
    lead.post(page(story, "issue/"))
    assert not DutyVersion.objects.exists()

    for row in DutyRow.objects.filter(agreement__isnull=False):
        fixed = {"part_builder": "lead", "person_builder": story.people["builder"].pk, "rhythm": "month", "basis": ""}
        assert lead.post(page(story, f"rows/{row.pk}/"), fixed).status_code == 302
    assert lead.post(page(story, "issue/"), {"note": "首次"}).status_code == 302
    digest = VersionSide.objects.get(side="builder").digest
    builder = as_person(story.people["builder"])
    assert "等您确认" in builder.get(HOME).content.decode()
    shown = builder.get(page(story))
    assert "请代表" in shown.content.decode()
    party = story.parties["builder"].pk
    assert builder.post(page(story, f"agree/{party}/"), {"digest": digest}).status_code == 302
    assert SideWord.objects.get().person == story.people["builder"]
    assert "等您确认" not in builder.get(HOME).content.decode()


def test_a_row_is_written_on_the_page_and_two_leads_are_refused_beside_the_form(story, as_person):
    lead = as_person(story.lead)
    given = {"topic": "quality", "matter": "样板段", "duty": "四方验收合格后施工", "part_builder": "lead",
             "person_builder": story.people["builder"].pk, "part_supervision": "supervise",
             "person_supervision": story.people["supervision"].pk, "part_management": "inform", "rhythm": "week",
             "due_on": "", "basis": "SD-17"}  # fmt: skip
    refused = lead.post(page(story, "rows/new/"), {**given, "part_territory": "lead"})
    assert refused.status_code == 422
    assert "只能有一个主责方" in refused.content.decode()
    assert lead.post(page(story, "rows/new/"), {**given, "part_builder": ""}).status_code == 422
    assert lead.post(page(story, "rows/new/"), given).status_code == 302

    line = ResponsibilityLine.objects.get(matter="样板段")
    assert (line.lead, line.cadence, line.person) == ("builder", "每周", story.people["builder"])
    shown = text_of(lead.get(page(story)).content.decode())
    for word in ("样板段", "SD-17", "何春", "知会"):
        assert word in shown


def test_a_side_sees_what_voided_its_word_and_the_keeper_what_changed(story, now, as_person):
    issued = as_person(story.lead)
    issued.post(page(story, "issue/"))
    story.sheet.refresh_from_db()
    story.agree("builder", now)
    line = story.row("第2条责任", now).row.line
    line.zone = story.zone
    change_line(line=line, duty="每两小时巡视", actor=story.lead, at=now)

    shown = text_of(as_person(story.people["builder"]).get(page(story)).content.decode())
    assert "已失效" in shown
    assert "第 2 条改了" in shown
    kept = text_of(issued.get(page(story)).content.decode())
    assert "第 1 版以后改了 1 条" in kept
    assert "每两小时巡视" in kept
    issued.post(page(story, "issue/"))
    version = text_of(issued.get(page(story, "versions/2/")).content.decode())
    assert "有改动" in version
    assert "全程监护" in version
    assert issued.get(page(story, "versions/3/")).status_code == 404


def test_a_unit_objects_with_its_reason(story, now, as_person):
    as_person(story.lead).post(page(story, "issue/"))
    builder, path = as_person(story.people["builder"]), page(story, f"object/{story.parties['builder'].pk}/")
    digest = story.digest("builder", now)
    assert builder.get(path).status_code == 200
    assert builder.post(path, {"reason": " ", "digest": digest}).status_code == 422
    assert builder.post(path, {"reason": "夜间没人", "digest": "0" * 64}).status_code == 422
    assert builder.post(path, {"reason": "夜间没人", "digest": digest}).status_code == 302
    assert "夜间没人" in as_person(story.lead).get(page(story)).content.decode()
    assert as_person(story.people["supervision"]).get(path).status_code == 403


def test_views_and_filters_cut_the_matrix(story, now, as_person):
    put_row(story, now, matter="交底", lead="territory")
    lead, builder = as_person(story.lead), as_person(story.people["builder"])

    def titles(browser, **asked):
        return [shown.row.title for shown in browser.get(page(story), asked).context["rows"]]

    assert titles(lead) == ["第1条责任", "第2条责任", "交底"]
    assert titles(lead, side="territory") == ["交底"]
    assert titles(lead, view="shared") == ["第1条责任"]
    assert titles(builder) == ["第1条责任", "第2条责任"]
    assert titles(as_person(story.people["management"])) == ["第1条责任"]
    assert titles(as_person(story.people["management"]), view="ours") == []
    assert titles(lead, q="王玉珍") == ["交底"]
    assert titles(lead, kind="project") == titles(lead, state="overdue") == []
    assert titles(lead, gaps="1") == ["第1条责任"]
    assert titles(lead, kind="x", state="y", side="z", project="q", view="w") == titles(lead)


def test_dropping_is_undone_by_gathering(story, now, as_person):
    lead, row = as_person(story.lead), story.rows(now)[1].row
    assert lead.post(page(story, f"rows/{row.pk}/drop/")).status_code == 302
    assert lead.get(page(story, f"rows/{row.pk}/")).status_code == 404
    lead.post(page(story, "gather/"), {"keys": [f"line:{row.line_id}"]})

    assert lead.get(page(story, f"rows/{row.pk}/")).status_code == 200
    end_line(line=story.rows(now)[1].row.line, actor=story.lead, at=now)
    assert "来处已停用" in text_of(lead.get(page(story)).content.decode())


def test_what_lives_elsewhere_is_shown_as_fixed_and_its_page_is_linked(story, now, as_person):
    item = make_claim(story.zone_story, now)
    lead = as_person(story.lead)
    lead.post(page(story, "gather/"), {"keys": [f"item:{item.pk}"]})
    row = DutyRow.objects.get(item=item)

    assert f'href="/work/items/{item.pk}/"' in lead.get(page(story)).content.decode()
    assert lead.get(page(story, f"rows/{row.pk}/")).status_code == 200
    assert lead.post(page(story, f"rows/{row.pk}/"), {"part_management": "inform", "basis": ""}).status_code == 302


def test_a_table_is_looked_through_before_it_is_taken_over(story, now, as_person):
    lead, path = as_person(story.lead), page(story, "import/")
    wrong = table(
        ["安全", "动火监护", "全程监护", "", "主责 李江", "监督 何春", "知会", "2026-09-13", "", ""],
        ["环保", "", "x" * 201, "主责", "主责 倪春梅", "管事", "", "九月", "", ""],
        ["安全", "第1条责任", "有了", "主责 王玉珍", "", "", "", "", "", ""],
    )  # fmt: skip
    shown = lead.post(path, {"table": wrong})
    assert {one.cell for one in shown.context["problems"]} == {"H2", "A3", "B3", "C3", "E3", "F3", "H3", "B4"}
    assert "这一方没有“倪春梅”" in shown.content.decode()
    right = table(
        ["安全", "动火监护", "全程监护", "", "主责 李江", "监督 何春", "知会", "2026-09-30", "", "PC-06"],
        ["进度", "停产对接", "按窗口组织", "主责 王玉珍", "配合", "", "", "", "每月", ""],
    )  # fmt: skip
    shown = lead.post(path, {"table": right})
    assert shown.context["problems"] == []
    assert DutyRow.objects.count() == 2
    packed = shown.context["take"]["packed"].value()
    assert lead.post(path, {"packed": packed}).status_code == 302
    assert DutyRow.objects.count() == 4
    assert [side for side, _share in story.row("动火监护", now).shares.items()] == [
        "builder",
        "supervision",
        "management",
    ]
    assert lead.post(path, {"packed": packed}).status_code == 422
    assert DutyRow.objects.count() == 4


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (lambda: SimpleUploadedFile("a.xlsx", b"not a table" * 9), "a.xlsx"),
        (lambda: SimpleUploadedFile("a.xlsx", b""), "空"),
        (lambda: table(heads=["别的"]), "没有找到这些表头"),
        (table, "没有条目"),
        (lambda: table(*[["安全", f"{n}", "x", "主责", "", "", "", "", "", ""] for n in range(201)]), "超过 200 行"),
    ],
)
def test_a_table_that_is_none_is_refused_with_a_reason(story, as_person, upload, said):
    answer = as_person(story.lead).post(page(story, "import/"), {"table": upload()})

    assert answer.status_code == 422
    assert said in text_of(answer.content.decode())


def test_the_table_to_fill_in_has_the_heads_that_are_read(story, as_person):
    answer = as_person(story.lead).get(page(story, "import/table/"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    assert [cell.value for cell in book.active[1]] == HEADS


def test_it_prints_and_exports_what_the_reader_sees(story, now, as_person):
    put_row(story, now, matter="交底", lead="territory")
    lead, builder = as_person(story.lead), as_person(story.people["builder"])
    for form in ("docx", "pdf"):
        assert lead.get(page(story, f"print.{form}")).status_code == 200

    def exported(browser, **asked):
        book = load_workbook(io.BytesIO(b"".join(browser.get(page(story, "export/"), asked).streaming_content)))
        return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]

    assert [row[1] for row in exported(lead)] == ["第1条责任", "第2条责任", "交底"]
    assert exported(lead)[0][:7] == ["安全", "第1条责任", "全程监护", None, "主责 李江", "配合", None]
    assert [row[1] for row in exported(builder)] == ["第1条责任", "第2条责任"]
    assert [row[1] for row in exported(lead, view="shared")] == ["第1条责任"]


def test_an_outsider_finds_nothing_and_a_side_keeps_nothing(story, now, as_person):
    put_row(story, now, matter="交底", lead="territory")
    hidden = story.row("交底", now).row
    outsider, builder = as_person(story.outsider), as_person(story.people["builder"])

    assert story.zone.name not in outsider.get(HOME).content.decode()
    for act in ("", "gather/", "import/", "import/table/", "rows/new/", f"rows/{hidden.pk}/", "export/", "print.pdf"):
        assert outsider.get(page(story, act)).status_code == 404
    for act in ("gather/", "import/", "import/table/", "rows/new/", f"rows/{hidden.pk}/"):
        assert builder.get(page(story, act)).status_code == 403
    for act in ("issue/", f"rows/{hidden.pk}/drop/", f"agree/{story.parties['territory'].pk}/"):
        assert outsider.post(page(story, act)).status_code == 404
        assert builder.post(page(story, act)).status_code == 403
    assert outsider.post(f"{HOME}new/{story.zone.pk}/").status_code == 404
    assert "交底" not in builder.get(page(story)).content.decode()


@pytest.mark.parametrize(
    "act", ["gather/", "import/", "rows/new/", "rows/{row}/", "issue/", "agree/{party}/", "object/{party}/"]
)
def test_nothing_posted_breaks_a_sheet(story, now, as_person, act):
    path = page(story, act.format(row=story.rows(now)[0].row.pk, party=story.parties["builder"].pk))
    for person in (story.lead, story.people["builder"]):
        assert as_person(person).post(path, NASTY).status_code in (302, 403, 422)

    assert DutyRow.objects.filter(dropped_at=None).count() == 2
    assert not SideWord.objects.exists()


def test_a_sheet_of_many_rows_costs_as_many_statements(now, as_person, statements):
    story = make_issued(now, rows=2)
    lead = as_person(story.lead)
    few, home = statements(lead, page(story)), statements(lead, HOME)
    for number in range(6):
        put_row(story, now, matter=f"又一条{number}")
    for side in SIDES[1:3]:
        lead.post(page(story, "issue/"))
        story.sheet.refresh_from_db()
        story.agree(side, now)

    assert statements(lead, page(story)) <= few + 1 <= 58
    assert statements(lead, HOME) == home <= 26


def test_a_sheet_that_waits_for_a_word_stands_on_the_day_page_until_it_was_given(story, now, as_person):
    as_person(story.lead).post(page(story, "issue/"))
    builder = as_person(story.people["builder"])
    waiting = builder.get("/").content.decode()
    assert story.zone.name in waiting
    assert f'href="{page(story)}"' in waiting
    story.sheet.refresh_from_db()
    story.agree("builder", now)

    assert f'href="{page(story)}"' not in builder.get("/").content.decode()
