"""The three administrators: each the own page, none a Party page, and nobody else theirs (SE-08)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import get_resolver

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.kernel.access.models import Account, Administrator
from ronghe.kernel.tasks import verification_path
from ronghe.web.middleware import OPEN_TO_ADMINISTRATORS
from tests.factories.org import make_account, make_person, make_post
from tests.factories.rhythm import make_huddle, make_task

pytestmark = pytest.mark.django_db

HOME = "/administration/"


@pytest.fixture
def office(now, as_person):
    """One browser for each administrator."""

    def browser(kind):
        person = make_person()
        make_account(person, administrator=kind)
        return as_person(Person.objects.get(pk=person.pk))

    return {kind: browser(kind) for kind in Administrator}


WITHOUT_SESSION = {"calendar_feed"}
"""What a secret in the address opens, whoever asks."""


def arguments(story, now):
    """One real value for whatever an address asks for."""
    huddle, task = make_huddle(story, now), make_task(story, now)
    return {
        "pk": {"zone": story.zone.pk, "person": story.lead.pk, "task": task.pk, "activity": huddle.pk},
        "body_pk": story.body.pk, "attendance_pk": 1, "playbook_id": "daqing_zone", "form": "pdf", "code": "x",
        "sha256": "0" * 64, "answer": "agree", "kind": "duty", "step": "offer",
        "side": "party", "verb": "confirm", "way": "up", "ruling": "approve", "settling": "accept",
    }  # fmt: skip


def addresses(story, now) -> list[str]:
    """Every address of the pages, filled with ids of rows that exist."""
    known = arguments(story, now)
    found = []
    for name, options in get_resolver().namespace_dict["web"][1].reverse_dict.items():
        if not isinstance(name, str) or name in OPEN_TO_ADMINISTRATORS or name in WITHOUT_SESSION:
            continue
        (template, names), *_more = options[0]
        values = {key: known.get(key, 1) for key in names}
        if isinstance(values.get("pk"), dict):
            values["pk"] = next((pk for word, pk in known["pk"].items() if name.startswith(word)), 1)
        found.append("/" + template % values)
    return sorted(found)


def test_no_party_page_opens_to_an_administrator(story, now, administrator):
    """Not even to one who holds a Party post: the rows exist, and the answer is 403 everywhere."""
    asked = addresses(story, now)

    assert len(asked) > 40
    assert {path: administrator.get(path).status_code for path in asked} == dict.fromkeys(asked, 403)
    assert {path: administrator.post(path).status_code for path in asked} == dict.fromkeys(asked, 403)


def test_a_post_opens_nothing_to_an_administrator(story, as_person):
    person = make_person("查守静", home=story.branch)
    make_post(person, PostRole.SECRETARY, body=story.body)
    make_account(person, administrator=Administrator.SECURITY)

    browser = as_person(Person.objects.get(pk=person.pk))

    assert browser.get(f"/zones/{story.zone.pk}/").status_code == 403
    assert browser.get("/org/people/").status_code == 403


def test_administration_is_not_there_for_anybody_else(story, lead, member):
    for browser in (lead, member):
        assert browser.get(HOME).status_code == 404
        assert browser.post(f"{HOME}accounts/{story.lead.pk}/unlock/").status_code == 403
        assert browser.post(f"{HOME}verification/start/").status_code == 403


def test_each_administrator_has_the_own_page(office):
    titles = {kind: browser.get(HOME).content.decode() for kind, browser in office.items()}

    assert "<h1>账号" in titles[Administrator.SYSTEM]
    assert "<h1>锁定的账号" in titles[Administrator.SECURITY]
    assert "<h1>记录校验" in titles[Administrator.AUDIT]


def test_none_does_what_is_anothers(office):
    locked = make_account(make_person("罗一鸣"))

    for kind, browser in office.items():
        unlocks, verifies = kind == Administrator.SECURITY, kind == Administrator.AUDIT
        unlocked = browser.post(f"{HOME}accounts/{locked.pk}/unlock/").status_code
        started = browser.post(f"{HOME}verification/start/").status_code
        assert (unlocked, started) == (302 if unlocks else 403, 302 if verifies else 403)


def test_account_is_opened_and_the_password_shown_once(office):
    luo = make_person("罗一鸣")
    browser = office[Administrator.SYSTEM]

    answer = browser.post(HOME, {"staff_number": "罗一鸣", "login": "luoyiming"})

    account = Account.objects.get(login="luoyiming")
    assert (account.person, account.must_change_password) == (luo, True)
    assert account.check_password(answer.context["opened"]["password"])
    assert answer.context["opened"]["password"] not in browser.get(HOME).content.decode()


def test_account_for_two_of_one_name_is_refused_with_what_was_typed(office):
    make_person("罗一鸣")
    make_person("罗一鸣")

    answer = office[Administrator.SYSTEM].post(HOME, {"staff_number": "罗一鸣", "login": "luoyiming"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["staff_number"])
    assert 'value="luoyiming"' in answer.content.decode()


def test_locked_account_is_unlocked(office, now):
    account = make_account(make_person("罗一鸣"), "luoyiming")
    Account.objects.filter(pk=account.pk).update(locked_until=now + timedelta(minutes=20), failure_count=5)
    browser = office[Administrator.SECURITY]
    assert browser.get(HOME).context["locked"] == [account]

    browser.post(f"{HOME}accounts/{account.pk}/unlock/")

    account.refresh_from_db()
    assert account.locked_until is None
    assert browser.get(HOME).context["locked"] == []


def test_last_verification_is_shown(office, now):
    browser = office[Administrator.AUDIT]
    assert browser.get(HOME).context["last"] is None
    path = verification_path(settings.HOME)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"ok": True, "facts": 12345, "bad": [], "at": now.isoformat()}), encoding="utf-8")

    answer = browser.get(HOME)
    path.unlink()

    assert answer.context["checked_at"] == now
    assert "核对 12345 条" in answer.content.decode()


@pytest.mark.parametrize("kind", list(Administrator))
def test_page_costs_the_same_for_one_and_for_three(office, kind, now, statements):
    def add(number):
        account = make_account(make_person(f"职工甲{number}"))
        Account.objects.filter(pk=account.pk).update(locked_until=now + timedelta(minutes=20))

    add(1)
    one = statements(office[kind], HOME)
    add(2)
    add(3)

    assert statements(office[kind], HOME) == one
