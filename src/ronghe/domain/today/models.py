"""What somebody put off until later today."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PutOff(models.Model):
    """One line of somebody's list that is out of sight until a moment; no record of merit, thrown away afterwards."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="put_off", db_index=False)
    inbox = models.CharField(max_length=32)
    """Name of the declared inbox, of whose rows `record` is the key."""
    record = models.BigIntegerField()
    put_off_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "today_put_off"
        indexes = [models.Index("until", name="today_put_off_until")]
        constraints = [
            models.UniqueConstraint("person", "inbox", "record", name="today_put_off_once"),
            models.CheckConstraint(condition=Q(until__gt=F("put_off_at")), name="today_put_off_later"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.inbox} {self.record}"
