"""What is kept about people beyond the roster: trades, broad names, mentors, requests for correction, the card's consent."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.members.enums import (
    SKILLS_HELD,
    BroadKind,
    CorrectionField,
    CorrectionState,
    MentorKind,
    SkillState,
)


class PersonSkill(models.Model):
    """A trade that a person works in: one main trade, and further ones (一专多能).

    What a person claims waits (`claimed`); only a confirmed one counts anywhere.
    """

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="skills")
    trade = models.CharField(max_length=40)
    is_main = models.BooleanField(default=False)
    grade = models.CharField(max_length=24, null=True)
    certificate_ref = models.CharField(max_length=60, null=True)
    since = models.DateField()
    state = models.CharField(max_length=12, choices=SkillState.choices, default=SkillState.CLAIMED)
    claimed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "members_person_skill"
        indexes = [models.Index("trade", "person", name="members_skill_trade")]
        constraints = [
            models.UniqueConstraint(
                "person", "trade", condition=Q(state__in=sorted(SKILLS_HELD)), name="members_skill_once"
            ),
            models.UniqueConstraint(
                "person", condition=Q(is_main=True, state=SkillState.CONFIRMED), name="members_skill_one_main"
            ),
            models.CheckConstraint(
                condition=~Q(state=SkillState.CONFIRMED) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="members_skill_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.trade}"


class BroadName(models.Model):
    """An old post or trade, and the broad post (大岗位) or broad trade (大工种) that it belongs to in one unit."""

    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="broad_names")
    kind = models.CharField(max_length=8, choices=BroadKind.choices)
    old = models.CharField(max_length=40)
    broad = models.CharField(max_length=40)

    class Meta:
        db_table = "members_broad_name"
        constraints = [models.UniqueConstraint("unit", "kind", "old", name="members_broad_name_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.old} → {self.broad}"


class MentorPair(models.Model):
    """Somebody experienced and somebody who learns from them, from a day until (not including) a day."""

    mentor = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="apprenticed")
    apprentice = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="mentored")
    kind = models.CharField(max_length=16, choices=MentorKind.choices)
    topic = models.CharField(max_length=60)
    goal = models.CharField(max_length=200, null=True)
    planned_until = models.DateField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "members_mentor_pair"
        indexes = [models.Index("apprentice", "valid_until", name="members_mentor_apprentice")]
        constraints = [
            models.UniqueConstraint(
                "mentor", "apprentice", "kind", condition=Q(valid_until=None), name="members_mentor_once"
            ),
            models.CheckConstraint(condition=~Q(mentor=F("apprentice")), name="members_mentor_two_people"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="members_mentor_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.mentor_id} → {self.apprentice_id}"


class RecordCorrection(models.Model):
    """A person's request to have one field of the own record corrected, and what became of it.

    Old and new value are cipher text, whichever field it is: a request must not say in clear what the record seals.
    """

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="record_corrections")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="record_corrections")
    """The branch that decides."""
    field = models.CharField(max_length=16, choices=CorrectionField.choices)
    old_sealed = models.TextField(null=True)
    new_sealed = models.TextField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=CorrectionState.choices, default=CorrectionState.ASKED)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=200, null=True)

    class Meta:
        db_table = "members_record_correction"
        indexes = [models.Index("body", "state", "asked_at", name="members_correction_body")]
        constraints = [
            models.UniqueConstraint(
                "person", "field", condition=Q(state=CorrectionState.ASKED), name="members_correction_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.REFUSED) | Q(refusal__isnull=False),
                name="members_correction_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.field}"


class CardConsent(models.Model):
    """A person's consent to show name, body and posts behind the card's code (亮身份), until it is withdrawn."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="card_consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "members_card_consent"
        constraints = [
            models.UniqueConstraint("person", condition=Q(withdrawn_at=None), name="members_card_consent_one_now")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"


class Placement(models.Model):
    """Several people put into a branch or one of its groups in one act, which can be taken back as one."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    placed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "members_placement"

    def __str__(self) -> str:
        return f"#{self.pk} → {self.group_id or self.body_id}"


class PlacedPerson(models.Model):
    """What a placement did with one person: which membership it ended, which one holds since, and the group before."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    ended = models.ForeignKey("org.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    begun = models.ForeignKey("org.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    group_before = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "members_placed_person"
        constraints = [models.UniqueConstraint("placement", "person", name="members_placed_person_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"
