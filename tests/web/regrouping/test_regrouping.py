"""Regrouping on the page: who sees what, moves on trial and for good, refusals that keep what was typed."""

from __future__ import annotations

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.regrouping.calc.model import Need, NeedKind, Requirements
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping, TravelTime
from ronghe.domain.regrouping.selectors.proposals import open_proposal
from ronghe.domain.regrouping.services.carrying_out import carry_out
from ronghe.domain.regrouping.services.deciding import approve_regrouping, submit_regrouping
from ronghe.domain.regrouping.services.drafting import change_question
from ronghe.domain.regrouping.services.solving import ask_proposal, search
from tests.factories.org import make_account, make_body, make_person, make_post
from tests.factories.regrouping import make_area, make_proposal, make_regrouping
from tests.kernel.tabular.files import xlsx
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db

LIST = "/org/regrouping/"


def page(regrouping, act: str = "") -> str:
    return f"/org/regrouping/{regrouping.pk}/{act}"


@pytest.fixture
def area(now):
    return make_area()


@pytest.fixture
def regrouping(area, now):
    return make_regrouping(area, now)


@pytest.fixture
def proposal(area, regrouping, now):
    return make_proposal(regrouping, area, now)


@pytest.fixture
def secretary(area, as_person):
    return as_person(area.secretary)


def place_of(proposal, person) -> int:
    return open_proposal(proposal).assignment.where[person.pk]


def test_pages_want_a_log_in(client, regrouping):
    for path in (LIST, f"{LIST}new/", page(regrouping), page(regrouping, "asked/"), page(regrouping, "ways/")):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_who_may_see_it_sees_it_and_others_find_nothing(area, proposal, secretary, as_person):
    regrouping = proposal.regrouping
    clerk, member, stranger = as_person(area.clerk), as_person(area.crew[5]), as_person(make_person(home=make_body()))

    for browser in (secretary, clerk):
        assert browser.get(LIST).context["lines"][0][0] == regrouping
        assert browser.get(page(regrouping)).status_code == 200
    for browser in (member, stranger):
        assert browser.get(LIST).context["lines"] == []
        for path in ("", "why/", "compare/", "asked/", "ways/", "effect/?member=1&to=0", "record.pdf"):
            assert browser.get(page(regrouping, path)).status_code == 404
        assert browser.post(page(regrouping, "solve/")).status_code == 404
    assert member.get(f"{LIST}new/").status_code == 403


def test_whoever_decides_but_does_not_draft_sees_no_tools(area, proposal, as_person):
    judge = area.crew[5]
    make_post(judge, PostRole.COMMITTEE_MEMBER, body=area.branch)
    browser = as_person(judge)

    answer = browser.get(page(proposal.regrouping))

    assert (answer.status_code, answer.context["can_draft"]) == (200, False)
    assert b"data-grip" not in answer.content
    assert browser.get(page(proposal.regrouping, "asked/")).status_code == 404


def test_a_regrouping_is_opened_with_the_area(area, secretary):
    answer = secretary.post(
        f"{LIST}new/", {"body": area.branch.pk, "whole_area": "on", "group_count": "3", "as_of": "2026-09-14"}
    )

    made = Regrouping.objects.get()
    assert answer["Location"] == page(made)
    assert (made.unit, made.group_count) == (area.unit, 3)
    assert "还没有方案" not in text_of(secretary.get(page(made)).content.decode())


@pytest.mark.parametrize("change", [{"group_count": "1"}, {"as_of": "2099-01-01"}, {"body": "0"}, {"as_of": "昨天"}])
def test_a_wrong_form_stays_with_what_was_typed(area, secretary, change):
    asked = {"body": area.branch.pk, "group_count": "3", "as_of": "2026-09-14", **change}

    answer = secretary.post(f"{LIST}new/", asked)

    assert answer.status_code == 422
    assert Regrouping.objects.count() == 0


def test_the_arrange_page_shows_columns_capabilities_and_the_line(area, proposal, secretary):
    board = secretary.get(page(proposal.regrouping)).context["board"]

    assert [column.name for column in board.columns] == ["第一党小组", "第二党小组"]
    assert sum(len(column.people) for column in board.columns) == 16
    assert all(column.alone for column in board.columns)
    assert {one.name for one in board.columns[0].capabilities} == {"运行", "电仪", "管护"}
    assert sum(row.is_leader for column in board.columns for row in column.people) == 2
    assert sum(len(line.stops) for line in board.lines) == 3
    assert board.compared[0].after == "2"


def test_a_move_on_trial_is_shown_and_not_made(area, proposal, secretary):
    person = area.crew[1]
    to = 1 - place_of(proposal, person)

    board = secretary.get(page(proposal.regrouping), {"p": "A", "member": person.pk, "to": to}).context["board"]

    assert (board.move.person, board.move.on_trial) == (person.name, True)
    assert board.columns[1 - to].left_from == person.name
    assert [row.name for row in board.columns[to].people if row.trying] == [person.name]
    assert GroupingProposal.objects.count() == 2


def test_the_effect_is_a_fragment_with_every_part(area, proposal, secretary):
    person = area.crew[1]

    answer = secretary.get(
        page(proposal.regrouping, "effect/"), {"p": "A", "member": person.pk, "to": 1 - place_of(proposal, person)}
    )

    for part in ("banner", "side", "lines", "head-0", "head-1", "foot-0", "foot-1"):
        assert f'id="{part}"' in answer.content.decode()
    assert person.name in text_of(answer.content.decode())


@pytest.mark.parametrize("query", ["", "member=1", "member=x&to=y", "member=1&to=99", "member=999999&to=0", "p=Z"])
def test_an_effect_of_nothing_is_not_found(proposal, secretary, query):
    assert secretary.get(page(proposal.regrouping, f"effect/?{query}")).status_code == 404


@pytest.mark.parametrize("query", ["p=Z", "member=x&to=0", "member=&to=", "v=garbage", "p=%00", "a=1&b=2"])
def test_garbage_in_the_query_is_no_fault(proposal, secretary, query):
    for path in ("", "compare/", "why/"):
        assert secretary.get(page(proposal.regrouping, f"{path}?{query}")).status_code == 200


def test_a_move_makes_a_proposal_of_the_hand_that_can_be_put_back(area, proposal, secretary):
    regrouping, person = proposal.regrouping, area.crew[1]
    here = place_of(proposal, person)

    answer = secretary.post(page(regrouping, "A/move/"), {"place": f"{person.pk}:{1 - here}", "seen": "3"})

    made = GroupingProposal.objects.get(letter="B")
    assert answer["Location"] == page(regrouping, "?p=B")
    assert place_of(made, person) == 1 - here
    secretary.post(page(regrouping, "B/back/"), {"seen": "0"})
    assert place_of(GroupingProposal.objects.get(letter="B"), person) == here


@pytest.mark.parametrize("place", ["", "x", "1", "1:", ":0", "999999:0", "1:99"])
def test_a_move_to_nowhere_is_refused_with_a_word(proposal, secretary, place):
    answer = secretary.post(page(proposal.regrouping, "A/move/"), {"place": place}, follow=True)

    assert "没有这个人" in text_of(answer.content.decode())
    assert GroupingProposal.objects.count() == 2


def test_a_broken_rule_is_told_with_the_ways_back(area, proposal, secretary):
    regrouping = proposal.regrouping
    held, letter = proposal, "A"
    for person in area.crew[6:9]:  # everybody of one trade at one station group
        if place_of(held, person) == 0:
            secretary.post(page(regrouping, f"{letter}/move/"), {"place": f"{person.pk}:1"})
            held, letter = GroupingProposal.objects.get(letter="B"), "B"
    guards = [one.id for one in open_proposal(held).problem.members if one.trade == "管护"]
    for pk in guards:
        secretary.post(page(regrouping, f"{letter}/move/"), {"place": f"{pk}:1"})
        letter = "B" if GroupingProposal.objects.filter(letter="B").exists() else "A"

    answer = secretary.get(page(regrouping, "?p=B"))

    words = text_of(answer.content.decode())
    assert "第一党小组不能单独管一片" in words
    assert "少于 2 人" in words
    assert "放回" in words
    refused = secretary.post(page(regrouping, "B/submit/"), follow=True)
    assert "不能报支委会" in text_of(refused.content.decode())


def test_a_person_is_pinned_where_they_stand_and_freed_again(area, proposal, secretary):
    regrouping, person = proposal.regrouping, area.crew[1]

    secretary.post(page(regrouping, "A/pin/"), {"pin": person.pk})
    regrouping.refresh_from_db()
    hub = open_proposal(proposal).assignment.areas[place_of(proposal, person)].hub
    assert regrouping.pins == [{"member": person.pk, "hub": hub, "group": None}]

    secretary.post(page(regrouping, "A/pin/"), {"pin": person.pk})
    regrouping.refresh_from_db()
    assert regrouping.pins == []
    assert secretary.post(page(regrouping, "A/pin/"), {"pin": "x"}).status_code == 404


def test_who_may_lead_is_set_on_the_page(area, proposal, secretary):
    person = area.crew[0]

    secretary.post(page(proposal.regrouping, "A/lead/"), {"lead": f"{person.pk}:0"})

    assert Regrouping.objects.get().leading == {str(person.pk): False}


def test_solving_is_put_down_and_shown_as_it_goes(area, regrouping, secretary, now):
    answer = secretary.post(page(regrouping, "solve/"))
    assert answer["Location"] == page(regrouping, "?p=A")
    waiting = secretary.get(page(regrouping, "?p=A"))
    assert 'hx-trigger="every 700ms"' in waiting.content.decode()
    proposal = GroupingProposal.objects.get(letter="A")
    assert secretary.fragment(page(regrouping), {"p": "A", "v": waiting.context["version"]}).status_code == 204

    search(proposal=proposal, at=now)

    done = secretary.fragment(page(regrouping), {"p": "A", "v": waiting.context["version"]})
    assert done.status_code == 200
    assert "every 700ms" not in done.content.decode()
    assert "<html" not in done.content.decode()


def test_stopping_what_waits(area, regrouping, secretary, now):
    ask_proposal(regrouping=regrouping, actor=area.secretary, at=now)

    secretary.post(page(regrouping, "A/stop/"))

    assert GroupingProposal.objects.get(letter="A").solving == "failed"
    assert secretary.get(page(regrouping, "?p=A")).status_code == 200


def test_a_conflict_is_told_and_loosened_by_a_button(area, regrouping, secretary, now):
    change_question(
        regrouping=regrouping, seen=0, actor=area.secretary, at=now,
        requirements=Requirements(needs=(Need(NeedKind.TRADE, "管护", 3),)),
    )  # fmt: skip
    make_proposal(regrouping, area, now)

    words = text_of(secretary.get(page(regrouping)).content.decode())
    assert "大工种“管护”每组至少 3 人（共 4 人，需要 6 人）" in words
    assert "每组少要 1 人" in words

    secretary.post(page(regrouping, "loosen/"), {"rule": "need:trade:管护"})

    assert Regrouping.objects.get().requirements["needs"][0]["minimum"] == 2
    assert GroupingProposal.objects.filter(solving="waiting", letter="B").exists()


def test_a_need_of_some_regions_only_is_loosened_as_well(area, regrouping, secretary, now):
    """AL-15: what a group needs may hang on how its hub is manned."""
    change_question(
        regrouping=regrouping, seen=0, actor=area.secretary, at=now,
        requirements=Requirements(needs=(Need(NeedKind.TRADE, "管护", 9, staffing="attended"),)),
    )  # fmt: skip
    make_proposal(regrouping, area, now)

    words = text_of(secretary.get(page(regrouping)).content.decode())

    assert "值守的组，大工种“管护”每组至少 9 人" in words
    assert "每组少要 1 人" in words


@pytest.mark.parametrize("rule", ["", "x", "groups", "least", "most", "leader", "need:trade", "need:"])
def test_any_rule_can_be_sent_to_loosen(regrouping, secretary, rule):
    assert secretary.post(page(regrouping, "loosen/"), {"rule": rule}).status_code == 302


@pytest.mark.parametrize("rule", ["pin:x", "pin:999999", "apart:1:x", "apart:"])
def test_loosening_for_nobody_is_not_found(regrouping, secretary, rule):
    assert secretary.post(page(regrouping, "loosen/"), {"rule": rule}).status_code == 404


def asked_form(secretary, regrouping, **changes):
    form = secretary.get(page(regrouping, "asked/")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {**values, **changes}
    return {name: value for name, value in sent.items() if value is not None and value is not False and value != []}


def test_needs_weights_and_order_are_changed_on_the_page(area, regrouping, secretary):
    first = asked_form(secretary, regrouping, weight_travel=7, first_to_give="age", group_count=3, least=4)
    first["need_0"] = 1

    answer = secretary.post(page(regrouping, "asked/"), first)

    kept = Regrouping.objects.get()
    assert answer["Location"] == page(regrouping)
    assert (kept.weights["travel"], kept.bands[0], kept.group_count) == (7, "age", 3)
    assert kept.requirements["least"] == 4
    assert secretary.post(page(regrouping, "asked/"), first).status_code == 422  # the version is old now


@pytest.mark.parametrize(
    "changes",
    [{"min_members": 2}, {"min_formal": 0}, {"group_count": 13}, {"least": 9, "most": 3}, {"weight_size": -1}],
)
def test_po_09_what_cannot_be_asked_stays_in_the_form(regrouping, secretary, changes):
    """PO-09: fewer than three members, one of them full, cannot be asked for."""
    answer = secretary.post(page(regrouping, "asked/"), asked_form(secretary, regrouping, **changes))

    assert answer.status_code == 422
    assert Regrouping.objects.get().settings_version == 0


def test_pairs_are_set_and_freed(area, regrouping, secretary):
    pair = {"first": area.crew[0].pk, "second": area.crew[1].pk}

    secretary.post(page(regrouping, "apart/"), pair)
    assert area.crew[0].name in text_of(secretary.get(page(regrouping, "asked/")).content.decode())
    secretary.post(page(regrouping, "apart/"), {**pair, "free": "1"})
    secretary.post(page(regrouping, "apart/"), {"first": "x"})
    secretary.post(page(regrouping, "apart/"), {"first": area.crew[0].pk, "second": area.crew[0].pk})

    assert Regrouping.objects.get().apart == []


def test_ways_are_typed_imported_and_guessed(area, regrouping, secretary, tmp_path):
    TravelTime.objects.all().delete()
    a, b, c = (one.name for one in area.stations)

    assert secretary.post(page(regrouping, "ways/"), {"a": a, "b": b, "minutes": "25"}).status_code == 302
    assert secretary.post(page(regrouping, "ways/"), {"a": a, "b": a, "minutes": "25"}).status_code == 422
    assert secretary.post(page(regrouping, "ways/"), {"a": a, "b": "天边", "minutes": "0"}).status_code == 422
    file = xlsx(tmp_path / "路程.xlsx", [["站场", "站场", "分钟"], [b, c, 40]])
    with file.open("rb") as opened:
        assert secretary.post(page(regrouping, "ways/import/"), {"file": opened}).status_code == 302
    order = {f"order_{one.pk}": number for number, one in enumerate(area.stations, start=1)}
    secretary.post(page(regrouping, "ways/line/"), order)

    kept = {(row.a.name, row.b.name): (row.minutes, row.source) for row in TravelTime.objects.all()}
    assert kept == {(a, b): (25, "typed"), (b, c): (40, "imported")}
    assert "40" in text_of(secretary.get(page(regrouping, "ways/")).content.decode())


@pytest.mark.parametrize(
    "rows", [[["没有数字", "一行", "也没有"]], [["龙岗站", "天边站", 30]], [["龙岗站", "立山站", 9999]]]
)
def test_a_table_that_cannot_be_used_is_refused_whole(regrouping, secretary, tmp_path, rows):
    before = list(TravelTime.objects.values_list("minutes", flat=True))

    with xlsx(tmp_path / "路程.xlsx", rows).open("rb") as opened:
        assert secretary.post(page(regrouping, "ways/import/"), {"file": opened}).status_code == 422
    assert secretary.post(page(regrouping, "ways/import/")).status_code == 422
    assert list(TravelTime.objects.values_list("minutes", flat=True)) == before


def test_two_proposals_side_by_side(area, proposal, secretary):
    person = area.crew[1]
    secretary.post(page(proposal.regrouping, "A/move/"), {"place": f"{person.pk}:{1 - place_of(proposal, person)}"})

    context = secretary.get(page(proposal.regrouping, "compare/?a=A&b=B")).context

    assert [row[0] for row in context["people"]] == [person]
    assert ("组数", "2", "2") in context["rows"]


def test_why_tells_the_price_the_gap_and_what_gave_way(proposal, secretary):
    words = text_of(secretary.get(page(proposal.regrouping, "why/?p=A")).content.decode())

    assert "与可证明的最好相差" in words or "已证明是这些中心站下最好的" in words
    assert "按这个顺序放宽：党龄 → 年龄 → 男女比例" in words
    assert str(proposal.outcome["objective"]) in words


def test_from_submitting_to_undoing_on_the_page(area, proposal, secretary, now):
    regrouping = proposal.regrouping
    day = {"decided_on": "2026-09-14", "effective_on": "2026-09-14"}

    secretary.post(page(regrouping, "A/submit/"))
    assert secretary.post(page(regrouping, "approve/"), {**day, "effective_on": "2026-09-01"}).status_code == 422
    assert secretary.post(page(regrouping, "approve/"), {"decided_on": "x"}).status_code == 422
    assert secretary.post(page(regrouping, "return/"), {"reason": ""}).status_code == 422
    secretary.post(page(regrouping, "approve/"), day)
    shown = secretary.get(page(regrouping))
    assert shown.context["can_carry_out"]
    secretary.post(page(regrouping, "carry-out/"))
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert secretary.get(page(regrouping, f"record.{form}")).content.startswith(begins)
    assert secretary.get(page(regrouping, "record.exe")).status_code == 404
    secretary.post(page(regrouping, "undo/"))

    assert Regrouping.objects.get().state == "undone"
    assert secretary.post(page(regrouping, "drop/"), {"reason": "不办"}).status_code == 422


def test_returned_and_dropped_with_a_reason(area, proposal, secretary):
    regrouping = proposal.regrouping
    secretary.post(page(regrouping, "A/submit/"))

    secretary.post(page(regrouping, "return/"), {"reason": "第一组太远"})
    assert "第一组太远" in text_of(secretary.get(page(regrouping)).content.decode())
    secretary.post(page(regrouping, "drop/"), {"reason": "机构要调整"})

    assert Regrouping.objects.get().state == "dropped"


def test_the_office_above_reads_what_was_decided(area, proposal, as_person, now):
    """PO-08: not approved by the body above, but known to it."""
    regrouping = submit_regrouping(proposal=proposal, actor=area.secretary, at=now)
    approve_regrouping(
        regrouping=regrouping, decided_on=now.date(), effective_on=now.date(), actor=area.secretary, at=now
    )
    carry_out(regrouping=regrouping, actor=area.secretary, at=now)

    words = text_of(as_person(area.clerk).get(page(regrouping)).content.decode())

    assert "已执行" in words
    assert "不必报批，报上级知晓（PO-08）" in words


def test_a_branch_without_groups_and_stations_has_a_page_too(area, now, as_person):
    branch = make_body("机关党支部", parent=area.committee)
    secretary = make_person("韩雪松", home=branch)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    for _ in range(7):
        make_person(home=branch)
    browser = as_person(secretary)

    browser.post(f"{LIST}new/", {"body": branch.pk, "group_count": "2", "as_of": "2026-09-14"})

    regrouping = Regrouping.objects.get(body=branch)
    words = text_of(browser.get(page(regrouping)).content.decode())
    assert "没有站场，不按区域划分" in words
    assert browser.get(page(regrouping, "ways/")).status_code == 200
    assert browser.get(page(regrouping, "compare/")).status_code == 200
    assert browser.get(page(regrouping, "why/")).status_code == 404


def test_statements_do_not_grow_with_people(area, proposal, secretary, statements):
    few = statements(secretary, page(proposal.regrouping))
    make_account(make_person("旁人"))
    for _ in range(6):
        make_person(home=area.branch, unit=area.stations[0])
    bigger = make_proposal(make_regrouping(area, proposal.created_at), area, proposal.created_at)

    assert statements(secretary, page(bigger.regrouping)) == few
