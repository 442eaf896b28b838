"""议事决策 on the page: who sees what, each act, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.decisions.enums import Edition, MatterState
from ronghe.domain.decisions.models import Charter, DecisionList, Matter, ProcedureRules, ResponsibilitySheet
from ronghe.domain.decisions.services.meetings import Votes, settle_matter
from ronghe.domain.decisions.services.sheets import LineText, adopt_sheet, draft_sheet, set_line
from tests.factories.decisions import begin, list_of, make_committee, make_matter, make_matter_before, make_sitting

pytestmark = pytest.mark.django_db
HOME = "/decisions/"
NASTY = {"title": "\x00", "body": "9" * 40, "entry": "x", "due_at": "9999-12-31T23:59", "votes_for": "9" * 30}


def page(matter, act=""):
    return f"{HOME}{matter.pk}/{act}"


@pytest.mark.parametrize("path", ["", "lists/", "sheets/", "sheets/mine/", "leaders/", "charters/"])
@pytest.mark.parametrize("who", ["clerk", "leader", "auditor", "plain"])
def test_everybody_gets_the_lists_with_what_they_may_see(request, committee, entries, path, who):
    assert request.getfixturevalue(who).get(f"{HOME}{path}").status_code == 200


@pytest.mark.parametrize("path", ["new/", "lists/new/", "rules/new/", "sheets/new/", "charters/new/"])
def test_begin_pages_open_for_those_who_keep_the_rules(clerk, plain, auditor, entries, path):
    assert clerk.get(f"{HOME}{path}").status_code == 200
    assert plain.get(f"{HOME}{path}").status_code == 403
    assert auditor.get(f"{HOME}{path}").status_code == 403


def test_administrators_get_nothing(administrator, committee, entries, now):
    matter = make_matter(committee, entries["年度综合计划"], now)
    assert administrator.get(page(matter)).status_code in (302, 403, 404)


def test_a_matter_goes_from_list_to_decision_in_the_browser(clerk, committee, entries, now):
    answer = clerk.post(
        f"{HOME}new/", {"body": committee.committee.pk, "entry": entries["年度综合计划"].pk, "summary": "产量三千万吨"}
    )
    matter = Matter.objects.get()
    assert answer["Location"] == page(matter)
    clerk.post(page(matter, "prepare/"))
    sitting = make_sitting(committee, now)
    assert "列入会议" in clerk.get(page(matter)).content.decode()
    clerk.post(page(matter, "schedule/"), {"activity": sitting.pk, "purpose": "decide"})
    begin(committee, sitting, now)
    assert "应到 5，实到 5" in clerk.get(page(matter)).content.decode()

    answer = clerk.post(
        page(matter, "settle/"),
        {"decision": "同意。", "votes_for": 4, "votes_against": 1, "votes_abstained": 0, "method": "show_of_hands",
         "dissenter": committee.members[1].pk, "dissent": "指标偏高"},
    )  # fmt: skip

    matter.refresh_from_db()
    assert (answer.status_code, matter.state) == (302, MatterState.FOLLOWING)
    shown = clerk.get(page(matter)).content.decode()
    assert "指标偏高" in shown
    due = now + timedelta(days=5)
    clerk.post(
        page(matter, "parts/"),
        {"title": "分解指标", "assignee": committee.members[0].pk, "due_at": f"{due:%Y-%m-%dT%H:%M}"},
    )
    clerk.post(page(matter, "reports/"), {"progress": "running", "text": "已下发"})
    assert (matter.lines.count(), matter.reports.count()) == (1, 1)


def test_a_refusal_stands_beside_its_form_with_what_was_typed(clerk, committee, entries, now):
    matter = make_matter(committee, entries["重大工程投资"], now)
    sitting = make_sitting(committee, now)
    answer = clerk.post(page(matter, "schedule/"), {"activity": sitting.pk, "purpose": "decide"})

    assert answer.status_code == 422
    assert "由班子会决定" in answer.content.decode()


def test_a_matter_outside_the_list_asks_for_its_reason(clerk, committee, entries):
    answer = clerk.post(f"{HOME}new/", {"body": committee.committee.pk, "title": "临时事项"})
    assert answer.status_code == 422
    assert "不在“采油九厂党委”现行的决策事项清单里" in answer.content.decode()


@pytest.mark.parametrize(
    "act", ["prepare/", "withdraw/", "checks/", "avoid/", "schedule/", "settle/", "elsewhere/", "defer/", "parts/",
            "reports/", "papers/"],
)  # fmt: skip
def test_nothing_posted_breaks_a_page(clerk, plain, auditor, committee, entries, now, act):
    matter = make_matter(committee, entries["年度综合计划"], now)
    assert clerk.post(page(matter, act), NASTY).status_code in (302, 422)
    assert plain.post(page(matter, act), NASTY).status_code == 404
    assert auditor.post(page(matter, act), NASTY).status_code in (302, 403, 422)
    assert clerk.post(f"{HOME}999999/{act}", NASTY).status_code == 404


def test_those_who_watch_do_nothing(auditor, committee, entries, now):
    matter = make_matter(committee, entries["年度综合计划"], now)
    assert auditor.get(page(matter)).status_code == 200
    assert auditor.post(page(matter, "withdraw/")).status_code == 403
    matter.refresh_from_db()
    assert matter.state == MatterState.PREPARED


def test_papers_are_seen_by_whoever_sees_the_matter(clerk, plain, committee, entries, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    matter = make_matter(committee, entries["年度综合计划"], now)
    clerk.post(page(matter, "papers/"), {"paper": SimpleUploadedFile("方案.pdf", b"%PDF-1.4\n%%EOF")})
    paper = matter.papers.get()

    answer = clerk.get(page(matter, f"papers/{paper.pk}/"))
    assert answer.getvalue().startswith(b"%PDF")
    assert plain.get(page(matter, f"papers/{paper.pk}/")).status_code == 404


def test_the_list_is_filtered_searched_and_exported(clerk, committee, entries, now):
    make_matter(committee, entries["年度综合计划"], now, title="2027年计划")
    make_matter(committee, None, now, title="清单外的事")

    assert "2027年计划" in clerk.get(f"{HOME}?q=2027").content.decode()
    assert "清单外的事" not in clerk.get(f"{HOME}?q=2027").content.decode()
    departed = clerk.fragment(f"{HOME}?departed=1").content.decode()
    assert "清单外的事" in departed
    assert "2027年计划" not in departed
    answer = clerk.get(f"{HOME}export/?state=all")
    assert answer.getvalue().startswith(b"PK")


def test_a_list_of_many_costs_as_many_statements_as_a_list_of_one(clerk, committee, entries, now, statements):
    make_matter(committee, entries["年度综合计划"], now)
    one = statements(clerk, HOME)
    for number in range(6):
        make_matter(committee, entries["年度综合计划"], now, title=f"事项{number}")

    assert statements(clerk, HOME) == one <= 8


def test_the_list_is_drafted_edited_adopted_and_printed(clerk, leader, committee, entries):
    clerk.post(f"{HOME}lists/new/", {"body": committee.committee.pk})
    draft = DecisionList.objects.get(state=Edition.DRAFT)
    path = f"{HOME}lists/{draft.pk}/"
    given = {"title": "对外捐赠", "category": "own", "own_category": "社会责任", "forum": "party_committee",
             "quorum": "1/2", "majority": "1/2", "majority_of": "should", "vote_method": "oral"}  # fmt: skip
    assert clerk.post(f"{path}entries/", {**given, "own_category": ""}).status_code == 422
    assert clerk.post(f"{path}entries/", given).status_code == 302
    entry = draft.entries.get(title="对外捐赠")
    assert clerk.get(f"{path}?entry={entry.pk}").status_code == 200
    clerk.post(f"{path}entries/?entry={entry.pk}", {**given, "title": "捐赠和赞助"})
    assert leader.post(f"{path}entries/", given).status_code == 403
    clerk.post(f"{path}entries/{entry.pk}/drop/")
    assert clerk.post(f"{path}adopt/", {"document": ""}).status_code == 422
    clerk.post(f"{path}adopt/", {"document": "党委会〔2026〕12号"})

    assert list_of(committee) == draft
    assert clerk.get(f"{path}print.docx").status_code == 200


def test_rules_of_procedure_are_put_in_force(clerk, committee):
    given = {"body": committee.committee.pk, "document": "5号", "quorum": "2/3", "majority": "1/2",
             "majority_of": "should", "notice_days": 3, "avoids": "on"}  # fmt: skip
    assert clerk.post(f"{HOME}rules/new/", {**given, "notice_days": 61}).status_code == 422
    assert clerk.post(f"{HOME}rules/new/", given).status_code == 302
    assert ProcedureRules.objects.get().notice_days == 3


def test_the_charter_is_drafted_linked_and_adopted(clerk, committee, entries):
    clerk.post(f"{HOME}charters/new/", {"body": committee.committee.pk, "title": "公司章程"})
    path = f"{HOME}charters/{Charter.objects.get().pk}/"
    clerk.post(f"{path}clauses/", {"label": "第三十一条", "text": "党委把方向、管大局、保落实。"})
    clause = Charter.objects.get().clauses.get()
    assert "没有管着任何事项和制度" in clerk.get(path).content.decode()
    key = entries["年度综合计划"].key
    clerk.post(f"{path}links/", {"clause": clause.pk, "governs": f"matter:{key}"})
    assert clerk.post(f"{path}links/", {"clause": clause.pk, "governs": "matter:999"}).status_code == 422
    clerk.post(f"{path}links/{clause.links.get().pk}/drop/")
    clerk.post(f"{path}clauses/?clause={clause.pk}", {"label": "第三十二条", "text": "改过的条文。"})
    assert clerk.post(f"{path}adopt/", {"document": "股东会决议"}).status_code == 302
    assert Charter.objects.get().state == Edition.IN_FORCE


def test_the_sheet_is_drafted_in_one_act_published_and_printed(clerk, leader, committee):
    clerk.post(f"{HOME}sheets/new/", {"body": committee.committee.pk, "year": 2026})
    sheet = ResponsibilitySheet.objects.get()
    path = f"{HOME}sheets/{sheet.pk}/"
    given = {"layer": "member", "person": committee.members[0].pk, "title": "联系第三作业区", "rhythm": "month"}
    assert clerk.post(f"{path}lines/", given).status_code == 302
    line = sheet.lines.get(title="联系第三作业区")
    assert clerk.get(f"{path}?line={line.pk}").status_code == 200
    clerk.post(f"{path}lines/{sheet.lines.order_by('pk')[0].pk}/drop/")
    assert leader.post(f"{path}adopt/").status_code == 403
    clerk.post(f"{path}adopt/")
    for form in ("docx", "pdf"):
        assert clerk.get(f"{path}print.{form}").status_code == 200
    assert "谁没办到" in clerk.get(path).content.decode()

    leader.post(f"{HOME}lines/{line.pk}/done/", {"done_on": "2026-09-14", "text": "到三区调研"})
    assert "到三区调研" in leader.get(f"{HOME}sheets/mine/").content.decode()
    leader.post(f"{HOME}records/{line.records.get().pk}/back/")
    assert line.records.get().taken_back_at is not None


def test_nobody_records_for_a_stranger(plain, leader, committee, now):
    sheet = draft_sheet(body=committee.committee, year=2026, actor=committee.clerk, at=now)
    text = LineText("in_charge", committee.deputy, "抓安全")
    line = set_line(sheet=sheet, text=text, actor=committee.clerk, at=now)
    adopt_sheet(sheet=sheet, actor=committee.clerk, at=now)
    done = {"done_on": "2026-09-14", "text": "代办"}
    assert plain.post(f"{HOME}lines/{line.pk}/done/", done).status_code == 404
    assert leader.post(f"{HOME}lines/{line.pk}/done/", done).status_code == 403


def test_a_sheet_of_many_lines_costs_no_more_statements(clerk, committee, now, statements):
    sheet = draft_sheet(body=committee.committee, year=2026, actor=committee.clerk, at=now)
    adopt_sheet(sheet=sheet, actor=committee.clerk, at=now)
    path = f"{HOME}sheets/{sheet.pk}/"
    before = statements(clerk, path)
    again = draft_sheet(body=committee.committee, year=2026, actor=committee.clerk, at=now)
    for number in range(5):
        text = LineText("member", committee.members[0], f"事项{number}")
        set_line(sheet=again, text=text, actor=committee.clerk, at=now)
    adopt_sheet(sheet=again, actor=committee.clerk, at=now)
    assert statements(clerk, f"{HOME}sheets/{again.pk}/") <= before


def test_leaders_open_with_their_records(clerk, plain, committee):
    body = committee.committee.pk
    assert committee.secretary.name in clerk.get(f"{HOME}leaders/").content.decode()
    path = f"{HOME}leaders/{committee.deputy.pk}/?body={body}"
    assert clerk.get(path).status_code == 200
    assert plain.get(path).status_code == 404
    assert clerk.get(f"{HOME}leaders/{committee.member.pk}/?body={body}").status_code == 404
    assert clerk.get(f"{HOME}leaders/{committee.deputy.pk}/?body=x").status_code == 404


def test_a_committee_sees_nothing_of_another_one(clerk, committee, entries, now, as_person):
    other = make_committee("采油二厂党委")
    matter = make_matter_before(committee, entries["年度综合计划"], now)
    settle_matter(matter=matter, decision="同意", votes=Votes(5), actor=committee.clerk, at=now)
    stranger = as_person(other.clerk)
    assert stranger.get(page(matter)).status_code == 404
    assert matter.title not in stranger.get(f"{HOME}?state=all").content.decode()
