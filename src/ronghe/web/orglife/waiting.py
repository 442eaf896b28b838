"""What waits for the reader in sessions, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.selectors.members import (
    objections_waiting,
    ratings_waiting,
    results_waiting,
    self_appraisals_waiting,
    statements_waiting,
)
from ronghe.domain.orglife.selectors.sessions import lists_to_review
from ronghe.kernel.words import N_, _

OF_MEMBERS: tuple[tuple[str, Callable[[Person, datetime], Any], str], ...] = (
    (N_("对照检查等您写"), statements_waiting, "web:life_member"),
    (N_("个人自评等您填写"), self_appraisals_waiting, "web:life_member"),
    (N_("互评等您填写"), ratings_waiting, "web:life_peers"),
    (N_("评议结果等您知悉"), results_waiting, "web:life_member"),
    (N_("评议异议等您答复"), objections_waiting, "web:life_member"),
)
SHOWN = 10


def waiting_lines(actor: Person, at: datetime) -> list[tuple[str, str, str]]:
    """Return title, note and address of what waits: one read a kind."""
    lines = []
    for title, waiting, name in OF_MEMBERS:
        for row in waiting(actor, at).select_related("session__body")[:SHOWN]:
            keys = [row.session_id] if name == "web:life_peers" else [row.session_id, row.pk]
            lines.append((_(title), f"{row.session.body.name} {row.session.year}", reverse(name, args=keys)))
    for session in lists_to_review(actor, at).select_related("body")[:SHOWN]:
        note = f"{session.body.name} {session.year}"
        lines.append((_("整改清单该回顾了"), note, reverse("web:life_session", args=[session.pk])))
    return lines
