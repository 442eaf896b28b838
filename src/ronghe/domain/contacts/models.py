"""Contact points: who keeps in touch with which body, station or person, and how often."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.contacts.calc.due import due_on, opens_on
from ronghe.domain.contacts.enums import Cadence, ContactKind, DueState
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.kernel.calendar.periods import PeriodKind
from ronghe.kernel.db.tree import on_day


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def running(self, day: date) -> ContactPointQuerySet:
        """Keep those that hold on `day`."""
        return self.filter(on_day(day))

    def overdue(self, day: date) -> ContactPointQuerySet:
        return self.running(day).filter(due_on__lt=day)

    def waiting(self, day: date) -> ContactPointQuerySet:
        """Keep those whose visit of the present period is still to be made, the overdue ones included."""
        return self.running(day).filter(asked_from__lte=day)


class ContactPoint(models.Model):
    """One person in touch with one body, unit or person for one purpose, from a day until (not including) a day.

    `body` is the body that set it up and answers for it. `asked_from` and `due_on` are the first and the last day on
    which the next visit is asked for; they follow from the other dates and are kept so that a list can be cut by them.
    """

    kind = models.CharField(max_length=16, choices=ContactKind.choices)
    holder = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="contacts_held")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="contacts_set")
    to_body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="contacts")
    to_unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="contacts")
    to_person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="contacts")
    cadence = models.CharField(max_length=8, choices=Cadence.choices)
    approval_ref = models.CharField(max_length=80)
    """Which decision set it up, as `党委会〔2026〕9号`."""
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="contacts_set_up")
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    """The contact that was handed over to this one."""
    last_visit_on = models.DateField(null=True)
    asked_from = models.DateField()
    due_on = models.DateField()
    end_reason = models.CharField(max_length=120, null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    objects: ClassVar[models.Manager[ContactPoint]] = ContactPointQuerySet.as_manager()

    class Meta:
        db_table = "contacts_contact_point"
        indexes = [
            models.Index("holder", "valid_until", "due_on", name="contacts_point_holder"),
            models.Index("body", "due_on", name="contacts_point_body"),
            models.Index("due_on", "id", name="contacts_point_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_body__isnull=False, to_unit=None, to_person=None)
                | Q(to_body=None, to_unit__isnull=False, to_person=None)
                | Q(to_body=None, to_unit=None, to_person__isnull=False),
                name="contacts_point_one_target",
            ),
            models.CheckConstraint(condition=~Q(to_person=F("holder")), name="contacts_point_not_with_oneself"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="contacts_point_dates"
            ),
            # One a target: a unique constraint over all three would never bite, two of them are always null.
            models.UniqueConstraint(
                "holder", "kind", "to_body", condition=Q(valid_until=None), name="contacts_point_once_to_body"
            ),
            models.UniqueConstraint(
                "holder", "kind", "to_unit", condition=Q(valid_until=None), name="contacts_point_once_to_unit"
            ),
            models.UniqueConstraint(
                "holder", "kind", "to_person", condition=Q(valid_until=None), name="contacts_point_once_to_person"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.holder_id}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(ContactKind(self.kind).label)

    def get_cadence_display(self) -> str:  # type: ignore[no-redef]
        return str(Cadence(self.cadence).label)

    @property
    def target(self) -> PartyOrg | AdminUnit | Person:
        """Whom or what the contact is with."""
        found = self.to_body or self.to_unit or self.to_person
        if found is None:
            raise AssertionError(self)
        return found

    def place_next_visit(self) -> None:
        """Work out when the next visit is asked for; the caller saves."""
        cadence = PeriodKind(self.cadence)
        self.due_on = due_on(cadence, self.valid_from, self.last_visit_on)
        self.asked_from = max(opens_on(cadence, self.due_on), self.valid_from)

    def due_state(self, day: date) -> DueState:
        if self.valid_until is not None and self.valid_until <= day:
            return DueState.ENDED
        if self.due_on < day:
            return DueState.OVERDUE
        return DueState.DUE if self.asked_from <= day else DueState.VISITED
