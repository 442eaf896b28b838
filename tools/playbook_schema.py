"""Write the published JSON Schema of playbook files: `python tools/playbook_schema.py`. A test compares the two."""

from __future__ import annotations

import json
from pathlib import Path

from ronghe.domain.playbooks.calc.schema import playbook_schema

TARGET = Path(__file__).resolve().parents[1] / "src/ronghe/domain/playbooks/schema/playbook-1.json"


def schema_text() -> str:
    return json.dumps(playbook_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(schema_text(), encoding="utf-8")
    print(f"{TARGET} written")
