from __future__ import annotations

import json
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator
from tools.playbook_schema import TARGET, schema_text

from ronghe.domain.playbooks.calc.digest import canonical_text
from ronghe.domain.playbooks.calc.library import shipped_files
from ronghe.domain.playbooks.calc.schema import playbook_schema
from ronghe.domain.playbooks.calc.yaml_text import read_yaml


def test_committed_schema_is_the_one_the_program_reads_by():
    assert TARGET.read_text(encoding="utf-8") == schema_text(), "run: python tools/playbook_schema.py"


def test_schema_is_a_good_schema():
    Draft202012Validator.check_schema(playbook_schema())


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_shipped_playbook_fits_the_published_schema(path):
    data = read_yaml(path.read_text(encoding="utf-8")).data

    published = json.loads(TARGET.read_text(encoding="utf-8"))

    assert list(Draft202012Validator(published).iter_errors(data)) == []


def test_canonical_text_writes_decimals_without_trailing_zeros():
    assert canonical_text({"b": Decimal("0.50"), "a": [Decimal(100)]}) == '{"a":["100"],"b":"0.5"}'
