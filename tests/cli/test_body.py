"""`ronghe body`: the tree of a day, acts and units from the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.structure.models import BodyAct
from ronghe.kernel.errors import DomainError
from tests.domain.structure.making import NOW, TODAY, days, fresh, make_field, member, where
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def field(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    made = make_field()
    for name in ("clerk", "secretary", "stranger"):
        make_account(getattr(made, name), name)
    return made


def ronghe(account: str, *arguments: object):
    return CliRunner().invoke(cli, ["--as", account, "body", *(str(argument) for argument in arguments)])


def told(account: str, *arguments: object):
    done = ronghe(account, *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def act(account: str, *arguments: object) -> int:
    return told(account, *arguments, "--grounds", "工作需要", "--on", TODAY)["id"]


def test_the_tree_of_a_day_is_drawn(field):
    assert "南一党支部" in ronghe("clerk", "tree", "--day", days(-3)).stdout
    assert told("clerk", "tree", "--tree", "unit")[0]["name"] == "采油一厂"
    assert told("stranger", "tree")[0]["name"] == "采油二厂党支部"
    assert "PO-01" in ronghe("clerk", "show", field.south.pk).stdout
    assert told("clerk", "show", "南一党支部")["formal"] == 1


def test_acts_are_proposed_and_decided(field):
    luo = member("罗一鸣", field.south)
    number = act("clerk", "found", "注水党支部", "--kind", "branch", "--parent", "东区党总支")
    assert ronghe("clerk", "acts").stdout.count("注水党支部") == 1
    assert [row["id"] for row in told("clerk", "acts", "--waiting")] == [number]
    assert told("clerk", "approve", number, "--ref", "党字1号")["state"] == "carried_out"
    split = act("clerk", "split", "南一党支部", "南三党支部", "--person", "罗一鸣")
    told("clerk", "approve", split, "--ref", "党字2号")
    assert where(luo)[0] == "南三党支部"
    merge = act("clerk", "merge", "注水党支部", "南三党支部", "--name", "注水联合党支部")
    told("clerk", "approve", merge, "--ref", "党字3号")
    assert where(luo)[0] == "注水联合党支部"
    for number in (
        act("clerk", "move", "南一党支部", "--parent", "西区党总支"),
        act("clerk", "convert", "注水联合党支部", "--kind", "joint_branch"),
        act("clerk", "dissolve", "北二党支部"),
    ):
        assert told("clerk", "approve", number, "--ref", "党字4号")["state"] == "carried_out"
    renamed = act("clerk", "rename", "东区党总支", "东部党总支")
    assert told("clerk", "refuse", renamed, "--reason", "不必")["state"] == "refused"
    renamed = act("clerk", "rename", "东区党总支", "东部党总支")
    assert told("clerk", "withdraw", renamed)["state"] == "withdrawn"
    group = act("secretary", "found", "第二党小组", "--kind", "party_group", "--parent", "南一党支部")
    assert told("clerk", "note", group)["state"] == "carried_out"
    assert PartyOrg.objects.filter(valid_until=TODAY).count() == 2


def test_somebody_without_the_right_is_refused(field):
    for arguments in (
        ("rename", field.south.pk, "甲", "--grounds", "x"), ("approve", 1), ("unit", "close", "采油一厂"),
    ):  # fmt: skip
        done = ronghe("stranger", *arguments)
        assert done.exit_code == 1
        assert isinstance(done.exception, DomainError)
    assert BodyAct.objects.count() == 0
    assert ronghe("clerk", "found", "甲", "--kind", "forest", "--parent", "东区党总支", "--grounds", "x").exit_code == 2


def test_units_are_kept(field):
    told("clerk", "unit", "create", "中心站", "--kind", "station", "--parent", "采油一厂", "--since", "2024-01-01")
    told("clerk", "unit", "create", "二矿", "--kind", "unit", "--parent", "采油一厂", "--since", "2024-01-01")
    told("clerk", "unit", "move", "中心站", "--parent", "二矿")
    told("clerk", "unit", "rename", "中心站", "二矿中心站")
    told("clerk", "unit", "mode", "二矿中心站", "--staffing", "attended", "--is-hub", "--since", "2026-01-01")
    station = AdminUnit.objects.get(name="二矿中心站")
    assert ronghe("clerk", "unit", "close", "二矿").exit_code == 1
    assert told("clerk", "unit", "close", "二矿中心站")["valid_until"] == TODAY.isoformat()
    assert fresh(station).valid_until == TODAY
