"""Fields of knowledge, experts with their card, their weekly hours and the days on which they are away."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.clinic.enums import ExpertState, HelpKind, SlotWay


class ClinicField(models.Model):
    """A field of knowledge (电力电子). `body` keeps it and sees to questions that nobody of the field takes."""

    name = models.CharField(max_length=24)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="clinic_fields")
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clinic_field"
        constraints = [models.UniqueConstraint("name", condition=Q(closed_at=None), name="clinic_field_one_name")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class ExpertQuerySet(models.QuerySet["Expert"]):
    def active(self) -> ExpertQuerySet:
        return self.filter(state=ExpertState.ACTIVE)

    def matching(self, text: str) -> ExpertQuerySet:
        """Whose name, nickname or a field contains, or whose initials begin with, what was typed."""
        wanted = text.strip()
        named = Q(person__name__contains=wanted) | Q(person__initials__startswith=wanted.lower())
        return self.filter(
            named | Q(called__contains=wanted) | Q(pk__in=Expert.fields.through.objects.filter(
                clinicfield__name__contains=wanted, clinicfield__closed_at=None
            ).values("expert_id"))
        )  # fmt: skip


class Expert(models.Model):
    """A person who is to be asked. `body` put the expert up and answers for the questions that are addressed here."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="clinic_experts")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="clinic_experts")
    called = models.CharField(max_length=12, default="")
    """How everybody calls the expert (华哥)."""
    about = models.CharField(max_length=400, default="")
    fields = models.ManyToManyField(ClinicField, related_name="experts")
    gives_post = models.BooleanField(default=True)
    gives_skill = models.BooleanField(default=True)
    gives_care = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ExpertState.choices)
    named_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    """When the expert began."""
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Expert]] = ExpertQuerySet.as_manager()

    class Meta:
        db_table = "clinic_expert"
        indexes = [models.Index(fields=("state", "body"), name="clinic_expert_state")]
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(state__in=[ExpertState.INVITED, ExpertState.APPLIED, ExpertState.ACTIVE]),
                name="clinic_expert_once",
            ),
            models.CheckConstraint(
                condition=Q(gives_post=True) | Q(gives_skill=True) | Q(gives_care=True), name="clinic_expert_gives"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExpertState.ACTIVE) | Q(since__isnull=False), name="clinic_expert_active_since"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"

    @property
    def is_active(self) -> bool:
        return self.state == ExpertState.ACTIVE

    @property
    def helps(self) -> list[HelpKind]:
        """Return the kinds of help that this expert gives."""
        return [kind for kind in HelpKind if getattr(self, f"gives_{kind.value}")]


class ExpertHours(models.Model):
    """Hours of every week: from `starts` until `ends` on an ISO weekday, cut into visits of `minutes` each."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    way = models.CharField(max_length=8, choices=SlotWay.choices)
    place = models.CharField(max_length=80, default="")
    link = models.CharField(max_length=200, default="")
    """Telephone number or address of the meeting."""
    set_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clinic_hours"
        indexes = [models.Index(fields=("expert", "closed_at"), name="clinic_hours_expert")]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="clinic_hours_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="clinic_hours_in_order"),
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=240), name="clinic_hours_minutes"),
            models.CheckConstraint(
                condition=Q(way=SlotWay.ON_SITE) & ~Q(place="") | Q(way=SlotWay.REMOTE) & ~Q(link=""),
                name="clinic_hours_where",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.expert_id} {self.weekday} {self.starts}"


class ExpertAway(models.Model):
    """Days, both included, on which an expert does not sit."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="away")
    from_on = models.DateField()
    until_on = models.DateField()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clinic_away"
        indexes = [models.Index(fields=("expert", "until_on"), name="clinic_away_expert")]
        constraints = [models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="clinic_away_days")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.expert_id} {self.from_on}"
