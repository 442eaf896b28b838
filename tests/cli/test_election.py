from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.elections.models import BallotRound, Candidate, Election, Term
from ronghe.domain.elections.services.results import QuorumMissed
from ronghe.domain.org.models import PostHolding
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.elections import make_branch, make_election, make_term, reported_election
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    branch = make_branch()
    for login, person in (("shenq", branch.clerk), ("gaoy", branch.secretary), ("zhej", branch.members[2]),
                          ("tuoxh", branch.stranger)):  # fmt: skip
        make_account(person, login)
    return branch


def run(*arguments, who="gaoy"):
    return CliRunner().invoke(cli, ["--as", who, "election", *map(str, arguments)])


def told(*arguments, who="gaoy"):
    done = run(*arguments, "--json", who=who)
    assert done.exit_code == 0, done.output + repr(done.exception)
    return json.loads(done.output)


def test_a_whole_election_on_the_command_line(branch):
    started = told("start", "--body", branch.body.name, "--on", "2026-09-14", "--seats", 3, "--heads", 1)
    number = started["id"]
    for name in ("高远", "罗一鸣", "折静", "陶然"):
        told("candidate", number, name, "--role", "committee_member")
    told("candidate", number, "罗一鸣", "--role", "secretary")
    told("approve", number, "--ref", "采五党组〔2026〕7号", who="shenq")
    cast = [part for text in ("高远=8/1", "罗一鸣=7/2/0", "折静=6", "陶然=2/7") for part in ("--votes", text)]
    counted = told("count", number, "--role", "committee_member", "--on", "2026-09-14", "--present", 9, *cast)
    told("count", number, "--role", "secretary", "--present", 3, "--votes", "罗一鸣=3")
    told("report", number)
    filed = told("file", number, "--ref", "采五党组〔2026〕9号", who="shenq")

    assert [one["is_elected"] for one in counted["contests"][0]["candidates"]] == [True, True, True, False]
    assert (filed["state"], Term.objects.get().number) == ("filed", 1)
    shown = run("show", number).output
    assert "罗一鸣  3/0/0  当选" in shown
    assert run("list").output.splitlines()[-1] == "共 1 件，第 1 页，共 1 页。"
    assert told("list", "--state", "preparing")["count"] == 0


def test_terms_are_recorded_listed_and_extended(branch):
    kept = told("record", "--body", branch.body.pk, "--number", 2, "--from", "2023-10-12")
    assert kept["ends_on"] == "2026-10-12"
    assert [row["due"] for row in told("terms")] == ["one_month"]
    assert "1 个月内届满" in run("terms").output

    moved = told(
        "extend", "--body", branch.body.pk, "--until", "2027-03-01", "--ref", "批", "--reason", "投产", who="shenq"
    )

    assert moved["ends_on"] == "2027-03-01"
    assert isinstance(run("extend", "--body", branch.body.pk, "--until", "2027-04-01", "--ref", "x", "--reason", "x").exception,
                      NotAllowed)  # fmt: skip


def test_refusals_are_told_and_change_nothing(branch, morning):
    election = reported_election(branch, morning)

    assert isinstance(run("file", election.pk, "--ref", "x").exception, NotAllowed)
    assert isinstance(run("show", election.pk, who="tuoxh").exception, NotFound)
    assert run("show", election.pk, who="zhej").exit_code == 0
    told("return", election.pk, "--reason", "缺签名", who="shenq")
    told("count", election.pk, "--role", "secretary", "--withdraw")
    told("count", election.pk, "--role", "committee_member", "--withdraw")
    few = run("count", election.pk, "--role", "committee_member", "--present", 7, "--votes", "高远=7")
    assert isinstance(few.exception, QuorumMissed)
    for text in ("高远", "高远=x", "高远=1/2/3/4", "无此人=3"):
        wrong = run("count", election.pk, "--role", "committee_member", "--present", 9, "--votes", text)
        assert wrong.exception.code == "votes_unreadable"
    assert run("count", election.pk, "--role", "committee_member").exit_code == 2
    assert run("count", election.pk, "--role", "nobody", "--present", 9).exception.code == "no_such_role"
    assert not BallotRound.objects.exists()


def test_a_candidate_is_taken_off_and_an_election_cancelled(branch, morning):
    election = make_election(branch, morning)
    told("candidate", election.pk, "折静", "--role", "committee_member", "--nominated", "--duty", "org_member")
    told("candidate", election.pk, "折静", "--role", "committee_member", "--withdraw")

    assert told("cancel", election.pk, "--reason", "改期")["state"] == "cancelled"
    assert not Candidate.objects.exists()


def test_a_leader_is_designated(branch, morning):
    PostHolding.objects.filter(role="secretary", body=branch.body).update(valid_until=morning.date())

    done = run(
        "designate", "--body", branch.body.pk, "罗一鸣", "--from", "2026-09-14", "--ref", "批", "--acting", who="shenq"
    )

    assert (done.exit_code, done.output) == (0, "罗一鸣已任书记。\n")


def test_papers_are_written(branch, morning, tmp_path):
    make_term(branch, morning)
    election = reported_election(branch, morning)

    assert run("print", election.pk, tmp_path / "结果.docx").exit_code == 0
    assert run("print", election.pk, tmp_path / "请示.pdf", "--request").exit_code == 0
    assert (tmp_path / "请示.pdf").read_bytes().startswith(b"%PDF")
    assert run("print", election.pk, tmp_path / "结果.txt").exit_code == 2
    assert Election.objects.get().state == "reported"
