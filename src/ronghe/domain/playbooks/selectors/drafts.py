"""Drafts as their writers see them, and the text to begin one with."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.models import DraftRevision, PlaybookDraft
from ronghe.domain.playbooks.rules import EDIT_DRAFT, WRITE_PLAYBOOK
from ronghe.domain.playbooks.selectors.books import Shelved, shelved_as, source_of
from ronghe.kernel.words import _

VERSION = re.compile(r"^version:\s*\d+", re.MULTILINE)
EMPTY = Path(__file__).with_name("empty.yaml")
"""What a playbook holds at least."""

TITLE = re.compile(r"^title:\s*(?:\{\s*zh:|\n\s+zh:)\s*[\"']?([^\n,}\"']+)", re.MULTILINE)


def drafts_seen_by(actor: Person, at: datetime) -> QuerySet[PlaybookDraft]:
    """Return the drafts that `actor` may write, the latest saved first."""
    rows = EDIT_DRAFT.narrow(actor, PlaybookDraft.objects.all(), at=at)
    return rows.select_related("body", "begun_by", "saved_by", "version").order_by("-saved_at", "-pk")


def bodies_to_write_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose own playbook `actor` may write, by name."""
    return WRITE_PLAYBOOK.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def revisions_of(draft: PlaybookDraft) -> QuerySet[DraftRevision]:
    """Return the texts of a draft without their content, the latest first."""
    return draft.revisions.select_related("saved_by").defer("text").order_by("-number")


def title_in(text: str) -> str:
    """Return the Chinese title that a text bears, "" where it bears none; the text may be full of errors."""
    found = TITLE.search(text)
    return found.group(1).strip()[:80] if found else ""


def text_to_begin_with(body: PartyOrg, base: Shelved | None) -> str:
    """Return what a new draft says: the next version of the body's own playbook, one on top of `base`, or an empty one."""
    if base is not None and base.kept is not None and base.kept.origin_id == body.pk:
        return VERSION.sub(f"version: {_next_version(base.id)}", source_of(base), count=1)
    lines = ["# " + _("本单位的范本。左边写，右边随时看到程序读懂了什么。")]
    title = _("%(body)s的做法") % {"body": body.name}
    lines += ["schema: 1", f"id: own_{body.pk}", f"version: {_next_version(f'own_{body.pk}')}"]
    lines.append(f'title: {{zh: "{title}", en: "Practice of body {body.pk}"}}')
    if base is not None:
        lines += [f"extends: [{base.id}>={base.version}]", ""]
        lines.append("# " + _("基础范本的制度都已带上；同一编号在这里重写一遍，就以这里为准。评分表不带。"))
        lines += ["mechanisms: []", ""]
        return "\n".join(lines)
    return "\n".join([*lines, "", *EMPTY.read_text(encoding="utf-8").splitlines(), ""])


def _next_version(playbook_id: str) -> int:
    known = shelved_as(playbook_id)
    return known.version + 1 if known else 1
