"""How long the steps around the public notice take where the unit sets nothing else."""

from __future__ import annotations

CHECK_WORKDAYS = 3
"""Working days in which the judged look their draft through."""

ANSWER_WORKDAYS = 5
"""Working days for the answer to a remark or an objection (CA-12)."""
