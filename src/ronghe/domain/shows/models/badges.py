"""Badges with their codes, what their bearers let others read, and the standards of posts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.org.enums import PostRole


class Badge(models.Model):
    """A printed badge. `token` is the end of its code's address and says nothing; a renewed badge has another one."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="badges")
    token = models.CharField(max_length=32)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        db_table = "shows_badge"
        constraints = [
            models.UniqueConstraint("token", name="shows_badge_token"),
            models.UniqueConstraint("person", condition=Q(stopped_at=None), name="shows_badge_one_now"),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_by=None) | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="shows_badge_stopped_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"


class BadgeConsent(models.Model):
    """What the bearer lets whoever scans the badge read (`parts` of `BadgePart`), until it is withdrawn (PI-01)."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="badge_consents")
    parts = models.JSONField(default=list)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shows_badge_consent"
        constraints = [
            models.UniqueConstraint("person", condition=Q(withdrawn_at=None), name="shows_badge_consent_one_now")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"


class PostStandard(models.Model):
    """What a post is held to in a body and below it (亮标准), from a day until (not including) a day.

    Without `role` it is what every Party member is held to.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="post_standards")
    role = models.CharField(max_length=24, choices=PostRole.choices, default="", blank=True)
    text = models.CharField(max_length=400)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "shows_post_standard"
        constraints = [
            models.UniqueConstraint("body", "role", condition=Q(valid_until=None), name="shows_post_standard_one_now"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="shows_post_standard_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.role}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        return str(PostRole(self.role).label) if self.role else ""
