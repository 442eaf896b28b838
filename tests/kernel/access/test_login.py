"""Coming in: lock-out, passwords, administrators apart (SE-01, SE-04, SE-08)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import DatabaseError, connections, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.services.people import (
    AccountThere,
    AdministratorsApart,
    AlreadyFounded,
    LoginTaken,
    found_administrators,
    open_account,
    unlock_account,
)
from ronghe.kernel.access.login import AccountLocked, PasswordRefused, change_password, log_in, password_is_due
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.access.models import Account, Administrator, Look
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.org import PASSWORD, make_account, make_person

pytestmark = pytest.mark.django_db

WRONG = "Derrick-2025"


@pytest.fixture
def liu(morning):
    account = make_account(make_person("刘丽"), "liuli")
    Account.objects.filter(pk=account.pk).update(password_changed_at=morning)
    account.refresh_from_db()
    return account


def fail(times: int, at) -> list[str]:
    """Try the wrong password and return how each try ended."""
    ends = []
    for _ in range(times):
        try:
            ends.append("wrong" if log_in(login="liuli", password=WRONG, at=at) is None else "in")
        except AccountLocked as refusal:
            ends.append(f"locked {refusal.details['minutes']}")
    return ends


def test_the_right_password_comes_in(liu, morning):
    assert log_in(login="liuli", password=PASSWORD, at=morning) == liu


@pytest.mark.parametrize(("login", "password"), [("liuli", WRONG), ("liuli", ""), ("nobody", PASSWORD)])
def test_a_wrong_pair_does_not(liu, morning, login, password):
    assert log_in(login=login, password=password, at=morning) is None


def test_an_account_that_was_closed_does_not_come_in(liu, morning):
    Account.objects.filter(pk=liu.pk).update(is_active=False)

    assert log_in(login="liuli", password=PASSWORD, at=morning) is None
    assert authenticate(username="liuli", password=PASSWORD) is None


def test_se_01_four_failures_do_not_lock_and_the_fifth_does(liu, morning):
    assert fail(4, morning) == ["wrong"] * 4
    assert Account.objects.get().locked_until is None

    assert fail(1, morning) == ["locked 30"]
    assert Account.objects.get().locked_until == morning + timedelta(minutes=30)


def test_se_01_a_right_password_between_starts_the_count_anew(liu, morning):
    fail(4, morning)
    log_in(login="liuli", password=PASSWORD, at=morning)

    assert fail(4, morning) == ["wrong"] * 4


def test_se_01_while_locked_even_the_right_password_waits(liu, morning):
    fail(5, morning)

    with pytest.raises(AccountLocked):
        log_in(login="liuli", password=PASSWORD, at=morning)


@pytest.mark.parametrize(
    ("after", "comes_in"),
    [
        (timedelta(minutes=30) - timedelta(seconds=1), False),
        (timedelta(minutes=30), True),
        (timedelta(minutes=30, seconds=1), True),
    ],
)
def test_se_01_the_lock_ends_on_the_thirtieth_minute(liu, morning, after, comes_in):
    fail(5, morning)

    if comes_in:
        assert log_in(login="liuli", password=PASSWORD, at=morning + after) == liu
    else:
        with pytest.raises(AccountLocked) as refusal:
            log_in(login="liuli", password=PASSWORD, at=morning + after)
        assert refusal.value.details == {"minutes": 1}


def test_se_01_after_a_lock_five_more_failures_lock_again(liu, morning):
    fail(5, morning)
    later = morning + timedelta(minutes=30)

    assert fail(5, later) == ["wrong"] * 4 + ["locked 30"]


@pytest.mark.usefixtures("committing_db")
@pytest.mark.django_db(transaction=True)
def test_se_01_failures_from_many_sides_at_once_are_all_counted(morning):
    make_account(make_person("刘丽"), "liuli")
    gate, ends = threading.Barrier(4), []

    def knock() -> None:
        gate.wait()
        ends.extend(fail(1, morning))
        connections.close_all()

    knockers = [threading.Thread(target=knock) for _ in range(4)]
    for knocker in knockers:
        knocker.start()
    for knocker in knockers:
        knocker.join()

    assert ends == ["wrong"] * 4
    assert Account.objects.get(login="liuli").failure_count == 4


def test_the_security_administrator_unlocks_and_it_is_recorded(liu, morning):
    warden = make_person("安全管理员")
    make_account(warden, administrator=Administrator.SECURITY)
    fail(5, morning)

    unlock_account(account=liu, actor=warden, at=morning)

    assert log_in(login="liuli", password=PASSWORD, at=morning) == liu
    fact = Fact.objects.get(kind="org.account_unlocked")
    assert (fact.subject, fact.recorded_by) == (liu.actor.token, warden.token)


@pytest.mark.parametrize("role", [Administrator.SYSTEM, Administrator.AUDIT, None])
def test_se_08_nobody_else_unlocks(liu, morning, role):
    other = make_person("别人")
    make_account(other, administrator=role)
    fail(5, morning)

    with pytest.raises(NotAllowed):
        unlock_account(account=liu, actor=other, at=morning)

    assert Account.objects.get(pk=liu.pk).locked_until is not None


@pytest.mark.parametrize("role", [Administrator.SECURITY, Administrator.AUDIT, None])
def test_se_08_nobody_but_the_system_administrator_opens_accounts(morning, role):
    other = make_person("别人")
    make_account(other, administrator=role)

    with pytest.raises(NotAllowed):
        open_account(person=make_person("新来的"), login="new", password=PASSWORD, actor=other, at=morning)

    assert not Account.objects.filter(login="new").exists()


def test_opening_an_account_makes_the_password_due_and_is_recorded(morning):
    operator, newcomer = make_person("系统管理员"), make_person("新来的")
    make_account(operator, administrator=Administrator.SYSTEM)

    account = open_account(person=newcomer, login="new", password=PASSWORD, actor=operator, at=morning)

    assert (account.login, account.must_change_password, account.actor) == ("new", True, newcomer)
    assert (
        Fact.objects.filter(kind="org.account_opened", subject=newcomer.token, recorded_by=operator.token).count() == 1
    )


def test_a_login_is_given_once_and_a_person_has_one_account(liu, morning):
    with pytest.raises(LoginTaken):
        open_account(person=make_person("刘力"), login="liuli", password=PASSWORD, actor=None, at=morning)
    with pytest.raises(AccountThere):
        open_account(person=liu.actor, login="liuli2", password=PASSWORD, actor=None, at=morning)

    assert list(Account.objects.values_list("login", flat=True)) == ["liuli"]


@pytest.mark.parametrize("first", list(Administrator))
@pytest.mark.parametrize("second", list(Administrator))
def test_se_08_nobody_is_two_of_the_three_administrators(morning, first, second):
    person = make_person("兼职")
    make_account(person, "first", administrator=first)

    refusal = AccountThere if first == second else AdministratorsApart
    with pytest.raises(refusal):
        open_account(person=person, login="second", password=PASSWORD, actor=None, at=morning, administrator=second)

    assert list(Account.objects.values_list("administrator", flat=True)) == [first]


def test_se_08_the_first_three_administrators_are_three_people(morning):
    made = found_administrators(system="张三", security="李四", audit="王五", at=morning, password=lambda: PASSWORD)

    assert [row["login"] for row in made] == ["systemadmin", "securityadmin", "auditadmin"]
    assert sorted(Account.objects.values_list("administrator", flat=True)) == sorted(Administrator.values)
    with pytest.raises(AlreadyFounded):
        found_administrators(system="赵六", security="钱七", audit="孙八", at=morning, password=lambda: PASSWORD)
    assert Person.objects.count() == 3


def test_se_08_one_name_for_two_of_them_founds_nobody(morning):
    with pytest.raises(AdministratorsApart):
        found_administrators(system="张三", security="李四", audit="张三", at=morning, password=lambda: PASSWORD)

    assert (Person.objects.count(), Account.objects.count()) == (0, 0)


def test_se_08_there_is_no_superuser_and_no_field_that_could_make_one():
    columns = {field.name for field in Account._meta.get_fields()}

    assert columns.isdisjoint({"is_superuser", "is_staff", "groups", "user_permissions"})
    assert not hasattr(Account, "has_perm")


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("Abcdef1", False),  # seven signs
        ("Abcdefg1", True),  # eight, three classes
        ("abcdefg1", False),  # two classes
        ("abcdef1!", True),  # lower, digit, symbol
        ("ABCDEF1!", True),
        ("ABCDEFG!", False),
        ("Abc油田123", True),  # Chinese counts as a symbol
        ("LiuLi-2026", False),  # the login in another case
    ],
)
def test_se_01_a_password_has_eight_signs_of_three_classes_and_not_the_login(liu, morning, password, is_taken):
    if is_taken:
        change_password(liu, old=PASSWORD, new=password, at=morning)
        assert log_in(login="liuli", password=password, at=morning) == liu
    else:
        with pytest.raises(PasswordRefused):
            change_password(liu, old=PASSWORD, new=password, at=morning)
        assert log_in(login="liuli", password=PASSWORD, at=morning) == liu


def test_se_01_the_last_five_passwords_are_refused_and_the_sixth_back_is_not(liu, morning):
    used = [PASSWORD, *(f"Pumpjack-{n}" for n in range(1, 6))]
    for n, password in enumerate(used[1:], start=1):
        change_password(liu, old=used[n - 1], new=password, at=morning + timedelta(days=n))

    for password in used[1:]:
        with pytest.raises(PasswordRefused):
            change_password(liu, old=used[-1], new=password, at=morning + timedelta(days=9))
    change_password(liu, old=used[-1], new=used[0], at=morning + timedelta(days=9))

    assert log_in(login="liuli", password=used[0], at=morning) == liu


@pytest.mark.parametrize(
    ("age", "is_due"),
    [
        (timedelta(days=90) - timedelta(seconds=1), False),
        (timedelta(days=90), False),
        (timedelta(days=90, seconds=1), True),
    ],
)
def test_se_01_a_password_is_due_after_ninety_days(liu, morning, age, is_due):
    assert password_is_due(liu, morning + age) is is_due


def test_se_04_the_first_password_is_due_at_once_and_changing_it_ends_that(morning):
    account = open_account(person=make_person("新来的"), login="new", password=PASSWORD, actor=None, at=morning)
    assert password_is_due(account, morning)

    change_password(account, old=PASSWORD, new="Pumpjack-1", at=morning)

    assert not password_is_due(Account.objects.get(pk=account.pk), morning)


def test_a_look_is_kept_and_cannot_be_taken_back(liu, morning):
    person = liu.actor

    look = record_look(by=person, about=person, compartment="identity", at=morning)

    assert list(Look.objects.values_list("by", "about", "compartment")) == [(person.token, person.token, "identity")]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        look.delete()
    assert Look.objects.count() == 1


def test_the_person_behind_an_account_is_none_where_nobody_was_linked():
    assert Account(login="lonely").actor is None
