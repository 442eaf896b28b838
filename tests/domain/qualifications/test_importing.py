"""The unit's table of certificates: tried, entered, refused by row."""

from __future__ import annotations

import pytest

from ronghe.domain.org.models import Person
from ronghe.domain.qualifications.models import Certificate
from ronghe.domain.qualifications.services.importing import HEADS, ImportCounts, import_certificates
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.sealed import keyed_digest
from ronghe.kernel.tabular.lines import HeadsMissing, RowsRefused
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.org import make_person
from tests.factories.qualifications import NOW, NUMBER, certify, make_qualified

pytestmark = pytest.mark.django_db
HEAD = tuple(HEADS.values())


@pytest.fixture
def story():
    return make_qualified()


def row(name="焊工老刘", kind="焊工", number=NUMBER, issued="2024-09-15", staff="", identity="", review="", expires=""):
    return [staff, identity, name, kind, number, "应急管理厅", issued, review, expires]


@pytest.fixture
def bring(story, tmp_path):
    def brought(*rows, dry_run=False, head=HEAD, actor=None):
        path = tmp_path / "证件.xlsx"
        write_workbook(path, [SheetOut("证件", head, rows)])
        return import_certificates(path=path, name=path.name, actor=actor or story.officer, at=NOW, dry_run=dry_run)

    return brought


def test_a_try_writes_nothing(story, bring):
    assert bring(row(), dry_run=True) == ImportCounts(1, 1, 0, True)
    assert (Certificate.objects.count(), Fact.objects.filter(kind__startswith="qualifications.").count()) == (0, 0)


def test_a_table_is_entered_and_a_second_time_changes_nothing(story, bring):
    rows = [row(), row("新工小赵", "起重机司机", "Q2-77")]

    assert bring(*rows) == ImportCounts(2, 2, 0, False)
    assert bring(*rows) == ImportCounts(2, 0, 2, False)
    assert sorted(Certificate.objects.values_list("kind", flat=True)) == ["crane", "welding_and_cutting"]


def test_people_of_one_name_are_told_apart_by_their_numbers(story, bring):
    other = make_person("焊工老刘", unit=story.unit)
    Person.objects.filter(pk=other.pk).update(staff_number="0077", id_digest=keyed_digest("51082219900307001X"))

    with pytest.raises(RowsRefused, match="不止一人"):
        bring(row())
    bring(row(staff="0077"))
    bring(row(identity="51082219900307001X", number="T-2"))

    assert set(Certificate.objects.values_list("person_id", flat=True)) == {other.pk}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (row(name="倪春梅"), "没有找到“倪春梅”"),
        (row(kind="算命"), "证件种类“算命”不认识"),
        (row(issued="去年"), "日期“去年”看不懂"),
        (row(issued=""), "看不懂"),
        (row(expires="2031-01-01"), "有效期最长到 2030-09-14"),
        (row(issued="2030-01-01"), "还没有到"),
    ],
)
def test_one_bad_row_refuses_the_table_by_its_number(story, bring, bad, why):
    with pytest.raises(RowsRefused, match="第 3 行") as refused:
        bring(row(number="T-9"), bad)

    assert why in str(refused.value)
    assert not Certificate.objects.exists()


def test_one_certificate_twice_or_somebody_elses_is_refused(story, bring):
    with pytest.raises(RowsRefused, match="与第 2 行是同一本证"):
        bring(row(), row())
    certify(story, story.newcomer)
    with pytest.raises(RowsRefused, match="已登记在别人名下"):
        bring(row())


def test_a_table_without_its_heads_is_refused(bring):
    with pytest.raises(HeadsMissing):
        bring(["x"], head=("随便",))


def test_who_keeps_nobody_enters_nobody(story, bring):
    with pytest.raises(RowsRefused):
        bring(row(), actor=story.secretary)
