"""What is only added to a permit: signatures, gas tests, steps; and hand-overs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.permits.enums import PartRole, SignRole, SignWay
from ronghe.kernel.db.append_only import append_only


class PermitSignature(models.Model):
    """A signature under the digest of a permit: as what, how, where. It stands as long as the permit's digest is this one."""

    permit = models.ForeignKey("permits.Permit", on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=12, choices=SignRole.choices)
    office = models.CharField(max_length=32, default="")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="permit_signatures")
    digest = models.CharField(max_length=64)
    way = models.CharField(max_length=12, choices=SignWay.choices)
    is_on_site = models.BooleanField(default=False)
    place = models.CharField(max_length=80, default="")
    """Where the code was read, as words; nobody is tracked."""
    proof = models.CharField(max_length=128, default="")
    """The signature of the person's own key, where it was made without signal or on another's phone."""
    signing_key = models.CharField(max_length=64, default="")
    """Digest of that key, so that a phone that was lost can be told from the others."""
    round = models.PositiveSmallIntegerField(default=0)
    """How many of the same were voided before it."""
    signed_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = append_only("permits_signature")
        indexes = [models.Index("signing_key", condition=~Q(signing_key=""), name="permits_signature_key")]
        constraints = [
            models.UniqueConstraint("permit", "role", "office", "digest", "round", name="permits_signature_once"),
            models.UniqueConstraint("proof", condition=~Q(proof=""), name="permits_signature_proof_once"),
            models.CheckConstraint(
                condition=Q(role=SignRole.CO_SIGNER, office__gt="") | (~Q(role=SignRole.CO_SIGNER) & Q(office="")),
                name="permits_signature_office",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.role}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        return str(SignRole(self.role).label)

    def get_way_display(self) -> str:  # type: ignore[no-redef]
        return str(SignWay(self.way).label)

    @property
    def key(self) -> str:
        """The role as `calc` says it."""
        return f"{self.role}:{self.office}" if self.office else self.role

    @property
    def is_void(self) -> bool:
        """Whether it was taken from under the text that it stands under."""
        return getattr(self, "voiding", None) is not None


class SignatureVoid(models.Model):
    """A signature that no longer stands though the text is the same: made with a phone's key after the phone was lost."""

    signature = models.OneToOneField(PermitSignature, on_delete=models.PROTECT, related_name="voiding")
    rule = models.CharField(max_length=8)
    since = models.DateTimeField()
    """From when on nothing of that key counts."""
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("permits_signature_void")

    def __str__(self) -> str:
        return f"#{self.pk} {self.signature_id}"


class GasTest(models.Model):
    """A test: when and where the sample was taken, what was read in which unit, each held against its limit of the day."""

    permit = models.ForeignKey("permits.Permit", on_delete=models.PROTECT, related_name="gas_tests")
    taken_at = models.DateTimeField()
    place = models.CharField(max_length=80)
    instrument = models.CharField(max_length=40, default="")
    readings = models.JSONField()
    """[{substance, title, value, unit, limit, rule, is_fit}], as they were judged."""
    is_fit = models.BooleanField()
    mark = models.CharField(max_length=16)
    """Of the profile with the site's own numbers."""
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("permits_gas_test")
        indexes = [models.Index("permit", "taken_at", name="permits_gas_test_permit")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.taken_at}"


class PermitStep(models.Model):
    """What happened to a permit: a step of its life or a signature. `minutes` since the one before, and for whom it waited."""

    permit = models.ForeignKey("permits.Permit", on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    """After it."""
    waited_for = models.CharField(max_length=48, default="")
    minutes = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=400, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("permits_step")
        indexes = [models.Index("permit", "at", name="permits_step_permit")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.step}"


class Handover(models.Model):
    """Guardian or job leader is handed over at a change of shift: offered by the one, taken over by the other."""

    permit = models.ForeignKey("permits.Permit", on_delete=models.PROTECT, related_name="handovers")
    role = models.CharField(max_length=12, choices=PartRole.choices)
    giver = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="permit_handovers")
    card = models.CharField(max_length=40, default="")
    card_until = models.DateField(null=True)
    note = models.CharField(max_length=200)
    offered_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "permits_handover"
        constraints = [
            models.UniqueConstraint(
                "permit", "role", condition=Q(taken_at=None, dropped_at=None), name="permits_handover_one_open"
            ),
            models.CheckConstraint(condition=~Q(giver=models.F("taker")), name="permits_handover_two_people"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.role}"
