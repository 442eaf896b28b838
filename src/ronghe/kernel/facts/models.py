"""The tables of facts and of their seals. They only grow; nothing points at them with a foreign key."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models

from ronghe.kernel.db.append_only import append_only

POINT = 10_000
"""Quantities, points and scores are stored as integers of 1/10,000 so that every engine adds them alike."""


class FactQuerySet(models.QuerySet["Fact"]):
    def about(self, token: int) -> FactQuerySet:
        return self.filter(subject=token)

    def in_period(self, since: datetime, until: datetime) -> FactQuerySet:
        return self.filter(occurred_at__gte=since, occurred_at__lt=until)


class Fact(models.Model):
    """One thing that happened. Written by `record`, read by everybody, changed by nobody.

    `subject` and `recorded_by` are person tokens, `body` the Party body that held the act, `home_body` the home
    branch of the person that day. `quantity` is in 1/10,000 of `measure`. `mac` is keyed with a secret that lies
    outside the database, so a row written by a database client is told from one written by the program.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    subject = models.BigIntegerField(null=True)
    body = models.BigIntegerField(null=True)
    home_body = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    zone = models.BigIntegerField(null=True)
    project = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField(null=True)
    measure = models.CharField(max_length=16, null=True)
    attributes = models.TextField(default="{}")
    source_type = models.CharField(max_length=48, null=True)
    source_id = models.BigIntegerField(null=True)
    reverses = models.BigIntegerField(null=True)
    mac = models.BinaryField(max_length=32)

    objects: ClassVar[models.Manager[Fact]] = FactQuerySet.as_manager()

    class Meta:
        db_table = append_only("kernel_fact")
        indexes = [
            # A person's own page, newest first.
            models.Index("subject", "occurred_at", name="kernel_fact_subject"),
            # What a body recorded of one kind: huddles of a zone, monthly report lines.
            models.Index("body", "kind", "occurred_at", name="kernel_fact_body"),
            # From a record to its facts.
            models.Index("source_type", "source_id", name="kernel_fact_source"),
            # A reversal is looked up from what it reverses; almost every row has none.
            models.Index("reverses", name="kernel_fact_reverses", condition=models.Q(reverses__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    @property
    def values(self) -> dict[str, Any]:
        """The attributes as Python values."""
        return json.loads(self.attributes)  # type: ignore[no-any-return]


class FactKey(models.Model):
    """Makes an act that is sent twice (a phone without signal) count once."""

    key = models.CharField(max_length=80, primary_key=True)
    fact_id = models.BigIntegerField()

    class Meta:
        db_table = append_only("kernel_fact_key")

    def __str__(self) -> str:
        return f"{self.key} → #{self.fact_id}"


class SealedFact(models.Model):
    """The place of one fact in the sealed order.

    The order is given by the sealing job and not by ids: an id may be committed after a later one was read.
    """

    seq = models.BigIntegerField(primary_key=True)
    fact_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = append_only("kernel_sealed_fact")

    def __str__(self) -> str:
        return f"{self.seq} → #{self.fact_id}"


class Seal(models.Model):
    """One signed batch: the Merkle root over its facts, chained to the batch before it."""

    number = models.BigIntegerField(primary_key=True)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    chain = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("kernel_seal")

    def __str__(self) -> str:
        return f"{self.number}: {self.first_seq}–{self.last_seq}"

    @property
    def chain_text(self) -> str:
        """The beginning of the chained digest, as people compare it."""
        return bytes(self.chain).hex()[:16]


def utc_text(moment: datetime) -> str:
    """Return a moment as it enters digests: UTC, microseconds, fixed width."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
