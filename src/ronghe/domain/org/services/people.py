"""People come, belong, take posts and leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import GROUP_KINDS, HOME_KINDS, MembershipKind, PostRole, PostSource
from ronghe.domain.org.facts import (
    ACCOUNT_OPENED,
    ACCOUNT_UNLOCKED,
    GROUP_CHANGED,
    MEMBERSHIP_ENDED,
    MEMBERSHIP_STARTED,
    POST_LEFT,
    POST_TAKEN,
)
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.rules import (
    APPOINT,
    APPOINT_IN_UNIT,
    ENROL,
    NAME_GROUP_LEADER,
    OPEN_ACCOUNT,
    UNLOCK_ACCOUNT,
)
from ronghe.domain.org.rules.reaches import forget_standing
from ronghe.kernel.access.login import unlock
from ronghe.kernel.access.models import Account, Administrator
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _


class NotAHome(DomainError):
    code = "not_a_home"
    sentence = N_("“%(body)s”是工作载体，组织关系不能转入；可作为参加活动编入（PO-12）。")


class AdministratorsApart(DomainError):
    code = "administrators_apart"
    sentence = N_("三员须分设：%(name)s 已是%(other)s，不能再任%(role)s（SE-08）。")


class AlreadyFounded(DomainError):
    code = "already_founded"
    sentence = N_("三员账号已经建过。以后的账号由系统管理员开通。")


class GroupElsewhere(DomainError):
    code = "group_elsewhere"
    sentence = N_("“%(group)s”不在“%(body)s”下面，不能编入（PO-13）。请选本支部的党小组。")


class AlreadyThere(DomainError):
    code = "already_there"
    sentence = N_("%(name)s自 %(since)s 起已在“%(body)s”，不用再编入（PO-12）。")


class HomesOverlap(DomainError):
    code = "homes_overlap"
    sentence = N_(
        "%(name)s在“%(body)s”的关系到 %(until)s 才结束，同一天只能有一个（PO-12）。请把开始日期改到那天或以后。"
    )


class BodyNotThere(DomainError):
    code = "body_not_there"
    sentence = N_("“%(body)s”在 %(since)s 还没有成立或已经撤销，不能编入（PO-13）。请改日期或选别的组织。")


class EndsBeforeStart(DomainError):
    code = "ends_before_start"
    sentence = N_("结束日期 %(until)s 早于开始日期 %(since)s，请改日期。")


class PostHeld(DomainError):
    code = "post_held"
    sentence = N_("%(name)s已任%(place)s的%(role)s。")


class AccountThere(DomainError):
    code = "account_there"
    sentence = N_("%(name)s已有账号“%(login)s”。")


class LoginTaken(DomainError):
    code = "login_taken"
    sentence = N_("登录名“%(login)s”已有人用，请换一个。")


@transaction.atomic
def join_body(
    *, person: Person, body: PartyOrg, kind: MembershipKind, since: date, actor: Person | None, at: datetime,
    group: PartyOrg | None = None,
) -> Membership:  # fmt: skip
    """Put a person into a body; a new home ends the old one the same day (PO-12: exactly one home), as with union and league.

    :raises NotAHome: a working body cannot be anybody's home
    :raises BodyNotThere: the body was not founded yet on that day, or is dissolved
    :raises GroupElsewhere: the group does not stand below the body
    :raises AlreadyThere: the person is in that body
    :raises HomesOverlap: an earlier home ended after `since`
    :raises EndsBeforeStart: the home that this one replaces began later than `since`
    :raises Stale: somebody else moved the person a moment ago
    """
    if actor is not None:
        ENROL.require(actor, body, at=at)
    if kind == MembershipKind.HOME and body.kind not in HOME_KINDS:
        raise NotAHome(body=body.name)
    if since < body.valid_from or (body.valid_until is not None and since >= body.valid_until):
        raise BodyNotThere(body=body.name, since=since)
    if group is not None and group.parent_id != body.pk:
        raise GroupElsewhere(group=group.name, body=body.name)
    before = list(person.memberships.filter(kind=kind).select_related("body").order_by("valid_from", "pk"))
    _refuse_overlap(person, body, kind, since, before)
    for old in before:
        if old.valid_until is None and kind != MembershipKind.PARTICIPATION:
            leave_body(membership=old, until=since, actor=actor, at=at)
        if old.body_id == body.pk and old.valid_from == old.valid_until == since:
            old.delete()  # came and went that day
    try:
        with transaction.atomic():
            membership = Membership.objects.create(person=person, body=body, kind=kind, group=group, valid_from=since)
    except IntegrityError as error:
        raise Stale from error
    forget_standing(person)
    record(
        Draft(MEMBERSHIP_STARTED, at, actor, about=person, body=body.pk, attributes={"membership": kind},
              source=membership)
    )  # fmt: skip
    return membership


@transaction.atomic
def leave_body(*, membership: Membership, until: date, actor: Person | None, at: datetime) -> Membership:
    """End a membership on the day `until` (not included).

    :raises EndsBeforeStart: it began later than that
    :raises Stale: it has ended already, or somebody else moved the person a moment ago
    """
    if actor is not None:
        ENROL.require(actor, membership.body, at=at)
    _refuse_backwards(membership, until)
    if not Membership.objects.filter(pk=membership.pk, valid_until=None).update(valid_until=until):
        raise Stale
    membership.valid_until = until
    forget_standing(membership.person)
    record(
        Draft(MEMBERSHIP_ENDED, at, actor, about=membership.person, body=membership.body_id,
              attributes={"membership": membership.kind}, source=membership)
    )  # fmt: skip
    return membership


@transaction.atomic
def move_in_group(
    *, membership: Membership, group: PartyOrg | None, since: date, actor: Person | None, at: datetime
) -> Membership:
    """Put a member of a body into another of its groups from the day `since` (PO-13); the days before stay as they were.

    :raises GroupElsewhere: the group does not stand below the member's body
    :raises EndsBeforeStart: the present place began later than that
    :raises Stale: somebody else moved the member a moment ago
    """
    if actor is not None:
        ENROL.require(actor, membership.body, at=at)
    if group is not None and group.parent_id != membership.body_id:
        raise GroupElsewhere(group=group.name, body=membership.body.name)
    _refuse_backwards(membership, since)
    if membership.group_id == (group.pk if group is not None else None):
        return membership
    present = Membership.objects.filter(pk=membership.pk, valid_until=None, group=membership.group_id)
    if membership.valid_from == since:
        if not present.update(group=group):
            raise Stale
        membership.group = group
        moved = membership
    else:
        if not present.update(valid_until=since):
            raise Stale
        moved = _begun(membership, group, since)
    forget_standing(membership.person)
    record(
        Draft(GROUP_CHANGED, at, actor, about=membership.person, body=group.pk if group else membership.body_id,
              source=moved)
    )  # fmt: skip
    return moved


@transaction.atomic
def take_post(
    *, person: Person, role: PostRole, since: date, actor: Person | None, at: datetime,
    body: PartyOrg | None = None, unit: AdminUnit | None = None, source: PostSource = PostSource.APPOINTED,
) -> PostHolding:  # fmt: skip
    """Give a person a post in one body or one unit from the day `since`; without an actor the platform is being set up.

    :raises NotAllowed: posts carry rights, so only the committee's office above gives them; a branch names the leaders
        of its own groups (PO-09)
    :raises PostHeld: the person holds this very post
    """
    _require_appointing(actor, role, body, unit, at)
    try:
        with transaction.atomic():
            post = PostHolding.objects.create(
                person=person, role=role, body=body, unit=unit, source=source, valid_from=since
            )
    except IntegrityError as error:
        raise PostHeld(name=person.name, place=str(body or unit), role=_(str(PostRole(role).label))) from error
    forget_standing(person)
    record(
        Draft(POST_TAKEN, at, actor, about=person, body=post.body_id, unit=post.unit_id, attributes={"role": role},
              source=post)
    )  # fmt: skip
    return post


@transaction.atomic
def leave_post(*, post: PostHolding, until: date, actor: Person | None, at: datetime) -> PostHolding:
    """End a post on the day `until` (not included).

    :raises EndsBeforeStart: it began later than that
    """
    _require_appointing(actor, post.role, post.body, post.unit, at)
    _refuse_backwards(post, until)
    post.valid_until = until
    post.save(update_fields=["valid_until"])
    forget_standing(post.person)
    record(
        Draft(POST_LEFT, at, actor, about=post.person, body=post.body_id, unit=post.unit_id,
              attributes={"role": post.role}, source=post)
    )  # fmt: skip
    return post


@transaction.atomic
def open_account(
    *, person: Person, login: str, password: str, actor: Person | None, at: datetime,
    administrator: Administrator | None = None, must_change_password: bool = True,
) -> Account:  # fmt: skip
    """Open a person's way in. The password is changed at the first log-in unless told otherwise (SE-04).

    :raises AdministratorsApart: the person is another of the three administrators already (SE-08)
    :raises AccountThere: the person has a way in already; nobody has two (SE-04)
    :raises LoginTaken: somebody else has that login
    """
    if actor is not None:
        OPEN_ACCOUNT.require(actor, person, at=at)
    if person.account is not None:
        _refuse_second_account(person, person.account, administrator)
    account = Account(
        login=login, administrator=administrator, must_change_password=must_change_password, password_changed_at=at
    )
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise LoginTaken(login=login) from error
    person.account = account
    person.save(update_fields=["account"])
    record(Draft(ACCOUNT_OPENED, at, actor, about=person, source=person))
    return account


def _refuse_second_account(person: Person, account: Account, administrator: Administrator | None) -> None:
    if administrator is not None and account.administrator not in (None, administrator):
        other = _(str(Administrator(account.administrator).label))
        raise AdministratorsApart(name=person.name, other=other, role=_(str(Administrator(administrator).label)))
    raise AccountThere(name=person.name, login=account.login)


def _begun(membership: Membership, group: PartyOrg | None, since: date) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(
                person=membership.person, body=membership.body, kind=membership.kind, group=group, valid_from=since
            )
    except IntegrityError as error:
        raise Stale from error


def _refuse_overlap(
    person: Person, body: PartyOrg, kind: MembershipKind, since: date, before: list[Membership]
) -> None:
    """Hold the new membership against the earlier ones of its kind, the oldest first."""
    for one in before:
        if one.body_id == body.pk and one.valid_until is None:
            raise AlreadyThere(name=person.name, body=body.name, since=one.valid_from)
    for one in reversed(before):
        counts = kind != MembershipKind.PARTICIPATION or one.body_id == body.pk
        if counts and one.valid_until is not None and one.valid_until > since:
            raise HomesOverlap(name=person.name, body=one.body.name, until=one.valid_until)


def _refuse_backwards(dated: Membership | PostHolding, until: date) -> None:
    if until < dated.valid_from:
        raise EndsBeforeStart(since=dated.valid_from, until=until)


@transaction.atomic
def unlock_account(*, account: Account, actor: Person, at: datetime) -> None:
    """Let a locked-out person try again at once; the security administrator's act (SE-01, SE-08)."""
    UNLOCK_ACCOUNT.require(actor, account, at=at)
    unlock(account)
    record(Draft(ACCOUNT_UNLOCKED, at, actor, about=account.actor))


@transaction.atomic
def found_administrators(
    *, system: str, security: str, audit: str, at: datetime, password: Callable[[], str]
) -> list[dict[str, str]]:
    """Open the first three accounts, one an administrator, and return their logins with one-time passwords.

    Nobody can act before them, so this is the one act without an actor; it is refused once they exist.

    :raises AlreadyFounded: there are administrators already
    :raises AdministratorsApart: two of the names are the same person's (SE-08)
    """
    if Account.objects.filter(administrator__isnull=False).exists():
        raise AlreadyFounded
    named = {Administrator.SYSTEM: system, Administrator.SECURITY: security, Administrator.AUDIT: audit}
    made = []
    people: dict[str, Administrator] = {}
    for administrator, name in named.items():
        if name in people:
            other = _(str(Administrator(people[name]).label))
            raise AdministratorsApart(name=name, other=other, role=_(str(administrator.label)))
        people[name] = administrator
        person = Person.objects.create(name=name, initials=initials_of(name), valid_from=at.date())
        secret, login = password(), administrator.value.replace("_", "")
        open_account(person=person, login=login, password=secret, actor=None, at=at, administrator=administrator)
        made.append({"title": _(str(administrator.label)), "name": name, "login": login, "password": secret})
    return made


def _require_appointing(
    actor: Person | None, role: str, body: PartyOrg | None, unit: AdminUnit | None, at: datetime
) -> None:
    if actor is None:
        return
    if body is not None and role == PostRole.GROUP_LEADER and body.kind in GROUP_KINDS:
        NAME_GROUP_LEADER.require(actor, body, at=at)
    elif body is not None:
        APPOINT.require(actor, body, at=at)
    else:
        APPOINT_IN_UNIT.require(actor, unit, at=at)
