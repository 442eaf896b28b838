"""Every role follows every link and looks at every form: nothing leads nowhere, nothing is a button for nothing."""

from __future__ import annotations

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.access.models import Administrator
from tests.factories.org import make_account, make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_task
from tests.web.making import hold, submitted_task

pytestmark = pytest.mark.django_db

LEFT_OUT = ("/static/", "/gallery/", "/logout/")
AT_MOST = 1_500
FILTERS_AT_ONCE = 2
"""Every filter is tried with every other; more of them together are the same page again."""
RECORDS_ALIKE = 6
"""So many records of one kind, in so many states, are looked at; the seventh is the same page again."""
DOES_SOMETHING = {
    "form", "formaction", "data-dialog", "data-dialog-close", "data-theme-value", "data-toast-close", "data-tree-fold",
    "data-explain-all", "data-bulk-clear",
}  # fmt: skip
"""What a button outside a form may carry: the behaviour that a script binds to it."""


class Page(HTMLParser):
    """The links, the forms and the buttons of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.actions: list[tuple[str, str]] = []
        self.idle: list[dict[str, str | None]] = []
        self.missing: list[str] = []
        self._forms = 0
        self._ids: set[str] = set()
        self._wanted: list[str] = []
        self.feed(markup)
        self.missing = [wanted for wanted in self._wanted if wanted not in self._ids]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if given.get("id"):
            self._ids.add(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self._forms += 1
            self.actions.append((given.get("method") or "get", given.get("action") or ""))
        for name in ("hx-get", "hx-post", "formaction"):
            if given.get(name):
                self.actions.append(("get" if name != "hx-post" else "post", given[name]))
        self._wanted += [given[name] for name in ("form", "data-dialog", "for") if given.get(name)]
        if tag == "button" and not self._forms and not DOES_SOMETHING & given.keys():
            self.idle.append(given)

    def handle_endtag(self, tag):
        if tag == "form":
            self._forms -= 1


def crawl(browser) -> dict[str, int]:
    """Walk from today over every link; return each address with its status.

    Filters can be combined without end, so an address is asked once with each set of at most two filters, and one
    route with at most so many records, its filters with one.
    """
    seen: dict[str, int] = {}
    asked = set()
    alike: Counter[object] = Counter()
    waiting = deque(["/"])
    came_from = {"/": ""}
    while waiting and len(seen) < AT_MOST:
        path = waiting.popleft()
        kind = (urlsplit(path).path, frozenset(parse_qs(urlsplit(path).query)))
        if kind in asked or len(kind[1]) > FILTERS_AT_ONCE or path.startswith(LEFT_OUT):
            continue
        asked.add(kind)
        alike[route := (resolve(kind[0]).route, kind[1])] += 1
        if alike[route] > (1 if kind[1] else RECORDS_ALIKE):
            continue
        answer = browser.get(path)
        seen[path] = answer.status_code
        assert answer.status_code in {200, 302}, f"{path} from {came_from[path]}"
        if answer.status_code == 302:
            waiting.append(answer["Location"])
            came_from.setdefault(answer["Location"], path)
            continue
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.getvalue()  # a file read to its end is closed
            continue
        page = Page(answer.content.decode())
        assert page.idle == [], path
        assert page.missing == [], path
        for method, action in page.actions:
            target = urlsplit(urljoin(path, action)).path
            try:
                resolve(target)
            except Resolver404:
                pytest.fail(f"{path}: the form's {method} to {target} leads nowhere")
        for link in page.links:
            target = urlsplit(urljoin(path, link))
            if target.netloc or target.scheme:
                continue
            address = target.path + (f"?{target.query}" if target.query else "")
            waiting.append(address)
            came_from.setdefault(address, path)
    assert len(seen) < AT_MOST, "the crawl has no end"
    return seen


@pytest.fixture
def field(story, duty, now):
    """Something of every kind: open, closed and planned gatherings, tasks in their states, duties."""
    make_post(story.members[0], PostRole.SECRETARY, body=story.branch)
    make_huddle(story, now)
    hold(story, make_meeting(story, now, activity_type=ActivityType.JOINT_CONFERENCE), now)
    hold(story, make_meeting(story, now), now)
    make_task(story, now)
    submitted_task(story, now)
    return story


@pytest.mark.parametrize("role", ["lead", "secretary", "clerk", "branch secretary", "member"])
def test_every_link_and_form_of_a_role_leads_somewhere(field, as_person, role):
    person = {
        "lead": field.lead, "secretary": field.secretary, "clerk": field.clerk,
        "branch secretary": field.members[0], "member": field.members[1],
    }[role]  # fmt: skip

    seen = crawl(as_person(person))

    assert {"/", "/me/", "/work/tasks/", "/obligations/", "/zones/", "/org/"} <= seen.keys()


@pytest.mark.parametrize("kind", list(Administrator))
def test_every_link_and_form_of_an_administrator_leads_somewhere(field, as_person, kind):
    person = make_person("查守静")
    make_account(person, administrator=kind)

    seen = crawl(as_person(Person.objects.get(pk=person.pk)))

    phones = {"/offline/devices/"} if kind == Administrator.SECURITY else set()
    assert set(seen) == {"/", "/administration/", "/me/", "/password/"} | phones
