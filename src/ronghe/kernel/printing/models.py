"""Which documents left this installation, so that a paper in the hand can be checked against it."""

from __future__ import annotations

from django.db import models

from ronghe.kernel.db.append_only import append_only


class PrintedPaper(models.Model):
    """One content that was printed, by the digest at its foot. What was printed again unchanged is the same row.

    Nothing of the content is kept but its title: the record it was printed from has the rest.
    """

    digest = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    issuer = models.CharField(max_length=120, default="")
    number = models.CharField(max_length=80, default="")
    dated = models.DateField(null=True)
    source_type = models.CharField(max_length=80, default="")
    source_id = models.BigIntegerField(null=True)
    printed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("kernel_printed_paper")
        indexes = [models.Index("source_type", "source_id", "printed_at", name="kernel_printed_paper_source")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.digest[:12]}"
