"""Runs and the rows of final ones. What a run was computed from lies in files beside the database (`calc/keeping.py`)."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from ronghe.domain.appraisal.enums import ENDED, PUBLISHED, RunStage, RunState
from ronghe.kernel.db.append_only import append_only
from ronghe.kernel.facts.models import POINT


class Run(models.Model):
    """One computation of one sheet over one period for a body and everything below it."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="runs")
    playbook_id = models.CharField(max_length=60)
    playbook_version = models.PositiveIntegerField()
    playbook_digest = models.CharField(max_length=64)
    sheet_id = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    level = models.CharField(max_length=24)
    period = models.CharField(max_length=20)
    period_until = models.DateField()
    """The day after the last day of the period."""
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.COMPUTING)
    stage = models.CharField(max_length=12, choices=RunStage.choices, default=RunStage.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    """Percent of the present stage."""
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="runs_started")
    computed_at = models.DateTimeField(null=True)
    cutoff_seq = models.BigIntegerField(null=True)
    subject_count = models.PositiveIntegerField(null=True)
    folder = models.CharField(max_length=40, default="")
    """Where its files lie below `files/runs`; every computation has a folder of its own, the last one's counts."""
    inputs_digest = models.CharField(max_length=64, null=True)
    results_digest = models.CharField(max_length=64, null=True)
    check_until = models.DateField(null=True)
    """The last day of the self-check, once it was opened."""
    questions = models.TextField(default="[]")
    """What the panel has to settle before there is a result: a list of `{code, message, subjects}`."""
    failure = models.CharField(max_length=200, null=True)
    notice_workdays = models.PositiveSmallIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="runs_published")
    notice_from = models.DateField(null=True)
    notice_last_on = models.DateField(null=True)
    finalized_at = models.DateTimeField(null=True)
    finalized_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="runs_finalized")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replacements")
    replacement_reason = models.CharField(max_length=200, null=True)

    class Meta:
        db_table = "appraisal_run"
        indexes = [
            models.Index("body", "started_at", name="appraisal_run_body"),
            # The walk of everybody's list, the latest first.
            models.Index("started_at", "id", name="appraisal_run_started"),
        ]
        constraints = [
            models.UniqueConstraint(
                "body", "playbook_id", "sheet_id", "period",
                condition=Q(state=RunState.FINAL, replaces=None), name="appraisal_run_one_final",
            ),
            models.UniqueConstraint(
                "replaces", condition=~Q(state=RunState.WITHDRAWN), name="appraisal_run_replaced_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(PUBLISHED)) | Q(notice_last_on__isnull=False, results_digest__isnull=False),
                name="appraisal_run_published_with_notice",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.FINAL) | Q(finalized_at__isnull=False), name="appraisal_run_final_complete"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.sheet_id} {self.period}"

    @property
    def open_questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.questions)
        return found

    @property
    def is_published(self) -> bool:
        return self.state in PUBLISHED

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def playbook_reference(self) -> str:
        return f"{self.playbook_id}@{self.playbook_version}"


class Result(models.Model):
    """One subject's result of a final run. `score` is in 1/10,000; nothing of it is ever changed."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="results")
    subject = models.BigIntegerField()
    """A person's token at the level of members, the Party body's or unit's id elsewhere."""
    body = models.BigIntegerField(null=True)
    """Where it belongs on the last day of the period: a member's home branch, the body right above a body."""
    category = models.CharField(max_length=40, null=True)
    score = models.BigIntegerField(null=True)
    rank = models.PositiveIntegerField(null=True)
    grade = models.CharField(max_length=60, null=True)
    vetoes = models.TextField(default="[]")
    notes = models.TextField(default="[]")

    class Meta:
        db_table = append_only("appraisal_result")
        # One subject's results over time; the rows of a run are walked along the foreign key's own index.
        indexes = [models.Index("subject", "run", name="appraisal_result_subject")]
        constraints = [models.UniqueConstraint("run", "subject", name="appraisal_result_once")]

    def __str__(self) -> str:
        shown = "—" if self.score is None else f"{self.score / POINT:.4f}"
        return f"#{self.pk} run {self.run_id}: {shown}"
