"""Rosters held against what is on file: found side by side, taken over or dismissed, people who left ended and taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.org.calc.roster.reading import SmellsClassified, SourceFile
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import Membership, Person, PersonStatus, RosterComparison, RosterDifference
from ronghe.domain.org.selectors.rosters import comparisons_seen_by, differences_of_comparison
from ronghe.domain.org.services.roster_comparisons import (
    NoReason,
    NoSuchSide,
    NothingToTake,
    TooDifferent,
    close_comparison,
    compare_rosters,
    difference_rows,
    dismiss,
    shown,
    take_over,
)
from ronghe.domain.org.services.roster_endings import HoldsPost, NotMissing, end_missing, take_back
from ronghe.domain.org.services.rosters import NotDeclared, accept_roster, upload_roster
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_account, make_body, make_person, make_post, make_unit
from tests.kernel.tabular.files import xlsx

pytestmark = pytest.mark.django_db
HEAD = [
    "姓名",
    "性别",
    "身份证号",
    "员工编号",
    "班站",
    "工种",
    "政治面貌",
    "入党时间",
    "所在党支部",
    "所在党小组",
    "联系电话",
]
BRANCH = "仪陇输气作业区党支部"
MA = ["马春杰", "男", "", "A001", "仪陇中心站", "采气工", "中共党员", "2006-06", BRANCH, "第一党小组", "13976497003"]
HE = ["贺红", "女", "", "A002", "马鞍站", "输气工", "中共预备党员", "2026-01", BRANCH, "第一党小组", "13976497004"]
LI = ["李卫东", "男", "", "A003", "马鞍站", "电工", "群众", "", "", "", ""]
EXPORT = ["用户姓名", "党员身份", "组织名称", "绑定手机号", "累计学时", "学习积分"]


@pytest.fixture
def field(tmp_path, morning):
    """A unit's committee with a clerk, and three people on file from an earlier roster."""
    company = make_unit("川东北气矿", kind=UnitKind.COMPANY)
    area = make_unit("仪陇输气作业区", parent=company, kind=UnitKind.OPERATION_AREA)
    committee = make_body("川东北气矿党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    body = make_body("仪陇输气作业区党委", parent=committee, kind=PartyOrgKind.COMMITTEE, unit=area)
    clerk, stranger = make_person("何芳", unit=company), make_person("倪春梅", home=make_body("采油七队党支部"))
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=body)
    uploaded = upload_roster(
        files=written(tmp_path, MA, HE, LI), body=body, actor=clerk, at=morning - timedelta(days=30),
        declares_unclassified=True,
    )  # fmt: skip
    accept_roster(roster_import=uploaded, actor=clerk, at=morning - timedelta(days=30), reasons={})
    return {"body": body, "clerk": clerk, "stranger": stranger, "folder": tmp_path, "at": morning}


def written(folder, *rows, head=HEAD, name="花名册.xlsx", title="填报单位：仪陇输气作业区"):
    return [SourceFile(xlsx(folder / name, [[title], head, *rows]), name)]


def compared(field, *rows, head=HEAD, other=(), is_full=False, **changes):
    lists = {"a": written(field["folder"], *rows, head=head, name="甲.xlsx")}
    if other:
        lists["b"] = written(field["folder"], *other, head=EXPORT, name="铁人先锋导出.xlsx")
    given = {"body": field["body"], "actor": field["clerk"], "at": field["at"], "declares_unclassified": True}
    return compare_rosters(lists=lists, is_full=is_full, **given | changes)


def changed(row, **values):
    return [values.get(head, value) for head, value in zip(HEAD, row, strict=True)]


def told(comparison):
    return [(d.kind, shown(d).name, d.field) for d in differences_of_comparison(comparison)]


def settle(act, comparison, differences, field, **more):
    return act(comparison=comparison, differences=differences, actor=field["clerk"], at=field["at"], **more)


def test_the_same_list_differs_in_nothing_and_writes_nothing(field):
    before = list(Person.objects.order_by("pk").values())

    assert told(compared(field, MA, HE, LI, is_full=True)) == []
    assert list(Person.objects.order_by("pk").values()) == before


def test_differences_are_told_field_by_field_and_side_by_side(field):
    comparison = compared(field, changed(MA, 工种="集输工", 班站="马鞍站"), HE)

    assert told(comparison) == [("differs", "马春杰", "trade"), ("differs", "马春杰", "unit")]
    assert shown(differences_of_comparison(comparison)[0]).values == {"here": "采气工", "a": "集输工"}


def test_a_silent_cell_and_a_month_differ_from_nothing(field):
    Person.objects.filter(name="马春杰").update(joined_party_on=date(2006, 6, 20))

    assert told(compared(field, changed(MA, 工种="", 入党时间="2006-06"))) == []
    assert told(compared(field, changed(MA, 入党时间="2006-07"))) == [("differs", "马春杰", "joined_party_on")]


def test_unit_above_says_less_and_not_otherwise(field):
    assert told(compared(field, changed(MA, 班站=""))) == []


def test_export_of_the_company_platform_is_read_by_its_own_words(field):
    comparison = compared(
        field, MA, HE, LI, other=[["马春杰", "正式党员", BRANCH, "13976497003", "32", "880"],
                                  ["贺红", "正式党员", BRANCH, "13976497004", "16", "410"]],
    )  # fmt: skip

    assert told(comparison) == [("differs", "贺红", "political_status")]
    assert shown(comparison.differences.get()).values == {"here": "中共预备党员", "a": "中共预备党员", "b": "中共党员"}


def test_list_of_members_leaves_everybody_else_alone(field):
    export = [["马春杰", "正式党员", BRANCH, "13976497003", "", ""], ["贺红", "预备党员", BRANCH, "", "", ""]]

    assert told(compared(field, MA, HE, LI, other=export, is_full=True)) == []


def test_missing_here_missing_there_and_in_one_list_only(field):
    new = changed(LI, 姓名="向前进", 员工编号="A009")
    export = [["马春杰", "正式党员", BRANCH, "13976497003", "", ""]]

    assert told(compared(field, MA, HE, new, other=export, is_full=True)) == [
        ("not_listed", "李卫东", ""), ("one_list", "贺红", ""), ("not_here", "向前进", ""),
    ]  # fmt: skip


def test_name_alone_is_a_doubt(field):
    comparison = compared(field, ["李卫东", "", "", "", "复兴站", "", "", "", "", "", ""])

    assert told(comparison) == [("doubtful", "李卫东", "")]
    assert comparison.differences.get().person.name == "李卫东"


def test_number_that_differs_where_all_else_agrees_is_a_doubt_and_nobody_is_missing(field):
    comparison = compared(field, changed(MA, 员工编号="A777"), HE, LI, is_full=True)

    assert told(comparison) == [("doubtful", "马春杰", "")]

    settle(take_over, comparison, list(comparison.differences.all()), field, side="a")

    assert Person.objects.get(name="马春杰").staff_number == "A777"


def test_taking_over_writes_the_chosen_fields_and_no_others(field):
    comparison = compared(field, changed(MA, 工种="集输工", 联系电话="13800000001"))
    trade = comparison.differences.get(field="trade")

    settle(take_over, comparison, [trade], field, side="a")

    person = Person.objects.get(name="马春杰")
    assert (person.trade, len(told(comparison))) == ("集输工", 2)
    assert comparison.differences.get(field="phone").state == "open"
    fact = Fact.objects.filter(kind="org.person_edited").latest("pk")
    assert fact.values == {"fields": "trade", "count": 1}


def test_status_taken_over_is_dated_from_that_day_and_the_old_one_before_pe_08(field):
    comparison = compared(field, changed(HE, 政治面貌="中共党员"))

    settle(take_over, comparison, list(comparison.differences.all()), field, side="a")

    rows = PersonStatus.objects.filter(person__name="贺红").order_by("valid_from")
    assert [(row.status, row.valid_until) for row in rows] == [("02", date(2026, 9, 14)), ("01", None)]


def test_branch_and_group_taken_over_begin_that_day_and_are_facts(field):
    comparison = compared(field, changed(MA, 所在党小组="第二党小组"))

    settle(take_over, comparison, list(comparison.differences.all()), field, side="a")

    rows = Membership.objects.filter(person__name="马春杰").order_by("pk")
    assert [(row.group.name, row.valid_until) for row in rows] == [
        ("第一党小组", date(2026, 9, 14)), ("第二党小组", None),
    ]  # fmt: skip
    assert Fact.objects.filter(kind="org.group_changed").count() == 1


def test_somebody_missing_here_is_put_on_file(field):
    comparison = compared(field, changed(MA, 姓名="向前进", 员工编号="A009", 联系电话="13800000009"))

    settle(take_over, comparison, [comparison.differences.get(kind="not_here")], field, side="a")

    person = Person.objects.get(name="向前进")
    assert (person.staff_number, person.memberships.get().body.name) == ("A009", BRANCH)


def test_a_doubt_taken_over_is_the_same_person_and_fills_the_gaps(field):
    comparison = compared(field, ["李卫东", "", "", "", "复兴站", "电工", "", "", "", "", "13800000003"])

    settle(take_over, comparison, list(comparison.differences.all()), field, side="a")

    assert Person.objects.filter(name="李卫东").count() == 1
    assert told(compared(field, changed(LI, 联系电话="13800000003"))) == []


def test_only_a_side_that_says_something_is_taken(field):
    comparison = compared(
        field, changed(MA, 工种="集输工"), other=[["马春杰", "正式党员", BRANCH, "13976497003", "", ""]], is_full=True
    )
    with pytest.raises(NoSuchSide):
        settle(take_over, comparison, [comparison.differences.get(field="trade")], field, side="b")
    with pytest.raises(NothingToTake):
        settle(take_over, comparison, [comparison.differences.filter(kind="not_listed")[0]], field, side="a")


def test_each_difference_is_settled_once(field):
    comparison = compared(field, changed(MA, 工种="集输工"))
    found = list(comparison.differences.all())
    with pytest.raises(NoReason):
        settle(dismiss, comparison, found, field, reason=" ")

    settle(dismiss, comparison, found, field, reason="以本平台为准")

    assert comparison.differences.get().reason == "以本平台为准"
    for act, more in ((take_over, {"side": "a"}), (dismiss, {"reason": "再次"})):
        with pytest.raises(Stale):
            settle(act, comparison, found, field, **more)
    assert Person.objects.get(name="马春杰").trade == "采气工"


def test_who_left_is_ended_in_one_act_and_taken_back_se_04(field):
    account = make_account(Person.objects.get(name="李卫东"))
    comparison = compared(field, MA, changed(LI, 姓名="向前进", 员工编号="A009"), is_full=True)
    missing = list(comparison.differences.filter(kind="not_listed").order_by("pk"))
    assert [d.person.name for d in missing] == ["李卫东", "贺红"]

    settle(end_missing, comparison, missing, field)

    account.refresh_from_db()
    assert not account.is_active
    assert set(Person.objects.filter(valid_until=field["at"].date()).values_list("name", flat=True)) == {
        "李卫东",
        "贺红",
    }
    assert Membership.objects.get(person__name="贺红").valid_until == field["at"].date()

    for difference in comparison.differences.filter(state="ended").order_by("pk"):
        take_back(difference=difference, actor=field["clerk"], at=field["at"])

    account.refresh_from_db()
    assert account.is_active
    assert not Person.objects.exclude(valid_until=None).exists()
    assert Membership.objects.get(person__name="贺红").valid_until is None
    left = Fact.objects.filter(kind="org.person_left")
    assert [fact.reverses is None for fact in left.order_by("pk")] == [True, True, False, False]
    with pytest.raises(Stale):
        take_back(difference=comparison.differences.filter(kind="not_listed")[0], actor=field["clerk"], at=field["at"])


def test_who_holds_a_post_is_relieved_first(field):
    person = Person.objects.get(name="贺红")
    make_post(person, PostRole.GROUP_LEADER, body=Membership.objects.get(person=person).group)
    comparison = compared(field, MA, LI, is_full=True)
    with pytest.raises(HoldsPost):
        settle(end_missing, comparison, list(comparison.differences.all()), field)
    assert comparison.differences.get().state == "open"


def test_who_is_listed_is_not_ended(field):
    comparison = compared(field, changed(MA, 工种="集输工"))
    with pytest.raises(NotMissing):
        settle(end_missing, comparison, list(comparison.differences.all()), field)


def test_comparing_and_settling_are_for_the_leaders_of_the_body(field):
    comparison = compared(field, changed(MA, 工种="集输工"))
    found = list(comparison.differences.all())
    with pytest.raises(NotAllowed):
        compared(field, MA, actor=field["stranger"])
    for act, more in ((take_over, {"side": "a"}), (dismiss, {"reason": "不"}), (end_missing, {})):
        with pytest.raises(NotAllowed):
            act(comparison=comparison, differences=found, actor=field["stranger"], at=field["at"], **more)
    assert list(comparisons_seen_by(field["stranger"], field["at"])) == []
    assert list(comparisons_seen_by(field["clerk"], field["at"])) == [comparison]


def test_nothing_is_read_without_the_declaration_pi_06(field):
    with pytest.raises(NotDeclared):
        compared(field, MA, declares_unclassified=False)
    assert not RosterComparison.objects.exists()


@pytest.mark.parametrize("title", ["2025年党内统计年报表", "密级：秘密", "全国党员管理信息系统导出", "机密★1年"])
def test_tables_of_the_closed_network_are_not_loaded_pi_06(field, title):
    with pytest.raises(SmellsClassified):
        compare_rosters(
            lists={"a": written(field["folder"], MA, title=title)}, body=field["body"], actor=field["clerk"],
            at=field["at"], declares_unclassified=True, is_full=False,
        )  # fmt: skip
    with pytest.raises(SmellsClassified):
        upload_roster(
            files=written(field["folder"], MA, title=title), body=field["body"], actor=field["clerk"], at=field["at"],
            declares_unclassified=True,
        )  # fmt: skip


def test_name_of_a_file_may_give_it_away_pi_06(field):
    with pytest.raises(SmellsClassified):
        upload_roster(
            files=written(field["folder"], MA, name="2025年党内统计.xlsx"), body=field["body"], actor=field["clerk"],
            at=field["at"], declares_unclassified=True,
        )  # fmt: skip


@pytest.mark.parametrize("title", ["非涉密人员花名册", "密级：公开", "保密委员会办公室人员花名册"])
def test_tables_that_say_they_are_not_classified_are_loaded_pi_06(field, title):
    files = written(field["folder"], MA, title=title)

    assert compare_rosters(
        lists={"a": files}, body=field["body"], actor=field["clerk"], at=field["at"], declares_unclassified=True,
        is_full=False,
    )  # fmt: skip


def test_closing_deletes_what_the_lists_said_pi_04(field):
    comparison = compared(field, changed(MA, 工种="集输工"))

    close_comparison(comparison=comparison, actor=field["clerk"], at=field["at"])

    assert comparison.people_sealed is None
    assert RosterDifference.objects.get().said_sealed is None
    assert shown(RosterDifference.objects.get()).name == ""
    with pytest.raises(Stale):
        close_comparison(comparison=comparison, actor=field["clerk"], at=field["at"])
    with pytest.raises(Stale):
        settle(take_over, comparison, list(comparison.differences.all()), field, side="a")


def test_numbers_are_sealed_and_masked_pi_09(field):
    comparison = compared(field, changed(MA, 联系电话="13800000001"))

    found = comparison.differences.get()
    assert "13800000001" not in found.said_sealed
    assert shown(found).values == {"here": "139****7003", "a": "138****0001"}


def test_rows_of_the_workbook_say_what_the_page_says(field):
    comparison = compared(field, changed(MA, 工种="集输工"))

    assert list(difference_rows(comparison)) == [["内容不一致", "马春杰", "工种", "采气工", "集输工", "待处理", ""]]


def test_list_of_other_people_is_refused(field, monkeypatch):
    monkeypatch.setattr("ronghe.domain.org.services.roster_comparisons.MOST_DIFFERENCES", 1)
    with pytest.raises(TooDifferent):
        compared(field, changed(MA, 工种="集输工", 班站="马鞍站"))


def test_facts_of_comparing_hold_counts_only(field):
    compared(field, changed(MA, 工种="集输工"))

    fact = Fact.objects.get(kind="org.roster_compared")
    assert fact.values == {"people": 1, "differences": 1}


def test_an_open_home_is_one_after_all_of_it(field):
    settle(take_over, *_with(compared(field, changed(MA, 所在党小组="第二党小组"))), field, side="a")

    homes = Membership.objects.filter(person__name="马春杰", kind=MembershipKind.HOME, valid_until=None)
    assert homes.count() == 1


def _with(comparison):
    return comparison, list(comparison.differences.all())
