"""A site with its plan: who holds which office, the unit's own numbers, what goes on and what the wind does."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.permits.enums import ActivityKind, NoticeKind, PermitKind
from ronghe.kernel.db.append_only import append_only


class PermitSite(models.Model):
    """Where permits are made out: one plan with plain coordinates in metres, one profile, one code on the gate.

    Rights reach over it by its `body` (a zone's co-built branch, or the territory unit's own). Whoever approves holds the
    row, so that of two works that clash one is issued.
    """

    name = models.CharField(max_length=80)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="permit_sites")
    zone = models.ForeignKey(
        "zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="permit_sites"
    )
    profile = models.CharField(max_length=32)
    code = models.CharField(max_length=32, unique=True)
    """Stands as a QR code at the place of work: whoever reads it is there (PW-07)."""
    width_m = models.PositiveIntegerField(default=400)
    depth_m = models.PositiveIntegerField(default=300)
    """Extent of the plan, for drawing it."""
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "permits_site"
        constraints = [models.UniqueConstraint("body", "name", name="permits_site_name_of_body")]

    def __str__(self) -> str:
        return self.name


class SiteOffice(models.Model):
    """Somebody who may sign for an office of the matrix at a site, from a day until (not including) a day.

    Several hold one office side by side: whoever is there signs, so that nobody waits for one absent person.
    """

    site = models.ForeignKey(PermitSite, on_delete=models.PROTECT, related_name="offices")
    office = models.CharField(max_length=32)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="permit_offices")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "permits_site_office"
        indexes = [models.Index("person", "site", name="permits_site_office_person")]
        constraints = [
            models.UniqueConstraint(
                "site", "office", "person", condition=Q(valid_until=None), name="permits_site_office_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="permits_site_office_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.office}"


class SiteSetting(models.Model):
    """A site's own number for a key of its profile; the newest stands, an empty one takes it back."""

    site = models.ForeignKey(PermitSite, on_delete=models.PROTECT, related_name="settings")
    key = models.CharField(max_length=64)
    value = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    source = models.CharField(max_length=200)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("permits_site_setting")
        indexes = [models.Index("site", "key", "at", name="permits_site_setting_site")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.key}"


class ClockBaseline(models.Model):
    """How long it took before (旧基线), as the site itself found it; the newest of a kind stands."""

    site = models.ForeignKey(PermitSite, on_delete=models.PROTECT, related_name="baselines")
    kind = models.CharField(max_length=8, choices=PermitKind.choices)
    hours = models.DecimalField(max_digits=8, decimal_places=2)
    source = models.CharField(max_length=200)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("permits_clock_baseline")
        indexes = [models.Index("site", "kind", "at", name="permits_clock_baseline_site")]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="permits_clock_baseline_hours")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.hours}"


class SiteNotice(models.Model):
    """The wind as it was read (the newest stands), or an alarm until it is cleared; `area` is empty for the whole site."""

    site = models.ForeignKey(PermitSite, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    level = models.PositiveSmallIntegerField(null=True)
    area = models.CharField(max_length=60, default="")
    risk_area = models.ForeignKey("risks.RiskArea", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=120, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "permits_site_notice"
        indexes = [models.Index("site", "kind", "at", name="permits_site_notice_site")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=NoticeKind.WIND) | Q(level__isnull=False, level__lte=17),
                name="permits_site_notice_level",
            ),
            models.CheckConstraint(
                condition=~Q(kind=NoticeKind.ALARM) | ~Q(text=""), name="permits_site_notice_alarm_words"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"


class SiteActivity(models.Model):
    """Venting, draining, painting, sampling: what goes on beside the permits. Places are decimetres on the plan."""

    site = models.ForeignKey(PermitSite, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    what = models.CharField(max_length=120)
    area = models.CharField(max_length=60, default="")
    risk_area = models.ForeignKey("risks.RiskArea", on_delete=models.PROTECT, null=True, related_name="+")
    x_dm = models.IntegerField(null=True)
    y_dm = models.IntegerField(null=True)
    space = models.CharField(max_length=32, default="")
    bund = models.CharField(max_length=32, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "permits_site_activity"
        indexes = [models.Index("site", "ends_at", name="permits_site_activity_site")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="permits_site_activity_in_order")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(ActivityKind(self.kind).label)
