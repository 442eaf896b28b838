"""The administrative tree: company, unit, operation area, station, team."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.org.enums import StaffingMode, UnitKind
from ronghe.kernel.db.tree import TreeLink, TreeNode


class AdminUnit(TreeNode):
    """One unit of the administrative tree; `name` is unique below its parent."""

    link_model = "AdminUnitLink"

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24, choices=UnitKind.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "org_admin_unit"
        constraints = [
            models.UniqueConstraint(
                "parent", "name", condition=models.Q(valid_until=None), name="org_admin_unit_name_below_parent"
            ),
            models.UniqueConstraint(
                "name", condition=models.Q(parent=None, valid_until=None), name="org_admin_unit_name_of_root"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StationMode(models.Model):
    """How a station is manned and to which hub's region it belongs, from a day until (not including) a day.

    The kind of station decides which duties it gets (AL-15); a hub is the middle of its own region (AL-16).
    """

    station = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="modes")
    staffing = models.CharField(max_length=12, choices=StaffingMode.choices)
    is_hub = models.BooleanField(default=False)
    hub = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, null=True, related_name="region_modes")
    """The hub station in whose region this one lies; `None` for a hub, and where regions are not drawn yet."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "org_station_mode"
        constraints = [
            models.UniqueConstraint("station", condition=Q(valid_until=None), name="org_station_mode_one_now"),
            models.UniqueConstraint("station", "valid_from", name="org_station_mode_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="org_station_mode_dates"
            ),
            models.CheckConstraint(condition=Q(is_hub=False) | Q(hub=None), name="org_station_mode_hub_stands_alone"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.station_id} {self.staffing}"

    def get_staffing_display(self) -> str:  # type: ignore[no-redef]
        return str(StaffingMode(self.staffing).label)


class AdminUnitLink(TreeLink):
    ancestor = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="links_below")
    descendant = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="links_above")

    class Meta:
        db_table = "org_admin_unit_link"
        indexes = [  # Everything below a unit on a day, from the index alone.
            models.Index("ancestor", "descendant", "valid_from", "valid_until", name="org_admin_unit_link_below"),
        ]
        constraints = [models.UniqueConstraint("descendant", "ancestor", "valid_from", name="org_admin_unit_link_once")]
