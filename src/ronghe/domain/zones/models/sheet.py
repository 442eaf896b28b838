"""The responsibility sheet (责任清单): one sheet, each side sees its own lines and the shared ones (D9)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.zones.enums import LineChangeKind, SheetSide, SheetTopic
from ronghe.domain.zones.models.zones import CollaborationZone
from ronghe.kernel.db.append_only import append_only


class ResponsibilityLine(models.Model):
    """Who leads and who assists in one matter. `assists` is a list of `SheetSide` values without the leading one.

    `mechanism` is the id of the institution it stands on, if any; `ended_on` the first day on which it holds no more.
    """

    zone = models.ForeignKey(CollaborationZone, on_delete=models.PROTECT, related_name="responsibility_lines")
    topic = models.CharField(max_length=12, choices=SheetTopic.choices)
    matter = models.CharField(max_length=80)
    duty = models.CharField(max_length=200)
    lead = models.CharField(max_length=12, choices=SheetSide.choices)
    assists = models.JSONField(default=list)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    cadence = models.CharField(max_length=40, default="")
    """How often, in words, where it is no single day."""
    mechanism = models.CharField(max_length=60, default="")
    added_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        db_table = "zones_responsibility_line"
        constraints = [
            models.UniqueConstraint(
                "zone", "topic", "matter", condition=Q(ended_on=None), name="zones_responsibility_line_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("added_on")), name="zones_responsibility_line_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.matter}"

    @property
    def is_shared(self) -> bool:
        return bool(self.assists)

    @property
    def sides(self) -> frozenset[str]:
        return frozenset({self.lead, *self.assists})


class LineChange(models.Model):
    """What was done to a line, when and by whom. `before` and `after` hold the changed fields alone, as shown."""

    line = models.ForeignKey(ResponsibilityLine, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=LineChangeKind.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("zones_line_change")
        indexes = [models.Index("line", "made_at", name="zones_line_change_line")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.line_id} {self.kind}"
