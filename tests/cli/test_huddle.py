from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.documents import NotSummedUp
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.services.codes import member_card, sign_in_code
from ronghe.domain.work.models import Task
from ronghe.kernel.errors import DomainError
from tests.factories.org import make_account, make_person, make_post
from tests.factories.rhythm import make_huddle, make_zone, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    story = make_zone()
    make_account(story.lead, "liulp")
    for number, person in enumerate(story.members):
        make_account(person, f"member{number}")
    return story


def run(*arguments):
    """Run a command and return what it printed; a refusal comes back as the error that `main` turns into an exit."""
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_whole_morning_and_evening_from_the_command_line(story, tmp_path):
    first, second, third = story.members
    number = told("--as", "liulp", "huddle", "open", "--body", story.body.name)["id"]
    code = told("--as", "liulp", "huddle", "code", number)["code"]

    signed = told("--as", "member0", "huddle", "sign", "--code", code)
    carded = told("--as", "liulp", "huddle", "sign", number, "--card", member_card(second))
    ticked = told("--as", "liulp", "huddle", "tick", number, third.name)
    run("--as", "liulp", "huddle", "leave", number, story.lead.name, "--kind", "training", "--reason", "学习")
    item = told("--as", "liulp", "huddle", "agenda", number, "--topic", "3号沟积水", "--person", first.name,
                "--due", "2099-09-14 17:00")  # fmt: skip
    closed = told("--as", "liulp", "huddle", "close", number)

    assert [row[0]["counts_as_signature"] for row in (signed, carded, ticked)] == [True, True, False]
    assert ticked[0]["recorded_by"] == "刘丽萍"
    assert closed["tally"] == {"expected": 4, "present": 3, "signed": 2, "on_leave": 1, "absent": 0, "guests": 0}
    assert Task.objects.get().due_at.isoformat() == "2099-09-14T09:00:00+00:00"
    record = told("--as", "member0", "huddle", "show", number)
    assert [row["person"] for row in record["attended"]] == [first.name, second.name, third.name]
    assert record["away"] == [{"person": "刘丽萍", "leave": "training", "reason": "学习"}]

    (tmp_path / "现场.jpg").write_bytes(photo().content.read())
    done = told("--as", "member0", "task", "submit", item["task"], "--photo", tmp_path / "现场.jpg")
    returned = told("--as", "liulp", "task", "return", item["task"], "--reason", "看不清")
    told("--as", "member0", "task", "submit", item["task"], "--note", "重拍")
    accepted = told("--as", "liulp", "task", "accept", item["task"])

    assert [row["name"] for row in done["evidence"]] == ["现场.jpg"]
    assert (returned["settling_note"], accepted["state"], accepted["round"]) == ("看不清", "accepted", 2)


def test_words_for_people_say_what_happened(story):
    number = make_huddle(story, timezone.now()).pk

    ticked = run("--as", "liulp", "huddle", "tick", number, story.members[0].name)
    closed = run("--as", "liulp", "huddle", "close", number)
    corrected = run("--as", "liulp", "huddle", "correct", number, "--text", "漏记", "--kind", "came", "--person",
                    story.members[1].name)  # fmt: skip

    assert ticked == f"{story.members[0].name}  负责人代为勾选  经手：刘丽萍\n"
    assert closed == "早碰头已结束：应到 4，实到 1，其中本人签到 0，列席 0。\n"
    assert corrected == "已追加更正。\n"
    shown = run("--as", "liulp", "huddle", "show", number)
    assert "应到 4，实到 1，请假 0，缺席 3，列席 0。" in shown
    assert "更正：漏记（刘丽萍）" in shown
    assert "早碰头  已结束" in run("--as", "liulp", "huddle", "list")


def test_lists_are_cut_to_what_the_account_sees(story):
    make_huddle(story, timezone.now())
    make_account(make_person("赵六"), "zhaol")

    assert [row["came"] for row in told("--as", "liulp", "huddle", "list")["items"]] == [0]
    assert told("--as", "zhaol", "huddle", "list")["items"] == []
    assert told("--as", "zhaol", "task", "list", "--mine")["items"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("huddle", "open", "--body", "没有这个"), "no_such_body"),
        (("huddle", "tick", "HUDDLE", "没有这人"), "nobody_called"),
        (("huddle", "tick", "HUDDLE", "同名"), "several_called"),
        (("huddle", "close", "HUDDLE"), "nobody_came"),
        (("huddle", "close", "99999"), "not_found"),
        (("huddle", "sign", "--code", "x"), "code_refused"),
        (("huddle", "agenda", "HUDDLE", "--topic", "x", "--person", "刘丽萍", "--due", "明天"), "moment_unreadable"),
        (("huddle", "agenda", "HUDDLE", "--topic", "x", "--person", "刘丽萍"), "task_incomplete"),
        (("task", "accept", "99999"), "not_found"),
    ],
)
def test_refusals_are_the_same_as_everywhere(story, arguments, code):
    for _ in range(2):
        make_person("同名", participates_in=story.body)
    number = make_huddle(story, timezone.now()).pk

    with pytest.raises(DomainError) as refused:
        run("--as", "liulp", *[number if argument == "HUDDLE" else argument for argument in arguments])

    assert refused.value.code == code
    assert Attendance.objects.count() == 0


def test_staff_number_tells_people_of_one_name_apart(story):
    make_person("同名", participates_in=story.body)
    wanted = make_person("同名", participates_in=story.body)
    type(wanted).objects.filter(pk=wanted.pk).update(staff_number="004217")
    number = make_huddle(story, timezone.now()).pk

    run("--as", "liulp", "huddle", "tick", number, "004217")

    assert Attendance.objects.get().person == wanted


def test_sign_wants_exactly_one_way(story):
    code = sign_in_code(make_huddle(story, timezone.now()), at=timezone.now())

    for arguments in ([], ["--code", code, "--card", "x"], ["--card", "x"]):
        done = CliRunner().invoke(cli, ["--as", "liulp", "huddle", "sign", *arguments])
        assert done.exit_code == 2
    assert Activity.objects.get().attendances.count() == 0


@pytest.mark.parametrize("group", ["huddle", "task"])
def test_help_shows_examples(group):
    shown = run(group, "--help")

    assert f"ronghe --as liulp {group}" in shown
    assert "退出码" in shown


@pytest.mark.parametrize(("name", "begins"), [("早碰头.pdf", b"%PDF"), ("早碰头.docx", b"PK")])
def test_print_keeps_the_record_as_an_official_document(story, tmp_path, name, begins):
    number = make_huddle(story, timezone.now()).pk

    said = run("--as", "liulp", "huddle", "print", number, tmp_path / name)

    assert said == f"已存到 {tmp_path / name}。\n"
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_print_makes_no_red_headed_summary_of_a_huddle(story, tmp_path):
    number = make_huddle(story, timezone.now()).pk

    with pytest.raises(NotSummedUp):
        run("--as", "liulp", "huddle", "print", number, tmp_path / "纪要.pdf", "--summary", "甲〔2026〕1号")

    assert not (tmp_path / "纪要.pdf").exists()


def test_the_clerk_plans_from_the_command_line_and_names_the_chair(story):
    make_account(story.clerk, "zhouyl")
    deputy = make_person("马会军")
    make_post(deputy, PostRole.DEPUTY_SECRETARY, body=story.committee)
    planned = told("--as", "zhouyl", "huddle", "plan", "--body", story.committee.name, "--type",
                   "party_committee_meeting", "--from", "2099-09-14 15:00", "--until", "2099-09-14 16:00")  # fmt: skip

    assert "由马会军主持。" in run("--as", "zhouyl", "huddle", "chair", planned["id"], "马会军")
    assert Activity.objects.get().chair == deputy
