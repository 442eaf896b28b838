"""The structure is built up (PJ-04): by rows, templates, copies, Excel with a past; nothing half-done, nothing in a circle."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.control.calc.plan import Past, PlanRow
from ronghe.domain.control.enums import PartLevel, Point
from ronghe.domain.control.models import ProcessLink, ProcessRecord, WorkPart, WorkProcess
from ronghe.domain.control.selectors.home import lines_of, list_control, zone_line
from ronghe.domain.control.selectors.reading import (
    ControlHeadsMissing,
    ControlRowsRefused,
    ControlTableEmpty,
    read_structure,
    unpack,
)
from ronghe.domain.control.selectors.structure import (
    befores_of,
    flattened,
    lots_of,
    plan_of,
    processes_of,
    templates_for,
    tree_of,
)
from ronghe.domain.control.services.past import PastUnfit
from ronghe.domain.control.services.structure import (
    CircularBefore,
    OtherProject,
    PartInUse,
    PartMisplaced,
    PartThere,
    PlanEmpty,
    ProcessBegun,
    ProcessThere,
    ProcessUnfit,
    add_part,
    build_structure,
    change_part,
    change_process,
    copy_structure,
    drop_part,
    drop_process,
    use_template,
)
from ronghe.domain.control.services.templates import (
    LineIn,
    TemplateThere,
    TemplateUnfit,
    save_template,
    withdraw_template,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.control import LOT, accept, make_site
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db

HEAD = ["标段", "单位工程", "分部工程", "分项工程", "检验批", "工序", "控制点", "自检人", "互检人", "专检人", "验收人", "验收日期",
        "评级", "评级人"]  # fmt: skip


@pytest.fixture
def site():
    return make_site()


def build(site, rows, at):
    return build_structure(project=site.project, rows=rows, actor=site.manager, at=at)


def other_project(site, at, name="二期工程"):
    return make_project(body=site.project.body, unit=site.project.unit, actor=site.zone.clerk, at=at, name=name)


def test_pj_04_rows_make_the_four_levels_once(site, morning):
    rows = [PlanRow(("注水站改造", "土建", "基础", f"{n}号"), "垫层", lot="一标段") for n in (1, 2)]
    build(site, [*rows, PlanRow(LOT, "防腐补口", "hold")], morning)

    levels = [(node.part.level, node.part.name, node.tally.all) for node in flattened(tree_of(site.project))]
    assert levels == [
        ("unit_work", "注水站改造", 7), ("division", "工艺管道", 5), ("section", "管道安装", 5),
        ("inspection_lot", "1号管线", 5), ("division", "土建", 2), ("section", "基础", 2), ("inspection_lot", "1号", 1),
        ("inspection_lot", "2号", 1),
    ]  # fmt: skip
    fact = Fact.objects.filter(kind="control.structure_changed").last()
    assert fact.values == {"act": "import", "parts": 4, "processes": 3}


def test_figures_stand_by_lot(site, morning):
    build(site, [PlanRow(("变电所", "电气", "盘柜", "1号"), "就位", lot="二标段")], morning)
    accept(site, site.processes[0], morning)

    assert [(lot, tally.all, tally.accepted) for lot, tally in lots_of(tree_of(site.project))] == [
        ("", 4, 1), ("二标段", 1, 0),
    ]  # fmt: skip
    lot = WorkPart.objects.get(level=PartLevel.INSPECTION_LOT, name="1号")
    assert list(processes_of(site.project, part=lot.parent.parent_id).values_list("name", flat=True)) == ["就位"]


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (PlanRow(LOT, " "), ProcessUnfit),
        (PlanRow(("", "乙", "丙", "丁"), "焊接"), ProcessUnfit),
        (PlanRow(LOT, "焊接", "X"), ProcessUnfit),
        (PlanRow(LOT, "焊接", notice_hours=0), ProcessUnfit),
        (PlanRow(LOT, "管沟开挖"), ProcessThere),
        (PlanRow(LOT, "补口", before=(0,)), CircularBefore),
    ],
)
def test_a_row_that_does_not_fit_refuses_all(site, morning, row, refusal):
    before = WorkProcess.objects.count(), WorkPart.objects.count()
    with pytest.raises(refusal):
        build(site, [row, PlanRow(("新", "新", "新", "新"), "新")], morning)
    assert (WorkProcess.objects.count(), WorkPart.objects.count()) == before
    with pytest.raises(PlanEmpty):
        build(site, [], morning)


def test_who_keeps_the_structure(site, morning):
    rows = [PlanRow(LOT, "补口")]
    for kept_out in (site.builders[0], site.supervisor, site.owner):
        with pytest.raises(NotAllowed):
            build_structure(project=site.project, rows=rows, actor=kept_out, at=morning)
    assert build(site, rows, morning)[0].number == 5


def test_parts_are_added_level_by_level_with_a_sub_level(site, morning):
    project, by = site.project, {"actor": site.manager, "at": morning}
    top = add_part(project=project, level=PartLevel.UNIT_WORK, name="变电所", lot="二标段", **by)
    sub = add_part(project=project, level=PartLevel.UNIT_WORK, name="所用电", parent=top, **by)
    division = add_part(project=project, level=PartLevel.DIVISION, name="电气", parent=sub, **by)
    section = add_part(project=project, level=PartLevel.SECTION, name="盘柜", parent=division, **by)
    lot = add_part(project=project, level=PartLevel.INSPECTION_LOT, name="1号", parent=section, **by)
    with pytest.raises(PartMisplaced):
        add_part(project=project, level=PartLevel.UNIT_WORK, name="再套一层", parent=sub, **by)
    with pytest.raises(PartMisplaced):
        add_part(project=project, level=PartLevel.SECTION, name="越级", parent=top, **by)
    with pytest.raises(PartThere):
        add_part(project=project, level=PartLevel.UNIT_WORK, name="变电所", **by)
    template = save_template(body=project.body, name="盘柜安装", lines=[LineIn("就位"), LineIn("接线", "hold")],
                             actor=site.zone.clerk, at=morning)  # fmt: skip
    made = use_template(template=template, part=lot, **by)
    assert [(one.part, one.number, one.point) for one in made] == [(lot, 1, "ordinary"), (lot, 2, "hold")]
    assert befores_of(made[1]) == [made[0]]
    with pytest.raises(PartMisplaced):
        use_template(template=template, part=section, **by)
    with pytest.raises(PartInUse):
        drop_part(part=section, **by)
    assert change_part(part=top, name="35 kV 变电所", lot="三标段", **by).lot == "三标段"
    assert lots_of(tree_of(project))[1][0] == "三标段"


def test_an_empty_part_is_taken_away(site, morning):
    part = add_part(project=site.project, level=PartLevel.UNIT_WORK, name="误建", actor=site.manager, at=morning)
    drop_part(part=part, actor=site.manager, at=morning)
    assert not WorkPart.objects.filter(name="误建").exists()


def test_a_template_is_used_again_and_again(site, morning):
    body, by = site.project.body, {"actor": site.zone.clerk, "at": morning}
    lines = [LineIn("组对"), LineIn("焊接", Point.HOLD.value, "GB 50236", 48)]
    template = save_template(body=body, name="管道焊接", lines=lines, **by)
    with pytest.raises(TemplateThere):
        save_template(body=body, name="管道焊接", lines=lines, **by)
    for wrong in (
        [],
        [LineIn("组对"), LineIn("组对")],
        [LineIn("")],
        [LineIn("组对", "X")],
        [LineIn("组对", notice_hours=0)],
    ):
        with pytest.raises(TemplateUnfit):
            save_template(body=body, name="另一个", lines=wrong, **by)
    save_template(body=body, name="管道焊接", lines=[*lines, LineIn("防腐")], template=template, **by)
    assert [line.name for line in templates_for(body.pk, morning.date())[0].lines.order_by("number")] == [
        "组对", "焊接", "防腐",
    ]  # fmt: skip
    withdraw_template(template=template, **by)
    assert list(templates_for(body.pk, morning.date())) == []


def test_a_structure_is_copied_as_not_begun_with_its_order(site, morning):
    accept(site, site.processes[0], morning)
    other = other_project(site, morning)
    made = copy_structure(source=site.project, project=other, actor=site.zone.clerk, at=morning)

    assert [(one.name, one.point, one.state) for one in made] == [
        (one.name, one.point, "waiting") for one in site.processes
    ]
    assert [(row.parts, row.before) for row in plan_of(other)] == [
        (row.parts, row.before) for row in plan_of(site.project)
    ]
    assert ProcessLink.objects.filter(process__project=other).count() == 3


def test_a_project_that_is_not_seen_is_not_copied(site, morning):
    stranger = make_site_elsewhere(morning)
    with pytest.raises(NotAllowed):
        copy_structure(source=stranger, project=site.project, actor=site.manager, at=morning)


def make_site_elsewhere(morning):
    from tests.factories.rhythm import make_zone

    return make_zone(name="另一个区", plant_name="采油九厂").zone.projects.get()


def test_what_nobody_has_entered_is_changed_and_taken_away(site, morning):
    first, second, third, fourth = site.processes
    by = {"actor": site.manager, "at": morning}
    change_process(process=third, row=PlanRow(LOT, "射线检测", "hold"), before=[first, second], **by)
    assert befores_of(third) == [first, second]
    with pytest.raises(CircularBefore, match="管沟开挖"):
        change_process(process=first, row=PlanRow(LOT, "管沟开挖"), before=[third], **by)
    drop_process(process=second, **by)
    assert befores_of(WorkProcess.objects.get(pk=third.pk)) == [first]
    accept(site, first, morning)
    for act in (drop_process, lambda **given: change_process(row=PlanRow(LOT, "改名"), **given)):
        with pytest.raises(ProcessBegun):
            act(process=WorkProcess.objects.get(pk=first.pk), **by)
    outside = build_structure(
        project=other_project(site, morning), rows=[PlanRow(LOT, "别处")], actor=site.zone.clerk, at=morning
    )
    with pytest.raises(OtherProject):
        change_process(process=fourth, row=PlanRow(LOT, "试压"), before=outside, **by)


def test_what_was_accepted_on_paper_is_taken_over_with_its_people(site, morning):
    people = [person.pk for person in site.builders]
    past = Past(site.supervisor.pk, morning.date() - timedelta(days=3), *people, is_excellent=True, rated_by=site.owner.pk,
                measured=20, passed=20)  # fmt: skip
    [made] = build(site, [PlanRow(("旧", "旧", "旧", "旧"), "垫层", past=past)], morning)

    assert (made.state, made.accepted_by_id, made.is_excellent, made.round) == ("accepted", site.supervisor.pk, True, 1)
    acts = ProcessRecord.objects.filter(process=made).order_by("at")
    assert [act.act for act in acts] == ["self", "mutual", "special", "accept", "rate"]
    facts = Fact.objects.filter(source_id=made.pk, kind__in=["control.process_accepted", "control.process_rated"])
    assert {fact.occurred_at.date() for fact in facts} == {past.accepted_on}
    assert set(acts.exclude(fact=None).values_list("fact", flat=True)) == set(facts.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "change", [{"accepted_on": 1}, {"rated_by": None}, {"passed": 21}, {"same": True}], ids=["to_come", "unrated", "points", "same"]
)  # fmt: skip
def test_a_past_that_cannot_have_been_is_refused(site, morning, change):
    given = {
        "accepted_by": site.supervisor.pk, "accepted_on": morning.date() + timedelta(days=change.get("accepted_on", -1)),
        "is_excellent": True, "rated_by": change.get("rated_by", site.owner.pk), "measured": 20,
        "passed": change.get("passed", 20), "self_by": site.supervisor.pk if change.get("same") else None,
    }  # fmt: skip
    with pytest.raises(PastUnfit):
        build(site, [PlanRow(("旧", "旧", "旧", "旧"), "垫层", past=Past(**given))], morning)


def sheet(tmp_path, rows, head=HEAD):
    out = io.BytesIO()
    write_workbook(out, [SheetOut(title="工序", head=head, rows=rows, widths=[10] * len(head))])
    path = tmp_path / "工序.xlsx"
    path.write_bytes(out.getvalue())
    return path


def test_a_sheet_is_looked_through_before_anything_is_written(site, morning, tmp_path):
    parts = ["一标段", "注水站改造", "工艺管道", "管道安装", "2号管线"]
    rows = [[*parts, "组对", "", "", "", "", "", "", "", ""], [*parts, "焊接", "X", "", "", "", "", "", "", ""]]
    preview = read_structure(sheet(tmp_path, rows), "工序.xlsx", site.manager, morning)
    assert [(one.cell, one.head) for one in preview.problems] == [("G3", "控制点")]
    with pytest.raises(ControlRowsRefused, match="G3"):
        preview.plan()

    rows[1][6] = "H"
    preview = read_structure(sheet(tmp_path, rows), "工序.xlsx", site.manager, morning)
    again = unpack(preview.packed(), site.manager, morning)
    build(site, again.plan(), morning)
    assert [one.point for one in processes_of(site.project, words="2号管线")] == ["ordinary", "hold"]


def test_a_sheet_brings_the_past_with_it(site, morning, tmp_path):
    names = [person.name for person in site.builders]
    row = ["", *LOT, "防腐", "", *names, site.supervisor.name, "2026-09-01", "优质", site.owner.name]
    preview = read_structure(sheet(tmp_path, [row]), "工序.xlsx", site.manager, morning)
    assert preview.problems == []
    [made] = build(site, preview.plan(), morning)
    assert (made.is_excellent, made.accepted_by_id) == (True, site.supervisor.pk)


def test_what_is_no_table_of_processes_is_refused(site, morning, tmp_path):
    with pytest.raises(ControlHeadsMissing):
        read_structure(sheet(tmp_path, [["x"]], head=["别的"]), "别的.xlsx", site.manager, morning)
    with pytest.raises(ControlTableEmpty):
        read_structure(sheet(tmp_path, []), "空.xlsx", site.manager, morning)
    for junk in (
        "",
        "[]",
        "{}",
        '{"columns":{},"rows":[]}',
        '{"columns":1,"rows":[[1,{}]]}',
        '{"columns":{},"rows":[["x",{}]]}',
    ):
        with pytest.raises(ControlTableEmpty):
            unpack(junk, site.manager, morning)


def test_projects_stand_side_by_side_at_one_price(site, morning, django_assert_max_num_queries):
    accept(site, site.processes[0], morning)
    listed = list_control(site.manager, morning)
    with django_assert_max_num_queries(10):
        [line] = lines_of(listed.rows, morning)
    assert (line.tally.all, line.tally.accepted, line.tally.accepted_share) == (4, 1, Decimal("25.0"))
    assert [counter.days for counter in line.counters] == [197, 197]
    other = other_project(site, morning)
    copy_structure(source=site.project, project=other, actor=site.zone.clerk, at=morning)
    both = list_control(site.zone.clerk, morning)
    with django_assert_max_num_queries(10):
        assert [one.tally.all for one in lines_of(both.rows, morning)] == [4, 4]
    zone = zone_line(site.zone.zone, morning.date())
    assert (zone.projects, zone.tally.all, zone.tally.accepted) == (1, 4, 1)
    assert list_control(site.builders[0], morning).count == 1
    assert list_control(site.manager, morning, zone=site.zone.zone.pk).count == 1


def test_a_tree_costs_the_same_whatever_its_size(site, morning, django_assert_max_num_queries):
    build(site, [PlanRow(("大", "大", "大", f"{n // 10}号"), f"工序{n}") for n in range(200)], morning)
    with django_assert_max_num_queries(2):
        assert sum(node.tally.all for node in tree_of(site.project)) == 204
