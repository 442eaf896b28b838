"""What the room of phones records. An act done without signal records what it is in the rhythm's room, and nothing here."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, declare
from ronghe.kernel.words import N_

DEVICE_REGISTERED = declare("offline.device_registered", N_("登记离线手机"), attributes={"algorithm": Code()})
DEVICE_REVOKED = declare("offline.device_revoked", N_("停用离线手机"))
"""Signatures on permits that it made after it was lost are facts of the room of permits."""
ACT_VOIDED = declare("offline.act_voided", N_("作废没有收下的现场记录"), attributes={"act": Code()})
