from __future__ import annotations

import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ronghe.kernel.errors import Unreadable
from ronghe.scoring.files import read_facts, read_obligations, read_previous, read_subjects
from ronghe.scoring.run import run_sheet
from tests.scoring.story import moment, playbook_of, totals

BONUS = {
    "kind": "each",
    "of": {"facts": "bonus", "count": "quantity", "where": {"role": "host"}},
    "points": 1,
    "cap": 10,
}
LINES = "kind,occurred_at,subject,body,quantity,role\nbonus,2026-07-01 08:30,王喆,b,2.5,host\nbonus,2026/9/30,王喆,b,1,guest\n"


def scored(path, **tables):
    return totals(run_sheet(playbook_of(BONUS), facts=path, period="2026Q3", **tables))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_utf_8_and_gb_18030(tmp_path, encoding):
    path = tmp_path / "facts.csv"
    path.write_bytes(LINES.replace("2026/9/30", "2026-09-30").encode(encoding))

    assert scored(path) == {"王喆": Decimal("2.5")}


def test_json_lines_are_read_with_attributes_beside_or_inside(tmp_path):
    rows = [
        {"kind": "bonus", "occurred_at": "2026-07-01T00:00", "subject": "m", "quantity": 0.1, "role": "host"},
        {
            "kind": "bonus",
            "occurred_at": "2026-07-01",
            "subject": "m",
            "quantity": "0.2",
            "attributes": {"role": "host"},
        },
    ]
    path = tmp_path / "facts.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")

    assert scored(path) == {"m": Decimal("0.3")}


@pytest.mark.parametrize(
    "quantity", [pa.array([2.5]), pa.array([Decimal("2.5")], pa.decimal128(9, 2)), pa.array(["2.5"])]
)
def test_parquet_is_read_with_any_kind_of_number(tmp_path, quantity):
    moments = pa.array([moment("2026-07-01T00:00:00")], pa.timestamp("us"))
    path = tmp_path / "facts.parquet"
    pq.write_table(
        pa.table({"kind": ["bonus"], "occurred_at": moments, "subject": ["m"], "role": ["host"], "quantity": quantity}),
        path,
    )

    assert scored(path) == {"m": Decimal("2.5")}


def test_moments_without_a_zone_are_shanghai_times_in_parquet_too(tmp_path):
    moments = pa.array([moment("2026-06-30T23:59:59"), moment("2026-07-01T00:00:00")], pa.timestamp("us"))
    path = tmp_path / "facts.parquet"
    pq.write_table(
        pa.table({"kind": ["bonus"] * 2, "occurred_at": moments, "subject": ["m"] * 2, "role": ["host"] * 2}), path
    )

    assert scored(path) == {"m": 1}


def test_bad_lines_are_told_with_file_line_and_reason(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text(
        "kind,occurred_at,subject,quantity\n,2026-07-01,m,1\nbonus,yesterday,m,1\nbonus,2026-07-01,m,1.00001\nbonus,2026-07-01,m,1,9\n",
        encoding="utf-8",
    )

    with pytest.raises(Unreadable) as refused:
        read_facts(path)

    assert refused.value.details["reason"].split("；") == [
        "facts.csv:2 缺少 kind",
        "facts.csv:3 occurred_at “yesterday”不是时间，请写成 2026-07-01 08:30",
        "facts.csv:4 quantity “1.00001”不是至多四位小数的数",
        "facts.csv:5 比表头多出单元格",
    ]


@pytest.mark.parametrize(
    ("name", "content"), [("no.csv", None), ("x.xlsx", b"PK"), ("x.parquet", b"no"), ("x.csv", b"\xff\xff")]
)
def test_file_that_cannot_be_read_is_refused(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Unreadable):
        read_facts(path)


def test_unknown_levels_and_states_are_told(tmp_path):
    subjects, owed = tmp_path / "s.csv", tmp_path / "o.csv"
    subjects.write_text("subject,level\nm,king\n", encoding="utf-8")
    owed.write_text("mechanism,due_until,state\nx,2026-07-01,maybe\n", encoding="utf-8")

    with pytest.raises(Unreadable, match=r"s\.csv:2"):
        read_subjects(subjects)
    with pytest.raises(Unreadable, match=r"o\.csv:2"):
        read_obligations(owed)


def test_result_of_a_run_is_the_previous_of_the_next(tmp_path):
    facts = tmp_path / "facts.csv"
    facts.write_text(LINES.replace("2026/9/30", "2026-09-30"), encoding="utf-8")
    result = tmp_path / "result.json"
    result.write_text(
        json.dumps(run_sheet(playbook_of(BONUS), facts=facts, period="2026Q3").as_json()), encoding="utf-8"
    )

    [row] = read_previous(result).to_pylist()

    assert (row["subject"], row["total"]) == ("王喆", Decimal("2.5"))
