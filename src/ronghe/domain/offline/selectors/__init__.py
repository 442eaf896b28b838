"""Devices, received acts, and what a phone takes along."""

from ronghe.domain.offline.selectors.acts import (
    acts_of_permit,
    acts_refused_of,
    acts_seen_by,
    devices_seen_by,
    huddle_to_join,
    is_usable,
    list_acts,
    list_devices,
)
from ronghe.domain.offline.selectors.permits import CarriedPermit
from ronghe.domain.offline.selectors.snapshot import Snapshot, SnapshotMeeting, snapshot_for

__all__ = [
    "CarriedPermit",
    "Snapshot",
    "SnapshotMeeting",
    "acts_of_permit",
    "acts_refused_of",
    "acts_seen_by",
    "devices_seen_by",
    "huddle_to_join",
    "is_usable",
    "list_acts",
    "list_devices",
    "snapshot_for",
]
