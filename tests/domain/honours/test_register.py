"""荣誉台账: titles, entering, terms, withdrawing, the table from Excel, and who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest

from ronghe.domain.honours.documents import WithdrawnHonour, certificate_document, register_document
from ronghe.domain.honours.enums import HolderKind, HonourLevel, HonourState
from ronghe.domain.honours.models import Honour, HonourTitle
from ronghe.domain.honours.selectors.register import (
    bodies_to_enter_for,
    figures_of,
    honours_filtered,
    honours_of_person,
    honours_seen_by,
    list_honours,
    titles,
)
from ronghe.domain.honours.services.catalogue import (
    TitleKnown,
    TitleText,
    TitleUnfit,
    keep_title,
    retire_title,
    take_over_shipped,
)
from ronghe.domain.honours.services.importing import HEADS, import_honours
from ronghe.domain.honours.services.register import (
    HolderUnfit,
    HonourKnown,
    HonourUnfit,
    OwnHonour,
    TitleRetired,
    WithdrawReasonMissing,
    withdraw_honour,
)
from ronghe.domain.org.enums import PostRole
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.tabular.lines import RowsRefused
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.honours import make_field, make_honour, make_title
from tests.factories.org import make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


def test_the_shipped_titles_are_taken_over_once(story, morning):
    taken = take_over_shipped(body=story.committee, actor=story.clerk, at=morning)
    assert taken == HonourTitle.objects.count() > 10
    assert take_over_shipped(body=story.committee, actor=story.clerk, at=morning) == 0
    assert titles()[0].level == HonourLevel.NATIONAL
    with pytest.raises(NotAllowed):
        take_over_shipped(body=story.committee, actor=story.field.secretary, at=morning)


def test_titles_are_kept_changed_and_retired(story, morning):
    title = make_title(story, morning, term_months=12)
    with pytest.raises(TitleKnown):
        make_title(story, morning)
    with pytest.raises(TitleUnfit):
        make_title(story, morning, name="  ")
    with pytest.raises(TitleUnfit):
        make_title(story, morning, name="太久", term_months=241)
    changed = TitleText("优秀党员", HonourLevel.UNIT, HolderKind.TEAM, None, ("safety",))
    keep_title(body=story.committee, text=changed, title=title, actor=story.clerk, at=morning)
    assert (title.name, title.goes_to, title.aspects) == ("优秀党员", HolderKind.PERSON, ["safety"])
    retire_title(title=title, is_retired=True, actor=story.clerk, at=morning)
    assert titles() == []
    assert titles(with_retired=True) == [title]
    with pytest.raises(TitleRetired):
        make_honour(story, morning, title=title)


def test_pp_07_the_holder_is_what_the_title_goes_to(story, morning):
    of_bodies = make_title(story, morning, name="红旗党支部", goes_to=HolderKind.BODY, term_months=12)
    of_teams = make_title(story, morning, name="工人先锋号", goes_to=HolderKind.TEAM)
    honour = make_honour(story, morning, title=of_bodies)
    assert (honour.holder_name, honour.kind, honour.ends_on) == (
        story.branches[0].name, HolderKind.BODY, date(2027, 7, 1)
    )  # fmt: skip
    team = make_honour(story, morning, title=of_teams, team="采油 二队 ")
    assert (team.holder_name, team.kind, team.ends_on) == ("采油 二队", HolderKind.TEAM, None)
    with pytest.raises(HolderUnfit):
        make_honour(story, morning, title=of_bodies, person=story.members[0])
    with pytest.raises(HolderUnfit):
        make_honour(story, morning, title=of_teams)


@pytest.mark.parametrize(
    "changes",
    [{"issuer": " "}, {"awarded_on": date(2026, 9, 15)}, {"year": 2027}, {"year": 1948}, {"ends_on": date(2026, 7, 1)}],
)
def test_what_cannot_be_is_refused(story, morning, changes):
    with pytest.raises(HonourUnfit):
        make_honour(story, morning, **changes)


def test_the_same_title_of_the_same_year_is_there_once(story, morning):
    title = make_title(story, morning)
    honour = make_honour(story, morning, title=title)
    with pytest.raises(HonourKnown):
        make_honour(story, morning, title=title, body=story.branches[1])
    make_honour(story, morning, title=title, person=story.members[1])
    withdraw_honour(honour=honour, reason="材料不实", actor=story.clerk, at=morning)
    make_honour(story, morning, title=title)
    assert Fact.objects.filter(kind="honours.entered").count() == 3


def test_a_branch_enters_its_own_and_no_others(story, morning):
    mine = list(bodies_to_enter_for(story.secretaries[0], morning))
    assert mine == [story.branches[0]]
    assert set(story.branches) <= set(bodies_to_enter_for(story.clerk, morning))
    assert not bodies_to_enter_for(story.members[0], morning).exists()


def test_withdrawing_needs_a_reason_and_another_person(story, morning):
    honour = make_honour(story, morning)
    with pytest.raises(WithdrawReasonMissing):
        withdraw_honour(honour=honour, reason=" ", actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        withdraw_honour(honour=honour, reason="撤", actor=story.secretaries[0], at=morning)
    make_post(story.members[0], PostRole.COMMITTEE_CLERK, body=story.committee)
    with pytest.raises(OwnHonour):
        withdraw_honour(honour=honour, reason="撤", actor=story.members[0], at=morning)
    withdraw_honour(honour=honour, reason="材料不实", actor=story.clerk, at=morning)
    with pytest.raises(StepNotAllowed):
        withdraw_honour(honour=honour, reason="又撤", actor=story.clerk, at=morning)
    with pytest.raises(WithdrawnHonour):
        certificate_document(honour)


def test_everybody_reads_what_stands_and_few_what_was_withdrawn(story, morning):
    honour, outsider = make_honour(story, morning), make_person("外单位的人")
    assert honours_seen_by(outsider, morning).get() == honour
    withdraw_honour(honour=honour, reason="材料不实", actor=story.clerk, at=morning)
    assert not honours_seen_by(outsider, morning).exists()
    for reader in (story.members[0], story.clerk, story.field.auditor, story.secretaries[0]):
        assert honours_seen_by(reader, morning).get() == honour
    assert not honours_seen_by(story.secretaries[1], morning).exists()


def test_the_register_is_filtered_and_adds_up(story, morning):
    day = morning.date()
    branch = make_title(story, morning, name="红旗党支部", goes_to=HolderKind.BODY, term_months=12, level="unit")
    person = make_honour(story, morning)
    make_honour(story, morning, title=branch)
    old = make_honour(story, morning, title=branch, year=2024, awarded_on=date(2024, 7, 1))
    assert old.has_ended(day)
    assert list(honours_filtered(day, term="ended")) == [old]
    assert honours_filtered(day, term="running").count() == 2
    assert honours_filtered(day, words="红旗").count() == 2
    assert honours_filtered(day, level="oilfield").get() == person
    assert honours_filtered(day, kind="person", year=2026).get() == person
    assert honours_filtered(day, kind="body").count() == 2
    figures = figures_of(story.members[2], morning, honours_filtered(day))
    assert (figures.total, dict(figures.by_level)) == (3, {"油田公司级": 1, "二级单位级": 2})
    assert honours_of_person(story.members[0], day) == [person]
    assert [row.pk for row in list_honours(story.members[2], morning, honours_filtered(day))][-1] == old.pk


def test_the_list_costs_the_same_for_many(story, morning, django_assert_max_num_queries):
    title = make_title(story, morning)
    for member in story.members:
        make_honour(story, morning, title=title, person=member)
    with django_assert_max_num_queries(6):
        rows = list_honours(story.members[0], morning, honours_filtered(morning.date()))
        assert [(row.title.name, row.body.name) for row in rows]


def table(tmp_path, *rows):
    path = tmp_path / "honours.xlsx"
    head = list(HEADS.values())
    file = BytesIO()
    write_workbook(file, [SheetOut("荣誉", head, list(rows), [12] * len(head))])
    path.write_bytes(file.getvalue())
    return path


def test_a_table_is_tried_and_then_written_whole(story, morning, tmp_path):
    make_title(story, morning)
    make_title(story, morning, name="红旗党支部", goes_to=HolderKind.BODY)
    good = ["优秀共产党员", "油田公司级", story.members[0].name, "", story.branches[0].name, "2026", "油田公司党委", "油党〔2026〕8号",
            "2026-07-01", ""]  # fmt: skip
    body = [
        "红旗党支部",
        "",
        story.branches[1].name,
        "",
        story.branches[1].name,
        "2026",
        "油田公司党委",
        "",
        "2026/07/01",
        "",
    ]
    path, given = table(tmp_path, good, body), {"name": "h.xlsx", "actor": story.clerk, "at": morning}
    tried = import_honours(path=path, dry_run=True, **given)
    assert (tried.rows, tried.added, tried.same, Honour.objects.count()) == (2, 2, 0, 0)
    assert import_honours(path=path, dry_run=False, **given).added == 2
    assert set(Honour.objects.values_list("holder_name", flat=True)) == {story.members[0].name, story.branches[1].name}
    again = import_honours(path=path, dry_run=False, **given)
    assert (again.added, again.same) == (0, 2)


def test_a_wrong_row_writes_nothing_and_says_where(story, morning, tmp_path):
    make_title(story, morning)
    make_title(story, morning, level=HonourLevel.GROUP)
    good = [
        "优秀共产党员",
        "油田公司级",
        story.members[0].name,
        "",
        story.branches[0].name,
        "2026",
        "油田公司党委",
        "",
        "2026-07-01",
        "",
    ]

    def changed(**values):
        return [values.get(key, value) for key, value in zip(HEADS, good, strict=True)]

    path = table(
        tmp_path, good, changed(title="没有的荣誉"), changed(level=""), changed(holder="没有的人"), changed(body="外单位"),
        changed(year="今年"), changed(awarded="七月"), changed(awarded="2026-12-01"), good,
    )  # fmt: skip
    with pytest.raises(RowsRefused) as refused:
        import_honours(path=path, name="h.xlsx", actor=story.clerk, at=morning, dry_run=False)
    said = str(refused.value)
    assert "8 行" in said
    assert all(f"第 {row} 行" in said for row in range(3, 11))
    assert not Honour.objects.exists()
    with pytest.raises(NotAllowed):
        import_honours(path=path, name="h.xlsx", actor=story.members[0], at=morning, dry_run=True)


def test_a_proof_is_kept_and_the_papers_say_what_is_on_record(story, morning):
    from ronghe.domain.honours.services.register import HonourText, enter_honour

    title = make_title(story, morning)
    text = HonourText(title, 2026, story.branches[0], "油田公司党委", date(2026, 7, 1), person=story.members[0],
                      document_number="油党〔2026〕8号")  # fmt: skip
    proof = Upload("证书.pdf", BytesIO(b"%PDF-1.4 proof"))
    honour = enter_honour(text=text, actor=story.secretaries[0], at=morning, upload=proof)
    assert (honour.proof.media_type, honour.proof_name, honour.state) == (
        "application/pdf",
        "证书.pdf",
        HonourState.VALID,
    )
    paper = certificate_document(honour)
    assert (paper.title, paper.issuer, paper.dated) == ("荣誉证书", "油田公司党委", date(2026, 7, 1))
    listed = register_document([honour], issuer=story.committee.name, printed_on=morning.date() + timedelta(days=1))
    assert listed.blocks[0].rows[0][0] == story.members[0].name
