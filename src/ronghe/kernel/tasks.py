"""The kernel's own jobs."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ronghe.kernel.facts.seal import seal_facts
from ronghe.kernel.facts.verify import verify
from ronghe.kernel.home import Home
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def seal_new_facts() -> None:
    seal_facts(at=timezone.now())


@job(retries=1)
def verify_all_facts() -> None:
    """Verify everything and leave the result where the audit administrator's page finds it."""
    result = {**verify().as_json(), "at": timezone.now().isoformat()}
    path = verification_path(settings.HOME)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


def verification_path(home: Home) -> Path:
    """Return where the last verification's result lies; outside the database, which it speaks about."""
    return home.logs / "verification.json"


every("*/10 * * * *", "seal_new_facts", seal_new_facts)
every("30 5 * * *", "verify_all_facts", verify_all_facts)
