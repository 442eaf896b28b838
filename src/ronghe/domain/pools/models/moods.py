"""思想共管: how the people of a side feel, and who follows up."""

from __future__ import annotations

from django.db import models

from ronghe.domain.pools.enums import FollowUpWay, MoodLevel
from ronghe.domain.pools.models.items import OF_ONE_POOL
from ronghe.domain.pools.models.pools import Pool, Side
from ronghe.kernel.db.append_only import append_only


class MoodNote(models.Model):
    """How the people of a side feel: the level, the topics and how many are concerned; the words are sealed.

    Never about a named person. In a zone's pool, `zone` and the `unit` that takes part; in an agreement's, the `party`.
    `branch` is the side's branch, whose secretary reads the words.
    """

    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="mood_notes")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey("agreements.AgreementParty", on_delete=models.PROTECT, null=True, related_name="+")
    branch = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    level = models.CharField(max_length=12, choices=MoodLevel.choices)
    topics = models.JSONField(default=list)
    people = models.PositiveSmallIntegerField()
    sealed = models.TextField()
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("pools_mood_note")
        indexes = [models.Index(fields=("zone", "-day"), name="pools_mood_note_zone")]
        constraints = [models.CheckConstraint(condition=OF_ONE_POOL, name="pools_mood_note_of_one_pool")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.level} {self.day}"

    @property
    def pool(self) -> Pool:
        return Pool(zone=self.zone) if self.party is None else Pool(agreement=self.party.agreement)

    @property
    def side(self) -> Side:
        """Whose people it is about."""
        return Side(unit=self.unit, party=self.party)


class MoodFollowUp(models.Model):
    """Who does what about a note, by when."""

    note = models.ForeignKey(MoodNote, on_delete=models.PROTECT, related_name="follow_ups")
    way = models.CharField(max_length=12, choices=FollowUpWay.choices)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="mood_follow_ups")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pools_mood_follow_up"

    def __str__(self) -> str:
        return f"#{self.pk} {self.way}"
