"""红色资源 and 党史小课堂."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.partylife.enums import SiteKind
from ronghe.domain.partylife.models import HistoryClass, RedSite, SiteVisit
from ronghe.domain.partylife.selectors.classes import classes_to_tell, gaps_of, list_classes
from ronghe.domain.partylife.selectors.sites import list_sites, nearby, origins_of, shown_stars, sites_seen_by
from ronghe.domain.partylife.services.classes import (
    ClassBehind,
    ClassThere,
    ClassToldAlready,
    ClassUntitled,
    ClassWithoutTeller,
    attach_material,
    change_class,
    drop_class,
    list_class,
    plan_class,
    restore_class,
)
from ronghe.domain.partylife.services.sites import (
    ClosedWithoutReason,
    PointIncomplete,
    SiteClosed,
    SiteText,
    SiteThere,
    SiteUnnamed,
    StarsUnfit,
    close_site,
    import_sites,
    keep_site,
    open_site_again,
    plan_visit,
    rate_site,
    set_point,
)
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.tabular.lines import HeadsMissing, RowsRefused
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.partylife import make_gathering, make_life, make_site
from tests.factories.rhythm import make_zone, photo

pytestmark = pytest.mark.django_db
HEAD = ["名称", "类别", "地址", "纬度", "经度", "看什么", "开放时间", "联系电话", "可容纳人数"]


@pytest.fixture
def life():
    return make_life()


@pytest.fixture
def table(tmp_path):
    def made(*rows, head=HEAD):
        path = tmp_path / "sites.xlsx"
        write_workbook(path, [SheetOut("红色资源", head, rows)])
        return path

    return made


def test_a_site_is_kept_changed_closed_and_opened_again(life, morning):
    site = make_site(life, morning)
    keep_site(text=SiteText("铁人纪念馆", SiteKind.MEMORIAL), site=site, actor=life.clerk, at=morning)
    with pytest.raises(ClosedWithoutReason):
        close_site(site=site, reason="", actor=life.clerk, at=morning)
    close_site(site=site, reason="修缮", actor=life.clerk, at=morning)
    assert list_sites(life.members[0], morning).count == 0
    with pytest.raises(SiteClosed):
        keep_site(text=SiteText("铁人纪念馆", SiteKind.MEMORIAL), site=site, actor=life.clerk, at=morning)
    open_site_again(site=site, actor=life.clerk, at=morning)
    with pytest.raises(Stale):
        open_site_again(site=site, actor=life.clerk, at=morning)
    assert list_sites(life.members[0], morning).count == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"name": " "}, SiteUnnamed), ({"longitude": None}, PointIncomplete), ({"latitude": Decimal(91)}, PointIncomplete),
     ({"longitude": Decimal("-180.5")}, PointIncomplete)],
)  # fmt: skip
def test_sites_that_cannot_be_are_refused(life, morning, changes, refusal):
    with pytest.raises(refusal):
        make_site(life, morning, **changes)


def test_a_site_stands_once_on_a_register(life, morning):
    make_site(life, morning)
    with pytest.raises(SiteThere):
        make_site(life, morning)


def test_the_whole_field_sees_sites_and_few_keep_them(life, morning):
    site = make_site(life, morning)

    assert list(sites_seen_by(life.stranger, morning)) == [site]
    for person in (life.members[0], life.auditor):
        with pytest.raises(NotAllowed):
            keep_site(text=SiteText("别处", SiteKind.BASE), body=life.committee, actor=person, at=morning)


def test_distances_are_told_from_the_site_of_a_zone(life, morning):
    zone = make_zone(plant_name="采油二厂")
    near, far = (
        make_site(life, morning),
        make_site(life, morning, name="渤海", latitude=Decimal(39), longitude=Decimal(117)),
    )
    make_site(life, morning, name="不知道在哪", latitude=None, longitude=None)
    point = set_point(
        place=zone.zone, latitude=Decimal("46.59"), longitude=Decimal("125.00"), actor=zone.clerk, at=morning
    )

    found = nearby(point, sites_seen_by(zone.clerk, morning))

    assert [one.site for one in found] == [near, far]
    assert found[0].km == Decimal("7.9")
    assert origins_of(zone.clerk, morning)[0].point == point
    with pytest.raises(NotAllowed):
        set_point(place=zone.zone, latitude=Decimal(0), longitude=Decimal(0), actor=zone.members[0], at=morning)
    with pytest.raises(PointIncomplete):
        set_point(place=zone.zone, latitude=Decimal(91), longitude=Decimal(0), actor=zone.clerk, at=morning)


def test_a_theme_day_at_a_site_counts_as_a_visit_once_it_was_held(life, morning):
    site = make_site(life, morning)
    activity = plan_visit(
        site=site, body=life.branch, scheduled_from=morning, scheduled_until=morning + timedelta(hours=2),
        actor=life.secretary, at=morning,
    )  # fmt: skip

    assert (activity.place, SiteVisit.objects.get().activity) == ("铁人王进喜纪念馆", activity)
    assert sites_seen_by(life.clerk, morning).get().visit_count == 0
    make_gathering(life, morning, activity=activity)
    assert sites_seen_by(life.clerk, morning).get().visit_count == 1
    close_site(site=site, reason="修缮", actor=life.clerk, at=morning)
    with pytest.raises(SiteClosed):
        plan_visit(
            site=site, body=life.branch, scheduled_from=morning, scheduled_until=morning + timedelta(hours=2),
            actor=life.secretary, at=morning,
        )  # fmt: skip


def test_those_who_came_rate_it_and_stars_show_from_three_on(life, morning):
    site = make_site(life, morning)
    activity = plan_visit(
        site=site, body=life.branch, scheduled_from=morning, scheduled_until=morning + timedelta(hours=2),
        actor=life.secretary, at=morning,
    )  # fmt: skip
    make_gathering(life, morning, activity=activity, came=life.people[:4])
    with pytest.raises(NotAllowed):
        rate_site(site=site, stars=5, actor=life.people[4], at=morning)
    with pytest.raises(StarsUnfit):
        rate_site(site=site, stars=6, actor=life.secretary, at=morning)
    for person, stars in zip(life.people[:2], (4, 4), strict=True):
        rate_site(site=site, stars=stars, actor=person, at=morning)
    assert shown_stars(sites_seen_by(life.clerk, morning).get()) is None
    rate_site(site=site, stars=1, actor=life.people[2], at=morning)
    rate_site(site=site, stars=5, actor=life.people[2], at=morning)

    assert shown_stars(sites_seen_by(life.clerk, morning).get()) == Decimal("4.3")


def test_a_table_comes_in_whole_or_not_at_all(life, morning, table):
    make_site(life, morning)
    good = table(["铁人王进喜纪念馆", "企业精神展馆", "新地址", "46.5", "125.1", "", "", "", "200"],
                 ["烈士陵园", "烈士陵园", "", "", "", "", "", "", ""])  # fmt: skip
    given = {"body": life.committee, "name": "红色资源.xlsx", "actor": life.clerk, "at": morning}

    assert import_sites(path=good, **given) == 2
    changed = RedSite.objects.get(name="铁人王进喜纪念馆")
    assert (changed.kind, changed.capacity, RedSite.objects.count()) == ("enterprise", 200, 2)
    for row in (["新馆", "不认识", "", "", "", "", "", "", ""], ["新馆", "博物馆、展览馆", "", "46", "", "", "", "", ""],
                ["新馆", "教育基地", "", "x", "1", "", "", "", ""], ["新馆", "教育基地", "", "", "", "", "", "", "多"]):  # fmt: skip
        with pytest.raises(RowsRefused):
            import_sites(path=table(["好的", "教育基地", "", "", "", "", "", "", ""], row), **given)
    with pytest.raises(HeadsMissing):
        import_sites(path=table(["a"], head=["别的"]), **given)
    assert RedSite.objects.count() == 2


def lined(life, at, *, topic="大庆会战", days=3, teller=None):
    return list_class(
        body=life.branch, topic=topic, planned_on=at.date() + timedelta(days=days), actor=life.secretary, at=at,
        teller=teller,
    )  # fmt: skip


def plan(life, line, at, *, days=3):
    begins = at + timedelta(days=days)
    return plan_class(
        line=line, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=life.secretary, at=at
    )


def test_a_line_becomes_an_activity_and_is_told_when_that_is_closed(life, morning):
    line = lined(life, morning, teller=life.members[0])
    activity = plan(life, line, morning)

    assert (activity.chair, activity.activity_type) == (life.members[0], "party_history_class")
    held = make_gathering(life, morning + timedelta(days=3), activity=Activity.objects.get(pk=activity.pk))
    line.refresh_from_db()
    assert line.told_on == held.day
    assert held.agenda_items.order_by("number").first().topic == "大庆会战"
    assert Fact.objects.get(kind="partylife.class_told").subject == life.members[0].token
    with pytest.raises(ClassToldAlready):
        change_class(line=line, topic="别的", planned_on=line.planned_on, teller=None, actor=life.secretary, at=morning)


def test_called_off_a_line_may_be_planned_again(life, morning):
    line = lined(life, morning, teller=life.members[0])
    activity = plan(life, line, morning)
    call_off_activity(activity=activity, reason="抢险", actor=life.secretary, at=morning)

    line.refresh_from_db()
    assert line.activity is None
    assert plan(life, HistoryClass.objects.select_related("body", "teller").get(pk=line.pk), morning).pk != activity.pk


def test_lines_are_refused_changed_dropped_and_put_back(life, morning):
    line = lined(life, morning)
    for act, refusal in (
        (lambda: lined(life, morning), ClassThere),
        (lambda: lined(life, morning, topic=" "), ClassUntitled),
        (lambda: plan(life, line, morning), ClassWithoutTeller),
    ):
        with pytest.raises(refusal):
            act()
    change_class(
        line=line, topic="铁人精神", planned_on=line.planned_on, teller=life.officer, actor=life.secretary, at=morning
    )
    with pytest.raises(ClassBehind):
        plan(life, line, morning, days=-1)
    drop_class(line=line, actor=life.secretary, at=morning)
    assert list_classes(life.secretary, morning).count == 0
    restore_class(line=line, actor=life.secretary, at=morning)
    assert list_classes(life.secretary, morning).count == 1
    with pytest.raises(NotAllowed):
        lined(make_life("采油七厂"), morning).pk and drop_class(line=line, actor=life.members[0], at=morning)


def test_the_teller_brings_the_material_and_knows_of_the_line(life, morning):
    line = lined(life, morning, teller=life.members[0])

    attach_material(line=line, upload=photo(name="讲稿.jpg"), actor=life.members[0], at=morning)
    assert (line.material_name, list(classes_to_tell(life.members[0], morning))) == ("讲稿.jpg", [line])
    with pytest.raises(NotAllowed):
        attach_material(line=line, upload=photo(), actor=life.members[1], at=morning)


def test_gaps_are_what_went_by_what_nobody_tells_and_empty_months(life, morning):
    behind, nobody = lined(life, morning, days=-10), lined(life, morning, topic="西柏坡", days=20)

    gaps = gaps_of(life.branch, morning.date())

    assert (gaps.behind, gaps.nobody) == ([behind], [nobody])
    assert gaps.empty_months == [date(2026, 11, 1), date(2026, 12, 1)]
