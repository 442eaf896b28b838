"""`ronghe score run` as somebody else's script meets it: exit codes, the JSON's shape, files of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner
from openpyxl import load_workbook

from ronghe.cli.score import score

SAMPLES = Path(__file__).resolve().parents[2] / "playbooks" / "samples"
POINTS = SAMPLES / "s_a_member_points.yaml"
STARS = SAMPLES / "s_b_five_star_branch.yaml"
WORKSHOP = SAMPLES / "s_c_workshop_branch.yaml"
POSTS = SAMPLES / "s_d_posts_and_areas.yaml"
PARTS = SAMPLES / "s_e_two_parts.yaml"


def run(*arguments: object):
    return CliRunner().invoke(score, ["run", *(str(argument) for argument in arguments)])


def lines_of(path: Path, *rows: dict) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def studies(person: str, times: int) -> list[dict]:
    days = [f"2026-03-{day:02d} 19:00" for day in range(1, times + 1)]
    return [{"kind": "study.group", "occurred_at": day, "subject": person} for day in days]


def test_json_is_the_shape_that_others_script_against(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 15))

    done = run("--playbook", POINTS, "--facts", facts, "--period", "2026", "--json")

    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert set(answer) == {"playbook", "period", "results"}
    assert (answer["playbook"], answer["period"]) == ("sample_member_points@1", "2026")
    [result] = answer["results"]
    assert set(result) == {"subject", "total", "grade", "rank", "vetoes", "notes", "items"}
    assert (result["subject"], result["total"], result["rank"], result["vetoes"]) == ("张", "12", None, [])
    assert {"id": "group_study", "score": "12", "applicable": True} in result["items"]


def test_table_is_readable_chinese(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 3))

    done = run("--playbook", POINTS, "--facts", facts, "--period", "2026")

    heads = done.stdout.splitlines()[1].split()
    assert heads == ["位次", "对象", "总分", "等次", "一票否决", "说明"]
    assert done.stdout.splitlines()[2].split()[:3] == ["—", "张", "6.00"]


def test_explain_as_json_is_the_sheet_s_tree(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 15))

    done = run("--playbook", POINTS, "--facts", facts, "--period", "2026", "--explain", "张", "--json")

    def nodes(tree: dict) -> list[dict]:
        return [tree, *(node for child in tree["children"] for node in nodes(child))]

    found = {node["id"]: node for node in nodes(json.loads(done.stdout))}
    assert done.exit_code == 0
    assert all({"id", "kind", "value", "full", "applicable", "facts"} <= set(node) for node in found.values())
    assert (found["group_study"]["value"], found["group_study"]["full"]) == ("12", "12")
    assert len(found["group_study"]["facts"]) == 15


def test_explain_prints_the_tree_down_to_the_facts(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", {"id": "F7", **studies("张", 1)[0]})

    done = run("--playbook", POINTS, "--facts", facts, "--period", "2026", "--explain", "张")

    assert "F7" in done.stdout
    assert "group_study" in done.stdout


def test_explain_of_nobody_is_unreadable(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 1))

    assert run("--playbook", POINTS, "--facts", facts, "--period", "2026", "--explain", "李").exit_code == 2


# Facts in every form, and several files


def test_csv_and_parquet_and_lines_score_alike(tmp_path):
    rows = studies("张", 4)
    lines_of(tmp_path / "facts.jsonl", *rows)
    text = "kind,occurred_at,subject\n" + "".join(f"{r['kind']},{r['occurred_at']},{r['subject']}\n" for r in rows)
    (tmp_path / "facts.csv").write_bytes(text.encode("gb18030"))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "facts.parquet")

    totals = {
        name: json.loads(run("--playbook", POINTS, "--facts", tmp_path / name, "--period", "2026", "--json").stdout)
        for name in ("facts.jsonl", "facts.csv", "facts.parquet")
    }

    assert {answer["results"][0]["total"] for answer in totals.values()} == {"8"}


def test_several_files_of_facts_are_one_ledger(tmp_path):
    first = lines_of(tmp_path / "spring.jsonl", *studies("张", 2))
    second = lines_of(tmp_path / "summer.jsonl", *studies("张", 2))
    third = tmp_path / "autumn.parquet"
    pq.write_table(
        pa.table({"kind": ["study.group"], "occurred_at": pa.array(["2026-09-01"]), "subject": ["张"]}), third
    )

    done = run("--playbook", POINTS, "--facts", first, second, third, "--period", "2026", "--explain", "张", "--json")

    tree = json.loads(done.stdout)
    assert tree["value"] == "10"
    assert len(set(tree["facts"])) == 5


def test_a_reversal_in_another_file_cancels_by_the_given_id(tmp_path):
    first = lines_of(tmp_path / "a.jsonl", {"id": "one", **studies("张", 1)[0]}, {"id": "two", **studies("张", 1)[0]})
    second = lines_of(tmp_path / "b.jsonl", {"id": "three", **studies("张", 1)[0], "reverses": "one"})

    done = run("--playbook", POINTS, "--facts", first, "--facts", second, "--period", "2026", "--json")

    assert json.loads(done.stdout)["results"][0]["total"] == "2"


# Obligations derived


def workshop_facts(kind: str, *days: str, body: str = "b1") -> list[dict]:
    return [{"kind": kind, "occurred_at": day, "body": body} for day in days]


def test_without_obligations_they_follow_from_mechanisms_subjects_and_calendar(tmp_path):
    quarters = ("2026-02-10", "2026-05-10", "2026-08-10", "2026-11-10")
    facts = lines_of(
        tmp_path / "facts.jsonl",
        *workshop_facts("meeting.general", *quarters),
        *workshop_facts("meeting.committee", *(f"2026-{month:02d}-05" for month in range(1, 12))),
        *workshop_facts("meeting.group", *(f"2026-{month:02d}-06" for month in range(1, 13)), body="g1"),
        *workshop_facts("meeting.group", *(f"2026-{month:02d}-07" for month in range(1, 13)), body="g2"),
        *workshop_facts("meeting.lecture", *quarters[:3]),
        *workshop_facts("report.given", "2026-06-20", "2026-12-20"),
        *workshop_facts("inspection.held", "2026-06-25", "2026-12-25"),
        *workshop_facts("exchange.held", "2026-07-01"),
    )
    subjects = lines_of(
        tmp_path / "subjects.jsonl",
        {"subject": "b1", "level": "branch"},
        {"subject": "g1", "level": "group", "body": "b1"},
        {"subject": "g2", "level": "group", "body": "b1"},
    )

    done = run("--playbook", WORKSHOP, "--facts", facts, "--subjects", subjects, "--period", "2026", "--json")

    [result] = json.loads(done.stdout)["results"]
    items = {item["id"]: item["score"] for item in result["items"]}
    assert done.exit_code == 0
    assert items["meetings"] == "4"  # one committee meeting and one lecture are missing: 1 off for 1–2


def test_a_branch_without_a_fact_still_has_a_score(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *workshop_facts("meeting.general", "2026-02-10"))
    subjects = tmp_path / "subjects.csv"
    subjects.write_text("subject,level\nb1,branch\nb2,branch\n", encoding="utf-8")

    done = run("--playbook", WORKSHOP, "--facts", facts, "--subjects", subjects, "--period", "2026", "--json")

    assert [result["subject"] for result in json.loads(done.stdout)["results"]] == ["b1", "b2"]


# Exit codes


def sheet_ids(path: Path) -> list[str]:
    return [sheet["id"] for sheet in yaml.safe_load(path.read_text(encoding="utf-8"))["sheets"]]


def test_stops_with_a_question_where_a_tie_is_to_be_settled(tmp_path):
    rows = [
        {
            "kind": "figure.value", "occurred_at": f"2026-0{month}-20", "subject": f"岗{post}",
            "item": "monthly_score", "quantity": 95,
        }
        for post in range(20)
        for month in (7, 8, 9)
    ]  # fmt: skip
    facts = lines_of(tmp_path / "posts.jsonl", *rows)

    done = run("--playbook", POSTS, "--sheet", "posts", "--facts", facts, "--period", "2026Q3", "--json")
    told = run("--playbook", POSTS, "--sheet", "posts", "--facts", facts, "--period", "2026Q3")

    answer = json.loads(done.stdout)
    assert (done.exit_code, told.exit_code) == (1, 1)
    assert answer["questions"][0]["code"] == "tie_at_limit"
    assert len(answer["questions"][0]["subjects"]) == 20
    assert answer["questions"][0]["message"] in told.stderr


@pytest.mark.parametrize("path", [POINTS, STARS, WORKSHOP, POSTS, PARTS])
def test_every_sample_sheet_runs_over_an_empty_ledger(tmp_path, path):
    facts = lines_of(tmp_path / "facts.jsonl", {"kind": "nothing.known", "occurred_at": "2026-03-01", "subject": "张"})

    for sheet in sheet_ids(path):
        for period in ("2026", "2026Q3", "2026-03"):
            done = run("--playbook", path, "--sheet", sheet, "--facts", facts, "--period", period, "--json")
            assert done.exit_code in {0, 2}, (sheet, period, done.output)
            if done.exit_code == 0:
                break
        assert done.exit_code == 0, (sheet, done.output)


@pytest.mark.parametrize(
    "change",
    [
        {"--playbook": "no_such_file.yaml"},
        {"--facts": "no_such_file.jsonl"},
        {"--period": "third quarter"},
        {"--sheet": "no_such_sheet"},
        {"--subjects": "no_such_file.csv"},
    ],
)
def test_what_cannot_be_read_ends_with_2_and_a_sentence(tmp_path, change):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 1))
    wanted = {"--playbook": POINTS, "--facts": facts, "--period": "2026", **change}

    done = run(*(part for pair in wanted.items() for part in pair))

    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()[-1]) > 5


def test_a_playbook_with_mistakes_names_line_and_path(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(POINTS.read_text(encoding="utf-8").replace("kind: sum", "kind: summ", 1), encoding="utf-8")
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 1))

    done = run("--playbook", wrong, "--facts", facts, "--period", "2026")

    assert done.exit_code == 2
    assert f"{wrong}:" in done.stderr


def test_bad_lines_are_named_and_nothing_is_scored(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 1), {"kind": "study.group", "occurred_at": "昨天"})

    done = run("--playbook", POINTS, "--facts", facts, "--period", "2026", "--json")

    assert done.exit_code == 2
    assert json.loads(done.stdout)["code"] == "unreadable"
    assert "facts.jsonl:2" in done.stderr


def test_out_writes_the_workbook(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 3))

    done = run("--playbook", POINTS, "--facts", facts, "--period", "2026", "--out", tmp_path / "out.xlsx")

    page = load_workbook(tmp_path / "out.xlsx")["考评结果"]
    assert done.exit_code == 0
    assert [page["B5"].value, page["E5"].value] == ["张", 6]


def test_the_command_needs_neither_django_nor_a_database(tmp_path):
    facts = lines_of(tmp_path / "facts.jsonl", *studies("张", 1))
    arguments = ["score", "run", "--playbook", str(POINTS), "--facts", str(facts), "--period", "2026", "--json"]
    program = (
        "import sys\n"
        "from ronghe.cli.main import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit as ended:\n"
        "    code = ended.code\n"
        "from django.apps import apps\n"
        "print('ready' if apps.ready else 'not ready', file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    home = tmp_path / "home"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False,
        env={**os.environ, "RONGHE_HOME": str(home)},
    )  # fmt: skip

    assert (ended.returncode, ended.stderr.strip().splitlines()[-1]) == (0, "not ready")
    assert not home.exists()
