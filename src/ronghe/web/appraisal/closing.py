"""怎么补上: what is missing at each indicator, what closes it, and the page where its records are made."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.closing import Closing, closings_of
from ronghe.domain.appraisal.selectors.explaining import Explanation
from ronghe.domain.appraisal.selectors.wording import words_of
from ronghe.kernel.words import N_, _
from ronghe.scoring.exact import shown

WHERE = (
    ("rhythm.", "web:huddles", N_("去活动")),
    ("work.", "web:tasks", N_("去任务")),
    ("hazards.", "web:hazards", N_("去隐患")),
    ("items.", "web:items", N_("去工作事项")),
)
"""Where records of these kinds are made; whether the reader may is for that page to say."""


def closing_lines(run: Run, explanation: Explanation) -> list[dict[str, Any]]:
    """Return the lines of the card, the dearest first."""
    found = closings_of(explanation)
    if not found:
        return []
    words = words_of(explanation, run)
    return [{"title": one.title, "missing": shown(one.missing), "how": words(one.how), **_where(one)} for one in found]


def _where(one: Closing) -> dict[str, str]:
    if one.mechanisms:
        return {"href": reverse("web:obligations"), "where": _("去应办事项")}
    for kind in one.kinds:
        for prefix, name, said in WHERE:
            if kind.startswith(prefix):
                return {"href": reverse(name), "where": _(said)}
    return {"href": "", "where": ""}
