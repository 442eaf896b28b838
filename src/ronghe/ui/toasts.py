"""Short words after an act, carried by Django's messages, with the way back where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.messages import constants

if TYPE_CHECKING:
    from django.contrib.messages.storage.base import Message
    from django.http import HttpRequest

_UNDO = "undo="
_STATES = {
    constants.DEBUG: "running",
    constants.INFO: "running",
    constants.SUCCESS: "done",
    constants.WARNING: "attention",
    constants.ERROR: "failed",
}


@dataclass(frozen=True, slots=True)
class Toast:
    """One toast: its words, its state, and where 撤销 posts to ("" when the act cannot be undone)."""

    text: str
    state: str
    undo: str = ""

    @classmethod
    def from_message(cls, message: Message) -> Toast:
        undo = message.extra_tags.removeprefix(_UNDO) if (message.extra_tags or "").startswith(_UNDO) else ""
        return cls(text=str(message.message), state=_STATES.get(message.level, "running"), undo=undo)

    @property
    def assertive(self) -> bool:
        """Refusals interrupt a screen reader, everything else waits its turn."""
        return self.state == "failed"


def done(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say that an act was done; `undo` is the address to which 撤销 posts."""
    messages.success(request, text, extra_tags=f"{_UNDO}{undo}" if undo else "")


def refused(request: HttpRequest, text: str) -> None:
    """Say why an act was not done."""
    messages.error(request, text)
