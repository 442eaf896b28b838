"""Reminders are between the platform and one person."""

from __future__ import annotations

from ronghe.domain.org.rules.reaches import Own
from ronghe.kernel.access.permissions import Grant, Permission

READ_MESSAGE = Permission("reminders.read_message", Grant((), Own("person_id")))
