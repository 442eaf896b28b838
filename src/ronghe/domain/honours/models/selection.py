"""评选: what is called for, who is named with which evidence, what was said in vetting, and objections to the notice."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.honours.enums import Aspect, CallObjectionState, CallState, CallWay, HolderKind, NominationState


class HonourCall(models.Model):
    """A body calls for nominations of one title: how many, who may name, until when, and how it is decided.

    A veto that fell within `veto_months` before the last day of naming shuts out (RT-07). `notice_days` are working days.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="honour_calls")
    title = models.ForeignKey("honours.HonourTitle", on_delete=models.PROTECT, related_name="calls")
    year = models.PositiveSmallIntegerField()
    terms = models.CharField(max_length=2000, default="", blank=True)
    quota = models.PositiveSmallIntegerField()
    quota_per_body = models.PositiveSmallIntegerField(default=1)
    allows_self = models.BooleanField(default=False)
    nominate_until = models.DateField()
    way = models.CharField(max_length=8, choices=CallWay.choices, default=CallWay.BALLOT)
    aspects = models.JSONField(default=list)
    veto_months = models.PositiveSmallIntegerField(default=12)
    notice_days = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=12, choices=CallState.choices, default=CallState.NAMING)
    ballot = models.OneToOneField("ballots.Ballot", on_delete=models.PROTECT, null=True, related_name="honour_call")
    cast = models.PositiveIntegerField(null=True)
    """How many voted; empty where nobody did or too few to show."""
    decision = models.CharField(max_length=600, default="", blank=True)
    """How it was decided where votes do not say it alone: the minutes, or why one of the tied."""
    notice_from = models.DateField(null=True)
    notice_until = models.DateField(null=True)
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "honours_call"
        indexes = [
            models.Index(fields=("-opened_at", "id"), name="honours_call_opened"),
            models.Index("body", "state", name="honours_call_body"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quota__gte=1), name="honours_call_quota"),
            models.CheckConstraint(condition=Q(notice_days__gte=1), name="honours_call_notice_days"),
            models.CheckConstraint(
                condition=~Q(state__in=[CallState.NOTICE, CallState.AWARDED])
                | Q(notice_from__isnull=False, notice_until__gte=F("notice_from")),
                name="honours_call_notice_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.year} {self.title_id}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(CallState(self.state).label)

    def get_way_display(self) -> str:  # type: ignore[no-redef]
        return str(CallWay(self.way).label)


class Nomination(models.Model):
    """Somebody, a body or a team named for a call by `by_body`, with the reasons. `votes` are those for it."""

    call = models.ForeignKey(HonourCall, on_delete=models.PROTECT, related_name="nominations")
    by_body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="nominations_made")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="nominations")
    """The body named, or that of the person or team."""
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="nominations")
    team = models.CharField(max_length=80, default="", blank=True)
    holder_name = models.CharField(max_length=80)
    reasons = models.CharField(max_length=2000)
    state = models.CharField(max_length=12, choices=NominationState.choices, default=NominationState.NAMED)
    votes = models.PositiveIntegerField(null=True)
    honour = models.OneToOneField("honours.Honour", on_delete=models.PROTECT, null=True, related_name="nomination")
    named_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="nominations_written")
    named_at = models.DateTimeField()

    class Meta:
        db_table = "honours_nomination"
        indexes = [
            models.Index("call", "state", name="honours_nomination_call"),
            models.Index("person", "state", name="honours_nomination_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("call", "body", "team"),
                condition=Q(person=None) & ~Q(state=NominationState.WITHDRAWN),
                name="honours_nomination_body_once",
            ),
            models.UniqueConstraint(
                fields=("call", "person"),
                condition=Q(person__isnull=False) & ~Q(state=NominationState.WITHDRAWN),
                name="honours_nomination_person_once",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.holder_name}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(NominationState(self.state).label)

    @property
    def kind(self) -> HolderKind:
        if self.person_id is not None:
            return HolderKind.PERSON
        return HolderKind.TEAM if self.team else HolderKind.BODY


class NominationEvidence(models.Model):
    """What speaks for a nomination: a task that was accepted, an earlier honour, a file, or words alone.

    `aspect` says which of the tests it is told for, where it is told for one.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="evidence")
    aspect = models.CharField(max_length=12, choices=Aspect.choices, default="", blank=True)
    words = models.CharField(max_length=400, default="", blank=True)
    task = models.ForeignKey("work.Task", on_delete=models.PROTECT, null=True, related_name="+")
    honour = models.ForeignKey("honours.Honour", on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=120, default="", blank=True)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "honours_evidence"

    def __str__(self) -> str:
        return f"#{self.pk} {self.nomination_id}"


class Vetting(models.Model):
    """One opinion on one nomination; it is given once and stays."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="vettings")
    aspect = models.CharField(max_length=12, choices=Aspect.choices)
    passes = models.BooleanField()
    words = models.CharField(max_length=400, default="", blank=True)
    given_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        db_table = "honours_vetting"
        constraints = [models.UniqueConstraint("nomination", "aspect", name="honours_vetting_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.aspect}"

    def get_aspect_display(self) -> str:  # type: ignore[no-redef]
        return str(Aspect(self.aspect).label)


class CallObjection(models.Model):
    """What somebody has against one of those on the notice, and the answer by somebody else."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="objections")
    text = models.CharField(max_length=600)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=CallObjectionState.choices, default=CallObjectionState.OPEN)
    answer = models.CharField(max_length=600, default="", blank=True)
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "honours_objection"
        constraints = [
            models.UniqueConstraint("nomination", "made_by", name="honours_objection_once"),
            models.CheckConstraint(
                condition=Q(state=CallObjectionState.OPEN)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answered_by=F("made_by")),
                name="honours_objection_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.nomination_id}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(CallObjectionState(self.state).label)
