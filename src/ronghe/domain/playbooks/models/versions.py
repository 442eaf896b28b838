"""Playbook versions as they were when adopted, and which body adopted which."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.playbooks.calc.loading import playbook_of
from ronghe.domain.playbooks.calc.model import Playbook, Words
from ronghe.domain.playbooks.enums import BatchState

_read: dict[str, Playbook] = {}
"""Playbooks by digest."""


class PlaybookVersion(models.Model):
    """One version of a playbook with its bases joined in. What it says never changes: a change is a new version."""

    playbook_id = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    origin = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="own_playbooks")
    """The body that wrote it; nobody where it came with the platform or as a file."""
    note = models.CharField(max_length=200, default="")
    """What is new in it, in its authors' words."""

    class Meta:
        db_table = "playbooks_version"
        constraints = [models.UniqueConstraint("playbook_id", "version", name="playbooks_version_once")]

    def __str__(self) -> str:
        return f"{self.playbook_id}@{self.version}"

    @property
    def title(self) -> Words:
        return Words(self.title_zh, self.title_en)

    @property
    def playbook(self) -> Playbook:
        """What the version says, read once a process: versions do not change."""
        if self.digest not in _read:
            _read[self.digest] = playbook_of(json.loads(self.text.content))
        return _read[self.digest]


class PlaybookText(models.Model):
    """The canonical JSON of a version, from which its digest is taken; apart, so that no list carries it along."""

    version = models.OneToOneField(PlaybookVersion, on_delete=models.PROTECT, primary_key=True, related_name="text")
    content = models.TextField()
    source = models.TextField(default="")
    """The file as it was written, with its comments; empty where only the content is known."""

    class Meta:
        db_table = "playbooks_text"

    def __str__(self) -> str:
        return str(self.version)


def read_together(versions: Iterable[PlaybookVersion]) -> None:
    """Read the texts of these versions that the process has not read yet, in one statement."""
    wanted = {version.pk: version for version in versions if version.digest not in _read}
    if wanted:
        for text in PlaybookText.objects.filter(version__in=wanted).order_by("pk"):
            _read[wanted[text.pk].digest] = playbook_of(json.loads(text.content))


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def overlapping(self, from_on: object, until_on: object) -> AdoptionQuerySet:
        """In force on some day from `from_on` up to, not including, `until_on`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=from_on), valid_from__lt=until_on)


class Adoption(models.Model):
    """A body works by a version from a day until (not including) a day."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="adoptions")
    version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="adoptions")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    adopted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="adoptions")
    adopted_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Adoption]] = AdoptionQuerySet.as_manager()

    class Meta:
        db_table = "playbooks_adoption"
        indexes = [models.Index("body", "valid_until", name="playbooks_adoption_body")]
        constraints = [
            models.UniqueConstraint("body", "version", condition=Q(valid_until=None), name="playbooks_adoption_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="playbooks_adoption_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.version_id}"


class AdoptionBatch(models.Model):
    """Many bodies adopt one version in one act: how far it is, and who was passed over for which reason."""

    version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="batches")
    bodies = models.JSONField()
    """Ids of the bodies, in the order in which they are taken."""
    since = models.DateField()
    asked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.RUNNING)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=dict)
    """Body id → code of the refusal, of those passed over."""

    class Meta:
        db_table = "playbooks_adoption_batch"

    def __str__(self) -> str:
        return f"#{self.pk} {self.version_id} {self.done}/{len(self.bodies)}"

    @property
    def count(self) -> int:
        return len(self.bodies)
