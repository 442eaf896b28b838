"""Trades: claimed, confirmed, the main one, the matrix, the Excel table, broad names."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import Workbook

from ronghe.domain.members.enums import BroadKind, SkillState
from ronghe.domain.members.models import BroadName, PersonSkill
from ronghe.domain.members.selectors import broad_of, skills_of
from ronghe.domain.members.selectors.matrix import claims_waiting, skill_lines, skill_matrix, trade_counts
from ronghe.domain.members.services.broad_names import (
    NameUnfit,
    drop_broad_name,
    import_broad_names,
    keep_broad_name,
)
from ronghe.domain.members.services.skill_import import import_skills
from ronghe.domain.members.services.skills import (
    OwnSkill,
    SkillHeld,
    SkillUnnamed,
    claim_skill,
    confirm_skill,
    end_skill,
    enter_skill,
    refuse_skill,
)
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.tabular.lines import HeadsMissing, RowsRefused
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.members.making import make_branch
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


@pytest.fixture
def story():
    return make_branch()


def claim(story, morning, trade="电工", **more):
    return claim_skill(person=story.member, trade=trade, since=SINCE, actor=story.member, at=morning, **more)


def enter(story, morning, trade="电工", **more):
    return enter_skill(person=story.member, trade=trade, since=SINCE, actor=story.secretary, at=morning, **more)


def table(tmp_path, *rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "表.xlsx"
    book.save(path)
    return path


def test_what_somebody_claims_counts_once_a_leader_confirms_it(story, morning):
    skill = claim(story, morning, is_main=True, grade="高级工")

    assert skills_of([story.member.pk]) == {story.member.pk: []}
    assert list(claims_waiting(story.secretary, morning)) == [skill]
    assert list(claims_waiting(story.member, morning)) == []
    confirm_skill(skill=skill, actor=story.secretary, at=morning)

    (held,) = skills_of([story.member.pk])[story.member.pk]
    assert (held.trade, held.is_main, held.grade) == ("电工", True, "高级工")
    assert Person.objects.get(pk=story.member.pk).trade == "电工"


def test_nobody_claims_for_another_and_nobody_confirms_the_own(story, morning):
    with pytest.raises(NotAllowed):
        claim_skill(person=story.member, trade="电工", since=SINCE, actor=story.secretary, at=morning)
    own = claim_skill(person=story.secretary, trade="电工", since=SINCE, actor=story.secretary, at=morning)
    with pytest.raises(OwnSkill):
        confirm_skill(skill=own, actor=story.secretary, at=morning)
    with pytest.raises(OwnSkill):
        enter_skill(person=story.secretary, trade="焊工", since=SINCE, actor=story.secretary, at=morning)

    assert confirm_skill(skill=own, actor=story.clerk, at=morning).state == SkillState.CONFIRMED


def test_a_stranger_neither_enters_nor_settles(story, morning):
    skill = claim(story, morning)

    for act in (confirm_skill, refuse_skill, end_skill):
        with pytest.raises(NotAllowed):
            act(skill=skill, actor=story.stranger, at=morning)
    with pytest.raises(NotAllowed):
        enter_skill(person=story.member, trade="焊工", since=SINCE, actor=story.stranger, at=morning)


def test_there_is_one_main_trade_and_a_trade_is_held_once(story, morning):
    first = enter(story, morning, "电工", is_main=True)
    enter(story, morning, "焊工", is_main=True)

    first.refresh_from_db()
    assert (first.is_main, first.state) == (False, SkillState.CONFIRMED)
    assert [skill.trade for skill in skills_of([story.member.pk])[story.member.pk]] == ["焊工", "电工"]
    with pytest.raises(SkillHeld):
        enter(story, morning, " 电工 ")
    with pytest.raises(SkillUnnamed):
        enter(story, morning, "  ")


def test_a_settled_claim_is_not_settled_again_and_may_be_claimed_anew(story, morning):
    skill = refuse_skill(skill=claim(story, morning), actor=story.secretary, at=morning)

    with pytest.raises(StepNotAllowed):
        confirm_skill(skill=skill, actor=story.secretary, at=morning)
    again = claim(story, morning)
    end_skill(skill=again, actor=story.member, at=morning)  # taken back by the person
    confirmed = enter(story, morning)
    with pytest.raises(NotAllowed):  # what is confirmed only the leader ends
        end_skill(skill=confirmed, actor=story.member, at=morning)


def test_without_a_confirmed_main_trade_the_rosters_is_the_main_one(story, morning):
    Person.objects.filter(pk=story.member.pk).update(trade="仪表工", skill_grade="技师")
    enter(story, morning, "电工")

    held = skills_of([story.member.pk])[story.member.pk]

    assert [(one.trade, one.is_main, one.from_roster) for one in held] == [
        ("仪表工", True, True), ("电工", False, False),
    ]  # fmt: skip


def test_the_matrix_counts_each_trade_over_everybody_in_sight_in_constant_reads(
    story, morning, django_assert_max_num_queries
):
    for number in range(12):
        person = make_person(f"职工甲{number:02}", home=story.branch, unit=story.unit)
        Person.objects.filter(pk=person.pk).update(trade="电工" if number % 2 else "焊工")
    enter(story, morning, "电工")

    with django_assert_max_num_queries(9):
        matrix = skill_matrix(story.secretary, morning, body=story.branch.pk, size=5)

    assert matrix.trades == [("电工", 7), ("焊工", 6)]
    assert len(matrix.people) == 5
    assert skill_matrix(story.secretary, morning, trade="焊工").people.count == 6
    assert skill_matrix(story.secretary, morning, text="王新").people.count == 1
    assert skill_matrix(story.stranger, morning).people.count == 1  # only oneself
    assert trade_counts(Person.objects.filter(pk=story.member.pk)) == [("电工", 1)]


def test_the_exported_table_is_imported_as_it_is(story, morning, tmp_path):
    enter(story, morning, "电工", is_main=True, grade="高级工", certificate_ref="DG-1")
    lines = list(skill_lines(story.secretary, morning, body=story.branch.pk))
    rows = [[person.name, one.trade, "主工种" if one.is_main else "兼会", one.grade, one.certificate, one.since]
            for person, one in lines]  # fmt: skip
    path = table(tmp_path, ["姓名", "工种", "主兼", "技能等级", "证书编号", "从哪天起"], *rows,
                 ["李群", "焊工", "", "", "", "2026-03-01"])  # fmt: skip

    done = import_skills(path=path, name="表.xlsx", actor=story.secretary, at=morning)
    again = import_skills(path=path, name="表.xlsx", actor=story.secretary, at=morning)

    assert (done.rows, done.added, done.changed, done.same) == (2, 1, 0, 1)
    assert (again.added, again.changed, again.same) == (0, 0, 2)


def test_a_table_with_another_grade_replaces_and_confirms(story, morning, tmp_path):
    claim(story, morning, "电工")
    enter(story, morning, "焊工", grade="中级工")
    path = table(tmp_path, ["姓名", "工种", "技能等级"], ["王新", "电工", ""], ["王新", "焊工", "高级工"])

    done = import_skills(path=path, name="表.xlsx", actor=story.secretary, at=morning)

    assert (done.added, done.changed) == (0, 2)
    held = {one.trade: one.grade for one in skills_of([story.member.pk])[story.member.pk]}
    assert held == {"电工": None, "焊工": "高级工"}


def test_one_bad_row_refuses_the_whole_table(story, morning, tmp_path):
    make_person("张三", home=story.branch), make_person("张三", home=story.branch)
    path = table(
        tmp_path, ["姓名", "工种", "主兼", "从哪天起"], ["王新", "电工", "", ""], ["没这人", "电工", "", ""],
        ["张三", "电工", "", ""], ["张书记", "电工", "", ""], ["李群", "", "", ""], ["李群", "电工", "都是", ""],
        ["李群", "电工", "", "去年"], ["李群", "电" * 41, "", ""],
    )  # fmt: skip

    with pytest.raises(RowsRefused) as refused:
        import_skills(path=path, name="表.xlsx", actor=story.secretary, at=morning)

    assert refused.value.details["count"] == 7
    assert all(f"第 {row} 行" in str(refused.value) for row in range(3, 10))
    assert not PersonSkill.objects.exists()
    with pytest.raises(HeadsMissing):
        import_skills(path=table(tmp_path, ["甲", "乙"]), name="表.xlsx", actor=story.secretary, at=morning)


def test_the_nearest_units_broad_names_win(story, morning):
    keep_broad_name(unit=story.company, kind=BroadKind.TRADE, old="电工", broad="电仪", actor=story.clerk, at=morning)
    keep_broad_name(
        unit=story.company, kind=BroadKind.POST, old="巡检岗", broad="运维岗", actor=story.clerk, at=morning
    )
    row = keep_broad_name(
        unit=story.unit, kind=BroadKind.TRADE, old="电工", broad="动力", actor=story.secretary, at=morning
    )

    found = broad_of(story.branch, morning.date())
    assert (found.trade("电工"), found.trade("焊工"), found.post("巡检岗")) == ("动力", "焊工", "运维岗")
    assert broad_of(story.first, morning.date()) == found  # a group stands in its branch's unit
    assert broad_of(story.company, morning.date()).trade("电工") == "电仪"
    drop_broad_name(row=row, actor=story.secretary, at=morning)

    assert broad_of(story.unit, morning.date()).trade("电工") == "电仪"


def test_broad_names_are_kept_by_leaders_of_the_unit_only(story, morning):
    with pytest.raises(NotAllowed):  # the company is above the secretary
        keep_broad_name(unit=story.company, kind=BroadKind.POST, old="a", broad="b", actor=story.secretary, at=morning)
    with pytest.raises(NameUnfit):
        keep_broad_name(unit=story.unit, kind=BroadKind.POST, old=" ", broad="b", actor=story.secretary, at=morning)


def test_a_table_of_broad_names_comes_in_whole_or_not_at_all(story, morning, tmp_path):
    head = ["类别", "原名称", "归入"]
    good = table(tmp_path, head, ["岗位", "巡检岗", "运维岗"], ["工种", "电工", "电仪"], ["工种", "电工", "电仪"])
    given = {"unit": story.unit, "name": "表.xlsx", "actor": story.secretary, "at": morning}

    assert import_broad_names(path=good, **given) == 2
    bad = table(
        tmp_path, head, ["岗位", "巡检岗", "别的"], ["部门", "a", "b"], ["岗位", "", "b"], ["岗位", "巡检岗", "又一个"]
    )
    with pytest.raises(RowsRefused) as refused:
        import_broad_names(path=bad, **given)

    assert refused.value.details["count"] == 3
    assert BroadName.objects.get(old="巡检岗").broad == "运维岗"
