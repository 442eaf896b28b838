"""Companies with what was decided about them, their workers with passes, and what went through the gate."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.contractors.enums import (
    MECHANISM_OF,
    AppealState,
    ContractorKind,
    ContractorState,
    Direction,
    Employment,
    Gate,
    Mechanism,
    Standing,
    Way,
)
from ronghe.kernel.db.append_only import append_only


class Contractor(models.Model):
    """A company that works here; `body` answers for it (谁发包谁监管, PC-06)."""

    name = models.CharField(max_length=80)
    credit_code = models.CharField(max_length=18)
    kind = models.CharField(max_length=16, choices=ContractorKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="subcontractors")
    """The contractor that a subcontractor works for."""
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="contractors")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="contractors")
    """Where the company stands in the tree of units, if it does; its workers belong there."""
    state = models.CharField(max_length=12, choices=ContractorState.choices, default=ContractorState.APPLYING)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "contractors_contractor"
        indexes = [models.Index("body", "state", "name", name="contractors_company_body")]
        constraints = [
            models.UniqueConstraint("body", "credit_code", name="contractors_company_once"),
            models.CheckConstraint(
                condition=~Q(kind=ContractorKind.SUBCONTRACTOR) | Q(parent__isnull=False),
                name="contractors_company_sub_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    @property
    def mechanism(self) -> Mechanism:
        """Which of the two institutions checks it."""
        return MECHANISM_OF[ContractorKind(self.kind)]


class GateReview(models.Model):
    """One of the five gates, passed or not, with what proves it (PC-06); the newest of a gate counts."""

    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="gate_reviews")
    gate = models.CharField(max_length=16, choices=Gate.choices)
    passed = models.BooleanField()
    evidence = models.CharField(max_length=200)
    reviewed_on = models.DateField()
    reviewed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("contractors_gate_review")
        indexes = [models.Index("contractor", "gate", name="contractors_gate_of")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.contractor_id} {self.gate}"


class GateFile(models.Model):
    """A picture or PDF that proves a review of a gate; whoever may see the company may open it."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = append_only("contractors_gate_file")
        constraints = [models.UniqueConstraint("review", "file", name="contractors_gate_file_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.review_id} {self.name}"


class ContractorAgreement(models.Model):
    """The safety agreement with its term and the full-time safety officer it names (PC-07, PC-08)."""

    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="safety_agreements")
    number = models.CharField(max_length=60)
    officer = models.CharField(max_length=40)
    signed_on = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField()
    """Not included."""
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = append_only("contractors_agreement")
        constraints = [
            models.UniqueConstraint("contractor", "number", name="contractors_agreement_once"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="contractors_agreement_term"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number}"


class StandingChange(models.Model):
    """An act that changed a company's state, with reason and paper; on the black list until a day, where one is set (PC-20)."""

    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=12, choices=Standing.choices)
    reason = models.CharField(max_length=200)
    reference = models.CharField(max_length=80, default="")
    until_on = models.DateField(null=True)
    gates_until = models.BigIntegerField(default=0)
    """The last review of a gate before it: who comes back from the black list passes the gates anew."""
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("contractors_standing_change")
        indexes = [models.Index("contractor", "made_at", name="contractors_change_of")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.contractor_id} {self.what}"


class Appeal(models.Model):
    """What a company says against being listed; somebody else than who listed it decides."""

    change = models.OneToOneField(StandingChange, on_delete=models.PROTECT, related_name="appeal")
    text = models.CharField(max_length=1000)
    state = models.CharField(max_length=12, choices=AppealState.choices, default=AppealState.FILED)
    filed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, default="")
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contractors_appeal"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=AppealState.FILED) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="contractors_appeal_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.change_id} {self.state}"


class CompanyScore(models.Model):
    """One check of a company by its mechanism's checklist (`answers`: line → ok, problem, na), and what it is worth."""

    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="scores")
    mechanism = models.CharField(max_length=24, choices=Mechanism.choices)
    held_on = models.DateField()
    answers = models.JSONField()
    score = models.DecimalField(max_digits=4, decimal_places=1)
    note = models.CharField(max_length=400, default="")
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("contractors_score")
        constraints = [models.UniqueConstraint("contractor", "held_on", name="contractors_score_once_a_day")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.contractor_id} {self.held_on}"


class Worker(models.Model):
    """A person whom a company brings, from a day until (not including) a day; with one company at a time."""

    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="workers")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="engagements")
    employment = models.CharField(max_length=12, choices=Employment.choices)
    job = models.CharField(max_length=40, default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    registered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "contractors_worker"
        indexes = [models.Index("contractor", "until_on", name="contractors_worker_company")]
        constraints = [
            models.UniqueConstraint("person", condition=Q(until_on=None), name="contractors_worker_one_company"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="contractors_worker_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} at {self.contractor_id}"


class EntryPass(models.Model):
    """A pass, good through its last day; its code is signed with this installation's key."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="passes")
    issued_on = models.DateField()
    last_on = models.DateField()
    """Included."""
    issued_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "contractors_entry_pass"
        constraints = [
            models.UniqueConstraint("worker", condition=Q(revoked_at=None), name="contractors_pass_one"),
            models.CheckConstraint(condition=Q(last_on__gte=F("issued_on")), name="contractors_pass_dates"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.worker_id}"


class GatePassage(models.Model):
    """Somebody at the gate: let through, or refused with the reasons and their rules."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="passages")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="gate_passages")
    direction = models.CharField(max_length=4, choices=Direction.choices)
    way = models.CharField(max_length=8, choices=Way.choices)
    passed = models.BooleanField()
    reasons = models.JSONField(default=list)
    """Sentences as the guard read them, each with its rule."""
    happened_at = models.DateTimeField()
    kept_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = append_only("contractors_gate_passage")
        indexes = [
            models.Index("body", "happened_at", name="contractors_passage_body"),
            models.Index("worker", "happened_at", name="contractors_passage_worker"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.worker_id} {self.direction}"


class Presence(models.Model):
    """A worker who is on site now: made on entering, gone on leaving; of two who let in the same worker one wins."""

    worker = models.OneToOneField(Worker, on_delete=models.PROTECT, related_name="presence")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="people_on_site")
    since = models.DateTimeField()

    class Meta:
        db_table = "contractors_presence"
        indexes = [models.Index("body", "since", name="contractors_presence_body")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.worker_id}"
