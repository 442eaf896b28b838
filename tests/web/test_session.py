"""Coming in, going out, sitting idle, changing the password (SE-01, SE-04)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from ronghe.kernel.access.models import Account, Administrator
from ronghe.web.middleware import SEEN
from tests.factories.org import PASSWORD, make_account, make_person

pytestmark = pytest.mark.django_db

PAGE = "/"


@pytest.fixture
def liu():
    account = make_account(make_person("刘丽"), "liuli")
    Account.objects.filter(pk=account.pk).update(password_changed_at=timezone.now())
    return account


def come_in(client, password=PASSWORD, **more):
    return client.post("/login/", {"login": "liuli", "password": password, **more})


def sit_idle(client, for_time: timedelta) -> None:
    session = client.session
    session[SEEN] = (timezone.now() - for_time).isoformat()
    session.save()


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_stranger_is_sent_to_log_in_and_back(client, liu):
    answer = client.get("/?day=1")

    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/?day=1"]
    assert come_in(client, next="/?day=1")["Location"] == "/?day=1"


def test_the_log_in_page_keeps_where_to_go_on_through_a_wrong_password(client, liu):
    first = client.get("/login/?next=/tasks/")
    again = come_in(client, "wrong", next="/tasks/")

    for page in (first, again):
        assert '<input type="hidden" name="next" value="/tasks/">' in page.content.decode()


def test_a_wrong_password_is_told_and_lets_nobody_in(client, liu):
    answer = come_in(client, "wrong")

    assert answer.status_code == 422
    assert "登录名或密码不对。" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "https:elsewhere", ""]
)
def test_after_log_in_nobody_is_sent_elsewhere(client, liu, target):
    assert come_in(client, next=target)["Location"] == "/"


def test_se_01_the_fifth_failure_locks_and_says_for_how_long(client, liu):
    for _ in range(4):
        assert "已锁定" not in come_in(client, "wrong").content.decode()

    fifth = come_in(client, "wrong")
    right = come_in(client)

    for answer in (fifth, right):
        assert answer.status_code == 422
        assert "密码连续输错，账号已锁定，30 分钟后再试，或请安全管理员解锁。" in answer.content.decode()
    assert not is_in(client)


def test_logging_in_starts_a_session_with_another_key(client, liu):
    client.get("/login/")
    before = client.cookies.get("sessionid")
    come_in(client)

    assert before is None or before.value != client.cookies["sessionid"].value
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_logging_out_is_an_act_and_not_a_link(client, liu):
    come_in(client)

    assert client.get("/logout/").status_code == 405
    assert is_in(client)
    assert client.post("/logout/")["Location"] == "/login/"
    assert not is_in(client)
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("administrator", "idle", "stays"),
    [
        (None, timedelta(minutes=29, seconds=50), True),
        (None, timedelta(minutes=30, seconds=1), False),
        (Administrator.SYSTEM, timedelta(minutes=14, seconds=50), True),
        (Administrator.SYSTEM, timedelta(minutes=15, seconds=1), False),
        (Administrator.SECURITY, timedelta(minutes=15, seconds=1), False),
        (Administrator.AUDIT, timedelta(minutes=15, seconds=1), False),
    ],
)
def test_se_01_an_idle_session_ends_sooner_for_administrators(client, liu, administrator, idle, stays):
    Account.objects.filter(pk=liu.pk).update(administrator=administrator)
    come_in(client)
    sit_idle(client, idle)

    answer = client.get(PAGE)

    assert is_in(client) is stays
    assert (answer.get("Location") == "/login/?idle=1") is not stays


def test_the_page_after_idling_says_why(client, liu):
    assert "已自动退出" in client.get("/login/?idle=1").content.decode()


def test_being_seen_is_written_at_most_once_a_minute(client, liu):
    come_in(client)
    client.get(PAGE)
    seen = client.session[SEEN]

    client.get(PAGE)
    assert client.session[SEEN] == seen

    sit_idle(client, timedelta(seconds=61))
    client.get(PAGE)
    assert client.session[SEEN] > seen


def test_an_idle_session_of_a_page_part_sends_the_whole_page_away(client, liu):
    """A fragment of the log-in page inside a table would be no way on."""
    come_in(client)
    sit_idle(client, timedelta(minutes=31))

    answer = client.get(PAGE, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/login/?idle=1")


def test_a_lost_session_of_a_page_part_sends_the_whole_page_away(client, liu):
    answer = client.get(PAGE, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/login/?next=/")


def test_an_idle_session_is_told_to_programs_in_their_language(client, liu):
    come_in(client)
    sit_idle(client, timedelta(minutes=31))

    answer = client.get("/api/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")


def test_se_04_a_due_password_is_changed_before_anything_else(client, liu):
    Account.objects.filter(pk=liu.pk).update(must_change_password=True)
    come_in(client)

    assert client.get(PAGE)["Location"] == "/password/"
    assert client.get("/api/v1/me").json()["code"] == "password_due"
    assert client.get("/password/").status_code == 200

    answer = client.post("/password/", {"old": PASSWORD, "new": "Pumpjack-1", "again": "Pumpjack-1"})

    assert answer["Location"] == PAGE
    assert client.get(PAGE).status_code == 200
    assert not Account.objects.get().must_change_password


def test_with_a_due_password_one_can_still_leave(client, liu):
    Account.objects.filter(pk=liu.pk).update(must_change_password=True)
    come_in(client)

    assert client.post("/logout/")["Location"] == "/login/"


def test_a_password_typed_differently_twice_is_not_taken(client, liu):
    come_in(client)

    answer = client.post("/password/", {"old": PASSWORD, "new": "Pumpjack-1", "again": "Pumpjack-2"})

    assert answer.status_code == 422
    assert "两次输入的不一样。" in answer.content.decode()
    assert Account.objects.get().check_password(PASSWORD)


def test_se_01_a_weak_password_is_refused_with_the_reason(client, liu):
    come_in(client)

    answer = client.post("/password/", {"old": PASSWORD, "new": "short", "again": "short"})

    assert answer.status_code == 422
    assert "新密码不能用：太短。" in answer.content.decode()


def test_a_session_left_open_is_not_enough_to_change_the_password(client, liu):
    come_in(client)

    answer = client.post("/password/", {"old": "Guess-2026", "new": "Pumpjack-1", "again": "Pumpjack-1"})

    assert answer.status_code == 422
    assert "原密码不对。" in answer.content.decode()
    assert Account.objects.get().check_password(PASSWORD)
    assert Account.objects.get().failure_count == 1


def test_changing_the_password_ends_the_other_sessions(client, liu):
    from django.test import Client

    phone = Client()
    come_in(client)
    come_in(phone)
    client.post("/password/", {"old": PASSWORD, "new": "Pumpjack-1", "again": "Pumpjack-1"})

    assert client.get(PAGE).status_code == 200
    assert phone.get(PAGE)["Location"].startswith("/login/")


def test_a_session_of_a_closed_account_is_over(client, liu):
    come_in(client)
    Account.objects.filter(pk=liu.pk).update(is_active=False)

    assert client.get(PAGE)["Location"].startswith("/login/")


def test_the_log_in_form_wants_its_own_token(liu):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/login/", {"login": "liuli", "password": PASSWORD}).status_code == 403
