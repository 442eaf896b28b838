"""Keys on phones, and the signed acts that came from them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.offline.calc.times import is_off
from ronghe.domain.offline.enums import ActKind, ActState


class Device(models.Model):
    """One person's key on one phone. The private half never leaves the phone; `key` is the digest of the public half.

    `applied` is the number of the last act of its queue that was looked at: acts of one phone are applied in their order.
    """

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="offline_devices")
    name = models.CharField(max_length=40)
    key = models.CharField(max_length=64, unique=True)
    algorithm = models.CharField(max_length=16)
    public_key = models.CharField(max_length=255)
    """SubjectPublicKeyInfo in base64."""
    applied = models.PositiveIntegerField(default=0)
    registered_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    lost_at = models.DateTimeField(null=True)
    """Since when it was out of its owner's hands, as was said when it was stopped."""

    class Meta:
        db_table = "offline_device"
        indexes = [models.Index(fields=("person", "-registered_at"), name="offline_device_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="offline_device_revoked_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class ReceivedAct(models.Model):
    """One signed act, taken in exactly once: `act_id` is the phone's own random number for it.

    `payload` stays only as long as somebody may still need it: it is cut when the act was taken or voided. `digest` and
    `signature` stay, so that what is on a phone can be held against what came.
    """

    act_id = models.CharField(max_length=32, unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="acts")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="offline_acts")
    number = models.PositiveIntegerField()
    """Place in the device's queue, from 1."""
    kind = models.CharField(max_length=16, choices=ActKind.choices)
    state = models.CharField(max_length=12, choices=ActState.choices, default=ActState.WAITING)
    done_at = models.DateTimeField()
    """The act's own time: the phone's clock set right by what it knew of ours."""
    device_at = models.DateTimeField(null=True)
    """What the phone's clock itself showed, right or wrong."""
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    before = models.CharField(max_length=64)
    """Digest of the act before it in the queue."""
    signature = models.CharField(max_length=128)
    payload = models.JSONField(null=True)
    code = models.CharField(max_length=40, default="")
    reason = models.CharField(max_length=200, default="")
    held_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="holding")
    """The refused act, of the same phone, on whose outcome this one waits."""
    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="offline_acts")
    item = models.ForeignKey("rhythm.AgendaItem", on_delete=models.SET_NULL, null=True, related_name="offline_acts")
    permit = models.ForeignKey("permits.Permit", on_delete=models.PROTECT, null=True, related_name="offline_acts")
    settled_at = models.DateTimeField(null=True)
    """When the author decided what becomes of a refused one."""

    class Meta:
        db_table = "offline_received_act"
        indexes = [
            models.Index("person", "state", name="offline_received_act_person"),
            models.Index(fields=("-received_at", "-id"), name="offline_received_act_recent"),
            models.Index("permit", "done_at", condition=Q(permit__isnull=False), name="offline_received_act_permit"),
        ]
        constraints = [
            models.UniqueConstraint("device", "number", name="offline_received_act_number"),
            models.CheckConstraint(
                condition=Q(state__in=[ActState.TAKEN, ActState.VOIDED], payload__isnull=True)
                | Q(state__in=[ActState.WAITING, ActState.REFUSED], payload__isnull=False),
                name="offline_received_act_payload",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActState.REFUSED) | ~Q(code=""), name="offline_received_act_refused_why"
            ),
            models.CheckConstraint(
                condition=Q(held_by=None) | Q(state=ActState.WAITING), name="offline_received_act_held"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.state}"

    @property
    def is_clock_off(self) -> bool:
        """Whether the phone's clock was so wrong that whoever reads the times should know."""
        return self.device_at is not None and is_off(self.device_at, self.done_at, self.received_at)

    @property
    def is_after_loss(self) -> bool:
        """Whether it was done when the phone was no longer in its owner's hands."""
        return self.device.lost_at is not None and self.done_at >= self.device.lost_at

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(ActKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ActState(self.state).label)
