"""The administrative tree: company, unit, operation area, station, team."""

from __future__ import annotations

from django.db import models

from ronghe.domain.org.enums import StaffingMode, UnitKind
from ronghe.kernel.db.tree import TreeLink, TreeNode


class AdminUnit(TreeNode):
    """One unit of the administrative tree; `name` is unique below its parent."""

    link_model = "AdminUnitLink"

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24, choices=UnitKind.choices)
    staffing = models.CharField(max_length=12, choices=StaffingMode.choices, null=True)
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


class AdminUnitLink(TreeLink):
    ancestor = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="links_below")
    descendant = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="links_above")

    class Meta:
        db_table = "org_admin_unit_link"
        indexes = [  # Everything below a unit on a day, from the index alone.
            models.Index("ancestor", "descendant", "valid_from", "valid_until", name="org_admin_unit_link_below"),
        ]
        constraints = [models.UniqueConstraint("descendant", "ancestor", "valid_from", name="org_admin_unit_link_once")]
