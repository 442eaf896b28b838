"""Every page at both widths: no serious barrier (axe), no sideways scroll, big enough to touch, light and dark."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.access.models import Administrator
from tests.browser.conftest import DESK, PHONE
from tests.domain.playbooks.making import adopt, shipped
from tests.factories.org import LONG_AGO, make_account, make_person
from tests.factories.permits import active, issued, make_story
from tests.factories.rhythm import make_huddle, make_meeting
from tests.web.making import hold, submitted_task

AXE = (Path(__file__).parent / "vendor" / "axe-core-4.10.3.min.js").read_text(encoding="utf-8")
BARRIERS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter((found) => ['serious', 'critical'].includes(found.impact))
  .map((found) => [found.id, found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])"""

ABSENT = "/zones/0/"


@pytest.fixture
def pages(story, clock) -> dict[str, str]:
    """Every page of the zone's lead, with something on it."""
    adopt(story.body, shipped("daqing_zone"), LONG_AGO.replace(year=2026, month=7))
    huddle = make_huddle(story, clock.at)
    joint = hold(story, make_meeting(story, clock.at, activity_type=ActivityType.JOINT_CONFERENCE), clock.at)
    task = submitted_task(story, clock.at)
    duty = story.body.obligations.order_by("-due_on").first()
    return {
        "today": "/", "me": "/me/", "tasks": "/work/tasks/", "task": f"/work/tasks/{task.pk}/",
        "new task": "/work/tasks/new/", "gatherings": "/rhythm/activities/", "plan": "/rhythm/activities/new/",
        "open huddle": f"/rhythm/activities/{huddle.pk}/", "code": f"/rhythm/activities/{huddle.pk}/code/",
        "card": f"/rhythm/activities/{huddle.pk}/card/", "joint": f"/rhythm/activities/{joint.pk}/",
        "duties": "/obligations/", "bars": f"/obligations/bodies/{story.body.pk}/", "duty": f"/obligations/{duty.pk}/",
        "zones": "/zones/", "zone": f"/zones/{story.zone.pk}/", "playbooks": "/playbooks/",
        "playbook": "/playbooks/daqing_zone/", "organization": "/org/", "people": "/org/people/",
        "person": f"/org/people/{story.lead.pk}/", "scan": "/scan/", "password": "/password/", "absent": ABSENT,
    }  # fmt: skip


def faults_of(page, address: str, width: int) -> list[object]:
    status = page.goto(address).status
    found: list[object] = page.evaluate(BARRIERS_AFTER_AXE)
    if status != (404 if address == ABSENT else 200):
        found.append(f"answers {status}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} px wide"] if wide > width else [])]


BARRIERS_AFTER_AXE = f"async () => {{ if (!window.axe) {{ {AXE}\n }} return await ({BARRIERS})(); }}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_have_no_barrier_and_no_sideways_scroll(story, people, pages, size, theme):
    page = people.comes_in(story.lead, size=size)
    page.evaluate("theme => localStorage.setItem('ronghe-theme', theme)", theme)

    found = {name: faults_of(page, address, size["width"]) for name, address in pages.items()}

    assert {name: faults for name, faults in found.items() if faults} == {}


ORGANIZATION = (
    "/org/grid/", "/org/grid/requests/", "/org/grid/settings/?body={body}", "/org/grid/liaisons/?body={body}",
    "/org/?tree=units", "/org/structure/bodies/{body}/", "/org/structure/acts/", "/org/structure/acts/new/?body={body}",
    "/org/structure/acts/new/?act=found&kind=branch&parent={body}", "/org/structure/units/{unit}/",
    "/org/structure/stations/", "/org/regrouping/", "/org/regrouping/new/?body={branch}", "/org/pairing/",
    "/org/pairing/mine/", "/org/elections/", "/org/elections/elections/", "/org/contacts/",
    "/org/contacts/new/", "/org/contacts/gaps/", "/org/contacts/mass/", "/org/floating/", "/org/floating/new/",
    "/org/members/skills/", "/org/members/corrections/", "/org/members/unplaced/", "/org/roster/compare/",
    "/search/?q={name}",
)  # fmt: skip


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone, light", "desk, dark"])
def test_pages_of_the_organization_have_no_barrier(story, people, size, theme):
    page = people.comes_in(story.clerk, size=size)
    page.evaluate("theme => localStorage.setItem('ronghe-theme', theme)", theme)
    known = {
        "body": story.committee.pk, "branch": story.branch.pk, "unit": story.zone.office_id or 1,
        "name": story.members[0].name,
    }  # fmt: skip

    found = {}
    for address in ORGANIZATION:
        path = address.format(**known)
        found[path] = faults_of(page, path, size["width"])

    assert {path: faults for path, faults in found.items() if faults} == {}


SAFETY = (
    "/field/permits/", "/field/permits/clock/", "/field/permits/{issued}/", "/field/permits/{active}/",
    "/field/permits/new/?site={site}&operation=hot_work", "/field/permits/sites/{site}/", "/field/hazards/",
    "/field/hazards/new/", "/field/violations/", "/field/risks/", "/field/incidents/", "/field/contractors/",
    "/field/gate/", "/field/qualifications/", "/offline/",
)  # fmt: skip
ON_SITE = ("/field/permits/{issued}/", "/field/permits/{active}/", "/field/permits/sites/{site}/")


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone, light", "desk, dark"])
def test_pages_of_safety_have_no_barrier(empty, enters, clock, size, theme):
    site = make_story(clock.at)
    known = {
        "issued": issued(site, clock.at).pk, "active": active(site, clock.at, "work_at_height", area="B1", x_m=Decimal(300)).pk,
        "site": site.site.pk,
    }  # fmt: skip

    found = {}
    for person, pages in ((site.keeper, SAFETY), (site.leader, ON_SITE), (site.offices["host"], ON_SITE)):
        page = enters(person, size=size)
        page.goto("/me/")
        page.evaluate("theme => localStorage.setItem('ronghe-theme', theme)", theme)
        for address in pages:
            path = address.format(**known)
            found[f"{person.name} {path}"] = faults_of(page, path, size["width"])

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_the_administrators_have_no_barrier(story, people, size):
    found = {}
    for kind in Administrator:
        person = make_person("查守静")
        make_account(person, administrator=kind)
        page = people.comes_in(Person.objects.get(pk=person.pk), size=size)
        found[kind] = faults_of(page, "/administration/", size["width"])
    found["login"] = faults_of(people.window(size=size), "/login/", size["width"])

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_what_is_touched_on_a_phone_is_at_least_44_pixels(story, people, pages):
    page = people.comes_in(story.lead)
    small = {}
    for name, address in pages.items():
        page.goto(address)
        found = page.evaluate(
            """() => [...document.querySelectorAll('main .btn, main .chip, main .segments a, .tab-bar a, main select, main input:not([type=hidden]):not([type=checkbox]):not([type=file]):not(.filter-search input), main .filter-search, main summary')]
                .filter((e) => e.offsetParent !== null && !e.closest('.vh'))
                .map((e) => [e.className || e.tagName, e.textContent.trim().slice(0, 20), Math.round(e.getBoundingClientRect().height)])
                .filter(([, , height]) => height < 44)"""
        )
        if found:
            small[name] = found

    assert small == {}
