"""党建联盟: what the room keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.alliances.enums import AllianceKind, ContactForm, DifficultyState, MoveKind, Side
from ronghe.kernel.db.append_only import append_only


class Alliance(models.Model):
    """Our `body` (a temporary branch founded for it, or one that is there) with its partners, from a day on.

    `next_contact_on` is the day by which the next contact is due: what was agreed at the last one, else `contact_days`
    after it. `ended_on` is the first day without the alliance.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=AllianceKind.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="alliances")
    purpose = models.CharField(max_length=400, default="")
    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT, null=True, related_name="alliances")
    document = models.CharField(max_length=120, default="")
    """Title or number of the paper that was signed outside the platform."""
    contact_days = models.PositiveSmallIntegerField()
    next_contact_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    """The planned last day, where one was agreed."""
    ended_on = models.DateField(null=True)
    founded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    founded_at = models.DateTimeField()

    class Meta:
        db_table = "alliances_alliance"
        indexes = [models.Index(fields=("name", "id"), name="alliances_alliance_name")]
        constraints = [
            models.UniqueConstraint("body", "name", condition=Q(ended_on=None), name="alliances_alliance_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="alliances_alliance_dates"
            ),
            models.CheckConstraint(condition=Q(contact_days__gte=1), name="alliances_alliance_has_cadence"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class Partner(models.Model):
    """One partner: an outside body by `name`, or an inside one (`body`). `person` is who came in by an invitation.

    The phone number is sealed; whoever keeps the alliance opens it, and each look is recorded.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="partners")
    name = models.CharField(max_length=80)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="alliance_parts")
    contact_name = models.CharField(max_length=40, default="")
    contact_title = models.CharField(max_length=40, default="")
    phone_sealed = models.TextField(null=True)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="alliance_parts")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alliances_partner"
        constraints = [
            models.UniqueConstraint("alliance", "name", condition=Q(withdrawn_at=None), name="alliances_partner_once")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.alliance_id}"


class Invitation(models.Model):
    """A link by which a partner's contact makes an own log-in: used once, until it ends or is taken back."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alliances_invitation"
        constraints = [
            models.UniqueConstraint(
                "partner", condition=Q(accepted_at=None, revoked_at=None), name="alliances_invitation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="alliances_invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.partner_id}"


class AllianceContact(models.Model):
    """The sides spoke: when, how, with which partners, what was settled. Kept as it was written."""

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="contacts")
    day = models.DateField()
    form = models.CharField(max_length=16, choices=ContactForm.choices)
    place = models.CharField(max_length=80, default="")
    our_people = models.CharField(max_length=200)
    """Who took part on our side, in words."""
    partners = models.ManyToManyField(Partner, related_name="contacts", db_table="alliances_contact_partner")
    settled = models.TextField(max_length=2000)
    next_on = models.DateField()
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = append_only("alliances_contact")
        indexes = [models.Index(fields=("alliance", "-day"), name="alliances_contact_alliance")]
        constraints = [models.CheckConstraint(condition=Q(next_on__gt=F("day")), name="alliances_contact_next_later")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.alliance_id} {self.day}"


class AllianceDifficulty(models.Model):
    """A difficulty (in an innovation alliance: a topic) with an owner on each side.

    `our_owner` is one of us, the partner's contact is theirs. `waiting_for` says whose turn it is, `waiting_since` from
    when on.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="difficulties")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="difficulties")
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=1000, default="")
    raised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    raised_side = models.CharField(max_length=8, choices=Side.choices)
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=DifficultyState.choices, default=DifficultyState.RAISED)
    our_owner = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="alliance_difficulties"
    )
    our_claimed_at = models.DateTimeField(null=True)
    their_claimed_at = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=8, choices=Side.choices, default=Side.BOTH)
    waiting_since = models.DateTimeField()
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, null=True, related_name="alliance_difficulty")
    result = models.CharField(max_length=1000, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alliances_difficulty"
        indexes = [models.Index(fields=("alliance", "state", "due_on"), name="alliances_difficulty_list")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "under_way", "resolved", "shelved"])
                | Q(our_owner__isnull=False, our_claimed_at__isnull=False, their_claimed_at__isnull=False),
                name="alliances_difficulty_two_owners",
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved") | ~Q(result=""), name="alliances_difficulty_result_said"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"


class DifficultyMove(models.Model):
    """What one side did or said; never changed."""

    difficulty = models.ForeignKey(AllianceDifficulty, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=12, choices=MoveKind.choices)
    side = models.CharField(max_length=8, choices=Side.choices)
    text = models.CharField(max_length=1000, default="")
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("alliances_difficulty_move")
        indexes = [models.Index(fields=("difficulty", "made_at"), name="alliances_move_difficulty")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"


class AllianceExpert(models.Model):
    """Somebody whom an innovation alliance may ask; with an outside expert only what the work needs."""

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="experts")
    name = models.CharField(max_length=40)
    field = models.CharField(max_length=80)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="+")
    """Whose expert; ours where null."""
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alliances_expert"
        constraints = [
            models.UniqueConstraint(
                "alliance", "name", "field", condition=Q(left_at=None), name="alliances_expert_once"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.alliance_id}"
