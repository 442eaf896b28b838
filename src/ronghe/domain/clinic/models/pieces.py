"""Knowledge out of answered cases: a piece, its versions, and how many people it helped."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ronghe.domain.clinic.enums import PieceState, VersionState
from ronghe.domain.clinic.models.experts import ClinicField


class PieceQuerySet(models.QuerySet["Piece"]):
    def published(self) -> PieceQuerySet:
        return self.filter(state=PieceState.PUBLISHED)

    def matching(self, text: str) -> PieceQuerySet:
        """Keep published words that hold everything typed: words of title, question, answer or field, initials of the title."""
        rows = self
        for word in text.split():
            rows = rows.filter(
                Q(title__icontains=word) | Q(question__icontains=word) | Q(answer__icontains=word)
                | Q(initials__contains=word.lower()) | Q(field__name__contains=word)
            )  # fmt: skip
        return rows


class Piece(models.Model):
    """A case that was answered, told for everybody. The asker agrees first and is named nowhere; `expert` has the credit.

    The words are those of the version that stands published; until one does, of the newest.
    """

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="clinic_piece")
    field = models.ForeignKey(ClinicField, on_delete=models.PROTECT, related_name="pieces")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="clinic_pieces")
    expert = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="clinic_pieces")
    asker = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=PieceState.choices)
    title = models.CharField(max_length=120, default="")
    question = models.CharField(max_length=2000, default="")
    answer = models.CharField(max_length=4000, default="")
    initials = models.CharField(max_length=120, default="")
    """Pinyin initials of the title, by which it is found."""
    number = models.PositiveSmallIntegerField(default=0)
    """Of the version that stands published; none is 0."""
    written_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    """Who wrote the newest version."""
    proposed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    """When the asker agreed that the case is told."""
    published_at = models.DateTimeField(null=True)
    outdated_at = models.DateTimeField(null=True)
    outdated_why = models.CharField(max_length=200, default="")
    outdated_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[Piece]] = PieceQuerySet.as_manager()

    class Meta:
        db_table = "clinic_piece"
        indexes = [
            models.Index(fields=("state", "-published_at"), name="clinic_piece_state"),
            models.Index(fields=("field", "state"), name="clinic_piece_field"),
            models.Index(fields=("expert", "state"), name="clinic_piece_expert"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PieceState.PUBLISHED) | (Q(number__gte=1, agreed_at__isnull=False) & ~Q(title="")),
                name="clinic_piece_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class PieceVersion(models.Model):
    """The words of a piece as somebody wrote them, and what the review said."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    question = models.CharField(max_length=2000)
    answer = models.CharField(max_length=4000)
    state = models.CharField(max_length=12, choices=VersionState.choices)
    written_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "clinic_version"
        constraints = [
            models.UniqueConstraint("piece", "number", name="clinic_version_number"),
            models.UniqueConstraint(
                "piece", condition=Q(state__in=[VersionState.WAITING, VersionState.REVIEW]),
                name="clinic_version_one_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.piece_id} {self.number}"


class HelpedMark(models.Model):
    """Somebody was helped. `mark` is a keyed digest of piece and person: it counts each once and names nobody."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="helped")
    mark = models.CharField(max_length=64)

    class Meta:
        db_table = "clinic_mark"
        constraints = [models.UniqueConstraint("piece", "mark", name="clinic_mark_once")]

    def __str__(self) -> str:
        return f"#{self.piece_id}"
