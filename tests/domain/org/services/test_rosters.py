"""Rosters come in: previewed, accepted as a whole, and the second time nothing changes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ronghe.domain.org.calc.roster.reading import NoRoster, SourceFile
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole, RosterState, UnitKind
from ronghe.domain.org.models import (
    AdminUnit,
    Membership,
    OperatorCertificate,
    PartyOrg,
    Person,
    PostHolding,
    RosterImport,
)
from ronghe.domain.org.services.rosters import (
    BodyWithoutUnit,
    NotDeclared,
    ProblemsOpen,
    accept_roster,
    discard_roster,
    kept_preview,
    preview_roster,
    report_on,
    upload_roster,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.sealed import open_text
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA, number
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.kernel.tabular.files import xlsx

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[3] / "data" / "rosters"


@pytest.fixture
def field():
    """A gas field's committee with a clerk, and a second unit beside it with a member of its own."""
    company = make_unit("川东北气矿", kind=UnitKind.COMPANY)
    area = make_unit("仪陇输气作业区", parent=company, kind=UnitKind.OPERATION_AREA)
    other = make_unit("平昌采气作业区", parent=company, kind=UnitKind.OPERATION_AREA)
    committee = make_body("川东北气矿党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    area_committee = make_body("仪陇输气作业区党委", parent=committee, kind=PartyOrgKind.COMMITTEE, unit=area)
    far_branch = make_body("平昌采气作业区党支部", parent=committee, unit=other)
    clerk = make_person("何芳", unit=area)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=area_committee)
    return {"area": area, "body": area_committee, "clerk": clerk, "other": other, "far_branch": far_branch}


def sheet(tmp_path, *rows, head=HEAD, name="花名册.xlsx"):
    return [SourceFile(xlsx(tmp_path / name, [["填报单位：仪陇输气作业区"], head, *rows]), name)]


FULL_HEAD = [*HEAD, "所在党支部", "所在党小组", "党内职务", "岗位", "联系电话"]
MA_FULL = [*MA, "仪陇输气作业区党支部", "第一党小组", "书记", "班站长", "13976497003"]
HE_FULL = [*HE, None, None, None, "巡检岗", None]


def bring_in(files, field, morning, *, reasons=None, **changes):
    uploaded = upload_roster(
        files=files, actor=field["clerk"], at=morning, declares_unclassified=True, **({"body": field["body"]} | changes)
    )
    return accept_roster(roster_import=uploaded, actor=field["clerk"], at=morning, reasons=reasons or {})


def test_accepted_roster_founds_units_bodies_people_posts_and_memberships(tmp_path, field, morning):
    accepted = bring_in(sheet(tmp_path, MA_FULL, HE_FULL, head=FULL_HEAD), field, morning)

    secretary, walker = Person.objects.get(name="马春杰"), Person.objects.get(name="贺红")
    branch = PartyOrg.objects.get(name="仪陇输气作业区党支部")
    assert accepted.state == RosterState.ACCEPTED
    assert (secretary.unit.name, secretary.unit.kind, secretary.unit.parent) == ("仪陇中心站", "station", field["area"])
    assert (secretary.job_title, secretary.political_status, secretary.gender) == ("班站长", "01", "1")
    assert (secretary.born_on, secretary.joined_party_on) == (date(1983, 2, 4), date(2006, 6, 1))
    assert (open_text(secretary.id_sealed), open_text(secretary.phone_sealed)) == (MA[3], "13976497003")
    assert (branch.parent, branch.unit, branch.kind) == (field["body"], field["area"], PartyOrgKind.BRANCH)
    home = secretary.memberships.get()
    assert (home.body, home.group.name, home.kind, home.valid_from) == (
        branch, "第一党小组", MembershipKind.HOME, morning.date(),
    )  # fmt: skip
    post = secretary.posts.get()
    assert (post.role, post.body, post.source) == (PostRole.SECRETARY, branch, "imported")
    assert list(walker.memberships.all()) == []


def test_nothing_is_written_until_accepted(tmp_path, field, morning):
    before = (Person.objects.count(), AdminUnit.objects.count(), PartyOrg.objects.count())

    uploaded = upload_roster(
        files=sheet(tmp_path, MA), body=field["body"], actor=field["clerk"], at=morning, declares_unclassified=True
    )

    assert (Person.objects.count(), AdminUnit.objects.count(), PartyOrg.objects.count()) == before
    assert kept_preview(uploaded)["plan"]["added"] == 1


def test_same_file_a_second_time_changes_nothing(tmp_path, field, morning):
    files = sheet(tmp_path, MA_FULL, HE_FULL, head=FULL_HEAD)
    bring_in(files, field, morning)
    tables = (AdminUnit, PartyOrg, Person, Membership, PostHolding)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    facts = Fact.objects.exclude(kind="org.roster_declared").count()

    again = bring_in(files, field, morning + timedelta(days=1))

    assert {name: again.counts[name] for name in ("added", "changed", "unchanged", "memberships", "posts")} == {
        "added": 0, "changed": 0, "unchanged": 2, "memberships": 0, "posts": 0,
    }  # fmt: skip
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before
    assert Fact.objects.exclude(kind="org.roster_declared").count() == facts


def test_corrected_file_updates_field_by_field(tmp_path, field, morning):
    bring_in(sheet(tmp_path, MA_FULL, HE_FULL, head=FULL_HEAD), field, morning)
    moved = [*MA_FULL[:4], "马鞍站", *MA_FULL[5:8], "第二党小组", "书记", "技术岗", "13976497003"]
    files = sheet(tmp_path, moved, HE_FULL, head=FULL_HEAD)

    preview = preview_roster(files=files, body=field["body"], actor=field["clerk"], at=morning)
    shown = {(c["what"], c["who"], c["field"], c["old"], c["new"]) for c in preview.changes}
    bring_in(files, field, morning + timedelta(days=3))

    assert ("更新", "马春杰", "岗位", "班站长", "技术岗") in shown
    assert ("更新", "马春杰", "单位", "仪陇中心站", "马鞍站") in shown
    person = Person.objects.get(name="马春杰")
    assert (person.job_title, person.unit.name) == ("技术岗", "马鞍站")
    assert [(m.group.name, m.valid_until) for m in person.memberships.order_by("pk")] == [
        ("第一党小组", date(2026, 9, 17)),
        ("第二党小组", None),
    ]


def test_corrected_number_of_a_known_person_updates_the_number(tmp_path, field, morning):
    wrong = MA[3][:17] + ("0" if MA[3][17] != "0" else "1")
    row = [*MA[:3], wrong, *MA[4:]]
    bring_in(sheet(tmp_path, row), field, morning, reasons={"id_check_digit": "派出所证明"})

    bring_in(sheet(tmp_path, MA), field, morning)

    assert [open_text(p.id_sealed) for p in Person.objects.filter(name="马春杰")] == [MA[3]]


def test_empty_cells_erase_nothing(tmp_path, field, morning):
    bring_in(sheet(tmp_path, MA_FULL, head=FULL_HEAD), field, morning)

    bring_in(sheet(tmp_path, [*MA_FULL[:10], None, None], head=FULL_HEAD), field, morning)

    person = Person.objects.get(name="马春杰")
    assert (person.job_title, open_text(person.phone_sealed)) == ("班站长", "13976497003")


def test_staff_number_matches_before_anything_else(tmp_path, field, morning):
    known = make_person("马春洁", unit=field["area"])
    Person.objects.filter(pk=known.pk).update(staff_number="10086")

    bring_in(sheet(tmp_path, ["10086", *MA[1:]], head=["工号", *HEAD[1:]]), field, morning)

    assert list(Person.objects.filter(staff_number="10086").values_list("pk", "name")) == [(known.pk, "马春杰")]


def test_name_alone_matches_nobody(tmp_path, field, morning):
    known = make_person("马春杰", unit=field["area"])

    bring_in(sheet(tmp_path, MA), field, morning)

    assert Person.objects.filter(name="马春杰").exclude(pk=known.pk).count() == 1


def test_two_people_on_file_with_name_birth_month_and_unit_are_asked(tmp_path, field, morning):
    station = make_unit("仪陇中心站", parent=field["area"])
    for day in (4, 20):
        person = make_person("马春杰", unit=station)
        Person.objects.filter(pk=person.pk).update(born_on=date(1983, 2, day))
    files = sheet(tmp_path, ["马春杰", "1983.02", "仪陇中心站"], head=["姓名", "出生年月", "班站"])

    preview = preview_roster(files=files, body=field["body"], actor=field["clerk"], at=morning)

    assert [(p.row, p.code) for p in preview.roster.problems] == [(3, "person_ambiguous")]


def test_person_of_another_unit_is_not_taken_over(tmp_path, field, morning):
    far = make_person("彭兰", home=field["far_branch"], unit=field["other"])
    Person.objects.filter(pk=far.pk).update(staff_number="10087")
    files = sheet(tmp_path, ["10087", *MA[1:]], head=["工号", *HEAD[1:]])

    with pytest.raises(ProblemsOpen) as caught:
        bring_in(files, field, morning)

    assert str(caught.value) == "还有 1 个须改正、0 个须核对的问题，没有写入。"
    far.refresh_from_db()
    assert (far.name, far.unit) == ("彭兰", field["other"])


def test_open_problems_refuse_the_whole_roster(tmp_path, field, morning):
    uploaded = upload_roster(
        files=sheet(tmp_path, MA, [*HE[:3], 9.9e17, *HE[4:]]), body=field["body"], actor=field["clerk"], at=morning,
        declares_unclassified=True,
    )  # fmt: skip

    with pytest.raises(ProblemsOpen):
        accept_roster(roster_import=uploaded, actor=field["clerk"], at=morning, reasons={"id_truncated": "无妨"})

    assert not Person.objects.filter(name__in=["马春杰", "贺红"]).exists()
    uploaded.refresh_from_db()
    assert uploaded.state == RosterState.PREVIEWED


def test_warning_is_accepted_with_a_reason_that_is_kept(tmp_path, field, morning):
    accepted = bring_in(
        sheet(tmp_path, MA, [9, *MA[1:]]),
        field,
        morning,
        reasons={"duplicate_row": "同一人两次登记", "id_check_digit": "无"},
    )

    assert accepted.reasons == {"duplicate_row": "同一人两次登记"}
    assert Person.objects.filter(name="马春杰").count() == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_warning_without_a_reason_stays_open(tmp_path, field, morning, reason):
    with pytest.raises(ProblemsOpen):
        bring_in(sheet(tmp_path, MA, [9, *MA[1:]]), field, morning, reasons={"duplicate_row": reason})


def test_import_without_the_declaration_is_refused_pi_06(tmp_path, field, morning):
    with pytest.raises(NotDeclared):
        upload_roster(
            files=sheet(tmp_path, MA), body=field["body"], actor=field["clerk"], at=morning, declares_unclassified=False
        )

    assert not RosterImport.objects.exists()


def test_declaration_and_import_are_facts_without_names_pi_06(tmp_path, field, morning):
    before = Fact.objects.count()

    bring_in(sheet(tmp_path, MA_FULL, HE_FULL, head=FULL_HEAD), field, morning)

    new = list(Fact.objects.order_by("pk")[before:])
    assert [fact.kind for fact in new] == [
        "org.roster_declared", "org.unit_created", "org.unit_created", "org.party_org_created", "org.party_org_created",
        "org.person_added", "org.person_added", "org.membership_started", "org.post_taken", "org.roster_imported",
    ]  # fmt: skip
    assert new[-1].values == {
        "rows": 2, "people": 2, "added": 2, "changed": 0, "units": 2, "bodies": 2, "memberships": 1, "posts": 1,
        "certificates": 0,
    }  # fmt: skip
    assert not any("马春杰" in fact.attributes or MA[3] in fact.attributes for fact in new)


def test_edit_is_a_fact_that_names_fields_only(tmp_path, field, morning):
    bring_in(sheet(tmp_path, MA_FULL, head=FULL_HEAD), field, morning)

    bring_in(sheet(tmp_path, [*MA_FULL[:10], "技术岗", "13900000000"], head=FULL_HEAD), field, morning)

    fact = Fact.objects.get(kind="org.person_edited")
    assert (fact.subject, fact.values) == (
        Person.objects.get(name="马春杰").token, {"fields": "job_title/phone", "count": 2},
    )  # fmt: skip


def test_somebody_without_the_right_is_refused(tmp_path, field, morning):
    stranger = make_person("董亮", home=field["far_branch"])

    with pytest.raises(NotAllowed):
        upload_roster(
            files=sheet(tmp_path, MA), body=field["body"], actor=stranger, at=morning, declares_unclassified=True
        )


def test_clerk_of_one_body_cannot_import_into_another(tmp_path, field, morning):
    with pytest.raises(NotAllowed):
        bring_in(sheet(tmp_path, MA), field, morning, body=field["far_branch"])


def test_body_without_a_unit_is_refused(tmp_path, field, morning):
    bare = make_body("无单位党支部", parent=field["body"])

    with pytest.raises(BodyWithoutUnit):
        bring_in(sheet(tmp_path, MA), field, morning, body=bare)


def test_secretary_imports_the_own_branch_without_a_branch_column(tmp_path, field, morning):
    branch = make_body("仪陇党支部", parent=field["body"], unit=field["area"])
    secretary = make_person("许强", home=branch, unit=field["area"])
    make_post(secretary, PostRole.SECRETARY, body=branch)

    bring_in(sheet(tmp_path, MA), field | {"clerk": secretary}, morning, body=branch)

    assert Person.objects.get(name="马春杰").memberships.get().body == branch


def test_secretary_makes_nobody_an_officer_by_way_of_a_file(tmp_path, field, morning):
    branch = make_body("仪陇输气作业区党支部", parent=field["body"], unit=field["area"])
    secretary = make_person("许强", home=branch, unit=field["area"])
    make_post(secretary, PostRole.DEPUTY_SECRETARY, body=branch)
    files = sheet(tmp_path, MA_FULL, head=FULL_HEAD)

    preview = preview_roster(files=files, body=branch, actor=secretary, at=morning)

    assert preview.plan.posts == []
    assert [(p.column, p.code, p.severity) for p in preview.roster.problems] == [
        ("党内职务", "post_not_yours", "notice")
    ]


def test_branch_that_is_not_below_the_own_one_is_refused(tmp_path, field, morning):
    branch = make_body("仪陇党支部", parent=field["body"], unit=field["area"])
    secretary = make_person("许强", home=branch, unit=field["area"])
    make_post(secretary, PostRole.SECRETARY, body=branch)
    files = sheet(tmp_path, MA_FULL, head=FULL_HEAD)

    preview = preview_roster(files=files, body=branch, actor=secretary, at=morning)

    assert [(p.column, p.code) for p in preview.roster.problems] == [("所在党支部", "branch_elsewhere")]


def test_accepting_twice_has_one_winner(tmp_path, field, morning):
    uploaded = upload_roster(
        files=sheet(tmp_path, MA), body=field["body"], actor=field["clerk"], at=morning, declares_unclassified=True
    )
    stale = RosterImport.objects.get(pk=uploaded.pk)
    accept_roster(roster_import=uploaded, actor=field["clerk"], at=morning, reasons={})

    for late in (uploaded, stale):
        with pytest.raises((Stale, FileNotFoundError)):
            accept_roster(roster_import=late, actor=field["clerk"], at=morning, reasons={})

    assert Person.objects.filter(name="马春杰").count() == 1


def test_people_that_changed_since_the_preview_make_it_stale(tmp_path, field, morning):
    files = sheet(tmp_path, MA_FULL, head=FULL_HEAD)
    uploaded = upload_roster(
        files=files, body=field["body"], actor=field["clerk"], at=morning, declares_unclassified=True
    )
    bring_in(files, field, morning)

    with pytest.raises(Stale):
        accept_roster(roster_import=uploaded, actor=field["clerk"], at=morning, reasons={})


def test_discarded_upload_leaves_no_file_behind(tmp_path, field, morning, settings):
    uploaded = upload_roster(
        files=sheet(tmp_path, MA), body=field["body"], actor=field["clerk"], at=morning, declares_unclassified=True
    )
    folder = settings.HOME.files / "rosters" / uploaded.folder
    lying = (folder / "0").read_bytes()

    discarded = discard_roster(roster_import=uploaded, actor=field["clerk"], at=morning)

    assert (discarded.state, discarded.preview_sealed, folder.exists()) == (RosterState.DISCARDED, None, False)
    assert b"PK" not in lying[:20]
    with pytest.raises(Stale):
        discard_roster(roster_import=uploaded, actor=field["clerk"], at=morning)


def test_unreadable_file_leaves_nothing(tmp_path, field, morning):
    path = xlsx(tmp_path / "a.xlsx", [["材料"], ["钢管"]])

    with pytest.raises(NoRoster):
        bring_in([SourceFile(path, "a.xlsx")], field, morning)

    assert not RosterImport.objects.exists()


def test_report_of_an_upload_is_a_workbook(tmp_path, field, morning):
    uploaded = upload_roster(
        files=sheet(tmp_path, MA, MA), body=field["body"], actor=field["clerk"], at=morning, declares_unclassified=True
    )
    target = tmp_path / "报告.xlsx"

    with target.open("wb") as file:
        report_on(roster_import=uploaded, actor=field["clerk"], at=morning, target=file)

    assert target.read_bytes()[:2] == b"PK"


def test_zone_sample_comes_in_whole(field, morning):
    accepted = bring_in([SourceFile(SAMPLES / "nanyi1_zone.xlsx", "nanyi1_zone.xlsx")], field, morning)

    counts = accepted.counts
    assert (counts["added"], counts["units"], counts["memberships"]) == (157, 6, 22)
    assert Person.objects.filter(outside_home_branch__isnull=False).count() == 8
    assert OperatorCertificate.objects.filter(expires_on__lt=date(2026, 3, 1)).count() == 21


def test_power_sample_comes_in_twice_the_same(field, morning):
    files = [SourceFile(SAMPLES / "clean_power.csv", "clean_power.csv")]
    first = bring_in(files, field, morning)

    second = bring_in(files, field, morning)

    assert (first.counts["added"], second.counts["added"], second.counts["unchanged"]) == (120, 0, 120)


def test_number_may_move_with_a_new_name_on_file(tmp_path, field, morning):
    bring_in(sheet(tmp_path, MA), field, morning)

    bring_in(sheet(tmp_path, [1, "马春捷", *MA[2:]]), field, morning)

    assert list(Person.objects.filter(name__startswith="马春").values_list("name", flat=True)) == ["马春捷"]


def test_certificate_that_was_renewed_is_updated(tmp_path, field, morning):
    head = ["姓名", "身份证号", "班站", "证书名称", "有效期至"]
    bring_in(sheet(tmp_path, ["马春杰", number(), "站", "司索信号", "2026-12-01"], head=head), field, morning)

    again = bring_in(sheet(tmp_path, ["马春杰", number(), "站", "司索信号", "2029-12-01"], head=head), field, morning)

    assert again.counts["certificates"] == 1
    assert [c.expires_on for c in OperatorCertificate.objects.all()] == [date(2029, 12, 1)]
