"""Every few minutes witness points whose notice ran out pass; twice a day reviews that are late go up."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.control.services.accepting import lapse_witness_points
from ronghe.domain.control.services.reviewing import report_late_reviews
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def pass_witness_points() -> None:
    lapse_witness_points(at=timezone.now())


@job(retries=2)
def report_reviews() -> None:
    report_late_reviews(at=timezone.now())


every("*/10 * * * *", "pass_witness_points", pass_witness_points)
every("10 8,12 * * *", "report_reviews", report_reviews)
