"""The sides work on the text: versions, remarks, consents. What one side changes, the others agree to anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.calc.content import Content, canonical, cleaned, digest_of, read
from ronghe.domain.agreements.enums import AGREEMENT_FLOW, AgreementKind, AgreementState
from ronghe.domain.agreements.facts import (
    COMMENT_SETTLED,
    COMMENTED,
    CONSENT_WITHDRAWN,
    CONSENTED,
    VERSION_ADDED,
)
from ronghe.domain.agreements.models import (
    Agreement,
    AgreementComment,
    AgreementConsent,
    AgreementParty,
    AgreementRefusal,
    AgreementVersion,
)
from ronghe.domain.agreements.rules import ACT_FOR_SIDE, OPEN
from ronghe.domain.agreements.services.acting import current_version, held, record, refuse_other_side, typed
from ronghe.domain.agreements.services.drafting import refuse_unsound
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotFound, Stale
from ronghe.kernel.words import N_

LONGEST_COMMENT, LONGEST_NOTE = 600, 200


class NotNegotiating(DomainError):
    code = "not_negotiating"
    sentence = N_("“%(title)s”现在的状态是“%(state)s”，协商中才能改文本。待签字的可以先拒签，再改。")


class VersionMoved(DomainError):
    code = "version_moved"
    sentence = N_("文本已是第 %(number)s 稿，请先看新稿，再改或再同意。")


class NothingChanged(DomainError):
    code = "nothing_changed"
    sentence = N_("与第 %(number)s 稿完全一样，没有存新稿。")
    status = 422


class AlreadyConsented(DomainError):
    code = "already_consented"
    sentence = N_("“%(side)s”已同意第 %(number)s 稿。")


class VersionRefused(DomainError):
    code = "version_refused"
    sentence = N_("第 %(number)s 稿已被拒签，请先改出新稿，再同意。")


class GoalsMissing(DomainError):
    code = "goals_missing"
    sentence = N_("意向书还没有可衡量的目标（目标融合）。请至少写一个目标，再同意。")


class SafetyOfficerMissing(DomainError):
    code = "safety_officer_missing"
    sentence = N_("安全管理协议要指定专职安全管理人员（PC-08）。请先指定，再同意。")


class CommentEmpty(DomainError):
    code = "comment_empty"
    sentence = N_("请写出意见，600 字以内。")
    status = 422


class PlaceUnknown(DomainError):
    code = "place_unknown"
    sentence = N_("第 %(number)s 稿里没有这一节，请刷新后再提意见。")
    status = 422


@transaction.atomic
def revise(
    *, agreement: Agreement, party: AgreementParty, content: Content, base: int, actor: Person, at: datetime,
    note_text: str = "", safety_officer: Person | None = None, consents: bool = False,
) -> AgreementVersion:  # fmt: skip
    """Put a new version on the table; consents to the one before are worth nothing now.

    `base` is the version that the side had before it. Kind, project and sides stay what they are, whatever `content`
    says. With `consents` the side agrees to its own version at once.

    :raises NotNegotiating: it is being signed, or is over
    :raises VersionMoved: somebody made a version in between
    :raises NothingChanged: it says the same (allowed once a version was refused)
    :raises TextUnsound: the text would not do
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = _open_text(agreement)
    if base != agreement.current:
        raise VersionMoved(number=agreement.current)
    before = current_version(agreement)
    fixed = read(before.content)
    officer = safety_officer if agreement.kind == AgreementKind.SAFETY else None
    content = replace(
        cleaned(content), kind=fixed.kind, project=fixed.project, sides=fixed.sides, supplements=fixed.supplements,
        safety_officer=officer.name if officer is not None else "",
    )  # fmt: skip
    refuse_unsound(content)
    text = canonical(content)
    if text == before.content and not _is_refused(before):
        raise NothingChanged(number=before.number)
    version = AgreementVersion.objects.create(
        agreement=agreement, number=before.number + 1, content=text, digest=digest_of(text), party=party, made_by=actor,
        made_at=at, note=typed(note_text, LONGEST_NOTE),
    )  # fmt: skip
    changed = {
        "current": version.number, "title": content.title, "starts_on": content.starts_on, "ends_on": content.ends_on,
        "review_months": content.review_months, "safety_officer": officer,
    }  # fmt: skip
    Agreement.objects.filter(pk=agreement.pk).update(**changed)
    agreement.current = version.number
    record(VERSION_ADDED, agreement, party, actor, at, number=version.number, dropped=before.consents.count())
    if consents:
        consent(agreement=agreement, party=party, number=version.number, actor=actor, at=at)
    return version


@transaction.atomic
def comment(
    *, agreement: Agreement, party: AgreementParty, text: str, actor: Person, at: datetime, section: str = "",
    reply_to: AgreementComment | None = None,
) -> AgreementComment:  # fmt: skip
    """Remark on a part of the text (`""`: the whole), or reply to a remark; a reply to a reply joins the same thread.

    :raises NotNegotiating: the text is nobody's to change any more
    :raises CommentEmpty: nothing said, or too much
    :raises PlaceUnknown: the version on the table has no such part
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    if agreement.state not in OPEN:
        raise NotNegotiating(title=agreement.title, state=agreement.get_state_display())
    if len(text.strip()) > LONGEST_COMMENT or not (text := typed(text, LONGEST_COMMENT)):
        raise CommentEmpty
    head = reply_to.reply_to or reply_to if reply_to is not None else None
    if head is not None and head.agreement_id != agreement.pk:
        raise NotFound
    section = head.section if head is not None else section
    if head is None and section not in places_of(read(current_version(agreement).content)):
        raise PlaceUnknown(number=agreement.current)
    said = AgreementComment.objects.create(
        agreement=agreement, number=agreement.current, section=section, text=text, party=party, made_by=actor,
        made_at=at, reply_to=head,
    )  # fmt: skip
    record(COMMENTED, agreement, party, actor, at, number=agreement.current, is_reply=head is not None)
    return said


@transaction.atomic
def settle_comment(
    *, remark: AgreementComment, party: AgreementParty, is_settled: bool, actor: Person, at: datetime
) -> AgreementComment:
    """Mark a remark as dealt with, or open it again.

    :raises Stale: it is a reply, or stands that way already
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(remark.agreement, party)
    rows = AgreementComment.objects.filter(pk=remark.pk, reply_to=None, settled_at__isnull=is_settled)
    by, when = (actor, at) if is_settled else (None, None)
    if not rows.update(settled_by=by, settled_at=when):
        raise Stale
    remark.settled_by, remark.settled_at = by, when
    record(COMMENT_SETTLED, remark.agreement, party, actor, at, is_settled=is_settled)
    return remark


@transaction.atomic
def consent(
    *, agreement: Agreement, party: AgreementParty, number: int, actor: Person, at: datetime
) -> AgreementConsent:
    """Agree to a version for a side; when all sides have, it goes to be signed.

    :raises NotNegotiating: it is being signed, or is over
    :raises VersionMoved: `number` is not the version on the table any more
    :raises VersionRefused: a side would not sign this very version
    :raises GoalsMissing: a letter of intent without a goal
    :raises SafetyOfficerMissing: a safety agreement without its officer (PC-08)
    :raises AlreadyConsented: the side has agreed to it
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = _open_text(agreement)
    if number != agreement.current:
        raise VersionMoved(number=agreement.current)
    version = current_version(agreement)
    if _is_refused(version):
        raise VersionRefused(number=number)
    _refuse_incomplete(agreement, read(version.content))
    try:
        with transaction.atomic():
            given = AgreementConsent.objects.create(version=version, party=party, given_by=actor, given_at=at)
    except IntegrityError as error:
        raise AlreadyConsented(side=party.name, number=number) from error
    is_last = version.consents.count() == agreement.parties.count()
    if is_last:
        AGREEMENT_FLOW.advance(agreement, "agree")
    record(CONSENTED, agreement, party, actor, at, number=number, is_last=is_last)
    return given


@transaction.atomic
def withdraw_consent(*, agreement: Agreement, party: AgreementParty, actor: Person, at: datetime) -> None:
    """Take a side's consent back while others have not agreed yet.

    :raises NotNegotiating: all agreed, or it is over
    :raises Stale: the side has not agreed to the version on the table
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = _open_text(agreement)
    given = AgreementConsent.objects.filter(version=current_version(agreement), party=party)
    if not given.delete()[0]:
        raise Stale
    record(CONSENT_WITHDRAWN, agreement, party, actor, at, number=agreement.current)


def places_of(content: Content) -> set[str]:
    """Return where a remark may stand: the whole, the preamble, each section and each goal."""
    sections = {f"section:{section.id}" for section in content.sections}
    return {"", "preamble"} | sections | {f"goal:{goal.id}" for goal in content.goals}


def _open_text(agreement: Agreement) -> Agreement:
    agreement = held(agreement)
    if agreement.state != AgreementState.NEGOTIATING:
        raise NotNegotiating(title=agreement.title, state=agreement.get_state_display())
    return agreement


def _is_refused(version: AgreementVersion) -> bool:
    return AgreementRefusal.objects.filter(version=version).exists()


def _refuse_incomplete(agreement: Agreement, content: Content) -> None:
    is_supplement = agreement.supplements_id is not None
    if agreement.kind == AgreementKind.LETTER_OF_INTENT and not content.goals and not is_supplement:
        raise GoalsMissing
    if agreement.kind == AgreementKind.SAFETY and not content.safety_officer:
        raise SafetyOfficerMissing
