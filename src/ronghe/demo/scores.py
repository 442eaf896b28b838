"""The last quarter's result: computed, put on notice, made final."""

from __future__ import annotations

from datetime import datetime, timedelta

from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, start_run
from ronghe.kernel.calendar.periods import Period


def score_last_quarter(field: Field, quarter: Period, now: datetime) -> None:
    """Score members and branches; the members' run is final, the branches' on public notice still."""
    playbook = playbook_named("daqing_zone")
    long_ago = now - timedelta(days=20)
    for sheet_id, moment in (("member_quarter", long_ago), ("zone_quarter", now)):
        run = start_run(
            body=field.committee, playbook=playbook, sheet_id=sheet_id, period=str(quarter), actor=field.clerk,
            at=moment,
        )  # fmt: skip
        run = compute_run(run=run, at=moment)
        run = publish_run(run=run, actor=field.clerk, at=moment)
        if moment == long_ago:
            finalize_run(run=run, actor=field.clerk, at=now)
