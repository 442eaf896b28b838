"""Members from the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from ronghe.cli.main import cli
from ronghe.domain.org.models import Membership
from ronghe.domain.org.services.statuses import StatusUnchanged
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.domain.members.making import make_branch
from tests.factories.org import make_account, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    story = make_branch()
    for login in ("clerk", "secretary", "member", "stranger"):
        make_account(getattr(story, login), login)
    return story


def run(login, *arguments):
    done = CliRunner().invoke(cli, ["--as", login, "person", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def told(login, *arguments):
    return json.loads(run(login, *arguments, "--json").output)


def test_a_status_and_a_bar_from_the_command_line(field):
    assert told("secretary", "status", "李群", "02", "--since", "2026-03-01") == {
        "political_status": "02", "since": "2026-03-01",
    }  # fmt: skip
    with pytest.raises(StatusUnchanged):
        run("secretary", "status", "李群", "02")
    assert run("secretary", "status", "李群", "99").exit_code == 2
    bar = told("secretary", "bar", "王新", "--reason", "detained", "--decision", "纪3号", "--since", "2026-03-01")
    assert told("secretary", "show", "王新", "--day", "2026-03-02")["may_vote"] is False
    assert told("member", "show", "王新")["may_vote"] is None
    with pytest.raises(NotFound):
        run("member", "unbar", bar["id"])
    assert told("secretary", "unbar", bar["id"], "--until", "2026-04-01")["until"] == "2026-04-01"


def test_people_are_listed_moved_and_grouped(field):
    assert told("clerk", "join", "王新", "北区党支部", "--since", "2026-03-01")["body"] == "北区党支部"
    assert (
        told("clerk", "join", "王新", "南区党支部", "--group", "第一小组", "--since", "2026-04-01")["group"]
        == "第一小组"
    )
    assert told("secretary", "group", "王新", "第二小组", "--since", "2026-05-01")["group"] == "第二小组"
    assert (
        told("clerk", "join", "王新", "共建党支部", "--take-part", "--since", "2026-05-01")["kind"] == "participation"
    )
    assert told("clerk", "leave", "王新", "共建党支部", "--until", "2026-06-01")["valid_until"] == "2026-06-01"
    with pytest.raises(NotFound):
        run("clerk", "leave", "王新", "共建党支部")
    with pytest.raises(NotAllowed):
        run("member", "group", "王新")
    assert [row["name"] for row in told("clerk", "list", "--body", "南区党支部")["items"]] == ["张书记", "王新"]
    assert "王新" in run("clerk", "list", "--q", "wx").output


def test_po_13_the_unplaced_come_with_the_command_that_helps(field):
    make_person("新来的", unit=field.unit)

    acts = {row["name"]: row["act"] for row in told("clerk", "unplaced")}

    assert acts["新来的"] == "ronghe person join 新来的 党支部"
    assert acts["王新"] == "ronghe person group 王新 党小组"
    assert "新来的" in run("clerk", "unplaced").output


def test_trades_and_broad_names(field, tmp_path):
    claimed = told("member", "skill", "add", "王新", "电工", "--grade", "高级工")
    assert claimed["state"] == "claimed"
    assert told("secretary", "skill", "settle", claimed["id"], "confirm")["state"] == "confirmed"
    book = Workbook()
    book.active.append(["姓名", "工种"])
    book.active.append(["李群", "焊工"])
    book.save(tmp_path / "t.xlsx")
    assert told("secretary", "skill", "import", tmp_path / "t.xlsx")["added"] == 1
    assert told("secretary", "broad", "set", "南区", "trade", "电工", "电仪") == {"old": "电工", "broad": "电仪"}
    assert told("secretary", "broad", "list", "南区") == {"posts": {}, "trades": {"电工": "电仪"}}
    book.active.append(["x"])
    book.active.delete_rows(1, 9)
    book.active.append(["类别", "原名称", "归入"])
    book.active.append(["岗位", "巡检岗", "运维岗"])
    book.save(tmp_path / "b.xlsx")
    assert told("secretary", "broad", "import", "南区", tmp_path / "b.xlsx") == {"entries": 1}
    with pytest.raises(NotFound):
        run("secretary", "broad", "list", "没有这个单位")


def test_mentors_corrections_and_the_card(field):
    pair = told("secretary", "mentor", "add", "王新", "李群", "--topic", "联调", "--since", "2026-01-01")
    assert told("secretary", "mentor", "end", pair["id"], "--until", "2026-02-01")["until"] == "2026-02-01"
    with pytest.raises(NotFound):
        run("stranger", "mentor", "end", pair["id"])
    asked = told("member", "correct", "ask", "education", "本科", "--reason", "毕业")
    assert [row["new"] for row in told("secretary", "correct", "list")] == ["本科"]
    assert "本科" in run("secretary", "correct", "list").output
    assert told("secretary", "correct", "settle", asked["id"], "accept")["state"] == "accepted"
    again = told("member", "correct", "ask", "trade", "电工")
    assert told("secretary", "correct", "settle", again["id"], "refuse", "--reason", "不属实")["state"] == "refused"
    with pytest.raises(NotFound):
        run("stranger", "correct", "settle", again["id"], "accept")
    assert run("member", "correct", "ask", "token", "1").exit_code == 2
    assert told("member", "card", "show") == {"shown": True}
    assert told("member", "card", "hide") == {"shown": False}


def test_people_are_placed_together_after_a_try(field):
    given = (field.other.name, "王新", "--since", "2026-03-01")
    assert [line["person"] for line in told("clerk", "place", *given, "--dry-run")] == ["王新"]
    home = Membership.objects.get(person=field.member, valid_until=None)
    assert home.body == field.branch
    made = told("clerk", "place", *given)
    assert (made["body"], made["count"]) == (field.other.name, 1)
    with pytest.raises(NotFound):
        run("member", "unplace", made["id"])
    run("clerk", "unplace", made["id"])
    assert Membership.objects.get(person=field.member, valid_until=None).body == field.branch


def test_a_broad_name_is_dropped(field):
    run("secretary", "broad", "set", "南区", "trade", "电工", "电仪")
    with pytest.raises(NotFound):
        run("member", "broad", "drop", field.unit.pk, "trade", "电工")
    run("secretary", "broad", "drop", field.unit.pk, "trade", "电工")
    assert told("secretary", "broad", "list", "南区")["trades"] == {}
    with pytest.raises(NotFound):
        run("secretary", "broad", "drop", field.unit.pk, "trade", "电工")


def test_pi_09_a_sealed_value_is_shown_and_the_look_recorded(field):
    asked = told("member", "correct", "ask", "phone", "13912345678")
    looks = Look.objects.count()
    assert told("secretary", "correct", "open", asked["id"])["new"] == "13912345678"
    assert Look.objects.count() == looks + 1
    with pytest.raises(NotFound):
        run("stranger", "correct", "open", asked["id"])
    assert Look.objects.count() == looks + 1
