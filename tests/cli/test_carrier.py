"""`ronghe carrier` and `ronghe carrier call`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.carrier import PromiseUnreadable, RecordUnreadable
from ronghe.cli.main import cli
from ronghe.domain.carriers.enums import CarrierType
from ronghe.domain.carriers.models import CallUp, Carrier, Shift
from ronghe.domain.carriers.services.calling import NoTeam
from ronghe.domain.carriers.services.promises import Promised, RecordUnseen
from ronghe.domain.carriers.services.proposing import CarrierText, approve_carrier, propose_carrier
from ronghe.domain.carriers.services.running import ResultGone
from ronghe.domain.pools.models import Booking
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.carriers import make_carrier, make_story, with_shifts
from tests.factories.org import make_account
from tests.factories.pools import NOW, make_pool
from tests.factories.rhythm import photo
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db
PROMISE = "三十分钟到现场|以集结记录为准|2026-10-14|at_most:30:分钟"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_story(morning, with_teams=False)
    people = {"captain": story.captain, "secretary": story.secretary, "proposer": story.proposer, "hse": story.hse,
              "hand": story.members[1], "outsider": story.outsider, "next": story.next_captain}  # fmt: skip
    for login, person in people.items():
        make_account(person, login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_carrier_from_the_proposal_to_the_end(story, tmp_path):
    given = ["commando_team", "南八党支部", "南八突击队", "韩雪松", "--field", "task=抢险", "--member", "队员1", "--member", "队员2",
             "--deputy", "队员3", "--promise", PROMISE, "--place", "院内"]  # fmt: skip
    number = told("--as", "proposer", "carrier", "propose", *given)["id"]
    with pytest.raises(NotAllowed):
        run("--as", "proposer", "carrier", "act", number, "approve")
    with pytest.raises(NotFound):
        run("--as", "outsider", "carrier", "show", number)
    run("--as", "secretary", "carrier", "return", number, "--reason", "补一项承诺")
    run("--as", "proposer", "carrier", "promise", number, "夜巡不断|看记录|2026-10-01")
    more = told("--as", "proposer", "carrier", "promise", number, "多写的一项|看记录|2026-10-01")["item"]
    with pytest.raises(NotFound):
        run("--as", "proposer", "carrier", "drop-promise", number, 999_999)
    left = told("--as", "proposer", "carrier", "drop-promise", number, more)["promises"]
    assert [(one["item"], one["state"]) for one in left if one["state"] != "draft"] == [(more, "waived")]
    assert told("--as", "proposer", "carrier", "amend", number, "--name", "南八抢险队")["name"] == "南八抢险队"
    assert (Carrier.objects.get().place, Carrier.objects.get().values["task"]) == ("院内", "抢险")
    assert told("--as", "proposer", "carrier", "act", number, "submit")["state"] == "proposed"
    assert "创建中" in run("--as", "secretary", "carrier", "act", number, "approve")
    first = told("--as", "captain", "carrier", "show", number)["promises"][0]["item"]
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo().content.read())
    said = ("--note", "都到了", "--actual", "28")
    with pytest.raises(RecordUnreadable):
        run("--as", "captain", "carrier", "report", first, *said, "--record", "任务五")
    with pytest.raises(RecordUnseen):
        run("--as", "captain", "carrier", "report", first, *said, "--record", "work.task:999")
    assert told("--as", "captain", "carrier", "report", first, *said, "--photo", picture)["state"] == "reported"
    assert "已评为兑现" in run("--as", "secretary", "item", "step", first, "keep")
    assert "三十分钟到现场" in run("--as", "outsider", "carrier", "board")
    assert told("--as", "captain", "carrier", "member", number, "焊工老刘", "--duty", "焊接")["kept"] == 1
    run("--as", "captain", "carrier", "member", number, "焊工老刘", "--leave")
    run("--as", "captain", "carrier", "result", number, "提前投产", "--figure", "3", "--unit", "天")
    result = Carrier.objects.get().results.get().pk
    assert told("--as", "captain", "carrier", "take-back-result", number, result)["is_taken_back"]
    with pytest.raises(ResultGone):
        run("--as", "captain", "carrier", "take-back-result", number, result)
    assert told("--as", "secretary", "carrier", "review", number, "good", "叫得应")["still_open"] == 1
    assert sum(one["promises"] for one in told("--as", "secretary", "carrier", "people")) == 1
    assert told("--as", "captain", "carrier", "list", "--mine", "--type", "commando_team")[0]["id"] == number
    run("--as", "secretary", "carrier", "renew", number, "2028-01-01")
    for suffix in ("pdf", "docx"):
        run("--as", "outsider", "carrier", "print", number, tmp_path / f"牌.{suffix}")
    assert (tmp_path / "牌.pdf").read_bytes().startswith(b"%PDF")
    second = told("--as", "captain", "carrier", "show", number)["promises"][1]["item"]
    run("--as", "secretary", "item", "step", second, "waive", "--note", "取消")
    run("--as", "secretary", "carrier", "end", number, "done", "--note", "完成")
    assert Carrier.objects.get().state == "ended"
    with pytest.raises(PromiseUnreadable):
        run("--as", "proposer", "carrier", "promise", number, "只有一句")


def test_a_call_up_from_the_first_word_to_the_report(story, morning, monkeypatch, tmp_path):
    team = make_carrier(story, morning)
    with pytest.raises(NoTeam):
        run("--as", "captain", "carrier", "call", "up", "x", "flood", "大堤")
    number = told("--as", "captain", "carrier", "call", "up", team.pk, "flood", "大堤", "--rally", "泵房", "--at",
                  "2026-09-14 08:10")["id"]  # fmt: skip
    call = ("carrier", "call")
    assert "大堤" in run("--as", "hand", *call, "list")
    run("--as", "hand", *call, "answer", number, "coming")
    assert told("--as", "hand", *call, "answer", number, "here")["answer"] == "arrived"
    run("--as", "hand", *call, "answer", number, "not-here")
    run("--as", "captain", *call, "answer", number, "cannot", "--for", "队员3", "--reason", "外地")
    with pytest.raises(NotFound):
        run("--as", "outsider", *call, "answer", number, "here")
    for who in ("队员1", "队员2", "队员3"):
        run("--as", "captain", *call, "answer", number, "here", "--for", who)
    run("--as", "captain", *call, "answer", number, "here")
    first, _second = told("--as", "captain", *call, "shifts", number, "--hours", "12", "--count", "2")
    who = first["people"][1]
    for option in ("--away", "--back", "--off"):
        run("--as", "captain", *call, "on", number, first["id"], who, option)
    run("--as", "captain", *call, "on", number, first["id"], who)
    line = told("--as", "hand", *call, "log", number, "水位 3.2")["id"]
    run("--as", "hand", *call, "log", number, "应为 2.3", "--corrects", line)
    need = told("--as", "hand", *call, "need", number, "supplies", "沙袋", "--quantity", "200")["id"]
    assert told("--as", "captain", *call, "settle", number, need, "--how", "送到")["state"] == "met"
    run("--as", "captain", *call, "settle", number, need, "--reopen")
    assert told("--as", "captain", *call, "settle", number, need, "--drop", "--how", "不用了")["state"] == "dropped"
    run("--as", "captain", *call, "command", number, "队员1")
    assert "沙袋" in run("--as", "captain", *call, "show", number)

    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(hours=12, minutes=6))
    run("--as", "captain", *call, "hand-over", number, first["id"], "--note", "水退了")
    run("--as", "secretary", *call, "take-over", number, first["id"])
    span = ("2026-09-14 08:00", "2026-09-14 19:45")
    fixed = told("--as", "secretary", *call, "correct", number, first["id"], who, *span, "--reason", "八点才到")
    assert fixed["hours"] == "11.75"
    ended = told("--as", "captain", *call, "down", number, "加固 320 米", "--saved", "管线", "--yuan", "420000")
    assert (ended["people"], ended["hours"]) == (4, "24.25")
    run("--as", "captain", *call, "resume", number)
    run("--as", "captain", *call, "down", number, "加固 320 米")
    run("--as", "hse", *call, "verify", number, "--wrong", "人数不对")
    run("--as", "captain", *call, "down", number, "加固 300 米")
    assert "已核实" in run("--as", "hse", *call, "verify", number)
    run("--as", "hse", *call, "print", number, tmp_path / "报告.docx")
    assert (tmp_path / "报告.docx").read_bytes().startswith(b"PK")


def test_a_neighbour_answers_and_a_false_alarm_is_called_off(morning, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_story(morning)
    for login, person in {"captain": story.captain, "next": story.next_captain}.items():
        make_account(person, login)
    call = ("carrier", "call")
    number = told("--as", "captain", *call, "up", story.team.pk, "rescue", "3 号井")["id"]
    assert told("--as", "captain", *call, "team", number, story.next_team.pk)["state"] == "asked"
    run("--as", "next", *call, "reply", number, story.next_team.pk, "--refuse", "检修")
    run("--as", "captain", *call, "team", number, story.next_team.pk)
    assert told("--as", "next", *call, "reply", number, story.next_team.pk)["state"] == "called"
    run("--as", "next", *call, "off", number, "--reason", "误报")
    assert CallUp.objects.get().state == "called_off"


def test_a_need_is_met_out_of_the_shared_pool(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    pool = make_pool()
    zone = pool.zone
    values = {"task": "险情时第一批上"}
    text = CarrierText(
        "1 区突击队", NOW.date(), NOW.date() + timedelta(days=90), zone.members[0], values=values, zone=zone.zone
    )
    team = propose_carrier(
        type_=CarrierType.COMMANDO_TEAM, text=text, body=zone.body,
        people=[(person, part, "") for person, part in ((zone.members[1], "deputy"), (zone.members[2], "member"))],
        promises=[Promised("三十分钟到现场", "看记录", NOW.date() + timedelta(days=30))], actor=zone.members[0], at=NOW,
    )  # fmt: skip
    approve_carrier(carrier=team, actor=zone.lead, at=NOW)
    shell = Shell(zone.members[0], "carrier call")
    number = shell.told("up", team.pk, "rescue", "3 号井")["id"]
    need = shell.told("need", number, "equipment", "休息板房")["id"]
    with pytest.raises(NotFound):
        shell.run("book", number, need, 999_999, "--until", "2026-09-14 12:00")

    assert (
        shell.told("book", number, need, pool.item.pk, "--from", "2026-09-14 09:00", "--until", "2026-09-14 12:00")[
            "state"
        ]
        == "met"
    )
    assert Booking.objects.get().item == pool.item


def test_a_shift_is_moved_and_struck(story, morning):
    story.team = make_carrier(story, morning)
    call, (_first, second) = with_shifts(story, morning), story.shifts
    shell = Shell(story.captain, "carrier call")
    moved = shell.told("move", call.pk, second.pk, "2026-09-14 20:00", "2026-09-15 06:00")
    assert Shift.objects.get(pk=second.pk).ends_at.isoformat() == "2026-09-14T22:00:00+00:00"
    assert len(moved) == 2
    assert [one["id"] for one in shell.told("drop", call.pk, second.pk)] == [story.shifts[0].pk]
