"""What somebody says about a result: a remark in the self-check, an objection during the public notice (CA-12)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.appraisal.enums import ANSWERED, RemarkKind, RemarkState
from ronghe.domain.appraisal.models.runs import Run


class Remark(models.Model):
    """One remark or objection about one subject's result; `fact` names a record that was not counted."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=12, choices=RemarkKind.choices)
    subject = models.BigIntegerField()
    judged_body = models.BigIntegerField(null=True)
    """Whose leaders read it: the body that is judged, of a member the home branch."""
    node = models.CharField(max_length=60, default="")
    """The item of the sheet that it is about; nothing for the whole."""
    text = models.CharField(max_length=400)
    fact = models.BigIntegerField(null=True)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="appraisal_remarks")
    made_at = models.DateTimeField()
    due_on = models.DateField()
    """The last day for the answer."""
    state = models.CharField(max_length=12, choices=RemarkState.choices, default=RemarkState.OPEN)
    answer = models.CharField(max_length=400, default="")
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "appraisal_remark"
        indexes = [models.Index("made_at", "id", name="appraisal_remark_made")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ANSWERED)) | Q(answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer=""),
                name="appraisal_remark_answered_whole",
            ),
            models.UniqueConstraint(
                "run", "subject", "node", "made_by", condition=Q(state=RemarkState.OPEN),
                name="appraisal_remark_open_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} run {self.run_id}"

    @property
    def is_objection(self) -> bool:
        return self.kind == RemarkKind.OBJECTION

    @property
    def is_open(self) -> bool:
        return self.state == RemarkState.OPEN
