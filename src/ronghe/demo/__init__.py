"""The demonstration field: three units modelled on published accounts, filled through the services that everybody uses."""

from pathlib import Path

REGROUPING_EXAMPLE = Path(__file__).parent / "data" / "yilong_regrouping.json"
"""The published account's area as a question on file: `ronghe regroup solve --file`. No Django stands behind it."""
