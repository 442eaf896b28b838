"""`ronghe permit` and `ronghe permit site`: the same acts as the API, as JSON and as text."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.cli.permit import PermitFileUnfit, ReadingUnreadable
from ronghe.cli.permit_site import NumberUnreadable
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.services.codes import NotOnSite
from ronghe.domain.permits.services.handing import NoExtension
from ronghe.domain.permits.services.requesting import NotToReplace
from ronghe.domain.permits.services.watching import ActivityClashes
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.permits import active, make_story
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_story(morning)


def shell(person):
    return Shell(person, "permit")


def write(tmp_path, given):
    path = tmp_path / "票.json"
    path.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    return path


def test_hot_work_on_the_command_line(story, morning, tmp_path):
    applicant, leader, guardian = shell(story.applicant), shell(story.leader), shell(story.guardian)
    host = shell(story.offices["host"])
    given = {
        "site": story.site.pk, "operation": "hot_work", "what": "碰头", "place": "泵房", "area": "A1",
        "starts_at": "2026-09-14 07:40", "ends_at": "2026-09-14 15:00", "values": {"location": "other"}, "x_m": 100, "y_m": 80,
        "contractor": "油建二公司",
        "parts": [{"role": one.role.value, "person": one.person.name, "card": one.card} for one in story.parts],
        "risks": [{"hazard": "火花", "measure": "看火"}], "isolations": [{"point": "出口阀", "method": "上锁"}],
    }  # fmt: skip
    with pytest.raises(PermitFileUnfit):
        applicant.run("request", "--file", write(tmp_path, []))
    number = applicant.told("request", "--file", write(tmp_path, given))["id"]
    changed = applicant.told(
        "change", number, "--file", write(tmp_path, {"risks": [{"hazard": "火花", "measure": "专人看火"}]})
    )
    assert changed["may_sign_as"] == []
    with pytest.raises(NotFound):
        shell(story.outsider).run("show", number)
    leader.run("sign", number, "risk_builder")
    host.run("sign", number, "risk_host")
    assert "待现场核查" in applicant.run("act", number, "submit")
    with pytest.raises(NotOnSite):
        host.run("sign", number, "verifier")
    host.run("sign", number, "verifier", "--code", story.site.code)
    shell(story.offices["base_unit"]).run("sign", number, "approver", "--code", story.site.code)
    shell(story.briefer).run("sign", number, "briefer")
    leader.run("sign", number, "briefed")
    guardian.run("sign", number, "guardian", "--code", story.site.code)
    whole = shell(story.offices["shift_leader"]).told("sign", number, "checker", "--code", story.site.code)
    for row in whole["measures"]:
        leader.run("measure", number, row["id"], "done")
    isolation = whole["isolations"][0]["id"]
    leader.run("isolation", number, isolation, "place", "--lock", "L-1")
    leader.run("act", number, "film")
    tester = shell(story.tester)
    with pytest.raises(ReadingUnreadable):
        tester.run("gas", number, "--place", "管口", "--read", "methane")
    assert "合格" in tester.run(
        "gas", number, "--place", "管口", "--read", "methane=2:%LEL", "--taken", "2026-09-14 07:35"
    )
    assert leader.told("act", number, "activate")["state"] == "active"
    assert "1 张" in leader.run("list", "--live", "--mine")
    guardian.run("guardian", number, "away")
    guardian.run("guardian", number, "here", "--code", story.site.code)
    leader.run("act", number, "resume")
    said = ("--note", "正常", "--card", "JH-9")
    dropped = guardian.told("hand", number, "guardian", "接班监护", *said)["id"]
    guardian.run("take", number, dropped, "--drop")
    offered = guardian.told("hand", number, "guardian", "接班监护", *said)["id"]
    shell(story.relief).run("take", number, offered, "--code", story.site.code)
    with pytest.raises(NoExtension):
        host.run("extend", number, "2026-09-14 18:00", "--code", story.site.code)
    assert shell(story.welder).told("stop", number, "danger", "--note", "漏")["stop_reason"] == "danger"
    leader.run("close", number, "complete", "--note", "焊完")
    leader.run("isolation", number, isolation, "remove")
    host.run("sign", number, "acceptor", "--code", story.site.code)
    paper = tmp_path / "票.docx"
    leader.run("print", number, paper)
    assert paper.stat().st_size > 5_000
    assert "已验收" in leader.run("show", number)
    again = applicant.told("reissue", number, "2026-09-15 08:00", "2026-09-15 12:00")["id"]
    with pytest.raises(NotToReplace):
        applicant.run("reissue", again, "2026-09-15 08:00", "2026-09-15 12:00")
    assert host.told("coordinator", again, "coordinator")["state"] == "draft"
    assert host.told("conflicts", again) == []
    applicant.run("close", again, "cancel", "--note", "不干了")
    assert Permit.objects.get(pk=again).state == "cancelled"


def test_a_site_on_the_command_line(story, morning):
    keeper, host = shell(story.keeper), shell(story.offices["host"])
    number = keeper.told("site", "make", "喇I-1联合站共建党支部", "喇II", "cnpc")["id"]
    assert "喇II" in host.run("site", "list")
    with pytest.raises(NotAllowed):
        host.run("site", "code", number)
    before = keeper.told("site", "code", number)["code"]
    assert keeper.told("site", "code", number, "--renew")["code"] != before
    office = keeper.told("site", "appoint", number, "host", "焊工老马")["id"]
    keeper.run("site", "relieve", number, office)
    keeper.run("site", "number", number, "extension.most_h", "6", "--source", "厂规")
    assert "未核实" in host.run("site", "show", number)
    keeper.run("site", "number", number, "extension.most_h", "-", "--source", "厂规")
    with pytest.raises(NumberUnreadable):
        keeper.run("site", "number", number, "extension.most_h", "viel", "--source", "厂规")
    keeper.run("site", "baseline", number, "start", "24", "--source", "台账")
    assert host.told("site", "clocks") == []
    assert host.told("site", "clock", number)["kinds"][1]["baseline_h"] == "24.00"
    hot = active(story, morning)
    site = story.site.pk
    assert "中止了 1 项" in host.run("site", "wind", site, 5)
    alarm = host.told("site", "alarm", site, "可燃气体报警", "--area", "A1")["id"]
    host.run("site", "clear", site, alarm)
    later = f"{morning + timedelta(hours=1):%Y-%m-%d %H:%M}"
    vent = (
        "site",
        "activity",
        site,
        "vent_gas",
        "放空",
        "2026-09-14 07:40",
        later,
        "--area",
        "A1",
        "--at",
        "110",
        "80",
    )
    with pytest.raises(ActivityClashes, match=hot.number):
        host.run(*vent)
    made = host.told(*vent, "--happening")["id"]
    assert [row["id"] for row in host.told("site", "show", site)["activities"]] == [made]
    host.run("site", "end-activity", site, made)
