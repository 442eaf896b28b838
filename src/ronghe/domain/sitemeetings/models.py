"""现场三会: what the room keeps. What is signed, and what it was signed under, is only added."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.sitemeetings.enums import ChainStage, Meeting, SignatureRole, SignatureWay
from ronghe.kernel.db.append_only import append_only


class SiteChain(models.Model):
    """The three meetings of one body at one place on one day. `stage` alone says how far it has come (SD-05)."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="site_chains")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="site_chains")
    task_force = models.ForeignKey(
        "taskforces.TaskForce", on_delete=models.PROTECT, null=True, related_name="site_chains"
    )
    day = models.DateField()
    place = models.CharField(max_length=80)
    stage = models.CharField(max_length=16, choices=ChainStage.choices, default=ChainStage.BEGUN)
    leader = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="site_chains_led")
    """Who opened it and leads the people of the day."""
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    called_off_reason = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "sitemeetings_chain"
        indexes = [
            models.Index(fields=("-day", "-id"), name="sitemeetings_chain_day"),
            models.Index(fields=("body", "-day"), name="sitemeetings_chain_body"),
        ]
        constraints = [
            models.UniqueConstraint(
                "body", "day", "place", condition=~Q(stage=ChainStage.CALLED_OFF), name="sitemeetings_chain_once"
            ),
            models.CheckConstraint(
                condition=~Q(stage=ChainStage.CLOSED) | Q(closed_at__isnull=False), name="sitemeetings_chain_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.day}"

    def get_stage_display(self) -> str:  # type: ignore[no-redef]
        return str(ChainStage(self.stage).label)


class ChainMeeting(models.Model):
    """One of the three, with the activity that the rhythm keeps of it once it is open, and who briefs."""

    chain = models.ForeignKey(SiteChain, on_delete=models.PROTECT, related_name="meetings")
    meeting = models.CharField(max_length=12, choices=Meeting.choices)
    activity = models.OneToOneField(
        "rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="chain_meeting"
    )
    briefer = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "sitemeetings_meeting"
        constraints = [models.UniqueConstraint("chain", "meeting", name="sitemeetings_meeting_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.chain_id} {self.meeting}"

    def get_meeting_display(self) -> str:  # type: ignore[no-redef]
        return str(Meeting(self.meeting).label)


class BriefingText(models.Model):
    """What is said at a meeting, in its versions; `digest` is of heading and text, and a signature stands under one."""

    meeting = models.ForeignKey(ChainMeeting, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=80)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    written_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        db_table = append_only("sitemeetings_text")
        constraints = [models.UniqueConstraint("meeting", "number", name="sitemeetings_text_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.meeting_id}.{self.number}"


class ChainPerson(models.Model):
    """Somebody on the site that day. `missed` counts the meetings that were closed before they came."""

    chain = models.ForeignKey(SiteChain, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="site_days")
    missed = models.PositiveSmallIntegerField(default=0)
    came_at = models.DateTimeField()
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)
    is_settled = models.BooleanField(null=True)
    """三定: all three in one tap; not yet said as null; `False` calls for a talk and is for the leader's eyes alone."""
    settled_at = models.DateTimeField(null=True)
    talked_at = models.DateTimeField(null=True)
    talked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "sitemeetings_person"
        indexes = [models.Index("person", "chain", name="sitemeetings_person_of")]
        constraints = [
            models.UniqueConstraint("chain", "person", name="sitemeetings_person_once"),
            models.CheckConstraint(condition=Q(missed__lte=3), name="sitemeetings_person_missed"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("came_at")), name="sitemeetings_person_in_order"
            ),
            models.CheckConstraint(
                condition=Q(is_settled=None, settled_at=None) | Q(is_settled__isnull=False, settled_at__isnull=False),
                name="sitemeetings_person_settled",
            ),
            models.CheckConstraint(
                condition=Q(talked_at=None, talked_by=None)
                | Q(talked_at__isnull=False, talked_by__isnull=False, is_settled=False),
                name="sitemeetings_person_talked",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.chain_id} {self.person_id}"


class LateBriefing(models.Model):
    """Somebody was told afterwards what a meeting said, by whom and when; the own signature comes on top."""

    text = models.ForeignKey(BriefingText, on_delete=models.PROTECT, related_name="late_briefings")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    briefed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    briefed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("sitemeetings_late_briefing")
        constraints = [
            models.UniqueConstraint("text", "person", name="sitemeetings_late_once"),
            models.CheckConstraint(condition=~Q(person=F("briefed_by")), name="sitemeetings_late_by_another"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.text_id} {self.person_id}"


class BriefingSignature(models.Model):
    """A person's signature under one version of what a meeting says.

    `recorded_by` held the phone: the person, or who scanned the card. A newer version leaves it standing and void.
    """

    text = models.ForeignKey(BriefingText, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="briefing_signatures")
    role = models.CharField(max_length=8, choices=SignatureRole.choices)
    way = models.CharField(max_length=12, choices=SignatureWay.choices)
    digest = models.CharField(max_length=64)
    is_late = models.BooleanField(default=False)
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("sitemeetings_signature")
        indexes = [models.Index("person", "text", name="sitemeetings_signature_of")]
        constraints = [
            models.UniqueConstraint("text", "person", name="sitemeetings_signature_once"),
            models.CheckConstraint(
                condition=Q(way=SignatureWay.CARD) | Q(recorded_by=F("person")),
                name="sitemeetings_signature_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.text_id} {self.person_id}"
