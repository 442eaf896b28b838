"""架构 on the page: trees of any day, a body, an act from form to decision, units, stations, figures."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from ronghe.domain.org.enums import PartyOrgKind, StaffingMode, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, StationMode
from ronghe.domain.org.services.trees import set_station_mode
from ronghe.domain.structure.enums import ActKind, ActState
from ronghe.domain.structure.models import BodyAct, RuleFigure
from tests.domain.structure.making import TODAY, days, done, fresh, make_field, member, members, new, propose, where
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_unit
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db

TREE = "/org/"
NEW = "/org/structure/acts/new/"
ACTS = "/org/structure/acts/"
GIVEN = {"effective_on": TODAY.isoformat(), "grounds": "工作需要", "approval_ref": ""}


@pytest.fixture
def field(now):
    return make_field()


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretary)


@pytest.fixture
def outsider(field, as_person):
    return as_person(field.stranger)


def body_page(body) -> str:
    return f"/org/structure/bodies/{body.pk}/"


def act_page(act, step: str = "") -> str:
    return f"/org/structure/acts/{act.pk}/{step}"


def unit_page(unit, step: str = "") -> str:
    return f"/org/structure/units/{unit.pk}/{step}"


def names(answer) -> list[str]:
    def walk(nodes):
        for node in nodes:
            yield node.name
            yield from walk(node.children)

    return list(walk(answer.context["party_nodes"]))


def test_pages_want_a_log_in(client, field):
    for path in (TREE, NEW, ACTS, body_page(field.south), unit_page(field.plant), "/org/structure/stations/"):
        assert client.get(path)["Location"].startswith("/login/")


def test_the_tree_is_shown_as_of_a_day(field, clerk):
    done(ActKind.RENAME, field.clerk, body=field.south, name="南一联合站党支部", on=days(-5))

    assert "南一联合站党支部" in names(clerk.get(TREE))
    before = clerk.get(TREE, {"day": days(-6).isoformat()})
    assert "南一党支部" in names(before)
    assert "回到今天" in text_of(before.content.decode())


@pytest.mark.parametrize("query", [
    {"day": "昨天"}, {"day": "2026-13-40"}, {"tree": "forest"}, {"q": "没有的"}, {"day": "0001-01-01"}, {"tree": "union"},
    {"tree": "league"}, {"day": "9999-12-31"},
])  # fmt: skip
def test_a_garbled_query_is_answered_calmly(clerk, query):
    assert clerk.get(TREE, query).status_code == 200


def test_the_tree_is_searched_and_says_what_the_rules_say(field, clerk):
    found = clerk.get(TREE, {"q": "北二"})

    assert names(found) == ["采油一厂党委", "西区党总支", "北二党支部"]
    assert found.context["party_nodes"][0].children[0].children[0].gap == "正式党员不足 3 人"


def test_the_tree_of_units_and_its_export(field, clerk, outsider):
    make_unit("注水站", parent=field.plant, kind=UnitKind.STATION)
    assert names(clerk.get(TREE, {"tree": "unit"})) == ["采油一厂", "注水站"]

    def rows(browser, **query):
        answer = browser.get("/org/structure/export/", query)
        return list(load_workbook(BytesIO(answer.getvalue()), read_only=True).worksheets[0].values)

    assert [row[1] for row in rows(clerk)] == [
        "名称", "采油一厂党委", "东区党总支", "南一党支部", "第一党小组", "西区党总支", "北二党支部",
    ]  # fmt: skip
    assert [row[1] for row in rows(clerk, tree="unit")] == ["名称", "采油一厂", "注水站"]
    assert [row[1] for row in rows(outsider)] == ["名称", "采油二厂党支部"]


def test_the_tree_costs_the_same_however_large(field, clerk, statements):
    few = statements(clerk, TREE)
    for number in range(6):
        members(make_body(f"支部{number}", parent=field.east), 2)
    assert statements(clerk, TREE) == few


def test_a_body_is_shown_to_who_may_see_it_and_absent_for_others(field, clerk, secretary, outsider):
    done(ActKind.RENAME, field.clerk, body=field.south, name="南一联合站党支部")

    page = text_of(clerk.get(body_page(field.south)).content.decode())
    assert "曾用名" in page
    assert "正式党员 1 人，不足 3 人（PO-01）" in page
    assert secretary.get(body_page(field.south)).status_code == 200
    assert outsider.get(body_page(field.south)).status_code == 404
    assert clerk.get("/org/structure/bodies/999999/").status_code == 404


def test_a_dissolved_body_keeps_its_page(field, clerk, outsider):
    done(ActKind.DISSOLVE, field.clerk, body=field.north, receiver=field.south)

    assert "已撤销" in text_of(clerk.get(body_page(field.north)).content.decode())
    assert outsider.get(body_page(field.north)).status_code == 404


def test_only_who_may_propose_is_offered_acts(field, clerk, as_person):
    luo = as_person(member("罗一鸣", field.south))

    assert clerk.get(body_page(field.south)).context["links"]
    assert luo.get(body_page(field.south)).context["links"] == []
    assert luo.get(NEW).status_code == 404


def test_the_form_is_found_step_by_step(field, clerk):
    assert clerk.get(NEW).status_code == 200
    assert clerk.get(NEW, {"act": "found"}).status_code == 200
    kinds = clerk.get(NEW, {"act": "found", "parent": field.east.pk})
    assert "联合党支部" in text_of(kinds.content.decode())
    for body in ("²", "-1", "9" * 40, str(field.stranger.pk + 10_000)):
        assert clerk.get(NEW, {"act": "move", "body": body}).status_code == 200
    for act in (ActKind.SPLIT, ActKind.MERGE, ActKind.MOVE, ActKind.RENAME, ActKind.CONVERT, ActKind.DISSOLVE):
        assert clerk.get(NEW, {"act": act, "body": field.south.pk}).status_code == 200
    for kind in ("branch", "joint_branch", "temporary_branch", "floating_branch", "regional_branch", "union_branch"):
        assert clerk.get(NEW, {"act": "found", "parent": field.east.pk, "kind": kind}).status_code == 200


def test_a_branch_is_founded_from_form_to_approval(field, clerk):
    path = f"{NEW}?act=found&parent={field.east.pk}&kind=branch"
    answer = clerk.post(path, {**GIVEN, "name": "注水党支部"})
    act = BodyAct.objects.get()
    assert answer["Location"] == act_page(act)
    assert "由“采油一厂党委”批准" in text_of(clerk.get(act_page(act)).content.decode())
    assert act in clerk.get(ACTS).context["to_decide"]

    refused = clerk.post(act_page(act, "approve/"), {"approval_ref": ""})
    assert refused.status_code == 422
    assert "PO-11" in text_of(refused.content.decode())
    assert clerk.post(act_page(act, "approve/"), {"approval_ref": "党字1号"})["Location"] == act_page(act)
    assert PartyOrg.objects.get(name="注水党支部").parent == field.east
    assert clerk.get(act_page(act)).status_code == 200


def test_a_group_is_founded_at_once_with_its_people(field, secretary, clerk):
    luo = member("罗一鸣", field.south)
    path = f"{NEW}?act=found&parent={field.south.pk}&kind=party_group"

    secretary.post(path, {**GIVEN, "name": "第二党小组", "people": [str(luo.pk)]})

    act = BodyAct.objects.get()
    assert (act.state, where(luo)) == (ActState.CARRIED_OUT, ("南一党支部", "第二党小组"))
    assert secretary.post(act_page(act, "note/")).status_code == 302
    assert BodyAct.objects.get().known_at is None
    clerk.post(act_page(act, "note/"))
    assert BodyAct.objects.get().known_by == field.clerk


def test_a_branch_is_split_on_the_page(field, clerk):
    luo = member("罗一鸣", field.south)
    path = f"{NEW}?act=split&body={field.south.pk}"

    wrong = clerk.post(path, {**GIVEN, "name_1": "南三党支部", f"person_{luo.pk}": "2"})
    assert wrong.status_code == 422
    clerk.post(path, {**GIVEN, "name_1": "南三党支部", f"group_{field.group.pk}": "1", f"person_{luo.pk}": "1"})

    act = BodyAct.objects.get()
    assert "1 人去哪里" in text_of(clerk.get(act_page(act)).content.decode())
    clerk.post(act_page(act, "approve/"), {"approval_ref": "党字2号"})
    assert where(luo) == ("南三党支部", None)


@pytest.mark.parametrize(("act", "given"), [
    ("merge", {"others": "north"}), ("move", {"parent": "west"}), ("rename", {"name": "新名"}),
    ("convert", {"body_kind": "joint_branch"}), ("dissolve", {"receiver": "north"}),
])  # fmt: skip
def test_each_act_is_proposed_and_carried_out_on_the_page(field, clerk, act, given):
    data = {name: getattr(field, value).pk if hasattr(field, value) else value for name, value in given.items()}

    clerk.post(f"{NEW}?act={act}&body={field.south.pk}", {**GIVEN, **data})
    row = BodyAct.objects.get()
    assert clerk.get(act_page(row)).status_code == 200
    clerk.post(act_page(row, "approve/"), {"approval_ref": "党字2号"})

    assert BodyAct.objects.get().state == ActState.CARRIED_OUT


def test_a_refusal_stands_beside_the_form_and_keeps_it(field, clerk):
    propose(ActKind.RENAME, field.clerk, body=field.south, name="甲")

    answer = clerk.post(f"{NEW}?act=rename&body={field.south.pk}", {**GIVEN, "name": "乙"})

    assert answer.status_code == 422
    assert "已有一项调整在办" in text_of(answer.content.decode())
    assert 'value="乙"' in answer.content.decode()
    assert clerk.post(f"{NEW}?act=rename&body={field.south.pk}", {"effective_on": "昨天"}).status_code == 422


def test_an_act_is_refused_with_a_reason_and_withdrawn(field, clerk, secretary, outsider):
    act = propose(ActKind.RENAME, field.secretary, body=field.south, name="甲")
    assert clerk.post(act_page(act, "refuse/"), {"reason": ""}).status_code == 422
    assert outsider.post(act_page(act, "refuse/"), {"reason": "不行"}).status_code == 404
    assert outsider.get(act_page(act)).status_code == 404
    secretary.post(act_page(act, "approve/"), {})
    assert BodyAct.objects.get().state == ActState.PROPOSED
    clerk.post(act_page(act, "refuse/"), {"reason": "名称不规范"})
    assert "名称不规范" in text_of(secretary.get(act_page(act)).content.decode())
    again = propose(ActKind.RENAME, field.secretary, body=field.south, name="乙")
    secretary.post(act_page(again, "withdraw/"))
    assert BodyAct.objects.get(pk=again.pk).state == ActState.WITHDRAWN
    for state in ("open", "carried_out", "refused", "all", "²"):
        assert clerk.get(ACTS, {"state": state}).status_code == 200


def test_a_unit_is_set_up_moved_renamed_manned_and_closed(field, clerk):
    clerk.post("/org/structure/units/new/", {
        "name": "中心站", "kind": "station", "parent": field.plant.pk, "since": LONG_AGO.isoformat(),
    })  # fmt: skip
    station = AdminUnit.objects.get(name="中心站")
    other = make_unit("二矿", parent=field.plant)
    clerk.post(unit_page(station, "move/"), {"parent": other.pk, "since": TODAY.isoformat()})
    clerk.post(unit_page(station, "rename/"), {"name": "二矿中心站", "since": TODAY.isoformat()})
    clerk.post(unit_page(station, "mode/"), {"staffing": "attended", "is_hub": "on", "since": days(-1).isoformat()})

    assert (fresh(station).name, fresh(station).parent) == ("二矿中心站", other)
    assert StationMode.objects.get().is_hub
    page = text_of(clerk.get(unit_page(station)).content.decode())
    assert "党建 + 管理 + 技术" in page
    assert "这个站有党建职责，但没有党员。" in page
    assert clerk.post(unit_page(other, "close/"), {"until": TODAY.isoformat()}).status_code == 422
    clerk.post(unit_page(station, "close/"), {"until": TODAY.isoformat()})
    assert fresh(station).valid_until == TODAY
    assert clerk.get(unit_page(station, "move/")).status_code == 404


def test_units_are_changed_by_nobody_else(field, secretary, outsider):
    for browser in (secretary, outsider):
        assert browser.get("/org/structure/units/new/").status_code == 404
        for step in ("move/", "rename/", "close/", "mode/"):
            assert browser.get(unit_page(field.plant, step)).status_code == 404
    assert outsider.get(unit_page(field.plant)).status_code == 404


def test_a_hub_lies_in_no_other_region(field, clerk):
    station, hub = (make_unit(name, parent=field.plant, kind=UnitKind.STATION) for name in ("甲站", "乙站"))
    set_station_mode(station=hub, staffing=StaffingMode.ATTENDED, since=LONG_AGO, is_hub=True, actor=None, at=SET_UP_AT)
    given = {"staffing": "unattended", "since": TODAY.isoformat(), "hub": hub.pk}

    assert clerk.post(unit_page(station, "mode/"), {**given, "is_hub": "on"}).status_code == 422
    clerk.post(unit_page(station, "mode/"), given)

    assert StationMode.objects.get(station=station).hub == hub
    page = text_of(clerk.get("/org/structure/stations/").content.decode())
    assert "管理 + 技术" in page
    assert clerk.get("/org/structure/stations/", {"day": "明天"}).status_code == 200


def test_figures_are_set_by_the_uppermost_office_alone(field, clerk, secretary):
    path = reverse("web:rule_figures")
    assert secretary.get(path).status_code == 404
    assert clerk.get(path, {"code": "branch.max_members"}).context["chosen"].figure == 50

    assert clerk.post(path, {"code": "branch.max_members", "figure": "60"}).status_code == 422
    clerk.post(path, {"code": "branch.max_members", "figure": "60", "grounds": "厂党委决定"})

    assert RuleFigure.objects.get().figure == 60
    assert clerk.post(path, {"code": "no.such", "figure": "6", "grounds": "x"}).status_code == 422


def test_a_floating_branch_shows_both_places(field, clerk):
    act = done(ActKind.FOUND, field.clerk, parent=field.east, into=[new("驻川党支部", PartyOrgKind.FLOATING_BRANCH)],
               outflow=field.south, inflow_name="南充市建筑业党委")  # fmt: skip

    for path in (act_page(act), body_page(act.body)):
        page = text_of(clerk.get(path).content.decode())
        assert "南充市建筑业党委" in page
        assert "南一党支部" in page


def test_a_temporary_body_that_ends_soon_is_announced(field, clerk):
    done(ActKind.FOUND, field.clerk, parent=field.east, planned_end_on=days(20),
         into=[new("会战临时党支部", PartyOrgKind.TEMPORARY_BRANCH)])  # fmt: skip

    assert "届时自然撤销（PO-06）" in text_of(clerk.get(TREE).content.decode())
    assert timedelta(days=20) == days(20) - TODAY
