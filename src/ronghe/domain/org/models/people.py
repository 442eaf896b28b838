"""People, and the posts they hold."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from pypinyin import Style, lazy_pinyin

from ronghe.domain.org.enums import (
    PARTY_MEMBERS,
    Gender,
    PoliticalStatus,
    PostRole,
    PostSource,
    VotingBarReason,
)
from ronghe.kernel.db.tree import on_day


def new_token() -> int:
    """Return a random person id of 53 bits, exact in every language that reads JSON."""
    return secrets.randbelow(2**53 - 1) + 1


def initials_of(name: str) -> str:
    """Return the pinyin initials by which choosers find a person."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:16]


class PersonQuerySet(models.QuerySet["Person"]):
    def matching(self, text: str) -> PersonQuerySet:
        """Whose name contains, or whose initials or staff number begin with, what was typed."""
        wanted = text.strip()
        return self.filter(
            Q(name__contains=wanted) | Q(initials__startswith=wanted.lower()) | Q(staff_number__startswith=wanted)
        )

    def party_members(self) -> PersonQuerySet:
        return self.filter(political_status__in=PARTY_MEMBERS)


class Person(models.Model):
    """A person. Facts know the `token` only; the identity number is cipher text plus a keyed digest."""

    token = models.BigIntegerField(unique=True, default=new_token)
    name = models.CharField(max_length=40)
    initials = models.CharField(max_length=16)
    staff_number = models.CharField(max_length=32, null=True)
    id_sealed = models.TextField(null=True)
    id_digest = models.CharField(max_length=64, null=True)
    gender = models.CharField(max_length=1, choices=Gender.choices, default=Gender.UNKNOWN)
    born_on = models.DateField(null=True)
    """Day of birth where known; rosters with a month only give its first day."""
    political_status = models.CharField(max_length=2, choices=PoliticalStatus.choices, null=True)
    joined_party_on = models.DateField(null=True)
    phone_sealed = models.TextField(null=True)
    employment = models.CharField(max_length=24, null=True)
    job_title = models.CharField(max_length=40, null=True)
    trade = models.CharField(max_length=40, null=True)
    skill_grade = models.CharField(max_length=24, null=True)
    education = models.CharField(max_length=24, null=True)
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="people")
    outside_home_branch = models.CharField(max_length=80, null=True)
    """Where a floating member's relations are kept, in words: that body is not on this platform (PF-03)."""
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="person")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    objects: ClassVar[models.Manager[Person]] = PersonQuerySet.as_manager()

    class Meta:
        db_table = "org_person"
        indexes = [
            models.Index("unit", "name", name="org_person_unit"),
            models.Index("name", name="org_person_name"),
            models.Index("initials", name="org_person_initials"),
        ]
        constraints = [
            models.UniqueConstraint("id_digest", condition=Q(id_digest__isnull=False), name="org_person_one_id_number"),
            models.UniqueConstraint(
                "staff_number", condition=Q(staff_number__isnull=False), name="org_person_one_staff_number"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    def get_political_status_display(self) -> str | None:  # type: ignore[no-redef]
        """The status in words; Django's own translates all thirteen for each person of a list."""
        return str(PoliticalStatus(self.political_status).label) if self.political_status else None

    @property
    def is_party_member(self) -> bool:
        return self.political_status in PARTY_MEMBERS


class PersonStatus(models.Model):
    """A person's political status from a day until (not including) a day; `Person.political_status` is today's.

    Both headcounts and the right to vote on any day are computed from these rows (PE-08, PO-01). Whoever never changed
    status has no row: today's has held since the person is on file. The first change writes both, the old and the new.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(max_length=2, choices=PoliticalStatus.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "org_person_status"
        indexes = [models.Index("person", "valid_from", "valid_until", "status", name="org_person_status_person")]
        constraints = [
            models.UniqueConstraint("person", condition=Q(valid_until=None), name="org_person_status_one_now"),
            models.UniqueConstraint("person", "valid_from", name="org_person_status_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="org_person_status_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.status}"


class VotingBar(models.Model):
    """A time during which a full member has no vote (PE-08)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="voting_bars")
    reason = models.CharField(max_length=24, choices=VotingBarReason.choices)
    decision_ref = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "org_voting_bar"
        indexes = [models.Index("person", "valid_from", "valid_until", name="org_voting_bar_person")]
        constraints = [
            models.UniqueConstraint("person", "reason", condition=Q(valid_until=None), name="org_voting_bar_one_now"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="org_voting_bar_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.reason}"


class PostHoldingQuerySet(models.QuerySet["PostHolding"]):
    def held_on(self, day: object) -> PostHoldingQuerySet:
        return self.filter(on_day(day))  # type: ignore[arg-type]


class PostHolding(models.Model):
    """A person's post in a body or a unit, from a day until (not including) a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=PostRole.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="posts")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="posts")
    source = models.CharField(max_length=12, choices=PostSource.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    objects: ClassVar[models.Manager[PostHolding]] = PostHoldingQuerySet.as_manager()

    class Meta:
        db_table = "org_post_holding"
        indexes = [
            models.Index("person", "valid_until", name="org_post_holding_person"),
            models.Index("body", "role", name="org_post_holding_body"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, unit=None) | Q(body=None, unit__isnull=False),
                name="org_post_holding_in_one_place",
            ),
            # Two, because a unique constraint over both would never bite: one of the two columns is always null.
            models.UniqueConstraint(
                "person", "role", "body", condition=Q(valid_until=None), name="org_post_holding_once_in_body"
            ),
            models.UniqueConstraint(
                "person", "role", "unit", condition=Q(valid_until=None), name="org_post_holding_once_in_unit"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="org_post_holding_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.role}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        return str(PostRole(self.role).label)
