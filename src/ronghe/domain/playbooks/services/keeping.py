"""Keeping a version: what it says is written down once, with its bases joined in, and never changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.digest import canonical_text
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import PlaybookText, PlaybookVersion
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class VersionSaysOtherwise(DomainError):
    code = "version_says_otherwise"
    sentence = N_("%(playbook)s 已有单位采用，内容与这份文件不同。改动范本要把 version 加一。")


@transaction.atomic
def keep_version(
    playbook: Playbook, at: datetime, *, origin: PartyOrg | None = None, source: str = "", note: str = ""
) -> PlaybookVersion:
    """Return the kept version of a playbook, written down now if it was not.

    :raises VersionSaysOtherwise: this id and version were kept before with another content
    """
    version, is_new = PlaybookVersion.objects.get_or_create(
        playbook_id=playbook.id,
        version=playbook.version,
        defaults={
            "title_zh": playbook.title.zh,
            "title_en": playbook.title.en,
            "digest": playbook.digest,
            "kept_at": at,
            "origin": origin,
            "note": note,
        },
    )
    if is_new:
        PlaybookText.objects.create(version=version, content=canonical_text(playbook.content), source=source)
    if version.digest != playbook.digest:
        raise VersionSaysOtherwise(playbook=str(version))
    return version
