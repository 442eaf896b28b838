"""A call-up: the teams and people called, what each answered, the log and what is needed."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from ronghe.domain.carriers.calc.shifts import hours_of
from ronghe.domain.carriers.enums import WRITABLE, Answer, CallState, NeedKind, NeedState, Occasion, TeamState
from ronghe.kernel.db.append_only import append_only


class CallUp(models.Model):
    """Teams are called up for a need of the hour; `commander` leads on site, and is at first whoever called.

    `people` (who came), `minutes` (held in shifts) and what was brought about are set when it is stood down.
    """

    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    what = models.CharField(max_length=120, default="")
    place = models.CharField(max_length=80)
    rally_place = models.CharField(max_length=80)
    rally_at = models.DateTimeField()
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="call_ups")
    """Of the first team called."""
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="call_ups")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, related_name="call_ups")
    state = models.CharField(max_length=12, choices=CallState.choices, default=CallState.RUNNING)
    called_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    commander = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="commanded_calls")
    ended_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=1000, default="")
    saved = models.CharField(max_length=400, default="")
    saved_fen = models.BigIntegerField(null=True)
    injuries = models.PositiveSmallIntegerField(null=True)
    injury_note = models.CharField(max_length=400, default="")
    people = models.PositiveIntegerField(null=True)
    minutes = models.PositiveIntegerField(null=True)
    fact = models.BigIntegerField(null=True)
    """That it was stood down, for taking it back."""
    verified_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verify_note = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "carriers_call_up"
        indexes = [
            models.Index("state", "called_at", name="carriers_call_state"),
            models.Index("body", "called_at", name="carriers_call_body"),
            models.Index(fields=("-called_at", "-id"), name="carriers_call_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[CallState.STOOD_DOWN, CallState.VERIFIED])
                | Q(ended_at__isnull=False, people__isnull=False, minutes__isnull=False, injuries__isnull=False),
                name="carriers_call_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=CallState.VERIFIED) | Q(verified_by__isnull=False), name="carriers_call_verified"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.occasion} {self.place}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(CallState(self.state).label)

    def get_occasion_display(self) -> str:  # type: ignore[no-redef]
        return str(Occasion(self.occasion).label)

    @property
    def is_running(self) -> bool:
        return self.state == CallState.RUNNING

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def hours(self) -> Decimal | None:
        return hours_of(self.minutes) if self.minutes is not None else None


class CallTeam(models.Model):
    """A team in a call-up: called, or asked for help by a commander who has no say over it. A team is in one at a time."""

    call = models.ForeignKey(CallUp, on_delete=models.PROTECT, related_name="teams")
    carrier = models.ForeignKey("carriers.Carrier", on_delete=models.PROTECT, related_name="call_teams")
    state = models.CharField(max_length=8, choices=TeamState.choices)
    is_busy = models.BooleanField(default=False)
    """Called, and the call-up is under way."""
    asked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "carriers_call_team"
        constraints = [
            models.UniqueConstraint("call", "carrier", name="carriers_call_team_once"),
            models.UniqueConstraint("carrier", condition=Q(is_busy=True), name="carriers_call_team_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(is_busy=False) | Q(state=TeamState.CALLED), name="carriers_call_team_busy_when_called"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.call_id} {self.carrier_id}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(TeamState(self.state).label)


class CallPerson(models.Model):
    """Somebody who is called up; who entered an answer for another stands beside the person."""

    call = models.ForeignKey(CallUp, on_delete=models.PROTECT, related_name="roster")
    team = models.ForeignKey(CallTeam, on_delete=models.PROTECT, related_name="roster")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="call_parts")
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.NONE)
    reason = models.CharField(max_length=120, default="")
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_fact = models.BigIntegerField(null=True)
    arrived_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    arrived_at = models.DateTimeField(null=True)
    arrival_fact = models.BigIntegerField(null=True)

    class Meta:
        db_table = "carriers_call_person"
        indexes = [models.Index("person", "call", name="carriers_call_person_person")]
        constraints = [
            models.UniqueConstraint("call", "person", name="carriers_call_person_once"),
            models.CheckConstraint(
                condition=~Q(answer=Answer.ARRIVED) | Q(arrived_at__isnull=False, arrived_by__isnull=False),
                name="carriers_call_person_arrived_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.CANNOT) | ~Q(reason=""), name="carriers_call_person_cannot_why"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.call_id} {self.person_id}"

    def get_answer_display(self) -> str:  # type: ignore[no-redef]
        return str(Answer(self.answer).label)

    @property
    def is_present(self) -> bool:
        return self.answer == Answer.ARRIVED


class CallAnswer(models.Model):
    """Every answer as it was given, the ones taken back too; only added."""

    row = models.ForeignKey(CallPerson, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=8, choices=Answer.choices)
    reason = models.CharField(max_length=120, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("carriers_call_answer")
        indexes = [models.Index("row", "at", name="carriers_call_answer_row")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.answer}"


class LogLine(models.Model):
    """What happened and when; a mistake is another line that `corrects` it. Only added."""

    call = models.ForeignKey(CallUp, on_delete=models.PROTECT, related_name="log")
    happened_at = models.DateTimeField()
    text = models.CharField(max_length=400)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("carriers_log")
        indexes = [models.Index("call", "happened_at", name="carriers_log_call")]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(corrects=models.F("id")), name="carriers_log_corrects_another"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.call_id}"


class LogPicture(models.Model):
    """A picture of a line of the log."""

    line = models.ForeignKey(LogLine, on_delete=models.PROTECT, related_name="pictures")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="log_pictures")
    name = models.CharField(max_length=120)

    class Meta:
        db_table = append_only("carriers_log_picture")
        constraints = [models.UniqueConstraint("line", "file", name="carriers_log_picture_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class CallNeed(models.Model):
    """What is missing on site; met by word, by a booking of the shared pool, or by a team that was asked."""

    call = models.ForeignKey(CallUp, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=12, choices=NeedKind.choices)
    what = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField(default=1)
    unit = models.CharField(max_length=12, default="")
    state = models.CharField(max_length=8, choices=NeedState.choices, default=NeedState.OPEN)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=200, default="")
    booking = models.ForeignKey("pools.Booking", on_delete=models.PROTECT, null=True, related_name="met_needs")
    team = models.ForeignKey(CallTeam, on_delete=models.PROTECT, null=True, related_name="met_needs")
    fact = models.BigIntegerField(null=True)

    class Meta:
        db_table = "carriers_need"
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=1), name="carriers_need_quantity")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.what}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(NeedKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(NeedState(self.state).label)
