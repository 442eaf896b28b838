"""Processes of a kind of work, written once and used in every project."""

from __future__ import annotations

from django.db import models

from ronghe.domain.control.enums import Point


class ProcessTemplate(models.Model):
    """The processes of one kind of work (管道焊接安装) in their order, kept by a body for itself and those below it."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="process_templates")
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "control_template"
        constraints = [
            models.UniqueConstraint(
                "body", "name", condition=models.Q(withdrawn_at=None), name="control_template_name_in_body"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class TemplateLine(models.Model):
    """One process of a template."""

    template = models.ForeignKey(ProcessTemplate, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    point = models.CharField(max_length=12, choices=Point.choices, default=Point.ORDINARY)
    standard = models.CharField(max_length=400, default="")
    notice_hours = models.PositiveSmallIntegerField(default=24)

    class Meta:
        db_table = "control_template_line"
        constraints = [models.UniqueConstraint("template", "number", name="control_template_line_number")]

    def __str__(self) -> str:
        return f"#{self.template_id} {self.number} {self.name}"

    def get_point_display(self) -> str:  # type: ignore[no-redef]
        return str(Point(self.point).label)
