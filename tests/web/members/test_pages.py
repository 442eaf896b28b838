"""Pages of members: both rights, bad input, 404 and 422, the whole way of an act."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from ronghe.domain.members.models import BroadName, PersonSkill, Placement, RecordCorrection
from ronghe.domain.members.services.corrections import ask_correction
from ronghe.domain.org.models import Membership, Person, VotingBar
from ronghe.domain.rhythm.services.codes import member_card, person_of_card
from tests.domain.members.making import make_branch
from tests.factories.org import make_person
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def field(now):
    return make_branch()


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretary)


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


@pytest.fixture
def member(field, as_person):
    return as_person(field.member)


def at(name, *args):
    return reverse(f"web:{name}", args=args)


def home_of(person):
    return Membership.objects.get(person=person, kind="home", valid_until=None)


def excel(tmp_path, *rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    return SimpleUploadedFile("表.xlsx", (tmp_path / "t.xlsx").read_bytes())


ACTS_ON_A_PERSON = ("person_status", "voting_bar_create", "person_home", "person_join", "skill_create", "mentor_create")


@pytest.mark.parametrize("name", ACTS_ON_A_PERSON)
def test_an_act_is_open_to_those_who_may_and_nowhere_for_others(name, field, clerk, member):
    assert clerk.get(at(name, field.member.pk)).status_code == 200
    assert clerk.get(at(name, 999_999)).status_code == 404
    assert (
        member.get(at(name, field.secretary.pk)).status_code == 404
    )  # a member does not even see the secretary's record


def test_a_status_is_dated_from_the_page_and_a_refusal_stands_beside_the_form(field, secretary):
    page = at("person_status", field.worker.pk)

    answer = secretary.post(page, {"status": "02", "since": "2026-09-01"}, follow=True)
    assert "预备党员" in text_of(answer.content.decode())
    again = secretary.post(page, {"status": "02", "since": "2026-09-02"})
    assert (again.status_code, "PE-08" in again.content.decode()) == (422, True)
    assert secretary.post(page, {"status": "99", "since": "gestern"}).status_code == 422
    assert secretary.post(page, {}).status_code == 422


def test_bars_are_seen_by_leaders_alone(field, secretary, member):
    said = {"reason": "detained", "decision_ref": "纪〔2026〕3号", "since": "2026-09-01"}
    assert secretary.post(at("voting_bar_create", field.member.pk), said).status_code == 302
    bar = VotingBar.objects.get()

    page = at("person_detail", field.member.pk)
    assert "纪〔2026〕3号" in secretary.get(page).content.decode()
    assert "纪〔2026〕3号" not in member.get(page).content.decode()
    assert "没有表决权" not in member.get(page).content.decode()
    assert member.get(at("voting_bar_end", bar.pk)).status_code == 404
    assert secretary.post(at("voting_bar_end", bar.pk), {"day": "2026-09-01"}).status_code == 422
    assert secretary.post(at("voting_bar_end", bar.pk), {"day": "2026-09-14"}).status_code == 302


def test_a_home_is_moved_in_one_act_and_the_group_within_it(field, clerk, secretary):
    page = at("person_home", field.member.pk)
    assert clerk.post(page, {"place": field.other.pk, "since": "2026-09-10"}).status_code == 302
    assert home_of(field.member).body == field.other
    back = clerk.post(page, {"place": field.second.pk, "since": "2026-09-14"})

    assert back.status_code == 302
    assert home_of(field.member).group == field.second
    group = at("membership_group", home_of(field.member).pk)
    assert secretary.post(group, {"group": field.first.pk, "since": "2026-09-14"}).status_code == 302
    assert home_of(field.member).group == field.first
    assert secretary.post(group, {"group": field.zone_branch.pk, "since": "2026-09-14"}).status_code == 422
    assert clerk.post(page, {"place": field.zone_branch.pk, "since": "2026-09-14"}).status_code == 422
    assert clerk.post(page, {"place": field.other.pk, "since": "2026-08-01"}).status_code == 422


def test_taking_part_begins_and_ends_beside_the_home(field, clerk, member):
    assert (
        clerk.post(
            at("person_join", field.member.pk), {"place": field.zone_branch.pk, "since": "2026-09-01"}
        ).status_code
        == 302
    )
    guest = Membership.objects.get(body=field.zone_branch)
    assert "PM-10" in member.get(at("person_detail", field.member.pk)).content.decode()
    assert member.get(at("membership_leave", guest.pk)).status_code == 404
    assert clerk.post(at("membership_leave", guest.pk), {"day": "2026-08-01"}).status_code == 422
    assert clerk.post(at("membership_leave", guest.pk), {"day": "2026-09-14"}).status_code == 302
    assert clerk.get(at("membership_leave", guest.pk)).status_code == 404
    assert home_of(field.member).body == field.branch


def test_a_claim_waits_in_the_matrix_until_the_leader_confirms(field, secretary, member):
    given = {"trade": "电工", "grade": "高级工", "since": "2026-01-01"}
    assert member.post(at("skill_create", field.member.pk), given).status_code == 302
    skill = PersonSkill.objects.get()

    assert "等您确认的工种" in secretary.get(at("person_skills")).content.decode()
    assert "等您确认的工种" not in member.get(at("person_skills")).content.decode()
    assert member.post(at("skill_confirm", skill.pk)).status_code == 404
    assert secretary.get(at("skill_confirm", skill.pk)).status_code == 405
    assert secretary.post(at("skill_confirm", skill.pk), {"back": "skills"}).headers["Location"] == at("person_skills")
    assert "高级工" in secretary.get(at("person_skills") + "?trade=电工").content.decode()
    assert secretary.post(at("skill_end", skill.pk)).status_code == 302
    assert member.post(at("skill_create", field.member.pk), {"trade": "", "since": ""}).status_code == 422


@pytest.mark.parametrize("query", ["?body=x&unit=9999999999999999999&trade=%00", "?page=abc", "?page=99999", "?q=%27"])
def test_a_garbled_query_is_an_empty_filter(query, field, secretary):
    assert secretary.get(at("person_skills") + query).status_code == 200
    assert secretary.get(at("unplaced") + query).status_code == 200
    assert secretary.get(at("broad_names")).status_code == 200
    assert secretary.get(at("broad_names") + "?unit=77777").status_code == 404


def test_the_rows_alone_come_for_a_filter(field, secretary):
    assert "<html" not in secretary.fragment(at("person_skills")).content.decode()


def test_the_exported_table_comes_back_in(field, secretary, member, tmp_path):
    page = at("skills_import")
    assert member.get(page).status_code == 404
    good = {"table": excel(tmp_path, ["姓名", "工种", "主兼"], ["王新", "电工", "主工种"])}
    assert secretary.post(page, good).status_code == 302
    answer = secretary.get(at("skills_export"))
    (tmp_path / "out.xlsx").write_bytes(b"".join(answer.streaming_content))
    sheets = load_workbook(tmp_path / "out.xlsx").worksheets
    assert [cell.value for cell in sheets[0][2]][1:4] == ["王新", "电工", "主工种"]
    bad = secretary.post(page, {"table": excel(tmp_path, ["姓名", "工种"], ["没这人", "电工"])})
    assert (bad.status_code, "第 2 行" in bad.content.decode()) == (422, True)
    assert secretary.post(page, {"table": SimpleUploadedFile("x.xlsx", b"no")}).status_code == 422
    assert secretary.post(page, {}).status_code == 422


def test_a_units_broad_names_are_kept_by_its_leaders(field, secretary, member, tmp_path):
    page = at("broad_names")
    assert member.get(page).status_code == 404
    assert secretary.post(page, {"kind": "trade", "old": "电工", "broad": "电仪"}).status_code == 302
    row = BroadName.objects.get()
    assert "电仪" in secretary.get(page).content.decode()
    assert secretary.post(page, {"kind": "x", "old": "", "broad": ""}).status_code == 422
    upload = {"table": excel(tmp_path, ["类别", "原名称", "归入"], ["岗位", "巡检岗", "运维岗"])}
    assert secretary.post(at("broad_names_import", field.unit.pk), upload).status_code == 302
    export = secretary.get(at("broad_names_export", field.unit.pk))
    assert export.status_code == 200
    assert b"".join(export.streaming_content).startswith(b"PK")
    assert secretary.get(at("broad_names_export", field.company.pk)).status_code == 404
    assert member.post(at("broad_name_drop", row.pk)).status_code == 404
    assert secretary.post(at("broad_name_drop", row.pk)).status_code == 302
    assert [row.old for row in BroadName.objects.all()] == ["巡检岗"]


def test_a_pair_is_made_and_ended_from_the_apprentices_page(field, secretary, member):
    given = {"kind": "apprenticeship", "mentor": field.member.pk, "topic": "联调", "since": "2026-09-01"}
    assert secretary.post(at("mentor_create", field.worker.pk), given).status_code == 302
    assert "联调" in member.get(at("person_detail", field.member.pk)).content.decode()
    pair = field.worker.mentored.get()
    assert member.get(at("mentor_end", pair.pk)).status_code == 404
    assert secretary.post(at("mentor_end", pair.pk), {"day": "2026-09-14"}).status_code == 302
    assert secretary.post(at("mentor_create", field.worker.pk), {**given, "mentor": "7777"}).status_code == 422


def test_several_people_are_looked_at_placed_and_put_back(field, clerk, member):
    page, chosen = at("place_people"), [field.member.pk, field.worker.pk]
    assert member.get(page).status_code == 404
    assert "还没有选人" in clerk.get(page).content.decode()
    assert clerk.get(page, {"chosen": [*chosen, "x"]}).status_code == 200
    said = {"chosen": chosen, "place": field.first.pk, "since": "2026-09-14"}
    preview = clerk.post(page, said)
    assert (preview.status_code, Placement.objects.count()) == (200, 0)
    assert clerk.post(page, {**said, "confirm": "1"}).status_code == 302
    placement = Placement.objects.get()
    assert home_of(field.member).group == field.first
    assert member.get(at("placement_detail", placement.pk)).status_code == 404
    assert member.post(at("placement_undo", placement.pk)).status_code == 404
    assert "整批撤销" in clerk.get(at("placement_detail", placement.pk)).content.decode()
    clerk.post(at("placement_undo", placement.pk))
    assert home_of(field.member).group is None
    assert "已有人处理过" in clerk.post(at("placement_undo", placement.pk), follow=True).content.decode()
    assert clerk.post(page, {**said, "place": "", "since": "x"}).status_code == 422
    twice = clerk.post(
        page, {"chosen": [field.member.pk], "place": field.branch.pk, "since": "2026-09-14", "confirm": "1"}
    )
    assert twice.status_code == 422


def test_po_13_the_list_offers_the_act_that_closes_each_gap(field, clerk):
    homeless = make_person("新来的", unit=field.unit)

    assert at("person_home", homeless.pk) in clerk.get(at("unplaced")).content.decode()
    groups = clerk.get(at("unplaced") + "?gap=group").content.decode()
    assert at("membership_group", home_of(field.member).pk) in groups


def test_a_correction_is_asked_decided_and_seen(field, secretary, member, as_person):
    assert (
        member.post(at("correction_create"), {"field": "gender", "value": "男", "reason": "写错了"}).status_code == 302
    )
    correction = RecordCorrection.objects.get()
    page = at("correction_detail", correction.pk)

    assert "等您处理" in secretary.get(at("corrections")).content.decode()
    assert as_person(field.stranger).get(page).status_code == 404
    assert member.post(at("correction_accept", correction.pk)).status_code == 404
    assert secretary.post(at("correction_refuse", correction.pk), {"reason": ""}).status_code == 422
    assert secretary.post(at("correction_accept", correction.pk)).status_code == 302
    assert secretary.post(at("correction_accept", correction.pk)).status_code == 422
    assert "已更正" in member.get(at("corrections")).content.decode()
    assert Person.objects.get(pk=field.member.pk).gender == "1"
    assert member.post(at("correction_create"), {"field": "born_on", "value": "去年", "reason": "x"}).status_code == 422
    assert member.post(at("correction_create"), {"field": "token", "value": "1", "reason": "x"}).status_code == 422


def test_a_request_is_refused_or_taken_back(field, secretary, member, morning):
    first = ask_correction(person=field.member, field="name", value="王心", reason="", actor=field.member, at=morning)
    assert secretary.post(at("correction_refuse", first.pk), {"reason": "身份证是王新"}).status_code == 302
    assert "身份证是王新" in member.get(at("correction_detail", first.pk)).content.decode()
    second = ask_correction(person=field.member, field="name", value="王心", reason="", actor=field.member, at=morning)
    assert secretary.post(at("correction_withdraw", second.pk)).status_code == 404
    assert member.post(at("correction_withdraw", second.pk)).status_code == 302
    assert "现在的状态" in member.post(at("correction_withdraw", second.pk), follow=True).content.decode()


def test_pi_09_a_number_is_masked_until_it_is_looked_at(field, secretary, member, as_person, morning):
    asked = ask_correction(
        person=field.member, field="phone", value="13912345678", reason="", actor=field.member, at=morning
    )
    page = at("correction_detail", asked.pk)

    assert "139****5678" in secretary.get(page).content.decode()
    assert "13912345678" not in secretary.get(page).content.decode()
    answer = secretary.post(at("correction_open", asked.pk))
    assert ("13912345678" in answer.content.decode(), answer["Cache-Control"]) == (True, "no-store")
    assert as_person(field.stranger).post(at("correction_open", asked.pk)).status_code == 404


def test_the_card_is_read_by_colleagues_once_its_bearer_consents(field, secretary, member, client):
    check = at("member_card_check", member_card(field.member))

    assert secretary.get(check).status_code == 404
    assert member.post(at("member_card_consent"), {"show": "1"}).status_code == 302
    page = secretary.get(check)
    assert (page.status_code, "南区党支部" in page.content.decode()) == (200, True)
    assert client.get(check).status_code == 302  # who is not logged in sees nothing
    assert secretary.get(at("member_card_check", "made:up")).status_code == 404
    assert "撤回" in member.get(at("member_card")).content.decode()
    member.post(at("member_card_consent"), {"show": "0"})
    assert secretary.get(check).status_code == 404
    assert "没有同意亮身份" in member.post(at("member_card_consent"), {"show": "0"}, follow=True).content.decode()


def test_the_badges_code_is_read_by_the_scanner_too(field):
    address = "http://ronghe.local" + at("member_card_check", member_card(field.member))

    assert person_of_card(address) == field.member


def test_whoever_is_no_member_has_no_card(field, as_person):
    assert "只发给党员" in as_person(field.worker).get(at("member_card")).content.decode()
