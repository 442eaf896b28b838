"""The Party tree, and who belongs where in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.org.enums import BodyTree, MembershipKind, PartyOrgKind, tree_of
from ronghe.kernel.db.tree import TreeLink, TreeNode


class PartyOrg(TreeNode):
    """One Party body, group or working body (co-built branch of a zone, temporary group), or one of union and league.

    Union and league stand in the same table below the Party body that leads them, so that activities, duties, posts and
    terms are one thing for all three trees (docs/decisions/0010).
    """

    link_model = "PartyOrgLink"

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24, choices=PartyOrgKind.choices)
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="party_orgs")
    approval_ref = models.CharField(max_length=80, null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "org_party_org"
        constraints = [
            models.UniqueConstraint(
                "parent", "name", condition=Q(valid_until=None), name="org_party_org_name_below_parent"
            ),
            models.UniqueConstraint(
                "name", condition=Q(parent=None, valid_until=None), name="org_party_org_name_of_root"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tree(self) -> BodyTree:
        return tree_of(self.kind)

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """The kind in words; Django's own translates every kind for each body of a list."""
        return str(PartyOrgKind(self.kind).label)


class PartyOrgLink(TreeLink):
    ancestor = models.ForeignKey(PartyOrg, on_delete=models.PROTECT, related_name="links_below")
    descendant = models.ForeignKey(PartyOrg, on_delete=models.PROTECT, related_name="links_above")

    class Meta:
        db_table = "org_party_org_link"
        indexes = [  # Everything below a body on a day, from the index alone.
            models.Index("ancestor", "descendant", "valid_from", "valid_until", name="org_party_org_link_below"),
        ]
        constraints = [models.UniqueConstraint("descendant", "ancestor", "valid_from", name="org_party_org_link_once")]


class Membership(models.Model):
    """A person in a body: exactly one home at a time, any number of participations (PO-12, PO-13).

    Whoever changes the group within a body begins a new row, so that the rows of a body are its groups on any day.
    """

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="memberships")
    body = models.ForeignKey(PartyOrg, on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField(max_length=16, choices=MembershipKind.choices)
    group = models.ForeignKey(PartyOrg, on_delete=models.PROTECT, null=True, related_name="group_memberships")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "org_membership"
        indexes = [
            models.Index("body", "valid_until", "person", name="org_membership_body"),
            models.Index("group", "valid_until", "person", name="org_membership_group"),
        ]
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(kind=MembershipKind.HOME, valid_until=None), name="org_membership_one_home"
            ),
            models.UniqueConstraint(
                "person", condition=Q(kind=MembershipKind.UNION, valid_until=None), name="org_membership_one_union"
            ),
            models.UniqueConstraint(
                "person", condition=Q(kind=MembershipKind.LEAGUE, valid_until=None), name="org_membership_one_league"
            ),
            models.UniqueConstraint("person", "body", "kind", "valid_from", name="org_membership_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="org_membership_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} in {self.body_id} ({self.kind})"
