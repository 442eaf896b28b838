"""Work items, their history, evidence, people and pledges. What each kind adds of its own lies with its subject."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.items.enums import Visibility
from ronghe.kernel.db.append_only import append_only


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def unfinished(self) -> WorkItemQuerySet:
        return self.filter(closed_at=None)

    def overdue(self, at: datetime) -> WorkItemQuerySet:
        return self.filter(closed_at=None, due_at__lt=at)

    def matching(self, text: str) -> WorkItemQuerySet:
        return self.filter(Q(title__contains=text.strip()) | Q(owner__name__contains=text.strip()))


class WorkItem(models.Model):
    """Something that somebody raised and somebody is to settle. `kind` is declared by a subject (`rules.kinds`).

    `values` are the kind's own fields as text. `closed_at` stands with every final state and with no other.
    """

    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=2000, default="")
    state = models.CharField(max_length=16)
    since = models.DateTimeField()
    """When it came into its state."""
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.BODY)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="items")
    """Which body answers for it being settled."""
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="items")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="items")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, related_name="items")
    force = models.ForeignKey("taskforces.TaskForce", on_delete=models.PROTECT, null=True, related_name="items")
    place = models.CharField(max_length=80, default="")
    owner = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="owned_items")
    raised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="raised_items")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    """Who took the last step that judged the owner's work."""
    values = models.JSONField(default=dict)
    round = models.PositiveSmallIntegerField(default=0)
    """How often it was handed in."""
    percent = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    """How far up it was escalated; a step that moves it sets this back."""
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    source_type = models.CharField(max_length=48, null=True)
    """Of the record that it came from, in the words of facts (`rhythm.activity`)."""
    source_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[WorkItem]] = WorkItemQuerySet.as_manager()

    class Meta:
        db_table = "items_item"
        indexes = [
            # What I owe: which kinds wait in which states, with all that its order needs; no row is read that is not shown.
            models.Index("owner", "kind", "state", "due_at", "since", name="items_item_owner"),
            # `closed_at` last: in second place SQLite would skip from raiser to raiser through all open items for any list.
            models.Index("raised_by", "raised_at", "closed_at", name="items_item_raised_by"),
            # The list of one kind in a body, and over all bodies.
            models.Index("body", "kind", "state", "due_at", name="items_item_body"),
            models.Index("kind", "state", "due_at", "body", "since", name="items_item_kind"),
            models.Index("due_at", "id", name="items_item_due"),
            # What every list shows first: the open ones, walked in order until a page is full.
            models.Index("due_at", "id", condition=Q(closed_at=None), name="items_item_open"),
            models.Index("raised_at", "id", name="items_item_raised"),
            models.Index("source_type", "source_id", name="items_item_source"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gt=F("raised_at")), name="items_item_due_after_raised"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("raised_at")), name="items_item_closed_after_raised"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="items_item_percent"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="items_item_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | ~Q(part_of=F("id")), name="items_item_not_part_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(source_type=None, source_id=None) | Q(source_type__isnull=False, source_id__isnull=False),
                name="items_item_source_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether it is still open at `at`, after its deadline."""
        return self.closed_at is None and self.due_at is not None and at > self.due_at


class ItemStep(models.Model):
    """One step that somebody took, with what was said and filled in; only added."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=24)
    from_state = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    """Nobody where time took it: an escalation."""
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, default="")
    owner = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=0)
    values = models.JSONField(default=dict)
    """What was filled in with this step; with an edit, what stood there before."""

    class Meta:
        db_table = append_only("items_step")
        indexes = [models.Index("item", "at", name="items_step_item")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.step}"


class ItemNote(models.Model):
    """A word on how it goes on, of the owner or of anybody with a part in it; only added."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=1000)
    percent = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("items_note")
        indexes = [models.Index("item", "at", name="items_note_item")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id}"


class ItemEvidence(models.Model):
    """A file, or a record of the platform, that shows something about an item."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="evidence")
    step = models.ForeignKey(ItemStep, on_delete=models.PROTECT, null=True, related_name="evidence")
    note = models.ForeignKey(ItemNote, on_delete=models.PROTECT, null=True, related_name="evidence")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="item_evidence")
    uploaded_sha256 = models.CharField(max_length=64, default="")
    """Of the bytes as they arrived, before place and camera were taken out of them."""
    name = models.CharField(max_length=120)
    is_reused = models.BooleanField(default=False)
    """The same bytes had shown something else before; whoever judges is shown so."""
    source_type = models.CharField(max_length=48, null=True)
    source_id = models.BigIntegerField(null=True)
    round = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "items_evidence"
        indexes = [
            models.Index("item", "added_at", name="items_evidence_item"),
            models.Index("uploaded_sha256", name="items_evidence_uploaded"),
        ]
        constraints = [
            models.UniqueConstraint("item", "file", condition=Q(file__isnull=False), name="items_evidence_file_once"),
            models.UniqueConstraint(
                "item", "source_type", "source_id", condition=Q(file=None), name="items_evidence_record_once"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False, source_type=None, source_id=None)
                | Q(file=None, source_type__isnull=False, source_id__isnull=False),
                name="items_evidence_file_or_record",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class ItemPerson(models.Model):
    """Somebody with a part in an item besides owner and raiser; `part` is a word of the kind's."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="item_parts")
    part = models.CharField(max_length=16)
    duty = models.CharField(max_length=120, default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "items_person"
        indexes = [models.Index("person", "until", "item", name="items_person_of")]
        constraints = [
            models.UniqueConstraint("item", "person", "part", condition=Q(until=None), name="items_person_once_a_part"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="items_person_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.person_id}"


class ItemPledge(models.Model):
    """A signed commitment: `words` are what was pledged, `digest` binds them. What was changed later wants another one."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="pledges")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="item_pledges")
    words = models.TextField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("items_pledge")
        indexes = [models.Index("item", "signed_at", name="items_pledge_item")]
        constraints = [models.UniqueConstraint("item", "person", "digest", name="items_pledge_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.person_id}"
