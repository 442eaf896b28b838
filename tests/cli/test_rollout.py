"""`ronghe rollout` and the acts of `ronghe playbook`: the same services as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.playbooks.models import PlaybookDraft
from ronghe.kernel.errors import NotFound
from tests.domain.playbooks.making import FRAME, THEME_DAY
from tests.factories.org import make_account
from tests.factories.rollouts import NOW, concluded, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_story()
    make_account(story.clerk, "clerk")
    make_account(story.secretaries[0], "first")
    make_account(story.outsider, "outsider")
    return story


def run(login, *arguments):
    done = CliRunner().invoke(cli, ["--as", login, *(str(argument) for argument in arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(login, *arguments):
    return json.loads(run(login, *arguments, "--json"))


def test_from_draft_to_pilot(story):
    made = told(
        "clerk", "rollout", "draft", "基础制度", "branch_base", "--body", story.committee.name, "--kind", "case"
    )
    span = ("--from", "2026-09-14", "--until", "2026-11-14", "--measure", "on_time")
    assert told("clerk", "rollout", "pilot", made["id"], "--body", story.first.pk, *span)["state"] == "pilot"
    assert "按时办结率" in run("clerk", "rollout", "show", made["id"])
    assert told("clerk", "rollout", "call-back", made["id"])["state"] == "draft"
    assert told("clerk", "rollout", "call-off", made["id"])["state"] == "called_off"
    assert told("outsider", "rollout", "list") == []
    with pytest.raises(NotFound):
        run("outsider", "rollout", "show", made["id"])


def test_from_review_to_effect(story):
    rollout = concluded(story)
    number = rollout.pk
    assert told("clerk", "rollout", "review", number, "approved", "--reasons", "好")["state"] == "reviewed"
    bodies = [part for body in story.branches for part in ("--body", body.pk)]
    assert told("clerk", "rollout", "roll-out", number, *bodies, "--due", "2026-10-31")["units"] == 3
    units = told("clerk", "rollout", "show", number)["units"]
    assert [unit["uptake"] for unit in units] == ["adopted", "not_yet", "not_yet"]
    assert told("first", "rollout", "effect", units[0]["id"], "--text", "好")["effect"] == "好"
    assert told("clerk", "rollout", "reason", units[1]["id"], "--text", "换届")["reason"] == "换届"
    assert told("clerk", "rollout", "release", units[2]["id"]) == {"id": units[2]["id"]}
    assert told("clerk", "rollout", "end", number)["state"] == "ended"
    assert "共 1 项" in run("clerk", "rollout", "list")


def test_own_playbook_is_written_put_forward_and_adopted(story, tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(FRAME.format(id="own_book", version=1) + THEME_DAY, encoding="utf-8")
    draft = told("first", "playbook", "draft", "--body", story.first.name, "--base", "branch_base")
    assert told("first", "playbook", "draft-save", draft["id"], file)["revision"] == 2
    assert "own_book" in run("first", "playbook", "draft-show", draft["id"])
    kept = PlaybookDraft.objects.get().revisions.earliest("number").number
    assert told("first", "playbook", "draft-restore", draft["id"], kept)["revision"] == 3
    assert told("first", "playbook", "draft-save", draft["id"], file)["revision"] == 4
    assert told("first", "playbook", "draft-discard", draft["id"])["state"] == "discarded"
    assert told("first", "playbook", "draft-discard", draft["id"], "--take-back")["state"] == "open"
    assert [row["id"] for row in told("first", "playbook", "drafts")] == [draft["id"]]
    assert told("first", "playbook", "draft-put-forward", draft["id"]) == {"playbook": "own_book@1"}

    bodies = [part for body in story.branches for part in ("--body", body.pk)]
    [first, *_others] = told("clerk", "playbook", "foresee", "own_book", *bodies, "--from", "2026-10-01")
    assert (first["added"], first["conflict"]) == (3, "")
    assert told("clerk", "playbook", "adopt-many", "own_book", *bodies, "--from", "2026-10-01")["adopted"] == 3
    rows = told("clerk", "playbook", "adoptions")
    assert {row["playbook"] for row in rows} == {"own_book@1"}
    assert told("clerk", "playbook", "end", rows[0]["id"], "--until", "2026-12-31")["until"] == "2026-12-31"
    with pytest.raises(NotFound):
        run("outsider", "playbook", "end", rows[1]["id"], "--until", "2026-12-31")


def test_document_is_registered_and_checked(story):
    made = told(
        "clerk", "playbook", "document-register", "branch_regulation", "--body", story.committee.pk, "--version", "2026"
    )
    rows = told("clerk", "playbook", "document-checks", made["id"])
    assert len(rows) == made["checks"]
    assert told("clerk", "playbook", "document-check", rows[0]["id"], "checked")["state"] == "checked"
    assert told("clerk", "playbook", "documents")["registered"][0]["waiting"] == made["checks"] - 1
    assert "branch_regulation" in run("clerk", "playbook", "documents")
