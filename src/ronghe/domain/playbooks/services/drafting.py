"""Writing a unit's own playbook: drafts that are never lost, and the version that comes of one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.problems import Severity
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.enums import DRAFT_FLOW, DraftState, RevisionWay
from ronghe.domain.playbooks.facts import VERSION_PUT_FORWARD
from ronghe.domain.playbooks.models import DraftRevision, PlaybookDraft, PlaybookVersion
from ronghe.domain.playbooks.rules import EDIT_DRAFT, WRITE_PLAYBOOK
from ronghe.domain.playbooks.selectors.books import Shelved, library_for
from ronghe.domain.playbooks.selectors.drafts import text_to_begin_with, title_in
from ronghe.domain.playbooks.services.keeping import keep_version
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _

LONGEST_TEXT = 400_000
"""Characters of a playbook that is written here; the shipped ones have some tens of thousands."""

ONE_SITTING = timedelta(minutes=10)
"""Autosaves of one person that follow each other within it are one text to go back to; so are texts kept beside."""


class DraftClosed(DomainError):
    code = "draft_closed"
    sentence = N_("这份草稿%(state)s，不能再改。请另起一份。")


class DraftMoved(DomainError):
    """Somebody else saved in the meantime; what was sent is kept as text `kept`."""

    code = "draft_moved"
    sentence = N_("%(name)s在您写的时候存过这份草稿。您的文字另存为第 %(kept)s 稿，没有丢；请对照后再定用哪一份。")


class TextTooLong(DomainError):
    code = "text_too_long"
    sentence = N_("范本最多 %(most)s 个字符，这一份有 %(count)s 个。请拆成几份，用 extends 连起来。")
    status = 422


class DraftHasProblems(DomainError):
    code = "draft_has_problems"
    sentence = N_("草稿还有 %(count)s 处错误，第一处在第 %(line)s 行：%(message)s")
    status = 422


class PlaybookIdTaken(DomainError):
    code = "playbook_id_taken"
    sentence = N_("编号 %(id)s 是“%(owner)s”的范本。请换一个编号，需要时用 extends 以它为基础。")
    status = 422


class VersionNotNext(DomainError):
    code = "version_not_next"
    sentence = N_("%(id)s 已有第 %(known)s 版，版本一经定下就不改。请把 version 写成 %(next)s。")
    status = 422


@transaction.atomic
def begin_draft(
    *, body: PartyOrg, actor: Person, at: datetime, base: Shelved | None = None, text: str | None = None,
    note: str = "",
) -> PlaybookDraft:  # fmt: skip
    """Begin a draft for `body`: on top of `base`, or with a text of one's own (a file, a description of practice).

    :raises NotAllowed: the actor writes no playbooks for the body
    :raises TextTooLong: more than `LONGEST_TEXT` characters
    """
    WRITE_PLAYBOOK.require(actor, body, at=at)
    text = _tidy(text if text is not None else text_to_begin_with(body, base))
    draft = PlaybookDraft.objects.create(
        body=body, title=title_in(text) or _("未命名"), base=base.reference if base else "", note=note.strip(),
        text=text, begun_by=actor, begun_at=at, saved_by=actor, saved_at=at,
    )  # fmt: skip
    _keep_text(draft, text, RevisionWay.BEGUN, actor, at)
    return draft


def save_draft(
    *, draft: PlaybookDraft, text: str, revision: int, actor: Person, at: datetime,
    way: RevisionWay = RevisionWay.SAVED, note: str | None = None,
) -> PlaybookDraft:  # fmt: skip
    """Save the text of a draft, if nobody else has saved it since the writer read `revision`.

    The same text again changes nothing. A text that comes too late is kept beside and can be gone back to.

    :raises DraftMoved: somebody else was first
    :raises DraftClosed: it became a version, or was thrown away
    :raises TextTooLong: more than `LONGEST_TEXT` characters
    """
    EDIT_DRAFT.require(actor, draft, at=at)
    text = _tidy(text)
    with transaction.atomic():
        now_there = PlaybookDraft.objects.select_for_update().select_related("saved_by", "body").get(pk=draft.pk)
        if now_there.state != DraftState.OPEN:
            raise DraftClosed(state=now_there.get_state_display())
        if text == now_there.text and note is None:
            return now_there
        changes = {
            "text": text, "title": title_in(text) or now_there.title, "revision": revision + 1, "saved_by": actor,
            "saved_at": at, "note": now_there.note if note is None else note.strip(),
        }  # fmt: skip
        same = PlaybookDraft.objects.filter(pk=draft.pk, revision=revision, state=DraftState.OPEN)
        if same.update(**changes):
            for name, value in changes.items():
                setattr(now_there, name, value)
            _keep_text(now_there, text, way, actor, at)
            return now_there
        kept = _keep_text(now_there, text, RevisionWay.ASIDE, actor, at)
    raise DraftMoved(name=now_there.saved_by.name, kept=kept.number)


def go_back_to(
    *, draft: PlaybookDraft, kept: DraftRevision, revision: int, actor: Person, at: datetime
) -> PlaybookDraft:
    """Make an earlier text the present one; the present one stays among the earlier ones.

    :raises DraftMoved: somebody else saved in the meantime
    :raises DraftClosed: it became a version, or was thrown away
    """
    return save_draft(
        draft=draft, text=kept.text, revision=revision, actor=actor, at=at, way=RevisionWay.RESTORED
    )  # fmt: skip


@transaction.atomic
def discard_draft(*, draft: PlaybookDraft, actor: Person, at: datetime) -> PlaybookDraft:
    """Throw a draft away; `take_back_draft` brings it back."""
    EDIT_DRAFT.require(actor, draft, at=at)
    DRAFT_FLOW.advance(draft, "discard", saved_by=actor, saved_at=at)
    return draft


@transaction.atomic
def take_back_draft(*, draft: PlaybookDraft, actor: Person, at: datetime) -> PlaybookDraft:
    """Go on with a draft that was thrown away."""
    EDIT_DRAFT.require(actor, draft, at=at)
    DRAFT_FLOW.advance(draft, "take_back", saved_by=actor, saved_at=at)
    return draft


@transaction.atomic
def put_forward(*, draft: PlaybookDraft, revision: int, actor: Person, at: datetime, note: str = "") -> PlaybookVersion:
    """Make a clean draft a version of the unit's own playbook, which from now on never changes.

    :raises DraftHasProblems: the text does not check clean; warnings let it pass
    :raises PlaybookIdTaken: the id belongs to a shipped playbook or to another unit's
    :raises VersionNotNext: that version, or a later one, was put forward before
    :raises Stale: somebody saved or put it forward in the meantime
    """
    EDIT_DRAFT.require(actor, draft, at=at)
    draft = PlaybookDraft.objects.select_for_update().select_related("body").get(pk=draft.pk)
    if draft.revision != revision:
        raise Stale
    playbook = _clean(draft.text)
    _refuse_taken(playbook, draft.body)
    version = keep_version(playbook, at, origin=draft.body, source=draft.text, note=note.strip())
    DRAFT_FLOW.advance(draft, "put_forward", version=version, saved_by=actor, saved_at=at)
    attributes = {"playbook": str(version)}
    record(Draft(VERSION_PUT_FORWARD, at, actor, body=draft.body_id, source=version, attributes=attributes))
    return version


def _clean(text: str) -> Playbook:
    loaded = load_playbook(text, library_for(text))
    if loaded.playbook is None:
        errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
        raise DraftHasProblems(count=len(errors), line=errors[0].place.line, message=errors[0].message)
    return loaded.playbook


def _refuse_taken(playbook: Playbook, body: PartyOrg) -> None:
    shipped = shipped_playbook(playbook.id)
    if shipped is not None:
        raise PlaybookIdTaken(id=playbook.id, owner=shipped.title.here)
    # Two bodies that take one id at once meet at the unique (id, version); the later sees the earlier's row here.
    others = PlaybookVersion.objects.filter(playbook_id=playbook.id).exclude(origin=body)
    other = others.select_related("origin").order_by("pk").first()
    if other is not None:
        raise PlaybookIdTaken(id=playbook.id, owner=other.origin.name if other.origin else other.title.here)
    known = PlaybookVersion.objects.filter(playbook_id=playbook.id).aggregate(last=Max("version"))["last"]
    if known is not None and playbook.version <= known:
        raise VersionNotNext(id=playbook.id, known=known, next=known + 1)


def _keep_text(draft: PlaybookDraft, text: str, way: RevisionWay, actor: Person, at: datetime) -> DraftRevision:
    """Add the text to those that can be gone back to; the draft's row is locked, or new."""
    last = draft.revisions.defer("text").order_by("-number").first()
    again = last if way == RevisionWay.AUTOSAVED else None
    if way == RevisionWay.ASIDE:
        again = draft.revisions.defer("text").filter(way=way, saved_by=actor).order_by("-number").first()
    if again is not None and again.way == way and again.saved_by_id == actor.pk and at - again.saved_at < ONE_SITTING:
        again.text, again.saved_at = text, at
        again.save(update_fields=["text", "saved_at"])
        return again
    number = last.number + 1 if last is not None else 1
    return DraftRevision.objects.create(
        draft=draft, number=number, text=text, way=way, saved_by=actor, saved_at=at
    )  # fmt: skip


def _tidy(text: str) -> str:
    """Browsers send line ends as CRLF; the file has LF, and no invisible NUL."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(most=LONGEST_TEXT, count=len(text))
    return text
