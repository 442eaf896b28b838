"""The editor: saving, checking along, two who write at once, going back, putting forward; and documents."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ronghe.domain.playbooks.enums import DraftState, RevisionWay
from ronghe.domain.playbooks.models import DocumentCheck, GoverningDocument, PlaybookDraft, PlaybookVersion
from ronghe.domain.playbooks.services.drafting import begin_draft
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.web.playbooks.snippets import SNIPPETS
from ronghe.web.playbooks.understanding import understood
from tests.domain.playbooks.making import FRAME, THEME_DAY, adopt, shipped
from tests.factories.rhythm import make_meeting
from tests.factories.rollouts import make_story
from tests.web.making import hold

pytestmark = pytest.mark.django_db
LIST = "/playbooks/drafts/"
TEXT = FRAME.format(id="own_book", version=1) + THEME_DAY
BROKEN = TEXT.replace("dimension: life\n", "dimension: lif\n")


@pytest.fixture
def field(now):
    return make_story()


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretaries[0])


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


@pytest.fixture
def draft(field, now):
    return begin_draft(body=field.first, text=TEXT, actor=field.secretaries[0], at=now)


def test_draft_begins_on_top_of_a_base_or_with_a_file(field, secretary):
    done = secretary.post(f"{LIST}new/", {"body": field.first.pk, "base": "branch_base@2", "note": "试写"})
    draft = PlaybookDraft.objects.get()
    assert done["Location"] == f"{LIST}{draft.pk}/"
    assert (draft.base, draft.title, draft.note) == ("branch_base@2", "采油1队党支部的做法", "试写")
    read = secretary.get(done["Location"]).context["read"]
    assert (read.errors, read.playbook.reference) == (0, f"own_{field.first.pk}@1")

    file = SimpleUploadedFile("范本.yaml", TEXT.encode())
    secretary.post(f"{LIST}new/", {"body": field.first.pk, "base": "", "file": file})
    assert PlaybookDraft.objects.get(base="").text == TEXT
    wrong = SimpleUploadedFile("范本.yaml", b"\xff\xfe\x00")
    assert secretary.post(f"{LIST}new/", {"body": field.first.pk, "base": "", "file": wrong}).status_code == 422


def test_plain_post_saves_and_shows_the_problems(draft, secretary):
    here = f"{LIST}{draft.pk}/"
    secretary.post(here, {"text": BROKEN, "revision": 1})

    draft.refresh_from_db()
    assert (draft.text, draft.revision) == (BROKEN, 2)
    shown = secretary.get(here)
    [(problem, line, is_error)] = shown.context["read"].told
    assert (problem.code, problem.place.line, line, is_error) == ("unknown_dimension", 10, "dimension: lif", True)
    assert f'data-line="{problem.place.line}"' in shown.content.decode()
    assert not shown.context["may_put"]


def test_typing_is_saved_and_checked_along(draft, secretary):
    live = f"{LIST}{draft.pk}/live/"
    first = secretary.fragment(live, {"text": TEXT + "# 一\n", "revision": 1}, post=True)
    secretary.fragment(live, {"text": TEXT + "# 一二\n", "revision": 2}, post=True)

    draft.refresh_from_db()
    assert (draft.text, draft.revision) == (TEXT + "# 一二\n", 3)
    assert [kept.way for kept in draft.revisions.order_by("number")] == [RevisionWay.BEGUN, RevisionWay.AUTOSAVED]
    assert 'hx-swap-oob="true"' in first.content.decode()
    assert '"2"' in first.content.decode()
    assert secretary.fragment(live, {"text": "x", "revision": "nothing"}, post=True).status_code == 422
    assert secretary.get(live).status_code == 405


def test_two_who_write_at_once_lose_nothing(draft, field, secretary, clerk):
    here = f"{LIST}{draft.pk}/"
    clerk.post(here, {"text": TEXT + "# 干事写的\n", "revision": 1})

    late = secretary.post(here, {"text": TEXT + "# 书记写的\n", "revision": 1})

    assert late.status_code == 409
    assert late.context["moved"].details == {"name": "周玉兰", "kept": 3}
    assert "# 书记写的" in late.context["text"]
    live = secretary.fragment(f"{here}live/", {"text": TEXT + "# 书记又写\n", "revision": 1}, post=True)
    assert "另存为第 3 稿" in live.content.decode()
    assert "hx-swap-oob" not in live.content.decode()
    shown = secretary.get(f"{here}texts/3/")
    assert [line.text for line in shown.context["lines"] if line.kind == "come"] == ["# 干事写的"]

    secretary.post(f"{here}texts/3/restore/", {"revision": 2})
    draft.refresh_from_db()
    assert draft.text == TEXT + "# 书记又写\n"
    assert draft.revisions.filter(text__contains="干事").exists()


def test_clean_draft_becomes_a_version_once(draft, secretary, clerk):
    here = f"{LIST}{draft.pk}/"
    done = secretary.post(f"{here}put-forward/", {"revision": 1, "note": "第一版"})

    version = PlaybookVersion.objects.get(playbook_id="own_book")
    assert done["Location"] == "/playbooks/own_book@1/"
    assert (version.origin, version.note, version.text.source) == (draft.body, "第一版", TEXT)
    assert clerk.get("/playbooks/own_book@1/file/").content.decode() == TEXT
    assert secretary.post(here, {"text": BROKEN, "revision": 1}).status_code == 422
    assert secretary.get(here).status_code == 200
    secretary.post(f"{here}put-forward/", {"revision": 1})
    assert PlaybookVersion.objects.filter(playbook_id="own_book").count() == 1


def test_thrown_away_comes_back(draft, secretary):
    here = f"{LIST}{draft.pk}/"
    secretary.post(f"{here}discard/")
    assert list(secretary.get(LIST).context["drafts"]) == []
    assert [row.pk for row in secretary.get(f"{LIST}?state=discarded").context["drafts"]] == [draft.pk]
    secretary.post(f"{here}take-back/")
    draft.refresh_from_db()
    assert draft.state == DraftState.OPEN
    assert secretary.get(f"{here}file/").content.decode() == TEXT


def test_draft_of_others_is_not_found(draft, field, as_person):
    other, outsider = as_person(field.secretaries[1]), as_person(field.outsider)
    for browser in (other, outsider):
        for act in ("", "live/", "file/", "texts/1/", "put-forward/", "discard/"):
            ask = browser.get if act in {"", "file/", "texts/1/"} else browser.post
            assert ask(f"{LIST}{draft.pk}/{act}").status_code == 404
    assert outsider.get(LIST).status_code == 404
    assert list(other.get(LIST).context["drafts"]) == []


@pytest.mark.parametrize("given", [
    {"text": "\x00", "revision": 1}, {"text": "a: [", "revision": 1}, {"text": "", "revision": 1},
    {"text": "x" * 900_000, "revision": 1}, {"text": TEXT, "revision": 10**30}, {"text": "&a *a", "revision": 0},
])  # fmt: skip
def test_nothing_posted_breaks_the_editor(draft, secretary, given):
    for act in ("", "live/"):
        assert secretary.post(f"{LIST}{draft.pk}/{act}", given).status_code in {200, 302, 409, 422}


@pytest.mark.parametrize("piece", SNIPPETS, ids=lambda piece: piece.id)
def test_every_piece_fits_where_it_says(piece):
    """Put below its list in a whole playbook, a piece checks clean."""
    lists = {
        "mechanisms": TEXT + piece.text,
        "mechanisms[].form": TEXT + piece.text,
        "documents": TEXT.replace("mechanisms:", f"documents:\n{piece.text}mechanisms:"),
        "roles": TEXT.replace(
            "roles: [{id: secretary, title: {zh: 书记, en: Secretary}}]",
            "roles:\n  - {id: secretary, title: {zh: 书记, en: Secretary}}\n" + piece.text.rstrip("\n"),
        ),
        "sheets[].root.items": TEXT
        + "sheets:\n  - id: branch_quarter\n    title: {zh: 季度, en: Quarter}\n    level: branch\n    root:\n"
        + "      id: total\n      title: {zh: 总分, en: Total}\n      kind: sum\n      items:\n"
        + piece.text,
        "agreement.goals": TEXT
        + "agreement:\n  title: {zh: 协议, en: Agreement}\n  preamble: {zh: 开头, en: Preamble}\n"
        + "  sections:\n    - {id: one, title: {zh: 一, en: One}, text: {zh: 内容, en: Text}}\n  goals:\n"
        + piece.text,
    }
    read = understood(lists[piece.below])
    assert [(problem.place.line, problem.message) for problem in read.problems] == []


def test_practice_of_a_zone_becomes_a_draft(story, as_person, now):
    adopt(story.body, shipped("daqing_zone"), (now - timedelta(days=200)).date())
    for week in range(8, 0, -1):
        moment: datetime = now - timedelta(days=7 * week)
        hold(story, make_meeting(story, moment, activity_type=ActivityType.JOINT_CONFERENCE), moment)
    browser = as_person(story.clerk)
    here = f"{LIST}practice/{story.body.pk}/"
    found = {one.mechanism.id: one for one in browser.get(here).context["practice"].findings}
    assert found["joint_conference"].is_other
    assert found["joint_conference"].practised.words == "8 次，约每周，多在周一 07:40"

    done = browser.post(here)

    draft = PlaybookDraft.objects.get()
    assert done["Location"] == f"{LIST}{draft.pk}/"
    read = understood(draft.text)
    assert [problem.message for problem in read.problems] == []
    assert read.playbook.mechanism("joint_conference").rhythm.cadence.text == "FREQ=WEEKLY"
    assert "约每周，多在周一 07:40" in draft.text.replace("\n  # ", "")


def test_new_document_is_checked_line_by_line(field, clerk, secretary):
    adopt(field.first, shipped("branch_base"), field.first.valid_from.replace(year=2026))
    listed = clerk.get("/playbooks/documents/").context["cited"]
    cited = next(one for one in listed if one.document.id == "branch_regulation")
    given = {
        "body": field.committee.pk, "document": "branch_regulation", "version": "2026年修订",
        "effective_from": "2026-09-01",
    }  # fmt: skip

    done = clerk.post("/playbooks/documents/new/", given)

    document = GoverningDocument.objects.get()
    assert done["Location"] == f"/playbooks/documents/{document.pk}/"
    assert document.checks.count() == len(cited.mechanisms)
    assert clerk.post("/playbooks/documents/new/", given).status_code == 422
    lines = clerk.get(done["Location"]).context["lines"]
    assert next(line for line in lines if line["check"].mechanism == "general_meeting")["bodies"] == 1

    check = lines[0]["check"]
    clerk.post(f"/playbooks/documents/checks/{check.pk}/", {"outcome": "to_change", "note": ""})
    assert DocumentCheck.objects.get(pk=check.pk).state == "open"
    clerk.fragment(f"/playbooks/documents/checks/{check.pk}/", {"outcome": "to_change", "note": "加条款"}, post=True)
    assert DocumentCheck.objects.get(pk=check.pk).note == "加条款"
    for line in lines:
        clerk.post(f"/playbooks/documents/checks/{line['check'].pk}/", {"outcome": "checked"})
    assert clerk.get(done["Location"]).context["is_done"]
    assert secretary.get(done["Location"]).context["may_check"] is False
    assert secretary.post(f"/playbooks/documents/checks/{check.pk}/", {"outcome": "open"}).status_code == 404
    assert secretary.get("/playbooks/documents/new/").status_code == 404
