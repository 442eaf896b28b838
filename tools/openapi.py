"""The committed contract of the API: `write` it, or `check` that it is what the code says.

docs/api/openapi.json is read by people and by their generators; a change of contract is seen in review.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "api" / "openapi.json"


def generated() -> str:
    """Return the contract as committed: keys in the API's own order, Chinese as Chinese."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.config.settings.test")
        django.setup()
    from ronghe.api.api import api

    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=1) + "\n"


def is_current() -> bool:
    return FILE.exists() and FILE.read_text(encoding="utf-8") == generated()


def main(arguments: list[str]) -> int:
    if arguments == ["write"]:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(generated(), encoding="utf-8")
        return 0
    if arguments == ["check"]:
        if not is_current():
            print("docs/api/openapi.json is not what the code says; run `make openapi` and commit it.")
        return 0 if is_current() else 1
    print("usage: tools/openapi.py write|check")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
