from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services import generating
from ronghe.domain.obligations.services.generating import Generated, generate_obligations
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.playbooks.services import end_adoption
from ronghe.domain.zones.models import CollaborationZone, ShutDown
from ronghe.kernel.calendar.announced import read_announced_year
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.periods import read_period
from tests.domain.obligations.making import SHANGHAI, close, met_by, states
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook, shipped
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)
IN_SEPTEMBER = datetime(2026, 9, 14, 8, 0, tzinfo=SHANGHAI)
IN_OCTOBER = datetime(2026, 10, 1, 0, 30, tzinfo=SHANGHAI)

HUDDLE = """\
  - id: huddle
    title: {zh: 碰头, en: Huddle}
    dimension: life
    for: [co_built_branch]
    cadence: {rrule: FREQ=DAILY, window: day, working_day: skip}
    calendar: site
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: morning_huddle}}]
"""


def keys(**wanted: object) -> list[str]:
    return list(Obligation.objects.filter(**wanted).order_by("due_on", "pk").values_list("occurrence", flat=True))


def test_adopting_creates_the_years_obligations():
    """C1: mechanisms become dated obligations for each body that adopted them."""
    north = make_body("北支部")

    adopt(north, shipped("branch_base"), JANUARY)

    assert Counter(Obligation.objects.values_list("mechanism", flat=True)) == {
        "general_meeting": 4,
        "committee_meeting": 12,
        "party_lecture": 4,
        "theme_party_day": 12,
        "org_life_meeting": 1,
        "democratic_appraisal": 1,
        "heart_to_heart_talks": 1,
    }


def test_generating_again_changes_nothing():
    north = make_body("北支部")
    adopt(north, playbook(), JANUARY)
    before = list(Obligation.objects.order_by("pk").values())

    assert generate_obligations(at=IN_SEPTEMBER) == Generated()
    assert generate_obligations(at=IN_SEPTEMBER, body_ids=[north.pk]) == Generated()
    assert list(Obligation.objects.order_by("pk").values()) == before


def test_generating_reaches_into_the_next_year_from_october_on():
    north = make_body("北支部")
    adopt(north, playbook(), JULY)

    assert generate_obligations(at=IN_SEPTEMBER) == Generated()
    assert generate_obligations(at=IN_OCTOBER) == Generated(added=12)
    assert keys(due_on__gte=date(2027, 1, 1))[0] == "2027-01-01"


def test_generating_fills_what_an_earlier_years_adoption_left_of_this_year():
    """The platform may have stood still over the turn of the year."""
    north = make_body("北支部")
    adopt(north, playbook(), JANUARY)
    Obligation.objects.filter(due_on__lt=date(2026, 9, 1)).delete()

    assert generate_obligations(at=IN_SEPTEMBER) == Generated(added=8)


def test_late_adoption_takes_in_what_was_recorded_before(morning):
    """Matching reruns on late adoption."""
    north = make_body("北支部")
    fact = close(north, date(2026, 7, 20))

    adopt(north, playbook(), JULY)

    assert met_by() == {("北支部", "theme_day", "2026-07-01"): fact.pk}


def test_upgrade_in_the_middle_of_a_window_leaves_no_gap_and_owes_nothing_twice():
    north = make_body("北支部")
    adopt(north, playbook(), JANUARY)

    adopt(north, playbook(THEME_DAY.replace("days: 5", "days: 10"), version=2), date(2026, 7, 15))

    rows = Obligation.objects.order_by("due_on").values_list("occurrence", "version__version")
    assert [(key[5:7], version) for key, version in rows] == [
        *((f"{month:02}", 1) for month in range(1, 8)),
        *((f"{month:02}", 2) for month in range(8, 13)),
    ]


def test_nightly_run_after_an_upgrade_keeps_what_began_under_the_older_version():
    """A yearly duty is whole for both versions together, long after the older one ended."""
    north = make_body("北支部")
    yearly = THEME_DAY.replace("FREQ=MONTHLY, window: month", "FREQ=YEARLY, window: year")
    adopt(north, playbook(yearly), JANUARY)
    adopt(north, playbook(yearly, version=2), date(2026, 7, 15))

    assert generate_obligations(at=IN_SEPTEMBER) == Generated()
    assert keys() == ["2026-01-01"]


def test_sites_with_other_shut_downs_owe_other_days(monkeypatch):
    """Bodies share computed lists only where their calendars say the same, also across portions of bodies."""
    monkeypatch.setattr(generating, "BODIES_AT_A_TIME", 1)
    for day in range(1, 6):
        body = make_body(f"共建{day}", kind=PartyOrgKind.CO_BUILT_BRANCH)
        zone = CollaborationZone.objects.create(
            name=f"区{day}", purpose="改造", mode="project_based", state="proposed", sponsor=body, body=body,
            proposed_at=IN_SEPTEMBER,
        )  # fmt: skip
        ShutDown.objects.create(zone=zone, from_on=date(2026, 9, day), until_on=date(2026, 9, day + 1), reason="检修")
        adopt(body, playbook(HUDDLE), date(2026, 9, 1))
    Obligation.objects.all().delete()

    generate_obligations(at=IN_SEPTEMBER, span=read_period("2026-09").span)

    for day in range(1, 6):
        assert f"2026-09-{day:02}" not in keys(body__name=f"共建{day}")
        assert len(keys(body__name=f"共建{day}")) == 29


def test_mechanism_of_two_adopted_playbooks_is_owed_once():
    north = make_body("北支部")
    adopt(north, playbook(), JANUARY)
    adopt(north, playbook(playbook_id="other_book"), JULY)

    assert len(keys()) == 12
    assert set(keys(version__playbook_id="other_book")) == {f"2026-{month:02}-01" for month in range(7, 13)}


def test_ending_an_adoption_takes_back_what_is_no_longer_owed(morning):
    north = make_body("北支部")
    secretary = make_person("刘丽", home=north)
    make_post(secretary, PostRole.SECRETARY, body=north)
    adoption = adopt(north, playbook(), JANUARY)

    end_adoption(adoption=adoption, until=JULY, actor=secretary, at=morning)

    assert keys() == [f"2026-{month:02}-01" for month in range(1, 7)]


def test_shut_down_of_the_site_takes_back_its_huddles_and_lifting_it_brings_them_back():
    zone_body = make_body("南I-1共建党支部", kind=PartyOrgKind.CO_BUILT_BRANCH)
    zone = CollaborationZone.objects.create(
        name="南I-1", purpose="改造", mode="project_based", state="proposed", sponsor=zone_body, body=zone_body,
        proposed_at=IN_SEPTEMBER,
    )  # fmt: skip
    adopt(zone_body, playbook(HUDDLE), date(2026, 9, 1))
    kept = close(zone_body, date(2026, 9, 3), "morning_huddle")
    september = read_period("2026-09").span

    stop = ShutDown.objects.create(zone=zone, from_on=date(2026, 9, 10), until_on=date(2026, 9, 20), reason="检修")
    stopped = generate_obligations(at=IN_SEPTEMBER, span=september)
    stop.delete()
    resumed = generate_obligations(at=IN_SEPTEMBER, span=september)

    assert (stopped, resumed) == (Generated(removed=10), Generated(added=10))
    assert met_by() == {("南I-1共建党支部", "huddle", "2026-09-03"): kept.pk}


def test_announced_holidays_move_what_was_provisional_and_keep_its_match():
    north = make_body("北支部")
    moving = THEME_DAY.replace("window: month", "window: month, working_day: previous")
    adopt(north, playbook(moving), date(2035, 1, 1))
    span = read_period("2035").span
    generate_obligations(at=IN_SEPTEMBER, span=span)
    announced = statutory_calendar([read_announced_year({"year": 2035, "holidays": {"2035-01-31": "春节"}})])
    fact = close(north, date(2035, 1, 15))

    done = generate_obligations(at=IN_SEPTEMBER, span=span, statutory=announced)

    january = Obligation.objects.order_by("due_on").first()
    assert (january.occurrence, january.due_on, january.is_provisional) == ("2035-01-01", date(2035, 1, 30), False)
    assert done.moved == 12
    assert met_by() == {("北支部", "theme_day", "2035-01-01"): fact.pk}


def test_dissolved_body_owes_nothing_after_its_last_day():
    north = make_body("北支部")
    adopt(north, playbook(), JANUARY)
    type(north).objects.filter(pk=north.pk).update(valid_until=JULY)

    done = generate_obligations(at=IN_SEPTEMBER, body_ids=[north.pk])

    assert done == Generated(removed=6)
    assert states(date(2026, 6, 15)) == {
        **{f"2026-{month:02}-01": "missed" for month in range(1, 6)},
        "2026-06-01": "due",
    }
