"""The decision-matter list (决策事项清单) and the rules of procedure (议事规则) of a body, each by version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.decisions.enums import Category, Edition, Forum, Majority, MajorityOf, Share
from ronghe.domain.rhythm.enums import VoteMethod


class DecisionList(models.Model):
    """One version of what a body decides; matters show under which one they were decided."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="decision_lists")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=Edition.choices, default=Edition.DRAFT)
    document = models.CharField(max_length=120, default="")
    """What it was adopted by: number or title of the decision."""
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    adopted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "decisions_list"
        constraints = [
            models.UniqueConstraint("body", "number", name="decisions_list_number"),
            models.UniqueConstraint("body", condition=Q(state=Edition.DRAFT), name="decisions_list_one_draft"),
            models.UniqueConstraint("body", condition=Q(state=Edition.IN_FORCE), name="decisions_list_one_in_force"),
            models.CheckConstraint(
                condition=Q(state=Edition.DRAFT) | Q(adopted_at__isnull=False, adopted_by__isnull=False),
                name="decisions_list_adopted_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} v{self.number}"


class ListEntry(models.Model):
    """One kind of matter on a list: who prepares it, where it is decided, and how it is voted on.

    `key` stays the same from version to version; clauses of the charter name it.
    """

    of_list = models.ForeignKey(DecisionList, on_delete=models.CASCADE, related_name="entries")
    key = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    category = models.CharField(max_length=12, choices=Category.choices)
    own_category = models.CharField(max_length=24, default="")
    forum = models.CharField(max_length=20, choices=Forum.choices)
    needs_study = models.BooleanField(default=False)
    """The Party committee studies it first (前置研究)."""
    needs_legal_check = models.BooleanField(default=False)
    preparer = models.CharField(max_length=60, default="")
    consulted = models.CharField(max_length=60, default="")
    """Who is heard before: the workers' congress, a department."""
    quorum = models.CharField(max_length=4, choices=Share.choices, default=Share.HALF)
    majority = models.CharField(max_length=4, choices=Majority.choices, default=Majority.HALF)
    majority_of = models.CharField(max_length=8, choices=MajorityOf.choices, default=MajorityOf.SHOULD)
    vote_method = models.CharField(max_length=16, choices=VoteMethod.choices, default=VoteMethod.SHOW_OF_HANDS)
    basis = models.CharField(max_length=160, default="")
    """Document and clause it rests on."""

    class Meta:
        db_table = "decisions_list_entry"
        constraints = [
            models.UniqueConstraint("of_list", "key", name="decisions_entry_key"),
            models.UniqueConstraint("of_list", "title", name="decisions_entry_title"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def category_name(self) -> str:
        return self.own_category or str(Category(self.category).label)


class ProcedureRules(models.Model):
    """One version of how a body meets to decide; a new one supersedes the old one at once."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="procedure_rules")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=Edition.choices, default=Edition.IN_FORCE)
    document = models.CharField(max_length=120)
    quorum = models.CharField(max_length=4, choices=Share.choices, default=Share.HALF)
    majority = models.CharField(max_length=4, choices=Majority.choices, default=Majority.HALF)
    majority_of = models.CharField(max_length=8, choices=MajorityOf.choices, default=MajorityOf.SHOULD)
    notice_days = models.PositiveSmallIntegerField(default=2)
    """Calendar days between the agenda and the meeting."""
    observers = models.CharField(max_length=200, default="")
    """Who may attend without a vote (列席)."""
    avoids = models.BooleanField(default=True)
    """Members concerned leave and are not counted (回避)."""
    allows_urgent = models.BooleanField(default=True)
    urgent_words = models.CharField(max_length=200, default="")
    adopted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        db_table = "decisions_procedure_rules"
        constraints = [
            models.UniqueConstraint("body", "number", name="decisions_rules_number"),
            models.UniqueConstraint("body", condition=Q(state=Edition.IN_FORCE), name="decisions_rules_one_in_force"),
            models.CheckConstraint(condition=Q(notice_days__lte=60), name="decisions_rules_notice"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} v{self.number}"
