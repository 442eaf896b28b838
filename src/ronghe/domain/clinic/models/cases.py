"""What a case has besides its item: what is asked of whom, its thread, who read how far, and visits."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.clinic.enums import HelpKind, MessageKind, SlotWay, VisitState
from ronghe.domain.clinic.models.experts import ClinicField, Expert
from ronghe.kernel.db.append_only import append_only


class CaseSheet(models.Model):
    """A question to one expert, or to whoever of the field takes it while `expert` is nobody.

    A sealed one (连心关爱) is between two people: its title and goal lie in `sealed`, its thread is sealed line by line,
    and the item's own title tells nothing.
    """

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="case_sheet")
    field = models.ForeignKey(ClinicField, on_delete=models.PROTECT, null=True, related_name="cases")
    """Nothing where it is about no field of knowledge."""
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, null=True, related_name="cases")
    help = models.CharField(max_length=8, choices=HelpKind.choices)
    goal = models.CharField(max_length=200, default="")
    is_sealed = models.BooleanField(default=False)
    sealed = models.TextField(null=True)
    """Title and goal of a sealed case, as cipher text of JSON."""
    score = models.PositiveSmallIntegerField(null=True)
    """From 1 to 5, of whoever asked, while the case counts as solved."""

    class Meta:
        db_table = "clinic_case"
        indexes = [models.Index(fields=("expert", "score"), name="clinic_case_expert")]
        constraints = [
            models.CheckConstraint(condition=Q(score=None) | Q(score__gte=1, score__lte=5), name="clinic_case_score"),
            models.CheckConstraint(
                condition=Q(is_sealed=False, sealed=None, field__isnull=False)
                | Q(is_sealed=True, sealed__isnull=False, goal=""),
                name="clinic_case_sealed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.help}"


class Visit(models.Model):
    """A time booked with an expert for a case; moved in place, with a line of the thread that keeps each time."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="clinic_visits")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=SlotWay.choices)
    place = models.CharField(max_length=80, default="")
    link = models.CharField(max_length=200, default="")
    state = models.CharField(max_length=12, choices=VisitState.choices, default=VisitState.BOOKED)
    booked_at = models.DateTimeField()
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clinic_visit"
        indexes = [
            models.Index(fields=("expert", "starts_at"), name="clinic_visit_expert"),
            models.Index(fields=("item", "starts_at"), name="clinic_visit_item"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="clinic_visit_lasts"),
            models.UniqueConstraint(
                "expert", "starts_at", condition=Q(state=VisitState.BOOKED), name="clinic_visit_one_a_slot"
            ),
            models.UniqueConstraint("item", condition=Q(state=VisitState.BOOKED), name="clinic_visit_one_a_case"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.expert_id} {self.starts_at}"


class CaseMessage(models.Model):
    """One line of a thread; only added. Words are plain, or sealed where the case is."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="case_messages")
    kind = models.CharField(max_length=16, choices=MessageKind.choices)
    text = models.CharField(max_length=2000, default="")
    sealed = models.TextField(null=True)
    pictures = models.ManyToManyField("items.ItemEvidence", related_name="case_messages")
    visit_at = models.DateTimeField(null=True)
    """The time that was booked, moved to or called off."""
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("clinic_message")
        indexes = [models.Index(fields=("item", "at"), name="clinic_message_item")]
        constraints = [models.CheckConstraint(condition=Q(text="") | Q(sealed=None), name="clinic_message_one_way")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.kind}"


class CaseSeen(models.Model):
    """How far a person has read a thread."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="case_seen")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "clinic_seen"
        constraints = [models.UniqueConstraint("item", "person", name="clinic_seen_once")]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.person_id}"
