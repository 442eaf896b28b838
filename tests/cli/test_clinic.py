"""`ronghe clinic`: the same acts from the command line, with the rights of whoever is named."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.clinic.models import Expert, ExpertAway, ExpertHours, Piece, Visit
from ronghe.domain.clinic.selectors.cases import has_news
from ronghe.domain.items.models import WorkItem
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.clinic import ANSWER, TITLE, cared, make_clinic, sits
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    clinic = make_clinic()
    people = {"wang": clinic.worker, "hua": clinic.hua.person, "shao": clinic.shao.person, "chen": clinic.secretary}
    for login, person in people.items():
        make_account(person, login)
    return clinic


def run(who, *arguments):
    done = CliRunner().invoke(cli, ["--as", who, "clinic", *(str(argument) for argument in arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_question_is_asked_answered_and_becomes_knowledge(clinic, tmp_path):
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo().content.read())
    made = json.loads(
        run("wang", "ask", TITLE, "--field", "电力电子", "--text", "报 OC1", "--photo", picture, "--json")
    )
    number = made["id"]
    assert made["state"] == "asked"
    run("hua", "take", number)
    run("hua", "say", number, "负载多大？")
    run("hua", "answer", number, ANSWER)
    assert ANSWER in run("wang", "show", number)
    assert TITLE in run("wang", "list", "--mine")
    assert json.loads(run("wang", "list", "--all", "--json"))["count"] == 1
    run("wang", "again", number, "又跳了")
    run("hua", "answer", number, "换元件")
    run("wang", "confirm", number, 5)
    assert WorkItem.objects.get().state == "closed"
    assert "等提问人同意" in run("hua", "knowledge", "propose", number, "--question", "热态报 OC1")
    piece = Piece.objects.get()
    with pytest.raises(NotFound):
        run("shao", "knowledge", "publish", piece.pk)
    run("wang", "knowledge", "agree", piece.pk)
    run("shao", "knowledge", "return", piece.pk, "写型号")
    run("hua", "knowledge", "rewrite", piece.pk, "--question", "ACS880 报 OC1")
    run("shao", "knowledge", "publish", piece.pk)
    assert TITLE in run("wang", "knowledge", "find", "bpq")
    assert "没有找到" in run("wang", "knowledge", "find", "食堂")
    assert json.loads(run("wang", "knowledge", "find", "--json"))[0]["expert"] == "庞国华"
    run("shao", "knowledge", "helped", piece.pk)
    run("shao", "knowledge", "helped", piece.pk, "--undo")
    run("hua", "knowledge", "outdated", piece.pk, "换型号")
    assert "换型号" in run("wang", "knowledge", "show", piece.pk)
    run("hua", "knowledge", "outdated", piece.pk, "--undo")
    assert "有人问过差不多的" in run("shao", "ask", "变频器启动报过流", "--expert", "庞国华")
    run("wang", "knowledge", "down", piece.pk)
    with pytest.raises(NotFound):
        run("shao", "knowledge", "show", piece.pk)


def test_times_are_booked_moved_and_called_off(clinic):
    sits(clinic.hua)
    assert "2026-09-15 09:00" in run("wang", "slots", "华哥")
    assert "没有空着的时间" in run("wang", "slots", "邵明")
    run("wang", "ask", TITLE, "--expert", "华哥", "--visit", "2026-09-15 09:00")
    item = WorkItem.objects.get()
    run("hua", "book", item.pk, "2026-09-15 10:00")
    assert "2026-09-15 10:00" in run("wang", "visits")
    run("wang", "off", item.pk)
    assert Visit.objects.get().state == "called_off"
    with pytest.raises(NotFound):
        run("hua", "missed", item.pk)
    run("wang", "book", item.pk, "2026-09-15 09:30")
    run("wang", "let-in", item.pk, "邵明")
    run("wang", "address", item.pk, "邵明")
    run("shao", "decline", item.pk, "不归我")
    run("wang", "withdraw", item.pk)


def test_a_visit_is_told_after_it(clinic, monkeypatch):
    sits(clinic.hua)
    run("wang", "ask", TITLE, "--expert", "华哥", "--visit", "2026-09-15 09:00")
    visit = Visit.objects.get()
    monkeypatch.setattr(timezone, "now", lambda: visit.ends_at)
    run("hua", "missed", visit.item_id)
    run("hua", "held", visit.item_id, "晚到了，谈过", "--not-yet")
    assert Visit.objects.get().state == "held"


def test_a_sealed_case_is_not_there_for_others(clinic, morning):
    item = cared(clinic, morning)
    assert "孩子高考" in run("hua", "show", item.pk)
    assert "高考" not in run("wang", "list")
    for other in ("shao", "chen"):
        with pytest.raises(NotFound):
            run(other, "show", item.pk)
    with pytest.raises(NotAllowed):
        run("wang", "let-in", item.pk, "邵明")


def test_experts_and_fields_are_kept(clinic):
    run("chen", "field", "open", "焊接", "--body", clinic.committee.pk)
    run("chen", "field", "rename", "焊接", "铆焊")
    assert "铆焊：0 位专家" in run("wang", "field", "list")
    run("wang", "expert", "apply", "--field", "铆焊")
    applied = Expert.objects.get(state="applied")
    run("chen", "expert", "refuse", applied.pk)
    run("chen", "field", "close", "铆焊")
    person = make_person("乔梁", unit=clinic.committee.unit)
    make_account(person, "qiao")
    run("chen", "expert", "put-up", "乔梁", "--field", "电力电子", "--called", "老乔")
    expert = Expert.objects.get(person=person)
    run("qiao", "expert", "agree", expert.pk)
    run("qiao", "expert", "hours", "--weekday", 3, "--from", "14:00", "--until", "16:00", "--place", "焊工班")
    run("qiao", "expert", "away", "--from", "2026-09-16", "--until", "2026-09-16")
    run("qiao", "expert", "back", ExpertAway.objects.get().pk)
    run("qiao", "expert", "close-hours", ExpertHours.objects.get().pk)
    run("qiao", "expert", "card", expert.pk, "--field", "电力电子", "--help-kind", "skill")
    assert "乔梁" in run("wang", "expert", "list", "老乔") or "乔梁" in run("wang", "expert", "list", "乔")
    assert json.loads(run("wang", "expert", "list", "--json"))[0]["mean_score"] is None
    with pytest.raises(NotAllowed):
        run("wang", "expert", "end", expert.pk)
    run("chen", "expert", "end", expert.pk)
    with pytest.raises(NotFound):
        run("wang", "expert", "hours", "--weekday", 3, "--from", "14:00", "--until", "16:00")
    with pytest.raises(NotFound):
        run("wang", "ask", TITLE, "--expert", "没有这人")


def test_what_was_read_waits_no_more(clinic, morning, monkeypatch):
    number = json.loads(run("wang", "ask", TITLE, "--field", "电力电子", "--text", "报 OC1", "--json"))["id"]
    run("hua", "take", number)
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(minutes=5))
    run("hua", "say", number, "负载多大？")
    item = WorkItem.objects.get()
    assert has_news(item, clinic.worker)
    run("wang", "seen", number)
    assert not has_news(item, clinic.worker)
